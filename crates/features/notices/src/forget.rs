//! Forgetting notices.

use instance::Instance;
use store::{Statement, params};
use wire::Address;

use crate::model::NoticeError;
use crate::queries;

/// How long a settled notice is kept, without its words.
pub const KEPT_DAYS: i64 = 14;

/// What forgets everything about an address, to be done together with what else forgets it.
pub fn forgetting(address: &Address) -> Statement {
    queries::FORGET_ADDRESS.with(params![address.as_str()])
}

/// Forgets what is settled and old.
pub(crate) async fn old(instance: &Instance) -> Result<(), NoticeError> {
    let before = instance.now_us() - KEPT_DAYS * 24 * 3600 * 1_000_000;
    instance.store.execute(queries::FORGET_OLD, params![before]).await?;
    Ok(())
}
