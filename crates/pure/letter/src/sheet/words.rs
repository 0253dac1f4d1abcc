//! Words of ours that more than one rendering needs.

use document::{Callout, CalloutKind, Episode, Sponsor, Toc};

use super::{Heading, Moment, Sheet};

/// The sentence after the as-of line, unless the author wrote another.
pub(crate) const AS_OF: &str = "letter-written-change";

/// Stands for the moment in the as-of line while it is cut in two.
const MOMENT: &str = "\u{e000}";

/// The as-of line before and after the moment.
pub(crate) fn split_at_moment(sheet: &Sheet<'_>, moment: &Moment, place: Option<&str>) -> (String, String) {
    let line = match (moment, place) {
        (Moment::Read(_), Some(place)) => {
            sheet.t_with("letter-written-place", &[("when", MOMENT.into()), ("place", place.into())])
        }
        (Moment::Read(_), None) => sheet.t_with("letter-written", &[("when", MOMENT.into())]),
        (Moment::Typed(_), place) => {
            let when = place.map_or_else(|| MOMENT.to_owned(), |place| format!("{MOMENT}, {place}"));
            sheet.t_with("letter-written-typed", &[("when", (&when).into())])
        }
    };
    match line.split_once(MOMENT) {
        Some((before, after)) => (before.to_owned(), after.to_owned()),
        None => (line, String::new()),
    }
}

/// The line above an episode: show, season and number, length.
pub(crate) fn kicker(sheet: &Sheet<'_>, episode: &Episode) -> String {
    let number = match (episode.season, episode.number) {
        (Some(season), Some(number)) => Some(sheet.t_with(
            "letter-episode-season",
            &[("season", season.to_string().as_str().into()), ("number", number.to_string().as_str().into())],
        )),
        (Some(season), None) => {
            Some(sheet.t_with("letter-season", &[("season", season.to_string().as_str().into())]))
        }
        (None, Some(number)) => {
            Some(sheet.t_with("letter-episode-number", &[("number", number.to_string().as_str().into())]))
        }
        (None, None) => None,
    };
    let parts =
        [episode.show.clone(), number, episode.duration.as_deref().map(|length| duration(sheet, length))];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// `HH:MM:SS` or `MM:SS` as the language says it; anything else as typed.
fn duration(sheet: &Sheet<'_>, typed: &str) -> String {
    let parts: Option<Vec<u64>> = typed.trim().split(':').map(|part| part.parse().ok()).collect();
    match parts.as_deref() {
        Some([minutes, seconds]) if *minutes < 6_000 => {
            let minutes = if *minutes == 0 { 0 } else { minutes + u64::from(*seconds >= 30) };
            i18n::duration(sheet.language, if minutes == 0 { *seconds } else { minutes * 60 })
        }
        Some([hours, minutes, _]) if *hours < 100 && *minutes < 60 => {
            i18n::duration(sheet.language, hours * 3600 + minutes * 60)
        }
        _ => typed.to_owned(),
    }
}

/// Words above a sponsor's copy.
pub(crate) fn sponsor_label(sheet: &Sheet<'_>, sponsor: &Sponsor) -> String {
    match &sponsor.label {
        Some(label) => label.clone(),
        None if sponsor.name.trim().is_empty() => sheet.t("letter-sponsored"),
        None => sheet.t_with("letter-sponsored-by", &[("name", (&sponsor.name).into())]),
    }
}

/// Words above a callout.
pub(crate) fn callout_title(sheet: &Sheet<'_>, callout: &Callout) -> String {
    callout.title.clone().unwrap_or_else(|| {
        sheet.t(match callout.kind {
            CalloutKind::Note => "letter-note",
            CalloutKind::Tip => "letter-tip",
            CalloutKind::Warning => "letter-warning",
        })
    })
}

/// The headings a table of contents lists.
pub(crate) fn contents<'s>(sheet: &'s Sheet<'_>, toc: &Toc) -> Vec<&'s Heading> {
    let depth = toc.depth.unwrap_or(2).clamp(2, 4);
    sheet.headings.iter().filter(|heading| heading.level <= depth).collect()
}
