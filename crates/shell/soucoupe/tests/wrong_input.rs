//! Wrong input: exit code 2, a sentence with the place, and nothing changed.

#![allow(clippy::unwrap_used)]

mod program;

use program::Program;

#[tokio::test(flavor = "multi_thread")]
async fn wrong_input_is_refused_with_a_sentence_and_changes_nothing() {
    for mut program in Program::on_both().await {
        program.set("SOUCOUPE_SMTP_URL", "smtp://127.0.0.1:9");
        let slug = program.furnished().await;
        let before =
            program.run(&["dispatch", "list"]).await.well() + &program.run(&["edition", "list"]).await.well();
        let bad_edition = program.file("bad.md", "---\ntitle: Rien\n---\n\nBonjour.\n\n:::greting\n:::\n");
        let latin = program.file("latin.md", b"---\ntitle: L'\xe9t\xe9\n---\n");
        let no_address = program.file("names.csv", "name,town\nAda,Paris\n");
        let open_quote = program
            .file("quote.csv", "email,name\na@b.example,\"never closed\nb@b.example,B\nc@b.example,C\n");
        let cases: &[(&[&str], &str)] = &[
            (&["edition", "create", &bad_edition], "bad.md:7:"),
            (&["edition", "create", &latin], "latin.md:2:10"),
            (&["edition", "create", "nowhere.md"], "nowhere.md"),
            (
                &["edition", "create", &bad_edition, "--publication", "nope"],
                "there is no publication \"nope\"",
            ),
            (&["edition", "check", "nope"], "there is no edition \"nope\""),
            (&["edition", "preview", "nope", "--as", "mail"], "there is no edition \"nope\""),
            (&["edition", "preview", &slug, "--as", "mail", "--reader", "x"], "--reader: the address \"x\""),
            (&["edition", "preview", &slug, "--as", "mail", "--reader", "x@y.example"], "nobody is known"),
            (&["edition", "send", &slug, "--at", "tomorrow"], "--at: \"tomorrow\" is no moment"),
            (&["edition", "send", &slug, "--at", "2020-01-01T00:00"], "is over"),
            (&["edition", "send", &slug, "--to", "nope"], "no segment \"nope\""),
            (&["dispatch", "status", "42"], "there is no dispatch 42"),
            (&["dispatch", "failures", "42"], "there is no dispatch 42"),
            (&["readers", "import", &no_address, "--publication", "gazette"], "names.csv: line 1, column 1"),
            (&["readers", "import", &open_quote, "--publication", "gazette"], "quote.csv: line 2, column "),
            (&["readers", "import", "nowhere.csv", "--publication", "gazette"], "nowhere.csv"),
            (
                &["readers", "export", "--publication", "nope"],
                "there is no publication \"nope\"; there is: gazette",
            ),
            (&["segment", "create", "x", "--json", "{\"kind\":\"shoe\"}"], "--json: "),
            (&["segment", "create", "x"], "say what its readers are like"),
            (&["keys", "create", "--domain", "not a domain"], "--domain: "),
            (&["owner", "sign-in-link"], "no owner yet"),
            (&["restore", "nowhere"], "there is no file nowhere"),
            (
                &[
                    "publication",
                    "create",
                    "--slug",
                    "Gazette",
                    "--name",
                    "x",
                    "--from",
                    "a@b.example",
                    "--language",
                    "fr",
                ],
                "the slug \"Gazette\" is not possible",
            ),
            (
                &[
                    "publication",
                    "create",
                    "--slug",
                    "x",
                    "--name",
                    "x",
                    "--from",
                    "nobody",
                    "--language",
                    "fr",
                ],
                "the sender \"nobody\" is not understood",
            ),
            (
                &[
                    "publication",
                    "create",
                    "--slug",
                    "x",
                    "--name",
                    "x",
                    "--from",
                    "a@b.example",
                    "--language",
                    "xx",
                ],
                "the language \"xx\"",
            ),
            (
                &[
                    "publication",
                    "create",
                    "--slug",
                    "gazette",
                    "--name",
                    "x",
                    "--from",
                    "a@b.example",
                    "--language",
                    "fr",
                ],
                "there is a publication \"gazette\" already",
            ),
        ];
        for (arguments, sentence) in cases {
            let told = program.run(arguments).await.refused(2);
            assert!(told.contains(sentence), "{arguments:?}: {told}");
        }
        // What clap refuses has the same code.
        assert_eq!(program.run(&["edition", "preview", &slug, "--as", "fax"]).await.code, 2);
        assert_eq!(program.run(&["fly"]).await.code, 2);
        let after =
            program.run(&["dispatch", "list"]).await.well() + &program.run(&["edition", "list"]).await.well();
        assert_eq!(before, after);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configuration_that_cannot_be_used_is_refused_with_its_place() {
    let mut program = Program::new(None);
    program.file("soucoupe.toml", "# ours\nlisten = \"127.0.0.1:0\"\nbase-url = \"https://a.example\"\n");
    let told = program.run(&["publication", "list"]).await.refused(2);
    assert!(told.contains("soucoupe.toml, line 3, column 1: the key \"base-url\" is not known"), "{told}");
    program.file("soucoupe.toml", "rate = 0\n");
    let told = program.run(&["publication", "list"]).await.refused(2);
    assert!(told.contains("soucoupe.toml, line 1, column 8"), "{told}");
    std::fs::remove_file(program.path("soucoupe.toml")).unwrap();
    program.set("SOUCOUPE_LISTEN", "here");
    let told = program.run(&["serve"]).await.refused(2);
    assert!(told.contains("SOUCOUPE_LISTEN: \"here\" is no address and port"), "{told}");
    program.unset("SOUCOUPE_LISTEN");
    let told = program.run(&["migrate", "--database-url", "mysql://a:secret@b/c"]).await.refused(2);
    assert!(told.contains("--database-url") && !told.contains("secret"), "{told}");
    let told = program.run(&["--config", "nowhere.toml", "publication", "list"]).await.refused(2);
    assert!(told.contains("nowhere.toml"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_leaves_no_new_instance_behind() {
    let program = Program::new(None);
    for question in [&["publication", "list"][..], &["dispatch", "list"], &["doctor"], &["backup", "x"]] {
        let told = program.run(question).await.refused(2);
        assert!(told.contains("there is no instance"), "{told}");
    }
    assert!(!program.path("data").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn sending_without_a_relay_says_what_to_set() {
    let program = Program::new(None);
    let slug = program.furnished().await;
    let told = program.run(&["edition", "send", &slug]).await.refused(2);
    assert!(told.contains("SOUCOUPE_SMTP_URL"), "{told}");
    let doctor = program.run(&["doctor"]).await;
    assert_eq!(doctor.code, 1);
    assert!(doctor.out.contains("wrong  no relay is configured"), "{}", doctor.out);
}
