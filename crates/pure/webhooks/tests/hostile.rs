//! Whatever is sent, the answer is a result.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod sign;

use proptest::prelude::*;
use serde_json::{Value, json};
use sign::{CERTIFICATE, NOW, dead, signed};
use webhooks::{Provider, Request, certificate_url, read};

/// JSON of any shape, with the field names that are looked at.
fn json_of_any_shape() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "(?s).{0,20}".prop_map(Value::from),
        "[45][0-9]{2}[ -][45]\\.[0-9]{1,3}\\.[0-9]{1,3} .{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        let name = prop_oneof![
            Just("event".to_owned()),
            Just("type".to_owned()),
            Just("bounce".to_owned()),
            Just("mail".to_owned()),
            Just("msys".to_owned()),
            Just("data".to_owned()),
            Just("email".to_owned()),
            Just("reason".to_owned()),
            "[a-z_]{1,12}",
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(name, inner, 0..6).prop_map(|map| json!(map)),
        ]
    })
}

fn provider() -> impl Strategy<Value = Provider> {
    prop::sample::select(Provider::ALL.to_vec())
}

proptest! {
    #[test]
    fn any_bytes_with_any_headers(
        provider in provider(),
        body in prop::collection::vec(any::<u8>(), 0..400),
        headers in prop::collection::vec(("[A-Za-z-]{1,20}", "(?s).{0,40}"), 0..4),
        secret in "(?s).{0,60}",
        certificate in prop::collection::vec(any::<u8>(), 0..400),
        now in any::<i64>(),
    ) {
        let request = Request { headers: &headers, body: &body, user: None };
        let _ = read(provider, &request, &secret, Some(&certificate), now);
        let _ = certificate_url(provider, &request, &secret);
    }

    #[test]
    fn any_json_that_is_well_signed(provider in provider(), event in json_of_any_shape()) {
        let _ = signed(provider, &event).read();
    }

    #[test]
    fn a_known_event_with_one_field_of_another_kind(
        provider in provider(),
        place in any::<prop::sample::Index>(),
        value in json_of_any_shape(),
    ) {
        let mut event = dead(provider);
        let mut pointers = Vec::new();
        walk(&event, String::new(), &mut pointers);
        *event.pointer_mut(&pointers[place.index(pointers.len())]).unwrap() = value;
        let _ = signed(provider, &event).read();
    }

    #[test]
    fn a_certificate_with_damaged_octets(at in any::<prop::sample::Index>(), octet in any::<u8>()) {
        let text = std::str::from_utf8(CERTIFICATE).unwrap();
        let inner: String = text.lines().filter(|line| !line.starts_with('-')).collect();
        let mut der = data_encoding::BASE64.decode(inner.as_bytes()).unwrap();
        let at = at.index(der.len());
        der[at] = octet;
        let pem = format!(
            "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
            data_encoding::BASE64.encode(&der)
        );
        let request = signed(Provider::Ses, &dead(Provider::Ses));
        let plain = Request { headers: &request.headers, body: &request.body, user: None };
        let _ = read(Provider::Ses, &plain, &request.secret, Some(pem.as_bytes()), NOW);
    }
}

fn walk(value: &Value, here: String, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                walk(inner, format!("{here}/{}", name.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Array(items) => {
            for (at, inner) in items.iter().enumerate() {
                walk(inner, format!("{here}/{at}"), found);
            }
        }
        _ => {}
    }
    found.push(here);
}
