//! Segments.

use audience::AudienceError;
use clap::Subcommand;
use policy::segment::Condition;

use crate::failure::Failure;
use crate::open;
use crate::settings::Settings;

/// Segments: saved conditions over readers, always evaluated live.
#[derive(Debug, Subcommand)]
pub enum Segment {
    /// Save a condition: all of what is given must hold, or the tree given as --json
    Create {
        /// Its short name, as edition send --to takes it
        slug: String,
        /// Its publication
        #[arg(long)]
        publication: Option<String>,
        /// Its name [default: the slug]
        #[arg(long)]
        name: Option<String>,
        /// Has this tag; may be given several times
        #[arg(long)]
        tag: Vec<String>,
        /// Reads this language, such as fr
        #[arg(long)]
        language: Option<String>,
        /// Came in this way: form, import…
        #[arg(long)]
        source: Option<String>,
        /// Has an address of this domain
        #[arg(long)]
        domain: Option<String>,
        /// Any condition as a tree, see docs/command-line.md
        #[arg(long, value_name = "TREE", conflicts_with_all = ["tag", "language", "source", "domain"])]
        json: Option<String>,
    },
    /// List the segments
    List {
        /// Their publication
        #[arg(long)]
        publication: Option<String>,
    },
}

impl Segment {
    /// Does it.
    pub async fn run(self, settings: &Settings) -> Result<(), Failure> {
        match self {
            Segment::List { publication } => {
                let instance = open::existing(settings).await?;
                let publication = open::publication(&instance, publication.as_deref()).await?;
                for segment in audience::segments(&instance, publication.id).await? {
                    println!("{}\t{}\t{}", segment.slug, segment.name, json_of(&segment.condition)?);
                }
                Ok(())
            }
            Segment::Create { slug, publication, name, tag, language, source, domain, json } => {
                let condition = match json {
                    Some(json) => tree(&json)?,
                    None => all_of(tag, language, source, domain)?,
                };
                let instance = open::existing(settings).await?;
                let publication = open::publication(&instance, publication.as_deref()).await?;
                let name = name.unwrap_or_else(|| slug.clone());
                let made =
                    audience::create_segment(&instance, publication.id, &slug, &name, &condition).await?;
                println!("{}", made.slug);
                Ok(())
            }
        }
    }
}

fn all_of(
    tags: Vec<String>,
    language: Option<String>,
    source: Option<String>,
    domain: Option<String>,
) -> Result<Condition, Failure> {
    let mut of: Vec<Condition> = tags.into_iter().map(|tag| Condition::Tag { tag }).collect();
    of.extend(language.map(|is| Condition::Language { is }));
    of.extend(source.map(|is| Condition::Source { is }));
    of.extend(domain.map(|is| Condition::Domain { is: is.to_lowercase() }));
    match (of.len(), of.pop()) {
        (0, _) | (_, None) => Err(Failure::input(
            "say what its readers are like: --tag, --language, --source, --domain or --json",
        )),
        (1, Some(only)) => Ok(only),
        (_, Some(last)) => {
            of.push(last);
            Ok(Condition::All { of })
        }
    }
}

fn tree(json: &str) -> Result<Condition, Failure> {
    let condition: Condition = serde_json::from_str(json)
        .map_err(|error| Failure::input(format!("--json: the condition is not understood: {error}")))?;
    condition.validate().map_err(|error| Failure::from(AudienceError::Condition(error)).at("--json"))?;
    Ok(condition)
}

fn json_of(condition: &Condition) -> Result<String, Failure> {
    serde_json::to_string(condition).map_err(Failure::internal)
}
