use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::*;
use crate::{AuthError, Route, SendError, tls};

/// A certificate for `localhost` and 127.0.0.1 that signs itself, made by OpenSSL: certificate and key files.
fn certificate() -> &'static (PathBuf, PathBuf) {
    static FILES: OnceLock<(PathBuf, PathBuf)> = OnceLock::new();
    FILES.get_or_init(|| {
        let name =
            |end: &str| std::env::temp_dir().join(format!("soucoupe-smtp-{}-{end}.pem", std::process::id()));
        let (certificate, key) = (name("certificate"), name("key"));
        let status = Command::new("openssl")
            .args([
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
            ])
            .args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"])
            .args(["-addext", "basicConstraints=critical,CA:FALSE"])
            .arg("-keyout")
            .arg(&key)
            .arg("-out")
            .arg(&certificate)
            .stderr(std::process::Stdio::null())
            .status()
            .unwrap();
        assert!(status.success());
        (certificate, key)
    })
}

async fn encrypted_sink(options: ListenerOptions) -> Sink {
    let (certificate, key) = certificate();
    let tls = tls::server_config(&std::fs::read(certificate).unwrap(), &std::fs::read(key).unwrap()).unwrap();
    let options = SinkOptions {
        listener: ListenerOptions { tls: Some(tls), ..options },
        keep_messages: true,
        credentials: Some(("author@x.example".into(), "s:e/cret é".into())),
        ..SinkOptions::default()
    };
    Sink::start(options).await.unwrap()
}

fn route(sink: &Sink, scheme: &str, user: &str, host: &str, ca: Option<&Path>) -> Route {
    let ca = ca.map(|path| format!("?ca={}", path.display())).unwrap_or_default();
    Route::parse(&format!("{scheme}://{user}{host}:{}{ca}", sink.address().port())).unwrap()
}

const USER: &str = "author%40x.example:s%3Ae%2Fcret%20%C3%A9@";

async fn connect(route: &Route) -> Result<Connection, SendError> {
    Connection::open(route, "letter.example", Timeouts::all(PATIENCE)).await
}

#[tokio::test]
async fn letters_go_encrypted_from_the_first_byte_or_from_starttls_on() {
    let (ca, _) = certificate();
    for (scheme, tls_from_start) in [("smtps", true), ("smtp+starttls", false)] {
        for offered in KINDS {
            let sink = encrypted_sink(ListenerOptions { tls_from_start, ..kind(offered) }).await;
            let mut connection = connect(&route(&sink, scheme, "", "127.0.0.1", Some(ca))).await.unwrap();
            assert!(connection.is_encrypted());
            assert!(!connection.capabilities().starttls);
            let big = b"0123456789abcdef\r\n".repeat(30_000);
            for message in [letter(1), big.clone(), letter(2)] {
                deliver(&mut connection, TO, &message).await.unwrap();
            }
            connection.quit().await;
            assert!(sink.messages() == [letter(1), big, letter(2)], "{scheme} {offered:?}");
        }
    }
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_or_is_for_another_host_ends_it() {
    let (ca, _) = certificate();
    let sink = encrypted_sink(ListenerOptions::default()).await;
    let error = connect(&route(&sink, "smtp+starttls", "", "127.0.0.1", None)).await.unwrap_err();
    assert!(matches!(error, SendError::Tls { .. } | SendError::TlsSettings(_)), "{error:?}");
    connect(&route(&sink, "smtp+starttls", "", "localhost", Some(ca))).await.unwrap();
    let error = connect(&route(&sink, "smtp+starttls", "", "127.0.0.2", Some(ca))).await.unwrap_err();
    // Nobody listens there, or the name does not fit: either way no letter goes.
    assert!(matches!(error, SendError::Tls { .. } | SendError::Connect { .. }), "{error:?}");
}

#[tokio::test]
async fn without_starttls_nothing_goes_in_clear() {
    let plain = sink(ListenerOptions::default(), vec![]).await;
    let error = connect(&route(&plain, "smtp+starttls", USER, "127.0.0.1", Some(&certificate().0)))
        .await
        .unwrap_err();
    assert!(matches!(error, SendError::NoStartTls { .. }), "{error:?}");
}

#[tokio::test]
async fn commands_that_were_slipped_in_before_encryption_are_not_obeyed() {
    let sink = encrypted_sink(ListenerOptions::default()).await;
    let answers = speak(&sink, b"EHLO x\r\nSTARTTLS\r\nMAIL FROM:<evil@x>\r\n").await;
    assert!(answers.ends_with("501 5.5.2 Nothing may follow STARTTLS\r\n"), "{answers}");
}

#[tokio::test]
async fn signing_in_is_checked_on_both_sides() {
    let options = || ListenerOptions { auth: true, auth_required: true, ..ListenerOptions::default() };
    let sink = encrypted_sink(options()).await;
    let (ca, _) = certificate();
    for scheme in ["smtp+starttls", "smtp"] {
        let ca = (scheme != "smtp").then_some(ca.as_path());
        let mut connection = connect(&route(&sink, scheme, USER, "127.0.0.1", ca)).await.unwrap();
        deliver(&mut connection, TO, &letter(1)).await.unwrap();
        let mut connection = connect(&route(&sink, scheme, "", "127.0.0.1", ca)).await.unwrap();
        assert_eq!(refusal(deliver(&mut connection, TO, &letter(2)).await).reply.code, 530);
        let error = connect(&route(&sink, scheme, "author:wrong@", "127.0.0.1", ca)).await.unwrap_err();
        assert!(
            matches!(&error, SendError::Auth(AuthError::Refused(reply)) if reply.code == 535),
            "{error:?}"
        );
        assert!(!format!("{error} {error:?}").contains("wrong@"));
    }
    assert_eq!(sink.messages().len(), 2);
    let open = self::sink(ListenerOptions::default(), vec![]).await;
    let error = connect(&route(&open, "smtp", USER, "127.0.0.1", None)).await.unwrap_err();
    assert!(matches!(error, SendError::Auth(AuthError::NotOffered(_))), "{error:?}");
}

#[tokio::test]
async fn auth_login_and_auth_plain_without_initial_response_are_understood() {
    let sink = encrypted_sink(ListenerOptions { auth: true, ..ListenerOptions::default() }).await;
    let encode = |text: &str| data_encoding::BASE64.encode(text.as_bytes());
    let (user, password) = (encode("author@x.example"), encode("s:e/cret é"));
    let plain = encode("\0author@x.example\0s:e/cret é");
    for (script, code) in [
        (format!("AUTH LOGIN\r\n{user}\r\n{password}\r\n"), "235"),
        (format!("AUTH LOGIN {user}\r\n{password}\r\n"), "235"),
        (format!("AUTH PLAIN\r\n{plain}\r\n"), "235"),
        (format!("AUTH PLAIN {plain}\r\n"), "235"),
        (format!("AUTH LOGIN\r\n{user}\r\n{user}\r\n"), "535"),
        ("AUTH LOGIN\r\n*\r\n".into(), "501"),
        ("AUTH CRAM-MD5\r\n".into(), "504"),
    ] {
        let answers = speak(&sink, format!("EHLO x\r\n{script}QUIT\r\n").as_bytes()).await;
        let before_last = answers.lines().rev().nth(1).unwrap();
        assert!(before_last.starts_with(code), "{script:?} {answers}");
    }
}
