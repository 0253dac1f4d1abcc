//! Bar charts as SVG: drawn here, readable at 700 pixels, by day and by night.

use std::fmt::Write as _;

use crate::page::thousands;

const WIDTH: f64 = 700.0;
const HEIGHT: f64 = 340.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 12.0;
/// Below title and legend.
const TOP: f64 = 78.0;
const BOTTOM: f64 = 40.0;
/// The widest bar, so that a chart of two bars does not look like a wall.
const WIDEST: f64 = 64.0;
/// Lines across, at most.
const TICKS: f64 = 5.0;

/// The colours are those of the house: the accent, paper's shade, and a warm third.
const STYLE: &str = "svg{font:13px system-ui,sans-serif;--ink:#24221d;--faint:#6b665b;--line:#dcd7cc;--s0:#1d6f5c;\
                     --s1:#b5ae9f;--s2:#c78a33;--limit:#a8322a;--paper:#fff}\
                     @media (prefers-color-scheme:dark){svg{--ink:#ece8de;--faint:#a8a294;--line:#45423b;--s0:#4fb39a;\
                     --s1:#76705f;--s2:#dba552;--limit:#f08a80;--paper:#151412}}\
                     text{fill:var(--ink)}.t{font-size:16px;font-weight:600}.f{fill:var(--faint)}.v{font-size:11px}\
                     .g{stroke:var(--line)}.l{stroke:var(--limit);stroke-dasharray:6 4;stroke-width:1.5}\
                     .lt{fill:var(--limit);paint-order:stroke;stroke:var(--paper);stroke-width:4px}.s0{fill:var(--s0)}.s1{fill:var(--s1)}.s2{fill:var(--s2)}";

/// A chart of bars in groups.
#[derive(Debug, Clone)]
pub(crate) struct Chart {
    /// The file's name, without `bench-` and `.svg`.
    pub(crate) name: &'static str,
    pub(crate) title: String,
    /// What the height of a bar is.
    pub(crate) unit: &'static str,
    /// What the groups differ in.
    pub(crate) axis: &'static str,
    /// The bars of each group, at most three.
    pub(crate) series: Vec<&'static str>,
    /// A label and a value for each bar.
    pub(crate) groups: Vec<(String, Vec<Option<f64>>)>,
    /// A line across, and what it is.
    pub(crate) limit: Option<(f64, String)>,
}

impl Chart {
    /// The drawing.
    pub(crate) fn svg(&self) -> String {
        let step = step(self.highest());
        let top = (self.highest() / step).ceil().max(1.0) * step;
        let (plot_width, plot_height) = (WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM);
        let y = |value: f64| TOP + plot_height * (1.0 - value / top);
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
             aria-labelledby=\"t d\">\n<title id=\"t\">{}</title>\n<desc id=\"d\">{}</desc>\n<style>{STYLE}</style>\n",
            escaped(&self.title),
            escaped(&self.words())
        );
        let _ = writeln!(out, "<text class=\"t\" x=\"0\" y=\"18\">{}</text>", escaped(&self.title));
        self.legend(&mut out);
        let _ =
            writeln!(out, "<text class=\"f\" x=\"0\" y=\"{:.0}\">{}</text>", TOP - 12.0, escaped(self.unit));
        let mut tick = 0.0;
        while tick <= top + step / 2.0 {
            let at = y(tick);
            let _ = writeln!(
                out,
                "<line class=\"g\" x1=\"{LEFT}\" x2=\"{:.0}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/><text class=\"f\" \
                 text-anchor=\"end\" x=\"{:.0}\" y=\"{:.1}\">{}</text>",
                WIDTH - RIGHT,
                LEFT - 8.0,
                at + 4.0,
                shown(tick)
            );
            tick += step;
        }
        let group_width = plot_width / self.groups.len().max(1) as f64;
        let bar = (group_width * 0.8 / self.series.len().max(1) as f64).min(WIDEST);
        for (place, (label, values)) in self.groups.iter().enumerate() {
            let middle = LEFT + group_width * (place as f64 + 0.5);
            let begin = middle - bar * self.series.len() as f64 / 2.0;
            for (number, value) in values.iter().enumerate() {
                let Some(value) = value else { continue };
                let (x, at) = (begin + bar * number as f64, y(*value));
                let _ = writeln!(
                    out,
                    "<rect class=\"s{number}\" x=\"{:.1}\" y=\"{at:.1}\" width=\"{:.1}\" height=\"{:.1}\" \
                     rx=\"2\"/><text class=\"v\" text-anchor=\"middle\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                    x + 1.5,
                    bar - 3.0,
                    TOP + plot_height - at,
                    x + bar / 2.0,
                    at - 4.0,
                    shown(*value)
                );
            }
            let _ = writeln!(
                out,
                "<text text-anchor=\"middle\" x=\"{middle:.1}\" y=\"{:.0}\">{}</text>",
                HEIGHT - BOTTOM + 18.0,
                escaped(label)
            );
        }
        let _ = writeln!(
            out,
            "<text class=\"f\" text-anchor=\"middle\" x=\"{:.0}\" y=\"{:.0}\">{}</text>",
            LEFT + plot_width / 2.0,
            HEIGHT - 4.0,
            escaped(self.axis)
        );
        if let Some((limit, what)) = &self.limit {
            let at = y(*limit);
            let _ = writeln!(
                out,
                "<line class=\"l\" x1=\"{LEFT}\" x2=\"{:.0}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/><text class=\"lt v\" \
                 text-anchor=\"end\" x=\"{:.0}\" y=\"{:.1}\">{}</text>",
                WIDTH - RIGHT,
                WIDTH - RIGHT,
                at - 5.0,
                escaped(what)
            );
        }
        out.push_str("</svg>\n");
        out
    }

    /// The same in words, for who does not see it.
    pub(crate) fn words(&self) -> String {
        let mut text = format!("{}, in {}.", self.title, self.unit);
        for (label, values) in &self.groups {
            let known = self
                .series
                .iter()
                .zip(values)
                .filter_map(|(name, value)| value.map(|value| format!("{name} {}", shown(value))));
            let _ = write!(text, " {label}: {}.", known.collect::<Vec<_>>().join(", "));
        }
        if let Some((_, what)) = &self.limit {
            let _ = write!(text, " A line shows {what}.");
        }
        text
    }

    fn legend(&self, out: &mut String) {
        if self.series.len() < 2 {
            return;
        }
        let mut x = 0.0;
        for (number, name) in self.series.iter().enumerate() {
            let _ = writeln!(
                out,
                "<rect class=\"s{number}\" x=\"{x:.0}\" y=\"32\" width=\"11\" height=\"11\" rx=\"2\"/><text \
                 x=\"{:.0}\" y=\"42\">{}</text>",
                x + 17.0,
                escaped(name)
            );
            // About seven pixels a letter.
            x += 40.0 + name.chars().count() as f64 * 7.2;
        }
    }

    fn highest(&self) -> f64 {
        let bars = self.groups.iter().flat_map(|(_, values)| values.iter().flatten().copied());
        bars.chain(self.limit.iter().map(|(limit, _)| *limit)).fold(0.0, f64::max)
    }
}

/// 1, 2 or 5 times a power of ten, so that there are a handful of lines.
fn step(highest: f64) -> f64 {
    let rough = (highest / TICKS).max(1e-9);
    let power = 10_f64.powf(rough.log10().floor());
    [1.0, 2.0, 5.0, 10.0].iter().map(|factor| factor * power).find(|step| *step >= rough).unwrap_or(rough)
}

fn shown(value: f64) -> String {
    if value > 0.0 && value < 10.0 && value.fract() != 0.0 { format!("{value:.1}") } else { thousands(value) }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart() -> Chart {
        Chart {
            name: "size",
            title: "Size & rate".to_owned(),
            unit: "mails a second",
            axis: "KB a mail",
            series: vec!["Soucoupe", "bare client"],
            groups: vec![
                ("2".to_owned(), vec![Some(30_000.0), Some(90_000.0)]),
                ("20".to_owned(), vec![Some(20_000.0), None]),
            ],
            limit: Some((8_000.0, "the budget".to_owned())),
        }
    }

    #[test]
    fn a_chart_says_in_words_what_it_draws() {
        assert_eq!(
            chart().words(),
            "Size & rate, in mails a second. 2: Soucoupe 30,000, bare client 90,000. 20: Soucoupe 20,000. A line shows \
             the budget."
        );
    }

    #[test]
    fn each_value_has_its_bar_and_its_number_and_nothing_leaves_the_picture() {
        let svg = chart().svg();
        assert_eq!(svg.matches("<rect class=\"s0\"").count(), 3, "two bars and the legend: {svg}");
        assert_eq!(svg.matches("<rect class=\"s1\"").count(), 2);
        for text in ["30,000", "90,000", "20,000", "100,000", "KB a mail", "Size &amp; rate", "the budget"] {
            assert!(svg.contains(text), "{text}");
        }
        assert!(svg.contains("prefers-color-scheme:dark") && svg.contains("role=\"img\""));
        for part in svg.split(" y=\"").skip(1) {
            let y: f64 = part.split('"').next().unwrap().parse().unwrap();
            assert!((0.0..=HEIGHT).contains(&y), "{y}");
        }
    }

    #[test]
    fn lines_across_stand_at_round_numbers() {
        let steps = [(0.9, 0.2), (64.0, 20.0), (90_000.0, 20_000.0), (24_214.0, 5_000.0)];
        for (highest, expected) in steps {
            assert!((step(highest) - expected).abs() < 1e-9, "{highest}: {}", step(highest));
        }
    }
}
