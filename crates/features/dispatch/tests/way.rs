//! The way out: a relay that refuses everybody, closes at once, or never answers.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod house;

use std::time::Duration;

use house::{asked, edition, gazette, numbers, readers, sender, until, with_relay};
use smtp::sink::{Fault, FaultStage, Misdeed, Sink, SinkOptions};
use testkit::on_both;

/// The sender meets a relay that behaves so towards everybody, and waits; then time passes.
async fn waits_and_burns_nobody(misdeed: Misdeed) {
    on_both(|house| {
        let misdeed = misdeed.clone();
        async move {
            let options = SinkOptions {
                faults: vec![Fault::always(FaultStage::Mail, misdeed).times(14)],
                ..SinkOptions::default()
            };
            let (sink, instance, made) = asked(&house, options, 30).await;
            let (stop, running) = sender(&instance).await;
            until("the trouble is shown", || async {
                dispatch::status(&instance, made.id).await.unwrap().trouble.is_some()
            })
            .await;
            // The clock stands still: as long as the way is left alone, nobody tries.
            assert_eq!(sink.taken(), 0);
            assert!(sink.connections() <= 14, "{}", sink.connections());
            until("everybody has it", || async {
                instance.clock.advance(5 * policy::MINUTE);
                numbers(&instance, made.id).await.0 == "finished"
            })
            .await;
            stop.send(true).unwrap();
            running.await.unwrap();
            assert_eq!(sink.taken(), 30);
            let (state, mut figures) = numbers(&instance, made.id).await;
            // Whether all of a mail had left when the relay hung up decides if it was in doubt: that is the network's.
            figures[8] = 0;
            (state, figures)
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_refuses_every_sender_is_left_alone_and_burns_nobody() {
    waits_and_burns_nobody(Misdeed::Say(451, "4.3.0 not now".into())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_greets_and_closes_is_left_alone_and_burns_nobody() {
    waits_and_burns_nobody(Misdeed::Close).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_never_greets_does_not_keep_a_sender_from_stopping() {
    on_both(|house| async move {
        let options = SinkOptions { greeting_delay: Duration::from_secs(3_600), ..SinkOptions::default() };
        let (sink, instance, made) = asked(&house, options, 700).await;
        let (stop, running) = sender(&instance).await;
        until("lines knock", || async { sink.connections() > 0 }).await;
        stop.send(true).unwrap();
        tokio::time::timeout(Duration::from_secs(8), running).await.expect("it stops").unwrap();
        numbers(&instance, made.id).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_pace_does_not_keep_a_sender_from_stopping() {
    on_both(|house| async move {
        let sink = Sink::start(SinkOptions::default()).await.unwrap();
        let mut instance = with_relay(&house, &sink).await;
        let mut config = (*instance.config).clone();
        config.rate = Some(1);
        config.smtp_connections = 16;
        instance.config = config.into();
        let publication = gazette(&instance).await;
        readers(&instance, &publication, 100).await;
        let edition = edition(&instance, &publication).await;
        let everyone = audience::Audience::Everyone;
        let made = dispatch::create(&instance, &publication, &edition, &everyone, None).await.unwrap();
        let (stop, running) = sender(&instance).await;
        until("the first leaves", || async { sink.taken() > 0 }).await;
        stop.send(true).unwrap();
        tokio::time::timeout(Duration::from_secs(8), running).await.expect("it stops").unwrap();
        let status = dispatch::status(&instance, made.id).await.unwrap();
        assert_eq!(status.claimed + status.in_doubt, 0);
        assert_eq!(status.pending + status.accepted, 100);
    })
    .await;
}
