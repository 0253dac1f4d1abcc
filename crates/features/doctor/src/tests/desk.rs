use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use i18n::Language;
use testkit::House;
use tower::ServiceExt;

use super::*;

async fn owner(instance: &Instance, language: Language) -> String {
    let owner = accounts::create_owner(instance, "ada@a.example", "Ada", "une petite phrase", language).await;
    let session = accounts::start(instance, owner.unwrap().id).await.unwrap();
    format!("__Host-soucoupe={}", session.token)
}

async fn ask(instance: &Instance, method: &str, path: &str, cookie: &str) -> (StatusCode, String) {
    ask_in(Language::English, instance, method, path, cookie).await
}

async fn ask_in(
    language: Language,
    instance: &Instance,
    method: &str,
    path: &str,
    cookie: &str,
) -> (StatusCode, String) {
    let request = Request::builder().method(method).uri(path).header("cookie", cookie);
    let request = request.header("accept-language", language.tag()).body(Body::empty()).unwrap();
    let response = crate::routes().with_state(instance.clone()).oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn the_desk_shows_each_finding_with_its_record_in_both_languages() {
    for (language, words, remedy) in [
        (Language::English, "has no SPF record", "Publish this record"),
        (Language::French, "pas d’enregistrement SPF", "Publiez cet enregistrement"),
    ] {
        let house = House::on_sqlite().await;
        let practice =
            Practice::open(&house, |config| config.routes = vec![relay("nowhere", "smtp://")]).await;
        practice.zone(&[("ada.letters.example         TXT   \"v=spf1 ip4:45.148.10.20 -all\"\n", "")]);
        let cookie = owner(&practice.instance, language).await;
        let (status, page) = ask_in(language, &practice.instance, "GET", "/desk/doctor", &cookie).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        assert!(page.contains(words), "{page}");
        assert!(page.contains(remedy), "{page}");
        assert!(
            page.contains("<code>ada.letters.example.</code>")
                && page.contains("<code>v=spf1 mx ~all</code>"),
            "{page}"
        );
        assert!(page.contains("data-copy=\"v=spf1 mx ~all\""));
        assert!(page.contains("href=\"/desk/doctor\" aria-current=\"page\""));
        assert!(!page.contains(" style="), "no loose policy");
        let (status, _) = ask(&practice.instance, "GET", "/desk/doctor?publication=gazette", &cookie).await;
        assert_eq!(status, StatusCode::OK);
        let (status, _) =
            ask(&practice.instance, "GET", "/desk/doctor?publication=%3Cscript%3E", &cookie).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn the_check_up_is_for_the_owner_alone_and_nothing_is_changed_by_it() {
    let house = House::on_sqlite().await;
    let practice = Practice::open(&house, |_| {}).await;
    assert_eq!(ask(&practice.instance, "GET", "/desk/doctor", "").await.0, StatusCode::UNAUTHORIZED);
    let cookie = owner(&practice.instance, Language::English).await;
    assert_eq!(
        ask(&practice.instance, "POST", "/desk/doctor", &cookie).await.0,
        StatusCode::METHOD_NOT_ALLOWED
    );
}
