//! What the receiving server said, as far as a service passes it on, and what follows from it.

use policy::answer::{BounceKind, Stage, Verdict, verdict};
use policy::returns::Action;

/// More of it is not looked at.
const LONGEST: usize = 4_000;

/// What follows, and why.
pub(crate) type Judgement = (Action, &'static str);

/// Nothing but a list of the service forbids the mail; whether the address lives is not known.
pub(crate) const PROVIDER_LIST: Judgement = (Action::Soft, "provider_list");
/// The reader left by the service's own link. The publication's tie is ended by its own headers and links; here it is
/// shown, not acted upon.
pub(crate) const UNSUBSCRIBED: Judgement = (Action::None, "unsubscribed");
/// The reader called it spam.
pub(crate) const COMPLAINT: Judgement = (Action::Complaint, "complaint");
/// The service is still trying.
pub(crate) const TRYING: Judgement = (Action::Retry, "deferred");
/// A dead address, in the service's words.
pub(crate) const DEAD: Judgement = (Action::Suppress, "address_dead");
/// A dead domain, in the service's words.
pub(crate) const HOST_DEAD: Judgement = (Action::Suppress, "host_dead");
/// Given up for a reason that may pass.
pub(crate) const SOFT: Judgement = (Action::Soft, "other");
/// No room.
pub(crate) const FULL: Judgement = (Action::Soft, "mailbox_full");
/// A machine answered.
pub(crate) const AUTO_REPLY: Judgement = (Action::AutoReply, "auto_reply");
/// Something in the mail.
pub(crate) const CONTENT: Judgement = (Action::Trouble, "content");
/// Who we are, or how we send.
pub(crate) const POLICY: Judgement = (Action::Trouble, "policy");
/// SPF, DKIM, DMARC.
pub(crate) const AUTHENTICATION: Judgement = (Action::Trouble, "authentication");

/// An answer of a server in the form in which a service shows it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words {
    text: String,
    code: Option<u16>,
    enhanced: Option<(u8, u16, u16)>,
}

impl Words {
    /// From free text; codes in it are found.
    pub(crate) fn new(text: Option<&str>) -> Self {
        let text: String = text.unwrap_or_default().trim().chars().take(LONGEST).collect();
        let (code, enhanced) =
            (code_in(&text), text.split([' ', '-', '(', ')', '#', ';', '\n']).find_map(enhanced));
        Self { text, code, enhanced }
    }

    /// With a code that the service shows apart.
    pub(crate) fn coded(self, code: Option<u16>) -> Self {
        Self { code: code.or(self.code), ..self }
    }

    /// With a status of RFC 3463 that the service shows apart.
    pub(crate) fn with_status(self, status: Option<&str>) -> Self {
        Self { enhanced: status.and_then(enhanced).or(self.enhanced), ..self }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn status(&self) -> Option<String> {
        self.enhanced.map(|(class, subject, detail)| format!("{class}.{subject}.{detail}"))
    }

    /// What follows from a mail that was given up: the server's words where they say something, else the service's.
    pub(crate) fn judge(&self, otherwise: Judgement) -> Judgement {
        if self.text.is_empty() && self.code.is_none() && self.enhanced.is_none() {
            return otherwise;
        }
        let class = self.code.map(|code| code / 100).or(self.enhanced.map(|(class, ..)| u16::from(class)));
        // Nobody tries again: a 4xx is read like the 5xx it has become, but it proves no death.
        let passing = class == Some(4);
        let code = self.code.map_or(550, |code| if code / 100 == 4 { code + 100 } else { code });
        let enhanced = self.enhanced.map(|(_, subject, detail)| (5, subject, detail));
        match verdict(code, enhanced, &self.text, Stage::Rcpt) {
            Verdict::Bounce(kind) if kind.is_hard() && passing => SOFT,
            Verdict::Bounce(kind) if kind.is_hard() => (Action::Suppress, kind.name()),
            Verdict::Bounce(BounceKind::MailboxFull) => FULL,
            Verdict::Bounce(kind) if kind.is_about_sender() => (Action::Trouble, kind.name()),
            Verdict::RouteDown => POLICY,
            _ if passing && otherwise.0 == Action::Suppress => SOFT,
            _ => otherwise,
        }
    }

    /// The same, for events that are about us whatever the words: they never cost a reader.
    pub(crate) fn judge_ours(&self, otherwise: Judgement) -> Judgement {
        match self.judge(otherwise) {
            judged @ (Action::Trouble, _) => judged,
            _ => otherwise,
        }
    }
}

/// The first 4xx or 5xx that stands where an answer begins: at the start, or after a colon or semicolon.
fn code_in(text: &str) -> Option<u16> {
    let mut begins = true;
    for word in text.split_whitespace() {
        let head = word.rsplit([';', ':']).next().unwrap_or(word);
        let (begins_here, word) = (begins || head.len() < word.len(), head);
        let digits: &str = word.split('-').next().unwrap_or(word);
        let is_code =
            digits.len() == 3 && digits.starts_with(['4', '5']) && digits.bytes().all(|b| b.is_ascii_digit());
        if begins_here && is_code {
            return digits.parse().ok();
        }
        begins = word.is_empty() || word.ends_with(['>', ')', ']']);
    }
    None
}

/// `5.1.1`, perhaps with brackets or a full stop around it.
fn enhanced(word: &str) -> Option<(u8, u16, u16)> {
    let word = word.trim_matches(|c: char| !c.is_ascii_digit());
    let mut parts = word.split('.');
    let (class, subject, detail) = (parts.next()?, parts.next()?, parts.next()?);
    let fits = parts.next().is_none()
        && matches!(class, "2" | "4" | "5")
        && [subject, detail].iter().all(|part| (1..=3).contains(&part.len()));
    if !fits {
        return None;
    }
    Some((class.parse().ok()?, subject.parse().ok()?, detail.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_where_answers_begin() {
        let found = |text| {
            let words = Words::new(Some(text));
            (words.code, words.status())
        };
        let status = |text: &str| Some(text.to_owned());
        assert_eq!(found("550 5.1.1 no such user"), (Some(550), status("5.1.1")));
        assert_eq!(found("smtp; 550 5.1.1 <jane@example.com>... User"), (Some(550), status("5.1.1")));
        assert_eq!(found("smtp;550-5.7.26 This mail is unauthenticated"), (Some(550), status("5.7.26")));
        assert_eq!(found("host mx.example[192.0.2.1] said: 452 4.2.2 full"), (Some(452), status("4.2.2")));
        assert_eq!(found("try again in 450 seconds"), (None, None));
        assert_eq!(found("from 192.0.2.55 and 5.12345.1"), (None, None));
        assert_eq!(found(""), (None, None));
    }

    #[test]
    fn the_servers_words_win_over_the_services_word() {
        let judged = |text, otherwise| Words::new(Some(text)).judge(otherwise);
        assert_eq!(judged("550 5.1.1 no such user", SOFT).0, Action::Suppress);
        assert_eq!(judged("550 5.7.26 unauthenticated", DEAD).0, Action::Trouble);
        assert_eq!(judged("552 5.2.2 mailbox full", DEAD).0, Action::Soft);
        assert_eq!(judged("554 5.7.1 relaying denied", DEAD).0, Action::Trouble);
        assert_eq!(judged("550 hm", DEAD), DEAD);
        assert_eq!(judged("", DEAD), DEAD);
    }

    #[test]
    fn an_answer_that_may_pass_suppresses_nobody() {
        assert_eq!(Words::new(Some("450 4.1.1 user unknown")).judge(DEAD).0, Action::Soft);
        assert_eq!(Words::new(Some("421 4.7.28 rate limit exceeded")).judge(DEAD).0, Action::Trouble);
        assert_eq!(Words::new(Some("451 4.3.0 hm")).judge(DEAD).0, Action::Soft);
    }

    #[test]
    fn what_is_about_us_stays_about_us() {
        assert_eq!(Words::new(Some("550 5.1.1 no such user")).judge_ours(POLICY), POLICY);
        assert_eq!(Words::new(Some("550 5.7.26 dmarc")).judge_ours(POLICY), AUTHENTICATION);
    }
}
