//! Proof of sending: a signed log that only grows, and the question whether a copy is what was sent.
//!
//! When a dispatch ends, [`ending`] writes an entry in the transaction that ends it: which letter, by its hash, to how
//! many, from when to when, and the hash of the entry before. Who keeps one entry, or the public key and any later
//! entry, can tell whether something before it was changed ([`proofs`] checks it all). [`verify`] reads a saved or
//! forwarded mail and says whether it is an unaltered letter of this instance, and if not, where it differs.
//!
//! Guarantees: numbers without gaps, from 1 on; one entry for each ending; an entry and the end it speaks of are
//! committed together or not at all.
//!
//! Not guaranteed: that whoever holds the instance's secret tells the truth. The log shows that nothing was changed
//! after it was written, to those who have seen it.

mod entry;
mod log;
mod mail;
mod verify;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use instance::Instance;
use jiff::Timestamp;
use store::{Outcome, Statement, StoreError, params};

use crate::DispatchState;
use crate::model::Dispatch;
use crate::queries;

pub use entry::Entry;
pub use log::{Log, Logged, proofs};
pub use verify::{About, Change, Place, Verdict, verify};

/// What the key of the log is derived for.
const USE: &str = "proof of sending";

/// The end of a dispatch, with an entry of the log, in one transaction. Without a moment it is not an end, and without
/// a letter there is nothing to prove. Errors are those of the transaction; nothing was changed then.
pub(crate) async fn ending(
    instance: &Instance,
    dispatch: &Dispatch,
    state: DispatchState,
    at: Option<i64>,
    statements: Vec<Statement>,
) -> Result<Vec<Outcome>, StoreError> {
    let Some(at) = at else { return instance.store.transaction(statements).await };
    loop {
        let mut all = statements.clone();
        all.push(proof_of(instance, dispatch.id, state, at).await?);
        match instance.store.transaction(all).await {
            // Another dispatch ended in the same moment: our entry comes after its own.
            Err(StoreError::Taken { query, .. }) if query == queries::ADD_PROOF.name => {}
            // It got its letter while we looked.
            Err(StoreError::Unexpected { query, .. }) if query == queries::WITHOUT_LETTER.name => {}
            other => return other,
        }
    }
}

/// The next entry of the log as a statement, or one that holds only while there is no letter.
async fn proof_of(
    instance: &Instance,
    dispatch: i64,
    state: DispatchState,
    at: i64,
) -> Result<Statement, StoreError> {
    let row = instance.store.read_one(queries::TO_PROVE, params![dispatch]).await?;
    let letter = row.as_ref().map(|row| row.opt_bytes(0)).transpose()?.flatten();
    let (Some(row), Some(letter)) = (row, letter) else {
        return Ok(queries::WITHOUT_LETTER.with(params![dispatch]).expecting(1));
    };
    let (mut readers, mut accepted, mut failed) = (0, 0, 0);
    for counted in instance.store.read(queries::COUNTS, params![dispatch]).await? {
        let (state, count) = (counted.int(0)?, counted.int(1)?);
        match policy::delivery::DeliveryState::try_from(state) {
            // Who left in time is no reader of this dispatch.
            Ok(policy::delivery::DeliveryState::Skipped) => continue,
            Ok(policy::delivery::DeliveryState::Accepted) => accepted += count,
            Ok(policy::delivery::DeliveryState::Failed) => failed += count,
            _ => {}
        }
        readers += count;
    }
    let (number, previous) = match instance.store.read_one(queries::NEWEST_PROOF, params![]).await? {
        Some(newest) => (newest.int(0)? + 1, newest.bytes(1)?),
        None => (1, vec![0; 32]),
    };
    let entry = Entry {
        number,
        dispatch,
        kind: row.text(2)?,
        edition: row.text(3)?,
        publication: row.text(4)?,
        letter_sha256: entry::hex(&letter),
        readers,
        accepted,
        failed,
        state: state.name(false).to_owned(),
        started_at: moment(row.opt_int(1)?.unwrap_or(at)),
        finished_at: moment(at),
        previous_sha256: entry::hex(&previous),
    };
    let line = entry.to_line();
    let signature = key(instance).sign(line.as_bytes());
    let hash = entry::sha256(line.as_bytes());
    Ok(queries::ADD_PROOF.with(params![number, dispatch, line, hash, signature.as_ref()]))
}

/// The key of the log: derived from the instance's secret, so that it moves with the instance.
fn key(instance: &Instance) -> Ed25519KeyPair {
    // Every 32 bytes are a seed (RFC 8032 5.1.5), so this refuses nothing that a derived key can be.
    Ed25519KeyPair::from_seed_unchecked(&instance.secrets.key(USE))
        .unwrap_or_else(|_| panic!("32 bytes are a seed of Ed25519"))
}

/// Its public half, 32 bytes.
fn public_key(instance: &Instance) -> Vec<u8> {
    key(instance).public_key().as_ref().to_vec()
}

fn moment(microseconds: i64) -> String {
    Timestamp::from_microsecond(microseconds).unwrap_or_default().to_string()
}
