//! Every word a person reads is there in French and in English, under one key with the same variables, and is used.
//!
//! A key is a literal such as `"audience-imported"` whose first part is a room with a file of messages. Where such a
//! literal is something else (the name of a style), a comment `not a message` beside it says so. Keys put together at
//! run time (`format!("dispatch-state-{state}")`) count as a use of every key that begins alike.

use std::collections::{BTreeMap, BTreeSet};

use super::Fault;
use crate::rust_source::RustSource;
use crate::tree::{File, Tree};

/// Where messages stand, a folder a language, a file a room.
const LOCALES: &str = "crates/pure/i18n/locales/";
/// The first is the one others are compared with.
const LANGUAGES: [&str; 2] = ["fr", "en"];
/// Endings of templates.
const TEMPLATES: &[&str] = &[".html", ".xml", ".txt", ".svg"];
/// The remark that lets a literal through.
const REMARK: &str = "not a message";

struct Message<'a> {
    file: &'a File,
    line: usize,
    variables: BTreeSet<String>,
}

type Messages<'a> = BTreeMap<String, Message<'a>>;

/// The faults of a house.
pub(crate) fn faults(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    let [french, english] = LANGUAGES.map(|language| messages(tree, language, &mut faults));
    compare(&french, &english, "English", &mut faults);
    compare(&english, &french, "French", &mut faults);
    let rooms: BTreeSet<String> = locale_files(tree).map(|(_, room)| room.to_owned()).collect();
    let mut used = Used { rooms: &rooms, keys: BTreeSet::new(), beginnings: BTreeSet::new() };
    for (file, rust) in tree.rust() {
        if !file.is_test() && file.room() != Some("xtask") {
            used.in_rust(file, rust, &french, &mut faults);
        }
    }
    for file in tree.files() {
        if file.path.starts_with("crates/") && TEMPLATES.iter().any(|ending| file.path.ends_with(ending)) {
            used.in_template(file, &french, &mut faults);
        }
    }
    for (key, message) in &french {
        let begun = used.beginnings.iter().any(|beginning| key.starts_with(beginning.as_str()));
        if !used.keys.contains(key) && !begun {
            let words = format!("nobody uses {key}; remove it in both languages");
            faults.push(Fault::new(message.file, message.line, words));
        }
    }
    faults
}

fn locale_files(tree: &Tree) -> impl Iterator<Item = (&File, &str)> {
    tree.files().filter_map(|file| {
        let (_, room) = file.path.strip_prefix(LOCALES)?.split_once('/')?;
        Some((file, room.strip_suffix(".ftl")?))
    })
}

/// The messages of a language. Of Fluent's grammar this reads what a key and its variables need: a message begins
/// at the edge, what belongs to it is indented, `$name` is a variable.
fn messages<'a>(tree: &'a Tree, language: &str, faults: &mut Vec<Fault>) -> Messages<'a> {
    let mut all: Messages<'a> = BTreeMap::new();
    let folder = format!("{LOCALES}{language}/");
    for (file, room) in locale_files(tree).filter(|(file, _)| file.path.starts_with(&folder)) {
        let lines: Vec<&str> = file.text.lines().collect();
        for (index, line) in lines.iter().enumerate() {
            let Some((key, value)) = beginning(line) else { continue };
            let rest =
                lines[index + 1..].iter().take_while(|line| line.is_empty() || line.starts_with([' ', '}']));
            let text = rest.fold(value.to_owned(), |text, line| text + "\n" + line);
            let fault = |words: String| Fault::new(file, index + 1, words);
            if text.trim().is_empty() {
                faults.push(fault(format!("{key} is empty; write its words")));
            }
            if !key.strip_prefix(room).is_some_and(|rest| rest.starts_with('-')) {
                faults.push(fault(format!("{key} does not begin with {room}-, the room of this file")));
            }
            let message = Message { file, line: index + 1, variables: variables(&text) };
            if all.insert(key.to_owned(), message).is_some() {
                faults.push(fault(format!("{key} stands twice in this language; remove one")));
            }
        }
    }
    all
}

fn beginning(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once('=')?;
    let key = key.trim_end();
    let letters = key.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'));
    (letters && key.starts_with(|letter: char| letter.is_ascii_alphabetic())).then_some((key, value))
}

fn variables(text: &str) -> BTreeSet<String> {
    text.split('$')
        .skip(1)
        .map(|rest| {
            rest.split(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_')))
        })
        .filter_map(|mut parts| parts.next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

fn compare(ours: &Messages<'_>, theirs: &Messages<'_>, language: &str, faults: &mut Vec<Fault>) {
    for (key, message) in ours {
        match theirs.get(key) {
            None => {
                let words = format!("{key} has no words in {language}; write them");
                faults.push(Fault::new(message.file, message.line, words));
            }
            Some(other) => {
                for name in message.variables.difference(&other.variables) {
                    let words =
                        format!("{key} has ${name} here and not in {language}; use the same variables");
                    faults.push(Fault::new(message.file, message.line, words));
                }
            }
        }
    }
}

struct Used<'a> {
    rooms: &'a BTreeSet<String>,
    keys: BTreeSet<String>,
    beginnings: BTreeSet<String>,
}

impl Used<'_> {
    fn in_rust(&mut self, file: &File, rust: &RustSource, known: &Messages<'_>, faults: &mut Vec<Fault>) {
        for literal in rust.literals.iter().filter(|literal| !rust.is_test(literal.offset)) {
            let line = rust.line(literal.offset);
            if self.take(&literal.text, known) && !rust.has_remark(line, REMARK) {
                faults.push(unknown(file, line, &literal.text));
            }
        }
    }

    /// Only what stands between `{{ }}` or `{% %}`: the rest of a template is full of names of styles.
    fn in_template(&mut self, file: &File, known: &Messages<'_>, faults: &mut Vec<Fault>) {
        for (open, close) in [("{{", "}}"), ("{%", "%}")] {
            for (at, _) in file.text.match_indices(open) {
                let inside = file.text[at..].split(close).next().unwrap_or_default();
                let index = file.text[..at].matches('\n').count();
                let remark = file.text.lines().nth(index).is_some_and(|line| line.contains(REMARK));
                for text in inside.split('"').skip(1).step_by(2) {
                    if self.take(text, known) && !remark {
                        faults.push(unknown(file, index + 1, text));
                    }
                }
            }
        }
    }

    /// Notes the use of a key; whether the literal is one that nobody wrote words for.
    fn take(&mut self, text: &str, known: &Messages<'_>) -> bool {
        let Some((room, rest)) = text.split_once('-') else { return false };
        if !self.rooms.contains(room) {
            return false;
        }
        let letters = |text: &str| text.chars().all(|letter| matches!(letter, 'a'..='z' | '0'..='9' | '-'));
        let fixed = text.split('{').next().unwrap_or_default();
        if (fixed.len() < text.len() || text.ends_with('-')) && letters(fixed) {
            self.beginnings.insert(fixed.to_owned());
            return false;
        }
        if rest.is_empty() || !letters(rest) {
            return false;
        }
        self.keys.insert(text.to_owned());
        !known.contains_key(text)
    }
}

fn unknown(file: &File, line: usize, key: &str) -> Fault {
    let words =
        format!("{key} is no message; write it in both languages, or say beside it that it is {REMARK}");
    Fault::new(file, line, words)
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::faults;

    const FR: &str = "crates/pure/i18n/locales/fr/site.ftl";
    const EN: &str = "crates/pure/i18n/locales/en/site.ftl";
    const PAGE: &str = "crates/features/site/src/home.rs";

    #[test]
    fn words_in_both_languages_and_used_are_fine() {
        let text = "# Words\nsite-hello = Bonjour { $name }\nsite-readers = { $n ->\n    [one] un\n   *[other] { $n }\n}\n";
        let page = "fn f() { t_with(l, \"site-hello\", &[]); t(l, \"site-readers\") }";
        assert!(lines(faults, &[(FR, text), (EN, text), (PAGE, page)]).is_empty());
    }

    #[test]
    fn a_key_or_a_variable_missing_in_one_language_is_named() {
        let page = "const A: [&str; 2] = [\"site-a\", \"site-b\"];";
        assert_eq!(
            lines(faults, &[(FR, "site-a = A { $n }\nsite-b = B\n"), (EN, "site-a = A\n"), (PAGE, page)]),
            [
                "crates/pure/i18n/locales/fr/site.ftl:1: site-a has $n here and not in English; use the same variables",
                "crates/pure/i18n/locales/fr/site.ftl:2: site-b has no words in English; write them",
            ]
        );
    }

    #[test]
    fn a_key_used_without_words_is_named_in_code_and_in_templates() {
        let template = "<p class=\"site-header\">\n{{ words.t(\"site-lost\") }}</p>";
        let found = lines(
            faults,
            &[
                (FR, ""),
                (EN, ""),
                (PAGE, "fn f() {\n t(l, \"site-none\");\n}"),
                ("crates/features/site/templates/home.html", template),
            ],
        );
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("crates/features/site/src/home.rs:2: site-none"), "{found:?}");
        assert!(
            found
                .iter()
                .any(|line| line.starts_with("crates/features/site/templates/home.html:2: site-lost"))
        );
    }

    #[test]
    fn a_remark_lets_a_name_of_a_style_through() {
        let page = "fn f() { g(\"site-style\") } // not a message\n";
        assert!(lines(faults, &[(FR, ""), (EN, ""), (PAGE, page)]).is_empty());
    }

    #[test]
    fn words_nobody_uses_are_named_and_those_put_together_are_used() {
        let text = "site-old = Vieux\nsite-state-open = Ouvert\nsite-state-shut = Fermé\n";
        let page =
            "fn f() { t(l, &format!(\"site-state-{state}\")) }\n#[test]\nfn g() { t(l, \"site-old\") }";
        assert_eq!(
            lines(faults, &[(FR, text), (EN, text), (PAGE, page)]),
            ["crates/pure/i18n/locales/fr/site.ftl:1: nobody uses site-old; remove it in both languages"]
        );
    }

    #[test]
    fn empty_doubled_and_misplaced_messages_are_named() {
        let text = "site-a =\nsite-b = B\nsite-b = B\nweb-c = C\n";
        let page = "const A: &str = \"site-a\"; const B: &str = \"site-b\"; const C: &str = \"web-c\";";
        let found = lines(
            faults,
            &[
                (FR, text),
                (EN, "site-a = A\nsite-b = B\n"),
                ("crates/pure/i18n/locales/en/web.ftl", "web-c = C\n"),
                (PAGE, page),
            ],
        );
        let expected = ["site-a is empty", "site-b stands twice", "web-c does not begin with site-"];
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (line, words) in found.iter().zip(expected) {
            assert!(line.contains(words), "{line}");
        }
    }
}
