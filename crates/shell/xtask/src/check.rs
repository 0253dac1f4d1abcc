//! `cargo xtask check`: format, lints, and the rules of the house, one module a rule.
//!
//! Our rules come first, since they take a second; each fault is a line with its place and what to do.

mod arrows;
mod languages;
mod licences;
mod purity;
mod query_names;
mod spdx;
mod sql;
mod tidiness;

use std::fmt;
use std::path::Path;

use anyhow::{Result, bail};

use crate::commands::{cargo, run as run_command};
use crate::steps::Steps;
use crate::tree::{File, Tree};

/// A rule broken: where, and a sentence that says what and how to mend it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fault {
    path: String,
    line: usize,
    words: String,
}

impl Fault {
    /// A fault at a line, from 1; 0 for the file as a whole.
    pub(crate) fn new(file: &File, line: usize, words: impl Into<String>) -> Fault {
        Fault { path: file.path.clone(), line, words: words.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(out, "{}: {}", self.path, self.words),
            line => write!(out, "{}:{line}: {}", self.path, self.words),
        }
    }
}

type Rule = fn(&Tree) -> Vec<Fault>;

/// Our own rules, by the sentence each holds.
const RULES: &[(&str, Rule)] = &[
    ("arrows between crates point down and follow the graph of slices", arrows::faults),
    ("SQL stands in queries.rs and only store names a driver", sql::faults),
    ("pure crates know no clock, chance, file or socket", purity::faults),
    ("every word is there in French and English", languages::faults),
    ("every query is listed and bears its slice's name", query_names::faults),
    ("files are short and finished", tidiness::faults),
];

/// Runs the command.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<()> {
    let only_rules = match arguments {
        [] => false,
        [word] if word == "--rules" => true,
        other => bail!("check knows --rules only, not {}", other.join(" ")),
    };
    let mut steps = Steps::default();
    // Each step runs even when an earlier one failed: one run shows everything there is to mend.
    let mut failed = Vec::new();
    let mut keep = |name: &'static str, result: Result<()>| {
        if let Err(error) = result {
            eprintln!("{error:#}\n");
            failed.push(name);
        }
    };
    keep("rules", steps.step("rules of the house", || rules(root)));
    if !only_rules {
        let format = || run_command(cargo(root).args(["fmt", "--all", "--check"]));
        keep("format", steps.step("format", format));
        let lints = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
        keep("lints", steps.step("lints", || run_command(cargo(root).args(lints))));
        // Last, when the lints have fetched what the lock file names.
        keep("licences", steps.step("licences", || report("licences", &licences::faults(root)?)));
    }
    eprint!("\n{steps}");
    if !failed.is_empty() {
        bail!("{} to mend; see above", failed.join(", "));
    }
    Ok(())
}

fn rules(root: &Path) -> Result<()> {
    let tree = Tree::read(root)?;
    let mut broken = Vec::new();
    for (sentence, rule) in RULES {
        let mut faults = rule(&tree);
        faults.sort();
        if let Err(error) = report(sentence, &faults) {
            broken.push(error.to_string());
        }
    }
    if !broken.is_empty() {
        bail!("{}", broken.join("\n"));
    }
    Ok(())
}

fn report(sentence: &str, faults: &[Fault]) -> Result<()> {
    for fault in faults {
        eprintln!("{fault}");
    }
    match faults.len() {
        0 => Ok(()),
        1 => bail!("1 fault against: {sentence}"),
        number => bail!("{number} faults against: {sentence}"),
    }
}

/// The faults of a rule on a made-up house, as lines.
#[cfg(test)]
fn lines(rule: Rule, files: &[(&str, &str)]) -> Vec<String> {
    let mut faults = rule(&Tree::of(files));
    faults.sort();
    faults.iter().map(Fault::to_string).collect()
}
