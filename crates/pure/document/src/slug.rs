//! Names for addresses.

/// Longest slug in bytes: addresses stay readable and fit any file system.
pub const MAX_SLUG: usize = 80;

/// The words of a title as they stand in an address: lower-case ASCII letters, digits and single hyphens, at most
/// [`MAX_SLUG`] bytes, cut between words where possible. Empty when nothing is left.
pub fn slug(text: &str) -> String {
    let mut slug = String::new();
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            'a'..='z' | '0'..='9' => slug.push(letter),
            // Combining accents of decomposed text belong to the letter before them.
            '\u{300}'..='\u{36f}' => {}
            _ => match folded(letter) {
                Some(letters) => slug.push_str(letters),
                None if slug.ends_with('-') || slug.is_empty() => {}
                None => slug.push('-'),
            },
        }
        if slug.len() > MAX_SLUG {
            break;
        }
    }
    if slug.len() > MAX_SLUG {
        // Everything here is ASCII, so any place is a boundary.
        slug.truncate(MAX_SLUG + 1);
        let end = slug.rfind('-').filter(|end| *end > MAX_SLUG / 2).unwrap_or(MAX_SLUG);
        slug.truncate(end);
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

fn folded(letter: char) -> Option<&'static str> {
    Some(match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'č' | 'ĉ' | 'ċ' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì' | 'í' | 'î' | 'ï' | 'ĩ' | 'ī' | 'į' | 'ı' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ł' | 'ĺ' | 'ļ' | 'ľ' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => "o",
        'œ' => "oe",
        'ŕ' | 'ř' => "r",
        'ś' | 'š' | 'ş' | 'ș' | 'ŝ' => "s",
        'ß' => "ss",
        'ť' | 'ţ' | 'ț' => "t",
        'þ' => "th",
        'ù' | 'ú' | 'û' | 'ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_an_address_that_can_be_read_aloud() {
        for (title, expected) in [
            ("Hello gang", "hello-gang"),
            ("L'œuf, ou la poule ?", "l-oeuf-ou-la-poule"),
            ("Ça ira : où, déjà… ?", "ca-ira-ou-deja"),
            ("e\u{301}te\u{301}", "ete"),
            ("ÆON Straße №12", "aeon-strasse-12"),
            ("  --  ", ""),
            ("日本", ""),
            ("À 8 h 30", "a-8-h-30"),
        ] {
            assert_eq!(slug(title), expected, "{title}");
        }
    }

    #[test]
    fn a_long_title_is_cut_between_two_words() {
        let slug = slug(&"parapluie ".repeat(30));
        assert!(slug.len() <= MAX_SLUG && slug.ends_with("parapluie"), "{slug}");
        assert_eq!(super::slug(&"a".repeat(500)).len(), MAX_SLUG);
    }
}
