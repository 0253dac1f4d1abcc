//! The form in which DNS wants a long text.

/// RFC 1035 3.3: a character-string has at most 255 octets.
const STRING_MAX: usize = 255;

/// Cuts an ASCII text into strings of at most 255 octets, as a TXT record holds it; who reads the record joins
/// them without a space (RFC 6376 3.6.2.2).
pub fn dns_strings(record: &str) -> Vec<&str> {
    let mut strings = Vec::new();
    let mut rest = record;
    while !rest.is_empty() {
        let mut end = rest.len().min(STRING_MAX);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let (string, after) = rest.split_at(end);
        strings.push(string);
        rest = after;
    }
    strings
}
