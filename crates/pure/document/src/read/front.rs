//! What stands between the two `---` lines: a small strict form of our own that is also valid YAML when we write it.

use crate::{
    FrontMatter,
    forms::{FIELDS, is_address, is_tag, is_time},
    nearest::nearest,
    problem::ProblemKind,
    read::weave::subject_faults,
    slug,
    source::Problems,
};

/// The front matter and the offset where the text begins.
pub(crate) fn front(text: &str, problems: &mut Problems) -> (FrontMatter, usize) {
    let mut front = FrontMatter::default();
    let Some(first) = text.split_inclusive('\n').next().filter(|line| line.trim_end() == "---") else {
        return (front, 0);
    };
    let mut at = first.len();
    let mut fields: Vec<Field> = Vec::new();
    for line in text[at..].split_inclusive('\n') {
        let start = at;
        at += line.len();
        let line = line.trim_end();
        if line == "---" {
            for field in &fields {
                set(&mut front, field, problems);
            }
            return (front, at);
        }
        if problems.full() {
            break;
        }
        match line.trim_start() {
            "" => {}
            comment if comment.starts_with('#') => {}
            item if item == "-" || item.starts_with("- ") => match fields.last_mut() {
                Some(field) if field.value.is_empty() => {
                    field.items.push((item[1..].trim().to_owned(), start));
                }
                _ => problems.add(start, ProblemKind::FrontLine),
            },
            _ => match field(line, start) {
                Some(field) if !FIELDS.contains(&field.name.as_str()) => problems.add(
                    start,
                    ProblemKind::UnknownField {
                        nearest: nearest(&field.name, FIELDS.iter().copied()),
                        name: field.name,
                    },
                ),
                Some(field) if fields.iter().any(|known| known.name == field.name) => {
                    problems.add(start, ProblemKind::RepeatedField { name: field.name });
                }
                Some(field) => fields.push(field),
                None => problems.add(start, ProblemKind::FrontLine),
            },
        }
    }
    problems.add(0, ProblemKind::FrontNotClosed);
    (front, text.len())
}

struct Field {
    name: String,
    value: String,
    value_at: usize,
    items: Vec<(String, usize)>,
}

fn field(line: &str, start: usize) -> Option<Field> {
    let (name, value) = line.split_once(':')?;
    let good = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if name.is_empty() || !name.bytes().all(good) || !(value.is_empty() || value.starts_with([' ', '\t'])) {
        return None;
    }
    let blanks = value.len() - value.trim_start().len();
    Some(Field {
        name: name.to_owned(),
        value: value.trim().to_owned(),
        value_at: start + name.len() + 1 + blanks,
        items: Vec::new(),
    })
}

fn set(front: &mut FrontMatter, field: &Field, problems: &mut Problems) {
    if matches!(field.name.as_str(), "authors" | "tags") {
        let list = list(field, problems);
        if field.name == "authors" {
            front.authors = list;
        } else {
            front.tags = list;
        }
        return;
    }
    if let Some((_, at)) = field.items.first() {
        problems.add(*at, ProblemKind::FieldList { name: field.name.clone() });
        return;
    }
    let Some(value) = scalar(&field.value) else {
        problems.add(field.value_at, ProblemKind::FieldQuotes { name: field.name.clone() });
        return;
    };
    if value.is_empty() {
        return;
    }
    let fault = match field.name.as_str() {
        "slug" if slug(&value) != value => Some(ProblemKind::BadSlug { nearest: slug(&value) }),
        "written_at" if !is_time(&value) => Some(ProblemKind::BadTime { value: value.clone() }),
        "language" if !is_tag(&value) => Some(ProblemKind::BadTag { value: value.clone() }),
        "cover" if !is_address(&value) => Some(ProblemKind::BadAddress { value: value.clone() }),
        "subject" => subject_faults(&value),
        _ => None,
    };
    if let Some(fault) = fault {
        problems.add(field.value_at, fault);
        return;
    }
    match field.name.as_str() {
        "title" => front.title = value,
        "subject" => front.subject = Some(value),
        "preheader" => front.preheader = Some(value),
        "slug" => front.slug = Some(value),
        "written_at" => front.written_at = Some(value),
        "language" => front.language = Some(value),
        _ => front.cover = Some(value),
    }
}

fn list(field: &Field, problems: &mut Problems) -> Vec<String> {
    let mut values: Vec<Option<String>> = field.items.iter().map(|(item, _)| scalar(item)).collect();
    match field.value.strip_prefix('[').and_then(|inside| inside.strip_suffix(']')) {
        Some(inside) => values.extend(split_list(inside).into_iter().map(|item| scalar(item.trim()))),
        None if field.value.is_empty() => {}
        None => values.push(scalar(&field.value)),
    }
    if values.iter().any(Option::is_none) {
        problems.add(field.value_at, ProblemKind::FieldQuotes { name: field.name.clone() });
    }
    values.into_iter().flatten().filter(|value| !value.is_empty()).collect()
}

/// Cuts `a, "b, c", d` at the commas outside quotes.
fn split_list(inside: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quote, mut escaped) = (0, None, false);
    for (at, letter) in inside.char_indices() {
        match (quote, letter) {
            _ if escaped => escaped = false,
            (Some('"'), '\\') => escaped = true,
            (Some(open), _) if open == letter => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if inside[start..at].trim().is_empty() => quote = Some(letter),
            (None, ',') => {
                parts.push(&inside[start..at]);
                start = at + 1;
            }
            (None, _) => {}
        }
    }
    parts.push(&inside[start..]);
    parts
}

/// A value with or without quotes; `None` when the quotes do not match.
fn scalar(value: &str) -> Option<String> {
    if let Some(rest) = value.strip_prefix('"') {
        let mut letters = rest.chars();
        let mut text = String::new();
        loop {
            match letters.next()? {
                '"' => return letters.as_str().is_empty().then_some(text),
                '\\' => match letters.next()? {
                    'n' => text.push('\n'),
                    'r' => text.push('\r'),
                    't' => text.push('\t'),
                    other => text.push(other),
                },
                letter => text.push(letter),
            }
        }
    }
    if let Some(rest) = value.strip_prefix('\'') {
        let inside = rest.strip_suffix('\'')?;
        let single = inside.replace("''", "");
        return (!single.contains('\'')).then(|| inside.replace("''", "'"));
    }
    Some(value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (FrontMatter, Vec<crate::Problem>) {
        let mut problems = Problems::new();
        let (front, _) = front(text, &mut problems);
        (front, problems.placed(text))
    }

    #[test]
    fn every_field_is_read_in_each_of_its_forms() {
        let (front, problems) = read(concat!(
            "---\n# a remark\ntitle: L'été : où ? # pas un commentaire\nsubject: \"Bonjour {first_name|vous}, \\\"toi\\\"\"\n",
            "preheader: 'c''est lundi'\nslug: l-ete\nauthors: [Ada, \"Lovelace, A.\"]\nwritten_at: 2026-11-23T08:30\n",
            "language: fr\ntags:\n  - un\n- 'deux'\ncover: /cover.jpg\n---\ntext",
        ));
        assert_eq!(problems, []);
        assert_eq!(front.title, "L'été : où ? # pas un commentaire");
        assert_eq!(front.subject.as_deref(), Some("Bonjour {first_name|vous}, \"toi\""));
        assert_eq!(front.preheader.as_deref(), Some("c'est lundi"));
        assert_eq!(front.authors, ["Ada", "Lovelace, A."]);
        assert_eq!(front.tags, ["un", "deux"]);
        assert_eq!(front.cover.as_deref(), Some("/cover.jpg"));
    }

    #[test]
    fn every_fault_has_its_line_and_the_name_that_was_meant() {
        let (_, problems) = read(concat!(
            "---\ntitel: a\ntitle: \"a\nslug: Été !\nlanguage: french_fr\nwritten_at: demain\ncover: javascript:x\n",
            "subject: Hi {frist_name}\nsubject: b\nhello\npreheader:\n  - a\n---\n",
        ));
        let lines: Vec<(usize, &str)> = problems.iter().map(|p| (p.line, p.kind.code())).collect();
        assert_eq!(
            lines,
            [
                (2, "unknown-field"),
                (3, "field-quotes"),
                (4, "bad-slug"),
                (5, "bad-tag"),
                (6, "bad-time"),
                (7, "bad-address"),
                (8, "unknown-slot"),
                (9, "repeated-field"),
                (10, "front-line"),
                (12, "field-list"),
            ]
        );
        assert_eq!(
            problems[0].kind,
            ProblemKind::UnknownField { name: "titel".into(), nearest: Some("title".into()) }
        );
        assert_eq!(read("---\ntitle: a\n").1[0].kind, ProblemKind::FrontNotClosed);
    }
}
