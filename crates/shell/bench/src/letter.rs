//! What is sent, and to whom: made by counting, so that every run sends the same.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use anyhow::{Context, Result};

/// Links in the letter.
const LINKS: usize = 20;
const DOMAINS: u64 = 40;
const FIRST_NAMES: &[&str] = &["Zoé", "Anatole", "Maud", "Élise", "Noé", "Inès", "Paul", "Léa", "Hugo", ""];
const LAST_NAMES: &[&str] = &["Petit", "Lefèvre", "Garcia", "Roux", "Nguyen", "Moreau", "Diallo"];

const SENTENCES: &[&str] = &[
    "Le bouton du passage piéton ne fait rien depuis 1987, mais il rassure, et c'est déjà beaucoup.",
    "On a démonté la machine à café pour comprendre le bruit ; le bruit est resté, le café est parti.",
    "Personne ne lit la notice, sauf le jour où il manque une vis, et ce jour-là elle est en néerlandais.",
    "Le banc public est le seul meuble que tout le monde possède et que personne n'emporte.",
    "Une file d'attente est une promesse : chacun passera, et chacun pensera avoir attendu plus que les autres.",
    "Ce centime du milieu, celui qu'on ne rend jamais, finance à lui seul un petit orchestre.",
];

/// The address of a reader, from 0 on.
pub(crate) fn address(number: u64) -> String {
    format!("reader{number}@mail{}.example", number % DOMAINS)
}

/// The number in an address of ours.
pub(crate) fn number(address: &str) -> Option<u64> {
    address.strip_prefix("reader")?.split_once('@')?.0.parse().ok()
}

/// Writes a CSV of readers; a tenth of them without a first name.
pub(crate) fn write_readers(file: &Path, readers: u64) -> Result<()> {
    let failed = || format!("{} cannot be written", file.display());
    let mut out = BufWriter::new(File::create(file).with_context(failed)?);
    writeln!(out, "email,first_name,last_name").with_context(failed)?;
    for reader in 0..readers {
        let first = FIRST_NAMES[(reader % FIRST_NAMES.len() as u64) as usize];
        let last = LAST_NAMES[(reader % LAST_NAMES.len() as u64) as usize];
        writeln!(out, "{},{first},{last}", address(reader)).with_context(failed)?;
    }
    out.flush().with_context(failed)
}

/// An edition with 20 links, slots for the reader's name, and so many paragraphs between them.
pub(crate) fn edition(slug: &str, paragraphs: usize) -> String {
    let mut text = format!(
        "---\ntitle: Le banc d'essai\nsubject: Le banc d'essai\npreheader: Vingt liens et beaucoup d'élan\nslug: {slug}\n\
         language: fr\n---\n\nBonjour {{first_name|la mif}},\n\nCette lettre est pour {{name|toi}}, et elle pèse ce qu'elle pèse.\n"
    );
    let mut sentence = 0;
    let mut paragraph = |text: &mut String| {
        text.push('\n');
        for _ in 0..3 {
            text.push_str(SENTENCES[sentence % SENTENCES.len()]);
            text.push(' ');
            sentence += 1;
        }
        text.pop();
        text.push('\n');
    };
    let mut written = 0;
    for link in 0..LINKS {
        if link % 5 == 0 {
            let _ = write!(text, "\n## Sujet numéro {}\n", link / 5 + 1);
        }
        while written < paragraphs * (link + 1) / LINKS {
            paragraph(&mut text);
            written += 1;
        }
        let _ = write!(
            text,
            "\nÀ lire aussi : [la suite de l'histoire numéro {link}](https://lectures.example/histoires/{link}?lettre=banc).\n"
        );
    }
    text.push_str("\nMerci, {first_name|la mif}, et à la semaine prochaine.\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_is_known_by_the_address() {
        for reader in [0, 39, 40, 99_999] {
            assert_eq!(number(&address(reader)), Some(reader));
        }
        assert_eq!(number("someone@mail1.example"), None);
    }

    #[test]
    fn a_longer_letter_has_more_paragraphs_and_as_many_links() {
        for paragraphs in [0, 7, 60] {
            let text = edition("banc", paragraphs);
            assert_eq!(text.matches("](https://").count(), LINKS);
            assert_eq!(text.matches("{first_name|la mif}").count(), 2);
            assert_eq!(
                text.lines().filter(|line| SENTENCES.iter().any(|one| line.starts_with(one))).count(),
                paragraphs
            );
        }
    }
}
