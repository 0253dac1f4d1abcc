//! The compiled letter against the plain rendering of its templates.

use proptest::prelude::*;

use super::*;

/// The two bodies of a filled letter, decoded by the simplest reading of RFC 2045 and 2046.
fn decoded(letter: &CompiledLetter, filled: &[u8]) -> (String, String) {
    let filled = std::str::from_utf8(filled).expect("encoded text is ASCII");
    let delimiter = format!("--{}", letter.boundary());
    let rest = filled.strip_prefix(&format!("{delimiter}\r\n")).expect("opens with the boundary");
    let rest = rest.strip_suffix(&format!("\r\n{delimiter}--\r\n")).expect("closes with the boundary");
    let parts: Vec<&str> = rest.split(&format!("\r\n{delimiter}\r\n")).collect();
    assert_eq!(parts.len(), 2, "{filled}");
    assert!(!rest.replace(&format!("\r\n{delimiter}\r\n"), "").contains(&delimiter));
    let body = |part: &str, kind: &str| {
        let (head, body) = part.split_once("\r\n\r\n").expect("a head and a body");
        assert_eq!(
            head,
            format!("Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable")
        );
        decode(body)
    };
    (body(parts[0], "text/plain"), body(parts[1], "text/html"))
}

fn decode(body: &str) -> String {
    let mut out = Vec::new();
    let lines: Vec<&str> = body.split("\r\n").collect();
    for (index, line) in lines.iter().enumerate() {
        assert!(line.len() <= LINE, "{} columns: {line}", line.len());
        assert!(line.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t')), "{line:?}");
        assert!(!line.ends_with([' ', '\t']), "a space ends {line:?}");
        let (line, soft) = match line.strip_suffix('=') {
            Some(line) => (line, true),
            None => (*line, index + 1 == lines.len()),
        };
        let mut bytes = line.bytes();
        while let Some(byte) = bytes.next() {
            if byte == b'=' {
                let code = [bytes.next().expect("two digits"), bytes.next().expect("two digits")];
                let code = std::str::from_utf8(&code).expect("ASCII");
                out.push(u8::from_str_radix(code, 16).expect("a hexadecimal number"));
            } else {
                out.push(byte);
            }
        }
        if !soft {
            out.push(b'\n');
        }
    }
    String::from_utf8(out).expect("UTF-8")
}

fn letters() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z éà<>&'\"=.,\n-]{0,200}",
        "\\PC{0,80}",
        "[a-z]{70,80}",
        "[=\u{202f}é]{20,90}",
        Just(" \n \n".to_owned()),
        Just("--=_edition\n--=_edition--\n.\n".to_owned()),
    ]
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z éï'<>&]{0,30}",
        "\\PC{0,200}",
        Just(String::new()),
        Just("   ".to_owned()),
        Just("a ".to_owned()),
        Just("x\r\n--=_edition--\r\nSubject: no\r\n\r\n.\r\n".to_owned()),
        "[=]{60,90}",
    ]
}

fn slot() -> impl Strategy<Value = Piece> {
    let lead = prop_oneof![Just(""), Just(" "), Just("\n"), Just("\n> "), Just(" \n")];
    let escape = prop_oneof![Just(Escape::None), Just(Escape::Html), Just(Escape::Url)];
    (0..PersonalSlot::ALL.len(), prop::option::of(value()), escape, lead).prop_map(
        |(number, fallback, escape, lead)| {
            Piece::Slot(SlotUse { slot: PersonalSlot::ALL[number], fallback, escape, lead: lead.to_owned() })
        },
    )
}

fn pieces() -> impl Strategy<Value = Vec<Piece>> {
    let leaf = prop_oneof![letters().prop_map(Piece::Run), slot()];
    let piece = leaf.prop_recursive(2, 12, 4, |inner| {
        (0..3_usize, prop::collection::vec(inner, 0..4))
            .prop_map(|(segment, pieces)| Piece::Only { segment, pieces })
    });
    prop::collection::vec(piece, 0..8)
}

fn template(names: [&str; 3], pieces: Vec<Piece>) -> Template {
    Template::new(pieces, names.map(str::to_owned).to_vec())
}

/// The bits of `segments` as a template with other names in another order counts them.
fn counted_as(names: &[String], of: &[String], segments: u64) -> u64 {
    names.iter().enumerate().fold(0, |bits, (index, name)| {
        let at = of.iter().position(|known| known == name).expect("every segment is in the letter");
        bits | ((segments >> at & 1) << index)
    })
}

proptest! {
    #[test]
    fn a_filled_letter_decodes_to_the_plain_rendering(
        text in pieces(),
        html in pieces(),
        values in prop::collection::vec(prop::option::of(value()), 7),
        segments in any::<u64>(),
    ) {
        let text = template(["paris", "lyon", "new"], text);
        let html = template(["new", "berlin", "paris"], html);
        let letter = CompiledLetter::compile(&text, &html, "edition").expect("few segments");
        let mut given = Values::default().in_segments(segments);
        for (slot, value) in PersonalSlot::ALL.into_iter().zip(&values) {
            given = given.with_option(slot, value.as_deref());
        }
        let mut filled = Vec::new();
        letter.fill(&given, &mut filled);
        let rendered = |template: &Template| {
            let bits = counted_as(template.segments(), letter.segments(), segments);
            template.render(&given.in_segments(bits))
        };
        prop_assert_eq!(decoded(&letter, &filled), (rendered(&text), rendered(&html)));

        let again = CompiledLetter::from_bytes(&letter.to_bytes()).expect("what was written can be read");
        prop_assert_eq!(again.hash(), letter.hash());
        prop_assert_eq!(again, letter);
    }

    #[test]
    fn a_damaged_letter_is_refused_or_filled_without_a_panic(
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        cut in any::<prop::sample::Index>(),
    ) {
        let text = template(["a", "b", "c"], vec![
            Piece::Run("Hello".into()),
            Piece::Only { segment: 1, pieces: vec![Piece::Run("you".into())] },
        ]);
        let mut bytes = CompiledLetter::compile(&text, &text, "edition").expect("few segments").to_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(letter) = CompiledLetter::from_bytes(&bytes) {
            letter.fill(&Values::default(), &mut Vec::new());
        }
        prop_assert!(CompiledLetter::from_bytes(&bytes[..cut.index(bytes.len())]).is_err());
    }
}

#[test]
fn a_letter_knows_its_slots_and_its_segments() {
    let text = Template::new(
        vec![Piece::Slot(SlotUse {
            slot: PersonalSlot::Email,
            fallback: None,
            escape: Escape::None,
            lead: String::new(),
        })],
        vec!["paris".into()],
    );
    let html = Template::new(Vec::new(), vec!["lyon".into(), "paris".into()]);
    let letter = CompiledLetter::compile(&text, &html, "a b\r\n\"c").expect("few segments");
    assert_eq!(letter.slots_used(), [PersonalSlot::Email]);
    assert_eq!(letter.segments(), ["paris", "lyon"]);
    assert_eq!(letter.content_type(), "multipart/alternative; boundary=\"=_abc\"");
}

#[test]
fn a_letter_to_more_segments_than_a_reader_has_bits_is_refused() {
    let many = Template::new(Vec::new(), (0..65).map(|number| number.to_string()).collect());
    assert_eq!(
        CompiledLetter::compile(&many, &Template::default(), "x"),
        Err(CompileError::TooManySegments(65))
    );
}

#[test]
fn another_format_is_named() {
    let mut bytes = CompiledLetter::compile(&Template::default(), &Template::default(), "x")
        .expect("no segments")
        .to_bytes();
    bytes[4] = 9;
    assert_eq!(CompiledLetter::from_bytes(&bytes), Err(StoredLetterError::Format(9)));
}
