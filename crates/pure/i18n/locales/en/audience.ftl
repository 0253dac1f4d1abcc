## Readers

audience-email = Your mail address
audience-email-wrong = This is not an address: something like ada@example.com is needed.
audience-subscribe-first-name = First name, if you like
audience-first-name = First name
audience-last-name = Last name
audience-language = Language

## Subscribing

audience-subscribe-title = Subscribe to { $name }
audience-subscribe-lead = Every edition in your inbox the moment it is out. Nothing else.
audience-subscribe-button = Subscribe
audience-subscribe-consent = By subscribing you ask to receive { $name } by mail. You can unsubscribe with one click, in every letter.
audience-subscribe-confirm-hint = You will get a mail with a button to confirm: without it, nothing is sent to you.
audience-subscribe-again = That was very quick. One last click to show that it is you.
audience-subscribe-trap = Leave this field empty
audience-asked-title = Check your inbox
audience-asked-text = If this address needs to be confirmed, a mail is on its way: open it and press the button.
audience-asked-hint = Nothing after a few minutes? Look in your junk folder. An address is asked only once a day; if you read { $name } already, no mail is sent.
audience-asked-back = Read the editions meanwhile

## The mail that asks to confirm

audience-confirm-mail-subject = Confirm your subscription to { $name }
audience-confirm-mail-before = Somebody, probably you, asked to receive { $name } at this address. If it was you, one step is left.
audience-confirm-mail-button = Confirm my subscription
audience-confirm-mail-after = It was not you? Do nothing: unless that button is pressed, no letter will come.

## Confirming

audience-confirm-title = One step left
audience-confirm-text = { $email } would like to receive { $name }.
audience-confirm-button = Yes, subscribe me
audience-confirm-consent = I would like to receive { $name } by mail. I can unsubscribe with one click, in every letter.
audience-confirmed-title = Welcome aboard
audience-confirmed-text = Done: the next edition of { $name } will arrive at { $email }.
audience-confirmed-read = Read the editions so far
audience-confirm-ended-title = This link has had its day
audience-confirm-ended-text = This subscription has ended since. To come back, subscribe again: it takes one more mail.

## Leaving

audience-leave-title = Unsubscribe from { $name }
audience-leave-text = { $email } will no longer get { $name }. It takes effect at once.
audience-leave-button = Unsubscribe
audience-left-title = You are unsubscribed
audience-left-text = You will no longer get { $name }. Thank you for having been here.
audience-left-again = A click too many? Subscribe again
audience-link-title = This link is incomplete
audience-link-text = It lost a few letters on its way, or what it opened is gone. Open it from the mail itself, without copying it.

## Preferences

audience-preferences-title = Your preferences
audience-preferences-lead = All we keep about { $email }, and what you want done with it.
audience-preferences-letters = Your letters
audience-wish-receive = Receive every edition
audience-wish-pause = Pause, until I resume
audience-wish-leave = Receive nothing
audience-preferences-you = You
audience-preferences-names-hint = Only to greet you.
audience-preferences-save = Save
audience-preferences-consent = My preferences, saved on my own page
audience-said-preferences = Saved, and in force from now on.
audience-preferences-data = Your data
audience-preferences-data-text = Take along all we know about you, or make it vanish.
audience-preferences-export = Download my data
audience-preferences-delete = Delete everything
audience-delete-title = Delete everything
audience-delete-text = Your subscriptions, your name, your choices and the proofs of what you agreed to vanish, for all letters of this house. What stays is an unreadable fingerprint of your address, so that nobody signs you up again without you.
audience-delete-tick = Yes, delete everything about { $email }
audience-delete-needed = Tick the box to confirm. Nothing was deleted.
audience-delete-button = Delete for good
audience-delete-keep = No, back to my preferences
audience-deleted-title = Forgotten
audience-deleted-text = Everything about you was deleted. You can always come back, by yourself.

## Why a line is refused

audience-refused-empty = there is no address
audience-refused-at = an address has one @, and only one
audience-refused-local = what stands before the @ has something impossible in it
audience-refused-domain = what stands after the @ is not a domain name
audience-refused-length = the address is too long
audience-refused-deletion = this person asked the other service to be forgotten
audience-refused-status = the status of this subscriber is not known here
audience-errors-line = line
audience-errors-reason = reason

## What an import did

audience-report-lines = { $n ->
    [one] { $n } line read.
   *[other] { $n } lines read.
}
audience-report-added = { $n ->
    [one] { $n } reader added.
   *[other] { $n } readers added.
}
audience-report-pending = { $n ->
    [one] Of these, { $n } has not confirmed yet and gets nothing until then.
   *[other] Of these, { $n } have not confirmed yet and get nothing until then.
}
audience-report-updated = { $n ->
    [one] { $n } known reader completed.
   *[other] { $n } known readers completed.
}
audience-report-already = { $n ->
    [one] { $n } line known already.
   *[other] { $n } lines known already.
}
audience-report-suppressed = { $n ->
    [one] { $n } address left out: it has left, or must not be mailed.
   *[other] { $n } addresses left out: they have left, or must not be mailed.
}
audience-report-opted-out = { $n ->
    [one] { $n } departure taken over from the file.
   *[other] { $n } departures taken over from the file.
}
audience-report-refused = { $n ->
    [one] { $n } line refused.
   *[other] { $n } lines refused.
}
audience-report-reason = { $n }: { $why }.
audience-report-ignored = Columns of no use here: { $names }.
audience-report-errors = The refused lines, with the reason of each: { $file }
audience-report-dry-run = This was a trial: nothing was written.

audience-import-empty = Line 1, column 1: the file is empty. Its first line must name the columns, one of them “email”.
audience-import-no-address = Line { $line }, column 1: no column holds the address. Name one “email” (found: { $found }).
audience-import-open-quote = Line { $line }, column { $column }: a quote is opened and not closed. Nothing was imported.

## The desk

audience-desk-title = Readers
audience-desk-count-active = Active
audience-desk-count-pending = Pending
audience-desk-count-paused = Paused
audience-desk-count-ended = Gone
audience-desk-count-suppressed = Blocked addresses
audience-state-pending = pending
audience-state-active = active
audience-state-paused = paused
audience-state-ended = gone
audience-desk-every = All
audience-desk-search = Beginning of an address
audience-desk-search-button = Search
audience-desk-filter = Show
audience-desk-address = Address
audience-desk-name = Name
audience-desk-state = State
audience-desk-since = Since
audience-desk-source = Came from
audience-desk-older = Older ones
audience-desk-first = Back to the start
audience-desk-import = Import
audience-desk-export = Export
audience-desk-empty-title = Nobody yet
audience-desk-empty-text = Bring your readers from another service, or share the page to subscribe: everyone confirms for themselves.
audience-desk-empty-found-title = Nobody matches
audience-desk-empty-found-text = Try the beginning of another address, or show all states.
audience-source-form = subscribe page
audience-source-embed = form on another site
audience-source-api = program
audience-source-import = import
audience-source-preferences = their preferences
audience-source-demo = demonstration

audience-reader-letters = Subscriptions
audience-reader-proofs = Proofs
audience-reader-proofs-empty = No proof is kept here: this reader arrived without a date of consent.
audience-reader-suppressions = Why no mail goes out
audience-reader-suppressions-everywhere = all letters
audience-reader-kept = What is kept
audience-reader-known = Known since
audience-reader-act = Act
audience-reader-words = Exact words
audience-reader-form = Form
audience-reader-network = Network
audience-reader-when = When
audience-reader-end = Remove from { $name }
audience-reader-end-ask = Remove { $email }? This address will get nothing more and can only come back by itself.
audience-reader-delete = Delete everything
audience-reader-delete-ask = Delete everything about { $email }, in all letters? Only a fingerprint will be left.
audience-said-ended = This reader was removed.
audience-said-deleted = Everything about this reader was deleted.
audience-act-asked = asked
audience-act-confirmed = confirmed
audience-act-unsubscribed = left
audience-act-complained = reported a mail as spam
audience-act-paused = paused
audience-act-resumed = resumed
audience-act-imported = consent noted elsewhere
audience-reason-deleted = everything was deleted
audience-reason-complaint = reported as spam
audience-reason-manual = removed by the author
audience-reason-unsubscribed = unsubscribed
audience-reason-imported = departure from an import
audience-reason-hard_bounce = dead address

audience-import-title = Import readers
audience-import-lead = A CSV file of another service, as it gave it. Nothing is written before you have seen the numbers.
audience-import-file = CSV file
audience-import-file-hint = One column with the address is enough. First and last name, language, tags, state and dates are recognised; departures stay departures.
audience-import-file-needed = Choose a file.
audience-import-try = See what would happen
audience-import-promise = These people asked to receive this letter: I can show it.
audience-import-promise-needed = Tick the box: a reader who did not ask is a reader lost.
audience-import-confirm = { $n ->
    [0] Import anyway
    [one] Import { $n } reader
   *[other] Import { $n } readers
}
audience-import-trial-title = What would happen
audience-import-trial-lead = Nothing is written yet.
audience-import-done-title = Import done
audience-import-cancel = Choose another file
audience-import-gone = This file is no longer waiting: it was imported, or it waited too long. Choose it once more.
audience-import-errors-download = Download the refused lines
audience-import-to-readers = See the readers
