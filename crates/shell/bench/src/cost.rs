//! What a process costs: processor time and peak memory, read from `/proc`.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

/// Peak memory only grows, so looking now and then is enough; the last look is at most this old.
const LOOK: Duration = Duration::from_millis(20);

/// Processor time.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Processor {
    /// In the program itself.
    pub(crate) user: Duration,
    /// In the kernel for it.
    pub(crate) system: Duration,
}

impl Processor {
    /// Both.
    pub(crate) fn all(self) -> Duration {
        self.user + self.system
    }

    /// What came on top since an earlier look.
    pub(crate) fn since(self, earlier: Self) -> Self {
        Self {
            user: self.user.saturating_sub(earlier.user),
            system: self.system.saturating_sub(earlier.system),
        }
    }
}

/// What a process cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// From start to end.
    pub(crate) wall: Duration,
    /// Processor time of all its threads.
    pub(crate) cpu: Processor,
    /// The most memory it held at once, in octets.
    pub(crate) peak: u64,
}

/// Runs a program to its end. Its output goes to a file beside `log`, and is shown when it fails.
pub(crate) fn run(command: &mut Command, log: &Path) -> Result<(Cost, String)> {
    let file = File::create(log).with_context(|| format!("{} cannot be written", log.display()))?;
    let errors = file.try_clone().context("a file cannot be shared")?;
    let begin = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(file)
        .stderr(errors)
        .spawn()
        .with_context(|| format!("{:?} could not be started", command.get_program()))?;
    let id = child.id();
    let pid = i32::try_from(id).ok().and_then(Pid::from_raw).context("a process without a number")?;
    let mut peak = 0;
    // Ended but not waited for: a zombie still has its processor time in /proc.
    let ended = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
    while waitid(WaitId::Pid(pid), ended).context("the process is lost")?.is_none() {
        peak = peak.max(peak_memory(id).unwrap_or_default());
        std::thread::sleep(LOOK);
    }
    let wall = begin.elapsed();
    let cpu = processor_time(id)?;
    let status = child.wait().context("the process is lost")?;
    let said = fs::read_to_string(log).unwrap_or_default();
    if !status.success() {
        bail!("{} ended with {status}:\n{}", shown(command), last_lines(&said));
    }
    Ok((Cost { wall, cpu, peak }, said))
}

/// What a process used so far.
pub(crate) fn processor_time(id: u32) -> Result<Processor> {
    let file = format!("/proc/{id}/stat");
    let stat = fs::read_to_string(&file).with_context(|| format!("{file} cannot be read"))?;
    let [user, system] = ticks(&stat).with_context(|| format!("{file} is not understood"))?;
    let time =
        |ticks: u64| Duration::from_secs_f64(ticks as f64 / rustix::param::clock_ticks_per_second() as f64);
    Ok(Processor { user: time(user), system: time(system) })
}

/// Fields 14 and 15 of proc(5); the second, a name in brackets, may hold spaces.
fn ticks(stat: &str) -> Option<[u64; 2]> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    Some([fields.next()?.parse().ok()?, fields.next()?.parse().ok()?])
}

fn peak_memory(id: u32) -> Option<u64> {
    peak(&fs::read_to_string(format!("/proc/{id}/status")).ok()?)
}

fn peak(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
}

fn shown(command: &Command) -> String {
    let mut words = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        words.push(' ');
        words.push_str(&argument.to_string_lossy());
    }
    words
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_and_memory_are_read_where_the_kernel_writes_them() {
        let stat = "42 (a) b) S 1 42 42 0 -1 4194304 100 0 0 0 250 130 0 0 20 0 5 0 1 1 1";
        assert_eq!(ticks(stat), Some([250, 130]));
        assert_eq!(peak("Name:\tx\nVmHWM:\t  2048 kB\nVmRSS:\t 1 kB\n"), Some(2 * 1024 * 1024));
        assert_eq!(peak("Name:\tx\n"), None);
    }

    #[test]
    fn a_program_that_fails_is_shown_with_what_it_said() {
        let log = tempfile::NamedTempFile::new().unwrap();
        let error = run(Command::new("sh").args(["-c", "echo no fuel; exit 3"]), log.path()).unwrap_err();
        assert!(error.to_string().ends_with("exit status: 3:\nno fuel"), "{error}");
        let (cost, said) = run(Command::new("sh").args(["-c", "echo up"]), log.path()).unwrap();
        assert_eq!(said, "up\n");
        assert!(cost.wall >= Duration::ZERO);
    }
}
