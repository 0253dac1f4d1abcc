//! Lines of text as HTML, the same way on the page and in the mail; only their dress differs.

use std::collections::HashSet;

use document::{Inline, Span};

use crate::builder::Builder;
use crate::sheet::Sheet;
use crate::template::{Escape, Template};

/// Attributes put on elements, each with a space before it: none on the page, inlined style in the mail.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dress {
    pub(crate) link: String,
    pub(crate) code: String,
    pub(crate) mark: String,
    pub(crate) small: String,
    pub(crate) picture: String,
    pub(crate) reference: String,
}

/// HTML being written from a sheet.
pub(crate) struct Markup<'a> {
    pub(crate) out: Builder,
    pub(crate) sheet: &'a Sheet<'a>,
    dress: Dress,
    /// Notes that were referred to already: the way back leads to the first.
    referred: HashSet<usize>,
    /// How many headings have been written; inside notes they have no name.
    heading: usize,
    /// How many places of a kind have been named.
    places: Vec<&'static str>,
}

impl<'a> Markup<'a> {
    pub(crate) fn new(sheet: &'a Sheet<'a>, dress: Dress) -> Self {
        Markup {
            out: Builder::default(),
            sheet,
            dress,
            referred: HashSet::new(),
            heading: 0,
            places: Vec::new(),
        }
    }

    pub(crate) fn push(&mut self, html: &str) {
        self.out.push(html);
    }

    pub(crate) fn words(&mut self, text: &str) {
        self.out.words(text);
    }

    pub(crate) fn attribute(&mut self, name: &str, value: &str) {
        self.out.attribute(name, value);
    }

    pub(crate) fn finish(self) -> Template {
        self.out.finish()
    }

    /// The name of the next heading, in the order of the sheet.
    pub(crate) fn next_heading(&mut self) -> Option<&'a str> {
        let heading = self.sheet.headings.get(self.heading)?;
        self.heading += 1;
        Some(&heading.id)
    }

    /// A name for a place of a kind: `poll`, then `poll-2`.
    pub(crate) fn place(&mut self, kind: &'static str) -> String {
        self.places.push(kind);
        match self.places.iter().filter(|known| **known == kind).count() {
            1 => kind.to_owned(),
            count => format!("{kind}-{count}"),
        }
    }

    /// A line of text.
    pub(crate) fn inlines(&mut self, content: &[Inline]) {
        self.line(content, false);
    }

    /// A line of text inside a link, where no other link may stand.
    pub(crate) fn inlines_in_link(&mut self, content: &[Inline]) {
        self.line(content, true);
    }

    /// `<a href="…"` and the dress of links, without the `>`.
    pub(crate) fn open_link(&mut self, address: &str) {
        self.push("<a");
        self.attribute("href", address);
        let dress = self.dress.link.clone();
        self.push(&dress);
    }

    fn line(&mut self, content: &[Inline], in_link: bool) {
        for inline in content {
            self.inline(inline, in_link);
        }
    }

    fn inline(&mut self, inline: &Inline, in_link: bool) {
        match inline {
            Inline::Text { text } => self.words(text),
            Inline::SoftBreak => self.push("\n"),
            Inline::HardBreak => self.push("<br>\n"),
            Inline::Emphasis { content } => self.wrapped("em", "", content, in_link),
            Inline::Strong { content } => self.wrapped("strong", "", content, in_link),
            Inline::Strikethrough { content } => self.wrapped("s", "", content, in_link),
            Inline::Code { text } => {
                let dress = self.dress.code.clone();
                self.push(&format!("<code{dress}>"));
                self.words(text);
                self.push("</code>");
            }
            Inline::Link { href, title, content } => match self.sheet.link(href).filter(|_| !in_link) {
                Some(address) => {
                    self.open_link(&address);
                    if let Some(title) = title {
                        self.attribute("title", title);
                    }
                    self.push(">");
                    self.line(content, true);
                    self.push("</a>");
                }
                None => self.line(content, in_link),
            },
            Inline::Image { src, alt, title } => match self.sheet.picture(Some(src)) {
                Some(src) => {
                    self.push("<img");
                    self.attribute("src", &src);
                    self.attribute("alt", alt);
                    if let Some(title) = title {
                        self.attribute("title", title);
                    }
                    let dress = self.dress.picture.clone();
                    self.push(&dress);
                    self.push(">");
                }
                None => self.words(alt),
            },
            Inline::FootnoteReference { label } => self.reference(label, in_link),
            Inline::Slot { slot, fallback } => {
                self.out.slot((*slot).into(), fallback.as_deref(), Escape::Html);
            }
            Inline::Span { span, content } => self.span(span, content, in_link),
        }
    }

    fn span(&mut self, span: &Span, content: &[Inline], in_link: bool) {
        match span {
            Span::Mark => {
                let dress = self.dress.mark.clone();
                self.wrapped("mark", &dress, content, in_link);
            }
            Span::Small => {
                let dress = self.dress.small.clone();
                self.wrapped("small", &dress, content, in_link);
            }
            Span::Abbr { title } => {
                self.push("<abbr");
                self.attribute("title", title);
                self.push(">");
                self.line(content, in_link);
                self.push("</abbr>");
            }
            Span::Lang { code } => {
                self.push("<span");
                self.attribute("lang", code);
                self.push(">");
                self.line(content, in_link);
                self.push("</span>");
            }
        }
    }

    fn wrapped(&mut self, element: &str, attributes: &str, content: &[Inline], in_link: bool) {
        self.push(&format!("<{element}{attributes}>"));
        self.line(content, in_link);
        self.push(&format!("</{element}>"));
    }

    fn reference(&mut self, label: &str, in_link: bool) {
        let Some(number) = self.sheet.note(label) else {
            return self.words(&format!("[^{label}]"));
        };
        let dress = self.dress.reference.clone();
        self.push(&format!("<sup{dress}>"));
        if in_link {
            self.push(&number.to_string());
        } else {
            self.open_link(&format!("#note-{number}"));
            if self.referred.insert(number) {
                self.attribute("id", &format!("ref-{number}"));
            }
            self.push(&format!(">{number}</a>"));
        }
        self.push("</sup>");
    }
}
