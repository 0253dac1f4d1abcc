//! Opening the instance that a configuration means.

use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use instance::{Config, Instance, Process};
use publications::Publication;

use crate::failure::Failure;
use crate::settings::Settings;

/// Opens an instance that is there. A command that asks a question must not leave a new database behind.
pub async fn existing(settings: &Settings) -> Result<Instance, Failure> {
    if let Some(path) = settings.config.database_url.strip_prefix("sqlite:") {
        let path = Path::new(path.strip_prefix("//").unwrap_or(path));
        if !path.exists() {
            return Err(Failure::input(format!(
                "there is no instance at {} yet: `soucoupe publication create` or `soucoupe serve` begins one",
                path.display()
            )));
        }
    }
    Ok(Instance::open(settings.config.clone()).await?)
}

/// Opens an instance, or begins one.
pub async fn or_begin(settings: &Settings) -> Result<Instance, Failure> {
    make_folder(&settings.config)?;
    Ok(Instance::open(settings.config.clone()).await?)
}

/// Makes the folder of the instance; only its owner may look into it.
pub fn make_folder(config: &Config) -> Result<(), Failure> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true).mode(0o700);
    builder.create(&config.data).map_err(|error| {
        Failure::input(format!("the folder {} cannot be made: {error}", config.data.display()))
    })
}

/// The publication that is meant: by its slug, or the only one there is.
pub async fn publication(instance: &Instance, slug: Option<&str>) -> Result<Publication, Failure> {
    let mut all = publications::all(instance).await?;
    let Some(slug) = slug else {
        return match (all.len(), all.pop()) {
            (1, Some(only)) => Ok(only),
            (0, _) => {
                Err(Failure::input("there is no publication yet: `soucoupe publication create` makes one"))
            }
            _ => Err(Failure::input("there are several publications: say which with --publication")),
        };
    };
    let known: Vec<String> = all.iter().map(|publication| publication.slug.to_string()).collect();
    all.into_iter().find(|publication| publication.slug.as_str() == slug).ok_or_else(|| {
        let known = if known.is_empty() { "none yet".to_owned() } else { known.join(", ") };
        Failure::input(format!("there is no publication {slug:?}; there is: {known}"))
    })
}

/// Whether a server works on this instance at the moment.
pub async fn is_served(instance: &Instance) -> Result<bool, Failure> {
    let now = instance.now_us();
    let processes = Process::all(instance).await?;
    Ok(processes.iter().any(|process| process.kind == crate::serve::KIND && process.lives(now)))
}
