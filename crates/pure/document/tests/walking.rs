//! What is counted and listed, and the stored form.

use document::*;

fn edition() -> Document {
    read(include_str!("every_block.md"))
        .unwrap_or_else(|problems| panic!("{}", sentences(&problems, i18n::Language::English)))
}

#[test]
fn the_sample_has_every_block_every_span_and_every_slot() {
    let tree = edition();
    let text = include_str!("every_block.md");
    for form in BLOCKS {
        assert!(text.contains(&format!(":::{}", form.name)), "{}", form.name);
    }
    for form in &SPANS[..4] {
        assert!(text.contains(&format!(":{}[", form.name)), "{}", form.name);
    }
    for field in FIELDS {
        assert!(text.contains(&format!("\n{field}: ")), "{field}");
    }
    let used: Vec<Slot> = slots(&tree).into_iter().map(|(slot, _)| slot).collect();
    for slot in Slot::ALL {
        assert!(used.contains(&slot), "{}", slot.name());
    }
    let mut names = std::collections::BTreeSet::new();
    visit(&tree.blocks, &mut |seen| {
        if let Seen::Block(block) = seen {
            names.insert(block.name());
        }
    });
    for name in ["paragraph", "heading", "list", "blockquote", "code", "table", "footnote", "comment"] {
        assert!(names.contains(name), "{name}");
    }
}

#[test]
fn the_sample_is_a_real_edition_and_comes_back() {
    let tree = edition();
    assert!((1_300..2_000).contains(&words(&tree)), "{} words", words(&tree));
    assert!(links(&tree).len() >= 20, "{} links", links(&tree).len());
    assert!(images(&tree).len() >= 3);
    assert!(include_str!("every_block.md").contains('🛸'));
    assert_eq!(read(&write(&tree)), Ok(tree.clone()));
    assert_eq!(accept(tree.clone()), Ok(tree));
}

#[test]
fn each_heading_has_an_anchor_of_its_own() {
    let tree = read("# Été\n\n## Été\n\n### été 2\n\n## ?\n\n## Été\n\n## {first_name|Ada} & *moi*").unwrap();
    let ids: Vec<String> = tree.headings().into_iter().map(|heading| heading.id).collect();
    assert_eq!(ids, ["ete", "ete-2", "ete-2-2", "section", "ete-3", "ada-moi"]);
}

#[test]
fn a_subject_is_text_and_slots() {
    let tree = read("---\ntitle: A\nsubject: \"{first_name|Toi} \\\\{x} et {email}\"\n---\n").unwrap();
    assert_eq!(
        tree.subject(),
        [
            Inline::Slot { slot: Slot::FirstName, fallback: Some("Toi".into()) },
            Inline::Text { text: " {x} et ".into() },
            Inline::Slot { slot: Slot::Email, fallback: None },
        ]
    );
    assert_eq!(slots(&tree), [(Slot::FirstName, Some("Toi".into())), (Slot::Email, None)]);
    assert_eq!(line("a {b} {"), [Inline::Text { text: "a {b} {".into() }]);
    assert_eq!(read("---\ntitle: L'œuf\n---\n").unwrap().slug(), "l-oeuf");
}

#[test]
fn words_are_what_a_reader_reads() {
    let tree = read("# Un deux\n\ntrois `quatre` {first_name|cinq} — !\n\n```\nnon\n```\n<!-- non -->\n\n:::poll{question=\"six ?\"}\n- sept\n- huit\n:::").unwrap();
    assert_eq!(words(&tree), 8);
}

#[test]
fn the_stored_form_names_its_format_and_comes_back() {
    let tree = edition();
    let json = to_json(&tree);
    assert!(json.starts_with("{\"format\":1,"));
    assert_eq!(from_json(&json).unwrap(), tree);
    assert!(matches!(from_json("{\"format\":2,\"pages\":[]}"), Err(JsonError::Newer { found: 2 })));
    assert!(matches!(from_json("{\"front\":{\"title\":\"\"},\"blocks\":[]}"), Err(JsonError::Unnumbered)));
    assert!(matches!(from_json("{\"format\":1,\"blocks\":[]}"), Err(JsonError::Shape(_))));
    assert!(matches!(from_json("[]"), Err(JsonError::Shape(_))));
    // What an older or newer editor leaves out is not there, rather than a fault.
    assert!(
        from_json("{\"format\":1,\"front\":{\"title\":\"a\"},\"blocks\":[{\"type\":\"divider\"}]}").is_ok()
    );
}

#[test]
fn a_tree_from_elsewhere_is_brought_to_its_normal_form_or_refused() {
    let tree = |blocks| Document { format: FORMAT, front: FrontMatter::default(), blocks };
    let text = |text: &str| Inline::Text { text: text.into() };
    let paragraph = |content| Block::Paragraph { content };
    assert_eq!(
        accept(tree(vec![
            paragraph(vec![text("a"), text(""), text("b"), Inline::HardBreak]),
            paragraph(vec![])
        ])),
        Ok(tree(vec![paragraph(vec![text("ab")])]))
    );
    let link = Inline::Link { href: "javascript:alert(1)".into(), title: None, content: vec![text("a")] };
    assert!(accept(tree(vec![paragraph(vec![link])])).is_err());
    let buried = Block::Blockquote { blocks: vec![Block::Heart(Heart::default())] };
    assert!(accept(tree(vec![buried])).is_err());
}
