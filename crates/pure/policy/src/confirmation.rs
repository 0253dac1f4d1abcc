//! How often a mailbox may be asked to confirm: at most once in 24 hours over the whole instance, whoever asks and
//! for whatever publication. Confirming twice alone still mails the victim of a flood of forms.

use crate::HOUR;

/// The time between two questions to one mailbox.
pub const ASK_EVERY: i64 = 24 * HOUR;

/// Whether a mailbox may be asked now.
pub fn may_ask(asked_at: Option<i64>, now: i64) -> bool {
    asked_at.is_none_or(|asked| now.saturating_sub(asked) >= ASK_EVERY)
}

/// The address as it is counted, from an address in lower case: the ways in which one mailbox of a large provider
/// can be written are one (dots and plus parts at Gmail, plus parts at Outlook, Proton, Fastmail and iCloud). For
/// counting only: mail goes to the address as it was given.
pub fn counted_as(address_key: &str) -> String {
    let Some((local, domain)) = address_key.rsplit_once('@') else { return address_key.to_owned() };
    if local.starts_with('"') {
        return address_key.to_owned();
    }
    let domain = if domain == "googlemail.com" { "gmail.com" } else { domain };
    let plain = local.split('+').next().filter(|plain| !plain.is_empty()).unwrap_or(local);
    match domain {
        "gmail.com" => format!("{}@gmail.com", plain.replace('.', "")),
        "outlook.com" | "hotmail.com" | "live.com" | "proton.me" | "protonmail.com" | "pm.me"
        | "fastmail.com" | "icloud.com" | "me.com" => format!("{plain}@{domain}"),
        _ => format!("{local}@{domain}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_mailbox_is_asked_once_a_day() {
        assert!(may_ask(None, 0));
        assert!(!may_ask(Some(0), 0));
        assert!(!may_ask(Some(0), ASK_EVERY - 1));
        assert!(may_ask(Some(0), ASK_EVERY));
        assert!(!may_ask(Some(ASK_EVERY), 0), "a clock that goes back asks nobody again");
    }

    #[test]
    fn one_mailbox_is_counted_once_however_it_is_written() {
        for (address, counted) in [
            ("a.d.a@gmail.com", "ada@gmail.com"),
            ("ada+letters@gmail.com", "ada@gmail.com"),
            ("ad.a+x+y@googlemail.com", "ada@gmail.com"),
            ("ada+x@outlook.com", "ada@outlook.com"),
            ("a.da@outlook.com", "a.da@outlook.com"),
            ("a.da+x@letters.example", "a.da+x@letters.example"),
            ("+x@gmail.com", "+x@gmail.com"),
            ("\"a.b\"@gmail.com", "\"a.b\"@gmail.com"),
            ("nothing", "nothing"),
        ] {
            assert_eq!(counted_as(address), counted);
        }
    }

    proptest! {
        #[test]
        fn counting_what_is_counted_changes_nothing(local in "[a-z.+]{1,12}", domain in "gmail\\.com|pm\\.me|a\\.example") {
            let counted = counted_as(&format!("{local}@{domain}"));
            prop_assert_eq!(counted_as(&counted), counted);
        }
    }
}
