//! Names of folders on the wire: modified UTF-7 (RFC 3501 5.1.3).

use data_encoding::BASE64_NOPAD;

/// The name as the server spells it, without quotes.
pub(crate) fn encoded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut shifted = Vec::new();
    for letter in name.chars() {
        // Printable US-ASCII stands for itself, but `&`, which begins a shift.
        if matches!(letter, ' '..='~') {
            flush(&mut shifted, &mut out);
            out.push(letter);
            if letter == '&' {
                out.push('-');
            }
        } else {
            let mut units = [0; 2];
            shifted.extend(letter.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    flush(&mut shifted, &mut out);
    out
}

fn flush(shifted: &mut Vec<u8>, out: &mut String) {
    if !shifted.is_empty() {
        out.push('&');
        out.push_str(&BASE64_NOPAD.encode(shifted).replace('/', ","));
        out.push('-');
        shifted.clear();
    }
}

/// A string in quotes (RFC 3501 4.3); the caller knows that it has no CR, LF or NUL.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_spelt_as_the_rfc_has_them() {
        assert_eq!(encoded("INBOX"), "INBOX");
        assert_eq!(encoded("Retours & réponses"), "Retours &- r&AOk-ponses");
        // The RFC's own example.
        assert_eq!(encoded("~peter/mail/台北/日本語"), "~peter/mail/&U,BTFw-/&ZeVnLIqe-");
        assert_eq!(encoded("🛸"), "&2D3e+A-");
        assert_eq!(quoted(r#"a "b" \c"#), r#""a \"b\" \\c""#);
    }
}
