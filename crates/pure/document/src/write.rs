//! Tree → Markdown, such that reading it again gives the same tree.

mod attributes;
mod blocks;
mod escape;
mod inlines;

use crate::{Document, FrontMatter};

/// The Markdown of an edition in normal form (what [`crate::read`] and [`crate::normalise`] return). Reading it gives
/// the same tree again.
pub fn write(document: &Document) -> String {
    let mut out = String::new();
    front(&document.front, &mut out);
    let begins = out.is_empty();
    let body = blocks::flow(&document.blocks, begins);
    if !out.is_empty() && !body.is_empty() {
        out.push('\n');
    }
    out.push_str(&body);
    out
}

fn front(front: &FrontMatter, out: &mut String) {
    if *front == FrontMatter::default() {
        return;
    }
    out.push_str("---\n");
    let title = (!front.title.is_empty()).then_some(&front.title);
    field("title", title, out);
    field("subject", front.subject.as_ref(), out);
    field("preheader", front.preheader.as_ref(), out);
    field("slug", front.slug.as_ref(), out);
    list("authors", &front.authors, out);
    field("written_at", front.written_at.as_ref(), out);
    field("language", front.language.as_ref(), out);
    list("tags", &front.tags, out);
    field("cover", front.cover.as_ref(), out);
    out.push_str("---\n");
}

fn field(name: &str, value: Option<&String>, out: &mut String) {
    if let Some(value) = value {
        out.push_str(name);
        out.push_str(": ");
        out.push_str(&scalar(value, false));
        out.push('\n');
    }
}

fn list(name: &str, values: &[String], out: &mut String) {
    if !values.is_empty() {
        let values: Vec<String> = values.iter().map(|value| scalar(value, true)).collect();
        out.push_str(&format!("{name}: [{}]\n", values.join(", ")));
    }
}

/// A value without quotes where that is also what YAML would read, else between double quotes.
fn scalar(value: &str, in_list: bool) -> String {
    let first_is_plain = value.chars().next().is_some_and(char::is_alphanumeric);
    let plain = first_is_plain
        && value.trim() == value
        && !value.contains(": ")
        && !value.ends_with(':')
        && !value.contains(" #")
        && !value.chars().any(char::is_control)
        && !(in_list && value.contains(['[', ']', '{', '}', ',', '"', '\'', ':']));
    if plain {
        return value.to_owned();
    }
    let mut quoted = String::from("\"");
    for letter in value.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}
