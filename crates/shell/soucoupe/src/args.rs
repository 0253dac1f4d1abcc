//! The words of the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::commands::{bounce, demo, dispatch, doctor, edition, keys, owner, publication, readers, segment};

/// A self-hosted home for a newsletter: write, send and publish editions from one program.
#[derive(Debug, Parser)]
#[command(name = "soucoupe", version, max_term_width = 100)]
pub struct Arguments {
    /// What is configured for this run.
    #[command(flatten)]
    pub globals: Globals,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags that every command takes; each wins over its SOUCOUPE_ variable, which wins over soucoupe.toml.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Configuration")]
pub struct Globals {
    /// Configuration file [default: soucoupe.toml in the working folder, where there is one]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder of the instance [SOUCOUPE_DATA]
    #[arg(long, global = true, value_name = "FOLDER")]
    pub data: Option<String>,
    /// sqlite:PATH or postgres://… [SOUCOUPE_DATABASE_URL]
    #[arg(long, global = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// The relay: smtp://, smtps:// or smtp+starttls://, with user and password [SOUCOUPE_SMTP_URL]
    #[arg(long, global = true, value_name = "URL")]
    pub smtp_url: Option<String>,
    /// The address that readers see [SOUCOUPE_BASE_URL]
    #[arg(long, global = true, value_name = "URL")]
    pub base_url: Option<String>,
    /// Where to answer, such as 127.0.0.1:8080 [SOUCOUPE_LISTEN]
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// What goes to the log, such as info or soucoupe=debug [SOUCOUPE_LOG]
    #[arg(long, global = true, value_name = "FILTER")]
    pub log: Option<String>,
}

/// What one can ask for.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Answer on the web and send what is due, until told to stop
    Serve,
    /// Start a complete sample in a throwaway folder, with a mail catcher
    Demo(demo::Demo),
    /// Publications: letters with their name, sender, language and look
    #[command(subcommand)]
    Publication(publication::Publication),
    /// Readers: bring them in from a file, take them out into one
    #[command(subcommand)]
    Readers(readers::Readers),
    /// Segments: saved conditions over readers
    #[command(subcommand)]
    Segment(segment::Segment),
    /// Editions: create, preview, check, send
    #[command(subcommand)]
    Edition(edition::Edition),
    /// Dispatches: where a sending stands
    #[command(subcommand)]
    Dispatch(dispatch::Dispatch),
    /// Print the signed log of what was sent, and check it
    Proofs {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Tell whether a saved or forwarded mail is an unaltered letter of this instance
    Verify {
        /// The mail as a file (.eml), or - for standard input
        file: PathBuf,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Mails that came back: what they mean
    #[command(subcommand)]
    Bounce(bounce::Bounce),
    /// Signing keys (DKIM)
    #[command(subcommand)]
    Keys(keys::Keys),
    /// The owner of the desk
    #[command(subcommand)]
    Owner(owner::Owner),
    /// Write everything into one new file, also while the program runs
    Backup {
        /// The file; it must not exist
        file: PathBuf,
    },
    /// Fill a new instance with what a backup holds
    Restore {
        /// A file written by backup
        file: PathBuf,
    },
    /// Look whether all is well, and say what to do where it is not
    Doctor(doctor::Doctor),
    /// Bring the database up to date
    Migrate,
}
