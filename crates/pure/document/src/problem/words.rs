//! Which message says which problem.

use i18n::Value;

use super::ProblemKind;

impl ProblemKind {
    /// A name for programs that read `--json`; it never changes.
    pub fn code(&self) -> &'static str {
        self.message().0
    }

    /// Key without `document-`, variables, and the nearest known name.
    pub(super) fn message(&self) -> (&'static str, Vec<(&'static str, Value<'_>)>, Option<&str>) {
        use ProblemKind::*;
        match self {
            TooLong { limit } => ("too-long", vec![("limit", (*limit / 1024).into())], None),
            TooDeep { limit } => ("too-deep", vec![("limit", (*limit).into())], None),
            TooManyBlocks { limit } => ("too-many-blocks", vec![("limit", (*limit).into())], None),
            FrontNotClosed => ("front-not-closed", vec![], None),
            FrontLine => ("front-line", vec![], None),
            UnknownField { name, nearest } => {
                ("unknown-field", vec![("name", name.into())], nearest.as_deref())
            }
            RepeatedField { name } => ("repeated-field", vec![("name", name.into())], None),
            FieldQuotes { name } => ("field-quotes", vec![("name", name.into())], None),
            FieldList { name } => ("field-list", vec![("name", name.into())], None),
            BadSlug { nearest } => ("bad-slug", vec![], Some(nearest)),
            BadTag { value } => ("bad-tag", vec![("value", value.into())], None),
            BadTime { value } => ("bad-time", vec![("value", value.into())], None),
            BadAddress { value } => ("bad-address", vec![("value", value.into())], None),
            BadFence => ("bad-fence", vec![], None),
            UnknownBlock { name, nearest } => {
                ("unknown-block", vec![("name", name.into())], nearest.as_deref())
            }
            AttributeSyntax => ("attribute-syntax", vec![], None),
            UnknownAttribute { block, name, nearest } => (
                "unknown-attribute",
                vec![("block", block.into()), ("name", name.into())],
                nearest.as_deref(),
            ),
            RepeatedAttribute { name } => ("repeated-attribute", vec![("name", name.into())], None),
            MissingAttribute { block, name } => {
                ("missing-attribute", vec![("block", block.into()), ("name", name.into())], None)
            }
            EmptyAttribute { block, name } => {
                ("empty-attribute", vec![("block", block.into()), ("name", name.into())], None)
            }
            BadNumber { name, min, max } => (
                "bad-number",
                vec![("name", name.into()), ("min", (*min).into()), ("max", (*max).into())],
                None,
            ),
            BadChoice { name, value, choices, nearest } => (
                "bad-choice",
                vec![("name", name.into()), ("value", value.into()), ("choices", choices.into())],
                nearest.as_deref(),
            ),
            OnlyForWhom => ("only-for-whom", vec![], None),
            NotClosed { name, colons } => {
                ("not-closed", vec![("name", name.into()), ("colons", (*colons).into())], None)
            }
            NothingToClose => ("nothing-to-close", vec![], None),
            Indented => ("indented", vec![], None),
            WrongPlace { name, parent } => {
                ("wrong-place", vec![("name", name.into()), ("parent", parent.into())], None)
            }
            WrongInside { name, child } => {
                ("wrong-inside", vec![("name", name.into()), ("child", child.into())], None)
            }
            NotEmpty { name } => ("not-empty", vec![("name", name.into())], None),
            NotAParagraph { name } => ("not-a-paragraph", vec![("name", name.into())], None),
            NothingInside { name } => ("nothing-inside", vec![("name", name.into())], None),
            BadChoices => ("bad-choices", vec![], None),
            BadColumns => ("bad-columns", vec![], None),
            UnknownSlot { name, nearest } => {
                ("unknown-slot", vec![("name", name.into())], nearest.as_deref())
            }
            BadSlot => ("bad-slot", vec![], None),
            UnknownSpan { name, nearest } => {
                ("unknown-span", vec![("name", name.into())], nearest.as_deref())
            }
            SpanNotClosed { name } => ("span-not-closed", vec![("name", name.into())], None),
            Crossed => ("crossed", vec![], None),
            Html { tag } => ("html", vec![("tag", tag.into())], None),
            CommentInLine => ("comment-in-line", vec![], None),
            CommentNotClosed => ("comment-not-closed", vec![], None),
            MissingAlt => ("missing-alt", vec![], None),
            EmptyLink => ("empty-link", vec![], None),
            UnknownFootnote { label } => ("unknown-footnote", vec![("label", label.into())], None),
            RepeatedFootnote { label } => ("repeated-footnote", vec![("label", label.into())], None),
            BadFootnote { label } => ("bad-footnote", vec![("label", label.into())], None),
            MisplacedFootnote { label } => ("misplaced-footnote", vec![("label", label.into())], None),
            NotWritable => ("not-writable", vec![], None),
        }
    }
}

/// What an author writes where the habit is an HTML element.
pub(super) fn instead_of(tag: &str) -> Option<&'static str> {
    Some(match tag {
        "b" | "strong" => "**…**",
        "i" | "em" => "*…*",
        "s" | "del" | "strike" => "~~…~~",
        "u" | "mark" => ":mark[…]",
        "small" => ":small[…]",
        "abbr" => ":abbr[…]{title=\"…\"}",
        "span" => ":lang[…]{code=\"…\"}",
        "code" | "kbd" | "pre" => "`…`",
        "a" => "[…](https://…)",
        "img" | "picture" | "figure" => "![…](https://…)",
        "br" => "\\",
        "hr" => "---",
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => "## …",
        "ul" | "ol" | "li" => "- …",
        "blockquote" | "q" => "> …",
        "table" | "tr" | "td" | "th" => "| … | … |",
        "iframe" | "video" | "audio" | "object" | "embed" => ":::embed{href=\"…\" title=\"…\"}",
        "button" => ":::button{href=\"…\"}",
        "div" | "section" | "aside" => ":::callout",
        _ => return None,
    })
}
