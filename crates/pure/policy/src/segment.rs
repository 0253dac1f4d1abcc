//! A segment: a condition over readers, as a typed tree. There is no text form that anyone evaluates: features
//! compile the tree into a query with bound parameters.

use serde::{Deserialize, Serialize};

/// Nested deeper, nobody understands it any more.
const DEEPEST: usize = 6;
/// All conditions of a tree together.
const MOST: usize = 100;
/// Characters of a tag or source.
const LONGEST: usize = 100;

/// What a reader must be like. In JSON: `{"kind": "all", "of": [{"kind": "tag", "tag": "paris"}, …]}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// Each of these.
    All {
        /// One or more.
        of: Vec<Condition>,
    },
    /// One of these at least.
    Any {
        /// One or more.
        of: Vec<Condition>,
    },
    /// Not this.
    Not {
        /// What the reader must not be like.
        of: Box<Condition>,
    },
    /// Has a tag in this publication.
    Tag {
        /// The tag.
        tag: String,
    },
    /// Reads this language; `fr` holds `fr-CA` too.
    Language {
        /// A language tag (BCP 47).
        is: String,
    },
    /// Subscribed before a moment.
    SubscribedBefore {
        /// Microseconds since 1970 UTC; this one is not before itself.
        us: i64,
    },
    /// Subscribed at a moment or after it.
    SubscribedAfter {
        /// Microseconds since 1970 UTC.
        us: i64,
    },
    /// Came in this way: `form`, `import`...
    Source {
        /// The source.
        is: String,
    },
    /// Has an address of this domain.
    Domain {
        /// In lower-case ASCII.
        is: String,
    },
}

/// Why a condition is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConditionError {
    /// Nested too deep.
    #[error("the condition is nested more than {DEEPEST} levels deep")]
    TooDeep,
    /// Too many conditions.
    #[error("there are more than {MOST} conditions")]
    TooMany,
    /// All or any of nothing.
    #[error("a group of conditions is empty")]
    EmptyGroup,
    /// A value that no reader can have.
    #[error("{value:?} is not a {what}")]
    Value {
        /// What it should be.
        what: &'static str,
        /// What it is.
        value: String,
    },
}

/// What is known of a reader, to hold a condition against; the reference for what a query must find.
#[derive(Debug, Clone, Copy)]
pub struct ReaderTraits<'a> {
    /// Tags in this publication.
    pub tags: &'a [&'a str],
    /// The reader's language, if known.
    pub language: Option<&'a str>,
    /// Since when, in microseconds since 1970 UTC.
    pub since: i64,
    /// How the subscription came in.
    pub source: &'a str,
    /// The domain of the address, in lower-case ASCII.
    pub domain: &'a str,
}

impl Condition {
    /// Checks sizes and values.
    pub fn validate(&self) -> Result<(), ConditionError> {
        let mut count = 0;
        self.check(1, &mut count)
    }

    fn check(&self, depth: usize, count: &mut usize) -> Result<(), ConditionError> {
        *count += 1;
        if *count > MOST {
            return Err(ConditionError::TooMany);
        }
        if depth > DEEPEST {
            return Err(ConditionError::TooDeep);
        }
        match self {
            Self::All { of } | Self::Any { of } if of.is_empty() => Err(ConditionError::EmptyGroup),
            Self::All { of } | Self::Any { of } => {
                of.iter().try_for_each(|condition| condition.check(depth + 1, count))
            }
            Self::Not { of } => of.check(depth + 1, count),
            Self::Tag { tag } => value("tag", tag, |c| !c.is_control()),
            Self::Source { is } => value("source", is, |c| !c.is_control()),
            Self::Language { is } => value("language", is, |c| c.is_ascii_alphanumeric() || c == '-'),
            Self::Domain { is } => value("domain", is, |c| {
                c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.' | '_')
            }),
            Self::SubscribedBefore { .. } | Self::SubscribedAfter { .. } => Ok(()),
        }
    }

    /// Whether a reader is like this.
    pub fn holds(&self, reader: &ReaderTraits<'_>) -> bool {
        match self {
            Self::All { of } => of.iter().all(|condition| condition.holds(reader)),
            Self::Any { of } => of.iter().any(|condition| condition.holds(reader)),
            Self::Not { of } => !of.holds(reader),
            Self::Tag { tag } => reader.tags.contains(&tag.as_str()),
            Self::Language { is } => reader.language.is_some_and(|language| speaks(language, is)),
            Self::SubscribedBefore { us } => reader.since < *us,
            Self::SubscribedAfter { us } => reader.since >= *us,
            Self::Source { is } => reader.source == is,
            Self::Domain { is } => reader.domain == is,
        }
    }
}

fn value(what: &'static str, value: &str, allowed: fn(char) -> bool) -> Result<(), ConditionError> {
    let fits = !value.trim().is_empty() && value.chars().count() <= LONGEST && value.chars().all(allowed);
    if fits { Ok(()) } else { Err(ConditionError::Value { what, value: value.to_owned() }) }
}

/// RFC 4647 3.3.1: the range itself, or the range and a hyphen, whatever the case.
fn speaks(language: &str, range: &str) -> bool {
    let start = language.get(..range.len()).is_some_and(|start| start.eq_ignore_ascii_case(range));
    start && matches!(language.as_bytes().get(range.len()), None | Some(b'-'))
}

#[cfg(test)]
mod tests;
