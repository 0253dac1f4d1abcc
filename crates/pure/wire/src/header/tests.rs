use mail_parser::MessageParser;
use proptest::prelude::*;

use super::*;
use crate::Address;

fn subject(value: &str) -> String {
    let mut out = Vec::new();
    unstructured("Subject", value, &mut out).expect("a clean value");
    String::from_utf8(out).expect("ASCII")
}

fn from(name: &str) -> String {
    let mut out = Vec::new();
    named("From", Some(name), "ada@letters.example", &mut out).expect("a clean name");
    String::from_utf8(out).expect("ASCII")
}

fn assert_lines(text: &str, columns: usize) {
    let body = text.strip_suffix("\r\n").expect("ends with CRLF");
    for (number, line) in body.split("\r\n").enumerate() {
        assert!(line.len() <= columns, "{} columns: {line:?}", line.len());
        assert!(line.bytes().all(|b| matches!(b, b' '..=b'~')), "{line:?}");
        assert!(number == 0 || line.starts_with(' '), "a second field: {line:?}");
        assert!(number == 0 || !line.trim().is_empty(), "a blank line: {text:?}");
    }
}

#[test]
fn a_plain_subject_stays_as_it_is() {
    assert_eq!(subject("Four topics this week"), "Subject: Four topics this week\r\n");
    assert_eq!(subject("  a = b ? \"c\" "), "Subject: a = b ? \"c\"\r\n");
    assert_eq!(subject(""), "Subject: \r\n");
}

#[test]
fn only_what_needs_it_is_encoded() {
    assert_eq!(
        subject("Paris, deux chaussées enfin"),
        "Subject: Paris, deux =?utf-8?q?chauss=C3=A9es?= enfin\r\n"
    );
    assert_eq!(
        subject("L'été à Noël"),
        "Subject: =?utf-8?b?TCfDqXTDqSDDoCBOb8OrbA==?=\r\n",
        "B where it is shorter"
    );
    assert_eq!(subject("a =?utf-8?q?b?= c"), "Subject: a =?utf-8?b?PT91dGYtOD9xP2I/PQ==?= c\r\n");
}

#[test]
fn a_long_plain_subject_is_folded_between_words() {
    assert_eq!(
        subject("one two three four five six seven eight nine ten eleven twelve thirteen fourteen"),
        "Subject: one two three four five six seven eight nine ten eleven twelve\r\n thirteen fourteen\r\n"
    );
}

#[test]
fn a_line_end_or_nul_in_a_value_is_refused() {
    for hostile in ["a\r\nBcc: x@y.example", "a\nb", "a\rb", "a\0b", "été\r\n\r\nbody"] {
        let mut out = Vec::new();
        assert!(matches!(unstructured("Subject", hostile, &mut out), Err(HeaderError::Control { .. })));
        assert!(matches!(
            named("From", Some(hostile), "a@b.example", &mut out),
            Err(HeaderError::Control { .. })
        ));
        assert!(structured("X-Test", &[hostile], &mut out).is_err());
        assert!(named("From", None, hostile, &mut out).is_err());
        assert!(out.is_empty(), "nothing is half written");
    }
}

#[test]
fn names_are_atoms_quoted_or_encoded() {
    assert_eq!(from("Ada Lovelace"), "From: Ada Lovelace <ada@letters.example>\r\n");
    assert_eq!(from("Lovelace, Ada"), "From: \"Lovelace, Ada\" <ada@letters.example>\r\n");
    assert_eq!(from("Ada \"Lin\" L\\"), "From: \"Ada \\\"Lin\\\" L\\\\\" <ada@letters.example>\r\n");
    assert_eq!(from("Zoé"), "From: =?utf-8?q?Zo=C3=A9?= <ada@letters.example>\r\n");
    assert_eq!(from(""), "From: ada@letters.example\r\n");
}

#[test]
fn a_mailbox_of_the_address_module_can_be_written() {
    let ada = Mailbox::new(None, Address::parse("ada@letters.example").unwrap()).unwrap();
    let mut out = Vec::new();
    mailbox("Reply-To", &ada, &mut out).unwrap();
    assert_eq!(out, b"Reply-To: ada@letters.example\r\n");
}

#[test]
fn a_value_that_cannot_be_cut_keeps_below_998_columns() {
    let mut out = Vec::new();
    let long = "x".repeat(990);
    assert_eq!(
        structured("List-Archive", &[&long], &mut out),
        Err(HeaderError::TooLong { field: "List-Archive", length: 1004 })
    );
    structured("List-Archive", &["<https://a.example/>", &"y".repeat(70)], &mut out).unwrap();
    assert!(out.starts_with(b"List-Archive: <https://a.example/>\r\n yyy"));
}

#[test]
fn dates_are_those_of_rfc_5322() {
    let cases = [
        (0, 0, "Thu, 1 Jan 1970 00:00:00 +0000"),
        (1_763_969_400, 60, "Mon, 24 Nov 2025 08:30:00 +0100"),
        (1_709_164_799, 0, "Wed, 28 Feb 2024 23:59:59 +0000"),
        (1_709_164_800, 0, "Thu, 29 Feb 2024 00:00:00 +0000"),
        (951_782_400, -210, "Mon, 28 Feb 2000 20:30:00 -0330"),
        (4_107_542_400, 0, "Mon, 1 Mar 2100 00:00:00 +0000"),
        (-1, 0, "Wed, 31 Dec 1969 23:59:59 +0000"),
        (i64::MIN, 0, "Tue, 2 Jan 1900 00:00:00 +0000"),
        (i64::MAX, 0, "Thu, 30 Dec 9999 23:59:59 +0000"),
    ];
    for (unix_seconds, offset_minutes, expected) in cases {
        assert_eq!(Date { unix_seconds, offset_minutes }.to_string(), expected);
    }
}

fn parsed_subject(field: &str) -> String {
    let raw = format!("{field}\r\nbody");
    let message = MessageParser::default().parse(raw.as_bytes()).expect("a message");
    message.subject().unwrap_or_default().to_owned()
}

proptest! {
    #[test]
    fn any_subject_comes_back_as_it_was(value in "[^\r\n\0]{0,200}") {
        let field = subject(&value);
        assert_lines(&field, COLUMNS);
        let value = value.trim_matches([' ', '\t']);
        prop_assume!(value == value.trim());
        prop_assert_eq!(parsed_subject(&field), value);
    }

    #[test]
    fn any_row_of_words_comes_back_as_it_was(words in prop::collection::vec("[a-zé=?_🛸]{1,90}", 1..20)) {
        let value = words.join(" ");
        let field = subject(&value);
        assert_lines(&field, COLUMNS);
        prop_assert_eq!(parsed_subject(&field), value);
    }

    #[test]
    fn any_name_comes_back_as_it_was(name in "[^\r\n\0\\p{Cc}]{1,200}") {
        prop_assume!(name == name.trim() && !name.is_empty());
        let field = from(&name);
        assert_lines(&field, COLUMNS);
        let raw = format!("{field}\r\nbody");
        let message = MessageParser::default().parse(raw.as_bytes()).expect("a message");
        let sender = message.from().and_then(|from| from.first()).expect("a sender");
        prop_assert_eq!(sender.address(), Some("ada@letters.example"));
        prop_assert_eq!(sender.name(), Some(name.as_str()));
    }

    #[test]
    fn dates_agree_with_another_reader(seconds in 0_i64..4_000_000_000, offset in -720_i16..=840) {
        let date = Date { unix_seconds: seconds, offset_minutes: offset };
        let raw = format!("Date: {date}\r\n\r\nbody");
        let message = MessageParser::default().parse(raw.as_bytes()).expect("a message");
        prop_assert_eq!(message.date().expect("a date").to_timestamp(), seconds);
    }
}
