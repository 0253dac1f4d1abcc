//! One sending, from the frozen audience to the last row, on both engines and against a real SMTP conversation.

mod house;

use audience::Audience;
use dispatch::{DispatchError, Ending};
use house::{edition, figures, gazette, leaves, query, readers, send, with_relay};
use instance::Process;
use smtp::sink::{Fault, FaultStage, Misdeed, Sink, SinkOptions, Who};
use testkit::on_both;
use wire::Address;

#[tokio::test(flavor = "multi_thread")]
async fn every_reader_gets_a_letter_of_their_own_and_the_ledger_knows() {
    on_both(|house| async move {
        let sink = Sink::start(SinkOptions { keep_messages: true, ..SinkOptions::default() }).await.unwrap();
        let instance = with_relay(&house, &sink).await;
        let publication = gazette(&instance).await;
        readers(&instance, &publication, 1_203).await;
        let edition = edition(&instance, &publication).await;
        let made =
            dispatch::create(&instance, &publication, &edition, &Audience::Everyone, None).await.unwrap();
        assert_eq!(send(&instance).await, Ending::Idle);
        let status = dispatch::status(&instance, made.id).await.unwrap();
        let mut to: Vec<_> = sink.log().iter().map(|mail| mail.to.to_string()).collect();
        to.sort();
        to.dedup();
        assert_eq!(to.len(), 1_203);
        assert_eq!(sink.taken(), 1_203);
        let place = sink.log().iter().position(|mail| &*mail.to == "reader42@example0.test").unwrap();
        let mail = String::from_utf8(sink.messages()[place].clone()).unwrap().replace("=\r\n", "");
        for part in [
            "Bonjour Nom42,",
            "Nom42",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            "Pour vous seuls.",
        ] {
            assert!(mail.contains(part), "{part}\n{mail}");
        }
        let sent = editions::by_id(&instance, edition.id).await.unwrap().unwrap();
        assert_eq!((sent.state, sent.number), (editions::EditionState::Sent, Some(1)));
        figures(&status)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_exact_number_and_who_is_left_out_are_known_before_and_nobody_gets_it_twice() {
    on_both(|house| async move {
        let sink = Sink::start(SinkOptions::default()).await.unwrap();
        let instance = with_relay(&house, &sink).await;
        let publication = gazette(&instance).await;
        readers(&instance, &publication, 10).await;
        leaves(&instance, &publication, "reader3@example3.test").await;
        let edition = edition(&instance, &publication).await;
        let before = dispatch::estimate(
            &instance,
            &publication,
            edition.id,
            &Audience::Everyone,
            dispatch::Kind::Edition,
        )
        .await
        .unwrap();
        assert_eq!((before.readers, before.left_out_total()), (9, 1));
        let made =
            dispatch::create(&instance, &publication, &edition, &Audience::Everyone, None).await.unwrap();
        send(&instance).await;
        let again = dispatch::create(&instance, &publication, &edition, &Audience::Everyone, None).await;
        assert!(matches!(again, Err(DispatchError::Nobody(10))), "{again:?}");
        assert_eq!(sink.taken(), 9);
        (before, figures(&dispatch::status(&instance, made.id).await.unwrap()))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_reader_is_a_bounce_at_once_and_a_deferred_one_is_tried_again() {
    on_both(|house| async move {
        let no_user = Misdeed::Say(550, "5.1.1 no such user".into());
        let later = Misdeed::Say(451, "4.2.1 come back later".into());
        let options = SinkOptions {
            faults: vec![
                Fault::always(FaultStage::Rcpt, no_user).to(Who::Address("reader1@example1.test".into())),
                Fault::always(FaultStage::Rcpt, later)
                    .to(Who::Address("reader2@example2.test".into()))
                    .times(1),
            ],
            ..SinkOptions::default()
        };
        let sink = Sink::start(options).await.unwrap();
        let instance = with_relay(&house, &sink).await;
        let publication = gazette(&instance).await;
        readers(&instance, &publication, 5).await;
        let edition = edition(&instance, &publication).await;
        let made =
            dispatch::create(&instance, &publication, &edition, &Audience::Everyone, None).await.unwrap();
        send(&instance).await;
        let first = figures(&dispatch::status(&instance, made.id).await.unwrap());
        assert_eq!(first, ("sending", [5, 0, 0, 0, 0, 3, 1, 1, 0]));
        let failures = dispatch::failures(&instance, made.id, 0, 10).await.unwrap();
        let told: Vec<_> =
            failures.iter().map(|one| (one.state, one.code, one.tries, one.next_at.is_some())).collect();
        instance.clock.advance(30 * 60 * 1_000_000);
        send(&instance).await;
        let second = figures(&dispatch::status(&instance, made.id).await.unwrap());
        assert_eq!(second, ("finished", [5, 0, 0, 0, 0, 4, 0, 1, 0]));
        told
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_left_and_got_no_answer_is_in_doubt_and_is_sent_again_under_the_same_name() {
    on_both(|house| async move {
        let options = SinkOptions {
            faults: vec![Fault::always(FaultStage::AfterMessage, Misdeed::Close).times(1)],
            ..SinkOptions::default()
        };
        let sink = Sink::start(options).await.unwrap();
        let instance = with_relay(&house, &sink).await;
        let publication = gazette(&instance).await;
        readers(&instance, &publication, 6).await;
        let edition = edition(&instance, &publication).await;
        let made =
            dispatch::create(&instance, &publication, &edition, &Audience::Everyone, None).await.unwrap();
        send(&instance).await;
        let doubtful = dispatch::status(&instance, made.id).await.unwrap();
        assert_eq!((doubtful.accepted, doubtful.deferred, doubtful.doubted), (5, 1, 1));
        instance.clock.advance(30 * 60 * 1_000_000);
        send(&instance).await;
        let mut names: Vec<_> =
            sink.log().iter().map(|mail| (mail.to.clone(), mail.message_id.clone())).collect();
        assert_eq!(names.len(), 7);
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 6, "the second copy has the Message-ID of the first");
        figures(&dispatch::status(&instance, made.id).await.unwrap())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publication_that_holds_doubts_sends_nothing_twice() {
    on_both(|house| async move {
        let options = SinkOptions {
            faults: vec![Fault::always(FaultStage::AfterMessage, Misdeed::Close).times(1)],
            ..SinkOptions::default()
        };
        let sink = Sink::start(options).await.unwrap();
        let instance = with_relay(&house, &sink).await;
        let mut publication = gazette(&instance).await;
        publication.in_doubt = policy::delivery::InDoubtRule::Hold;
        publications::change(&instance, &publication).await.unwrap();
        readers(&instance, &publication, 4).await;
        let edition = edition(&instance, &publication).await;
        let made =
            dispatch::create(&instance, &publication, &edition, &Audience::Everyone, None).await.unwrap();
        send(&instance).await;
        instance.clock.advance(3 * 3600 * 1_000_000);
        send(&instance).await;
        assert_eq!(sink.taken(), 4);
        let status = figures(&dispatch::status(&instance, made.id).await.unwrap());
        assert_eq!(status, ("held", [4, 0, 0, 0, 1, 3, 0, 0, 0]));
        status
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_after_the_freezing_is_passed_over() {
    on_both(|house| async move {
        let sink = Sink::start(SinkOptions::default()).await.unwrap();
        let instance = with_relay(&house, &sink).await;
        let publication = gazette(&instance).await;
        readers(&instance, &publication, 5).await;
        let edition = edition(&instance, &publication).await;
        let made =
            dispatch::create(&instance, &publication, &edition, &Audience::Everyone, None).await.unwrap();
        let process = Process::announce(&instance, "freezer").await.unwrap();
        dispatch::freeze_due(&instance, &process).await.unwrap();
        let frozen = figures(&dispatch::status(&instance, made.id).await.unwrap());
        assert_eq!(frozen, ("sending", [5, 0, 5, 0, 0, 0, 0, 0, 0]));
        leaves(&instance, &publication, "reader3@example3.test").await;
        send(&instance).await;
        assert!(sink.log().iter().all(|mail| &*mail.to != "reader3@example3.test"));
        let end = figures(&dispatch::status(&instance, made.id).await.unwrap());
        assert_eq!(end, ("finished", [4, 1, 0, 0, 0, 4, 0, 0, 0]));
        end
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_process_held_is_sent_by_the_next_one() {
    on_both(|house| async move {
        let sink = Sink::start(SinkOptions::default()).await.unwrap();
        let instance = with_relay(&house, &sink).await;
        let publication = gazette(&instance).await;
        readers(&instance, &publication, 700).await;
        let edition = edition(&instance, &publication).await;
        let made =
            dispatch::create(&instance, &publication, &edition, &Audience::Everyone, None).await.unwrap();
        let dead = Process::announce(&instance, "dead").await.unwrap();
        dispatch::freeze_due(&instance, &dead).await.unwrap();
        let store = &instance.store;
        store.write(query("dispatch.claim_chunk"), store::params![made.id, dead.id]).await.unwrap();
        store.execute(query("dispatch.claim"), store::params![made.id, 1, 500, 0]).await.unwrap();
        let doubt = store::params![made.id, "[[7, 0]]", 0, dead.id];
        assert_eq!(store.execute(query("dispatch.doubt"), doubt).await.unwrap(), 1);
        let held = figures(&dispatch::status(&instance, made.id).await.unwrap());
        assert_eq!(held, ("sending", [700, 0, 200, 499, 1, 0, 0, 0, 0]));
        // It never beats again, and the machine's clock goes on.
        instance.clock.advance(policy::lease::DEAD_AFTER);
        send(&instance).await;
        assert_eq!(sink.taken(), 700);
        figures(&dispatch::status(&instance, made.id).await.unwrap())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_goes_to_any_address_and_publishes_nothing() {
    on_both(|house| async move {
        let sink = Sink::start(SinkOptions::default()).await.unwrap();
        let instance = with_relay(&house, &sink).await;
        let publication = gazette(&instance).await;
        let edition = edition(&instance, &publication).await;
        let me = Address::parse("ada@letters.example").unwrap();
        for _ in 0..2 {
            dispatch::create_test(&instance, &publication, &edition, &me).await.unwrap();
            send(&instance).await;
        }
        assert_eq!(sink.taken(), 2);
        let after = editions::by_id(&instance, edition.id).await.unwrap().unwrap();
        assert_eq!((after.state, after.published_at), (editions::EditionState::Draft, None));
        let forgotten = Address::parse("gone@letters.example").unwrap();
        let (everywhere, deleted) =
            (policy::suppressions::Scope::Everywhere, policy::suppressions::Reason::Deleted);
        audience::suppress(&instance, &forgotten, everywhere, deleted).await.unwrap();
        let refused = dispatch::create_test(&instance, &publication, &edition, &forgotten).await;
        assert!(matches!(refused, Err(DispatchError::Nobody(1))));
        assert_eq!(
            audience::by_email(&instance, &forgotten).await.unwrap(),
            None,
            "who was forgotten stays so"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_outlives_the_sender_and_a_stop_is_for_good() {
    on_both(|house| async move {
        let sink = Sink::start(SinkOptions::default()).await.unwrap();
        let instance = with_relay(&house, &sink).await;
        let publication = gazette(&instance).await;
        readers(&instance, &publication, 3).await;
        let edition = edition(&instance, &publication).await;
        let made =
            dispatch::create(&instance, &publication, &edition, &Audience::Everyone, None).await.unwrap();
        dispatch::pause(&instance, made.id, "Ada").await.unwrap();
        send(&instance).await;
        assert_eq!(sink.taken(), 0);
        assert_eq!(dispatch::status(&instance, made.id).await.unwrap().state, "paused");
        dispatch::resume(&instance, made.id).await.unwrap();
        assert!(dispatch::stop(&instance, made.id).await.unwrap());
        assert!(!dispatch::stop(&instance, made.id).await.unwrap(), "it had ended");
        send(&instance).await;
        assert_eq!(sink.taken(), 0);
        dispatch::status(&instance, made.id).await.unwrap().state
    })
    .await;
}

#[tokio::test]
async fn no_question_reads_a_large_table_from_end_to_end() {
    use store::params;
    let large = ["readers", "subscriptions", "deliveries", "chunks", "suppressions"];
    for (name, values) in [
        ("dispatch.claimed", params![1, 1, 500]),
        ("dispatch.claim", params![1, 1, 500, 0]),
        ("dispatch.skip", params![1, 1, 500, 1, 0]),
        ("dispatch.claim_chunk", params![1, 1]),
        ("dispatch.due", params![1, 0, 100, 500]),
        ("dispatch.leases", params![]),
        ("dispatch.move", params![1, "[[1, 0, 3, 0, 0, null, 250, \"ok\", null]]", 0, 1]),
        ("dispatch.doubt", params![1, "[[1, 0]]", 0, 1]),
        ("dispatch.accept", params![1, "[[1, 250, \"ok\", null]]", 0]),
        ("dispatch.release_rows", params![1, 1, 500, 0, 1]),
        ("dispatch.held_chunks", params![1]),
        ("dispatch.stranded_chunks", params![1]),
        ("dispatch.free_rows", params![1, 1, 500]),
        ("dispatch.frozen", params![1]),
        ("dispatch.span", params![0, 1_999]),
        ("dispatch.failures", params![1, 0, 100]),
        ("dispatch.counts", params![1]),
        ("dispatch.open_chunks", params![1]),
    ] {
        testkit::assert_no_full_scan(query(name), values, &large).await;
    }
}
