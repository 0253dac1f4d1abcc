use proptest::prelude::*;

use super::*;

fn encoded(text: &str) -> String {
    let mut out = Vec::new();
    encode(text.as_bytes(), &mut out);
    String::from_utf8(out).expect("ASCII")
}

fn assert_wire_form(encoded: &str) {
    for line in encoded.split("\r\n") {
        assert!(line.len() <= LINE_MAX, "{line:?}");
        assert!(!line.ends_with([' ', '\t']), "{line:?}");
        assert!(line.bytes().all(|b| matches!(b, b'\t' | b' '..=b'~')), "{line:?}");
    }
}

#[test]
fn text_is_encoded_as_in_rfc_2045() {
    assert_eq!(encoded("plain"), "plain");
    assert_eq!(encoded("l'été = 1\n"), "l'=C3=A9t=C3=A9 =3D 1\r\n");
    assert_eq!(encoded("end \nof\t\r\nline"), "end=20\r\nof=09\r\nline");
    assert_eq!(encoded("bare\rCR\0"), "bare=0DCR=00");
    assert_eq!(encoded(&"x".repeat(77)), format!("{}=\r\nxx", "x".repeat(75)));
    assert_eq!(encoded(&"x".repeat(76)), "x".repeat(76));
}

#[test]
fn a_malformed_text_says_where() {
    assert_eq!(decode(b"a=ZZ"), Err(DecodeError { offset: 1 }));
    assert_eq!(decode(b"a\r\nb\x80"), Err(DecodeError { offset: 4 }));
    assert_eq!(decode(b"a=\r\nb=3d  \r\n"), Ok(b"ab=\r\n".to_vec()));
}

proptest! {
    #[test]
    fn a_text_comes_back_with_its_lines(text in "([a-z é=.\t\r\0]{0,100}\n?){0,5}") {
        let encoded = encoded(&text);
        assert_wire_form(&encoded);
        let lines: Vec<&str> = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).collect();
        // A last line has no line end to lose its CR to.
        let mut expected = lines.join("\r\n");
        if text.rsplit('\n').next().is_some_and(|last| last.ends_with('\r')) {
            expected.push('\r');
        }
        prop_assert_eq!(decode(encoded.as_bytes()), Ok(expected.into_bytes()));
    }

    #[test]
    fn a_slot_between_two_runs_leaves_both_as_they_were(before in "[a-zé ]{0,90}", value in "[a-zé =\n\t]{0,200}") {
        let mut out = Vec::new();
        encode_inline(before.as_bytes(), &mut out);
        encode_inline(value.as_bytes(), &mut out);
        encode_inline(b"after", &mut out);
        let text = String::from_utf8(out).expect("ASCII");
        assert_wire_form(&text);
        let expected = format!("{before}{}after", value.replace('\n', "\r\n"));
        prop_assert_eq!(decode(text.as_bytes()), Ok(expected.into_bytes()));
    }

    #[test]
    fn no_bytes_make_the_decoder_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let _ = decode(&bytes);
    }
}
