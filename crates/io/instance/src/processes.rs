//! Who works on an instance: what a lease is worth is whether its holder lives.

use std::path::Path;

use store::{StoreError, params};

use crate::{Instance, queries};

/// A process on the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Its number; a lease names it.
    pub id: i64,
    /// `serve`, `send`…
    pub kind: String,
    /// The machine, and its boot.
    pub host: String,
    /// Its number there.
    pub pid: i64,
    /// When it was last heard of, microseconds UTC.
    pub beat_at: i64,
}

impl Process {
    /// Puts this process on the list.
    pub async fn announce(instance: &Instance, kind: &str) -> Result<Process, StoreError> {
        let (host, pid, now) = (host(), i64::from(std::process::id()), instance.now_us());
        // Whoever had our number on this machine is gone: the number is ours now.
        for process in Self::all(instance).await? {
            if process.host == host && process.pid == pid && kind == process.kind {
                instance.store.execute(queries::BEAT, params![process.id, 0]).await?;
            }
        }
        let values = params![number(instance), kind, &host, pid, now];
        let rows = instance.store.write(queries::ANNOUNCE, values).await?;
        let id = rows.first().ok_or(StoreError::Closed)?.int(0)?;
        Ok(Process { id, kind: kind.to_owned(), host, pid, beat_at: now })
    }

    /// Says that it lives. False when another process has buried it: then it holds no lease any more.
    pub async fn beat(&self, instance: &Instance) -> Result<bool, StoreError> {
        let rows = instance.store.write(queries::BEAT, params![self.id, instance.now_us()]).await?;
        Ok(!rows.is_empty())
    }

    /// Takes it off the list.
    pub async fn leave(&self, instance: &Instance) -> Result<(), StoreError> {
        instance.store.execute(queries::LEAVE, params![self.id]).await.map(|_| ())
    }

    /// Everyone on the list, the dead included.
    pub async fn all(instance: &Instance) -> Result<Vec<Process>, StoreError> {
        let rows = instance.store.read(queries::PROCESSES, params![]).await?;
        rows.iter()
            .map(|row| {
                Ok(Process {
                    id: row.int(0)?,
                    kind: row.text(1)?,
                    host: row.text(2)?,
                    pid: row.int(3)?,
                    beat_at: row.int(4)?,
                })
            })
            .collect()
    }

    /// Whether it lives, as far as this machine can tell now.
    pub fn lives(&self, now_us: i64) -> bool {
        let here = self.host == host();
        // Without such a folder (not Linux) nobody here knows who runs.
        let known = here && Path::new("/proc/self").exists();
        let runs = known.then(|| Path::new(&format!("/proc/{}", self.pid)).exists());
        !policy::lease::is_dead(self.beat_at, now_us, runs)
    }
}

/// A number that no process had before: an engine that counts gives the number of the last one to leave again, and
/// with it the leases that the last one could not give back (or, after a restore, those of another machine).
fn number(instance: &Instance) -> i64 {
    // 52 bits, so that it stays whole in every reader of JSON; never 0, which stands for nobody.
    (i64::from_be_bytes(instance.random()) & ((1 << 52) - 1)).max(1)
}

/// Name of the machine and the moment it started, so that a number of a process before a reboot means nothing.
fn host() -> String {
    let read =
        |path: &str| std::fs::read_to_string(path).map(|text| text.trim().to_owned()).unwrap_or_default();
    format!("{} {}", read("/proc/sys/kernel/hostname"), read("/proc/sys/kernel/random/boot_id"))
}
