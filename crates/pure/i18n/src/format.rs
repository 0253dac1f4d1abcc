//! Dates, times and numbers as a language writes them.

use jiff::civil::{Date, DateTime, Time, Weekday};

use crate::Language;

/// Between groups of digits in French.
const NARROW: char = '\u{202f}';
/// Between a figure and its unit: the two stay on one line.
const HARD: char = '\u{a0}';

const FRENCH_MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const ENGLISH_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The name of a month, 1 to 12.
pub fn month(language: Language, month: i8) -> &'static str {
    let index = usize::try_from(month.clamp(1, 12) - 1).unwrap_or_default();
    match language {
        Language::French => FRENCH_MONTHS[index],
        Language::English => ENGLISH_MONTHS[index],
    }
}

/// `23 novembre 2026`, `1er janvier 2026`; `23 November 2026`.
pub fn date_long(language: Language, date: Date) -> String {
    let name = month(language, date.month());
    match (language, date.day()) {
        (Language::French, 1) => format!("1er {name} {}", date.year()),
        (_, day) => format!("{day} {name} {}", date.year()),
    }
}

/// With the day of the week: `lundi 23 novembre 2026`, `Monday 23 November 2026`.
pub fn date_full(language: Language, date: Date) -> String {
    let weekday = match (language, date.weekday()) {
        (Language::French, Weekday::Monday) => "lundi",
        (Language::French, Weekday::Tuesday) => "mardi",
        (Language::French, Weekday::Wednesday) => "mercredi",
        (Language::French, Weekday::Thursday) => "jeudi",
        (Language::French, Weekday::Friday) => "vendredi",
        (Language::French, Weekday::Saturday) => "samedi",
        (Language::French, Weekday::Sunday) => "dimanche",
        (Language::English, Weekday::Monday) => "Monday",
        (Language::English, Weekday::Tuesday) => "Tuesday",
        (Language::English, Weekday::Wednesday) => "Wednesday",
        (Language::English, Weekday::Thursday) => "Thursday",
        (Language::English, Weekday::Friday) => "Friday",
        (Language::English, Weekday::Saturday) => "Saturday",
        (Language::English, Weekday::Sunday) => "Sunday",
    };
    format!("{weekday} {}", date_long(language, date))
}

/// For a column of a table: `23/11/2026`, `23 Nov 2026`.
pub fn date_short(language: Language, date: Date) -> String {
    match language {
        Language::French => format!("{:02}/{:02}/{}", date.day(), date.month(), date.year()),
        Language::English => {
            format!("{} {} {}", date.day(), &month(language, date.month())[..3], date.year())
        }
    }
}

/// `8 h 30`, `8 h`; `8:30`. The spaces do not break.
pub fn time(language: Language, time: Time) -> String {
    match (language, time.minute()) {
        (Language::French, 0) => format!("{}{HARD}h", time.hour()),
        (Language::French, minute) => format!("{}{HARD}h{HARD}{minute:02}", time.hour()),
        (Language::English, minute) => format!("{}:{minute:02}", time.hour()),
    }
}

/// `23 novembre 2026 à 8 h 30`; `23 November 2026, 8:30`.
pub fn date_time(language: Language, moment: DateTime) -> String {
    let (date, time) = (date_long(language, moment.date()), time(language, moment.time()));
    match language {
        Language::French => format!("{date} à {time}"),
        Language::English => format!("{date}, {time}"),
    }
}

/// `12 345` with narrow no-break spaces in French, `12,345` in English.
pub fn number(language: Language, number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let separator = match language {
        Language::French => NARROW,
        Language::English => ',',
    };
    let mut out = String::with_capacity(digits.len() * 2);
    if number < 0 {
        out.push(if language == Language::French { '\u{2212}' } else { '-' });
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

/// A share of one with one decimal: `12,3 %`, `12.3%`. A tenth that is zero is left out.
pub fn percent(language: Language, share: f64) -> String {
    let tenths = (share * 1000.0).round() as i64;
    let (whole, tenth) = (tenths / 10, (tenths % 10).abs());
    let figure = |comma: char| match tenth {
        0 => number(language, whole),
        tenth => format!("{}{comma}{tenth}", number(language, whole)),
    };
    match language {
        Language::French => format!("{}{HARD}%", figure(',')),
        Language::English => format!("{}%", figure('.')),
    }
}

/// A size in bytes: `812 o`, `20 ko`, `1,4 Mo`; `812 B`, `20 KB`, `1.4 MB`.
pub fn bytes(language: Language, bytes: u64) -> String {
    const STEP: u64 = 1024;
    let units = match language {
        Language::French => ["o", "ko", "Mo", "Go"],
        Language::English => ["B", "KB", "MB", "GB"],
    };
    let comma = if language == Language::French { ',' } else { '.' };
    let mut unit = 0;
    let mut size = bytes;
    let mut rest = 0;
    while size >= STEP && unit < 3 {
        rest = size % STEP;
        size /= STEP;
        unit += 1;
    }
    let tenth = rest * 10 / STEP;
    if unit > 0 && size < 10 && tenth > 0 {
        format!("{size}{comma}{tenth}{HARD}{}", units[unit])
    } else {
        format!("{size}{HARD}{}", units[unit])
    }
}

/// A length of time: `45 s`, `12 min`, `1 h 20`, `2 h`; `1 h 20 min` in English.
pub fn duration(language: Language, seconds: u64) -> String {
    let (hours, minutes) = (seconds / 3600, seconds % 3600 / 60);
    match (language, hours, minutes) {
        (_, 0, 0) => format!("{seconds}{HARD}s"),
        (_, 0, minutes) => format!("{minutes}{HARD}min"),
        (_, hours, 0) => format!("{hours}{HARD}h"),
        (Language::French, hours, minutes) => format!("{hours}{HARD}h{HARD}{minutes:02}"),
        (Language::English, hours, minutes) => format!("{hours}{HARD}h{HARD}{minutes}{HARD}min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{English, French};
    use jiff::civil::{date, datetime};

    #[test]
    fn dates_are_written_as_each_language_writes_them() {
        let day = date(2026, 11, 23);
        for (made, expected) in [
            (date_long(French, day), "23 novembre 2026"),
            (date_long(English, day), "23 November 2026"),
            (date_long(French, date(2026, 1, 1)), "1er janvier 2026"),
            (date_long(English, date(2026, 1, 1)), "1 January 2026"),
            (date_full(French, day), "lundi 23 novembre 2026"),
            (date_full(English, day), "Monday 23 November 2026"),
            (date_short(French, date(2026, 2, 3)), "03/02/2026"),
            (date_short(English, date(2026, 2, 3)), "3 Feb 2026"),
            (date_time(French, datetime(2026, 11, 23, 8, 30, 0, 0)), "23 novembre 2026 à 8\u{a0}h\u{a0}30"),
            (date_time(French, datetime(2026, 11, 23, 18, 0, 0, 0)), "23 novembre 2026 à 18\u{a0}h"),
            (date_time(English, datetime(2026, 11, 23, 8, 5, 0, 0)), "23 November 2026, 8:05"),
        ] {
            assert_eq!(made, expected);
        }
    }

    #[test]
    fn numbers_are_grouped_by_threes() {
        for (value, french, english) in [
            (0, "0", "0"),
            (999, "999", "999"),
            (1_000, "1\u{202f}000", "1,000"),
            (12_345, "12\u{202f}345", "12,345"),
            (1_000_000, "1\u{202f}000\u{202f}000", "1,000,000"),
            (-4_200, "\u{2212}4\u{202f}200", "-4,200"),
        ] {
            assert_eq!(number(French, value), french);
            assert_eq!(number(English, value), english);
        }
        assert_eq!(number(English, i64::MIN), "-9,223,372,036,854,775,808");
    }

    #[test]
    fn shares_sizes_and_lengths_keep_their_unit() {
        for (made, expected) in [
            (percent(French, 0.1234), "12,3\u{a0}%"),
            (percent(English, 0.1234), "12.3%"),
            (percent(English, 0.5), "50%"),
            (bytes(French, 812), "812\u{a0}o"),
            (bytes(French, 20 * 1024), "20\u{a0}ko"),
            (bytes(English, 1_500_000), "1.4\u{a0}MB"),
            (duration(French, 45), "45\u{a0}s"),
            (duration(French, 4_800), "1\u{a0}h\u{a0}20"),
            (duration(English, 4_800), "1\u{a0}h\u{a0}20\u{a0}min"),
            (duration(English, 720), "12\u{a0}min"),
        ] {
            assert_eq!(made, expected);
        }
    }
}
