//! A mail ready for the wire, on a sheet that is used again for the next one.

use wire::dkim::{BodyHash, Coverage, DkimError, Signer};

/// Room before the head for a signature: RSA-4096 and two dozen names come to about 1,400 octets.
const MARGIN: usize = 2_048;

/// One mail with its envelope. Its buffers keep their size, so that a line allocates nothing that grows with the letter.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// The margin, the head, the empty line, the body.
    bytes: Vec<u8>,
    /// Where the message begins: at the head, or before it once it is signed.
    start: usize,
    /// Where the head ends and the empty line stands.
    head_end: usize,
    return_path: Vec<u8>,
    to: String,
}

impl Sheet {
    /// An empty sheet for a reader; the head is appended to what is given back.
    pub(super) fn begin(&mut self, to: &str) -> &mut Vec<u8> {
        self.to.clear();
        self.to.push_str(to);
        self.return_path.clear();
        self.bytes.clear();
        self.bytes.resize(MARGIN, 0);
        self.start = MARGIN;
        self.head_end = MARGIN;
        &mut self.bytes
    }

    /// The head is complete.
    pub(super) fn end_head(&mut self) {
        self.head_end = self.bytes.len();
        self.bytes.extend_from_slice(b"\r\n");
    }

    /// Where the body is appended.
    pub(super) fn body(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Where the return path is appended.
    pub(super) fn return_path(&mut self) -> &mut Vec<u8> {
        &mut self.return_path
    }

    /// Puts a DKIM signature before the head. A sheet is signed once.
    pub(super) fn sign(&mut self, signer: &Signer, coverage: Coverage, at: u64) -> Result<(), DkimError> {
        let (head, body) = (&self.bytes[MARGIN..self.head_end], &self.bytes[self.head_end + 2..]);
        let mut hash = BodyHash::new();
        hash.update(body);
        let field = signer.sign_hashed(head, &hash.finish(), at, coverage)?;
        match MARGIN.checked_sub(field.len()) {
            Some(start) => {
                self.bytes[start..MARGIN].copy_from_slice(&field);
                self.start = start;
            }
            // A key longer than anybody uses.
            None => {
                self.bytes.splice(..MARGIN, field);
                self.start = 0;
            }
        }
        Ok(())
    }

    /// The envelope sender.
    pub(super) fn from(&self) -> &str {
        // Tokens and checked domains are ASCII; an address that is not would be refused by the client, not sent.
        std::str::from_utf8(&self.return_path).unwrap_or_default()
    }

    /// The envelope recipient.
    pub(super) fn to(&self) -> &str {
        &self.to
    }

    /// The whole message.
    pub(super) fn message(&self) -> &[u8] {
        &self.bytes[self.start..]
    }
}
