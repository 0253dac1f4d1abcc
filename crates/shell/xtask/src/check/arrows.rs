//! Arrows between crates: down the floors, along the graph of slices, in no circle.

use std::collections::{BTreeMap, BTreeSet};

use super::Fault;
use crate::rust_source::occurrences;
use crate::tree::{File, Tree};

/// The floors from the lowest up; an arrow may stay on a floor or go down.
const FLOORS: &[&str] = &["pure", "io", "features", "shell"];

/// What a slice may call beside itself. ARCHITECTURE.md shows the same graph; the check holds the two together.
const SLICES: &[(&str, &[&str])] = &[
    ("accounts", &[]),
    ("publications", &["accounts"]),
    ("routes", &["publications", "accounts"]),
    ("notices", &["publications", "routes"]),
    ("audience", &["publications", "notices", "accounts"]),
    ("editions", &["publications", "accounts"]),
    ("dispatch", &["publications", "audience", "editions", "accounts", "routes"]),
    ("returns", &["publications", "audience", "editions", "accounts"]),
    ("doctor", &["publications", "editions", "accounts", "routes"]),
    ("site", &["publications", "audience", "editions"]),
    ("catcher", &["publications", "accounts"]),
];

/// The crate that tests of every floor may use.
const TEST_BENCH: &str = "testkit";

struct Room<'a> {
    file: &'a File,
    floor: usize,
    arrows: Vec<Arrow>,
}

struct Arrow {
    to: String,
    line: usize,
    for_tests: bool,
}

/// The faults of a house.
pub(crate) fn faults(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    let rooms = rooms(tree, &mut faults);
    for (name, room) in &rooms {
        for arrow in &room.arrows {
            if let Some(words) = judge(name, room, arrow, &rooms) {
                faults.push(Fault::new(room.file, arrow.line, words));
            }
        }
    }
    circles(&rooms, &mut faults);
    if let Some(page) = tree.file("ARCHITECTURE.md") {
        page_against_graph(page, &rooms, &mut faults);
    }
    faults
}

/// The crates with their arrows to other crates of ours.
fn rooms<'a>(tree: &'a Tree, faults: &mut Vec<Fault>) -> BTreeMap<&'a str, Room<'a>> {
    let manifests: Vec<(&File, &str, &str)> = tree
        .files()
        .filter(|file| file.path.split('/').count() == 4 && file.name() == "Cargo.toml")
        .filter_map(|file| Some((file, file.floor()?, file.room()?)))
        .collect();
    let names: BTreeSet<&str> = manifests.iter().map(|(.., name)| *name).collect();
    let mut rooms = BTreeMap::new();
    for (file, floor, name) in manifests {
        let Some(floor) = FLOORS.iter().position(|known| *known == floor) else {
            let floors = FLOORS.join(", ");
            faults.push(Fault::new(file, 0, format!("{floor:?} is not a floor; the floors are {floors}")));
            continue;
        };
        match file.text.parse::<toml::Table>() {
            Ok(manifest) => {
                rooms.insert(name, Room { file, floor, arrows: arrows(file, &manifest, &names) });
            }
            Err(error) => faults.push(Fault::new(file, 0, format!("cannot be read: {}", error.message()))),
        }
    }
    rooms
}

fn arrows(file: &File, manifest: &toml::Table, names: &BTreeSet<&str>) -> Vec<Arrow> {
    let mut arrows = Vec::new();
    let targets = manifest.get("target").and_then(|targets| targets.as_table());
    let places = std::iter::once(manifest).chain(
        targets.into_iter().flat_map(|targets| targets.values().filter_map(|target| target.as_table())),
    );
    for place in places {
        for (key, for_tests) in
            [("dependencies", false), ("build-dependencies", false), ("dev-dependencies", true)]
        {
            let Some(list) = place.get(key).and_then(|list| list.as_table()) else { continue };
            for (name, detail) in list {
                let to = detail.get("package").and_then(|package| package.as_str()).unwrap_or(name);
                if names.contains(to) {
                    arrows.push(Arrow { to: to.to_owned(), line: line_of(file, name, key), for_tests });
                }
            }
        }
    }
    arrows
}

/// The line of a dependency under its heading.
fn line_of(file: &File, name: &str, heading: &str) -> usize {
    let mut inside = false;
    for (number, line) in file.text.lines().enumerate() {
        if line.starts_with('[') {
            inside = line.trim().trim_end_matches(']').ends_with(heading)
                && (heading != "dependencies" || !line.contains("-dependencies"));
        } else if inside && line.split(['.', '=', ' ']).next() == Some(name) {
            return number + 1;
        }
    }
    0
}

/// What is wrong with an arrow, if anything.
fn judge(from: &str, room: &Room<'_>, arrow: &Arrow, rooms: &BTreeMap<&str, Room<'_>>) -> Option<String> {
    let to = arrow.to.as_str();
    let target = rooms.get(to)?;
    if arrow.for_tests && to == TEST_BENCH {
        return None;
    }
    if target.floor > room.floor {
        return Some(format!(
            "{from} ({}) may not know {to} ({}): arrows point down; move what both need to a floor below",
            FLOORS[room.floor], FLOORS[target.floor],
        ));
    }
    let slices = FLOORS[room.floor] == "features" && FLOORS[target.floor] == "features";
    if slices && !allowed(from).contains(&to) {
        return Some(format!(
            "{from} -> {to} is not in the graph of slices; let {to} tell it as a fact, or add the arrow to \
             ARCHITECTURE.md and to the check with the reason",
        ));
    }
    None
}

fn allowed(slice: &str) -> &'static [&'static str] {
    SLICES.iter().find(|(name, _)| *name == slice).map_or(&[], |(_, arrows)| arrows)
}

/// One fault for each crate from which a walk along the arrows comes back.
fn circles(rooms: &BTreeMap<&str, Room<'_>>, faults: &mut Vec<Fault>) {
    let next = |name: &str| {
        rooms.get(name).into_iter().flat_map(|room| room.arrows.iter()).filter(|arrow| !arrow.for_tests)
    };
    for (name, room) in rooms {
        let mut seen = BTreeSet::new();
        let mut open: Vec<&str> = next(name).map(|arrow| arrow.to.as_str()).collect();
        while let Some(at) = open.pop() {
            if at == *name {
                faults.push(Fault::new(room.file, 0, format!("{name} depends on itself through its arrows")));
                break;
            }
            if seen.insert(at) {
                open.extend(next(at).map(|arrow| arrow.to.as_str()));
            }
        }
    }
}

/// ARCHITECTURE.md names each arrow of the graph whose crates exist, and no line of its graph names another.
/// A line of the graph is `slice -> slice, slice`, in a code block, a list or a table; `→` and `-->` do as well.
fn page_against_graph(page: &File, rooms: &BTreeMap<&str, Room<'_>>, faults: &mut Vec<Fault>) {
    let mut drawn: BTreeSet<(&str, &str)> = BTreeSet::new();
    for (number, line) in page.text.lines().enumerate() {
        let Some((left, right)) = split_at_arrow(line) else { continue };
        let left = left.trim_matches(|letter: char| !letter.is_alphanumeric());
        let Some((from, arrows)) = SLICES.iter().find(|(name, _)| *name == left) else { continue };
        if split_at_arrow(right).is_some() {
            continue; // a journey through the house, not a line of the graph
        }
        for (to, _) in SLICES {
            if occurrences(right, to).next().is_none() {
                continue;
            }
            drawn.insert((from, to));
            if !arrows.contains(to) {
                faults.push(Fault::new(
                    page,
                    number + 1,
                    format!(
                        "{from} -> {to} is drawn here, but the check's graph of slices does not allow it"
                    ),
                ));
            }
        }
    }
    for (from, arrows) in SLICES {
        for to in *arrows {
            let both = rooms.contains_key(from) && rooms.contains_key(to);
            if both && !drawn.contains(&(*from, *to)) {
                let words =
                    format!("the graph of slices does not show {from} -> {to}; add it as `{from} -> {to}`");
                faults.push(Fault::new(page, 0, words));
            }
        }
    }
}

fn split_at_arrow(line: &str) -> Option<(&str, &str)> {
    ["-->", "->", "→"].iter().find_map(|arrow| line.split_once(arrow))
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::faults;

    const PUBLICATIONS: (&str, &str) = ("crates/features/publications/Cargo.toml", "[dependencies]\n");
    const NOTICES: &str = "crates/features/notices/Cargo.toml";
    const STORE: (&str, &str) = ("crates/io/store/Cargo.toml", "[dependencies]\nserde.workspace = true\n");

    #[test]
    fn arrows_down_and_along_the_graph_are_fine() {
        let notices = "[dependencies]\nstore.workspace = true\npublications = { path = \"../publications\" }\n\
                       [dev-dependencies]\ntestkit.workspace = true\n";
        let testkit = ("crates/shell/testkit/Cargo.toml", "[dependencies]\nstore.workspace = true\n");
        assert!(lines(faults, &[PUBLICATIONS, STORE, testkit, (NOTICES, notices)]).is_empty());
    }

    #[test]
    fn an_arrow_upwards_is_refused_with_its_line() {
        let wire = (
            "crates/pure/wire/Cargo.toml",
            "[package]\nname = \"wire\"\n\n[dependencies]\nstore.workspace = true\n",
        );
        assert_eq!(
            lines(faults, &[wire, STORE]),
            ["crates/pure/wire/Cargo.toml:5: wire (pure) may not know store (io): arrows point down; \
              move what both need to a floor below"]
        );
    }

    #[test]
    fn an_arrow_upwards_is_refused_in_target_tables_and_for_tests_too() {
        let wire = "[target.'cfg(unix)'.dependencies]\nstore.workspace = true\n[dev-dependencies]\nstore.workspace = true\n";
        assert_eq!(lines(faults, &[("crates/pure/wire/Cargo.toml", wire), STORE]).len(), 2);
    }

    #[test]
    fn a_slice_calls_sideways_only_along_the_graph() {
        let publications =
            ("crates/features/publications/Cargo.toml", "[dependencies]\nnotices.workspace = true\n");
        let found = lines(faults, &[publications, (NOTICES, "")]);
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("publications -> notices is not in the graph of slices"), "{found:?}");
    }

    #[test]
    fn a_circle_is_named_at_each_crate_in_it() {
        let a = ("crates/io/a/Cargo.toml", "[dependencies]\nb.workspace = true\n");
        let b = ("crates/io/b/Cargo.toml", "[dependencies]\na.workspace = true\n");
        assert_eq!(
            lines(faults, &[a, b]),
            [
                "crates/io/a/Cargo.toml: a depends on itself through its arrows",
                "crates/io/b/Cargo.toml: b depends on itself through its arrows"
            ]
        );
    }

    #[test]
    fn the_page_and_the_graph_show_the_same_arrows() {
        let house = |page| lines(faults, &[PUBLICATIONS, (NOTICES, ""), ("ARCHITECTURE.md", page)]);
        assert!(house("A mail → dispatch → site.\n\n```\nnotices -> publications\n```\n").is_empty());
        assert!(house("| `notices` | → publications |\n").is_empty());
        assert_eq!(
            house("notices and publications\n"),
            ["ARCHITECTURE.md: the graph of slices does not show notices -> publications; \
              add it as `notices -> publications`"]
        );
        assert_eq!(
            house("- notices -> publications, editions\n"),
            [
                "ARCHITECTURE.md:1: notices -> editions is drawn here, but the check's graph of slices does not allow it"
            ]
        );
    }

    #[test]
    fn an_unknown_floor_is_refused() {
        assert_eq!(
            lines(faults, &[("crates/attic/box/Cargo.toml", "")]),
            [
                "crates/attic/box/Cargo.toml: \"attic\" is not a floor; the floors are pure, io, features, shell"
            ]
        );
    }
}
