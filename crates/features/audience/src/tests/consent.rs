//! Asking, confirming, leaving, forgetting.

use policy::subscription::SubscriptionState as S;
use policy::suppressions::{Reason, Scope};
use testkit::on_both;

use super::{PROOF, active, address, ask, gazette, notices, publication, reader, state};
use crate::{AudienceError, Form, Proof, Way, Wish, Wishes, consents, delete, suppressions, unsubscribe};

const DAY: i64 = 24 * 3600 * 1_000_000;

fn token(url: &str) -> &str {
    url.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn a_subscription_waits_until_the_mailbox_has_answered_and_the_proof_is_kept() {
    on_both(|house| async move {
        let instance = &house.instance;
        let gazette = gazette(&house).await;
        ask(instance, &gazette, "Ada@Letters.example").await;
        let ada = reader(instance, "ada@letters.example").await;
        assert_eq!(ada.email.as_str(), "Ada@letters.example");
        assert_eq!(state(instance, &gazette, &ada).await, Some(S::Pending));
        assert_eq!(notices(instance).await, 1);
        let url = crate::confirm_url(instance, gazette.id, ada.id);
        let waiting = crate::waiting(instance, token(&url)).await.unwrap().unwrap();
        assert_eq!(state(instance, &gazette, &ada).await, Some(S::Pending), "looking changes nothing");
        crate::confirm(instance, &waiting, PROOF).await.unwrap();
        crate::confirm(instance, &waiting, PROOF).await.unwrap();
        assert_eq!(state(instance, &gazette, &ada).await, Some(S::Active));
        let proofs = consents(instance, ada.id).await.unwrap();
        let acts: Vec<_> = proofs.iter().map(|proof| (proof.act.as_str(), proof.wording.as_str())).collect();
        assert_eq!(acts, [("asked", "Je m'abonne"), ("confirmed", "Oui, je m'abonne")]);
        assert_eq!(proofs[1].network.as_deref(), Some("203.0.113.0/24"));
        let kept = crate::kept(instance, &ada).await.unwrap();
        assert_eq!(kept["subscriptions"][0]["state"], "active");
        assert_eq!(kept["consents"].as_array().unwrap().len(), 2);
        acts.len()
    })
    .await;
}

#[tokio::test]
async fn a_mailbox_is_asked_once_a_day_over_all_publications_and_spellings() {
    on_both(|house| async move {
        let instance = &house.instance;
        let (one, two) = (gazette(&house).await, publication(&house, "revue").await);
        ask(instance, &one, "ada@gmail.com").await;
        ask(instance, &one, "ada@gmail.com").await;
        ask(instance, &two, "ada@gmail.com").await;
        ask(instance, &two, "a.d.a+news@gmail.com").await;
        assert_eq!(notices(instance).await, 1);
        instance.clock.advance(DAY);
        ask(instance, &two, "ada@gmail.com").await;
        ask(instance, &two, "ada@gmail.com").await;
        assert_eq!(notices(instance).await, 2);
        let ada = active(instance, &one, "ada@gmail.com").await;
        instance.clock.advance(DAY);
        ask(instance, &one, "ada@gmail.com").await;
        assert_eq!(notices(instance).await, 2, "who reads the letter is not asked again");
        state(instance, &one, &ada).await
    })
    .await;
}

#[tokio::test]
async fn leaving_is_done_at_once_and_an_old_link_does_not_undo_it() {
    on_both(|house| async move {
        let instance = &house.instance;
        let gazette = gazette(&house).await;
        let ada = active(instance, &gazette, "ada@letters.example").await;
        let url = crate::unsubscribe_url(instance, gazette.id, ada.id);
        let way = Way::of(instance, token(&url)).await.unwrap().unwrap();
        let proof = Proof { wording: "List-Unsubscribe=One-Click", form: Form::OneClick, network: None };
        unsubscribe(instance, &way, proof).await.unwrap();
        unsubscribe(instance, &way, proof).await.unwrap();
        assert_eq!(state(instance, &gazette, &ada).await, Some(S::Ended));
        let standing = suppressions(instance, &ada.email).await.unwrap();
        assert_eq!(standing.len(), 1);
        assert_eq!(
            (standing[0].scope, standing[0].reason),
            (Scope::Publication(gazette.id), Reason::Unsubscribed)
        );
        let url = crate::confirm_url(instance, gazette.id, ada.id);
        let waiting = crate::waiting(instance, token(&url)).await.unwrap().unwrap();
        assert!(matches!(crate::confirm(instance, &waiting, PROOF).await, Err(AudienceError::Move(_))));
        instance.clock.advance(DAY);
        ask(instance, &gazette, "ada@letters.example").await;
        assert_eq!(suppressions(instance, &ada.email).await.unwrap().len(), 1, "asking lifts nothing");
        crate::confirm(instance, &waiting, PROOF).await.unwrap();
        assert_eq!(suppressions(instance, &ada.email).await.unwrap(), []);
        assert!(Way::of(instance, "AQIRgarbage").await.unwrap().is_none());
        state(instance, &gazette, &ada).await
    })
    .await;
}

#[tokio::test]
async fn a_reader_decides_about_each_publication_by_their_own_link() {
    on_both(|house| async move {
        let instance = &house.instance;
        let (one, two) = (gazette(&house).await, publication(&house, "revue").await);
        publications::tie(instance, one.id, two.id).await.unwrap();
        let ada = active(instance, &one, "ada@letters.example").await;
        let mut wishes = Wishes {
            first_name: "  Ada ".into(),
            last_name: "Lovelace".into(),
            language: Some(i18n::Language::English),
            publications: vec![(one.id, Wish::Pause), (two.id, Wish::Receive), (99, Wish::Receive)],
        };
        let proof = Proof { form: Form::Preferences, ..PROOF };
        crate::decide(instance, &one, &ada, &wishes, proof).await.unwrap();
        let mut seen = vec![state(instance, &one, &ada).await, state(instance, &two, &ada).await];
        let ada = reader(instance, "ada@letters.example").await;
        assert_eq!((ada.first_name.as_deref(), ada.language.as_deref()), (Some("Ada"), Some("en")));
        wishes.publications = vec![(one.id, Wish::Receive), (two.id, Wish::Leave)];
        crate::decide(instance, &one, &ada, &wishes, proof).await.unwrap();
        seen.extend([state(instance, &one, &ada).await, state(instance, &two, &ada).await]);
        wishes.publications = vec![(two.id, Wish::Pause)];
        crate::decide(instance, &one, &ada, &wishes, proof).await.unwrap();
        seen.push(state(instance, &two, &ada).await);
        assert_eq!(seen, [S::Paused, S::Active, S::Active, S::Ended, S::Paused].map(Some));
        assert_eq!(suppressions(instance, &ada.email).await.unwrap(), []);
        seen
    })
    .await;
}

#[tokio::test]
async fn what_is_deleted_is_gone_but_for_a_hash_that_keeps_the_address_out() {
    on_both(|house| async move {
        let instance = &house.instance;
        let (one, two) = (gazette(&house).await, publication(&house, "revue").await);
        let ada = active(instance, &one, "ada@letters.example").await;
        let unsubscribe_url = crate::unsubscribe_url(instance, one.id, ada.id);
        delete(instance, &ada).await.unwrap();
        assert!(crate::by_id(instance, ada.id).await.unwrap().is_none());
        assert!(crate::by_email(instance, &ada.email).await.unwrap().is_none());
        assert_eq!(consents(instance, ada.id).await.unwrap(), []);
        assert_eq!(state(instance, &one, &ada).await, None);
        assert_eq!(notices(instance).await, 0);
        let standing = suppressions(instance, &ada.email).await.unwrap();
        assert_eq!((standing[0].scope, standing[0].reason), (Scope::Everywhere, Reason::Deleted));
        let way = Way::of(instance, token(&unsubscribe_url)).await.unwrap().unwrap();
        unsubscribe(instance, &way, PROOF).await.unwrap();
        // Nobody takes the number of a deleted reader, and with it their links.
        let other = active(instance, &one, "zoe@letters.example").await;
        assert_ne!(other.id, ada.id);
        // The reader's own wish, and nothing else, opens the door again: here, not elsewhere.
        instance.clock.advance(DAY);
        let again = active(instance, &one, "ada@letters.example").await;
        let standing = suppressions(instance, &again.email).await.unwrap();
        let standing: Vec<_> = standing.into_iter().map(|found| (found.scope, found.reason)).collect();
        assert_eq!(standing, [(Scope::Publication(two.id), Reason::Deleted)]);
        standing.len()
    })
    .await;
}

#[tokio::test]
async fn the_author_keeps_an_address_out_and_the_stronger_reason_stays() {
    on_both(|house| async move {
        let instance = &house.instance;
        let gazette = gazette(&house).await;
        let ada = active(instance, &gazette, "ada@letters.example").await;
        crate::end(instance, &gazette, &ada, "Retirer").await.unwrap();
        let scope = Scope::Publication(gazette.id);
        crate::suppress(instance, &ada.email, scope, Reason::Imported).await.unwrap();
        let reason = |found: Vec<crate::Suppressed>| found.first().map(|found| found.reason);
        assert_eq!(reason(suppressions(instance, &ada.email).await.unwrap()), Some(Reason::Manual));
        crate::suppress(instance, &ada.email, scope, Reason::Complaint).await.unwrap();
        assert_eq!(reason(suppressions(instance, &ada.email).await.unwrap()), Some(Reason::Complaint));
        assert_eq!(crate::suppressed(instance, gazette.id).await.unwrap(), 1);
        crate::lift_suppression(instance, &address("ada@letters.example"), scope).await.unwrap();
        assert_eq!(suppressions(instance, &ada.email).await.unwrap(), []);
        state(instance, &gazette, &ada).await
    })
    .await;
}

#[tokio::test]
async fn a_flood_from_one_network_is_told_to_wait() {
    on_both(|house| async move {
        let instance = &house.instance;
        let gazette = gazette(&house).await;
        for number in 0..10 {
            ask(instance, &gazette, &format!("r{number}@letters.example")).await;
        }
        let email = address("r10@letters.example");
        let request = |network| crate::Request {
            email: &email,
            first_name: None,
            language: None,
            wording: "Je m'abonne",
            form: Form::Page,
            network,
        };
        let refused = crate::subscribe(instance, &gazette, request(Some("203.0.113.0/24"))).await;
        let Err(AudienceError::Wait(seconds)) = refused else { panic!("{refused:?}") };
        assert_eq!(seconds, 360);
        crate::subscribe(instance, &gazette, request(Some("198.51.100.0/24"))).await.unwrap();
        instance.clock.advance(361_000_000);
        crate::subscribe(instance, &gazette, request(Some("203.0.113.0/24"))).await.unwrap();
        notices(instance).await
    })
    .await;
}
