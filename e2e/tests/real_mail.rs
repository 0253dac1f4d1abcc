//! Letters among real mail servers, in a town with a network of its own: what the program signs is judged by OpenDKIM,
//! OpenDMARC and dkimpy after two hops, and lies in Dovecot as it left; what comes back finds its way.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use e2e::town::{self, Back, RETURNS, Town, dkim_verifies};
use e2e::{Browser, Engine, PATIENCE, Program, Received, alone, speak_to, until};

const ZOE: &str = "zoe@mailbox.test";
const GONE: &str = "gone@mailbox.test";
const BOUNCE_DOMAIN: &str = "bounce.gazette.example";

const EDITION: &str = "---\ntitle: Ce que l'on signe\nsubject: Été, l'écho & la signature\nslug: signature\nlanguage: fr\n---\n\n\
                       Bonjour {first_name|la mif},\n\nUne ligne assez longue pour devoir être pliée, avec des accents : \
                       é, è, ç, œ, et un point tout seul à la ligne suivante.\n\n.\n\nFrom ici, tout va bien.\n";

/// An instance that signs, and the records to publish for it, as it prints them and as its owner completes them.
async fn author() -> (Program, Vec<String>) {
    let (program, mut records) = author_by(&format!("smtp://{}", town::smtp(town::TAP))).await;
    let spf = records.iter_mut().find(|record| record.contains("v=spf1 mx ")).expect("SPF is printed");
    // "Put your relay in place of mx where it is another server."
    *spf = spf.replace("v=spf1 mx ", "v=spf1 a:relay.test ");
    (program, records)
}

/// The same for any way out, with the records as they are printed.
async fn author_by(relay: &str) -> (Program, Vec<String>) {
    let mut program = Program::fresh(Engine::Sqlite, relay).await;
    program.set("SOUCOUPE_BOUNCE_DOMAIN", BOUNCE_DOMAIN);
    let gazette = ["publication", "create", "--slug", "gazette", "--name", "La Gazette", "--language", "fr"];
    // Answers come to the program, at the address that the desk names.
    let answers = format!("r+gazette@{BOUNCE_DOMAIN}");
    let addresses = ["--from", "Ada <ada@gazette.example>", "--reply-to", &answers];
    program.ok(&[gazette.as_slice(), &addresses].concat()).await;
    let printed = program.ok(&["keys", "create", "--domain", "gazette.example"]).await;
    (program, printed.lines().map(str::to_owned).collect())
}

/// The headers with their names in small letters, and the body.
fn take_apart(mail: &[u8]) -> (Vec<(String, Vec<u8>)>, &[u8]) {
    let end = mail.windows(4).position(|window| window == b"\r\n\r\n").expect("headers end") + 2;
    let mut fields: Vec<(String, Vec<u8>)> = Vec::new();
    for line in mail[..end].split_inclusive(|byte| *byte == b'\n') {
        match fields.last_mut() {
            Some((_, field)) if line.starts_with(b" ") || line.starts_with(b"\t") => {
                field.extend_from_slice(line)
            }
            _ => {
                let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
                fields.push((String::from_utf8_lossy(name).to_ascii_lowercase(), line.to_vec()));
            }
        }
    }
    (fields, &mail[end + 2..])
}

fn fields<'a>(mail: &'a [(String, Vec<u8>)], name: &str) -> Vec<&'a [u8]> {
    mail.iter().filter(|(known, _)| known == name).map(|(_, field)| field.as_slice()).collect()
}

/// What the receiving server wrote down about a mail, on one line.
fn verdicts(mail: &[u8]) -> String {
    let (head, _) = take_apart(mail);
    let found = fields(&head, "authentication-results").concat();
    String::from_utf8_lossy(&found).split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn signed_letters() {
    let (program, records) = author().await;
    let town = Town::start(&[ZOE], &records, Back::Listener).await;
    let serving = program.serve().await;
    program.import(&format!("email,first_name\n{ZOE},Zoé\n")).await;
    let dispatch = program.send(&program.edition(EDITION).await).await;
    assert_eq!(program.finished(dispatch).await["accepted"], 1);

    let arrived = town.dovecot.mails(ZOE, 1).await.remove(0).raw;
    judged_well(&arrived);
    as_it_left(&town.tap.mails(), &arrived);
    strangers_are_told_apart(&town, &arrived).await;
    let (ended, _) = serving.terminate().await;
    assert!(ended.success(), "{ended}");
}

/// OpenDKIM, OpenDMARC and dkimpy agree on a letter.
fn judged_well(arrived: &[u8]) {
    let said = verdicts(arrived);
    for verdict in [
        "dkim=pass (2048-bit key",
        "header.d=gazette.example",
        &format!("spf=pass smtp.mailfrom={BOUNCE_DOMAIN}"),
        "dmarc=pass (p=none",
        "header.from=gazette.example",
    ] {
        assert!(said.contains(verdict), "{verdict} is missing: {said}");
    }
    assert!(dkim_verifies(arrived), "dkimpy does not agree");
}

/// The body and all signed headers, to the octet.
fn as_it_left(left: &[Vec<u8>], arrived: &[u8]) {
    assert_eq!(left.len(), 1, "one reader, one mail");
    let (before, after) = (take_apart(&left[0]), take_apart(arrived));
    assert_eq!(before.1, after.1, "the body is not what it was");
    let signature = fields(&before.0, "dkim-signature").concat();
    let signature: String = String::from_utf8_lossy(&signature).split_whitespace().collect();
    let signed =
        signature.split(';').find_map(|tag| tag.strip_prefix("h=")).expect("h= names what is signed");
    let names: std::collections::BTreeSet<&str> = signed.split(':').chain(["DKIM-Signature"]).collect();
    for needed in ["From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post"]
    {
        assert!(
            names.iter().any(|name| name.eq_ignore_ascii_case(needed)),
            "{needed} is not signed: {signed}"
        );
    }
    for name in names {
        let name = name.to_ascii_lowercase();
        assert_eq!(fields(&before.0, &name), fields(&after.0, &name), "{name} is not what it was");
    }
}

/// The judges do not say yes to everything.
async fn strangers_are_told_apart(town: &Town, arrived: &[u8]) {
    let mut altered = arrived.to_vec();
    let place = altered.len() - 3;
    altered[place] ^= 1;
    assert!(!dkim_verifies(&altered), "a letter with another end verifies");

    // From another address than the relay's, without a signature.
    let forged = b"From: Ada <ada@gazette.example>\r\nTo: <zoe@mailbox.test>\r\nSubject: Forged\r\n\
                   Date: Tue, 24 Nov 2026 08:00:00 +0000\r\nMessage-ID: <forged@gazette.example>\r\n\r\nBonjour.\r\n";
    let exchange = smtp::Route::plain(town::EXCHANGE.to_string(), 25);
    let mut line =
        smtp::Connection::open(&exchange, "stranger.test", smtp::Timeouts::default()).await.unwrap();
    line.deliver(&format!("b@{BOUNCE_DOMAIN}"), ZOE, forged, smtp::ungated()).await.unwrap();
    line.quit().await;
    let mails = town.dovecot.mails(ZOE, 2).await;
    let forged = mails.iter().find(|mail| mail.message_id.as_deref() == Some("<forged@gazette.example>"));
    let said = verdicts(&forged.unwrap().raw);
    // The record ends with ~all; to OpenDMARC that is a failure too.
    for verdict in ["dkim=none", "spf=fail", "dmarc=fail"] {
        assert!(said.contains(verdict), "{verdict} is missing: {said}");
    }
}

const ANSWER: &str = "Quelle belle lettre !";
const OWNER: (&str, &str) = ("ada@gazette.example", "un mot de passe assez long");

/// A reader without a mailbox, and one who answers, by the listener.
async fn back_by_the_listener() {
    let (mut program, records) = author().await;
    program.set("SOUCOUPE_RETURNS_LISTEN", &town::smtp(town::LISTENER).to_string());
    let town = Town::start(&[ZOE], &records, Back::Listener).await;
    let serving = program.serve().await;
    let letter = sent_to_two(&program, &town).await;
    // The listener says 250 when what follows is committed.
    town.relay.has_sent("b+").await;
    answer(&letter).await;
    town.exchange.has_sent("r+gazette@").await;
    gone_is_left_out(&program, &town).await;
    author_reads_it(&program, "real-mail-listener").await;
    serving.terminate().await;
}

/// The same, where the program cannot be reached: it polls a mailbox.
async fn back_by_the_mailbox() {
    let (mut program, records) = author().await;
    let town = Town::start(&[ZOE], &records, Back::Mailbox).await;
    program.set("SOUCOUPE_RETURNS_IMAP", &town.dovecot.url("imaps", RETURNS, "?move=Soucoupe"));
    let serving = program.serve().await;
    let letter = sent_to_two(&program, &town).await;
    let (ended, _) = serving.terminate().await;
    assert!(ended.success(), "{ended}");
    // Both lie there while nobody looks; whoever comes back looks at once.
    answer(&letter).await;
    let waiting = town.dovecot.mails(RETURNS, 2).await;
    assert_eq!(waiting.len(), 2, "a notice of Postfix and an answer");
    let serving = program.serve().await;
    // Each is moved when what follows from it is committed.
    town.dovecot.mails_at(&town.dovecot.url("imaps", RETURNS, "/Soucoupe?keyword=Ours"), 2).await;
    gone_is_left_out(&program, &town).await;
    author_reads_it(&program, "real-mail-mailbox").await;
    serving.terminate().await;
}

/// Without a relay: the program looks for the readers' servers itself, and hears at once who is gone.
async fn without_a_relay() {
    // The records as they are printed: the machine that takes the returns is the one that sends.
    let (mut program, records) = author_by("direct:?ehlo=in.gazette.example").await;
    program.set("SOUCOUPE_RETURNS_LISTEN", &town::smtp(town::LISTENER).to_string());
    let town = Town::start(&[ZOE], &records, Back::Listener).await;
    speak_to(town::EXCHANGE, town::LISTENER);
    let serving = program.serve().await;
    program.import(&format!("email,first_name\n{ZOE},Zoé\n{GONE},\n")).await;
    let dispatch = program.send(&program.edition(EDITION).await).await;
    let status = program.finished(dispatch).await;
    assert_eq!((&status["accepted"], &status["failed"]), (&1.into(), &1.into()), "{status}");
    let arrived = town.dovecot.mails(ZOE, 1).await.remove(0).raw;
    judged_well(&arrived);
    let (head, _) = take_apart(&arrived);
    let received = String::from_utf8_lossy(&fields(&head, "received").concat()).into_owned();
    // Encrypted, since the server offers it; and under the name that the records vouch for.
    assert!(received.contains("TLSv1.3") && received.contains("from in.gazette.example"), "{received}");
    let browser = at_the_desk(&program, "real-mail-direct").await;
    until("what the server answered is taken in", PATIENCE, async || {
        browser.goto(&program.url("/desk/gazette/returns")).await;
        browser.words().await.contains(GONE).then_some(())
    })
    .await;
    browser.close().await;
    gone_is_left_out(&program, &town).await;
    serving.terminate().await;
}

/// An edition to Zoé, and to an address that Postfix takes for the relay and the readers' server then refuses.
async fn sent_to_two(program: &Program, town: &Town) -> Received {
    program.import(&format!("email,first_name\n{ZOE},Zoé\n{GONE},\n")).await;
    let dispatch = program.send(&program.edition(EDITION).await).await;
    assert_eq!(program.finished(dispatch).await["accepted"], 2, "the relay takes both");
    Received::of(town.dovecot.mails(ZOE, 1).await.remove(0).raw)
}

/// What a mail program makes of "reply".
async fn answer(letter: &Received) {
    let message = letter.message();
    let to = message.reply_to().and_then(|to| to.first()).and_then(|to| to.address()).unwrap().to_owned();
    assert_eq!(to, format!("r+gazette@{BOUNCE_DOMAIN}"));
    let reply = format!(
        "From: =?utf-8?q?Zo=C3=A9?= <{ZOE}>\r\nTo: <{to}>\r\nSubject: Re: Bonjour\r\n\
         Date: Tue, 24 Nov 2026 09:00:00 +0000\r\nMessage-ID: <answer@mailbox.test>\r\nIn-Reply-To: {id}\r\n\
         References: {id}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
         {ANSWER}\r\n\r\nLe mar. 24 nov. 2026, Ada <ada@gazette.example> a \u{e9}crit :\r\n> Bonjour Zo\u{e9},\r\n",
        id = letter.header("Message-ID"),
    );
    let exchange = smtp::Route::plain(town::EXCHANGE.to_string(), 25);
    let mut line = smtp::Connection::open(&exchange, "laptop.test", smtp::Timeouts::default()).await.unwrap();
    line.deliver(ZOE, &to, reply.as_bytes(), smtp::ungated()).await.unwrap();
    line.quit().await;
}

/// The next edition goes to Zoé only.
async fn gone_is_left_out(program: &Program, town: &Town) {
    let second = EDITION.replace("slug: signature", "slug: suite");
    let dispatch = program.send(&program.edition(&second).await).await;
    let status = program.finished(dispatch).await;
    assert_eq!((&status["accepted"], &status["left_out"]), (&1.into(), &1.into()), "{status}");
    town.dovecot.mails(ZOE, 2).await;
}

/// The author finds both at the desk.
async fn author_reads_it(program: &Program, pictures: &str) {
    let browser = at_the_desk(program, pictures).await;
    browser.goto(&program.url("/desk/gazette/returns")).await;
    browser.says(GONE).await;
    browser.picture("returns").await;
    browser.goto(&program.url("/desk/gazette/replies")).await;
    browser.says("Zo\u{e9}").await;
    browser.says(ANSWER).await;
    browser.picture("replies").await;
    assert!(!browser.words().await.contains("Bonjour Zo\u{e9}"), "what was quoted is left out");
    browser.close().await;
}

async fn at_the_desk(program: &Program, pictures: &str) -> Browser {
    let browser = Browser::open(pictures).await;
    browser.goto(&program.url("/desk")).await;
    browser.is_at("/desk/welcome").await;
    browser.fill("#name", "Ada").await;
    browser.fill("#email", OWNER.0).await;
    browser.fill("#password", OWNER.1).await;
    browser.press("main form button").await;
    browser.is_at("/desk").await;
    browser
}

#[test]
fn a_letter_is_signed_sent_and_judged_as_it_left() {
    alone("a_letter_is_signed_sent_and_judged_as_it_left", town::ADDRESSES, signed_letters());
}

#[test]
fn a_dead_address_and_an_answer_come_back_by_the_listener() {
    alone("a_dead_address_and_an_answer_come_back_by_the_listener", town::ADDRESSES, back_by_the_listener());
}

#[test]
fn a_dead_address_and_an_answer_come_back_by_a_mailbox() {
    alone("a_dead_address_and_an_answer_come_back_by_a_mailbox", town::ADDRESSES, back_by_the_mailbox());
}

#[test]
fn a_letter_finds_the_readers_server_without_a_relay() {
    alone("a_letter_finds_the_readers_server_without_a_relay", town::ADDRESSES, without_a_relay());
}
