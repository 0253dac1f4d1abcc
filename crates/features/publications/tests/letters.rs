//! Making, changing and dressing publications.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use i18n::Language;
use instance::Instance;
use publications::{
    NewPublication, Publication, PublicationError, all, change, create, dress, find, keys, sisters, tie,
};
use testkit::on_both;

fn new(slug: &str, language: &str) -> NewPublication {
    NewPublication {
        slug: slug.into(),
        name: format!("La {slug}"),
        from: "Ada <ada@letters.example>".into(),
        language: language.into(),
        ..NewPublication::default()
    }
}

async fn made(instance: &Instance, slug: &str, language: &str) -> Publication {
    create(instance, new(slug, language)).await.unwrap()
}

#[tokio::test]
async fn a_publication_is_kept_as_it_was_made_and_its_slug_is_its_own() {
    on_both(|house| async move {
        let instance = &house.instance;
        let gazette = made(instance, "gazette", "fr").await;
        assert_eq!(gazette.time_zone, "Europe/Paris");
        assert_eq!(find(instance, "gazette").await.unwrap(), Some(gazette.clone()));
        let again = create(instance, new("gazette", "en")).await;
        assert!(matches!(again, Err(PublicationError::Taken(slug)) if slug == "gazette"));
        assert_eq!(all(instance).await.unwrap().len(), 1);
        assert_eq!(gazette.url(instance, "/archive"), "https://letters.example/gazette/archive");
        assert_eq!(gazette.list_id(instance), "gazette.letters.example");
        gazette
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_a_publication_is_refused_with_a_sentence_and_nothing_is_kept() {
    on_both(|house| async move {
        let instance = &house.instance;
        let wrongs = [
            NewPublication { slug: "La Gazette".into(), ..new("x", "fr") },
            NewPublication { slug: "desk".into(), ..new("x", "fr") },
            NewPublication { name: "  ".into(), ..new("x", "fr") },
            NewPublication { from: "Ada".into(), ..new("x", "fr") },
            NewPublication { language: "de".into(), ..new("x", "fr") },
            NewPublication { time_zone: Some("Europe/Atlantis".into()), ..new("x", "fr") },
            NewPublication { reply_to: Some("nowhere".into()), ..new("x", "fr") },
        ];
        let mut sentences = Vec::new();
        for wrong in wrongs {
            sentences.push(create(instance, wrong).await.unwrap_err().to_string());
        }
        assert!(all(instance).await.unwrap().is_empty());
        assert!(sentences.iter().all(|sentence| sentence.len() > 20), "{sentences:?}");
        sentences
    })
    .await;
}

#[tokio::test]
async fn a_change_is_kept_whole() {
    on_both(|house| async move {
        let instance = &house.instance;
        let mut gazette = made(instance, "gazette", "fr").await;
        gazette.name = "La Grande Gazette".into();
        gazette.tagline = Some("Tous les jeudis".into());
        gazette.look.accent = "#b8402a".parse().unwrap();
        gazette.postal_address = Some("1 rue du Fil".into());
        change(instance, &gazette).await.unwrap();
        assert_eq!(find(instance, "gazette").await.unwrap(), Some(gazette.clone()));
        gazette.time_zone = "Nowhere".into();
        assert!(matches!(change(instance, &gazette).await, Err(PublicationError::TimeZone(_))));
        find(instance, "gazette").await.unwrap()
    })
    .await;
}

#[tokio::test]
async fn sisters_know_each_other_and_the_dress_shows_the_one_in_another_language() {
    on_both(|house| async move {
        let instance = &house.instance;
        let (french, english) = (made(instance, "goupille", "fr").await, made(instance, "pin", "en").await);
        tie(instance, french.id, english.id).await.unwrap();
        tie(instance, english.id, french.id).await.unwrap();
        assert_eq!(sisters(instance, english.id).await.unwrap(), vec![french.clone()]);
        let dress = dress(instance, &french).await.unwrap();
        assert_eq!(dress.other_languages[0].language, Some(Language::English));
        assert_eq!(dress.stylesheets, ["/goupille/look.css"]);
    })
    .await;
}

#[tokio::test]
async fn a_key_signs_for_its_domain_and_its_record_can_be_published() {
    on_both(|house| async move {
        let instance = &house.instance;
        assert!(keys::signer(instance, "letters.example").await.unwrap().is_none());
        let made = keys::create(instance, "letters.example", "s1").await.unwrap();
        assert!(matches!(
            keys::create(instance, "letters.example", "s1").await,
            Err(PublicationError::Key { .. })
        ));
        let kept = keys::signer(instance, "letters.example").await.unwrap().unwrap();
        assert_eq!(kept.dns_record().unwrap(), made.dns_record().unwrap());
        assert!(kept.dns_record().unwrap().starts_with("v=DKIM1; k=rsa; p=MII"));
        kept.dns_name()
    })
    .await;
}
