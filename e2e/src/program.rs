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

/// An instance and the program that works on it.
pub struct Program {
    binary: PathBuf,
    folder: TempDir,
    database: String,
    port: u16,
    relay: String,
}

impl Program {
    /// An instance that has nothing yet, with a relay such as `smtp://127.0.0.1:2525`.
    pub async fn fresh(engine: Engine, relay: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder for a test");
        let database = match engine {
            Engine::Sqlite => format!("sqlite:{}", folder.path().join("data/soucoupe.db").display()),
            Engine::Postgres => testkit::postgres_database().await,
        };
        Program { binary: binary(), folder, database, port: free_port(), relay: relay.to_owned() }
    }

    /// The same with a publication `gazette`, written by Ada in French.
    pub async fn with_gazette(engine: Engine, relay: &str) -> Self {
        let program = Self::fresh(engine, relay).await;
        let from = "Ada <ada@gazette.example>";
        program
            .ok(&[
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
        program
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

    /// A folder for the files of the test.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
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
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Runs a command to its end.
    pub async fn run(&self, arguments: &[&str]) -> Said {
        let running = self.command(arguments).output();
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
