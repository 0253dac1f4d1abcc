//! Signing keys: one RSA-2048 key a domain and selector, kept in the database so that every machine signs alike.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use instance::Instance;
use store::{StoreError, params};
use wire::dkim::Signer;

use crate::model::PublicationError;
use crate::queries;

/// Makes a key for a domain. The signer knows the DNS record to publish.
pub async fn create(instance: &Instance, domain: &str, selector: &str) -> Result<Signer, PublicationError> {
    let refused = |why: String| PublicationError::Key { domain: domain.to_owned(), why };
    let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|error| refused(error.to_string()))?;
    let private = pair.as_der().map_err(|error| refused(error.to_string()))?;
    let signer =
        Signer::from_pkcs8(domain, selector, private.as_ref()).map_err(|error| refused(error.to_string()))?;
    let values = params![domain, selector, private.as_ref(), instance.now_us()];
    match instance.store.execute(queries::KEEP_KEY, values).await {
        Err(StoreError::Taken { .. }) => {
            Err(refused(format!("the selector {selector:?} is in use: choose another")))
        }
        other => other.map(|_| signer).map_err(Into::into),
    }
}

/// The signer of a domain, with its newest key; none where no key was made.
pub async fn signer(instance: &Instance, domain: &str) -> Result<Option<Signer>, PublicationError> {
    let Some(row) = instance.store.read_one(queries::KEY, params![domain]).await? else { return Ok(None) };
    let signer = Signer::from_pkcs8(domain, &row.text(0)?, &row.bytes(1)?)
        .map_err(|error| PublicationError::Key { domain: domain.to_owned(), why: error.to_string() })?;
    Ok(Some(signer))
}
