//! What follows from what came back, whatever the source.

mod house;

use house::{DAY, at, change, hard_bounce, story};
use policy::returns::Action;
use policy::subscription::SubscriptionState;
use returns::{Event, Evidence, Followed, Source, Taken, take_in};
use store::params;
use testkit::on_both;

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_address_is_kept_out_of_every_publication_until_the_reader_confirms_anew() {
    on_both(|house| async move {
        let story = story(&house).await;
        let other = house::publication(&story.instance, "revue").await;
        house::import(&story.instance, &other, &["ada@a.example"]).await;
        let dispatch = story.send(1).await;
        let event = story.event("one", &dispatch, "ada@a.example", Action::Suppress).await;
        assert_eq!(take_in(&story.instance, &event).await.unwrap(), Taken::New(Followed::Suppressed));
        assert_eq!(story.against("ada@a.example").await, hard_bounce());
        assert!(audience::is_blocked(&story.instance, &at("ada@a.example"), other.id).await.unwrap());
        assert_eq!(story.state("ada@a.example").await, Some(SubscriptionState::Active));
        assert_eq!(story.against("zoe@b.example").await, Vec::<String>::new());

        // Neither a receipt nor a sign-in asks what stands against editions.
        let notices = "SELECT COUNT(*) FROM notices WHERE recipient = 'ada@a.example'";
        story.instance.clock.advance(DAY);
        story.confirms("ada@a.example").await;
        assert_eq!(house::sql(&story.instance, notices).await[0].int(0).unwrap(), 1);
        assert_eq!(story.against("ada@a.example").await, Vec::<String>::new());
        // The same event told once more, and an old one told late, undo nothing.
        assert_eq!(take_in(&story.instance, &event).await.unwrap(), Taken::Known);
        let late = Event { key: "late".into(), at: event.at + 1, ..event };
        story.instance.clock.advance(DAY);
        assert_eq!(take_in(&story.instance, &late).await.unwrap(), Taken::New(Followed::Kept));
        assert_eq!(story.against("ada@a.example").await, Vec::<String>::new());
        story.kept().await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_tell_at_once_counts_once() {
    on_both(|house| async move {
        let story = story(&house).await;
        let dispatch = story.send(1).await;
        let event = story.event("one", &dispatch, "ada@a.example", Action::Soft).await;
        let told = (0..8).map(|_| {
            let (instance, event) = (story.instance.clone(), event.clone());
            tokio::spawn(async move { take_in(&instance, &event).await.unwrap() })
        });
        let mut new = 0;
        for task in told.collect::<Vec<_>>() {
            new += usize::from(task.await.unwrap() != Taken::Known);
        }
        assert_eq!(new, 1);
        story.kept().await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complaint_ends_that_subscription_with_its_words_as_proof_and_touches_no_other() {
    on_both(|house| async move {
        let story = story(&house).await;
        let other = house::publication(&story.instance, "revue").await;
        house::import(&story.instance, &other, &["ada@a.example"]).await;
        let dispatch = story.send(1).await;
        let event = story.event("one", &dispatch, "ada@a.example", Action::Complaint).await;
        assert_eq!(take_in(&story.instance, &event).await.unwrap(), Taken::New(Followed::Ended));
        assert_eq!(story.state("ada@a.example").await, Some(SubscriptionState::Ended));
        assert_eq!(story.against("ada@a.example").await, ["complaint here"]);
        assert!(!audience::is_blocked(&story.instance, &at("ada@a.example"), other.id).await.unwrap());
        let reader = story.reader("ada@a.example").await;
        let consents = audience::consents(&story.instance, reader.id).await.unwrap();
        let last = consents.last().unwrap();
        assert_eq!(
            (last.act.as_str(), last.form.as_str(), last.wording.as_str()),
            ("complained", "report", "550 5.1.1 no such user")
        );
        story.kept().await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn soft_returns_of_three_editions_over_two_weeks_keep_an_address_out_unless_one_arrives() {
    on_both(|house| async move {
        let story = story(&house).await;
        let mut told = Vec::new();
        for (week, addresses) in [
            (0, &["ada@a.example", "zoe@b.example"][..]),
            // The second edition reached Zoé; nobody said otherwise.
            (1, &["ada@a.example"]),
            (2, &["ada@a.example", "zoe@b.example"]),
            (3, &["zoe@b.example"]),
        ] {
            let dispatch = story.send(week).await;
            for address in addresses {
                // One edition is one edition, however often a server writes.
                for times in 0..3 {
                    let key = format!("{week} {address} {times}");
                    let event = story.event(&key, &dispatch, address, Action::Soft).await;
                    told.push((week, *address, take_in(&story.instance, &event).await.unwrap()));
                }
            }
            story.instance.clock.advance(7 * DAY);
        }
        assert_eq!(story.against("ada@a.example").await, hard_bounce());
        assert_eq!(story.against("zoe@b.example").await, Vec::<String>::new());
        // Whoever comes back begins with a clean slate.
        story.confirms("ada@a.example").await;
        let dispatch = story.send(5).await;
        let event = story.event("after", &dispatch, "ada@a.example", Action::Soft).await;
        assert_eq!(take_in(&story.instance, &event).await.unwrap(), Taken::New(Followed::Counted));
        assert_eq!(story.against("ada@a.example").await, Vec::<String>::new());
        told
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_delays_and_automatic_answers_cost_no_reader_anything() {
    on_both(|house| async move {
        let story = story(&house).await;
        let dispatch = story.send(1).await;
        for action in [Action::Trouble, Action::Retry, Action::AutoReply, Action::None] {
            let event = story.event(action.as_str(), &dispatch, "ada@a.example", action).await;
            assert_eq!(take_in(&story.instance, &event).await.unwrap(), Taken::New(Followed::Kept));
        }
        assert_eq!(story.against("ada@a.example").await, Vec::<String>::new());
        let troubles = returns::troubles(&story.instance, story.publication.id, 0).await.unwrap();
        assert_eq!((troubles.len(), troubles[0].mails, troubles[0].dispatch_id), (1, 1, Some(dispatch.id)));
        assert_eq!(troubles[0].words.as_deref(), Some("550 5.1.1 no such user"));
        story.kept().await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_suppressed_by_a_word_that_anybody_could_have_written() {
    on_both(|house| async move {
        let story = story(&house).await;
        story.send(1).await;
        let event = |key: &str, action, evidence| Event {
            key: key.into(),
            source: Source::Listener,
            at: story.instance.now_us(),
            action,
            reason: "test".into(),
            status: None,
            words: None,
            evidence,
        };
        let address = Some(at("ada@a.example"));
        let bare = Evidence { address: address.clone(), ..Evidence::default() };
        let named =
            Evidence { address: address.clone(), named: Some("gazette".into()), ..Evidence::default() };
        let mut told = Vec::new();
        for (key, evidence) in [("bare", bare), ("named", named)] {
            for action in [Action::Suppress, Action::Complaint] {
                let event = event(&format!("{key} {}", action.as_str()), action, evidence.clone());
                told.push(take_in(&story.instance, &event).await.unwrap());
            }
        }
        assert_eq!(told, [Followed::Kept; 4].map(Taken::New));
        assert_eq!(story.against("ada@a.example").await, Vec::<String>::new());
        assert_eq!(story.state("ada@a.example").await, Some(SubscriptionState::Active));
        told
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_mailbox_behind_a_forwarding_is_not_the_readers() {
    on_both(|house| async move {
        let story = story(&house).await;
        let dispatch = story.send(1).await;
        let mut told = Vec::new();
        for (address, spoken_of) in
            [("ada@a.example", "old@elsewhere.example"), ("zoe@b.example", "z42@mail.b.example")]
        {
            let mut event = story.event(address, &dispatch, address, Action::Suppress).await;
            event.evidence.address = Some(at(spoken_of));
            told.push(take_in(&story.instance, &event).await.unwrap());
        }
        assert_eq!(told, [Followed::Counted, Followed::Suppressed].map(Taken::New));
        told
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_of_a_service_is_matched_by_the_name_its_relay_gave_the_mail() {
    on_both(|house| async move {
        let story = story(&house).await;
        let dispatch = story.send(1).await;
        let accepted =
            "UPDATE deliveries SET answer = 'Ok 0107_1234-abcd' WHERE dispatch_id = ?1 AND reader_id = ?2";
        let reader = story.reader("ada@a.example").await;
        change(&story.instance, accepted, params![dispatch.id, reader.id]).await;
        let evidence = |relay_id: &str| Evidence {
            signed: true,
            address: Some(at("ada@a.example")),
            relay_id: Some(relay_id.into()),
            ..Evidence::default()
        };
        let mut event = story.event("one", &dispatch, "ada@a.example", Action::Complaint).await;
        event.evidence = evidence("0107_1234-abcd");
        assert_eq!(take_in(&story.instance, &event).await.unwrap(), Taken::New(Followed::Ended));
        let kept =
            returns::returns(&story.instance, story.publication.id, returns::Wanted::default(), 10).await;
        assert_eq!(kept.unwrap()[0].dispatch_id, Some(dispatch.id));
        // An address that was never a reader's is kept out all the same: the service refuses it from now on.
        let mut stranger = event.clone();
        stranger.key = "stranger".into();
        stranger.action = Action::Suppress;
        stranger.evidence = Evidence { address: Some(at("nobody@d.example")), ..evidence("x") };
        assert_eq!(take_in(&story.instance, &stranger).await.unwrap(), Taken::New(Followed::Suppressed));
        assert_eq!(story.against("nobody@d.example").await, hard_bounce());
        story.kept().await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_servers_said_during_a_dispatch_is_read_from_its_ledger() {
    on_both(|house| async move {
        let story = story(&house).await;
        let dispatch = story.send(1).await;
        story.refused(&dispatch, "ada@a.example", 550, "5.1.1 no such user").await;
        story.refused(&dispatch, "zoe@b.example", 552, "5.2.2 mailbox full").await;
        assert_eq!(returns::after_sending(&story.instance).await.unwrap(), 2);
        assert_eq!(returns::after_sending(&story.instance).await.unwrap(), 0);
        assert_eq!(story.against("ada@a.example").await, hard_bounce());
        assert_eq!(story.against("zoe@b.example").await, Vec::<String>::new());
        let kept =
            returns::returns(&story.instance, story.publication.id, returns::Wanted::default(), 10).await;
        let mut kept: Vec<_> = kept
            .unwrap()
            .into_iter()
            .map(|one| (one.address, one.action.as_str(), one.followed, one.source, one.edition))
            .collect();
        // They are taken in together, in whichever order.
        kept.sort();
        // One that is under way is read as its chunks close, and from the start once more when it is over.
        let next = story.send(2).await;
        let under_way = "UPDATE dispatches SET state = ?2 WHERE id = ?1";
        house::change(&story.instance, under_way, params![next.id, 2]).await;
        let first =
            house::sql(&story.instance, "SELECT MIN(seq) FROM deliveries WHERE dispatch_id = 2").await;
        assert_eq!(first[0].int(0).unwrap(), 1);
        story.refused(&next, "lea@c.example", 550, "5.7.1 listed by a blocklist").await;
        house::change(
            &story.instance,
            "UPDATE chunks SET state = 1 WHERE dispatch_id = ?1",
            params![next.id],
        )
        .await;
        assert_eq!(returns::after_sending(&story.instance).await.unwrap(), 0, "a chunk in hand is not read");
        house::change(
            &story.instance,
            "UPDATE chunks SET state = 2 WHERE dispatch_id = ?1",
            params![next.id],
        )
        .await;
        assert_eq!(returns::after_sending(&story.instance).await.unwrap(), 1);
        story.refused(&next, "zoe@b.example", 451, "4.2.1 come back later").await;
        assert_eq!(returns::after_sending(&story.instance).await.unwrap(), 0, "its place was read");
        house::change(&story.instance, under_way, params![next.id, 4]).await;
        story.instance.clock.advance(20 * policy::MINUTE);
        assert_eq!(returns::after_sending(&story.instance).await.unwrap(), 1);
        assert_eq!(returns::after_sending(&story.instance).await.unwrap(), 0);
        let mut rows = story.kept().await;
        rows.sort();
        (kept, rows)
    })
    .await;
}
