//! The real program, on an instance of a test's own.

use std::fs::{File, OpenOptions};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::http;
use crate::patience::{PATIENCE, until};
use crate::supervised::last_lines;

/// The state engine an instance stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file in the instance's folder.
    Sqlite,
    /// A new database on the server that `SOUCOUPE_TEST_POSTGRES` names.
    Postgres,
}

/// What a command said.
#[derive(Debug, Clone)]
pub struct Said {
    /// Its exit code; nothing when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// The database of an instance that has a file.
const FILE: &str = "soucoupe.db";

/// An instance and the program that works on it.
pub struct Program {
    binary: PathBuf,
    folder: TempDir,
    database: String,
    port: u16,
    relay: String,
    settings: Vec<(String, String)>,
}

impl Program {
    /// An instance that has nothing yet, with a relay such as `smtp://127.0.0.1:2525`.
    pub async fn fresh(engine: Engine, relay: &str) -> Self {
        match engine {
            Engine::Sqlite => Self::on(None, relay),
            Engine::Postgres => Self::on(Some(testkit::postgres_database().await), relay),
        }
    }

    /// The same on a database of the caller's, or on a file in its own folder.
    pub fn on(database: Option<String>, relay: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder for a test");
        let file = folder.path().join("data").join(FILE);
        let database = database.unwrap_or_else(|| format!("sqlite:{}", file.display()));
        let (port, relay) = (free_port(), relay.to_owned());
        Program { binary: binary(), folder, database, port, relay, settings: Vec::new() }
    }

    /// With a publication `gazette`, written by Ada in French.
    pub async fn with_gazette(engine: Engine, relay: &str) -> Self {
        Self::fresh(engine, relay).await.gazette().await
    }

    /// Adds that publication.
    pub async fn gazette(self) -> Self {
        let from = "Ada <ada@gazette.example>";
        self.ok(&[
            "publication",
            "create",
            "--slug",
            "gazette",
            "--name",
            "La Gazette",
            "--from",
            from,
            "--language",
            "fr",
        ])
        .await;
        self
    }

    /// One more setting for every command from here on, such as `SOUCOUPE_BOUNCE_DOMAIN`.
    pub fn set(&mut self, name: &str, value: &str) {
        self.settings.push((name.to_owned(), value.to_owned()));
    }

    /// What readers see: `http://127.0.0.1:PORT`.
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A page of it.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base())
    }

    /// Where its state is.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// Where the program keeps its files.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A folder for the files of the test.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        self.dressed(Command::new(&self.binary), arguments)
    }

    /// What the program is told by its environment, whoever starts it.
    fn dressed(&self, mut command: Command, arguments: &[&str]) -> Command {
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            // The trace of queries is the only one of ours that is meant for the program too.
            if name.starts_with("SOUCOUPE_") && !name.starts_with("SOUCOUPE_TEST_QUERY") {
                command.env_remove(&*name);
            }
        }
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("LC_ALL", "C.UTF-8")
            .env("SOUCOUPE_DATA", self.folder.path().join("data"))
            .env("SOUCOUPE_DATABASE_URL", &self.database)
            .env("SOUCOUPE_BASE_URL", self.base())
            .env("SOUCOUPE_LISTEN", format!("127.0.0.1:{}", self.port))
            .env("SOUCOUPE_SMTP_URL", &self.relay)
            .env("SOUCOUPE_SMTP_CONNECTIONS", "16")
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Runs a command to its end.
    pub async fn run(&self, arguments: &[&str]) -> Said {
        self.end_of(self.command(arguments), arguments).await
    }

    /// Runs a command to its end under another program, such as a tracer with its own words.
    pub async fn run_under(&self, words: &[&str], arguments: &[&str]) -> Said {
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).arg(&self.binary);
        self.end_of(self.dressed(command, arguments), arguments).await
    }

    async fn end_of(&self, mut command: Command, arguments: &[&str]) -> Said {
        let running = command.output();
        let output = match tokio::time::timeout(PATIENCE * 5, running).await {
            Ok(output) => output.expect("the program can be started"),
            Err(_) => panic!("soucoupe {} does not end", arguments.join(" ")),
        };
        Said {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Runs a command that must end well; what it printed.
    pub async fn ok(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments).await;
        assert_eq!(said.code, Some(0), "soucoupe {}:\n{}{}", arguments.join(" "), said.out, said.err);
        said.out
    }

    /// Imports a CSV file into the gazette.
    pub async fn import(&self, csv: &str) {
        let file = self.folder.path().join("readers.csv");
        std::fs::write(&file, csv).expect("a file of readers can be written");
        self.ok(&["readers", "import", &file.to_string_lossy(), "--publication", "gazette"]).await;
    }

    /// Makes an edition of the gazette; its slug.
    pub async fn edition(&self, markdown: &str) -> String {
        let file = self.folder.path().join("edition.md");
        std::fs::write(&file, markdown).expect("an edition can be written");
        let out = self.ok(&["edition", "create", &file.to_string_lossy(), "--publication", "gazette"]).await;
        out.split_whitespace().last().expect("the slug is printed").to_owned()
    }

    /// Sends an edition with whatever serves; the number of the dispatch. The first of an instance is 1.
    pub async fn send(&self, slug: &str) -> i64 {
        let out = self.ok(&["edition", "send", slug]).await;
        out.split(|letter: char| !letter.is_ascii_digit())
            .find_map(|word| word.parse().ok())
            .unwrap_or_else(|| panic!("`edition send` prints no number of a dispatch: {out:?}"))
    }

    /// `dispatch status --json`.
    pub async fn status(&self, dispatch: i64) -> Value {
        let out = self.ok(&["dispatch", "status", &dispatch.to_string(), "--json"]).await;
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("the status is no JSON ({error}): {out}"))
    }

    /// Waits until a dispatch is finished; its status then.
    pub async fn finished(&self, dispatch: i64) -> Value {
        let (mut last, mut moved) = (self.status(dispatch).await, Instant::now());
        while last["state"] != "finished" {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let now = self.status(dispatch).await;
            if now["accepted"] != last["accepted"] {
                moved = Instant::now();
            }
            assert!(moved.elapsed() < PATIENCE, "dispatch {dispatch} does not move any more: {now}");
            last = now;
        }
        last
    }

    /// Starts to serve and waits until it answers.
    pub async fn serve(&self) -> Serving {
        let mut serving = self.start();
        let healthz = self.url("/healthz");
        until("the program answers at /healthz", PATIENCE, async || {
            if let Some(status) = serving.child.try_wait().expect("the program is ours") {
                panic!("the program ended by itself ({status}):\n{}", self.last_words());
            }
            http::try_get(&healthz).filter(|answer| answer.status == 200)
        })
        .await;
        serving
    }

    /// Starts to serve and waits for nothing.
    pub fn start(&self) -> Serving {
        let log =
            OpenOptions::new().create(true).append(true).open(self.log()).expect("a log can be written");
        let errors = log.try_clone().expect("a file can be shared");
        let child = self.command(&["serve"]).stdout(log).stderr(errors).spawn().expect("the program starts");
        Serving { child }
    }

    /// Whether anything that served here said these words in its log.
    pub fn says(&self, words: &str) -> bool {
        std::fs::read_to_string(self.log()).is_ok_and(|log| log.contains(words))
    }

    /// The log of all that served here.
    pub fn log(&self) -> PathBuf {
        self.folder.path().join("serve.log")
    }

    fn last_words(&self) -> String {
        last_lines(&self.log(), 30)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if std::thread::panicking() && File::open(self.log()).is_ok() {
            eprintln!("the last lines of the program's log:\n{}", self.last_words());
        }
    }
}

/// A program that serves; killed when dropped.
pub struct Serving {
    child: Child,
}

impl Serving {
    /// `kill -9`, and the end of it.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("the program was alive and is killed");
    }

    /// `kill -TERM`: how it ended, and how long that took.
    pub async fn terminate(mut self) -> (ExitStatus, Duration) {
        let begin = Instant::now();
        let pid = self.child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        kill_process(pid.expect("the program is alive"), Signal::TERM).expect("the program hears");
        let status = match tokio::time::timeout(PATIENCE, self.child.wait()).await {
            Ok(status) => status.expect("the program is ours"),
            Err(_) => panic!("the program does not end after SIGTERM"),
        };
        (status, begin.elapsed())
    }

    /// Its number among the processes.
    pub fn pid(&self) -> u32 {
        self.child.id().expect("the program is alive")
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        self.child.try_wait().expect("the program is ours").is_none()
    }
}

/// A port that nobody uses at the moment.
pub fn free_port() -> u16 {
    let socket = TcpListener::bind(("127.0.0.1", 0)).expect("127.0.0.1 has a free port");
    socket.local_addr().expect("a bound socket has an address").port()
}

fn binary() -> PathBuf {
    let binary = match std::env::var_os("SOUCOUPE_BIN") {
        Some(binary) => PathBuf::from(binary),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/debug/soucoupe"),
    };
    assert!(binary.is_file(), "{} is not there: `cargo build -p soucoupe` builds it", binary.display());
    binary
}
