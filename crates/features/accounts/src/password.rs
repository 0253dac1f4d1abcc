//! Passwords: Argon2id, off the threads that serve.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

use crate::model::AccountError;

/// ASVS 5.0, 6.2.1: at least 8, better 15; a sentence is easy to remember.
pub(crate) const LEAST: usize = 10;
/// More would only cost us time.
pub(crate) const MOST: usize = 256;

/// The hash to keep.
pub(crate) async fn hash(password: &str) -> Result<String, AccountError> {
    if password.chars().count() < LEAST || password.len() > MOST {
        return Err(AccountError::Password { least: LEAST, most: MOST });
    }
    let password = password.to_owned();
    apart(move || {
        let hashed = Argon2::default().hash_password(password.as_bytes());
        hashed.map(|hash| hash.to_string()).map_err(|error| AccountError::Hash(error.to_string()))
    })
    .await
}

/// Whether a password belongs to a hash. Without a hash it takes as long and says no: how long we think does not
/// tell which addresses have accounts.
pub(crate) async fn matches(password: &str, hash: Option<String>) -> Result<bool, AccountError> {
    let password = password.get(..MOST.min(password.len())).unwrap_or_default().to_owned();
    apart(move || {
        let known = hash.as_deref().and_then(|hash| PasswordHash::new(hash).ok());
        match known {
            Some(known) => Ok(Argon2::default().verify_password(password.as_bytes(), &known).is_ok()),
            None => {
                let spent = Argon2::default().hash_password(password.as_bytes());
                spent.map(|_| false).map_err(|error| AccountError::Hash(error.to_string()))
            }
        }
    })
    .await
}

async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AccountError> + Send + 'static,
) -> Result<T, AccountError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| AccountError::Hash(error.to_string()))?
}
