## The ways by which mail leaves

routes-title = Routes
routes-lead = By which way this publication's mail leaves, what each has carried today, and what it may still carry.
routes-back = Dispatches
routes-none = No route is set up
routes-none-text = Name a relay in SOUCOUPE_SMTP_URL, or several routes in soucoupe.toml, then start again.
routes-one = One route is set up, and everything leaves by it. More are added in soucoupe.toml, under [[route]].
routes-all = This publication uses every route that is set up, by weight. To keep only some of them, tick those.
routes-by-choice = This publication uses the ticked routes only. Untick them all to let it use every one.
routes-state-fine = In service
routes-state-down = Takes nothing
routes-trouble = This route refuses everybody at the moment. Mail takes another or waits. It answers:
routes-default = Main relay
routes-direct = Straight to the readers' mail providers
routes-connections = { $n ->
    [one] { $n } connection at most
   *[other] { $n } connections at most
}
routes-rate = { $n ->
    [one] { $n } mail a second at most
   *[other] { $n } mails a second at most
}
routes-cap = { $n ->
    [one] { $n } mail a day at most
   *[other] { $n } mails a day at most
}
routes-signing-ours = Soucoupe signs
routes-signing-relay = The relay signs
routes-signing-both = Soucoupe and the relay sign
routes-use = Use this route
routes-weight = Weight
routes-weight-hint = The weight is each one's share: with 2 and 1, the first carries two mails out of three. At 0, a route serves only when no other works.
routes-wrong-weight = A weight is a whole number from 0 to 1,000. Nothing was changed.
routes-save = Save
routes-carried = Carried today, by mail provider
routes-carried-none = Nothing has gone this way today.
routes-provider = Provider
routes-provider-other = Other domains
routes-provider-rest = All others
routes-accepted = Accepted
routes-deferred = Put off
routes-bounced = Refused
routes-warm-up = Warm-up
routes-plan = { $today } today, then { $next }, if each day goes well
routes-plan-warm = done: no limit any more
