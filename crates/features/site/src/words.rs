//! How long an article takes.

/// Words a minute of someone who reads on a screen for pleasure.
const A_MINUTE: usize = 230;

/// Minutes to read an article, at least one. Only its text counts.
pub(crate) fn minutes(html: &str) -> usize {
    count(html).div_ceil(A_MINUTE).max(1)
}

/// Words of the text of our own markup, where text has no bare `<`.
fn count(html: &str) -> usize {
    html.split('<')
        .map(|part| part.split_once('>').map_or(part, |(_, text)| text))
        .flat_map(str::split_whitespace)
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_read_takes_time() {
        for (html, words) in [
            ("", 0),
            ("<p>Deux mots</p>", 2),
            ("<p class=\"a b c\">Un</p>\n<hr>\n<p>et deux : non, trois !</p>", 5),
        ] {
            assert_eq!(count(html), words, "{html}");
        }
        assert_eq!(minutes(""), 1);
        assert_eq!(minutes(&"mot ".repeat(2300)), 10);
    }
}
