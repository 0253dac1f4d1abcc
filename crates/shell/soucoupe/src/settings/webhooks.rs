//! `[webhooks]`: what each sending service signs its notices with.

use std::collections::BTreeMap;

use webhooks::Provider;

use super::Given;
use super::file::Table;
use crate::failure::Failure;

/// The keys of the table: the services by name.
pub(super) const KEYS: &[&str] = &{
    let mut names = [""; Provider::ALL.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = Provider::ALL[at].as_str();
        at += 1;
    }
    names
};

/// The secrets of the table, then those of `SOUCOUPE_WEBHOOK_` and the service.
pub(super) fn read(
    tables: &[Table],
    variable: impl Fn(&str) -> Option<String>,
) -> Result<BTreeMap<String, String>, Failure> {
    let mut secrets = BTreeMap::new();
    for (service, given) in tables.iter().flat_map(|table| &table.given) {
        secrets.insert(service.clone(), given.read(secret)?);
    }
    for service in KEYS {
        let name = format!("SOUCOUPE_WEBHOOK_{}", service.to_uppercase());
        if let Some(text) = variable(&name) {
            secrets.insert((*service).to_owned(), Given { text, place: name }.read(secret)?);
        }
    }
    Ok(secrets)
}

fn secret(text: &str) -> Result<String, &'static str> {
    if text.is_empty() { Err("an empty secret proves nothing") } else { Ok(text.to_owned()) }
}
