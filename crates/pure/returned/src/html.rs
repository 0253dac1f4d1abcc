//! HTML turned into text: as much as reading needs, and no more. Quotes keep their `> `.

/// Deeper quotes are not marked.
const DEEPEST: usize = 8;

/// Whether a text that claims to be plain is HTML.
pub fn is_html(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(200).collect::<String>().to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html") || start.starts_with("<head")
}

/// The text of an HTML page.
pub fn to_text(source: &str) -> String {
    let mut page = Page::default();
    let mut rest = source;
    // Where there was no `>` behind a `<`, there is none behind a later one: nothing is looked through twice.
    let mut closes = true;
    while let Some(open) = rest.find('<') {
        page.text(&rest[..open]);
        rest = &rest[open..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        // `<ada@b.example>` in bad HTML is no tag, and neither is `<` before a space.
        let next = rest[1..].chars().next().unwrap_or(' ');
        let is_tag = next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?');
        let close = if is_tag && closes { rest.find('>') } else { None };
        closes &= !is_tag || close.is_some();
        let Some(close) = close else {
            page.text("<");
            rest = &rest[1..];
            continue;
        };
        let inside = &rest[1..close];
        if inside.contains('@') && !inside.contains([' ', '=']) {
            page.text(&rest[..=close]);
            rest = &rest[close + 1..];
            continue;
        }
        rest = page.tag(inside, &rest[close + 1..]);
    }
    page.text(rest);
    page.done()
}

/// Elements that are not shown.
const HIDDEN: [&str; 4] = ["script", "style", "head", "title"];

#[derive(Default)]
struct Page {
    text: String,
    quotes: usize,
    blank: bool,
    preformatted: bool,
    /// Hidden elements that are never closed any more.
    unclosed: Vec<&'static str>,
}

impl Page {
    fn tag<'s>(&mut self, inside: &str, after: &'s str) -> &'s str {
        let closing = inside.starts_with('/');
        let name: String =
            inside.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        match name.to_ascii_lowercase().as_str() {
            name if !closing && HIDDEN.contains(&name) => return self.hidden(name, after),
            "br" => self.line(),
            "blockquote" if closing => {
                self.line();
                self.quotes = self.quotes.saturating_sub(1);
            }
            "blockquote" => {
                self.line();
                self.quotes += 1;
            }
            "pre" => {
                self.line();
                self.preformatted = !closing;
            }
            "p" | "h1" | "h2" | "h3" | "h4" | "table" | "ul" | "ol" | "hr" => {
                self.line();
                if closing && !self.text.ends_with("\n\n") && !self.text.is_empty() {
                    self.line_break();
                }
                if name.eq_ignore_ascii_case("hr") {
                    self.text("________________________________");
                    self.line();
                }
            }
            "div" | "tr" | "li" | "dt" | "dd" | "section" | "center" | "body" | "html" => self.line(),
            "td" | "th" => self.blank = true,
            _ => {}
        }
        after
    }

    /// What comes after an element that is not shown.
    fn hidden<'s>(&mut self, name: &str, after: &'s str) -> &'s str {
        if self.unclosed.contains(&name) {
            return after;
        }
        match find_ignoring_case(after, &format!("</{name}")) {
            Some(end) => after[end..].find('>').map_or("", |close| &after[end + close + 1..]),
            None => {
                self.unclosed.extend(HIDDEN.iter().find(|hidden| **hidden == name));
                after
            }
        }
    }

    /// Ends the line if something stands in it.
    fn line(&mut self) {
        self.blank = false;
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.line_break();
        }
    }

    fn line_break(&mut self) {
        self.text.push('\n');
    }

    fn text(&mut self, source: &str) {
        if source.is_empty() {
            return;
        }
        let decoded = entities(source);
        for letter in decoded.chars() {
            if self.preformatted && letter == '\n' {
                self.blank = false;
                self.line_break();
                continue;
            }
            if letter.is_whitespace() || letter == '\u{200b}' {
                self.blank = true;
                continue;
            }
            let starts = self.text.is_empty() || self.text.ends_with('\n');
            if starts {
                for _ in 0..self.quotes.min(DEEPEST) {
                    self.text.push_str("> ");
                }
            } else if self.blank {
                self.text.push(' ');
            }
            self.blank = false;
            self.text.push(letter);
        }
    }

    fn done(self) -> String {
        self.text
    }
}

fn find_ignoring_case(text: &str, wanted: &str) -> Option<usize> {
    text.as_bytes().windows(wanted.len()).position(|window| window.eq_ignore_ascii_case(wanted.as_bytes()))
}

fn entities(source: &str) -> String {
    if !source.contains('&') {
        return source.to_owned();
    }
    let mut plain = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(start) = rest.find('&') {
        plain.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.char_indices().take(12).find(|(_, letter)| *letter == ';').map(|(at, _)| at);
        match end.and_then(|end| Some((entity(&rest[1..end])?, end))) {
            Some((letter, end)) => {
                plain.push(letter);
                rest = &rest[end + 1..];
            }
            None => {
                plain.push('&');
                rest = &rest[1..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|letter| *letter != '\0');
    }
    const NAMES: &[(&str, char)] = &[
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", ' '),
        ("rsquo", '’'),
        ("lsquo", '‘'),
        ("ldquo", '“'),
        ("rdquo", '”'),
        ("laquo", '«'),
        ("raquo", '»'),
        ("ndash", '–'),
        ("mdash", '—'),
        ("hellip", '…'),
        ("euro", '€'),
        ("copy", '©'),
        ("eacute", 'é'),
        ("egrave", 'è'),
        ("ecirc", 'ê'),
        ("euml", 'ë'),
        ("agrave", 'à'),
        ("acirc", 'â'),
        ("aacute", 'á'),
        ("atilde", 'ã'),
        ("ccedil", 'ç'),
        ("ocirc", 'ô'),
        ("oacute", 'ó'),
        ("otilde", 'õ'),
        ("icirc", 'î'),
        ("iacute", 'í'),
        ("iuml", 'ï'),
        ("ucirc", 'û'),
        ("ugrave", 'ù'),
        ("uacute", 'ú'),
        ("ntilde", 'ñ'),
        ("auml", 'ä'),
        ("ouml", 'ö'),
        ("uuml", 'ü'),
        ("Auml", 'Ä'),
        ("Ouml", 'Ö'),
        ("Uuml", 'Ü'),
        ("Eacute", 'É'),
        ("Agrave", 'À'),
        ("szlig", 'ß'),
        ("iexcl", '¡'),
        ("iquest", '¿'),
        ("middot", '·'),
        ("bull", '•'),
    ];
    NAMES.iter().find(|(known, _)| *known == name).map(|&(_, letter)| letter)
}
