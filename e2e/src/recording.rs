//! Everything that a program wrote to its files, and what a power cut would have left of it.
//!
//! strace notes each write, cut, removal and sync with its bytes and its moment. From that the files are made again as
//! they stand on a disk at the moment of a sync that has not returned: what an earlier sync asked for is there, what
//! came after may be there, may be missing, and may be there in part.

use std::collections::BTreeMap;
use std::path::Path;

use crate::proof::Chance;
use crate::syncs::micros;

/// Sectors are written whole.
const SECTOR: usize = 512;

/// What becomes of that which was written and not yet synced.
#[derive(Clone, Copy, Debug)]
pub enum Loss {
    /// It is gone.
    All,
    /// Some of it is gone, some is there in part; which, a seed says.
    Torn(u64),
    /// It is there, as after the death of the program alone.
    Nothing,
}

#[derive(Clone, Debug)]
enum What {
    Write(u64, Vec<u8>),
    Cut(u64),
    Sync,
    Remove,
}

#[derive(Clone, Debug)]
struct Act {
    at: u64,
    file: String,
    what: What,
}

/// What happened to the files of a folder.
pub struct Recording {
    before: BTreeMap<String, Vec<u8>>,
    acts: Vec<Act>,
}

impl Recording {
    /// The words that make strace note what a command does.
    pub fn words(trace: &Path) -> Vec<String> {
        let calls = "trace=openat,write,pwrite64,ftruncate,fsync,fdatasync,unlink";
        let trace = trace.display().to_string();
        ["strace", "-f", "--seccomp-bpf", "-ttt", "-y", "-xx", "-s", "1000000", "-e", calls, "-o", &trace]
            .map(str::to_owned)
            .to_vec()
    }

    /// Keeps the files of a folder as they are before the command runs.
    pub fn begin(folder: &Path) -> Self {
        let mut before = BTreeMap::new();
        for entry in std::fs::read_dir(folder).expect("the folder of the program is there").flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if is_kept(&name) {
                before.insert(name, std::fs::read(entry.path()).expect("a file of the program can be read"));
            }
        }
        Recording { before, acts: Vec::new() }
    }

    /// Reads what was noted.
    pub fn read(&mut self, trace: &Path, folder: &Path) {
        let text = std::fs::read_to_string(trace).expect("strace wrote what it saw");
        let folder = std::fs::canonicalize(folder).expect("the folder of the program is there");
        let prefix = format!("{}/", folder.display());
        let mut unfinished: BTreeMap<&str, (u64, &str)> = BTreeMap::new();
        for line in text.lines() {
            let Some((pid, rest)) = line.split_once(' ') else { continue };
            let Some((moment, call)) = rest.trim_start().split_once(' ') else { continue };
            let Some(at) = micros(moment) else { continue };
            if let Some(begun) = call.strip_suffix("<unfinished ...>") {
                unfinished.insert(pid, (at, begun));
                continue;
            }
            let act = match call.strip_prefix("<... ") {
                None => act(at, call, &prefix),
                Some(resumed) => unfinished.remove(pid).and_then(|(began, begun)| {
                    let (_, end) = resumed.split_once("resumed>")?;
                    act(began, &format!("{begun}{end}"), &prefix)
                }),
            };
            self.acts.extend(act);
        }
        assert!(self.syncs().len() > 1, "strace saw no sync of {prefix}");
    }

    /// The moments at which a power cut is most telling: just before each sync has done its work.
    pub fn syncs(&self) -> Vec<usize> {
        let syncs = self.acts.iter().enumerate().filter(|(_, act)| matches!(act.what, What::Sync));
        syncs.map(|(place, _)| place).collect()
    }

    /// When an act began, microseconds since 1970.
    pub fn moment(&self, place: usize) -> u64 {
        self.acts[place].at
    }

    /// Writes the files as a disk has them when the power goes while the act at this place is under way.
    pub fn rebuild(&self, place: usize, loss: Loss, folder: &Path) {
        let mut kept = self.before.clone();
        let mut open: Vec<&Act> = Vec::new();
        for act in &self.acts[..place] {
            match &act.what {
                What::Write(..) | What::Cut(_) => open.push(act),
                What::Sync => {
                    let (done, left) = open.into_iter().partition(|other| other.file == act.file);
                    open = left;
                    let done: Vec<&Act> = done;
                    done.iter().for_each(|act| apply(&mut kept, act, usize::MAX));
                }
                What::Remove => {
                    open.retain(|other| other.file != act.file);
                    kept.remove(&act.file);
                }
            }
        }
        match loss {
            Loss::All => {}
            Loss::Nothing => open.iter().for_each(|act| apply(&mut kept, act, usize::MAX)),
            Loss::Torn(seed) => {
                let mut chance = Chance::of(seed);
                for act in open {
                    match chance.below(3) {
                        0 => {}
                        1 => apply(&mut kept, act, usize::MAX),
                        _ => apply(&mut kept, act, SECTOR * chance.below(9) as usize),
                    }
                }
            }
        }
        std::fs::create_dir_all(folder).expect("a folder can be made");
        for entry in std::fs::read_dir(folder).expect("the folder is there").flatten() {
            if is_file_of_ours(&entry.file_name().to_string_lossy()) {
                std::fs::remove_file(entry.path()).expect("a file of the program can be removed");
            }
        }
        for (name, bytes) in kept {
            std::fs::write(folder.join(name), bytes).expect("a file can be written");
        }
    }
}

fn is_file_of_ours(name: &str) -> bool {
    name.contains(".db")
}

/// The index of the log in shared memory is made anew after a crash, and nothing in it is ever synced.
fn is_kept(name: &str) -> bool {
    is_file_of_ours(name) && !name.ends_with("-shm")
}

/// Does what was done, up to so many bytes of it.
fn apply(files: &mut BTreeMap<String, Vec<u8>>, act: &Act, most: usize) {
    let file = files.entry(act.file.clone()).or_default();
    match &act.what {
        What::Write(offset, bytes) => {
            let (start, bytes) = (*offset as usize, &bytes[..bytes.len().min(most)]);
            if file.len() < start + bytes.len() {
                file.resize(start + bytes.len(), 0);
            }
            file[start..start + bytes.len()].copy_from_slice(bytes);
        }
        What::Cut(length) => file.resize(*length as usize, 0),
        What::Sync | What::Remove => {}
    }
}

/// `pwrite64(11<\x2f…>, "\x00…", 4096, 32) = 4096`; nothing where the call failed or is about another file.
fn act(at: u64, call: &str, prefix: &str) -> Option<Act> {
    let (name, arguments) = call.split_once('(')?;
    let (_, result) = call.rsplit_once(") = ")?;
    let result: i64 = result.split_whitespace().next()?.parse().ok().filter(|result| *result >= 0)?;
    let path = match name {
        "unlink" => text(arguments.split('"').nth(1)?)?,
        "write" | "pwrite64" | "ftruncate" | "fsync" | "fdatasync" => {
            text(arguments.split_once('<')?.1.split_once('>')?.0)?
        }
        _ => return None,
    };
    let file = path.strip_prefix(prefix)?.to_owned();
    if !is_kept(&file) {
        return None;
    }
    let what = match name {
        "unlink" => What::Remove,
        "fsync" | "fdatasync" => What::Sync,
        "ftruncate" => What::Cut(number(arguments)?),
        "pwrite64" => {
            let mut bytes = unhexed(arguments.split('"').nth(1)?)?;
            bytes.truncate(result as usize);
            What::Write(number(arguments)?, bytes)
        }
        // Where it writes is not said; the store must not do that.
        _ => panic!("a write without an offset to {file}"),
    };
    Some(Act { at, file, what })
}

/// The last number before the closing bracket.
fn number(arguments: &str) -> Option<u64> {
    let (inside, _) = arguments.rsplit_once(") = ")?;
    inside.rsplit(',').next()?.trim().parse().ok()
}

fn text(hexed: &str) -> Option<String> {
    String::from_utf8(unhexed(hexed)?).ok()
}

/// `\x2f\x74` as bytes.
fn unhexed(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| (byte as char).to_digit(16).map(|digit| digit as u8);
    text.as_bytes()
        .chunks(4)
        .map(|four| match four {
            [b'\\', b'x', high, low] => Some(digit(*high)? << 4 | digit(*low)?),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hexed(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect()
    }

    #[test]
    fn what_strace_noted_is_read_and_a_power_cut_leaves_what_was_synced() {
        let folder = tempfile::tempdir().expect("a folder for a test");
        let path = std::fs::canonicalize(folder.path()).expect("it is there");
        let file = hexed(format!("{}/a.db", path.display()).as_bytes());
        let shm = hexed(format!("{}/a.db-shm", path.display()).as_bytes());
        let data = |text: &str| hexed(text.as_bytes());
        std::fs::write(path.join("a.db"), "before").expect("a file can be written");
        let trace = path.join("trace");
        let lines = [
            format!("7 10.000001 pwrite64(3<{file}>, \"{}\", 5, 0) = 5 <0.1>", data("after")),
            format!("7 10.000002 pwrite64(4<{shm}>, \"{}\", 1, 0) = 1", data("x")),
            format!("8 10.000003 fsync(3<{file}> <unfinished ...>"),
            format!("7 10.000004 pwrite64(9<{}>, \"{}\", 1, 0) = 1", data("/etc/else"), data("x")),
            "8 10.000005 <... fsync resumed>) = 0".to_owned(),
            format!("7 10.000006 pwrite64(3<{file}>, \"{}\", 3, 6) = 3", data("end")),
            format!("7 10.000007 fdatasync(3<{file}>) = -1 EIO (Input/output error) (INJECTED)"),
            format!("7 10.000008 fdatasync(3<{file}>) = 0"),
            format!("7 10.000009 ftruncate(3<{file}>, 2) = 0"),
            format!("7 10.000010 fdatasync(3<{file}>) = 0"),
            "7 10.000011 +++ exited with 0 +++".to_owned(),
        ];
        let mut recording = Recording::begin(&path);
        std::fs::write(&trace, lines.join("\n")).expect("a file can be written");
        recording.read(&trace, &path);
        let syncs = recording.syncs();
        assert_eq!(
            syncs.iter().map(|place| recording.moment(*place)).collect::<Vec<_>>(),
            [10_000_003, 10_000_008, 10_000_010]
        );
        let left = |place, loss| {
            recording.rebuild(place, loss, &path);
            std::fs::read_to_string(path.join("a.db")).expect("it is there")
        };
        assert_eq!(left(syncs[0], Loss::All), "before");
        assert_eq!(left(syncs[0], Loss::Nothing), "aftere");
        assert_eq!(left(syncs[1], Loss::All), "aftere");
        assert_eq!(left(syncs[1], Loss::Nothing), "aftereend");
        assert_eq!(left(syncs[2], Loss::All), "aftereend");
        assert_eq!(left(syncs[2], Loss::Nothing), "af");
    }
}
