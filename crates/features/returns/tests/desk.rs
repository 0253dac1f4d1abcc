//! The desk's pages, asked as a browser asks.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod house;

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use house::{Story, at, story};
use i18n::Language;
use policy::returns::Action;
use returns::{Event, Evidence, Fetch, Fetched, NewReply, Source, keep_reply, take_in};
use testkit::on_both;
use tower::ServiceExt;
use url::Url;

/// No page of the desk fetches anything.
struct Nowhere;

impl Fetch for Nowhere {
    fn get<'a>(&'a self, url: &'a Url) -> Fetched<'a> {
        panic!("{url} was fetched")
    }
}

async fn cookie(story: &Story, language: &str) -> String {
    let ada = accounts::create_owner(
        &story.instance,
        "ada@a.example",
        "Ada",
        "une petite phrase",
        Language::French,
    );
    let session = accounts::start(&story.instance, ada.await.unwrap().id).await.unwrap();
    format!("__Host-soucoupe={}; lang={language}", session.token)
}

async fn ask(story: &Story, cookie: &str, method: &str, path: &str) -> (StatusCode, String) {
    let request =
        Request::builder().method(method).uri(path).header("cookie", cookie).body(Body::empty()).unwrap();
    let app = returns::routes(Arc::new(Nowhere)).with_state(story.instance.clone());
    let response = app.oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 4_000_000).await.unwrap();
    // Sentences are set with care; here only their words are looked at.
    let plain =
        String::from_utf8(body.to_vec()).unwrap().replace('’', "'").replace(['\u{a0}', '\u{202f}'], " ");
    (status, plain)
}

fn reply(story: &Story, number: i64, text: &str) -> NewReply {
    NewReply {
        key: format!("letter {number}"),
        at: story.instance.now_us() + number,
        publication_id: story.publication.id,
        edition_id: None,
        reader_id: None,
        door: "reply",
        from: Some(at("zoe@b.example")),
        name: Some("Zoé".into()),
        subject: format!("Lettre {number}"),
        text: text.into(),
        attachments: 0,
        whole: true,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_author_sees_what_came_back_and_what_to_look_at() {
    on_both(|house| async move {
        let story = story(&house).await;
        let dispatch = story.send(1).await;
        let cookie = cookie(&story, "fr").await;
        let empty = ask(&story, &cookie, "GET", "/desk/gazette/returns").await;
        assert_eq!(empty.0, StatusCode::OK, "{}", empty.1);
        assert!(empty.1.contains("Rien n'est revenu") && !empty.1.contains("<svg class=\"days\""));
        for (address, action, reason, words) in [
            ("ada@a.example", Action::Suppress, "user_unknown", "550 5.1.1 <script>alert(1)</script>"),
            ("zoe@b.example", Action::Trouble, "blocked", "554 5.7.1 listed"),
            ("lea@c.example", Action::AutoReply, "auto_reply", ""),
        ] {
            let mut event = story.event(address, &dispatch, address, action).await;
            event.reason = reason.into();
            event.words = Some(words.into());
            take_in(&story.instance, &event).await.unwrap();
        }
        let page = ask(&story, &cookie, "GET", "/desk/gazette/returns").await.1;
        for part in [
            "ada@a.example",
            "Cette boîte n'existe pas",
            "ne reçoit plus de mail",
            "&#60;script&#62;",
            "À regarder",
            "554 5.7.1 listed",
            "<svg class=\"days\"",
            "Réponse automatique",
            &format!("/desk/gazette/dispatches/{}", dispatch.id),
        ] {
            assert!(page.contains(part), "{part}\n{page}");
        }
        assert!(!page.contains("<script>alert"), "what servers say is shown and never done");
        let narrowed = ask(&story, &cookie, "GET", "/desk/gazette/returns?action=trouble").await.1;
        assert!(narrowed.contains("zoe@b.example") && !narrowed.contains("lea@c.example"));
        let narrowed = narrowed.replace("&#38;", "&");
        let path = narrowed.split('"').find(|part| part.contains("returns.csv")).unwrap();
        assert_eq!(path, "/desk/gazette/returns.csv?action=trouble");
        let csv = ask(&story, &cookie, "GET", path).await.1;
        assert!(csv.lines().nth(1).unwrap().contains("\"zoe@b.example\",\"trouble\",\"blocked\""), "{csv}");
        assert_eq!(csv.lines().count(), 2);
        let english =
            ask(&story, &cookie.replace("lang=fr", "lang=en"), "GET", "/desk/gazette/returns").await.1;
        assert!(english.contains("gets no mail any more"));
        let nobody = ask(&story, "", "GET", "/desk/gazette/returns").await;
        assert_eq!(nobody.0, StatusCode::UNAUTHORIZED);
        story.kept().await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_are_read_marked_and_thrown_away_and_a_get_changes_nothing() {
    on_both(|house| async move {
        let story = story(&house).await;
        let cookie = cookie(&story, "fr").await;
        let empty = ask(&story, &cookie, "GET", "/desk/gazette/replies").await.1;
        assert!(empty.contains("r+gazette@letters.example"), "{empty}");
        for number in 1..=32 {
            assert!(
                keep_reply(&story.instance, &reply(&story, number, "Bonjour !\n\n<b>Oui</b>")).await.unwrap()
            );
        }
        assert!(!keep_reply(&story.instance, &reply(&story, 1, "Encore")).await.unwrap(), "kept once");
        let page = ask(&story, &cookie, "GET", "/desk/gazette/replies").await.1;
        assert!(page.contains("32 lettres que personne n'a lues"), "{page}");
        assert!(page.contains("Lettre 32") && page.contains("Lettre 3<") && !page.contains("Lettre 2<"));
        let older = page.split("href=\"").find(|part| part.contains("before=")).unwrap();
        let older = older.split('"').next().unwrap().replace("&#38;", "&");
        let second = ask(&story, &cookie, "GET", &older).await.1;
        assert!(
            second.contains("Lettre 2<") && second.contains("Lettre 1<") && !second.contains("Lettre 3<")
        );
        let found =
            returns::replies(&story.instance, story.publication.id, (i64::MAX, i64::MAX), 1).await.unwrap();
        let path = format!("/desk/gazette/replies/{}", found[0].id);
        let letter = ask(&story, &cookie, "GET", &path).await.1;
        for part in ["&#60;b&#62;Oui", "mailto:zoe@b.example?subject=Re%3A%20Lettre%2032", "nouvelle"] {
            assert!(letter.contains(part), "{part}\n{letter}");
        }
        let unread = returns::unread(&story.instance, story.publication.id).await.unwrap();
        assert_eq!(unread, 32, "opening a letter marks nothing");
        for (act, left) in [("read", 31), ("unread", 32), ("read", 31)] {
            let looked = ask(&story, &cookie, "GET", &format!("{path}/{act}")).await;
            assert_eq!(looked.0, StatusCode::METHOD_NOT_ALLOWED);
            let pressed = ask(&story, &cookie, "POST", &format!("{path}/{act}")).await;
            assert_eq!(pressed.0, StatusCode::SEE_OTHER, "{}", pressed.1);
            assert_eq!(returns::unread(&story.instance, story.publication.id).await.unwrap(), left);
        }
        let large = NewReply { whole: false, ..reply(&story, 33, "") };
        keep_reply(&story.instance, &large).await.unwrap();
        let found =
            returns::replies(&story.instance, story.publication.id, (i64::MAX, i64::MAX), 1).await.unwrap();
        let shown = ask(&story, &cookie, "GET", &format!("/desk/gazette/replies/{}", found[0].id)).await.1;
        assert!(shown.contains("trop lourde pour être gardée"), "{shown}");
        ask(&story, &cookie, "POST", &format!("{path}/delete")).await;
        assert_eq!(ask(&story, &cookie, "GET", &path).await.0, StatusCode::NOT_FOUND);
        assert_eq!(ask(&story, &cookie, "GET", "/desk/autre/replies").await.0, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_no_publication_is_counted_and_shown_apart() {
    on_both(|house| async move {
        let story = story(&house).await;
        let cookie = cookie(&story, "fr").await;
        let page = ask(&story, &cookie, "GET", "/desk/gazette/returns").await.1;
        assert!(!page.contains("aucune publication"));
        for number in 0..60 {
            let event = Event {
                key: format!("stranger {number}"),
                source: Source::Listener,
                at: story.instance.now_us() + number,
                action: Action::Suppress,
                reason: "user_unknown".into(),
                status: None,
                words: None,
                evidence: Evidence { address: Some(at("max@d.example")), ..Evidence::default() },
            };
            take_in(&story.instance, &event).await.unwrap();
        }
        let page = ask(&story, &cookie, "GET", "/desk/gazette/returns").await.1;
        assert!(page.contains("60 retours n'appartiennent à aucune publication"), "{page}");
        assert!(!page.contains("max@d.example"), "they stand apart");
        let page = ask(&story, &cookie, "GET", "/desk/gazette/returns?of=nobody").await.1;
        assert_eq!(page.matches("max@d.example").count(), 50);
        let older = page.split("href=\"").find(|part| part.contains("before=")).unwrap();
        let older = older.split('"').next().unwrap().replace("&#38;", "&");
        let page = ask(&story, &cookie, "GET", &older).await.1;
        assert_eq!(page.matches("max@d.example").count(), 10, "{older}");
        let csv = ask(&story, &cookie, "GET", "/desk/gazette/returns.csv?of=nobody").await.1;
        assert_eq!(csv.lines().count(), 61);
    })
    .await;
}
