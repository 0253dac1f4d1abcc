//! A PostgreSQL of our own: a new cluster in a throwaway folder on a free port of 127.0.0.1.
//!
//! It runs under a small supervisor that waits for the end of a pipe we hold. The pipe closes when this value is
//! dropped, and just as well when we are interrupted or killed; the supervisor then stops the server and removes the
//! folder. Durability is switched off for tests, since nothing in it outlives the run; a bench wants it on.

use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::commands::{find, output, we_are_root};

/// The oldest version that the product supports.
const OLDEST: u32 = 15;
/// A cold disk takes a few seconds for `initdb`; past this something is wrong.
const PATIENCE: Duration = Duration::from_secs(60);
/// Ports are chosen free and then used: in between another program may take one.
const ATTEMPTS: usize = 3;

/// What makes it fast and forgetful.
const FORGETFUL: &str = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off";

/// `sh -c SUPERVISOR NAME FOLDER PROGRAMS PORT SETTINGS [WORDS THAT RUN A COMMAND AS ANOTHER USER]`
const SUPERVISOR: &str = r#"
folder=$1 programs=$2 port=$3 settings=$4
shift 4
trap 'cd / && rm -rf "$folder"' EXIT
trap '[ -z "$server" ] || kill -INT "$server"; exit 1' TERM
server=
cd /
"$@" mkdir -m 700 "$folder" || exit 1
"$@" "$programs/initdb" --pgdata="$folder/cluster" --username=postgres --auth=trust --encoding=UTF8 \
    --locale=C.UTF-8 --no-sync >&2 || exit 1
"$@" "$programs/postgres" -D "$folder/cluster" -p "$port" -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories= -c max_connections=300 $settings </dev/null >&2 &
server=$!
exec 3<&0
# INT is PostgreSQL's fast shutdown: it ends sessions and does not wait for them.
{ cat <&3 >/dev/null; kill -INT "$server"; } 2>/dev/null &
wait "$server"
"#;

/// A running server; it stops when dropped.
pub(crate) struct Postgres {
    supervisor: Child,
    port: u16,
}

impl Postgres {
    /// Starts one for tests; its log goes to `target/xtask/postgres.log`.
    pub(crate) fn start(root: &Path) -> Result<Postgres> {
        Postgres::start_with(root, FORGETFUL)
    }

    /// Starts one that keeps what it commits, as a real one does.
    pub(crate) fn start_durable(root: &Path) -> Result<Postgres> {
        Postgres::start_with(root, "")
    }

    fn start_with(root: &Path, settings: &str) -> Result<Postgres> {
        let programs = programs()?;
        let folder = root.join("target/xtask");
        fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        let log = folder.join("postgres.log");
        let mut attempt = 1;
        loop {
            match Postgres::start_once(&programs, &log, settings) {
                Err(error) if attempt < ATTEMPTS && said_in_use(&log) => {
                    eprintln!("{error:#}; trying another port");
                    attempt += 1;
                }
                other => return other,
            }
        }
    }

    fn start_once(programs: &Path, log: &Path, settings: &str) -> Result<Postgres> {
        let port = free_port()?;
        let folder = std::env::temp_dir().join(format!("soucoupe-postgres-{}-{port}", std::process::id()));
        let complaints = File::create(log).with_context(|| format!("{} cannot be written", log.display()))?;
        let supervisor = Command::new("sh")
            .args(["-c", SUPERVISOR, "soucoupe-postgres"])
            .arg(&folder)
            .arg(programs)
            .arg(port.to_string())
            .arg(settings)
            .args(other_user()?)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(complaints)
            // Its own group: a Ctrl-C at the terminal is for us; it hears of our end by the pipe.
            .process_group(0)
            .spawn()
            .context("sh could not be started")?;
        let mut postgres = Postgres { supervisor, port };
        postgres.wait_until_ready(programs, log)?;
        Ok(postgres)
    }

    /// The address of its first database, where tests make their own.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Waits until it ends, which it does by itself only when something is wrong.
    pub(crate) fn wait(&mut self) -> Result<()> {
        // Child::wait would close our end of the pipe first, and so stop the server.
        while self.supervisor.try_wait().context("the supervisor of PostgreSQL is lost")?.is_none() {
            std::thread::sleep(Duration::from_millis(500));
        }
        bail!("PostgreSQL ended by itself; see target/xtask/postgres.log")
    }

    fn wait_until_ready(&mut self, programs: &Path, log: &Path) -> Result<()> {
        let begin = Instant::now();
        loop {
            if let Some(status) =
                self.supervisor.try_wait().context("the supervisor of PostgreSQL is lost")?
            {
                bail!("PostgreSQL did not start ({status}):\n{}", last_lines(log));
            }
            let mut ask = Command::new(programs.join("pg_isready"));
            ask.args(["--quiet", "--host=127.0.0.1", "--timeout=1"]).arg(format!("--port={}", self.port));
            if ask.status().context("pg_isready could not be started")?.success() {
                return Ok(());
            }
            if begin.elapsed() > PATIENCE {
                bail!("PostgreSQL is not ready after {} s:\n{}", PATIENCE.as_secs(), last_lines(log));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.supervisor.stdin.take());
        let _ = self.supervisor.wait();
    }
}

/// The folder of the newest server programs: Debian keeps them by version, others in `PATH`.
pub(crate) fn programs() -> Result<PathBuf> {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().filter_map(|entry| {
        let version: u32 = entry.file_name().to_str()?.parse().ok()?;
        Some((version, entry.path().join("bin")))
    });
    let in_path = find("postgres").and_then(|file| fs::canonicalize(file).ok()).and_then(|file| {
        let said = output(Command::new(&file).arg("--version")).ok()?;
        Some((version(&said)?, file.parent()?.to_owned()))
    });
    debian
        .chain(in_path)
        .filter(|(version, folder)| {
            *version >= OLDEST && folder.join("initdb").is_file() && folder.join("postgres").is_file()
        })
        .max_by_key(|(version, _)| *version)
        .map(|(_, folder)| folder)
        .with_context(|| format!("there is no PostgreSQL {OLDEST} or newer on this machine"))
}

/// The major version in `postgres (PostgreSQL) 15.18 (Debian …)`.
fn version(said: &str) -> Option<u32> {
    said.split_whitespace().find_map(|word| word.split('.').next()?.parse().ok())
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr().context("no free port on 127.0.0.1")?.port())
}

/// PostgreSQL refuses to run as root: the words that make another user run a command, none when we are not root.
fn other_user() -> Result<Vec<String>> {
    if !we_are_root() {
        return Ok(Vec::new());
    }
    let users = fs::read_to_string("/etc/passwd").context("/etc/passwd cannot be read")?;
    let (user, group) = ["postgres", "nobody"].into_iter().find_map(|user| numbers(&users, user)).context(
        "PostgreSQL refuses to run as root, and there is neither a user postgres nor a user nobody",
    )?;
    if find("setpriv").is_none() {
        bail!("PostgreSQL refuses to run as root, and setpriv (package util-linux) is missing");
    }
    // Not runuser: it stays as a parent between us and the server, and keeps our signals to itself.
    let words = ["setpriv", &format!("--reuid={user}"), &format!("--regid={group}"), "--init-groups", "--"];
    Ok(words.map(str::to_owned).to_vec())
}

/// The numbers of a user and its group in a file of `name:x:user:group:…` lines.
fn numbers(users: &str, name: &str) -> Option<(u32, u32)> {
    users.lines().find_map(|line| {
        let mut fields = line.strip_prefix(name)?.strip_prefix(':')?.split(':').skip(1);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    })
}

fn said_in_use(log: &Path) -> bool {
    fs::read_to_string(log).is_ok_and(|text| text.contains("Address already in use"))
}

fn last_lines(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read_from_what_the_server_says() {
        assert_eq!(version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some(15));
        assert_eq!(version("postgres (PostgreSQL) 18beta1"), None);
    }

    #[test]
    fn a_users_numbers_are_read() {
        let users = "postgresql:x:9:9::/:\npostgres:x:101:104:,,,:/var/lib/postgresql:/bin/bash\n";
        assert_eq!(numbers(users, "postgres"), Some((101, 104)));
        assert_eq!(numbers(users, "nobody"), None);
    }

    #[test]
    fn only_the_end_of_a_log_is_shown() {
        let log = std::env::temp_dir().join(format!("soucoupe-xtask-log-{}", std::process::id()));
        let text: String = (1..=30).map(|number| format!("{number}\n")).collect();
        fs::write(&log, text).unwrap();
        assert_eq!(last_lines(&log).lines().next(), Some("19"));
        fs::remove_file(&log).unwrap();
    }
}
