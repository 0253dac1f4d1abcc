//! The page of the docs about the edition language says everything, and every example in it can be read.

use document::{BLOCKS, FIELDS, SPANS, Slot, read, sentences, write};

const PAGE: &str = include_str!("../../../../docs/edition-language.md");

/// The examples of the page with the line where each begins.
fn examples() -> Vec<(usize, String)> {
    let mut examples = Vec::new();
    let mut open: Option<(String, bool, usize, String)> = None;
    for (number, line) in PAGE.lines().enumerate() {
        match &mut open {
            Some((fence, is_markdown, start, text)) => {
                if line == *fence {
                    if *is_markdown {
                        examples.push((*start, std::mem::take(text)));
                    }
                    open = None;
                } else {
                    text.push_str(line);
                    text.push('\n');
                }
            }
            None if line.starts_with("```") => {
                let fence = line.trim_end_matches(|letter| letter != '`');
                open =
                    Some((fence.to_owned(), &line[fence.len()..] == "markdown", number + 2, String::new()));
            }
            None => {}
        }
    }
    examples
}

#[test]
fn every_example_of_the_page_can_be_read() {
    let examples = examples();
    assert!(examples.len() > 25, "{}", examples.len());
    for (line, text) in examples {
        let tree = read(&text).unwrap_or_else(|problems| {
            panic!("line {line} of the page:\n{}", sentences(&problems, i18n::Language::English))
        });
        assert_eq!(read(&write(&tree)), Ok(tree), "line {line} of the page");
    }
}

#[test]
fn every_block_has_its_section_with_its_attributes_and_an_example() {
    for form in BLOCKS {
        let heading = format!("\n### `{}`\n", form.name);
        let section = PAGE.split_once(&heading).unwrap_or_else(|| panic!("no section {}", form.name)).1;
        let section = section.split("\n### ").next().unwrap_or_default();
        for attribute in form.attributes {
            let must = if attribute.required { "yes " } else { "" };
            let row = format!("\n| `{}` | {must}| ", attribute.name);
            assert!(section.contains(&row), "{}: no row {row:?}", form.name);
        }
        let rows = section.matches("\n| `").count();
        assert_eq!(rows, form.attributes.len(), "{}: rows of attributes that do not exist", form.name);
        let shown = examples().iter().any(|(_, text)| {
            text.lines()
                .any(|line| line.trim_start_matches(':').starts_with(form.name) && line.starts_with(":::"))
        });
        assert!(shown, "{}: no example", form.name);
    }
}

#[test]
fn every_field_slot_and_span_is_explained() {
    for name in FIELDS.iter().copied().chain(Slot::ALL.map(Slot::name)) {
        assert!(PAGE.contains(&format!("\n| `{name}` | ")), "{name}");
    }
    for form in SPANS {
        assert!(PAGE.contains(&format!("`{}`", form.name)), "{}", form.name);
    }
}

#[test]
fn the_limits_of_the_page_are_those_of_the_reader() {
    assert_eq!(document::MAX_TEXT, 1 << 20);
    assert_eq!((document::MAX_BLOCKS, document::MAX_DEPTH, document::MAX_INLINE_DEPTH), (20_000, 16, 16));
}
