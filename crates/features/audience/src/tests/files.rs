//! Files that come in and go out.

use std::io::Cursor;

use policy::subscription::SubscriptionState as S;
use testkit::{House, on_both};

use super::{PROOF, active, gazette, publication, reader, state};
use crate::import::{ImportError, Options, Refused, Report, import};
use crate::{Way, consents, delete, export, suppressions, unsubscribe};

async fn bring(house: &House, file: impl Into<Vec<u8>>, options: Options) -> Result<Report, ImportError> {
    let gazette = publications::find(&house.instance, "gazette").await.unwrap().unwrap();
    import(&house.instance, &gazette, Cursor::new(file.into()), options).await
}

async fn out(house: &House, slug: &str) -> String {
    let publication = publications::find(&house.instance, slug).await.unwrap().unwrap();
    let mut bytes = Vec::new();
    export(&house.instance, &publication, &mut bytes).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

fn counts(report: &Report) -> [u64; 7] {
    [
        report.lines,
        report.added,
        report.updated,
        report.already,
        report.suppressed,
        report.opted_out,
        report.refused,
    ]
}

#[tokio::test]
async fn a_file_is_tried_first_and_then_does_what_it_said() {
    on_both(|house| async move {
        let gazette = gazette(&house).await;
        active(&house.instance, &gazette, "known@letters.example").await;
        let file = "Prénom;Nom;Adresse e-mail;Étiquettes;Désabonné;Pointure\r\n\
            Ada;Lovelace;ada@letters.example;vip;;38\r\n\
            Ada;Lovelace;ADA@letters.example;;;\r\n\
            ;;known@letters.example;vip;;\r\n\
            ;;;;;\r\n\
            Zoé;;zoe@letters;;;\r\n\
            Max;;max@letters.example;;oui;\r\n\
            Max;;max@letters.example;;;\r\n";
        let errors = house.folder().join("readers.csv.errors.csv");
        let options =
            Options { source: "readers.csv".into(), errors: Some(errors.clone()), ..Options::default() };
        let dry =
            bring(&house, file, Options { dry_run: true, errors: None, ..options.clone() }).await.unwrap();
        assert_eq!(
            crate::by_email(&house.instance, &super::address("ada@letters.example")).await.unwrap(),
            None
        );
        let report = bring(&house, file, options).await.unwrap();
        assert_eq!(counts(&report), [6, 1, 1, 1, 1, 1, 1], "{report:?}");
        assert_eq!(counts(&dry), counts(&report));
        assert_eq!(report.ignored_columns, ["Pointure"]);
        assert_eq!(report.reasons[&Refused::Domain], 1);
        let written = std::fs::read_to_string(errors).unwrap();
        assert!(
            written.lines().count() == 2 && written.contains("6;") && written.contains("zoe@letters;"),
            "{written}"
        );
        let ada = reader(&house.instance, "ada@letters.example").await;
        assert_eq!(ada.last_name.as_deref(), Some("Lovelace"));
        assert_eq!(
            crate::by_email(&house.instance, &super::address("max@letters.example")).await.unwrap(),
            None
        );
        out(&house, "gazette").await
    })
    .await;
}

#[tokio::test]
async fn every_encoding_in_the_wild_is_read() {
    on_both(|house| async move {
        gazette(&house).await;
        let text = |number: u8| format!("email;prénom\r\nr{number}@letters.example;Zoé Noël\r\n");
        let wide = |text: &str, order: fn(u16) -> [u8; 2]| -> Vec<u8> {
            std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(order).collect()
        };
        let files = [
            (text(0).into_bytes(), "utf-8"),
            (format!("\u{feff}{}", text(1)).into_bytes(), "utf-8"),
            (wide(&text(2), u16::to_le_bytes), "utf-16"),
            (wide(&text(3), u16::to_be_bytes), "utf-16"),
            (encoding_rs::WINDOWS_1252.encode(&text(4)).0.into_owned(), "windows-1252"),
            (text(5).replace(';', "\t").into_bytes(), "utf-8"),
            (text(6).replace(';', ",").into_bytes(), "utf-8"),
            (text(7).replace(';', "|").into_bytes(), "utf-8"),
            (format!("sep=;\r\n{}", text(8)).into_bytes(), "utf-8"),
        ];
        for (number, (file, encoding)) in files.into_iter().enumerate() {
            let report = bring(&house, file, Options::default()).await.unwrap();
            assert_eq!((report.added, report.encoding), (1, encoding), "{number}");
            let found = reader(&house.instance, &format!("r{number}@letters.example")).await;
            assert_eq!(found.first_name.as_deref(), Some("Zoé Noël"), "{number}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_file_with_a_fault_of_its_own_changes_nothing_and_says_where() {
    on_both(|house| async move {
        gazette(&house).await;
        let faults = [
            ("", "line 1, column 1: the file is empty"),
            (
                "prénom,nom\nAda,Lovelace\n",
                "line 1, column 1: no column holds the address; name one `email` (found: prénom, nom)",
            ),
            ("ada@letters.example\nzoe@letters.example\n", "line 1, column 1: no column holds the address"),
            (
                "email,name\na@letters.example,Ada\nb@letters.example,\"Bob\nc@letters.example,Cy\n",
                "line 3, column 2",
            ),
        ];
        for (file, said) in faults {
            let error = bring(&house, file, Options::default()).await.unwrap_err();
            assert!(error.to_string().starts_with(said), "{error}");
            assert!(error.sentence(i18n::Language::French).is_some());
        }
        out(&house, "gazette").await.lines().count()
    })
    .await;
}

#[tokio::test]
async fn an_import_brings_nobody_back() {
    on_both(|house| async move {
        let instance = &house.instance;
        let gazette = gazette(&house).await;
        let left = active(instance, &gazette, "left@letters.example").await;
        let gone = active(instance, &gazette, "gone@letters.example").await;
        let paused = active(instance, &gazette, "paused@letters.example").await;
        super::ask(instance, &gazette, "pending@letters.example").await;
        let pending = reader(instance, "pending@letters.example").await;
        let url = crate::unsubscribe_url(instance, gazette.id, left.id);
        let way = Way::of(instance, url.rsplit('/').next().unwrap()).await.unwrap().unwrap();
        unsubscribe(instance, &way, PROOF).await.unwrap();
        delete(instance, &gone).await.unwrap();
        crate::pause(instance, &gazette, &paused, PROOF).await.unwrap();
        let file = "email,tags\nleft@letters.example,\ngone@letters.example,\n\
            paused@letters.example,\npending@letters.example,\n";
        let report = bring(&house, file, Options::default()).await.unwrap();
        assert_eq!(counts(&report), [4, 0, 0, 2, 2, 0, 0]);
        assert!(crate::by_email(instance, &gone.email).await.unwrap().is_none(), "not even the address");
        let states = [
            state(instance, &gazette, &left).await,
            state(instance, &gazette, &paused).await,
            state(instance, &gazette, &pending).await,
        ];
        assert_eq!(states, [S::Ended, S::Paused, S::Pending].map(Some));
        // A departure from elsewhere ends a subscription that lives here.
        let kim = active(instance, &gazette, "kim@letters.example").await;
        let file = "Email Address,UNSUB_TIME\nkim@letters.example,2025-01-02 03:04:05\n";
        let report = bring(&house, file, Options::default()).await.unwrap();
        assert_eq!((report.opted_out, state(instance, &gazette, &kim).await), (1, Some(S::Ended)));
        assert_eq!(suppressions(instance, &kim.email).await.unwrap().len(), 1);
        let again = bring(&house, file, Options::default()).await.unwrap();
        assert_eq!(counts(&again), [1, 0, 0, 1, 0, 0, 0]);
    })
    .await;
}

#[tokio::test]
async fn what_goes_out_comes_in_again_as_it_was() {
    on_both(|house| async move {
        let instance = &house.instance;
        gazette(&house).await;
        let file = "email,first_name,last_name,language,state,since,source,tags,time zone\n\
            ada@letters.example,'=cmd|' /C calc'!A0,\"O'Hara, \"\"K\"\"\",fr-CA,active,2024-05-06T07:08:09Z,form,vip;élan,europe/paris\n\
            bob@letters.example,''=x,-,,pending,2024-05-06T07:08:09Z,import,\"a,b;\",\n\
            cy@letters.example,,,,paused,2024-05-06T07:08:09Z,api,,Mars/Olympus\n\
            dee@letters.example,,,,ended,2024-05-06T07:08:09Z,form,,\n";
        let report = bring(&house, file, Options::default()).await.unwrap();
        assert_eq!(counts(&report), [4, 3, 0, 0, 0, 1, 0]);
        assert_eq!(report.pending, 1);
        let ada = reader(instance, "ada@letters.example").await;
        assert_eq!(ada.first_name.as_deref(), Some("=cmd|' /C calc'!A0"));
        let first = out(&house, "gazette").await;
        assert!(first.contains(",vip;élan,Europe/Paris\n") && !first.contains("Mars"), "{first}");
        assert!(first.contains("'=cmd|") && first.contains("''=x,'-,"), "{first}");
        let again = bring(&house, first.clone(), Options::default()).await.unwrap();
        assert_eq!(counts(&again), [4, 0, 0, 4, 0, 0, 0]);
        assert_eq!(out(&house, "gazette").await, first);
        let other = publication(&house, "revue").await;
        import(instance, &other, Cursor::new(first.clone().into_bytes()), Options::default()).await.unwrap();
        assert_eq!(out(&house, "revue").await, first);
        first
    })
    .await;
}

#[tokio::test]
async fn a_yes_that_another_service_noted_is_kept_without_the_whole_address_of_the_network() {
    on_both(|house| async move {
        gazette(&house).await;
        let file =
            "Email Address,CONFIRM_TIME,CONFIRM_IP\nada@letters.example,2024-05-06 07:08:09,203.0.113.77\n";
        let options = Options { source: "members.csv".into(), ..Options::default() };
        bring(&house, file, options).await.unwrap();
        let ada = reader(&house.instance, "ada@letters.example").await;
        let proofs = consents(&house.instance, ada.id).await.unwrap();
        assert_eq!(proofs[0].network.as_deref(), Some("203.0.113.0/24"));
        assert_eq!(proofs[0].wording, "members.csv");
        proofs
    })
    .await;
}

#[tokio::test]
async fn a_name_in_two_lines_is_one_name_and_a_quote_left_open_is_still_seen() {
    on_both(|house| async move {
        gazette(&house).await;
        let file =
            "email,first_name\r\nada@letters.example,\"Ada\r\nAugusta\"\r\nbob@letters.example,Bob\r\n";
        let report = bring(&house, file, Options::default()).await.unwrap();
        assert_eq!(report.added, 2, "{report:?}");
        assert!(out(&house, "gazette").await.contains("ada@letters.example,Ada Augusta,"));
        let open = "email,first_name\nzoe@letters.example,\"Zoe\nmax@letters.example,\"Max\"\n";
        let refused = bring(&house, open, Options::default()).await.unwrap_err();
        assert!(matches!(refused, ImportError::OpenQuote { line: 2, column: 2 }), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn a_file_fills_what_is_empty_and_changes_nothing_that_is_known() {
    on_both(|house| async move {
        gazette(&house).await;
        let first = "email,first_name\nada@letters.example,\nmax@letters.example,Max\n";
        bring(&house, first, Options::default()).await.unwrap();
        let second =
            "email,first_name,last_name\nada@letters.example,Ada,\nmax@letters.example,Maxime,Ernst\n";
        let report = bring(&house, second, Options::default()).await.unwrap();
        assert_eq!(counts(&report), [2, 0, 2, 0, 0, 0, 0], "{report:?}");
        let mut names = Vec::new();
        for email in ["ada@letters.example", "max@letters.example"] {
            let known = crate::by_email(&house.instance, &super::address(email)).await.unwrap().unwrap();
            names.push((known.first_name, known.last_name));
        }
        assert_eq!(names[0], (Some("Ada".to_owned()), None));
        assert_eq!(names[1], (Some("Max".to_owned()), Some("Ernst".to_owned())));
        names
    })
    .await;
}
