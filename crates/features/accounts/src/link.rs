//! A link that signs in once: printed by the program for whoever runs it.

use instance::Instance;
use store::params;

use crate::model::AccountError;
use crate::session::{self, Session};
use crate::{queries, session::hashed, session::new_token};

/// Makes a link that signs an account in once within some minutes. Opening it shows a button; only the button acts.
pub async fn sign_in_link(
    instance: &Instance,
    account_id: i64,
    minutes: u32,
) -> Result<String, AccountError> {
    let token = new_token(instance);
    let now = instance.now_us();
    let ends = now + i64::from(minutes) * 60_000_000;
    instance.store.execute(queries::KEEP_LINK, params![hashed(&token), account_id, now, ends]).await?;
    Ok(instance.url(&format!("/desk/sign-in/{token}")))
}

/// Uses a link up and begins a session.
pub async fn sign_in_by_link(instance: &Instance, token: &str) -> Result<Session, AccountError> {
    let rows = instance.store.write(queries::USE_LINK, params![hashed(token), instance.now_us()]).await?;
    let account_id = rows.first().ok_or(AccountError::Refused)?.int(0)?;
    session::start(instance, account_id).await
}

/// Whether a link would sign in.
pub(crate) async fn is_good(instance: &Instance, token: &str) -> Result<bool, AccountError> {
    let row = instance.store.read_one(queries::LINK, params![hashed(token), instance.now_us()]).await?;
    Ok(row.is_some())
}
