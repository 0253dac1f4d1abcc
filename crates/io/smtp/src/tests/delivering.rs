use std::sync::Arc;

use tokio::sync::oneshot;

use super::*;
use crate::sink::{FaultStage, Misdeed};

#[tokio::test]
async fn every_kind_of_server_gets_the_very_bytes_of_each_letter_on_one_connection() {
    for offered in KINDS {
        let sink = sink(kind(offered), vec![]).await;
        let mut connection = open(&sink).await;
        assert_eq!((connection.capabilities().pipelining, connection.capabilities().chunking), offered);
        for number in 0..5 {
            let delivered = deliver(&mut connection, TO, &letter(number)).await.unwrap();
            assert_eq!(delivered.reply.code, 250);
        }
        assert_eq!((connection.deliveries(), connection.is_usable()), (5, true));
        connection.quit().await;
        let log = sink.log();
        assert_eq!((log.len(), sink.connections(), sink.taken()), (5, 1, 5), "{offered:?}");
        for (number, (accepted, message)) in log.iter().zip(sink.messages()).enumerate() {
            assert_eq!(&*accepted.to, TO);
            assert_eq!(&*accepted.message_id, format!("<{number}@letter.example>"));
            assert_eq!(message, letter(number), "{offered:?}");
        }
    }
}

#[tokio::test]
async fn odd_letters_arrive_whole() {
    let big = b"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd\r\n".repeat(131_072);
    assert_eq!(big.len(), 8 * 1024 * 1024);
    let dots = b".\r\n".repeat(50_000);
    let cases: [(&[u8], &[u8]); 6] = [
        (b"", b"\r\n"),
        (b"no end", b"no end\r\n"),
        (b".", b".\r\n"),
        (b"\r\n.\r\n", b"\r\n.\r\n"),
        (&dots, &dots),
        (&big, &big),
    ];
    for offered in KINDS {
        let sink = sink(kind(offered), vec![]).await;
        let mut connection = open(&sink).await;
        for (sent, _) in cases {
            deliver(&mut connection, TO, sent).await.unwrap();
        }
        for (message, (_, expected)) in sink.messages().iter().zip(cases) {
            assert!(message == expected, "{offered:?}: {} octets of {}", message.len(), expected.len());
        }
    }
}

#[tokio::test]
async fn the_last_byte_waits_until_the_gate_opens() {
    for offered in KINDS {
        let sink = Arc::new(sink(kind(offered), vec![]).await);
        let mut connection = open(&sink).await;
        let (open_gate, gate) = oneshot::channel::<()>();
        let message = letter(1);
        let watched = sink.clone();
        let delivery = connection.deliver(FROM, TO, &message, async {
            // Everything else has left by now, or leaves while we look.
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            assert_eq!(watched.taken(), 0);
            gate.await
        });
        let (delivered, ()) = tokio::join!(delivery, async { open_gate.send(()).unwrap() });
        delivered.unwrap();
        assert_eq!((sink.taken(), &sink.messages()[0]), (1, &letter(1)), "{offered:?}");
    }
}

#[tokio::test]
async fn a_gate_that_stays_shut_keeps_the_mail_back() {
    for offered in KINDS {
        let sink = sink(kind(offered), vec![]).await;
        // Shut at once: where nothing of a DATA was announced, the connection goes on.
        let mut connection = open(&sink).await;
        let shut = connection.deliver(FROM, TO, &letter(1), async { Err("ledger") }).await;
        assert!(matches!(shut, Err(NotDelivered::Gate("ledger"))));
        assert!(!shut.unwrap_err().may_have_been_taken());
        assert_eq!(connection.is_usable(), offered.1, "{offered:?}");
        if connection.is_usable() {
            deliver(&mut connection, TO, &letter(2)).await.unwrap();
        }
        let before = sink.taken();
        // Shut later: after DATA the body is half-way, and the connection is over; with BDAT nothing has left.
        let mut connection = open(&sink).await;
        let late = async {
            tokio::task::yield_now().await;
            Err("ledger")
        };
        let shut = connection.deliver(FROM, TO, &letter(3), late).await;
        assert!(matches!(shut, Err(NotDelivered::Gate("ledger"))));
        assert_eq!(connection.is_usable(), offered.1, "{offered:?}");
        drop(connection);
        assert_eq!(sink.taken(), before);
    }
}

#[tokio::test]
async fn a_reader_who_is_refused_never_asks_the_ledger_unless_the_body_came_along() {
    let fault = Fault::always(FaultStage::Rcpt, Misdeed::Say(550, "5.1.1 No such user".into()));
    for offered in KINDS {
        let sink = sink(kind(offered), vec![fault.clone()]).await;
        let mut asked = false;
        let gate = async {
            asked = true;
            Ok::<(), ()>(())
        };
        let result = open(&sink).await.deliver(FROM, TO, &letter(1), gate).await;
        assert!(matches!(result, Err(NotDelivered::Refused(_))));
        assert_eq!(asked, offered == (true, true), "{offered:?}");
    }
}

#[tokio::test]
async fn a_message_that_invites_smuggling_is_not_sent() {
    for offered in KINDS {
        let sink = sink(kind(offered), vec![]).await;
        let mut connection = open(&sink).await;
        for smuggled in ["a\n.\r\nMAIL FROM:<x@x>\r\n", "a\r.\r", "a\n.\n"] {
            let result = deliver(&mut connection, TO, smuggled.as_bytes()).await;
            assert!(matches!(result, Err(NotDelivered::Failed(crate::SendError::BareLineEnd(1)))));
        }
        let result = deliver(&mut connection, "a@x>\r\nRCPT TO:<b@x", b"x\r\n").await;
        assert!(matches!(result, Err(NotDelivered::Failed(error)) if error.is_about_the_mail()));
        // The connection does not suffer for it.
        deliver(&mut connection, TO, &letter(1)).await.unwrap();
        assert_eq!(sink.messages(), [letter(1)]);
    }
}

#[tokio::test]
async fn a_letter_with_accents_is_announced_and_arrives() {
    let sink = sink(ListenerOptions::default(), vec![]).await;
    let mut connection = open(&sink).await;
    let message = "Subject: été\r\n\r\nçà\r\n".as_bytes();
    deliver(&mut connection, TO, message).await.unwrap();
    deliver(&mut connection, "zoé@reader.example", message).await.unwrap();
    assert_eq!(sink.messages(), [message, message]);
}
