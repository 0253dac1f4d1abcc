//! An entry of the log: one line of JSON, always written the same way.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use data_encoding::{BASE64, HEXLOWER};
use serde::{Deserialize, Serialize};

/// RFC 8410 4: what stands before the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo.
const SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// What the log says of one dispatch, at the moment it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its place in the log, from 1 on, without gaps.
    pub number: i64,
    /// The dispatch.
    pub dispatch: i64,
    /// `edition` or `test`.
    pub kind: String,
    /// The edition's slug.
    pub edition: String,
    /// The publication's slug.
    pub publication: String,
    /// SHA-256 of the compiled letter as it is kept, in hexadecimal digits.
    pub letter_sha256: String,
    /// Readers it was for.
    pub readers: i64,
    /// Mails that the relay took.
    pub accepted: i64,
    /// Mails that were refused for good.
    pub failed: i64,
    /// `finished`, or `stopped`: then mails that were on the wire may have been taken after this was written.
    pub state: String,
    /// When the audience was frozen, RFC 3339.
    pub started_at: String,
    /// When it ended, RFC 3339.
    pub finished_at: String,
    /// SHA-256 of the line before this one; zeros in the first.
    pub previous_sha256: String,
}

impl Entry {
    /// The line that is hashed and signed, without a line end: the keys in this order, nothing between.
    pub fn to_line(&self) -> String {
        // Numbers and texts only: this cannot be refused.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a line that is written exactly as [`Entry::to_line`] writes it.
    pub fn from_line(line: &str) -> Option<Self> {
        serde_json::from_str::<Entry>(line).ok().filter(|entry| entry.to_line() == line)
    }
}

pub(super) fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest(&SHA256, bytes).as_ref().to_vec()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

pub(super) fn base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// Whether a line was signed with this key.
pub(super) fn is_signed(line: &str, signature: &[u8], public: &[u8]) -> bool {
    UnparsedPublicKey::new(&ED25519, public).verify(line.as_bytes(), signature).is_ok()
}

/// A public key as other programs read it: the base64 of a PEM file.
pub(super) fn spki(public: &[u8]) -> String {
    base64(&[&SPKI, public].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_one_line_that_reads_back_and_another_spelling_is_none() {
        let entry = Entry {
            number: 1,
            dispatch: 7,
            kind: "edition".into(),
            edition: "le-fil".into(),
            publication: "gazette".into(),
            letter_sha256: "ab".repeat(32),
            readers: 3,
            accepted: 2,
            failed: 1,
            state: "finished".into(),
            started_at: "2026-11-23T08:30:00Z".into(),
            finished_at: "2026-11-23T08:31:00Z".into(),
            previous_sha256: "00".repeat(32),
        };
        let line = entry.to_line();
        assert!(
            line.starts_with("{\"number\":1,\"dispatch\":7,\"kind\":\"edition\",\"edition\":\"le-fil\","),
            "{line}"
        );
        assert!(!line.contains(['\n', ' ']));
        assert_eq!(Entry::from_line(&line), Some(entry));
        for other in [
            line.replace(":1,", ": 1,"),
            line.replace("}", ",\"more\":1}"),
            line.replace("\"failed\":1,", ""),
        ] {
            assert_eq!(Entry::from_line(&other), None, "{other}");
        }
    }
}
