//! Where a demo lives: a folder that was named, or one that goes away with it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use instance::Config;
use tempfile::TempDir;

use crate::DemoError;

/// The folder of a demo. Dropping a throwaway one deletes it.
#[derive(Debug)]
pub struct Place {
    folder: PathBuf,
    throwaway: Option<TempDir>,
}

impl Place {
    /// The folder that was named, or a new one that nobody else can look into.
    pub fn choose(named: Option<PathBuf>) -> Result<Self, DemoError> {
        if let Some(folder) = named {
            return Ok(Place { folder, throwaway: None });
        }
        let made = tempfile::Builder::new().prefix("soucoupe-demo-").tempdir();
        let throwaway = made.map_err(|why| DemoError::Folder { path: std::env::temp_dir(), why })?;
        Ok(Place { folder: throwaway.path().to_owned(), throwaway: Some(throwaway) })
    }

    /// The configuration of the demo; the relay is known once the catcher listens.
    pub fn config(&self, listen: SocketAddr, base_url: String) -> Config {
        Config { listen, base_url, catcher: true, ..Config::in_folder(&self.folder) }
    }

    /// The folder, where it stays.
    pub fn kept(&self) -> Option<&Path> {
        self.throwaway.is_none().then_some(self.folder.as_path())
    }

    /// The configuration that other commands reach the demo with.
    pub fn config_file(&self) -> PathBuf {
        config_file(&self.folder)
    }
}

pub(crate) fn config_file(folder: &Path) -> PathBuf {
    folder.join("soucoupe.toml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_throwaway_folder_goes_away_and_a_named_one_stays() {
        let place = Place::choose(None).unwrap();
        let folder = place.folder.clone();
        assert!(folder.is_dir() && place.kept().is_none());
        drop(place);
        assert!(!folder.exists());
        let named = Place::choose(Some("/nowhere/demo".into())).unwrap();
        assert_eq!(named.kept(), Some(Path::new("/nowhere/demo")));
        assert_eq!(named.config_file(), Path::new("/nowhere/demo/soucoupe.toml"));
    }
}
