//! What each block looks like on the page, in the mail and as text, in French and in English.
//!
//! A change of a golden file is a change of what readers see: look at it before accepting it.

mod blocks;

use document::{Block, Document};
use i18n::Language;
use letter::{Look, PersonalSlot, Setting, Template, Values};

/// Ada, of the first segment.
fn for_ada(template: &Template) -> String {
    let values = Values::default()
        .with(PersonalSlot::FirstName, "Ada")
        .with(PersonalSlot::UnsubscribeToken, "UNSUB")
        .with(PersonalSlot::PreferencesToken, "PREFS")
        .with(PersonalSlot::HeartToken, "HEART")
        .in_segments(1);
    template.render(&values)
}

/// What a document has that an empty one has not.
fn inside(
    render: fn(&Document, &Setting<'_>) -> Template,
    document: &Document,
    setting: &Setting<'_>,
) -> String {
    let whole = for_ada(&render(document, setting));
    let empty = for_ada(&render(&Document { blocks: Vec::new(), ..document.clone() }, setting));
    let start: usize = whole
        .split_inclusive('\n')
        .zip(empty.split_inclusive('\n'))
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len())
        .sum();
    let end: usize = whole[start..]
        .split_inclusive('\n')
        .rev()
        .zip(empty[start..].split_inclusive('\n').rev())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len())
        .sum();
    whole[start..whole.len() - end].to_owned()
}

fn golden(blocks: Vec<Block>) -> String {
    let look = Look::default();
    let document = blocks::document(blocks);
    let mut out = String::new();
    for language in [Language::French, Language::English] {
        let setting = blocks::setting(&look, language);
        for (form, render) in [
            ("page", letter::web as fn(&Document, &Setting<'_>) -> Template),
            ("mail", letter::mail),
            ("text", letter::text),
        ] {
            out.push_str(&format!(
                "======== {}, {form}\n{}\n",
                language.tag(),
                inside(render, &document, &setting)
            ));
        }
    }
    out
}

#[test]
fn each_block_looks_as_it_did_on_the_page_in_the_mail_and_as_text() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for (name, blocks) in blocks::all() {
            insta::assert_snapshot!(name, golden(blocks));
        }
    });
}

#[test]
fn what_surrounds_the_text_looks_as_it_did() {
    let look = Look::default();
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for language in [Language::French, Language::English] {
            let mut document = blocks::document(vec![blocks::p("Le texte.")]);
            document.front.authors = vec!["Ada".into(), "Nour".into()];
            document.front.cover = Some("/m/couverture.jpg".into());
            document.front.subject = Some("{first_name|La mif}, les abeilles votent-elles ?".into());
            let setting = blocks::setting(&look, language);
            let frame = format!(
                "{}\n{}\n======== mail\n{}======== text\n{}",
                for_ada(&letter::subject(&document, &setting)),
                for_ada(&letter::preheader(&document, &setting)),
                for_ada(&letter::mail(&document, &setting)),
                for_ada(&letter::text(&document, &setting)),
            );
            insta::assert_snapshot!(format!("frame-{}", language.tag()), frame);
        }
    });
}

#[test]
fn a_whole_edition_reads_as_it_did() {
    let document = document::read(include_str!("edition.md")).expect("the sample has no problem");
    let look = Look::default();
    let setting = blocks::setting(&look, Language::French);
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        let whole = format!(
            "{}\n{}\n======== text\n{}======== page\n{}",
            for_ada(&letter::subject(&document, &setting)),
            for_ada(&letter::preheader(&document, &setting)),
            for_ada(&letter::text(&document, &setting)),
            letter::web(&document, &setting).render_for_nobody(),
        );
        insta::assert_snapshot!("edition", whole);
    });
}
