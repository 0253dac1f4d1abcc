//! The past of the demo, on both engines.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use audience::Audience;
use dispatch::{DispatchState, Kind};
use instance::{Config, Instance};
use policy::returns::Action;
use testkit::House;

/// Nobody listens there: what is filled in leaves nothing to a relay.
const RELAY: &str = "smtp://127.0.0.1:9";

async fn filled(house: &House) -> Instance {
    let config = Config { smtp_url: Some(RELAY.to_owned()), ..(*house.instance.config).clone() };
    let instance = Instance { config: Arc::new(config), ..house.instance.clone() };
    demo::fill(&instance).await.unwrap();
    instance
}

#[tokio::test(flavor = "multi_thread")]
async fn every_edition_has_its_dispatch_and_only_who_came_since_would_get_it() {
    let numbers = testkit::on_both(|house| async move {
        let instance = filled(&house).await;
        let mut numbers = Vec::new();
        for slug in ["la-goupille", "the-cotter-pin"] {
            let publication = publications::find(&instance, slug).await.unwrap().unwrap();
            let dispatches = dispatch::list(&instance, publication.id, 20, 0).await.unwrap();
            for (dispatch, edition, _) in dispatches.iter().filter(|(one, ..)| !one.is_open()) {
                assert_eq!(dispatch.state, DispatchState::Finished, "{edition}");
                let status = dispatch::status(&instance, dispatch.id).await.unwrap();
                assert_eq!(status.accepted + status.failed, status.readers, "{edition}");
                assert!(status.failed > 0, "{edition}");
                let to = &Audience::Everyone;
                let now =
                    dispatch::estimate(&instance, &publication, dispatch.edition_id, to, Kind::Edition).await;
                let already = now.unwrap().left_out.into_iter().find(|(reason, _)| reason == "already");
                numbers.push((edition.clone(), status.readers, status.failed, already));
            }
        }
        numbers
    })
    .await;
    assert_eq!(numbers.len(), 8);
    let of_main: Vec<i64> = numbers[..6].iter().map(|(_, readers, ..)| *readers).collect();
    assert!(of_main[0] > 4_500, "{of_main:?}");
    assert!(
        of_main.windows(2).all(|two| two[0] > two[1]),
        "each had more readers than the one before: {of_main:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_back_is_there_to_be_looked_at_and_the_log_of_proofs_holds() {
    let seen = testkit::on_both(|house| async move {
        let instance = filled(&house).await;
        let main = publications::find(&instance, "la-goupille").await.unwrap().unwrap();
        let counts = returns::counts(&instance, main.id, 0).await.unwrap();
        let letters = returns::replies(&instance, main.id, (i64::MAX, i64::MAX), 10).await.unwrap();
        let log = dispatch::proof::proofs(&instance).await.unwrap();
        assert!(log.whole, "{:?}", log.faults);
        assert!(
            letters.iter().all(|letter| letter.reader_id.is_some() && !letter.text.contains("> Pas moi"))
        );
        (counts, letters.len(), returns::unread(&instance, main.id).await.unwrap(), log.entries.len())
    })
    .await;
    let (counts, letters, unread, proofs) = seen;
    assert_eq!((letters, unread, proofs), (3, 2, 8));
    for action in Action::ALL.into_iter().filter(|action| *action != Action::None) {
        assert!(counts.iter().any(|(known, n)| *known == action && *n > 0), "{action:?}: {counts:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_filling_adds_nothing() {
    testkit::on_both(|house| async move {
        let instance = filled(&house).await;
        let main = publications::find(&instance, "la-goupille").await.unwrap().unwrap();
        let before = dispatch::list(&instance, main.id, 50, 0).await.unwrap().len();
        demo::fill(&instance).await.unwrap();
        assert_eq!(dispatch::list(&instance, main.id, 50, 0).await.unwrap().len(), before);
        let letters = returns::replies(&instance, main.id, (i64::MAX, i64::MAX), 10).await.unwrap();
        assert_eq!(letters.len(), 3);
    })
    .await;
}
