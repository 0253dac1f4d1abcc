use super::*;
use crate::sink::{FaultStage, Misdeed, Who};
use crate::{SendError, Stage};

fn say(code: u16, text: &str) -> Misdeed {
    Misdeed::Say(code, text.to_owned())
}

#[tokio::test]
async fn a_refusal_names_its_stage_and_the_connection_goes_on() {
    let stages = [
        (FaultStage::Mail, Stage::Mail),
        (FaultStage::Rcpt, Stage::Rcpt),
        (FaultStage::Data, Stage::Data),
        (FaultStage::Message, Stage::Body),
    ];
    for offered in KINDS {
        for (at, stage) in stages {
            for code in [451, 550] {
                let fault = Fault::always(at, say(code, "no, thanks")).times(1);
                let sink = sink(kind(offered), vec![fault]).await;
                let mut connection = open(&sink).await;
                let result = deliver(&mut connection, TO, &letter(1)).await;
                assert!(!result.as_ref().unwrap_err().may_have_been_taken());
                let refused = refusal(result);
                // BDAT has no step of its own before the body.
                let stage = if offered.1 && stage == Stage::Data { Stage::Body } else { stage };
                assert_eq!((refused.stage, refused.reply.code), (stage, code), "{offered:?} {at:?}");
                assert!(connection.is_usable(), "{offered:?} {at:?}");
                deliver(&mut connection, TO, &letter(2)).await.unwrap();
                assert_eq!(sink.messages(), [letter(2)], "{offered:?} {at:?}");
            }
        }
    }
}

#[tokio::test]
async fn refusals_in_a_row_leave_no_trace_in_the_next_mail() {
    for offered in KINDS {
        let faults = vec![
            Fault::every(FaultStage::Mail, 5, say(450, "4.2.0 slow")),
            Fault::every(FaultStage::Rcpt, 3, say(550, "5.1.1 gone")),
            Fault::every(FaultStage::Message, 4, say(554, "5.7.1 spam")),
        ];
        let sink = sink(kind(offered), faults).await;
        let mut connection = open(&sink).await;
        let mut taken = Vec::new();
        for number in 0..60 {
            let to = format!("reader{number}@reader.example");
            match deliver(&mut connection, &to, &letter(number)).await {
                Ok(_) => taken.push(letter(number)),
                Err(NotDelivered::Refused(_)) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        assert!(taken.len() > 20 && taken.len() < 40, "{}", taken.len());
        assert_eq!((sink.messages(), sink.connections()), (taken, 1), "{offered:?}");
    }
}

#[tokio::test]
async fn answers_differ_by_domain_and_address() {
    let faults = vec![
        Fault::always(FaultStage::Rcpt, say(550, "5.1.1 gone")).to(Who::Address("a@one.example".into())),
        Fault::always(FaultStage::Rcpt, say(421, "4.7.0 slow down")).to(Who::Domain("TWO.example".into())),
    ];
    let sink = sink(ListenerOptions::default(), faults).await;
    let mut connection = open(&sink).await;
    assert_eq!(refusal(deliver(&mut connection, "a@one.example", &letter(1)).await).reply.code, 550);
    deliver(&mut connection, "b@one.example", &letter(2)).await.unwrap();
    assert_eq!(refusal(deliver(&mut connection, "a@two.example", &letter(3)).await).reply.code, 421);
    assert!(!connection.is_usable());
}

#[tokio::test]
async fn a_421_is_a_refusal_that_ends_the_connection() {
    for offered in KINDS {
        for at in [FaultStage::Mail, FaultStage::Rcpt, FaultStage::Data, FaultStage::Message] {
            let sink = sink(kind(offered), vec![Fault::always(at, say(421, "4.3.2 going down"))]).await;
            let mut connection = open(&sink).await;
            let refused = refusal(deliver(&mut connection, TO, &letter(1)).await);
            assert_eq!(refused.to_string().split_once(": ").unwrap().1, "421 4.3.2 going down");
            assert!(!connection.is_usable(), "{offered:?} {at:?}");
            let next = deliver(&mut connection, TO, &letter(1)).await.unwrap_err();
            assert!(!next.may_have_been_taken());
        }
    }
}

#[tokio::test]
async fn a_421_in_the_middle_of_the_body_is_heard() {
    let message = b"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd\r\n".repeat(100_000);
    for offered in KINDS {
        let fault = Fault::always(FaultStage::Data, Misdeed::GiveUpAfter(1000));
        let sink = sink(kind(offered), vec![fault]).await;
        let mut connection = open(&sink).await;
        let refused = refusal(deliver(&mut connection, TO, &message).await);
        assert_eq!((refused.stage, refused.reply.code), (Stage::Body, 421), "{offered:?}");
        assert!(!connection.is_usable());
        assert_eq!(sink.taken(), 0);
    }
}

#[tokio::test]
async fn a_server_that_does_not_want_us_says_so() {
    let fault = Fault::always(FaultStage::Greeting, say(554, "5.7.1 Not from there"));
    let sink = sink(ListenerOptions::default(), vec![fault]).await;
    let error = Connection::open(&sink.route(), "letter.example", Timeouts::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "the server answered the greeting with: 554 5.7.1 Not from there");
}

#[tokio::test]
async fn a_mail_that_is_too_large_is_refused_before_or_after_its_body() {
    for offered in KINDS {
        let mut options = kind(offered);
        options.limits.message = 1000;
        let sink = sink(options, vec![]).await;
        let mut connection = open(&sink).await;
        let refused = refusal(deliver(&mut connection, TO, &b"0123456789\r\n".repeat(200)).await);
        assert_eq!((refused.stage, refused.reply.code), (Stage::Mail, 552), "{offered:?}");
        deliver(&mut connection, TO, &letter(1)).await.unwrap();
        assert_eq!(sink.messages(), [letter(1)]);
    }
}

#[tokio::test]
async fn an_answer_without_meaning_ends_the_connection() {
    for offered in KINDS {
        let sink = sink(kind(offered), vec![Fault::always(FaultStage::Rcpt, say(354, "go on"))]).await;
        let mut connection = open(&sink).await;
        let result = deliver(&mut connection, TO, &letter(1)).await;
        assert!(matches!(
            result,
            Err(NotDelivered::Failed(SendError::Unexpected { stage: Stage::Rcpt, .. }))
        ));
        assert!(!connection.is_usable());
    }
}

#[tokio::test]
async fn a_great_letter_does_not_leave_for_a_reader_who_is_refused() {
    let fault = Fault::always(FaultStage::Rcpt, say(550, "5.1.1 gone")).times(1);
    let sink = sink(ListenerOptions::default(), vec![fault]).await;
    let mut connection = open(&sink).await;
    let great = b"0123456789abcdef\r\n".repeat(30_000);
    let mut asked = false;
    let gate = async {
        asked = true;
        Ok::<(), ()>(())
    };
    let result = connection.deliver(FROM, TO, &great, gate).await;
    assert!(matches!(result, Err(NotDelivered::Refused(refusal)) if refusal.stage == Stage::Rcpt));
    assert!(!asked && connection.is_usable());
    deliver(&mut connection, TO, &great).await.unwrap();
    assert!(sink.messages() == [great]);
}

#[tokio::test]
async fn a_delivery_that_is_dropped_half_way_ends_the_connection() {
    for offered in KINDS {
        let sink = sink(kind(offered), vec![Fault::always(FaultStage::Rcpt, Misdeed::Hang)]).await;
        let mut connection = open(&sink).await;
        {
            let mut delivery = std::pin::pin!(connection.deliver(FROM, TO, b"x\r\n", ungated()));
            let once = std::future::poll_fn(|cx| std::task::Poll::Ready(delivery.as_mut().poll(cx)));
            assert!(once.await.is_pending());
        }
        assert!(!connection.is_usable() && !connection.is_alive(), "{offered:?}");
    }
}
