//! The signed log and the question whether a copy is unaltered, as the command line answers them.

mod program;

use program::Program;
use serde_json::Value;

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_unaltered_altered_or_not_ours_and_the_log_is_whole() {
    for mut program in Program::on_both().await {
        let sink = program.with_sink().await;
        let slug = program.furnished().await;
        program.run(&["keys", "create", "--domain", "gazette.example"]).await.well();
        assert_eq!(program.run(&["proofs"]).await.well().lines().count(), 1, "only the key");
        program.run(&["edition", "send", &slug, "--wait"]).await.well();
        let mail = sink.messages().pop().unwrap();
        let saved = program.file("saved.eml", &mail);
        let out = program.run(&["verify", &saved]).await.well();
        assert!(out.starts_with("Unaltered: “Le phare”, sent by La Gazette on "), "{out}");
        assert!(out.contains("DKIM signature holds. Entry 1 of the log"), "{out}");
        let told: Value =
            serde_json::from_str(&program.run(&["verify", &saved, "--json"]).await.well()).unwrap();
        assert_eq!(
            (&told["verdict"], &told["letter"]["dispatch"]),
            (&"unaltered".into(), &1.into()),
            "{told}"
        );

        let text = String::from_utf8(mail).unwrap();
        let changed = program.file("changed.eml", text.replacen("Un paragraphe", "Un paragraffe", 1));
        let ran = program.run(&["verify", &changed]).await;
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.out.starts_with("Altered: ") && ran.out.contains("paragraffe"), "{ran:?}");
        let ran = program.run(&["verify", &changed, "--json"]).await;
        assert_eq!(ran.code, 1, "{ran:?}");
        let told: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(
            (&told["verdict"], &told["changes"][0]["place"]),
            (&"altered".into(), &"text".into()),
            "{told}"
        );

        let stranger = program.file("stranger.eml", "From: a@b.example\r\nSubject: x\r\n\r\ny\r\n");
        let sentence = program.run(&["verify", &stranger]).await.refused(2);
        assert!(sentence.contains("no mail in it was sent from here"), "{sentence}");
        program.run(&["verify", "missing.eml"]).await.refused(2);

        let log: Value = serde_json::from_str(&program.run(&["proofs", "--json"]).await.well()).unwrap();
        assert_eq!(
            (&log["whole"], &log["entries"][0]["entry"]["accepted"]),
            (&true.into(), &3.into()),
            "{log}"
        );
        let lines = program.run(&["proofs"]).await.well();
        assert!(
            lines.contains("gazette/le-phare\tfinished\tdispatch 1\t3 readers\t3 accepted\t0 failed\t"),
            "{lines}"
        );
    }
}
