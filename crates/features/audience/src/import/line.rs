//! One line of a file as what it says about one reader.

use std::borrow::Cow;

use csv::ByteRecord;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use wire::Address;

use super::header::{Columns, plain};
use super::report::Refused;
use super::source;

/// Characters of a name or a tag.
const LONGEST: usize = 100;
/// Tags of one reader in a file.
const MOST_TAGS: usize = 50;
/// Where a service leaves those who had themselves deleted.
const DELETION_DOMAIN: &str = "deletion-request.substack.com";

/// How a line says the reader stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Gets mail there.
    Active,
    /// Never confirmed.
    Pending,
    /// Wants none for a while.
    Paused,
    /// Left one of our own publications.
    Ended,
    /// Left, bounced or complained elsewhere.
    OptedOut,
}

/// What a line says.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) email: Address,
    pub(super) first_name: Option<String>,
    pub(super) last_name: Option<String>,
    pub(super) language: Option<String>,
    /// As the time zone database calls it.
    pub(super) time_zone: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) standing: Standing,
    pub(super) since: Option<i64>,
    pub(super) source: Option<String>,
    /// When and from where the reader said yes there.
    pub(super) proof: Option<(i64, Option<String>)>,
}

/// Reads a line.
pub(super) fn read(columns: &Columns, record: &ByteRecord) -> Result<Line, Refused> {
    let value = |column: Option<usize>| -> Option<Cow<'_, str>> {
        let text = unguarded(source::text(record, column?));
        (!text.trim().is_empty()).then_some(text)
    };
    let email = address(&source::text(record, columns.email))?;
    let (first_name, last_name) = match value(columns.full_name) {
        Some(full) => split_name(&full),
        None => (value(columns.first_name).and_then(name), value(columns.last_name).and_then(name)),
    };
    let proof_at = value(columns.proof_at).and_then(|text| moment(&text));
    Ok(Line {
        email,
        first_name,
        last_name,
        language: value(columns.language).and_then(|text| language(&text)),
        time_zone: value(columns.time_zone).and_then(|text| time_zone(&text)),
        tags: value(columns.tags).map(|text| tags(&text)).unwrap_or_default(),
        standing: standing(columns, &value)?,
        since: columns.since.iter().find_map(|column| value(Some(*column)).and_then(|text| moment(&text))),
        source: value(columns.source).and_then(name),
        proof: proof_at.map(|at| (at, value(columns.proof_network).and_then(|text| network(&text)))),
    })
}

fn address(text: &str) -> Result<Address, Refused> {
    let text = unguarded(Cow::Borrowed(text));
    let text = text.trim();
    // Some exports write `Ada <ada@letters.example>`.
    let bare = match (text.rfind('<'), text.ends_with('>')) {
        (Some(open), true) => &text[open + 1..text.len() - 1],
        _ => text.strip_prefix("mailto:").unwrap_or(text),
    };
    let address = Address::parse(bare).map_err(|error| Refused::from(&error))?;
    if address.domain() == DELETION_DOMAIN { Err(Refused::Deletion) } else { Ok(address) }
}

fn standing<'a>(
    columns: &Columns,
    value: &impl Fn(Option<usize>) -> Option<Cow<'a, str>>,
) -> Result<Standing, Refused> {
    let said = |column: &usize| value(Some(*column)).map(|text| plain(&text));
    let gone = columns.gone_at.iter().any(|column| said(column).is_some_and(|text| !is_no(&text)))
        || columns.gone.iter().any(|column| said(column).is_some_and(|text| is_yes(&text)))
        || columns.here.iter().any(|column| said(column).is_some_and(|text| is_no(&text)));
    if gone {
        return Ok(Standing::OptedOut);
    }
    let Some(status) = value(columns.status) else { return Ok(Standing::Active) };
    match plain(&status).as_str() {
        "active" | "subscribed" | "enabled" | "confirmed" | "regular" | "premium" | "gifted" | "trialed"
        | "free" | "paid" | "comp" | "actif" | "abonne" | "inscrit" | "confirme" | "verified" | "optedin"
        | "optin" => Ok(Standing::Active),
        "pending" | "unconfirmed" | "unactivated" | "validating" | "enattente" | "nonconfirme" => {
            Ok(Standing::Pending)
        }
        "paused" | "enpause" => Ok(Standing::Paused),
        "ended" => Ok(Standing::Ended),
        "unsubscribed" | "cancelled" | "canceled" | "cleaned" | "bounced" | "complained" | "complaint"
        | "spam" | "blocklisted" | "blacklisted" | "blocked" | "disabled" | "inactive" | "removed"
        | "deleted" | "undeliverable" | "optout" | "optedout" | "desabonne" | "desinscrit" | "invalid"
        | "suppressed" | "inactif" | "resilie" | "hardbounced" | "softbounced" | "churned" => {
            Ok(Standing::OptedOut)
        }
        _ => Err(Refused::Status),
    }
}

fn is_yes(text: &str) -> bool {
    matches!(text, "true" | "yes" | "y" | "1" | "oui" | "o" | "vrai" | "x" | "t")
}

fn is_no(text: &str) -> bool {
    matches!(text, "" | "false" | "no" | "n" | "0" | "non" | "faux" | "f" | "null" | "none")
}

/// Takes away the apostrophe that keeps a spreadsheet from running a cell; an export puts it there.
fn unguarded(text: Cow<'_, str>) -> Cow<'_, str> {
    let guarded = text.starts_with('\'') && risky(text.trim_start_matches('\''));
    if guarded { Cow::Owned(text[1..].to_owned()) } else { text }
}

/// Whether a spreadsheet would run a cell that begins so.
pub(crate) fn risky(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

fn name(text: impl AsRef<str>) -> Option<String> {
    let words = text.as_ref().split_whitespace().collect::<Vec<_>>().join(" ");
    let kept: String = words.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    (!kept.is_empty()).then_some(kept)
}

/// The first word, and the rest.
fn split_name(full: &str) -> (Option<String>, Option<String>) {
    match full.trim().split_once(char::is_whitespace) {
        Some((first, rest)) => (name(first), name(rest)),
        None => (name(full), None),
    }
}

fn language(text: &str) -> Option<String> {
    let tag = text.trim().replace('_', "-");
    match plain(&tag).as_str() {
        "french" | "francais" => return Some("fr".to_owned()),
        "english" | "anglais" => return Some("en".to_owned()),
        _ => {}
    }
    // RFC 5646 2.1, as far as it matters: a language of two or three letters, then parts.
    let primary = tag.split('-').next().unwrap_or_default();
    let sound = matches!(primary.len(), 2 | 3)
        && primary.bytes().all(|byte| byte.is_ascii_alphabetic())
        && tag.len() <= 35
        && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    sound.then_some(tag)
}

/// A zone that the database knows, by its own name for it (`europe/paris` is `Europe/Paris`); any other is none.
fn time_zone(text: &str) -> Option<String> {
    let zone = jiff::tz::TimeZone::get(text.trim()).ok()?;
    zone.iana_name().map(str::to_owned)
}

/// Separated by `;` or `,`; one service puts each in quotes of its own.
fn tags(text: &str) -> Vec<String> {
    let between = if text.contains(';') { ';' } else { ',' };
    let mut tags: Vec<String> =
        text.split(between).filter_map(|tag| name(tag.trim().trim_matches('"'))).take(MOST_TAGS).collect();
    tags.sort();
    tags.dedup();
    tags
}

/// A moment as services write it; without a zone it is UTC.
fn moment(text: &str) -> Option<i64> {
    let text = text.trim();
    let parsed = text.parse::<Timestamp>().ok().or_else(|| {
        let civil = text.trim_end_matches(" UTC").trim_end_matches('Z');
        let civil =
            civil.parse::<DateTime>().or_else(|_| civil.parse::<Date>().map(|day| day.at(0, 0, 0, 0)));
        TimeZone::UTC.to_timestamp(civil.ok()?).ok()
    });
    parsed.or_else(|| european(text)).map(Timestamp::as_microsecond)
}

/// `23/11/2026` and `23/11/2026 08:30`, which spreadsheets make of dates in France.
fn european(text: &str) -> Option<Timestamp> {
    let (day, time) = text.split_once(' ').unwrap_or((text, "00:00:00"));
    let mut parts = day.split('/');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    let time = time.parse::<jiff::civil::Time>().ok()?;
    TimeZone::UTC.to_timestamp(date.to_datetime(time)).ok()
}

/// A /24 of IPv4, a /48 of IPv6: what is kept of an address with a proof.
fn network(text: &str) -> Option<String> {
    web::Client { address: Some(text.trim().parse().ok()?) }.truncated()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(header: &str, record: &str) -> Result<Line, Refused> {
        let columns = Columns::of(&header.split('|').map(str::to_owned).collect::<Vec<_>>()).unwrap();
        read(&columns, &ByteRecord::from(record.split('|').collect::<Vec<_>>()))
    }

    #[test]
    fn each_service_says_in_its_own_way_that_somebody_left() {
        for (header, record, standing) in [
            ("email|subscribed_to_emails", "a@a.example|false", Ok(Standing::OptedOut)),
            ("email|subscribed_to_emails", "a@a.example|true", Ok(Standing::Active)),
            ("email|email_disabled|active_subscription", "a@a.example|true|false", Ok(Standing::OptedOut)),
            ("email|email_disabled|active_subscription", "a@a.example|false|false", Ok(Standing::Active)),
            ("Email Address|UNSUB_TIME", "a@a.example|2024-01-02 03:04:05", Ok(Standing::OptedOut)),
            ("Email Address|CLEAN_TIME|UNSUB_TIME", "a@a.example||", Ok(Standing::Active)),
            ("email|status|unsubscribed_at", "a@a.example|inactive|", Ok(Standing::OptedOut)),
            ("email|subscriber_type", "a@a.example|unactivated", Ok(Standing::Pending)),
            ("email|subscriber_type", "a@a.example|regular", Ok(Standing::Active)),
            ("uuid|email|status", "1|a@a.example|blocklisted", Ok(Standing::OptedOut)),
            ("email|désabonné", "a@a.example|Oui", Ok(Standing::OptedOut)),
            ("email|statut", "a@a.example|En attente", Ok(Standing::Pending)),
            ("email|state", "a@a.example|ended", Ok(Standing::Ended)),
            ("email|status", "a@a.example|quarantined", Err(Refused::Status)),
        ] {
            assert_eq!(line(header, record).map(|line| line.standing), standing, "{header}: {record}");
        }
    }

    #[test]
    fn an_address_that_cannot_be_used_says_why() {
        for (email, why) in [
            ("", Refused::Empty),
            ("ada", Refused::At),
            ("ada@@a.example", Refused::At),
            ("zoé@a.example", Refused::Local),
            ("ada@localnet", Refused::Domain),
            ("x@deletion-request.substack.com", Refused::Deletion),
        ] {
            assert_eq!(line("email|x", &format!("{email}|")).unwrap_err(), why, "{email}");
        }
        let dressed = line("email|name", "Ada <ada@a.example>|Ada King Lovelace").unwrap();
        assert_eq!(dressed.email.as_str(), "ada@a.example");
        assert_eq!(dressed.first_name.as_deref(), Some("Ada"));
        assert_eq!(dressed.last_name.as_deref(), Some("King Lovelace"));
    }

    #[test]
    fn dates_and_tags_are_read_as_they_are_written() {
        let day = moment("2024-01-02").unwrap();
        for text in ["2024-01-02T00:00:00Z", "2024-01-02 00:00:00", "02/01/2024", "2024-01-02 00:00:00 UTC"] {
            assert_eq!(moment(text), Some(day), "{text}");
        }
        assert_eq!(moment("soon"), None);
        assert_eq!(tags("\"Paris\",\"VIP\""), ["Paris", "VIP"]);
        assert_eq!(tags("paris; vip ;paris;"), ["paris", "vip"]);
        assert_eq!(language("fr_FR").as_deref(), Some("fr-FR"));
        assert_eq!(language("Français").as_deref(), Some("fr"));
        assert_eq!(language("?"), None);
        assert_eq!(time_zone(" europe/paris").as_deref(), Some("Europe/Paris"));
        assert_eq!(time_zone("Paris time"), None);
    }

    #[test]
    fn the_guard_against_spreadsheets_is_taken_away_again() {
        for (kept, read) in [("'=1+1", "=1+1"), ("'Hello", "'Hello"), ("''=1", "'=1"), ("=1", "=1")] {
            assert_eq!(unguarded(Cow::Borrowed(kept)), read);
        }
    }
}
