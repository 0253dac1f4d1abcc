## What comes back: bounces, complaints, letters of readers

returns-title = Returns
returns-lead = What came back from your mails in the last { $days } days, and what followed.
returns-all = See everything that came back
returns-older = Older
returns-none = Nothing came back
returns-none-text = When a server refuses a mail, or a reader reports one, it will be shown here, with the words that were said.
returns-none-found = Nothing of this kind came back
returns-none-found-text = Look at everything that came back instead.
returns-nobody = unknown or deleted
returns-picture = What came back, day by day
returns-picture-begins = a month ago
returns-picture-hard = dead addresses and complaints
returns-picture-soft = passing refusals
returns-picture-ends = today
returns-address = Address
returns-kind = Kind
returns-words = Why
returns-followed = What followed
returns-edition = Edition
returns-when = When
returns-csv = Download the list (CSV)
returns-troubles = Worth a look
returns-troubles-text = These mails were refused because of what was sent or of who sends it. No reader was harmed by it.
returns-mails = { $n ->
    [one] { $n } mail
   *[other] { $n } mails
}
returns-kind-suppress = Dead address
returns-kind-soft = Passing refusal
returns-kind-retry = Delayed
returns-kind-trouble = Because of us
returns-kind-complaint = Reported as spam
returns-kind-auto-reply = Automatic answer
returns-kind-none = No consequence
returns-figure-suppress = { $n ->
    [one] Dead address
   *[other] Dead addresses
}
returns-figure-soft = { $n ->
    [one] Passing refusal
   *[other] Passing refusals
}
returns-figure-retry = { $n ->
    [one] Delayed
   *[other] Delayed
}
returns-figure-trouble = { $n ->
    [one] Because of us
   *[other] Because of us
}
returns-figure-complaint = { $n ->
    [one] Reported as spam
   *[other] Reported as spam
}
returns-figure-auto-reply = { $n ->
    [one] Automatic answer
   *[other] Automatic answers
}
returns-followed-suppressed = gets no mail any more
returns-followed-counted = tried again with the next edition
returns-followed-ended = unsubscribed
returns-followed-kept = nothing more
returns-reason-address-dead = No such mailbox
returns-reason-address-invalid = Not an address
returns-reason-host-dead = No such domain, or it takes no mail
returns-reason-user-unknown = No such mailbox
returns-reason-host-unknown = No such domain
returns-reason-moved = Has moved
returns-reason-mailbox-full = Mailbox full
returns-reason-policy = Refused by a rule of the server
returns-reason-blocked = Blocked
returns-reason-content = The mail itself was refused
returns-reason-spam = Taken for spam
returns-reason-virus = Taken for a virus
returns-reason-too-large = Too large
returns-reason-authentication = The sender's proof was refused (SPF, DKIM, DMARC)
returns-reason-rate = Too many mails at once
returns-reason-deferred = Delayed
returns-reason-delayed = Delayed
returns-reason-expired = Tried for too long
returns-reason-network = The server could not be reached
returns-reason-other = Refused without a clear reason
returns-reason-complaint = Reported as spam
returns-reason-auto-reply = Automatic answer
returns-reason-no-answer = No server answered
returns-reason-provider-list = Kept out by the sending service
returns-reason-unreadable = Cannot be read
returns-reason-machine = Written by a machine
returns-reason-disabled = The account is closed
returns-reason-no-mail-here = Takes no mail
returns-reason-suspended = Takes no mail for a while
returns-reason-system = The server has trouble
returns-reason-loop = Handed round in a circle
returns-reason-unclear = Refused without a clear reason
returns-reason-sender = The sender's address was refused
returns-reason-relay = The server is not responsible for this domain
returns-reason-tls = No encryption that both accept
returns-reason-syntax = The server did not understand
returns-letters-title = Letters
returns-letters-unread = { $n ->
    [one] { $n } letter nobody has read yet
   *[other] { $n } letters nobody has read yet
}
returns-no-letters = No letter yet
returns-no-letters-text = Give { $address } as the address for answers in the settings, and what readers answer will be shown here.
returns-to-settings = Open the settings
returns-no-subject = (no subject)
returns-subject = Subject
returns-from = From
returns-unread = new
returns-files-left-out = { $n ->
    [one] { $n } file was left out.
   *[other] { $n } files were left out.
}
returns-letter-too-large = This letter was too large to be kept. Ask for it again, without files.
returns-elsewhere = { $n ->
    [one] { $n } return belongs to no publication: a mail of the desk that came back, or a stranger's.
   *[other] { $n } returns belong to no publication: mails of the desk that came back, or strangers'.
}
returns-answer = Answer
returns-mark-read = Mark as read
returns-mark-unread = Mark as unread
returns-delete = Delete
returns-delete-sure = Delete this letter? It will be gone for good.
returns-said-read = Marked as read.
returns-said-unread = Marked as unread.
returns-said-deleted = The letter is deleted.
returns-answer-no-files = Thank you for writing. This address takes text only: please send your mail once more without attached files.
