//! The signed links of a reader. Each opens one thing of one reader and nothing else.

use instance::Instance;
use wire::token::{Purpose, TokenKey};

/// The key under which readers' links are signed; dispatch uses the same.
pub fn tokens(instance: &Instance) -> TokenKey {
    TokenKey::new(instance.secrets.key("reader-token"))
}

/// The page that confirms a subscription.
pub fn confirm_url(instance: &Instance, publication_id: i64, reader_id: i64) -> String {
    url(instance, "confirm", Purpose::Confirm, publication_id, reader_id)
}

/// The page that ends a subscription, and the target of the one-click POST.
pub fn unsubscribe_url(instance: &Instance, publication_id: i64, reader_id: i64) -> String {
    url(instance, "unsubscribe", Purpose::Unsubscribe, publication_id, reader_id)
}

/// The reader's own page.
pub fn preferences_url(instance: &Instance, publication_id: i64, reader_id: i64) -> String {
    url(instance, "preferences", Purpose::Preferences, publication_id, reader_id)
}

/// The download of all that is kept about a reader.
pub fn export_url(instance: &Instance, publication_id: i64, reader_id: i64) -> String {
    url(instance, "export", Purpose::Export, publication_id, reader_id)
}

fn url(instance: &Instance, page: &str, purpose: Purpose, publication_id: i64, reader_id: i64) -> String {
    // Numbers of rows are never below zero.
    let token = tokens(instance).sign(purpose, publication_id.unsigned_abs(), reader_id.unsigned_abs());
    instance.url(&format!("/r/{page}/{token}"))
}

/// The publication and reader a link names, if it was made here for this.
pub(crate) fn read(instance: &Instance, purpose: Purpose, token: &str) -> Option<(i64, i64)> {
    let (publication, reader) = tokens(instance).verify(purpose, token).ok()?;
    Some((i64::try_from(publication).ok()?, i64::try_from(reader).ok()?))
}
