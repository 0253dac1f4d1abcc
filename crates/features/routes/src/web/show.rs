//! Each route: where it leads, whether it works, what it carried today, and whether this publication uses it.

use std::collections::BTreeMap;

use accounts::Act;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use i18n::{Language, number, t, t_with};
use instance::{Instance, Signing};
use policy::provider;
use policy::warmup::Day;
use publications::{Desk, Publication};
use web::{EmptyState, Link, Notice, OrInternal, WebError, rendered};

use crate::choice::Chosen;
use crate::model::Route;
use crate::{day_of, of_publication, register, troubles, warmth};

/// Days of a warm-up that are shown ahead.
const AHEAD: usize = 7;
/// Providers in a table; the rest is one line.
const PROVIDERS: usize = 12;

/// What was typed when it could not be taken, and the sentence about it.
type Typed<'a> = Option<(&'a BTreeMap<String, String>, Notice)>;

#[derive(Template)]
#[template(path = "routes.html")]
struct Body<'a> {
    language: Language,
    slug: &'a str,
    cards: Vec<Card>,
    by_choice: bool,
    empty: EmptyState,
}

/// A route as it is shown.
struct Card {
    name: String,
    address: String,
    state: String,
    tone: &'static str,
    trouble: Option<String>,
    limits: Vec<String>,
    used: bool,
    weight: String,
    carried: Vec<Line>,
    /// Some of it is limited while its address becomes known.
    warms: bool,
}

/// What a route carried to a provider today.
struct Line {
    provider: String,
    accepted: String,
    deferred: String,
    bounced: String,
    plan: Option<String>,
}

impl Body<'_> {
    /// With one route there is nothing to choose, unless it was chosen when there were others.
    fn choosable(&self) -> bool {
        self.cards.len() > 1 || self.by_choice
    }

    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }
}

pub(super) async fn show(
    State(instance): State<Instance>,
    desk: Desk,
    Path(slug): Path<String>,
) -> Result<Response, WebError> {
    let publication = desk.publication(&slug, Act::ManagePublications)?;
    page(&instance, &desk, publication, None).await
}

pub(super) async fn page(
    instance: &Instance,
    desk: &Desk,
    publication: &Publication,
    typed: Typed<'_>,
) -> Result<Response, WebError> {
    let language = desk.language;
    let chosen = of_publication(instance, publication.id).await.or_internal()?;
    let troubles = troubles(instance).await.or_internal()?;
    let mut cards = Vec::new();
    for route in register(instance).await.or_internal()? {
        let trouble = troubles.get(&route.id).map(|(words, _)| words.clone());
        let days = crate::days(instance, &route).await.or_internal()?;
        let use_of = chosen.iter().find(|one| one.route.id == route.id);
        let given = typed.as_ref().map(|(given, _)| *given);
        cards.push(card(language, instance, &route, use_of, trouble, &days, given));
    }
    let words = |key: &str| t(language, key);
    let empty = EmptyState {
        title: words("routes-none"),
        text: words("routes-none-text"),
        action: Some(Link::new(words("routes-back"), format!("/desk/{}/dispatches", publication.slug))),
    };
    let by_choice = chosen.iter().any(|one| one.by_choice);
    let body = rendered(&Body { language, slug: publication.slug.as_str(), cards, by_choice, empty })?;
    let title = words("routes-title");
    let mut page = desk.page(Some(publication), "dispatches", &title, body);
    page.lead = Some(words("routes-lead"));
    page.back = Some(Link::new(words("routes-back"), format!("/desk/{}/dispatches", publication.slug)));
    page.notice = typed.map(|(_, notice)| notice).or(page.notice);
    page.respond()
}

fn card(
    language: Language,
    instance: &Instance,
    route: &Route,
    chosen: Option<&Chosen>,
    trouble: Option<String>,
    days: &BTreeMap<String, Vec<Day>>,
    given: Option<&BTreeMap<String, String>>,
) -> Card {
    let (state, tone) = match trouble {
        Some(_) => ("routes-state-down", "bad"),
        None => ("routes-state-fine", "good"),
    };
    let name = &route.config.name;
    let weight = chosen.map_or(route.config.weight, |one| one.weight).to_string();
    let (used, weight) = match given {
        Some(given) => (
            given.contains_key(&format!("use-{name}")),
            given.get(&format!("weight-{name}")).cloned().unwrap_or(weight),
        ),
        None => (chosen.is_some_and(|one| one.by_choice), weight),
    };
    let carried = carried(language, instance, route, days);
    Card {
        name: name.clone(),
        address: match route.out.is_direct() {
            true => t(language, "routes-direct"),
            false => route.out.to_string(),
        },
        state: t(language, state),
        tone,
        trouble,
        limits: limits(language, route),
        used,
        weight,
        warms: carried.iter().any(|line| line.plan.is_some()),
        carried,
    }
}

/// What limits a route, in words.
fn limits(language: Language, route: &Route) -> Vec<String> {
    let config = &route.config;
    let figure = |key: &str, n: u32| t_with(language, key, &[("n", i64::from(n).into())]);
    let signing = match config.signing {
        Signing::Ours => "routes-signing-ours",
        Signing::Relay => "routes-signing-relay",
        Signing::Both => "routes-signing-both",
    };
    let mut limits = vec![figure("routes-connections", config.connections.into())];
    limits.extend(config.rate.map(|rate| figure("routes-rate", rate)));
    limits.extend(config.daily_cap.map(|cap| figure("routes-cap", cap)));
    limits.push(t(language, signing));
    limits
}

fn carried(
    language: Language,
    instance: &Instance,
    route: &Route,
    days: &BTreeMap<String, Vec<Day>>,
) -> Vec<Line> {
    let today = day_of(instance.now_us());
    let mut lines = Vec::new();
    let mut rest = Day::default();
    let mut by_mails: Vec<(&String, Day, &Vec<Day>)> = days
        .iter()
        .map(|(provider, days)| {
            let of_today = days.iter().find(|day| day.day == today).copied().unwrap_or_default();
            (provider, of_today, days)
        })
        .collect();
    by_mails.sort_by_key(|(_, day, _)| std::cmp::Reverse(day.carried() + day.deferred));
    for (place, (key, day, history)) in by_mails.into_iter().enumerate() {
        if place >= PROVIDERS {
            rest.accepted += day.accepted;
            rest.deferred += day.deferred;
            rest.bounced += day.bounced;
            continue;
        }
        let plan = warmth(route, today, history).map(|warmth| plan(language, &warmth.plan(AHEAD)));
        lines.push(line(language, provider_words(language, key), day, plan));
    }
    if rest != Day::default() {
        lines.push(line(language, t(language, "routes-provider-rest"), rest, None));
    }
    lines
}

fn line(language: Language, provider: String, day: Day, plan: Option<String>) -> Line {
    Line {
        provider,
        accepted: number(language, day.accepted),
        deferred: number(language, day.deferred),
        bounced: number(language, day.bounced),
        plan,
    }
}

fn provider_words(language: Language, key: &str) -> String {
    match provider::name(key) {
        Some(name) => name.to_owned(),
        None if key == provider::OTHER => t(language, "routes-provider-other"),
        None => key.to_owned(),
    }
}

/// "50 today, then 100, 200, 200", or that nothing limits it any more.
fn plan(language: Language, caps: &[i64]) -> String {
    let Some((today, next)) = caps.split_first() else { return t(language, "routes-plan-warm") };
    let (today, next) = (number(language, *today), next.iter().map(|cap| number(language, *cap)));
    let next = next.collect::<Vec<_>>().join(", ");
    let values = [("today", today.as_str().into()), ("next", next.as_str().into())];
    t_with(language, "routes-plan", &values)
}
