//! The one table of what an author may write: blocks with their attributes, spans, and fields of the front matter.
//! The reader, the writer, the messages and the docs all look here.

/// A block as an author writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockForm {
    /// The word after the colons.
    pub name: &'static str,
    /// The block it stands directly in, when it stands nowhere else.
    pub within: Option<&'static str>,
    /// What stands between its lines.
    pub inside: Inside,
    /// In the order in which they are written.
    pub attributes: &'static [AttributeForm],
}

/// What a block holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inside {
    /// Nothing.
    Nothing,
    /// Any blocks.
    Blocks,
    /// One paragraph.
    Paragraph {
        /// Whether it must be there.
        required: bool,
    },
    /// A bullet list of words.
    Choices,
    /// Blocks of this one name.
    Only(&'static str),
}

/// An attribute as an author writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttributeForm {
    /// The word before the equals sign.
    pub name: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// What it takes.
    pub value: ValueForm,
}

/// What an attribute takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueForm {
    /// Words.
    Text,
    /// Words that may say nothing: `alt=""`.
    MaybeNothing,
    /// An address: `https://…`, `mailto:…`, `tel:…`, or a path on the same site.
    Address,
    /// A whole number.
    Number {
        /// Smallest.
        min: u32,
        /// Greatest.
        max: u32,
    },
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// `2026-11-23T08:30`, with an offset or without.
    Time,
    /// A BCP 47 language tag.
    Tag,
}

const fn must(name: &'static str, value: ValueForm) -> AttributeForm {
    AttributeForm { name, required: true, value }
}

const fn may(name: &'static str, value: ValueForm) -> AttributeForm {
    AttributeForm { name, required: false, value }
}

const fn block(name: &'static str, inside: Inside, attributes: &'static [AttributeForm]) -> BlockForm {
    BlockForm { name, within: None, inside, attributes }
}

use ValueForm::{Address, MaybeNothing, Number, OneOf, Tag, Text, Time};

/// Widest picture that anybody means; a larger number is a typing error.
const MAX_PIXELS: u32 = 20_000;

/// Every block that is written between colons, in the order of the docs.
pub const BLOCKS: &[BlockForm] = &[
    block("toc", Inside::Nothing, &[may("title", Text), may("depth", Number { min: 2, max: 4 })]),
    block("written", Inside::Blocks, &[may("at", Time), may("place", Text)]),
    block("greeting", Inside::Blocks, &[]),
    block(
        "episode",
        Inside::Blocks,
        &[
            must("title", Text),
            may("href", Address),
            may("show", Text),
            may("season", Number { min: 0, max: 100_000 }),
            may("number", Number { min: 0, max: 100_000 }),
            may("audio", Address),
            may("video", Address),
            may("image", Address),
            may("duration", Text),
        ],
    ),
    block(
        "sponsor",
        Inside::Blocks,
        &[must("name", Text), may("href", Address), may("logo", Address), may("label", Text)],
    ),
    block("forwarded", Inside::Blocks, &[may("label", Text)]),
    block(
        "quote",
        Inside::Blocks,
        &[may("who", Text), may("place", Text), may("link", Address), may("portrait", Address)],
    ),
    block("question", Inside::Blocks, &[may("label", Text)]),
    block("heart", Inside::Nothing, &[may("label", Text)]),
    block("share", Inside::Nothing, &[may("label", Text)]),
    block("button", Inside::Paragraph { required: true }, &[must("href", Address)]),
    block(
        "image",
        Inside::Paragraph { required: false },
        &[
            must("src", Address),
            must("alt", MaybeNothing),
            may("width", Number { min: 1, max: MAX_PIXELS }),
            may("height", Number { min: 1, max: MAX_PIXELS }),
            may("href", Address),
        ],
    ),
    block(
        "embed",
        Inside::Blocks,
        &[must("href", Address), must("title", Text), may("site", Text), may("image", Address)],
    ),
    block("columns", Inside::Only("column"), &[]),
    BlockForm { name: "column", within: Some("columns"), inside: Inside::Blocks, attributes: &[] },
    block("divider", Inside::Nothing, &[]),
    block("callout", Inside::Blocks, &[may("kind", OneOf(&["note", "tip", "warning"])), may("title", Text)]),
    block("poll", Inside::Choices, &[must("question", Text)]),
    block(
        "booking",
        Inside::Blocks,
        &[
            must("href", Address),
            must("title", Text),
            may("price", Text),
            may("duration", Text),
            may("label", Text),
        ],
    ),
    block(
        "recommend",
        Inside::Blocks,
        &[must("href", Address), must("title", Text), may("by", Text), may("image", Address)],
    ),
    block("people", Inside::Only("person"), &[may("title", Text)]),
    BlockForm {
        name: "person",
        within: Some("people"),
        inside: Inside::Paragraph { required: false },
        attributes: &[must("name", Text), may("role", Text), may("href", Address), may("portrait", Address)],
    },
    block("only", Inside::Blocks, &[may("in", OneOf(&["mail", "web"])), may("segment", Text)]),
    block("ps", Inside::Blocks, &[]),
    block("footer", Inside::Blocks, &[]),
];

/// A run of text as an author names it: `:name[…]{…}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpanForm {
    /// The word after the colon.
    pub name: &'static str,
    /// In the order in which they are written.
    pub attributes: &'static [AttributeForm],
}

const fn span(name: &'static str, attributes: &'static [AttributeForm]) -> SpanForm {
    SpanForm { name, attributes }
}

/// Every span. The last five are the long forms of `*…*`, `**…**`, `~~…~~`, `` `…` `` and `[^…]`, for the places
/// where Markdown's own marks do not hold: inside a word, around a space, next to one another.
pub const SPANS: &[SpanForm] = &[
    span("mark", &[]),
    span("small", &[]),
    span("abbr", &[must("title", Text)]),
    span("lang", &[must("code", Tag)]),
    span("em", &[]),
    span("strong", &[]),
    span("del", &[]),
    span("code", &[]),
    span("note", &[]),
];

/// Every field of the front matter, in the order in which they are written.
pub const FIELDS: &[&str] =
    &["title", "subject", "preheader", "slug", "authors", "written_at", "language", "tags", "cover"];

/// Whether an address is one we follow: `http`, `https`, `mailto`, `tel`, or a path without a scheme.
pub(crate) fn is_address(value: &str) -> bool {
    if value.is_empty() || value.trim() != value || value.chars().any(char::is_control) {
        return false;
    }
    match value.find([':', '/', '?', '#']) {
        Some(end) if value[end..].starts_with(':') => {
            ["http", "https", "mailto", "tel"].iter().any(|scheme| value[..end].eq_ignore_ascii_case(scheme))
                && value.len() > end + 1
        }
        _ => true,
    }
}

/// Whether a value looks like a BCP 47 tag (RFC 5646 2.1, the shape only).
pub(crate) fn is_tag(value: &str) -> bool {
    let mut parts = value.split('-');
    parts.next().is_some_and(|first| {
        (2..=8).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_alphabetic())
    }) && parts
        .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Whether a value is `2026-11-23T08:30`, with seconds or without, with an offset or without.
pub(crate) fn is_time(value: &str) -> bool {
    let number = |range: std::ops::Range<usize>| -> Option<u32> {
        let digits = value.get(range)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let within = |number: Option<u32>, low: u32, high: u32| number.is_some_and(|n| (low..=high).contains(&n));
    let at = |place: usize, signs: &str| value.get(place..=place).is_some_and(|sign| signs.contains(sign));
    if !(within(number(0..4), 1900, 9999)
        && at(4, "-")
        && within(number(5..7), 1, 12)
        && at(7, "-")
        && within(number(8..10), 1, 31)
        && at(10, "T ")
        && within(number(11..13), 0, 23)
        && at(13, ":")
        && within(number(14..16), 0, 59))
    {
        return false;
    }
    let offset = if at(16, ":") && within(number(17..19), 0, 59) { 19 } else { 16 };
    match value.get(offset..) {
        Some("" | "Z") => true,
        Some(rest) => {
            rest.len() == 6
                && at(offset, "+-")
                && within(number(offset + 1..offset + 3), 0, 14)
                && at(offset + 3, ":")
                && within(number(offset + 4..offset + 6), 0, 59)
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_that_a_reader_may_follow_are_addresses() {
        for good in ["https://a.example/x?y=1:2#z", "mailto:a@b.example", "tel:+331", "/x", "#notes", "a/b:c"]
        {
            assert!(is_address(good), "{good}");
        }
        for bad in
            ["", " https://a", "javascript:alert(1)", "JavaScript:x", "data:text/html,x", "https:", "a\nb:c"]
        {
            assert!(!is_address(bad), "{bad}");
        }
    }

    #[test]
    fn a_time_has_a_day_and_an_hour() {
        for good in ["2026-11-23T08:30", "2026-11-23 08:30", "2026-11-23T08:30:10Z", "2026-11-23T08:30+01:00"]
        {
            assert!(is_time(good), "{good}");
        }
        for bad in [
            "",
            "2026-11-23",
            "23/11 8:30",
            "2026-13-23T08:30",
            "2026-11-23T08:30+1",
            "2026-11-23T08h30",
            "é026-11-23T08:30",
        ] {
            assert!(!is_time(bad), "{bad}");
        }
    }

    #[test]
    fn a_language_is_a_tag() {
        assert!(is_tag("fr") && is_tag("pt-BR") && is_tag("zh-Hant-TW"));
        assert!(!is_tag("français") && !is_tag("f") && !is_tag("fr_FR") && !is_tag(""));
    }
}
