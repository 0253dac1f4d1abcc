//! Every query bears its slice's name, once, and stands in the `ALL` of its room, where tests find it.

use std::collections::{BTreeMap, BTreeSet};

use super::Fault;
use crate::queries::declared;
use crate::rust_source::RustSource;
use crate::tree::Tree;

/// The crate that defines queries, and the bench of tests.
const FREE: &[&str] = &["store", "testkit", "xtask"];

/// The faults of a house.
pub(crate) fn faults(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut listed: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (file, rust) in tree.rust().filter(|(file, _)| file.is_queries()) {
        listed.entry(file.room().unwrap_or_default()).or_default().extend(names_in_all(rust));
    }
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    for query in declared(tree) {
        let room = query.file.room().unwrap_or_default();
        let fault = |words: String| Fault::new(query.file, query.line, words);
        let place = format!("{}:{}", query.file.path, query.line);
        if let Some(other) = first.insert(query.name.clone(), place) {
            faults.push(fault(format!(
                "{:?} is also the name of the query at {other}; name one of them anew",
                query.name
            )));
        }
        if !query.name.strip_prefix(room).is_some_and(|rest| rest.len() > 1 && rest.starts_with('.')) {
            faults.push(fault(format!(
                "{:?} does not begin with {:?}; name it after its room",
                query.name,
                format!("{room}.")
            )));
        }
        if FREE.contains(&room) {
            continue;
        }
        if !query.file.is_queries() {
            faults.push(fault(format!("{:?} stands outside queries.rs; move it there", query.name)));
        }
        match &query.constant {
            Some(constant) if listed.get(room).is_some_and(|all| all.contains(constant)) => {}
            Some(constant) => {
                faults.push(fault(format!(
                    "{constant} is not in ALL; add it there, so that tests run it on both engines"
                )));
            }
            None => {
                faults.push(fault(format!("{:?} is not a const; make it one and add it to ALL", query.name)))
            }
        }
    }
    faults
}

/// The last names of the paths in every `const ALL: … = &[a, b::c];` of a file.
fn names_in_all(rust: &RustSource) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for at in rust.occurrences("const ALL") {
        let declaration = rust.code[at..].split(';').next().unwrap_or_default();
        let Some((_, value)) = declaration.split_once('=') else { continue };
        for path in
            value.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_' || letter == ':'))
        {
            if let Some(name) = path.rsplit(':').next().filter(|name| !name.is_empty()) {
                names.insert(name.to_owned());
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::faults;

    const FILE: &str = "crates/features/audience/src/queries.rs";

    #[test]
    fn a_listed_query_with_its_slices_name_is_fine() {
        let source = "pub const A: Query = Query::new(\"audience.a\", \"SELECT 1\");\n\
                      pub(crate) const B: Query = Query::new(\n    \"audience.b\",\n    \"SELECT 2\",\n);\n\
                      pub const ALL: &[Query] = &[A,\n    readers::B];\n";
        assert!(lines(faults, &[(FILE, source)]).is_empty());
    }

    #[test]
    fn a_query_that_is_not_listed_or_named_after_another_room_is_refused() {
        let source =
            "pub const A: Query = Query::new(\"site.a\", \"SELECT 1\");\npub const ALL: &[Query] = &[];\n";
        assert_eq!(
            lines(faults, &[(FILE, source)]),
            [
                "crates/features/audience/src/queries.rs:1: \"site.a\" does not begin with \"audience.\"; name it after its room",
                "crates/features/audience/src/queries.rs:1: A is not in ALL; add it there, so that tests run it on both engines",
            ]
        );
    }

    #[test]
    fn a_name_stands_for_one_query() {
        let source = "pub const A: Query = Query::new(\"audience.a\", \"SELECT 1\");\n\
                      pub const B: Query = Query::new(\"audience.a\", \"SELECT 2\");\npub const ALL: &[Query] = &[A, B];\n";
        assert_eq!(
            lines(faults, &[(FILE, source)]),
            ["crates/features/audience/src/queries.rs:2: \"audience.a\" is also the name of the query at \
              crates/features/audience/src/queries.rs:1; name one of them anew"]
        );
    }

    #[test]
    fn a_query_outside_queries_is_refused() {
        let found = lines(
            faults,
            &[("crates/features/audience/src/import.rs", "fn f() { g(Query::new(\"audience.a\", SQL)) }\n")],
        );
        assert!(
            found[0].contains("is not a const") && found[1].contains("stands outside queries.rs"),
            "{found:?}"
        );
    }
}
