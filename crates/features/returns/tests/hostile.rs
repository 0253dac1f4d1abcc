//! Whoever wants to have somebody struck off, fill the disk or stop what comes in; and readers who came back.

mod house;

use house::{DAY, anywhere, at, hand_in, hard_bounce, letter, notification, story};
use policy::returns::Action;
use policy::subscription::SubscriptionState;
use returns::{Event, Evidence, Followed, Source, Taken, take_in};
use testkit::on_both;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

#[tokio::test(flavor = "multi_thread")]
async fn bounces_that_anybody_could_have_written_strike_nobody_off_however_many_they_are() {
    on_both(|house| async move {
        let story = story(&house).await;
        let listener = returns::listen(&story.instance, anywhere()).await.unwrap();
        for week in 0..5 {
            let dispatch = story.send(week).await;
            let head = format!(
                "Message-ID: <x{week}@elsewhere.example>\nList-Id: <gazette.letters.example>\n\
                 Feedback-ID: e{}:edition:gazette:soucoupe1\n",
                dispatch.edition
            );
            for address in ["ada@a.example", "nobody@d.example"] {
                let forged = notification(address, "5.1.1", "550 5.1.1 no such user here", &head);
                assert_eq!(hand_in(listener.address, "", "postmaster@letters.example", &forged).await, None);
            }
            story.instance.clock.advance(7 * DAY);
        }
        assert_eq!(story.against("ada@a.example").await, Vec::<String>::new());
        assert_eq!(story.against("nobody@d.example").await, Vec::<String>::new());
        assert!(house::sql(&story.instance, "SELECT at FROM soft_returns").await.is_empty());
        listener.stop().await;
        story.kept().await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_bounce_does_not_make_a_delivery_that_went_well_count_for_nothing() {
    on_both(|house| async move {
        let story = story(&house).await;
        let mut told = Vec::new();
        for (week, action) in
            [(0, Some(Action::Soft)), (1, None), (2, Some(Action::Soft)), (3, Some(Action::Soft))]
        {
            let dispatch = story.send(week).await;
            match action {
                Some(action) => {
                    let event = story.event(&format!("{week}"), &dispatch, "ada@a.example", action).await;
                    told.push(take_in(&story.instance, &event).await.unwrap());
                }
                None => {
                    let mut forged = story.event("forged", &dispatch, "ada@a.example", Action::Soft).await;
                    forged.evidence = Evidence {
                        address: Some(at("ada@a.example")),
                        named: Some("gazette".into()),
                        ..Evidence::default()
                    };
                    told.push(take_in(&story.instance, &forged).await.unwrap());
                }
            }
            story.instance.clock.advance(7 * DAY);
        }
        assert_eq!(story.against("ada@a.example").await, Vec::<String>::new(), "the second one arrived");
        told
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bounce_of_a_mail_from_before_the_reader_confirmed_anew_is_only_noted() {
    on_both(|house| async move {
        let story = story(&house).await;
        let listener = returns::listen(&story.instance, anywhere()).await.unwrap();
        let first = story.send(1).await;
        let second = story.send(2).await;
        let path = story.return_path(&first, "ada@a.example").await;
        let dead = notification("ada@a.example", "5.1.1", "550 5.1.1 no such user here", "Subject: x\n");
        assert_eq!(hand_in(listener.address, "", &path, &dead).await, None);
        assert_eq!(story.against("ada@a.example").await, hard_bounce());
        story.instance.clock.advance(DAY);
        story.confirms("ada@a.example").await;
        assert_eq!(story.against("ada@a.example").await, Vec::<String>::new());
        // Servers give up after days, and a mailbox may have been left alone for weeks.
        story.instance.clock.advance(3 * DAY);
        let path = story.return_path(&second, "ada@a.example").await;
        assert_eq!(hand_in(listener.address, "", &path, &dead).await, None);
        assert_eq!(story.against("ada@a.example").await, Vec::<String>::new());
        // One of a mail that went out after it is news.
        let third = story.send(3).await;
        let path = story.return_path(&third, "ada@a.example").await;
        assert_eq!(hand_in(listener.address, "", &path, &dead).await, None);
        assert_eq!(story.against("ada@a.example").await, hard_bounce());
        listener.stop().await;
        story.kept().await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_confirms_anew_begins_with_a_clean_slate() {
    on_both(|house| async move {
        let story = story(&house).await;
        let mut told = Vec::new();
        for week in 0..4 {
            let dispatch = story.send(week).await;
            let event = story.event(&format!("{week}"), &dispatch, "ada@a.example", Action::Soft).await;
            told.push(take_in(&story.instance, &event).await.unwrap());
            if week == 1 {
                house::unsubscribes(&story, "ada@a.example").await;
                story.instance.clock.advance(DAY);
                story.confirms("ada@a.example").await;
            }
            story.instance.clock.advance(7 * DAY);
        }
        assert_eq!(told, [Taken::New(Followed::Counted); 4]);
        assert_eq!(story.against("ada@a.example").await, Vec::<String>::new());
        told
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn characters_that_no_database_bears_stop_nothing() {
    on_both(|house| async move {
        let story = story(&house).await;
        let dispatch = story.send(1).await;
        let listener = returns::listen(&story.instance, anywhere()).await.unwrap();
        let address = story.unsubscribe_address("zoe@b.example").await;
        let wish = letter("<zoe@b.example>", "=?utf-8?Q?leave=00me?=", "\n");
        assert_eq!(hand_in(listener.address, "zoe@b.example", &address, &wish).await, None);
        assert_eq!(story.state("zoe@b.example").await, Some(SubscriptionState::Ended));
        let heads = [
            "List-Id: <gaz\0ette.letters.example>\n",
            "List-Id: =?utf-8?Q?<gaz=00ette.letters.example>?=\n",
            "Feedback-ID: e1:edition:gaz\0ette:soucoupe1\n",
            "Message-ID: <\0@letters.example>\n",
        ];
        for head in heads {
            let bounce = notification("nobody@d.example", "5.1.1", "550 5.1.1 no\0such user", head);
            assert_eq!(
                hand_in(listener.address, "", "abuse@letters.example", &bounce).await,
                None,
                "{head:?}"
            );
        }
        let odd = letter("=?utf-8?Q?Ad=00a?= <ada@a.example>", "=?utf-8?Q?=00=E2=80=AE?=", "Bon\0jour.\n");
        assert_eq!(hand_in(listener.address, "ada@a.example", "r+gazette@letters.example", &odd).await, None);
        let path = story.return_path(&dispatch, "ada@a.example").await;
        let bounce = notification("ada@a.example", "5.1.1", "550 5.1.1 no\0such user", "Subject: x\n");
        assert_eq!(hand_in(listener.address, "", &path, &bounce).await, None);
        assert_eq!(story.against("ada@a.example").await, hard_bounce());
        listener.stop().await;
        story.kept().await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_of_a_reader_who_was_deleted_is_not_written_down_again() {
    on_both(|house| async move {
        let story = story(&house).await;
        story.send(1).await;
        let reader = story.reader("ada@a.example").await;
        audience::delete(&story.instance, &reader).await.unwrap();
        let event = Event {
            key: "hook:postmark:9".into(),
            source: Source::Webhook("postmark"),
            at: story.instance.now_us(),
            action: Action::Suppress,
            reason: "address_dead".into(),
            status: None,
            words: Some("550 5.1.1 <ada@a.example> no such user".into()),
            evidence: Evidence { signed: true, address: Some(at("ada@a.example")), ..Evidence::default() },
        };
        let taken = take_in(&story.instance, &event).await.unwrap();
        let rows = house::sql(&story.instance, "SELECT address, words, suppression_key FROM returns").await;
        assert!(rows[0].is_null(0) && rows[0].is_null(1) && rows[0].is_null(2), "{rows:?}");
        taken
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_pours_letters_in_is_asked_to_come_back_later_and_bounces_still_come() {
    on_both(|house| async move {
        let story = story(&house).await;
        let dispatch = story.send(1).await;
        let listener = returns::listen(&story.instance, anywhere()).await.unwrap();
        let mut refused = 0;
        for number in 0..330 {
            let mail = letter("Max <max@d.example>", &format!("Lettre {number}"), "Encore une.\n");
            match hand_in(listener.address, "max@d.example", "r+gazette@letters.example", &mail).await {
                None => {}
                Some((code, words)) => {
                    assert_eq!(code, 451, "{words}");
                    refused += 1;
                }
            }
        }
        assert_eq!(refused, 30);
        let path = story.return_path(&dispatch, "ada@a.example").await;
        let dead = notification("ada@a.example", "5.1.1", "550 5.1.1 no such user here", "Subject: x\n");
        assert_eq!(hand_in(listener.address, "", &path, &dead).await, None);
        story.instance.clock.advance(DAY);
        let mail = letter("Zoé <zoe@b.example>", "Re: Une bobine", "Merci.\n");
        assert_eq!(
            hand_in(listener.address, "zoe@b.example", "r+gazette@letters.example", &mail).await,
            None
        );
        listener.stop().await;
        story.kept().await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_reader_does_not_fill_the_disk_with_what_follows_nothing() {
    on_both(|house| async move {
        let story = story(&house).await;
        let dispatch = story.send(1).await;
        for number in 0..130 {
            let event =
                story.event(&format!("note {number}"), &dispatch, "ada@a.example", Action::AutoReply).await;
            take_in(&story.instance, &event).await.unwrap();
        }
        assert_eq!(story.kept().await.len(), 100);
        let event = story.event("dead", &dispatch, "ada@a.example", Action::Suppress).await;
        assert_eq!(take_in(&story.instance, &event).await.unwrap(), Taken::New(Followed::Suppressed));
        story.kept().await.len()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_back_is_forgotten_after_a_year_and_a_little() {
    on_both(|house| async move {
        let story = story(&house).await;
        let dispatch = story.send(1).await;
        let mut old = story.event("old", &dispatch, "ada@a.example", Action::Trouble).await;
        old.evidence.once = Some("service:token".into());
        take_in(&story.instance, &old).await.unwrap();
        story.instance.clock.advance(399 * DAY);
        assert_eq!(returns::forget_old(&story.instance).await.unwrap(), 0);
        assert!(house::sql(&story.instance, "SELECT proof FROM spent_proofs").await.is_empty());
        let new = story.event("new", &dispatch, "zoe@b.example", Action::Retry).await;
        take_in(&story.instance, &new).await.unwrap();
        story.instance.clock.advance(2 * DAY);
        assert_eq!(returns::forget_old(&story.instance).await.unwrap(), 1);
        assert_eq!(returns::forget_old(&story.instance).await.unwrap(), 0);
        story.kept().await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_listener_offers_encryption_where_it_has_a_certificate_and_says_what_is_wrong_with_one() {
    let house = testkit::House::on_sqlite().await;
    let folder = &house.instance.config.data;
    let (certificate, key) = (folder.join("listener.pem"), folder.join("listener.key"));
    let pkcs8 = include_bytes!("../../../pure/webhooks/tests/fixtures/sns.key.der");
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        data_encoding::BASE64.encode(pkcs8)
    );
    std::fs::create_dir_all(folder).unwrap();
    let mut config = (*house.instance.config).clone();
    config.returns.certificate = Some((certificate.clone(), key.clone()));
    let clock = house.instance.clock.clone();
    let instance = instance::Instance::with(house.instance.store.clone(), config, clock).await.unwrap();
    let error = returns::listen(&instance, anywhere()).await.unwrap_err().to_string();
    assert!(error.contains("listener.pem"), "{error}");
    std::fs::write(&certificate, include_bytes!("../../../pure/webhooks/tests/fixtures/sns.pem")).unwrap();
    std::fs::write(&key, "no key").unwrap();
    assert!(returns::listen(&instance, anywhere()).await.is_err());
    std::fs::write(&key, pem).unwrap();
    let listener = returns::listen(&instance, anywhere()).await.unwrap();
    let socket = tokio::net::TcpStream::connect(listener.address).await.unwrap();
    let (read, mut write) = socket.into_split();
    let mut lines = BufReader::new(read).lines();
    assert!(lines.next_line().await.unwrap().unwrap().starts_with("220 "));
    write.write_all(b"EHLO mx.test.example\r\n").await.unwrap();
    let mut offered = Vec::new();
    while offered.last().is_none_or(|line: &String| line.starts_with("250-")) {
        offered.push(lines.next_line().await.unwrap().unwrap());
    }
    assert!(offered.iter().any(|line| line.ends_with("STARTTLS")), "{offered:?}");
    write.write_all(b"STARTTLS\r\n").await.unwrap();
    assert!(lines.next_line().await.unwrap().unwrap().starts_with("220 "));
    drop((lines, write));
    listener.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_bounce_of_the_mail_that_asked_does_not_undo_the_yes_to_it() {
    on_both(|house| async move {
        let story = story(&house).await;
        let listener = returns::listen(&story.instance, anywhere()).await.unwrap();
        let request = audience::Request {
            email: &at("eva@e.example"),
            first_name: None,
            language: None,
            wording: "Je m'abonne",
            form: audience::Form::Page,
            network: None,
        };
        audience::subscribe(&story.instance, &story.publication, request).await.unwrap();
        let sender = house::sql(&story.instance, "SELECT sender FROM notices").await[0].text(0).unwrap();
        story.instance.clock.advance(DAY);
        story.confirms("eva@e.example").await;
        story.instance.clock.advance(5 * DAY);
        let late = notification("eva@e.example", "5.1.1", "550 5.1.1 no such user here", "Subject: x\n");
        assert_eq!(hand_in(listener.address, "", &sender, &late).await, None);
        assert_eq!(story.against("eva@e.example").await, Vec::<String>::new());
        listener.stop().await;
        story.kept().await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_do_not_fill_the_disk_with_bounces_about_nobody() {
    let house = testkit::House::on_sqlite().await;
    let story = story(&house).await;
    let event = |number: usize, named: Option<&str>| Event {
        key: format!("stranger {number} {named:?}"),
        source: Source::Listener,
        at: story.instance.now_us(),
        action: Action::Suppress,
        reason: "user_unknown".into(),
        status: None,
        words: None,
        evidence: Evidence {
            address: Some(at(&format!("n{number}@d.example"))),
            named: named.map(str::to_owned),
            ..Evidence::default()
        },
    };
    for number in 0..1_050 {
        for named in [None, Some("gazette")] {
            take_in(&story.instance, &event(number, named)).await.unwrap();
        }
    }
    assert_eq!(story.kept().await.len(), 2_000);
    story.instance.clock.advance(2 * DAY);
    take_in(&story.instance, &event(2_000, None)).await.unwrap();
    assert_eq!(story.kept().await.len(), 2_001);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complaint_that_is_told_late_counts_unless_that_very_publication_was_confirmed_since() {
    on_both(|house| async move {
        let story = story(&house).await;
        let other = house::publication(&story.instance, "revue").await;
        let dispatch = story.send(1).await;
        let (ada, zoe) = (
            story.event("ada", &dispatch, "ada@a.example", Action::Complaint).await,
            story.event("zoe", &dispatch, "zoe@b.example", Action::Complaint).await,
        );
        story.instance.clock.advance(DAY);
        house::unsubscribes(&story, "zoe@b.example").await;
        story.instance.clock.advance(DAY);
        story.confirms("zoe@b.example").await;
        house::Story { instance: story.instance.clone(), publication: other }.confirms("ada@a.example").await;
        story.instance.clock.advance(DAY);
        assert_eq!(take_in(&story.instance, &ada).await.unwrap(), Taken::New(Followed::Ended));
        assert_eq!(story.state("ada@a.example").await, Some(SubscriptionState::Ended));
        assert_eq!(take_in(&story.instance, &zoe).await.unwrap(), Taken::New(Followed::Kept));
        assert_eq!(story.state("zoe@b.example").await, Some(SubscriptionState::Active));
        story.kept().await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complaint_about_a_mail_that_nobody_finds_ends_the_only_subscription_there_is() {
    on_both(|house| async move {
        let story = story(&house).await;
        let other = house::publication(&story.instance, "revue").await;
        house::import(&story.instance, &other, &["ada@a.example"]).await;
        let complaint = |key: &str, address: &str| Event {
            key: key.into(),
            source: Source::Webhook("postmark"),
            at: story.instance.now_us(),
            action: Action::Complaint,
            reason: "complaint".into(),
            status: None,
            words: None,
            evidence: Evidence { signed: true, address: Some(at(address)), ..Evidence::default() },
        };
        let zoe = take_in(&story.instance, &complaint("zoe", "zoe@b.example")).await.unwrap();
        assert_eq!(zoe, Taken::New(Followed::Ended));
        assert_eq!(story.against("zoe@b.example").await, ["complaint here"]);
        // Of two, none is guessed.
        let ada = take_in(&story.instance, &complaint("ada", "ada@a.example")).await.unwrap();
        assert_eq!(ada, Taken::New(Followed::Kept));
        story.kept().await
    })
    .await;
}
