use std::pin::pin;
use std::sync::LazyLock;
use std::task::{Context as TaskContext, Poll, Waker};

use aws_lc_rs::encoding::Pkcs8V1Der;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, UnparsedPublicKey};
use mail_auth::AuthenticatedMessage;
use mail_auth::common::crypto::Algorithm;
use mail_auth::common::parse::TxtRecordParser;
use mail_auth::common::verify::DomainKey;
use proptest::prelude::*;

use super::*;

static KEY: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let key = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let der: Pkcs8V1Der<'_> = key.as_der().unwrap();
    der.as_ref().to_vec()
});

fn signer() -> Signer {
    Signer::from_pkcs8("letters.example", "s2025", &KEY).unwrap()
}

const HEAD: &str = "From: Ada <ada@letters.example>\r
To: =?utf-8?b?Wm/DqQ==?= <zoe@readers.example>\r
Subject: La Gazette  no 12\r
 : suite\r
Date: Mon, 24 Nov 2025 08:30:00 +0100\r
Message-ID: <abc@letters.example>\r
List-Id: La Gazette <gazette.letters.example>\r
List-Unsubscribe: <https://letters.example/r/unsubscribe/AQ>,\r
 <mailto:unsub+ae@letters.example?subject=unsubscribe>\r
List-Unsubscribe-Post: List-Unsubscribe=One-Click\r
Feedback-ID: no-12:edition:gazette:soucoupe1\r
MIME-Version: 1.0\r
Content-Type: text/plain; charset=utf-8\r
";
const BODY: &str = "Bonjour  Zo=C3=A9, \r\n\r\n\tla suite\t \r\n\r\n\r\n";

/// Asks another implementation, which knows nothing but the mail and the DNS record.
fn verifies(mail: &[u8], record: &str) -> bool {
    let message = AuthenticatedMessage::parse(mail).expect("a message");
    let Some(signature) = message.dkim_headers.first().map(|header| &header.header) else { return false };
    let body_is_signed = message.body_hashes.iter().any(|(_, _, _, hash)| *hash == signature.bh);
    let key = DomainKey::parse(record.as_bytes()).expect("a record");
    let mut canonical = pin!(message.get_canonicalized_header());
    // Nothing in it waits for anything.
    let Poll::Ready(Ok(canonical)) = canonical.as_mut().poll(&mut TaskContext::from_waker(Waker::noop()))
    else {
        return false;
    };
    let signed = key.p.verify_bytes(&canonical, &signature.b, Algorithm::RsaSha256).is_ok();
    signed && body_is_signed
}

fn signed(head: &str, body: &str) -> Vec<u8> {
    let mut mail = signer().sign(head.as_bytes(), body.as_bytes(), 1_763_969_400).unwrap();
    mail.extend_from_slice(head.as_bytes());
    mail.extend_from_slice(b"\r\n");
    mail.extend_from_slice(body.as_bytes());
    mail
}

#[test]
fn another_implementation_accepts_the_signature() {
    let record = signer().dns_record().unwrap();
    // Lines of white space at the end are left out: the other reads RFC 6376 3.4.4 in another order than it is
    // written, and no body of ours has them.
    for body in [BODY, "", "\r\n", "a", "a\r\n", "\r\n\r\n", " a\r\n\r\nb  c\t\r\nd"] {
        assert!(verifies(&signed(HEAD, body), &record), "{body:?}");
    }
}

#[test]
fn a_field_that_is_changed_or_added_breaks_the_signature() {
    let record = signer().dns_record().unwrap();
    let mail = String::from_utf8(signed(HEAD, BODY)).unwrap();
    for (from, to) in [
        ("Subject: La", "Subject: Le"),
        ("one-click", "one-clack"),
        ("unsubscribe/AQ", "unsubscribe/AR"),
        ("la suite", "la fuite"),
        ("Feedback-ID: no-12", "Feedback-ID: no-13"),
        ("MIME-Version: 1.0\r\n", "MIME-Version: 1.0\r\nSubject: another\r\n"),
        ("From: Ada", "Reply-To: eve@evil.example\r\nFrom: Ada"),
        ("From: Ada", "From: Eve <eve@evil.example>\r\nFrom: Ada"),
        ("List-Id:", "List-Id: other\r\nX: "),
    ] {
        let changed = mail.replacen(from, to, 1);
        if changed != mail {
            assert!(!verifies(changed.as_bytes(), &record), "{to}");
        }
    }
    // What relays do on the way is forgiven.
    let folded =
        mail.replacen("Subject: La Gazette  no 12\r\n : suite", "SUBJECT:  La Gazette no\r\n\t12 : suite", 1);
    assert_ne!(folded, mail);
    assert!(verifies(folded.as_bytes(), &record));
    assert!(verifies(format!("Received: from a by b\r\n{mail}").as_bytes(), &record));
}

#[test]
fn what_one_click_needs_is_signed_and_the_rest_is_oversigned() {
    let field = String::from_utf8(signer().sign(HEAD.as_bytes(), b"", 7).unwrap()).unwrap();
    assert!(field.split("\r\n").all(|line| line.len() <= 78), "{field}");
    let flat: String = field.split_whitespace().collect();
    assert!(flat.starts_with(
        "DKIM-Signature:v=1;a=rsa-sha256;c=relaxed/relaxed;t=7;d=letters.example;s=s2025;h=\
         from:from:to:to:subject:subject:date:date:message-id:message-id:reply-to:mime-version:mime-version:\
         content-type:content-type:list-id:list-unsubscribe:list-unsubscribe-post:feedback-id;bh="
    ));
    assert!(!flat.contains(";l="));
}

#[test]
fn the_record_names_the_key_and_fits_dns() {
    let record = signer().dns_record().unwrap();
    assert!(record.starts_with("v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A"));
    assert_eq!(signer().dns_name(), "s2025._domainkey.letters.example");
    let strings = dns_strings(&record);
    assert_eq!(strings.len(), 2);
    assert!(strings.iter().all(|string| string.len() <= 255));
    assert_eq!(strings.concat(), record);
    assert!(dns_strings("").is_empty());
}

#[test]
fn what_cannot_sign_is_refused() {
    assert!(matches!(Signer::from_pkcs8("a.example", "s", b"no key"), Err(DkimError::Key(_))));
    for (domain, selector) in [("", "s"), ("a.example", ""), ("a;b", "s"), ("a.example", "s\r\nX: y")] {
        assert!(matches!(Signer::from_pkcs8(domain, selector, &KEY), Err(DkimError::Domain(_))));
    }
    let malformed =
        ["no colon\r\n", "From: a", "From: a\n", "From: a\nTo: b\r\n", ": a\r\n", "\r\n", "From: a\r\n\r\n"];
    for head in malformed {
        assert!(matches!(signer().sign(head.as_bytes(), b"", 0), Err(DkimError::Head(_))), "{head:?}");
    }
}

/// RFC 6376 3.4.5, and the canonical form of bodies at large.
#[test]
fn bodies_are_canonical_as_in_rfc_6376() {
    let hash = |canonical: &[u8]| -> [u8; 32] {
        aws_lc_rs::digest::digest(&SHA256, canonical).as_ref().try_into().unwrap()
    };
    let cases = [
        (" C \r\nD \t E\r\n\r\n\r\n", " C\r\nD E\r\n"),
        ("", ""),
        ("\r\n\r\n", ""),
        ("  \r\n\t\r\n", ""),
        ("a", "a\r\n"),
        ("\r\n\r\na \t \r\n", "\r\n\r\na\r\n"),
        ("a\rb\nc\r\n", "a\rb\nc\r\n"),
        ("a\r", "a\r\r\n"),
        ("a \r\r\n", "a \r\r\n"),
    ];
    for (body, canonical) in cases {
        let mut whole = BodyHash::new();
        whole.update(body.as_bytes());
        assert_eq!(whole.finish(), hash(canonical.as_bytes()), "{body:?}");
    }
}

#[test]
fn fields_are_canonical_as_in_rfc_6376() {
    for (field, canonical) in
        [("A: X", "a:X"), ("B : Y\t\r\n\tZ  ", "b:Y Z"), ("C:", "c:"), ("D:\r\n ", "d:")]
    {
        let mut out = Vec::new();
        relaxed_field(field.as_bytes(), &mut out);
        assert_eq!(out, canonical.as_bytes());
    }
}

/// RFC 8463 appendix A: a mail signed by somebody else.
#[test]
fn the_example_of_rfc_8463_has_the_signature_it_should_have() {
    let body = b"Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n";
    let mut hash = BodyHash::new();
    hash.update(body);
    assert_eq!(BASE64.encode(&hash.finish()), "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=");

    let fields = [
        "From: Joe SixPack <joe@football.example.com>",
        "To: Suzie Q <suzie@shopping.example.net>",
        "Subject: Is dinner ready?",
        "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)",
        "Message-ID: <20030712040037.46341.5F8J@football.example.com>",
    ];
    let own = "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n d=football.example.com; \
        i=@football.example.com;\r\n q=dns/txt; s=test; t=1528637909; h=from : to : subject :\r\n date : \
        message-id : from : subject : date;\r\n bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n b=";
    let mut canonical = Vec::new();
    for field in fields {
        relaxed_field(field.as_bytes(), &mut canonical);
        canonical.extend_from_slice(b"\r\n");
    }
    relaxed_field(own.as_bytes(), &mut canonical);
    let key = BASE64
        .decode(
            b"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi\
            0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G\
            +2kryOTIKT+l/K4w3QIDAQAB",
        )
        .unwrap();
    let signature = BASE64
        .decode(
            b"F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQ\
            TnGdaSGsgeefOsk2JzdA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=",
        )
        .unwrap();
    UnparsedPublicKey::new(&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, key)
        .verify(&canonical, &signature)
        .unwrap();
}

proptest! {
    #[test]
    fn a_body_hashes_the_same_however_it_is_cut(
        body in "[ab \t\r\n=]{0,60}|([ab ]{0,9}\r\n){0,9}",
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let mut whole = BodyHash::new();
        whole.update(body.as_bytes());
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(body.len() + 1)).collect();
        cuts.sort_unstable();
        let mut pieces = BodyHash::new();
        let mut start = 0;
        for cut in cuts {
            pieces.update(&body.as_bytes()[start..cut]);
            start = cut;
        }
        pieces.update(&body.as_bytes()[start..]);
        prop_assert_eq!(whole.finish(), pieces.finish());
    }

    #[test]
    fn no_header_block_makes_the_signer_panic(head in "[a:A \r\n\t]{0,40}") {
        let _ = fields(head.as_bytes());
    }
}

#[test]
fn a_long_body_is_hashed_as_a_whole() {
    let line = "x".repeat(9000);
    let body = format!("{line} {line}\r\n").repeat(3);
    let mut hash = BodyHash::new();
    hash.update(body.as_bytes());
    assert_eq!(hash.finish().as_slice(), aws_lc_rs::digest::digest(&SHA256, body.as_bytes()).as_ref());
}
