use tokio::net::TcpListener;

use super::*;
use crate::sink::{FaultStage, Misdeed};
use crate::{Limits, Route, SendError, Stage};

/// A server that leaves at once when it is stopped, whoever is connected.
fn abrupt(offered: (bool, bool)) -> ListenerOptions {
    ListenerOptions { limits: Limits { grace: Duration::ZERO, ..Limits::default() }, ..kind(offered) }
}

/// Stops the sink, and lets the runtime notice what that did to the connections.
async fn stop(sink: Sink) {
    sink.stop().await;
    tokio::task::yield_now().await;
}

/// What a fault at a stage looks like from outside: the stage at which it is felt, and whether the mail is in doubt.
async fn felt(offered: (bool, bool), at: FaultStage, misdeed: Misdeed) -> (Stage, bool, u64) {
    let sink = sink(kind(offered), vec![Fault::always(at, misdeed)]).await;
    let mut connection = open(&sink).await;
    let error = deliver(&mut connection, TO, &letter(1)).await.unwrap_err();
    assert!(!connection.is_usable());
    let in_doubt = error.may_have_been_taken();
    let NotDelivered::Failed(
        SendError::Lost { stage, .. } | SendError::Protocol { stage, .. } | SendError::Timeout { stage, .. },
    ) = error
    else {
        panic!("{error:?}")
    };
    (stage, in_doubt, sink.taken())
}

#[tokio::test]
async fn a_connection_that_closes_before_the_body_leaves_no_doubt() {
    for offered in [(false, false), (true, false), (false, true)] {
        assert_eq!(felt(offered, FaultStage::Mail, Misdeed::Close).await, (Stage::Mail, false, 0));
        assert_eq!(felt(offered, FaultStage::Rcpt, Misdeed::Close).await, (Stage::Rcpt, false, 0));
        assert_eq!(felt(offered, FaultStage::Mail, Misdeed::Garbage).await, (Stage::Mail, false, 0));
    }
    // With all in one write, the mail may have been taken before the answers were lost.
    assert_eq!(felt((true, true), FaultStage::Mail, Misdeed::Close).await, (Stage::Mail, true, 0));
}

#[tokio::test]
async fn a_connection_that_closes_after_the_last_byte_leaves_the_mail_in_doubt() {
    for offered in KINDS {
        // Not taken, and taken without an answer: the same from here.
        for (at, taken) in [(FaultStage::Message, 0), (FaultStage::AfterMessage, 1)] {
            for misdeed in [Misdeed::Close, Misdeed::Garbage] {
                assert_eq!(felt(offered, at, misdeed).await, (Stage::Body, true, taken), "{offered:?}");
            }
        }
    }
}

#[tokio::test]
async fn the_log_of_the_sink_says_that_the_answer_was_lost() {
    let sink =
        sink(ListenerOptions::default(), vec![Fault::every(FaultStage::AfterMessage, 2, Misdeed::Close)])
            .await;
    let mut connection = open(&sink).await;
    deliver(&mut connection, TO, &letter(1)).await.unwrap();
    deliver(&mut connection, TO, &letter(2)).await.unwrap_err();
    let answered: Vec<bool> = sink.log().iter().map(|accepted| accepted.answered).collect();
    assert_eq!(answered, [true, false]);
}

#[tokio::test]
async fn a_server_that_hangs_runs_into_the_time_limit_of_the_stage() {
    for offered in KINDS {
        let sink = sink(kind(offered), vec![Fault::always(FaultStage::Message, Misdeed::Hang)]).await;
        let timeouts = Timeouts { end: Duration::from_millis(1), ..Timeouts::all(PATIENCE) };
        let mut connection = Connection::open(&sink.route(), "letter.example", timeouts).await.unwrap();
        let error = deliver(&mut connection, TO, &letter(1)).await.unwrap_err();
        assert!(error.may_have_been_taken());
        let timeout = SendError::Timeout { stage: Stage::Body, last_byte_left: true };
        assert_eq!(error.to_string(), timeout.to_string());
        assert!(!connection.is_usable());
    }
}

#[tokio::test]
async fn a_server_that_closed_while_we_were_idle_costs_nobody_a_doubt() {
    let sink = sink(abrupt((true, true)), vec![]).await;
    let mut connection = open(&sink).await;
    deliver(&mut connection, TO, &letter(1)).await.unwrap();
    assert!(connection.is_alive());
    stop(sink).await;
    let error = deliver(&mut connection, TO, &letter(2)).await.unwrap_err();
    assert!(
        matches!(error, NotDelivered::Failed(SendError::Lost { last_byte_left: false, .. })),
        "{error:?}"
    );
    assert!(!connection.is_alive());
}

#[tokio::test]
async fn a_server_that_goes_while_the_ledger_writes_costs_nobody_a_doubt() {
    for offered in KINDS {
        let sink = sink(abrupt(offered), vec![]).await;
        let mut connection = open(&sink).await;
        let gate = async {
            tokio::task::yield_now().await;
            stop(sink).await;
            Ok::<(), ()>(())
        };
        let error = connection.deliver(FROM, TO, &letter(1), gate).await.unwrap_err();
        assert!(!error.may_have_been_taken(), "{offered:?} {error:?}");
    }
}

#[tokio::test]
async fn nobody_listening_is_an_error_with_the_address_in_it() {
    let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = socket.local_addr().unwrap().port();
    drop(socket);
    let route = Route::plain("127.0.0.1", port);
    let error = Connection::open(&route, "letter.example", Timeouts::default()).await.unwrap_err();
    assert_eq!(error.to_string(), format!("no connection to 127.0.0.1:{port}"));
}

#[tokio::test]
async fn a_server_that_speaks_something_else_is_left() {
    let sink =
        sink(ListenerOptions::default(), vec![Fault::always(FaultStage::Greeting, Misdeed::Garbage)]).await;
    let error = Connection::open(&sink.route(), "letter.example", Timeouts::default()).await.unwrap_err();
    assert!(matches!(error, SendError::Protocol { stage: Stage::Greeting, .. }), "{error:?}");
}
