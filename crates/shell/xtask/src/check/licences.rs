//! What we build on has a licence that can live inside the AGPL-3.0.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::spdx::satisfied;
use super::{Fault, File};
use crate::commands::{cargo, output, run};

/// Licences of others that we accept; `docs/licences.md` says why, and the check holds the two lists together.
const ALLOWED: &[&str] = &[
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "0BSD",
    "Unlicense",
    "CC0-1.0",
    "Unicode-3.0",
    "CDLA-Permissive-2.0",
    "MPL-2.0",
];
/// Ours.
const OURS: &str = "AGPL-3.0-or-later";
/// The page with the list and the reasons.
const PAGE: &str = "docs/licences.md";

/// The faults of the house with its lock file.
pub(super) fn faults(root: &Path) -> Result<Vec<Fault>> {
    let metadata = serde_json::from_str(&metadata(root)?).context("cargo metadata gave no JSON")?;
    let mut faults = packages(&metadata);
    let page = std::fs::read_to_string(root.join(PAGE)).with_context(|| format!("{PAGE} cannot be read"))?;
    faults.extend(page_against_list(&File { path: PAGE.to_owned(), text: page, rust: None }));
    faults.sort();
    Ok(faults)
}

/// What Cargo knows of every package that is built on this machine; fetched once when a fresh clone has none.
fn metadata(root: &Path) -> Result<String> {
    let versions = output(Command::new("rustc").arg("-vV").current_dir(root))?;
    let host = versions
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .context("rustc -vV does not say which machine this is")?;
    let ask = || {
        output(cargo(root).args([
            "metadata",
            "--offline",
            "--format-version",
            "1",
            "--filter-platform",
            host,
        ]))
    };
    ask().or_else(|_| {
        run(cargo(root).args(["fetch", "--locked", "--target", host]))?;
        ask()
    })
}

fn packages(metadata: &Value) -> Vec<Fault> {
    let mut faults = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or("?");
        let version = package["version"].as_str().unwrap_or("?");
        let licence = package["license"].as_str().unwrap_or_default();
        let fault = |words: String| Fault { path: "Cargo.lock".to_owned(), line: 0, words };
        if package["source"].is_null() {
            if licence != OURS {
                faults.push(fault(format!(
                    "our crate {name} has the licence {licence:?}; write license.workspace = true"
                )));
            }
            continue;
        }
        match satisfied(licence, &|licence| ALLOWED.contains(&licence)) {
            Some(true) => {}
            Some(false) => faults.push(fault(format!(
                "{name} {version} has the licence {licence:?}, which we do not accept; find another crate, or add \
                 the licence to {PAGE} and to the check with the reason",
            ))),
            None => faults.push(fault(format!(
                "{name} {version} has the licence {licence:?}, which is no SPDX expression; look at its files, then \
                 find another crate",
            ))),
        }
    }
    faults
}

fn page_against_list(page: &File) -> Vec<Fault> {
    ALLOWED
        .iter()
        .filter(|licence| !page.text.contains(&format!("`{licence}`")))
        .map(|licence| {
            Fault::new(page, 0, format!("`{licence}` is accepted by the check and not named here"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_we_do_not_accept_is_named_with_its_crate() {
        let metadata = serde_json::json!({"packages": [
            {"name": "good", "version": "1.0.0", "license": "MIT OR GPL-3.0", "source": "registry"},
            {"name": "bad", "version": "2.0.0", "license": "GPL-3.0-only", "source": "registry"},
            {"name": "mute", "version": "3.0.0", "license": null, "source": "registry"},
            {"name": "site", "version": "0.1.0", "license": "AGPL-3.0-or-later", "source": null},
            {"name": "web", "version": "0.1.0", "license": "MIT", "source": null},
        ]});
        let found: Vec<String> = packages(&metadata).iter().map(Fault::to_string).collect();
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].starts_with("Cargo.lock: bad 2.0.0 has the licence \"GPL-3.0-only\""), "{found:?}");
        assert!(found[1].starts_with("Cargo.lock: mute 3.0.0") && found[1].contains("no SPDX expression"));
        assert!(found[2].starts_with("Cargo.lock: our crate web has the licence \"MIT\""));
    }

    #[test]
    fn the_page_names_every_licence_of_the_list() {
        let page = |text: String| File { path: PAGE.to_owned(), text, rust: None };
        let all = ALLOWED.iter().map(|licence| format!("- `{licence}`\n")).collect::<String>();
        assert!(page_against_list(&page(all)).is_empty());
        assert_eq!(page_against_list(&page("`MIT`".to_owned())).len(), ALLOWED.len() - 1);
    }
}
