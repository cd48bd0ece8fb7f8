form-errors = { $count ->
    [one] Please check { $count } answer
   *[other] Please check { $count } answers
}
form-error = Error:
form-optional = optional
form-choose = Please choose
form-moment-hint = For example 2026/11/21 3:12 or R8.11.21 3:12. The date alone is fine if you do not know the time.
form-characters-left = Characters left:
form-one-less = One less: { $label }
form-one-more = One more: { $label }
form-not-answered = Not answered
form-change = Change
form-draft-saved = Draft saved
form-draft-unsaved = Not saved: there is no connection. What you typed is still on this page.
