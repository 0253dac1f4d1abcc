//! What search engines read: `/sitemap.xml` and `/robots.txt`.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use feed::{Entry, SITEMAP_LIMIT, SITEMAP_TYPE};
use instance::Instance;
use store::params;
use web::{OrInternal, Prepared, WebError};

use crate::known::timestamp;
use crate::queries;

/// Seconds for which a crawler need not ask again.
const ROBOTS_KEPT_S: u32 = 3600;

pub(crate) async fn show(State(instance): State<Instance>, headers: HeaderMap) -> Result<Response, WebError> {
    let mut pages: Vec<Entry> = publications::all(&instance)
        .await
        .or_internal()?
        .iter()
        .flat_map(|publication| ["/", "/archive", "/subscribe"].map(|path| publication.url(&instance, path)))
        .map(|url| Entry { url, updated: None })
        .collect();
    let room = i64::try_from(SITEMAP_LIMIT.saturating_sub(pages.len())).unwrap_or_default();
    for row in instance.store.read(queries::PAGES, params![room]).await.or_internal()? {
        let (publication, edition) = (row.text(0).or_internal()?, row.text(1).or_internal()?);
        pages.push(Entry {
            url: instance.url(&format!("/{publication}/{edition}")),
            updated: Some(timestamp(row.int(2).or_internal()?)),
        });
    }
    Ok(Prepared::new(feed::sitemap(&pages), SITEMAP_TYPE, 0).respond(&headers))
}

/// RFC 9309: the desk and the readers' own pages are nobody's to crawl; `$` keeps a letter called "desk-lamp" open.
pub(crate) async fn robots(State(instance): State<Instance>, headers: HeaderMap) -> Response {
    let text = format!(
        "User-agent: *\nDisallow: /desk$\nDisallow: /desk/\nDisallow: /r/\nDisallow: /api/\n\nSitemap: {}\n",
        instance.url("/sitemap.xml")
    );
    Prepared::new(text, "text/plain; charset=utf-8", ROBOTS_KEPT_S).respond(&headers)
}
