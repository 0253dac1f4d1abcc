//! The files of the house that rules read, on disk or, in tests, made up.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::rust_source::RustSource;

/// Endings of the files that rules read.
const READ: &[&str] = &["rs", "toml", "ftl", "md", "html", "xml", "txt", "css", "svg", "js"];
/// Folders that hold nothing of ours.
const SKIPPED: &[&str] = &["target", ".git", "node_modules", "demo-data"];

/// The root of the house: the nearest folder upwards whose `Cargo.toml` declares the workspace.
pub(crate) fn root() -> Result<PathBuf> {
    let here = std::env::current_dir().context("the current folder cannot be read")?;
    for folder in here.ancestors() {
        if fs::read_to_string(folder.join("Cargo.toml")).is_ok_and(|text| text.contains("[workspace]")) {
            return Ok(folder.to_owned());
        }
    }
    bail!("{} is not inside the house: no Cargo.toml with [workspace] above it", here.display())
}

/// One file: its path from the root with `/`, its text, and for Rust what a look at its tokens gave.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) rust: Option<RustSource>,
}

impl File {
    /// The crate the file belongs to.
    pub(crate) fn room(&self) -> Option<&str> {
        self.path.strip_prefix("crates/")?.split('/').nth(1)
    }

    /// The floor of the crate the file belongs to.
    pub(crate) fn floor(&self) -> Option<&str> {
        self.path.strip_prefix("crates/")?.split('/').next()
    }

    /// The last part of the path.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Whether the whole file is a test, or a bench.
    pub(crate) fn is_test(&self) -> bool {
        self.path.split('/').any(|part| matches!(part, "tests" | "benches" | "testing"))
            || self.name() == "tests.rs"
            || self.name().ends_with("_tests.rs")
    }

    /// Whether SQL of a slice stands here.
    pub(crate) fn is_queries(&self) -> bool {
        self.name() == "queries.rs" || self.path.contains("/queries/")
    }
}

/// All files that rules read, by path.
pub(crate) struct Tree {
    files: BTreeMap<String, File>,
}

impl Tree {
    /// Reads the house from disk.
    pub(crate) fn read(root: &Path) -> Result<Tree> {
        let mut files = Vec::new();
        walk(root, root, &mut files)?;
        Ok(Tree::from_files(files))
    }

    fn from_files(files: impl IntoIterator<Item = (String, String)>) -> Tree {
        let file = |(path, text): (String, String)| {
            let rust = path.ends_with(".rs").then(|| RustSource::read(&text));
            (path.clone(), File { path, text, rust })
        };
        Tree { files: files.into_iter().map(file).collect() }
    }

    /// A made-up house.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Tree {
        Tree::from_files(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())))
    }

    /// One file.
    pub(crate) fn file(&self, path: &str) -> Option<&File> {
        self.files.get(path)
    }

    /// Every file.
    pub(crate) fn files(&self) -> impl Iterator<Item = &File> {
        self.files.values()
    }

    /// Every Rust file with its tokens.
    pub(crate) fn rust(&self) -> impl Iterator<Item = (&File, &RustSource)> {
        self.files().filter_map(|file| file.rust.as_ref().map(|rust| (file, rust)))
    }
}

fn walk(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    for entry in entries {
        let entry = entry.with_context(|| format!("{} cannot be read", folder.display()))?;
        let path = entry.path();
        let name = entry.file_name();
        let kind = entry.file_type().with_context(|| format!("{} cannot be read", path.display()))?;
        if kind.is_dir() {
            if !SKIPPED.contains(&name.to_string_lossy().as_ref()) {
                walk(root, &path, files)?;
            }
        } else if path.extension().is_some_and(|ending| READ.contains(&ending.to_string_lossy().as_ref())) {
            let inside = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            // A file that vanishes while we walk (an editor's, a neighbour's) is not part of the house; nor is
            // one that is not text.
            if let Ok(text) = fs::read_to_string(&path) {
                files.push((inside, text));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_knows_its_floor_its_room_and_whether_it_is_a_test() {
        let tree = Tree::of(&[
            ("crates/features/audience/src/queries/readers.rs", ""),
            ("crates/features/audience/tests/import.rs", ""),
        ]);
        let queries = tree.file("crates/features/audience/src/queries/readers.rs").unwrap();
        assert_eq!((queries.floor(), queries.room()), (Some("features"), Some("audience")));
        assert!(queries.is_queries() && !queries.is_test());
        assert!(tree.file("crates/features/audience/tests/import.rs").unwrap().is_test());
    }
}
