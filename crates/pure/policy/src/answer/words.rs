//! An answer's words in the one form in which phrases are looked for.

/// More is not looked at.
const LONGEST: usize = 3000;
/// How much may stand in place of a ` * `.
const GAP: usize = 80;

/// The words of an answer: lower case, single spaces, without line breaks, addresses and the names of the hosts that
/// spoke.
pub(super) struct Words {
    text: String,
    /// Which three bytes stand somewhere in the text, by their hash: most of a thousand phrases are told absent
    /// without looking for them.
    triples: Box<[u64; BITS / 64]>,
}

const BITS: usize = 1 << 15;

impl Words {
    pub(super) fn new(text: &str) -> Self {
        let mut plain = String::with_capacity(text.len().min(LONGEST) + 2);
        for letter in text.chars().take(LONGEST).flat_map(char::to_lowercase) {
            match letter {
                '’' | '‘' | '`' | '´' => plain.push('\''),
                '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}' => {}
                letter if letter.is_whitespace() || letter.is_control() => {
                    if !plain.ends_with(' ') {
                        plain.push(' ');
                    }
                }
                letter => plain.push(letter),
            }
        }
        let plain = plain
            .replace("can't", "cannot")
            .replace("won't", "will not")
            .replace("n't ", " not ")
            .replace("doesnt ", "does not ");
        // IronPort says so before whatever the other server said at RCPT.
        let plain = plain.replace("unknown address error", "");
        let text = without_names(&without_repeated_codes(&plain));
        let mut triples = Box::new([0; BITS / 64]);
        for triple in text.as_bytes().windows(3) {
            let bit = hash(triple);
            triples[bit / 64] |= 1 << (bit % 64);
        }
        Self { text, triples }
    }

    pub(super) fn has_one_of(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.has(phrase))
    }

    pub(super) fn has(&self, phrase: &str) -> bool {
        if !self.may_have(phrase) {
            return false;
        }
        let Some((first, rest)) = phrase.split_once(" * ") else {
            return find(&self.text, phrase, 0).is_some();
        };
        let mut from = 0;
        while let Some(at) = find(&self.text, first, from) {
            if follows(&self.text, at + first.len(), rest) {
                return true;
            }
            from = at + first.len();
        }
        false
    }

    fn may_have(&self, phrase: &str) -> bool {
        let bytes = phrase.as_bytes();
        [bytes.get(..3), bytes.get(bytes.len().saturating_sub(3)..)].into_iter().flatten().all(|triple| {
            triple.len() < 3 || {
                let bit = hash(triple);
                self.triples[bit / 64] & 1 << (bit % 64) != 0
            }
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    #[cfg(test)]
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }
}

fn hash(triple: &[u8]) -> usize {
    let number = triple.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    (number.wrapping_mul(0x9e37_79b1) >> 17) as usize
}

fn follows(text: &str, from: usize, rest: &str) -> bool {
    let (next, more) = rest.split_once(" * ").map_or((rest, None), |(next, more)| (next, Some(more)));
    let Some(at) = find(text, next, from) else { return false };
    at - from <= GAP && more.is_none_or(|more| follows(text, at + next.len(), more))
}

/// Where a phrase stands from here on, beginning where a word begins.
fn find(text: &str, phrase: &str, mut from: usize) -> Option<usize> {
    let word = phrase.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric);
    loop {
        let at = from + text.get(from..)?.find(phrase)?;
        if !word || at == 0 || !text.as_bytes()[at - 1].is_ascii_alphanumeric() {
            return Some(at);
        }
        from = at + 1;
    }
}

/// `550-5.1.1 no such 550-5.1.1 user` was two lines: what begins a line is said once.
fn without_repeated_codes(text: &str) -> String {
    let mut words: Vec<&str> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for word in text.split(' ') {
        let bytes = word.as_bytes();
        let code =
            bytes.len() >= 3 && bytes[..3].iter().all(u8::is_ascii_digit) && matches!(bytes[0], b'4' | b'5');
        if code && (bytes.len() == 3 || bytes[3] == b'-') {
            if seen.contains(&&word[..3]) {
                if let Some(rest) = word.get(4..).filter(|rest| !rest.is_empty() && !is_enhanced(rest)) {
                    words.push(rest);
                }
                continue;
            }
            seen.push(&word[..3]);
        } else if is_enhanced(word) {
            if seen.contains(&word) {
                continue;
            }
            seen.push(word);
        }
        words.push(word);
    }
    words.join(" ")
}

fn is_enhanced(word: &str) -> bool {
    matches!(word.as_bytes(), [b'4' | b'5', b'.', b'0'..=b'9', b'.', rest @ ..] if !rest.is_empty() && rest.len() < 4
        && rest.iter().all(u8::is_ascii_digit))
}

/// Addresses become `@`, and the hosts that spoke go: "spam" in a name says nothing.
fn without_names(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut last = "";
    for word in text.split(' ') {
        if !plain.is_empty() {
            plain.push(' ');
        }
        let speaks = last == "host" && word.contains('.') && word.as_bytes()[0].is_ascii_alphanumeric();
        if word.contains('@') {
            let inside = |letter: char| letter.is_alphanumeric() || "@._+-=/!%*'{}~&$^|?#".contains(letter);
            for piece in word.split_inclusive(|letter| !inside(letter)) {
                let body = piece.trim_end_matches(|letter| !inside(letter));
                plain.push_str(if body.contains('@') { "@" } else { body });
                plain.push_str(&piece[body.len()..]);
            }
        } else if speaks {
            plain.truncate(plain.trim_end().len());
        } else if let Some(rest) = word.strip_prefix("name=") {
            plain.push_str(if rest.is_empty() { word } else { "name=" });
        } else {
            plain.push_str(word);
        }
        last = word;
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_and_repeated_lines_become_one_sentence_without_names() {
        let said = "550-5.1.1 The account\r\n\t550-5.1.1 you tried DOESN’T exist at spam@virus.example,\n550 5.1.1 bye";
        assert_eq!(
            Words::new(said).as_str(),
            "550-5.1.1 the account you tried does not exist at @, 5.1.1 bye"
        );
        assert_eq!(
            Words::new("host mx.spam.example[192.0.2.1] said: 550 <a+b@c.example>... no").as_str(),
            "host said: 550 <@>... no"
        );
    }

    #[test]
    fn a_phrase_begins_where_a_word_begins_and_a_star_does_not_reach_far() {
        let words = Words::new("a reduced account of Ada has been closed");
        assert!(words.has("account * has been closed") && words.has("account of") && !words.has("duced"));
        assert!(!Words::new(&format!("account {} closed", "x ".repeat(60))).has("account * closed"));
        assert!(Words::new("ÉTÉ は 容量を超え").has("容量を超え"));
    }
}
