//! How many may sign up: from one network, and on the whole instance.

use instance::Instance;
use policy::rate::{Bucket, Rate, SIGN_UPS, SIGN_UPS_PER_NETWORK};
use store::{Statement, StoreError, params};

use crate::model::AudienceError;
use crate::queries::readers as queries;

const EVERYBODY: &str = "sign-ups";

/// Takes one sign-up from both buckets, or says how long to wait; then nothing was taken.
pub(crate) async fn take(instance: &Instance, network: Option<&str>) -> Result<(), AudienceError> {
    let now = instance.now_us();
    // Without a known network the bucket of all remains.
    let own = network.map(|network| (format!("sign-ups {network}"), SIGN_UPS_PER_NETWORK));
    let buckets: Vec<(String, Rate)> = own.into_iter().chain([(EVERYBODY.to_owned(), SIGN_UPS)]).collect();
    let statements = buckets.iter().map(|(key, rate)| taking(key, *rate, now).expecting(1)).collect();
    match instance.store.transaction(statements).await {
        Ok(_) => Ok(()),
        Err(StoreError::Unexpected { .. }) => Err(AudienceError::Wait(wait(instance, &buckets, now).await?)),
        Err(error) => Err(error.into()),
    }
}

fn taking(key: &str, rate: Rate, now: i64) -> Statement {
    queries::TAKE_ALLOWANCE.with(params![key, now, rate.burst, rate.per_second / 1e6])
}

/// The longest wait of those, in seconds.
async fn wait(instance: &Instance, buckets: &[(String, Rate)], now: i64) -> Result<u64, AudienceError> {
    let mut longest = 1;
    for (key, rate) in buckets {
        let Some(row) = instance.store.read_one(queries::ALLOWANCE, params![key]).await? else { continue };
        let bucket = Bucket { tokens: row.real(0)?, at: row.int(1)? };
        if let (_, Err(Some(us))) = bucket.take(*rate, 1.0, now) {
            longest = longest.max((us.max(0) as u64).div_ceil(1_000_000));
        }
    }
    Ok(longest)
}
