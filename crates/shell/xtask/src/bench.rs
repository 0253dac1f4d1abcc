//! `cargo xtask bench`: builds the program and the stopwatch (crate `bench`) as a user gets them, and runs the latter.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::commands::{cargo, run as run_command};
use crate::postgres::Postgres;
use crate::steps::Steps;

/// Where the stopwatch finds a PostgreSQL that keeps what it commits.
const POSTGRES: &str = "SOUCOUPE_BENCH_POSTGRES";

/// Runs the command.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<()> {
    if arguments.first().is_none_or(|word| word != "send") {
        bail!("bench knows send only: `cargo xtask bench send --help` says what it takes");
    }
    let mut steps = Steps::default();
    steps.step("build for release", || {
        run_command(cargo(root).args(["build", "--release", "--package", "soucoupe", "--package", "bench"]))
    })?;
    let postgres = match wants_postgres(arguments) {
        true => Some(steps.step("start PostgreSQL", || Postgres::start_durable(root))?),
        false => None,
    };
    steps.step("measure", || {
        let mut bench = Command::new(root.join("target/release/bench"));
        bench.args(arguments).current_dir(root);
        if let Some(postgres) = &postgres {
            bench.env(POSTGRES, postgres.url());
        }
        run_command(&mut bench)
    })
}

fn wants_postgres(arguments: &[String]) -> bool {
    arguments.iter().any(|word| word == "--engine=postgres")
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
        assert!(!wants("send --engine sqlite") && !wants("send") && !wants("send --folder postgres"));
    }
}
