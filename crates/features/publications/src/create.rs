//! Making a publication.

use i18n::Language;
use instance::Instance;
use letter::Look;
use policy::delivery::InDoubtRule;
use store::{StoreError, params};
use wire::{Address, Mailbox};

use crate::model::{Publication, PublicationError, Slug};
use crate::{find, queries};

/// What a new publication needs; everything else can be changed later.
#[derive(Clone, Debug, Default)]
pub struct NewPublication {
    /// Its name in addresses; it stays.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Who signs: `Ada <ada@gazette.example>`.
    pub from: String,
    /// `fr` or `en`.
    pub language: String,
    /// A line under the name.
    pub tagline: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// Where answers go.
    pub reply_to: Option<String>,
    /// IANA name; Europe/Paris for a French letter, UTC otherwise, when absent.
    pub time_zone: Option<String>,
    /// Where it can be written to on paper.
    pub postal_address: Option<String>,
    /// How it looks.
    pub look: Option<Look>,
}

/// Makes a publication.
pub async fn create(instance: &Instance, new: NewPublication) -> Result<Publication, PublicationError> {
    let slug: Slug = new.slug.parse()?;
    let name = new.name.trim();
    if name.is_empty() {
        return Err(PublicationError::Name);
    }
    let from = sender(&new.from)?;
    let reply_to = new.reply_to.as_deref().map(reply_address).transpose()?;
    let language = language(&new.language)?;
    let zone = new.time_zone.unwrap_or_else(|| default_zone(language).to_owned());
    check_zone(&zone)?;
    let look = look_text(&new.look.unwrap_or_default());
    let values = params![
        slug.as_str(),
        name,
        new.tagline,
        new.description,
        from.name.clone(),
        from.address.as_str(),
        reply_to.as_ref().map(Address::as_str),
        language.tag(),
        &zone,
        new.postal_address,
        look,
        InDoubtRule::Resend.name(),
        instance.now_us(),
    ];
    match instance.store.write(queries::CREATE, values).await {
        Err(StoreError::Taken { .. }) => return Err(PublicationError::Taken(slug.to_string())),
        other => other?,
    };
    find::find(instance, slug.as_str()).await?.ok_or(PublicationError::Store(StoreError::Closed))
}

/// Names two publications as sisters of each other.
pub async fn tie(instance: &Instance, one: i64, other: i64) -> Result<(), PublicationError> {
    let both = vec![queries::TIE.with(params![one, other]), queries::TIE.with(params![other, one])];
    instance.store.transaction(both).await?;
    Ok(())
}

pub(crate) fn sender(text: &str) -> Result<Mailbox, PublicationError> {
    Mailbox::parse(text)
        .map_err(|error| PublicationError::Sender { text: text.to_owned(), why: error.to_string() })
}

pub(crate) fn reply_address(text: &str) -> Result<Address, PublicationError> {
    Address::parse(text)
        .map_err(|error| PublicationError::Sender { text: text.to_owned(), why: error.to_string() })
}

fn language(tag: &str) -> Result<Language, PublicationError> {
    Language::ALL
        .into_iter()
        .find(|language| language.tag() == tag.trim())
        .ok_or_else(|| PublicationError::Language(tag.to_owned()))
}

const fn default_zone(language: Language) -> &'static str {
    match language {
        Language::French => "Europe/Paris",
        Language::English => "UTC",
    }
}

pub(crate) fn check_zone(name: &str) -> Result<(), PublicationError> {
    jiff::tz::TimeZone::get(name).map(|_| ()).map_err(|_| PublicationError::TimeZone(name.to_owned()))
}

pub(crate) fn look_text(look: &Look) -> String {
    // A look is colours, a font and a logo: plain data that always has a JSON form.
    serde_json::to_string(look).unwrap_or_else(|_| "{}".to_owned())
}
