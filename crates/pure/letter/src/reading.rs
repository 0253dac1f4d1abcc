//! The style sheet of the page's article, and the colours it takes.

use crate::look::{Look, Palette, SANS};

/// Styles for what [`crate::web`] makes, inside `.letter`. It names no colour and no font of its own: it reads the
/// variables that [`look_css`] prints.
pub const READING_CSS: &str = include_str!("assets/reading.css");

/// The variables of a look, by day and by night: `--paper --tint --ink --muted --hairline --accent --accent-text
/// --on-accent --reading-font --sans-font`.
pub fn look_css(look: &Look) -> String {
    format!(
        ":root{{color-scheme:light dark;{}--reading-font:{};--sans-font:{SANS}}}\n\
         @media (prefers-color-scheme:dark){{:root{{{}}}}}\n",
        variables(&look.light()),
        look.reading_font.stack(),
        variables(&look.dark()),
    )
}

fn variables(palette: &Palette) -> String {
    let Palette { paper, tint, ink, muted, hairline, accent_text, accent, on_accent } = palette;
    format!(
        "--paper:{paper};--tint:{tint};--ink:{ink};--muted:{muted};--hairline:{hairline};--accent:{accent};\
         --accent-text:{accent_text};--on-accent:{on_accent};"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reading_style_has_no_colour_or_font_of_its_own() {
        let known = [
            "--paper",
            "--tint",
            "--ink",
            "--muted",
            "--hairline",
            "--accent",
            "--accent-text",
            "--on-accent",
            "--reading-font",
            "--sans-font",
        ];
        let css = look_css(&Look::default());
        for name in known {
            assert!(css.contains(&format!("{name}:")), "{name}");
        }
        for used in READING_CSS.split("var(").skip(1) {
            let name = used.split([')', ',']).next().unwrap_or_default();
            assert!(known.contains(&name), "{name}");
        }
        let outside_comments: String =
            READING_CSS.split("/*").map(|part| part.split_once("*/").map_or(part, |(_, css)| css)).collect();
        assert!(
            !outside_comments.contains('#') && !outside_comments.contains("gradient"),
            "{outside_comments}"
        );
        assert!(!outside_comments.contains("url("), "the page loads nothing from elsewhere");
    }
}
