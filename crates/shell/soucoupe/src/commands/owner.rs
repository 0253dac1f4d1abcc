//! The owner of the desk.

use clap::Subcommand;
use i18n::Language;
use instance::Instance;

use crate::failure::Failure;
use crate::settings::Settings;
use crate::{open, words};

/// The owner of the desk.
#[derive(Debug, Subcommand)]
pub enum Owner {
    /// Make the owner's account and print a link that signs in once
    Create {
        /// Address
        #[arg(long)]
        email: String,
        /// Name
        #[arg(long)]
        name: String,
        /// Language of the desk: fr or en [default: that of the terminal]
        #[arg(long)]
        language: Option<String>,
        /// Read a password from the first line of standard input; without, only links sign in
        #[arg(long)]
        password_stdin: bool,
        /// How long the link is good
        #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=10_080))]
        minutes: u32,
    },
    /// Print a link that signs the owner in once
    SignInLink {
        /// How long it is good
        #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=10_080))]
        minutes: u32,
    },
}

impl Owner {
    /// Does it.
    pub async fn run(self, settings: &Settings) -> Result<(), Failure> {
        match self {
            Owner::Create { email, name, language, password_stdin, minutes } => {
                let language = language.as_deref().map_or_else(|| Ok(words::language()), spoken)?;
                let password = if password_stdin { Some(first_line()?) } else { None };
                let instance = open::or_begin(settings).await?;
                // Nobody knows this one: until the owner chooses another, only links open the door.
                let password = password.unwrap_or_else(|| unguessable(&instance));
                let owner = accounts::create_owner(&instance, &email, &name, &password, language).await?;
                println!("{}", accounts::sign_in_link(&instance, owner.id, minutes).await?);
                Ok(())
            }
            Owner::SignInLink { minutes } => {
                let instance = open::existing(settings).await?;
                let owner = accounts::owner(&instance).await?.ok_or_else(|| {
                    Failure::input("this instance has no owner yet: `soucoupe owner create` makes one")
                })?;
                println!("{}", accounts::sign_in_link(&instance, owner.id, minutes).await?);
                Ok(())
            }
        }
    }
}

fn spoken(tag: &str) -> Result<Language, Failure> {
    Language::ALL
        .into_iter()
        .find(|language| language.tag() == tag)
        .ok_or_else(|| Failure::input(format!("--language: {tag:?} is not spoken here: write fr or en")))
}

fn first_line() -> Result<String, Failure> {
    let mut line = String::new();
    std::io::stdin()
        .read_line(&mut line)
        .map_err(|error| Failure::input(format!("--password-stdin: {error}")))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn unguessable(instance: &Instance) -> String {
    instance.random::<32>().iter().map(|byte| format!("{byte:02x}")).collect()
}
