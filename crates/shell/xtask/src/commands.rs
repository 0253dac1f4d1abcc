//! Running other programs: a clear sentence when one is missing or fails.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Cargo, from the root of the house, without what our own start by cargo left in the environment: build scripts
/// that watch those variables would run again.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let ours = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"]
            .iter()
            .any(|prefix| ours.starts_with(prefix))
        {
            command.env_remove(&name);
        }
    }
    command.current_dir(root);
    command
}

/// Runs a program with its output on our terminal; an error when it does not end well.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let words = shown(command);
    let status = command.status().with_context(|| format!("{words} could not be started"))?;
    if !status.success() {
        bail!("{words} ended with {status}");
    }
    Ok(())
}

/// Runs a program and gives back what it wrote; the error holds what it complained about.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let words = shown(command);
    let output =
        command.stdin(Stdio::null()).output().with_context(|| format!("{words} could not be started"))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!("{words} ended with {}: {}", output.status, complaint.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Where a program stands: in `PATH`, or in the folders that Debian keeps out of a user's `PATH`.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/local/sbin", "/usr/sbin", "/sbin"].map(PathBuf::from))
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// Whether we are root.
pub(crate) fn we_are_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let mut words = program.to_string_lossy().into_owned();
    for argument in command.get_args() {
        words.push(' ');
        words.push_str(&argument.to_string_lossy());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_is_named() {
        let error = run(Command::new("/no/such/saucer").arg("up")).unwrap_err();
        assert_eq!(error.to_string(), "saucer up could not be started");
    }

    #[test]
    fn a_program_that_fails_is_named_with_its_complaint() {
        let error = output(Command::new("sh").args(["-c", "echo no fuel >&2; exit 3"])).unwrap_err();
        assert!(error.to_string().ends_with("ended with exit status: 3: no fuel"), "{error}");
    }

    #[test]
    fn programs_are_found_by_name() {
        assert!(find("sh").is_some());
        assert!(find("no-such-saucer").is_none());
    }
}
