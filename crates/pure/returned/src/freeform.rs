//! Bounces without a delivery status: what servers write for people, old and new, in many languages.

use policy::answer::{Judgement, Reason, Weight, codes_in, judge};
use policy::returns::Action;

use crate::About;
use crate::addresses;
use crate::headers::Headers;
use crate::mime::Part;
use crate::named::{named, near};
use crate::original;
use crate::senders::{Sender, has_no_return_path, sender};
use crate::status;
use crate::subjects::{self, one_of, plain};
use crate::transcript::{server_words, written};

/// More of a notice is not read.
const LONGEST: usize = 60_000;
/// How much of a notice is looked at for its first sentences.
const OPENING: usize = 3000;
/// Where those of a notice stand that has no subject of its kind.
const EARLY: usize = 600;
/// More recipients are not read.
const MOST: usize = 200;

/// A notice in free form. None where the mail is none.
pub fn read(mail: &Part<'_>, subject: &str, sent: Option<&Headers>) -> Option<(Vec<About>, Option<Headers>)> {
    let text = mail.readable();
    let (said, rest) = original::split(cut(&text));
    let own = sent
        .is_none()
        .then(|| original::in_text(rest))
        .filter(|headers| headers.has("from") || headers.has("to"));
    let sent = sent.or(own.as_ref());
    let tense = tense(mail, subject, said, sent.is_some())?;
    let mut found = status::in_text(&text, sent);
    if found.is_empty() {
        found = recipients(mail, said, sent);
    }
    // A mail that names nobody, nothing and no reason is no notice but dressed as one.
    let empty = found.iter().all(|about| about.address.is_none() && about.reason == Reason::Unclear.as_str());
    if empty && sent.is_none() && !has_no_return_path(&mail.headers) {
        return None;
    }
    for about in &mut found {
        if tense == Tense::Delivered {
            (about.action, about.reason) = (Action::None, "delivered");
        }
        if tense == Tense::Delayed && about.action != Action::None {
            about.action = Action::Retry;
            if about.reason == Reason::Unclear.as_str() {
                about.reason = "delayed";
            }
        }
    }
    Some((found, own))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tense {
    Failed,
    Delayed,
    Delivered,
}

/// Whether a mail system speaks here of a mail that did not arrive, and whether it goes on trying.
fn tense(mail: &Part<'_>, subject: &str, said: &str, sent: bool) -> Option<Tense> {
    let headers = &mail.headers;
    let subject_plain = plain(subject);
    let opening: String = said.chars().take(OPENING).collect();
    let opening = plain(&opening);
    let names_failed = headers.has("x-failed-recipients");
    let system = sender(headers);
    let nobody = has_no_return_path(headers);
    let titled =
        one_of(&subject_plain, subjects::FAILURE) || one_of(&subject_plain, subjects::DELAY_SUBJECTS);
    let template = one_of(&opening, subjects::TEMPLATES) || one_of(&opening, subjects::DELAY_TEXTS);
    let of_a_list = headers.has("list-unsubscribe") || headers.has("list-id") || headers.has("list-post");
    let of_a_person = subjects::answers(subject) || of_a_list;
    let coded = server_words(&opening_lines(said)).is_some();
    let automatic = is_automatic(headers, &subject_plain);
    let to = headers.get("to").map(addresses::in_text).unwrap_or_default();
    let presents = named(said).iter().any(|named| !to.iter().any(|to| addresses::same(to, named)));
    let names = template && presents;
    let early: String = opening.chars().take(EARLY).collect();
    let begins = one_of(&early, subjects::TEMPLATES) || one_of(&early, subjects::DELAY_TEXTS);
    // An autoresponder also comes from nobody, and may say that somebody is no longer there.
    let answered = headers
        .get("auto-submitted")
        .is_some_and(|value| value.to_ascii_lowercase().starts_with("auto-repl"));
    let speaks = template || coded || sent || nobody || presents;
    // A person who writes from a system's address can be answered; a notice cannot.
    let answerable = headers.has("return-path") && !nobody;
    // James answers the mail that it could not deliver, by its subject.
    let opens = begins
        && coded
        && presents
        && !of_a_list
        && !answerable
        && !headers.has("in-reply-to")
        && !headers.has("references");
    let shows = sent || nobody || (!answerable && (coded || presents));
    let is_bounce = names_failed
        || (system == Sender::System
            && ((titled && speaks && (!answerable || sent || coded || presents)) || (begins && shows))
            && (!of_a_person || nobody || opens)
            && !automatic)
        || (matches!(system, Sender::Named | Sender::Perhaps)
            && titled
            && (sent
                || (system == Sender::Named && names && (begins || !answerable))
                || (nobody && (template || coded)))
            && !of_a_person
            && !automatic)
        || (nobody && titled && (template || coded) && (!answered || sent || names) && !automatic)
        || (nobody && begins && (coded || sent) && !of_a_person && !automatic && !answered)
        || (titled && sent && begins && !of_a_person && !headers.has("in-reply-to"));
    if !is_bounce {
        return None;
    }
    if one_of(&subject_plain, subjects::DELIVERED) || one_of(&opening, subjects::DELIVERED) {
        return Some(Tense::Delivered);
    }
    let delayed = one_of(&subject_plain, subjects::DELAY_SUBJECTS) || one_of(&opening, subjects::DELAY_TEXTS);
    let given_up = ["giving up", "given up", "permanent", "final", "failed permanently", "will not be"];
    let over = one_of(&opening, &given_up) && !one_of(&subject_plain, subjects::DELAY_SUBJECTS);
    Some(if delayed && !over { Tense::Delayed } else { Tense::Failed })
}

fn opening_lines(said: &str) -> String {
    said.lines().take(80).collect::<Vec<_>>().join("\n")
}

/// A vacation answer also comes from nobody.
fn is_automatic(headers: &Headers, subject: &str) -> bool {
    subjects::AUTOMATIC.iter().any(|words| subject.starts_with(words))
        || headers.get("auto-submitted").is_some_and(|value| value.to_ascii_lowercase().contains("vacation"))
}

/// As much of a notice as is read.
pub fn cut(text: &str) -> &str {
    if text.len() <= LONGEST {
        return text;
    }
    let end = (0..=LONGEST).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    &text[..end]
}

/// The recipients that a notice names, and why each.
fn recipients(mail: &Part<'_>, said: &str, sent: Option<&Headers>) -> Vec<About> {
    let headers = &mail.headers;
    let failed: Vec<String> = headers.all("x-failed-recipients").flat_map(addresses::in_text).collect();
    let own = [
        headers.get("to"),
        headers.get("from"),
        headers.get("reply-to"),
        sent.and_then(|sent| sent.get("from")),
    ];
    let mut ours: Vec<String> = own.into_iter().flatten().flat_map(addresses::in_text).collect();
    ours.extend(sent.and_then(original::message_id));
    ours.extend(sent.and_then(|sent| sent.get("return-path")).and_then(addresses::typed));
    let to_domains: Vec<String> = headers
        .get("to")
        .map(addresses::in_text)
        .unwrap_or_default()
        .iter()
        .filter_map(|to| to.rsplit_once('@').map(|(_, domain)| domain.to_owned()))
        .collect();
    let theirs = |found: Vec<String>| -> Vec<String> {
        let fits = |address: &String| {
            !ours.iter().any(|own| addresses::same(own, address))
                && !is_system(address)
                && addresses::is_public(address)
        };
        found.into_iter().filter(fits).collect()
    };
    let mut found = if failed.is_empty() { theirs(named(said)) } else { failed };
    if found.is_empty() {
        found = theirs(addresses::in_text(said));
        // Ours is in the domain that the notice came to.
        let ours = |address: &String| to_domains.iter().any(|domain| in_domain(address, domain));
        if found.iter().any(|address| !ours(address)) {
            found.retain(|address| !ours(address));
        }
        found.truncate(1);
    }
    if found.is_empty() {
        found.extend(sent.and_then(original::recipient));
    }
    found.truncate(MOST);
    let alone = found.len() < 2;
    let about = |address: Option<String>| {
        let near = match &address {
            Some(address) if !alone => near(said, address),
            _ => said.to_owned(),
        };
        let words = server_words(&near);
        let reason = why(words.as_deref(), &near, said);
        let status = words.as_deref().and_then(|words| codes_in(words).1).or_else(|| codes_in(&near).1);
        About {
            address,
            original: None,
            action: reason.action(),
            reason: reason.as_str(),
            status: status.filter(|(class, ..)| *class != 2).map(written),
            reply: words,
        }
    };
    if found.is_empty() {
        vec![about(None)]
    } else {
        found.into_iter().map(|address| about(Some(address))).collect()
    }
}

fn in_domain(address: &str, domain: &str) -> bool {
    address.rsplit_once('@').is_some_and(|(_, own)| own == domain)
}

fn is_system(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default().to_ascii_lowercase();
    ["mailer-daemon", "postmaster", "mailerdaemon", "abuse", "support", "helpdesk", "hostmaster"]
        .contains(&local.as_str())
}

fn why(words: Option<&str>, near: &str, said: &str) -> Reason {
    let reason = why_refused(words, near, said);
    // Whoever refuses MAIL FROM has heard of no reader yet.
    const BEFORE: &[&str] = &["in reply to mail from", "after mail from", "but sender was rejected"];
    if reason.action() == Action::Suppress && one_of(&plain(near), BEFORE) { Reason::Sender } else { reason }
}

fn why_refused(words: Option<&str>, near: &str, said: &str) -> Reason {
    let own = words.and_then(judge);
    if let Some(own) = own.filter(|own| own.weight >= Weight::Code) {
        return own.reason;
    }
    // Of two that weigh the same, the one nearer to the recipient.
    let others = [prose(said), prose(near)];
    let best = others.into_iter().flatten().max_by_key(|judgement| judgement.weight);
    match (own, best) {
        (Some(own), Some(best)) if best.weight > own.weight => best.reason,
        (Some(own), _) => own.reason,
        (None, Some(best)) => best.reason,
        (None, None) => Reason::Unclear,
    }
}

/// What sentences for people say. Of mere hints only those count that such sentences do not hold by themselves.
pub fn prose(text: &str) -> Option<Judgement> {
    let judgement = judge(text)?;
    let counts = match judgement.weight {
        Weight::Words | Weight::Code => true,
        Weight::Hint => {
            matches!(
                judgement.reason,
                Reason::Expired | Reason::Network | Reason::UserUnknown | Reason::Content
            )
        }
        Weight::Vague => true,
    };
    counts.then_some(judgement)
}
