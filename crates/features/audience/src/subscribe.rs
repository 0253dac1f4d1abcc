//! Asking to subscribe. Who asks may be somebody else, so nothing happens to the reader but one mail, and the answer
//! is the same whether the address is known or not.

use i18n::{t, t_with};
use instance::Instance;
use notices::{Notice, Words};
use policy::confirmation::{counted_as, may_ask};
use policy::subscription::{Actor, SubscriptionEvent, next};
use publications::Publication;
use store::params;
use wire::Address;

use crate::consent::{Proof, keep};
use crate::model::{AudienceError, Form};
use crate::queries::readers as queries;
use crate::{allowance, find, tokens};

/// Somebody asks.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// Whose mailbox is asked.
    pub email: &'a Address,
    /// A first name, kept only for an address that was not known.
    pub first_name: Option<&'a str>,
    /// The language to write in; the publication's when absent.
    pub language: Option<i18n::Language>,
    /// The exact words beside the button.
    pub wording: &'a str,
    /// Which form.
    pub form: Form,
    /// The truncated network it came from.
    pub network: Option<&'a str>,
}

/// Notes that somebody asked, and asks the mailbox to confirm unless it was asked in the last 24 hours.
pub async fn subscribe(
    instance: &Instance,
    publication: &Publication,
    request: Request<'_>,
) -> Result<(), AudienceError> {
    allowance::take(instance, request.network).await?;
    let email = request.email;
    let suppression_key = instance.secrets.suppression_key(&email.key());
    let now = instance.now_us();
    let reader_id = reader_id(instance, &request, suppression_key, now).await?;
    let state = find::subscription(instance, publication.id, reader_id).await?.map(|found| found.state);
    let blocked = find::blocked(instance, suppression_key, publication.id).await?;
    let step = next(state, SubscriptionEvent::Ask, Actor::Visitor, blocked.is_some())?;
    if step.ask_mailbox {
        let proof = Proof { wording: request.wording, form: request.form, network: request.network };
        instance
            .store
            .transaction(vec![
                queries::ASK.with(params![publication.id, reader_id, now, request.form.name()]),
                keep(reader_id, publication.id, "asked", proof, now),
            ])
            .await?;
        ask_mailbox(instance, publication, reader_id, &request).await?;
    }
    Ok(())
}

async fn reader_id(
    instance: &Instance,
    request: &Request<'_>,
    suppression_key: [u8; 16],
    now: i64,
) -> Result<i64, AudienceError> {
    let email = request.email;
    let values = params![
        email.as_str(),
        email.key(),
        suppression_key,
        email.domain(),
        request.first_name.map(str::trim).filter(|name| !name.is_empty()),
        None::<&str>,
        request.language.map(i18n::Language::tag),
        now,
    ];
    let rows = instance.store.write(queries::KEEP_READER, values).await?;
    rows.first().ok_or(AudienceError::NoReader)?.int(0).map_err(Into::into)
}

/// Once in 24 hours: the notice is named after the last time the mailbox was asked, so that of two requests at the
/// same moment one mail comes, and a crash between the notice and the note of it neither loses nor doubles it.
async fn ask_mailbox(
    instance: &Instance,
    publication: &Publication,
    reader_id: i64,
    request: &Request<'_>,
) -> Result<(), AudienceError> {
    let mailbox = instance.secrets.suppression_key(&counted_as(&request.email.key()));
    let now = instance.now_us();
    let row = instance.store.read_one(queries::ASKED_AT, params![mailbox]).await?;
    let asked_at = row.map(|row| row.int(0)).transpose()?;
    if !may_ask(asked_at, now) {
        return Ok(());
    }
    let url = tokens::confirm_url(instance, publication.id, reader_id);
    let dedupe = format!("confirm {} {}", hex(&mailbox), asked_at.unwrap_or(0));
    queue(instance, publication, request, &url, &dedupe).await?;
    instance.store.execute(queries::KEEP_ASKED, params![mailbox, now]).await?;
    Ok(())
}

async fn queue(
    instance: &Instance,
    publication: &Publication,
    request: &Request<'_>,
    url: &str,
    dedupe: &str,
) -> Result<(), AudienceError> {
    let language = request.language.unwrap_or(publication.language);
    let name = [("name", publication.name.as_str().into())];
    let subject = t_with(language, "audience-confirm-mail-subject", &name);
    let before = [t_with(language, "audience-confirm-mail-before", &name)];
    let after = [t(language, "audience-confirm-mail-after")];
    let label = t(language, "audience-confirm-mail-button");
    let words = Words {
        language,
        look: &publication.look,
        name: &publication.name,
        subject: &subject,
        before: &before,
        button: (&label, url),
        after: &after,
        postal_address: publication.postal_address.as_deref(),
    };
    let notice = Notice {
        kind: "confirm",
        sender: &publication.from,
        reply_to: publication.reply_to.as_ref(),
        to: request.email,
        subject: &subject,
        text: &words.text(),
        html: &words.html(),
        dedupe,
        by_form: true,
    };
    notices::queue(instance, notice).await?;
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
