//! How often one may fail: some tries at once, then one now and then, as `policy::rate` says.

use instance::Instance;
use policy::rate::{Bucket, SIGN_IN_FAILURES};
use store::params;

use crate::model::AccountError;
use crate::queries;

/// One try.
const TRY: f64 = 1.0;

/// Whether another try is left.
pub(crate) async fn check(instance: &Instance, who: &str) -> Result<(), AccountError> {
    let now = instance.now_us();
    match bucket(instance, who, now).await?.take(SIGN_IN_FAILURES, TRY, now).1 {
        Ok(()) => Ok(()),
        Err(wait) => Err(AccountError::Wait(wait.unwrap_or(i64::MAX).unsigned_abs().div_ceil(1_000_000))),
    }
}

/// Notes a failure.
pub(crate) async fn failed(instance: &Instance, who: &str) -> Result<(), AccountError> {
    let now = instance.now_us();
    let (left, _) = bucket(instance, who, now).await?.take(SIGN_IN_FAILURES, TRY, now);
    instance.store.execute(queries::KEEP_FAILURES, params![key(who), left.tokens, left.at]).await?;
    Ok(())
}

async fn bucket(instance: &Instance, who: &str, now: i64) -> Result<Bucket, AccountError> {
    let row = instance.store.read_one(queries::FAILURES, params![key(who)]).await?;
    Ok(match row {
        Some(row) => Bucket { tokens: row.real(0)?, at: row.int(1)? },
        None => Bucket::full(SIGN_IN_FAILURES, now),
    })
}

fn key(who: &str) -> String {
    format!("sign-in {who}")
}
