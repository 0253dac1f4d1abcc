//! The signed log, and whether a copy is what was sent.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod house;

use dispatch::proof::{Place, Verdict, proofs, verify};
use house::{asked, edition, gazette, readers, send, with_relay};
use instance::Instance;
use smtp::sink::{Fault, FaultStage, Misdeed, Sink, SinkOptions, Who};
use store::{Query, params};
use testkit::{assert_no_full_scan, on_both};
use wire::Address;

const FORGE: Query =
    Query::new("test.forge", "UPDATE proofs SET entry = REPLACE(entry, ?2, ?3) WHERE number = ?1");
const FORGET: Query = Query::new("test.forget", "DELETE FROM proofs WHERE number = ?1");
const SWAP_LETTER: Query = Query::new(
    "test.swap_letter",
    "UPDATE dispatches SET letter = (SELECT o.letter FROM dispatches o WHERE o.id = ?2) WHERE id = ?1",
);

fn keeping() -> SinkOptions {
    SinkOptions { keep_messages: true, ..SinkOptions::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_dispatch_that_ends_is_one_signed_line_that_follows_from_the_one_before() {
    on_both(|house| async move {
        let gone = Fault::always(FaultStage::Rcpt, Misdeed::Say(550, "5.1.1 no such user".into()))
            .to(Who::Address("reader1@example1.test".into()));
        let (sink, instance, made) = asked(&house, SinkOptions { faults: vec![gone], ..keeping() }, 5).await;
        send(&instance).await;
        let publication = publications::find(&instance, "gazette").await.unwrap().unwrap();
        let second = edition(&instance, &publication).await;
        let zoe = Address::parse("zoe@readers.test").unwrap();
        let looked = dispatch::create_test(&instance, &publication, &second, &zoe).await.unwrap();
        instance.clock.advance(60_000_000);
        send(&instance).await;
        // What never had a letter leaves no trace in the log.
        let later = instance.now_us() + 3_600_000_000;
        let everyone = audience::Audience::Everyone;
        let called_off =
            dispatch::create(&instance, &publication, &second, &everyone, Some(later)).await.unwrap();
        assert!(dispatch::stop(&instance, called_off.id).await.unwrap());
        assert!(!dispatch::stop(&instance, made.id).await.unwrap(), "what has ended is not ended again");
        let log = proofs(&instance).await.unwrap();
        assert!(log.whole, "{:?}", log.faults);
        let entries: Vec<_> = log.entries.iter().map(|logged| logged.entry.clone().unwrap()).collect();
        assert_eq!(entries.len(), 2);
        let [first, test] = &entries[..] else { unreachable!() };
        assert_eq!((first.number, first.dispatch, first.kind.as_str()), (1, made.id, "edition"));
        assert_eq!((first.readers, first.accepted, first.failed), (5, 4, 1));
        assert_eq!((first.edition.as_str(), first.publication.as_str()), ("une-bobine", "gazette"));
        assert_eq!((first.state.as_str(), first.finished_at.as_str()), ("finished", "2026-11-23T08:30:00Z"));
        assert_eq!(first.previous_sha256, "0".repeat(64));
        assert_eq!((test.dispatch, test.kind.as_str(), test.accepted), (looked.id, "test", 1));
        assert_eq!(test.previous_sha256, log.entries[0].sha256);
        assert_eq!(sink.taken(), 5);
        log.entries.into_iter().map(|logged| logged.line).collect::<Vec<_>>()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dispatches_that_end_in_the_same_moment_stand_one_after_the_other() {
    on_both(|house| async move {
        let sink = Sink::start(SinkOptions::default()).await.unwrap();
        let instance = with_relay(&house, &sink).await;
        let publication = gazette(&instance).await;
        let edition = edition(&instance, &publication).await;
        let mut ids = Vec::new();
        for number in 0..8 {
            let to = Address::parse(&format!("reader{number}@readers.test")).unwrap();
            ids.push(dispatch::create_test(&instance, &publication, &edition, &to).await.unwrap().id);
        }
        let process = instance::Process::announce(&instance, "test").await.unwrap();
        dispatch::freeze_due(&instance, &process).await.unwrap();
        let stops: Vec<_> = ids
            .iter()
            .map(|id| {
                let (instance, id) = (instance.clone(), *id);
                tokio::spawn(async move { dispatch::stop(&instance, id).await.unwrap() })
            })
            .collect();
        for stopped in stops {
            assert!(stopped.await.unwrap());
        }
        let log = proofs(&instance).await.unwrap();
        assert!(log.whole, "{:?}", log.faults);
        let mut stopped: Vec<_> = log.entries.iter().map(|one| one.entry.clone().unwrap().dispatch).collect();
        stopped.sort_unstable();
        assert_eq!(stopped, ids);
        assert!(log.entries.iter().all(|one| one.entry.as_ref().unwrap().state == "stopped"));
        log.entries.len()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_to_the_log_shows() {
    on_both(|house| async move {
        let sink = Sink::start(SinkOptions::default()).await.unwrap();
        let instance = with_relay(&house, &sink).await;
        let publication = gazette(&instance).await;
        readers(&instance, &publication, 3).await;
        let mut all = Vec::new();
        for number in 0..3 {
            let edition = edition(&instance, &publication).await;
            let to = Address::parse(&format!("zoe{number}@readers.test")).unwrap();
            dispatch::create_test(&instance, &publication, &edition, &to).await.unwrap();
            send(&instance).await;
        }
        let write = |query: Query, params| {
            let store = instance.store.clone();
            async move { assert_eq!(store.execute(query, params).await.unwrap(), 1) }
        };
        let faults = || async { proofs(&instance).await.unwrap().faults };
        assert_eq!(faults().await, Vec::<String>::new());
        write(FORGE, params![2, "\"accepted\":1", "\"accepted\":9"]).await;
        let found = faults().await;
        assert!(found.iter().any(|fault| fault.contains("entry 2 was changed")), "{found:?}");
        assert!(found.iter().any(|fault| fault.contains("entry 2 does not carry")), "{found:?}");
        assert!(found.iter().any(|fault| fault.contains("entry 3 does not follow")), "{found:?}");
        all.push(found);
        write(FORGE, params![2, "\"accepted\":9", "\"accepted\":1"]).await;
        assert_eq!(faults().await, Vec::<String>::new());
        write(FORGET, params![3]).await;
        all.push(faults().await);
        assert_eq!(all[1].len(), 1, "{all:?}");
        assert!(all[1][0].contains("dispatch 3 ended and has no entry"), "{all:?}");
        write(FORGET, params![1]).await;
        let found = faults().await;
        assert!(found.iter().any(|fault| fault.contains("some are missing")), "{found:?}");
        all.push(found);
        all
    })
    .await;
}

/// A dispatch to three readers over a sink, with a signing key; the mails it took, by reader.
async fn sent(house: &testkit::House) -> (Instance, i64, Vec<String>) {
    let sink = Sink::start(keeping()).await.unwrap();
    let instance = with_relay(house, &sink).await;
    let publication = gazette(&instance).await;
    publications::keys::create(&instance, "letters.example", "s1").await.unwrap();
    readers(&instance, &publication, 3).await;
    let edition = edition(&instance, &publication).await;
    let everyone = audience::Audience::Everyone;
    let made = dispatch::create(&instance, &publication, &edition, &everyone, None).await.unwrap();
    send(&instance).await;
    let mut mails: Vec<_> =
        sink.messages().into_iter().map(|mail| String::from_utf8(mail).unwrap()).collect();
    mails.sort_by_key(|mail| mail.find("\r\nTo: ").map(|at| mail[at..at + 20].to_owned()));
    assert_eq!(mails.len(), 3);
    (instance, made.id, mails)
}

fn about(verdict: Verdict) -> dispatch::proof::About {
    match verdict {
        Verdict::Unaltered(about) => about,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_copy_is_known_also_with_other_encodings_or_inside_another_mail() {
    on_both(|house| async move {
        let (instance, id, mails) = sent(&house).await;
        for (number, mail) in mails.iter().enumerate() {
            let about = about(verify(&instance, mail.as_bytes()).await.unwrap());
            assert_eq!((about.dispatch, about.entry, about.signature), (id, Some(1), "valid"));
            assert_eq!(about.personal.get("first_name"), Some(&format!("Nom{number}")));
            assert!(!about.forwarded);
        }
        let mail = &mails[0];
        let saved = about(verify(&instance, mail.replace("\r\n", "\n").as_bytes()).await.unwrap());
        assert_eq!(saved.signature, "valid");
        // A relay that encodes anew, and one that writes a Message-ID of its own: the signature breaks, the letter not.
        let (head, body) = mail.split_once("\r\n\r\n").unwrap();
        let anew = format!("{head}\r\n\r\n{}", body.replace("=C3=A9", "=c3=a9"));
        let message_id = head.lines().find(|line| line.starts_with("Message-ID: ")).unwrap();
        let renamed = mail.replacen(message_id, "Message-ID: <0100018@email.amazonses.example>", 1);
        let unlinked = {
            let start = renamed.find("List-Unsubscribe: ").unwrap();
            let end = start + renamed[start..].find("List-Unsubscribe-Post").unwrap();
            format!("{}{}", &renamed[..start], &renamed[end..])
        };
        for copy in [&anew, &renamed, &unlinked] {
            let about = about(verify(&instance, copy.as_bytes()).await.unwrap());
            assert_eq!((about.dispatch, about.signature), (id, "broken"));
        }
        let forwarded = format!(
            "From: Zoe <zoe@readers.test>\r\nTo: x@y.test\r\nSubject: Fwd: look\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=\"outer\"\r\n\r\n--outer\r\nContent-Type: text/plain\r\n\r\n\
             Look at this.\r\n--outer\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n\
             {mail}\r\n--outer--\r\n"
        );
        let about = about(verify(&instance, forwarded.as_bytes()).await.unwrap());
        assert_eq!((about.dispatch, about.forwarded, about.signature), (id, true, "valid"));
        about.title
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_word_a_changed_link_or_anything_added_is_told_with_its_place() {
    on_both(|house| async move {
        let (instance, id, mails) = sent(&house).await;
        let mail = &mails[0];
        let mut told = Vec::new();
        let (head, body) = mail.split_once("\r\n\r\n").unwrap();
        let plain = body.find("fil.example").unwrap();
        let html = body.rfind("fil.example").unwrap();
        assert!(html > plain);
        let with = |at: usize, to: &str| format!("{head}\r\n\r\n{}{to}{}", &body[..at], &body[at + 3..]);
        let close = body.rfind("\r\n--").unwrap();
        let boundary = body.lines().next().unwrap();
        let footer = format!(
            "{head}\r\n\r\n{}\r\n{boundary}\r\nContent-Type: application/pdf; name=\"bill.pdf\"\r\n\
             Content-Transfer-Encoding: base64\r\n\r\nAAAA{}",
            &body[..close],
            &body[close..]
        );
        // The unsubscribe link of another reader, and one of nobody.
        let link = |mail: &str| {
            let flat = mail.replace("=\r\n", "");
            let start = flat.rfind("/r/unsubscribe/").unwrap() + "/r/unsubscribe/".len();
            flat[start..]
                .split(|letter: char| !(letter.is_ascii_alphanumeric() || "-_".contains(letter)))
                .next()
                .unwrap()
                .to_owned()
        };
        let flat_body = body.replace("=\r\n", "");
        let stranger = format!("{head}\r\n\r\n{}", flat_body.replace(&link(mail), &link(&mails[1])));
        let forged = format!("{head}\r\n\r\n{}", flat_body.replace(&link(mail), "AQIDx"));
        for (what, copy, place) in [
            ("a word of the text", with(plain, "vil"), Place::Text),
            ("a link of the page", with(html, "vil"), Place::Html),
            ("another reader's link", stranger, Place::Text),
            ("nobody's link", forged, Place::Text),
            ("an attachment", footer, Place::Parts),
            ("the subject", mail.replacen("une bobine", "une bombe", 1), Place::Subject),
            ("the sender", mail.replacen("<ada@letters.example>", "<ada@1etters.example>", 1), Place::From),
        ] {
            match verify(&instance, copy.as_bytes()).await.unwrap() {
                Verdict::Altered(about, changes) => {
                    assert_eq!((about.dispatch, about.signature), (id, "broken"), "{what}");
                    assert!(changes.iter().any(|change| change.place == place), "{what}: {changes:#?}");
                    told.push((what, changes.len()));
                }
                other => panic!("{what}: {other:?}"),
            }
        }
        told
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_sent_and_what_is_no_mail_is_not_ours() {
    on_both(|house| async move {
        let (instance, id, mails) = sent(&house).await;
        let stranger = "From: a@x.test\r\nSubject: hello\r\nMessage-ID: <aeaaa@letters.example>\r\n\
                        List-Id: <gazette.letters.example>\r\n\r\nBuy now.\r\n";
        let mut why = Vec::new();
        for file in ["", "no mail", stranger, "Subject: x\r\n\r\ny\r\n"] {
            match verify(&instance, file.as_bytes()).await.unwrap() {
                Verdict::NotOurs(reason) => why.push(reason),
                other => panic!("{file:?}: {other:?}"),
            }
        }
        // A letter that is not the one in the log proves nothing.
        let publication = publications::find(&instance, "gazette").await.unwrap().unwrap();
        let other = editions::create(
            &instance,
            &publication,
            "---\ntitle: Autre\nsubject: Autre\n---\n\nAutre chose.\n",
        )
        .await
        .unwrap();
        let zoe = Address::parse("zoe@readers.test").unwrap();
        let second = dispatch::create_test(&instance, &publication, &other, &zoe).await.unwrap();
        let process = instance::Process::announce(&instance, "test").await.unwrap();
        dispatch::freeze_due(&instance, &process).await.unwrap();
        instance.store.execute(SWAP_LETTER, params![id, second.id]).await.unwrap();
        let error = verify(&instance, mails[0].as_bytes()).await.unwrap_err();
        assert!(error.to_string().contains("not the one in the signed log"), "{error}");
        why
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_the_log_nor_a_letter_is_found_by_reading_the_ledger() {
    let large = ["deliveries", "readers", "dispatches", "proofs"];
    for (name, values) in [
        ("dispatch.to_prove", params![1]),
        ("dispatch.newest_proof", params![]),
        ("dispatch.proof_of", params![1]),
        ("dispatch.proofs", params![0, 10]),
        ("dispatch.letters_of_publication", params![1, 20]),
    ] {
        // These walk along the numbers of the log, and stop.
        let walks = ["dispatch.proofs", "dispatch.newest_proof"].contains(&name);
        let large: &[&str] = if walks { &["deliveries", "readers"] } else { &large };
        assert_no_full_scan(house::query(name), values, large).await;
    }
}
