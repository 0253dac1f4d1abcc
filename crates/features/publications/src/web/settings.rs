//! Changing a publication at the desk.

use accounts::Act;
use axum::extract::{Path, State};
use axum::response::Response;
use i18n::{Language, t};
use instance::Instance;
use letter::ReadingFont;
use serde::Deserialize;
use web::{Choice, Field, Form, Problems, WebError, redirect, rendered, said};

use super::Desk;
use super::new::{FormBody, languages, told};
use crate::create::{reply_address, sender};
use crate::model::Publication;

#[derive(Deserialize)]
pub(super) struct Given {
    name: String,
    tagline: String,
    description: String,
    from: String,
    reply_to: String,
    language: String,
    time_zone: String,
    postal_address: String,
    accent: String,
    reading_font: String,
    in_doubt: String,
}

impl Given {
    fn of(publication: &Publication) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Given {
            name: publication.name.clone(),
            tagline: text(&publication.tagline),
            description: text(&publication.description),
            from: publication.from.to_string(),
            reply_to: publication.reply_to.as_ref().map(ToString::to_string).unwrap_or_default(),
            language: publication.language.tag().to_owned(),
            time_zone: publication.time_zone.clone(),
            postal_address: text(&publication.postal_address),
            accent: publication.look.accent.to_string(),
            reading_font: font_name(publication.look.reading_font).to_owned(),
            in_doubt: publication.in_doubt.name().to_owned(),
        }
    }

    /// The publication as it would be; what cannot be is noted beside its field.
    fn applied(
        &self,
        to: &Publication,
        language: Language,
        problems: &mut Problems,
    ) -> Result<Publication, WebError> {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let mut publication = to.clone();
        publication.name = self.name.trim().to_owned();
        publication.tagline = some(&self.tagline);
        publication.description = some(&self.description);
        match sender(&self.from) {
            Ok(from) => publication.from = from,
            Err(error) => told(language, error, problems)?,
        }
        match some(&self.reply_to).as_deref().map(reply_address).transpose() {
            Ok(reply_to) => publication.reply_to = reply_to,
            Err(_) => problems.add("reply_to", t(language, "publications-wrong-reply-to")),
        }
        publication.language = Language::from_tag(&self.language);
        publication.time_zone = self.time_zone.trim().to_owned();
        publication.postal_address = some(&self.postal_address);
        match self.accent.parse() {
            Ok(accent) => publication.look.accent = accent,
            Err(_) => problems.add("accent", t(language, "publications-wrong-accent")),
        }
        publication.look.reading_font =
            if self.reading_font == "sans" { ReadingFont::Sans } else { ReadingFont::Serif };
        publication.in_doubt = self.in_doubt.parse().unwrap_or(publication.in_doubt);
        Ok(publication)
    }
}

const fn font_name(font: ReadingFont) -> &'static str {
    match font {
        ReadingFont::Serif => "serif",
        ReadingFont::Sans => "sans",
    }
}

pub(super) async fn show(desk: Desk, Path(slug): Path<String>) -> Result<Response, WebError> {
    let publication = desk.publication(&slug, Act::ManagePublications)?;
    page(&desk, publication, &Given::of(publication), &Problems::new())
}

pub(super) async fn change(
    State(instance): State<Instance>,
    desk: Desk,
    Path(slug): Path<String>,
    Form(given): Form<Given>,
) -> Result<Response, WebError> {
    let publication = desk.publication(&slug, Act::ManagePublications)?;
    let mut problems = Problems::new();
    let changed = given.applied(publication, desk.language, &mut problems)?;
    if problems.is_empty() {
        match crate::change(&instance, &changed).await {
            Ok(()) => {
                let to = format!("/desk/{slug}/settings");
                return Ok(redirect::to(&said(&to, "web-said-saved")));
            }
            Err(error) => told(desk.language, error, &mut problems)?,
        }
    }
    page(&desk, publication, &given, &problems)
}

fn page(
    desk: &Desk,
    publication: &Publication,
    given: &Given,
    problems: &Problems,
) -> Result<Response, WebError> {
    let words = |key: &str| t(desk.language, key);
    let fonts = vec![
        Choice::new("serif", words("publications-font-serif")),
        Choice::new("sans", words("publications-font-sans")),
    ];
    let doubts = vec![
        Choice::new("resend", words("publications-doubt-resend"))
            .hint(words("publications-doubt-resend-hint")),
        Choice::new("hold", words("publications-doubt-hold")).hint(words("publications-doubt-hold-hint")),
    ];
    let fields = vec![
        Field::text("name", words("publications-name")).value(&given.name).required(),
        Field::text("tagline", words("publications-tagline")).value(&given.tagline),
        Field::area("description", words("publications-description"), 3).value(&given.description),
        Field::text("from", words("publications-from"))
            .hint(words("publications-from-hint"))
            .value(&given.from)
            .required(),
        Field::email("reply_to", words("publications-reply-to"))
            .hint(words("publications-reply-to-hint"))
            .value(&given.reply_to),
        Field::menu("language", words("publications-language"), languages()).value(&given.language),
        Field::text("time_zone", words("publications-zone")).value(&given.time_zone).required(),
        Field::text("postal_address", words("publications-postal"))
            .hint(words("publications-postal-hint"))
            .value(&given.postal_address),
        Field::new(web::Kind::Input("color"), "accent", words("publications-accent"))
            .hint(words("publications-accent-hint"))
            .value(&given.accent),
        Field::radio("reading_font", words("publications-font"), fonts).value(&given.reading_font),
        Field::radio("in_doubt", words("publications-doubt"), doubts).value(&given.in_doubt),
    ];
    let body = rendered(&FormBody {
        fields: fields.into_iter().map(|field| field.checked(problems)).collect(),
        action: format!("/desk/{}/settings", publication.slug),
        button: words("publications-save"),
    })?;
    let title = words("publications-settings");
    let mut page = desk.page(Some(publication), "settings", &title, body);
    page.notice = problems.summary(desk.language).or(page.notice);
    page.respond()
}
