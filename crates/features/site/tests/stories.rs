//! What strangers, readers and machines see.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod place;

use axum::http::StatusCode;
use place::{BASE, Place, SECOND};
use testkit::on_both;
use wire::token::Purpose;

#[tokio::test]
async fn nothing_is_seen_of_a_draft_and_everything_a_second_after_it_left() {
    on_both(|house| async move {
        let place = Place::with_gazette(house).await;
        let draft =
            place.draft("---\ntitle: Le phare\nwritten_at: 2026-11-23T08:30\ntags: [mer]\n---\nIl ne voulait pas s'éteindre.\n").await;
        let everywhere = [
            "/gazette/",
            "/gazette/archive",
            "/gazette/feed.xml",
            "/gazette/atom.xml",
            "/gazette/feed.json",
            "/sitemap.xml",
        ];
        for path in everywhere {
            let seen = place.get(path).await;
            assert_eq!(seen.status, StatusCode::OK, "{path}");
            assert!(!seen.body.contains("le-phare"), "{path}");
        }
        let missing = place.get("/gazette/le-phare").await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND);
        place.send(&draft).await;
        place.clock().advance(SECOND);
        for path in everywhere {
            assert!(place.get(path).await.body.contains("/gazette/le-phare"), "{path}");
        }
        let seen = place.get("/gazette/le-phare").await;
        assert_eq!(seen.status, StatusCode::OK);
        for part in
            ["<h1 lang=\"fr\">Le phare</h1>", "nº 1", "23 novembre 2026", "Écrit le 23 novembre 2026 à 8\u{a0}h\u{a0}30.", "Il ne voulait pas s’éteindre."]
        {
            assert!(seen.body.contains(part), "{part}\n{}", seen.body);
        }
        place.masked(&seen.body)
    })
    .await;
}

#[tokio::test]
async fn a_page_that_is_not_there_says_so_in_the_readers_language_and_the_letters_dress() {
    on_both(|house| async move {
        let place = Place::with_gazette(house).await;
        for path in
            ["/gazette/rien", "/gazette/archive?page=9", "/gazette/archive?tag=rien", "/gazette/rien/"]
        {
            let missing = place.get(path).await;
            assert_eq!(missing.status, StatusCode::NOT_FOUND, "{path}");
            assert!(missing.body.contains("Rien à cette adresse"), "{path}");
            assert!(
                missing.body.contains("La Gazette") && missing.body.contains("/gazette/look.css"),
                "{path}"
            );
        }
        for path in [
            "/%00/",
            "/desk/rien",
            "/gazette/%00",
            "/gazette/archive?tag=%00",
            "/gazette/archive?page=99999999999",
        ] {
            assert_eq!(place.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        // A reader who asks for another language than the letter's is answered in it.
        for (language, words) in
            [("fr", "Rien à cette adresse"), ("en-GB,fr;q=0.5", "Nothing at this address")]
        {
            let missing = place.get_with("/gazette/rien", &[("accept-language", language)]).await;
            assert!(
                missing.body.contains(words) && missing.body.contains("/gazette/look.css"),
                "{}",
                missing.body
            );
        }
        // Outside of a letter, the language is the browser's.
        for (language, words) in [("fr", "Rien à cette adresse"), ("en", "Nothing at this address")] {
            let missing = place.get_with("/rien/du-tout", &[("accept-language", language)]).await;
            assert_eq!(missing.status, StatusCode::NOT_FOUND);
            assert!(missing.body.contains(words), "{}", missing.body);
        }
    })
    .await;
}

#[tokio::test]
async fn what_did_not_change_is_not_sent_again_and_a_change_shows_after_a_second() {
    on_both(|house| async move {
        let place = Place::with_gazette(house).await;
        let edition = place.sent("---\ntitle: Le phare\n---\nTexte.\n").await;
        let mut answers = vec![];
        for path in
            ["/gazette/", "/gazette/le-phare", "/gazette/archive", "/gazette/feed.xml", "/gazette/look.css"]
        {
            let first = place.get(path).await;
            let tag = first.header("etag").to_owned();
            let again = place.get_with(path, &[("if-none-match", &tag)]).await;
            assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""), "{path}");
            assert_eq!(again.header("etag"), tag);
            assert!(first.header("content-security-policy").contains("default-src 'none'"), "{path}");
            answers.push((path, first.status, first.header("cache-control").to_owned()));
        }
        let mut gazette = place.gazette().await;
        gazette.name = "La Nouvelle Gazette".to_owned();
        publications::change(&place.instance, &gazette).await.unwrap();
        assert!(!place.get("/gazette/le-phare").await.body.contains("Nouvelle"), "a warm page asks nobody");
        place.clock().advance(SECOND);
        for path in ["/gazette/", "/gazette/le-phare", "/gazette/archive", "/gazette/feed.xml"] {
            assert!(place.get(path).await.body.contains("La Nouvelle Gazette"), "{path}");
        }
        let other = place.sent("---\ntitle: La bouée\n---\nTexte.\n").await;
        place.clock().advance(SECOND);
        assert!(place.get("/gazette/le-phare").await.body.contains("/gazette/la-bouee"), "the next edition");
        assert!(place.get("/gazette/la-bouee").await.body.contains("/gazette/le-phare"), "the one before");
        (answers, edition.number, other.number)
    })
    .await;
}

#[tokio::test]
async fn no_title_line_or_tag_leaves_its_place_on_any_page() {
    on_both(|house| async move {
        let place = Place::with_gazette(house).await;
        let hostile = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)> &amp; ]]> \\u003c";
        let quoted = serde_json::to_string(hostile).unwrap();
        let text = format!(
            "---\ntitle: {quoted}\nslug: hostile\npreheader: {quoted}\nauthors: [{quoted}]\ntags: [{quoted}]\n---\n\n`{hostile}`\n"
        );
        place.sent(&text).await;
        let mut gazette = place.gazette().await;
        gazette.tagline = Some(hostile.to_owned());
        gazette.description = Some(hostile.to_owned());
        gazette.name = format!("Gazette {hostile}");
        publications::change(&place.instance, &gazette).await.unwrap();
        let tagged = format!("/gazette/archive?tag={}", web::redirect::query_value(hostile));
        for path in ["/gazette/", "/gazette/archive", "/gazette/hostile", tagged.as_str()] {
            let seen = place.get(path).await;
            assert_eq!(seen.status, StatusCode::OK, "{path}");
            for wrong in ["<script>alert", "<img src=x", "</script><script"] {
                assert!(!seen.body.contains(wrong), "{path}: {wrong}\n{}", seen.body);
            }
        }
        let page = place.get("/gazette/hostile").await.body;
        let data = page.split(r#"<script type="application/ld+json">"#).nth(1).unwrap();
        let data: serde_json::Value = serde_json::from_str(data.split("</script>").next().unwrap()).unwrap();
        assert_eq!(data["@type"], "Article");
        assert_eq!(data["author"][0]["name"], hostile);
        assert_eq!(data["url"], format!("{BASE}/gazette/hostile"));
        assert!(data["dateModified"].as_str() >= data["datePublished"].as_str(), "{data}");
        for path in ["/gazette/feed.xml", "/gazette/atom.xml"] {
            place::read_xml(&place.get(path).await.body);
        }
        let feed: serde_json::Value = serde_json::from_str(&place.get("/gazette/feed.json").await.body).unwrap();
        assert_eq!(feed["items"][0]["tags"][0], hostile);
    })
    .await;
}

#[tokio::test]
async fn a_feed_can_be_read_anywhere() {
    on_both(|house| async move {
        let place = Place::with_gazette(house).await;
        for number in 1..=21 {
            let text =
                format!("---\ntitle: Numéro {number}\n---\n[Voir](/gazette/archive) ![Un banc](banc.png)\n");
            place.sent(&text).await;
            place.clock().advance(SECOND);
        }
        for (path, kind, item) in [
            ("/gazette/feed.xml", "application/rss+xml; charset=utf-8", "item"),
            ("/gazette/atom.xml", "application/atom+xml; charset=utf-8", "entry"),
        ] {
            let feed = place.get(path).await;
            assert_eq!(feed.header("content-type"), kind);
            let names = place::read_xml(&feed.body);
            assert_eq!(names.iter().filter(|name| *name == item).count(), 20, "{path}");
            assert!(feed.body.contains(&format!("{BASE}{path}")), "it names itself");
            assert!(feed.body.contains("Numéro 21") && !feed.body.contains("Numéro 1<"), "{path}");
        }
        let feed: serde_json::Value =
            serde_json::from_str(&place.get("/gazette/feed.json").await.body).unwrap();
        let html = feed["items"][0]["content_html"].as_str().unwrap();
        assert!(html.contains(&format!("href=\"{BASE}/gazette/archive\"")), "{html}");
        assert!(html.contains(&format!("src=\"{BASE}/gazette/banc.png\"")), "{html}");
        feed["items"].as_array().unwrap().len()
    })
    .await;
}

#[tokio::test]
async fn the_archive_has_pages_years_and_subjects() {
    on_both(|house| async move {
        let place = Place::with_gazette(house).await;
        for number in 1..=28 {
            let tag = if number % 7 == 0 { "Pêche & mer" } else { "quai" };
            let text = format!("---\ntitle: Numéro {number}\ntags: [\"{tag}\"]\n---\nTexte.\n");
            place.sent(&text).await;
            place.clock().advance(14 * 24 * 3600 * SECOND);
        }
        let titles = |body: &str| body.matches("<h3>").count();
        let first = place.get("/gazette/archive").await.body;
        assert_eq!(titles(&first), 26);
        for part in ["28 éditions", ">2027</h2>", "Page 1 sur 2", "href=\"/gazette/archive?page=2\""] {
            assert!(first.contains(part), "{part}");
        }
        let second = place.get("/gazette/archive?page=2").await.body;
        assert_eq!(titles(&second), 2);
        assert!(
            second
                .contains("<link rel=\"canonical\" href=\"https://letters.example/gazette/archive?page=2\">")
        );
        assert_eq!(titles(&place.get("/gazette/archive?page=abc").await.body), 26);
        assert_eq!(place.get("/gazette/archive?page=3").await.status, StatusCode::NOT_FOUND);
        let page = place.get("/gazette/numero-7").await.body;
        let link = "/gazette/archive?tag=P%C3%AAche%20%26%20mer";
        assert!(page.contains(link), "{page}");
        let tagged = place.get(link).await.body;
        assert_eq!(titles(&tagged), 4);
        assert!(tagged.contains("Numéro 14") && !tagged.contains("Numéro 15"));
        assert_eq!(place.get("/gazette/archive?tag=p%C3%AAche").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_heart_is_given_by_its_button_once_and_never_by_opening_the_link() {
    on_both(|house| async move {
        let place = Place::with_gazette(house).await;
        let edition = place.sent("---\ntitle: Le phare\n---\nTexte.\n").await;
        let reader = place.reader("ada@lecteurs.example").await;
        let token = |edition: i64, reader: i64| {
            let key = audience::tokens(&place.instance);
            format!("/r/heart/{}", key.sign(Purpose::Heart, edition.unsigned_abs(), reader.unsigned_abs()))
        };
        let link = token(edition.id, reader);
        for _ in 0..3 {
            let seen = place.get(&link).await;
            assert_eq!(seen.status, StatusCode::OK);
            assert!(seen.body.contains("Envoyer un cœur") && seen.body.contains("Le phare"));
            assert!(seen.body.contains("noindex"));
        }
        assert!(!place.get("/gazette/le-phare").await.body.contains("class=\"hearts\""));
        for _ in 0..2 {
            let given = place.post(&link).await;
            assert_eq!(given.status, StatusCode::SEE_OTHER);
            assert_eq!(given.header("location"), link);
        }
        assert!(place.get(&link).await.body.contains("Merci, bien reçu"));
        assert!(place.get("/gazette/le-phare").await.body.contains("1 cœur<"), "at once");
        // Somebody who is not known any more gives none, and a forged link opens nothing.
        assert_eq!(place.post(&token(edition.id, reader + 999)).await.status, StatusCode::SEE_OTHER);
        assert!(place.get("/gazette/le-phare").await.body.contains("1 cœur<"));
        let forged = link[..link.len() - 1].to_owned() + if link.ends_with('A') { "B" } else { "A" };
        assert_eq!(place.get(&forged).await.status, StatusCode::NOT_FOUND);
        assert_eq!(place.post(&forged).await.status, StatusCode::NOT_FOUND);
        let draft = place.draft("---\ntitle: Brouillon\n---\nTexte.\n").await;
        assert_eq!(place.post(&token(draft.id, reader)).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn the_front_leads_to_the_one_letter_lists_several_and_welcomes_who_has_none() {
    on_both(|house| async move {
        let place = Place::empty(house);
        let empty = place.get_with("/", &[("accept-language", "fr")]).await;
        assert_eq!(empty.status, StatusCode::OK);
        assert!(empty.body.contains("href=\"/desk\""), "{}", empty.body);
        place.letter("gazette", "La Gazette", "fr").await;
        let one = place.get("/").await;
        assert_eq!((one.status, one.header("location")), (StatusCode::FOUND, "/gazette/"));
        place.letter("tide", "The Tide", "en").await;
        place.sent("---\ntitle: Le phare\n---\nTexte.\n").await;
        let several = place.get_with("/", &[("accept-language", "fr")]).await;
        for part in [
            "href=\"/gazette/\"",
            "href=\"/tide/\"",
            "<li lang=\"en\">",
            "/gazette/le-phare",
            "Les lettres d’ici",
        ] {
            assert!(several.body.contains(part), "{part}\n{}", several.body);
        }
    })
    .await;
}

#[tokio::test]
async fn the_home_shows_the_newest_in_full_the_form_and_the_sisters() {
    on_both(|house| async move {
        let place = Place::with_gazette(house).await;
        let quiet = place.get("/gazette/").await.body;
        assert!(quiet.contains("La première édition s’écrit") && quiet.contains("/gazette/subscribe"));
        let tide = place.letter("tide", "The Tide", "en").await;
        publications::tie(&place.instance, place.gazette().await.id, tide.id).await.unwrap();
        for number in 1..=8 {
            place
                .sent(&format!("---\ntitle: Numéro {number}\npreheader: Ligne {number}\n---\nTexte.\n"))
                .await;
            place.clock().advance(SECOND);
        }
        let home = place.get("/gazette/").await.body;
        assert!(
            home.contains("Ligne 8") && home.contains("Numéro 3") && !home.contains("Numéro 2"),
            "{home}"
        );
        for part in [
            "<html lang=\"fr\"",
            "action=\"/gazette/subscribe\"",
            "name=\"email\"",
            "href=\"/tide/\"",
            "hreflang=\"en\"",
            "application/rss+xml",
            "application/atom+xml",
            "application/feed+json",
            "<link rel=\"canonical\" href=\"https://letters.example/gazette/\">",
            "og:site_name",
        ] {
            assert!(home.contains(part), "{part}");
        }
        let moved = place.get("/gazette").await;
        assert_eq!((moved.status, moved.header("location")), (StatusCode::PERMANENT_REDIRECT, "/gazette/"));
        let moved = place.get("/gazette/numero-3/").await;
        assert_eq!(
            (moved.status, moved.header("location")),
            (StatusCode::PERMANENT_REDIRECT, "/gazette/numero-3")
        );
    })
    .await;
}

#[tokio::test]
async fn the_form_in_its_place_on_a_kept_page_is_taken() {
    on_both(|house| async move {
        let place = Place::with_gazette(house).await;
        place.sent("---\ntitle: Le phare\n---\nTexte.\n").await;
        for (path, email) in [("/gazette/", "ada"), ("/gazette/le-phare", "grace")] {
            let page = place.get(path).await.body;
            let stamp = page.split("name=\"stamp\" value=\"").nth(1).unwrap().split('"').next().unwrap();
            let form = format!("email={email}%40lecteurs.example&stamp={stamp}&website=");
            let thanks = place.post_form("/gazette/subscribe", &form).await;
            assert_eq!(thanks.status, StatusCode::OK, "{}", thanks.body);
            assert!(thanks.body.contains("Regardez votre boîte mail"), "{}", thanks.body);
            let address = wire::Address::parse(&format!("{email}@lecteurs.example")).unwrap();
            let reader = audience::by_email(&place.instance, &address).await.unwrap().unwrap();
            // What is kept as proof stands on the page, word for word.
            let proofs = audience::consents(&place.instance, reader.id).await.unwrap();
            let sentence = proofs[0].wording.split(" [").next().unwrap().to_owned();
            assert!(page.contains(&sentence), "{sentence}");
        }
    })
    .await;
}

#[tokio::test]
async fn crawlers_are_told_what_is_theirs() {
    on_both(|house| async move {
        let place = Place::with_gazette(house).await;
        place.sent("---\ntitle: Le phare\n---\nTexte.\n").await;
        let robots = place.get("/robots.txt").await.body;
        for line in ["Disallow: /desk/", "Disallow: /r/", "Sitemap: https://letters.example/sitemap.xml"] {
            assert!(robots.lines().any(|found| found == line), "{line}");
        }
        let sitemap = place.get("/sitemap.xml").await.body;
        place::read_xml(&sitemap);
        for path in ["/gazette/", "/gazette/archive", "/gazette/le-phare"] {
            assert!(sitemap.contains(&format!("<loc>{BASE}{path}</loc>")), "{path}");
        }
        robots
    })
    .await;
}

#[tokio::test]
async fn a_first_load_is_small_and_asks_nothing_of_another_site() {
    on_both(|house| async move {
        let place = Place::with_gazette(house).await;
        let words = "Il ne voulait pas s'éteindre, et personne ne lui avait demandé pourquoi. ".repeat(120);
        place.sent(&format!("---\ntitle: Le phare\n---\n{words}\n")).await;
        let page = place.get("/gazette/le-phare").await;
        let mut total = page.body.len();
        for part in page
            .body
            .split(['"', '\''])
            .filter(|part| part.starts_with("/assets/") || part.contains("look.css"))
        {
            let file = place.get(part).await;
            assert_eq!(file.status, StatusCode::OK, "{part}");
            total += file.body.len();
        }
        assert!(total < 100_000, "{total} bytes");
        for part in page.body.split("src=\"").skip(1) {
            assert!(part.starts_with('/'), "{part:.60}");
        }
        assert!(!page.body.contains(" style="), "the policy lets no style attribute in");
    })
    .await;
}

#[tokio::test]
async fn no_question_of_the_site_reads_a_large_table_from_end_to_end() {
    use store::params;
    let large = ["readers", "hearts", "subscriptions", "deliveries", "editions"];
    let by_name = |name: &str| *site::QUERIES.iter().find(|query| query.name == name).unwrap();
    for (name, params) in [
        ("site.pulse", params![1i64]),
        ("site.newest_of_each", params![]),
        ("site.hearts", params![1i64]),
        ("site.heart_of", params![1i64, 1i64]),
        ("site.give_heart", params![1i64, 1i64, 1i64]),
    ] {
        testkit::assert_no_full_scan(by_name(name), params, &large).await;
    }
    // The list for search engines is the one question that is about every edition; it has a limit.
    testkit::assert_no_full_scan(by_name("site.pages"), params![50_000i64], &["readers", "hearts"]).await;
}
