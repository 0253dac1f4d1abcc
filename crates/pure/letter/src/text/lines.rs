//! Lines: prefixes, cutting, empty lines between blocks, inlines as words.

use document::{Block, Inline, Span};

use super::words::{Bit, Word, Words};
use super::{Linked, MEASURE, Text};
use crate::template::Escape;

/// Prefixes are cut from it.
const SPACES: &str = "                ";

impl Text<'_> {
    /// An empty line before a block, unless it is the first where we stand.
    pub(super) fn gap(&mut self) {
        if !self.fresh && !self.tight {
            let prefix: String = self.prefixes.concat();
            self.out.push(prefix.trim_end());
            self.out.push("\n");
        }
        self.fresh = false;
    }

    /// What begins the next line.
    pub(super) fn line_start(&mut self) -> String {
        self.bullet.take().unwrap_or_else(|| self.prefixes.concat())
    }

    /// A block of words, cut into lines.
    pub(super) fn words(&mut self, words: Words) {
        if words.is_empty() {
            return;
        }
        self.gap();
        self.cut(words.into_words());
    }

    /// A block of one text of ours or of an attribute; its line ends are kept.
    pub(super) fn line(&mut self, text: &str) {
        let mut words = Words::default();
        for line in text.lines() {
            words.line();
            words.text(line);
        }
        self.words(words);
    }

    /// `Label: address`, the address whole.
    pub(super) fn labelled(&mut self, label: &str, address: &str) {
        let colon = self.colon();
        let mut words = Words::default();
        words.text(&format!("{label}{colon}{address}"));
        self.words(words);
    }

    /// A colon and a space, as the language sets them.
    pub(super) fn colon(&self) -> &'static str {
        if self.sheet.language == i18n::Language::French { "\u{202f}: " } else { ": " }
    }

    /// A title with a line of signs below it.
    pub(super) fn underlined(&mut self, words: Words, sign: char) {
        let width = words.width().clamp(3, MEASURE - self.prefixes.concat().len());
        if words.is_empty() {
            return;
        }
        self.words(words);
        let start = self.line_start();
        self.out.push(&format!("{start}{}\n", sign.to_string().repeat(width)));
    }

    /// Blocks whose first line begins with a bullet and the others with a prefix of the same width.
    pub(super) fn indented(&mut self, prefix: &'static str, bullet: &str, blocks: &[Block]) {
        self.open_bullet(prefix, bullet);
        self.fresh = true;
        self.blocks(blocks);
        self.close_bullet();
    }

    /// One text after a bullet.
    pub(super) fn bulleted(&mut self, bullet: &str, words: Words) {
        let width = bullet.chars().count().min(SPACES.len());
        self.open_bullet(&SPACES[..width], bullet);
        if !words.is_empty() {
            self.cut(words.into_words());
        }
        self.close_bullet();
    }

    fn open_bullet(&mut self, prefix: &'static str, bullet: &str) {
        self.bullet = Some(format!("{}{bullet}", self.line_start()));
        self.prefixes.push(prefix);
    }

    fn close_bullet(&mut self) {
        if let Some(bullet) = self.bullet.take() {
            // Nothing was written: the bullet stands alone.
            self.out.push(bullet.trim_end());
            self.out.push("\n");
        }
        self.prefixes.pop();
        self.fresh = false;
    }

    fn cut(&mut self, words: Vec<Word>) {
        let prefix = self.prefixes.concat();
        let mut start = self.line_start();
        let room = MEASURE.saturating_sub(prefix.chars().count()).max(20);
        let mut column = 0;
        for (at, word) in words.into_iter().enumerate() {
            let width = word.width();
            let lead = if at == 0 {
                std::mem::take(&mut start)
            } else if word.breaks || column + 1 + width > room {
                column = 0;
                format!("\n{prefix}")
            } else {
                column += 1;
                " ".to_owned()
            };
            column += width;
            self.word(word, &lead, at == 0);
        }
        self.out.push("\n");
    }

    /// A word and what leads it. A slot takes its lead with it when it has nothing to say.
    fn word(&mut self, word: Word, lead: &str, first: bool) {
        for (at, bit) in word.bits.into_iter().enumerate() {
            match bit {
                Bit::Text(text) => {
                    self.out.push(if at == 0 { lead } else { "" });
                    self.out.push(&text);
                }
                Bit::Slot(slot, fallback) => {
                    let leads = at == 0 && !first;
                    self.out.push(if at == 0 && first { lead } else { "" });
                    self.out.slot_led(slot, fallback.as_deref(), Escape::None, if leads { lead } else { "" });
                }
            }
        }
    }

    /// The number of an address at the end of the text.
    pub(super) fn number_of(&mut self, address: &str) -> usize {
        if let Some(at) = self.links.iter().position(|link| link.address == address) {
            if self.links[at].segments != self.segments {
                // Wanted by others as well.
                self.links[at].segments.clear();
            }
            return at + 1;
        }
        self.links.push(Linked { address: address.to_owned(), segments: self.segments.clone() });
        self.links.len()
    }

    /// Inlines as words.
    pub(super) fn inlines(&mut self, content: &[Inline], words: &mut Words) {
        for inline in content {
            self.inline(inline, words);
        }
    }

    fn inline(&mut self, inline: &Inline, words: &mut Words) {
        match inline {
            Inline::Text { text } => words.text(text),
            Inline::SoftBreak => words.space(),
            Inline::HardBreak => words.line(),
            Inline::Emphasis { content } => self.marked("_", content, words),
            Inline::Strong { content } | Inline::Span { span: Span::Mark, content } => {
                self.marked("*", content, words);
            }
            Inline::Strikethrough { content } => self.marked("~", content, words),
            Inline::Code { text } => words.text(&format!("`{text}`")),
            Inline::Link { href, content, .. } => {
                self.inlines(content, words);
                self.pointer(href, &crate::sheet::plain(content), words);
            }
            Inline::Image { alt, .. } => {
                let picture = self.sheet.t("letter-image");
                let colon = self.colon();
                words.text(&if alt.is_empty() { String::new() } else { format!("[{picture}{colon}{alt}]") });
            }
            Inline::FootnoteReference { label } => match self.sheet.note(label) {
                Some(number) => words.text(&format!("({number})")),
                None => words.text(&format!("[^{label}]")),
            },
            Inline::Slot { slot, fallback } => words.slot((*slot).into(), fallback.clone()),
            Inline::Span { span: Span::Abbr { title }, content } => {
                self.inlines(content, words);
                words.text(&format!(" ({title})"));
            }
            Inline::Span { content, .. } => self.inlines(content, words),
        }
    }

    /// The number of a link after its text; nothing when the text is the address already.
    fn pointer(&mut self, href: &str, text: &str, words: &mut Words) {
        let Some(address) = self.sheet.link(href) else { return };
        // Text has no places to jump to.
        if address.starts_with('#') {
            return;
        }
        if address == text.trim() || address.strip_prefix("mailto:") == Some(text.trim()) {
            return;
        }
        let number = self.number_of(&address);
        words.number(number);
    }

    fn marked(&mut self, sign: &str, content: &[Inline], words: &mut Words) {
        words.text(sign);
        self.inlines(content, words);
        words.text(sign);
    }
}
