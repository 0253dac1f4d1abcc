//! What keeps a character from meaning something.

/// Characters that open something wherever they stand in a line.
const ALWAYS: &str = "\\`*[]{~|^";

/// Where a piece of text stands.
#[derive(Clone, Copy, Default)]
pub(crate) struct Place {
    /// Nothing stands before it in its line.
    pub(crate) line_start: bool,
    /// A line end or the end of the block follows it.
    pub(crate) line_end: bool,
    /// In a heading, where number signs at the end are not text.
    pub(crate) heading: bool,
}

/// Writes text so that Markdown reads exactly these characters.
pub(crate) fn text(text: &str, place: Place, out: &mut String) {
    let mut before: Option<char> = None;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let next = letters.peek().map(|(_, next)| *next);
        let at_start = at == 0 && place.line_start;
        match letter {
            ' ' if at_start || (next.is_none() && place.line_end) => out.push_str("&#32;"),
            // Control characters, line ends among them: Markdown would read a line or a blank.
            '\u{1}'..='\u{1f}' => out.push_str(&format!("&#{};", u32::from(letter))),
            // A bar after a backslash is counted wrongly in tables.
            '|' if before == Some('\\') => out.push_str("&#124;"),
            '_' if is_word(before) && is_word(next) => out.push('_'),
            '<' if next == Some(' ') => out.push('<'),
            '&' if next.is_none_or(|next| next.is_ascii_alphanumeric() || next == '#') => out.push_str("\\&"),
            '!' if next.is_none() => out.push_str("\\!"),
            '#' if place.heading || at_start => out.push_str("\\#"),
            '+' | '-' | '=' | '>' | ':' if at_start => out.extend(['\\', letter]),
            '.' | ')' if place.line_start && (1..=9).contains(&at) && digits(&text[..at]) => {
                out.extend(['\\', letter]);
            }
            '_' | '<' => out.extend(['\\', letter]),
            _ if ALWAYS.contains(letter) => out.extend(['\\', letter]),
            _ => out.push(letter),
        }
        before = Some(letter);
    }
}

fn digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_word(letter: Option<char>) -> bool {
    letter.is_some_and(char::is_alphanumeric)
}

/// Writes the address of a link or picture.
pub(crate) fn destination(address: &str, out: &mut String) {
    let bare = |byte: u8| byte.is_ascii_alphanumeric() || b"/:.?=&%#@+-_~,;!".contains(&byte);
    if !address.is_empty() && address.bytes().all(bare) && !(address.contains('&') && address.contains(';')) {
        out.push_str(address);
        return;
    }
    out.push('<');
    for letter in address.chars() {
        match letter {
            '\\' | '<' | '>' | '&' | '`' | '*' | '_' => out.extend(['\\', letter]),
            '|' => out.push_str("&#124;"),
            '\u{1}'..='\u{1f}' => out.push_str(&format!("&#{};", u32::from(letter))),
            _ => out.push(letter),
        }
    }
    out.push('>');
}

/// Writes the title of a link or picture, with its quotes and the space before it.
pub(crate) fn title(title: &str, out: &mut String) {
    out.push_str(" \"");
    for letter in title.chars() {
        match letter {
            '\\' | '"' | '&' | '`' | '<' => out.extend(['\\', letter]),
            '|' => out.push_str("&#124;"),
            '\u{1}'..='\u{1f}' => out.push_str(&format!("&#{};", u32::from(letter))),
            _ => out.push(letter),
        }
    }
    out.push('"');
}

/// A value between double quotes on a line of ours, where Markdown never looks.
pub(crate) fn value(value: &str, out: &mut String) {
    out.push('"');
    for letter in value.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            _ => out.push(letter),
        }
    }
    out.push('"');
}

/// A value or a fallback within a line, where Markdown looks first.
pub(crate) fn guarded(value: &str, out: &mut String) {
    for letter in value.chars() {
        match letter {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '.' | ',' | ';' | '?' | '\'' | '(' | ')' | '/' | '%' | '@' | '+' | '=' | '-' => out.push(letter),
            _ if letter.is_ascii_punctuation() => out.extend(['\\', letter]),
            _ => out.push(letter),
        }
    }
}
