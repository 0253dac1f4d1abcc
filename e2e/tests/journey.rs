//! The whole way of a letter: the owner moves in, a reader subscribes through the real form in a real browser,
//! confirms, gets an edition through a real mail server into a real mailbox, and leaves by one click.

use std::time::Duration;

use e2e::{Browser, Engine, Mailbox, Postfix, Program, Received, State, hearts, http, ledger};

const ZOE: &str = "zoe@mailbox.test";
const OTHERS: &[(&str, &str)] =
    &[("anatole@mailbox.test", "Anatole"), ("maud@mailbox.test", "Maud"), ("sans-nom@mailbox.test", "")];

const FIRST: &str = r#"---
title: Le banc que personne n'emporte
subject: Le banc que personne n'emporte
preheader: Où l'on s'assied enfin
slug: le-banc
language: fr
---

:::greeting
Bonjour {first_name|la mif},
:::

Voici **la première** : un [banc public](https://bancs.example/un) et ce qu'il nous apprend.

:::heart
:::
"#;

const SECOND: &str = "---\ntitle: La roulette du banc\nsubject: La roulette du banc\nslug: la-roulette\nlanguage: fr\n---\n\n\
                      Bonjour {first_name|la mif},\n\nLa suite : il avait une roulette.\n";

const OWNER: (&str, &str) = ("ada@gazette.example", "un mot de passe assez long");

async fn journey(engine: Engine, name: &str) {
    let postfix = Postfix::start().await;
    let program = Program::with_gazette(engine, &postfix.relay()).await;
    program.ok(&["keys", "create", "--domain", "gazette.example"]).await;
    let serving = program.serve().await;
    let browser = Browser::open(name).await;

    owner_moves_in(&program, &browser).await;
    reader_subscribes(&program, &browser, &postfix.mailbox()).await;

    let mut csv = String::from("email,first_name\n");
    for (address, first_name) in OTHERS {
        csv.push_str(&format!("{address},{first_name}\n"));
    }
    program.import(&csv).await;

    let mail = edition_is_read(&program, &postfix.mailbox()).await;
    scanner_changes_nothing(&program, &postfix.mailbox().all()).await;
    links_lead_somewhere(&program, &browser, &mail).await;
    reader_leaves(&program, &mail);
    next_edition_does_not_reach_her(&program, &postfix.mailbox()).await;
    everybody_sees_it(&program, &browser).await;

    browser.close().await;
    let (ended, _) = serving.terminate().await;
    assert!(ended.success(), "{ended}");
}

async fn owner_moves_in(program: &Program, browser: &Browser) {
    browser.goto(&program.url("/desk")).await;
    browser.is_at("/desk/welcome").await;
    browser.picture("01-welcome").await;
    browser.fill("#name", "Ada").await;
    browser.fill("#email", OWNER.0).await;
    browser.fill("#password", OWNER.1).await;
    browser.press("main form button").await;
    browser.is_at("/desk").await;
    browser.says("La Gazette").await;
    browser.picture("02-desk").await;
    browser.press("form[action='/desk/sign-out'] button").await;
    browser.is_at("/desk/sign-in").await;
    browser.fill("#email", OWNER.0).await;
    browser.fill("#password", "un mot de passe faux").await;
    browser.press("form[action='/desk/sign-in'] button").await;
    browser.is_at("/desk/sign-in").await;
    browser.picture("03-sign-in-refused").await;
    browser.goto(&program.url("/desk/gazette/editions")).await;
    browser.is_at("/desk/sign-in").await;
    browser.fill("#email", OWNER.0).await;
    browser.fill("#password", OWNER.1).await;
    browser.press("form[action='/desk/sign-in'] button").await;
    browser.is_at("/desk/gazette/editions").await;
}

async fn reader_subscribes(program: &Program, browser: &Browser, mailbox: &Mailbox) {
    browser.goto(&program.url("/gazette/subscribe")).await;
    browser.fill("main form #email", ZOE).await;
    browser.fill("main form #first_name", "Zoé").await;
    browser.picture("04-subscribe").await;
    // A form that is sent within two seconds was not read by a person: this person reads.
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    browser.press("main form button").await;
    browser.is_gone("main form #email").await;
    browser.picture("05-asked").await;

    let mail = mailbox.to(ZOE, 1).await.remove(0);
    assert!(mail.header("Auto-Submitted").starts_with("auto-"), "a notice says that a machine wrote it");
    let link = mail.link(&program.url("/r/confirm/"));
    assert_eq!(active(program).await, Vec::<String>::new(), "asking is not confirming");
    // Whoever looks at the mail on its way looks at its links as well.
    for link in mail.links().iter().filter(|link| link.starts_with(&program.base())) {
        assert_eq!(http::get(link).status, 200, "{link}");
    }
    assert_eq!(active(program).await, Vec::<String>::new(), "a scanner must not confirm");
    browser.goto(&link).await;
    browser.picture("06-confirm").await;
    browser.press("main form button").await;
    e2e::until("the subscription is confirmed", e2e::PATIENCE, async || {
        (active(program).await == [ZOE]).then_some(())
    })
    .await;
    browser.picture("07-confirmed").await;
}

/// Addresses of the active readers, as the export has them.
async fn active(program: &Program) -> Vec<String> {
    let csv = program.ok(&["readers", "export", "--publication", "gazette"]).await;
    let mut lines = csv.trim_start_matches('\u{feff}').lines();
    let head: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let place = |name: &str| {
        let found = head.iter().position(|column| *column == name);
        found.unwrap_or_else(|| panic!("the export has no column {name}: {head:?}"))
    };
    let (email, state) = (place("email"), place("state"));
    let mut found: Vec<String> = lines
        .map(|line| line.split(',').collect::<Vec<_>>())
        .filter(|fields| fields.get(state) == Some(&"active"))
        .filter_map(|fields| fields.get(email).map(|email| (*email).to_owned()))
        .collect();
    found.sort();
    found
}

async fn edition_is_read(program: &Program, mailbox: &Mailbox) -> Received {
    let slug = program.edition(FIRST).await;
    assert_eq!(slug, "le-banc");
    program.ok(&["edition", "check", &slug]).await;
    let dispatch = program.ok(&["edition", "send", &slug, "--wait"]).await;
    let dispatch: i64 =
        dispatch.split_whitespace().next().unwrap_or_default().parse().expect("a number of a dispatch");
    let status = program.status(dispatch).await;
    let expected = OTHERS.len() as u64 + 1;
    assert_eq!(
        (&status["state"], status["accepted"].as_u64()),
        (&"finished".into(), Some(expected)),
        "{status}"
    );
    for name in [
        "state",
        "readers",
        "left_out",
        "pending",
        "claimed",
        "in_doubt",
        "accepted",
        "deferred",
        "failed",
        "rate",
        "started_at",
        "finished_at",
    ] {
        assert!(!status[name].is_null(), "the status has no {name}: {status}");
    }
    let rows = ledger(program.database(), dispatch).await;
    assert!(rows.iter().all(|row| row.state == State::Accepted && row.code == Some(250)), "{rows:#?}");

    // Typed with a straight apostrophe, set with a French one.
    let mails = mailbox.with_subject("Le banc que personne n’emporte", OTHERS.len() + 1).await;
    assert_eq!(mails.len(), OTHERS.len() + 1);
    let of = |address: &str| mails.iter().find(|mail| mail.to() == address).expect("each has a mail").clone();
    for (address, first_name) in OTHERS.iter().copied().chain([(ZOE, "Zoé")]) {
        let mail = of(address);
        let greeting = format!("Bonjour {},", if first_name.is_empty() { "la mif" } else { first_name });
        let text = mail.text();
        assert!(text.contains(&greeting), "{address} is not greeted with {greeting:?}:\n{text}");
        assert!(mail.html().contains(&greeting), "{address} is not greeted with {greeting:?} in HTML");
    }
    heads(program, &of(ZOE), &of(OTHERS[0].0));
    of(ZOE)
}

/// `reference/delivery.md` 1.1, as far as it shows in a mailbox.
fn heads(program: &Program, mail: &Received, other: &Received) {
    let unsubscribe = mail.header("List-Unsubscribe");
    let one_click = format!("<{}", program.url("/r/unsubscribe/"));
    assert!(unsubscribe.starts_with(&one_click) && unsubscribe.contains("<mailto:"), "{unsubscribe}");
    assert_eq!(mail.header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    assert!(mail.header("List-Id").ends_with('>'), "{}", mail.header("List-Id"));
    assert_eq!(mail.header("List-Id"), other.header("List-Id"));
    assert_eq!(mail.header("Feedback-ID").split(':').count(), 4, "{}", mail.header("Feedback-ID"));
    let id = mail.header("Message-ID");
    assert!(id.starts_with('<') && id.ends_with('>') && id != other.header("Message-ID"), "{id}");
    let signature = mail.header("DKIM-Signature");
    for part in ["a=rsa-sha256", "d=gazette.example", "s=soucoupe"] {
        assert!(signature.contains(part), "{part} is missing: {signature}");
    }
    assert_eq!(mail.header("Auto-Submitted"), "", "a letter is not a notice");
    assert!(
        mail.header("Content-Type").starts_with("multipart/alternative"),
        "{}",
        mail.header("Content-Type")
    );
    assert!(mail.header("From").contains("ada@gazette.example"));
    // VERP: each reader has a return path of their own.
    assert_ne!(mail.header("Return-Path"), other.header("Return-Path"));
}

/// A scanner that opens every link of every mail: nobody leaves, nobody gives a heart.
async fn scanner_changes_nothing(program: &Program, mails: &[Received]) {
    let before = program.ok(&["readers", "export", "--publication", "gazette"]).await;
    let mut opened = 0;
    for mail in mails {
        let head = mail.header("List-Unsubscribe");
        let in_head = head.split('>').filter_map(|part| part.split('<').nth(1)).map(str::to_owned);
        for link in mail.links().into_iter().chain(in_head).filter(|link| link.starts_with(&program.base())) {
            let answer = http::get(&link);
            assert!(answer.status < 400, "{link}: {}", answer.status);
            opened += 1;
        }
    }
    assert!(opened > mails.len(), "only {opened} links in {} mails", mails.len());
    assert_eq!(program.ok(&["readers", "export", "--publication", "gazette"]).await, before);
    assert_eq!(hearts(program.database()).await, 0);
}

async fn links_lead_somewhere(program: &Program, browser: &Browser, mail: &Received) {
    let page = program.url("/gazette/le-banc");
    mail.link(&page);
    let answer = http::get(&page);
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-security-policy").is_some(), "{:?}", answer.headers);
    assert!(!answer.body.contains("/r/unsubscribe/"), "the public page shows no reader's link");
    browser.goto(&page).await;
    browser.says("banc public").await;
    browser.picture("08-edition").await;
    browser.goto(&mail.link(&program.url("/r/preferences/"))).await;
    browser.says("La Gazette").await;
    browser.picture("09-preferences").await;
    browser.goto(&mail.link(&program.url("/r/heart/"))).await;
    browser.picture("10-heart").await;
    browser.press(".heart-page form button").await;
    browser.is_gone(".heart-page form").await;
    let given = e2e::until("the heart is counted", e2e::PATIENCE, async || {
        Some(hearts(program.database()).await).filter(|given| *given > 0)
    });
    assert_eq!(given.await, 1);
}

/// RFC 8058: a POST by a machine, without a cookie, without a page before it.
fn reader_leaves(program: &Program, mail: &Received) {
    let head = mail.header("List-Unsubscribe");
    let link =
        head.split('>').next().and_then(|part| part.split('<').nth(1)).expect("an address in brackets");
    assert!(link.starts_with(&program.url("/r/unsubscribe/")), "{link}");
    let answer = http::post_form(link, "List-Unsubscribe=One-Click");
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(answer.header("location").is_none() && answer.header("set-cookie").is_none(), "{answer:?}");
    // Providers send it twice now and then.
    assert_eq!(http::post_form(link, "List-Unsubscribe=One-Click").status, 200);
}

async fn next_edition_does_not_reach_her(program: &Program, mailbox: &Mailbox) {
    let slug = program.edition(SECOND).await;
    let dispatch = program.send(&slug).await;
    let status = program.finished(dispatch).await;
    let numbers = (status["accepted"].as_u64(), status["left_out"].as_u64());
    assert_eq!(numbers, (Some(OTHERS.len() as u64), Some(1)), "{status}");
    let mails = mailbox.with_subject("La roulette du banc", OTHERS.len()).await;
    assert!(mails.iter().all(|mail| mail.to() != ZOE), "she left, and got it all the same");
    let rows = ledger(program.database(), dispatch).await;
    assert!(rows.iter().all(|row| row.email != ZOE), "she left, and has a row");
    assert_eq!(active(program).await.len(), OTHERS.len());
}

async fn everybody_sees_it(program: &Program, browser: &Browser) {
    browser.goto(&program.url("/gazette/archive")).await;
    browser.says("La roulette du banc").await;
    browser.says("Le banc que personne").await;
    browser.picture("11-archive").await;
    browser.resize(390, 844).await;
    browser.goto(&program.url("/gazette/")).await;
    browser.picture("12-home-on-a-phone").await;
    browser.resize(1280, 1000).await;
    browser.goto(&program.url("/desk/gazette/editions")).await;
    browser.says("La roulette du banc").await;
    browser.picture("13-editions").await;
    browser.goto(&program.url("/desk/gazette/dispatches")).await;
    browser.says("La roulette du banc").await;
    browser.picture("14-dispatches").await;
    browser.press("main tbody a").await;
    browser.picture("15-dispatch").await;
    for feed in ["feed.xml", "atom.xml", "feed.json"] {
        let answer = http::get(&program.url(&format!("/gazette/{feed}")));
        assert_eq!(answer.status, 200, "{feed}");
        assert!(answer.body.contains("la-roulette"), "{feed} lacks the newest edition");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_goes_all_the_way_and_back_on_sqlite() {
    journey(Engine::Sqlite, "sqlite").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_goes_all_the_way_and_back_on_postgres() {
    journey(Engine::Postgres, "postgres").await;
}
