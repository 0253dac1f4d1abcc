//! Filling a demo with what is not there yet; each step looks first, so that a start that was killed is completed by
//! the next.

use std::io::Cursor;

use audience::Audience;
use audience::import::Options;
use i18n::Language;
use instance::Instance;
use letter::Look;
use policy::segment::Condition;
use publications::{NewPublication, Publication};

use crate::DemoError;
use crate::content::{self, Letter, TEXTS, Text};
use crate::readers::{self, SampleReader};

/// How long the printed link signs in.
const LINK_MINUTES: u32 = 24 * 60;
const WEEK_US: i64 = 7 * 86_400 * 1_000_000;
/// A segment small enough that its mails are in the catcher before somebody looks.
const SMALL: &str = "presse";
/// The segments, each a tag.
const SEGMENTS: &[(&str, &str, &str)] = &[
    ("podcast", "Auditeurs du podcast", "podcast"),
    ("villes", "Curieux des villes", "villes"),
    (SMALL, "La presse", "presse"),
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
        people(instance, main, publications.get(1)).await?;
    }
    for publication in &publications {
        editions(instance, publication).await?;
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

/// Importing twice adds nobody, so a folder that has its owner is not asked again.
async fn people(
    instance: &Instance,
    main: &Publication,
    sister: Option<&Publication>,
) -> Result<(), DemoError> {
    if accounts::exists(instance).await? {
        return Ok(());
    }
    let all = readers::all(&content::names()?);
    import(instance, main, all.iter()).await?;
    if let Some(sister) = sister {
        import(instance, sister, all.iter().filter(|one| one.both)).await?;
    }
    Ok(())
}

async fn import<'a>(
    instance: &Instance,
    publication: &Publication,
    readers: impl Iterator<Item = &'a SampleReader>,
) -> Result<(), DemoError> {
    let file = Cursor::new(readers::csv(readers).into_bytes());
    let options = Options { source: "demo".to_owned(), language: publication.language, ..Options::default() };
    audience::import(instance, publication, file, options).await?;
    Ok(())
}

async fn editions(instance: &Instance, publication: &Publication) -> Result<(), DemoError> {
    let texts: Vec<&Text> =
        TEXTS.iter().filter(|text| publication.slug.as_str() == text.publication).collect();
    let zone = publication.zone();
    let mut newest = i64::MIN;
    for text in texts.iter().filter(|text| !text.is_draft()) {
        newest = newest.max(text.left_at(&zone)?);
    }
    // On a machine whose clock is behind the texts, all of them move back by whole weeks.
    let ahead = newest.saturating_sub(instance.now_us()).max(0);
    let back = (ahead + WEEK_US - 1) / WEEK_US * WEEK_US;
    let kept = editions::list(instance, publication.id, 1).await?.1;
    for text in texts.into_iter().skip(usize::try_from(kept).unwrap_or_default()) {
        let edition =
            editions::create(instance, publication, &text.markdown(&instance.config.base_url)).await?;
        if !text.is_draft() {
            editions::start_sending(instance, edition.id, text.left_at(&zone)? - back).await?;
            editions::finish_sending(instance, edition.id).await?;
        }
    }
    Ok(())
}

/// The newest edition once more to a few readers, so that the ledger and the catcher have something to show.
async fn first_dispatch(instance: &Instance, publication: &Publication) -> Result<(), DemoError> {
    if !dispatch::list(instance, publication.id, 1, 0).await?.is_empty() {
        return Ok(());
    }
    if let Some(newest) = editions::recent(instance, publication.id, 1).await?.first() {
        let few = Audience::Segment(SMALL.to_owned());
        dispatch::create(instance, publication, newest, &few, None).await?;
    }
    Ok(())
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
