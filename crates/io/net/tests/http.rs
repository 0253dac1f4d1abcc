//! The guarded HTTP client, against a server on the loopback.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod web;

use std::time::Duration;

use net::{HttpClient, HttpError, HttpLimits, Resolver};
use testkit::Names;
use url::Url;
use web::{Web, answer};

const ZONE: &str = "www.example A 127.0.0.1
    private.example A 127.0.0.2
    mixed.example A 10.0.0.1
    mixed.example AAAA ::1
    other.example A 127.0.0.1";

async fn server() -> Web {
    Web::start(&["www.example"], |request| {
        let path = request.split(' ').nth(1).unwrap();
        match path {
            "/moved" => {
                b"HTTP/1.1 302 Found\r\nLocation: https://private.example/\r\nContent-Length: 0\r\n\r\n"
                    .to_vec()
            }
            "/big" => answer("200 OK", &"z".repeat(5000)),
            "/endless" => {
                let mut out = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
                out.extend(vec![b'z'; 5000]);
                out
            }
            "/echo" => answer("200 OK", request),
            _ => answer("404 Not Found", ""),
        }
    })
    .await
}

async fn client(web: &Web) -> (Names, HttpClient) {
    let names = Names::start(ZONE).await;
    let resolver = Resolver::new(Some(names.address())).unwrap();
    (names, HttpClient::allowing(resolver, &[web.address], vec![web.certificate.clone()]))
}

fn url(text: &str) -> Url {
    text.parse().unwrap()
}

#[tokio::test]
async fn what_lies_at_an_allowed_address_is_fetched() {
    let web = server().await;
    let (_names, client) = client(&web).await;
    let echo = client.get(&url("https://www.example/echo")).await.unwrap();
    assert!(echo.is_success());
    assert_eq!(echo.content_type.as_deref(), Some("text/plain"));
    let request = String::from_utf8(echo.body).unwrap().to_lowercase();
    assert!(request.contains("user-agent: soucoupe\r\n"), "{request}");
    let echo = client.post(&url("https://www.example/echo"), "text/x", b"hello".to_vec()).await.unwrap();
    let request = String::from_utf8(echo.body).unwrap();
    assert!(request.starts_with("POST /echo ") && request.ends_with("\r\n\r\nhello"), "{request}");
    assert_eq!(client.get(&url("https://www.example/nothing")).await.unwrap().status, 404);
}

#[tokio::test]
async fn private_addresses_are_not_reached_by_any_spelling() {
    let web = server().await;
    let (names, client) = client(&web).await;
    let port = web.address.port();
    let strict = HttpClient::new(Resolver::new(Some(names.address())).unwrap());
    for address in [
        format!("https://www.example:{port}/echo"),
        format!("https://127.0.0.1:{port}/echo"),
        format!("https://2130706433:{port}/echo"),
        format!("https://[::ffff:127.0.0.1]:{port}/echo"),
        "https://169.254.169.254/latest/meta-data/".into(),
        "https://[fd00:ec2::254]/".into(),
        "https://localhost/".into(),
    ] {
        let error = strict.get(&url(&address)).await.unwrap_err();
        assert!(matches!(error, HttpError::Private(_)), "{address} {error:?}");
    }
    for name in ["private.example", "mixed.example"] {
        let error = client.get(&url(&format!("https://{name}/"))).await.unwrap_err();
        assert!(matches!(error, HttpError::Private(_)), "{name} {error:?}");
    }
    assert_eq!(web.requests(), 0);
}

#[tokio::test]
async fn only_https_with_a_trusted_certificate_for_the_name_is_spoken() {
    let web = server().await;
    let (names, client) = client(&web).await;
    for address in ["http://www.example/echo", "https://user@www.example/echo", "ftp://www.example/"] {
        let error = client.get(&url(address)).await.unwrap_err();
        assert!(matches!(error, HttpError::Address(_)), "{address} {error:?}");
    }
    let error = client.get(&url("https://other.example/echo")).await.unwrap_err();
    assert!(matches!(error, HttpError::Failed(_)), "{error:?}");
    let resolver = Resolver::new(Some(names.address())).unwrap();
    let distrusting = HttpClient::allowing(resolver, &[web.address], Vec::new());
    let error = distrusting.get(&url("https://www.example/echo")).await.unwrap_err();
    assert!(matches!(error, HttpError::Failed(_) | HttpError::NoRoots), "{error:?}");
    let error = client.get(&url("https://nobody.example/")).await.unwrap_err();
    assert!(matches!(error, HttpError::Name(_)), "{error:?}");
    assert_eq!(web.requests(), 0);
}

#[tokio::test]
async fn redirects_are_shown_and_not_followed_and_limits_hold() {
    let web = server().await;
    let (_names, client) = client(&web).await;
    assert_eq!(client.get(&url("https://www.example/moved")).await.unwrap().status, 302);
    let small = client.limited(HttpLimits { size: 4999, ..HttpLimits::default() });
    for path in ["big", "endless"] {
        let address = url(&format!("https://www.example/{path}"));
        let error = small.get(&address).await.unwrap_err();
        assert!(matches!(error, HttpError::TooLarge(4999)), "{path} {error:?}");
        assert_eq!(client.get(&address).await.unwrap().body.len(), 5000);
    }
    let hasty = client.limited(HttpLimits { time: Duration::ZERO, ..HttpLimits::default() });
    let error = hasty.get(&url("https://www.example/big")).await.unwrap_err();
    assert!(matches!(error, HttpError::TimedOut(_)), "{error:?}");
}
