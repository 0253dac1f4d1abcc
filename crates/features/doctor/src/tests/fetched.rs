use i18n::Language;
use net::{HttpClient, Resolver};
use testkit::House;

use super::web::{Web, answer};
use super::*;
use crate::model::Area;

const LOGO: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 64 64">
<title>La Gazette</title><circle cx="32" cy="32" r="30"/></svg>"#;
const POLICY: &str = "version: STSv1\nmode: enforce\nmx: letters.example\nmax_age: 604800\n";
const LETTER: &str = "---\ntitle: Une bobine\n---\n\nVoici [le fil](https://www.fil.example/), [un trou](https://www.fil.example/gone), \
    [personne](https://nobody.fil.example/) et [l'ancien](http://www.fil.example/).\n";

/// The letters of a world that is one server on this machine.
async fn world(practice: &Practice) -> (Web, Arc<Bag>) {
    let web = Web::start(&["mta-sts.letters.example", "www.fil.example"], |request| {
        match request.split(' ').nth(1).unwrap() {
            "/.well-known/mta-sts.txt" => answer("200 OK", POLICY),
            "/logo.svg" => answer("200 OK", LOGO),
            "/other.svg" => answer("200 OK", &LOGO.replace("<circle", "<script>1</script><circle")),
            "/" => answer("403 Forbidden", "robots are not welcome"),
            _ => answer("404 Not Found", ""),
        }
    })
    .await;
    let resolver = Resolver::new(Some(practice.names.address())).unwrap();
    let client = HttpClient::allowing(resolver, &[web.address], vec![web.certificate.clone()]);
    let bag = Bag::with(&practice.instance, Some(client), Some(OURS.parse().unwrap()));
    (web, Arc::new(bag))
}

const HERE: &str = "\nmta-sts.letters.example A 127.0.0.1\nwww.fil.example A 127.0.0.1\n";

async fn seen(bag: &Arc<Bag>, name: &str) -> Vec<(Level, String)> {
    let report = examine_with(Arc::clone(bag), &Visit::default()).await.unwrap();
    let found = report.findings.into_iter().filter(|finding| finding.name == name);
    found.map(|finding| (finding.level, finding.found(Language::English))).collect()
}

#[tokio::test]
async fn a_link_behind_which_nobody_is_and_one_that_is_not_encrypted_are_named() {
    let house = House::on_sqlite().await;
    let practice = Practice::open(&house, |_| {}).await;
    let publication = publications::find(&practice.instance, "gazette").await.unwrap().unwrap();
    editions::create(&practice.instance, &publication, LETTER).await.unwrap();
    let (web, bag) = world(&practice).await;
    let mx = "letters.example             MX    10 letters.example\n";
    practice.zone(&[(mx, &format!("{mx}{HERE}"))]);
    let links = seen(&bag, "links").await;
    assert_eq!(links.iter().map(|link| link.0).collect::<Vec<_>>(), [Level::Warn, Level::Warn], "{links:?}");
    assert!(
        links[0].1.contains("http://www.fil.example/") && links[0].1.starts_with("One link"),
        "{links:?}"
    );
    let dead = &links[1].1;
    assert!(dead.contains("https://www.fil.example/gone (HTTP 404)"), "{dead}");
    assert!(dead.contains("https://nobody.fil.example/") && dead.starts_with("Behind 2 links"), "{dead}");
    assert!(!dead.contains("https://www.fil.example/ "), "who turns robots away is there: {dead}");
    assert_eq!(web.requests(), 2);
}

#[tokio::test]
async fn the_policy_and_the_logo_are_fetched_and_looked_at() {
    let house = House::on_sqlite().await;
    let practice = Practice::open(&house, |_| {}).await;
    let (_web, bag) = world(&practice).await;
    let mx = "\nletters.example             MX    10 letters.example\n";
    let check = async |more: &str, mx_now: &str, name: &str| {
        practice.zone(&[(mx, &format!("\n{mx_now}\n{more}{HERE}"))]);
        let report = examine_with(Arc::clone(&bag), &Visit::default()).await.unwrap();
        let found =
            report.findings.into_iter().find(|found| found.name == name && found.area != Area::Letter);
        let found = found.unwrap();
        (found.level, found.found(Language::English))
    };
    let own = "letters.example MX 10 letters.example";
    let sts = "_mta-sts.letters.example TXT \"v=STSv1; id=1\"\n";
    let (level, words) = check(sts, own, "mta_sts").await;
    assert_eq!(level, Level::Ok, "{words}");
    assert!(words.contains("enforce"), "{words}");
    let other = "letters.example MX 10 letters.example\nletters.example MX 20 spare.letters.example\nspare.letters.example A 45.148.10.20";
    let (level, words) = check(sts, other, "mta_sts").await;
    assert_eq!(level, Level::Bad, "{words}");
    assert!(words.contains("leaves out our server spare.letters.example"), "{words}");
    let twice = format!("{sts}{}", sts.replace("id=1", "id=2"));
    assert_eq!(check(&twice, own, "mta_sts").await.0, Level::Warn);
    let bimi = |path: &str| {
        format!("default._bimi.ada.letters.example TXT \"v=BIMI1; l=https://www.fil.example{path}; a=\"\n")
    };
    for (path, level, said) in [
        ("/logo.svg", Level::Ok, "certificate (VMC or CMC) besides"),
        ("/other.svg", Level::Warn, "script"),
        ("/none.svg", Level::Warn, "HTTP 404"),
    ] {
        let (found, words) = check(&bimi(path), own, "bimi").await;
        assert_eq!(found, level, "{words}");
        assert!(words.contains(said), "{words}");
    }
}

#[tokio::test]
async fn a_filter_that_does_not_answer_is_not_known_and_one_that_does_is_quoted() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut heard = Vec::new();
            while !heard.ends_with(b"--\r\n") {
                let mut some = [0; 16_384];
                let length = stream.read(&mut some).await.unwrap();
                heard.extend_from_slice(&some[..length]);
            }
            let table = " pts rule name\n---- ----\n 6.1 MISSING_SOUL BODY: nobody wrote this\n";
            let answer = format!("SPAMD/1.1 0 EX_OK\r\nSpam: True ; 6.1 / 5.0\r\n\r\n{table}");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let house = House::on_sqlite().await;
    let practice =
        Practice::open(&house, |config| config.spam_checker = Some(format!("spamd://{place}"))).await;
    let found = practice.of("spam").await.remove(0);
    assert_eq!(found.level, Level::Bad);
    let words = found.found(Language::English);
    assert!(words.contains("6.1 points") && words.contains("MISSING_SOUL (+6.1)"), "{words}");
    let other = House::on_sqlite().await;
    let none = Practice::open(&other, |config| config.spam_checker = Some("http://127.0.0.1:1".into())).await;
    assert_eq!(none.of("spam").await[0].level, Level::Unknown);
}
