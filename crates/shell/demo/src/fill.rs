//! Filling a demo with what is not there yet; each step looks first, so that a start that was killed is completed by
//! the next.

use std::io::Cursor;

use audience::Audience;
use audience::import::Options;
use dispatch::DispatchError;
use i18n::Language;
use instance::Instance;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use letter::Look;
use policy::segment::Condition;
use publications::{NewPublication, Publication};

use crate::DemoError;
use crate::content::{self, Letter, Returns, TEXTS, Text};
use crate::past;
use crate::readers::{self, SampleReader};

/// How long the printed link signs in.
const LINK_MINUTES: u32 = 24 * 60;
const WEEK_US: i64 = 7 * 86_400 * 1_000_000;
/// The segments, each a tag.
const SEGMENTS: &[(&str, &str, &str)] = &[
    ("podcast", "Auditeurs du podcast", "podcast"),
    ("villes", "Curieux des villes", "villes"),
    ("presse", "La presse", "presse"),
];

/// A demo that is filled.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Signs the owner in, once.
    pub sign_in: String,
}

/// Fills an instance, and makes a link for its owner.
pub async fn fill(instance: &Instance) -> Result<Sample, DemoError> {
    let letters = content::letters()?;
    let mut publications = Vec::with_capacity(letters.len());
    for letter in &letters {
        publications.push(publication(instance, letter).await?);
    }
    tie(instance, &letters, &publications).await?;
    if let Some(main) = publications.first() {
        segments(instance, main).await?;
    }
    // Importing twice adds nobody, so a folder that has its owner is not asked again.
    let readers = match accounts::exists(instance).await? {
        true => Vec::new(),
        false => readers::all(&content::names()?),
    };
    let returns = content::returns()?;
    for (place, publication) in publications.iter().enumerate() {
        // Everybody reads the first, some read its sister too.
        let own = readers.iter().filter(|one| place == 0 || one.both).collect();
        history(instance, publication, own, &returns).await?;
    }
    if let Some(main) = publications.first() {
        first_dispatch(instance, main).await?;
    }
    Ok(Sample { sign_in: owner(instance).await? })
}

async fn publication(instance: &Instance, letter: &Letter) -> Result<Publication, DemoError> {
    if let Some(publication) = publications::find(instance, &letter.slug).await? {
        return Ok(publication);
    }
    let accent = letter
        .accent
        .parse()
        .map_err(|error: letter::NotAColour| DemoError::Content("publications.toml", error.to_string()))?;
    let new = NewPublication {
        slug: letter.slug.clone(),
        name: letter.name.clone(),
        from: letter.from.clone(),
        language: letter.language.clone(),
        tagline: Some(letter.tagline.clone()),
        description: Some(letter.description.trim().to_owned()),
        reply_to: Some(letter.reply_to.clone()),
        time_zone: Some(letter.time_zone.clone()),
        postal_address: Some(letter.postal_address.clone()),
        look: Some(Look { accent, ..Look::default() }),
    };
    Ok(publications::create(instance, new).await?)
}

async fn tie(instance: &Instance, letters: &[Letter], publications: &[Publication]) -> Result<(), DemoError> {
    for (letter, publication) in letters.iter().zip(publications) {
        let known = publications::sisters(instance, publication.id).await?;
        for sister in
            publications.iter().filter(|other| letter.sisters.iter().any(|slug| slug == other.slug.as_str()))
        {
            if !known.iter().any(|one| one.id == sister.id) {
                publications::tie(instance, publication.id, sister.id).await?;
            }
        }
    }
    Ok(())
}

async fn segments(instance: &Instance, publication: &Publication) -> Result<(), DemoError> {
    for (slug, name, tag) in SEGMENTS {
        if audience::segment(instance, publication.id, slug).await?.is_none() {
            let condition = Condition::Tag { tag: (*tag).to_owned() };
            audience::create_segment(instance, publication.id, slug, name, &condition).await?;
        }
    }
    Ok(())
}

/// Readers come and editions leave, in the order of time; then the drafts, and whoever came since.
async fn history(
    instance: &Instance,
    publication: &Publication,
    mut readers: Vec<&SampleReader>,
    returns: &Returns,
) -> Result<(), DemoError> {
    let texts: Vec<&Text> =
        TEXTS.iter().filter(|text| publication.slug.as_str() == text.publication).collect();
    let (zone, now) = (publication.zone(), instance.now_us());
    let weeks = weeks_since_the_texts(now)?;
    let kept = editions::list(instance, publication.id, 1).await?.1;
    let new = texts.into_iter().skip(usize::try_from(kept).unwrap_or_default());
    for text in new {
        let markdown = text.markdown(&instance.config.base_url, weeks)?;
        if text.is_draft() {
            editions::create(instance, publication, &markdown).await?;
            continue;
        }
        let as_dated = text.left_at(&zone, 0)?;
        let (known, later) = readers.into_iter().partition(|one| one.since.as_microsecond() <= as_dated);
        readers = later;
        let then = past::at(instance, text.left_at(&zone, weeks)?);
        import(&then, publication, known, weeks).await?;
        let edition = editions::create(&then, publication, &markdown).await?;
        past::send(&then, publication, &edition, returns, now).await?;
    }
    import(instance, publication, readers, weeks).await
}

/// So many weeks later than it says each text is sent, and each reader comes: the newest left last Thursday.
fn weeks_since_the_texts(now: i64) -> Result<i64, DemoError> {
    let mut newest = i64::MIN;
    for letter in content::letters()? {
        let zone = TimeZone::get(&letter.time_zone);
        let zone = zone.map_err(|error| DemoError::Content("publications.toml", error.to_string()))?;
        for text in TEXTS.iter().filter(|text| text.publication == letter.slug && !text.is_draft()) {
            newest = newest.max(text.left_at(&zone, 0)?);
        }
    }
    Ok((now - newest).div_euclid(WEEK_US))
}

async fn import(
    instance: &Instance,
    publication: &Publication,
    readers: Vec<&SampleReader>,
    weeks: i64,
) -> Result<(), DemoError> {
    if readers.is_empty() {
        return Ok(());
    }
    let later = SignedDuration::from_micros(weeks * WEEK_US);
    let csv = readers::csv(readers.into_iter(), later, instance.now());
    let file = Cursor::new(csv.into_bytes());
    let options = Options { source: "demo".to_owned(), language: publication.language, ..Options::default() };
    audience::import(instance, publication, file, options).await?;
    Ok(())
}

/// The newest edition to those who came since it left, so that something is on its way and the catcher has something
/// to show.
async fn first_dispatch(instance: &Instance, publication: &Publication) -> Result<(), DemoError> {
    let Some(newest) = editions::recent(instance, publication.id, 1).await?.into_iter().next() else {
        return Ok(());
    };
    let dispatches = dispatch::list(instance, publication.id, 2, 0).await?;
    if dispatches.iter().filter(|(one, ..)| one.edition_id == newest.id).count() > 1 {
        return Ok(());
    }
    match dispatch::create(instance, publication, &newest, &Audience::Everyone, None).await {
        Ok(_) | Err(DispatchError::Nobody(_)) => Ok(()),
        Err(other) => Err(other.into()),
    }
}

async fn owner(instance: &Instance) -> Result<String, DemoError> {
    let owner = match accounts::owner(instance).await? {
        Some(owner) => owner,
        None => {
            // Nobody knows this one; the printed link opens the door.
            let password: String = instance.random::<32>().iter().map(|byte| format!("{byte:02x}")).collect();
            let name = "Maud Vireloup";
            accounts::create_owner(instance, "maud@goupille.example", name, &password, Language::French)
                .await?
        }
    };
    Ok(accounts::sign_in_link(instance, owner.id, LINK_MINUTES).await?)
}
