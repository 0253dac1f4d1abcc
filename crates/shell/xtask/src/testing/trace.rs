//! Which queries ran on which engine while the tests ran.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::queries::declared;
use crate::tree::Tree;

/// The engines as store names them in its notes.
const ENGINES: [&str; 2] = ["sqlite", "postgres"];

/// Names of queries by engine.
type Traced = BTreeMap<String, BTreeSet<String>>;

/// Fails with the name of every query of the sources that did not run on both engines.
pub(super) fn compare(root: &Path, folder: &Path) -> Result<()> {
    let mut traced = Traced::new();
    for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let path = entry.with_context(|| format!("{} cannot be read", folder.display()))?.path();
        let notes =
            fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        note(&notes, &mut traced);
    }
    let missing = missing(&Tree::read(root)?, &traced);
    if !missing.is_empty() {
        bail!(
            "{} not run by any test; write a test that runs on both engines:\n  {}",
            if missing.len() == 1 { "a query was" } else { "some queries were" },
            missing.join("\n  ")
        );
    }
    Ok(())
}

/// Reads lines `engine<TAB>query name`; the last one may be cut, when its process was killed as tests do.
fn note(notes: &str, traced: &mut Traced) {
    for line in notes.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')) {
        if let Some((engine, name)) = line.split_once('\t') {
            traced.entry(engine.to_owned()).or_default().insert(name.to_owned());
        }
    }
}

fn missing(tree: &Tree, traced: &Traced) -> Vec<String> {
    let mut lines = Vec::new();
    for query in declared(tree) {
        let on: Vec<&str> = ENGINES
            .into_iter()
            .filter(|engine| !traced.get(*engine).is_some_and(|names| names.contains(&query.name)))
            .collect();
        if !on.is_empty() {
            lines.push(format!(
                "{} on {} ({}:{})",
                query.name,
                on.join(" and "),
                query.file.path,
                query.line
            ));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_that_ran_on_one_engine_only_is_named_with_the_other() {
        let source = "const A: Query = Query::new(\"site.a\", \"\");\nconst B: Query = Query::new(\"site.b\", \"\");\n";
        let tree = Tree::of(&[("crates/features/site/src/queries.rs", source)]);
        let mut traced = Traced::new();
        note("sqlite\tsite.a\nsqlite\tsite.b\n", &mut traced);
        note("postgres\tsite.a\npostgres\tsite.b", &mut traced);
        assert_eq!(missing(&tree, &traced), ["site.b on postgres (crates/features/site/src/queries.rs:2)"]);
        note("postgres\tsite.b\n", &mut traced);
        assert!(missing(&tree, &traced).is_empty());
    }
}
