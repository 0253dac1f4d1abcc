//! What came back: how much of what, trouble with what was sent, and each return.

use accounts::Act;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use i18n::{Language, has, number, t, t_with};
use instance::Instance;
use policy::returns::Action;
use publications::{Desk, Publication};
use serde::Deserialize;
use web::{EmptyState, Link, OrInternal, WebError, rendered};

use super::{moment, picture, place};
use crate::find::{self, DAY, Return, Trouble, Wanted};

/// Returns on a page.
const PAGE: i64 = 50;
/// Days looked back.
const DAYS: i64 = 30;
/// What belongs to no publication, as it stands in an address.
pub(super) const OF_NOBODY: &str = "nobody";
/// The kinds that a figure stands for, in their order.
const FIGURES: [Action; 6] =
    [Action::Suppress, Action::Soft, Action::Complaint, Action::Trouble, Action::Retry, Action::AutoReply];

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    #[serde(default)]
    action: String,
    #[serde(default)]
    before: String,
    dispatch: Option<i64>,
    #[serde(default)]
    of: String,
}

impl Asked {
    /// What belongs to no publication is asked for.
    fn of_nobody(&self) -> bool {
        self.of == OF_NOBODY
    }
}

struct Figure {
    url: String,
    label: String,
    n: String,
    here: bool,
}

struct Line {
    address: String,
    reader: Option<String>,
    kind: String,
    tone: &'static str,
    reason: String,
    words: String,
    followed: String,
    edition: String,
    dispatch: Option<String>,
    when: String,
}

struct TroubleLine {
    edition: String,
    dispatch: Option<String>,
    reason: String,
    mails: String,
    words: String,
}

#[derive(Template)]
#[template(path = "returns/list.html")]
struct Page {
    language: Language,
    figures: Vec<Figure>,
    picture: Option<String>,
    troubles: Vec<TroubleLine>,
    lines: Vec<Line>,
    narrowed: Option<String>,
    /// How much belongs to no publication, and where it is shown.
    elsewhere: Option<(String, String)>,
    empty: EmptyState,
    older: Option<String>,
    csv: String,
}

impl Page {
    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }
}

pub(super) async fn show(
    State(instance): State<Instance>,
    desk: Desk,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let language = desk.language;
    // Addresses of readers stand here: who may not see readers may not see this.
    let publication = desk.publication(&slug, Act::ManageReaders)?;
    let action = asked.action.parse::<Action>().ok();
    let wanted = Wanted {
        dispatch: asked.dispatch,
        action,
        of_nobody: asked.of_nobody(),
        before: place(&asked.before),
    };
    let since = (instance.now_us() - DAYS * DAY).max(0);
    let counts = find::counts(&instance, publication.id, since).await.or_internal()?;
    let days = find::by_day(&instance, publication.id, since).await.or_internal()?;
    let troubles = find::troubles(&instance, publication.id, since).await.or_internal()?;
    let mut found = find::returns(&instance, publication.id, wanted, PAGE + 1).await.or_internal()?;
    let more = found.len() as i64 > PAGE;
    found.truncate(PAGE as usize);
    let base = format!("/desk/{slug}/returns");
    let older = found.last().filter(|_| more).map(|last| older(&base, &asked, last));
    let narrowed = action.is_some() || asked.dispatch.is_some() || asked.of_nobody();
    let elsewhere = find::of_nobody(&instance, since).await.or_internal()?;
    let body = rendered(&Page {
        language,
        figures: figures(language, &base, &counts, action),
        picture: picture::of_days(language, &days, DAYS),
        troubles: troubles.into_iter().map(|one| trouble_line(language, &slug, one)).collect(),
        lines: found.into_iter().map(|one| line(language, publication, one)).collect(),
        narrowed: narrowed.then(|| base.clone()),
        elsewhere: (elsewhere > 0 && !asked.of_nobody()).then(|| {
            let words = t_with(language, "returns-elsewhere", &[("n", elsewhere.into())]);
            (words, format!("{base}?of={OF_NOBODY}"))
        }),
        empty: nothing(language, &slug, narrowed),
        older,
        csv: csv(&base, &asked),
    })?;
    let title = t(language, "returns-title");
    let mut page = desk.page(Some(publication), "returns", &title, body);
    page.lead = Some(t_with(language, "returns-lead", &[("days", DAYS.into())]));
    page.respond()
}

fn figures(language: Language, base: &str, counts: &[(Action, i64)], here: Option<Action>) -> Vec<Figure> {
    let figure = |action: Action| {
        let n = counts.iter().find(|(known, _)| *known == action).map_or(0, |(_, n)| *n);
        Figure {
            url: format!("{base}?action={}", action.as_str()),
            label: t_with(language, &key_of("figure", action), &[("n", n.into())]),
            n: number(language, n),
            here: here == Some(action),
        }
    };
    FIGURES.map(figure).into()
}

fn kind(language: Language, action: Action) -> String {
    t(language, &key_of("kind", action))
}

fn key_of(what: &str, action: Action) -> String {
    format!("returns-{what}-{}", action.as_str().replace('_', "-"))
}

/// A reason in words; one that has none is shown as it is.
fn reason(language: Language, reason: &str) -> String {
    let key = format!("returns-reason-{}", reason.replace('_', "-"));
    if has(language, &key) { t(language, &key) } else { reason.replace('_', " ") }
}

const fn tone(action: Action) -> &'static str {
    match action {
        Action::Suppress | Action::Complaint => "bad",
        Action::Soft | Action::Retry | Action::Trouble => "warn",
        Action::AutoReply | Action::None => "",
    }
}

fn line(language: Language, publication: &Publication, one: Return) -> Line {
    let slug = &publication.slug;
    let status = one.status.map(|status| format!("{status} ")).unwrap_or_default();
    let words = one.words.unwrap_or_default();
    // Many servers begin their words with the code.
    let words = if words.contains(status.trim()) { words } else { format!("{status}{words}") };
    Line {
        address: one.address.unwrap_or_else(|| t(language, "returns-nobody")),
        reader: one.reader_id.map(|id| format!("/desk/{slug}/readers/{id}")),
        kind: kind(language, one.action),
        tone: tone(one.action),
        reason: reason(language, &one.reason),
        words,
        followed: t(language, &format!("returns-followed-{}", one.followed)),
        edition: one.edition.unwrap_or_default(),
        dispatch: one.dispatch_id.map(|id| format!("/desk/{slug}/dispatches/{id}")),
        when: moment(language, publication, one.received_at),
    }
}

fn trouble_line(language: Language, slug: &str, one: Trouble) -> TroubleLine {
    TroubleLine {
        edition: one.edition.unwrap_or_default(),
        dispatch: one.dispatch_id.map(|id| format!("/desk/{slug}/dispatches/{id}")),
        reason: reason(language, &one.reason),
        mails: t_with(language, "returns-mails", &[("n", one.mails.into())]),
        words: one.words.unwrap_or_default(),
    }
}

fn older(base: &str, asked: &Asked, last: &Return) -> String {
    format!("{base}?before={}.{}{}", last.received_at, last.id, narrowing(asked))
}

fn csv(base: &str, asked: &Asked) -> String {
    let query = narrowing(asked);
    match query.strip_prefix('&') {
        Some(query) => format!("{base}.csv?{query}"),
        None => format!("{base}.csv"),
    }
}

/// What the page is narrowed to, as it stands in an address.
fn narrowing(asked: &Asked) -> String {
    let action = asked.action.parse::<Action>().map(|action| format!("&action={}", action.as_str()));
    let dispatch = asked.dispatch.map(|id| format!("&dispatch={id}"));
    let of = if asked.of_nobody() { format!("&of={OF_NOBODY}") } else { String::new() };
    action.unwrap_or_default() + &dispatch.unwrap_or_default() + &of
}

fn nothing(language: Language, slug: &str, narrowed: bool) -> EmptyState {
    if narrowed {
        return EmptyState {
            title: t(language, "returns-none-found"),
            text: t(language, "returns-none-found-text"),
            action: Some(Link::new(t(language, "returns-all"), format!("/desk/{slug}/returns"))),
        };
    }
    EmptyState { title: t(language, "returns-none"), text: t(language, "returns-none-text"), action: None }
}

#[cfg(test)]
mod tests {
    use policy::answer::Reason;

    use super::*;

    #[test]
    fn every_kind_and_every_reason_has_its_words_in_both_languages() {
        for language in Language::ALL {
            for action in Action::ALL {
                let key = key_of("kind", action);
                assert!(has(language, &key), "{key}");
            }
            for action in FIGURES {
                let key = key_of("figure", action);
                assert!(has(language, &key), "{key}");
            }
            for reason in Reason::ALL {
                let key = format!("returns-reason-{}", reason.as_str().replace('_', "-"));
                assert!(has(language, &key), "{key}");
            }
        }
        assert_eq!(reason(Language::English, "never_seen_before"), "never seen before");
    }
}
