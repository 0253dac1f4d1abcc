//! What goes into the box and what is seen of it.

#![allow(clippy::unwrap_used)]

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use catcher::{Catcher, Turn};
use i18n::Language;
use instance::Instance;
use smtp::{Connection, Route, Timeouts, ungated};
use testkit::{House, on_both};
use tower::ServiceExt;

const LETTER: &str = "From: Ada <ada@a.example>\r\nTo: x@y.example\r\nSubject: =?utf-8?Q?L=27=C3=A9t=C3=A9?=\r\n\
    MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
    <html><head></head><body><script>alert(1)</script><a href=\"https://a.example/\">lire</a></body></html>\r\n";

fn catching(mut house: House) -> (House, Instance) {
    let mut config = (*house.instance.config).clone();
    config.catcher = true;
    house.instance.config = Arc::new(config);
    let instance = house.instance.clone();
    (house, instance)
}

async fn mailed(catcher: &Catcher, to: &[&str]) {
    let route = Route::parse(&catcher.url()).unwrap();
    let mut connection = Connection::open(&route, "test.example", Timeouts::default()).await.unwrap();
    for to in to {
        connection.deliver("bounce@a.example", to, LETTER.as_bytes(), ungated()).await.unwrap();
    }
    connection.quit().await;
}

async fn clerk(instance: &Instance) -> String {
    let owner =
        accounts::create_owner(instance, "ada@a.example", "Ada", "une petite phrase", Language::French);
    let session = accounts::start(instance, owner.await.unwrap().id).await.unwrap();
    format!("__Host-soucoupe={}", session.token)
}

async fn ask(instance: &Instance, method: &str, path: &str, cookie: &str) -> (StatusCode, String, String) {
    let request =
        Request::builder().method(method).uri(path).header("cookie", cookie).body(Body::empty()).unwrap();
    let response = catcher::routes().with_state(instance.clone()).oneshot(request).await.unwrap();
    let header = |name: &str| {
        response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    };
    let (status, policy) = (response.status(), header("content-security-policy"));
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, policy, String::from_utf8(body.to_vec()).unwrap())
}

fn anywhere() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

#[tokio::test]
async fn what_was_answered_250_is_in_the_box_and_can_be_found_by_recipient() {
    on_both(|house| async move {
        let (_house, instance) = catching(house);
        let catcher = catcher::start(&instance, anywhere()).await.unwrap();
        mailed(&catcher, &["Zoe@b.example", "x_y@b.example", "xzy@b.example"]).await;
        catcher.stop().await;
        let page = catcher::list(&instance, "", Turn::Newest).await.unwrap();
        let seen: Vec<_> =
            page.mails.iter().map(|mail| (mail.rcpt_to.clone(), mail.subject.clone())).collect();
        assert_eq!(seen.len(), 3);
        assert_eq!(seen[2], ("Zoe@b.example".to_owned(), "L'été".to_owned()));
        let found = catcher::list(&instance, "X_Y", Turn::Newest).await.unwrap().mails;
        assert_eq!(found.len(), 1);
        let mail = catcher::one(&instance, found[0].id).await.unwrap().unwrap();
        assert_eq!(mail.message, LETTER.as_bytes());
        assert_eq!(catcher::empty(&instance).await.unwrap(), 3);
        seen
    })
    .await;
}

#[tokio::test]
async fn a_long_list_is_paged_in_both_directions() {
    on_both(|house| async move {
        let (_house, instance) = catching(house);
        let catcher = catcher::start(&instance, anywhere()).await.unwrap();
        let to: Vec<String> = (0..120).map(|number| format!("r{number}@b.example")).collect();
        mailed(&catcher, &to.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let first = catcher::list(&instance, "", Turn::Newest).await.unwrap();
        let second = catcher::list(&instance, "", Turn::Before(first.mails[49].id)).await.unwrap();
        let third = catcher::list(&instance, "", Turn::Before(second.mails[49].id)).await.unwrap();
        assert_eq!((first.newer, first.older), (false, true));
        assert_eq!((second.newer, second.older), (true, true));
        assert_eq!((third.mails.len(), third.older), (20, false));
        let back = catcher::list(&instance, "", Turn::After(third.mails[0].id)).await.unwrap();
        assert_eq!(back.mails, second.mails);
        assert_eq!(first.mails[0].rcpt_to, "r119@b.example");
    })
    .await;
}

#[tokio::test]
async fn a_letter_is_shown_in_a_frame_that_can_do_nothing_but_open_its_links() {
    on_both(|house| async move {
        let (_house, instance) = catching(house);
        let catcher = catcher::start(&instance, anywhere()).await.unwrap();
        mailed(&catcher, &["zoe@b.example"]).await;
        let cookie = clerk(&instance).await;
        let (status, _, list) = ask(&instance, "GET", "/desk/catcher", &cookie).await;
        assert_eq!(status, StatusCode::OK);
        assert!(list.contains("L&#39;été") || list.contains("L'été"), "{list}");
        let id = catcher::list(&instance, "", Turn::Newest).await.unwrap().mails[0].id;
        let (_, _, page) =
            ask(&instance, "GET", &format!("/desk/catcher/{id}?view=html&width=phone"), &cookie).await;
        assert!(page.contains(r#"sandbox="allow-popups allow-popups-to-escape-sandbox""#), "{page}");
        assert!(page.contains(r#"class="frame phone""#));
        assert!(!page.contains("<script>alert"));
        let (_, policy, html) = ask(&instance, "GET", &format!("/desk/catcher/{id}/html"), &cookie).await;
        assert!(policy.contains("default-src 'none'") && policy.contains("sandbox"), "{policy}");
        assert!(html.contains(r#"<base target="_blank">"#));
        for view in ["text", "source", "headers"] {
            let (status, _, page) =
                ask(&instance, "GET", &format!("/desk/catcher/{id}?view={view}"), &cookie).await;
            assert_eq!(status, StatusCode::OK);
            assert!(!page.contains("<script>alert"), "{view}");
        }
        assert_eq!(ask(&instance, "GET", "/desk/catcher/999", &cookie).await.0, StatusCode::NOT_FOUND);
        assert_eq!(
            ask(&instance, "GET", "/desk/catcher/empty", &cookie).await.0,
            StatusCode::METHOD_NOT_ALLOWED
        );
        assert_eq!(ask(&instance, "POST", "/desk/catcher/empty", &cookie).await.0, StatusCode::SEE_OTHER);
        assert!(catcher::list(&instance, "", Turn::Newest).await.unwrap().mails.is_empty());
    })
    .await;
}

#[tokio::test]
async fn strangers_and_instances_without_a_catcher_have_no_box() {
    on_both(|house| async move {
        let plain = house.instance.clone();
        let cookie = clerk(&plain).await;
        assert_eq!(ask(&plain, "GET", "/desk/catcher", &cookie).await.0, StatusCode::NOT_FOUND);
        let (_house, instance) = catching(house);
        assert_eq!(ask(&instance, "GET", "/desk/catcher", "").await.0, StatusCode::UNAUTHORIZED);
        assert_eq!(ask(&instance, "GET", "/desk/catcher/1/html", "").await.0, StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test]
async fn every_question_about_the_box_is_understood_by_both_engines() {
    on_both(|house| async move {
        let mut kinds = Vec::new();
        for query in catcher::QUERIES {
            let params = match query.name {
                "catcher.keep" => store::params![1_i64, "a", "b", "c", 1_i64, vec![1_u8]],
                "catcher.prune" | "catcher.one" => store::params![1_i64],
                "catcher.empty" => store::params![],
                _ => store::params![1_i64, "%", 10_i64],
            };
            let result = house.instance.store.transaction(vec![query.with(params)]).await;
            kinds.push((query.name, result.unwrap()[0].rows.len()));
        }
        kinds
    })
    .await;
}
