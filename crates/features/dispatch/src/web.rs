//! The desk's pages about sending.

mod list;
mod send;
mod show;

use axum::Router;
use axum::routing::{get, post};
use i18n::{Language, number, t, t_with};
use instance::Instance;
use publications::Publication;

use crate::DispatchState;
use crate::estimate::Estimate;
use crate::model::Dispatch;

/// `/desk/{publication}/editions/{edition}/send` and `/desk/{publication}/dispatches…`.
pub fn routes() -> Router<Instance> {
    Router::new()
        .route("/desk/{publication}/editions/{edition}/send", get(send::show).post(send::send))
        .route("/desk/{publication}/editions/{edition}/test", post(send::test))
        .route("/desk/{publication}/dispatches", get(list::show))
        .route("/desk/{publication}/dispatches/{id}", get(show::show))
        .route("/desk/{publication}/dispatches/{id}/{act}", post(show::act))
        .route("/desk/{publication}/dispatches/{id}/failures.csv", get(show::failures_csv))
}

/// One reason for which readers are left out, in words.
struct LeftOut {
    words: String,
    readers: String,
}

fn left_out(language: Language, reasons: &[(String, i64)]) -> Vec<LeftOut> {
    reasons
        .iter()
        .map(|(reason, readers)| LeftOut {
            words: reason_words(language, reason, *readers),
            readers: number(language, *readers),
        })
        .collect()
}

fn reason_words(language: Language, reason: &str, readers: i64) -> String {
    let key = match reason {
        "pending" => "dispatch-left-out-pending",
        "paused" => "dispatch-left-out-paused",
        "ended" => "dispatch-left-out-ended",
        "already" => "dispatch-left-out-already",
        "gone" => "dispatch-left-out-gone",
        _ => "dispatch-left-out-suppressed",
    };
    t_with(language, key, &[("n", readers.into())])
}

fn state_words(language: Language, state: &str) -> String {
    let key = match state {
        "scheduled" => "dispatch-state-scheduled",
        "freezing" => "dispatch-state-freezing",
        "sending" => "dispatch-state-sending",
        "paused" => "dispatch-state-paused",
        "held" => "dispatch-state-held",
        "finished" => "dispatch-state-finished",
        _ => "dispatch-state-stopped",
    };
    t(language, key)
}

/// How a state is coloured: the class beside `.state`.
const fn tone(state: DispatchState) -> &'static str {
    match state {
        DispatchState::Finished => "good",
        DispatchState::Freezing | DispatchState::Sending | DispatchState::Held => "warn",
        DispatchState::Stopped => "bad",
        DispatchState::Scheduled => "",
    }
}

/// "Send to 4,812 readers"
fn send_words(language: Language, estimate: &Estimate) -> String {
    t_with(language, "dispatch-send-to", &[("n", estimate.readers.into())])
}

/// A moment in the publication's time, in the desk's language.
fn moment(language: Language, publication: &Publication, microseconds: i64) -> String {
    let instant = jiff::Timestamp::from_microsecond(microseconds).unwrap_or_default();
    i18n::date_time(language, publication.zone().to_datetime(instant))
}

fn audience_words(language: Language, dispatch: &Dispatch) -> String {
    if let Some(failed_of) = dispatch.failed_of {
        return t_with(language, "dispatch-failed-of", &[("id", failed_of.to_string().as_str().into())]);
    }
    match &dispatch.audience {
        audience::Audience::Everyone => t(language, "dispatch-everyone"),
        audience::Audience::Segment(slug) => {
            t_with(language, "dispatch-segment", &[("segment", slug.into())])
        }
        audience::Audience::Address(address) => address.to_string(),
    }
}
