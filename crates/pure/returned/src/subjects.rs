//! What mail systems and autoresponders write into subjects and first lines, in the languages they speak. All lower
//! case.

mod automatic;
mod delayed;
mod failed;
mod openings;

pub use automatic::{ABSENT, AUTOMATIC, CHALLENGE};
pub use delayed::{DELAY_SUBJECTS, DELAY_TEXTS};
pub use failed::{DELIVERED, FAILURE};
pub use openings::TEMPLATES;

/// Whether one of these stands in the text; ` * ` for up to 60 letters of anything.
pub fn one_of(text: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| match phrase.split_once(" * ") {
        None => text.contains(phrase),
        Some((first, rest)) => text
            .find(first)
            .is_some_and(|at| text[at + first.len()..].find(rest).is_some_and(|gap| gap <= 60)),
    })
}

/// Lower case, single spaces, straight quotes: the form in which phrases are looked for.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            '’' | '‘' | '`' => plain.push('\''),
            letter if letter.is_whitespace() || letter.is_control() => {
                if !plain.ends_with(' ') && !plain.is_empty() {
                    plain.push(' ');
                }
            }
            letter => plain.push(letter),
        }
    }
    plain
}

/// Whether a subject is an answer's or a forwarded mail's.
pub fn answers(subject: &str) -> bool {
    const MARKS: &[&str] = &[
        "re",
        "fw",
        "fwd",
        "aw",
        "wg",
        "tr",
        "rép",
        "rif",
        "rv",
        "enc",
        "res",
        "r",
        "i",
        "sv",
        "vs",
        "vb",
        "antw",
        "odp",
        "pd",
        "ynt",
        "ilt",
        "ha",
        "отв",
        "ответ",
        "回复",
        "答复",
        "转发",
        "回覆",
        "返信",
        "転送",
    ];
    let Some((mark, _)) = subject.trim_start().split_once([':', '：']) else { return false };
    let mark =
        mark.trim().trim_end_matches(|letter: char| letter.is_ascii_digit() || "[]()".contains(letter));
    MARKS.contains(&mark.to_lowercase().as_str())
}
