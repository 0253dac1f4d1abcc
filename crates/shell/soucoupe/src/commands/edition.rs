//! Editions: a file becomes one, and one becomes mail.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};
use editions::EditionError;
use instance::Instance;
use publications::Publication;

use super::{preview, send};
use crate::failure::Failure;
use crate::settings::Settings;
use crate::{open, words};

/// Editions: create, preview, check, send.
#[derive(Debug, Subcommand)]
pub enum Edition {
    /// Make a draft from a Markdown file and print its slug
    Create {
        /// The file; - reads standard input
        file: PathBuf,
        /// Its publication
        #[arg(long)]
        publication: Option<String>,
    },
    /// List the editions of a publication
    List {
        /// Their publication
        #[arg(long)]
        publication: Option<String>,
    },
    /// Print an edition as its readers will see it
    Preview {
        /// The edition
        slug: String,
        /// In which form
        #[arg(long = "as", value_enum)]
        form: Form,
        /// As this reader sees it
        #[arg(long, value_name = "ADDRESS")]
        reader: Option<String>,
        /// Its publication, where several have an edition of that slug
        #[arg(long)]
        publication: Option<String>,
    },
    /// Look an edition through before it leaves; exit code 1 when something keeps it from leaving
    Check {
        /// The edition
        slug: String,
        /// Print the findings as JSON
        #[arg(long)]
        json: bool,
        /// Its publication, where several have an edition of that slug
        #[arg(long)]
        publication: Option<String>,
    },
    /// Send an edition; prints the number of the dispatch
    Send(send::Send),
}

/// A form of an edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// The HTML of the mail
    Mail,
    /// The page on the site
    Web,
    /// The text of the mail
    Text,
}

impl Edition {
    /// Does it.
    pub async fn run(self, settings: &Settings) -> Result<(), Failure> {
        match self {
            Edition::Create { file, publication } => create(settings, &file, publication.as_deref()).await,
            Edition::List { publication } => list(settings, publication.as_deref()).await,
            Edition::Preview { slug, form, reader, publication } => {
                let (instance, publication, edition) = found(settings, &slug, publication.as_deref()).await?;
                preview::print(&instance, &publication, &edition, form, reader.as_deref()).await
            }
            Edition::Check { slug, json, publication } => {
                check(settings, &slug, json, publication.as_deref()).await
            }
            Edition::Send(send) => send.run(settings).await,
        }
    }
}

/// An edition and its publication.
pub async fn found(
    settings: &Settings,
    slug: &str,
    publication: Option<&str>,
) -> Result<(Instance, Publication, editions::Edition), Failure> {
    let instance = open::existing(settings).await?;
    if publication.is_some() {
        open::publication(&instance, publication).await?;
    }
    let edition = editions::find_by_slug(&instance, slug, publication).await?;
    let publication = publications::by_id(&instance, edition.publication_id).await?;
    let publication = publication.ok_or_else(|| {
        Failure::internal(anyhow::anyhow!("the edition {slug:?} belongs to no publication"))
    })?;
    Ok((instance, publication, edition))
}

async fn create(settings: &Settings, file: &Path, publication: Option<&str>) -> Result<(), Failure> {
    let markdown = text_of(file)?;
    let instance = open::existing(settings).await?;
    let publication = open::publication(&instance, publication).await?;
    match editions::create(&instance, &publication, &markdown).await {
        Ok(edition) => {
            println!("{}", edition.slug);
            Ok(())
        }
        Err(EditionError::Invalid(problems)) => Err(Failure::input(with_file(file, &problems))),
        Err(error) => Err(Failure::from(error).at(file.display())),
    }
}

/// All faults of a text, one a line, each with its file, line and column.
fn with_file(file: &Path, problems: &[document::Problem]) -> String {
    let line = |problem: &document::Problem| {
        let sentence = problem.sentence(words::language());
        format!("{}:{}:{}: {sentence}", file.display(), problem.line, problem.column)
    };
    problems.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn text_of(file: &Path) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        std::io::stdin().read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|mut opened| opened.read_to_end(&mut bytes))
    };
    read.map_err(|error| Failure::input(format!("{}: {error}", file.display())))?;
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
        let column =
            String::from_utf8_lossy(good).rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let place = format!("{}:{line}:{column}", file.display());
        Failure::input(format!("{place}: the file is not UTF-8: save it in that encoding"))
    })
}

async fn list(settings: &Settings, publication: Option<&str>) -> Result<(), Failure> {
    let instance = open::existing(settings).await?;
    let publication = open::publication(&instance, publication).await?;
    let mut page = 1;
    loop {
        let (editions, _) = editions::list(&instance, publication.id, page).await?;
        if editions.is_empty() {
            return Ok(());
        }
        for edition in editions {
            let number = edition.number.map_or_else(String::new, |number| number.to_string());
            println!("{}\t{}\t{number}\t{}", edition.slug, edition.state.as_str(), edition.title);
        }
        page += 1;
    }
}

async fn check(
    settings: &Settings,
    slug: &str,
    json: bool,
    publication: Option<&str>,
) -> Result<(), Failure> {
    let (instance, publication, edition) = found(settings, slug, publication).await?;
    let findings = editions::check(&instance, &publication, &edition).await?;
    if json {
        println!("{}", serde_json::to_string_pretty(&findings).map_err(Failure::internal)?);
    } else {
        for finding in &findings {
            println!("{}: {}", finding.severity.as_str(), finding.sentence(words::language()));
        }
        if findings.is_empty() {
            eprintln!("Nothing to object to.");
        }
    }
    if findings.iter().any(editions::Finding::is_error) { Err(Failure::silent()) } else { Ok(()) }
}
