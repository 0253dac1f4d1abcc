//! The desk's pages about editions, asked as a browser asks.

#![allow(clippy::unwrap_used)]

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use editions::{Edition, EditionState, create, find, start_sending};
use i18n::Language;
use instance::Instance;
use publications::{NewPublication, Publication};
use testkit::{House, MORNING, on_both};
use tower::ServiceExt;

/// Everything an author, or somebody who lent them a text, could try.
const HOSTILE: &str = "---\ntitle: \"<script>alert(1)</script>\"\nwritten_at: 2026-11-23T08:00\n---\n\n\
    `<script>alert(2)</script>` and \\</style>\\<script>alert(3)\\</script> \\<img src=x onerror=alert(3)>\n\n\
    ![\"\\><script\\>alert(4)](https://x.example/\"onerror=\"alert)\n\n\
    :::sponsor{name=\"</pre></textarea><script>alert(6)</script>\" href=\"https://a.example/\"}\n\\</iframe>\n:::\n";

struct Desk {
    app: Router,
    cookie: String,
}

/// What a browser gets.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    policy: String,
    location: String,
    body: String,
}

impl Desk {
    async fn open(instance: &Instance) -> (Desk, Publication) {
        let ada =
            accounts::create_owner(instance, "ada@a.example", "Ada", "une petite phrase", Language::French);
        let session = accounts::start(instance, ada.await.unwrap().id).await.unwrap();
        let new = NewPublication {
            slug: "gazette".into(),
            name: "La Gazette".into(),
            from: "Ada <ada@gazette.example>".into(),
            language: "fr".into(),
            postal_address: Some("12 quai des Brumes".into()),
            ..NewPublication::default()
        };
        let gazette = publications::create(instance, new).await.unwrap();
        let app = editions::routes().with_state(instance.clone());
        (Desk { app, cookie: format!("__Host-soucoupe={}; lang=fr", session.token) }, gazette)
    }

    async fn send(&self, method: &str, path: &str, kind: &str, body: String) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("cookie", &self.cookie)
            .header("content-type", kind)
            .body(Body::from(body))
            .unwrap();
        let response = self.app.clone().oneshot(request).await.unwrap();
        let header = |name: &str| {
            response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
        };
        let (status, policy, location) =
            (response.status(), header("content-security-policy"), header("location"));
        let body = to_bytes(response.into_body(), 4_000_000).await.unwrap();
        Answer { status, policy, location, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "text/plain", String::new()).await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
        let pairs = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        self.send("POST", path, "application/x-www-form-urlencoded", body).await
    }

    async fn render(&self, path: &str, markdown: &str, dark: bool) -> serde_json::Value {
        let body = serde_json::json!({ "markdown": markdown, "dark": dark }).to_string();
        let answer = self.send("POST", path, "application/json", body).await;
        assert_eq!(answer.status, StatusCode::OK);
        serde_json::from_str(&answer.body).unwrap()
    }
}

fn text(title: &str) -> String {
    format!(
        "---\ntitle: {title}\npreheader: Une phrase.\nwritten_at: 2026-11-23T08:00\n---\n\nBonjour {{first_name|la mif}}.\n"
    )
}

async fn draft(house: &House, gazette: &Publication, title: &str) -> Edition {
    create(&house.instance, gazette, &text(title)).await.unwrap()
}

#[tokio::test]
async fn an_author_writes_a_first_edition_without_any_script() {
    on_both(|house| async move {
        let (desk, gazette) = Desk::open(&house.instance).await;
        let list = desk.get("/desk/gazette/editions").await;
        assert!(list.body.contains("/desk/gazette/editions/new"), "an empty list says what to do");
        let new = desk.get("/desk/gazette/editions/new").await;
        assert!(
            new.body.contains(":::greeting") && new.body.contains("written_at: 2026-11-23T09:30"),
            "{}",
            new.body
        );
        assert_eq!(
            editions::list(&house.instance, gazette.id, 1).await.unwrap().1,
            0,
            "looking makes nothing"
        );

        let windows = text("Le banc").replace('\n', "\r\n");
        let made = desk.post("/desk/gazette/editions/new", &[("markdown", &windows)]).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER);
        assert_eq!(made.location, "/desk/gazette/editions/le-banc?said=editions-said-created");
        let edition = find(&house.instance, gazette.id, "le-banc").await.unwrap().unwrap();

        let page = desk.get(&made.location).await;
        for part in [
            "sandbox=\"\"",
            "src=\"/desk/gazette/editions/le-banc/preview/mail\"",
            "Bonjour {first_name|la mif}.",
            "Le brouillon est enregistré",
        ] {
            assert!(page.body.contains(part), "{part}");
        }
        let seen = edition.updated_at.to_string();
        let fields = [("markdown", text("Le banc vert")), ("seen", seen)];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let saved = desk.post("/desk/gazette/editions/le-banc", &fields).await;
        assert_eq!(saved.location, "/desk/gazette/editions/le-banc-vert?said=editions-said-saved");
        assert!(desk.get("/desk/gazette/editions").await.body.contains("Le banc vert"));

        // The same text again, from a window that was opened before: nothing is overwritten, everything is shown.
        let late = desk.post("/desk/gazette/editions/le-banc-vert", &fields).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            late.body.contains("Rien n’a été écrasé") && late.body.contains("title: Le banc vert"),
            "{}",
            late.body
        );
        let current = find(&house.instance, gazette.id, "le-banc-vert").await.unwrap().unwrap();
        assert!(late.body.contains(&format!("name=\"seen\" value=\"{}\"", current.updated_at)));
    })
    .await;
}

#[tokio::test]
async fn a_text_with_faults_comes_back_whole_with_the_line_of_each() {
    on_both(|house| async move {
        let (desk, gazette) = Desk::open(&house.instance).await;
        let edition = draft(&house, &gazette, "Un").await;
        let faulty = format!("{}\n:::qoute\nx\n:::\n", text("Un"));
        let seen = edition.updated_at.to_string();
        let refused = desk.post("/desk/gazette/editions/un", &[("markdown", &faulty), ("seen", &seen)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        for part in
            [":::qoute", "href=\"#L9\"", "ligne 9", "quote", &format!("value=\"{seen}\""), "data-dirty"]
        {
            assert!(refused.body.contains(part), "{part}\n{}", refused.body);
        }
        let made = desk.post("/desk/gazette/editions/new", &[("markdown", &faulty)]).await;
        assert_eq!(made.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(find(&house.instance, gazette.id, "un").await.unwrap().unwrap(), edition);
        let live = desk.render("/desk/gazette/editions/un/render", &faulty, false).await;
        assert_eq!((&live["problems"][0]["line"], &live["mail"]), (&9.into(), &serde_json::Value::Null));
        assert!(live["parts"]["notes"].as_str().unwrap().contains("ligne 9"));
    })
    .await;
}

#[tokio::test]
async fn what_is_typed_is_rendered_at_once_by_day_and_by_night_and_kept_nowhere() {
    on_both(|house| async move {
        let (desk, gazette) = Desk::open(&house.instance).await;
        let edition = draft(&house, &gazette, "Un").await;
        let place = "/desk/gazette/editions/un/render";
        let day = desk.render(place, &text("Deux"), false).await;
        for part in ["mail", "web", "text"] {
            assert!(day[part].as_str().unwrap().contains("Deux"), "{part}");
        }
        assert!(day["size"].as_u64().unwrap() > 1_000);
        assert!(
            day["mail"].as_str().unwrap().contains("nº 1"),
            "an author sees the number the edition will have"
        );
        let night = desk.render(place, &text("Deux"), true).await;
        for part in ["mail", "web", "text"] {
            let (day, night) = (day[part].as_str().unwrap(), night[part].as_str().unwrap());
            assert!(
                !day.contains("prefers-color-scheme") && !night.contains("prefers-color-scheme"),
                "{part}"
            );
            assert!(day.contains("@media not all") && night.contains("@media all"), "{part}");
        }
        assert_eq!(find(&house.instance, gazette.id, "un").await.unwrap().unwrap(), edition);
        let new = desk.render("/desk/gazette/editions/new/render", &text("Neuf"), false).await;
        assert!(new["web"].as_str().unwrap().contains("Neuf"));
        assert_eq!(editions::list(&house.instance, gazette.id, 1).await.unwrap().1, 1);
        day["findings"].clone()
    })
    .await;
}

#[tokio::test]
async fn a_hostile_text_runs_no_script_in_any_proof_or_page() {
    on_both(|house| async move {
        let (desk, gazette) = Desk::open(&house.instance).await;
        let edition = match create(&house.instance, &gazette, HOSTILE).await {
            Ok(edition) => edition,
            Err(error) => panic!("{error}"),
        };
        let place = format!("/desk/gazette/editions/{}", edition.slug);
        let mut proofs = Vec::new();
        for medium in ["mail", "web", "text"] {
            for guise in ["", "?dark=1", "?width=phone", "?width=phone&dark=1"] {
                let proof = desk.get(&format!("{place}/preview/{medium}{guise}")).await;
                assert_eq!(proof.status, StatusCode::OK);
                let rules: Vec<&str> = proof.policy.split(';').map(str::trim).collect();
                assert!(
                    rules.contains(&"sandbox") && rules.contains(&"default-src 'none'"),
                    "{}",
                    proof.policy
                );
                assert!(
                    !proof.policy.contains("script-src") && !proof.policy.contains("allow-"),
                    "{}",
                    proof.policy
                );
                proofs.push(proof.body);
            }
        }
        let live = desk.render(&format!("{place}/render"), HOSTILE, false).await;
        proofs.extend(["mail", "web", "text"].map(|part| live[part].as_str().unwrap().to_owned()));
        for proof in &proofs {
            let head = proof.split("</head>").next().unwrap();
            let policy =
                head.find("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src");
            let style = head.find("<style").or(head.find("<title"));
            assert!(policy.is_some() && policy < style, "the policy stands before what it governs\n{head}");
            assert_scriptless(proof);
        }
        let page = desk.get(&place).await;
        assert!(page.policy.contains("script-src 'self';") && page.policy.contains("frame-ancestors 'none'"));
        assert!(page.body.contains("sandbox=\"\"") && !page.body.contains("srcdoc"));
        for part in ["notes", "inbox", "weight"] {
            assert_scriptless(live["parts"][part].as_str().unwrap());
        }
        for body in [
            &page.body,
            &desk.get("/desk/gazette/editions").await.body,
            &desk.get(&format!("{place}/check")).await.body,
        ] {
            let ours = body.matches("<script type=\"module\" src=\"/assets/").count();
            assert_eq!(body.matches("<script").count(), ours, "only our own modules");
        }
        assert_eq!(page.body.matches("</textarea>").count(), 1);
    })
    .await;
}

/// No element of a script, no attribute of one, no address of one: words that look like them are words.
fn assert_scriptless(html: &str) {
    let lower = html.to_lowercase();
    assert!(!lower.contains("<script"), "{html}");
    for tag in lower.split('<').skip(1).filter_map(|rest| rest.split_once('>')).map(|(tag, _)| tag) {
        // What stands in quotes is a value; names of attributes stand outside.
        let names: String = tag.split('"').step_by(2).collect();
        assert!(!names.contains(" on"), "{tag}");
        assert!(!tag.contains("=\"javascript:"), "{tag}");
    }
}

#[tokio::test]
async fn an_edition_that_left_is_shown_and_can_be_neither_changed_nor_deleted_at_the_desk() {
    on_both(|house| async move {
        let (desk, gazette) = Desk::open(&house.instance).await;
        let edition = draft(&house, &gazette, "Un").await;
        start_sending(&house.instance, edition.id, MORNING).await.unwrap();
        let page = desk.get("/desk/gazette/editions/un").await;
        assert!(page.body.contains(" readonly") && !page.body.contains("id=\"save\""));
        assert!(page.body.contains("href=\"/gazette/un\"") && !page.body.contains("un/delete"));
        let seen = edition.updated_at.to_string();
        let saved =
            desk.post("/desk/gazette/editions/un", &[("markdown", &text("Deux")), ("seen", &seen)]).await;
        assert_eq!(saved.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(desk.get("/desk/gazette/editions/un/delete").await.status, StatusCode::CONFLICT);
        assert_eq!(desk.post("/desk/gazette/editions/un/delete", &[]).await.status, StatusCode::CONFLICT);
        let kept = find(&house.instance, gazette.id, "un").await.unwrap().unwrap();
        assert_eq!((kept.title.as_str(), kept.state), ("Un", EditionState::Sending));
    })
    .await;
}

#[tokio::test]
async fn deleting_asks_first_and_opening_the_question_deletes_nothing() {
    on_both(|house| async move {
        let (desk, gazette) = Desk::open(&house.instance).await;
        draft(&house, &gazette, "Un").await;
        let question = desk.get("/desk/gazette/editions/un/delete").await;
        assert!(question.body.contains("Un") && question.body.contains("method=\"post\""));
        assert!(find(&house.instance, gazette.id, "un").await.unwrap().is_some());
        let done = desk.post("/desk/gazette/editions/un/delete", &[]).await;
        assert_eq!(done.location, "/desk/gazette/editions?said=editions-said-deleted");
        assert_eq!(find(&house.instance, gazette.id, "un").await.unwrap(), None);
        assert_eq!(desk.post("/desk/gazette/editions/un/delete", &[]).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn nobody_sees_a_draft_without_signing_in_and_no_page_is_made_up() {
    on_both(|house| async move {
        let (mut desk, gazette) = Desk::open(&house.instance).await;
        draft(&house, &gazette, "Un").await;
        for path in
            ["/desk/tide/editions", "/desk/gazette/editions/deux", "/desk/gazette/editions/un/preview/fax"]
        {
            assert_eq!(desk.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        desk.cookie = "lang=fr".into();
        for path in ["", "/new", "/un", "/un/preview/mail", "/un/check", "/un/delete"] {
            let answer = desk.get(&format!("/desk/gazette/editions{path}")).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        }
        for path in ["/new", "/un", "/un/delete"] {
            let answer = desk.post(&format!("/desk/gazette/editions{path}"), &[("markdown", "x")]).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        }
    })
    .await;
}
