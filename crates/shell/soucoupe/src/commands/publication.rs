//! Publications.

use clap::{Args, Subcommand};
use letter::{Look, NotAColour};
use publications::NewPublication;

use crate::failure::Failure;
use crate::open;
use crate::settings::Settings;

/// Publications: letters with their name, sender, language and look.
#[derive(Debug, Subcommand)]
pub enum Publication {
    /// Make a publication
    Create(Box<Create>),
    /// List the publications
    List,
}

/// What a publication needs, and what it may have.
#[derive(Debug, Args)]
pub struct Create {
    /// Its name in addresses: small letters, digits, hyphens; it stays
    #[arg(long)]
    slug: String,
    /// Its name
    #[arg(long)]
    name: String,
    /// Who signs: "Ada <ada@gazette.example>"
    #[arg(long)]
    from: String,
    /// fr or en
    #[arg(long)]
    language: String,
    /// A line under the name
    #[arg(long)]
    tagline: Option<String>,
    /// IANA name, such as Europe/Paris
    #[arg(long)]
    time_zone: Option<String>,
    /// Where it can be written to on paper
    #[arg(long)]
    postal_address: Option<String>,
    /// Where answers go, if not to the sender
    #[arg(long)]
    reply_to: Option<String>,
    /// Its colour, such as #1d6f5c
    #[arg(long)]
    accent: Option<String>,
}

impl Publication {
    /// Does it.
    pub async fn run(self, settings: &Settings) -> Result<(), Failure> {
        match self {
            Publication::Create(create) => create.run(settings).await,
            Publication::List => list(settings).await,
        }
    }
}

impl Create {
    async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let accent = self.accent.as_deref().map(str::parse).transpose();
        let accent = accent.map_err(|NotAColour(text)| {
            Failure::input(format!("--accent: {text:?} is no colour: write #1d6f5c"))
        })?;
        let new = NewPublication {
            slug: self.slug,
            name: self.name,
            from: self.from,
            language: self.language,
            tagline: self.tagline,
            description: None,
            reply_to: self.reply_to,
            time_zone: self.time_zone,
            postal_address: self.postal_address,
            look: accent.map(|accent| Look { accent, ..Look::default() }),
        };
        let instance = open::or_begin(settings).await?;
        let publication = publications::create(&instance, new).await?;
        println!("{}", publication.slug);
        if publication.postal_address.is_none() {
            eprintln!(
                "A postal address is still missing; many countries ask for one (--postal-address, or the desk)."
            );
        }
        Ok(())
    }
}

async fn list(settings: &Settings) -> Result<(), Failure> {
    let instance = open::existing(settings).await?;
    for publication in publications::all(&instance).await? {
        let (slug, language) = (&publication.slug, publication.language.tag());
        println!("{slug}\t{}\t{}\t{language}", publication.name, publication.from.address);
    }
    Ok(())
}
