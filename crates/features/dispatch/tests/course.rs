//! The course of a dispatch: several of one edition, what is stopped, held, or cannot begin.

mod house;

use audience::Audience;
use dispatch::DispatchError;
use house::{asked, edition, figures, gazette, numbers, query, readers, send, with_relay};
use instance::Process;
use policy::delivery::InDoubtRule;
use smtp::sink::{Fault, FaultStage, Misdeed, Sink, SinkOptions};
use store::{Statement, params};
use testkit::on_both;

#[tokio::test(flavor = "multi_thread")]
async fn who_got_nothing_from_a_stopped_dispatch_gets_it_from_the_next() {
    on_both(|house| async move {
        let (sink, instance, made) = asked(&house, SinkOptions::default(), 6).await;
        let process = Process::announce(&instance, "freezer").await.unwrap();
        dispatch::freeze_due(&instance, &process).await.unwrap();
        let accepted = params![made.id, r#"[[2, 250, "ok", null]]"#, 0];
        instance.store.execute(query("dispatch.accept"), accepted).await.unwrap();
        assert!(dispatch::stop(&instance, made.id).await.unwrap());
        let publication = publications::by_id(&instance, made.publication_id).await.unwrap().unwrap();
        let edition = editions::by_id(&instance, made.edition_id).await.unwrap().unwrap();
        assert_eq!(edition.state, editions::EditionState::Sent, "one got it");
        let again =
            dispatch::create(&instance, &publication, &edition, &Audience::Everyone, None).await.unwrap();
        send(&instance).await;
        assert_eq!(sink.taken(), 5, "who has it does not get it again");
        numbers(&instance, again.id).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_pressed_twice_sends_once() {
    on_both(|house| async move {
        let (sink, instance, made) = asked(&house, SinkOptions::default(), 6).await;
        let publication = publications::by_id(&instance, made.publication_id).await.unwrap().unwrap();
        let edition = editions::by_id(&instance, made.edition_id).await.unwrap().unwrap();
        let twin =
            dispatch::create(&instance, &publication, &edition, &Audience::Everyone, None).await.unwrap();
        // Two processes begin at once: while one freezes, the other has to wait for who has it from the first.
        let begin = |id: i64| {
            vec![
                query("dispatch.take_turn").with(params![edition.id]),
                query("dispatch.begin_freezing").with(params![id, 77, vec![0_u8], vec![0_u8], 0]),
            ]
        };
        let mut begun = Vec::new();
        for id in [made.id, twin.id] {
            let outcomes = instance.store.transaction(begin(id)).await.unwrap();
            begun.push(outcomes[1].rows.len());
        }
        assert_eq!(begun, [1, 0]);
        let undo = "UPDATE dispatches SET state = 0, process_id = NULL, letter = NULL";
        let undo = Statement::composed("test.undo", undo.into(), vec![]);
        instance.store.transaction(vec![undo]).await.unwrap();
        send(&instance).await;
        assert_eq!(sink.taken(), 6);
        (numbers(&instance, made.id).await, numbers(&instance, twin.id).await)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispatch_that_cannot_begin_says_why_and_keeps_no_other_from_its_turn() {
    on_both(|house| async move {
        let (sink, instance, broken) = asked(&house, SinkOptions::default(), 3).await;
        let audience = r#"UPDATE dispatches SET audience = '{"segment":"gone"}'"#;
        let shape = serde_json::to_string(&Audience::Segment("gone".into())).unwrap();
        let audience = audience.replace(r#"{"segment":"gone"}"#, &shape);
        instance
            .store
            .transaction(vec![Statement::composed("test.segment", audience, vec![])])
            .await
            .unwrap();
        let publication = publications::by_id(&instance, broken.publication_id).await.unwrap().unwrap();
        let other = edition(&instance, &publication).await;
        let sound =
            dispatch::create(&instance, &publication, &other, &Audience::Everyone, None).await.unwrap();
        send(&instance).await;
        assert_eq!(sink.taken(), 3);
        let status = dispatch::status(&instance, broken.id).await.unwrap();
        assert!(status.trouble.as_ref().is_some_and(|why| why.contains("gone")), "{status:?}");
        numbers(&instance, sound.id).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_wait_in_a_paused_dispatch_do_not_stand_before_the_others() {
    on_both(|house| async move {
        let (sink, instance, paused) = asked(&house, SinkOptions::default(), 1_600).await;
        let process = Process::announce(&instance, "freezer").await.unwrap();
        dispatch::freeze_due(&instance, &process).await.unwrap();
        dispatch::pause(&instance, paused.id, "Ada").await.unwrap();
        for sql in ["UPDATE deliveries SET state = 4, next_at = 1", "UPDATE chunks SET state = 2"] {
            instance
                .store
                .transaction(vec![Statement::composed("test.defer", sql.into(), vec![])])
                .await
                .unwrap();
        }
        let publication = publications::by_id(&instance, paused.publication_id).await.unwrap().unwrap();
        let edition = edition(&instance, &publication).await;
        let to = Audience::Address(wire::Address::parse("reader1@example1.test").unwrap());
        let other = dispatch::create(&instance, &publication, &edition, &to, None).await.unwrap();
        dispatch::freeze_due(&instance, &process).await.unwrap();
        let defer = format!("UPDATE deliveries SET state = 4, next_at = 2 WHERE dispatch_id = {}", other.id);
        let close = format!("UPDATE chunks SET state = 2 WHERE dispatch_id = {}", other.id);
        for sql in [defer, close] {
            instance.store.transaction(vec![Statement::composed("test.defer", sql, vec![])]).await.unwrap();
        }
        send(&instance).await;
        assert_eq!(sink.taken(), 1);
        assert!(dispatch::stop(&instance, paused.id).await.unwrap());
        (numbers(&instance, paused.id).await, numbers(&instance, other.id).await)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_held_in_doubt_is_sent_again_when_the_author_says_so() {
    on_both(|house| async move {
        let options = SinkOptions {
            faults: vec![Fault::always(FaultStage::AfterMessage, Misdeed::Close).times(1)],
            ..SinkOptions::default()
        };
        let sink = Sink::start(options).await.unwrap();
        let instance = with_relay(&house, &sink).await;
        let mut publication = gazette(&instance).await;
        publication.in_doubt = InDoubtRule::Hold;
        publications::change(&instance, &publication).await.unwrap();
        readers(&instance, &publication, 4).await;
        let edition = edition(&instance, &publication).await;
        let made =
            dispatch::create(&instance, &publication, &edition, &Audience::Everyone, None).await.unwrap();
        send(&instance).await;
        assert_eq!(numbers(&instance, made.id).await, ("held", [4, 0, 0, 0, 1, 3, 0, 0, 0]));
        assert_eq!(dispatch::resend_doubted(&instance, made.id).await.unwrap(), 1);
        assert_eq!(
            dispatch::resend_doubted(&instance, made.id).await.unwrap(),
            0,
            "it is on its way already"
        );
        send(&instance).await;
        assert_eq!(sink.taken(), 5);
        assert_eq!(dispatch::resend_doubted(&instance, made.id).await.unwrap(), 0, "it has ended");
        assert!(matches!(
            dispatch::resend_doubted(&instance, 9_999).await,
            Err(DispatchError::Unknown(9_999))
        ));
        numbers(&instance, made.id).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispatch_that_is_held_goes_on_when_a_row_of_it_is_to_be_tried_again() {
    on_both(|house| async move {
        let (sink, instance, made) = asked(&house, SinkOptions::default(), 3).await;
        let process = Process::announce(&instance, "freezer").await.unwrap();
        dispatch::freeze_due(&instance, &process).await.unwrap();
        // The late answer of a process that was taken for dead.
        for sql in [
            "UPDATE deliveries SET state = 4, next_at = 1",
            "UPDATE chunks SET state = 2",
            "UPDATE dispatches SET state = 3",
        ] {
            instance
                .store
                .transaction(vec![Statement::composed("test.held", sql.into(), vec![])])
                .await
                .unwrap();
        }
        send(&instance).await;
        assert_eq!(sink.taken(), 3);
        numbers(&instance, made.id).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_always_ends_in_doubt_reaches_its_reader_six_times_and_is_then_held() {
    on_both(|house| async move {
        let options = SinkOptions {
            faults: vec![Fault::always(FaultStage::AfterMessage, Misdeed::Close)],
            ..SinkOptions::default()
        };
        let (sink, instance, made) = asked(&house, options, 1).await;
        for _ in 0..12 {
            send(&instance).await;
            instance.clock.advance(6 * policy::HOUR);
        }
        assert_eq!(sink.taken(), 6);
        let status = dispatch::status(&instance, made.id).await.unwrap();
        figures(&status)
    })
    .await;
}
