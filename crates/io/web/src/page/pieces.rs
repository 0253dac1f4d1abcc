//! Pieces that show themselves in a slice's template.

use askama::Template;
use askama::filters::HtmlSafe;
use i18n::{Language, t, t_with};

use crate::Link;

/// The way through a long list: newer, where we are, older. Shows nothing when there is one page.
#[derive(Clone, Debug, Template)]
#[template(path = "pages.html")]
pub struct Pages {
    /// The language of the page.
    pub language: Language,
    /// The page shown, from 1.
    pub current: u64,
    /// The last one.
    pub last: u64,
    /// Address of the list, with its other query if it has one; `page=N` is added.
    pub base: String,
}

impl Pages {
    fn url(&self, page: u64) -> String {
        let mark = if self.base.contains('?') { '&' } else { '?' };
        if page <= 1 { self.base.clone() } else { format!("{}{mark}page={page}", self.base) }
    }

    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }

    fn position(&self) -> String {
        let values = [("page", self.current.into()), ("last", self.last.into())];
        t_with(self.language, "web-pages-position", &values)
    }
}

/// What stands where a list will be: it says what to do next.
#[derive(Clone, Debug, Template)]
#[template(path = "empty.html")]
pub struct EmptyState {
    /// What is not there yet.
    pub title: String,
    /// What it will be, in a sentence.
    pub text: String,
    /// What to do next.
    pub action: Option<Link>,
}

macro_rules! shows_itself {
    ($($piece:ty),*) => {$(
        impl HtmlSafe for $piece {}
    )*};
}
shows_itself!(Pages, EmptyState);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_one_page_offers_no_way_through() {
        let mut pages = Pages { language: Language::English, current: 1, last: 1, base: "/g/archive".into() };
        assert_eq!(pages.to_string().trim(), "");
        pages.last = 3;
        pages.current = 2;
        let html = pages.to_string();
        assert!(html.contains(r#"href="/g/archive" rel="prev""#), "{html}");
        assert!(html.contains(r#"href="/g/archive?page=3" rel="next""#), "{html}");
        assert!(html.contains("Page 2 of 3"), "{html}");
    }
}
