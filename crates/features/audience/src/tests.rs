//! Stories, each told on both engines.

mod consent;
mod files;
mod plans;
mod routes;
mod segments;

use i18n::Language;
use instance::Instance;
use policy::subscription::SubscriptionState;
use publications::{NewPublication, Publication};
use store::{Query, params};
use testkit::House;
use wire::Address;

use crate::consent::Proof;
use crate::model::{Form, Reader};
use crate::{Request, by_email, subscribe, subscription, waiting};

/// What became of the notices, which belong to another slice: only their number is looked at.
const NOTICES: Query = Query::new("audience.test_notices", "SELECT COUNT(*) FROM notices");

pub(super) async fn gazette(house: &House) -> Publication {
    publication(house, "gazette").await
}

pub(super) async fn publication(house: &House, slug: &str) -> Publication {
    let new = NewPublication {
        slug: slug.into(),
        name: format!("La {slug}"),
        from: "Ada <ada@gazette.example>".into(),
        language: "fr".into(),
        ..NewPublication::default()
    };
    publications::create(&house.instance, new).await.unwrap()
}

pub(super) fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

pub(super) async fn ask(instance: &Instance, publication: &Publication, email: &str) {
    let request = Request {
        email: &address(email),
        first_name: Some("Zoé"),
        language: Some(Language::French),
        wording: "Je m'abonne",
        form: Form::Page,
        network: Some("203.0.113.0/24"),
    };
    subscribe(instance, publication, request).await.unwrap();
}

pub(super) const PROOF: Proof<'static> =
    Proof { wording: "Oui, je m'abonne", form: Form::Confirm, network: Some("203.0.113.0/24") };

pub(super) async fn reader(instance: &Instance, email: &str) -> Reader {
    by_email(instance, &address(email)).await.unwrap().unwrap()
}

/// Asks and confirms.
pub(super) async fn active(instance: &Instance, publication: &Publication, email: &str) -> Reader {
    ask(instance, publication, email).await;
    let reader = reader(instance, email).await;
    let url = crate::confirm_url(instance, publication.id, reader.id);
    let waiting = waiting(instance, url.rsplit('/').next().unwrap()).await.unwrap().unwrap();
    crate::confirm(instance, &waiting, PROOF).await.unwrap();
    reader
}

pub(super) async fn state(
    instance: &Instance,
    publication: &Publication,
    reader: &Reader,
) -> Option<SubscriptionState> {
    subscription(instance, publication.id, reader.id).await.unwrap().map(|found| found.state)
}

pub(super) async fn notices(instance: &Instance) -> i64 {
    instance.store.read_one(NOTICES, params![]).await.unwrap().unwrap().int(0).unwrap()
}
