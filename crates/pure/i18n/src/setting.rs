//! How a message typed on a keyboard is set: apostrophes, and the narrow no-break space of French.

use std::borrow::Cow;

const NARROW: char = '\u{202f}';

/// French: `'` is an apostrophe, and a space before `; : ! ? »` or after `«` is narrow and does not break.
pub(crate) fn french(text: &str) -> Cow<'_, str> {
    if !text.contains(['\'', ';', ':', '!', '?', '«', '»']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => out.push('’'),
            ' ' if out.ends_with('«') => out.push(NARROW),
            ' ' if matches!(letters.peek(), Some(';' | ':' | '!' | '?' | '»')) => out.push(NARROW),
            other => out.push(other),
        }
    }
    Cow::Owned(out)
}

/// English: `'` is an apostrophe.
pub(crate) fn english(text: &str) -> Cow<'_, str> {
    if text.contains('\'') { Cow::Owned(text.replace('\'', "’")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_messages_get_their_spaces_and_apostrophes() {
        for (typed, set) in [
            ("Prêt ?", "Prêt\u{202f}?"),
            ("« La Gazette » : lu", "«\u{202f}La Gazette\u{202f}»\u{202f}: lu"),
            ("l'édition", "l’édition"),
            ("https://a.example/?b", "https://a.example/?b"),
        ] {
            assert_eq!(french(typed), set);
        }
    }
}
