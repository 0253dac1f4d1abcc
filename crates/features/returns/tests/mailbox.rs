//! The polled mailbox, against a server that speaks just enough IMAP.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod house;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use house::{hard_bounce, letter, notification, story};
use imap::Mailbox;
use testkit::on_both;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

/// Mails by number, and which of them are marked.
struct Server {
    mails: Vec<String>,
    seen: Mutex<BTreeSet<usize>>,
}

/// Serves a mailbox until the test ends.
async fn serve(mails: Vec<String>) -> (Mailbox, Arc<Server>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mailbox = Mailbox::parse(&format!("imap://u:p@{}/INBOX", listener.local_addr().unwrap())).unwrap();
    let server = Arc::new(Server {
        mails: mails.into_iter().map(|mail| mail.replace('\n', "\r\n")).collect(),
        seen: Mutex::default(),
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
            ["UID", "FETCH", uid, ..] => {
                let mail = &self.mails[uid.parse::<usize>().unwrap() - 1];
                format!("* {uid} FETCH (UID {uid} BODY[]<0> {{{}}}\r\n{mail})\r\n", mail.len())
            }
            ["UID", "STORE", uid, ..] => {
                self.seen.lock().unwrap().insert(uid.parse().unwrap());
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
