//! When a form was shown: who sends one within two seconds, or made one up, did not read it. It needs no script and
//! no memory: the moment stands in the form, signed.

use instance::Instance;
use wire::token::{Purpose, TokenKey};

/// Nobody types an address faster.
const LEAST_S: i64 = 2;
/// A page may stay open over a week-end.
const MOST_S: i64 = 7 * 24 * 3600;
const HOUR_S: i64 = 3600;

/// What a stamp tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stamp {
    /// Shown a while ago.
    Good,
    /// Shown just now: a machine, or a browser that filled the form by itself.
    Fast,
    /// None, not ours, or too old.
    Missing,
}

/// The value of the field `stamp` in a form that is made for each visitor.
pub fn stamp(instance: &Instance, publication_id: i64) -> String {
    signed(instance, publication_id, instance.now().as_second())
}

/// The same for a page that is kept and shown to many: it changes once an hour.
pub fn hourly_stamp(instance: &Instance, publication_id: i64) -> String {
    let now = instance.now().as_second();
    signed(instance, publication_id, now - now.rem_euclid(HOUR_S) - LEAST_S)
}

pub(crate) fn check(instance: &Instance, publication_id: i64, stamp: &str) -> Stamp {
    let Ok((publication, second)) = key(instance).verify(Purpose::Confirm, stamp) else {
        return Stamp::Missing;
    };
    let age = i64::try_from(second).map_or(i64::MAX, |second| instance.now().as_second() - second);
    match age {
        _ if publication != publication_id.unsigned_abs() => Stamp::Missing,
        ..LEAST_S => Stamp::Fast,
        LEAST_S..=MOST_S => Stamp::Good,
        _ => Stamp::Missing,
    }
}

fn signed(instance: &Instance, publication_id: i64, second: i64) -> String {
    let (publication, second) = (publication_id.unsigned_abs(), second.unsigned_abs());
    key(instance).sign(Purpose::Confirm, publication, second).to_string()
}

/// A key of its own: a stamp is no link, whatever it is signed as.
fn key(instance: &Instance) -> TokenKey {
    TokenKey::new(instance.secrets.key("form-stamp"))
}
