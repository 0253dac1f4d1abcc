//! Addresses in headers and in running text.

use std::collections::HashSet;

/// More are not looked for.
const MOST: usize = 2000;
/// RFC 5321 4.5.3.1.3.
const LONGEST: usize = 254;

/// The address in a field such as `rfc822; <ada@b.example>` (RFC 3464 2.3.1): with or without its type, brackets and
/// quotes. The address as it is written, with its domain in lower case.
pub fn typed(value: &str) -> Option<String> {
    let value = match value.split_once(';') {
        Some((kind, rest)) if !kind.contains('@') => rest,
        _ => value,
    };
    address(unxtext(value.trim()).as_str()).or_else(|| in_text(value).into_iter().next())
}

/// RFC 6533 and RFC 3461 4 write odd letters as `+2B`; only ORCPT does, and few decode it.
fn unxtext(value: &str) -> String {
    match value.find("+3D").or_else(|| value.find("+2B")).or_else(|| value.find("+40")) {
        Some(_) => value.replace("+2B", "+").replace("+3D", "=").replace("+40", "@"),
        None => value.to_owned(),
    }
}

/// One address, and nothing else but brackets, quotes and dots around it.
pub fn address(value: &str) -> Option<String> {
    let mut value = value.trim();
    for prefix in ["mailto:", "smtp:", "SMTP:", "MAILTO:", "rfc822:", "RFC822:"] {
        value = value.strip_prefix(prefix).unwrap_or(value);
    }
    let value =
        value.trim_matches(|letter: char| letter.is_whitespace() || "<>\"'[](),;:.…“”‘’«»".contains(letter));
    for prefix in ["mailto:", "smtp:", "SMTP:", "TO:", "To:", "rfc822;"] {
        if let Some(rest) = value.strip_prefix(prefix) {
            return address(rest);
        }
    }
    // RFC 5321 4.1.2: an old source route before the address.
    let value = match value.split_once(':') {
        Some((route, rest)) if route.starts_with('@') => rest,
        _ => value,
    };
    let (local, domain) = value.rsplit_once('@')?;
    let domain = domain.trim_end_matches('.').to_lowercase();
    let named = domain.split('.').all(|label| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_'))
    });
    let plain =
        local.chars().all(|letter| letter.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(letter));
    let quoted =
        local.len() > 2 && local.starts_with('"') && local.ends_with('"') && !local.contains(['\n', '\r']);
    let fits = !local.is_empty() && value.len() <= LONGEST && named && (plain || quoted);
    fits.then(|| format!("{local}@{domain}"))
}

/// Whether an address can be somebody's outside of the machine that wrote it.
pub fn is_public(address: &str) -> bool {
    let Some((_, domain)) = address.rsplit_once('@') else { return false };
    let last = domain.rsplit('.').next().unwrap_or_default();
    domain.contains('.')
        && !matches!(last, "local" | "localdomain" | "localhost" | "internal" | "intern" | "lan" | "home")
        && !last.chars().all(|letter| letter.is_ascii_digit())
}

/// The addresses in a text, in their order, each once.
pub fn in_text(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut known: HashSet<String> = HashSet::new();
    if !text.contains('@') {
        return found;
    }
    let ends = |letter: char| {
        letter.is_whitespace() || letter.is_control() || "<>()[],;\"'“”«»‘’「」（）、。：".contains(letter)
    };
    for word in text.split(ends) {
        if word.contains('@')
            && let Some(address) = address(word).or_else(|| address(word.split(['|', '=']).next_back()?))
            && known.insert(address.clone())
        {
            found.push(address);
            if found.len() >= MOST {
                break;
            }
        }
    }
    found
}

/// Whether two addresses name the same mailbox, as far as can be told.
pub fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// Name and address of a From.
pub fn mailbox(value: &str) -> Option<(Option<String>, String)> {
    let (name, found) = match value.rfind('<') {
        Some(open) => {
            let close = value[open..].find('>').map_or(value.len(), |length| open + length);
            (value[..open].trim(), address(&value[open + 1..close]))
        }
        None => ("", None),
    };
    let found = found.or_else(|| in_text(value).into_iter().next_back())?;
    let name = name.trim().trim_matches('"').replace("\\\"", "\"");
    let name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
    Some((name, found))
}
