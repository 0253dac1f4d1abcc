//! Queueing a notice: from this moment on it cannot be lost.

use instance::Instance;
use store::{StoreError, params};
use wire::Mailbox;
use wire::header::Date;
use wire::message::Notice as Mail;
use wire::token::{Purpose, TokenKey};

use crate::model::{Failed, Notice, NoticeError};
use crate::queries;

/// Two notices of one microsecond draw the same number once in 2,048 times; then another is drawn.
const DRAWS: usize = 8;

/// Keeps a notice until it is delivered. False when one with the same `dedupe` is kept already.
pub async fn queue(instance: &Instance, notice: Notice<'_>) -> Result<bool, NoticeError> {
    let signer = publications::keys::signer(instance, notice.sender.address.domain())
        .await
        .map_err(|error| NoticeError::Signature(error.to_string()))?;
    for _ in 0..DRAWS {
        let id = number(instance);
        let token = key(instance).sign(Purpose::Notice, id.unsigned_abs(), 0);
        let now = instance.now();
        let (to, reply_to) = (bare(notice.to), notice.reply_to.map(bare));
        let form_sub = notice.by_form.then(|| format!("v=1; url={}", instance.config.base_url));
        let domain = instance.config.mail_domain();
        let mail = Mail {
            from: notice.sender,
            to: &to,
            reply_to: reply_to.as_ref(),
            subject: notice.subject,
            date: Date::utc(now.as_second()),
            id: &token,
            message_domain: &domain,
            form_sub: form_sub.as_deref(),
            text: notice.text,
            html: notice.html,
        };
        let (head, body) = (mail.head()?, mail.body());
        let mut message = match &signer {
            Some(signer) => signer
                .sign(&head, &body, now.as_second().unsigned_abs())
                .map_err(|error| NoticeError::Signature(error.to_string()))?,
            None => Vec::new(),
        };
        message.extend_from_slice(&head);
        message.extend_from_slice(b"\r\n");
        message.extend_from_slice(&body);
        // The return path names the notice, so that a returned one can be told apart.
        let sender = format!("b+{}@{domain}", token.to_lower());
        let values =
            params![id, notice.kind, sender, notice.to.as_str(), message, notice.dedupe, instance.now_us()];
        match instance.store.write(queries::QUEUE, values).await {
            Ok(rows) => {
                instance.mail_waits.notify_waiters();
                return Ok(!rows.is_empty());
            }
            Err(StoreError::Taken { .. }) => continue,
            Err(error) => return Err(error.into()),
        }
    }
    Err(StoreError::Closed.into())
}

/// The notices that did not arrive, newest first.
pub async fn failed(instance: &Instance, most: u32) -> Result<Vec<Failed>, NoticeError> {
    let rows = instance.store.read(queries::FAILED, params![most]).await?;
    let failed = rows.iter().map(|row| {
        Ok(Failed {
            kind: row.text(0)?,
            recipient: row.text(1)?,
            created_at: row.int(2)?,
            code: row.opt_int(3)?,
            answer: row.opt_text(4)?,
        })
    });
    failed.collect()
}

/// Its number is chosen here, because its Message-ID and return path are made of it before it has a row. The moment
/// stands in front: numbers grow, and are never used again.
fn number(instance: &Instance) -> i64 {
    let [a, b] = instance.random::<2>();
    instance.now_us() << 11 | i64::from(u16::from_be_bytes([a, b]) & 0x7ff)
}

fn key(instance: &Instance) -> TokenKey {
    TokenKey::new(instance.secrets.key("reader-token"))
}

fn bare(address: &wire::Address) -> Mailbox {
    Mailbox { name: None, address: address.clone() }
}
