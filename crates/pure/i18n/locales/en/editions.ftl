## Editions

editions-title = Editions
editions-lead = { $n ->
    [one] One edition.
   *[other] { $n } editions.
}
editions-new = New edition
editions-untitled = Untitled
editions-empty-title = The first one is yours to write
editions-empty-text = An edition begins as a draft: you write, the preview shows the mail, the page and the text, and nothing leaves without you.
editions-column-title = Title
editions-column-state = State
editions-column-words = Words
editions-column-day = Date
editions-day-saved = Saved on
editions-day-leaves = Goes out on
editions-day-left = Sent on
editions-state-draft = draft
editions-state-scheduled = scheduled
editions-state-sending = being sent
editions-state-sent = sent
editions-number = no. { $n }
editions-by = By { $who }
editions-words = { $n ->
    [0] No words
    [one] { $n } word
   *[other] { $n } words
}

# The editor
editions-save = Save
editions-unsaved = Not saved
editions-check = Check
editions-send = Send…
editions-see = See it online
editions-dispatches = Dispatches
editions-delete = Delete this draft…
editions-saved-at = saved { $moment }
editions-leaves-at = goes out { $moment }
editions-left-at = sent { $moment }
editions-writing = The text
editions-markdown = Text of the edition, in Markdown
editions-seeing = What your readers will see
editions-proof = Preview of the edition
editions-show-mail = Mail
editions-show-web = Page
editions-show-text = Text
editions-phone = As on a phone
editions-dark = By night
editions-locked = This text does not change any more: it was sent, or a dispatch waits to send it. To take it back in time, stop the dispatch.
editions-stale = The preview shows the last version without a fault; fix what is named and it will follow.
editions-offline = The preview does not answer. Your text is still there: keep writing, it will be back with your next keystroke.
editions-weight = Weight of the mail
editions-weight-of = { $size } of { $most }
editions-line = line { $line }
editions-verdict-problems = { $n ->
    [one] One fault keeps this from being saved
   *[other] { $n } faults keep this from being saved
}
editions-verdict-errors = { $n ->
    [one] One thing to settle before it is sent
   *[other] { $n } things to settle before it is sent
}
editions-verdict-warnings = { $n ->
    [one] Ready to send, with one remark
   *[other] Ready to send, with { $n } remarks
}
editions-verdict-good = Nothing to add: it is ready to send
editions-said-created = The draft is saved.
editions-said-saved = Saved.
editions-said-deleted = The draft is deleted.
editions-refused-problems = The text has faults: nothing was saved, and all you typed is below. Fix it, then save.
editions-refused-slug = Another edition, or a page of the site, already has the address that “slug” gives. Nothing was saved; change it and try again.
editions-refused-changed = Somebody else, or another window, saved this draft meanwhile. Nothing was overwritten and your text is below. Open the other version in a new tab to compare; saving again will put this one in its place.
editions-refused-sent = This edition was sent and stays as it was. Your text is below, but was not saved.
editions-refused-scheduled = A dispatch waits to send this edition: nothing was saved. Stop the dispatch, then save again; your text is below.

# The check and the end of a draft
editions-check-title = Before sending
editions-check-back = Back to the text
editions-delete-title = Delete “{ $title }”?
editions-delete-text = The draft will be gone for good, with the tests that were sent of it.
editions-delete-yes = Delete it for good
editions-delete-no = Keep it
editions-delete-in-use = A test of this draft is still on its way. Nothing was deleted; try again in a moment.
editions-delete-left = This edition was sent, or a dispatch waits to send it: it can no longer be deleted. Nothing was changed.

# What the check finds
editions-finding-title = The edition has no title. Write it after “title:” at the top of the text.
editions-finding-empty = The edition has not one word. Write something below its head.
editions-finding-subject = The subject has { $n } characters; inboxes cut it after 70. Keep what matters at its beginning.
editions-finding-preheader = The line that an inbox shows after the subject is missing: without “preheader:”, it will be the first words of the text.
editions-finding-slot = { $place } has no words to fall back on: readers for whom that is not known will see a gap. Write for instance { "{" }first_name|friends{ "}" }.
editions-finding-undated = The edition does not say when it was written. Add “written_at:” so that readers know when it was true.
editions-finding-old = The text will be { $n } days old when it leaves. Read again what may have changed, or bring “written_at:” up to date.
editions-finding-future = “written_at” is later than the sending: the text would say that it was written in the future.
editions-finding-clipped = The mail weighs { $size }: above 102 KB, Gmail cuts off its end, the way to unsubscribe included. Shorten it.
editions-finding-heavy = The mail weighs { $size }: from 102 KB on, Gmail cuts off its end. Stay below 90 KB.
editions-finding-segments = The edition speaks to { $n } segments; one dispatch can serve 64.
editions-finding-heading = The heading “{ $place }” skips a level: whoever listens to the page will lose the thread. Take one # away.
editions-finding-unfinished = There is still “{ $place }” in the text: something is missing there.
editions-finding-insecure = The address { $place } is not encrypted: write https:// if the site allows it.
editions-finding-relative = The address { $place } names no site: in a mail, it will lead to yours. Write it in full.
editions-finding-silent = The picture { $place } has no description. That is right if it says nothing; otherwise say what can be seen.
editions-finding-poor = The description “{ $place }” does not say what can be seen. Describe the picture for those who do not see it.
editions-finding-postal = The publication has no postal address, which many countries want at the foot of every letter. Add it in the settings.
editions-finding-sent = This edition was sent before: who got it will not get it twice, the others will get it as it is.
