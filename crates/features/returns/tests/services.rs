//! Every sending service that we know, from its signed request down to the rows.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod house;
/// Requests as the services sign them.
#[path = "../../../pure/webhooks/tests/sign/mod.rs"]
mod sign;

use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use house::{Story, hard_bounce, story};
use instance::Instance;
use returns::{Fetch, Fetched};
use serde_json::Value;
use sign::Signed;
use testkit::{House, MORNING, on_both};
use tower::ServiceExt;
use url::Url;
use webhooks::Provider;

/// The services' own machines: the certificate lies there, and a topic is confirmed there.
#[derive(Default)]
struct Services(Mutex<Vec<String>>);

impl Fetch for Services {
    fn get<'a>(&'a self, url: &'a Url) -> Fetched<'a> {
        self.0.lock().unwrap().push(url.to_string());
        Box::pin(async { Ok(sign::CERTIFICATE.to_vec()) })
    }
}

async fn post(instance: &Instance, services: &Arc<dyn Fetch>, signed: &Signed) -> (StatusCode, String) {
    let path = format!("/hooks/{}", signed.provider);
    let mut request = Request::builder().method("POST").uri(path);
    for (name, value) in &signed.headers {
        request = request.header(name, value);
    }
    if let Some((user, password)) = &signed.user {
        let encoded = data_encoding::BASE64.encode(format!("{user}:{password}").as_bytes());
        request = request.header("authorization", format!("Basic {encoded}"));
    }
    let request = request.body(Body::from(signed.body.clone())).unwrap();
    let app = returns::routes(Arc::clone(services)).with_state(instance.clone());
    let response = app.oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

/// The story on an instance that shares these secrets with the services.
async fn trusting(house: &House, secrets: impl IntoIterator<Item = (Provider, String)>) -> Story {
    let mut story = story(house).await;
    let mut config = (*story.instance.config).clone();
    config.returns.webhooks =
        secrets.into_iter().map(|(provider, secret)| (provider.to_string(), secret)).collect();
    let clock = story.instance.clock.clone();
    story.instance = Instance::with(story.instance.store.clone(), config, clock).await.unwrap();
    story.instance.clock.advance(sign::NOW - MORNING);
    story
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_address_told_by_any_service_is_kept_out_and_told_twice_counts_once() {
    on_both(|house| async move {
        let address = |provider: Provider| format!("{provider}@example.com");
        let mut story = trusting(&house, []).await;
        let addresses = Provider::ALL.map(address);
        house::import(&story.instance, &story.publication, &addresses.each_ref().map(String::as_str)).await;
        let dispatch = story.send(1).await;
        let mut requests = Vec::new();
        for provider in Provider::ALL {
            let id = story.message_id(&dispatch, &address(provider)).await;
            let event = sign::dead(provider).to_string();
            let event = event.replace("ines@example.com", &address(provider));
            let event: Value = serde_json::from_str(&event.replace("7.a@letters.example", &id)).unwrap();
            requests.push(sign::signed(provider, &event));
        }
        let mut config = (*story.instance.config).clone();
        config.returns.webhooks =
            requests.iter().map(|one| (one.provider.to_string(), one.secret.clone())).collect();
        let clock = story.instance.clock.clone();
        story.instance = Instance::with(story.instance.store.clone(), config, clock).await.unwrap();
        let services: Arc<dyn Fetch> = Arc::new(Services::default());
        for request in &requests {
            let address = address(request.provider);
            let mut forged = request.clone();
            forged.headers.clear();
            forged.user = None;
            let body = String::from_utf8(forged.body).unwrap().replace(&address, "lea@c.example");
            // Mailgun signs a time and a token, and not the event.
            forged.body = body.replace("c5b2cf5c29a1b3ac65a1", "d5b2cf5c29a1b3ac65a1").into();
            let (status, words) = post(&story.instance, &services, &forged).await;
            assert!(status.is_client_error(), "{} {status} {words}", request.provider);
            for _ in 0..2 {
                let (status, words) = post(&story.instance, &services, request).await;
                assert_eq!(status, StatusCode::OK, "{} {words}", request.provider);
            }
            assert_eq!(story.against(&address).await, hard_bounce(), "{}", request.provider);
        }
        assert_eq!(story.against("lea@c.example").await, Vec::<String>::new());
        let wanted = returns::Wanted::default();
        let kept = returns::returns(&story.instance, story.publication.id, wanted, 50).await.unwrap();
        let mut kept: Vec<_> = kept
            .into_iter()
            .map(|one| (one.source, one.address, one.status, one.dispatch_id == Some(dispatch.id)))
            .collect();
        kept.sort();
        assert_eq!(kept.len(), Provider::ALL.len());
        assert!(kept.iter().all(|one| one.3), "{kept:?}");
        kept
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_is_confirmed_at_its_own_service_and_its_certificate_is_fetched_once() {
    on_both(|house| async move {
        let story = trusting(&house, [(Provider::Ses, sign::TOPIC.to_owned())]).await;
        let services = Arc::new(Services::default());
        let fetch: Arc<dyn Fetch> = services.clone();
        let app = returns::routes(fetch).with_state(story.instance.clone());
        let mut answers = Vec::new();
        for (kind, message) in [("SubscriptionConfirmation", "You have chosen…"), ("Notification", "{}")] {
            let envelope = sign::envelope(kind, message, sign::TOPIC, sign::AWS_CERTIFICATE);
            let signed = sign::sns(Provider::Ses, envelope);
            let request =
                Request::builder().method("POST").uri("/hooks/ses").body(Body::from(signed.body)).unwrap();
            answers.push(app.clone().oneshot(request).await.unwrap().status());
        }
        assert_eq!(answers, [StatusCode::OK; 2]);
        let asked = services.0.lock().unwrap().clone();
        assert_eq!(asked.len(), 2, "{asked:?}");
        assert_eq!(asked[0], sign::AWS_CERTIFICATE);
        assert!(asked[1].contains("Action=ConfirmSubscription"), "{asked:?}");
        // A topic of somebody else, signed as rightly, is not ours.
        let other = sign::envelope(
            "SubscriptionConfirmation",
            "x",
            "arn:aws:sns:eu-west-3:1:else",
            sign::AWS_CERTIFICATE,
        );
        let signed = sign::sns(Provider::Ses, other);
        let fetch: Arc<dyn Fetch> = services.clone();
        let (status, words) = post(&story.instance, &fetch, &signed).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        assert!(!services.0.lock().unwrap()[2..].iter().any(|url| url.contains("Confirm")));
        words
    })
    .await;
}
