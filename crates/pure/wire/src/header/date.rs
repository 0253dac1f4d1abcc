//! The date of RFC 5322 3.3, without a clock and without a time library.

use std::fmt;

const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAY: i64 = 86_400;
/// RFC 5322 3.3: years from 1900 on, and four digits are what readers understand.
const EARLIEST: i64 = -2_208_988_800 + DAY;
const LATEST: i64 = 253_402_300_799 - DAY;

/// A moment and the offset of the clock it is told by; displayed as RFC 5322 writes it, with a numeric zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date {
    /// Seconds since 1970-01-01 UTC; what lies outside the years 1900 to 9999 is brought inside.
    pub unix_seconds: i64,
    /// Minutes east of UTC, within a day.
    pub offset_minutes: i16,
}

impl Date {
    /// A moment told in UTC.
    pub fn utc(unix_seconds: i64) -> Self {
        Self { unix_seconds, offset_minutes: 0 }
    }
}

/// Appends `Mon, 24 Nov 2025 08:30:00 +0100`.
pub fn write_date(date: Date, out: &mut Vec<u8>) {
    out.extend_from_slice(date.to_string().as_bytes());
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let offset = i64::from(self.offset_minutes.clamp(-1439, 1439));
        let local = self.unix_seconds.clamp(EARLIEST, LATEST) + offset * 60;
        let (days, second) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        let (year, month, day) = civil(days);
        let weekday = DAYS[days.rem_euclid(7) as usize];
        let month = MONTHS[month as usize - 1];
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        let (sign, zone) = if offset < 0 { ('-', -offset) } else { ('+', offset) };
        let (zone_hours, zone_minutes) = (zone / 60, zone % 60);
        write!(
            f,
            "{weekday}, {day} {month} {year:04} {hour:02}:{minute:02}:{second:02} {sign}{zone_hours:02}{zone_minutes:02}"
        )
    }
}

/// Days since 1970-01-01 as year, month and day of the Gregorian calendar: years are counted from March, so that
/// the leap day is the last of its year.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}
