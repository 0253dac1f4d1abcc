//! The letter of a run: how many paragraphs make a mail of the size asked for, and one such mail.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::cell::Place;
use crate::letter;
use crate::program::{Engine, Program};
use crate::sink::Running;

/// Paragraphs of the two letters from which the length of the real one is reckoned.
const TRIALS: [usize; 2] = [4, 44];

/// The letter, and one mail of it as the sink took it.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    /// Paragraphs between the links.
    pub(crate) paragraphs: usize,
    /// A file with the mail.
    pub(crate) message: PathBuf,
    /// Its octets.
    pub(crate) size: u64,
}

/// Samples found so far: by size in KB, and whether the mail is signed.
#[derive(Default)]
pub(crate) struct Samples(HashMap<(u64, bool), Sample>);

impl Samples {
    /// The sample of this size, found out when it is asked for first.
    pub(crate) fn of(&mut self, place: &Place<'_>, letter: u64, sign: bool) -> Result<Sample> {
        if let Some(known) = self.0.get(&(letter, sign)) {
            return Ok(known.clone());
        }
        let sample = find(place, letter, sign)?;
        eprintln!("a mail of {} octets, {} paragraphs", sample.size, sample.paragraphs);
        self.0.insert((letter, sign), sample.clone());
        Ok(sample)
    }
}

/// On an instance of its own, on SQLite: the mail is the same on both engines.
fn find(place: &Place<'_>, letter: u64, sign: bool) -> Result<Sample> {
    let folder = place.new_folder(&format!("sample-{letter}-{sign}"))?;
    let program = Program::fresh(place.program, &folder, Engine::Sqlite, 1)?;
    if sign {
        program.make_key()?;
    }
    program.import(&folder, 1)?;
    let asked = letter * 1_000;
    let size_of = |paragraphs: usize| {
        let message = folder.join(format!("{paragraphs}.eml"));
        one_mail(&program, &folder, paragraphs, &message)?;
        let size = fs::metadata(&message).context("the sample is lost")?.len();
        Ok::<_, anyhow::Error>((message, size))
    };
    let [few, many] = TRIALS;
    let ((_, least), (_, most)) = (size_of(few)?, size_of(many)?);
    let paragraph = (most.saturating_sub(least) as f64 / (many - few) as f64).max(1.0);
    let paragraphs = few as f64 + (asked as f64 - least as f64) / paragraph;
    // The trials have their slugs already.
    let mut paragraphs = paragraphs.round().max(0.0) as usize;
    while TRIALS.contains(&paragraphs) {
        paragraphs += 1;
    }
    let (message, size) = size_of(paragraphs)?;
    Ok(Sample { paragraphs, message, size })
}

/// Sends one edition to one reader and keeps the mail.
fn one_mail(program: &Program, folder: &Path, paragraphs: usize, message: &Path) -> Result<()> {
    let name = format!("essai-{paragraphs}");
    let slug = program.edition(&name, &letter::edition(&name, paragraphs))?;
    let sink = Running::start(&folder.join(format!("{name}.log")), Some(message), 0)?;
    program.output_with(&["edition", "send", &slug, "--wait"], Some(sink.address()))?;
    sink.stop().map(|_| ())
}
