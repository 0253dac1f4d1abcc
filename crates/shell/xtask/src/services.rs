//! `cargo xtask services`: what tests need, for as long as someone develops.

use std::path::Path;

use anyhow::{Result, bail};

use crate::install;
use crate::postgres::Postgres;

/// Runs the command.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<()> {
    if !arguments.is_empty() {
        bail!("services takes no arguments, not {}", arguments.join(" "));
    }
    install::ensure()?;
    let mut postgres = Postgres::start(root)?;
    println!("export SOUCOUPE_TEST_POSTGRES={}", postgres.url());
    eprintln!("PostgreSQL runs until Ctrl-C.");
    postgres.wait()
}
