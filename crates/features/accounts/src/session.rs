//! Sessions: a random token in a cookie, its hash in the database.

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::BASE64URL_NOPAD;
use instance::Instance;
use store::params;

use crate::model::{Account, AccountError};
use crate::queries;

/// How long one stays signed in, in seconds.
pub(crate) const LIFETIME_S: u64 = 30 * 24 * 3600;

/// A session that has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// What the cookie holds; it is kept nowhere else.
    pub token: String,
    /// Seconds until it ends.
    pub lifetime_s: u64,
}

/// Begins a session.
pub async fn start(instance: &Instance, account_id: i64) -> Result<Session, AccountError> {
    let token = new_token(instance);
    let now = instance.now_us();
    let ends = now + i64::try_from(LIFETIME_S).unwrap_or(i64::MAX / 2_000_000) * 1_000_000;
    let statements = vec![
        queries::END_OLD.with(params![now]),
        queries::START.with(params![hashed(&token), account_id, now, ends]),
    ];
    instance.store.transaction(statements).await?;
    Ok(Session { token, lifetime_s: LIFETIME_S })
}

/// Who a token belongs to, while it is good.
pub async fn account_of(instance: &Instance, token: &str) -> Result<Option<Account>, AccountError> {
    let row = instance.store.read_one(queries::OF_SESSION, params![hashed(token), instance.now_us()]).await?;
    Ok(row.as_ref().map(Account::from_row).transpose()?)
}

/// Ends a session.
pub async fn sign_out(instance: &Instance, token: &str) -> Result<(), AccountError> {
    instance.store.execute(queries::END, params![hashed(token)]).await?;
    Ok(())
}

/// 256 random bits as text.
pub(crate) fn new_token(instance: &Instance) -> String {
    BASE64URL_NOPAD.encode(&instance.random::<32>())
}

/// What is kept of a token: whoever reads the database cannot sign in with it.
pub(crate) fn hashed(token: &str) -> Vec<u8> {
    digest(&SHA256, token.as_bytes()).as_ref().to_vec()
}
