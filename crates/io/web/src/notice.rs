//! One sentence at the top of a page about what has just been done.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use i18n::Language;

use crate::language::language_of;

/// A sentence above a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The sentence.
    pub text: String,
    /// Whether it tells of something that went wrong.
    pub bad: bool,
}

impl Notice {
    /// Something was done.
    pub fn done(text: impl Into<String>) -> Self {
        Notice { text: text.into(), bad: false }
    }

    /// Something went wrong.
    pub fn wrong(text: impl Into<String>) -> Self {
        Notice { text: text.into(), bad: true }
    }

    pub(crate) fn icon(&self) -> crate::Markup {
        crate::icon(if self.bad { "circle-alert" } else { "circle-check" })
    }
}

/// The sentence that `?said=KEY` asks for after a redirect. Only messages whose key holds `-said-` (for instance
/// `audience-said-imported`) and that have no variables are shown: a link cannot put its own words on our page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said(pub Option<Notice>);

impl Said {
    pub(crate) fn from_query(query: Option<&str>, language: Language) -> Self {
        let key = query
            .unwrap_or_default()
            .split('&')
            .find_map(|pair| pair.strip_prefix("said="))
            .filter(|key| key.contains("-said-") && i18n::has(language, key));
        Said(key.map(|key| Notice::done(i18n::t(language, key))))
    }
}

impl<S: Sync> FromRequestParts<S> for Said {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Said::from_query(parts.uri.query(), language_of(&parts.headers)))
    }
}

/// A path that shows a message when it is opened: `said("/desk", "accounts-said-welcome")`.
pub fn said(path: &str, key: &str) -> String {
    let mark = if path.contains('?') { '&' } else { '?' };
    format!("{path}{mark}said={key}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_cannot_put_words_on_our_page() {
        for query in [None, Some("said=Hello"), Some("said=web-error-404-title"), Some("x=web-said-language")]
        {
            assert_eq!(Said::from_query(query, Language::English), Said(None), "{query:?}");
        }
        let shown = Said::from_query(Some("page=2&said=web-said-saved"), Language::English);
        assert_eq!(shown, Said(Some(Notice::done("Saved."))));
    }

    #[test]
    fn a_message_is_added_to_a_path() {
        assert_eq!(said("/desk", "a-said-b"), "/desk?said=a-said-b");
        assert_eq!(said("/desk?page=2", "a-said-b"), "/desk?page=2&said=a-said-b");
    }
}
