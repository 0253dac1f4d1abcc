//! Limits of this machine, measured in the same run by programs that are not ours.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// How many RSA-2048 signatures a second all cores of this machine make with OpenSSL.
pub(crate) fn signatures(cores: usize) -> Result<f64> {
    let output = Command::new("openssl")
        .args(["speed", "-seconds", "3", "-multi", &cores.to_string(), "rsa2048"])
        .output()
        .context("openssl could not be started; it is needed to compare signing with")?;
    if !output.status.success() {
        bail!("openssl speed ended with {}", output.status);
    }
    let said = String::from_utf8_lossy(&output.stdout);
    signatures_in(&said).with_context(|| format!("openssl speed said nothing we understand:\n{said}"))
}

/// The first number without a unit in `rsa 2048 bits 0.000196s 0.000012s   5107.0  84078.5`; newer versions write
/// `rsa  2048 bits` and more columns behind.
fn signatures_in(said: &str) -> Option<f64> {
    let line =
        said.lines().rev().find(|line| line.trim_start().starts_with("rsa") && line.contains("bits"))?;
    line.split_once("bits")?.1.split_whitespace().find(|word| !word.ends_with('s'))?.parse().ok()
}

/// Postfix's own load generator, where it is installed.
pub(crate) fn smtp_source() -> Option<PathBuf> {
    ["/usr/sbin/smtp-source", "/usr/libexec/postfix/smtp-source", "/usr/bin/smtp-source"]
        .iter()
        .map(PathBuf::from)
        .find(|path| path.is_file())
}

/// Its mails: as many, as large, over as many connections that stay open.
pub(crate) fn smtp_source_command(
    program: &Path,
    relay: &str,
    readers: u64,
    connections: u16,
    size: u64,
) -> Command {
    let mut command = Command::new(program);
    command.args(["-4", "-d", "-N"]);
    command.args(["-s", &connections.to_string(), "-m", &readers.to_string(), "-l", &size.to_string()]);
    command.args([
        "-f",
        "lettre@letters.bench.example",
        "-t",
        "reader@mail.example",
        "-M",
        "letters.bench.example",
    ]);
    command.arg(relay);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signatures_a_second_are_read() {
        let old = "                  sign    verify    sign/s verify/s\nrsa 2048 bits 0.000196s 0.000012s   5107.0  84078.5\n";
        assert_eq!(signatures_in(old), Some(5107.0));
        let new = "                   sign    verify    encrypt   decrypt   sign/s verify/s  encr./s  decr./s\n\
                   rsa  2048 bits 0.000211s 0.000013s 0.000014s 0.000213s   4736.1  79002.0  71000.0  4700.0\n";
        assert_eq!(signatures_in(new), Some(4736.1));
        assert_eq!(signatures_in("no rsa here"), None);
    }
}
