//! The steps of a long command, with the time each took.

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::Result;

/// What ran so far, in order.
#[derive(Default)]
pub(crate) struct Steps {
    done: Vec<(String, Duration, bool)>,
}

impl Steps {
    /// Says what begins, runs it and keeps its time, whether it ends well or not.
    pub(crate) fn step<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        eprintln!("== {name}");
        let begin = Instant::now();
        let result = work();
        self.done.push((name.to_owned(), begin.elapsed(), result.is_ok()));
        result
    }
}

impl fmt::Display for Steps {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.done.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or(0).max(8);
        for (name, time, well) in &self.done {
            let end = if *well { "" } else { "  failed" };
            writeln!(out, "  {name:<width$} {:>7.1} s{end}", time.as_secs_f64())?;
        }
        let total: Duration = self.done.iter().map(|(_, time, _)| *time).sum();
        writeln!(out, "  {:<width$} {:>7.1} s", "in all", total.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_is_in_the_account_too() {
        let mut steps = Steps::default();
        assert!(steps.step("fuel", || Ok(())).is_ok());
        assert!(steps.step("lift off", || -> Result<()> { anyhow::bail!("rain") }).is_err());
        let account = steps.to_string();
        let lines: Vec<&str> = account.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[0].starts_with("  fuel") && lines[0].ends_with(" s"));
        assert!(lines[1].starts_with("  lift off") && lines[1].ends_with("failed"));
    }
}
