use super::*;
use axum::body::{Body, to_bytes};
use axum::http::StatusCode;
use axum::routing::{get, post};
use tower::ServiceExt;

fn routes(config: WebConfig) -> Router {
    let routes = Router::new()
        .route("/", get(|| async { "home" }).post(|| async { "done" }))
        .route(
            "/desk",
            get(|| async { Err::<(), _>(WebError::SignInNeeded { back: "/desk?x=1&y=2".into() }) }),
        )
        .route(
            "/desk/broken",
            get(|| async { Err::<(), _>(WebError::internal("secret: the password is tulip")) }),
        )
        .route("/desk/panic", get(panics))
        .route("/desk/slow", get(std::future::pending::<Response>))
        .route("/desk/size", post(|body: String| async move { body.len().to_string() }))
        .route("/r/unsubscribe/{token}", post(|| async { "gone" }))
        .route("/gazette/subscribe", post(|| async { "in" }))
        .route("/api/thing", get(|| async { Err::<(), _>(WebError::Conflict("It moved.".into())) }))
        .route("/healthz", get(|| async { "ok" }));
    Guard { hosts: vec!["gazette.example".into()], time_limit: Duration::ZERO, ..Guard::new(config) }
        .around(routes)
}

async fn panics() -> Response {
    panic!("secret: the handler fell over")
}

async fn ask(
    request: axum::http::request::Builder,
    body: &str,
) -> (StatusCode, axum::http::HeaderMap, String) {
    let request = request.body(Body::from(body.to_owned())).unwrap();
    let response = routes(WebConfig::new("https://letters.example")).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    (parts.status, parts.headers, String::from_utf8(bytes.to_vec()).unwrap())
}

fn own(method: &str, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path).header("host", "letters.example")
}

#[tokio::test]
async fn a_form_on_another_site_cannot_act_in_the_authors_name() {
    for (site, origin, status) in [
        (Some("same-origin"), None, 200),
        (Some("none"), None, 200),
        (Some("cross-site"), None, 403),
        (Some("same-site"), Some("https://letters.example"), 403),
        (None, Some("https://letters.example"), 200),
        (None, Some("http://letters.example"), 403),
        (None, Some("https://letters.example.evil.example"), 403),
        (None, Some("null"), 403),
        (None, None, 403),
    ] {
        let mut request = own("POST", "/");
        if let Some(site) = site {
            request = request.header("sec-fetch-site", site);
        }
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        assert_eq!(ask(request, "").await.0, status, "{site:?} {origin:?}");
    }
}

#[tokio::test]
async fn one_click_and_sign_up_forms_may_come_from_anywhere() {
    for (path, status) in [("/r/unsubscribe/abc", 200), ("/gazette/subscribe", 200), ("/", 403)] {
        let request = own("POST", path).header("sec-fetch-site", "cross-site");
        assert_eq!(ask(request, "").await.0, status, "{path}");
    }
    for (path, free) in [
        ("/desk/subscribe", false),
        ("/a/b/subscribe", false),
        ("//subscribe", false),
        ("/api/x", true),
        ("/hooks/ses", true),
        ("/hooks", false),
        ("/r/heart/x", false),
    ] {
        assert_eq!(exempt(&Method::POST, path), free, "{path}");
    }
    assert!(!exempt(&Method::DELETE, "/api/x"));
}

#[tokio::test]
async fn a_name_that_is_not_ours_gets_nothing() {
    for (host, path, status) in [
        (Some("letters.example"), "/", 200),
        (Some("LETTERS.example"), "/", 200),
        (Some("gazette.example"), "/", 200),
        (Some("evil.example"), "/", 421),
        (Some("letters.example:8080"), "/", 421),
        (Some("localhost"), "/", 421),
        (None, "/", 421),
        (Some("10.1.2.3:7878"), "/healthz", 200),
    ] {
        let mut request = Request::builder().uri(path);
        if let Some(host) = host {
            request = request.header("host", host);
        }
        assert_eq!(ask(request, "").await.0, status, "{host:?}");
    }
    for (host, status) in
        [("localhost:7878", 200), ("[::1]:1", 200), ("127.0.0.1:99", 200), ("rebound.example", 421)]
    {
        let request = Request::builder().uri("/").header("host", host).body(Body::empty()).unwrap();
        let response = routes(WebConfig::new("http://127.0.0.1:7878")).oneshot(request).await.unwrap();
        assert_eq!(response.status(), status, "{host}");
    }
}

#[tokio::test]
async fn every_answer_is_strict_with_the_browser() {
    for path in ["/", "/desk/broken", "/nowhere"] {
        let (_, headers, _) = ask(own("GET", path), "").await;
        assert_eq!(headers["content-security-policy"], PAGE_POLICY);
        assert!(headers["strict-transport-security"].to_str().unwrap().contains("31536000"));
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["referrer-policy"], "strict-origin-when-cross-origin");
    }
    let (_, headers, _) = ask(own("POST", "/r/unsubscribe/abc"), "").await;
    assert_eq!(headers["referrer-policy"], "no-referrer");
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(headers["x-robots-tag"], "noindex, nofollow");
}

#[tokio::test]
async fn what_goes_wrong_is_a_page_in_the_readers_language_without_our_secrets() {
    for (method, path, status, words) in [
        ("GET", "/nowhere", 404, "Rien à cette adresse"),
        ("DELETE", "/desk", 405, "Pas par ce chemin"),
        ("GET", "/desk/broken", 500, "Vous n’y êtes pour rien"),
        ("GET", "/desk/panic", 500, "Vous n’y êtes pour rien"),
        ("GET", "/desk/slow", 503, "trop long"),
    ] {
        let request = own(method, path).header("accept-language", "fr").header("sec-fetch-site", "none");
        let (got, headers, body) = ask(request, "").await;
        assert_eq!(got, status, "{path}");
        assert!(headers["content-type"].to_str().unwrap().starts_with("text/html"), "{path}");
        assert!(body.contains(words) && body.contains("<html lang=\"fr\""), "{path} {body}");
        assert!(!body.contains("secret"), "{path}");
    }
    let (_, headers, _) = ask(own("DELETE", "/desk").header("sec-fetch-site", "none"), "").await;
    assert!(headers["allow"].to_str().unwrap().contains("GET"));
}

#[tokio::test]
async fn signing_in_leads_back_to_where_one_was() {
    let (status, headers, _) = ask(own("GET", "/desk"), "").await;
    assert_eq!(status, 303);
    assert_eq!(headers["location"], "/desk/sign-in?back=/desk%3Fx%3D1%26y%3D2");
}

#[tokio::test]
async fn a_program_gets_problem_details() {
    let (status, headers, body) = ask(own("GET", "/api/thing"), "").await;
    assert_eq!(
        (status.as_u16(), &headers["content-type"]),
        (409, &"application/problem+json".parse().unwrap())
    );
    let problem: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(problem["status"], 409);
    assert_eq!(problem["detail"], "It moved.");
    assert_eq!(ask(own("GET", "/api/nothing"), "").await.1["content-type"], "application/problem+json");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_with_a_page() {
    let post = || own("POST", "/desk/size").header("sec-fetch-site", "same-origin");
    assert_eq!(ask(post(), "four").await.2, "4");
    let (status, _, body) = ask(post(), &"x".repeat(BODY_LIMIT + 1)).await;
    assert_eq!(status, 413);
    assert!(body.contains("too large"), "{body}");
}

#[tokio::test]
async fn an_error_of_a_publication_wears_its_dress() {
    let missing = || async {
        let mut response = WebError::NotFound.into_response();
        let dress =
            crate::Dress { name: "La Gazette".into(), home: "/gazette/".into(), ..Default::default() };
        let dressed = crate::Dressed { dress: Arc::new(dress), language: i18n::Language::French };
        response.extensions_mut().insert(dressed);
        response
    };
    let routes = Router::new().route("/gazette/{edition}", get(missing));
    let routes = Guard::new(WebConfig::new("https://letters.example")).around(routes);
    // Who asks for no language of ours is spoken to in the letter's.
    for (asked, words) in [("en", "Nothing at this address"), ("de", "Rien à cette adresse")] {
        let request = own("GET", "/gazette/nothing").header("accept-language", asked);
        let response = routes.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), 404);
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        assert!(body.contains(words) && body.contains("La Gazette"), "{body}");
        assert!(body.contains("class=\"button quiet\" href=\"/gazette/\""), "{body}");
    }
}

#[tokio::test]
async fn a_language_is_remembered_and_leads_back() {
    let routes = Guard::new(WebConfig::new("https://letters.example")).around(crate::routes());
    for (back, location) in
        [("%2Fdesk%2Fgazette%2Freaders", "/desk/gazette/readers"), ("https%3A%2F%2Fevil.example", "/desk")]
    {
        let request = own("POST", "/desk/language")
            .header("origin", "https://letters.example")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(format!("language=fr&back={back}")))
            .unwrap();
        let response = routes.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 303);
        assert_eq!(response.headers()["location"], location);
        assert!(response.headers()["set-cookie"].to_str().unwrap().starts_with("lang=fr; Path=/;"));
    }
}
