//! A program that ends with us, whatever ends us.
//!
//! A small shell waits for the end of a pipe that we hold. The pipe closes when the value is dropped, and just as well
//! when the test is killed.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// `sh -c SHELL NAME STOP PROGRAM ARGUMENTS…`; `STOP` is a line for the shell that ends the program `$pid`.
const SHELL: &str = r#"
stop=$1
shift
"$@" </dev/null &
pid=$!
cat >/dev/null
eval "$stop"
wait "$pid"
"#;

/// A running program.
pub(crate) struct Supervised {
    shell: Child,
}

impl Supervised {
    /// Starts it; what it says goes to a file.
    pub(crate) fn start(program: &str, arguments: &[&str], stop: &str, log: &Path) -> Self {
        let file = File::create(log).expect("a log of a program can be written");
        let errors = file.try_clone().expect("a file can be shared");
        let shell = Command::new("sh")
            .args(["-c", SHELL, "soucoupe-e2e", stop, program])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(file)
            .stderr(errors)
            // A Ctrl-C at the terminal is for us; it hears of our end by the pipe.
            .process_group(0)
            .spawn()
            .expect("sh can be started");
        Supervised { shell }
    }
}

impl Drop for Supervised {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

/// Where a program stands: in `PATH`, or in the folders that Debian keeps out of a user's `PATH`.
pub(crate) fn find(program: &str, package: &str) -> String {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/local/sbin", "/usr/sbin", "/sbin"].map(Into::into))
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
        .unwrap_or_else(|| {
            panic!("{program} is missing (Debian package {package}): `cargo xtask test` installs it")
        })
        .to_string_lossy()
        .into_owned()
}

/// The last lines of a log, for a test that fails.
pub(crate) fn last_lines(log: &Path, number: usize) -> String {
    let Ok(file) = File::open(log) else { return String::new() };
    let lines: Vec<String> = BufReader::new(file).lines().map_while(Result::ok).collect();
    lines[lines.len().saturating_sub(number)..].join("\n")
}
