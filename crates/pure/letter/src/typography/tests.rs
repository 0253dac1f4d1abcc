//! What is typed, and what is set.

use document::{Inline, Slot, Span};
use proptest::prelude::*;

use super::*;

#[test]
fn french_is_set_as_a_french_printer_sets_it() {
    for (typed, set) in [
        ("Quoi ?", "Quoi\u{202f}?"),
        ("Quoi?", "Quoi\u{202f}?"),
        ("Quoi?!", "Quoi\u{202f}?!"),
        ("Vrai ?!", "Vrai\u{202f}?!"),
        ("Oui ; non : si !", "Oui\u{202f}; non\u{202f}: si\u{202f}!"),
        ("(vraiment ?)", "(vraiment\u{202f}?)"),
        ("l'été d'aujourd'hui", "l’été d’aujourd’hui"),
        ("\"Oui\", dit-il.", "«\u{202f}Oui\u{202f}», dit-il."),
        ("« Oui »", "«\u{202f}Oui\u{202f}»"),
        ("«Oui»", "«\u{202f}Oui\u{202f}»"),
        ("l'\"Iliade\"", "l’«\u{202f}Iliade\u{202f}»"),
        ("\"Il a dit \"non\" hier\"", "«\u{202f}Il a dit “non” hier\u{202f}»"),
        ("Il dit: \"oui!\"", "Il dit\u{202f}: «\u{202f}oui\u{202f}!\u{202f}»"),
        ("Attends...", "Attends…"),
        ("un mot -- un seul -- suffit", "un mot — un seul — suffit"),
        ("de 8 h - 9 h", "de 8 h – 9 h"),
        ("-- Bonjour.", "— Bonjour."),
        ("peut-être, dit-elle", "peut-être, dit-elle"),
        ("12 % de 30 €", "12\u{202f}% de 30\u{202f}€"),
        ("à 10:30, page?x=1", "à 10:30, page?x=1"),
        (":-) et ;)", ":-) et ;)"),
        ("--json", "--json"),
        ("Voir https://a.example/x?y=l'été : oui", "Voir https://a.example/x?y=l'été\u{202f}: oui"),
        ("Voir https://a.example ?", "Voir https://a.example\u{202f}?"),
        ("Voir https://a.example!", "Voir https://a.example\u{202f}!"),
        ("ada--l@a.example, non ?", "ada--l@a.example, non\u{202f}?"),
        ("www.a--b.example", "www.a--b.example"),
        ("un écran de 27\"", "un écran de 27\""),
        ("", ""),
    ] {
        assert_eq!(set_text(typed, Manner::French), set, "{typed}");
    }
}

#[test]
fn english_gets_its_quotes_and_dashes() {
    for (typed, set) in [
        ("\"Yes,\" she said.", "“Yes,” she said."),
        ("It's Ada's.", "It’s Ada’s."),
        ("'Yes' and \"'no'\"", "‘Yes’ and “‘no’”"),
        ("'Tis the '90s", "’Tis the ’90s"),
        ("a word -- one word -- is enough", "a word — one word — is enough"),
        ("wait--what", "wait—what"),
        ("pages 10--12", "pages 10–12"),
        ("So? Yes!", "So? Yes!"),
        ("(\"x\")", "(“x”)"),
        ("a 27\" screen", "a 27\" screen"),
        ("Hmm...", "Hmm…"),
    ] {
        assert_eq!(set_text(typed, Manner::English), set, "{typed}");
    }
    assert_eq!(set_text("\"Ja\" -- ...", Manner::of("de")), "\"Ja\" -- …");
}

fn typed(text: &str) -> Inline {
    Inline::Text { text: text.into() }
}

#[test]
fn a_text_is_set_through_emphasis_and_around_what_is_not_ours() {
    let mut content = vec![
        typed("\""),
        Inline::Emphasis { content: vec![typed("Quoi")] },
        typed(" ?\" dit "),
        Inline::Slot { slot: Slot::FirstName, fallback: Some("l'ami".into()) },
        typed("! "),
        Inline::Code { text: "a ? 'b' : \"c\"".into() },
        typed(" : "),
        Inline::Span { span: Span::Lang { code: "en".into() }, content: vec![typed("it's \"fine\"?")] },
    ];
    set_inlines(&mut content, Manner::French);
    assert_eq!(
        content,
        vec![
            typed("«\u{202f}"),
            Inline::Emphasis { content: vec![typed("Quoi")] },
            typed("\u{202f}?\u{202f}» dit "),
            Inline::Slot { slot: Slot::FirstName, fallback: Some("l’ami".into()) },
            typed("\u{202f}! "),
            Inline::Code { text: "a ? 'b' : \"c\"".into() },
            typed("\u{202f}: "),
            Inline::Span {
                span: Span::Lang { code: "en".into() }, content: vec![typed("it’s “fine”?")]
            },
        ]
    );
}

fn manner() -> impl Strategy<Value = Manner> {
    prop_oneof![Just(Manner::French), Just(Manner::English), Just(Manner::Plain)]
}

fn inline() -> impl Strategy<Value = Inline> {
    let leaf = prop_oneof![
        6 => "[a0 .'\"«»“”;:!?%()\u{a0}\u{202f}@/w-]{0,8}".prop_map(|text| Inline::Text { text }),
        1 => Just(Inline::SoftBreak),
        1 => Just(Inline::Code { text: "'".into() }),
        1 => Just(Inline::Slot { slot: Slot::Name, fallback: None }),
        1 => Just(Inline::FootnoteReference { label: "1".into() }),
    ];
    leaf.prop_recursive(2, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|content| Inline::Emphasis { content }),
            prop::collection::vec(inner, 0..4)
                .prop_map(|content| Inline::Span { span: Span::Lang { code: "en".into() }, content }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn what_is_set_stays_as_it_is(text in "[a0 .'\"«»“”‘’;:!?%€()\u{a0}\u{202f}@/wh-]{0,24}", manner in manner()) {
        let once = set_text(&text, manner);
        prop_assert_eq!(set_text(&once, manner), once);
    }

    #[test]
    fn what_is_set_stays_as_it_is_through_inlines(
        mut content in prop::collection::vec(inline(), 0..6),
        manner in manner(),
    ) {
        set_inlines(&mut content, manner);
        let once = content.clone();
        set_inlines(&mut content, manner);
        prop_assert_eq!(content, once);
    }

    #[test]
    fn setting_loses_no_word(text in "\\PC{0,60}", manner in manner()) {
        let words = |text: &str| text.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>();
        prop_assert_eq!(words(&set_text(&text, manner)), words(&text));
    }
}
