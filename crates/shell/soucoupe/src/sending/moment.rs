//! The moment that an author names: `+2h`, `2026-11-26T07:30` on the publication's clock, or one with its offset.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Reads a moment to come, in microseconds UTC.
pub fn read(text: &str, zone: &TimeZone, now: Timestamp) -> Result<i64, String> {
    let wrong = || format!("{text:?} is no moment: write 2026-11-26T07:30, 2026-11-26T07:30:00+01:00 or +2h");
    let text_in = text.trim();
    let moment = if let Some(span) = text_in.strip_prefix('+') {
        let seconds = seconds(span).ok_or_else(wrong)?;
        now.checked_add(SignedDuration::from_secs(seconds)).map_err(|_| wrong())?
    } else if let Ok(moment) = text_in.parse::<Timestamp>() {
        moment
    } else {
        let civil = text_in.parse::<DateTime>().map_err(|_| wrong())?;
        zone.to_timestamp(civil).map_err(|_| wrong())?
    };
    if moment < now {
        return Err(format!("{text:?} is over: it is {now} now"));
    }
    Ok(moment.as_microsecond())
}

/// Reads a span of time such as `4h`, in microseconds.
pub fn span(text: &str) -> Result<i64, String> {
    let wrong = || {
        format!("{text:?} is no span of time: write 90m, 4h or 1h30m, a minute at least, three days at most")
    };
    let span = seconds(text.trim()).and_then(|seconds| seconds.checked_mul(1_000_000)).ok_or_else(wrong)?;
    if dispatch::SPREAD.contains(&span) { Ok(span) } else { Err(wrong()) }
}

/// `90s`, `45m`, `2h`, `1h30m`, `3d`.
fn seconds(span: &str) -> Option<i64> {
    let (mut total, mut number) = (0_i64, None::<i64>);
    for letter in span.chars() {
        match letter.to_digit(10) {
            Some(digit) => {
                let before = number.unwrap_or_default();
                number = Some(before.checked_mul(10)?.checked_add(i64::from(digit))?);
            }
            None => {
                let unit = match letter {
                    's' => 1,
                    'm' => 60,
                    'h' => 3_600,
                    'd' => 86_400,
                    _ => return None,
                };
                total = total.checked_add(number.take()?.checked_mul(unit)?)?;
            }
        }
    }
    (number.is_none() && !span.is_empty()).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_between_a_minute_and_three_days() {
        assert_eq!(span("4h"), Ok(4 * 3_600_000_000));
        assert_eq!(span("1h30m"), Ok(5_400_000_000));
        for text in ["", "4", "59s", "73h", "soon", "99999999999999d"] {
            assert!(span(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_moment_is_that_of_the_publications_clock_unless_it_says_which() {
        let now: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        let zone = TimeZone::get("Europe/Paris").unwrap();
        for (text, moment) in [
            ("2026-11-26T07:30", Some("2026-11-26T06:30:00Z")),
            ("2026-11-26 07:30", Some("2026-11-26T06:30:00Z")),
            ("2026-11-26T07:30:00Z", Some("2026-11-26T07:30:00Z")),
            ("2026-11-26T07:30:00+03:00", Some("2026-11-26T04:30:00Z")),
            ("+2h", Some("2026-11-24T12:00:00Z")),
            ("+1h30m", Some("2026-11-24T11:30:00Z")),
            ("+3d", Some("2026-11-27T10:00:00Z")),
            ("+", None),
            ("+2", None),
            ("+h", None),
            ("+99999999999999999999d", None),
            ("+9223372036854775807s", None),
            ("tomorrow", None),
            ("2026-13-01T00:00", None),
            ("2026-11-23T07:30", None),
        ] {
            let read = read(text, &zone, now).ok().map(|us| Timestamp::from_microsecond(us).unwrap());
            assert_eq!(read, moment.map(|moment| moment.parse::<Timestamp>().unwrap()), "{text}");
        }
    }
}
