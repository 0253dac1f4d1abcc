//! The language and the figures of the terminal.

use i18n::Language;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The language of whoever sits at the terminal, by the variables of POSIX in their order of rank.
pub fn language() -> Language {
    language_by(|name| std::env::var(name).ok())
}

fn language_by(variable: impl Fn(&str) -> Option<String>) -> Language {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| variable(name).filter(|value| !value.is_empty()))
        .map_or(Language::English, |value| Language::from_tag(&value))
}

/// A number with its thousands apart. Sentences of the command line are English; what a slice says is not.
pub fn number(number: i64) -> String {
    i18n::number(Language::English, number)
}

/// A moment on this machine's clock.
pub fn moment(microseconds: i64) -> String {
    let moment = Timestamp::from_microsecond(microseconds).unwrap_or_default();
    i18n::date_time(Language::English, TimeZone::system().to_datetime(moment))
}

/// A moment on the clock of a publication, with the name of its zone: the author named it on that clock.
pub fn moment_in(microseconds: i64, zone: &TimeZone) -> String {
    let moment = Timestamp::from_microsecond(microseconds).unwrap_or_default();
    let said = i18n::date_time(Language::English, zone.to_datetime(moment));
    format!("{said} ({})", zone.iana_name().unwrap_or("UTC"))
}

/// A length of time.
pub fn duration(seconds: i64) -> String {
    i18n::duration(Language::English, seconds.unsigned_abs())
}

/// One reader, several readers.
pub fn readers(n: i64) -> String {
    i18n::t_with(Language::English, "common-readers", &[("n", n.into())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_on_the_clock_on_which_it_was_named() {
        let paris = TimeZone::get("Europe/Paris").unwrap();
        let at: Timestamp = "2026-12-01T07:30:00+01:00".parse().unwrap();
        assert_eq!(moment_in(at.as_microsecond(), &paris), "1 December 2026, 7:30 (Europe/Paris)");
    }

    #[test]
    fn the_terminal_speaks_the_language_of_its_user() {
        let with = |pairs: &'static [(&str, &str)]| {
            language_by(|name| {
                pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(with(&[("LANG", "fr_FR.UTF-8")]), Language::French);
        assert_eq!(with(&[("LANG", "fr_FR.UTF-8"), ("LC_ALL", "C.UTF-8")]), Language::English);
        assert_eq!(with(&[("LC_ALL", ""), ("LANG", "fr")]), Language::French);
        assert_eq!(with(&[]), Language::English);
    }
}
