//! In which order a mail is asked what it is.

use policy::returns::Action;

use crate::headers::Headers;
use crate::mime::Part;
use crate::{
    About, Kind, Returned, addresses, automatic, feedback, freeform, original, reply, senders, status,
    subjects,
};

/// Of a mail no more is looked at: a notice that is longer holds the rest of what was sent.
const LONGEST: usize = 32 << 20;

pub fn read(raw: &[u8]) -> Returned {
    let raw = &raw[..raw.len().min(LONGEST)];
    let mail = Part::read(raw);
    let subject = mail.headers.get("subject").unwrap_or_default().to_owned();
    let sent = original::find(&mail);
    let (kind, recipients, found) = decide(&mail, &subject, sent.as_ref());
    let sent = sent.or(found).filter(|_| kind != Kind::Letter);
    let sent = sent.as_ref();
    Returned {
        kind,
        recipients,
        message_id: sent.and_then(original::message_id),
        list_id: sent.and_then(original::list_id),
        feedback_id: sent.and_then(|sent| sent.get("feedback-id")).map(str::to_owned),
        from: mail.headers.get("from").and_then(addresses::mailbox),
        subject,
        reply: (kind == Kind::Letter).then(|| reply::read(&mail)),
    }
}

fn decide(mail: &Part<'_>, subject: &str, sent: Option<&Headers>) -> (Kind, Vec<About>, Option<Headers>) {
    if let Some((kind, recipients)) = feedback::read(mail, subject, sent) {
        return (kind, recipients, None);
    }
    // A notice may call itself an automatic answer, so it is asked first.
    let passed_on = subjects::answers(subject)
        && mail.kind != "multipart/report"
        && !senders::from_a_system(&mail.headers);
    if !passed_on && let Some(recipients) = status::read(mail, sent) {
        if !recipients.is_empty() {
            return (Kind::Bounce, recipients, None);
        }
        let found = freeform::read(mail, subject, sent).map(|(recipients, _)| recipients);
        return (Kind::Bounce, found.unwrap_or_else(|| vec![nothing("unclear")]), None);
    }
    if let Some(about) = automatic::receipt(mail, subject) {
        return (Kind::AutoReply, vec![about], None);
    }
    if let Some((recipients, found)) = freeform::read(mail, subject, sent) {
        return (Kind::Bounce, recipients, found);
    }
    if let Some(about) = automatic::read(mail, subject) {
        return (Kind::AutoReply, vec![about], None);
    }
    (Kind::Letter, Vec::new(), None)
}

fn nothing(reason: &'static str) -> About {
    About { address: None, original: None, action: Action::Soft, reason, status: None, reply: None }
}
