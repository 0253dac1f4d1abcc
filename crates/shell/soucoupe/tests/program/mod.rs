//! The real program in a folder of its own, on an engine.

// Each test file is a crate of its own and uses a part of this.
#![allow(dead_code, clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use smtp::{Sink, SinkOptions};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

pub const READERS: &str = "email,first_name,last_name,language,tags\n\
    zoe@b.example,Zoé,Martin,fr,paris\n\
    jean-luc@b.example,Jean-Luc,,fr,\n\
    not an address,X,,fr,\n\
    amina@c.example,,,en,paris;presse\n";

pub const EDITION: &str = "---\ntitle: Le phare\nsubject: \"{first_name|la mif}, le phare\"\npreheader: Trois gardiens.\n\
    written_at: 2026-11-23T08:30\nlanguage: fr\n---\n\n:::greeting\nBonjour {first_name|la mif},\n:::\n\n\
    ## Un titre\n\nUn paragraphe avec [un lien](https://b.example/phare).\n";

/// What a run of the program gave.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// The output of a run that went well.
    #[track_caller]
    pub fn well(self) -> String {
        assert_eq!(self.code, 0, "{self:?}");
        self.out
    }

    /// The sentence of a run that was refused with this code.
    #[track_caller]
    pub fn refused(self, code: i32) -> String {
        assert_eq!(self.code, code, "{self:?}");
        assert!(self.err.starts_with("soucoupe: ") || self.err.contains("\nsoucoupe: "), "{self:?}");
        self.err
    }
}

/// An instance that belongs to a test.
pub struct Program {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

impl Program {
    /// On SQLite, then on PostgreSQL.
    pub async fn on_both() -> [Program; 2] {
        [Program::new(None), Program::new(Some(testkit::postgres_database().await))]
    }

    pub fn new(database: Option<String>) -> Program {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data").display().to_string();
        let mut program = Program { folder, variables: Vec::new() };
        program.set("SOUCOUPE_DATA", &data);
        program.set("SOUCOUPE_BASE_URL", "https://letters.example");
        if let Some(database) = database {
            program.set("SOUCOUPE_DATABASE_URL", &database);
        }
        program
    }

    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    pub fn unset(&mut self, name: &str) {
        self.variables.retain(|(known, _)| known != name);
    }

    /// The database, as the program finds it.
    pub fn database(&self) -> String {
        let named = self.variables.iter().find(|(name, _)| name == "SOUCOUPE_DATABASE_URL");
        let own = || format!("sqlite:{}", self.path("data/soucoupe.db").display());
        named.map_or_else(own, |(_, url)| url.clone())
    }

    /// A path in the folder of the test.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file and gives its path.
    pub fn file(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_soucoupe"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", std::env::var("PATH").unwrap_or_default())
            .env("LANG", "en_GB.UTF-8")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    pub async fn run(&self, arguments: &[&str]) -> Ran {
        let output = self.command(arguments).output().await.unwrap();
        Ran {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// A publication with a postal address, readers and an edition; gives the edition's slug.
    pub async fn furnished(&self) -> String {
        let create = [
            "publication",
            "create",
            "--slug",
            "gazette",
            "--name",
            "La Gazette",
            "--from",
            "Ada <ada@gazette.example>",
            "--language",
            "fr",
            "--postal-address",
            "1 quai des Brumes",
        ];
        assert_eq!(self.run(&create).await.well().trim(), "gazette");
        let readers = self.file("readers.csv", READERS);
        self.run(&["readers", "import", &readers, "--publication", "gazette"]).await.well();
        let edition = self.file("edition.md", EDITION);
        self.run(&["edition", "create", &edition, "--publication", "gazette"]).await.well().trim().to_owned()
    }

    /// A relay that takes everything and keeps a log.
    pub async fn with_sink(&mut self) -> Sink {
        let sink = Sink::start(SinkOptions { keep_messages: true, ..SinkOptions::default() }).await.unwrap();
        self.set("SOUCOUPE_SMTP_URL", &format!("smtp://{}", sink.address()));
        sink
    }

    /// Starts something that keeps running, and waits until a line of its standard error or output tells its address.
    pub async fn start(&self, arguments: &[&str]) -> Running {
        let mut child =
            self.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
        let (mut address, mut receiving) = (None, None);
        while let Some(line) = log.next_line().await.unwrap() {
            let Ok(line) = serde_json::from_str::<serde_json::Value>(&line) else { panic!("{line}") };
            if line["message"] == "taking what comes back" {
                receiving = line["address"].as_str().map(str::to_owned);
            }
            if line["message"] == "serving" {
                address = Some(line["address"].as_str().unwrap().to_owned());
                break;
            }
        }
        // Nobody reads on: a full pipe must not stop the program.
        tokio::spawn(async move { while let Ok(Some(_)) = log.next_line().await {} });
        Running { child, address: address.expect("the program says where it answers"), receiving }
    }

    /// Starts the demo, and gives its address and what it printed.
    pub async fn start_demo(&self, data: &Path) -> (Running, String) {
        let arguments = ["demo", "--listen", "127.0.0.1:0", "--data", data.to_str().unwrap()];
        let mut child =
            self.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut printed = String::new();
        for _ in 0..3 {
            printed.push_str(&lines.next_line().await.unwrap().expect("three lines"));
            printed.push('\n');
        }
        let url = printed.lines().next().unwrap().rsplit(' ').next().unwrap();
        let address = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
        (Running { child, address, receiving: None }, printed)
    }
}

/// A program that runs; dropping it kills it.
pub struct Running {
    child: Child,
    pub address: String,
    /// Where it takes what comes back.
    pub receiving: Option<String>,
}

impl Running {
    /// Asks for a page; gives status and everything after the head.
    pub async fn get(&self, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        let host = &self.address;
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        (status, answer.split_once("\r\n\r\n").unwrap().1.to_owned())
    }

    /// SIGTERM; gives the exit code, and fails when it takes longer than ten seconds.
    pub async fn terminated(mut self) -> Option<i32> {
        let pid = rustix::process::Pid::from_raw(self.child.id().unwrap() as i32).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        let ended = tokio::time::timeout(Duration::from_secs(10), self.child.wait()).await;
        ended.expect("it stops within ten seconds").unwrap().code()
    }
}
