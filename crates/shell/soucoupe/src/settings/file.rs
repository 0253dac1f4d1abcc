//! soucoupe.toml: one flat list of keys, each with its place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use super::Given;
use crate::failure::Failure;

/// The name that is looked for in the working folder.
const NAME: &str = "soucoupe.toml";
/// Every key; `docs/configuration.md` says what each means.
pub(super) const KEYS: &[&str] = &[
    "base_url",
    "listen",
    "data",
    "database_url",
    "smtp_url",
    "smtp_connections",
    "rate",
    "bounce_domain",
    "trusted_proxies",
    "catcher",
    "log",
];

/// What the file says; nothing where there is no file.
#[derive(Debug, Default)]
pub(super) struct File(BTreeMap<String, Given>);

#[derive(Deserialize)]
struct Lines(BTreeMap<Spanned<String>, Spanned<toml::Value>>);

impl File {
    /// Reads the file that was named, or the one in the working folder where there is one.
    pub(super) fn find(named: Option<&Path>) -> Result<Self, Failure> {
        let path = named.map_or_else(|| PathBuf::from(NAME), Path::to_owned);
        match std::fs::read_to_string(&path) {
            Ok(text) => Self::read(&path, &text),
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
                Ok(File::default())
            }
            Err(error) => Err(Failure::input(format!("{}: {error}", path.display()))),
        }
    }

    pub(super) fn read(path: &Path, text: &str) -> Result<Self, Failure> {
        let refused = |at: usize, why: &str| Failure::input(format!("{}: {why}", place(path, text, at)));
        let lines: Lines = toml::from_str(text)
            .map_err(|error| refused(error.span().map_or(0, |span| span.start), error.message().trim()))?;
        let mut given = BTreeMap::new();
        for (key, value) in lines.0 {
            let name = key.get_ref();
            if !KEYS.contains(&name.as_str()) {
                let why = format!("the key {name:?} is not known; the keys are {}", KEYS.join(", "));
                return Err(refused(key.span().start, &why));
            }
            let at = value.span().start;
            let Some(mut text_of) = plain(value.get_ref()) else {
                return Err(refused(at, &format!("the value of {name} must be a text or a number")));
            };
            // A folder is meant from where the file stands, wherever the program is started.
            if name == "data"
                && let Some(folder) = path.parent()
            {
                text_of = folder.join(text_of).components().collect::<PathBuf>().display().to_string();
            }
            given.insert(name.clone(), Given { text: text_of, place: place(path, text, at) });
        }
        Ok(File(given))
    }

    pub(super) fn given(&self, key: &str) -> Option<Given> {
        self.0.get(key).cloned()
    }
}

fn plain(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Array(values) => {
            values.iter().map(plain).collect::<Option<Vec<_>>>().map(|all| all.join(","))
        }
        _ => None,
    }
}

/// `soucoupe.toml, line 3, column 8`.
fn place(path: &Path, text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("{}, line {line}, column {column}", path.display())
}
