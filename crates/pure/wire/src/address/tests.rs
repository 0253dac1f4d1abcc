use proptest::prelude::*;

use super::*;

fn parsed(text: &str) -> Result<String, AddressError> {
    Address::parse(text).map(|address| address.to_string())
}

#[test]
fn addresses_that_rfc_5321_allows_are_taken() {
    for (text, expected) in [
        ("ada@letters.example", "ada@letters.example"),
        ("  Ada@Letters.EXAMPLE\u{200b}\n", "Ada@letters.example"),
        ("a.d-a+x_y@a-b.c.example", "a.d-a+x_y@a-b.c.example"),
        ("!#$%&'*+-/=?^_`{|}~@a.example", "!#$%&'*+-/=?^_`{|}~@a.example"),
        ("ada@localhost", "ada@localhost"),
        ("ada@münchen.example", "ada@xn--mnchen-3ya.example"),
        ("ada@例え.example", "ada@xn--r8jz45g.example"),
        ("\"ada\"@a.example", "ada@a.example"),
        ("\"a d@a\"@a.example", "\"a d@a\"@a.example"),
        ("\"a\\\"b\"@a.example", "\"a\\\"b\"@a.example"),
    ] {
        assert_eq!(parsed(text).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn what_is_no_address_is_refused_with_its_reason() {
    use AddressError as E;
    let long_local = format!("{}@a.example", "x".repeat(65));
    let long_label = format!("a@{}.example", "x".repeat(64));
    let long =
        format!("{}@{}.example", "x".repeat(64), ["y".repeat(60), "z".repeat(60), "w".repeat(60)].join("."));
    for (text, expected) in [
        ("  ", E::Empty),
        ("ada", E::NoAt),
        ("ada@b@c.example", E::SeveralAts),
        ("@a.example", E::LocalEmpty),
        ("zoé@a.example", E::LocalNotAscii('é')),
        ("a b@a.example", E::LocalCharacter(' ')),
        ("a\r\nRCPT@a.example", E::LocalCharacter('\r')),
        (".ada@a.example", E::LocalDots),
        ("a..b@a.example", E::LocalDots),
        ("a\"b@a.example", E::LocalQuotes),
        ("\"a@a.example", E::LocalQuotes),
        ("ada@", E::DomainEmpty),
        ("ada@[192.0.2.1]", E::DomainLiteral),
        ("ada@192.0.2.1", E::DomainNumeric),
        ("ada@letters", E::DomainSingleLabel("letters".into())),
        ("ada@a..example", E::DomainDots),
        ("ada@a.example.", E::DomainDots),
        ("ada@-a.example", E::DomainHyphen),
        ("ada@a_b.example", E::DomainCharacter('_')),
        ("ada@a.example>", E::DomainCharacter('>')),
        (&long_local, E::LocalTooLong(65)),
        (&long_label, E::DomainLabelTooLong),
        (&long, E::TooLong(255)),
    ] {
        assert_eq!(parsed(text), Err(expected), "{text}");
    }
}

#[test]
fn one_reader_is_one_key_and_a_domain_can_be_shown_as_people_write_it() {
    let (a, b) = (Address::parse("Ada@A.example").unwrap(), Address::parse("ada@a.example").unwrap());
    assert_ne!(a, b);
    assert_eq!(a.key(), b.key());
    assert_eq!(Address::parse("a@münchen.example").unwrap().domain_unicode(), "münchen.example");
}

#[test]
fn mailboxes_are_read_as_people_write_them() {
    for (text, name, address) in [
        ("Ada <ada@a.example>", Some("Ada"), "ada@a.example"),
        ("\"Ada, L.\" <ada@a.example>", Some("Ada, L."), "ada@a.example"),
        ("Ada \"Lin\" L. <ada@a.example>", Some("Ada \"Lin\" L."), "ada@a.example"),
        ("<ada@a.example>", None, "ada@a.example"),
        ("ada@a.example", None, "ada@a.example"),
        ("Zoé Été <zoe@a.example>", Some("Zoé Été"), "zoe@a.example"),
    ] {
        let mailbox = Mailbox::parse(text).unwrap();
        assert_eq!((mailbox.name.as_deref(), mailbox.address.as_str()), (name, address), "{text}");
    }
    assert_eq!(Mailbox::parse("Ada ada@a.example>"), Err(MailboxError::Brackets));
    assert_eq!(Mailbox::parse("Ada <ada@a.example"), Err(MailboxError::Brackets));
    assert_eq!(Mailbox::parse("\"Ada <ada@a.example>"), Err(MailboxError::Quotes));
    assert_eq!(Mailbox::parse("A\tb <ada@a.example>"), Err(MailboxError::NameControl));
}

proptest! {
    #[test]
    fn what_is_taken_is_short_printable_and_stays_as_it_is(text in "[a-zé\"\\\\ .@+\r\n-]{0,20}@[a-zü.-]{1,12}\\.example") {
        if let Ok(address) = Address::parse(&text) {
            prop_assert!(address.as_str().len() <= ADDRESS_MAX && address.local().len() <= LOCAL_MAX);
            prop_assert!(address.as_str().bytes().all(|b| matches!(b, b' '..=b'~')));
            prop_assert_eq!(Address::parse(address.as_str()), Ok(address));
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in ".{0,60}") {
        let _ = Address::parse(&text);
        let _ = Mailbox::parse(&text);
    }

    #[test]
    fn a_mailbox_comes_back_from_its_own_form(name in "[^\\p{Cc}]{1,40}") {
        let address = Address::parse("ada@a.example").unwrap();
        if let Ok(mailbox) = Mailbox::new(Some(&name), address) {
            prop_assert_eq!(Mailbox::parse(&mailbox.to_string()), Ok(mailbox));
        }
    }
}
