//! Values of a reader as they stand in a copy.

use crate::template::{Escape, PersonalSlot};

/// Letters of a value that are looked at; longer ones are no names.
const LONGEST_VALUE: usize = 400;

/// Where a value may end, in bytes from its beginning, the likeliest first.
pub(super) fn ends(slot: PersonalSlot, escape: Escape, rest: &str) -> Vec<usize> {
    let token = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    if is_token(slot) {
        return vec![rest.find(|letter| !token(letter)).unwrap_or(rest.len()).min(LONGEST_VALUE)];
    }
    let outside = |letter: char| match escape {
        Escape::None => letter == '\n',
        Escape::Html => matches!(letter, '\n' | '<' | '>' | '"'),
        Escape::Url => !(token(letter) || matches!(letter, '.' | '~' | '%')),
    };
    let end = rest.find(outside).unwrap_or(rest.len());
    rest[..end].char_indices().map(|(at, letter)| at + letter.len_utf8()).take(LONGEST_VALUE).collect()
}

const fn is_token(slot: PersonalSlot) -> bool {
    matches!(slot, PersonalSlot::UnsubscribeToken | PersonalSlot::PreferencesToken | PersonalSlot::HeartToken)
}

/// How a slot is called where its value is missed.
pub(super) fn named(slot: PersonalSlot) -> String {
    match slot {
        PersonalSlot::FirstName => "(a first name)",
        PersonalSlot::LastName => "(a last name)",
        PersonalSlot::Name => "(a name)",
        PersonalSlot::Email => "(an address)",
        PersonalSlot::UnsubscribeToken => "(the end of an unsubscribe link of ours)",
        PersonalSlot::PreferencesToken => "(the end of a preferences link of ours)",
        PersonalSlot::HeartToken => "(the end of a heart link of ours)",
    }
    .to_owned()
}

/// The value that was escaped so.
pub(super) fn unescaped(text: &str, escape: Escape) -> String {
    match escape {
        Escape::None => text.to_owned(),
        Escape::Html => [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
            .iter()
            .fold(text.to_owned(), |text, (entity, letter)| text.replace(entity, letter)),
        Escape::Url => {
            let bytes = text.as_bytes();
            let mut out = Vec::with_capacity(bytes.len());
            let mut at = 0;
            while let Some(byte) = bytes.get(at) {
                let hex = (*byte == b'%').then(|| text.get(at + 1..at + 3)).flatten();
                match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
                    Some(decoded) => {
                        out.push(decoded);
                        at += 3;
                    }
                    None => {
                        out.push(*byte);
                        at += 1;
                    }
                }
            }
            String::from_utf8_lossy(&out).into_owned()
        }
    }
}
