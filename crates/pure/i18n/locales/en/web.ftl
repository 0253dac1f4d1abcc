## What every page shares

web-skip = Skip to the content
web-menu = Main menu
web-foot = More
web-language = Language
web-made-with = Published with Soucoupe
web-copied = Copied
web-confirm-yes = Yes, go on
web-confirm-no = No, leave it
web-said-saved = Saved.
web-pages = Pages
web-pages-newer = Newer
web-pages-older = Older
web-pages-position = Page { $page } of { $last }
web-rail-editions = Editions
web-rail-readers = Readers
web-rail-dispatches = Dispatches
web-rail-replies = Letters
web-rail-returns = Returns
web-rail-settings = Settings
web-rail-publications = Publications
web-rail-catcher = Mail catcher
web-rail-doctor = Check-up
web-rail-sign-out = Sign out
web-rail-switch = Change publication
web-form-unreadable = Part of the form did not arrive, so nothing was changed. Go back and send it once more.
web-form-problems = { $n ->
    [one] One thing to look at; what you typed is still here.
   *[other] { $n } things to look at; what you typed is still here.
}
web-error-home = Back to the start
web-error-reference = If you write to us about it, give this reference:
web-error-not-found-title = Nothing at this address
web-error-not-found-text = The page may have moved, or the link lost a few letters on its way. Start again from the front page.
web-error-forbidden-title = This is not yours to open
web-error-forbidden-text = Your account may not do this. Nothing was changed. Ask the owner of this publication to let you in.
web-error-sign-in-title = Sign in first
web-error-sign-in-text = This needs a signed-in account. Nothing was changed.
web-error-bad-request-title = This could not be used
web-error-bad-request-text = What was sent could not be read, so nothing was changed. Go back and try once more.
web-error-conflict-title = Something changed meanwhile
web-error-conflict-text = Somebody else, or another window, was faster. Nothing was overwritten. Open the page again to see how things stand.
web-error-too-many-title = Take a breath
web-error-too-many-text = { $minutes ->
    [one] That was a lot of tries in a short time. Nothing was lost; try again in a minute.
   *[other] That was a lot of tries in a short time. Nothing was lost; try again in { $minutes } minutes.
}
web-error-too-large-title = That is too large
web-error-too-large-text = It is larger than this page can take, so nothing was kept of it. Send a smaller file, or split it.
web-error-method-title = Not that way
web-error-method-text = This address does not answer to that kind of request. Nothing was changed. Start from the page that led here.
web-error-cross-site-title = This came from another site
web-error-cross-site-text = A form on this page can only be sent from the page itself. Nothing was changed. Open it here and send it again.
web-error-host-title = Wrong address
web-error-host-text = No publication answers to this name here. Check the address, or ask whoever runs this server to add the name.
web-error-slow-title = That took too long
web-error-slow-text = We stopped waiting for the answer. What was already saved is kept. Try again in a moment.
web-error-internal-title = Something broke on our side
web-error-internal-text = It is not your doing, and what was saved before is kept. Try again; if it happens once more, tell whoever runs this server.
