//! Mails as systems write them, and what each means. Written by hand for this test, with invented addresses.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use returned::{Action, Kind, Returned};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mails")
}

/// What `expected.tsv` says: file, then address, action and reason (`*` for any).
fn expected() -> BTreeMap<String, Vec<[String; 3]>> {
    let mut table: BTreeMap<String, Vec<[String; 3]>> = BTreeMap::new();
    for line in std::fs::read_to_string(folder().join("expected.tsv")).unwrap().lines() {
        let mut cells = line.split('\t').map(str::to_owned);
        let file = cells.next().unwrap_or_default();
        if !file.starts_with('#') {
            let row = [cells.next().unwrap(), cells.next().unwrap(), cells.next().unwrap()];
            table.entry(file).or_default().push(row);
        }
    }
    table
}

fn mails() -> Vec<(String, Vec<u8>)> {
    let mut mails = Vec::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|kind| kind == "eml") {
            mails.push((
                path.file_name().unwrap().to_str().unwrap().to_owned(),
                std::fs::read(&path).unwrap(),
            ));
        }
    }
    mails.sort();
    mails
}

fn rows(read: &Returned) -> Vec<[String; 3]> {
    let row = |about: &returned::About| {
        let address = about.address.clone().unwrap_or_else(|| "-".to_owned());
        [address, about.action.as_str().to_owned(), about.reason.to_owned()]
    };
    read.recipients.iter().map(row).collect()
}

#[test]
fn every_system_is_understood() {
    let table = expected();
    let mut wrong = Vec::new();
    for (name, raw) in mails() {
        let read = returned::read(&raw);
        let found = rows(&read);
        let wanted = table.get(&name).cloned().unwrap_or_default();
        let alike = found.len() == wanted.len()
            && found.iter().zip(&wanted).all(|(found, wanted)| {
                found[..2] == wanted[..2] && (wanted[2] == "*" || found[2] == wanted[2])
            });
        if !alike || (wanted.is_empty() != (read.kind == Kind::Letter)) {
            wrong.push(format!("{name}: {:?} {found:?}, not {wanted:?}; {:?}", read.kind, read.recipients));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn line_ends_do_not_change_what_a_mail_means() {
    for (name, raw) in mails() {
        let mut other = Vec::new();
        for byte in raw.iter().filter(|byte| **byte != b'\r') {
            if *byte == b'\n' {
                other.push(b'\r');
            }
            other.push(*byte);
        }
        assert_eq!(rows(&returned::read(&raw)), rows(&returned::read(&other)), "{name}");
    }
}

#[test]
fn what_was_sent_is_recognised_in_what_came_back() {
    for name in ["postfix-user-unknown.eml", "exim-rcpt-unknown.eml", "qmail-unknown.eml", "arf-abuse.eml"] {
        let read = returned::read(&std::fs::read(folder().join(name)).unwrap());
        assert_eq!(read.message_id.as_deref(), Some("ed12.r7@letters.example"), "{name}");
        assert_eq!(read.list_id.as_deref(), Some("gazette.letters.example"), "{name}");
        assert_eq!(read.feedback_id.as_deref(), Some("12:edition:gazette:soucoupe"), "{name}");
    }
    let read = returned::read(&std::fs::read(folder().join("postfix-user-unknown.eml")).unwrap());
    let about = &read.recipients[0];
    assert_eq!(about.status.as_deref(), Some("5.1.1"));
    assert!(
        about
            .reply
            .as_deref()
            .unwrap()
            .starts_with("550 5.1.1 <reader@example.com>: Recipient address rejected")
    );
    assert_eq!(about.action, Action::Suppress);
}

#[test]
fn whom_it_was_written_to_is_kept_beside_whom_it_reached() {
    let raw = std::fs::read(folder().join("postfix-alias-rewritten.eml")).unwrap();
    assert_eq!(returned::read(&raw).recipients[0].address.as_deref(), Some("ada@example.org"));
    let forwarded = String::from_utf8(raw).unwrap().replace("ada@vm3.localdomain", "ada@box.example");
    let about = returned::read(forwarded.as_bytes()).recipients.remove(0);
    assert_eq!(about.address.as_deref(), Some("ada@box.example"));
    assert_eq!(about.original.as_deref(), Some("ada@example.org"));
}
