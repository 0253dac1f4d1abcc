//! An edition with every block: looked through, shown in all forms, sent to ten thousand readers.

use e2e::{Engine, Program, Proof, Received, ledger};
use smtp::{Sink, SinkOptions};

const READERS: usize = 10_000;
/// Words of the edition that only some are to see.
const WEB_ONLY: &str = "Vous lisez la version";
const SEGMENT_ONLY: &str = "Pour les Brestois";
/// Whom every segment of the edition holds.
const SEGMENT_DOMAIN: &str = "mail1.example";
const NAMES: &[&str] = &["Zoé", "Anatole", "Élise", ""];

fn source() -> String {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/pure/document/tests/every_block.md");
    std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn name(reader: usize) -> &'static str {
    NAMES[reader % NAMES.len()]
}

fn csv() -> String {
    let mut csv = String::from("email;first_name;tags\n");
    for reader in 0..READERS {
        csv.push_str(&format!("reader{reader}@mail{}.example;{};\n", reader % 11, name(reader)));
    }
    csv
}

async fn every_block(engine: Engine) {
    let options = SinkOptions { keep_messages: true, ..SinkOptions::default() };
    let sink = Sink::start(options).await.expect("the sink starts");
    let program = Program::with_gazette(engine, &format!("smtp://{}", sink.address())).await;
    program.import(&csv()).await;
    for segment in segments(&source()) {
        program
            .ok(&["segment", "create", &segment, "--publication", "gazette", "--domain", SEGMENT_DOMAIN])
            .await;
    }
    let slug = program.edition(&source()).await;
    let checked = program.run(&["edition", "check", &slug, "--json"]).await;
    assert_eq!(checked.code, Some(0), "{}{}", checked.out, checked.err);
    let findings: serde_json::Value = serde_json::from_str(&checked.out).expect("findings are JSON");
    assert!(findings.is_array(), "{findings}");

    for form in ["mail", "web", "text"] {
        let shown = program.ok(&["edition", "preview", &slug, "--as", form]).await;
        assert!(shown.len() > 1_000, "the preview as {form} is nearly empty: {shown}");
        let asked = ["edition", "preview", &slug, "--as", form, "--reader", "reader1@mail1.example"];
        let personal = program.ok(&asked).await;
        assert!(form == "web" || personal.contains("Anatole"), "the {form} does not know its reader");
        assert_eq!(shown.contains(WEB_ONLY), form == "web", "{WEB_ONLY:?} is for the web, this is {form}");
    }

    program.ok(&["edition", "send", &slug, "--wait"]).await;
    let status = program.status(1).await;
    assert_eq!(
        (&status["state"], status["accepted"].as_u64()),
        (&"finished".into(), Some(READERS as u64)),
        "{status}"
    );
    let (log, messages) = (sink.log(), sink.messages());
    let rows = ledger(program.database(), 1).await;
    Proof::of(&log, &rows, &status, 0, 16).holds();
    assert_eq!((log.len(), messages.len(), rows.len()), (READERS, READERS, READERS));

    for reader in [0, 1, 2, 3, 4_999, READERS - 1] {
        let address = format!("reader{reader}@mail{}.example", reader % 11);
        let place = log.iter().position(|one| *one.to == *address).expect("everybody is in the log");
        let mail = Received::of(messages[place].clone());
        let (html, text) = (mail.html(), mail.text());
        assert_eq!(mail.to(), address);
        for (form, part) in [("HTML", &html), ("text", &text)] {
            if !name(reader).is_empty() {
                assert!(part.contains(name(reader)), "{address} is not greeted by name in the {form}");
            }
            let others = NAMES.iter().filter(|other| !other.is_empty() && **other != name(reader));
            for other in others {
                assert!(
                    !part.contains(&format!("{other},")),
                    "{address} is greeted as {other} in the {form}"
                );
            }
            assert!(part.contains(&address), "{address} is not told where the {form} went");
            let lives_there = address.ends_with(SEGMENT_DOMAIN);
            assert_eq!(
                part.contains(SEGMENT_ONLY),
                lives_there,
                "{SEGMENT_ONLY:?} in the {form} for {address}"
            );
            assert!(!part.contains(WEB_ONLY), "what is for the web is in the {form} for {address}");
            assert!(!part.contains("{first_name"), "a slot is left open for {address} in the {form}");
        }
        // DESIGN.md 6: what Gmail would clip.
        assert!(html.len() < 90_000, "the HTML has {} octets", html.len());
        mail.link(&program.url("/r/unsubscribe/"));
    }
}

/// The segments that the text asks for: `:::only{segment="…"}`.
fn segments(source: &str) -> Vec<String> {
    let mut found: Vec<String> = source
        .split("segment=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect();
    found.sort();
    found.dedup();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edition_with_every_block_reaches_ten_thousand_readers_on_sqlite() {
    every_block(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edition_with_every_block_reaches_ten_thousand_readers_on_postgres() {
    every_block(Engine::Postgres).await;
}
