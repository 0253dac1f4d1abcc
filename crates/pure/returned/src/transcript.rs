//! The server's own words in a text that speaks about them.

use policy::answer::{Enhanced, codes_in};

/// What is kept of a server's words.
const LONGEST: usize = 800;

/// The words of the server that refused, as they stand in a notice: what follows a code, up to the end of the
/// paragraph; of a session, what the other side said last before it was over.
pub fn server_words(text: &str) -> Option<String> {
    spoken(text).or_else(|| {
        text.split("\n\n").map(one_line).find_map(|paragraph| {
            let at = code_at(&paragraph)?;
            Some(shorten(tidy(&paragraph[at..])))
        })
    })
}

/// Lines of a session that the other side spoke: `<<< 550 …`.
fn spoken(text: &str) -> Option<String> {
    let mut words: Option<String> = None;
    for line in text.lines() {
        let line = line.trim();
        let said = ["<<< ", "<-- ", "Received >>> ", ">>> 5", "S: "].iter().find_map(|mark| {
            let at = line.find(mark).filter(|at| *at < 40)?;
            let said = if *mark == ">>> 5" { &line[at + 4..] } else { &line[at + mark.len()..] };
            (code_at(said) == Some(0)).then_some(said)
        });
        match (said, &mut words) {
            // "Need RCPT" follows when the one recipient was refused.
            (Some(said), None) if !said.starts_with("503") && !said.starts_with("554 5.5.1 ") => {
                words = Some(said.to_owned());
            }
            (Some(said), Some(words)) if said.get(..3) == words.get(..3) && words.len() < LONGEST => {
                words.push(' ');
                words.push_str(said);
            }
            _ => {}
        }
    }
    words.map(|words| shorten(tidy(&words)))
}

/// Where a basic or an enhanced code stands that says no.
fn code_at(text: &str) -> Option<usize> {
    let starts = text.char_indices().filter(|(at, letter)| {
        matches!(letter, '4' | '5')
            && (*at == 0
                || text[..*at]
                    .ends_with(|before: char| before.is_whitespace() || "<([#:;\"'-,".contains(before)))
    });
    starts.map(|(at, _)| at).find(|at| {
        let rest: String = text[*at..].chars().take(14).collect();
        let (basic, enhanced) = codes_in(&rest);
        let begins_basic = basic.is_some_and(|code| rest.starts_with(&code.to_string()));
        let begins_enhanced = enhanced.is_some_and(|enhanced| rest.starts_with(&written(enhanced)));
        begins_enhanced || (begins_basic && rest.len() > 4)
    })
}

/// A code of RFC 3463 as it is written.
pub fn written((class, subject, detail): Enhanced) -> String {
    format!("{class}.{subject}.{detail}")
}

/// Line breaks become spaces.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Without the marks that gateways put around the words, and without what qmail says after them.
pub fn tidy(words: &str) -> String {
    let words = one_line(words);
    let mut words = words.split(" Giving up on ").next().unwrap_or_default();
    // A few marks, and not a text of nothing else.
    for _ in 0..8 {
        let open = |mark: char| words.matches(mark).count();
        let alone = match words.chars().next_back() {
            Some(')') => open(')') > open('('),
            Some('>') => open('>') > open('<'),
            Some('#' | ' ') => true,
            _ => false,
        };
        if !alone {
            break;
        }
        words = &words[..words.len() - 1];
    }
    words.to_owned()
}

/// Cut to what is kept.
pub fn shorten(mut words: String) -> String {
    if words.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|at| words.is_char_boundary(*at)).unwrap_or_default();
        words.truncate(end);
    }
    words
}
