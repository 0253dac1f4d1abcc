//! The dialogue with servers in a good and in a bad mood, each a script on a socket of this machine.

use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::session::LARGEST;
use crate::{ImapError, Mailbox, Session, Step, Timeouts};

/// What the client says (its start, without the tag), and what the server answers; `%` is the client's tag.
type Script = Vec<(&'static str, String)>;

const GREETING: &str = "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n";
const PATIENCE: Duration = Duration::from_secs(30);

fn opening(capabilities: &str, flags: &str) -> Script {
    vec![
        ("AUTHENTICATE PLAIN", "+ \r\n".into()),
        ("AHUAcA==", "% OK in\r\n".into()),
        ("CAPABILITY", format!("* CAPABILITY IMAP4rev1 {capabilities}\r\n% OK\r\n")),
        (
            "SELECT \"INBOX\"",
            format!(
                "* 3 EXISTS\r\n* OK [PERMANENTFLAGS ({flags})] kept\r\n* OK [UIDVALIDITY 77] valid\r\n\
                 % OK [READ-WRITE] open\r\n"
            ),
        ),
    ]
}

fn opened(rest: &[(&'static str, &str)]) -> Script {
    let mut script = opening("MOVE", "\\Seen \\Deleted");
    script.extend(rest.iter().map(|(said, answer)| (*said, (*answer).to_owned())));
    script
}

/// A server that follows a script and closes at its end; the port, and what it was told.
async fn server(greeting: &str, script: Script) -> (u16, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, greeting) = (listener.local_addr().unwrap().port(), greeting.to_owned());
    let told = tokio::spawn(async move {
        let (socket, _) = listener.accept().await.unwrap();
        let (read, mut write) = socket.into_split();
        let (mut lines, mut told, mut tag) = (BufReader::new(read).lines(), Vec::new(), String::new());
        write.write_all(greeting.as_bytes()).await.unwrap();
        for (expected, answer) in script {
            let line = lines.next_line().await.unwrap().expect("the client says more");
            let said = match line.split_once(' ') {
                Some((first, rest)) if first.starts_with('s') => {
                    tag = first.to_owned();
                    rest.to_owned()
                }
                _ => line.clone(),
            };
            assert!(said.starts_with(expected), "{said:?} instead of {expected:?}");
            told.push(said);
            write.write_all(answer.replace('%', &tag).as_bytes()).await.unwrap();
        }
        told
    });
    (port, told)
}

fn mailbox(port: u16, rest: &str) -> Mailbox {
    Mailbox::parse(&format!("imap://u:p@127.0.0.1:{port}{rest}")).unwrap()
}

async fn session(script: Script, rest: &str) -> (Result<Session, ImapError>, JoinHandle<Vec<String>>) {
    let (port, told) = server(GREETING, script).await;
    (Session::open(&mailbox(port, rest), Timeouts::all(PATIENCE)).await, told)
}

#[tokio::test]
async fn new_mails_come_oldest_first_with_their_keys_and_are_marked_one_by_one() {
    let script = opened(&[
        ("UID SEARCH UNSEEN UNDELETED", "* SEARCH 9 4\r\n* SEARCH 12\r\n% OK\r\n"),
        (
            "UID FETCH 4,9 (UID RFC822.SIZE)",
            "* 2 FETCH (RFC822.SIZE 5 UID 9)\r\n* 1 FETCH (UID 4 RFC822.SIZE 40)\r\n% OK\r\n",
        ),
        (
            "UID FETCH 4 (UID BODY.PEEK[]<0.",
            "* 1 FETCH (UID 4 BODY[]<0> {37}\r\nmessage-ID:\r\n <a@b> (x)\r\n\r\nGone {3}\r\n)\r\n* 4 EXISTS\r\n% OK\r\n",
        ),
        // Somebody else has deleted it.
        ("UID FETCH 9", "% OK nothing\r\n"),
        ("UID STORE 4 +FLAGS.SILENT (\\Seen)", "% OK\r\n"),
        ("LOGOUT", "* BYE\r\n% OK\r\n"),
    ]);
    let (opened, told) = session(script, "").await;
    let mut session = opened.unwrap();
    let mails = session.fetch_new(2).await.unwrap();
    assert_eq!(mails.len(), 1);
    assert_eq!((mails[0].uid, mails[0].size, mails[0].whole), (4, 40, true));
    assert_eq!(mails[0].key, "imap:u@127.0.0.1/INBOX:77:4");
    assert_eq!(mails[0].message_id.as_deref(), Some("<a@b>"));
    assert_eq!(mails[0].raw, b"message-ID:\r\n <a@b> (x)\r\n\r\nGone {3}\r\n");
    session.taken(4).await.unwrap();
    session.close().await;
    assert_eq!(told.await.unwrap().len(), 10);
}

#[tokio::test]
async fn a_mail_that_is_too_large_comes_as_its_headers_whether_the_server_told_its_size_or_not() {
    let told_small = format!("Subject: x\r\n\r\n{}", "y".repeat(LARGEST as usize));
    let script = opened(&[
        ("UID SEARCH", "* SEARCH 1 2\r\n% OK\r\n"),
        (
            "UID FETCH 1,2",
            "* 1 FETCH (UID 1 RFC822.SIZE 99999999)\r\n* 2 FETCH (UID 2 RFC822.SIZE 9)\r\n% OK\r\n",
        ),
        (
            "UID FETCH 1 (UID BODY.PEEK[HEADER]",
            "* 1 FETCH (UID 1 BODY[HEADER]<0> {14}\r\nSubject: x\r\n\r\n)\r\n% OK\r\n",
        ),
        (
            "UID FETCH 2",
            &format!(
                "* 2 FETCH (UID 2 BODY[]<0> {{{}}}\r\n{})\r\n% OK\r\n",
                LARGEST + 1,
                &told_small[..LARGEST as usize + 1]
            ),
        ),
    ]);
    let (opened, _) = session(script, "").await;
    let mails = opened.unwrap().fetch_new(10).await.unwrap();
    let seen: Vec<_> = mails.iter().map(|mail| (mail.whole, mail.raw.as_slice())).collect();
    assert_eq!(seen, [(false, b"Subject: x\r\n\r\n".as_slice()); 2]);
}

#[tokio::test]
async fn a_server_that_refuses_or_breaks_off_is_an_error_and_never_an_empty_mailbox() {
    let (opened, _) = session(opened(&[("UID SEARCH", "% NO [SERVERBUG] try later\r\n")]), "").await;
    let error = opened.unwrap().fetch_new(9).await.unwrap_err();
    assert!(
        matches!(&error, ImapError::Refused { step: Step::Search, words } if words == "try later"),
        "{error:?}"
    );

    let (opened, _) = session(self::opened(&[("UID SEARCH", "* SEARCH 1 2")]), "").await;
    let mut session_lost = opened.unwrap();
    let error = session_lost.fetch_new(9).await.unwrap_err();
    assert!(matches!(error, ImapError::Lost { step: Step::Search, .. }), "{error:?}");
    assert!(matches!(session_lost.taken(1).await.unwrap_err(), ImapError::Unusable));

    let (opened, _) = session(self::opened(&[("UID SEARCH", "* BYE going down\r\n")]), "").await;
    let error = opened.unwrap().fetch_new(9).await.unwrap_err();
    assert!(matches!(&error, ImapError::Refused { words, .. } if words == "going down"), "{error:?}");

    let (opened, _) = session(self::opened(&[("UID STORE", "% NO over quota\r\n")]), "").await;
    let error = opened.unwrap().taken(3).await.unwrap_err();
    assert!(matches!(error, ImapError::Refused { step: Step::Mark, .. }), "{error:?}");
}

#[tokio::test]
async fn a_server_that_says_more_than_was_asked_for_is_cut_off() {
    let script = opened(&[
        ("UID SEARCH", "* SEARCH 1\r\n% OK\r\n"),
        ("UID FETCH 1", "* 1 FETCH (UID 1 RFC822.SIZE 9)\r\n% OK\r\n"),
        ("UID FETCH 1", "* 1 FETCH (UID 1 BODY[]<0> {99999999999}\r\n"),
    ]);
    let (opened, _) = session(script, "").await;
    let error = opened.unwrap().fetch_new(9).await.unwrap_err();
    assert!(matches!(error, ImapError::NotImap { step: Step::Fetch, .. }), "{error:?}");
}

#[tokio::test]
async fn a_silent_server_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mailbox = mailbox(listener.local_addr().unwrap().port(), "");
    let error = Session::open(&mailbox, Timeouts::all(Duration::from_millis(50))).await.unwrap_err();
    assert!(matches!(error, ImapError::Timeout(Step::Greeting)), "{error:?}");
}

#[tokio::test]
async fn a_folder_that_keeps_no_marks_is_refused_before_anything_is_fetched() {
    let mut script = opening("", "\\Seen");
    script[3].1 = "* OK [UIDVALIDITY 1] x\r\n% OK [READ-ONLY] look only\r\n".into();
    let error = session(script, "").await.0.unwrap_err();
    assert!(matches!(error, ImapError::ReadOnly { .. }), "{error:?}");

    let error = session(opening("", "\\Answered"), "").await.0.unwrap_err();
    assert!(matches!(&error, ImapError::MarkNotKept { mark, .. } if mark == "\\Seen"), "{error:?}");
    let error = session(opening("", "\\Seen"), "?keyword=Soucoupe").await.0.unwrap_err();
    assert!(matches!(&error, ImapError::MarkNotKept { mark, .. } if mark == "Soucoupe"), "{error:?}");
    assert!(error.is_about_settings());
}

#[tokio::test]
async fn a_keyword_is_a_mark_that_a_person_who_reads_does_not_set() {
    let mut script = opening("", "\\Seen \\*");
    script.push(("UID SEARCH UNKEYWORD Soucoupe UNDELETED", "* SEARCH\r\n% OK\r\n".into()));
    script.push(("UID STORE 5 +FLAGS.SILENT (Soucoupe)", "% OK\r\n".into()));
    let (opened, told) = session(script, "?keyword=Soucoupe").await;
    let mut session = opened.unwrap();
    assert_eq!(session.fetch_new(5).await.unwrap(), []);
    session.taken(5).await.unwrap();
    told.await.unwrap();
}

#[tokio::test]
async fn what_was_taken_is_moved_and_the_folder_is_made_where_it_is_missing() {
    let script = opened(&[
        ("UID STORE 5 +FLAGS.SILENT (\\Seen)", "% OK\r\n"),
        ("UID MOVE 5 \"Re&AMc-us\"", "% NO [TRYCREATE] no such folder\r\n"),
        ("CREATE \"Re&AMc-us\"", "% OK\r\n"),
        ("UID MOVE 5", "* OK [COPYUID 1 5 1] x\r\n* 1 EXPUNGE\r\n% OK\r\n"),
        ("UID STORE 6", "% OK\r\n"),
        ("UID MOVE 6", "% NO over quota\r\n"),
        ("CREATE", "% NO [ALREADYEXISTS] it is there\r\n"),
    ]);
    let (opened, told) = session(script, "?move=Re%C3%87us").await;
    let mut moving = opened.unwrap();
    moving.taken(5).await.unwrap();
    let error = moving.taken(6).await.unwrap_err();
    assert!(matches!(&error, ImapError::Refused { words, .. } if words == "over quota"), "{error:?}");
    told.await.unwrap();

    let mut script = opening("UIDPLUS", "\\Seen \\Deleted");
    for command in
        ["UID STORE 5", "UID COPY 5 \"Old\"", "UID STORE 5 +FLAGS.SILENT (\\Deleted)", "UID EXPUNGE 5"]
    {
        script.push((command, "% OK\r\n".into()));
    }
    let (opened, told) = session(script, "?move=Old").await;
    opened.unwrap().taken(5).await.unwrap();
    told.await.unwrap();
}

#[tokio::test]
async fn signing_in_takes_what_the_server_offers_and_its_refusal_is_told() {
    let open = async |greeting: &str, script: Script| {
        let (port, _) = server(greeting, script).await;
        Session::open(&mailbox(port, ""), Timeouts::all(PATIENCE)).await.unwrap_err()
    };
    let refused = vec![("LOGIN \"u\" \"p\"", "% NO [AUTHENTICATIONFAILED] wrong password\r\n".into())];
    let error = open("* OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2] hi\r\n", refused).await;
    assert!(matches!(&error, ImapError::SignIn { words } if words == "wrong password"), "{error:?}");

    let asked = vec![("CAPABILITY", "* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n% OK\r\n".into())];
    let error = open("* OK hi\r\n", asked).await;
    assert!(matches!(error, ImapError::SignInNotOffered { .. }), "{error:?}");

    // A mechanism that asks more than PLAIN knows is given up.
    let more = vec![
        ("AUTHENTICATE PLAIN", "+ \r\n".into()),
        ("AHUAcA==", "+ more\r\n".into()),
        ("*", "% BAD given up\r\n".into()),
    ];
    let error = open(GREETING, more).await;
    assert!(matches!(error, ImapError::SignIn { .. }), "{error:?}");

    let error = open("* BYE too busy\r\n", vec![]).await;
    assert!(matches!(error, ImapError::Refused { step: Step::Greeting, .. }), "{error:?}");
    let error = open("220 mail.example ESMTP\r\n", vec![]).await;
    assert!(matches!(error, ImapError::NotImap { step: Step::Greeting, .. }), "{error:?}");
}

#[tokio::test]
async fn nothing_goes_in_clear_where_starttls_is_asked_for() {
    let open = async |script: Script| {
        let (port, told) = server("* OK hi\r\n", script).await;
        let mailbox = Mailbox::parse(&format!("imap+starttls://u:p@127.0.0.1:{port}")).unwrap();
        let error = Session::open(&mailbox, Timeouts::all(PATIENCE)).await.unwrap_err();
        (error, told.await.unwrap())
    };
    let without = vec![("CAPABILITY", "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n% OK\r\n".into())];
    let (error, told) = open(without).await;
    assert!(matches!(error, ImapError::NoStartTls { .. }), "{error:?}");
    assert_eq!(told, ["CAPABILITY"]);

    let injected = vec![
        ("CAPABILITY", "* CAPABILITY IMAP4rev1 STARTTLS\r\n% OK\r\n".into()),
        ("STARTTLS", "% OK go\r\n* OK [CAPABILITY AUTH=PLAIN] injected\r\n".into()),
    ];
    let (error, _) = open(injected).await;
    assert!(
        matches!(error, ImapError::NotImap { step: Step::StartTls, .. } | ImapError::Tls { .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn mails_that_the_server_cannot_give_hold_up_none_behind_them() {
    let script = opened(&[
        ("UID SEARCH", "* SEARCH 1 2 3 4\r\n% OK\r\n"),
        ("UID FETCH 1,2 (UID RFC822.SIZE)", "* 1 FETCH (UID 1 RFC822.SIZE 9)\r\n% OK\r\n"),
        ("UID FETCH 1 (UID BODY", "% NO [SERVERBUG] cannot read it\r\n"),
        (
            "UID FETCH 3,4 (UID RFC822.SIZE)",
            "* 3 FETCH (UID 3 RFC822.SIZE 9)\r\n* 4 FETCH (UID 4 RFC822.SIZE 9)\r\n% OK\r\n",
        ),
        ("UID FETCH 3 (UID BODY", "* 3 FETCH (UID 3 BODY[]<0> NIL)\r\n% OK\r\n"),
        ("UID FETCH 4 (UID BODY", "* 4 FETCH (UID 4 BODY[]<0> {8}\r\nA: b\r\n\r\n)\r\n% OK\r\n"),
        ("UID SEARCH", "* SEARCH 1\r\n% OK\r\n"),
        ("UID FETCH 1 (UID RFC822.SIZE)", "* 1 FETCH (UID 1 RFC822.SIZE 9)\r\n% OK\r\n"),
        ("UID FETCH 1 (UID BODY", "% NO [SERVERBUG] cannot read it\r\n"),
    ]);
    let (opened, _) = session(script, "").await;
    let mut session = opened.unwrap();
    let mails = session.fetch_new(2).await.unwrap();
    assert_eq!(mails.iter().map(|mail| mail.uid).collect::<Vec<_>>(), [4]);
    // Where there is nothing else, it is told and not passed over in silence.
    let error = session.fetch_new(2).await.unwrap_err();
    assert!(matches!(error, ImapError::Refused { step: Step::Fetch, .. }), "{error:?}");
}
