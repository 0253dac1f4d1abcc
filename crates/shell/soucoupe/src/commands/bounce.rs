//! Mails that came back.

use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::Subcommand;
use returned::{About, Action, Returned};
use serde::Serialize;

use crate::failure::Failure;

/// Mails that came back.
#[derive(Debug, Subcommand)]
pub enum Bounce {
    /// Say what mails mean: one line of JSON for each recipient found in them
    Classify {
        /// Mails (.eml), or several in one file (mbox)
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

/// A line of the answer; its keys stand in this order.
#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    address: Option<&'a str>,
    action: &'static str,
    reason: &'a str,
    status: Option<&'a str>,
    reply: Option<&'a str>,
}

impl Bounce {
    /// Does it, without an instance and without configuration. What cannot be read is told at the end.
    pub fn run(self) -> Result<(), Failure> {
        let Bounce::Classify { files } = self;
        let mut out = BufWriter::new(io::stdout().lock());
        let mut unread = Vec::new();
        for file in &files {
            match read(file) {
                Ok(bytes) => {
                    let name = file.to_string_lossy();
                    for mail in returned::mails(&bytes) {
                        if let Err(error) = print(&mut out, &name, &returned::read(mail)) {
                            return ended(error);
                        }
                    }
                }
                Err(sentence) => unread.push(sentence),
            }
        }
        if let Err(error) = out.flush() {
            return ended(error);
        }
        if unread.is_empty() { Ok(()) } else { Err(Failure::input(unread.join("\nsoucoupe: "))) }
    }
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    if file.is_dir() {
        return Err(format!("{} is a folder, not a mail", file.display()));
    }
    std::fs::read(file).map_err(|error| match error.kind() {
        ErrorKind::NotFound => format!("there is no file {}", file.display()),
        _ => format!("{} cannot be read: {error}", file.display()),
    })
}

fn print(out: &mut impl Write, file: &str, read: &Returned) -> io::Result<()> {
    let letter = About {
        address: None,
        original: None,
        action: Action::None,
        reason: "letter",
        status: None,
        reply: None,
    };
    let recipients =
        if read.recipients.is_empty() { std::slice::from_ref(&letter) } else { &read.recipients };
    for about in recipients {
        let line = Line {
            file,
            address: about.address.as_deref(),
            action: about.action.as_str(),
            reason: about.reason,
            status: about.status.as_deref(),
            reply: about.reply.as_deref(),
        };
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Whoever reads our lines and had enough (`| head`) is no fault.
fn ended(error: io::Error) -> Result<(), Failure> {
    if error.kind() == ErrorKind::BrokenPipe { Ok(()) } else { Err(Failure::internal(error)) }
}
