//! The header block of a publication's editions.

use instance::Instance;
use wire::Mailbox;
use wire::message::{EditionHead, EditionPlan, FeedbackId, HeadError};
use wire::token::TokenKey;

use crate::model::Publication;

/// The header block that all mails of one sending have in common. `stream` says what kind of sending it is, and
/// `content_type` is that of the compiled letter.
pub fn heading(
    instance: &Instance,
    publication: &Publication,
    edition_id: i64,
    stream: &str,
    content_type: &str,
    key: TokenKey,
) -> Result<EditionHead, HeadError> {
    let domain = instance.config.mail_domain();
    // Named even where it is the sender: some receivers look for an address that is really read.
    let reply_to = Mailbox::new(publication.from.name.as_deref(), publication.answers_to().clone()).ok();
    let owner = format!("mailto:{}", publication.answers_to());
    let edition = format!("e{edition_id}");
    let [first, second, ..] = instance.secrets.key("feedback id");
    // 5 to 15 characters, always the same for this instance.
    let sender = format!("soucoupe{:04x}", u16::from_be_bytes([first, second]));
    let plan = EditionPlan {
        from: &publication.from,
        reply_to: reply_to.as_ref(),
        publication: &publication.name,
        list_id: &publication.list_id(instance),
        feedback: FeedbackId {
            edition: &edition,
            stream,
            publication: publication.slug.as_str(),
            sender: &sender,
        },
        archive_url: &publication.url(instance, "/archive"),
        help_url: &publication.url(instance, "/"),
        owner_url: &owner,
        unsubscribe_url: &instance.url("/r/unsubscribe/"),
        unsubscribe_domain: &domain,
        bounce_domain: &domain,
        message_domain: &domain,
        content_type,
    };
    EditionHead::new(&plan, key)
}
