//! The known name nearest to one that was mistyped.

/// Longer words are nobody's typing error; it also bounds the work.
const MAX_WORD: usize = 40;

/// The known name with the fewest edits, when that is few enough to be a slip of the finger.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let word: Vec<char> = word.chars().flat_map(char::to_lowercase).take(MAX_WORD + 1).collect();
    if word.is_empty() || word.len() > MAX_WORD {
        return None;
    }
    known
        .into_iter()
        .map(|name| (distance(&word, &name.chars().collect::<Vec<_>>()), name))
        .min()
        .filter(|(edits, name)| *edits <= 1 + name.chars().count().max(word.len()) / 3)
        .map(|(_, name)| name.to_owned())
}

/// Edits (a letter added, left out, changed, or two neighbours swapped) between two words.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 0..a.len() {
        let mut row = vec![i + 1];
        for j in 0..b.len() {
            let mut best = (last[j] + usize::from(a[i] != b[j])).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_its_word_and_another_word_finds_none() {
        let known = ["toc", "quote", "question", "button", "sponsor", "forwarded"];
        for (typed, meant) in [
            ("qoute", Some("quote")),
            ("Quote", Some("quote")),
            ("boutton", Some("button")),
            ("sponser", Some("sponsor")),
            ("forward", Some("forwarded")),
            ("newsletter", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, known).as_deref(), meant, "{typed}");
        }
    }
}
