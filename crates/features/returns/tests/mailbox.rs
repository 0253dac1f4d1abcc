//! The polled mailbox, against a server that speaks just enough IMAP.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod house;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use house::{hard_bounce, letter, notification, story};
use imap::Mailbox;
use store::params;
use testkit::on_both;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

/// Mails by number, and which of them are marked.
struct Server {
    mails: Vec<String>,
    seen: Mutex<BTreeSet<usize>>,
    forgets: bool,
}

/// Serves a mailbox until the test ends.
async fn serve(mails: Vec<String>) -> (Mailbox, Arc<Server>) {
    serve_as(mails, false).await
}

async fn serve_as(mails: Vec<String>, forgets: bool) -> (Mailbox, Arc<Server>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mailbox = Mailbox::parse(&format!("imap://u:p@{}/INBOX", listener.local_addr().unwrap())).unwrap();
    let server = Arc::new(Server {
        mails: mails.into_iter().map(|mail| mail.replace('\n', "\r\n")).collect(),
        seen: Mutex::default(),
        forgets,
    });
    let serving = Arc::clone(&server);
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let (read, mut write) = socket.into_split();
            let mut lines = BufReader::new(read).lines();
            write.write_all(b"* OK [CAPABILITY IMAP4rev1] ready\r\n").await.unwrap();
            while let Ok(Some(line)) = lines.next_line().await {
                let (tag, said) = line.split_once(' ').unwrap();
                let answer = serving.answer(said);
                write.write_all(format!("{answer}{tag} OK done\r\n").as_bytes()).await.unwrap();
            }
        }
    });
    (mailbox, server)
}

impl Server {
    fn answer(&self, said: &str) -> String {
        let words: Vec<&str> = said.split(' ').collect();
        match words.as_slice() {
            ["CAPABILITY"] => "* CAPABILITY IMAP4rev1\r\n".into(),
            ["SELECT", ..] => "* OK [PERMANENTFLAGS (\\Seen)] kept\r\n* OK [UIDVALIDITY 7] valid\r\n".into(),
            ["UID", "SEARCH", ..] => {
                let seen = self.seen.lock().unwrap();
                let new = (1..=self.mails.len()).filter(|uid| !seen.contains(uid));
                format!("* SEARCH {}\r\n", new.map(|uid| uid.to_string()).collect::<Vec<_>>().join(" "))
            }
            ["UID", "FETCH", uids, .., "RFC822.SIZE)"] => {
                let line = |uid: &str| {
                    let size = self.mails[uid.parse::<usize>().unwrap() - 1].len();
                    format!("* {uid} FETCH (UID {uid} RFC822.SIZE {size})\r\n")
                };
                uids.split(',').map(line).collect()
            }
            ["UID", "FETCH", uid, _, section] => {
                let mail = &self.mails[uid.parse::<usize>().unwrap() - 1];
                let head = mail.find("\r\n\r\n").unwrap() + 4;
                let part = if section.contains("HEADER") { &mail[..head] } else { mail };
                format!("* {uid} FETCH (UID {uid} BODY[]<0> {{{}}}\r\n{part})\r\n", part.len())
            }
            ["UID", "STORE", uid, ..] => {
                if !self.forgets {
                    self.seen.lock().unwrap().insert(uid.parse().unwrap());
                }
                String::new()
            }
            _ => String::new(),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bounces_in_a_mailbox_are_taken_in_once_and_marked_after_the_commit() {
    on_both(|house| async move {
        let story = story(&house).await;
        let dispatch = story.send(1).await;
        let path = story.return_path(&dispatch, "ada@a.example").await;
        let id = story.message_id(&dispatch, "zoe@b.example").await;
        let to_path = format!("Return-Path: <>\nDelivered-To: {path}\n");
        let head = format!("Message-ID: <{id}>\nSubject: Une bobine 1\n");
        let mails = vec![
            to_path + &notification("ada@a.example", "5.1.1", "550 5.1.1 no such user here", "Subject: x\n"),
            notification("zoe@b.example", "5.2.2", "552 5.2.2 mailbox full", &head),
            // A mailbox that others write to as well.
            letter("Max <max@d.example>", "Achetez !", "Une offre.\n")
                .replace("r+gazette@letters", "max@letters"),
            letter("Zoé <zoe@b.example>", "Re: Une bobine 1", "Merci !\n"),
        ];
        let (mailbox, server) = serve(mails).await;
        assert_eq!(returns::poll_once(&story.instance, &mailbox).await.unwrap(), 4);
        assert_eq!(story.against("ada@a.example").await, hard_bounce());
        assert_eq!(story.against("zoe@b.example").await, Vec::<String>::new());
        assert_eq!(*server.seen.lock().unwrap(), [1, 2, 3, 4].into());
        assert_eq!(returns::poll_once(&story.instance, &mailbox).await.unwrap(), 0);
        // What died between the commit and the mark is seen again, and known.
        server.seen.lock().unwrap().clear();
        assert_eq!(returns::poll_once(&story.instance, &mailbox).await.unwrap(), 4);
        let replies = returns::replies(&story.instance, story.publication.id, (i64::MAX, i64::MAX), 10).await;
        let replies: Vec<_> = replies.unwrap().into_iter().map(|one| (one.from, one.text)).collect();
        assert_eq!(replies, [(Some("zoe@b.example".to_owned()), "Merci !".to_owned())]);
        story.kept().await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_mail_that_is_too_large_the_head_is_read_and_nobody_is_struck_off_by_it() {
    on_both(|house| async move {
        let story = story(&house).await;
        let dispatch = story.send(1).await;
        let path = story.return_path(&dispatch, "ada@a.example").await;
        let id = story.message_id(&dispatch, "zoe@b.example").await;
        let large = "0123456789abcdef\n".repeat(400_000);
        let bounce = notification("ada@a.example", "5.1.1", "550 5.1.1 no such user here", "Subject: x\n");
        let hint = "X-Failed-Recipients: ada@a.example\n";
        let reply = letter("Zoé <zoe@b.example>", "Re: Une bobine 1", &large);
        let mails = vec![
            format!("Return-Path: <>\nDelivered-To: {path}\n{hint}{bounce}{large}"),
            format!("In-Reply-To: <{id}>\n{reply}"),
        ];
        let (mailbox, server) = serve(mails).await;
        assert_eq!(returns::poll_once(&story.instance, &mailbox).await.unwrap(), 2);
        assert_eq!(*server.seen.lock().unwrap(), [1, 2].into());
        assert_eq!(story.against("ada@a.example").await, Vec::<String>::new());
        let kept = story.kept().await;
        assert_eq!(kept.len(), 1, "that something came back is known");
        let replies = returns::replies(&story.instance, story.publication.id, (i64::MAX, i64::MAX), 10).await;
        let replies: Vec<_> =
            replies.unwrap().into_iter().map(|one| (one.from, one.subject, one.text, one.whole)).collect();
        let wanted = (Some("zoe@b.example".to_owned()), "Re: Une bobine 1".to_owned(), String::new(), false);
        assert_eq!(replies, [wanted], "the author can ask for it again");
        (kept, replies)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_cannot_be_taken_in_holds_up_no_other() {
    on_both(|house| async move {
        let story = story(&house).await;
        let dispatch = story.send(1).await;
        let path = story.return_path(&dispatch, "ada@a.example").await;
        let id = story.message_id(&dispatch, "zoe@b.example").await;
        let mails = vec![
            format!(
                "In-Reply-To: <{id}>\n{}",
                letter("Zoé <zoe@b.example>", "Re: Une bobine 1", "Merci !\n")
            ),
            format!("Return-Path: <>\nDelivered-To: {path}\n")
                + &notification("ada@a.example", "5.1.1", "550 5.1.1 no such user here", "Subject: x\n"),
        ];
        let (mailbox, server) = serve(mails).await;
        house::change(&story.instance, "ALTER TABLE replies RENAME TO away", params![]).await;
        assert!(returns::poll_once(&story.instance, &mailbox).await.is_err());
        assert_eq!(story.against("ada@a.example").await, hard_bounce());
        assert_eq!(*server.seen.lock().unwrap(), [2].into(), "it stays where it is");
        house::change(&story.instance, "ALTER TABLE away RENAME TO replies", params![]).await;
        assert_eq!(returns::poll_once(&story.instance, &mailbox).await.unwrap(), 1);
        assert_eq!(*server.seen.lock().unwrap(), [1, 2].into());
        story.kept().await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_forgets_its_marks_is_not_asked_for_ever() {
    on_both(|house| async move {
        let story = story(&house).await;
        let dispatch = story.send(1).await;
        let path = story.return_path(&dispatch, "ada@a.example").await;
        let bounce = format!("Return-Path: <>\nDelivered-To: {path}\n")
            + &notification("ada@a.example", "5.1.1", "550 5.1.1 no such user here", "Subject: x\n");
        let (mailbox, _) = serve_as(vec![bounce], true).await;
        assert_eq!(returns::poll_once(&story.instance, &mailbox).await.unwrap(), 1);
        story.kept().await
    })
    .await;
}
