//! soucoupe.toml: a flat list of keys and a few tables, each value with its place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

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
    "returns_listen",
    "returns_imap",
    "returns_certificate",
    "returns_key",
    "dns",
    "spam_checker",
    "log",
];
/// Tables that may stand several times (`[[name]]`), with their keys.
const TABLES: &[(&str, &[&str])] = &[("route", super::routes::KEYS), ("webhooks", super::webhooks::KEYS)];

/// What the file says; nothing where there is no file.
#[derive(Debug, Default)]
pub(super) struct File {
    given: BTreeMap<String, Given>,
    tables: BTreeMap<String, Vec<Table>>,
}

/// One `[table]`: its values, and where it begins.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub given: BTreeMap<String, Given>,
    pub place: String,
}

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
        let reader = Reader { path, text };
        let table = DeTable::parse(text).map_err(|error| {
            reader.refused(error.span().map_or(0, |span| span.start), error.message().trim())
        })?;
        let mut file = File::default();
        for (key, value) in table.get_ref() {
            let name: &str = key.get_ref();
            if let Some((_, keys)) = TABLES.iter().find(|(table, _)| *table == name) {
                file.tables.insert(name.to_owned(), reader.tables(name, keys, value)?);
                continue;
            }
            if !KEYS.contains(&name) {
                let tables = TABLES.iter().map(|(table, _)| format!("[[{table}]]"));
                let known: Vec<_> = KEYS.iter().map(|key| (*key).to_owned()).chain(tables).collect();
                let why = format!("the key {name:?} is not known; the keys are {}", known.join(", "));
                return Err(reader.refused(key.span().start, &why));
            }
            let mut given = reader.given(name, value)?;
            // A folder is meant from where the file stands, wherever the program is started.
            if name == "data"
                && let Some(folder) = path.parent()
            {
                given.text = folder.join(given.text).components().collect::<PathBuf>().display().to_string();
            }
            file.given.insert(name.to_owned(), given);
        }
        Ok(file)
    }

    pub(super) fn given(&self, key: &str) -> Option<Given> {
        self.given.get(key).cloned()
    }

    pub(super) fn tables(&self, name: &str) -> &[Table] {
        self.tables.get(name).map(Vec::as_slice).unwrap_or_default()
    }
}

/// What a message needs to name a place.
struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Reader<'_> {
    /// `[[name]]` as often as one likes, or `[name]` once.
    fn tables(&self, name: &str, keys: &[&str], value: &Spanned<DeValue>) -> Result<Vec<Table>, Failure> {
        let wrong = |at: usize| {
            self.refused(at, &format!("{name} is a table: write [[{name}]] and its keys below it"))
        };
        match value.get_ref() {
            DeValue::Table(table) => Ok(vec![self.table(name, keys, value.span().start, table)?]),
            DeValue::Array(values) => values
                .iter()
                .map(|one| match one.get_ref() {
                    DeValue::Table(table) => self.table(name, keys, one.span().start, table),
                    _ => Err(wrong(one.span().start)),
                })
                .collect(),
            _ => Err(wrong(value.span().start)),
        }
    }

    fn table(&self, name: &str, keys: &[&str], at: usize, table: &DeTable) -> Result<Table, Failure> {
        let mut given = BTreeMap::new();
        for (key, value) in table {
            let key_name: &str = key.get_ref();
            if !keys.contains(&key_name) {
                let why = format!(
                    "the key {key_name:?} is not known in [[{name}]]; its keys are {}",
                    keys.join(", ")
                );
                return Err(self.refused(key.span().start, &why));
            }
            given.insert(key_name.to_owned(), self.given(key_name, value)?);
        }
        Ok(Table { given, place: self.place(at) })
    }

    fn given(&self, name: &str, value: &Spanned<DeValue>) -> Result<Given, Failure> {
        let at = value.span().start;
        let text = plain(value.get_ref())
            .ok_or_else(|| self.refused(at, &format!("the value of {name} must be a text or a number")))?;
        Ok(Given { text, place: self.place(at) })
    }

    fn refused(&self, at: usize, why: &str) -> Failure {
        Failure::input(format!("{}: {why}", self.place(at)))
    }

    /// `soucoupe.toml, line 3, column 8`.
    fn place(&self, at: usize) -> String {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        format!("{}, line {line}, column {column}", self.path.display())
    }
}

fn plain(value: &DeValue) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).ok().map(|number| number.to_string())
        }
        // 2026-11-24 is a date in TOML, with or without quotation marks.
        DeValue::Datetime(moment) => Some(moment.to_string()),
        DeValue::Array(values) => {
            values.iter().map(|one| plain(one.get_ref())).collect::<Option<Vec<_>>>().map(|all| all.join(","))
        }
        _ => None,
    }
}
