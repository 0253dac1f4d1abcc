//! How often one may fail: some tries at once, then one every few minutes.

use instance::Instance;
use store::params;

use crate::model::AccountError;
use crate::queries;

/// Tries at once.
const TRIES: f64 = 8.0;
/// One more try every so many seconds.
const EVERY_S: f64 = 90.0;

/// Whether another try is left.
pub(crate) async fn check(instance: &Instance, who: &str) -> Result<(), AccountError> {
    let left = left(instance, who).await?;
    if left >= 1.0 {
        return Ok(());
    }
    Err(AccountError::Wait(((1.0 - left) * EVERY_S).ceil() as u64))
}

/// Notes a failure.
pub(crate) async fn failed(instance: &Instance, who: &str) -> Result<(), AccountError> {
    let left = (left(instance, who).await? - 1.0).max(0.0);
    let values = params![key(who), left, instance.now_us()];
    instance.store.execute(queries::KEEP_FAILURES, values).await?;
    Ok(())
}

async fn left(instance: &Instance, who: &str) -> Result<f64, AccountError> {
    let Some(row) = instance.store.read_one(queries::FAILURES, params![key(who)]).await? else {
        return Ok(TRIES);
    };
    let since_s = (instance.now_us() - row.int(1)?).max(0) as f64 / 1e6;
    Ok((row.real(0)? + since_s / EVERY_S).min(TRIES))
}

fn key(who: &str) -> String {
    format!("sign-in {who}")
}
