//! The check-up, by the command line alone, with a name server that stands in for the world's.

#![allow(clippy::unwrap_used)]

mod program;

use program::Program;
use serde_json::Value;
use testkit::Names;

const ZONE: &str = r#"
letters.example         A    45.148.10.20
letters.example         TXT  "v=spf1 ip4:45.148.10.20 -all"
gazette.example         TXT  "v=spf1 ip4:45.148.10.20 -all"
gazette.example         MX   10 letters.example
_dmarc.gazette.example  TXT  "v=DMARC1; p=none; rua=mailto:dmarc@gazette.example"
"#;

/// The findings about the sender's domain.
fn of_the_domain(json: &str) -> Vec<Value> {
    let all: Vec<Value> = serde_json::from_str(json).unwrap();
    for finding in &all {
        let keys: Vec<&str> = finding.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["about", "area", "do", "found", "level", "name", "records"]);
    }
    all.into_iter().filter(|finding| finding["area"] == "domain").collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_not_published_is_wrong_until_it_is() {
    for mut program in Program::on_both().await {
        let _sink = program.with_sink().await;
        program.furnished().await;
        let names = Names::start(ZONE).await;
        program.set("SOUCOUPE_DNS", &names.address().to_string());
        program.run(&["keys", "create", "--domain", "gazette.example"]).await.well();
        let visit = program.run(&["doctor", "--json"]).await;
        assert_eq!(visit.code, 1, "{visit:?}");
        let found = of_the_domain(&visit.out);
        let dkim = found.iter().find(|finding| finding["name"] == "dkim").unwrap();
        assert_eq!((&dkim["level"], &dkim["about"]), (&"bad".into(), &"gazette.example".into()));
        let record = &dkim["records"][0];
        assert_eq!(record["name"], "soucoupe._domainkey.gazette.example.");
        assert_eq!(record["type"], "TXT");
        let key = record["value"].as_str().unwrap();
        assert!(key.starts_with("v=DKIM1; k=rsa; p="), "{key}");
        let printed = program.run(&["doctor"]).await.out;
        assert!(
            printed.contains("wrong  mail from gazette.example is signed, but DNS shows no key"),
            "{printed}"
        );
        assert!(printed.contains("soucoupe._domainkey.gazette.example. IN TXT \"v=DKIM1;"), "{printed}");
        names.set(&format!("{ZONE}soucoupe._domainkey.gazette.example TXT \"{key}\"\n"));
        let found = of_the_domain(&program.run(&["doctor", "--json", "--publication", "gazette"]).await.out);
        for name in ["spf", "dkim", "dmarc", "alignment", "bimi"] {
            let finding = found.iter().find(|finding| finding["name"] == name).unwrap();
            assert_eq!(finding["level"], "ok", "{finding}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn offline_nothing_is_asked_and_a_publication_that_is_not_there_is_wrong_input() {
    let mut program = Program::new(None);
    program.furnished().await;
    let names = Names::start(ZONE).await;
    program.set("SOUCOUPE_DNS", &names.address().to_string());
    program.set("SOUCOUPE_SMTP_URL", "smtp://relay.letters.example");
    let visit = program.run(&["doctor", "--offline"]).await;
    assert!(visit.out.contains("unsure"), "{visit:?}");
    assert_eq!(names.asked(), Vec::<String>::new());
    let told = program.run(&["doctor", "--publication", "nowhere"]).await.refused(2);
    assert!(told.contains("there is no publication \"nowhere\""), "{told}");
    program.set("SOUCOUPE_DNS", "my router");
    let told = program.run(&["doctor"]).await.refused(2);
    assert!(told.contains("SOUCOUPE_DNS: \"my router\" is no address of a name server"), "{told}");
}
