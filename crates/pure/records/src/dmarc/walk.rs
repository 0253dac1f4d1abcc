//! The DNS tree walk, which finds the organizational domain and the record that applies (RFC 9989 4.10).

use super::record::{Record, Suffix, only};
use crate::normal;

/// RFC 9989 4.10: the second question of a long name is asked with so many labels.
const LABELS_AFTER_JUMP: usize = 7;

/// The domains of the walk from a domain up, that one first; at most eight.
fn domains(domain: &str) -> Vec<String> {
    let domain = normal(domain);
    if domain.is_empty() {
        return Vec::new();
    }
    let labels: Vec<&str> = domain.split('.').collect();
    let shorter = (1..labels.len()).rev().filter(|count| *count <= LABELS_AFTER_JUMP);
    std::iter::once(domain.clone())
        .chain(shorter.map(|count| labels[labels.len() - count..].join(".")))
        .collect()
}

/// The names that a walk from this domain may have to ask for TXT records, in order.
pub fn names(domain: &str) -> impl Iterator<Item = String> {
    domains(domain).into_iter().map(|domain| format!("_dmarc.{domain}"))
}

/// A walk under way: ask for the TXT records of [`TreeWalk::next_name`], give them to [`TreeWalk::answer`], until
/// there is no next name.
#[derive(Debug, Clone)]
pub struct TreeWalk {
    domains: Vec<String>,
    asked: usize,
    found: Vec<(usize, Record)>,
    stopped: bool,
}

/// Where a walk ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The organizational domain of the domain where the walk began.
    pub organizational_domain: String,
    /// The record that applies, with the domain at which it stands.
    pub record: Option<(String, Record)>,
}

impl TreeWalk {
    /// A walk that begins at a domain: of the author, of the DKIM signature, or of the envelope.
    pub fn new(domain: &str) -> Self {
        Self { domains: domains(domain), asked: 0, found: Vec::new(), stopped: false }
    }

    /// The name whose TXT records are needed next; none when the walk is over.
    pub fn next_name(&self) -> Option<String> {
        if self.stopped {
            return None;
        }
        self.domains.get(self.asked).map(|domain| format!("_dmarc.{domain}"))
    }

    /// Takes the TXT records of that name; an empty list where it has none.
    pub fn answer<S: AsRef<str>>(&mut self, texts: &[S]) {
        if self.stopped || self.asked >= self.domains.len() {
            return;
        }
        // RFC 9989 4.10 steps 2 and 6: other texts, and several records at one name, are as none.
        if let Ok(Some(record)) = only(texts) {
            self.stopped = record.suffix != Suffix::Unknown;
            self.found.push((self.asked, record));
        }
        self.asked += 1;
    }

    /// What was found.
    pub fn finish(self) -> Found {
        let start = || self.domains.first().cloned().unwrap_or_default();
        let organizational = self.organizational();
        let record = self
            .found
            .iter()
            // RFC 9989 4.10.1: at the domain itself, else the organizational domain, else the public suffix.
            .find(|(place, _)| *place == 0)
            .or_else(|| self.found.iter().find(|(place, _)| Some(*place) == organizational))
            .or_else(|| self.found.iter().find(|(_, record)| record.suffix == Suffix::Yes))
            .and_then(|(place, record)| Some((self.domains.get(*place)?.clone(), record.clone())));
        let organizational_domain =
            organizational.and_then(|place| self.domains.get(place).cloned()).unwrap_or_else(start);
        Found { organizational_domain, record }
    }

    /// RFC 9989 4.10.2.
    fn organizational(&self) -> Option<usize> {
        let own_word = self.found.iter().find(|(_, record)| record.suffix == Suffix::No);
        if let Some((place, _)) = own_word {
            return Some(*place);
        }
        let suffix = self.found.iter().find(|(place, record)| *place > 0 && record.suffix == Suffix::Yes);
        if let Some((place, _)) = suffix {
            return Some(place - 1);
        }
        self.found.last().map(|(place, _)| *place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Walks over a zone of (domain, record).
    fn walk(domain: &str, zone: &[(&str, &str)]) -> (String, Option<String>, usize) {
        let mut walk = TreeWalk::new(domain);
        let mut questions = 0;
        while let Some(name) = walk.next_name() {
            questions += 1;
            let texts: Vec<&str> = zone
                .iter()
                .filter(|(domain, _)| format!("_dmarc.{domain}") == name)
                .map(|(_, text)| *text)
                .collect();
            walk.answer(&texts);
        }
        let found = walk.finish();
        (found.organizational_domain, found.record.map(|(domain, _)| domain), questions)
    }

    fn check(
        domain: &str,
        zone: &[(&str, &str)],
        organizational: &str,
        record: Option<&str>,
        questions: usize,
    ) {
        let expected = (organizational.to_owned(), record.map(str::to_owned), questions);
        assert_eq!(walk(domain, zone), expected, "{domain} {zone:?}");
    }

    #[test]
    fn a_long_name_is_asked_at_most_eight_times() {
        let long = "a.b.c.d.e.f.g.h.i.j.mail.example.com";
        let asked: Vec<String> = names(long).collect();
        assert_eq!(asked.len(), 8);
        assert_eq!(asked[0], format!("_dmarc.{long}"));
        assert_eq!(asked[1], "_dmarc.g.h.i.j.mail.example.com");
        assert_eq!(asked[7], "_dmarc.com");
        let eight: Vec<String> = names("a.b.c.d.e.f.example.com").collect();
        assert_eq!(eight.len(), 8);
        assert_eq!(eight[1], "_dmarc.b.c.d.e.f.example.com");
        assert_eq!(names("example.com.").collect::<Vec<_>>(), ["_dmarc.example.com", "_dmarc.com"]);
        assert_eq!(names("").count(), 0);
    }

    #[test]
    fn the_organizational_domain_is_the_highest_with_a_record_unless_one_says_otherwise() {
        let none = "v=DMARC1; p=none";
        check("mail.example.com", &[], "mail.example.com", None, 3);
        check("mail.example.com", &[("example.com", none)], "example.com", Some("example.com"), 3);
        check(
            "mail.example.com",
            &[("mail.example.com", none), ("example.com", none)],
            "example.com",
            Some("mail.example.com"),
            3,
        );
        let own = "v=DMARC1; p=none; psd=n";
        check(
            "a.mail.example.com",
            &[("mail.example.com", own), ("example.com", none)],
            "mail.example.com",
            Some("mail.example.com"),
            2,
        );
        let suffix = "v=DMARC1; p=reject; psd=y";
        check("a.example.bank", &[("bank", suffix)], "example.bank", Some("bank"), 3);
        check(
            "a.example.bank",
            &[("bank", suffix), ("example.bank", none)],
            "example.bank",
            Some("example.bank"),
            3,
        );
        check("bank", &[("bank", suffix)], "bank", Some("bank"), 1);
        check("a.example.com", &[("example.com", none), ("example.com", none)], "a.example.com", None, 3);
        check("a.example.com", &[("example.com", "v=spf1 -all")], "a.example.com", None, 3);
    }
}
