//! The page of a dispatch, asked as a browser asks.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod house;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use house::{asked, numbers, query, send};
use i18n::Language;
use instance::{Instance, Process};
use smtp::sink::SinkOptions;
use store::{Statement, params};
use testkit::on_both;
use tower::ServiceExt;

async fn ask(instance: &Instance, cookie: &str, method: &str, path: &str) -> (StatusCode, String) {
    let request =
        Request::builder().method(method).uri(path).header("cookie", cookie).body(Body::empty()).unwrap();
    let app = dispatch::routes().with_state(instance.clone());
    let response = app.oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 4_000_000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispatch_that_is_held_has_a_button_that_sends_what_is_in_doubt_once_more() {
    on_both(|house| async move {
        let (sink, instance, made) = asked(&house, SinkOptions::default(), 3).await;
        let ada =
            accounts::create_owner(&instance, "ada@a.example", "Ada", "une petite phrase", Language::French);
        let session = accounts::start(&instance, ada.await.unwrap().id).await.unwrap();
        let cookie = format!("__Host-soucoupe={}; lang=fr", session.token);
        let page = format!("/desk/gazette/dispatches/{}", made.id);
        let before = ask(&instance, &cookie, "GET", &page).await;
        assert_eq!(before.0, StatusCode::OK, "{}", before.1);
        assert!(!before.1.contains("/resend"), "nothing is held yet");

        let process = Process::announce(&instance, "freezer").await.unwrap();
        dispatch::freeze_due(&instance, &process).await.unwrap();
        let accepted = params![made.id, r#"[[1, 250, "ok", null]]"#, 0];
        instance.store.execute(query("dispatch.accept"), accepted).await.unwrap();
        for sql in [
            "UPDATE deliveries SET state = 2 WHERE state = 0",
            "UPDATE chunks SET state = 2",
            "UPDATE dispatches SET state = 3",
        ] {
            instance
                .store
                .transaction(vec![Statement::composed("test.held", sql.into(), vec![])])
                .await
                .unwrap();
        }
        let held = ask(&instance, &cookie, "GET", &page).await;
        assert!(held.1.contains("Renvoyer les 2 mails incertains"), "{}", held.1);
        let looked = ask(&instance, &cookie, "GET", &format!("{page}/resend")).await;
        assert_eq!(looked.0, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(numbers(&instance, made.id).await.1[4], 2, "a GET changes nothing");
        let pressed = ask(&instance, &cookie, "POST", &format!("{page}/resend")).await;
        assert_eq!(pressed.0, StatusCode::SEE_OTHER, "{}", pressed.1);
        send(&instance).await;
        assert_eq!(sink.taken(), 2);
        numbers(&instance, made.id).await
    })
    .await;
}

async fn post(instance: &Instance, cookie: &str, path: &str, body: &str) -> (StatusCode, String) {
    let request = Request::builder()
        .method("POST")
        .uri(path)
        .header("cookie", cookie)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(body.to_owned()))
        .unwrap();
    let response = dispatch::routes().with_state(instance.clone()).oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 4_000_000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_author_spreads_a_dispatch_or_sends_it_at_each_readers_hour() {
    on_both(|house| async move {
        let sink = smtp::sink::Sink::start(SinkOptions::default()).await.unwrap();
        let instance = house::with_relay(&house, &sink).await;
        let publication = house::gazette(&instance).await;
        house::readers(&instance, &publication, 3).await;
        let edition = house::edition(&instance, &publication).await;
        let ada =
            accounts::create_owner(&instance, "ada@a.example", "Ada", "une petite phrase", Language::French);
        let session = accounts::start(&instance, ada.await.unwrap().id).await.unwrap();
        let cookie = format!("__Host-soucoupe={}; lang=fr", session.token);
        let page = format!("/desk/gazette/editions/{}/send", edition.slug);

        for (wish, sentence) in [
            ("seen=3&local=yes", "Dites à quelle heure"),
            ("seen=3&over=5", "Choisissez une durée de la liste"),
            ("seen=3&at=2026-11-24T08:00&local=yes&over=4", "l’un ou l’autre"),
        ] {
            let (status, body) = post(&instance, &cookie, &page, wish).await;
            assert_eq!(status, StatusCode::OK, "{wish}");
            assert!(body.contains(sentence), "{wish}: {body}");
        }
        assert!(dispatch::list(&instance, publication.id, 10, 0).await.unwrap().is_empty());

        let (status, body) = post(&instance, &cookie, &page, "seen=3&over=4").await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
        let made = dispatch::list(&instance, publication.id, 10, 0).await.unwrap().remove(0).0;
        assert_eq!((made.spread_over, made.local_time), (4 * policy::HOUR, 0));
        dispatch::stop(&instance, made.id).await.unwrap();
        let (status, body) = post(&instance, &cookie, &page, "seen=3&at=2026-11-24T08:00&local=yes").await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
        let made = dispatch::list(&instance, publication.id, 10, 0).await.unwrap().remove(0).0;
        // Eight o'clock on the wall, first where the day begins.
        assert_eq!((made.spread_over, made.local_time - made.scheduled_at), (0, 14 * policy::HOUR));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_refused_gets_it_again_by_one_button() {
    use smtp::sink::{Fault, FaultStage, Misdeed};
    on_both(|house| async move {
        let no_user = Misdeed::Say(550, "5.1.1 no such user".into());
        let options = SinkOptions {
            faults: vec![Fault::always(FaultStage::Rcpt, no_user).times(2)],
            ..SinkOptions::default()
        };
        let (sink, instance, made) = asked(&house, options, 5).await;
        send(&instance).await;
        assert_eq!(sink.taken(), 3);
        let ada =
            accounts::create_owner(&instance, "ada@a.example", "Ada", "une petite phrase", Language::French);
        let session = accounts::start(&instance, ada.await.unwrap().id).await.unwrap();
        let cookie = format!("__Host-soucoupe={}; lang=fr", session.token);
        let page = format!("/desk/gazette/dispatches/{}", made.id);
        let (_, body) = ask(&instance, &cookie, "GET", &page).await;
        assert!(body.contains("Renvoyer aux 2 lecteurs refusés"), "{body}");
        let (status, body) = ask(&instance, &cookie, "POST", &format!("{page}/resend-failed")).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
        send(&instance).await;
        assert_eq!(sink.taken(), 5);
        let (_, body) = ask(&instance, &cookie, "GET", &page).await;
        assert!(!body.contains("resend-failed"), "there is nobody left to send it to: {body}");
        numbers(&instance, made.id).await
    })
    .await;
}
