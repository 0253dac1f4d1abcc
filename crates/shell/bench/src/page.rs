//! What the bench shows: a table, and the same table in `docs/benchmarks.md`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::cell::Sent;

/// Where figures are kept.
pub(crate) const PAGE: &str = "docs/benchmarks.md";

/// The table in Markdown.
pub(crate) fn table(rows: &[Sent], signatures: Option<f64>) -> String {
    let mut head = vec![
        "readers",
        "KB a mail",
        "import/s",
        "mails/s",
        "by status",
        "bare client/s",
        "ratio",
        "µs user",
        "µs system",
        "bare",
        "sink",
        "peak MB",
    ];
    let source = rows.iter().any(|row| row.smtp_source.is_some());
    if source {
        head.push("smtp-source/s");
    }
    if signatures.is_some() {
        head.extend(["RSA-2048/s", "of what can be signed"]);
    }
    let mut text = format!("| {} |\n|{}\n", head.join(" | "), "---:|".repeat(head.len()));
    for row in rows {
        let mut cells = vec![
            thousands(row.readers as f64),
            format!("{:.1}", row.size / 1_000.0),
            thousands(row.import),
            thousands(row.rate),
            thousands(row.status_rate),
            thousands(row.bare),
            percent(row.rate / row.bare),
            format!("{:.0}", row.user),
            format!("{:.0}", row.system),
            format!("{:.0}", row.bare_cpu),
            format!("{:.0}", row.sink_cpu),
            format!("{:.1}", row.peak as f64 / 1e6),
        ];
        if source {
            cells.push(row.smtp_source.map_or_else(String::new, thousands));
        }
        if let Some(signatures) = signatures {
            cells.extend([thousands(signatures), percent(row.rate / signatures)]);
        }
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    text
}

/// `62 %`.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// `12,345`.
pub(crate) fn thousands(number: f64) -> String {
    let digits = format!("{:.0}", number.max(0.0));
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The day, the machine, and what makes the figures believable.
pub(crate) fn circumstances() -> String {
    let day = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    format!("{day}, on {}. Every reader exactly once, by the sink's log.", machine())
}

/// The processor and how many of its threads we see.
pub(crate) fn machine() -> String {
    let known = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = known.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    let model = model.map_or("unknown processor", |(_, name)| name.trim()).to_owned();
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kilobytes = memory.lines().find_map(|line| {
        line.strip_prefix("MemTotal:")?.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()
    });
    let memory =
        kilobytes.map_or_else(String::new, |kb| format!(", {} GB of memory", kb.div_ceil(1_000_000)));
    format!("{model}, {} cores{memory}", cores())
}

/// Cores that we may use.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Puts a section in its place on the page, or adds it at the end of the page.
pub(crate) fn write(page: &Path, name: &str, section: &str) -> Result<()> {
    let text = fs::read_to_string(page).with_context(|| format!("{} cannot be read", page.display()))?;
    let text = replaced(&text, name, section)?;
    fs::write(page, text).with_context(|| format!("{} cannot be written", page.display()))
}

fn replaced(text: &str, name: &str, section: &str) -> Result<String> {
    let (begin, end) = (format!("<!-- measured: {name} -->\n"), "<!-- end -->\n");
    let whole = format!("{begin}{}\n{end}", section.trim_end());
    let Some((before, rest)) = text.split_once(&begin) else {
        return Ok(format!("{}\n\n{whole}", text.trim_end()));
    };
    let Some((_, after)) = rest.split_once(end) else {
        bail!("the section {name:?} has no {} after it", end.trim());
    };
    Ok(format!("{before}{whole}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_easily() {
        let shown = [0.0, 999.4, 1_000.0, 123_456.7, 1_234_567.0].map(thousands);
        assert_eq!(shown, ["0", "999", "1,000", "123,457", "1,234,567"]);
    }

    #[test]
    fn a_section_is_replaced_and_a_new_one_is_added() {
        let page = "# Figures\n\n<!-- measured: a -->\nold\n<!-- end -->\n\nWords.\n";
        let written = replaced(page, "a", "new\n").unwrap();
        assert_eq!(written, "# Figures\n\n<!-- measured: a -->\nnew\n<!-- end -->\n\nWords.\n");
        let written = replaced(&written, "b", "more").unwrap();
        assert!(written.ends_with("Words.\n\n<!-- measured: b -->\nmore\n<!-- end -->\n"));
        assert!(replaced("<!-- measured: a -->\nopen", "a", "x").is_err());
    }

    #[test]
    fn a_table_has_the_limit_only_where_it_was_measured() {
        let row = Sent {
            readers: 10_000,
            size: 20_480.0,
            import: 50_000.0,
            rate: 6_000.0,
            status_rate: 5_500.0,
            bare: 10_000.0,
            smtp_source: None,
            user: 100.0,
            system: 50.0,
            bare_cpu: 60.0,
            sink_cpu: 80.0,
            peak: 40_000_000,
        };
        let plain = table(std::slice::from_ref(&row), None);
        assert!(
            plain.contains(
                "| 10,000 | 20.5 | 50,000 | 6,000 | 5,500 | 10,000 | 60 % | 100 | 50 | 60 | 80 | 40.0 |"
            ),
            "{plain}"
        );
        let signed = table(&[row], Some(7_000.0));
        assert!(signed.contains("| 7,000 | 86 % |"), "{signed}");
    }
}
