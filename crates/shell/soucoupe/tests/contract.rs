//! From a Markdown file to an inbox, with the command line alone, on both engines.

#![allow(clippy::unwrap_used)]

mod program;

use mail_parser::MessageParser;
use program::{Program, READERS};
use serde_json::Value;

#[tokio::test(flavor = "multi_thread")]
async fn a_file_becomes_an_edition_and_reaches_every_reader() {
    for mut program in Program::on_both().await {
        let sink = program.with_sink().await;
        let slug = program.furnished().await;
        assert_eq!(slug, "le-phare");
        let sent = program.run(&["edition", "send", &slug, "--wait"]).await;
        assert!(sent.err.contains("To 3 readers."), "{sent:?}");
        let id = sent.well().trim().to_owned();
        let mut to: Vec<String> = sink.log().iter().map(|mail| mail.to.to_string()).collect();
        to.sort();
        assert_eq!(to, ["amina@c.example", "jean-luc@b.example", "zoe@b.example"]);
        for message in sink.messages() {
            let mail = MessageParser::default().parse(&message).unwrap();
            assert_eq!(mail.from().unwrap().first().unwrap().address(), Some("ada@gazette.example"));
            assert!(mail.subject().unwrap().ends_with("le phare"), "{:?}", mail.subject());
            assert!(
                mail.header_raw("List-Unsubscribe")
                    .unwrap()
                    .contains("https://letters.example/r/unsubscribe/")
            );
        }
        let status = program.run(&["dispatch", "status", &id, "--json"]).await.well();
        let status: Value = serde_json::from_str(&status).unwrap();
        for key in ["pending", "claimed", "in_doubt", "deferred", "failed", "left_out"] {
            assert_eq!(status[key], 0, "{key}");
        }
        for key in ["started_at", "finished_at"] {
            assert!(status[key].as_str().unwrap().ends_with('Z'), "{key}");
        }
        assert_eq!(
            (&status["state"], &status["readers"], &status["accepted"]),
            (&"finished".into(), &3.into(), &3.into())
        );
        assert!(status["rate"].is_number());
        let list = program.run(&["dispatch", "list"]).await.well();
        assert!(list.starts_with(&format!("{id}\tfinished\tedition\tle-phare\teveryone\t3")), "{list}");
        assert_eq!(program.run(&["dispatch", "failures", &id]).await.well(), "");
        // Whoever has it already is left out: a second time there is nobody.
        let again = program.run(&["edition", "send", &slug, "--wait"]).await.refused(1);
        assert!(again.contains("nobody"), "{again}");
        assert_eq!(sink.taken(), 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_reaches_one_address_and_a_segment_its_readers() {
    for mut program in Program::on_both().await {
        let sink = program.with_sink().await;
        let slug = program.furnished().await;
        program.run(&["edition", "send", &slug, "--to", "ada@gazette.example", "--wait"]).await.well();
        assert_eq!(sink.log().iter().map(|mail| &*mail.to).collect::<Vec<_>>(), ["ada@gazette.example"]);
        let list = program.run(&["edition", "list"]).await.well();
        assert!(list.starts_with("le-phare\tdraft"), "{list}");
        let segment = ["segment", "create", "paris", "--publication", "gazette", "--tag", "paris"];
        assert_eq!(program.run(&segment).await.well().trim(), "paris");
        assert!(program.run(&["segment", "list"]).await.well().contains(r#"{"kind":"tag","tag":"paris"}"#));
        let id = program.run(&["edition", "send", &slug, "--to", "paris", "--wait"]).await.well();
        assert_eq!(sink.taken(), 3);
        let failures = program.run(&["dispatch", "failures", id.trim(), "--csv"]).await.well();
        assert_eq!(failures, "email,state,tries,code,answer,at,next_at,route\n");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_changes_nothing_and_an_export_gives_back_what_came_in() {
    for program in Program::on_both().await {
        program.furnished().await;
        let more = program.file("more.csv", "email;Prénom\nnew@d.example;Nil\n");
        let dry = program
            .run(&["readers", "import", &more, "--publication", "gazette", "--dry-run", "--json"])
            .await;
        let dry: Value = serde_json::from_str(&dry.well()).unwrap();
        assert_eq!((&dry["dry_run"], &dry["added"]), (&true.into(), &1.into()));
        let export = program.run(&["readers", "export", "--publication", "gazette"]).await.well();
        assert!(
            export.starts_with("email,first_name,last_name,language,state,since,source,tags"),
            "{export}"
        );
        assert!(
            export.contains("zoe@b.example,Zoé,Martin,fr,active,") && !export.contains("new@d.example"),
            "{export}"
        );
        assert_eq!(export.lines().count(), READERS.lines().count() - 1);
        let errors = std::fs::read_to_string(program.path("readers.csv.errors.csv")).unwrap();
        assert!(errors.contains("not an address"), "{errors}");
        let back = program.file("back.csv", &export);
        let again =
            program.run(&["readers", "import", &back, "--publication", "gazette", "--json"]).await.well();
        let again: Value = serde_json::from_str(&again).unwrap();
        assert_eq!((&again["added"], &again["already"]), (&0.into(), &3.into()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edition_is_previewed_in_three_forms_and_checked() {
    for program in Program::on_both().await {
        let slug = program.furnished().await;
        let preview = async |form: &str, reader: &[&str]| {
            let arguments = [&["edition", "preview", &slug, "--as", form], reader].concat();
            program.run(&arguments).await.well()
        };
        let mail = preview("mail", &["--reader", "zoe@b.example"]).await;
        assert!(mail.starts_with("<!DOCTYPE") || mail.starts_with("<!doctype"), "{mail}");
        assert!(mail.contains("Bonjour Zoé") && mail.contains("/r/unsubscribe/preview"), "{mail}");
        assert!(preview("mail", &["--reader", "amina@c.example"]).await.contains("Bonjour la mif"));
        let web = preview("web", &[]).await;
        assert!(web.starts_with("<!doctype html>") && web.contains("<article"), "{web}");
        let text = preview("text", &[]).await;
        assert!(text.contains("Bonjour la mif") && text.contains("https://b.example/phare"), "{text}");
        assert_eq!(program.run(&["edition", "check", &slug]).await.code, 0);
        let findings = program.run(&["edition", "check", &slug, "--json"]).await.well();
        assert!(serde_json::from_str::<Value>(&findings).unwrap().is_array());
        let empty = program.file("empty.md", "---\ntitle: Rien\n---\n");
        let empty = program.run(&["edition", "create", &empty]).await.well();
        let refused = program.run(&["edition", "check", empty.trim(), "--json"]).await;
        assert_eq!(refused.code, 1);
        assert!(refused.out.contains("\"severity\": \"error\""), "{}", refused.out);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_made_and_its_records_are_printed() {
    for program in Program::on_both().await {
        program.furnished().await;
        let records = program.run(&["keys", "create", "--domain", "gazette.example"]).await.well();
        assert!(
            records.contains("soucoupe._domainkey.gazette.example. IN TXT \"v=DKIM1; k=rsa; p="),
            "{records}"
        );
        let twice = program.run(&["keys", "create", "--domain", "gazette.example"]).await.refused(2);
        assert!(twice.contains("choose another"), "{twice}");
        let link =
            program.run(&["owner", "create", "--email", "ada@gazette.example", "--name", "Ada"]).await.well();
        assert!(link.starts_with("https://letters.example/desk/sign-in/"), "{link}");
        assert!(
            program.run(&["owner", "sign-in-link"]).await.well().starts_with("https://letters.example/desk/")
        );
        assert_eq!(program.run(&["migrate"]).await.well().trim(), "4");
    }
}
