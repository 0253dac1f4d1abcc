//! What came back, day by day, drawn: a bar a day, dead addresses and complaints below, the rest above.

use std::fmt::Write;

use i18n::{Language, t};
use policy::returns::Action;

/// Of a bar, with its gap.
const STEP: i64 = 20;
const WIDTH: i64 = 14;
const HEIGHT: i64 = 120;

/// The picture; nothing where nothing came back. Its numbers stand in the figures beside it.
pub(super) fn of_days(language: Language, counts: &[(i64, Action, i64)], days: i64) -> Option<String> {
    let mut bars = vec![(0_i64, 0_i64); usize::try_from(days).unwrap_or_default()];
    for &(day, action, n) in counts {
        // The last moment of today falls a day further.
        let day = usize::try_from(day.clamp(0, days - 1)).unwrap_or_default();
        let Some((hard, soft)) = bars.get_mut(day) else { continue };
        match action {
            Action::Suppress | Action::Complaint => *hard += n,
            Action::Soft | Action::Retry | Action::Trouble => *soft += n,
            Action::AutoReply | Action::None => {}
        }
    }
    let most = bars.iter().map(|(hard, soft)| hard + soft).max().filter(|most| *most > 0)?;
    let mut svg = format!(
        r#"<svg class="days" viewBox="0 0 {} {HEIGHT}" width="100%" height="{HEIGHT}" preserveAspectRatio="none" role="img" aria-label="{}">"#,
        days * STEP,
        t(language, "returns-picture")
    );
    for (day, (hard, soft)) in bars.iter().enumerate() {
        let x = i64::try_from(day).unwrap_or_default() * STEP + (STEP - WIDTH) / 2;
        let mut bottom = HEIGHT - 1;
        for (n, colour) in [(hard, "var(--bad)"), (soft, "var(--warn)")] {
            if *n > 0 {
                // One of a thousand is still seen.
                let tall = (n * (HEIGHT - 8) / most).max(2);
                bottom -= tall;
                let _ = write!(
                    svg,
                    r#"<rect x="{x}" y="{bottom}" width="{WIDTH}" height="{tall}" fill="{colour}"/>"#
                );
            }
        }
    }
    let _ = write!(
        svg,
        r#"<line x1="0" x2="{}" y1="{1}" y2="{1}" stroke="var(--hairline)"/></svg>"#,
        days * STEP,
        HEIGHT - 1
    );
    Some(svg)
}
