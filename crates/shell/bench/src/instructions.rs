//! `bench instructions`: how many instructions each step of a mail takes, counted by callgrind and compared with what is
//! written down. A count does not depend on what else the machine does, so a slow-down shows in review.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::hot::{STEPS, Step};
use crate::page::thousands;

/// Percent. Compilers and libraries move a count by a little without anybody meaning it.
const GROWTH: u64 = 3;
/// The function that callgrind counts in, as symbols are written.
const COUNTED: &str = "*hot*counted_from_here*";
const HEAD: &str = "# Instructions that each step of a mail takes, on one of the 20 KB letters of the benchmark.\n\
                    # `cargo xtask bench instructions` counts again and fails where a step has grown by more than 3 %;\n\
                    # `cargo xtask bench instructions --accept` writes this file. Other versions of the compiler or of\n\
                    # valgrind count a little differently: accept, and say so in the commit.\n";

/// What to do with the counts.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Write the counts down instead of comparing
    #[arg(long)]
    accept: bool,
    /// Where they are written down
    #[arg(long, value_name = "FILE", default_value = "docs/instructions.txt")]
    file: PathBuf,
}

/// Counts, and compares or writes.
pub(crate) fn run(options: &Options) -> Result<()> {
    let counts = count_all()?;
    if options.accept {
        fs::write(&options.file, written(&counts))
            .with_context(|| format!("{} cannot be written", options.file.display()))?;
        eprintln!("written to {}", options.file.display());
        return Ok(());
    }
    let known = fs::read_to_string(&options.file).with_context(|| {
        format!(
            "{} cannot be read; `cargo xtask bench instructions --accept` makes it",
            options.file.display()
        )
    })?;
    compare(&read(&known)?, &counts)
}

fn count_all() -> Result<BTreeMap<&'static str, u64>> {
    let mut counts = BTreeMap::new();
    for step in STEPS {
        eprintln!("  {}…", step.name);
        counts.insert(step.name, count(step)?);
    }
    let whole = counts.clone();
    for step in STEPS {
        if let (Some(count), Some(other)) = (counts.get_mut(step.name), step.without) {
            *count = count.saturating_sub(whole.get(other).copied().unwrap_or_default());
        }
    }
    Ok(counts)
}

/// Instructions of one time.
fn count(step: &Step) -> Result<u64> {
    let ourselves = std::env::current_exe().context("our own program cannot be found")?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--collect-atstart=no"])
        .arg(format!("--toggle-collect={COUNTED}"))
        .arg(&ourselves)
        .args(["hot", step.name, &step.times.to_string()])
        .output()
        .context("valgrind could not be started; it is a package of its own")?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("valgrind ended with {} at the step {}:\n{said}", output.status, step.name);
    }
    match collected(&said) {
        Some(all) if all > 0 => Ok(all / step.times),
        _ => bail!(
            "callgrind did not find {COUNTED} in {}: was it built without symbols?\n{said}",
            ourselves.display()
        ),
    }
}

/// `==42== Collected : 123456`.
fn collected(said: &str) -> Option<u64> {
    let line = said.lines().rev().find_map(|line| line.split_once("Collected :"))?;
    line.1.split_whitespace().next()?.parse().ok()
}

fn written(counts: &BTreeMap<&str, u64>) -> String {
    let mut text = HEAD.to_owned();
    for step in STEPS {
        if let Some(count) = counts.get(step.name) {
            let _ = writeln!(text, "{:<12} {count:>9}  {}", step.name, step.what);
        }
    }
    text
}

fn read(text: &str) -> Result<BTreeMap<String, u64>> {
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines
        .map(|line| {
            let mut words = line.split_whitespace();
            let pair = words.next().zip(words.next().and_then(|count| count.parse().ok()));
            pair.map(|(name, count)| (name.to_owned(), count))
                .with_context(|| format!("not a count: {line:?}"))
        })
        .collect()
}

/// Shows all; an error names what has grown.
fn compare(known: &BTreeMap<String, u64>, counts: &BTreeMap<&str, u64>) -> Result<()> {
    let (mut grown, mut shrunk) = (Vec::new(), false);
    for (name, count) in counts {
        let Some(before) = known.get(*name) else {
            bail!("the step {name} is not written down yet: `cargo xtask bench instructions --accept`");
        };
        let change = *count as f64 / (*before).max(1) as f64 - 1.0;
        println!("{name:<12} {:>12}  {:+.1} %", thousands(*count as f64), change * 100.0);
        if count * 100 > before * (100 + GROWTH) {
            grown.push(format!("{name} from {} to {}", thousands(*before as f64), thousands(*count as f64)));
        }
        shrunk |= count * 100 < before * (100 - GROWTH);
    }
    if !grown.is_empty() {
        bail!(
            "more instructions than written down: {}. Where that is meant, `cargo xtask bench instructions --accept` \
             writes the new counts; say why in the commit",
            grown.join(", ")
        );
    }
    if shrunk {
        println!(
            "Some step takes less than is written down: `cargo xtask bench instructions --accept` keeps it so."
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_callgrind_collected_is_read() {
        let said =
            "==42== Events    : Ir\n==42== Collected : 123456\n==42==\n==42== I   refs:      123,456\n";
        assert_eq!(collected(said), Some(123_456));
        assert_eq!(collected("nothing"), None);
    }

    #[test]
    fn growth_of_more_than_three_percent_is_an_error_that_says_how_to_accept_it() {
        let known = read("# c\nfill 1000 words\nhead 200\n").unwrap();
        assert!(compare(&known, &BTreeMap::from([("fill", 1_030), ("head", 100)])).is_ok());
        let error =
            compare(&known, &BTreeMap::from([("fill", 1_031), ("head", 200)])).unwrap_err().to_string();
        assert!(error.contains("fill from 1,000 to 1,031") && error.contains("--accept"), "{error}");
        assert!(compare(&known, &BTreeMap::from([("new", 1)])).is_err());
        assert!(read("fill many\n").is_err());
    }

    #[test]
    fn what_is_written_is_read_again_with_every_step() {
        let counts: BTreeMap<&str, u64> = STEPS.iter().map(|step| (step.name, 7)).collect();
        assert_eq!(read(&written(&counts)).unwrap().len(), STEPS.len());
    }
}
