//! Sizes and promises of the mail.

mod blocks;

use document::{Block, Document, Heart, Inline, Only, Scope, Slot};
use i18n::Language;
use letter::{CompiledLetter, Look, PersonalSlot, Values};

/// Gmail cuts a mail near 102 KB; the foot with the unsubscribe link would go first.
const WHOLE: usize = 90 * 1024;
/// What a mail without a text may weigh.
const CHROME: usize = 20 * 1024;

/// About 1,500 words in French with twenty links and every block twice.
fn long_edition() -> Document {
    let sentence = "Au printemps, quand la ruche déborde, la moitié part avec la vieille reine ; elles se posent sur une \
                    branche, en grappe, et quelques centaines d'éclaireuses cherchent une maison. Qui convainc recrute. ";
    let mut all = Vec::new();
    for (at, (_, example)) in blocks::all().into_iter().cycle().take(blocks::all().len() * 2).enumerate() {
        all.extend(example);
        if at % 3 == 0 {
            all.push(Block::Paragraph {
                content: vec![
                    blocks::t(&sentence.repeat(2)),
                    blocks::link(
                        "la suite 🐝",
                        &format!("https://miel.example/une/adresse/assez/longue/{at}?utm_source=x&y=z"),
                    ),
                ],
            });
        }
    }
    blocks::document(all)
}

#[test]
fn our_own_chrome_stays_below_its_budget() {
    let look = Look::default();
    for language in [Language::French, Language::English] {
        let setting = blocks::setting(&look, language);
        let empty = blocks::document(Vec::new());
        let html = letter::mail(&empty, &setting);
        assert!(html.size() < CHROME, "{} bytes", html.size());
        let compiled =
            CompiledLetter::compile(&letter::text(&empty, &setting), &html, "b").expect("compiles");
        assert!(compiled.size() < CHROME, "{} bytes encoded", compiled.size());
    }
}

#[test]
fn a_long_edition_with_every_block_twice_is_not_cut_by_gmail() {
    let look = Look::default();
    let document = long_edition();
    let setting = blocks::setting(&look, Language::French);
    let html = letter::mail(&document, &setting);
    assert!(html.size() < WHOLE, "{} bytes", html.size());
    let text = letter::text(&document, &setting).render_for_nobody();
    assert!(text.split_whitespace().count() > 1_500, "{} words", text.split_whitespace().count());
}

#[test]
fn an_edition_with_every_block_once_stays_below_the_budget_as_it_is_sent() {
    let look = Look::default();
    let mut all: Vec<Block> = blocks::all().into_iter().flat_map(|(_, example)| example).collect();
    all.extend((0..20).map(|_| {
        blocks::p(&"Une phrase de quinze mots, avec des accents, des élans et l'été qui s'étire. ".repeat(5))
    }));
    let document = blocks::document(all);
    let setting = blocks::setting(&look, Language::French);
    let (text, html) = (letter::text(&document, &setting), letter::mail(&document, &setting));
    let empty = letter::text(&blocks::document(Vec::new()), &setting);
    let sent = CompiledLetter::compile(&empty, &html, "b").expect("compiles").size();
    assert!(sent < WHOLE, "{sent} bytes, {} before encoding, {} of text", html.size(), text.size());
}

#[test]
fn lines_of_the_text_are_cut_where_they_can_be() {
    let look = Look::default();
    let text = letter::text(&long_edition(), &blocks::setting(&look, Language::French));
    for line in text.render_for_nobody().lines() {
        let width = line.chars().count();
        let breakable = line.trim_start().trim_start_matches("> ").contains(' ');
        let address = line.contains("://") || line.contains('@');
        assert!(width <= 76 || !breakable || address, "{width}: {line}");
    }
}

#[test]
fn every_picture_of_a_mail_has_words_and_those_that_stand_alone_a_width() {
    let look = Look::default();
    let html = letter::mail(&long_edition(), &blocks::setting(&look, Language::French)).render_for_nobody();
    for picture in html.split("<img").skip(1) {
        let picture = picture.split('>').next().unwrap_or_default();
        assert!(picture.contains(" alt=\""), "{picture}");
        assert!(picture.contains("height:auto"), "{picture}");
        assert!(picture.contains(" width=\"") || picture.contains("max-width:100%"), "{picture}");
        assert!(picture.contains("src=\"https://"), "{picture}");
    }
}

#[test]
fn a_letter_fills_for_each_reader_what_the_templates_render() {
    let look = Look::default();
    let mut document = long_edition();
    document.blocks.insert(0, Block::Heart(Heart::default()));
    document.blocks.push(Block::Only(Only {
        to: Scope::Segment("paris".into()),
        blocks: vec![Block::Paragraph {
            content: vec![blocks::t("À vous, "), Inline::Slot { slot: Slot::Email, fallback: None }],
        }],
    }));
    let setting = blocks::setting(&look, Language::French);
    let (text, html) = (letter::text(&document, &setting), letter::mail(&document, &setting));
    let compiled = CompiledLetter::compile(&text, &html, "edition").expect("compiles");
    let used = compiled.slots_used();
    for slot in [
        PersonalSlot::FirstName,
        PersonalSlot::Email,
        PersonalSlot::UnsubscribeToken,
        PersonalSlot::PreferencesToken,
        PersonalSlot::HeartToken,
    ] {
        assert!(used.contains(&slot), "{slot:?}");
    }
    assert_eq!(compiled.segments(), ["bretagne", "paris"]);
    let mut filled = Vec::new();
    compiled
        .fill(&Values::default().with(PersonalSlot::Email, "ada@a.example").in_segments(0b10), &mut filled);
    let filled = String::from_utf8(filled).expect("ASCII");
    assert!(filled.contains("ada@a.example"));
    assert!(filled.lines().all(|line| line.len() <= 76));
}

#[test]
fn the_inbox_shows_a_subject_and_a_preheader_made_for_the_reader() {
    let look = Look::default();
    let setting = blocks::setting(&look, Language::French);
    let mut document = blocks::document(vec![
        Block::Toc(document::Toc::default()),
        blocks::p(&"Une ruche est une ville, et une ville qui danse. ".repeat(6)),
    ]);
    document.front.subject = Some("Dis {first_name|toi}, {inconnu} on y va ?".into());
    document.front.preheader = None;
    let subject = letter::subject(&document, &setting);
    assert_eq!(subject.render_for_nobody(), "Dis toi, {inconnu} on y va\u{202f}?");
    let ada = Values::default().with(PersonalSlot::FirstName, "Ada");
    assert_eq!(subject.render(&ada), "Dis Ada, {inconnu} on y va\u{202f}?");
    let preheader = letter::preheader(&document, &setting).render_for_nobody();
    assert!(preheader.starts_with("Une ruche") && preheader.ends_with('…'), "{preheader}");
    assert!(preheader.chars().count() <= 141);
    document.front.subject = None;
    assert_eq!(
        letter::subject(&document, &setting).render_for_nobody(),
        "Les abeilles votent-elles\u{202f}?"
    );
}
