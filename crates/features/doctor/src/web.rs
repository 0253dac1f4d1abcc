//! The check-up at the desk: the visit is made while the page is asked for.

use std::sync::LazyLock;

use accounts::Act;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use i18n::{Language, t, t_with};
use instance::Instance;
use publications::Desk;
use serde::Deserialize;
use web::{Asset, AssetSet, OrInternal, WebError, rendered};

use crate::examine;
use crate::model::{Area, DnsRecord, DoctorError, Finding, Level, Report, Visit};

static ASSETS: LazyLock<AssetSet> = LazyLock::new(|| {
    AssetSet::new(&[Asset { name: "doctor.css", bytes: include_bytes!("../assets/doctor.css") }])
});

/// `/desk/doctor`.
pub fn routes() -> Router<Instance> {
    Router::new().route("/desk/doctor", get(show)).merge(ASSETS.routes())
}

#[derive(Deserialize)]
struct Asked {
    publication: Option<String>,
}

struct Tab {
    url: String,
    label: String,
    here: bool,
}

/// One row of the list.
struct Row<'a> {
    tone: &'static str,
    level: String,
    name: String,
    found: String,
    remedy: Option<String>,
    records: &'a [DnsRecord],
    /// The records are shown at once, and not only when asked for.
    urgent: bool,
}

/// The findings about one thing.
struct Part<'a> {
    kind: String,
    title: String,
    worst: Level,
    rows: Vec<Row<'a>>,
}

#[derive(Template)]
#[template(path = "report.html")]
struct Shown<'a> {
    language: Language,
    tabs: Vec<Tab>,
    well: bool,
    verdict: String,
    figures: Vec<(String, usize)>,
    parts: Vec<Part<'a>>,
}

impl Shown<'_> {
    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }
}

async fn show(
    State(instance): State<Instance>,
    desk: Desk,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    // Host names, addresses of relays and keys are the owner's business.
    desk.may(Act::ManagePublications)?;
    let language = desk.language;
    let chosen = asked.publication.filter(|slug| !slug.is_empty());
    let visit = Visit { publication: chosen.clone(), offline: false };
    let report = match examine(&instance, &visit).await {
        Err(DoctorError::Unknown(_)) => return Err(WebError::NotFound),
        other => other.or_internal()?,
    };
    let body = rendered(&Shown {
        language,
        tabs: tabs(&desk, chosen.as_deref()),
        well: report.is_well(),
        verdict: verdict(language, &report),
        figures: Level::ALL
            .into_iter()
            .map(|level| (t(language, &format!("doctor-figure-{}", level.as_str())), report.count(level)))
            .collect(),
        parts: parts(language, &desk, &report),
    })?;
    let title = t(language, "doctor-title");
    let sheets = [ASSETS.url("doctor.css")];
    let mut page = desk.page(None, "doctor", &title, body);
    page.lead = Some(t(language, "doctor-lead"));
    page.stylesheets = &sheets;
    page.actions = format!(
        r#"<a class="button quiet" href="{}">{}{}</a>"#,
        address(chosen.as_deref()),
        web::icon("refresh-cw"),
        t(language, "doctor-again")
    );
    page.respond()
}

/// A slug that was found among the publications, so that it is safe in an address.
fn address(publication: Option<&str>) -> String {
    match publication {
        Some(slug) => format!("/desk/doctor?publication={slug}"),
        None => "/desk/doctor".to_owned(),
    }
}

fn tabs(desk: &Desk, chosen: Option<&str>) -> Vec<Tab> {
    if desk.publications.len() < 2 {
        return Vec::new();
    }
    let all = Tab { url: address(None), label: t(desk.language, "doctor-all"), here: chosen.is_none() };
    let one = |publication: &publications::Publication| Tab {
        url: address(Some(publication.slug.as_str())),
        label: publication.name.clone(),
        here: chosen == Some(publication.slug.as_str()),
    };
    std::iter::once(all).chain(desk.publications.iter().map(one)).collect()
}

fn verdict(language: Language, report: &Report) -> String {
    let (bad, warn) = (report.count(Level::Bad), report.count(Level::Warn));
    match (bad, warn) {
        (0, 0) => t(language, "doctor-verdict-well"),
        (0, warn) => t_with(language, "doctor-verdict-warn", &[("n", warn.into())]),
        (bad, _) => t_with(language, "doctor-verdict-bad", &[("n", bad.into())]),
    }
}

const fn tone(level: Level) -> &'static str {
    match level {
        Level::Ok => "good",
        Level::Warn => "warn",
        Level::Bad => "bad",
        Level::Unknown => "",
    }
}

/// Place of a level where the gravest stands first.
fn gravity(level: Level) -> usize {
    Level::ALL.iter().position(|known| *known == level).unwrap_or(Level::ALL.len())
}

/// Findings by what they are about, the gravest first.
fn parts<'a>(language: Language, desk: &Desk, report: &'a Report) -> Vec<Part<'a>> {
    let mut parts: Vec<(Area, &str, Vec<&Finding>)> = Vec::new();
    for finding in &report.findings {
        match parts.iter_mut().find(|(area, about, _)| *area == finding.area && *about == finding.about) {
            Some((.., findings)) => findings.push(finding),
            None => parts.push((finding.area, &finding.about, vec![finding])),
        }
    }
    let mut parts: Vec<Part<'a>> = parts
        .into_iter()
        .map(|(area, about, mut findings)| {
            findings.sort_by_key(|finding| gravity(finding.level));
            let worst = findings.first().map_or(Level::Ok, |finding| finding.level);
            Part {
                kind: t(language, &format!("doctor-area-{}", area.as_str())),
                title: title(language, desk, area, about),
                worst,
                rows: rows(language, findings),
            }
        })
        .collect();
    parts.sort_by_key(|part| gravity(part.worst));
    parts
}

fn title(language: Language, desk: &Desk, area: Area, about: &str) -> String {
    match area {
        Area::Machine => t(language, "doctor-machine"),
        Area::Route if about.is_empty() => t(language, "doctor-no-route"),
        Area::Letter => desk
            .publications
            .iter()
            .find(|publication| publication.slug.as_str() == about)
            .map_or_else(|| about.to_owned(), |publication| publication.name.clone()),
        _ => about.to_owned(),
    }
}

/// What is advised for one is not said again for the next.
fn rows<'a>(language: Language, findings: Vec<&'a Finding>) -> Vec<Row<'a>> {
    let mut rows: Vec<Row<'a>> = Vec::new();
    for finding in findings {
        let mut row = row(language, finding);
        if row.remedy.is_some() && rows.iter().any(|earlier| earlier.remedy == row.remedy) {
            row.remedy = None;
        }
        rows.push(row);
    }
    rows
}

fn row(language: Language, finding: &Finding) -> Row<'_> {
    Row {
        tone: tone(finding.level),
        level: t(language, &format!("doctor-level-{}", finding.level.as_str())),
        name: finding.title(language),
        found: finding.found(language),
        remedy: finding.remedy(language),
        records: &finding.records,
        urgent: matches!(finding.level, Level::Bad | Level::Warn),
    }
}
