use super::*;
use crate::Limits;

#[tokio::test]
async fn a_bare_line_feed_never_ends_a_mail() {
    let sink = sink(ListenerOptions::default(), vec![]).await;
    let head = "EHLO x\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\n";
    let inner = "MAIL FROM:<evil@x>\r\nRCPT TO:<c@x>\r\nDATA\r\nsmuggled\r\n.\r\n";
    for mark in ["\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r", "\r\n\0.\r\n"] {
        let before = sink.taken();
        speak(&sink, format!("{head}hello{mark}{inner}QUIT\r\n").as_bytes()).await;
        let messages = sink.messages();
        assert_eq!(sink.taken(), before + 1, "{mark:?}");
        assert!(messages.last().unwrap().ends_with(b"smuggled\r\n"), "{mark:?}");
    }
    assert!(sink.log().iter().all(|accepted| &*accepted.to == "b@x"));
}

#[tokio::test]
async fn pipelined_commands_are_answered_in_their_order() {
    let sink = sink(ListenerOptions::default(), vec![]).await;
    let script = "EHLO x\r\nNOOP\r\nRCPT TO:<b@x>\r\nMAIL FROM:<a@x>\r\nMAIL FROM:<a@x>\r\nDATA\r\nRCPT TO:<b@x>\r\n\
        BDAT 3\r\nabcBDAT 5 LAST\r\nde\r\n.VRFY me\r\nWHAT\r\nRSET\r\nBDAT 4 LAST\r\nQUITNOOP\r\nNOOP\nQUIT\r\n";
    let answers = speak(&sink, script.as_bytes()).await;
    let codes: Vec<&str> =
        answers.lines().filter(|line| line.as_bytes()[3] == b' ').map(|line| &line[..3]).collect();
    let expected = [
        "220", "250", "250", "503", "250", "503", "554", "250", "250", "250", "252", "500", "250", "503",
        "250", "500", "221",
    ];
    assert_eq!(codes, expected, "{answers}");
    assert_eq!(sink.messages(), [b"abcde\r\n.".to_vec()]);
}

#[tokio::test]
async fn several_recipients_are_several_lines_of_the_log() {
    let sink = sink(ListenerOptions::default(), vec![]).await;
    let script = "EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<b@x>\r\nRCPT TO:<c@x>\r\nDATA\r\nMessage-ID: <1@x>\r\n\r\n..\r\n.\r\nQUIT\r\n";
    speak(&sink, script.as_bytes()).await;
    let log = sink.log();
    let to: Vec<&str> = log.iter().map(|accepted| &*accepted.to).collect();
    assert_eq!((to, log[1].size), (vec!["b@x", "c@x"], 24));
}

#[tokio::test]
async fn a_body_over_the_limit_is_swallowed_and_refused() {
    let limits = Limits { message: 1000, ..Limits::default() };
    let sink = sink(ListenerOptions { limits, ..ListenerOptions::default() }, vec![]).await;
    let big = "0123456789\r\n".repeat(20_000);
    let envelope = "MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\n";
    let script = format!(
        "EHLO x\r\n{envelope}DATA\r\n{big}.\r\n{envelope}BDAT {size} LAST\r\n{big}{envelope}BDAT 2 LAST\r\n\r\nQUIT\r\n",
        size = big.len(),
    );
    let answers = speak(&sink, script.as_bytes()).await;
    assert_eq!(answers.matches("552 5.3.4").count(), 2, "{answers}");
    assert_eq!(sink.messages(), [b"\r\n".to_vec()]);
}

#[tokio::test]
async fn a_peer_that_talks_nonsense_is_sent_away() {
    let sink = sink(ListenerOptions::default(), vec![]).await;
    let answers = speak(&sink, "GET / HTTP/1.1\r\n".repeat(30).as_bytes()).await;
    assert!(answers.ends_with("421 4.7.0 Too many errors\r\n"), "{answers}");
    let answers = speak(&sink, &[b'x'; 10_000]).await;
    assert!(answers.ends_with("500 5.5.2 Line too long\r\n"), "{answers}");
}

#[tokio::test]
async fn the_connection_over_the_limit_is_told_to_come_back() {
    let limits = Limits { connections: 1, ..Limits::default() };
    let sink = sink(ListenerOptions { limits, ..ListenerOptions::default() }, vec![]).await;
    let _first = open(&sink).await;
    let error = Connection::open(&sink.route(), "letter.example", Timeouts::default()).await.unwrap_err();
    assert!(error.to_string().contains("421 4.3.2 Too many connections"), "{error}");
}

#[tokio::test]
async fn the_log_file_has_a_line_for_each_mail_before_it_is_answered() {
    let path = std::env::temp_dir().join(format!("soucoupe-sink-{}.log", std::process::id()));
    let options = SinkOptions { log_file: Some(path.clone()), keep_log: false, ..SinkOptions::default() };
    let sink = Sink::start(options).await.unwrap();
    let mut connection = open(&sink).await;
    for number in 1..=3 {
        deliver(&mut connection, TO, &letter(number)).await.unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<crate::sink::Accepted> = text.lines().map(|line| line.parse().unwrap()).collect();
        assert_eq!(lines.len(), number);
        assert_eq!(&*lines[number - 1].message_id, format!("<{number}@letter.example>"));
    }
    assert!(sink.log().is_empty());
    std::fs::remove_file(path).unwrap();
}
