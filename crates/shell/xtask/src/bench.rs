//! `cargo xtask bench`: builds the program and the stopwatch (crate `bench`) as a user gets them, and runs the latter.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::commands::{cargo, run as run_command};
use crate::install;
use crate::postgres::Postgres;
use crate::steps::Steps;

/// Where the stopwatch finds a PostgreSQL that keeps what it commits.
const POSTGRES: &str = "SOUCOUPE_BENCH_POSTGRES";

/// Runs the command.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<()> {
    let packages: &[&str] = match arguments.first().map(String::as_str) {
        Some("send") => &["soucoupe", "bench"],
        Some("instructions" | "sink") => &["bench"],
        _ => bail!(
            "bench knows send, instructions and sink; `cargo xtask bench send --help` says what it takes"
        ),
    };
    let mut steps = Steps::default();
    if arguments[0] == "instructions" {
        steps.step("install what is missing", install::ensure_counting)?;
    }
    steps.step("build for release", || {
        let mut build = cargo(root);
        build.args(["build", "--release"]);
        for package in packages {
            build.args(["--package", package]);
        }
        run_command(&mut build)
    })?;
    let postgres = match wants_postgres(arguments) {
        true => Some(steps.step("start PostgreSQL", || Postgres::start_durable(root))?),
        false => None,
    };
    let measured = steps.step("measure", || {
        let mut bench = Command::new(root.join("target/release/bench"));
        bench.args(arguments).current_dir(root);
        if let Some(postgres) = &postgres {
            bench.env(POSTGRES, postgres.url());
        }
        run_command(&mut bench)
    });
    eprint!("\n{steps}");
    measured
}

fn wants_postgres(arguments: &[String]) -> bool {
    let asked = |word: &str| arguments.iter().any(|argument| argument == word);
    asked("--engine=postgres")
        || (asked("--matrix") && !asked("--help"))
        || arguments.windows(2).any(|words| words[0] == "--engine" && words[1] == "postgres")
}

#[cfg(test)]
mod tests {
    use super::wants_postgres;

    #[test]
    fn a_server_is_started_only_when_asked_for() {
        let wants =
            |line: &str| wants_postgres(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        assert!(wants("send --engine postgres --sign") && wants("send --engine=postgres"));
        assert!(wants("send --matrix --write") && !wants("send --matrix --help"));
        assert!(!wants("send --engine sqlite") && !wants("send") && !wants("send --folder postgres"));
    }
}
