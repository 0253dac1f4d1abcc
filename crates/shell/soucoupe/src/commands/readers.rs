//! Readers: in from a file, out into one.

use std::fs::File;
use std::io::{BufWriter, ErrorKind};
use std::path::{Path, PathBuf};

use audience::AudienceError;
use audience::import::{ImportError, Options};
use clap::Subcommand;

use crate::failure::Failure;
use crate::settings::Settings;
use crate::{open, words};

/// Readers: bring them in from a file, take them out into one.
#[derive(Debug, Subcommand)]
pub enum Readers {
    /// Bring readers in from a CSV file
    Import {
        /// The file; its first line names the columns
        file: PathBuf,
        /// Their publication
        #[arg(long)]
        publication: Option<String>,
        /// Only tell what would happen
        #[arg(long)]
        dry_run: bool,
        /// Where they come from, kept with each reader [default: the name of the file]
        #[arg(long)]
        source: Option<String>,
        /// Print the report as JSON
        #[arg(long)]
        json: bool,
    },
    /// Write the readers of a publication as CSV
    Export {
        /// Their publication
        #[arg(long)]
        publication: Option<String>,
    },
}

impl Readers {
    /// Does it.
    pub async fn run(self, settings: &Settings) -> Result<(), Failure> {
        match self {
            Readers::Import { file, publication, dry_run, source, json } => {
                let mut options =
                    Options { dry_run, language: words::language(), ..Options::for_file(&file) };
                if let Some(source) = source {
                    options.source = source;
                }
                import(settings, &file, publication.as_deref(), options, json).await
            }
            Readers::Export { publication } => {
                let instance = open::existing(settings).await?;
                let publication = open::publication(&instance, publication.as_deref()).await?;
                let out = BufWriter::new(std::io::stdout());
                match audience::export(&instance, &publication, out).await {
                    // Whoever reads our output had enough (`| head`).
                    Err(AudienceError::File { source, .. }) if source.kind() == ErrorKind::BrokenPipe => {
                        Ok(())
                    }
                    other => Ok(other.map(|_| ())?),
                }
            }
        }
    }
}

async fn import(
    settings: &Settings,
    file: &Path,
    publication: Option<&str>,
    options: Options,
    json: bool,
) -> Result<(), Failure> {
    let place = file.display();
    let opened = File::open(file).map_err(|error| Failure::input(format!("{place}: {error}")))?;
    if opened.metadata().is_ok_and(|about| about.is_dir()) {
        return Err(Failure::input(format!("{place} is a folder, not a file")));
    }
    let instance = open::existing(settings).await?;
    let publication = open::publication(&instance, publication).await?;
    let report =
        audience::import(&instance, &publication, opened, options).await.map_err(|error| match error {
            ImportError::Store(error) => Failure::from(error),
            ImportError::Audience(error) => Failure::from(error),
            other => Failure::input(format!("{place}: {other}")),
        })?;
    if json {
        println!("{}", report.json());
    } else {
        for sentence in report.sentences(words::language()) {
            println!("{sentence}");
        }
    }
    Ok(())
}
