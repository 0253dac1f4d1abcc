//! `bench send`: an edition to so many readers, beside a bare client with the same bytes; one condition at a time, or
//! the matrix.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::cell::{Cell, Place, measure};
use crate::program::Engine;
use crate::sample::Samples;
use crate::{limits, matrix, page};

/// What to send.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// How many readers; several sizes with commas
    #[arg(long, value_delimiter = ',', default_value = "10000,100000", conflicts_with = "matrix")]
    readers: Vec<u64>,
    /// What the instance stands on
    #[arg(long, value_enum, default_value = "sqlite", conflicts_with = "matrix")]
    engine: Engine,
    /// Open connections to the sink
    #[arg(long, default_value_t = 16, conflicts_with = "matrix")]
    connections: u16,
    /// Sign with RSA-2048 (DKIM), and compare with what OpenSSL can sign
    #[arg(long, conflicts_with = "matrix")]
    sign: bool,
    /// How large a mail is, in KB
    #[arg(long, value_name = "KB", default_value_t = 20, conflicts_with = "matrix")]
    letter: u64,
    /// How long the sink takes to answer
    #[arg(long, value_name = "MS", default_value_t = 0, conflicts_with = "matrix")]
    round_trip: u64,
    /// Run Postfix's smtp-source too
    #[arg(long, conflicts_with = "matrix")]
    smtp_source: bool,
    /// Vary one condition at a time around a base case: size, signing, connections, readers, engine, round trip
    #[arg(long)]
    matrix: bool,
    /// With --matrix: so many times fewer readers, for a try
    #[arg(long, value_name = "N", default_value_t = 1, requires = "matrix")]
    divide: u64,
    /// Put the figures in docs/benchmarks.md, and the charts of the matrix beside it
    #[arg(long)]
    write: bool,
    /// The program
    #[arg(long, value_name = "FILE", default_value = "target/release/soucoupe")]
    program: PathBuf,
    /// Where to work; a folder on a real disk, since the ledger is durable
    #[arg(long, value_name = "FOLDER", default_value = "target/bench")]
    folder: PathBuf,
}

/// Runs it.
pub(crate) fn run(options: &Options) -> Result<()> {
    if !options.program.is_file() {
        bail!("{} is not there: `cargo xtask bench send` builds it first", options.program.display());
    }
    fs::create_dir_all(&options.folder)
        .with_context(|| format!("{} cannot be made", options.folder.display()))?;
    let folder = fs::canonicalize(&options.folder).context("the folder has no path")?;
    let folder = tempfile::tempdir_in(folder).context("no folder to work in")?;
    let smtp_source = options.smtp_source || options.matrix;
    let place = Place { program: &options.program, folder: folder.path(), smtp_source };
    if options.matrix {
        return matrix::run(&place, options.divide.max(1), options.write);
    }
    let signatures = options.sign.then(|| limits::signatures(page::cores())).transpose()?;
    let mut samples = Samples::default();
    let sample = samples.of(&place, options.letter, options.sign)?;
    let mut rows = Vec::new();
    for &readers in &options.readers {
        eprintln!("{readers} readers on {}…", options.engine.name());
        let cell = Cell {
            readers,
            engine: options.engine,
            connections: options.connections,
            sign: options.sign,
            letter: options.letter,
            round_trip: options.round_trip,
        };
        rows.push(measure(&cell, &place, &sample)?);
    }
    show(options, &page::table(&rows, signatures))
}

fn show(options: &Options, table: &str) -> Result<()> {
    let signed = if options.sign { ", signed" } else { "" };
    let title = format!("Sending on {}{signed}", options.engine.name());
    let mut said = String::from("cargo xtask bench send");
    let sizes: Vec<String> = options.readers.iter().map(u64::to_string).collect();
    said.push_str(&format!(" --readers {}", sizes.join(",")));
    if options.engine == Engine::Postgres {
        said.push_str(" --engine postgres");
    }
    said.push_str(&format!(" --connections {} --letter {}", options.connections, options.letter));
    if options.round_trip > 0 {
        said.push_str(&format!(" --round-trip {}", options.round_trip));
    }
    for (asked, flag) in [(options.sign, " --sign"), (options.smtp_source, " --smtp-source")] {
        said.push_str(if asked { flag } else { "" });
    }
    let section = format!("### {title}\n\n{}\n\n```sh\n{said}\n```\n\n{table}", page::circumstances());
    println!("{section}");
    if options.write {
        let name = format!("send {}{signed}", options.engine.name());
        page::write(Path::new(page::PAGE), &name, &section)?;
        eprintln!("written to {}", page::PAGE);
    }
    Ok(())
}
