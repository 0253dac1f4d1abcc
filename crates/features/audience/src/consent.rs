//! Proof of what a reader wanted: kept when they act, never changed.

use instance::Instance;
use store::{Statement, params};

use crate::model::{AudienceError, Form};
use crate::queries::readers as queries;

/// A proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The publication's number.
    pub publication_id: i64,
    /// `asked`, `confirmed`, `unsubscribed`, `paused`, `resumed`, `imported`, `suppressed`, `lifted`.
    pub act: String,
    /// The exact words beside the button.
    pub wording: String,
    /// Which form.
    pub form: String,
    /// The network it came from, without the end that names a person.
    pub network: Option<String>,
    /// When, microseconds UTC.
    pub at: i64,
}

/// Where an act came from and in which words.
#[derive(Clone, Copy, Debug)]
pub struct Proof<'a> {
    /// The exact words beside the button.
    pub wording: &'a str,
    /// Which form.
    pub form: Form,
    /// The truncated network.
    pub network: Option<&'a str>,
}

/// What keeps a proof, to be done together with what it proves.
pub(crate) fn keep(
    reader_id: i64,
    publication_id: i64,
    act: &'static str,
    proof: Proof<'_>,
    now: i64,
) -> Statement {
    queries::KEEP_CONSENT.with(params![
        reader_id,
        publication_id,
        act,
        proof.wording,
        proof.form.name(),
        proof.network,
        now
    ])
}

/// All proofs about a reader, the oldest first.
pub async fn consents(instance: &Instance, reader_id: i64) -> Result<Vec<Consent>, AudienceError> {
    let rows = instance.store.read(queries::CONSENTS, params![reader_id]).await?;
    let consents = rows.iter().map(|row| {
        Ok(Consent {
            publication_id: row.int(0)?,
            act: row.text(1)?,
            wording: row.text(2)?,
            form: row.text(3)?,
            network: row.opt_text(4)?,
            at: row.int(5)?,
        })
    });
    consents.collect()
}
