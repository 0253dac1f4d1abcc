//! The pages, as a browser, a mail program and a scanner meet them.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use instance::Instance;
use policy::subscription::SubscriptionState as S;
use testkit::{House, on_both};
use tower::ServiceExt;

use super::{active, ask, gazette, notices, publication, reader, state};

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The value of a hidden field.
    fn hidden(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let (_, rest) = self.text.split_once(&mark).unwrap_or_else(|| panic!("{name}: {}", self.text));
        rest.split('"').next().unwrap().to_owned()
    }
}

fn router(instance: &Instance) -> Router {
    let routes = crate::routes().merge(accounts::routes()).with_state(instance.clone());
    web::Guard::new(web::WebConfig::new(&instance.config.base_url)).around(routes)
}

async fn send(instance: &Instance, request: Request<Body>) -> Answer {
    let response = router(instance).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    Answer { status: parts.status, headers: parts.headers, text }
}

fn path(url: &str) -> String {
    url.strip_prefix("https://letters.example").unwrap_or(url).to_owned()
}

async fn get(instance: &Instance, url: &str) -> Answer {
    let request = Request::get(path(url)).header("host", "letters.example");
    send(instance, request.body(Body::empty()).unwrap()).await
}

/// A form of one of our pages.
async fn post(instance: &Instance, url: &str, body: &str) -> Answer {
    let request = Request::post(path(url))
        .header("host", "letters.example")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded");
    send(instance, request.body(Body::from(body.to_owned())).unwrap()).await
}

#[tokio::test]
async fn a_scanner_that_follows_every_link_unsubscribes_nobody() {
    on_both(|house| async move {
        let instance = &house.instance;
        let gazette = gazette(&house).await;
        let ada = active(instance, &gazette, "ada@letters.example").await;
        ask(instance, &gazette, "zoe@letters.example").await;
        let zoe = reader(instance, "zoe@letters.example").await;
        let links = |id| {
            [
                crate::confirm_url(instance, gazette.id, id),
                crate::unsubscribe_url(instance, gazette.id, id),
                crate::preferences_url(instance, gazette.id, id),
                crate::preferences_url(instance, gazette.id, id) + "/delete",
                crate::export_url(instance, gazette.id, id),
            ]
        };
        let mut statuses = vec![];
        for link in links(ada.id).into_iter().chain(links(zoe.id)) {
            for method in ["GET", "HEAD"] {
                let request =
                    Request::builder().method(method).uri(path(&link)).header("host", "letters.example");
                let answer = send(instance, request.body(Body::empty()).unwrap()).await;
                assert_eq!(answer.header("set-cookie"), "", "{link}");
                assert_eq!(answer.header("referrer-policy"), "no-referrer");
                statuses.push(answer.status.as_u16());
            }
            // Some scanners send an empty POST too.
            post(instance, &link.replace("/r/confirm/", "/r/unsubscribe/"), "").await;
        }
        assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
        assert_eq!(state(instance, &gazette, &ada).await, Some(S::Active));
        assert_eq!(state(instance, &gazette, &zoe).await, Some(S::Pending));
        statuses
    })
    .await;
}

#[tokio::test]
async fn one_click_of_a_mail_program_is_enough_and_a_wrong_link_says_so() {
    on_both(|house| async move {
        let instance = &house.instance;
        let gazette = gazette(&house).await;
        let ada = active(instance, &gazette, "ada@letters.example").await;
        let url = crate::unsubscribe_url(instance, gazette.id, ada.id);
        for _ in 0..2 {
            // RFC 8058 3.2: no cookie, no Origin, no Referer.
            let request = Request::post(path(&url))
                .header("host", "letters.example")
                .header("content-type", "application/x-www-form-urlencoded");
            let answer =
                send(instance, request.body(Body::from("List-Unsubscribe=One-Click")).unwrap()).await;
            assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, ""));
            assert_eq!((answer.header("location"), answer.header("set-cookie")), ("", ""));
            assert_eq!(state(instance, &gazette, &ada).await, Some(S::Ended));
        }
        assert!(get(instance, &url).await.text.contains("Votre abonnement est terminé"));
        let confirm = crate::confirm_url(instance, gazette.id, ada.id);
        for wrong in [
            "/r/unsubscribe/AQIRAQGarbage".to_owned(),
            confirm.replace("/confirm/", "/unsubscribe/"),
            "/r/preferences/x".to_owned(),
        ] {
            let answer = get(instance, &wrong).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{wrong}");
            assert!(answer.text.contains("<h1>"), "{}", answer.text);
        }
    })
    .await;
}

#[tokio::test]
async fn a_visitor_subscribes_by_the_form_confirms_by_the_button_and_leaves_by_the_page() {
    on_both(|house| async move {
        let instance = &house.instance;
        let gazette = gazette(&house).await;
        let page = get(instance, "/gazette/subscribe").await;
        let stamp = page.hidden("stamp");
        let form = format!("email=ada%40letters.example&first_name=Ada&website=&stamp={stamp}");
        let fast = post(instance, "/gazette/subscribe", &form).await;
        assert!(fast.text.contains("C’était très rapide") && fast.text.contains("ada@letters.example"));
        assert_eq!(notices(instance).await, 0);
        instance.clock.advance(3_000_000);
        let trapped = post(instance, "/gazette/subscribe", &form.replace("website=", "website=x")).await;
        assert!(trapped.text.contains("Regardez votre boîte"));
        assert_eq!(notices(instance).await, 0);
        let wrong = post(instance, "/gazette/subscribe", &form.replace("%40", "")).await;
        assert!(wrong.text.contains("aria-invalid"));
        let first = post(instance, "/gazette/subscribe", &form).await;
        let again = post(instance, "/gazette/subscribe", &form).await;
        assert_eq!(first.text, again.text, "known or not, the answer is the same");
        assert_eq!(notices(instance).await, 1);
        let ada = reader(instance, "ada@letters.example").await;
        let confirm = crate::confirm_url(instance, gazette.id, ada.id);
        assert!(get(instance, &confirm).await.text.contains("Oui, je m’abonne"));
        let done = post(instance, &confirm, "").await;
        assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, path(&confirm).as_str()));
        assert!(get(instance, &confirm).await.text.contains("Bienvenue"));
        assert_eq!(state(instance, &gazette, &ada).await, Some(S::Active));
        let leave = crate::unsubscribe_url(instance, gazette.id, ada.id);
        let shown = get(instance, &leave).await;
        assert!(shown.text.contains("a…@letters.example") && !shown.text.contains("ada@letters.example"));
        post(instance, &leave, "act=leave").await;
        state(instance, &gazette, &ada).await
    })
    .await;
}

#[tokio::test]
async fn another_site_can_frame_the_small_form_and_nothing_else() {
    on_both(|house| async move {
        let instance = &house.instance;
        gazette(&house).await;
        let embed = get(instance, "/gazette/embed").await;
        assert!(embed.header("content-security-policy").contains("frame-ancestors *"));
        assert!(embed.text.contains("action=\"/gazette/embed\""));
        instance.clock.advance(3_000_000);
        let form = format!("email=ada%40letters.example&stamp={}", embed.hidden("stamp"));
        let asked = post(instance, "/gazette/embed", &form).await;
        assert!(asked.header("content-security-policy").contains("frame-ancestors *"));
        assert_eq!(notices(instance).await, 1);
        let page = get(instance, "/gazette/subscribe").await;
        assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"));
        // A form on another site has no stamp: one more click on ours.
        let other = Request::post("/gazette/subscribe")
            .header("host", "letters.example")
            .header("sec-fetch-site", "cross-site")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from("email=zoe%40letters.example"))
            .unwrap();
        let other = send(instance, other).await;
        assert!(other.text.contains("zoe@letters.example") && other.text.contains("name=\"stamp\""));
        notices(instance).await
    })
    .await;
}

#[tokio::test]
async fn a_program_asks_in_json_and_learns_nothing_about_the_address() {
    on_both(|house| async move {
        let instance = &house.instance;
        gazette(&house).await;
        let ask = async |body: &str| {
            let request = Request::post("/api/publications/gazette/subscriptions")
                .header("host", "letters.example")
                .header("content-type", "application/json");
            send(instance, request.body(Body::from(body.to_owned())).unwrap()).await
        };
        let first = ask(r#"{"email":"ada@letters.example","first_name":"Ada","language":"en"}"#).await;
        let again = ask(r#"{"email":"ada@letters.example"}"#).await;
        assert_eq!((first.status, &first.text), (StatusCode::ACCEPTED, &again.text));
        let wrong = ask(r#"{"email":"ada"}"#).await;
        assert_eq!(
            (wrong.status, wrong.header("content-type")),
            (StatusCode::BAD_REQUEST, "application/problem+json")
        );
        assert_eq!(ask("{").await.status, StatusCode::BAD_REQUEST);
        reader(instance, "ada@letters.example").await.language
    })
    .await;
}

#[tokio::test]
async fn a_reader_keeps_house_on_their_own_page() {
    on_both(|house| async move {
        let instance = &house.instance;
        let (gazette, revue) = (gazette(&house).await, publication(&house, "revue").await);
        publications::tie(instance, gazette.id, revue.id).await.unwrap();
        let ada = active(instance, &gazette, "ada@letters.example").await;
        let url = crate::preferences_url(instance, gazette.id, ada.id);
        let page = get(instance, &url).await;
        assert!(page.text.contains("La revue") && page.text.contains("ada@letters.example"), "{}", page.text);
        let form = format!(
            "letter-{}=pause&letter-{}=receive&first_name=Ada&last_name=&language=en",
            gazette.id, revue.id
        );
        let saved = post(instance, &url, &form).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER);
        assert!(get(instance, saved.header("location")).await.text.contains("Saved, and in force"));
        assert_eq!(state(instance, &gazette, &ada).await, Some(S::Paused));
        assert_eq!(state(instance, &revue, &ada).await, Some(S::Active));
        let file = get(instance, &crate::export_url(instance, gazette.id, ada.id)).await;
        assert!(file.header("content-disposition").starts_with("attachment"));
        assert!(file.text.contains("\"first_name\": \"Ada\""));
        let delete = format!("{url}/delete");
        assert!(post(instance, &delete, "").await.text.contains("Nothing was deleted"));
        assert!(post(instance, &delete, "sure=yes").await.text.contains("Forgotten"));
        assert_eq!(get(instance, &url).await.status, StatusCode::NOT_FOUND);
        crate::by_id(instance, ada.id).await.unwrap()
    })
    .await;
}

struct Owner<'a> {
    instance: &'a Instance,
    cookie: String,
}

impl<'a> Owner<'a> {
    async fn of(house: &'a House) -> Self {
        let instance = &house.instance;
        let language = i18n::Language::French;
        let account =
            accounts::create_owner(instance, "ada@gazette.example", "Ada", "une petite phrase", language)
                .await
                .unwrap();
        let session = accounts::start(instance, account.id).await.unwrap();
        Owner { instance, cookie: format!("__Host-soucoupe={}; lang=fr", session.token) }
    }

    async fn get(&self, path: &str) -> Answer {
        let request = Request::get(path).header("host", "letters.example").header("cookie", &self.cookie);
        send(self.instance, request.body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, kind: &str, body: String) -> Answer {
        let request = Request::post(path)
            .header("host", "letters.example")
            .header("sec-fetch-site", "same-origin")
            .header("cookie", &self.cookie)
            .header("content-type", kind);
        send(self.instance, request.body(Body::from(body)).unwrap()).await
    }
}

const URLENCODED: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn an_author_tries_a_file_sees_the_numbers_and_then_imports_it() {
    on_both(|house| async move {
        let gazette = gazette(&house).await;
        let owner = Owner::of(&house).await;
        assert!(
            get(&house.instance, "/desk/gazette/readers").await.header("location").contains("/desk/sign-in")
        );
        assert!(owner.get("/desk/gazette/readers").await.text.contains("Personne encore"));
        let rows: String = (0..120).map(|n| format!("r{n:03}@letters.example;Zoé\r\n")).collect();
        let upload = |file: &str| {
            format!(
                "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"lecteurs.csv\"\r\n\
                 Content-Type: text/csv\r\n\r\n{file}\r\n--x--\r\n"
            )
        };
        let multipart = "multipart/form-data; boundary=x";
        let import = "/desk/gazette/readers/import";
        let wrong = owner.post(import, multipart, upload("prénom\nAda")).await;
        assert!(wrong.text.contains("aucune colonne ne contient l’adresse"), "{}", wrong.text);
        let file = format!("Courriel;Prénom\r\n{rows}faux;Max\r\n");
        let trial = owner.post(import, multipart, upload(&file)).await;
        assert!(
            trial.text.contains("Importer 120 lecteurs") && trial.text.contains("1 ligne refusée"),
            "{}",
            trial.text
        );
        assert!(
            crate::by_email(&house.instance, &super::address("r000@letters.example"))
                .await
                .unwrap()
                .is_none()
        );
        let (_, action) = trial.text.split_once("action=\"/desk/gazette/readers/import/").unwrap();
        let action = format!("{import}/{}", action.split('"').next().unwrap());
        let unsaid = owner.post(&action, URLENCODED, "source=lecteurs.csv".into()).await;
        assert!(unsaid.text.contains("aria-invalid"), "{}", unsaid.text);
        let done = owner.post(&action, URLENCODED, "source=lecteurs.csv&promise=yes".into()).await;
        assert!(done.text.contains("120 lecteurs ajoutés"), "{}", done.text);
        let again = owner.post(&action, URLENCODED, "promise=yes".into()).await;
        assert!(again.text.contains("n’attend plus"), "{}", again.text);
        assert!(owner.get(&format!("{action}/errors")).await.text.contains("faux;Max"));
        assert_eq!(
            owner.get(&format!("{import}/..%2f..%2fsoucoupe.db/errors")).await.status,
            StatusCode::NOT_FOUND
        );
        let export = owner.get("/desk/gazette/readers/export").await;
        assert_eq!(export.text.lines().count(), 121);
        let pages = pages_of(&owner, "/desk/gazette/readers").await;
        let found = pages_of(&owner, "/desk/gazette/readers?q=r01").await;
        let in_state = pages_of(&owner, "/desk/gazette/readers?state=active").await;
        let both = pages_of(&owner, "/desk/gazette/readers?q=R0&state=active").await;
        assert_eq!((pages, found, in_state, both), (120, 10, 120, 100));
        gazette.id
    })
    .await;
}

/// How many readers all pages of a list show together, each once.
async fn pages_of(owner: &Owner<'_>, from: &str) -> usize {
    let mut seen = std::collections::BTreeSet::new();
    let mut next = Some(from.to_owned());
    while let Some(path) = next.take() {
        let page = owner.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        for part in page.text.split("<td><a href=\"/desk/gazette/readers/").skip(1) {
            assert!(seen.insert(part.split('"').next().unwrap().to_owned()), "shown twice");
        }
        next = page.text.split_once("rel=\"next\"").map(|(before, _)| {
            let (_, url) = before.rsplit_once("href=\"").unwrap();
            url.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&")
        });
    }
    seen.len()
}

#[tokio::test]
async fn the_desk_shows_what_is_kept_of_a_reader_and_lets_them_go() {
    on_both(|house| async move {
        let instance = &house.instance;
        let (gazette, revue) = (gazette(&house).await, publication(&house, "revue").await);
        let owner = Owner::of(&house).await;
        let ada = active(instance, &gazette, "ada@letters.example").await;
        let page = owner.get(&format!("/desk/gazette/readers/{}", ada.id)).await;
        for part in ["ada@letters.example", "Je m&#39;abonne", "203.0.113.0/24", "a confirmé", "actif"] {
            assert!(page.text.contains(part), "{part}\n{}", page.text);
        }
        let elsewhere = owner.get(&format!("/desk/revue/readers/{}", ada.id)).await;
        assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
        let path = format!("/desk/gazette/readers/{}", ada.id);
        let ended = owner.post(&format!("{path}/end"), URLENCODED, String::new()).await;
        assert_eq!(ended.status, StatusCode::SEE_OTHER);
        assert_eq!(state(instance, &gazette, &ada).await, Some(S::Ended));
        assert!(owner.get(&path).await.text.contains("retiré par l’auteur"));
        owner.post(&format!("{path}/delete"), URLENCODED, String::new()).await;
        assert_eq!(owner.get(&path).await.status, StatusCode::NOT_FOUND);
        revue.id
    })
    .await;
}
