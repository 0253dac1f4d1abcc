## The check-up: whether mail that leaves here will be believed

doctor-title = Check-up
doctor-lead = What receivers look at before they believe a letter, and what to do where something is amiss.
doctor-again = Look again
doctor-all = Everything
doctor-which = Which publication
doctor-verdict-well = All is well: your letters leave as receivers want them.
doctor-verdict-warn = { $n ->
    [one] Nothing is broken; one thing could be better.
   *[other] Nothing is broken; { $n } things could be better.
}
doctor-verdict-bad = { $n ->
    [one] One thing keeps your letters from arriving, or from being believed.
   *[other] { $n } things keep your letters from arriving, or from being believed.
}
doctor-figure-bad = to mend
doctor-figure-warn = to improve
doctor-figure-unknown = without an answer
doctor-figure-ok = in order
doctor-level-bad = to mend
doctor-level-warn = to improve
doctor-level-unknown = not known
doctor-level-ok = in order
doctor-area-machine = The house
doctor-area-route = A route
doctor-area-domain = A sender's domain
doctor-area-return_path = The way back
doctor-area-letter = A sample letter
doctor-machine = This machine
doctor-no-route = No route
doctor-record-show = The record
doctor-record-name = Name
doctor-record-type = Type
doctor-record-value = Value
doctor-copy = Copy
doctor-name-database = Database
doctor-name-folder = Folder
doctor-name-disk = Disk
doctor-name-clock = Clock
doctor-name-address = Address
doctor-name-people = Desk
doctor-name-owner = Owner
doctor-name-server = Server
doctor-name-connection = Connection
doctor-name-encryption = Encryption
doctor-name-sign_in = Signing in
doctor-name-extensions = Extensions
doctor-name-signing = Signature
doctor-name-ehlo = EHLO name
doctor-name-ptr = Reverse name (PTR)
doctor-name-port_25 = Port 25
doctor-name-spf = SPF
doctor-name-dkim = DKIM
doctor-name-dmarc = DMARC
doctor-name-alignment = Alignment
doctor-name-bimi = BIMI
doctor-name-way_back = Bounces and replies
doctor-name-tls_rpt = TLS-RPT
doctor-name-mta_sts = MTA-STS
doctor-name-postal = Postal address
doctor-name-postal_address = Postal address
doctor-name-headers = Headers
doctor-name-message = Message
doctor-name-sample = Sample
doctor-name-from = From
doctor-name-one_click = One-click unsubscribe
doctor-name-signature = Signature
doctor-name-list_id = List-Id
doctor-name-message_id = Message-ID
doctor-name-size = Weight
doctor-name-links = Links
doctor-name-spam = Spam filter

## What could not be looked at

doctor-found-silent-offline = Not looked at, because nothing was to be asked of the network.
doctor-found-silent-reserved = The name { $domain } is kept for examples and private networks, so the internet knows nothing about it.
doctor-do-silent-reserved = Put your own domain in its place: in the sender of the publication, and in SOUCOUPE_BASE_URL.
doctor-found-silent-dns = Not known, because no name server answers ({ $why }).
doctor-do-silent-dns = Look again once this machine is on the network; SOUCOUPE_DNS names another name server.
doctor-found-silent-blind = Not known, because the name server of this network does not even know { $name }: it answers for nothing outside.
doctor-do-silent-blind = Look again once this machine is on the network; SOUCOUPE_DNS names another name server.
doctor-found-silent-slow = Not known, because the answer took too long.
doctor-do-silent-slow = Look again in a moment.
doctor-found-silent-fault = Not known, because looking at it failed ({ $why }).

## The machine

doctor-found-database = The { $engine } database is sound, schema { $schema }.
doctor-found-database-fault = The database: { $fault }
doctor-do-database-fault = Take a backup (soucoupe backup FILE) before you change anything, and look at the machine's log.
doctor-found-folder = The folder { $folder } can be written, and is closed to others.
doctor-found-folder-open = The folder { $folder } can be written, and other users of this machine can look into it: readers and keys are kept there.
doctor-do-folder-open = Close it: chmod 700 { $folder }
doctor-found-folder-closed = The folder { $folder } cannot be written: { $error }
doctor-do-folder-closed = Give it to the user who runs Soucoupe (chown), or name another with SOUCOUPE_DATA.
doctor-found-disk = { $free } of { $whole } are free where { $folder } lives.
doctor-found-disk-low = Only { $free } of { $whole } are free where { $folder } lives.
doctor-do-disk-low = Make room soon: a full disk stops every dispatch.
doctor-found-disk-full = The disk of { $folder } is all but full: { $free } of { $whole } are left.
doctor-do-disk-full = Make room now: when nothing can be written, nothing is sent.
doctor-found-clock = The clock says { $clock }.
doctor-found-clock-right = The clock says { $clock }, and a time server agrees.
doctor-found-clock-alone = The clock says { $clock }; no time server could be asked.
doctor-found-clock-off = { $seconds ->
    [one] The clock says { $clock } and is a second off.
   *[other] The clock says { $clock } and is { $seconds } seconds off.
}
doctor-do-clock-off = Let the system keep it: timedatectl set-ntp true
doctor-found-clock-far-off = { $seconds ->
    [one] The clock says { $clock } and is a second off.
   *[other] The clock says { $clock } and is { $seconds } seconds off: signatures and links are dated wrongly.
}
doctor-do-clock-far-off = Let the system set it: timedatectl set-ntp true
doctor-found-clock-wrong = The clock says { $clock }, which cannot be right.
doctor-do-clock-wrong = Let the system set it: timedatectl set-ntp true
doctor-found-address = Readers come to { $url }.
doctor-found-address-found = Readers come to { $url }, which leads to { $address }.
doctor-found-address-inside = Readers come to { $url }, which leads to { $address }: a private network.
doctor-do-address-inside = Give { $host } a public address in DNS, unless all your readers sit in this network.
doctor-found-address-lost = Readers come to { $url }, but DNS knows no address of { $host }.
doctor-do-address-lost = Add an A record (and AAAA, where you have IPv6) for { $host } with the address of this machine.
doctor-found-address-local = Readers come to { $url }, which only this machine reaches.
doctor-do-address-local = Set SOUCOUPE_BASE_URL to the https address that readers will see.
doctor-found-address-plain = Readers come to { $url } without encryption.
doctor-do-address-plain = Put https in front and set SOUCOUPE_BASE_URL to it: receivers take one-click unsubscribe over https only.
doctor-found-owner = The desk belongs to { $email }.
doctor-found-owner-none = The desk has no owner yet.
doctor-do-owner-none = Open /desk, or run: soucoupe owner create
doctor-found-server = A server runs.
doctor-found-server-none = No server runs: pages are not answered and nothing is sent by itself.
doctor-do-server-none = Start it: soucoupe serve

## Ways out

doctor-found-no-relay = No relay is configured, so nothing can be sent.
doctor-do-no-relay = Set SOUCOUPE_SMTP_URL to your relay, such as smtp+starttls://user:password@mail.example:587
doctor-found-route-wrong = This route cannot be used: { $why }
doctor-do-route-wrong = Correct its URL in the configuration.
doctor-found-route-sealed = The relay { $place } answers, encrypted.
doctor-found-route-sealed-known = The relay { $place } answers, encrypted, and takes our user name and password.
doctor-found-route-open = The relay { $place } answers.
doctor-found-route-open-known = The relay { $place } answers and takes our user name and password.
doctor-found-route-silent = The relay { $place } does not answer.
doctor-do-route-silent = Is it the right host and port, and does no firewall stand between? Many hosting companies close port 25: try 587 (smtp+starttls://) or 465 (smtps://).
doctor-found-route-closed = At { $place } nothing listens.
doctor-do-route-closed = Look at the port in the relay's URL, and whether the relay runs.
doctor-found-route-unknown = There is no host { $host }.
doctor-do-route-unknown = Look for a slip in the relay's URL.
doctor-found-route-failed = The relay { $place } cannot be used: { $why }
doctor-do-route-failed = What the relay says is its reason; its documentation or its support can tell more.
doctor-found-encryption = The connection to { $place } is encrypted, with a certificate for its name.
doctor-found-encryption-inside = The connection to { $place } is not encrypted, and stays in a private network.
doctor-found-encryption-offered = The connection to { $place } crosses the internet without encryption, though the relay offers it.
doctor-do-encryption-offered = Write smtp+starttls://{ $host } in the relay's URL.
doctor-found-encryption-none = The connection to { $place } crosses the internet without encryption.
doctor-do-encryption-none = Ask the relay for its encrypted port (587 with smtp+starttls://, or 465 with smtps://).
doctor-found-encryption-failed = No encrypted connection to { $place } came about: { $why }
doctor-do-encryption-failed = The certificate must be for { $host } and from a known authority; ?ca=FILE in the relay's URL trusts one of your own.
doctor-found-encryption-missing = { $place } does not offer STARTTLS, and without it nothing is sent there.
doctor-do-encryption-missing = Try the relay's other port (465 with smtps://); smtp:// is for private networks.
doctor-found-sign-in-none = { $place } offers to sign in, and no user name is configured: outside its own network it will refuse every mail.
doctor-do-sign-in-none = Put the user name and password that the relay gave you into its URL.
doctor-found-sign-in-clear = The password was not sent to { $place }: the connection is not encrypted.
doctor-do-sign-in-clear = Use smtp+starttls:// or smtps:// in the relay's URL.
doctor-found-sign-in-missing = { $place } offers no way to sign in that we know (it offers: { $offered }).
doctor-do-sign-in-missing = Take user name and password out of the relay's URL, or ask the relay for a port with AUTH PLAIN or LOGIN.
doctor-found-sign-in-missing-clear = { $place } offers no way to sign in before encryption (it offers: { $offered }).
doctor-do-sign-in-missing-clear = Use smtp+starttls:// in the relay's URL.
doctor-found-sign-in-refused = { $place } does not take our user name and password: { $reply }
doctor-do-sign-in-refused = Copy them anew from the relay's site; characters such as @ and / are percent-encoded in the URL (%40, %2F).
doctor-found-extensions = { $place } offers { $offered }.
doctor-found-extensions-slow = { $place } does not offer PIPELINING (it offers: { $offered }): each mail takes three more round trips.
doctor-do-extensions-slow = Mail arrives all the same; with many readers, a relay that offers it is several times as fast.
doctor-found-extensions-small = { $place } takes no mail over { $size }.
doctor-do-extensions-small = Ask the relay to raise its limit: a letter with its headers weighs up to 200 KB.
doctor-found-signing-ours = What leaves this way is signed here, where the sender's domain has a key.
doctor-found-signing-relay = What leaves this way is signed by the relay, not here.
doctor-do-signing-relay = Make sure on the relay's site that it signs with your own domain, and publish the record it asks for.
doctor-found-signing-both = What leaves this way is signed here and by the relay; ours leaves out what relays rewrite.
doctor-found-ehlo = We greet as { $ehlo }, which leads to { $address }.
doctor-found-ehlo-lost = We greet as { $ehlo }, a name that DNS does not know.
doctor-do-ehlo-lost = Add an address record for { $ehlo } with the address this machine goes out from.
doctor-found-ehlo-elsewhere = We greet as { $ehlo }, which leads to { $address }, but go out from { $own }.
doctor-do-ehlo-elsewhere = Add our own address to { $ehlo }, or greet with another name (?ehlo=NAME in the URL of the way).
doctor-found-ptr = { $address } is called { $ehlo }, and { $ehlo } leads back to it.
doctor-found-ptr-inside = This machine has no public address of its own to look up.
doctor-do-ptr-inside = Behind a router, the reverse name of the router's address counts: it should be { $ehlo }.
doctor-found-ptr-none = { $address } has no reverse name: Gmail and many others refuse its mail.
doctor-do-ptr-none = Ask whoever rents you the machine to set the reverse name (PTR) of { $address } to { $ehlo }; it is usually a field in their console.
doctor-found-ptr-other = { $address } is called { $name }, which leads back to it, but we greet as { $ehlo }.
doctor-do-ptr-other = Best is one name for both: set the reverse name to { $ehlo }, or greet as { $name }.
doctor-found-ptr-false = { $address } is called { $name }, which does not lead back to it: receivers take that for a lie.
doctor-do-ptr-false = Ask whoever rents you the machine to set the reverse name (PTR) of { $address } to { $ehlo }.
doctor-found-port-25 = Mail servers can be reached: { $host } answers on port 25.
doctor-found-port-25-closed = { $host } cannot be reached on port 25: this network lets no mail out.
doctor-do-port-25-closed = Ask whoever rents you the machine to open port 25, or send by a relay on port 587 or 465.

## A sender's domain

doctor-found-spf = SPF names who sends for { $domain } ({ $n } of 10 look-ups): { $record }
doctor-found-spf-missing = { $domain } has no SPF record: nobody can know which servers send in its name.
doctor-do-spf-missing = Publish this record; add what else sends mail for the domain before the ~all.
doctor-found-spf-several = { $domain } has { $n } SPF records, so receivers see an error and none counts.
doctor-do-spf-several = Merge them into one record and delete the others.
doctor-found-spf-wrong = The SPF record of { $domain } cannot be read: { $why }
doctor-do-spf-wrong = Correct the record; this is what it could say.
doctor-found-spf-broken = SPF of { $domain }: something is broken at { $place }: { $why }
doctor-do-spf-broken = Take the mention of { $place } out of the record, or have it mended by its owner: until then receivers see an error.
doctor-found-spf-dear = SPF of { $domain } takes { $n } look-ups; receivers stop at 10 and see an error.
doctor-do-spf-dear = Drop the includes of services that no longer send for you.
doctor-found-spf-everybody = SPF of { $domain } ends in +all: the whole world may send in its name.
doctor-do-spf-everybody = End the record with ~all.
doctor-found-spf-endless = SPF of { $domain } says nothing about everybody else.
doctor-do-spf-endless = End the record with ~all.
doctor-found-spf-include = SPF of { $domain } does not name { $service }, by which we send.
doctor-do-spf-include = Add { $mechanism } to the record, as { $service } documents; if it uses a return path of its own, its site says what to publish instead.
doctor-found-spf-relay = SPF of { $domain } does not let the relay { $host } send.
doctor-do-spf-relay = Look in the relay's documentation for the include it asks for; failing that, name its host.
doctor-found-spf-own = SPF of { $domain } does not let our own address { $address } send.
doctor-do-spf-own = Add the address to the record.
doctor-found-dkim = Mail from { $domain } is signed ({ $bits } bits), and DNS shows the right key at { $name }.
doctor-found-dkim-relay = Mail from { $domain } is signed by the relay, not here.
doctor-do-dkim-relay = Make sure on the relay's site that it signs with d={ $domain }.
doctor-found-dkim-none = Mail from { $domain } is not signed here.
doctor-do-dkim-none = Make a key and publish the record it prints: soucoupe keys create --domain { $domain } — unless the relay signs; then say signing = "relay" of that route.
doctor-found-dkim-missing = Mail from { $domain } is signed, but DNS shows no key at { $name }: no receiver can check the signature.
doctor-do-dkim-missing = Publish this record.
doctor-found-dkim-several = DNS shows { $n } records at { $name }; receivers may take the wrong one.
doctor-do-dkim-several = Leave only this record there.
doctor-found-dkim-wrong = The record at { $name } is no key: { $why }
doctor-do-dkim-wrong = Put this record in its place; a long value is often cut or broken by the form it was pasted into.
doctor-found-dkim-revoked = The key at { $name } is empty, which means taken back.
doctor-do-dkim-revoked = Put this record in its place.
doctor-found-dkim-other = The key at { $name } is not the one we sign with: every signature fails.
doctor-do-dkim-other = Put this record in its place, or make a key under another name: soucoupe keys create --selector NAME
doctor-found-dkim-useless = The key at { $name } is too short, or not meant for mail: receivers ignore it.
doctor-do-dkim-useless = Make a new key under another name: soucoupe keys create --domain { $domain } --selector NAME
doctor-found-dkim-testing = The key at { $name } says that it is only being tried (t=y): some receivers ignore it.
doctor-do-dkim-testing = Take t=y out of the record.
doctor-found-dkim-short = The key at { $name } has { $bits } bits; 2048 are advised.
doctor-do-dkim-short = Make a new key under another name: soucoupe keys create --domain { $domain } --selector NAME
doctor-found-dmarc = DMARC protects { $domain } (p={ $policy }, at { $place }); reports go to { $reports }.
doctor-found-dmarc-none = DMARC is there (p=none, at { $place }); reports go to { $reports }.
doctor-do-dmarc-none = When the reports show that all your mail passes, go on to p=quarantine: it keeps others from writing in your name.
doctor-found-dmarc-missing = Nothing says DMARC for { $domain }: Gmail, Yahoo and Outlook refuse letters without it.
doctor-do-dmarc-missing = Publish this record; p=none changes nothing for your other mail, and the reports tell who writes in your name.
doctor-found-dmarc-wrong = The DMARC record of { $domain } does not count: { $why }
doctor-do-dmarc-wrong = Leave only this record there.
doctor-found-dmarc-no-policy = The DMARC record at { $place } has no valid policy and counts as p=none.
doctor-do-dmarc-no-policy = Write p=none, p=quarantine or p=reject into it.
doctor-found-dmarc-no-reports = DMARC is there (p={ $policy }, at { $place }), but names nobody to report to.
doctor-do-dmarc-no-reports = Add rua= with an address that is read: without reports nobody sees what fails.
doctor-found-dmarc-share = The DMARC record at { $place } says pct={ $share }, which RFC 9989 took away: the policy applies to all mail.
doctor-do-dmarc-share = Take pct out of it; to try a policy, write t=y instead.
doctor-found-aligned = The signature and the return path ({ $path }) are both in the name of { $domain }.
doctor-found-aligned-key = The signature is in the name of { $domain }; the return path is { $path }, another domain, so DMARC rests on the signature alone.
doctor-do-aligned-key = That is enough; with SOUCOUPE_BOUNCE_DOMAIN set to a name below { $domain }, SPF would count too.
doctor-found-aligned-path = The return path ({ $path }) is in the name of { $domain }, but nothing is signed in it: DMARC fails as soon as a letter is forwarded.
doctor-do-aligned-path = Make a signing key: soucoupe keys create --domain { $domain }
doctor-found-aligned-relay = Neither the return path ({ $path }) nor a signature of ours is in the name of { $domain }: all rests on the relay's signature.
doctor-do-aligned-relay = Make sure on the relay's site that it signs with d={ $domain }, or sign here too: soucoupe keys create --domain { $domain }
doctor-found-aligned-none = Neither a signature nor the return path ({ $path }) is in the name of { $domain }: DMARC fails for every letter.
doctor-do-aligned-none = Make a signing key: soucoupe keys create --domain { $domain }
doctor-found-bimi = BIMI shows the logo { $url }, with a certificate.
doctor-found-bimi-unproven = BIMI shows the logo { $url }; Gmail and Apple want a certificate (VMC or CMC) besides.
doctor-found-bimi-none = No logo is published (BIMI); nobody has to.
doctor-do-bimi-none = To show one beside your name: a square SVG Tiny PS drawing on your own site, and this record.
doctor-found-bimi-declined = BIMI says that no logo is to be shown.
doctor-found-bimi-wrong = The BIMI record of { $domain } cannot be used: { $why }
doctor-do-bimi-wrong = This is the form it has.
doctor-found-bimi-lenient = BIMI has a logo, but shows it only under a DMARC policy of quarantine or reject.
doctor-do-bimi-lenient = Once the DMARC reports are clean, tighten the policy.
doctor-found-bimi-logo-lost = The logo { $url } cannot be fetched: { $why }
doctor-do-bimi-logo-lost = It must answer over https without a detour.
doctor-found-bimi-logo-wrong = { $n ->
    [one] The logo { $url } is not as BIMI wants it: { $why }.
   *[other] The logo { $url } is not as BIMI wants it, in { $n } ways; the first: { $why }.
}
doctor-do-bimi-logo-wrong = Save it as SVG Tiny PS: square, with a title, without scripts, pictures or fonts from elsewhere.

## The way back

doctor-found-way-back = Bounces and replies come back: { $servers } is this machine.
doctor-found-way-back-mailbox = Bounces and replies arrive at { $servers } and are read from the mailbox.
doctor-found-way-back-services = Bounces are told by { $services }; replies go to the address readers see.
doctor-found-way-back-none = No way back is configured: bounces will be lost, and dead addresses mailed for ever.
doctor-do-way-back-none = Set SOUCOUPE_RETURNS_LISTEN and publish an MX record for { $domain }, or SOUCOUPE_RETURNS_IMAP for a mailbox, or the secret of your relay's notices under [webhooks].
doctor-found-way-back-no-mx = { $domain } has no MX record: bounces find nobody.
doctor-do-way-back-no-mx = Publish this record, with the name of the machine that takes the mail.
doctor-found-way-back-null = { $domain } says that it takes no mail at all (null MX): bounces are lost, and many receivers refuse such senders.
doctor-do-way-back-null = Put this record in its place.
doctor-found-way-back-lost = The mail server of { $domain }, { $servers }, has no address.
doctor-do-way-back-lost = Name a machine in the MX record that exists, such as this one.
doctor-found-way-back-elsewhere = Mail for { $domain } goes to { $servers }, which is not this machine ({ $host }) as far as one can see.
doctor-do-way-back-elsewhere = If that server passes mail on to us, all is well; otherwise point the MX record here.
doctor-found-way-back-deaf = Returned mail is awaited on { $listen }, but nothing answers there.
doctor-do-way-back-deaf = Start the server (soucoupe serve), and look into its log if it runs already.
doctor-found-way-back-port = Returned mail is awaited on { $listen }, but servers deliver to port 25 only.
doctor-do-way-back-port = Lead port 25 of this machine there, or listen on port 25.
doctor-found-tls-rpt = Reports about encryption that failed go to { $reports }.
doctor-found-tls-rpt-missing = { $domain } takes mail, and nobody is told when others cannot encrypt to it.
doctor-do-tls-rpt-missing = Publish this record, with an address that is read.
doctor-found-tls-rpt-none = No TLS-RPT record at { $domain }; it is only of use where mail is taken in.
doctor-found-tls-rpt-wrong = The TLS-RPT record of { $domain } does not count: { $why }
doctor-do-tls-rpt-wrong = Leave only this record there.
doctor-found-mta-sts = MTA-STS tells senders that our servers encrypt (mode { $mode }).
doctor-found-mta-sts-none = No MTA-STS at { $domain }; nobody has to.
doctor-found-mta-sts-wrong = The MTA-STS record of { $domain } does not count: { $why }
doctor-do-mta-sts-wrong = It reads v=STSv1; id=1 with a new id at every change; or take it away.
doctor-found-mta-sts-lost = There is an MTA-STS record, but the policy { $url } cannot be fetched: { $why }
doctor-do-mta-sts-lost = Serve the policy there over https, or take the record away.
doctor-found-mta-sts-wrong-policy = The MTA-STS policy { $url } cannot be used: { $why }
doctor-do-mta-sts-wrong-policy = Correct the file, then change the id of the record.
doctor-found-mta-sts-server = The MTA-STS policy { $url } leaves out our server { $server }: careful senders will not deliver to it.
doctor-do-mta-sts-server = Add a line “mx: { $server }” to the policy, then change the id of the record.

## A sample letter

doctor-found-postal = The letter has a postal address at its foot.
doctor-found-postal-none = No postal address stands at the foot; many countries ask for one.
doctor-do-postal-none = Write it into the settings of the publication.
doctor-found-sample-edition = Looked at as a reader would get it: “{ $title }”.
doctor-found-sample-untitled = Looked at as a reader would get it: the newest edition, which has no title yet.
doctor-found-sample-own = There is no edition yet, so a letter of our own was looked at.
doctor-found-message-fault = The letter cannot be made: { $fault }
doctor-do-message-fault = Look at the settings of the publication: its sender, its name, and the address of the instance.
doctor-found-from = It is from { $from }, one address of { $domain }, and replies go to an address.
doctor-found-from-many = It has no sender, or several.
doctor-found-from-foreign = It is from { $from }, which is not at the domain of the publication.
doctor-found-reply-to-none = It is from { $from } and names no address for replies, which Outlook asks for.
doctor-do-reply-to-none = Name one in the settings of the publication.
doctor-found-one-click = One click unsubscribes, as RFC 8058 has it.
doctor-found-one-click-plain = The one-click address begins with { $url }: without https, Gmail and Yahoo do not take it.
doctor-do-one-click-plain = Put https in front of the instance and set SOUCOUPE_BASE_URL to it.
doctor-found-one-click-none = The one-click pair of RFC 8058 is missing or incomplete.
doctor-found-signature = The signature of { $domain } covers the headers that count, the one-click pair among them.
doctor-found-signature-none = It leaves here unsigned: the relay must sign it, and cover List-Unsubscribe and List-Unsubscribe-Post.
doctor-do-signature-none = Make a key for the sender's domain, or make sure that the relay signs: Gmail and Yahoo ignore an unsigned one-click pair.
doctor-found-signature-open = The signature of { $domain } leaves out { $fields }.
doctor-found-list-id = The list is { $id }; complaints are counted under { $feedback }.
doctor-found-list-id-none = List-Id or Feedback-ID is missing or malformed.
doctor-found-message-id = Date and Message-ID are ours (at { $domain }); the return path is at { $path }.
doctor-found-message-id-local = The Message-ID is at { $domain }, a name that means something else on every machine.
doctor-do-message-id-local = Set SOUCOUPE_BASE_URL to the address that readers will see.
doctor-found-message-id-none = Date or Message-ID is missing.
doctor-found-size = The HTML weighs { $size }, of { $budget } it may have; the whole mail { $whole }.
doctor-found-size-heavy = The HTML weighs { $size }, more than { $budget }: Gmail may cut the end off. The whole mail weighs { $whole }.
doctor-do-size-heavy = Shorten the edition, or move a part of it to the site.
doctor-found-size-clipped = The HTML weighs { $size }, far over { $budget }: Gmail cuts the end off, and with it the link to unsubscribe. The whole mail weighs { $whole }.
doctor-do-size-clipped = Shorten the edition, or move a part of it to the site.
doctor-found-links = All links are encrypted and somebody is there: { $own } to your own site, { $foreign } to others.
doctor-found-links-plain = { $n ->
    [one] One link is not encrypted: { $urls }
   *[other] { $n } links are not encrypted: { $urls }
}
doctor-do-links-plain = Write https in their place where the site has it; filters count the others against you.
doctor-found-links-dead = { $n ->
    [one] Behind one link nobody is: { $urls }
   *[other] Behind { $n } links nobody is: { $urls }
}
doctor-do-links-dead = Correct them before the edition leaves.
doctor-found-links-not-asked = { $own } links to your own site, { $foreign } to others; nobody was asked whether they are alive.
doctor-found-links-silent = { $own } links to your own site, { $foreign } to others; none of the others could be reached from here.
doctor-found-spam-low = The spam filter gives { $score } points of { $threshold }; what spoke: { $rules }
doctor-found-spam-near = The spam filter gives { $score } points of { $threshold }, which is close; what spoke: { $rules }
doctor-do-spam-near = Look at the rules with the most points; words, links and a missing record each have their own.
doctor-found-spam-high = The spam filter takes the letter for spam: { $score } points, where { $threshold } are too many; what spoke: { $rules }
doctor-do-spam-high = Look at the rules with the most points; words, links and a missing record each have their own.
doctor-found-spam-silent = The spam filter at { $place } does not answer: { $why }
doctor-do-spam-silent = Look whether it runs, and at SOUCOUPE_SPAM_CHECKER.
