//! One secret per instance, a key per use.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use data_encoding::HEXLOWER;
use store::{Store, params};

use crate::{OpenError, queries};

/// The key of the setting that holds the secret.
const SETTING: &str = "secret";

/// Keys of an instance.
pub struct Secrets {
    master: hmac::Key,
}

impl Secrets {
    /// Reads the secret of an instance; the first to open it makes one.
    pub(crate) async fn open(store: &Store) -> Result<Self, OpenError> {
        let fresh = HEXLOWER.encode(&random::<32>());
        if store.read_one(queries::SETTING, params![SETTING]).await?.is_none() {
            store.execute(queries::KEEP_SETTING, params![SETTING, fresh]).await?;
        }
        let row = store.read_one(queries::SETTING, params![SETTING]).await?.ok_or(OpenError::Secret)?;
        let secret = HEXLOWER.decode(row.text(0)?.as_bytes()).map_err(|_| OpenError::Secret)?;
        if secret.len() != 32 {
            return Err(OpenError::Secret);
        }
        Ok(Secrets { master: hmac::Key::new(hmac::HMAC_SHA256, &secret) })
    }

    /// The key of a use; the same for the life of the instance.
    pub fn key(&self, usage: &str) -> [u8; 32] {
        let mut key = [0; 32];
        key.copy_from_slice(hmac::sign(&self.master, usage.as_bytes()).as_ref());
        key
    }

    /// A keyed hash that stands for an address after it was forgotten.
    pub fn suppression_key(&self, email_key: &str) -> [u8; 16] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.key("suppression"));
        let mut short = [0; 16];
        short.copy_from_slice(&hmac::sign(&key, email_key.as_bytes()).as_ref()[..16]);
        short
    }
}

pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // The system's generator does not fail once it is seeded; a machine without one cannot run us at all.
    if SystemRandom::new().fill(&mut bytes).is_err() {
        panic!("the system gives no random bytes");
    }
    bytes
}
