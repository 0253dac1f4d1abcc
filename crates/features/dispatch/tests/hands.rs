//! Rows and chunks pass from hand to hand: processes that die, sleep, meet, and are disturbed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod house;

use dispatch::Ending;
use house::{asked, numbers, query, send, sender, sender_called, until};
use instance::{Instance, Process};
use smtp::sink::SinkOptions;
use store::params;
use testkit::on_both;

/// A process leases the first chunk of a frozen dispatch and claims its rows.
async fn claims(instance: &Instance, id: i64, process: &Process) {
    let store = &instance.store;
    store.write(query("dispatch.claim_chunk"), params![id, process.id]).await.unwrap();
    store.execute(query("dispatch.claim"), params![id, 1, 500, 0]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_that_is_rung_all_the_time_forgets_no_chunk() {
    on_both(|house| async move {
        let (sink, instance, made) = asked(&house, SinkOptions::default(), 4_000).await;
        let (stop, running) = sender(&instance).await;
        let bell = instance.mail_waits.clone();
        let ringing = tokio::spawn(async move {
            loop {
                bell.notify_waiters();
                tokio::task::yield_now().await;
            }
        });
        until("the dispatch finishes", || async { numbers(&instance, made.id).await.0 == "finished" }).await;
        ringing.abort();
        stop.send(true).unwrap();
        assert_eq!(running.await.unwrap(), Ending::Stopped);
        assert_eq!(sink.taken(), 4_000);
        numbers(&instance, made.id).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_senders_share_a_dispatch_and_nobody_gets_it_twice() {
    on_both(|house| async move {
        let (sink, instance, made) = asked(&house, SinkOptions::default(), 5_000).await;
        let (stop, one) = sender_called(&instance, "one").await;
        let (stop_other, other) = sender_called(&instance, "other").await;
        until("the dispatch finishes", || async { numbers(&instance, made.id).await.0 == "finished" }).await;
        stop.send(true).unwrap();
        stop_other.send(true).unwrap();
        assert_eq!([one.await.unwrap(), other.await.unwrap()], [Ending::Stopped; 2]);
        assert_eq!(sink.taken(), 5_000);
        numbers(&instance, made.id).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_slept_can_let_nothing_leave_and_undo_nothing() {
    on_both(|house| async move {
        let (sink, instance, made) = asked(&house, SinkOptions::default(), 20).await;
        let asleep = Process::announce(&instance, "asleep").await.unwrap();
        dispatch::freeze_due(&instance, &asleep).await.unwrap();
        claims(&instance, made.id, &asleep).await;
        instance.clock.advance(policy::lease::DEAD_AFTER);
        send(&instance).await;
        let store = &instance.store;
        let touched = [
            store.execute(query("dispatch.doubt"), params![made.id, "[[3, 0]]", 0, asleep.id]).await.unwrap(),
            store
                .execute(
                    query("dispatch.move"),
                    params![made.id, "[[3, 0, 4, 0, 0, 1, null, null, null]]", 0, asleep.id],
                )
                .await
                .unwrap(),
            store
                .execute(query("dispatch.release_rows"), params![made.id, 1, 20, 0, asleep.id])
                .await
                .unwrap(),
        ];
        assert_eq!(touched, [0, 0, 0]);
        assert_eq!(sink.taken(), 20);
        numbers(&instance, made.id).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_find_a_dead_process_one_takes_over() {
    on_both(|house| async move {
        let (_sink, instance, made) = asked(&house, SinkOptions::default(), 20).await;
        let dead = Process::announce(&instance, "dead").await.unwrap();
        dispatch::freeze_due(&instance, &dead).await.unwrap();
        claims(&instance, made.id, &dead).await;
        let store = &instance.store;
        let mut taken = Vec::new();
        for heir in [101, 102] {
            let values = params![made.id, 0, dead.id, heir];
            taken.push(store.execute(query("dispatch.take_lease"), values).await.unwrap());
        }
        taken
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_left_by_a_process_that_left_the_list_is_taken_over() {
    on_both(|house| async move {
        let (sink, instance, made) = asked(&house, SinkOptions::default(), 20).await;
        let gone = Process::announce(&instance, "gone").await.unwrap();
        dispatch::freeze_due(&instance, &gone).await.unwrap();
        claims(&instance, made.id, &gone).await;
        // Cut off in the middle of its work: it is off the list before it could give anything back.
        gone.leave(&instance).await.unwrap();
        send(&instance).await;
        assert_eq!(sink.taken(), 20);
        numbers(&instance, made.id).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edition_becomes_public_though_its_process_died_as_it_began_to_freeze() {
    on_both(|house| async move {
        let (sink, instance, made) = asked(&house, SinkOptions::default(), 5).await;
        let dead = Process::announce(&instance, "dead").await.unwrap();
        // The letter is taken from a dispatch that was frozen in good order.
        dispatch::freeze_due(&instance, &dead).await.unwrap();
        let store = &instance.store;
        for sql in [
            "DELETE FROM deliveries",
            "DELETE FROM chunks",
            "DELETE FROM edition_versions",
            "UPDATE editions SET state = 'scheduled', number = NULL, published_at = NULL",
            "UPDATE dispatches SET state = 1, process_id = 77",
        ] {
            let statement = store::Statement::composed("test.undo", sql.into(), vec![]);
            store.transaction(vec![statement]).await.unwrap();
        }
        send(&instance).await;
        assert_eq!(sink.taken(), 5);
        let edition = editions::by_id(&instance, made.edition_id).await.unwrap().unwrap();
        assert_eq!((edition.state, edition.number), (editions::EditionState::Sent, Some(1)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_goes_back_stops_no_dispatch_that_has_begun() {
    on_both(|house| async move {
        let (sink, instance, made) = asked(&house, SinkOptions::default(), 5).await;
        let process = Process::announce(&instance, "freezer").await.unwrap();
        dispatch::freeze_due(&instance, &process).await.unwrap();
        instance.clock.advance(-policy::HOUR);
        send(&instance).await;
        assert_eq!(sink.taken(), 5);
        numbers(&instance, made.id).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_in_hand_in_a_chunk_that_nobody_holds_are_sent() {
    on_both(|house| async move {
        let (sink, instance, made) = asked(&house, SinkOptions::default(), 700).await;
        let process = Process::announce(&instance, "freezer").await.unwrap();
        dispatch::freeze_due(&instance, &process).await.unwrap();
        claims(&instance, made.id, &process).await;
        // What a group of moves leaves that was written twice.
        instance.store.execute(query("dispatch.close_chunk"), params![made.id, 0, process.id]).await.unwrap();
        let (stop, running) = sender(&instance).await;
        until("everybody has it", || async { numbers(&instance, made.id).await.0 == "finished" }).await;
        stop.send(true).unwrap();
        running.await.unwrap();
        assert_eq!(sink.taken(), 700);
        numbers(&instance, made.id).await
    })
    .await;
}
