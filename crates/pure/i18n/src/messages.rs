//! Messages by key.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use unic_langid::LanguageIdentifier;

use crate::{Language, number, setting};

/// One file a room, in each language; the keys of a room begin with its name.
macro_rules! locale {
    ($language:literal) => {
        concat!(
            include_str!(concat!("../locales/", $language, "/common.ftl")),
            "\n",
            include_str!(concat!("../locales/", $language, "/letter.ftl")),
            "\n",
            include_str!(concat!("../locales/", $language, "/document.ftl")),
            "\n",
            include_str!(concat!("../locales/", $language, "/web.ftl")),
            "\n",
            include_str!(concat!("../locales/", $language, "/notices.ftl")),
            "\n",
            include_str!(concat!("../locales/", $language, "/publications.ftl")),
            "\n",
            include_str!(concat!("../locales/", $language, "/accounts.ftl")),
            "\n",
            include_str!(concat!("../locales/", $language, "/audience.ftl")),
            "\n",
            include_str!(concat!("../locales/", $language, "/editions.ftl")),
            "\n",
            include_str!(concat!("../locales/", $language, "/dispatch.ftl")),
            "\n",
            include_str!(concat!("../locales/", $language, "/routes.ftl")),
            "\n",
            include_str!(concat!("../locales/", $language, "/returns.ftl")),
            "\n",
            include_str!(concat!("../locales/", $language, "/doctor.ftl")),
            "\n",
            include_str!(concat!("../locales/", $language, "/site.ftl")),
            "\n",
            include_str!(concat!("../locales/", $language, "/catcher.ftl")),
            "\n",
        )
    };
}

const FRENCH: &str = locale!("fr");
const ENGLISH: &str = locale!("en");

/// What fills a variable of a message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// Words, as they are.
    Text(&'a str),
    /// A number; it chooses the plural and is written with the language's separators.
    Number(i64),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Value::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Value::Text(text)
    }
}

macro_rules! from_number {
    ($($number:ty),*) => {$(
        impl From<$number> for Value<'_> {
            fn from(number: $number) -> Self {
                Value::Number(i64::try_from(number).unwrap_or(i64::MAX))
            }
        }
    )*};
}
from_number!(i64, u64, usize, u32, i32, u16, u8);

/// The message of a key that has no variables. An unknown key comes back as itself.
pub fn t(language: Language, key: &str) -> String {
    match catalogue(language).plain.get(key) {
        Some(message) => message.clone(),
        None => t_with(language, key, &[]),
    }
}

/// The message of a key with its variables filled in. An unknown key comes back as itself; a variable that is
/// not given shows its name.
pub fn t_with(language: Language, key: &str, values: &[(&str, Value<'_>)]) -> String {
    let catalogue = catalogue(language);
    let Some(pattern) = catalogue.bundle.get_message(key).and_then(|message| message.value()) else {
        return key.to_owned();
    };
    let mut args = FluentArgs::with_capacity(values.len());
    for (name, value) in values {
        match value {
            Value::Text(text) => args.set(*name, FluentValue::String(Cow::Borrowed(text))),
            Value::Number(number) => args.set(*name, FluentValue::from(*number)),
        }
    }
    catalogue.bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
}

/// Whether a key exists.
pub fn has(language: Language, key: &str) -> bool {
    catalogue(language).bundle.has_message(key)
}

/// Every key of a language, in alphabetical order.
pub fn keys(language: Language) -> Vec<String> {
    variables(language).into_keys().collect()
}

/// Every key of a language with the names of its variables.
pub fn variables(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let resource = read(language);
    resource
        .entries()
        .filter_map(|entry| match entry {
            Entry::Message(message) => message.value.as_ref().map(|pattern| {
                let mut names = BTreeSet::new();
                collect(pattern, &mut names);
                (message.id.name.to_owned(), names)
            }),
            _ => None,
        })
        .collect()
}

/// Problems of a language's file as a reader of it would report them; empty when all is well.
#[cfg(test)]
fn problems(language: Language) -> Vec<String> {
    let source = source(language);
    let mut problems = Vec::new();
    if let Err((_, errors)) = FluentResource::try_new(source.to_owned()) {
        for error in errors {
            let line = source[..error.pos.start.min(source.len())].lines().count();
            problems.push(format!("{}.ftl, line {line}: {error}", language.tag()));
        }
    }
    let mut seen = BTreeSet::new();
    for entry in read(language).entries() {
        if let Entry::Message(message) = entry
            && !seen.insert(message.id.name.to_owned())
        {
            problems.push(format!("{}.ftl: {} stands twice", language.tag(), message.id.name));
        }
    }
    problems
}

struct Catalogue {
    bundle: FluentBundle<FluentResource>,
    /// Messages without variables, formatted once: most of a page is made of them.
    plain: HashMap<String, String>,
}

fn catalogue(language: Language) -> &'static Catalogue {
    static CATALOGUES: LazyLock<[Catalogue; 2]> =
        LazyLock::new(|| [open(Language::French), open(Language::English)]);
    match language {
        Language::French => &CATALOGUES[0],
        Language::English => &CATALOGUES[1],
    }
}

fn open(language: Language) -> Catalogue {
    let tag: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // Isolation marks would show up in subjects and in text mails; both languages run left to right.
    bundle.set_use_isolating(false);
    match language {
        Language::French => {
            bundle.set_transform(Some(setting::french));
            bundle.set_formatter(Some(|value, _| written(Language::French, value)));
        }
        Language::English => {
            bundle.set_transform(Some(setting::english));
            bundle.set_formatter(Some(|value, _| written(Language::English, value)));
        }
    }
    bundle.add_resource_overriding(read(language));
    let plain = variables(language)
        .into_iter()
        .filter(|(_, names)| names.is_empty())
        .filter_map(|(key, _)| {
            let pattern = bundle.get_message(&key)?.value()?;
            let message = bundle.format_pattern(pattern, None, &mut Vec::new()).into_owned();
            Some((key, message))
        })
        .collect();
    Catalogue { bundle, plain }
}

fn written(language: Language, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(given) if given.value.fract() == 0.0 => {
            Some(number(language, given.value as i64))
        }
        _ => None,
    }
}

fn source(language: Language) -> &'static str {
    match language {
        Language::French => FRENCH,
        Language::English => ENGLISH,
    }
}

fn read(language: Language) -> FluentResource {
    // A line that does not parse costs its own message only; a test refuses such a file.
    FluentResource::try_new(source(language).to_owned()).unwrap_or_else(|(resource, _)| resource)
}

fn collect(pattern: &Pattern<&str>, names: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            collect_expression(expression, names);
        }
    }
}

fn collect_expression(expression: &Expression<&str>, names: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => collect_inline(inline, names),
        Expression::Select { selector, variants } => {
            collect_inline(selector, names);
            for variant in variants {
                collect(&variant.value, names);
            }
        }
    }
}

fn collect_inline(inline: &InlineExpression<&str>, names: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            names.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => collect_expression(expression, names),
        InlineExpression::FunctionReference { arguments, .. } => {
            for argument in &arguments.positional {
                collect_inline(argument, names);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_files_parse_and_hold_no_key_twice() {
        for language in Language::ALL {
            assert_eq!(problems(language), Vec::<String>::new());
        }
    }

    #[test]
    fn both_languages_have_the_same_keys_with_the_same_variables() {
        let (french, english) = (variables(Language::French), variables(Language::English));
        for (key, names) in &french {
            assert_eq!(english.get(key), Some(names), "{key} in en.ftl");
        }
        for key in english.keys() {
            assert!(french.contains_key(key), "{key} is missing in fr.ftl");
        }
    }

    #[test]
    fn every_message_without_variables_says_something() {
        for language in Language::ALL {
            for (key, message) in &catalogue(language).plain {
                assert!(!message.is_empty() && !message.contains("{$"), "{key}");
            }
        }
    }

    #[test]
    fn a_number_chooses_its_plural_and_is_written_as_the_language_does() {
        for (language, number, words) in [
            (Language::French, 0, "0 lecteur"),
            (Language::French, 1, "1 lecteur"),
            (Language::French, 2, "2 lecteurs"),
            (Language::French, 12_345, "12\u{202f}345 lecteurs"),
            (Language::English, 0, "0 readers"),
            (Language::English, 1, "1 reader"),
            (Language::English, 12_345, "12,345 readers"),
        ] {
            assert_eq!(t_with(language, "common-readers", &[("n", number.into())]), words);
        }
    }

    #[test]
    fn an_unknown_key_comes_back_as_itself() {
        assert_eq!(t(Language::French, "no-such-key"), "no-such-key");
        assert_eq!(t_with(Language::English, "no-such-key", &[("n", 1.into())]), "no-such-key");
    }

    #[test]
    fn looking_a_message_up_is_cheap() {
        let _ = t(Language::French, "letter-unsubscribe");
        let mut total = 0;
        for _ in 0..10_000 {
            total += t(Language::French, "letter-unsubscribe").len();
        }
        assert!(total > 0);
    }
}
