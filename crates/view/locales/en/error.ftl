error-reference = Reference number
error-reference-hint = Please quote this number when you ask for help. It says nothing about the content of a report.
error-when = Time
error-home = Go to the first page
error-bad-request-title = We could not read what was sent
error-bad-request-advice = Go back in your browser and try once more. Nothing was saved.
error-stale-form-title = This page was open for too long
error-stale-form-advice = Nothing has been saved. If you wrote something, copy it first. Then sign in if you are asked to, open the page anew, and send it again.
error-not-found-title = Page not found
error-not-found-advice = The address is wrong, or this account may not see the page. Ask the person who sent you the link whether it is addressed to your organization.
error-conflict-title = Somebody else changed this first
error-conflict-advice = Your change has not been saved. Go back, reload the page, look at the new content, and make your change again.
error-too-large-title = Too much was sent at once
error-too-large-advice = Shorten the text or send it in several parts. Nothing was saved.
error-too-many-title = Too many attempts
error-too-many-advice = Wait a little and try again. If it is urgent, please telephone.
error-too-many-wait = { $minutes ->
    [one] The next try is possible in one minute.
   *[other] The next try is possible in { $minutes } minutes.
}
error-internal-title = Something went wrong inside the hub
error-internal-advice = You did nothing wrong. Please try again. If it happens again, telephone and quote the reference number.
error-unavailable-title = The hub cannot take this right now
error-unavailable-advice = What you sent was not saved. Go back: what you typed is still there. Send it again in a few minutes, or print that page and report by telephone or fax.
error-typed = What you wrote
error-typed-lead = Nothing of it was kept. Copy the text or print this page. You can send it again; if it cannot wait, tell it by telephone or fax.
error-typed-other = Text
