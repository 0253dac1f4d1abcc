//! What stands in the text: marks of unfinished work, addresses, pictures, the order of headings.

use document::{Block, Document, Inline, Seen, plain_text};

use super::Finding;

/// What authors leave where something is still to come. "TK" has been the printers' mark for it for a century.
const UNFINISHED: [&str; 4] = ["TK", "TKTK", "TODO", "XXX"];
/// Words that say nothing about a picture.
const POOR: [&str; 12] = [
    "alt",
    "cover",
    "couverture",
    "figure",
    "illustration",
    "image",
    "img",
    "logo",
    "photo",
    "photograph",
    "picture",
    "screenshot",
];
/// Endings of file names.
const FILES: [&str; 7] = [".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif"];

/// Looks through the text. `mail` is the edition as text, which also has the words of its cards; `base` is the
/// instance's own address, which need not be https on a desk.
pub(super) fn look(document: &Document, mail: &str, base: &str, findings: &mut Vec<Finding>) {
    let front = &document.front;
    let lines =
        [Some(front.title.as_str()), front.subject.as_deref(), front.preheader.as_deref(), Some(mail)];
    lines.into_iter().flatten().for_each(|line| unfinished(line, findings));
    let mut level = 1;
    document::visit(&document.blocks, &mut |seen| match seen {
        Seen::Inline(Inline::Text { text }) => unfinished(text, findings),
        Seen::Inline(Inline::Image { src, alt, .. }) => alternative(src, alt, findings),
        Seen::Block(Block::Image(image)) => alternative(&image.src, &image.alt, findings),
        Seen::Block(Block::Heading { level: own, content }) => {
            // The title is the only heading of the first level.
            let own = (*own).max(2);
            if own > level + 1 {
                add(Finding::warning("heading").at(plain_text(content)).counting(usize::from(own)), findings);
            }
            level = own;
        }
        _ => {}
    });
    let pictures = document::images(document).into_iter().map(|(src, _)| src);
    document::links(document).into_iter().chain(pictures).for_each(|it| address(&it, base, findings));
}

fn unfinished(text: &str, findings: &mut Vec<Finding>) {
    // An address may spell anything.
    let words = text.split_whitespace().filter(|word| !word.contains("://"));
    let mut words = words.flat_map(|word| word.split(|letter: char| !letter.is_alphanumeric()));
    if let Some(mark) = words.find(|word| UNFINISHED.contains(word)) {
        add(Finding::error("unfinished").at(mark), findings);
    }
}

fn address(address: &str, base: &str, findings: &mut Vec<Finding>) {
    let address = address.trim();
    let own = !base.is_empty()
        && address.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let starts =
        |scheme: &str| address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    if own || starts("https://") || starts("mailto:") || starts("tel:") || address.starts_with('#') {
        return;
    }
    let key = if starts("http://") { "insecure" } else { "relative" };
    add(Finding::warning(key).at(address), findings);
}

fn alternative(src: &str, alt: &str, findings: &mut Vec<Finding>) {
    let said = alt.trim().to_lowercase();
    if said.is_empty() {
        add(Finding::warning("silent").at(src), findings);
    } else if POOR.contains(&said.as_str()) || FILES.iter().any(|ending| said.ends_with(ending)) {
        add(Finding::warning("poor").at(alt.trim()), findings);
    }
}

/// The same thing is said once, however often it occurs.
fn add(finding: Finding, findings: &mut Vec<Finding>) {
    if !findings.contains(&finding) {
        findings.push(finding);
    }
}
