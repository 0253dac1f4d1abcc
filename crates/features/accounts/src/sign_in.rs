//! Signing in with a password.

use instance::Instance;
use store::params;

use crate::model::{Account, AccountError, address};
use crate::session::{self, Session};
use crate::{password, queries, throttle};

/// Begins a session for an address and its password. Unknown addresses and wrong passwords get the same answer after
/// the same time; failures are limited by address and by network.
pub async fn sign_in(
    instance: &Instance,
    email: &str,
    secret: &str,
    network: Option<&str>,
) -> Result<(Account, Session), AccountError> {
    let key = address(email).map(|address| address.key()).unwrap_or_default();
    let limits: Vec<String> =
        [Some(key.clone()), network.map(|network| format!("from {network}"))].into_iter().flatten().collect();
    for limit in &limits {
        throttle::check(instance, limit).await?;
    }
    let row = instance.store.read_one(queries::BY_EMAIL, params![&key]).await?;
    let hash = row.as_ref().map(|row| row.opt_text(5)).transpose()?.flatten();
    let right = password::matches(secret, hash).await?;
    match row {
        Some(row) if right => {
            let account = Account::from_row(&row)?;
            let session = session::start(instance, account.id).await?;
            Ok((account, session))
        }
        _ => {
            for limit in &limits {
                throttle::failed(instance, limit).await?;
            }
            Err(AccountError::Refused)
        }
    }
}
