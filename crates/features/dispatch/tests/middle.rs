//! A relay that changes its mind in the middle of a mail.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod house;

use house::{asked, numbers, sender, until};
use smtp::sink::{Fault, FaultStage, Misdeed, SinkOptions};
use testkit::on_both;

const READERS: usize = 40;

/// Everybody has it in the end, once, and the ledger knows what was said. Time passes whenever nothing else does.
async fn everybody_has_it_once(misdeed: Misdeed) {
    on_both(|house| {
        let misdeed = misdeed.clone();
        async move {
            let options = SinkOptions {
                faults: vec![Fault::every(FaultStage::Data, 7, misdeed).times(5)],
                keep_messages: true,
                ..SinkOptions::default()
            };
            let (sink, instance, made) = asked(&house, options, READERS).await;
            let (stop, running) = sender(&instance).await;
            until("everybody has it", || async {
                instance.clock.advance(5 * policy::MINUTE);
                numbers(&instance, made.id).await.0 == "finished"
            })
            .await;
            stop.send(true).unwrap();
            running.await.unwrap();
            let mut to: Vec<_> = sink.log().iter().map(|mail| mail.to.clone()).collect();
            assert_eq!(to.len(), READERS, "a mail that was broken off was not taken");
            to.sort();
            to.dedup();
            assert_eq!(to.len(), READERS);
            for message in sink.messages() {
                let message = String::from_utf8(message).unwrap();
                let boundary = message.split("boundary=\"").nth(1).unwrap().split('"').next().unwrap();
                assert!(message.ends_with(&format!("--{boundary}--\r\n")), "half a mail was taken");
            }
            let (state, mut figures) = numbers(&instance, made.id).await;
            // Whether all of a mail had left when the relay gave up decides if it was in doubt: that is the network's.
            figures[8] = 0;
            (state, figures)
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_421_in_the_middle_of_a_mail_makes_nobody_get_half_of_it_or_two() {
    everybody_has_it_once(Misdeed::GiveUpAfter(2_000)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_closed_at_the_beginning_of_a_mail_makes_nobody_get_half_of_it_or_two() {
    everybody_has_it_once(Misdeed::Close).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_in_the_middle_of_a_mail_makes_nobody_get_half_of_it_or_two() {
    everybody_has_it_once(Misdeed::Garbage).await;
}
