use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::*;

fn channel() -> Channel {
    Channel {
        title: "La Gazette & Cie".into(),
        home: "https://letters.example/gazette/".into(),
        self_url: "https://letters.example/gazette/feed.xml".into(),
        description: "Une lettre par semaine, écrite face au vent.".into(),
        language: "fr".into(),
        author: Some("Ada".into()),
        icon: Some("https://letters.example/assets/icon.png".into()),
        updated: "2026-11-23T08:30:00.123456Z".parse().unwrap(),
        items: vec![
            Item {
                id: "https://letters.example/gazette/horizon".into(),
                url: "https://letters.example/gazette/horizon".into(),
                title: "On a volé l’horizon <en plein jour>".into(),
                html: "<p>Lundi &amp; mardi.</p><pre>a[b[0]]>c</pre>".into(),
                summary: Some("La ligne n’était plus là.".into()),
                published: "2026-11-23T07:30:00Z".parse().unwrap(),
                updated: "2026-11-23T08:30:00Z".parse().unwrap(),
                authors: vec!["Ada".into(), "Grace".into()],
                tags: vec!["mer".into(), "R&D".into()],
                image: Some("https://letters.example/horizon.jpg?w=600&h=300".into()),
            },
            Item {
                id: "urn:uuid:019ab1c2-0000-7000-8000-000000000001".into(),
                url: "https://letters.example/gazette/phare".into(),
                title: "Le phare".into(),
                html: String::new(),
                summary: None,
                published: "2026-11-16T07:30:00Z".parse().unwrap(),
                updated: "2026-11-16T07:30:00Z".parse().unwrap(),
                authors: vec![],
                tags: vec![],
                image: None,
            },
        ],
    }
}

#[test]
fn one_publication_three_feeds() {
    insta::assert_snapshot!("rss", rss(&channel()));
    insta::assert_snapshot!("atom", atom(&channel()));
    insta::assert_snapshot!("json_feed", json_feed(&channel()));
}

#[test]
fn a_sitemap_lists_pages_with_their_last_change() {
    let entry = |url: &str, updated: Option<&str>| Entry {
        url: url.into(),
        updated: updated.map(|moment| moment.parse().unwrap()),
    };
    let pages = [
        entry("https://letters.example/gazette/", Some("2026-11-23T08:30:00Z")),
        entry("https://letters.example/gazette/archive?page=2&x=1", None),
    ];
    insta::assert_snapshot!("sitemap", sitemap(&pages));
    insta::assert_snapshot!("sitemap_index", sitemap_index(&pages[..1]));
    let many = vec![entry("https://letters.example/", None); SITEMAP_LIMIT + 1];
    assert_eq!(sitemap(&many).matches("<url>").count(), SITEMAP_LIMIT);
}

/// All character data of the elements of a name, as a feed reader sees it.
fn read(xml: &str, name: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    let (mut found, mut current) = (vec![], None::<String>);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) if start.name().as_ref() == name => current = Some(String::new()),
            Event::End(end) if end.name().as_ref() == name => found.extend(current.take()),
            Event::Text(text) => add(&mut current, &text.into_inner()),
            Event::CData(text) => add(&mut current, &text.into_inner()),
            Event::GeneralRef(reference) => {
                let name = reference.into_inner();
                let letter = match &*name {
                    "amp" => "&".to_owned(),
                    "lt" => "<".to_owned(),
                    "gt" => ">".to_owned(),
                    "quot" => "\"".to_owned(),
                    "apos" => "'".to_owned(),
                    other => {
                        let digits = other.strip_prefix("#").unwrap();
                        let code = match digits.strip_prefix('x') {
                            Some(hex) => u32::from_str_radix(hex, 16),
                            None => digits.parse(),
                        };
                        char::from_u32(code.unwrap()).unwrap().to_string()
                    }
                };
                add(&mut current, &letter);
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

fn add(current: &mut Option<String>, text: &str) {
    if let Some(current) = current {
        current.push_str(text);
    }
}

#[test]
fn characters_that_xml_forbids_are_left_out() {
    let mut channel = channel();
    channel.items[0].title = "a\u{0}b\u{b}c\u{fffe}d\u{1b}e\tf".into();
    channel.items[0].html = "x\u{8}]]>y".into();
    assert_eq!(read(&rss(&channel), "title").last().map(String::as_str), Some("Le phare"));
    assert!(read(&rss(&channel), "title").contains(&"abcde\tf".to_owned()));
    assert_eq!(read(&rss(&channel), "content:encoded")[0], "x]]>y");
    assert!(json_feed(&channel).contains("\"abcde\\tf\""));
}

proptest! {
    #[test]
    fn whatever_an_author_writes_a_feed_reader_reads_the_same(title in ".*", html in "(.|]]>|&amp;|<b>|\n){0,40}") {
        let mut channel = channel();
        channel.items.truncate(1);
        channel.items[0].title = title.clone();
        channel.items[0].html = html.clone();
        let (title, html) = (xml::legal(&title).into_owned(), xml::legal(&html).into_owned());
        let rss = rss(&channel);
        prop_assert_eq!(read(&rss, "title").last().cloned(), Some(title.clone()));
        prop_assert_eq!(&read(&rss, "content:encoded")[0], &html);
        let atom = atom(&channel);
        prop_assert_eq!(read(&atom, "title").last().cloned(), Some(title.clone()));
        prop_assert_eq!(&read(&atom, "content")[0], &html);
        let json: serde_json::Value = serde_json::from_str(&json_feed(&channel)).unwrap();
        prop_assert_eq!(json["items"][0]["title"].as_str(), Some(title.as_str()));
        prop_assert_eq!(json["items"][0]["content_html"].as_str(), Some(html.as_str()));
    }
}
