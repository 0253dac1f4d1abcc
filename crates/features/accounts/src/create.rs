//! The first account.

use i18n::Language;
use instance::Instance;
use store::params;

use crate::model::{Account, AccountError, Role, address};
use crate::{password, queries};

/// Makes the owner of an instance that has no account yet.
pub async fn create_owner(
    instance: &Instance,
    email: &str,
    name: &str,
    secret: &str,
    language: Language,
) -> Result<Account, AccountError> {
    let email = address(email)?;
    let name = name.trim();
    if name.is_empty() {
        return Err(AccountError::Name);
    }
    let hash = password::hash(secret).await?;
    let values = params![
        email.as_str(),
        email.key(),
        name,
        hash,
        language.tag(),
        Role::Owner.as_str(),
        instance.now_us()
    ];
    let rows = instance.store.write(queries::CREATE_FIRST, values).await?;
    rows.first().map(Account::from_row).transpose()?.ok_or(AccountError::Owned)
}

/// Whether anybody has an account; before, the first page asks for one.
pub async fn exists(instance: &Instance) -> Result<bool, AccountError> {
    Ok(instance.store.read_one(queries::ANY, params![]).await?.is_some())
}

/// The owner, if there is one.
pub async fn owner(instance: &Instance) -> Result<Option<Account>, AccountError> {
    let row = instance.store.read_one(queries::OWNER, params![]).await?;
    Ok(row.as_ref().map(Account::from_row).transpose()?)
}
