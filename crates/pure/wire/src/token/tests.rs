use proptest::prelude::*;

use super::*;

const PURPOSES: [Purpose; 10] = [
    Purpose::Confirm,
    Purpose::Unsubscribe,
    Purpose::Preferences,
    Purpose::Heart,
    Purpose::Verp,
    Purpose::SignIn,
    Purpose::Export,
    Purpose::Message,
    Purpose::Notice,
    Purpose::Browser,
];

fn key() -> TokenKey {
    TokenKey::new([7; 32])
}

#[test]
fn a_link_mailed_years_ago_still_opens() {
    // Changing this form would break every link in every mailbox.
    let token = key().sign(Purpose::Unsubscribe, 3, 70_000);
    assert_eq!(token.to_string(), "AQITAwERcD4BqOdIJWotPkAV8ej9DfE");
    assert_eq!(token.to_lower(), "aebbgaybcfyd4ani45eck2rnhzabl4pi7ug7c");
    assert_eq!(key().verify(Purpose::Unsubscribe, "AQITAwERcD4BqOdIJWotPkAV8ej9DfE"), Ok((3, 70_000)));
}

#[test]
fn a_token_for_one_purpose_opens_no_other() {
    for made in PURPOSES {
        for asked in PURPOSES {
            let text = key().sign(made, 1, 2).to_string();
            let expected = if made == asked { Ok((1, 2)) } else { Err(TokenError::Forged) };
            assert_eq!(key().verify(asked, &text), expected);
        }
    }
}

#[test]
fn a_token_of_another_instance_is_refused() {
    let text = TokenKey::new([8; 32]).sign(Purpose::Confirm, 1, 2).to_string();
    assert_eq!(key().verify(Purpose::Confirm, &text), Err(TokenError::Forged));
}

#[test]
fn what_is_no_token_is_refused() {
    let long = "A".repeat(57);
    let longer = "a".repeat(100_000);
    for text in ["", "A", "AQ", "AQITAwERcI", "not a token", "été", "AQITAwERcI==", &long, &longer] {
        assert_eq!(key().verify(Purpose::Confirm, text), Err(TokenError::Malformed), "{text:.20}");
        assert_eq!(key().verify_lower(Purpose::Confirm, text), Err(TokenError::Malformed), "{text:.20}");
    }
}

#[test]
fn the_largest_numbers_fit_a_local_part() {
    let token = key().sign(Purpose::Verp, u64::MAX, u64::MAX);
    // RFC 5321 4.5.3.1.1: 64 octets with the longest prefix in use, `unsub+`.
    assert!("unsub+".len() + token.to_lower().len() <= 64);
    assert_eq!(key().verify_lower(Purpose::Verp, &token.to_lower()), Ok((u64::MAX, u64::MAX)));
}

proptest! {
    #[test]
    fn a_token_comes_back_as_it_was_in_both_forms(a: u64, b: u64, index in 0_usize..10, shift in 0_u32..64) {
        let (a, purpose) = (a >> shift, PURPOSES[index]);
        let token = key().sign(purpose, a, b);
        let mut written = Vec::new();
        token.write_url(&mut written);
        prop_assert_eq!(String::from_utf8_lossy(&written), token.to_string());
        prop_assert_eq!(key().verify(purpose, &token.to_string()), Ok((a, b)));
        written.clear();
        token.write_lower(&mut written);
        prop_assert_eq!(String::from_utf8_lossy(&written), token.to_lower());
        prop_assert_eq!(key().verify_lower(purpose, &token.to_lower()), Ok((a, b)));
        prop_assert_eq!(key().verify_lower(purpose, &token.to_lower().to_uppercase()), Ok((a, b)));
    }

    #[test]
    fn one_changed_character_is_noticed(a: u32, b: u32, at: prop::sample::Index, to in "[A-Za-z0-9_-]") {
        let text = key().sign(Purpose::Heart, u64::from(a), u64::from(b)).to_string();
        let at = at.index(text.len());
        let mut changed = text.clone();
        changed.replace_range(at..=at, &to);
        prop_assume!(changed != text);
        prop_assert!(key().verify(Purpose::Heart, &changed).is_err());
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in ".{0,80}") {
        let _ = key().verify(Purpose::Heart, &text);
        let _ = key().verify_lower(Purpose::Heart, &text);
    }
}
