//! The log: text for a person at a terminal, JSON for everything else; always on standard error.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::failure::Failure;

/// A name server that is cut off or does not know DNSSEC is told by us, in a sentence; the library would repeat whole
/// packets.
const QUIET: &str = "hickory_net=error,hickory_resolver=error,hickory_proto=error";

/// Starts the log. `usual` is what goes there when nothing was configured.
pub fn start(filter: Option<&str>, usual: &str) -> Result<(), Failure> {
    let usual = format!("{usual},{QUIET}");
    let text = filter.unwrap_or(&usual);
    let filter = EnvFilter::try_new(text).map_err(|error| {
        Failure::input(format!(
            "the log filter {text:?} is not understood ({error}): write info or soucoupe=debug"
        ))
    })?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        log.with_target(false).init();
    } else {
        log.json().flatten_event(true).init();
    }
    Ok(())
}
