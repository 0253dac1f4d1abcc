//! What is wrong in an edition: the place, the reason, and a sentence that says what to do.

mod words;

use std::fmt;

use i18n::{Language, Value, t, t_with};
use serde::ser::{Serialize, SerializeStruct, Serializer};

/// A fault in the text of an edition, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The reason.
    pub kind: ProblemKind,
}

/// Why a text is not an edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// The text is longer than [`crate::MAX_TEXT`] bytes.
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// Blocks or marks stand too deep in one another.
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// More blocks than [`crate::MAX_BLOCKS`].
    TooManyBlocks {
        /// The limit.
        limit: usize,
    },
    /// The front matter has no second `---`.
    FrontNotClosed,
    /// A line of the front matter is not `key: value`.
    FrontLine,
    /// A field that does not exist.
    UnknownField {
        /// As written.
        name: String,
        /// The closest that exists.
        nearest: Option<String>,
    },
    /// A field that stands twice.
    RepeatedField {
        /// Which.
        name: String,
    },
    /// A quoted value without its end, or with something after it.
    FieldQuotes {
        /// Of which field.
        name: String,
    },
    /// A list where one value is expected.
    FieldList {
        /// Of which field.
        name: String,
    },
    /// A slug that would not survive in an address.
    BadSlug {
        /// What would.
        nearest: String,
    },
    /// Not a BCP 47 tag.
    BadTag {
        /// As written.
        value: String,
    },
    /// Not a time.
    BadTime {
        /// As written.
        value: String,
    },
    /// Not an address we follow.
    BadAddress {
        /// As written.
        value: String,
    },
    /// A line of colons that is neither an opening nor an end.
    BadFence,
    /// A block that does not exist.
    UnknownBlock {
        /// As written.
        name: String,
        /// The closest that exists.
        nearest: Option<String>,
    },
    /// Attributes that are not `name="value"`.
    AttributeSyntax,
    /// An attribute that this block or span does not have.
    UnknownAttribute {
        /// The block or span.
        block: String,
        /// As written.
        name: String,
        /// The closest that exists.
        nearest: Option<String>,
    },
    /// An attribute that stands twice.
    RepeatedAttribute {
        /// Which.
        name: String,
    },
    /// An attribute that must be there.
    MissingAttribute {
        /// The block or span.
        block: String,
        /// Which.
        name: String,
    },
    /// An attribute that must say something.
    EmptyAttribute {
        /// The block or span.
        block: String,
        /// Which.
        name: String,
    },
    /// Not a whole number within bounds.
    BadNumber {
        /// Which attribute.
        name: String,
        /// Smallest.
        min: u32,
        /// Greatest.
        max: u32,
    },
    /// Not one of the words an attribute takes.
    BadChoice {
        /// Which attribute.
        name: String,
        /// As written.
        value: String,
        /// The words it takes.
        choices: String,
        /// The closest of them.
        nearest: Option<String>,
    },
    /// `only` needs exactly one of `in` and `segment`.
    OnlyForWhom,
    /// A block without its closing colons.
    NotClosed {
        /// Which.
        name: String,
        /// How many colons.
        colons: usize,
    },
    /// Closing colons without a block of as many colons.
    NothingToClose,
    /// A block that does not stand at the beginning of a line, outside lists and quotations.
    Indented,
    /// A block that only stands within another one.
    WrongPlace {
        /// Which.
        name: String,
        /// Where it stands.
        parent: String,
    },
    /// Something else than the one kind of block that stands within this one.
    WrongInside {
        /// Which.
        name: String,
        /// What stands in it.
        child: String,
    },
    /// A block that holds nothing holds something.
    NotEmpty {
        /// Which.
        name: String,
    },
    /// A block that holds one paragraph holds something else.
    NotAParagraph {
        /// Which.
        name: String,
    },
    /// A block that must hold something holds nothing.
    NothingInside {
        /// Which.
        name: String,
    },
    /// Two to ten choices in a bullet list.
    BadChoices,
    /// Two or three columns.
    BadColumns,
    /// A slot that does not exist.
    UnknownSlot {
        /// As written.
        name: String,
        /// The closest that exists.
        nearest: Option<String>,
    },
    /// A brace that opens no slot.
    BadSlot,
    /// A span that does not exist.
    UnknownSpan {
        /// As written.
        name: String,
        /// The closest that exists.
        nearest: Option<String>,
    },
    /// A span without its bracket.
    SpanNotClosed {
        /// Which.
        name: String,
    },
    /// A slot or the attributes of a span run into a Markdown mark.
    Crossed,
    /// HTML, which is not rendered.
    Html {
        /// Name of the element.
        tag: String,
    },
    /// A comment within a line.
    CommentInLine,
    /// A comment without its end.
    CommentNotClosed,
    /// A picture without words for those who do not see it.
    MissingAlt,
    /// A link without words.
    EmptyLink,
    /// A footnote without its text.
    UnknownFootnote {
        /// Its mark.
        label: String,
    },
    /// A footnote with two texts.
    RepeatedFootnote {
        /// Its mark.
        label: String,
    },
    /// A mark of a footnote that is not letters, digits, `-` and `_`.
    BadFootnote {
        /// As written.
        label: String,
    },
    /// A footnote's text within a list or a quotation.
    MisplacedFootnote {
        /// Its mark.
        label: String,
    },
    /// An edition that text cannot say: only from a stored tree.
    NotWritable,
}

impl Problem {
    /// What happened and what to do, in the author's language, without the place.
    pub fn sentence(&self, language: Language) -> String {
        let (key, values, nearest) = self.kind.message();
        let mut sentence = t_with(language, &format!("document-{key}"), &values);
        if let ProblemKind::Html { tag } = &self.kind
            && let Some(instead) = words::instead_of(tag)
        {
            sentence.push(' ');
            sentence.push_str(&t_with(language, "document-instead", &[("instead", instead.into())]));
        }
        if let Some(nearest) = nearest {
            sentence.push(' ');
            sentence.push_str(&t_with(language, "document-nearest", &[("nearest", nearest.into())]));
        }
        sentence
    }

    /// The sentence with its place before it.
    pub fn with_place(&self, language: Language) -> String {
        t_with(
            language,
            "document-place",
            &[
                // As text: a line is a name, not a quantity, and takes no separators.
                ("line", Value::Text(&self.line.to_string())),
                ("column", Value::Text(&self.column.to_string())),
                ("sentence", Value::Text(&self.sentence(language))),
            ],
        )
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.with_place(Language::English))
    }
}

impl std::error::Error for Problem {}

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut state = serializer.serialize_struct("Problem", 4)?;
        state.serialize_field("line", &self.line)?;
        state.serialize_field("column", &self.column)?;
        state.serialize_field("code", self.kind.code())?;
        state.serialize_field("message", &self.sentence(Language::English))?;
        state.end()
    }
}

/// All problems, one a line, in the author's language; for a terminal or a log.
pub fn sentences(problems: &[Problem], language: Language) -> String {
    if problems.is_empty() {
        return t(language, "document-no-problem");
    }
    problems.iter().map(|problem| problem.with_place(language)).collect::<Vec<_>>().join("\n")
}
