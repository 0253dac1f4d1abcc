//! The two lines an inbox shows.

use document::{Block, Document, Inline};

use crate::builder::Builder;
use crate::setting::Setting;
use crate::sheet::{Medium, Sheet, plain};
use crate::template::{Escape, Template};
use crate::typography::set_inlines;

/// Letters of the text that stand in for a preheader; inboxes show no more.
const PREHEADER: usize = 140;

/// The subject of the mail: the front matter's `subject`, else the title. Plain text, one line.
pub fn subject(document: &Document, setting: &Setting<'_>) -> Template {
    let sheet = Sheet::new(document, setting, Medium::Mail);
    match sheet.front.subject.as_deref().filter(|subject| !subject.trim().is_empty()) {
        Some(subject) => template(&line(subject, &sheet)),
        None => template(&[Inline::Text { text: sheet.title() }]),
    }
}

/// The line after the subject: the front matter's `preheader`, else the first words of the text. Plain text, one line.
pub fn preheader(document: &Document, setting: &Setting<'_>) -> Template {
    let sheet = Sheet::new(document, setting, Medium::Mail);
    template(&preheader_line(&sheet))
}

/// The preheader as text with slots; empty when there are no words at all.
pub(crate) fn preheader_line(sheet: &Sheet<'_>) -> Vec<Inline> {
    match sheet.front.preheader.as_deref().filter(|preheader| !preheader.trim().is_empty()) {
        Some(preheader) => line(preheader, sheet),
        None => {
            let mut text = String::new();
            first_words(&sheet.body, &mut text);
            let text = cut(&text);
            if text.is_empty() { Vec::new() } else { vec![Inline::Text { text }] }
        }
    }
}

/// A line of the front matter, its slots read and its type set.
fn line(text: &str, sheet: &Sheet<'_>) -> Vec<Inline> {
    let mut content = document::line(text.trim());
    set_inlines(&mut content, sheet.manner);
    content
}

/// Text and slots as a template of one line.
fn template(content: &[Inline]) -> Template {
    let mut out = Builder::default();
    for inline in content {
        match inline {
            Inline::Slot { slot, fallback } => out.slot((*slot).into(), fallback.as_deref(), Escape::None),
            Inline::Text { text } => {
                let line: String =
                    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
                out.push(&line);
            }
            _ => {}
        }
    }
    out.finish()
}

/// Gathers words of paragraphs, at any depth of what everybody reads, until there are enough.
fn first_words(blocks: &[Block], text: &mut String) {
    for block in blocks {
        if text.chars().count() > PREHEADER {
            return;
        }
        match block {
            Block::Paragraph { content } => {
                let words = plain(content);
                if !words.trim().is_empty() {
                    text.push_str(if text.is_empty() { "" } else { " " });
                    text.push_str(words.trim());
                }
            }
            Block::List(list) => list.items.iter().for_each(|item| first_words(&item.blocks, text)),
            Block::Blockquote { blocks } => first_words(blocks, text),
            Block::Quote(quote) => first_words(&quote.blocks, text),
            Block::Greeting(greeting) => first_words(&greeting.blocks, text),
            Block::Callout(callout) => first_words(&callout.blocks, text),
            Block::Columns(columns) => columns.columns.iter().for_each(|column| first_words(column, text)),
            // Cards, sponsors and what is for a segment do not speak for the edition.
            _ => {}
        }
    }
}

/// The first words, cut between two of them.
fn cut(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= PREHEADER {
        return text;
    }
    let head: String = text.chars().take(PREHEADER).collect();
    let words = head.rsplit_once(' ').map_or(head.as_str(), |(words, _)| words);
    format!("{}…", words.trim_end_matches([',', ';', ':', '.', ' ', '\u{202f}']))
}
