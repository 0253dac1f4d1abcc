//! What a receiving server says about a reader. Its word is kept by whoever heard it, in one transaction with what
//! follows from it; so these say what to write and write nothing.

use instance::Instance;
use policy::subscription::{Actor, SubscriptionEvent};
use policy::suppressions::{Reason, Scope};
use store::Statement;
use wire::Address;

use crate::consent::Proof;
use crate::lift::suppressing;
use crate::model::{AudienceError, Form, Reader};
use crate::{find, step};

/// The address is dead: no publication of the instance mails it, until the reader confirms anew. Subscriptions stay as
/// they are, so that all of them live again then.
pub fn bounced(instance: &Instance, address: &Address) -> Statement {
    let suppression_key = instance.secrets.suppression_key(&address.key());
    suppressing(suppression_key, Scope::Everywhere, Reason::HardBounce, instance.now_us())
}

/// The reader reported a mail as spam: their subscription to that publication ends, with the report's words as proof,
/// and nothing of it is mailed there again. Where another step came between, the transaction is undone with
/// [`store::StoreError::Unexpected`]: ask again.
pub async fn complained(
    instance: &Instance,
    publication_id: i64,
    reader: &Reader,
    words: &str,
) -> Result<Vec<Statement>, AudienceError> {
    if find::subscription(instance, publication_id, reader.id).await?.is_none() {
        let suppression_key = instance.secrets.suppression_key(&reader.email.key());
        let scope = Reason::Complaint.reach(publication_id);
        return Ok(vec![suppressing(suppression_key, scope, Reason::Complaint, instance.now_us())]);
    }
    let proof = Proof { wording: words, form: Form::Report, network: None };
    let act = Some(("complained", proof));
    let event = SubscriptionEvent::Complaint;
    let (_, statements) =
        step::planned(instance, publication_id, reader, event, Actor::Receiver, act).await?;
    Ok(statements)
}
