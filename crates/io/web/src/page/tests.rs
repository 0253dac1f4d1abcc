use i18n::Language;

use super::*;
use crate::Notice;

const HOSTILE: &str = "<script>alert('&')</script>";

fn dress() -> Dress {
    Dress {
        name: "La Gazette".into(),
        home: "/gazette/".into(),
        call: Some(Link::new("S'abonner", "/gazette/subscribe")),
        links: vec![Link::new("Archives", "/gazette/archive")],
        stylesheets: vec!["/gazette/look.css".into()],
        feeds: vec![("La Gazette".into(), "/gazette/feed.xml".into(), "application/rss+xml")],
        other_languages: vec![Link::in_language("In English", "/tide/", Language::English)],
        ..Dress::default()
    }
}

#[test]
fn a_public_page_wears_its_publications_dress() {
    let dress = dress();
    let mut page = ReadingPage::new(&dress, Language::French, "Archives", "<p>corps</p>".into());
    page.canonical = Some("https://letters.example/gazette/archive".into());
    let html = page.render().unwrap();
    for part in [
        "<html lang=\"fr\"",
        "<title>Archives · La Gazette</title>",
        "href=\"/gazette/look.css\"",
        "type=\"application/rss+xml\"",
        "rel=\"canonical\" href=\"https://letters.example/gazette/archive\"",
        "<p>corps</p>",
        "lang=\"en\" hreflang=\"en\"",
        "href=\"#main\"",
    ] {
        assert!(html.contains(part), "{part}\n{html}");
    }
    assert!(!html.contains("<h1>"), "the page brings its own heading");
    page.front = true;
    page.title = "La Gazette";
    let html = page.render().unwrap();
    assert!(html.contains("<title>La Gazette</title>") && html.contains("<h1>"), "{html}");
}

#[test]
fn the_rail_shows_where_one_is() {
    let publications =
        [("gazette".to_owned(), "La Gazette".to_owned()), ("tide".to_owned(), "The Tide".to_owned())];
    let page = DeskPage {
        publications: &publications,
        current: Some("gazette"),
        account: Some("Ada"),
        catcher: true,
        ..DeskPage::new(Language::French, "readers", "Lecteurs", String::new())
    };
    let html = page.render().unwrap();
    for part in [
        "<title>Lecteurs · La Gazette · Soucoupe</title>",
        "<a href=\"/desk/gazette/readers\" aria-current=\"page\">",
        "href=\"/desk/tide/editions\"",
        "href=\"/desk/catcher\"",
        "action=\"/desk/sign-out\"",
    ] {
        assert!(html.contains(part), "{part}\n{html}");
    }
    assert_eq!(html.matches("aria-current=\"page\"").count(), 1);
}

#[test]
fn names_and_notices_are_never_markup_and_no_page_needs_a_loose_policy() {
    let hostile = || HOSTILE.to_owned();
    let dress = Dress { name: hostile(), tagline: Some(hostile()), foot_note: Some(hostile()), ..dress() };
    let mut reading = ReadingPage::new(&dress, Language::English, HOSTILE, String::new());
    reading.description = Some(HOSTILE);
    let publications = [("gazette".to_owned(), hostile())];
    let desk = DeskPage {
        publications: &publications,
        current: Some("gazette"),
        account: Some(HOSTILE),
        notice: Some(Notice::wrong(HOSTILE)),
        here: HOSTILE,
        ..DeskPage::new(Language::English, "editions", HOSTILE, String::new())
    };
    let plain = PlainPage {
        sign: Some((hostile(), hostile())),
        notice: Some(Notice::done(HOSTILE)),
        here: HOSTILE,
        ..PlainPage::new(Language::English, HOSTILE, String::new())
    };
    for html in [reading.render(), desk.render(), plain.render()].map(Result::unwrap) {
        for forbidden in ["<script>", " style=", "onclick=", "<style"] {
            assert!(!html.contains(forbidden), "{forbidden}\n{html}");
        }
    }
}

#[test]
fn a_page_in_a_frame_has_nothing_but_its_form() {
    let page = PlainPage {
        framed: true,
        here: "/x",
        ..PlainPage::new(Language::French, "S'abonner", "<form>".into())
    };
    let html = page.render().unwrap();
    assert!(!html.contains("<header") && !html.contains("<footer"), "{html}");
}
