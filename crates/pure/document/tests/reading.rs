//! What Markdown and our blocks become.

use document::*;

fn blocks(text: &str) -> Vec<Block> {
    read(text)
        .unwrap_or_else(|problems| panic!("{text}\n{}", sentences(&problems, i18n::Language::English)))
        .blocks
}

fn text(text: &str) -> Inline {
    Inline::Text { text: text.to_owned() }
}

fn paragraph(content: Vec<Inline>) -> Block {
    Block::Paragraph { content }
}

#[test]
fn a_greeting_with_a_name_has_its_fallback() {
    assert_eq!(
        blocks("Salut {first_name|la mif}, {email}"),
        [paragraph(vec![
            text("Salut "),
            Inline::Slot { slot: Slot::FirstName, fallback: Some("la mif".into()) },
            text(", "),
            Inline::Slot { slot: Slot::Email, fallback: None },
        ])]
    );
    assert_eq!(
        blocks("| a |\n|---|\n| {name\\|vous} |"),
        [Block::Table(Table {
            alignments: vec![Alignment::None],
            head: vec![vec![text("a")]],
            rows: vec![vec![vec![Inline::Slot { slot: Slot::Name, fallback: Some("vous".into()) }]]],
        })]
    );
}

#[test]
fn what_is_escaped_or_code_stands_for_itself() {
    for (written, words) in [
        (r"a \{first_name} b", "a {first_name} b"),
        (r"\:mark[a]", ":mark[a]"),
        (r"\:::ps", ":::ps"),
        (r"a&#123;b}", "a{b}"),
        ("à 8:30, http://a.example : oui :-) [x]", "à 8:30, http://a.example : oui :-) [x]"),
        (r"\<b> \* \\ C:\dir", r"<b> * \ C:\dir"),
    ] {
        assert_eq!(blocks(written), [paragraph(vec![text(words)])], "{written}");
    }
    assert_eq!(blocks("`{a} :b[c]`"), [paragraph(vec![Inline::Code { text: "{a} :b[c]".into() }])]);
    assert_eq!(
        blocks("```md\n:::quote{who=\"a\"}\n{b}\n:::\n```"),
        [Block::Code { language: Some("md".into()), text: ":::quote{who=\"a\"}\n{b}\n:::".into() }]
    );
    assert_eq!(blocks("<!-- a\n::: -->"), [Block::Comment { text: "a\n:::".into() }]);
    assert_eq!(
        blocks(":::heart{label=\"<!-- a -->\"}\n:::"),
        [Block::Heart(Heart { label: Some("<!-- a -->".into()) })]
    );
    assert_eq!(blocks("<!--\n:::ps\n<b>\n-->"), [Block::Comment { text: ":::ps\n<b>".into() }]);
}

#[test]
fn a_block_ends_what_markdown_was_in_the_middle_of() {
    let ps = |words: &str| Block::Ps(Ps { blocks: vec![paragraph(vec![text(words)])] });
    for (written, kinds) in [
        ("a\n:::ps\nb\n:::\nc", vec!["paragraph", "ps", "paragraph"]),
        ("- a\n:::ps\nb\n:::\n- c", vec!["list", "ps", "list"]),
        ("> a\n:::ps\nb\n:::", vec!["blockquote", "ps"]),
        ("| a |\n|---|\n:::ps\nb\n:::", vec!["table", "ps"]),
        ("a[^a]\n\n[^a]: a\n:::ps\nb\n:::", vec!["paragraph", "footnote", "ps"]),
        ("- ```\n  a\n  ```\n\n:::ps\nb\n:::", vec!["list", "ps"]),
    ] {
        let blocks = blocks(written);
        assert_eq!(blocks.iter().map(Block::name).collect::<Vec<_>>(), kinds, "{written}");
        assert!(blocks.contains(&ps("b")), "{written}");
    }
}

#[test]
fn blocks_stand_in_one_another_and_values_hold_anything() {
    let tree = blocks(concat!(
        "::::only{segment=\"paris\"}\n:::quote{who=\"Ada } L.\" link=\"https://a.example:80/?b={c}\"}\n",
        "*Oui* \\: non.\n:::\n::::\n"
    ));
    let quote = Quote {
        who: Some("Ada } L.".into()),
        link: Some("https://a.example:80/?b={c}".into()),
        blocks: vec![paragraph(vec![Inline::Emphasis { content: vec![text("Oui")] }, text(" : non.")])],
        ..Quote::default()
    };
    assert_eq!(
        tree,
        [Block::Only(Only { to: Scope::Segment("paris".into()), blocks: vec![Block::Quote(quote)] })]
    );
}

#[test]
fn a_picture_alone_in_its_paragraph_is_a_picture_with_a_caption() {
    assert_eq!(
        blocks("![Un chat](/chat.jpg \"Minou\")"),
        [Block::Image(Image {
            src: "/chat.jpg".into(),
            alt: "Un chat".into(),
            caption: vec![text("Minou")],
            ..Image::default()
        })]
    );
    assert_eq!(blocks("a ![Un chat](/chat.jpg)")[0].name(), "paragraph");
}

#[test]
fn spans_hold_other_marks_and_the_long_forms_are_the_short_ones() {
    assert_eq!(
        blocks(":mark[a *b* [c](/d)] :abbr[FAQ]{title=\"a \\\"b\\\" }: c\"}"),
        [paragraph(vec![
            Inline::Span {
                span: Span::Mark,
                content: vec![
                    text("a "),
                    Inline::Emphasis { content: vec![text("b")] },
                    text(" "),
                    Inline::Link { href: "/d".into(), title: None, content: vec![text("c")] },
                ],
            },
            text(" "),
            Inline::Span { span: Span::Abbr { title: "a \"b\" }: c".into() }, content: vec![text("FAQ")] },
        ])]
    );
    assert_eq!(blocks("a:em[ b ]{}c"), blocks("a:em[&#32;b&#32;]c"));
    assert_eq!(blocks("un:strong[b]:del[c]:code[d]"), blocks("un**b**~~c~~`d`"));
}

#[test]
fn lists_say_whether_they_are_tight_and_what_is_done() {
    let item = |checked, words: &str| Item { checked, blocks: vec![paragraph(vec![text(words)])] };
    let list = |tight, items| Block::List(List { start: None, tight, items });
    assert_eq!(
        blocks("- [x] a\n- [ ] b\n- c"),
        [list(true, vec![item(Some(true), "a"), item(Some(false), "b"), item(None, "c")])]
    );
    assert_eq!(blocks("- a\n\n- b"), [list(false, vec![item(None, "a"), item(None, "b")])]);
}

#[test]
fn without_front_matter_the_whole_text_is_the_edition() {
    let tree = read("\u{feff}Bonjour\r\n\r\n---\r\n").unwrap();
    assert_eq!(tree.front, FrontMatter::default());
    assert_eq!(tree.blocks, [paragraph(vec![text("Bonjour")]), Block::Divider]);
    assert_eq!(write(&tree), "Bonjour\n\n---\n");
    let first = read("***\na").unwrap();
    assert_eq!(read(&write(&first)), Ok(first));
}

#[test]
fn what_is_written_reads_like_what_an_author_types() {
    let text = concat!(
        "---\ntitle: L'été\nsubject: \"{first_name|Toi}, c'est l'été\"\nauthors: [Ada, Bob]\n---\n\n",
        "# L'été *est* là\n\nSalut {first_name|la mif}, ça va ? **Oui**, et `toi` ? snake_case, 2 < 3 & 4.\n\n",
        "- un\n- deux\n  - trois\n\n1. a\n2. b\n\n> cité\n\n",
        "::::columns\n:::column\na\n:::\n:::column\nb\n:::\n::::\n\n",
        ":::button{href=\"https://a.example/?b=c\"}\nPar ici\n:::\n\n---\n\n:mark[fin]{}\n"
    );
    assert_eq!(write(&read(text).unwrap()), text);
}
