//! What stands around the text while it is written: the line an inbox shows, the weight of the mail, what to look at.

use askama::Template;
use document::Problem;
use i18n::{Language, bytes, t, t_with};
use publications::Publication;
use web::{Markup, WebError, icon, rendered};

use crate::check::{CLIPPED, Finding, HEAVY};
use crate::rendering::Rendering;

/// How an inbox shows the edition.
#[derive(Template)]
#[template(path = "inbox.html")]
struct Inbox {
    from: String,
    subject: String,
    preheader: String,
}

/// How heavy the mail is.
#[derive(Template)]
#[template(path = "weight.html")]
struct Weight {
    language: Language,
    size: usize,
}

impl Weight {
    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }

    /// The mail on a scale that ends where Gmail clips, in percent.
    fn much(&self) -> usize {
        (self.size * 100 / CLIPPED).min(100)
    }

    /// Where it should end.
    fn most(&self) -> usize {
        HEAVY * 100 / CLIPPED
    }

    fn tone(&self) -> &'static str {
        if self.size > HEAVY { "bad" } else { "" }
    }

    fn words(&self) -> String {
        let size = bytes(self.language, self.size as u64);
        let most = bytes(self.language, HEAVY as u64);
        t_with(self.language, "editions-weight-of", &[("size", (&size).into()), ("most", (&most).into())])
    }
}

/// What to look at.
#[derive(Template)]
#[template(path = "notes.html")]
struct Notes<'a> {
    language: Language,
    /// The page that has the text, when it is not this one.
    base: &'a str,
    tone: &'static str,
    mark: Markup,
    verdict: String,
    notes: Vec<Note>,
}

/// One thing to look at.
pub(super) struct Note {
    tone: &'static str,
    line: Option<usize>,
    column: usize,
    sentence: String,
}

impl Notes<'_> {
    fn line(&self, line: &usize) -> String {
        // A line is a name, not a quantity.
        t_with(self.language, "editions-line", &[("line", line.to_string().as_str().into())])
    }
}

/// The line an inbox shows.
pub(super) fn inbox(publication: &Publication, rendering: &Rendering) -> Result<String, WebError> {
    rendered(&Inbox {
        from: publication.from.name.clone().unwrap_or_else(|| publication.from.address.to_string()),
        subject: rendering.subject().render_for_nobody(),
        preheader: rendering.preheader().render_for_nobody(),
    })
}

/// The weight of the mail on a scale.
pub(super) fn weight(language: Language, size: usize) -> Result<String, WebError> {
    rendered(&Weight { language, size })
}

/// The faults of a text that is no edition yet, beside it.
pub(super) fn of_problems(language: Language, problems: &[Problem]) -> Result<String, WebError> {
    let notes = problems
        .iter()
        .map(|problem| Note {
            tone: "bad",
            line: Some(problem.line),
            column: problem.column,
            sentence: problem.sentence(language),
        })
        .collect();
    let verdict = t_with(language, "editions-verdict-problems", &[("n", problems.len().into())]);
    rendered(&Notes { language, base: "", tone: "bad", mark: icon("circle-alert"), verdict, notes })
}

/// What the check of an edition found; `markdown` is its text, for the lines, and `base` the page that has it, empty
/// on that page itself.
pub(super) fn of_findings(
    language: Language,
    findings: &[Finding],
    markdown: &str,
    base: &str,
) -> Result<String, WebError> {
    let errors = findings.iter().filter(|finding| finding.is_error()).count();
    let warnings = findings.len() - errors;
    let (tone, mark, key, n) = match (errors, warnings) {
        (0, 0) => ("good", "circle-check", "editions-verdict-good", 0),
        (0, n) => ("good", "circle-check", "editions-verdict-warnings", n),
        (n, _) => ("bad", "circle-alert", "editions-verdict-errors", n),
    };
    let notes = findings
        .iter()
        .map(|finding| Note {
            tone: if finding.is_error() { "bad" } else { "warn" },
            line: finding.line(markdown),
            column: 1,
            sentence: finding.sentence(language),
        })
        .collect();
    let verdict = if n == 0 { t(language, key) } else { t_with(language, key, &[("n", n.into())]) };
    rendered(&Notes { language, base, tone, mark: icon(mark), verdict, notes })
}
