//! Routes keep their numbers, publications choose, days are counted, and the page shows all of it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use i18n::Language;
use instance::{Instance, RouteConfig, Signing};
use publications::{NewPublication, Publication};
use routes::{Carried, Route, choose, count, daily_room, day_of, of_publication, register, warm_room};
use store::{Query, params};
use testkit::{House, on_both};
use tower::ServiceExt;

fn route(name: &str, url: &str, weight: u32) -> RouteConfig {
    RouteConfig {
        name: name.into(),
        url: url.into(),
        weight,
        connections: 4,
        rate: None,
        daily_cap: None,
        warm_up: None,
        signing: Signing::Ours,
    }
}

fn with_routes(house: &House, routes: Vec<RouteConfig>) -> Instance {
    let mut instance = house.instance.clone();
    let mut config = (*instance.config).clone();
    config.smtp_url = Some("smtp://ada:hunter2@relay.example".into());
    config.routes = routes;
    instance.config = Arc::new(config);
    instance
}

async fn gazette(instance: &Instance) -> Publication {
    let new = NewPublication {
        slug: "gazette".into(),
        name: "La Gazette".into(),
        from: "Ada <ada@letters.example>".into(),
        language: "fr".into(),
        ..NewPublication::default()
    };
    publications::create(instance, new).await.unwrap()
}

fn shares(routes: &[routes::Chosen]) -> Vec<(String, u32)> {
    routes.iter().map(|one| (one.route.config.name.clone(), one.weight)).collect()
}

#[tokio::test]
async fn a_route_keeps_its_number_as_long_as_its_name_and_a_publication_uses_what_it_chose() {
    on_both(|house| async move {
        let two = with_routes(&house, vec![route("second", "direct:", 3)]);
        let publication = gazette(&two).await;
        let ids: Vec<_> = register(&two).await.unwrap().iter().map(|route| route.id).collect();
        assert_eq!(
            shares(&of_publication(&two, publication.id).await.unwrap()),
            [("default".into(), 1), ("second".into(), 3)],
            "without a choice all that are configured"
        );
        choose(&two, publication.id, &[(ids[1], 7)]).await.unwrap();
        assert_eq!(shares(&of_publication(&two, publication.id).await.unwrap()), [("second".into(), 7)]);

        let other = with_routes(&house, vec![route("third", "direct:", 1)]);
        let later = register(&other).await.unwrap();
        assert_eq!(later[0].id, ids[0]);
        assert!(!ids.contains(&later[1].id));
        assert_eq!(
            shares(&of_publication(&other, publication.id).await.unwrap()),
            [("default".into(), 1), ("third".into(), 1)],
            "a choice that is gone keeps nobody from sending"
        );
        assert_eq!(
            of_publication(&two, publication.id).await.unwrap()[0].route.id,
            ids[1],
            "and holds again when it is back"
        );
        choose(&two, publication.id, &[]).await.unwrap();
        assert_eq!(of_publication(&two, publication.id).await.unwrap().len(), 2);
        let names = routes::names(&two).await.unwrap();
        names.values().cloned().collect::<Vec<_>>()
    })
    .await;
}

#[tokio::test]
async fn a_day_is_counted_by_route_and_provider_and_caps_follow_from_it() {
    on_both(|house| async move {
        let today = day_of(house.instance.now_us());
        let capped = RouteConfig { daily_cap: Some(100), ..route("capped", "direct:", 1) };
        let warming = RouteConfig { warm_up: Some(today - 1), ..route("warming", "direct:", 1) };
        let later = RouteConfig { warm_up: Some(today + 1), ..route("later", "direct:", 1) };
        let instance = with_routes(&house, vec![capped, warming, later]);
        let all = register(&instance).await.unwrap();
        let [_, capped, warming, later] = all.as_slice() else { panic!("{all:?}") };
        let carried = |route: &Route, provider: &str, accepted, bounced| {
            ((route.id, provider.to_owned()), Carried { accepted, deferred: 0, bounced })
        };
        let write = |day, rows: Vec<((i64, String), Carried)>| {
            let (instance, rows) = (instance.clone(), rows.into_iter().collect::<BTreeMap<_, _>>());
            async move { count(&instance, day, &rows).await.unwrap() }
        };
        write(today, vec![carried(capped, "gmail", 30, 2), carried(capped, "orange", 8, 0)]).await;
        write(today, vec![carried(capped, "gmail", 10, 0)]).await;
        write(today - 1, vec![carried(capped, "gmail", 90, 0), carried(warming, "gmail", 50, 0)]).await;
        write(today, vec![carried(warming, "gmail", 60, 0)]).await;
        let mut rooms = Vec::new();
        for route in [capped, warming, later] {
            let days = routes::days(&instance, route).await.unwrap();
            let warm = |provider| warm_room(route, today, days.get(provider).map_or(&[], Vec::as_slice));
            rooms.push([daily_room(route, today, &days), warm("gmail"), warm("free")]);
        }
        assert_eq!(rooms[0], [Some(50), None, None], "a daily cap holds for all providers together");
        assert_eq!(
            rooms[1],
            [None, Some(40), Some(50)],
            "a warm-up for each: 100 on the second day, 50 on the first"
        );
        assert_eq!(rooms[2], [None, Some(0), Some(0)], "nothing before its first day");
        rooms
    })
    .await;
}

#[tokio::test]
async fn what_a_route_refuses_to_everybody_is_noted_and_forgotten() {
    on_both(|house| async move {
        let instance = with_routes(&house, vec![]);
        let id = register(&instance).await.unwrap()[0].id;
        routes::note(&instance, id, Some("554 no")).await.unwrap();
        let told = routes::troubles(&instance).await.unwrap();
        assert_eq!(told[&id], ("554 no".to_owned(), testkit::MORNING));
        routes::note(&instance, id, None).await.unwrap();
        assert!(routes::troubles(&instance).await.unwrap().is_empty());
    })
    .await;
}

async fn ask(instance: &Instance, cookie: &str, method: &str, body: &str) -> (StatusCode, String) {
    let request = Request::builder()
        .method(method)
        .uri("/desk/gazette/routes")
        .header("cookie", cookie)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(body.to_owned()))
        .unwrap();
    let response = routes::routes().with_state(instance.clone()).oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

async fn cookie(instance: &Instance) -> String {
    let owner =
        accounts::create_owner(instance, "ada@a.example", "Ada", "une petite phrase", Language::French);
    let session = accounts::start(instance, owner.await.unwrap().id).await.unwrap();
    format!("__Host-soucoupe={}; lang=fr", session.token)
}

#[tokio::test]
async fn the_page_shows_each_route_without_its_password_and_takes_a_choice() {
    on_both(|house| async move {
        let today = day_of(house.instance.now_us());
        let direct = RouteConfig { warm_up: Some(today), ..route("own", "direct:", 1) };
        let instance = with_routes(&house, vec![direct]);
        let publication = gazette(&instance).await;
        let cookie = cookie(&instance).await;
        let own = register(&instance).await.unwrap()[1].id;
        let carried = Carried { accepted: 12, deferred: 1, bounced: 0 };
        count(&instance, today, &BTreeMap::from([((own, "gmail".to_owned()), carried)])).await.unwrap();
        routes::note(&instance, own, Some("421 <b>no</b>")).await.unwrap();

        let (status, page) = ask(&instance, &cookie, "GET", "").await;
        assert_eq!(status, StatusCode::OK, "{page}");
        assert!(page.contains("relay.example") && !page.contains("hunter2"), "{page}");
        assert!(page.contains("Gmail") && page.contains("100, 200, 200"), "{page}");
        assert!(!page.contains("<b>no</b>"), "{page}");

        let (status, page) = ask(&instance, &cookie, "POST", "use-own=yes&weight-own=heavy").await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("value=\"heavy\""), "what was typed is kept: {page}");
        assert_eq!(of_publication(&instance, publication.id).await.unwrap().len(), 2, "nothing was changed");

        let (status, _) = ask(&instance, &cookie, "POST", "use-own=yes&weight-own=0&weight-default=1").await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let chosen = shares(&of_publication(&instance, publication.id).await.unwrap());
        assert_eq!(chosen, [("own".to_owned(), 0)]);
        let (_, page) = ask(&instance, &cookie, "GET", "").await;
        assert!(page.contains("name=\"use-own\" checked"), "{page}");
        assert!(!page.contains("name=\"use-default\" checked"), "{page}");
        chosen
    })
    .await;
}

#[tokio::test]
async fn looking_for_the_days_of_a_route_reads_no_table_from_end_to_end() {
    let query = |name: &str| -> Query { *routes::QUERIES.iter().find(|query| query.name == name).unwrap() };
    let large = ["route_days", "publication_routes"];
    testkit::assert_no_full_scan(query("routes.days"), params![1, 0], &large).await;
    testkit::assert_no_full_scan(query("routes.chosen"), params![1], &large).await;
}
