//! Notices of sending services, posted as the services post them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod house;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use house::{Story, hard_bounce, story};
use policy::subscription::SubscriptionState;
use returns::{Fetch, Fetched};
use store::params;
use testkit::on_both;
use tower::ServiceExt;
use url::Url;

/// An internet that has one answer, and notes who asks.
#[derive(Default)]
struct Elsewhere {
    asked: Mutex<Vec<String>>,
    times: AtomicUsize,
}

impl Fetch for Elsewhere {
    fn get<'a>(&'a self, url: &'a Url) -> Fetched<'a> {
        self.times.fetch_add(1, Ordering::Relaxed);
        self.asked.lock().unwrap().push(url.to_string());
        Box::pin(async { Ok(b"no certificate".to_vec()) })
    }
}

async fn post(
    story: &Story,
    elsewhere: &Arc<Elsewhere>,
    path: &str,
    password: Option<&str>,
    body: &str,
) -> (StatusCode, String) {
    let mut request = Request::builder().method("POST").uri(path).header("content-type", "application/json");
    if let Some(password) = password {
        let encoded = data_encoding::BASE64.encode(password.as_bytes());
        request = request.header("authorization", format!("Basic {encoded}"));
    }
    let request = request.body(Body::from(body.to_owned())).unwrap();
    let fetch: Arc<dyn Fetch> = elsewhere.clone();
    let app = returns::routes(fetch).with_state(story.instance.clone());
    let response = app.oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

const PASSWORD: Option<&str> = Some("soucoupe:une petite phrase");

fn bounce(id: u32, kind: &str, address: &str, words: &str) -> String {
    format!(
        r#"{{"RecordType":"Bounce","ID":{id},"Type":"{kind}","TypeCode":1,"MessageID":"0a1b2c3d-4e5f","Email":"{address}","From":"ada@letters.example","BouncedAt":"2026-11-23T08:20:00Z","Details":"{words}","Description":"The server was unable to deliver your message"}}"#
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_that_proves_where_it_comes_from_counts_once_and_any_other_is_refused() {
    on_both(|house| async move {
        let story = story(&house).await;
        story.send(1).await;
        let elsewhere = Arc::new(Elsewhere::default());
        let notice = bounce(7, "HardBounce", "ada@a.example", "smtp;550 5.1.1 no such user");
        let mut told = Vec::new();
        for (path, password, wanted) in [
            ("/hooks/postmark", None, StatusCode::UNAUTHORIZED),
            ("/hooks/postmark", Some("soucoupe:guess"), StatusCode::FORBIDDEN),
            // A service without a secret, and one that does not exist, are not here.
            ("/hooks/brevo", PASSWORD, StatusCode::NOT_FOUND),
            ("/hooks/pigeon", PASSWORD, StatusCode::NOT_FOUND),
        ] {
            let (status, words) = post(&story, &elsewhere, path, password, &notice).await;
            assert_eq!(status, wanted, "{path}: {words}");
            told.push((status.as_u16(), words));
        }
        assert_eq!(story.kept().await, []);
        assert_eq!(story.against("ada@a.example").await, Vec::<String>::new());
        for _ in 0..3 {
            let (status, words) = post(&story, &elsewhere, "/hooks/postmark", PASSWORD, &notice).await;
            assert_eq!(status, StatusCode::OK, "{words}");
        }
        assert_eq!(story.against("ada@a.example").await, hard_bounce());
        assert_eq!(story.kept().await.len(), 1);
        assert_eq!(elsewhere.times.load(Ordering::Relaxed), 0, "only a topic has a certificate");
        told
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complaint_told_by_a_service_ends_the_subscription_of_the_mail_it_names() {
    on_both(|house| async move {
        let story = story(&house).await;
        story.send(1).await;
        let elsewhere = Arc::new(Elsewhere::default());
        let body = r#"{"RecordType":"SpamComplaint","ID":8,"Type":"SpamComplaint","TypeCode":512,"MessageID":"0a1b2c3d","Email":"zoe@b.example","From":"ada@letters.example","BouncedAt":"2026-11-23T08:20:00Z"}"#;
        let (status, words) = post(&story, &elsewhere, "/hooks/postmark", PASSWORD, body).await;
        assert_eq!(status, StatusCode::OK, "{words}");
        assert_eq!(story.state("zoe@b.example").await, Some(SubscriptionState::Ended));
        assert_eq!(story.state("ada@a.example").await, Some(SubscriptionState::Active));
        story.kept().await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_committed_is_asked_for_again() {
    on_both(|house| async move {
        let story = story(&house).await;
        story.send(1).await;
        let elsewhere = Arc::new(Elsewhere::default());
        let notice = bounce(9, "HardBounce", "ada@a.example", "smtp;550 5.1.1 no such user");
        house::change(&story.instance, "ALTER TABLE returns RENAME TO away", params![]).await;
        let (status, _) = post(&story, &elsewhere, "/hooks/postmark", PASSWORD, &notice).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        house::change(&story.instance, "ALTER TABLE away RENAME TO returns", params![]).await;
        let (status, _) = post(&story, &elsewhere, "/hooks/postmark", PASSWORD, &notice).await;
        assert_eq!(status, StatusCode::OK);
        story.kept().await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_cannot_make_us_fetch_from_elsewhere_nor_at_will() {
    on_both(|house| async move {
        let story = story(&house).await;
        let elsewhere = Arc::new(Elsewhere::default());
        let envelope = |certificate: &str| {
            format!(
                r#"{{"Type":"Notification","MessageId":"m-1","TopicArn":"arn:aws:sns:eu-west-3:1:returns","Message":"{{}}","Timestamp":"2026-11-23T08:30:00.000Z","SignatureVersion":"2","Signature":"AAAA","SigningCertURL":"{certificate}"}}"#
            )
        };
        let mut told = Vec::new();
        for url in ["https://evil.example/x.pem", "http://sns.eu-west-3.amazonaws.com/x.pem", "https://127.0.0.1/x.pem"] {
            let (status, words) = post(&story, &elsewhere, "/hooks/ses", None, &envelope(url)).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{words}");
            told.push(words);
        }
        assert_eq!(elsewhere.times.load(Ordering::Relaxed), 0);
        let own = "https://sns.eu-west-3.amazonaws.com/SimpleNotificationService-0.pem";
        let (status, words) = post(&story, &elsewhere, "/hooks/ses", None, &envelope(own)).await;
        assert!(status.is_client_error(), "{words}");
        assert_eq!(*elsewhere.asked.lock().unwrap(), [own]);
        told.push(words);
        told
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_get_of_a_hook_is_not_answered() {
    let house = testkit::House::on_sqlite().await;
    let fetch: Arc<dyn Fetch> = Arc::new(Elsewhere::default());
    let app = returns::routes(fetch).with_state(house.instance.clone());
    let request = Request::builder().uri("/hooks/postmark").body(Body::empty()).unwrap();
    assert_eq!(app.oneshot(request).await.unwrap().status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_that_does_not_cover_its_event_is_good_for_one_event() {
    on_both(|house| async move {
        let story = story(&house).await;
        story.send(1).await;
        let elsewhere = Arc::new(Elsewhere::default());
        let second = story.instance.now_us() / policy::SECOND;
        let notice = |token: &str, id: &str, address: &str| {
            let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, b"key-1");
            let tag = aws_lc_rs::hmac::sign(&key, format!("{second}{token}").as_bytes());
            let tag = data_encoding::HEXLOWER.encode(tag.as_ref());
            format!(
                r#"{{"signature":{{"timestamp":"{second}","token":"{token}","signature":"{tag}"}},"event-data":{{"event":"failed","severity":"permanent","id":"{id}","timestamp":{second}.5,"recipient":"{address}","delivery-status":{{"code":550,"message":"5.1.1 no such user here"}}}}}}"#
            )
        };
        let first = notice("t-1", "e-1", "ada@a.example");
        // The service repeats it when our answer was lost.
        for _ in 0..2 {
            let (status, words) = post(&story, &elsewhere, "/hooks/mailgun", None, &first).await;
            assert_eq!(status, StatusCode::OK, "{words}");
        }
        assert_eq!(story.against("ada@a.example").await, hard_bounce());
        // Somebody who has read it puts another event under the same signature.
        let forged = notice("t-1", "e-2", "zoe@b.example");
        let (status, _) = post(&story, &elsewhere, "/hooks/mailgun", None, &forged).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        assert_eq!(story.against("zoe@b.example").await, Vec::<String>::new());
        let (status, _) =
            post(&story, &elsewhere, "/hooks/mailgun", None, &notice("t-2", "e-2", "zoe@b.example")).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(story.against("zoe@b.example").await, hard_bounce());
        story.kept().await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_is_read_up_to_what_its_service_sends_and_not_at_all_where_there_is_none() {
    let house = testkit::House::on_sqlite().await;
    let story = story(&house).await;
    let elsewhere = Arc::new(Elsewhere::default());
    let two_megabytes = " ".repeat(2 << 20);
    for (path, password, wanted) in [
        ("/hooks/mailgun", None, StatusCode::PAYLOAD_TOO_LARGE),
        ("/hooks/ses", None, StatusCode::PAYLOAD_TOO_LARGE),
        ("/hooks/postmark", PASSWORD, StatusCode::BAD_REQUEST),
        ("/hooks/brevo", None, StatusCode::NOT_FOUND),
    ] {
        let (status, words) = post(&story, &elsewhere, path, password, &two_megabytes).await;
        assert_eq!(status, wanted, "{path}: {words}");
    }
}
