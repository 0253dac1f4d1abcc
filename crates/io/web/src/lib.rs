//! What every face of the house shares: how a request is let in, and how a page, a form or an error looks.
//!
//! In the order in which a request meets it:
//!
//! - [`Guard`] stands around all routes: host and origin checks, security headers, limits, a page for every error.
//! - [`Face`], [`Client`] and [`Form`] read what a handler wants to know of a request.
//! - [`ReadingPage`], [`DeskPage`] and [`PlainPage`] lay a page out around a body that a slice has rendered.
//! - [`Field`], [`Problems`], [`Pages`], [`EmptyState`] and [`icon`] are the pieces bodies are made of; each shows
//!   itself as safe HTML inside an askama template.
//! - [`WebError`] is what a handler fails with; the guard makes a page of it in the reader's language.
//! - [`AssetSet`] and [`asset`] serve embedded files under names that never change their content.
//! - [`Prepared`] answers with an `ETag`; [`cookie`] and [`redirect`] are the only places that write those headers.
//!
//! Guaranteed: an unsafe method from another site never reaches a handler unless the exemption list names its path;
//! an error never shows more than its sentence and a reference; every answer carries a strict content policy.
//!
//! Not here: who may do what (a slice decides), any SQL, any route of a slice, and any knowledge of a publication.

mod assets;
mod client;
mod config;
pub mod cookie;
mod error;
mod etag;
mod form;
mod guard;
mod icons;
mod language;
mod markup;
mod notice;
mod page;
pub mod redirect;

pub use assets::{Asset, AssetSet, asset};
pub use client::Client;
pub use config::WebConfig;
pub use error::{Dressed, OrInternal, WebError};
pub use etag::{Prepared, respond_with_etag};
pub use form::{Choice, Field, Form, Kind, Problems};
pub use guard::{EMBED_POLICY, Guard, LETTER_POLICY, PAGE_POLICY, PREVIEW_POLICY, RequestId, exempt};
pub use icons::{ICONS, icon, saucer};
pub use language::Face;
pub use markup::{Markup, html, rendered};
pub use notice::{Notice, Said, said};
pub use page::{DeskPage, Dress, EmptyState, Link, Logo, Pages, PlainPage, ReadingPage};

/// The routes of this crate: embedded files, the favicon and the choice of a language.
pub fn routes<S: Clone + Send + Sync + 'static>() -> axum::Router<S> {
    assets::routes().merge(language::routes())
}
