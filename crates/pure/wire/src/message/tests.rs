use mail_parser::{MessageParser, MimeHeaders};
use proptest::prelude::*;

use super::*;
use crate::header::Date;
use crate::token::{Purpose, Token, TokenKey};
use crate::{Address, Mailbox};

fn key() -> TokenKey {
    TokenKey::new([7; 32])
}

fn token() -> Token {
    key().sign(Purpose::Unsubscribe, 3, 70_000)
}

fn ada() -> Mailbox {
    Mailbox::parse("Ada Lovelace <ada@letters.example>").unwrap()
}

fn plan<'a>(from: &'a Mailbox, reply_to: Option<&'a Mailbox>, publication: &'a str) -> EditionPlan<'a> {
    EditionPlan {
        from,
        reply_to,
        publication,
        list_id: "gazette.letters.example",
        feedback: FeedbackId {
            edition: "no-12",
            stream: "edition",
            publication: "gazette",
            sender: "soucoupe1",
        },
        archive_url: "https://letters.example/gazette/archive",
        help_url: "https://letters.example/gazette/",
        owner_url: "mailto:ada@letters.example",
        unsubscribe_url: "https://letters.example/r/unsubscribe/",
        unsubscribe_domain: "letters.example",
        bounce_domain: "bounce.letters.example",
        message_domain: "letters.example",
        content_type: "multipart/alternative; boundary=\"=_0123456789abcdef0123456789abcdef\"",
    }
}

fn write(head: &EditionHead, name: Option<&str>, subject: &str) -> Result<String, HeaderError> {
    let to = Address::parse("zoe@readers.example").unwrap();
    let unsubscribe = token();
    let reader = ReaderHead {
        to: &to,
        name,
        subject,
        date: Date { unix_seconds: 1_763_969_400, offset_minutes: 60 },
        dispatch: 12,
        reader: 70_000,
        unsubscribe: &unsubscribe,
    };
    let mut out = b"before".to_vec();
    let result = head.write(&reader, &mut out);
    if result.is_err() {
        assert_eq!(out, b"before", "nothing is half written");
    }
    result.map(|()| String::from_utf8(out[6..].to_vec()).expect("ASCII"))
}

const GOLDEN: &str = "\
From: Ada Lovelace <ada@letters.example>\r
Reply-To: \"Ada, at home\" <home@letters.example>\r
To: =?utf-8?q?Zo=C3=A9?= <zoe@readers.example>\r
Subject: La Gazette no 12 : =?utf-8?b?bCfDqXTDqQ==?=\r
Date: Mon, 24 Nov 2025 08:30:00 +0100\r
Message-ID: <MESSAGE@letters.example>\r
List-Id: La Gazette <gazette.letters.example>\r
List-Unsubscribe: <https://letters.example/r/unsubscribe/AQITAwERcD4BqOdIJWotPkAV8ej9DfE>,\r
 <mailto:unsub+aebbgaybcfyd4ani45eck2rnhzabl4pi7ug7c@letters.example?subject=unsubscribe>\r
List-Unsubscribe-Post: List-Unsubscribe=One-Click\r
List-Archive: <https://letters.example/gazette/archive>\r
List-Help: <https://letters.example/gazette/>\r
List-Owner: <mailto:ada@letters.example>\r
List-Post: NO\r
Feedback-ID: no-12:edition:gazette:soucoupe1\r
Precedence: bulk\r
X-Auto-Response-Suppress: OOF, AutoReply\r
MIME-Version: 1.0\r
Content-Type: multipart/alternative;\r
 boundary=\"=_0123456789abcdef0123456789abcdef\"\r
";

#[test]
fn an_edition_has_exactly_these_header_fields() {
    let (from, home) = (ada(), Mailbox::parse("\"Ada, at home\" <home@letters.example>").unwrap());
    let head = EditionHead::new(&plan(&from, Some(&home), "La Gazette"), key()).unwrap();
    let written = write(&head, Some("Zoé"), "La Gazette no 12 : l'été").unwrap();
    let message = key().sign(Purpose::Message, 12, 70_000).to_lower();
    assert_eq!(written, GOLDEN.replace("MESSAGE", &message));
}

#[test]
fn a_second_try_has_the_same_message_id_and_return_path() {
    let from = ada();
    let head = EditionHead::new(&plan(&from, None, "La Gazette"), key()).unwrap();
    assert_eq!(write(&head, None, "a"), write(&head.clone(), None, "a"));
    let mut path = Vec::new();
    head.write_return_path(12, 70_000, &mut path);
    let path = String::from_utf8(path).unwrap();
    let (local, domain) = path.split_once('@').unwrap();
    assert_eq!(domain, "bounce.letters.example");
    assert!(local.len() <= 64);
    let token = local.strip_prefix("b+").unwrap();
    assert_eq!(key().verify_lower(Purpose::Verp, token), Ok((12, 70_000)));
    assert!(Address::parse(&path).is_ok());
}

#[test]
fn two_readers_of_an_edition_have_two_message_ids() {
    let from = ada();
    let head = EditionHead::new(&plan(&from, None, "La Gazette"), key()).unwrap();
    let id = |dispatch, reader| {
        let mut out = Vec::new();
        head.write_message_id(dispatch, reader, &mut out);
        out
    };
    assert_ne!(id(12, 1), id(12, 2));
    assert_ne!(id(12, 1), id(13, 1));
    assert_eq!(id(12, 1), id(12, 1));
}

#[test]
fn a_plan_that_could_break_the_mail_is_refused() {
    let from = ada();
    let good = plan(&from, None, "La Gazette");
    let refused = |change: fn(&mut EditionPlan<'_>)| {
        let mut plan = good.clone();
        change(&mut plan);
        EditionHead::new(&plan, key()).is_err()
    };
    assert!(refused(|plan| plan.publication = "a\r\nBcc: x@y.example"));
    assert!(refused(|plan| plan.list_id = "a b.example"));
    assert!(refused(|plan| plan.list_id = "a..example"));
    assert!(refused(|plan| plan.bounce_domain = "a>b.example"));
    assert!(refused(|plan| plan.message_domain = ""));
    assert!(refused(|plan| plan.unsubscribe_domain = "é.example"));
    assert!(refused(|plan| plan.unsubscribe_url = "https://a.example/>,<mailto:x@y.example"));
    assert!(refused(|plan| plan.unsubscribe_url = "javascript:alert(1)"));
    assert!(refused(|plan| plan.archive_url = "https://a.example/\r\nX: y"));
    assert!(refused(|plan| plan.help_url = "https://"));
    assert!(refused(|plan| plan.owner_url = ""));
    assert!(refused(|plan| plan.content_type = "text/plain\nX: y"));
    assert!(refused(|plan| plan.feedback.sender = "four"));
    assert!(refused(|plan| plan.feedback.sender = "more-than-fifteen"));
    assert!(refused(|plan| plan.feedback.edition = "a:b"));
    assert!(refused(|plan| plan.feedback.stream = ""));
    assert!(!refused(|_| {}));
}

#[test]
fn a_notice_says_that_no_person_wrote_it_and_belongs_to_no_list() {
    let (from, to) = (ada(), Mailbox::parse("zoe@readers.example").unwrap());
    let id = key().sign(Purpose::Notice, 5, 0);
    let notice = Notice {
        from: &from,
        to: &to,
        reply_to: None,
        subject: "Confirm, please",
        date: Date::utc(0),
        id: &id,
        message_domain: "letters.example",
        form_sub: Some("v=1; ip=192.0.2.1"),
        text: "Bonjour Zoé,\n\nhttps://letters.example/r/confirm/x\n",
        html: "<p>Bonjour Zoé</p>",
    };
    let id = id.to_lower();
    let head = format!(
        "From: Ada Lovelace <ada@letters.example>\r\nTo: zoe@readers.example\r\nSubject: Confirm, please\r\n\
         Date: Thu, 1 Jan 1970 00:00:00 +0000\r\nMessage-ID: <{id}@letters.example>\r\n\
         Auto-Submitted: auto-generated\r\nForm-Sub: v=1; ip=192.0.2.1\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/alternative; boundary=\"=_{id}\"\r\n"
    );
    let head = head.replace("alternative; boundary", "alternative;\r\n boundary");
    assert_eq!(String::from_utf8(notice.head().unwrap()).unwrap(), head);

    let mail = notice.build().unwrap();
    assert_no_bare_line_end(&mail);
    let parsed = MessageParser::default().parse(&mail).unwrap();
    assert_eq!(parsed.body_text(0).unwrap(), "Bonjour Zoé,\r\n\r\nhttps://letters.example/r/confirm/x\r\n");
    assert_eq!(parsed.body_html(0).unwrap(), "<p>Bonjour Zoé</p>");
    assert_eq!(parsed.content_type().unwrap().subtype(), Some("alternative"));
    assert_eq!(parsed.parts.len(), 3);
}

#[test]
fn a_notice_with_a_hostile_value_is_refused() {
    let (from, to) = (ada(), Mailbox::parse("zoe@readers.example").unwrap());
    let id = key().sign(Purpose::Notice, 5, 0);
    let good = Notice {
        from: &from,
        to: &to,
        reply_to: None,
        subject: "a",
        date: Date::utc(0),
        id: &id,
        message_domain: "letters.example",
        form_sub: None,
        text: "",
        html: "",
    };
    assert!(good.build().is_ok());
    assert!(Notice { subject: "a\nb", ..good }.build().is_err());
    assert!(Notice { form_sub: Some("v=1;\r\nBcc: x@y.example"), ..good }.build().is_err());
    assert!(Notice { message_domain: "a>\r\nX: y", ..good }.build().is_err());
}

fn assert_no_bare_line_end(bytes: &[u8]) {
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'\r' => assert_eq!(bytes.get(at + 1), Some(&b'\n'), "a bare CR at {at}"),
            b'\n' => assert!(at > 0 && bytes[at - 1] == b'\r', "a bare LF at {at}"),
            _ => {}
        }
    }
}

fn field_names(head: &str) -> Vec<&str> {
    head.split("\r\n")
        .filter(|line| !line.starts_with(' ') && !line.is_empty())
        .map(|line| line.split(':').next().unwrap_or_default())
        .collect()
}

proptest! {
    #[test]
    fn no_value_adds_a_field_or_breaks_a_line(
        name in any::<Option<String>>(),
        subject in any::<String>(),
        publication in any::<String>(),
        display in any::<String>(),
    ) {
        let display = Mailbox::new(Some(&display), Address::parse("ada@letters.example").unwrap());
        let from = display.unwrap_or_else(|_| ada());
        let Ok(head) = EditionHead::new(&plan(&from, None, &publication), key()) else { return Ok(()) };
        let Ok(written) = write(&head, name.as_deref(), &subject) else { return Ok(()) };
        assert_no_bare_line_end(written.as_bytes());
        let reference = EditionHead::new(&plan(&from, None, "La Gazette"), key()).unwrap();
        let reference = write(&reference, None, "a").unwrap();
        prop_assert_eq!(field_names(&written), field_names(&reference));
        prop_assert!(written.is_ascii());
        prop_assert!(written.split("\r\n").all(|line| line.len() <= 998));
    }

    #[test]
    fn no_body_closes_a_part_of_a_notice(text in any::<String>(), html in any::<String>()) {
        let (from, to) = (ada(), ada());
        let id = key().sign(Purpose::Notice, 5, 0);
        let boundary = format!("--=_{}--", id.to_lower());
        let (text, html) = (format!("{text}\r\n{boundary}\r\n"), format!("{boundary}\n{html}"));
        let notice = Notice {
            from: &from, to: &to, reply_to: None, subject: "a", date: Date::utc(0), id: &id,
            message_domain: "letters.example", form_sub: None, text: &text, html: &html,
        };
        let mail = notice.build().unwrap();
        assert_no_bare_line_end(&mail);
        prop_assert_eq!(MessageParser::default().parse(&mail).unwrap().parts.len(), 3);
    }
}
