//! Who a dispatch goes to, as it is kept with the dispatch and written on the command line.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use wire::Address;

/// Whom a dispatch is for, before anybody is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Every reader of the publication.
    #[default]
    Everyone,
    /// Those in a segment, by its slug.
    Segment(String),
    /// One reader.
    Address(#[serde(with = "as_text")] Address),
}

impl FromStr for Audience {
    type Err = Infallible;

    /// An address is what reads as one; everything else names a segment.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        let text = text.trim();
        Ok(match Address::parse(text) {
            Ok(address) => Audience::Address(address),
            Err(_) if text.is_empty() => Audience::Everyone,
            Err(_) => Audience::Segment(text.to_owned()),
        })
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Audience::Everyone => formatter.write_str("everyone"),
            Audience::Segment(slug) => formatter.write_str(slug),
            Audience::Address(address) => formatter.write_str(address.as_str()),
        }
    }
}

mod as_text {
    use serde::{Deserialize, Deserializer, Serializer, de};
    use wire::Address;

    pub(super) fn serialize<S: Serializer>(address: &Address, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(address.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Address, D::Error> {
        let text = String::deserialize(deserializer)?;
        Address::parse(&text).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audience_is_a_segment_or_an_address_and_comes_back_from_the_database() {
        for (text, json) in [
            ("", r#""everyone""#),
            ("paris", r#"{"segment":"paris"}"#),
            ("ada@letters.example", r#"{"address":"ada@letters.example"}"#),
        ] {
            let Ok(audience) = text.parse::<Audience>();
            assert_eq!(serde_json::to_string(&audience).unwrap(), json);
            assert_eq!(serde_json::from_str::<Audience>(json).unwrap(), audience);
        }
    }
}
