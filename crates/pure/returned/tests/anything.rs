//! Whatever comes: no panic, and no reader struck off by what is no bounce.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use returned::{Action, Kind};

static MAILS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mails");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mails = paths.into_iter().filter(|path| path.extension().is_some_and(|kind| kind == "eml"));
    mails.map(|path| std::fs::read(path).unwrap()).collect()
});

static NO_BOUNCES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let harmless = |raw: &&Vec<u8>| matches!(returned::read(raw).kind, Kind::Letter | Kind::AutoReply);
    MAILS.iter().filter(harmless).cloned().collect()
});

fn suppresses(read: &returned::Returned) -> bool {
    read.recipients.iter().any(|about| about.action == Action::Suppress)
}

/// Cuts, doubles and overwrites.
fn broken(raw: &[u8], changes: &[(usize, u8, u8)]) -> Vec<u8> {
    let mut bytes = raw.to_vec();
    for &(place, kind, byte) in changes {
        if bytes.is_empty() {
            break;
        }
        let at = place % bytes.len();
        match kind % 5 {
            0 => bytes[at] = byte,
            1 => bytes.truncate(at),
            2 => bytes.insert(at, byte),
            3 => {
                let piece = bytes[at..(at + usize::from(byte)).min(bytes.len())].to_vec();
                bytes.extend(piece);
            }
            _ => drop(bytes.drain(at..(at + usize::from(byte)).min(bytes.len()))),
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, rng_seed: RngSeed::Fixed(3464), ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_are_a_letter(bytes in prop::collection::vec(any::<u8>(), 0..3000)) {
        let read = returned::read(&bytes);
        prop_assert!(!suppresses(&read));
        let _ = returned::mails(&bytes);
    }

    #[test]
    fn arbitrary_words_of_the_trade_do_not_stop_the_reading(
        words in prop::collection::vec(prop::sample::select(vec![
            "Content-Type: multipart/report; boundary=b\n", "--b\n", "--b--\n", "\n", "Final-Recipient: rfc822; ", "a@b.example",
            "Action: failed\n", "Status: 5.1.1\n", "=?utf-8?B?", "?=", "<", ">", "550 5.1.1", "From: ", "Subject: Re:", "\0", "é",
            "Content-Transfer-Encoding: base64\n", "Content-Type: message/rfc822\n", "<html>", "&#x41;", "&", "> ", "-- \n", "On 1 wrote:",
            "\u{1b}$B", "said: ", ";", ":", "@", "Content-Type: message/feedback-report\n", "Feedback-Type: abuse\n", "=", "=\n",
        ]), 0..60),
    ) {
        let _ = returned::read(words.concat().as_bytes());
    }

    #[test]
    fn a_broken_notice_is_read_all_the_same(
        number: prop::sample::Index,
        changes in prop::collection::vec(any::<(usize, u8, u8)>(), 1..12),
    ) {
        let read = returned::read(&broken(number.get(&MAILS[..]).as_slice(), &changes));
        prop_assert!(read.kind == Kind::Letter || !read.recipients.is_empty());
        prop_assert!(read.kind != Kind::Letter || read.reply.is_some());
    }

    #[test]
    fn what_is_no_bounce_never_strikes_off_a_reader_however_broken(
        number: prop::sample::Index,
        changes in prop::collection::vec((any::<usize>(), 0_u8..3, 32_u8..127), 1..6),
    ) {
        prop_assert!(!suppresses(&returned::read(&broken(number.get(&NO_BOUNCES[..]).as_slice(), &changes))));
    }
}

#[test]
fn deep_nesting_and_endless_parts_end() {
    let mut nested = String::new();
    for depth in 0..5000 {
        nested += &format!("Content-Type: multipart/mixed; boundary=b{depth}\n\n--b{depth}\n");
    }
    assert_eq!(returned::read(nested.as_bytes()).kind, Kind::Letter);
    let many = format!("Content-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\nx\n".repeat(200_000));
    assert_eq!(returned::read(many.as_bytes()).kind, Kind::Letter);
    let lines = format!(
        "From: MAILER-DAEMON@b.example\nSubject: failure notice\n\n{}",
        "<a@b.example>:\n550 5.1.1 x\n\n".repeat(100_000)
    );
    assert_eq!(returned::read(lines.as_bytes()).kind, Kind::Bounce);
    // Nothing is looked through again from every place in it.
    for piece in ["<", "<a", "<script>", "&", "<!--", "<script></style>"] {
        let page = format!("Content-Type: text/html\n\n{}", piece.repeat(300_000));
        assert_eq!(returned::read(page.as_bytes()).kind, Kind::Letter);
    }
    let many: String = (0..100_000).map(|number| format!("u{number}@b.example,")).collect();
    let failed = format!("From: MAILER-DAEMON@b.example\nX-Failed-Recipients: {many}\n\nfailed");
    assert_eq!(returned::read(failed.as_bytes()).kind, Kind::Bounce);
}
