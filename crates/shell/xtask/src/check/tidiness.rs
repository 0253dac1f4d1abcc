//! Files are short, finished, and skip no test.

use super::Fault;
use crate::tree::Tree;

/// A file longer than this is two files; the median is a hundred.
const LONGEST: usize = 500;

/// A test that is skipped; in two parts, so that it is not found here.
const SKIPPED: &str = concat!("#[", "ignore");

/// What does not stand in the code of the product, and why.
const UNFINISHED: &[(&str, &str)] = &[
    ("todo!", "write it, or leave it out"),
    ("unimplemented!", "write it, or leave it out"),
    (SKIPPED, "a test runs or does not exist; one that takes long asks for SOUCOUPE_TEST_LONG"),
];

/// The mark that stands in comments; in two parts, so that it is not found here.
const MARK: &str = concat!("FIX", "ME");

/// The faults of a house.
pub(crate) fn faults(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (file, rust) in tree.rust() {
        let length = file.text.lines().count();
        if length > LONGEST {
            let words = format!("{length} lines, at most {LONGEST}; split it by purpose");
            faults.push(Fault::new(file, 0, words));
        }
        for (sign, instead) in UNFINISHED {
            for at in rust.occurrences(sign) {
                faults.push(Fault::new(file, rust.line(at), format!("{sign} stands here; {instead}")));
            }
        }
        for (at, _) in file.text.match_indices(MARK) {
            let words =
                format!("{MARK} stands here; mend it now, or write the matter down where it will be read");
            faults.push(Fault::new(file, rust.line(at), words));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::{MARK, SKIPPED, faults};

    #[test]
    fn unfinished_code_and_skipped_tests_are_refused() {
        let source = format!("fn a() {{ todo!() }}\n{SKIPPED}]\nfn b() {{}}\n// {MARK} later\n// todo!\n");
        let found = lines(faults, &[("crates/io/web/src/a.rs", &source)]);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].starts_with("crates/io/web/src/a.rs:1: todo! stands here"), "{found:?}");
        assert!(found[1].starts_with(&format!("crates/io/web/src/a.rs:2: {SKIPPED}")), "{found:?}");
        assert!(found[2].contains("a.rs:4:"), "{found:?}");
    }

    #[test]
    fn a_long_file_is_refused() {
        let long = "fn a() {}\n".repeat(501);
        assert_eq!(
            lines(faults, &[("crates/io/web/src/a.rs", &long), ("crates/io/web/src/b.rs", &long[10..])]),
            ["crates/io/web/src/a.rs: 501 lines, at most 500; split it by purpose"]
        );
    }
}
