//! The languages the product speaks.

/// A language of the product.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// French.
    French,
    /// English, which also serves whoever reads neither.
    #[default]
    English,
}

impl Language {
    /// Every language, in the order of a menu.
    pub const ALL: [Language; 2] = [Language::French, Language::English];

    /// The language for a BCP 47 tag: `fr`, `fr-CA`, `FR_ch` are French, everything else is English.
    pub fn from_tag(tag: &str) -> Self {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("fr") { Language::French } else { Language::English }
    }

    /// The language a browser asks for in `Accept-Language`: the one with the highest weight that we speak.
    pub fn from_accept(header: &str) -> Option<Self> {
        let mut best: Option<(f32, Language)> = None;
        for range in header.split(',') {
            let mut parts = range.split(';');
            let tag = parts.next().unwrap_or_default().trim();
            let language =
                match tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
                    "fr" => Language::French,
                    "en" => Language::English,
                    _ => continue,
                };
            let weight = parts
                .find_map(|part| part.trim().strip_prefix("q="))
                .map_or(1.0, |weight| weight.trim().parse::<f32>().unwrap_or(0.0));
            if weight > 0.0 && best.is_none_or(|(known, _)| weight > known) {
                best = Some((weight, language));
            }
        }
        best.map(|(_, language)| language)
    }

    /// The BCP 47 tag: `fr` or `en`.
    pub const fn tag(self) -> &'static str {
        match self {
            Language::French => "fr",
            Language::English => "en",
        }
    }

    /// The value of a `dir` attribute.
    pub const fn direction(self) -> &'static str {
        "ltr"
    }

    /// The language's name for itself.
    pub const fn name(self) -> &'static str {
        match self {
            Language::French => "français",
            Language::English => "English",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_chooses_french_or_falls_back_to_english() {
        for (tag, language) in [
            ("fr", Language::French),
            ("fr-CA", Language::French),
            ("FR_ch", Language::French),
            ("en-GB", Language::English),
            ("frp", Language::English),
            ("de", Language::English),
            ("", Language::English),
        ] {
            assert_eq!(Language::from_tag(tag), language, "{tag}");
        }
    }

    #[test]
    fn a_browser_gets_the_language_it_weighs_most() {
        for (header, language) in [
            ("fr-FR,fr;q=0.9,en;q=0.8", Some(Language::French)),
            ("de, en;q=0.7, fr;q=0.3", Some(Language::English)),
            ("en;q=0.2, fr;q=0.9", Some(Language::French)),
            ("en;q=0, de", None),
            ("", None),
        ] {
            assert_eq!(Language::from_accept(header), language, "{header}");
        }
    }
}
