question-title = Answering a question
question-own-title = Questions to the issuer
question-ask-title = Ask the issuer
question-ask-text = Your question
question-ask-hint = Only your organization (only you, if you are named in person) and the issuer read it. If the issuer answers everybody, it rewrites the question: your words and your name are not shown.
question-ask = Send the question
question-said = Your question went to the issuer. The answer will stand on this page.
question-missing = Write a question of at most 1,000 characters
question-full = { $count } of your questions wait for an answer, so that you cannot send another yet. Wait for one, or telephone the issuer if it is urgent.
question-waits = Waits for an answer
question-proposed = Waits for a second person
question-answered-asker = Answered to the asker
question-answered-everybody = Answered to everybody
question-line-ended = Nobody to answer
question-answer = Answer
question-asked = Question
question-told-title = Questions and answers
question-desk-title = Questions from addressees
question-desk-waiting = Waiting for an answer: { $count }
question-from = Question from { $who } ({ $tier })
question-original = This text is between the asker and the issuer. Do not pass it on or show it to other addressees. That you opened it is recorded.
question-answer-title = Write an answer
question-asker-only = Your answer reaches the asker alone.
question-answer-missing = Write an answer of at most 4,000 characters
question-to = Whom do you answer?
question-to-missing = Choose whom you answer
question-to-asker = The asker alone
question-to-asker-hint = Other addressees do not see that there was a question.
question-to-everybody = Everybody who can read this advisory
question-to-everybody-hint = Another person looks at it and sends it. Then the question as you word it below and your answer stand on the advisory's page, without who asked. Only recalling the advisory takes them away again.
question-wording = The question as everybody sees it
question-wording-hint = Only for an answer to everybody. Do not copy the asker's sentences; leave out whatever points to an organization or a facility.
question-wording-missing = Write the question as everybody sees it, in at most 1,000 characters
question-tells-copied = A run of the asker's own words stands in it. Rewrite the question and the answer
question-tells-named = The name of the organization that asked stands in it. Take it out of the question and the answer
question-terms = An answer to everybody has the same handling as this advisory.
question-send = Answer in these words
question-save = Save for the second person
question-answer-said = Your answer was sent.
question-ended = The addressee that asked was taken out: nobody would read an answer.
question-proposed-title = Check the answer to everybody (not sent yet)
question-proposed-lead = The question and the answer below will stand on the advisory's page as they are here, without the name and the words of who asked.
question-proposed-reach = Organizations addressed
question-proposed-send-hint = Make sure that neither text points to the organization that asked or to its facilities. Once sent, only recalling the advisory takes them away again.
question-proposed-send = Send to everybody
question-proposed-yours = You wrote this. Another person who issues looks at it and sends it; until then you can rewrite it below.
question-proposed-waits = An officer looks at it and sends it; until then you can rewrite it below.
question-answer-anew = Rewrite it, or answer the asker alone
question-reach-waiting =
    { $count ->
        [one] One question waits for an answer
       *[other] { $count } questions wait for an answer
    }
question-reach-open = See the questions
question-chip =
    { $count ->
        [one] One question
       *[other] { $count } questions
    }
