//! Who is believed, and who is not.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod sign;

use policy::returns::Action;
use serde_json::{Value, json};
use sign::{HOUR, NOW, Signed, TOPIC, dead, envelope, signed, sns};
use webhooks::{Outcome, Provider, Request, WebhookError, certificate_url, read};

fn notices(request: &Signed) -> Vec<webhooks::Notice> {
    match request.read().unwrap() {
        Outcome::Notices(notices) => notices,
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_service_tells_of_a_dead_address_in_the_same_words() {
    for provider in Provider::ALL {
        let [notice] = &notices(&signed(provider, &dead(provider)))[..] else { panic!("{provider}") };
        assert_eq!(notice.action, Action::Suppress, "{provider}");
        assert_eq!(notice.reason, "address_dead", "{provider}");
        assert_eq!(notice.address.as_deref(), Some("ines@example.com"), "{provider}");
        assert_eq!(notice.status.as_deref(), Some("5.1.1"), "{provider}");
        assert!(notice.words.as_ref().unwrap().contains("no such user here"), "{provider}");
        assert!(notice.relay_id.is_some(), "{provider}");
        assert!(notice.event_key.starts_with(&format!("{provider}:")), "{provider}");
        let age = NOW - notice.at.unwrap();
        assert!((9_000_000..=10_000_000).contains(&age), "{provider}: {age}");
        let known_by_id = !matches!(provider, Provider::Postmark | Provider::Mailjet | Provider::SparkPost);
        let expected = known_by_id.then_some("7.a@letters.example");
        assert_eq!(notice.message_id.as_deref(), expected, "{provider}");
    }
}

#[test]
fn a_repeated_event_has_the_same_key_and_another_event_another() {
    for provider in Provider::ALL {
        let first = notices(&signed(provider, &dead(provider)));
        let again = notices(&signed(provider, &dead(provider)));
        assert_eq!(first[0].event_key, again[0].event_key, "{provider}");
    }
    let mut other = dead(Provider::Brevo);
    other["email"] = json!("noe@example.com");
    let (first, other) = (
        notices(&signed(Provider::Brevo, &dead(Provider::Brevo))),
        notices(&signed(Provider::Brevo, &other)),
    );
    assert_ne!(first[0].event_key, other[0].event_key);
}

#[test]
fn a_changed_body_is_refused() {
    // Those that sign the body; the others sign nothing of it.
    for provider in
        [Provider::Ses, Provider::Scaleway, Provider::SendGrid, Provider::Resend, Provider::ForwardEmail]
    {
        let mut request = signed(provider, &dead(provider));
        let text = String::from_utf8(request.body).unwrap();
        assert!(text.contains("ines@example.com"));
        request.body = text.replace("ines@example.com", "noe.@example.com").into_bytes();
        let error = request.read().unwrap_err();
        assert_eq!(error, WebhookError::WrongProof("signature"), "{provider}");
        assert!(error.is_forgery());
    }
}

#[test]
fn a_wrong_secret_and_no_secret_open_nothing() {
    for provider in Provider::ALL {
        let mut request = signed(provider, &dead(provider));
        request.secret = match provider {
            Provider::SendGrid => sign::sendgrid(Vec::new()).secret,
            Provider::Resend => "whsec_b3RoZXI=".to_owned(),
            Provider::Ses | Provider::Scaleway => "arn:aws:sns:eu-west-3:666666666666:bounces".to_owned(),
            _ => "something else".to_owned(),
        };
        assert!(request.read().unwrap_err().is_forgery(), "{provider}");
        request.secret = " ".to_owned();
        assert_eq!(request.read().unwrap_err(), WebhookError::NoSecret, "{provider}");
    }
}

#[test]
fn a_request_without_a_proof_is_refused() {
    for provider in Provider::ALL {
        let mut request = signed(provider, &dead(provider));
        (request.headers, request.user) = (Vec::new(), None);
        match provider {
            Provider::Ses | Provider::Scaleway => request.secret = "maud:letters".to_owned(),
            Provider::Mailgun => {
                request.body = json!({ "event-data": dead(provider) }).to_string().into_bytes()
            }
            _ => {}
        }
        assert!(matches!(request.read(), Err(WebhookError::NoProof(_))), "{provider}: {:?}", request.read());
    }
}

#[test]
fn what_was_signed_long_ago_or_in_the_future_is_refused() {
    let long = [
        (Provider::Ses, 12),
        (Provider::Scaleway, 12),
        (Provider::SendGrid, 26),
        (Provider::Mailgun, 12),
        (Provider::ForwardEmail, 96),
    ];
    for (provider, hours) in long {
        let request = signed(provider, &dead(provider));
        assert!(request.read_at(NOW + (hours - 1) * HOUR).is_ok(), "{provider}");
        assert_eq!(request.read_at(NOW + (hours + 1) * HOUR), Err(WebhookError::Stale), "{provider}");
        assert_eq!(request.read_at(NOW - HOUR), Err(WebhookError::Stale), "{provider}");
    }
    let request = signed(Provider::Resend, &dead(Provider::Resend));
    assert!(request.read_at(NOW + HOUR / 15).is_ok());
    assert_eq!(request.read_at(NOW + HOUR / 10), Err(WebhookError::Stale));
    assert_eq!(request.read_at(NOW - HOUR / 10), Err(WebhookError::Stale));
}

#[test]
fn passwords_come_apart_or_in_a_header_and_tokens_as_bearer() {
    let mut request = signed(Provider::Postmark, &dead(Provider::Postmark));
    request.user = None;
    request.headers = vec![("authorization".to_owned(), "basic bWF1ZDphOmIgYw==".to_owned())];
    assert!(request.read().is_ok());
    request.headers = vec![("authorization".to_owned(), "Bearer maud:a:b c".to_owned())];
    assert!(request.read().is_err());

    let mut request = signed(Provider::Brevo, &dead(Provider::Brevo));
    (request.user, request.secret) = (None, "a-long-token".to_owned());
    request.headers = vec![("Authorization".to_owned(), "bearer a-long-token".to_owned())];
    assert!(request.read().is_ok());
    request.headers = vec![("Authorization".to_owned(), "bearer a-long-tokem".to_owned())];
    assert_eq!(request.read(), Err(WebhookError::WrongProof("token")));

    let mut request = signed(Provider::SparkPost, &dead(Provider::SparkPost));
    (request.user, request.secret) = (None, "a-long-token".to_owned());
    request.headers = vec![("x-messagesystems-webhook-token".to_owned(), "a-long-token".to_owned())];
    assert!(request.read().is_ok());
}

#[test]
fn a_topic_that_signs_with_sha_1_is_told_to_switch() {
    let mut old = envelope("Notification", "{}", TOPIC, sign::AWS_CERTIFICATE);
    old["SignatureVersion"] = json!("1");
    let error = sns(Provider::Ses, old).read().unwrap_err();
    assert_eq!(error, WebhookError::OldSignature);
    assert!(error.to_string().contains("switch the topic to SignatureVersion 2"));
}

#[test]
fn certificates_are_fetched_from_the_service_only() {
    let asked = |provider, url: &str| {
        let body = json!({ "SigningCertURL": url, "TopicArn": TOPIC }).to_string();
        certificate_url(provider, &Request { headers: &[], body: body.as_bytes(), user: None }, TOPIC)
    };
    for good in [
        sign::AWS_CERTIFICATE,
        "https://sns.us-gov-west-1.amazonaws.com/x.pem",
        "https://sns.cn-north-1.amazonaws.com.cn/x.pem",
    ] {
        assert_eq!(asked(Provider::Ses, good).unwrap().unwrap().as_str(), good);
        assert!(asked(Provider::Scaleway, good).is_err());
    }
    for bad in [
        "http://sns.eu-west-3.amazonaws.com/x.pem",
        "https://sns.eu-west-3.amazonaws.com.evil.example/x.pem",
        "https://sns.eu-west-3.amazonaws.com@evil.example/x.pem",
        "https://a@sns.eu-west-3.amazonaws.com/x.pem",
        "https://sns.eu-west-3.amazonaws.com:8443/x.pem",
        "https://sns.eu-west-3.amazonaws.com/x.txt",
        "https://sns.eu-west-3.amazonaws.com/x?y=.pem",
        "https://sns..amazonaws.com/x.pem",
        "https://sns.amazonaws.com/x.pem",
        "https://sns.a.b.amazonaws.com/x.pem",
        "https://evil-sns.eu-west-3.amazonaws.com/x.pem",
        "https://bucket.s3.amazonaws.com/x.pem",
        "https://127.0.0.1/x.pem",
        "file:///etc/passwd.pem",
        "not an address",
    ] {
        assert!(matches!(asked(Provider::Ses, bad), Err(WebhookError::ForeignAddress(_))), "{bad}");
    }
    assert!(asked(Provider::Scaleway, sign::SCALEWAY_CERTIFICATE).is_ok());
    assert!(asked(Provider::Scaleway, "https://messaging.s3.fr-par.scw.cloud.example/a.pem").is_err());
    // Another region's bucket of the same name may be anybody's.
    assert!(asked(Provider::Scaleway, "https://messaging.s3.pl-waw.scw.cloud/fr-par/sns/a.pem").is_err());
    assert_eq!(asked(Provider::Postmark, sign::AWS_CERTIFICATE), Ok(None));
    // And a body that names another one is not even checked.
    let foreign = envelope("Notification", "{}", TOPIC, "https://evil.example/x.pem");
    assert!(matches!(sns(Provider::Ses, foreign).read(), Err(WebhookError::ForeignAddress(_))));
}

#[test]
fn a_certificate_that_is_none_or_of_another_kind_or_time_is_refused() {
    let signed = signed(Provider::Ses, &dead(Provider::Ses));
    let request = Request { headers: &[], body: &signed.body, user: None };
    let with = |certificate, now| read(Provider::Ses, &request, TOPIC, certificate, now);
    assert_eq!(with(None, NOW), Err(WebhookError::Certificate("it was not fetched")));
    assert_eq!(with(Some(b"hello"), NOW), Err(WebhookError::Certificate("it is no PEM file")));
    let cut = b"-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----";
    assert_eq!(with(Some(cut), NOW), Err(WebhookError::Certificate("it is damaged")));
    assert_eq!(
        with(Some(sign::OTHER_CERTIFICATE), NOW),
        Err(WebhookError::Certificate("it holds no RSA key"))
    );
    assert_eq!(with(Some(sign::CERTIFICATE), 0), Err(WebhookError::Certificate("it is not valid today")));
}

#[test]
fn a_subscription_is_confirmed_for_our_topic_at_the_service_only() {
    let asked = envelope("SubscriptionConfirmation", "You have chosen…", TOPIC, sign::AWS_CERTIFICATE);
    let Ok(Outcome::Confirm(url)) = sns(Provider::Ses, asked.clone()).read() else { panic!() };
    assert_eq!(url.host_str(), Some("sns.eu-west-3.amazonaws.com"));

    let mut elsewhere = asked.clone();
    elsewhere["SubscribeURL"] = json!("https://169.254.169.254/latest/meta-data");
    assert!(matches!(sns(Provider::Ses, elsewhere).read(), Err(WebhookError::ForeignAddress(_))));

    let mut stranger = asked.clone();
    stranger["TopicArn"] = json!("arn:aws:sns:eu-west-3:666666666666:mine");
    assert!(matches!(sns(Provider::Ses, stranger).read(), Err(WebhookError::OtherTopic(_))));

    let ended = envelope("UnsubscribeConfirmation", "You have left…", TOPIC, sign::AWS_CERTIFICATE);
    assert_eq!(sns(Provider::Ses, ended).read(), Ok(Outcome::Ended { topic: TOPIC.to_owned() }));

    let mut scaleway = asked;
    scaleway["SigningCertURL"] = json!(sign::SCALEWAY_CERTIFICATE);
    scaleway["SubscribeURL"] = json!("https://sns.mnq.fr-par.scaleway.com/?Action=ConfirmSubscription");
    assert!(matches!(sns(Provider::Scaleway, scaleway).read(), Ok(Outcome::Confirm(_))));
}

#[test]
fn a_topic_may_be_one_of_several_or_known_by_a_password() {
    let mut request = signed(Provider::Ses, &dead(Provider::Ses));
    request.secret = format!("arn:aws:sns:eu-west-3:123456789012:complaints {TOPIC}");
    assert!(request.read().is_ok());
    request.secret = format!("{TOPIC}-2");
    assert!(request.read().is_err());
    request.secret = "maud:letters".to_owned();
    request.user = Some(("maud".to_owned(), "letters".to_owned()));
    assert!(request.read().is_ok());
    request.user = Some(("maud".to_owned(), "other".to_owned()));
    assert!(request.read().is_err());
}

#[test]
fn too_much_is_not_read() {
    let mut request = signed(Provider::Postmark, &json!(vec![Value::Null; webhooks::MOST_EVENTS + 1]));
    assert_eq!(request.read(), Err(WebhookError::TooMany));
    request.body = vec![b' '; webhooks::LARGEST_BODY + 1];
    assert_eq!(request.read(), Err(WebhookError::TooLarge));
}

#[test]
fn nobody_who_proves_nothing_fills_the_memory() {
    // Octets of JSON become many times as many in memory.
    let large = format!("[{}0]", "0,".repeat(webhooks::LARGEST_UNPROVED / 2));
    for provider in Provider::ALL {
        let request = Request { headers: &[], body: large.as_bytes(), user: None };
        let secret = if provider == Provider::Mailgun { "key" } else { TOPIC };
        let told = (read(provider, &request, secret, None, NOW), certificate_url(provider, &request, secret));
        match provider {
            Provider::Ses | Provider::Scaleway => {
                assert_eq!(told, (Err(WebhookError::TooLarge), Err(WebhookError::TooLarge)));
            }
            Provider::Mailgun => assert_eq!(told, (Err(WebhookError::TooLarge), Ok(None))),
            _ => assert!(told.0.is_err() && told.1 == Ok(None), "{provider}"),
        }
    }
}

#[test]
fn a_certificate_is_fetched_only_for_whom_we_know() {
    let request = signed(Provider::Ses, &dead(Provider::Ses));
    let asked = |user: Option<&str>, secret: &str| {
        let user = user.map(|password| ("maud".to_owned(), password.to_owned()));
        certificate_url(Provider::Ses, &Request { headers: &[], body: &request.body, user }, secret)
    };
    assert!(asked(None, TOPIC).unwrap().is_some());
    assert!(asked(Some("letters"), "maud:letters").unwrap().is_some());
    assert!(matches!(asked(None, "arn:aws:sns:eu-west-3:1:x"), Err(WebhookError::OtherTopic(_))));
    assert_eq!(asked(Some("guess"), "maud:letters"), Err(WebhookError::WrongProof("user or password")));
    assert_eq!(asked(None, " "), Err(WebhookError::NoSecret));
}

#[test]
fn a_strangers_words_begin_no_line_of_the_log() {
    let foreign =
        envelope("Notification", "{}", TOPIC, "https://x.example/\n2026 ERROR all is lost\u{1b}[2J");
    let error = sns(Provider::Ses, foreign).read().unwrap_err().to_string();
    assert!(error.contains("all is lost") && !error.contains(char::is_control), "{error:?}");
    let foreign = envelope("Notification", "{}", "arn:\r\nx", sign::AWS_CERTIFICATE);
    let error = sns(Provider::Ses, foreign).read().unwrap_err().to_string();
    assert!(!error.contains(char::is_control), "{error:?}");
}

#[test]
fn what_signs_no_event_is_told_so_that_it_counts_once() {
    let [first] = &notices(&signed(Provider::Mailgun, &dead(Provider::Mailgun)))[..] else { panic!() };
    let mut other = dead(Provider::Mailgun);
    other["id"] = json!("another");
    let [other] = &notices(&signed(Provider::Mailgun, &other))[..] else { panic!() };
    assert_ne!(first.event_key, other.event_key);
    assert_eq!(first.token, other.token, "signed by the same token");
    assert!(first.token.is_some());
    assert_eq!(notices(&signed(Provider::Postmark, &dead(Provider::Postmark)))[0].token, None);
}

#[test]
fn names_of_services_are_read_as_they_are_written() {
    for provider in Provider::ALL {
        assert_eq!(provider.as_str().parse(), Ok(provider));
    }
    assert!("mailchimp".parse::<Provider>().is_err());
}
