//! Arbitrary editions in normal form.

use document::*;
use proptest::{option, prelude::*, sample::select, strategy::Union};

pub fn document() -> impl Strategy<Value = Document> {
    (front(), blocks(3)).prop_map(|(front, blocks)| normalise(Document { format: FORMAT, front, blocks }))
}

fn front() -> impl Strategy<Value = FrontMatter> {
    (
        words(),
        option::of(select(vec!["Bonjour {first_name|la mif}", "a: b", "\"a\"", " b", "[c]", "- d", "L'été"])),
        option::of(words()),
        option::of(select(vec!["l-ete", "1", "2026-x"])),
        prop::collection::vec(words(), 0..3),
        option::of(select(vec!["2026-11-23T08:30", "2026-11-23 08:30:01+01:00"])),
        option::of(select(vec!["fr", "pt-BR"])),
        prop::collection::vec(words(), 0..3),
        option::of(address()),
    )
        .prop_map(|(title, subject, preheader, slug, authors, written_at, language, tags, cover)| {
            FrontMatter {
                title,
                subject: subject.map(str::to_owned),
                preheader,
                slug: slug.map(str::to_owned),
                authors,
                written_at: written_at.map(str::to_owned),
                language: language.map(str::to_owned),
                tags,
                cover,
            }
        })
}

/// Any words, those that look like marks among them; never NUL, which no text holds.
fn words() -> BoxedStrategy<String> {
    let odd = select(vec![
        "*",
        "**",
        "_",
        "__",
        "~~",
        "`",
        "``",
        "[",
        "]",
        "(",
        ")",
        "<",
        ">",
        "!",
        "{",
        "}",
        "{a}",
        ":",
        ":::",
        ":a[",
        "|",
        "\\",
        "&",
        "&amp;",
        "#",
        "-",
        "+",
        "1.",
        "12)",
        "=",
        "---",
        "\"",
        "'",
        " ",
        "  ",
        "\t",
        "\n",
        "\r",
        "\u{a0}",
        "\u{b}",
        "é",
        "🛸",
        "a",
        "snake_case",
        "b c",
        "^",
        "$",
        "-->",
        "<!--",
        "www.a.example",
        "http://a.example",
        "a@b.example",
        ".",
        ",",
        "%",
        ";",
        "/",
        "@",
    ]);
    prop_oneof![
        3 => "[a-zé]{1,6}( [a-z]{1,5}){0,3}[.!?:]?",
        2 => prop::collection::vec(odd, 1..6).prop_map(|parts| parts.concat()),
        1 => "[ -~]{1,8}",
        1 => "[^\\x00]{1,4}",
    ]
    .boxed()
}

fn address() -> BoxedStrategy<String> {
    prop_oneof![
        3 => select(vec![
            "https://a.example", "http://a.example/b?c=d&e;f", "mailto:a.b@c.example", "/x y", "#a", "tel:+33", "a(b", "/a<b>`c`*d*_e_|f\\g", "?q={x}", "é", "/[a]",
        ]).prop_map(str::to_owned),
        1 => "/[!-~]{0,12}",
    ]
    .boxed()
}

fn inlines(depth: u32) -> BoxedStrategy<Vec<Inline>> {
    prop::collection::vec(inline(depth, true), 0..5).boxed()
}

fn inline(depth: u32, links: bool) -> BoxedStrategy<Inline> {
    let leaf = prop_oneof![
        6 => words().prop_map(|text| Inline::Text { text }),
        1 => Just(Inline::SoftBreak),
        1 => Just(Inline::HardBreak),
        1 => words().prop_map(|text| Inline::Code { text }),
        1 => (address(), words(), option::of(words())).prop_map(|(src, alt, title)| Inline::Image { src, alt, title }),
        1 => (select(Slot::ALL.to_vec()), option::of(prop_oneof![words(), Just(String::new())])).prop_map(|(slot, fallback)| Inline::Slot { slot, fallback }),
        1 => Just(Inline::FootnoteReference { label: "a".to_owned() }),
    ];
    if depth == 0 {
        return leaf.boxed();
    }
    let (any, without) = (inline(depth - 1, links), inline(depth - 1, false));
    let inside =
        move |links: bool| prop::collection::vec(if links { any.clone() } else { without.clone() }, 0..4);
    let span = prop_oneof![
        Just(Span::Mark),
        Just(Span::Small),
        words().prop_map(|title| Span::Abbr { title }),
        Just(Span::Lang { code: "en".to_owned() }),
    ];
    let mut all: Vec<(u32, BoxedStrategy<Inline>)> = vec![
        (6, leaf.boxed()),
        (2, inside(links).prop_map(|content| Inline::Emphasis { content }).boxed()),
        (2, inside(links).prop_map(|content| Inline::Strong { content }).boxed()),
        (1, inside(links).prop_map(|content| Inline::Strikethrough { content }).boxed()),
        (1, (span, inside(links)).prop_map(|(span, content)| Inline::Span { span, content }).boxed()),
    ];
    if links {
        // A link within a link is two links (CommonMark 6.3), and so is a footnote's mark.
        let link = (address(), option::of(words()), inside(false)).prop_map(|(href, title, content)| {
            Inline::Link { href, title, content: without_footnotes(content) }
        });
        let bare =
            select(vec!["https://a.example/b?c=d", "mailto:a@b.example"]).prop_map(|href| Inline::Link {
                href: href.to_owned(),
                title: None,
                content: vec![Inline::Text { text: href.trim_start_matches("mailto:").to_owned() }],
            });
        all.push((1, link.boxed()));
        all.push((1, bare.boxed()));
    }
    Union::new_weighted(all).boxed()
}

fn without_footnotes(content: Vec<Inline>) -> Vec<Inline> {
    content
        .into_iter()
        .filter_map(|inline| {
            Some(match inline {
                Inline::FootnoteReference { .. } => return None,
                Inline::Emphasis { content } => Inline::Emphasis { content: without_footnotes(content) },
                Inline::Strong { content } => Inline::Strong { content: without_footnotes(content) },
                Inline::Strikethrough { content } => {
                    Inline::Strikethrough { content: without_footnotes(content) }
                }
                Inline::Span { span, content } => Inline::Span { span, content: without_footnotes(content) },
                other => other,
            })
        })
        .collect()
}

fn blocks(depth: u32) -> BoxedStrategy<Vec<Block>> {
    // The text of the one footnote that runs of text refer to.
    let footnote =
        markdown(1).prop_map(|block| Block::Footnote { label: "a".to_owned(), blocks: vec![block] });
    (prop::collection::vec(block(depth), 0..5), footnote)
        .prop_map(|(mut blocks, footnote)| {
            blocks.push(footnote);
            blocks
        })
        .boxed()
}

/// Blocks of Markdown, which can stand anywhere.
fn markdown(depth: u32) -> BoxedStrategy<Block> {
    let code = prop_oneof![words(), prop::collection::vec(words(), 0..4).prop_map(|lines| lines.join("\n"))];
    let cell = || inlines(1);
    let table = (1..4usize).prop_flat_map(move |width| {
        let row = prop::collection::vec(cell(), width);
        let alignment = select(vec![Alignment::None, Alignment::Left, Alignment::Center, Alignment::Right]);
        (prop::collection::vec(alignment, width), row.clone(), prop::collection::vec(row, 0..3))
            .prop_map(|(alignments, head, rows)| Block::Table(Table { alignments, head, rows }))
    });
    let leaf = prop_oneof![
        5 => inlines(2).prop_map(|content| Block::Paragraph { content }),
        1 => (1..=6u8, inlines(2)).prop_map(|(level, content)| Block::Heading { level, content }),
        1 => (option::of(select(vec!["rust", "c++", "a`b", "&amp;", "\\"])), code).prop_map(|(language, text)| Block::Code { language: language.map(str::to_owned), text }),
        1 => table,
        1 => words().prop_map(|text| Block::Comment { text }),
        1 => Just(Block::Divider),
    ];
    if depth == 0 {
        return leaf.boxed();
    }
    let inner = prop::collection::vec(markdown(depth - 1), 0..4).boxed();
    let inside = move || inner.clone();
    let item = (option::of(any::<bool>()), inside()).prop_map(|(checked, blocks)| Item { checked, blocks });
    let start = option::of(prop_oneof![Just(1u64), Just(0), 2..2_000_000_000u64]);
    prop_oneof![
        4 => leaf,
        2 => (start, any::<bool>(), prop::collection::vec(item, 1..4)).prop_map(|(start, tight, items)| Block::List(List { start, tight, items })),
        1 => inside().prop_map(|blocks| Block::Blockquote { blocks }),
    ]
    .boxed()
}

fn block(depth: u32) -> BoxedStrategy<Block> {
    let words = words;
    let maybe = || option::of(words());
    let link = || option::of(address());
    let leaf = prop_oneof![
        10 => markdown(2),
        1 => (maybe(), option::of(2..=4u8)).prop_map(|(title, depth)| Block::Toc(Toc { title, depth })),
        1 => maybe().prop_map(|label| Block::Heart(Heart { label })),
        1 => maybe().prop_map(|label| Block::Share(Share { label })),
        1 => (address(), words(), inlines(2)).prop_map(|(href, first, mut content)| {
            content.insert(0, Inline::Text { text: format!("a{first}") });
            Block::Button(Button { href, content })
        }),
        1 => (address(), prop_oneof![words(), Just(String::new())], option::of(1..999u32), link(), inlines(2))
            .prop_map(|(src, alt, width, href, caption)| Block::Image(Image { src, alt, width, height: width, href, caption })),
        1 => (words(), prop::collection::vec(words().prop_map(|choice| format!("a{choice}")), 2..5)).prop_map(|(question, choices)| Block::Poll(Poll { question, choices })),
        1 => (maybe(), prop::collection::vec((words(), maybe(), link(), link(), inlines(1)), 1..3)).prop_map(|(title, people)| Block::People(People {
            title,
            people: people.into_iter().map(|(name, role, href, portrait, content)| Person { name, role, href, portrait, content }).collect(),
        })),
    ];
    if depth == 0 {
        return leaf.boxed();
    }
    let inner = prop::collection::vec(block(depth - 1), 0..3).boxed();
    let inside = move || inner.clone();
    let kind = select(vec![CalloutKind::Note, CalloutKind::Tip, CalloutKind::Warning]);
    let scope = prop_oneof![Just(Scope::Mail), Just(Scope::Web), words().prop_map(Scope::Segment)];
    let time = option::of(Just("2026-11-23T08:30".to_owned()));
    let episode = (words(), link(), maybe(), option::of(0..9u32), link(), link(), maybe(), inside())
        .prop_map(|(title, href, show, season, audio, image, duration, blocks)| {
            let (video, number) = (audio.clone(), season);
            Block::Episode(Episode {
                title,
                href,
                show,
                season,
                number,
                audio,
                video,
                image,
                duration,
                blocks,
            })
        });
    let holding = prop_oneof![
        (time, maybe(), inside()).prop_map(|(at, place, blocks)| Block::Written(Written {
            at,
            place,
            blocks
        })),
        inside().prop_map(|blocks| Block::Greeting(Greeting { blocks })),
        episode,
        (words(), link(), link(), maybe(), inside()).prop_map(|(name, href, logo, label, blocks)| {
            Block::Sponsor(Sponsor { name, href, logo, label, blocks })
        }),
        (maybe(), inside()).prop_map(|(label, blocks)| Block::Forwarded(Forwarded { label, blocks })),
        (maybe(), maybe(), link(), link(), inside()).prop_map(|(who, place, link, portrait, blocks)| {
            Block::Quote(Quote { who, place, link, portrait, blocks })
        }),
        (maybe(), inside()).prop_map(|(label, blocks)| Block::Question(Question { label, blocks })),
        (address(), words(), maybe(), link(), inside()).prop_map(|(href, title, site, image, blocks)| {
            Block::Embed(Embed { href, title, site, image, blocks })
        }),
        prop::collection::vec(inside(), 2..=3).prop_map(|columns| Block::Columns(Columns { columns })),
        (kind, maybe(), inside()).prop_map(|(kind, title, blocks)| Block::Callout(Callout {
            kind,
            title,
            blocks
        })),
        (address(), words(), maybe(), maybe(), inside()).prop_map(|(href, title, price, label, blocks)| {
            Block::Booking(Booking { href, title, duration: price.clone(), price, label, blocks })
        }),
        (address(), words(), maybe(), link(), inside()).prop_map(|(href, title, by, image, blocks)| {
            Block::Recommend(Recommend { href, title, by, image, blocks })
        }),
        (scope, inside()).prop_map(|(to, blocks)| Block::Only(Only { to, blocks })),
        inside().prop_map(|blocks| Block::Ps(Ps { blocks })),
        inside().prop_map(|blocks| Block::Footer(Footer { blocks })),
    ];
    prop_oneof![3 => leaf, 1 => holding].boxed()
}
