//! `bench send`: an edition to so many readers, beside a bare client with the same bytes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::cost::{self, Cost};
use crate::page::{self, Sent};
use crate::program::{Engine, Program};
use crate::proof::{Arrived, every_reader_once};
use crate::sink::Running;
use crate::{letter, limits};

/// Paragraphs of the two letters from which the length of the real one is reckoned.
const TRIALS: [usize; 2] = [4, 44];

/// What to send.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// How many readers; several sizes with commas
    #[arg(long, value_delimiter = ',', default_value = "10000,100000")]
    readers: Vec<u64>,
    /// What the instance stands on
    #[arg(long, value_enum, default_value = "sqlite")]
    engine: Engine,
    /// Open connections to the sink
    #[arg(long, default_value_t = 16)]
    connections: u16,
    /// Sign with RSA-2048 (DKIM), and compare with what OpenSSL can sign
    #[arg(long)]
    sign: bool,
    /// How large a mail is, in KB
    #[arg(long, value_name = "KB", default_value_t = 20)]
    letter: u64,
    /// Run Postfix's smtp-source too
    #[arg(long)]
    smtp_source: bool,
    /// Put the figures in docs/benchmarks.md
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
    let sample = Sample::of(options, folder.path())?;
    let signatures = options.sign.then(|| limits::signatures(page::cores())).transpose()?;
    let mut rows = Vec::new();
    for readers in &options.readers {
        eprintln!("{readers} readers on {}…", options.engine.name());
        rows.push(one_size(options, folder.path(), &sample, *readers)?);
    }
    show(options, &page::table(&rows, signatures))
}

/// The letter, and one mail of it as the sink took it.
struct Sample {
    paragraphs: usize,
    message: PathBuf,
    size: u64,
}

impl Sample {
    /// Finds out how many paragraphs make a mail of the size asked for, on an instance of its own.
    fn of(options: &Options, folder: &Path) -> Result<Self> {
        let place = new_folder(folder, "sample")?;
        let program = Program::fresh(&options.program, &place, options.engine, 1)?;
        if options.sign {
            make_key(&program)?;
        }
        import(&program, &place, 1)?;
        let asked = options.letter * 1_000;
        let size_of = |paragraphs: usize| {
            let message = place.join(format!("{paragraphs}.eml"));
            one_mail(&program, &place, paragraphs, &message)?;
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
        eprintln!("a mail of {size} octets, {paragraphs} paragraphs");
        Ok(Sample { paragraphs, message, size })
    }
}

/// Sends one edition to one reader and keeps the mail.
fn one_mail(program: &Program, place: &Path, paragraphs: usize, message: &Path) -> Result<()> {
    let name = format!("essai-{paragraphs}");
    let slug = program.edition(&name, &letter::edition(&name, paragraphs))?;
    let sink = Running::start(&place.join(format!("{name}.log")), Some(message))?;
    program.output_with(&["edition", "send", &slug, "--wait"], Some(sink.address()))?;
    sink.stop().map(|_| ())
}

fn one_size(options: &Options, folder: &Path, sample: &Sample, readers: u64) -> Result<Sent> {
    let place = new_folder(folder, &format!("n{readers}"))?;
    let program = Program::fresh(&options.program, &place, options.engine, options.connections)?;
    if options.sign {
        make_key(&program)?;
    }
    let imported = import(&program, &place, readers)?;
    let slug = program.edition("envoi", &letter::edition("envoi", sample.paragraphs))?;

    let before = bare(options, &place, "before", sample, readers)?;
    let sink = Running::start(&place.join("sender.log"), None)?;
    let idle = cost::processor_time(sink.id())?;
    let mut command = program.command(&["edition", "send", &slug, "--wait"], Some(sink.address()));
    let (spent, _) = cost::run(&mut command, &place.join("send.txt"))?;
    let sink_cpu = cost::processor_time(sink.id())?.saturating_sub(idle);
    let arrived = every_reader_once(&sink.stop()?, readers)?;
    let status_rate = finished(&program, readers)?;
    let after = bare(options, &place, "after", sample, readers)?;
    let (best, bare_cost) = if before.0.rate > after.0.rate { before } else { after };
    let smtp_source = if options.smtp_source { smtp_source(options, &place, sample, readers)? } else { None };

    let each = |cpu: std::time::Duration| cpu.as_secs_f64() * 1e6 / readers.max(1) as f64;
    Ok(Sent {
        readers,
        size: arrived.size,
        import: readers as f64 / imported.wall.as_secs_f64().max(1e-9),
        rate: arrived.rate,
        status_rate,
        bare: best.rate,
        smtp_source,
        cpu: [each(spent.cpu), each(bare_cost.cpu), each(sink_cpu)],
        peak: spent.peak,
    })
}

fn new_folder(folder: &Path, name: &str) -> Result<PathBuf> {
    let place = folder.join(name);
    fs::create_dir_all(&place).with_context(|| format!("{} cannot be made", place.display()))?;
    Ok(place)
}

fn make_key(program: &Program) -> Result<()> {
    program.output(&["keys", "create", "--domain", "letters.bench.example"]).map(|_| ())
}

fn import(program: &Program, place: &Path, readers: u64) -> Result<Cost> {
    let file = place.join("readers.csv");
    letter::write_readers(&file, readers)?;
    let file = file.to_string_lossy();
    let mut command = program.command(&["readers", "import", &file, "--publication", "banc"], None);
    let (spent, _) = cost::run(&mut command, &place.join("import.txt"))?;
    Ok(spent)
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

fn bare(
    options: &Options,
    place: &Path,
    name: &str,
    sample: &Sample,
    readers: u64,
) -> Result<(Arrived, Cost)> {
    let sink = Running::start(&place.join(format!("{name}.log")), None)?;
    let mut command = Command::new(std::env::current_exe().context("our own program cannot be found")?);
    command
        .args(["bare", "--route", &format!("smtp://{}", sink.address()), "--message"])
        .arg(&sample.message);
    command.args(["--readers", &readers.to_string(), "--connections", &options.connections.to_string()]);
    let (spent, _) = cost::run(&mut command, &place.join(format!("{name}.txt")))?;
    Ok((every_reader_once(&sink.stop()?, readers)?, spent))
}

fn smtp_source(options: &Options, place: &Path, sample: &Sample, readers: u64) -> Result<Option<f64>> {
    let Some(source) = limits::smtp_source() else {
        bail!("smtp-source is missing; it comes with the package postfix");
    };
    let sink = Running::start(&place.join("source.log"), None)?;
    let mut command =
        limits::smtp_source_command(&source, sink.address(), readers, options.connections, sample.size);
    let (spent, _) = cost::run(&mut command, &place.join("source.txt"))?;
    sink.stop()?;
    Ok(Some(readers as f64 / spent.wall.as_secs_f64().max(1e-9)))
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
    for (asked, flag) in [(options.sign, " --sign"), (options.smtp_source, " --smtp-source")] {
        said.push_str(if asked { flag } else { "" });
    }
    let day = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    let section = format!(
        "### {title}\n\n{day}, on {}. Every reader exactly once, by the sink's log.\n\n```sh\n{said}\n```\n\n{table}",
        page::machine()
    );
    println!("{section}");
    if options.write {
        let name = format!("send {}{signed}", options.engine.name());
        page::write(Path::new("docs/benchmarks.md"), &name, &section)?;
        eprintln!("written to docs/benchmarks.md");
    }
    Ok(())
}
