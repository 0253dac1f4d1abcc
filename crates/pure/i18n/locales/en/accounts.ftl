## Accounts

accounts-name = Your name
accounts-name-needed = Your name is missing.
accounts-email = Mail address
accounts-email-wrong = This is not an address: something like ada@example.com is needed.
accounts-password = Password
accounts-password-hint = { $n } characters or more; a short sentence does very well.
accounts-password-length = At least { $n } characters are needed.
accounts-sign-in = Sign in
accounts-sign-in-title = Sign in
accounts-sign-in-refused = This address and this password do not go together. Nothing was changed.
accounts-sign-in-wait = { $minutes ->
    [one] Too many tries: wait a minute before the next.
   *[other] Too many tries: wait { $minutes } minutes before the next.
}
accounts-link-title = Good to see you
accounts-link-text = This link opens your desk, once.
accounts-link-old-title = This link is used up
accounts-link-old-text = It was used already, or it waited too long. Ask the program for another, or sign in with your password.
accounts-welcome-title = Welcome home
accounts-welcome-text = This instance has no owner yet. Is it you? Choose how to come back.
accounts-welcome-create = Create my account
