//! SQL stands in `queries.rs`; drivers are named by store alone.

use super::Fault;
use crate::tree::{File, Tree};

/// The crate behind whose door the drivers stand.
const STORE: &str = "crates/io/store/";
/// Where SQL may stand besides `queries.rs`: store itself, the bench of tests that looks behind it, and this check.
const FREE: &[&str] = &[STORE, "crates/shell/testkit/", "crates/shell/xtask/"];
/// The drivers as code names them, and as manifests do.
const DRIVERS: &[(&str, &str)] = &[
    ("rusqlite", "rusqlite"),
    ("tokio_postgres", "tokio-postgres"),
    ("deadpool_postgres", "deadpool-postgres"),
];

/// The faults of a house.
pub(crate) fn faults(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (file, rust) in tree.rust() {
        if !file.path.starts_with("crates/") {
            continue;
        }
        if !file.is_queries() && !looks_at_rows(file) && !FREE.iter().any(|free| file.path.starts_with(free))
        {
            for literal in rust.literals.iter().filter(|literal| is_sql(&literal.text)) {
                let words = "SQL outside queries.rs; give it a name there and call it by that name";
                faults.push(Fault::new(file, rust.line(literal.offset), words));
            }
        }
        if !file.path.starts_with(STORE) {
            for (driver, _) in DRIVERS {
                for at in rust.occurrences(driver) {
                    faults.push(Fault::new(file, rust.line(at), only_store(driver)));
                }
            }
        }
    }
    for file in tree.files().filter(|file| file.name() == "Cargo.toml" && file.path.starts_with("crates/")) {
        if !file.path.starts_with(STORE) {
            manifest(file, &mut faults);
        }
    }
    faults
}

/// A test may look at the rows that a request leaves behind, in a file that holds nothing but tests.
fn looks_at_rows(file: &File) -> bool {
    file.name() == "tests.rs" || file.path.contains("/tests/")
}

fn manifest(file: &File, faults: &mut Vec<Fault>) {
    for (number, line) in file.text.lines().enumerate() {
        let name = line.split(['.', '=', ' ']).next().unwrap_or_default();
        if DRIVERS.iter().any(|(_, package)| *package == name) {
            faults.push(Fault::new(file, number + 1, only_store(name)));
        }
    }
}

fn only_store(driver: &str) -> String {
    format!("{driver} is named outside store; ask store by a named query instead")
}

/// Whether a literal is a statement. SQL is written in upper case here, so a sentence that begins with "Select"
/// is not one.
fn is_sql(text: &str) -> bool {
    let has = |words: &str| {
        text.match_indices(words)
            .any(|(at, _)| !text[..at].ends_with(|letter: char| letter.is_alphanumeric()))
    };
    let text_ends = |words: &str| text.contains(&format!("{words} ")) || text.contains(&format!("{words}\n"));
    has("SELECT ")
        || has("SELECT\n")
        || has("INSERT INTO ")
        || has("DELETE FROM ")
        || (has("UPDATE ") && text_ends(" SET") | text_ends("\nSET"))
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::{faults, is_sql};

    #[test]
    fn statements_are_told_from_sentences() {
        for (text, expected) in [
            ("SELECT id FROM readers", true),
            ("WITH due AS (SELECT id FROM readers) DELETE FROM readers", true),
            ("UPDATE readers\n   SET name = ?1", true),
            ("INSERT INTO readers (id) VALUES (?1)", true),
            ("Select a file", false),
            ("UPDATE available", false),
            ("RESELECT it", false),
        ] {
            assert_eq!(is_sql(text), expected, "{text}");
        }
    }

    #[test]
    fn sql_in_a_page_is_refused_and_in_queries_it_is_not() {
        let sql = "const A: &str = \"SELECT 1\";\n";
        assert_eq!(
            lines(
                faults,
                &[
                    ("crates/features/site/src/home.rs", &format!("\n{sql}")),
                    ("crates/features/site/src/queries.rs", sql),
                    ("crates/features/site/src/queries/archive.rs", sql),
                    ("crates/features/site/src/tests.rs", sql),
                    ("crates/features/site/tests/rows.rs", sql),
                    ("crates/io/store/src/migrate.rs", sql),
                    ("crates/shell/testkit/src/rows.rs", sql),
                ]
            ),
            [
                "crates/features/site/src/home.rs:2: SQL outside queries.rs; give it a name there and call it by that name"
            ]
        );
    }

    #[test]
    fn sql_in_a_comment_is_a_comment() {
        assert!(lines(faults, &[("crates/io/web/src/a.rs", "// \"SELECT 1\"\n")]).is_empty());
    }

    #[test]
    fn only_store_names_a_driver() {
        assert_eq!(
            lines(
                faults,
                &[
                    ("crates/features/site/src/home.rs", "use rusqlite::Connection;\n"),
                    ("crates/features/site/Cargo.toml", "[dependencies]\ntokio-postgres.workspace = true\n"),
                    ("crates/io/store/src/sqlite.rs", "use rusqlite::Connection;\n"),
                    ("crates/io/store/Cargo.toml", "[dependencies]\nrusqlite.workspace = true\n"),
                ]
            ),
            [
                "crates/features/site/Cargo.toml:2: tokio-postgres is named outside store; ask store by a named query instead",
                "crates/features/site/src/home.rs:1: rusqlite is named outside store; ask store by a named query instead",
            ]
        );
    }
}
