//! `cargo xtask test`: everything, with real neighbours, from what must be installed to what must be stopped.

mod trace;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::commands::{cargo, run as run_command};
use crate::fuzz;
use crate::install;
use crate::postgres::Postgres;
use crate::steps::Steps;

/// Where the tests find PostgreSQL; each makes its own database there.
const POSTGRES: &str = "SOUCOUPE_TEST_POSTGRES";
/// The folder in which store notes each query that ran, and on which engine.
const TRACE: &str = "SOUCOUPE_TEST_QUERY_TRACE";
/// Asks tests with a long form for it.
const LONG: &str = "SOUCOUPE_TEST_LONG";

/// What was asked on the command line.
#[derive(Debug, PartialEq)]
struct Asked {
    long: bool,
    /// How long each fuzz target runs; 0 leaves them out.
    fuzz_seconds: u64,
    for_cargo: Vec<String>,
}

impl Asked {
    fn read(arguments: &[String]) -> Result<Asked> {
        let mut asked = Asked { long: false, fuzz_seconds: fuzz::SECONDS, for_cargo: Vec::new() };
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--long" => asked.long = true,
                "--fuzz-seconds" => {
                    let number = words.next().and_then(|number| number.parse().ok());
                    asked.fuzz_seconds =
                        number.context("--fuzz-seconds needs a number; 0 leaves fuzzing out")?;
                }
                "--" => asked.for_cargo = words.by_ref().cloned().collect(),
                other => bail!(
                    "test knows --long, --fuzz-seconds N and, after --, arguments for cargo test; not {other}"
                ),
            }
        }
        Ok(asked)
    }

    fn names_a_crate(&self) -> bool {
        let for_cargo = self.for_cargo.iter().take_while(|word| *word != "--");
        for_cargo.into_iter().any(|word| word.starts_with("-p") || word.starts_with("--package"))
    }
}

/// Runs the command.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<()> {
    let asked = Asked::read(arguments)?;
    let mut steps = Steps::default();
    let result = all(root, &asked, &mut steps);
    eprint!("\n{steps}");
    result
}

fn all(root: &Path, asked: &Asked, steps: &mut Steps) -> Result<()> {
    steps.step("install what is missing", install::ensure)?;
    let postgres = steps.step("start PostgreSQL", || Postgres::start(root))?;
    let traces = root.join("target/xtask/query-trace");
    if traces.exists() {
        fs::remove_dir_all(&traces).with_context(|| format!("{} cannot be removed", traces.display()))?;
    }
    fs::create_dir_all(&traces).with_context(|| format!("{} cannot be made", traces.display()))?;
    steps.step("build the program", || run_command(cargo(root).args(["build", "--package", "soucoupe"])))?;
    steps.step("tests", || {
        let mut tests = cargo(root);
        tests.args(["test", "--no-fail-fast"]);
        if !asked.names_a_crate() {
            tests.arg("--workspace");
        }
        tests.args(&asked.for_cargo);
        tests.env(POSTGRES, postgres.url()).env(TRACE, &traces);
        if asked.long {
            tests.env(LONG, "1");
        }
        run_command(&mut tests)
    })?;
    if asked.for_cargo.is_empty() {
        steps.step("every query ran on both engines", || trace::compare(root, &traces))?;
    } else {
        eprintln!("Whether every query ran on both engines is looked at when all tests run.");
    }
    steps.step("stop PostgreSQL", || {
        drop(postgres);
        Ok(())
    })?;
    if asked.for_cargo.is_empty() && asked.fuzz_seconds > 0 {
        steps.step("fuzz the parsers", || fuzz::all(root, asked.fuzz_seconds))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Asked;

    fn read(words: &[&str]) -> anyhow::Result<Asked> {
        Asked::read(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn what_stands_after_the_dashes_is_for_cargo() {
        let asked = read(&["--long", "--", "-p", "store", "--", "--nocapture"]).unwrap();
        assert!(asked.long);
        assert_eq!(asked.for_cargo, ["-p", "store", "--", "--nocapture"]);
        assert!(asked.names_a_crate() && !read(&["--", "--", "-p"]).unwrap().names_a_crate());
        assert!(read(&["--fast"]).is_err());
        assert_eq!(read(&["--fuzz-seconds", "5"]).unwrap().fuzz_seconds, 5);
        assert!(read(&["--fuzz-seconds"]).is_err());
    }
}
