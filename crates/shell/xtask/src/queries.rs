//! The named queries of the house, as its sources declare them: `const NAME: Query = Query::new("slice.name", …)`.

use crate::rust_source::RustSource;
use crate::tree::{File, Tree};

/// One declaration.
pub(crate) struct Declared<'a> {
    pub(crate) file: &'a File,
    pub(crate) line: usize,
    /// The constant's name, when it is one.
    pub(crate) constant: Option<String>,
    /// What the query is called, `slice.name`.
    pub(crate) name: String,
}

/// Every query of the product; those of tests are theirs alone.
pub(crate) fn declared(tree: &Tree) -> Vec<Declared<'_>> {
    let mut found = Vec::new();
    for (file, rust) in tree.rust().filter(|(file, _)| file.path.starts_with("crates/") && !file.is_test()) {
        for at in rust.occurrences("Query::new(").filter(|at| !rust.is_test(*at)) {
            let open = at + "Query::new(".len();
            // A first argument that is no literal is store's own constructor, or a test's.
            let Some(literal) = rust.literals.iter().find(|literal| literal.offset >= open) else { continue };
            if rust.code[open..literal.offset].trim().is_empty() {
                let constant = constant(rust, at);
                found.push(Declared { file, line: rust.line(at), constant, name: literal.text.clone() });
            }
        }
    }
    found
}

/// The name of the constant whose value begins at `at`.
fn constant(rust: &RustSource, at: usize) -> Option<String> {
    let head = rust.code[..at].rsplit([';', '}', '{']).next()?;
    let declaration = head.rsplit_once("const ")?.1;
    let name = declaration.split(':').next()?.trim();
    name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_').then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_of_the_product_are_found_and_those_of_tests_are_not() {
        let source = "/// One.\npub const BY_KEY: Query =\n    Query::new(\"audience.by_key\", \"SELECT 1\");\n\
                      impl Query { fn x(name: &'static str) { Query::new(name, \"\"); } }\n\
                      #[cfg(test)]\nmod tests { const X: Query = Query::new(\"test.x\", \"SELECT 1\"); }\n";
        let tree = Tree::of(&[("crates/features/audience/src/queries.rs", source)]);
        let found = declared(&tree);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].line, found[0].constant.as_deref()), (3, Some("BY_KEY")));
        assert_eq!(found[0].name, "audience.by_key");
    }
}
