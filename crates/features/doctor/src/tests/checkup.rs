use i18n::Language;
use smtp::ListenerOptions;
use smtp::sink::{Sink, SinkOptions};
use testkit::{House, on_both};

use super::*;
use crate::model::Area;
use crate::{Visit, examine};

/// Nobody listens on port 1 (tcpmux), and no test is given it.
const CLOSED: &str = "smtp://127.0.0.1:1";

/// What a test machine may have or not, and what no test says: its disk, its clock, whether a server runs.
fn of_mail(report: &Report) -> Vec<(&'static str, Level)> {
    let mut report = report.clone();
    report.findings.retain(|finding| finding.area != Area::Machine);
    amiss(&report)
}

#[tokio::test]
async fn a_domain_that_has_thought_of_everything_is_in_order() {
    let seen = on_both(|house| async move {
        let sink = Sink::start(SinkOptions::default()).await.unwrap();
        let url = format!("smtp://{}", sink.address());
        let practice = Practice::open(&house, |config| config.smtp_url = Some(url)).await;
        let report = practice.visit().await;
        assert_eq!(of_mail(&report), [], "{:#?}", report.told(Language::English));
        let names: Vec<_> = report.findings.iter().map(|finding| (finding.area, finding.name)).collect();
        for (area, name) in [
            (Area::Machine, "database"),
            (Area::Machine, "disk"),
            (Area::Route, "connection"),
            (Area::Route, "extensions"),
            (Area::Domain, "spf"),
            (Area::Domain, "dkim"),
            (Area::Domain, "dmarc"),
            (Area::Domain, "alignment"),
            (Area::Domain, "bimi"),
            (Area::ReturnPath, "spf"),
            (Area::ReturnPath, "way_back"),
            (Area::ReturnPath, "tls_rpt"),
            (Area::ReturnPath, "mta_sts"),
            (Area::Letter, "one_click"),
            (Area::Letter, "size"),
            (Area::Letter, "links"),
        ] {
            assert!(names.contains(&(area, name)), "{name}");
        }
        assert_eq!(sink.taken(), 0, "no mail is sent");
        of_mail(&report)
    })
    .await;
    assert_eq!(seen, []);
}

#[tokio::test]
async fn each_fault_of_a_domain_is_named_with_the_record_to_paste() {
    let house = House::on_sqlite().await;
    let practice = Practice::open(&house, |config| config.routes = vec![direct(1)]).await;
    let spf = "ada.letters.example         TXT   \"v=spf1 ip4:45.148.10.20 -all\"\n";
    let dmarc =
        "_dmarc.letters.example      TXT   \"v=DMARC1; p=quarantine; rua=mailto:dmarc@letters.example\"\n";
    let key = "soucoupe._domainkey.ada.letters.example TXT \"{key}\"\n";
    let several = "ada.letters.example TXT \"v=spf1 -all\"\nada.letters.example TXT \"v=spf1 mx -all\"\n";
    let dear = (0..11).map(|n| format!("a:h{n}.letters.example")).collect::<Vec<_>>().join(" ");
    let dear = format!("ada.letters.example TXT \"v=spf1 ip4:45.148.10.20 {dear} -all\"\n");
    let own_key = practice.key.clone();
    let short = "v=DKIM1; k=rsa; t=y; p=";
    let testing = format!(
        "soucoupe._domainkey.ada.letters.example TXT \"{}\"\n",
        own_key.replace("v=DKIM1; k=rsa; p=", short)
    );
    let cases: Vec<(&str, &str, String, Level, &str, &str)> = vec![
        ("spf", spf, String::new(), Level::Bad, "no SPF record", "v=spf1 a:letters.example ~all"),
        ("spf", spf, several.into(), Level::Bad, "2 SPF records", "v=spf1 a:letters.example ~all"),
        ("spf", spf, dear, Level::Bad, "11 look-ups", ""),
        ("spf", spf, spf.replace("-all", "+all"), Level::Bad, "whole world", "v=spf1 ip4:45.148.10.20 ~all"),
        ("spf", spf, spf.replace(" -all", ""), Level::Warn, "everybody else", "v=spf1 ip4:45.148.10.20 ~all"),
        (
            "spf",
            spf,
            spf.replace("45.148.10.20", "45.148.10.99"),
            Level::Bad,
            "45.148.10.20",
            "v=spf1 ip4:45.148.10.99 ip4:45.148.10.20 -all",
        ),
        (
            "spf",
            spf,
            spf.replace("ip4:45.148.10.20", "ip4:45.148.10.20 include:gone.letters.example"),
            Level::Bad,
            "gone.letters.example",
            "",
        ),
        (
            "spf",
            spf,
            spf.replace("ip4:", "ip5:"),
            Level::Bad,
            "cannot be read",
            "v=spf1 a:letters.example ~all",
        ),
        ("dkim", key, String::new(), Level::Bad, "no key", &own_key),
        (
            "dkim",
            key,
            format!("{key}{key}").replace("{key}", "v=DKIM1; p="),
            Level::Bad,
            "2 records",
            &own_key,
        ),
        ("dkim", key, key.replace("{key}", "v=DKIM1; p="), Level::Bad, "taken back", &own_key),
        ("dkim", key, key.replace("{key}", "v=DKIM1; p=????"), Level::Bad, "is no key", &own_key),
        (
            "dkim",
            key,
            key.replace("{key}", "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="),
            Level::Bad,
            "not the one we sign with",
            &own_key,
        ),
        ("dkim", key, testing, Level::Warn, "t=y", &own_key),
        (
            "dmarc",
            dmarc,
            String::new(),
            Level::Bad,
            "Nothing says DMARC",
            "v=DMARC1; p=none; rua=mailto:postmaster@ada.letters.example",
        ),
        (
            "dmarc",
            dmarc,
            dmarc.replace("; rua=mailto:dmarc@letters.example", ""),
            Level::Warn,
            "nobody to report to",
            "v=DMARC1; p=quarantine; rua=mailto:postmaster@ada.letters.example",
        ),
        ("dmarc", dmarc, dmarc.replace("p=quarantine", "p=quarantine; pct=50"), Level::Warn, "pct=50", ""),
        (
            "dmarc",
            dmarc,
            format!(
                "{dmarc}_dmarc.ada.letters.example TXT \"v=DMARC1; p=none\"\n_dmarc.ada.letters.example TXT \"v=DMARC1; p=reject\"\n"
            ),
            Level::Bad,
            "2 DMARC records",
            "v=DMARC1; p=none; rua=mailto:postmaster@ada.letters.example",
        ),
        (
            "alignment",
            dmarc,
            format!(
                "{dmarc}_dmarc.ada.letters.example TXT \"v=DMARC1; p=none; aspf=s; rua=mailto:a@letters.example\"\n"
            ),
            Level::Ok,
            "rests on the signature alone",
            "",
        ),
    ];
    for (name, from, to, level, words, record) in cases {
        practice.zone(&[(from, &to)]);
        let found = practice.of(name).await;
        let found: Vec<_> = found.iter().filter(|finding| finding.area == Area::Domain).collect();
        let told = format!(
            "{name} {to}: {:#?}",
            found.iter().map(|f| f.told(Language::English)).collect::<Vec<_>>()
        );
        let finding =
            found.iter().find(|finding| finding.found(Language::English).contains(words)).expect(&told);
        assert_eq!(finding.level, level, "{told}");
        match record {
            "" => {}
            record => assert!(finding.records.iter().any(|known| known.value == record), "{told}"),
        }
        if level != Level::Ok {
            assert!(finding.remedy(Language::English).is_some(), "{told}");
            assert!(finding.remedy(Language::French).is_some(), "{told}");
        }
    }
}

#[tokio::test]
async fn a_service_that_sends_for_us_has_its_place_in_spf() {
    let house = House::on_sqlite().await;
    let practice = Practice::open(&house, |config| {
        config.routes = vec![relay("brevo", "smtp+starttls://a:b@smtp-relay.brevo.com")];
    })
    .await;
    let bag = Arc::new(Bag::with(&practice.instance, None, None));
    let ways = Arc::new(crate::route::ways(&practice.instance));
    let look = || {
        let domain = "ada.letters.example".to_owned();
        crate::domain::spf::look(Arc::clone(&bag), Arc::clone(&ways), Area::Domain, domain)
    };
    let found = look().await.unwrap().remove(0);
    assert_eq!(found.level, Level::Warn);
    assert!(found.found(Language::English).contains("Brevo"));
    assert_eq!(found.records[0].value, "v=spf1 ip4:45.148.10.20 include:spf.brevo.com -all");
    let spf = "ada.letters.example         TXT   \"v=spf1 ip4:45.148.10.20 -all\"";
    let with = "ada.letters.example TXT \"v=spf1 include:spf.brevo.com -all\"\nspf.brevo.com TXT \"v=spf1 ip4:45.148.0.0/16 -all\"";
    practice.zone(&[(spf, with)]);
    assert_eq!(look().await.unwrap().remove(0).level, Level::Ok);
}

#[tokio::test]
async fn what_goes_straight_to_the_readers_needs_a_name_that_leads_back_and_a_way_out() {
    let house = House::on_sqlite().await;
    let sink = Sink::start(SinkOptions::default()).await.unwrap();
    let port = sink.address().port();
    let practice = Practice::open(&house, |config| config.routes = vec![direct(port)]).await;
    let far = "\ngmail.com MX 10 mx.gmail.com\nmx.gmail.com A 127.0.0.1\n";
    let ptr = "20.10.148.45.in-addr.arpa   PTR   letters.example\n";
    let sound = format!("{ptr}{far}");
    practice.zone(&[(ptr, &sound)]);
    for name in ["ehlo", "ptr", "port_25"] {
        let found = practice.of(name).await;
        assert_eq!(
            (found.len(), found[0].level),
            (1, Level::Ok),
            "{name}: {:?}",
            found[0].found(Language::English)
        );
    }
    practice.zone(&[(ptr, far)]);
    let found = practice.of("ptr").await.remove(0);
    assert_eq!(found.level, Level::Bad);
    assert_eq!(found.records[0].zone_line(), "20.10.148.45.in-addr.arpa. IN PTR letters.example.");
    let liar = format!("20.10.148.45.in-addr.arpa PTR gmail.com\n{far}");
    practice.zone(&[(ptr, &liar)]);
    assert!(practice.of("ptr").await[0].found(Language::English).contains("a lie"));
    let other = format!(
        "20.10.148.45.in-addr.arpa PTR host.rented.example\nhost.rented.example A 45.148.10.20\n{far}"
    );
    practice.zone(&[(ptr, &other)]);
    assert_eq!(practice.of("ptr").await[0].level, Level::Warn);
    let address = "letters.example             A     45.148.10.20";
    practice.zone(&[(address, "letters.example A 45.148.10.99")]);
    let found = practice.of("ehlo").await.remove(0);
    assert_eq!((found.level, found.records[0].value.as_str()), (Level::Bad, OURS));
    practice.zone(&[(address, "")]);
    assert_eq!(practice.of("ehlo").await[0].level, Level::Bad);
    // Nobody is asked who is not there: without an answer about Gmail nothing is known about port 25.
    practice.zone(&[]);
    assert_eq!(practice.of("port_25").await[0].level, Level::Unknown);
    let other = House::on_sqlite().await;
    let shut = Practice::open(&other, |config| config.routes = vec![direct(1)]).await;
    shut.zone(&[(ptr, &sound)]);
    let found = shut.of("port_25").await.remove(0);
    assert_eq!(found.level, Level::Bad, "{}", found.found(Language::English));
}

#[tokio::test]
async fn a_relay_is_signed_in_to_for_real_and_says_what_it_offers() {
    let house = House::on_sqlite().await;
    let options = SinkOptions {
        listener: ListenerOptions { auth: true, pipelining: false, ..ListenerOptions::default() },
        credentials: Some(("ada".into(), "secret".into())),
        ..SinkOptions::default()
    };
    let sink = Sink::start(options).await.unwrap();
    let place = sink.address();
    let practice = Practice::open(&house, |config| {
        config.routes = vec![
            relay("good", &format!("smtp://ada:secret@{place}")),
            relay("wrong", &format!("smtp://ada:hunter2@{place}")),
            relay("sealed", &format!("smtp+starttls://ada:secret@{place}")),
            relay("gone", CLOSED),
            relay("broken", "smtp://"),
        ];
    })
    .await;
    let report = practice.visit().await;
    let of = |name: &str| {
        let found =
            report.findings.iter().filter(|finding| finding.area == Area::Route && finding.about == name);
        found
            .map(|finding| (finding.name, finding.level, finding.found(Language::English)))
            .collect::<Vec<_>>()
    };
    let good = of("good");
    assert!(good[0].2.contains("takes our user name"), "{good:?}");
    assert_eq!(good.iter().find(|found| found.0 == "extensions").unwrap().1, Level::Warn);
    let wrong = of("wrong");
    assert_eq!((wrong[0].0, wrong[0].1), ("sign_in", Level::Bad));
    assert_eq!((of("sealed")[0].0, of("sealed")[0].1), ("encryption", Level::Bad));
    assert_eq!((of("gone")[0].0, of("gone")[0].1), ("connection", Level::Bad));
    assert_eq!(of("broken")[0].1, Level::Bad);
    let all = format!("{:?}", report.told(Language::English));
    assert!(!all.contains("hunter2") && !all.contains("secret"), "no password in any sentence");
    assert_eq!(sink.taken(), 0);
}

#[tokio::test]
async fn a_way_back_that_leads_elsewhere_or_nowhere_is_told() {
    let house = House::on_sqlite().await;
    let practice = Practice::open(&house, |_| {}).await;
    let mx = "letters.example             MX    10 letters.example\n";
    let own = format!("\n{mx}");
    let found = |finding: &Finding| (finding.level, finding.found(Language::English));
    for (to, level, words) in [
        ("", Level::Bad, "no MX"),
        ("letters.example MX 0 .\n", Level::Bad, "no mail at all"),
        ("letters.example MX 10 gone.letters.example\n", Level::Bad, "has no address"),
        (
            "letters.example MX 10 mx.else.example\nmx.else.example A 45.148.99.1\n",
            Level::Warn,
            "not this machine",
        ),
    ] {
        practice.zone(&[(own.as_str(), &format!("\n{to}"))]);
        let seen = practice.of("way_back").await;
        assert_eq!(found(&seen[0]).0, level, "{to}");
        assert!(found(&seen[0]).1.contains(words), "{to}: {:?}", found(&seen[0]));
        assert_eq!(seen[0].records[0].zone_line(), "letters.example. IN MX 10 letters.example.");
    }
    let other = House::on_sqlite().await;
    let none = Practice::open(&other, |config| config.returns = Default::default()).await;
    let seen = none.of("way_back").await.remove(0);
    assert_eq!(seen.level, Level::Warn);
    assert!(found(&seen).1.contains("bounces will be lost"));
}

#[tokio::test]
async fn a_listener_that_nobody_reaches_is_told() {
    let house = House::on_sqlite().await;
    let sink = Sink::start(SinkOptions::default()).await.unwrap();
    let place = sink.address();
    let practice = Practice::open(&house, |config| config.returns.listen = Some(place)).await;
    let said = async || {
        let found = practice.of("way_back").await;
        found.iter().map(|finding| finding.found(Language::English)).collect::<Vec<_>>().join("\n")
    };
    let words = said().await;
    assert!(words.contains("is this machine") && words.contains("port 25 only"), "{words}");
    assert!(!words.contains("nothing answers there"), "{words}");
    let other = House::on_sqlite().await;
    let deaf =
        Practice::open(&other, |config| config.returns.listen = Some("127.0.0.1:1".parse().unwrap())).await;
    let found = deaf.of("way_back").await;
    assert!(found.iter().any(|finding| finding.found(Language::English).contains("nothing answers there")));
}

#[tokio::test]
async fn a_name_server_that_is_silent_makes_nothing_bad() {
    let house = House::on_sqlite().await;
    let practice = Practice::open(&house, |config| config.routes = vec![direct(25)]).await;
    practice.names.set("fails example\nfails arpa\nfails com\nfails org\n");
    let report = practice.visit().await;
    let of_names = report.findings.iter().filter(|finding| finding.level == Level::Bad);
    assert_eq!(
        of_names.map(|finding| finding.found(Language::English)).collect::<Vec<_>>(),
        Vec::<String>::new()
    );
    let dkim = report.findings.iter().find(|finding| finding.name == "dkim").unwrap();
    assert_eq!(dkim.level, Level::Unknown);
    // What should stand there is told all the same.
    assert_eq!(dkim.records[0].value, practice.key);
}

#[tokio::test]
async fn who_looks_offline_asks_nobody() {
    let house = House::on_sqlite().await;
    let practice = Practice::open(&house, |config| {
        config.smtp_url = Some("smtp://relay.letters.example".into());
        config.spam_checker = Some("spamd://spam.letters.example".into());
    })
    .await;
    let asked = practice.names.asked().len();
    let visit = Visit { offline: true, ..Visit::default() };
    let report = examine(&practice.instance, &visit).await.unwrap();
    assert_eq!(practice.names.asked().len(), asked);
    assert!(report.is_well());
    let unknown = |name: &str| report.findings.iter().find(|finding| finding.name == name).unwrap().level;
    for name in ["connection", "spf", "dkim", "dmarc", "links", "spam"] {
        assert_eq!(unknown(name), Level::Unknown, "{name}");
    }
}

#[tokio::test]
async fn names_kept_for_examples_are_not_asked_for_unless_a_name_server_is_named() {
    let house = House::on_sqlite().await;
    let practice = Practice::open(&house, |_| {}).await;
    let mut config = (*practice.instance.config).clone();
    config.dns = None;
    let clock = practice.instance.clock.clone();
    let instance = Instance::with(practice.instance.store.clone(), config, clock).await.unwrap();
    let bag = Arc::new(Bag::with(&instance, None, None));
    let look = crate::domain::dkim::look(bag, Arc::new(Vec::new()), "ada.letters.example".into());
    let found = look.await.unwrap().remove(0);
    assert_eq!(found.level, Level::Unknown);
    let words = found.found(Language::English);
    assert!(
        words.contains("ada.letters.example is kept for examples") && !words.contains("_domainkey"),
        "{words}"
    );
}

#[tokio::test]
async fn a_publication_that_is_not_there_is_said_so() {
    let house = House::on_sqlite().await;
    let practice = Practice::open(&house, |_| {}).await;
    let visit = Visit { publication: Some("nowhere".into()), offline: true };
    assert!(
        matches!(examine(&practice.instance, &visit).await, Err(crate::DoctorError::Unknown(slug)) if slug == "nowhere")
    );
}

#[tokio::test]
async fn the_report_as_json_is_what_it_was() {
    let house = House::on_sqlite().await;
    let practice = Practice::open(&house, |config| config.routes = vec![direct(1)]).await;
    practice.zone(&[(
        "_dmarc.letters.example      TXT   \"v=DMARC1; p=quarantine; rua=mailto:dmarc@letters.example\"\n",
        "",
    )]);
    let found = practice.of("dmarc").await;
    let json = serde_json::to_string_pretty(&found[0].told(Language::English)).unwrap();
    assert_eq!(
        json,
        r#"{
  "area": "domain",
  "about": "ada.letters.example",
  "name": "dmarc",
  "level": "bad",
  "found": "Nothing says DMARC for ada.letters.example: Gmail, Yahoo and Outlook refuse letters without it.",
  "do": "Publish this record; p=none changes nothing for your other mail, and the reports tell who writes in your name.",
  "records": [
    {
      "name": "_dmarc.ada.letters.example.",
      "type": "TXT",
      "value": "v=DMARC1; p=none; rua=mailto:postmaster@ada.letters.example"
    }
  ]
}"#
    );
}
