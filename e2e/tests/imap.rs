//! The client of mailboxes against a real IMAP server: Dovecot, in a network of its own.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use e2e::alone;
use e2e::town::{ADDRESSES, Dovecot, EXCHANGE, NAMES, Names};
use imap::{Fetched, ImapError, LARGEST, Mailbox, Session, Timeouts};

const ANN: &str = "ann@mailbox.test";

fn mail(id: &str, body: &str) -> Vec<u8> {
    format!("From: x@y.test\r\nMessage-ID: <{id}@y.test>\r\nSubject: {id}\r\n\r\n{body}\r\n").into_bytes()
}

async fn open(dovecot: &Dovecot, scheme: &str, rest: &str) -> Session {
    let mailbox = Mailbox::parse(&dovecot.url(scheme, ANN, rest)).unwrap();
    Session::open(&mailbox, Timeouts::all(Duration::from_secs(60))).await.unwrap()
}

/// What a new session sees.
async fn seen(dovecot: &Dovecot, scheme: &str, rest: &str) -> Vec<Fetched> {
    let mut session = open(dovecot, scheme, rest).await;
    let mails = session.fetch_new(100).await.unwrap();
    session.close().await;
    mails
}

fn ids(mails: &[Fetched]) -> Vec<&str> {
    mails.iter().map(|mail| mail.message_id.as_deref().unwrap()).collect()
}

async fn polled() {
    let _names = Names::start(NAMES, &[]).await;
    let dovecot = Dovecot::start(EXCHANGE, &[ANN]).await;
    assert_eq!(seen(&dovecot, "imaps", "").await, []);
    let odd = mail("1", "Un octet nul n'y est pas, mais {12} et ) et \"é\" y sont.\r\n.\r\n..");
    dovecot.put(ANN, "1", &odd);
    dovecot.put(ANN, "2", &mail("2", &"x".repeat(LARGEST as usize)));
    dovecot.put(ANN, "3", &mail("3", "trois"));
    let first = seen(&dovecot, "imaps", "").await;
    assert_eq!(ids(&first), ["<1@y.test>", "<2@y.test>", "<3@y.test>"]);
    assert_eq!(first[0].raw, odd);
    assert_eq!(first[0].size, odd.len() as u64);
    assert_eq!((first[1].whole, first[1].raw.ends_with(b"Subject: 2\r\n\r\n")), (false, true));

    // Nobody has committed anything: the same mails are there, under the same keys, whichever way one looks.
    assert_eq!(seen(&dovecot, "imap+starttls", "").await, first);
    let mut session = open(&dovecot, "imaps", "").await;
    assert_eq!(session.fetch_new(1).await.unwrap(), first[..1]);
    session.taken(first[0].uid).await.unwrap();
    // Twice is as good as once, and a mail that is gone is taken.
    session.taken(first[0].uid).await.unwrap();
    session.taken(4_000_000_000).await.unwrap();
    assert_eq!(session.fetch_new(100).await.unwrap(), first[1..]);
    session.close().await;
    assert_eq!(seen(&dovecot, "imaps", "").await, first[1..]);

    // With a mark of our own, what a person has read is new to us.
    let with_keyword = seen(&dovecot, "imaps", "?keyword=Soucoupe").await;
    assert_eq!(with_keyword, first);
    let mut session = open(&dovecot, "imaps", "?keyword=Soucoupe").await;
    session.taken(first[2].uid).await.unwrap();
    assert_eq!(session.fetch_new(100).await.unwrap(), first[..2]);
    session.close().await;
    assert_eq!(seen(&dovecot, "imaps", "").await, first[1..], "our mark is not the person's");
}

async fn moved() {
    let _names = Names::start(NAMES, &[]).await;
    let dovecot = Dovecot::start(EXCHANGE, &[ANN]).await;
    dovecot.put(ANN, "1", &mail("1", "un"));
    dovecot.put(ANN, "2", &mail("2", "deux"));
    let mut session = open(&dovecot, "imaps", "?move=Re%C3%A7us").await;
    let mails = session.fetch_new(100).await.unwrap();
    assert_eq!(ids(&mails), ["<1@y.test>", "<2@y.test>"]);
    session.taken(mails[0].uid).await.unwrap();
    session.taken(mails[0].uid).await.unwrap();
    session.close().await;
    assert_eq!(seen(&dovecot, "imaps", "").await, mails[1..]);
    // There it is, seen already, so that only our own keyword finds it.
    assert_eq!(seen(&dovecot, "imaps", "/Re%C3%A7us").await, []);
    let there = seen(&dovecot, "imaps", "/Re%C3%A7us?keyword=Found").await;
    assert_eq!(ids(&there), ["<1@y.test>"]);
    assert_ne!(there[0].key, mails[0].key);
}

async fn refused() {
    let _names = Names::start(NAMES, &[]).await;
    let dovecot = Dovecot::start(EXCHANGE, &[ANN]).await;
    let open = async |url: &str| {
        let mailbox = Mailbox::parse(url).unwrap();
        Session::open(&mailbox, Timeouts::all(Duration::from_secs(60))).await.unwrap_err()
    };
    let url = dovecot.url("imaps", ANN, "");
    let error = open(&url.replace("s%3Ae", "wrong")).await;
    assert!(matches!(&error, ImapError::SignIn { words } if !words.is_empty()), "{error:?}");
    assert!(error.is_about_settings() && !format!("{error:?}").contains("wrong%2F"));
    // Without its certificate, it is a stranger.
    let error = open(url.split('?').next().unwrap()).await;
    assert!(matches!(error, ImapError::Tls { .. }), "{error:?}");
    // The certificate is not for that name.
    let error = open(&url.replace("mx.mailbox.test", "in.gazette.example").replace("?", ":993?")).await;
    assert!(matches!(error, ImapError::Tls { .. } | ImapError::Connect { .. }), "{error:?}");
    let error = open(&dovecot.url("imaps", ANN, "/Missing")).await;
    assert!(matches!(error, ImapError::Refused { .. }), "{error:?}");
}

#[test]
fn a_mailbox_gives_each_mail_under_the_same_key_until_it_is_taken() {
    alone("a_mailbox_gives_each_mail_under_the_same_key_until_it_is_taken", ADDRESSES, polled());
}

#[test]
fn what_was_taken_is_moved_to_a_folder_that_is_made_for_it() {
    alone("what_was_taken_is_moved_to_a_folder_that_is_made_for_it", ADDRESSES, moved());
}

#[test]
fn a_wrong_password_a_stranger_and_a_missing_folder_are_told_apart() {
    alone("a_wrong_password_a_stranger_and_a_missing_folder_are_told_apart", ADDRESSES, refused());
}
