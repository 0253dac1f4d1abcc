//! Which queries ran on which engine, for the test command: it fails when a query never ran on one of them.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::sync::{LazyLock, Mutex};

use crate::Engine;

/// Folder in which each process keeps a file; unset outside tests.
const VARIABLE: &str = "SOUCOUPE_TEST_QUERY_TRACE";

struct Trace {
    file: File,
    seen: HashSet<(Engine, &'static str)>,
}

static TRACE: LazyLock<Option<Mutex<Trace>>> = LazyLock::new(|| {
    let folder = std::env::var_os(VARIABLE)?;
    let path = std::path::Path::new(&folder).join(format!("{}.txt", std::process::id()));
    let file = OpenOptions::new().create(true).append(true).open(path).ok()?;
    Some(Mutex::new(Trace { file, seen: HashSet::new() }))
});

pub(crate) fn ran(engine: Engine, name: &'static str) {
    let Some(trace) = TRACE.as_ref() else { return };
    // A poisoned lock still holds a usable set.
    let mut trace = trace.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if trace.seen.insert((engine, name)) {
        let line = format!("{engine}\t{name}\n");
        // A trace that cannot be written shows as a query that did not run.
        let _ = trace.file.write_all(line.as_bytes());
    }
}
