//! What a publication's public pages have in common.

use i18n::t;
use instance::Instance;
use web::{Dress, Link, Logo};

use crate::model::{Publication, PublicationError};
use crate::sisters;

/// The dress of a publication's public pages: its name, its look, its feeds, its sister letters.
pub async fn dress(instance: &Instance, publication: &Publication) -> Result<Dress, PublicationError> {
    let words = |key: &str| t(publication.language, key);
    let at = |path: &str| format!("/{}{path}", publication.slug);
    let sisters = sisters(instance, publication.id).await?;
    let other_languages = sisters
        .iter()
        .filter(|sister| sister.language != publication.language)
        .map(|sister| Link::in_language(&sister.name, format!("/{}/", sister.slug), sister.language))
        .collect();
    let postal = publication.postal_address.as_deref();
    let named = postal.is_some_and(|address| address.starts_with(&publication.name));
    let note = [(!named).then_some(publication.name.as_str()), postal];
    Ok(Dress {
        name: publication.name.clone(),
        home: at("/"),
        tagline: publication.tagline.clone(),
        logo: publication.look.logo.as_ref().map(|logo| Logo {
            src: logo.src.clone(),
            alt: logo.alt.clone(),
            width: logo.width,
            height: logo.height,
        }),
        stylesheets: vec![at("/look.css")],
        links: vec![Link::new(words("publications-archive"), at("/archive"))],
        call: Some(Link::new(words("publications-subscribe"), at("/subscribe"))),
        foot: vec![
            Link::new(words("publications-archive"), at("/archive")),
            Link::new("RSS", at("/feed.xml")),
            Link::new("Atom", at("/atom.xml")),
            Link::new("JSON Feed", at("/feed.json")),
        ],
        foot_note: Some(note.into_iter().flatten().collect::<Vec<_>>().join(" · ")),
        other_languages,
        feeds: vec![
            (publication.name.clone(), at("/feed.xml"), "application/rss+xml"),
            (publication.name.clone(), at("/atom.xml"), "application/atom+xml"),
            (publication.name.clone(), at("/feed.json"), "application/feed+json"),
        ],
    })
}
