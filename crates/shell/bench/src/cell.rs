//! One cell of the matrix: an edition to so many readers under these conditions, beside the limits of the same run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cost::{self, Cost};
use crate::program::{Engine, Program};
use crate::proof::{Arrived, every_reader_once};
use crate::sample::Sample;
use crate::sink::Running;
use crate::{letter, limits};

/// `smtp-source` takes several round trips a mail, and its rate shows with fewer.
const SOURCE_MAILS: u64 = 100_000;
const SOURCE_MAILS_FAR: u64 = 2_000;

/// The conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) readers: u64,
    pub(crate) engine: Engine,
    /// Connections to the sink.
    pub(crate) connections: u16,
    /// With RSA-2048.
    pub(crate) sign: bool,
    /// KB a mail.
    pub(crate) letter: u64,
    /// Milliseconds until the sink answers.
    pub(crate) round_trip: u64,
}

/// What came out.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) readers: u64,
    /// Octets of a mail.
    pub(crate) size: f64,
    /// Readers a second.
    pub(crate) import: f64,
    /// Mails a second between the first and the last that the sink took.
    pub(crate) rate: f64,
    /// Mails a second as the status says, from the freezing of the audience to the last row.
    pub(crate) status_rate: f64,
    /// The bare client's mails a second: the better of a run before and one after.
    pub(crate) bare: f64,
    /// `smtp-source`'s mails a second.
    pub(crate) smtp_source: Option<f64>,
    /// The sender's processor time of a mail in microseconds: in the program, and in the kernel for it.
    pub(crate) user: f64,
    pub(crate) system: f64,
    /// The bare client's and the sink's, both kinds together.
    pub(crate) bare_cpu: f64,
    pub(crate) sink_cpu: f64,
    /// Peak memory of the sender, in octets.
    pub(crate) peak: u64,
}

impl Sent {
    /// The sender's processor time of a mail, in microseconds.
    pub(crate) fn cpu(&self) -> f64 {
        self.user + self.system
    }
}

/// Where a run works, and with what.
pub(crate) struct Place<'a> {
    /// The program that is measured.
    pub(crate) program: &'a Path,
    /// A folder of this run's own.
    pub(crate) folder: &'a Path,
    /// Run `smtp-source` too.
    pub(crate) smtp_source: bool,
}

impl Place<'_> {
    /// A new folder in it.
    pub(crate) fn new_folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.folder.join(name);
        fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(folder)
    }
}

/// Measures it, on a fresh instance whose folder is removed afterwards.
pub(crate) fn measure(cell: &Cell, place: &Place<'_>, sample: &Sample) -> Result<Sent> {
    let folder = tempfile::tempdir_in(place.folder).context("no folder to work in")?;
    let folder = folder.path();
    let program = Program::fresh(place.program, folder, cell.engine, cell.connections)?;
    if cell.sign {
        program.make_key()?;
    }
    let imported = program.import(folder, cell.readers)?;
    let slug = program.edition("envoi", &letter::edition("envoi", sample.paragraphs))?;

    let before = bare(cell, folder, "before", sample)?;
    let sink = Running::start(&folder.join("sender.log"), None, cell.round_trip)?;
    let idle = cost::processor_time(sink.id())?;
    let mut command = program.command(&["edition", "send", &slug, "--wait"], Some(sink.address()));
    let (spent, _) = cost::run(&mut command, &folder.join("send.txt"))?;
    let sink_cpu = cost::processor_time(sink.id())?.since(idle);
    let arrived = every_reader_once(&sink.stop()?, cell.readers)?;
    let status_rate = finished(&program, cell.readers)?;
    let after = bare(cell, folder, "after", sample)?;
    let (best, bare_cost) = if before.0.rate > after.0.rate { before } else { after };
    let smtp_source = if place.smtp_source { Some(smtp_source(cell, folder, sample)?) } else { None };

    let each = |time: std::time::Duration| time.as_secs_f64() * 1e6 / cell.readers.max(1) as f64;
    Ok(Sent {
        readers: cell.readers,
        size: arrived.size,
        import: cell.readers as f64 / imported.wall.as_secs_f64().max(1e-9),
        rate: arrived.rate,
        status_rate,
        bare: best.rate,
        smtp_source,
        user: each(spent.cpu.user),
        system: each(spent.cpu.system),
        bare_cpu: each(bare_cost.cpu.all()),
        sink_cpu: each(sink_cpu.all()),
        peak: spent.peak,
    })
}

/// The rate in the status of a dispatch that is over; the instance has only this one.
fn finished(program: &Program, readers: u64) -> Result<f64> {
    let said = program.output(&["dispatch", "status", "1", "--json"])?;
    let status: serde_json::Value = serde_json::from_str(&said).context("the status is no JSON")?;
    if status["state"] != "finished" || status["accepted"].as_u64() != Some(readers) {
        bail!("the status does not say that {readers} mails were accepted: {status}");
    }
    status["rate"].as_f64().context("the status has no rate")
}

fn bare(cell: &Cell, folder: &Path, name: &str, sample: &Sample) -> Result<(Arrived, Cost)> {
    let sink = Running::start(&folder.join(format!("{name}.log")), None, cell.round_trip)?;
    let mut command = Command::new(std::env::current_exe().context("our own program cannot be found")?);
    command
        .args(["bare", "--route", &format!("smtp://{}", sink.address()), "--message"])
        .arg(&sample.message);
    command.args(["--readers", &cell.readers.to_string()]);
    command.args(["--connections", &cell.connections.to_string()]);
    let (spent, _) = cost::run(&mut command, &folder.join(format!("{name}.txt")))?;
    Ok((every_reader_once(&sink.stop()?, cell.readers)?, spent))
}

fn smtp_source(cell: &Cell, folder: &Path, sample: &Sample) -> Result<f64> {
    let Some(source) = limits::smtp_source() else {
        bail!("smtp-source is missing; it comes with the package postfix");
    };
    let most = if cell.round_trip > 0 { SOURCE_MAILS_FAR } else { SOURCE_MAILS };
    let mails = cell.readers.min(most);
    let sink = Running::start(&folder.join("source.log"), None, cell.round_trip)?;
    let mut command =
        limits::smtp_source_command(&source, sink.address(), mails, cell.connections, sample.size);
    let (spent, _) = cost::run(&mut command, &folder.join("source.txt"))?;
    sink.stop()?;
    Ok(mails as f64 / spent.wall.as_secs_f64().max(1e-9))
}
