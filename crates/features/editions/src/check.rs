//! What an author would rather know before the edition leaves.

mod finding;
mod text;

use i18n::Language;
use instance::Instance;
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use letter::{CompiledLetter, PersonalSlot, Piece};
use publications::Publication;

use crate::find;
use crate::model::{Edition, EditionError, EditionState};
use crate::rendering::Rendering;

pub use finding::{Finding, Severity};

/// Bytes of mail HTML above which Gmail clips the end, where one unsubscribes. Testers saw 102 to 105 KB.
pub const CLIPPED: usize = 102 * 1024;
/// Bytes of mail HTML that leave room for what relays and programs add.
pub const HEAVY: usize = 90 * 1024;
/// Letters of a subject that inboxes on a desk show; phones show about half.
const SUBJECT: usize = 70;
/// Days after which "as of" is no longer news.
const DAYS_OLD: i64 = 7;

/// Looks an edition through. Errors keep it from leaving, warnings do not. Errors come first, each kind in the order
/// of reading.
pub async fn check(
    instance: &Instance,
    publication: &Publication,
    edition: &Edition,
) -> Result<Vec<Finding>, EditionError> {
    let edition = find::foreseen(instance, edition).await?;
    Ok(look_through(instance, publication, &edition, &Rendering::of(instance, publication, &edition)))
}

/// The same for an edition whose rendering is at hand.
pub(crate) fn look_through(
    instance: &Instance,
    publication: &Publication,
    edition: &Edition,
    rendering: &Rendering,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    head(edition, rendering, &mut findings);
    let words = rendering.text().render_for_nobody();
    text::look(rendering.document(), &words, &instance.config.base_url, &mut findings);
    slots(rendering, &mut findings);
    moment(instance, publication, edition, &mut findings);
    weight(rendering, &mut findings);
    if publication.postal_address.as_deref().is_none_or(|address| address.trim().is_empty()) {
        findings.push(Finding::warning("postal"));
    }
    if matches!(edition.state, EditionState::Sending | EditionState::Sent) {
        findings.push(Finding::warning("sent"));
    }
    // Stable: within a severity, the order of reading stays.
    findings.sort_by_key(|finding| finding.severity);
    findings
}

/// Title, subject and preheader, and whether there is anything below them.
fn head(edition: &Edition, rendering: &Rendering, findings: &mut Vec<Finding>) {
    let front = &rendering.document().front;
    if front.title.trim().is_empty() {
        findings.push(Finding::error("title").at("title"));
    }
    if document::words(&edition.document) == 0 {
        findings.push(Finding::error("empty"));
    }
    if let Err(problems) = document::read(&edition.markdown()) {
        findings.extend(problems.into_iter().map(Finding::problem));
    }
    let length = rendering.subject().render_for_nobody().chars().count();
    if length > SUBJECT {
        findings.push(Finding::warning("subject").at("subject").counting(length));
    }
    if front.preheader.as_deref().is_none_or(|line| line.trim().is_empty()) {
        findings.push(Finding::warning("preheader").at("preheader"));
    }
}

/// Slots that leave a hole for readers of whom that is not known.
fn slots(rendering: &Rendering, findings: &mut Vec<Finding>) {
    let mut bare = Vec::new();
    for template in [rendering.subject(), rendering.preheader(), rendering.mail()] {
        bare_slots(template.pieces(), &mut bare);
    }
    findings.extend(bare.into_iter().map(|slot| Finding::warning("slot").at(format!("{{{slot}}}"))));
}

fn bare_slots(pieces: &[Piece], bare: &mut Vec<&'static str>) {
    for piece in pieces {
        match piece {
            Piece::Run(_) => {}
            Piece::Only { pieces, .. } => bare_slots(pieces, bare),
            Piece::Slot(used) => {
                let name = match used.slot {
                    PersonalSlot::FirstName => document::Slot::FirstName.name(),
                    PersonalSlot::LastName => document::Slot::LastName.name(),
                    PersonalSlot::Name => document::Slot::Name.name(),
                    // Every reader has an address, and every letter its tokens.
                    _ => continue,
                };
                let empty = used.fallback.as_deref().is_none_or(|fallback| fallback.trim().is_empty());
                if empty && !bare.contains(&name) {
                    bare.push(name);
                }
            }
        }
    }
}

/// Whether the as-of time is there and still fresh.
fn moment(instance: &Instance, publication: &Publication, edition: &Edition, findings: &mut Vec<Finding>) {
    if edition.is_public() {
        return;
    }
    let Some(text) = edition.document.front.written_at.as_deref() else {
        findings.push(Finding::warning("undated").at("written_at"));
        return;
    };
    let leaves = edition.scheduled_at.and_then(|at| Timestamp::from_microsecond(at).ok());
    let leaves = leaves.unwrap_or_else(|| instance.now());
    let Some(written) = instant(text, publication) else { return };
    let age = leaves.duration_since(written);
    if age > SignedDuration::from_hours(24 * DAYS_OLD) {
        findings.push(
            Finding::warning("old").at("written_at").counting(age.as_hours().unsigned_abs() as usize / 24),
        );
    } else if age < SignedDuration::ZERO {
        findings.push(Finding::warning("future").at("written_at"));
    }
}

/// A time with an offset, or one of the publication's own clock.
fn instant(text: &str, publication: &Publication) -> Option<Timestamp> {
    let text = text.trim();
    text.parse::<Timestamp>().ok().or_else(|| {
        let civil = text.parse::<DateTime>().ok()?;
        publication.zone().to_timestamp(civil).ok()
    })
}

/// What inboxes cut off, and what does not compile.
fn weight(rendering: &Rendering, findings: &mut Vec<Finding>) {
    let (mail, text) = (rendering.mail(), rendering.text());
    let size = mail.size();
    if size > CLIPPED {
        findings
            .push(Finding::error("clipped").at(i18n::bytes(Language::English, size as u64)).counting(size));
    } else if size > HEAVY {
        findings
            .push(Finding::warning("heavy").at(i18n::bytes(Language::English, size as u64)).counting(size));
    }
    if CompiledLetter::compile(&text, &mail, "check").is_err() {
        findings.push(Finding::error("segments").counting(mail.segments().len()));
    }
}
