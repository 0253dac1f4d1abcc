//! Who gets in, and who does not.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use accounts::{AccountError, SignedIn, account_of, create_owner, sign_in, sign_in_by_link, sign_in_link};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::routing::get;
use i18n::Language;
use instance::Instance;
use testkit::on_both;
use tower::ServiceExt;

const SECRET: &str = "une petite phrase";

async fn owner(instance: &Instance) -> accounts::Account {
    create_owner(instance, "Ada@Gazette.example", "Ada", SECRET, Language::French).await.unwrap()
}

#[tokio::test]
async fn the_first_to_come_owns_the_instance_and_there_is_no_second() {
    on_both(|house| async move {
        let instance = &house.instance;
        assert!(!accounts::exists(instance).await.unwrap());
        let short = create_owner(instance, "a@a.example", "A", "court", Language::French).await;
        assert!(matches!(short, Err(AccountError::Password { .. })));
        let ada = owner(instance).await;
        let second = create_owner(instance, "eve@x.example", "Eve", SECRET, Language::French).await;
        assert!(matches!(second, Err(AccountError::Owned)));
        assert_eq!(accounts::owner(instance).await.unwrap(), Some(ada.clone()));
        (ada.email, ada.role)
    })
    .await;
}

#[tokio::test]
async fn a_password_opens_the_desk_and_guessing_is_slow() {
    on_both(|house| async move {
        let instance = &house.instance;
        owner(instance).await;
        let (_, session) =
            sign_in(instance, "ada@gazette.example", SECRET, Some("10.0.0.0/24")).await.unwrap();
        assert_eq!(account_of(instance, &session.token).await.unwrap().unwrap().name, "Ada");
        let mut refused = 0;
        let waited = loop {
            match sign_in(instance, "ada@gazette.example", "faux", None).await {
                Err(AccountError::Refused) => refused += 1,
                Err(AccountError::Wait(seconds)) => break seconds,
                other => panic!("{other:?}"),
            }
        };
        assert!(matches!(
            sign_in(instance, "ada@gazette.example", SECRET, None).await,
            Err(AccountError::Wait(_))
        ));
        instance.clock.advance(waited as i64 * 1_000_000);
        assert!(sign_in(instance, "ada@gazette.example", SECRET, None).await.is_ok());
        assert!(matches!(
            sign_in(instance, "nobody@x.example", SECRET, None).await,
            Err(AccountError::Refused)
        ));
        (refused, waited)
    })
    .await;
}

#[tokio::test]
async fn a_link_signs_in_once_and_not_for_ever_and_a_session_ends() {
    on_both(|house| async move {
        let instance = &house.instance;
        let ada = owner(instance).await;
        let token = |link: String| link.rsplit('/').next().unwrap().to_owned();
        let link = token(sign_in_link(instance, ada.id, 10).await.unwrap());
        let session = sign_in_by_link(instance, &link).await.unwrap();
        assert!(matches!(sign_in_by_link(instance, &link).await, Err(AccountError::Refused)));
        let late = token(sign_in_link(instance, ada.id, 10).await.unwrap());
        instance.clock.advance(11 * 60_000_000);
        assert!(matches!(sign_in_by_link(instance, &late).await, Err(AccountError::Refused)));
        accounts::sign_out(instance, &session.token).await.unwrap();
        assert_eq!(account_of(instance, &session.token).await.unwrap(), None);
        let other = accounts::start(instance, ada.id).await.unwrap();
        instance.clock.advance(31 * 24 * 3600 * 1_000_000);
        assert_eq!(account_of(instance, &other.token).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn opening_a_sign_in_link_changes_nothing_only_the_button_acts() {
    on_both(|house| async move {
        let instance = house.instance.clone();
        let ada = owner(&instance).await;
        let link = sign_in_link(&instance, ada.id, 10).await.unwrap();
        let path = link.strip_prefix("https://letters.example").unwrap().to_owned();
        let app: Router = accounts::routes()
            .route("/desk", get(|SignedIn(account): SignedIn| async move { account.name }))
            .with_state(instance);
        let ask = |request: Request<Body>| app.clone().oneshot(request);
        for _ in 0..2 {
            let seen = ask(Request::get(&path).body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(seen.status(), StatusCode::OK);
            assert!(seen.headers().get("set-cookie").is_none());
        }
        let acted = ask(Request::post(&path).body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(acted.status(), StatusCode::SEE_OTHER);
        let cookie = acted.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        assert!(cookie.starts_with("__Host-soucoupe="));
        let inside =
            ask(Request::get("/desk").header("cookie", cookie).body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(inside.status(), StatusCode::OK);
        let outside = ask(Request::get("/desk").body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(outside.status(), StatusCode::UNAUTHORIZED);
    })
    .await;
}
