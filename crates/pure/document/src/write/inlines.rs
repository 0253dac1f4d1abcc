//! Runs of text.
//!
//! Markdown's stars hold only next to a letter or a blank; where they would not, the long form stands: `:em[…]{}`.

use crate::{
    model::*,
    write::escape::{self, Place},
};

/// Where a run of text stands.
#[derive(Clone, Copy, Default)]
pub(crate) struct Setting {
    pub(crate) heading: bool,
    pub(crate) cell: bool,
}

/// The Markdown of a run of text, for a line of its own.
pub(crate) fn inlines(content: &[Inline], setting: Setting) -> String {
    let mut pen = Pen { out: String::new(), before: Edge::Blank, fresh: true, setting, stressed: false };
    pen.run(content, Edge::Blank);
    pen.out
}

/// What stands next to a mark.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    /// A blank, or the end of the line.
    Blank,
    /// A letter or a digit.
    Word,
    /// ASCII punctuation.
    Sign,
    /// Anything else.
    Other,
    /// Another emphasis, whose stars would run into ours.
    Stress,
}

impl Edge {
    fn of(letter: char) -> Self {
        match letter {
            ' ' | '\n' => Edge::Blank,
            _ if letter.is_alphanumeric() => Edge::Word,
            _ if letter.is_ascii_punctuation() => Edge::Sign,
            _ => Edge::Other,
        }
    }
}

struct Pen {
    out: String,
    /// What stands before the first character of `out`.
    before: Edge,
    /// Whether `out` begins a line.
    fresh: bool,
    setting: Setting,
    /// Within an emphasis.
    stressed: bool,
}

impl Pen {
    fn run(&mut self, content: &[Inline], end: Edge) {
        for (index, inline) in content.iter().enumerate() {
            let next = content.get(index + 1);
            let edge = next.map_or(end, edge_of);
            let line_end = match next {
                None => end == Edge::Blank,
                Some(next) => matches!(next, Inline::SoftBreak | Inline::HardBreak),
            };
            match (inline, next) {
                // `[^a][b](c)` is read as a link named `^a` that leads to `b`, and `[^a]:` opens a footnote.
                (Inline::FootnoteReference { label }, Some(next)) if !stands_apart(next) => {
                    self.named("note", |pen| pen.out.push_str(label));
                }
                _ => self.inline(inline, edge, line_end),
            }
        }
    }

    fn inline(&mut self, inline: &Inline, next: Edge, line_end: bool) {
        match inline {
            Inline::Text { text } => {
                let place = Place { line_start: self.line_start(), line_end, heading: self.setting.heading };
                escape::text(text, place, &mut self.out);
            }
            Inline::SoftBreak => self.out.push('\n'),
            Inline::HardBreak => self.out.push_str("\\\n"),
            Inline::Emphasis { content } => self.stress(&["*", "_"], "em", content, next),
            Inline::Strong { content } => self.stress(&["**", "__"], "strong", content, next),
            Inline::Strikethrough { content } => self.stress(&["~~"], "del", content, next),
            Inline::Code { text } => self.code(text),
            Inline::Link { href, title, content } => self.link(href, title.as_deref(), content),
            Inline::Image { src, alt, title } => {
                self.out.push_str("![");
                escape::text(alt, Place::default(), &mut self.out);
                self.target(src, title.as_deref());
            }
            Inline::FootnoteReference { label } => {
                self.out.push_str("[^");
                self.out.push_str(label);
                self.out.push(']');
            }
            Inline::Slot { slot, fallback } => {
                self.out.push('{');
                self.out.push_str(slot.name());
                if let Some(fallback) = fallback {
                    self.out.push_str(if self.setting.cell { "\\|" } else { "|" });
                    escape::guarded(fallback, &mut self.out);
                }
                self.out.push('}');
            }
            Inline::Span { span, content } => {
                let (name, attribute) = match span {
                    Span::Mark => ("mark", None),
                    Span::Small => ("small", None),
                    Span::Abbr { title } => ("abbr", Some(("title", title))),
                    Span::Lang { code } => ("lang", Some(("code", code))),
                };
                self.named(name, |pen| pen.run(content, Edge::Sign));
                if let Some((name, value)) = attribute {
                    self.out.truncate(self.out.len() - 1);
                    self.out.push_str(name);
                    self.out.push_str("=\"");
                    escape::guarded(value, &mut self.out);
                    self.out.push_str("\"}");
                }
            }
        }
    }

    /// Whether the next character begins a line.
    fn line_start(&self) -> bool {
        if self.out.is_empty() { self.fresh } else { self.out.ends_with('\n') }
    }

    fn edge_before(&self) -> Edge {
        self.out.chars().next_back().map_or(self.before, Edge::of)
    }

    /// `:name[…]{}`
    fn named(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        self.out.push(':');
        self.out.push_str(name);
        self.out.push('[');
        inside(self);
        self.out.push_str("]{}");
    }

    fn stress(&mut self, marks: &[&str], name: &str, content: &[Inline], next: Edge) {
        let mut inside = Pen {
            out: String::new(),
            before: Edge::Sign,
            fresh: false,
            setting: self.setting,
            stressed: true,
        };
        inside.run(content, Edge::Sign);
        let inside = inside.out;
        match marks.iter().find(|mark| self.holds(mark, &inside, next)) {
            Some(mark) => {
                self.out.push_str(mark);
                self.out.push_str(&inside);
                self.out.push_str(mark);
            }
            None => self.named(name, |pen| pen.out.push_str(&inside)),
        }
    }

    /// Whether these marks around this text can only open and only close (CommonMark 6.2, narrower for safety).
    fn holds(&self, mark: &str, inside: &str, next: Edge) -> bool {
        let sign = &mark[..1];
        let (Some(first), Some(last)) = (inside.chars().next(), inside.chars().next_back()) else {
            return false;
        };
        if self.out.ends_with(sign)
            || inside.starts_with(sign)
            || inside.ends_with(sign)
            || next == Edge::Stress
        {
            return false;
        }
        // Within a word only a star holds, and only when no other emphasis is open that it could close.
        let free = sign == "*" && !self.stressed;
        let side = |inner: Edge, outer: Edge| match inner {
            Edge::Word => free || matches!(outer, Edge::Blank | Edge::Sign),
            Edge::Sign => outer == Edge::Blank,
            _ => false,
        };
        side(Edge::of(first), self.edge_before()) && side(Edge::of(last), next)
    }

    fn code(&mut self, text: &str) {
        let blank = text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace);
        let odd = text.chars().any(char::is_control) || (self.setting.cell && text.contains('|'));
        if blank || odd || self.out.ends_with('`') {
            let text = [Inline::Text { text: text.to_owned() }];
            return self.named("code", |pen| pen.run(&text, Edge::Sign));
        }
        let ticks = "`".repeat(longest_run(text, '`') + 1);
        let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
        for part in [&ticks, pad, text, pad, &ticks] {
            self.out.push_str(part);
        }
    }

    fn link(&mut self, href: &str, title: Option<&str>, content: &[Inline]) {
        if let ([Inline::Text { text }], None) = (content, title)
            && is_autolink(text, href)
        {
            self.out.push('<');
            self.out.push_str(text);
            self.out.push('>');
            return;
        }
        self.out.push('[');
        self.run(content, Edge::Sign);
        self.target(href, title);
    }

    /// The end of a link or picture.
    fn target(&mut self, address: &str, title: Option<&str>) {
        self.out.push_str("](");
        escape::destination(address, &mut self.out);
        if let Some(title) = title {
            escape::title(title, &mut self.out);
        }
        self.out.push(')');
    }
}

/// Whether a piece can follow a footnote's mark without changing it.
fn stands_apart(inline: &Inline) -> bool {
    match inline {
        Inline::Text { text } => !text.starts_with(['[', '(', ':', '{', ']', '^', '\\']),
        Inline::SoftBreak | Inline::HardBreak | Inline::Slot { .. } => true,
        _ => false,
    }
}

/// The edge with which a piece begins.
fn edge_of(inline: &Inline) -> Edge {
    match inline {
        Inline::SoftBreak => Edge::Blank,
        Inline::Emphasis { .. } | Inline::Strong { .. } | Inline::Strikethrough { .. } => Edge::Stress,
        Inline::Text { text } => match text.chars().next() {
            // A single blank may be written as an entity.
            Some(' ') if text.len() == 1 => Edge::Other,
            Some(first) => Edge::of(first),
            None => Edge::Other,
        },
        _ => Edge::Sign,
    }
}

/// Longest run of one character.
pub(crate) fn longest_run(text: &str, sign: char) -> usize {
    let (mut longest, mut run) = (0, 0);
    for letter in text.chars() {
        run = if letter == sign { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// Whether `<text>` reads as a link to `href` with its address as its words.
fn is_autolink(text: &str, href: &str) -> bool {
    let plain = |text: &str| {
        text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/:.?=&%#@+-_~,;!".contains(&byte))
            && !(text.contains('&') && text.contains(';'))
    };
    let web = href == text && (text.starts_with("https://") || text.starts_with("http://"));
    let mail = href.strip_prefix("mailto:") == Some(text)
        && text.split_once('@').is_some_and(|(local, domain)| {
            let word = |part: &str| {
                !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
            };
            let labels = |part: &str| part.split('.').all(|label| !label.is_empty() && label.len() < 60);
            word(local) && word(domain) && labels(domain)
        });
    plain(text) && (web || mail)
}
