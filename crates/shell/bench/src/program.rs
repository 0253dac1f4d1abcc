//! The real program, on an instance of the bench's own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::cost::{self, Cost};
use crate::letter;

/// The state engine an instance stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Engine {
    /// One file.
    Sqlite,
    /// A server.
    Postgres,
}

impl Engine {
    /// Its name on the page.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        }
    }
}

/// Where `cargo xtask bench` has a PostgreSQL that keeps what it commits.
const POSTGRES: &str = "SOUCOUPE_BENCH_POSTGRES";

/// An instance in a folder, and the program that works on it.
pub(crate) struct Program {
    binary: PathBuf,
    folder: PathBuf,
    database: Option<String>,
    connections: u16,
}

impl Program {
    /// A fresh instance; on PostgreSQL in a fresh database.
    pub(crate) fn fresh(binary: &Path, folder: &Path, engine: Engine, connections: u16) -> Result<Self> {
        let database = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(new_database(folder)?),
        };
        let program = Program {
            binary: std::path::absolute(binary).context("the program has no path")?,
            folder: folder.to_owned(),
            database,
            connections,
        };
        program.output(&[
            "publication",
            "create",
            "--slug",
            "banc",
            "--name",
            "Le banc d'essai",
            "--from",
            "Le banc <lettre@letters.bench.example>",
            "--language",
            "fr",
        ])?;
        Ok(program)
    }

    /// A command on this instance, not yet started; `relay` is the address of a sink.
    pub(crate) fn command(&self, arguments: &[&str], relay: Option<&str>) -> Command {
        let mut command = Command::new(&self.binary);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("SOUCOUPE_") {
                command.env_remove(name);
            }
        }
        command
            .args(arguments)
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .env("LC_ALL", "C.UTF-8")
            .env("SOUCOUPE_DATA", self.folder.join("data"))
            .env("SOUCOUPE_BASE_URL", "https://letters.bench.example")
            .env("SOUCOUPE_LOG", "warn")
            .env("SOUCOUPE_SMTP_CONNECTIONS", self.connections.to_string());
        if let Some(database) = &self.database {
            command.env("SOUCOUPE_DATABASE_URL", database);
        }
        if let Some(relay) = relay {
            command.env("SOUCOUPE_SMTP_URL", format!("smtp://{relay}"));
        }
        command
    }

    /// Runs a command and gives back what it printed.
    pub(crate) fn output(&self, arguments: &[&str]) -> Result<String> {
        self.output_with(arguments, None)
    }

    /// The same, with a relay.
    pub(crate) fn output_with(&self, arguments: &[&str], relay: Option<&str>) -> Result<String> {
        let output = self
            .command(arguments, relay)
            .output()
            .with_context(|| format!("{} could not be started", self.binary.display()))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("soucoupe {} ended with {}: {}", arguments.join(" "), output.status, said.trim());
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// A key to sign with, from the next mail on.
    pub(crate) fn make_key(&self) -> Result<()> {
        self.output(&["keys", "create", "--domain", "letters.bench.example"]).map(|_| ())
    }

    /// Imports so many readers from a file it makes in `folder`.
    pub(crate) fn import(&self, folder: &Path, readers: u64) -> Result<Cost> {
        let file = folder.join("readers.csv");
        letter::write_readers(&file, readers)?;
        let file = file.to_string_lossy();
        let mut command = self.command(&["readers", "import", &file, "--publication", "banc"], None);
        cost::run(&mut command, &folder.join("import.txt")).map(|(spent, _)| spent)
    }

    /// Makes an edition of Markdown; its slug.
    pub(crate) fn edition(&self, slug: &str, markdown: &str) -> Result<String> {
        let file = self.folder.join(format!("{slug}.md"));
        std::fs::write(&file, markdown).with_context(|| format!("{} cannot be written", file.display()))?;
        let printed =
            self.output(&["edition", "create", &file.to_string_lossy(), "--publication", "banc"])?;
        Ok(printed.trim().to_owned())
    }
}

fn new_database(folder: &Path) -> Result<String> {
    let Ok(server) = std::env::var(POSTGRES) else {
        bail!(
            "{POSTGRES} is not set: `cargo xtask bench send --engine postgres` starts a server and sets it"
        );
    };
    let name: String = folder
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    let name = format!("bench_{}_{name}", std::process::id());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("no runtime")?;
    runtime.block_on(store::create_database(&server, &name)).context("PostgreSQL makes no database")?;
    let (base, _) = server.rsplit_once('/').unwrap_or((&server, ""));
    Ok(format!("{base}/{name}"))
}
