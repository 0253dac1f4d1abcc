//! A disk that says no when it is asked to keep something: fsync and fdatasync of a running program fail.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};

use crate::patience::{PATIENCE, until};
use crate::supervised::find;

/// Every sync of a program fails with EIO as long as this is there.
pub struct FailingSyncs {
    tracer: Child,
    trace: PathBuf,
}

impl FailingSyncs {
    /// From now on. Returns after the first that failed.
    pub async fn of(pid: u32, folder: &Path) -> Self {
        let trace = folder.join("syncs.trace");
        let says = folder.join("syncs.log");
        let tracer = Command::new(find("strace", "strace"))
            .args([
                "-f",
                "-ttt",
                "-e",
                "trace=fsync,fdatasync",
                "-e",
                "inject=fsync,fdatasync:error=EIO",
                "-o",
            ])
            .arg(&trace)
            .args(["-p", &pid.to_string()])
            .stderr(File::create(&says).expect("a log can be written"))
            .kill_on_drop(true)
            .spawn()
            .expect("strace starts");
        let failing = FailingSyncs { tracer, trace };
        until("a sync fails", PATIENCE, async || {
            let said = std::fs::read_to_string(&says).unwrap_or_default();
            assert!(
                !said.contains("not permitted"),
                "a running program cannot be traced, which this test needs root with CAP_SYS_PTRACE for: {said}"
            );
            failing.first().map(|_| ())
        })
        .await;
        failing
    }

    /// When the first failed, microseconds since 1970.
    pub fn first(&self) -> Option<u64> {
        let trace = std::fs::read_to_string(&self.trace).ok()?;
        let line = trace.lines().find(|line| line.contains("(INJECTED)") || line.contains("<unfinished"))?;
        micros(line.split_whitespace().nth(1)?)
    }

    /// How many failed so far.
    pub fn count(&self) -> usize {
        let trace = std::fs::read_to_string(&self.trace).unwrap_or_default();
        trace.matches("(INJECTED)").count()
    }

    /// The disk works again.
    pub async fn end(mut self) {
        let pid = self.tracer.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        // At SIGINT it lets go of the program and ends.
        kill_process(pid.expect("the tracer is alive"), Signal::INT).expect("the tracer hears");
        let ended = tokio::time::timeout(Duration::from_secs(60), self.tracer.wait()).await;
        ended.expect("the tracer ends").expect("the tracer is ours");
    }
}

/// `1795422600.123456` in microseconds.
pub(crate) fn micros(text: &str) -> Option<u64> {
    let (seconds, fraction) = text.split_once('.')?;
    let fraction: u64 = fraction.get(..6)?.parse().ok()?;
    Some(seconds.parse::<u64>().ok()? * 1_000_000 + fraction)
}
