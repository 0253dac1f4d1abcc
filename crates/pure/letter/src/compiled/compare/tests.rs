use super::*;
use crate::template::{Escape, Piece, SlotUse, Values};

fn slot(slot: PersonalSlot, escape: Escape, lead: &str, fallback: Option<&str>) -> Piece {
    Piece::Slot(SlotUse { slot, fallback: fallback.map(str::to_owned), escape, lead: lead.to_owned() })
}

fn templates() -> (Template, Template) {
    let run = |text: &str| Piece::Run(text.to_owned());
    let text = Template::new(
        vec![
            run("Bonjour"),
            slot(PersonalSlot::FirstName, Escape::None, " ", Some("la mif")),
            run(",\n\nVoici le fil : déroulé =3D sans hâte.  \n\n"),
            Piece::Only { segment: 0, pieces: vec![run("Pour Paris.\n\n")] },
            run("\n"),
            run("Se désabonner : https://letters.example/r/unsubscribe/"),
            slot(PersonalSlot::UnsubscribeToken, Escape::Url, "", None),
            run("\n"),
        ],
        vec!["paris".into()],
    );
    let html = Template::new(
        vec![
            run("<p>Bonjour"),
            slot(PersonalSlot::FirstName, Escape::Html, " ", Some("la mif")),
            run(",</p>\n<p><a href=\"https://fil.example/\">le fil</a></p>\n"),
            Piece::Only { segment: 0, pieces: vec![run("<p>Pour Paris.</p>\n")] },
            run("<a href=\"https://letters.example/r/unsubscribe/"),
            slot(PersonalSlot::UnsubscribeToken, Escape::Html, "", None),
            run("\">Se désabonner</a>\n"),
        ],
        vec!["paris".into()],
    );
    (text, html)
}

fn letter() -> CompiledLetter {
    let (text, html) = templates();
    CompiledLetter::compile(&text, &html, "gazette-1").unwrap()
}

fn copy(name: Option<&str>, segments: u64) -> (String, String) {
    let values = Values::default()
        .with_option(PersonalSlot::FirstName, name)
        .with(PersonalSlot::UnsubscribeToken, "AQID_-x")
        .in_segments(segments);
    let (text, html) = templates();
    (text.render(&values), html.render(&values))
}

fn ours(slot: PersonalSlot, value: &str) -> bool {
    slot == PersonalSlot::FirstName || value == "AQID_-x"
}

#[test]
fn a_letter_knows_its_copies_whoever_they_were_for() {
    for name in [None, Some("Zoé"), Some("D'Artagnan & <fils>"), Some("la mif"), Some("Anne, Marie")] {
        for segments in [0, 1] {
            let (text, html) = copy(name, segments);
            let filled = letter().matches(&text, &html, &ours).unwrap();
            let found = filled.iter().find(|(slot, _)| *slot == PersonalSlot::FirstName);
            // Who is called as the fallback says might as well have no name.
            let name = name.filter(|name| *name != "la mif");
            assert_eq!(found.map(|(_, value)| value.as_str()), name);
            let filled = letter().matches(
                &text.replace('\n', "\r\n").replace("  \r\n", "\r\n"),
                &format!("{}\r\n\r\n", html.replace('\n', "   \r\n")),
                &ours,
            );
            assert!(filled.is_ok(), "{filled:?}");
        }
    }
}

#[test]
fn a_changed_word_a_changed_link_and_a_part_too_many_are_told_with_their_place() {
    let (text, html) = copy(Some("Zoé"), 1);
    let letter = letter();
    let told = |text: &str, html: &str| {
        let difference = letter.matches(text, html, &ours).unwrap_err();
        (difference.part, difference.line, difference.found)
    };
    let (part, line, found) = told(&text.replace("sans hâte", "sans hate"), &html);
    assert_eq!((part, line), (Some(Part::Text), 3));
    assert!(found.contains("sans hate"), "{found}");
    let (part, line, found) = told(&text, &html.replace("https://fil.example", "https://vil.example"));
    assert_eq!((part, line), (Some(Part::Html), 2));
    assert!(found.contains("vil.example"), "{found}");
    let (part, _, found) = told(&text, &html.replace("AQID_-x", "AQID_-y"));
    assert_eq!(part, Some(Part::Html));
    assert!(found.contains("AQID_-y"), "{found}");
    let (part, _, found) = told(&text, &format!("{html}<p>PS: pay here</p>"));
    assert_eq!(part, Some(Part::Html));
    assert!(found.contains("PS: pay here"), "{found}");
    let (part, ..) = told(&text.replace("Pour Paris.\n\n", ""), &html);
    assert_eq!(part, Some(Part::Html), "in one part a reader of the segment, in the other not");
    let (part, ..) = told(&text.replace("Bonjour Zoé", "Bonjour Zoë"), &html);
    assert_eq!(part, Some(Part::Html), "two names");
    let (part, ..) = told("", &html);
    assert_eq!(part, Some(Part::Text));
    let (part, ..) = told(&text, "");
    assert_eq!(part, Some(Part::Html));
}

#[test]
fn a_subject_is_read_as_its_template() {
    let subject = Template::new(
        vec![
            slot(PersonalSlot::FirstName, Escape::None, "", Some("Vous")),
            Piece::Run(", une bobine".to_owned()),
        ],
        Vec::new(),
    );
    let read = |copy: &str| subject.matches(copy, &|_, value| !value.contains("://"));
    assert_eq!(read("Zoé, une bobine").unwrap(), [(PersonalSlot::FirstName, "Zoé".to_owned())]);
    assert_eq!(read("Vous, une bobine").unwrap(), []);
    assert!(read("http://x.example, une bobine").is_err());
    assert!(read("Zoé, une babine").is_err());
}

#[test]
fn a_copy_made_to_be_slow_is_refused_in_bounded_work() {
    let (text, html) = copy(None, 0);
    let slow = "Bonjour ,".repeat(20_000);
    assert!(letter().matches(&slow, &html, &ours).is_err());
    assert!(letter().matches(&text, &slow, &ours).is_err());
}
