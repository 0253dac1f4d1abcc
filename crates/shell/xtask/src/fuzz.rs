//! `cargo xtask fuzz`: the parsers of what strangers send, fed for a while with what nobody would send.
//!
//! libFuzzer comes with its crate and g++ builds it; the compiler's counters of covered code are flags of stable Rust.
//! So this needs neither a nightly toolchain nor cargo-fuzz. What it finds stays in `target/`: the seeds in
//! `fuzz/corpus` are only read.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use anyhow::{Context, Result, anyhow, bail};

use crate::commands::{cargo, output, run as run_command};

/// How long each target runs when nothing else is said.
pub(crate) const SECONDS: u64 = 60;
/// As many as the machines of continuous integration have cores.
const AT_ONCE: usize = 2;
/// Longer inputs find nothing that these do not, and slow the search down.
const LONGEST: usize = 16 * 1024;
/// One input that takes so many seconds is a finding; what is slow for another reason, on a busy machine, is not.
const TOO_SLOW: u64 = 25;
/// Octets of memory, in MB, that no input of ours is worth.
const TOO_LARGE: u64 = 2_048;

/// What cargo-fuzz passes too: counters for each edge, checks of arithmetic, and no code thrown away.
const FLAGS: &[&str] = &[
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Clink-dead-code",
    "-Ccodegen-units=1",
    "-Cdebug-assertions",
    "--cfg=fuzzing",
];

/// Runs the command.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<()> {
    let known = targets(root)?;
    let asked = Asked::read(arguments, &known)?;
    let targets = if asked.targets.is_empty() { &known } else { &asked.targets };
    run_targets(root, asked.seconds, Search::GoesOn, targets)
}

/// All targets, so many seconds each; a step of `cargo xtask test`.
pub(crate) fn all(root: &Path, seconds: u64) -> Result<()> {
    run_targets(root, seconds, Search::Same, &targets(root)?)
}

/// Where a search begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Search {
    /// From what earlier searches found, by chance: the command, to find something new.
    GoesOn,
    /// From the seeds of the tree, always the same way: the tests, in which luck has no place.
    Same,
}

#[derive(Debug, PartialEq)]
struct Asked {
    seconds: u64,
    targets: Vec<String>,
}

impl Asked {
    fn read(arguments: &[String], known: &[String]) -> Result<Asked> {
        let mut asked = Asked { seconds: SECONDS, targets: Vec::new() };
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--seconds" => {
                    let number =
                        words.next().and_then(|number| number.parse().ok()).filter(|number| *number > 0);
                    asked.seconds = number.context("--seconds needs a number of seconds")?;
                }
                target if known.iter().any(|name| name == target) => asked.targets.push(target.to_owned()),
                other => bail!("fuzz knows --seconds N and the targets {}; not {other}", known.join(", ")),
            }
        }
        Ok(asked)
    }
}

/// The names of the targets, as `fuzz/Cargo.toml` lists them.
fn targets(root: &Path) -> Result<Vec<String>> {
    let file = root.join("fuzz/Cargo.toml");
    let text = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    let manifest: toml::Table =
        text.parse().with_context(|| format!("{} is not understood", file.display()))?;
    let targets = manifest.get("bin").and_then(toml::Value::as_array).into_iter().flatten();
    let names = targets.filter_map(|target| target.get("name")?.as_str().map(str::to_owned));
    Ok(names.collect())
}

fn run_targets(root: &Path, seconds: u64, search: Search, targets: &[String]) -> Result<()> {
    let programs = build(root, targets)?;
    let (waiting, faults) = (Mutex::new(targets.to_vec()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let next = waiting.lock().ok().and_then(|mut waiting| waiting.pop());
                    let Some(target) = next else { break };
                    match one(root, &programs, &target, seconds, search) {
                        Ok(said) => eprintln!("  {target:<14} {said}"),
                        Err(fault) => {
                            eprintln!("  {target:<14} FAILED");
                            if let Ok(mut faults) = faults.lock() {
                                faults.push(fault);
                            }
                        }
                    }
                }
            });
        }
    });
    let faults = faults.into_inner().map_err(|_| anyhow!("a thread broke"))?;
    if faults.is_empty() {
        return Ok(());
    }
    let shown: Vec<String> = faults.iter().map(|fault| format!("{fault:#}")).collect();
    bail!("{} of {} targets failed.\n\n{}", faults.len(), targets.len(), shown.join("\n\n"))
}

/// Builds the targets with their own flags in their own folder; the folder with the programs.
fn build(root: &Path, targets: &[String]) -> Result<PathBuf> {
    let said = output(Command::new("rustc").arg("-vV"))?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    let mut build = cargo(root);
    build.args(["build", "--release", "--manifest-path", "fuzz/Cargo.toml", "--target-dir", "target/fuzz"]);
    // With a target named, the flags are not given to build scripts and macros.
    build.args(["--target", host]);
    for target in targets {
        build.args(["--bin", target]);
    }
    build.env("RUSTFLAGS", FLAGS.join(" ")).env_remove("CARGO_ENCODED_RUSTFLAGS");
    run_command(&mut build).context("the fuzz targets do not build (libFuzzer needs g++)")?;
    Ok(root.join("target/fuzz").join(host).join("release"))
}

/// Runs one target; what it did, or how to see what it found.
fn one(root: &Path, programs: &Path, target: &str, seconds: u64, search: Search) -> Result<String> {
    let found = match search {
        Search::GoesOn => folder(root, "corpus", target)?,
        Search::Same => {
            let found = folder(root, "same", target)?;
            fs::remove_dir_all(&found).with_context(|| format!("{} cannot be emptied", found.display()))?;
            folder(root, "same", target)?
        }
    };
    let artifacts = folder(root, "artifacts", target)?;
    let log = folder(root, "logs", target)?.join("log");
    let file = File::create(&log).with_context(|| format!("{} cannot be written", log.display()))?;
    let errors = file.try_clone().context("a file cannot be shared")?;
    let program = programs.join(target);
    let mut command = Command::new(&program);
    // New finds go to the first folder; the others are read only.
    command.arg(&found).arg(root.join("fuzz/corpus").join(target));
    command.arg(format!("-artifact_prefix={}/", artifacts.display()));
    command.arg(format!("-max_total_time={seconds}"));
    if search == Search::Same {
        command.arg("-seed=1");
    }
    command.arg(format!("-max_len={LONGEST}"));
    command.arg(format!("-timeout={TOO_SLOW}"));
    command.arg(format!("-rss_limit_mb={TOO_LARGE}"));
    command.arg("-print_final_stats=1");
    command.current_dir(root).stdin(Stdio::null()).stdout(file).stderr(errors);
    let status = command.status().with_context(|| format!("{} could not be started", program.display()))?;
    let said = String::from_utf8_lossy(&fs::read(&log).unwrap_or_default()).into_owned();
    if status.success() {
        return Ok(account(&said));
    }
    let Some(input) = written(&said) else {
        bail!("{target} ended with {status}; it wrote to {}:\n{}", log.display(), last_lines(&said, 15));
    };
    bail!(
        "{target} does not bear an input. It is in {input}\nSee it again: {} {input}\nWhen it is repaired, keep the \
         input in fuzz/corpus/{target}/.\n{}",
        program.display(),
        complaint(&said)
    )
}

fn folder(root: &Path, kind: &str, target: &str) -> Result<PathBuf> {
    let folder = root.join("target/fuzz").join(kind).join(target);
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    Ok(folder)
}

/// `stat::number_of_executed_units: 81234` and the last line with coverage.
fn account(said: &str) -> String {
    let number = |name: &str| said.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let runs = number("stat::number_of_executed_units:").unwrap_or("?");
    let covered = said.lines().rev().find_map(|line| line.split_once(" cov: ")?.1.split_whitespace().next());
    format!("{runs} inputs, {} edges of code", covered.unwrap_or("?"))
}

/// The file that libFuzzer wrote the input to.
fn written(said: &str) -> Option<&str> {
    said.lines().find_map(|line| line.split_once("Test unit written to ").map(|(_, path)| path.trim()))
}

/// What the target complained of, without libFuzzer's own numbers.
fn complaint(said: &str) -> String {
    let begin =
        said.lines().position(|line| line.contains("panicked at") || line.contains("ERROR: libFuzzer"));
    let lines: Vec<&str> = said.lines().skip(begin.unwrap_or_default()).take(12).collect();
    lines.join("\n")
}

fn last_lines(said: &str, count: usize) -> String {
    let lines: Vec<&str> = said.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn targets_and_seconds_are_asked_for_by_name() {
        let known = words("dsn arf");
        let asked = Asked::read(&words("--seconds 5 arf"), &known).unwrap();
        assert_eq!(asked, Asked { seconds: 5, targets: words("arf") });
        assert_eq!(Asked::read(&[], &known).unwrap(), Asked { seconds: SECONDS, targets: Vec::new() });
        assert!(Asked::read(&words("--seconds 0"), &known).is_err());
        let error = Asked::read(&words("dsm"), &known).unwrap_err().to_string();
        assert_eq!(error, "fuzz knows --seconds N and the targets dsn, arf; not dsm");
    }

    #[test]
    fn each_target_of_the_tree_has_seeds() {
        let root = crate::tree::root().unwrap();
        let targets = targets(&root).unwrap();
        assert!(targets.len() >= 6, "{targets:?}");
        for target in targets {
            let seeds = fs::read_dir(root.join("fuzz/corpus").join(&target)).unwrap();
            assert!(seeds.count() > 0, "{target}");
        }
    }

    #[test]
    fn what_libfuzzer_says_is_understood() {
        let good = "#2 INITED cov: 10 ft: 11\n#512 NEW    cov: 42 ft: 50 corp: 2/2b\nDone\n\
                    stat::number_of_executed_units: 81234\n";
        assert_eq!(account(good), "81234 inputs, 42 edges of code");
        let bad = "#1 cov: 3\nthread '<unnamed>' panicked at src/x.rs:1:1:\nno\n==1== ERROR: libFuzzer: deadly signal\n\
                   artifact_prefix='a/'; Test unit written to a/crash-1\n";
        assert_eq!(written(bad), Some("a/crash-1"));
        assert!(complaint(bad).starts_with("thread '<unnamed>' panicked at src/x.rs:1:1:\nno\n"));
        assert_eq!(written(good), None);
    }
}
