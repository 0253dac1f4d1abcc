//! Inlines as words only.

use document::Inline;

/// The words; a slot gives its fallback.
pub(crate) fn plain(content: &[Inline]) -> String {
    let mut out = String::new();
    push(content, &mut out);
    out
}

fn push(content: &[Inline], out: &mut String) {
    for inline in content {
        match inline {
            Inline::Text { text } | Inline::Code { text } => out.push_str(text),
            Inline::SoftBreak | Inline::HardBreak => out.push(' '),
            Inline::Emphasis { content }
            | Inline::Strong { content }
            | Inline::Strikethrough { content }
            | Inline::Link { content, .. }
            | Inline::Span { content, .. } => push(content, out),
            Inline::Image { alt, .. } => out.push_str(alt),
            Inline::FootnoteReference { .. } => {}
            Inline::Slot { fallback: Some(fallback), .. } => out.push_str(fallback),
            Inline::Slot { fallback: None, .. } => {
                // The space before an absent value goes with it.
                if out.ends_with(' ') {
                    out.pop();
                }
            }
        }
    }
}

/// The level of a heading below the title.
pub(crate) fn effective_level(level: u8) -> u8 {
    level.clamp(2, 6)
}
