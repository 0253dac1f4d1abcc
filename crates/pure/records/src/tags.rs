//! Tag lists, `name=value; name=value`: RFC 6376 3.2, which DMARC, MTA-STS, TLS-RPT and BIMI share.

/// Why a text is not a list of tags.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TagError {
    /// A piece without an equals sign.
    #[error("{0:?} is not a tag: it has no equals sign")]
    NoValue(String),
    /// A name that is none.
    #[error("{0:?} is not the name of a tag")]
    Name(String),
    /// The same name twice (RFC 6376 3.2).
    #[error("the tag {0} stands there twice")]
    Twice(String),
}

/// The tags in their order. Names are as written; white space around names and values is gone.
pub(crate) fn read(text: &str) -> Result<Vec<(&str, &str)>, TagError> {
    let mut tags: Vec<(&str, &str)> = Vec::new();
    for piece in text.split(';') {
        let piece = piece.trim();
        if piece.is_empty() {
            continue;
        }
        let (name, value) = piece.split_once('=').ok_or_else(|| TagError::NoValue(shortened(piece)))?;
        let (name, value) = (name.trim(), value.trim());
        let letters = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if name.is_empty() || !name.bytes().all(letters) {
            return Err(TagError::Name(shortened(name)));
        }
        if tags.iter().any(|(known, _)| *known == name) {
            return Err(TagError::Twice(name.to_owned()));
        }
        tags.push((name, value));
    }
    Ok(tags)
}

/// The value of a tag.
pub(crate) fn value<'a>(tags: &[(&str, &'a str)], name: &str) -> Option<&'a str> {
    tags.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

/// Whether a text begins with this version tag: how a record is told from other texts at the same name.
pub(crate) fn has_version(text: &str, version: &str) -> bool {
    let Some((name, rest)) = text.split_once('=') else { return false };
    let value = rest.split(';').next().unwrap_or_default();
    name.trim() == "v" && value.trim() == version
}

/// The parts of a list within a value.
pub(crate) fn list(value: &str, separator: char) -> Vec<String> {
    value.split(separator).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// What can be repeated in a message without filling a page.
pub(crate) fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_tags_bears_white_space_and_a_last_semicolon() {
        let expected = vec![("v", "DMARC1"), ("p", "none"), ("rua", "mailto:a@x")];
        assert_eq!(read("v=DMARC1; p = none ;rua=mailto:a@x;").unwrap(), expected);
        assert_eq!(read("").unwrap(), vec![]);
        assert_eq!(read("v=1; p").unwrap_err(), TagError::NoValue("p".into()));
        assert_eq!(read("v=1; v=2").unwrap_err(), TagError::Twice("v".into()));
        assert_eq!(read("a b=1").unwrap_err(), TagError::Name("a b".into()));
        assert!(has_version(" v = DMARC1 ; p=none", "DMARC1"));
        assert!(!has_version("v=DMARC12", "DMARC1"));
        assert!(!has_version("p=none; v=DMARC1", "DMARC1"));
    }
}
