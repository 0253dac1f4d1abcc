//! No text and no bytes make a parser panic.

use proptest::prelude::*;
use records::{bimi, dkim, dmarc, mta_sts, spf, tls_rpt, tlsa};

/// Texts that get past the first check of a parser more often than chance would.
fn texts() -> impl Strategy<Value = String> {
    let start = prop::sample::select(vec![
        "",
        "v=spf1 ",
        "v=DMARC1; ",
        "v=DKIM1; ",
        "v=STSv1; ",
        "version: STSv1\n",
        "v=TLSRPTv1; ",
        "v=BIMI1; ",
        "<svg ",
        "3 1 1 ",
    ]);
    let piece = prop_oneof![
        prop::sample::select(vec![
            "p=",
            "reject",
            "sp=none;",
            "psd=y",
            "rua=mailto:a@b",
            ";",
            "=",
            ":",
            "/",
            "//",
            "%{",
            "%{ir}",
            "%{d2}",
            "}",
            "%%",
            "%_",
            "ip4:",
            "ip6:::1/",
            "1.2.3.4/33",
            "include:",
            "a:",
            "mx/",
            "exists:%{l1r-}",
            "redirect=",
            "exp=",
            "-all",
            "~",
            "?ptr",
            " ",
            "\n",
            "mode: enforce",
            "mx: *.",
            "max_age: ",
            "id=",
            "k=ed25519",
            "viewBox=\"0 0 1 1\"",
            "<title>",
            "</svg>",
            "<!DOCTYPE",
            "&amp;",
            "é",
            "\u{0}",
            "\"",
            ">",
            "aB9+",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    (start, prop::collection::vec(piece, 0..12))
        .prop_map(|(start, pieces)| start.to_owned() + &pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_a_parser_panic(text in texts()) {
        let _ = (dmarc::parse(&text), dkim::parse(&text), mta_sts::parse_record(&text));
        let _ = (mta_sts::parse_policy(&text), tls_rpt::parse(&text), bimi::parse(&text));
        let _ = (tlsa::Tlsa::parse(&text), bimi::check_svg(text.as_bytes()), dmarc::names(&text).count());
        if let Ok(record) = spf::parse(&text) {
            let again = spf::parse(&record.to_string()).unwrap();
            prop_assert_eq!(again, record);
        }
        let question = spf::Question::new("192.0.2.1".parse().unwrap(), "x.example", &text, "helo.example");
        let mut answers = spf::Answers::default();
        let name = spf::Query::txt("x.example");
        answers.insert(name, spf::Answer::Texts(vec![text.clone()]));
        let _ = (spf::evaluate(&question, &answers), spf::cost("x.example", &answers));
    }

    #[test]
    fn no_bytes_make_a_certificate_or_a_drawing_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = bimi::check_svg(&bytes);
        if let Some(record) = tlsa::Tlsa::from_wire(&bytes) {
            let _ = (record.names(&bytes), tlsa::judge(&[record], std::slice::from_ref(&bytes)));
        }
        let _ = tlsa::Tlsa::of_certificate(&bytes);
    }

    #[test]
    fn a_certificate_that_was_cut_or_bent_makes_nothing_panic(cut in 0usize..600, at in 0usize..600, with: u8) {
        let pem = include_str!("certificate.pem");
        let text: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        let mut bytes = data_encoding::BASE64.decode(text.as_bytes()).unwrap();
        if let Some(byte) = bytes.get_mut(at) {
            *byte = with;
        }
        bytes.truncate(cut);
        let _ = tlsa::Tlsa::of_certificate(&bytes);
    }
}
