//! What other sites and search engines show of a page: Open Graph, and JSON-LD of schema.org.

use askama::Template;
use editions::{Edition, Rendering};
use i18n::Language;
use instance::Instance;
use jiff::Timestamp;
use letter::{Manner, set_text};
use serde_json::{Value, json};
use web::{WebError, rendered};

use crate::absolute::{Base, whole};
use crate::issue;
use crate::known::{Known, timestamp};

#[derive(Template)]
#[template(path = "card.html")]
struct Card<'a> {
    kind: &'a str,
    title: &'a str,
    description: Option<&'a str>,
    url: String,
    site: &'a str,
    locale: &'a str,
    image: Option<String>,
    published: Option<String>,
    updated: Option<String>,
    authors: &'a [String],
    tags: &'a [String],
    /// Whether the picture is wide enough to stand above the words.
    large: bool,
    data: String,
    script: &'a str,
}

/// The card of a publication's home.
pub(crate) fn of_home(instance: &Instance, known: &Known) -> Result<String, WebError> {
    let publication = &known.publication;
    let url = publication.url(instance, "/");
    let description = about(known);
    let image = logo(instance, known);
    let data = without_nulls(json!({
        "@context": "https://schema.org",
        "@type": "Periodical",
        "name": publication.name,
        "url": url,
        "description": description,
        "inLanguage": known.language().tag(),
        "image": image,
        "publisher": publisher(instance, known),
    }));
    rendered(&Card {
        image,
        data: in_script(&data),
        ..plain(known, &publication.name, description.as_deref(), url)
    })
}

/// The card of a list of editions.
pub(crate) fn of_list(
    instance: &Instance,
    known: &Known,
    title: &str,
    description: &str,
) -> Result<String, WebError> {
    let url = known.publication.url(instance, "/archive");
    rendered(&Card { image: logo(instance, known), ..plain(known, title, Some(description), url) })
}

/// The card of an edition.
pub(crate) fn of_edition(
    instance: &Instance,
    known: &Known,
    edition: &Edition,
    rendering: &Rendering,
    description: Option<&str>,
) -> Result<String, WebError> {
    let (front, authors) = (&edition.document.front, rendering.authors());
    let url = rendering.page_url().to_owned();
    let title = issue::title(known, edition);
    let cover = cover(instance, known, edition);
    let large = cover.is_some();
    let image = cover.or_else(|| logo(instance, known));
    let published = seconds(timestamp(issue::published_at(edition)));
    let updated = seconds(timestamp(issue::updated_at(edition)));
    let people: Vec<Value> = authors.iter().map(|name| json!({ "@type": "Person", "name": name })).collect();
    let data = without_nulls(json!({
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": title,
        "url": url,
        "mainEntityOfPage": url,
        "description": description,
        "inLanguage": rendering.tag(),
        "datePublished": published,
        "dateModified": updated,
        "image": image,
        "keywords": if front.tags.is_empty() { Value::Null } else { json!(front.tags) },
        "author": if people.is_empty() { publisher(instance, known) } else { Value::Array(people) },
        "publisher": publisher(instance, known),
        "isAccessibleForFree": true,
    }));
    rendered(&Card {
        kind: "article",
        image,
        large,
        published: Some(published),
        updated: Some(updated),
        authors,
        tags: &front.tags,
        data: in_script(&data),
        script: crate::assets::url("site.js"),
        ..plain(known, &title, description, url)
    })
}

fn plain<'a>(known: &'a Known, title: &'a str, description: Option<&'a str>, url: String) -> Card<'a> {
    Card {
        kind: "website",
        title,
        description,
        url,
        site: &known.publication.name,
        locale: locale(known.language()),
        image: None,
        published: None,
        updated: None,
        authors: &[],
        tags: &[],
        large: false,
        data: String::new(),
        script: "",
    }
}

/// A sentence about a publication.
pub(crate) fn about(known: &Known) -> Option<String> {
    let publication = &known.publication;
    let text = publication.description.as_deref().or(publication.tagline.as_deref())?;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then(|| set_text(&text, Manner::of(known.language().tag())))
}

/// The whole address of an edition's cover.
pub(crate) fn cover(instance: &Instance, known: &Known, edition: &Edition) -> Option<String> {
    picture(instance, known, edition.document.front.cover.as_deref()?)
}

/// The whole address of a publication's sign.
pub(crate) fn logo(instance: &Instance, known: &Known) -> Option<String> {
    picture(instance, known, &known.publication.look.logo.as_ref()?.src)
}

fn picture(instance: &Instance, known: &Known, address: &str) -> Option<String> {
    let site = known.publication.url(instance, "");
    let base = Base { origin: &instance.config.base_url, site: &site, page: &site };
    let address = whole(address.trim(), base);
    ["https://", "http://"].iter().any(|scheme| address.starts_with(scheme)).then_some(address)
}

fn publisher(instance: &Instance, known: &Known) -> Value {
    without_nulls(json!({
        "@type": "Organization",
        "name": known.publication.name,
        "url": known.publication.url(instance, "/"),
        "logo": logo(instance, known),
    }))
}

const fn locale(language: Language) -> &'static str {
    match language {
        Language::French => "fr_FR",
        Language::English => "en_GB",
    }
}

fn seconds(moment: Timestamp) -> String {
    Timestamp::from_second(moment.as_second()).unwrap_or(moment).to_string()
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields.into_iter().filter(|(_, value)| !value.is_null()).collect(),
        other => other,
    }
}

/// JSON that cannot end the element it stands in: HTML 4.12.1.3 ends a script at `</script` and changes its mind at
/// `<!--`, whatever JSON thinks of it.
fn in_script(data: &Value) -> String {
    data.to_string()
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structured_data_cannot_leave_its_element() {
        let hostile = "</script><script>alert(1)</script><!-- &amp; \u{2028}";
        let written = in_script(&json!({ "headline": hostile }));
        assert!(!written.contains(['<', '>', '&', '\u{2028}']), "{written}");
        let read: Value = serde_json::from_str(&written).unwrap();
        assert_eq!(read["headline"], hostile);
    }
}
