//! What an author is told before an edition leaves.

#![allow(clippy::unwrap_used)]

use editions::{Severity, check, create, start_sending};
use i18n::Language;
use publications::{NewPublication, Publication};
use testkit::{House, MORNING, on_both};

const DAY: i64 = 86_400_000_000;

async fn letter(house: &House) -> Publication {
    let new = NewPublication {
        slug: "gazette".into(),
        name: "La Gazette".into(),
        from: "Ada <ada@gazette.example>".into(),
        language: "fr".into(),
        postal_address: Some("12 quai des Brumes".into()),
        ..NewPublication::default()
    };
    publications::create(&house.instance, new).await.unwrap()
}

fn sound(body: &str) -> String {
    format!(
        "---\ntitle: Un\npreheader: Une phrase.\nwritten_at: 2026-11-23T08:00\n---\n\nBonjour.\n\n{body}\n"
    )
}

/// Keys with a mark for errors, and the place of each.
async fn found(house: &House, letter: &Publication, markdown: &str) -> Vec<(String, String)> {
    let edition =
        create(&house.instance, letter, markdown).await.unwrap_or_else(|error| panic!("{error}\n{markdown}"));
    let findings = check(&house.instance, letter, &edition).await.unwrap();
    for finding in &findings {
        for language in Language::ALL {
            let sentence = finding.sentence(language);
            assert!(!sentence.contains("editions-finding") && !sentence.contains("{$"), "{sentence}");
            assert!(sentence.contains(&finding.place) || finding.place.len() < 12, "{sentence} says where");
        }
    }
    let mark = |severity| if severity == Severity::Error { "!" } else { "" };
    findings.into_iter().map(|it| (format!("{}{}", mark(it.severity), it.key), it.place)).collect()
}

#[tokio::test]
async fn each_thing_worth_a_look_is_named_with_its_place_and_a_sound_edition_has_none() {
    on_both(|house| async move {
        let letter = letter(&house).await;
        let long = "x".repeat(71);
        for (markdown, expected) in [
            (sound(""), vec![]),
            (sound("## A\n\n### B\n\n## C\n\n[a](https://letters.example/x) <mailto:a@a.example>"), vec![]),
            (sound("{first_name|la mif}, {email}"), vec![]),
            (sound("Bonjour {first_name}"), vec![("slot", "{first_name}")]),
            (sound("À finir : TK."), vec![("!unfinished", "TK")]),
            (sound("https://a.example/TK et TKO"), vec![]),
            (sound("[a](http://a.example)"), vec![("insecure", "http://a.example")]),
            (sound("[a](/page)"), vec![("relative", "/page")]),
            (sound("## A\n\n#### B"), vec![("heading", "B")]),
            (sound("![image](https://a.example/a.png)"), vec![("poor", "image")]),
            (sound("![IMG_1234.JPG](https://a.example/a.png)"), vec![("poor", "IMG_1234.JPG")]),
            (
                sound(":::image{src=\"https://a.example/a.png\" alt=\"\"}\n:::"),
                vec![("silent", "https://a.example/a.png")],
            ),
            (sound("").replace("title: Un\n", ""), vec![("!title", "title")]),
            (sound("").replace("Bonjour.", ""), vec![("!empty", "")]),
            (sound("").replace("preheader: Une phrase.\n", ""), vec![("preheader", "preheader")]),
            (
                sound("").replace("title: Un\n", &format!("title: Un\nsubject: {long}\n")),
                vec![("subject", "subject")],
            ),
            (sound("").replace("written_at: 2026-11-23T08:00\n", ""), vec![("undated", "written_at")]),
            (sound("").replace("2026-11-23", "2026-11-10"), vec![("old", "written_at")]),
            (sound("").replace("2026-11-23T08:00", "2026-11-16T10:00"), vec![]),
            (sound("").replace("2026-11-23", "2026-11-24"), vec![("future", "written_at")]),
        ] {
            let found = found(&house, &letter, &markdown).await;
            let found: Vec<(&str, &str)> =
                found.iter().map(|(key, place)| (key.as_str(), place.as_str())).collect();
            assert_eq!(found, expected, "{markdown}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_mail_whose_end_would_be_cut_off_does_not_leave() {
    on_both(|house| async move {
        let letter = letter(&house).await;
        let paragraphs = |kilobytes: usize| "Un mot après l'autre. ".repeat(kilobytes * 1024 / 24);
        assert_eq!(found(&house, &letter, &sound(&paragraphs(70))).await, []);
        let heavy = found(&house, &letter, &sound(&paragraphs(90))).await;
        assert_eq!(heavy[0].0, "heavy");
        let clipped = found(&house, &letter, &sound(&paragraphs(110))).await;
        assert_eq!(clipped[0].0, "!clipped");
        (heavy, clipped)
    })
    .await;
}

#[tokio::test]
async fn errors_come_first_and_programs_read_them() {
    on_both(|house| async move {
        let mut letter = letter(&house).await;
        letter.postal_address = None;
        let markdown = "---\nwritten_at: 2026-11-23T08:00\n---\n\n<!-- TK -->\n\n[a](http://a.example) TK\n";
        let edition = create(&house.instance, &letter, markdown).await.unwrap();
        let findings = check(&house.instance, &letter, &edition).await.unwrap();
        let severities: Vec<Severity> = findings.iter().map(|it| it.severity).collect();
        assert!(
            severities.is_sorted()
                && severities[0] == Severity::Error
                && findings.iter().any(|it| it.key == "postal")
        );
        let json = serde_json::to_value(&findings).unwrap();
        assert_eq!(json[0]["severity"], "error");
        assert!(json[0]["message"].as_str().unwrap().contains("title"), "{json}");
        let line = |key: &str| findings.iter().find(|it| it.key == key).and_then(|it| it.line(markdown));
        assert_eq!((line("insecure"), line("unfinished")), (Some(7), Some(7)));
        assert_eq!((line("title"), line("postal")), (Some(1), None));

        let sent = start_sending(&house.instance, edition.id, MORNING).await.unwrap();
        house.instance.clock.advance(30 * DAY);
        let again = check(&house.instance, &letter, &sent).await.unwrap();
        assert!(again.iter().any(|it| it.key == "sent") && !again.iter().any(|it| it.key == "old"));
        json
    })
    .await;
}
