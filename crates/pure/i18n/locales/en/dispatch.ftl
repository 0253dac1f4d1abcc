## Dispatches

dispatch-title = Dispatches
dispatch-lead = One last look: who gets it, who does not, and what it looks like.
dispatch-send-to = { $n ->
    [one] Send to { $n } reader
   *[other] Send to { $n } readers
}
dispatch-will-get-it = { $n ->
    [one] will get it
   *[other] will get it
}
dispatch-left-out = Left out
dispatch-left-out-pending = { $n ->
    [one] has not confirmed yet
   *[other] have not confirmed yet
}
dispatch-left-out-paused = { $n ->
    [one] has paused the subscription
   *[other] have paused their subscription
}
dispatch-left-out-ended = { $n ->
    [one] has unsubscribed
   *[other] have unsubscribed
}
dispatch-left-out-suppressed = { $n ->
    [one] must not be mailed
   *[other] must not be mailed
}
dispatch-left-out-already = { $n ->
    [one] has it already
   *[other] have it already
}
dispatch-left-out-gone = { $n ->
    [one] unsubscribed while it was being sent
   *[other] unsubscribed while it was being sent
}
dispatch-errors = To fix before sending
dispatch-warnings = Worth a look
dispatch-everyone = Every reader
dispatch-segment = Segment “{ $segment }”
dispatch-to = Recipients
dispatch-at = Send later
dispatch-at-hint = Time in { $zone }; leave empty to send now.
dispatch-at-past = This moment has passed.
dispatch-at-wrong = Write a date and a time.
dispatch-local = At that hour where each reader lives
dispatch-local-hint = Readers who named their time zone get it at that hour of their own day; the others at the publication's hour. The edition appears on the site with the first mail.
dispatch-local-when = Say at which hour: fill in "Send later".
dispatch-over = Spread the sending
dispatch-over-none = No, as fast as it goes
dispatch-over-hours = { $n ->
    [one] over { $n } hour
   *[other] over { $n } hours
}
dispatch-over-hint = Mails leave evenly during that time: clicks and answers come in little by little too.
dispatch-over-wrong = Choose a span from the list.
dispatch-over-or-local = Spread it, or send it at each reader's hour: one or the other.
dispatch-nobody-now = Nobody would get it now. You can schedule it: who subscribes until then will get it.
dispatch-schedule = Schedule
dispatch-number-changed = The number of readers changed since you opened this page. Nothing was sent: here is the new count.
dispatch-refused-nobody = Nobody would get it: nothing was sent.
dispatch-refused-unfit = This edition has errors to fix first: nothing was sent.
dispatch-refused-relay = No mail relay is set: give SOUCOUPE_SMTP_URL, then start again.
dispatch-back-to-text = Back to the text
dispatch-inbox-line = In the inbox
dispatch-test = Send yourself a test
dispatch-test-address = To which address
dispatch-test-address-wrong = This is not a mail address. Nothing was sent.
dispatch-test-send = Send the test
dispatch-test-tag = test
dispatch-said-scheduled = Noted: it will be sent at that time.
dispatch-said-sending = It is on its way.
dispatch-said-tested = The test is on its way.
dispatch-said-paused = The dispatch is paused. Nothing is lost.
dispatch-said-resumed = The dispatch has resumed.
dispatch-said-resent = What was in doubt is sent once more.
dispatch-said-nobody-failed = There is nobody to send it to again: nothing was sent.
dispatch-said-unfit = The edition has errors to mend first: nothing was sent.
dispatch-said-stopped = The dispatch is stopped. What was sent stays sent.
dispatch-empty-title = Nothing sent yet
dispatch-empty-text = Each dispatch of an edition gets its page here: how many, how fast, and who did not get it.
dispatch-empty-action = See the editions
dispatch-edition = Edition
dispatch-state = State
dispatch-readers = Readers
dispatch-when = When
dispatch-older = Older
dispatch-state-scheduled = Scheduled
dispatch-state-freezing = Preparing
dispatch-state-sending = Sending
dispatch-state-paused = Paused
dispatch-state-held = Held
dispatch-state-finished = Finished
dispatch-state-stopped = Stopped
dispatch-accepted = Accepted
dispatch-waiting = Waiting
dispatch-waiting-turn = Of these, not due yet
dispatch-deferred = Deferred
dispatch-failed = Refused
dispatch-came-back = Came back
dispatch-in-doubt = In doubt
dispatch-rate = { $n ->
    [one] { $n } mail a second
   *[other] { $n } mails a second
}
dispatch-time-left = Time left:
dispatch-doubted = In doubt, sent once more:
dispatch-trouble = The mail relay takes nothing at the moment. Nobody is lost: the dispatch waits. It says:
dispatch-pause = Pause
dispatch-resume = Resume
dispatch-stop = Stop
dispatch-held = Everything else was sent. For the mails in doubt, the connection broke before the server answered: they may have arrived, or not. It is yours to choose: send them once more, or stop here.
dispatch-resend = { $n ->
    [one] Send the { $n } in doubt once more
   *[other] Send the { $n } in doubt once more
}
dispatch-resend-sure = Send what is in doubt once more? Nobody knows whether these readers have it: some may get it twice.
dispatch-stop-sure = Stop this dispatch for good? Readers still waiting will get nothing.
dispatch-resend-failed = { $n ->
    [one] Send again to the refused reader
   *[other] Send again to the { $n } refused readers
}
dispatch-resend-failed-sure = Send this edition again to those whose server refused it? Who has unsubscribed since or must not be mailed is left out.
dispatch-failed-of = Those refused in dispatch { $id }
dispatch-route = Route
dispatch-routes = Routes
dispatch-who-not = Who did not get it, and why
dispatch-reader = Reader
dispatch-answer = The server's answer
dispatch-csv = Download the list (CSV)
dispatch-more = the rest is in the file
dispatch-row-doubt = in doubt
dispatch-row-deferred = deferred
dispatch-row-failed = refused
dispatch-row-deleted = deleted reader
