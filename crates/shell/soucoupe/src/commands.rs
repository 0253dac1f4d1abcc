//! What each command does. A command prints what it was asked for on standard output and everything else on standard
//! error, so that its answer can be piped.

mod backup;
pub mod bounce;
pub mod demo;
pub mod dispatch;
pub mod doctor;
pub mod edition;
pub mod keys;
mod migrate;
pub mod owner;
mod preview;
mod proofs;
pub mod publication;
pub mod readers;
pub mod segment;
mod send;
mod verify;

use crate::args::{Arguments, Command};
use crate::failure::Failure;
use crate::{logs, serve, settings};

/// Does what the command line asks for.
pub async fn run(arguments: Arguments) -> Result<(), Failure> {
    let Arguments { globals, command } = arguments;
    if let Command::Demo(demo) = command {
        logs::start(globals.log.as_deref(), "warn")?;
        return demo.run(&globals).await;
    }
    // Mails are read as they are: no configuration, no instance.
    if let Command::Bounce(bounce) = command {
        logs::start(globals.log.as_deref(), "warn")?;
        return bounce.run();
    }
    let settings = settings::read(&globals)?;
    let usual = if matches!(command, Command::Serve) { "info" } else { "warn" };
    logs::start(settings.log.as_deref(), usual)?;
    match command {
        Command::Serve => serve::run(settings).await,
        Command::Demo(_) | Command::Bounce(_) => Ok(()),
        Command::Publication(publication) => publication.run(&settings).await,
        Command::Readers(readers) => readers.run(&settings).await,
        Command::Segment(segment) => segment.run(&settings).await,
        Command::Edition(edition) => edition.run(&settings).await,
        Command::Dispatch(dispatch) => dispatch.run(&settings).await,
        Command::Proofs { json } => proofs::run(&settings, json).await,
        Command::Verify { file, json } => verify::run(&settings, &file, json).await,
        Command::Keys(keys) => keys.run(&settings).await,
        Command::Owner(owner) => owner.run(&settings).await,
        Command::Backup { file } => backup::backup(&settings, &file).await,
        Command::Restore { file } => backup::restore(&settings, &file).await,
        Command::Doctor(doctor) => doctor.run(&settings).await,
        Command::Migrate => migrate::run(&settings).await,
    }
}
