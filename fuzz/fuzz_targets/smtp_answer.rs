//! What a server says: read whole or in pieces it is the same, what is read can be written again, and every answer has
//! a verdict.
#![no_main]

use libfuzzer_sys::fuzz_target;
use policy::answer::{Stage, verdict};
use wire::smtp::{Capabilities, Reply, ReplyReader};

const STAGES: [Stage; 7] =
    [Stage::Connect, Stage::Ehlo, Stage::Auth, Stage::Mail, Stage::Rcpt, Stage::Data, Stage::Body];

/// The longest line that is read.
const LINE: usize = 2_048;

/// All answers in these bytes, read in pieces of this size, and whether the end was an error.
fn answers(input: &[u8], piece: usize) -> (Vec<Reply>, bool) {
    let (mut reader, mut replies) = (ReplyReader::new(), Vec::new());
    for mut part in input.chunks(piece) {
        while !part.is_empty() {
            match reader.read(part) {
                Ok((taken, reply)) => {
                    part = &part[taken..];
                    replies.extend(reply);
                }
                Err(_) => return (replies, true),
            }
        }
    }
    (replies, false)
}

fuzz_target!(|input: &[u8]| {
    let Some((&piece, input)) = input.split_first() else { return };
    let (whole, failed) = answers(input, input.len().max(1));
    let (pieces, _) = answers(input, usize::from(piece).max(1));
    // An overlong line is found earlier in pieces: what was read before it is the same.
    assert!(whole.starts_with(&pieces) || pieces.starts_with(&whole));
    assert!(failed || whole == pieces);
    for reply in &whole {
        let mut bytes = Vec::new();
        reply.write(&mut bytes);
        // Bytes that are not UTF-8 become three each: such a line may be longer than one that is read.
        if bytes.split(|byte| *byte == b'\n').any(|line| line.len() > LINE) {
            continue;
        }
        let (again, _) = answers(&bytes, bytes.len());
        assert!(again.len() == 1 && again[0].code == reply.code, "{reply:?} became {again:?}");
        let _ = Capabilities::from_ehlo(reply);
        let words = reply.lines.join(" ");
        for stage in STAGES {
            let _ = verdict(reply.code, reply.enhanced, &words, stage);
        }
    }
});
