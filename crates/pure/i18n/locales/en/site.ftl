## The public site

site-number = No. { $number }
site-minutes = { $n } min read
site-by = by { $who }
site-and = and
site-read = Read the edition
site-read-title = Read the edition: { $title }
site-before = Before that
site-all-editions = All editions
site-about = What this letter is about
site-sisters = Sister letters
site-nothing-yet-title = The first edition is being written
site-nothing-yet-text = Nothing was sent yet. Subscribe, and it will reach you the day it is.
site-subscribe = Subscribe
site-subscribe-title = Climb aboard
site-subscribe-lead = The next edition in your inbox, free of charge; and you get off whenever you like, in one click.
site-archive = All editions
site-archive-tag = On the subject of “{ $tag }”
site-archive-about = Every edition of { $name }, from the newest to the first.
site-count = { $n ->
    [one] { $n } edition
   *[other] { $n } editions
}
site-share-mail = Send it by mail
site-share-copy = Copy the link
site-share-more = Share
site-share-subject = Worth reading: { $title }
site-share-body = I have just read this and thought of you:
site-tags = Subjects:
site-neighbours = Neighbouring editions
site-previous = Previous edition
site-next = Next edition
site-hearts = { $n ->
    [one] { $n } heart
   *[other] { $n } hearts
}
site-heart-title = Did you like this edition?
site-heart-give = Send a heart
site-heart-hint = One per reader. It counts only once you press: opening this page tells nobody anything.
site-heart-thanks = Thank you, it has landed
site-heart-thanks-text = Your heart is counted. It will make somebody's day.
site-heart-on = Read other editions
site-front-title = The letters of this house
site-front-tagline = Written by people, sent to those who wait for them
site-front-desk = Open the desk
site-front-empty-title = All is ready but you
site-front-empty-text = No letter appears at this address yet. If it is yours, open the desk and give it a name; if not, come back soon.
site-front-empty-action = Open the desk
