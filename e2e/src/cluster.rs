//! A PostgreSQL of a test's own, which may be crashed.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::program::free_port;
use crate::supervised::{Supervised, find};

/// A cluster in a throwaway folder that keeps what it commits; it stops when dropped.
pub struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    other_user: Vec<String>,
    _guard: Supervised,
}

impl Cluster {
    /// Starts one.
    pub fn start() -> Self {
        let (programs, port, other_user) = (programs(), free_port(), other_user());
        let folder = std::env::temp_dir().join(format!("soucoupe-e2e-cluster-{}-{port}", std::process::id()));
        let stop = format!(
            "kill \"$pid\"; cd /; {} {} -D {} -m immediate stop; rm -rf {}",
            other_user.join(" "),
            programs.join("pg_ctl").display(),
            folder.join("cluster").display(),
            folder.display()
        );
        let log =
            std::env::temp_dir().join(format!("soucoupe-e2e-cluster-{}-{port}.log", std::process::id()));
        let guard = Supervised::start("sleep", &["infinity"], &stop, &log);
        // The guard holds it open; nobody reads it after us.
        let _ = std::fs::remove_file(&log);
        let cluster = Cluster { programs, folder, port, other_user, _guard: guard };
        cluster.run("mkdir", &["-m", "700", &cluster.folder.display().to_string()]);
        let data = cluster.data();
        let initdb = cluster.program("initdb");
        cluster.run(
            &initdb,
            &[
                "-D",
                &data,
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
        );
        let settings = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=100"
        );
        let log = cluster.folder.join("log").display().to_string();
        cluster.run(&cluster.program("pg_ctl"), &["-D", &data, "-l", &log, "-o", &settings, "-w", "start"]);
        cluster
    }

    /// Its database.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Ends all its processes at once, as a crash does, and starts it again: it recovers from its log.
    pub fn crash(&self) {
        let data = self.data();
        let log = self.folder.join("log").display().to_string();
        self.run(&self.program("pg_ctl"), &["-D", &data, "-l", &log, "-m", "immediate", "-w", "restart"]);
    }

    fn data(&self) -> String {
        self.folder.join("cluster").display().to_string()
    }

    fn program(&self, name: &str) -> String {
        self.programs.join(name).display().to_string()
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let mut words: Vec<&str> = self.other_user.iter().map(String::as_str).collect();
        words.push(program);
        // Not our pipes: the server would keep them open after pg_ctl has ended.
        let says = self.folder.with_extension("says");
        let file = std::fs::File::create(&says).expect("a file can be written");
        let errors = file.try_clone().expect("a file can be shared");
        let ended = Command::new(words[0])
            .args(&words[1..])
            .args(arguments)
            .current_dir("/")
            .stdin(std::process::Stdio::null())
            .stdout(file)
            .stderr(errors)
            .status()
            .expect("a program of PostgreSQL can be started");
        let said = std::fs::read_to_string(&says).unwrap_or_default();
        let _ = std::fs::remove_file(&says);
        assert!(ended.success(), "{program} {arguments:?} ended with {ended}: {said}");
    }
}

/// The folder of the newest server programs.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|entry| {
            Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin")))
        })
        .filter(|(_, folder)| folder.join("initdb").is_file())
        .max_by_key(|(version, _)| *version);
    match newest {
        Some((_, folder)) => folder,
        None => Path::new(&find("initdb", "postgresql")).parent().map(Path::to_owned).unwrap_or_default(),
    }
}

/// PostgreSQL refuses to run as root: the words that make another user run a command.
fn other_user() -> Vec<String> {
    if !rustix::process::geteuid().is_root() {
        return Vec::new();
    }
    let users = std::fs::read_to_string("/etc/passwd").expect("/etc/passwd can be read");
    let numbers = |name: &str| {
        users.lines().find_map(|line| {
            let mut fields = line.strip_prefix(name)?.strip_prefix(':')?.split(':').skip(1);
            Some((fields.next()?.to_owned(), fields.next()?.to_owned()))
        })
    };
    let (user, group) = numbers("postgres").or_else(|| numbers("nobody")).expect("there is a user nobody");
    let setpriv = find("setpriv", "util-linux");
    vec![setpriv, format!("--reuid={user}"), format!("--regid={group}"), "--init-groups".into(), "--".into()]
}
