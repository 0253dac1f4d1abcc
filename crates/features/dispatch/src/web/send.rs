//! The numbers before the button, and the button.

use accounts::Act;
use askama::Template;
use audience::Audience;
use axum::extract::{Path, State};
use axum::response::Response;
use editions::Edition;
use i18n::{Language, t};
use instance::Instance;
use jiff::civil::DateTime;
use publications::{Desk, Publication};
use serde::Deserialize;
use web::{Choice, Field, Form, Notice, OrInternal, Problems, WebError, redirect, rendered, said};

use super::{LeftOut, left_out, send_words};
use crate::model::{DispatchError, Kind};
use crate::timing::Timing;
use crate::{create_test, create_timed, estimate};

/// Hours over which one may spread a dispatch at the desk; the command line takes any span.
const OVER: [i64; 7] = [1, 2, 4, 8, 12, 24, 48];

#[derive(Deserialize, Default)]
pub(super) struct Wish {
    #[serde(default)]
    segment: String,
    #[serde(default)]
    at: String,
    /// Hours over which it is spread.
    #[serde(default)]
    over: String,
    /// At that hour where each reader lives.
    #[serde(default)]
    local: String,
    /// The number that was shown: an audience that grew meanwhile is shown again before anything leaves.
    #[serde(default)]
    seen: String,
}

#[derive(Deserialize)]
pub(super) struct TestWish {
    address: String,
}

#[derive(Template)]
#[template(path = "send.html")]
struct SendBody<'a> {
    language: Language,
    publication: &'a Publication,
    edition: &'a Edition,
    readers: i64,
    button: String,
    left_out: Vec<LeftOut>,
    segment: Option<Field>,
    at: Field,
    over: Field,
    local: Field,
    address: Field,
    errors: Vec<String>,
    warnings: Vec<String>,
    subject: String,
    preheader: String,
    relay: bool,
}

impl SendBody<'_> {
    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }

    fn will_get_it(&self) -> String {
        i18n::t_with(self.language, "dispatch-will-get-it", &[("n", self.readers.into())])
    }
}

pub(super) async fn show(
    State(instance): State<Instance>,
    desk: Desk,
    Path((publication, edition)): Path<(String, String)>,
    axum::extract::Query(wish): axum::extract::Query<Wish>,
) -> Result<Response, WebError> {
    let publication = desk.publication(&publication, Act::Send)?;
    let edition = find(&instance, publication, &edition).await?;
    page(&instance, &desk, publication, &edition, &wish, None, &Problems::new()).await
}

pub(super) async fn send(
    State(instance): State<Instance>,
    desk: Desk,
    Path((publication, edition)): Path<(String, String)>,
    Form(wish): Form<Wish>,
) -> Result<Response, WebError> {
    let language = desk.language;
    let publication = desk.publication(&publication, Act::Send)?;
    let edition = find(&instance, publication, &edition).await?;
    let mut problems = Problems::new();
    let at = moment(&wish.at, publication, instance.now_us(), language, &mut problems);
    let timing = timing(&wish, at, language, &mut problems);
    if !problems.is_empty() {
        return page(&instance, &desk, publication, &edition, &wish, None, &problems).await;
    }
    let audience = audience_of(&wish);
    let now = estimate(&instance, publication, edition.id, &audience, Kind::Edition).await.or_internal()?;
    if at.is_none() && wish.seen != now.readers.to_string() {
        let notice = Notice::wrong(t(language, "dispatch-number-changed"));
        return page(&instance, &desk, publication, &edition, &wish, Some(notice), &problems).await;
    }
    match create_timed(&instance, publication, &edition, &audience, timing).await {
        Ok(dispatch) => {
            let to = format!("/desk/{}/dispatches/{}", publication.slug, dispatch.id);
            let key = if at.is_some() { "dispatch-said-scheduled" } else { "dispatch-said-sending" };
            Ok(redirect::to(&said(&to, key)))
        }
        Err(error) => {
            let notice = refused(language, error)?;
            page(&instance, &desk, publication, &edition, &wish, Some(notice), &problems).await
        }
    }
}

pub(super) async fn test(
    State(instance): State<Instance>,
    desk: Desk,
    Path((publication, edition)): Path<(String, String)>,
    Form(wish): Form<TestWish>,
) -> Result<Response, WebError> {
    let language = desk.language;
    let publication = desk.publication(&publication, Act::Send)?;
    let edition = find(&instance, publication, &edition).await?;
    let Ok(address) = wire::Address::parse(&wish.address) else {
        let notice = Notice::wrong(t(language, "dispatch-test-address-wrong"));
        let wish = Wish::default();
        return page(&instance, &desk, publication, &edition, &wish, Some(notice), &Problems::new()).await;
    };
    let notice = match create_test(&instance, publication, &edition, &address).await {
        Ok(_) => {
            let to = format!("/desk/{}/editions/{}/send", publication.slug, edition.slug);
            return Ok(redirect::to(&said(&to, "dispatch-said-tested")));
        }
        Err(error) => refused(language, error)?,
    };
    page(&instance, &desk, publication, &edition, &Wish::default(), Some(notice), &Problems::new()).await
}

async fn find(instance: &Instance, publication: &Publication, slug: &str) -> Result<Edition, WebError> {
    editions::find(instance, publication.id, slug).await.or_internal()?.ok_or(WebError::NotFound)
}

fn audience_of(wish: &Wish) -> Audience {
    if wish.segment.is_empty() { Audience::Everyone } else { Audience::Segment(wish.segment.clone()) }
}

fn refused(language: Language, error: DispatchError) -> Result<Notice, WebError> {
    let key = match error {
        DispatchError::Nobody(_) => "dispatch-refused-nobody",
        DispatchError::Unfit { .. } => "dispatch-refused-unfit",
        DispatchError::NoRelay | DispatchError::Routes(routes::RoutesError::Out { .. }) => {
            "dispatch-refused-relay"
        }
        other => return Err(WebError::internal(other)),
    };
    Ok(Notice::wrong(t(language, key)))
}

/// At once, spread over hours, or at each reader's hour.
fn timing(wish: &Wish, at: Option<i64>, language: Language, problems: &mut Problems) -> Timing {
    let local = !wish.local.is_empty();
    let hours = wish.over.trim().parse::<i64>().ok().filter(|hours| OVER.contains(hours));
    if hours.is_none() && !wish.over.trim().is_empty() {
        problems.add("over", t(language, "dispatch-over-wrong"));
    }
    if local && at.is_none() {
        problems.add("local", t(language, "dispatch-local-when"));
    }
    if local && hours.is_some() {
        problems.add("over", t(language, "dispatch-over-or-local"));
    }
    Timing { at, over: hours.unwrap_or_default() * policy::HOUR, local }
}

/// The moment of a `datetime-local` field in the publication's time; none for now.
fn moment(
    text: &str,
    publication: &Publication,
    now: i64,
    language: Language,
    problems: &mut Problems,
) -> Option<i64> {
    if text.trim().is_empty() {
        return None;
    }
    let read =
        text.trim().parse::<DateTime>().ok().and_then(|civil| publication.zone().to_timestamp(civil).ok());
    match read.map(|moment| moment.as_microsecond()) {
        Some(at) if at > now => Some(at),
        Some(_) => {
            problems.add("at", t(language, "dispatch-at-past"));
            None
        }
        None => {
            problems.add("at", t(language, "dispatch-at-wrong"));
            None
        }
    }
}

async fn page(
    instance: &Instance,
    desk: &Desk,
    publication: &Publication,
    edition: &Edition,
    wish: &Wish,
    notice: Option<Notice>,
    problems: &Problems,
) -> Result<Response, WebError> {
    let language = desk.language;
    let words = |key: &str| t(language, key);
    let expected =
        estimate(instance, publication, edition.id, &audience_of(wish), Kind::Edition).await.or_internal()?;
    let findings = editions::check(instance, publication, edition).await.or_internal()?;
    let (errors, warnings): (Vec<_>, Vec<_>) = findings.iter().partition(|finding| finding.is_error());
    let sentences = |findings: Vec<&editions::Finding>| {
        findings.into_iter().map(|finding| finding.sentence(language)).collect::<Vec<_>>()
    };
    let segments = audience::segments(instance, publication.id).await.or_internal()?;
    let choices = std::iter::once(Choice::new("", words("dispatch-everyone")))
        .chain(segments.iter().map(|segment| Choice::new(&segment.slug, &segment.name)))
        .collect();
    let segment = (!segments.is_empty())
        .then(|| Field::menu("segment", words("dispatch-to"), choices).value(&wish.segment));
    let at = Field::new(web::Kind::Input("datetime-local"), "at", words("dispatch-at"))
        .hint(i18n::t_with(language, "dispatch-at-hint", &[("zone", (&publication.time_zone).into())]))
        .value(&wish.at)
        .checked(problems);
    let spans = OVER.iter().map(|hours| {
        Choice::new(
            hours.to_string(),
            i18n::t_with(language, "dispatch-over-hours", &[("n", (*hours).into())]),
        )
    });
    let over = Field::menu(
        "over",
        words("dispatch-over"),
        std::iter::once(Choice::new("", words("dispatch-over-none"))).chain(spans).collect(),
    )
    .hint(words("dispatch-over-hint"))
    .value(&wish.over)
    .checked(problems);
    let local = Field::tick("local", words("dispatch-local"), !wish.local.is_empty())
        .hint(words("dispatch-local-hint"))
        .checked(problems);
    let rendering = editions::Rendering::of(instance, publication, edition);
    let body = rendered(&SendBody {
        language,
        publication,
        edition,
        readers: expected.readers,
        button: send_words(language, &expected),
        left_out: left_out(language, &expected.left_out),
        segment,
        at,
        over,
        local,
        address: Field::email("address", words("dispatch-test-address"))
            .value(&desk.account.email)
            .required(),
        errors: sentences(errors),
        warnings: sentences(warnings),
        subject: rendering.subject().render_for_nobody(),
        preheader: rendering.preheader().render_for_nobody(),
        relay: !instance.config.all_routes().is_empty(),
    })?;
    let mut page = desk.page(Some(publication), "editions", &edition.title, body);
    page.lead = Some(words("dispatch-lead"));
    page.back = Some(web::Link::new(
        words("dispatch-back-to-text"),
        format!("/desk/{}/editions/{}", publication.slug, edition.slug),
    ));
    page.notice = notice.or_else(|| problems.summary(language)).or(page.notice);
    page.respond()
}
