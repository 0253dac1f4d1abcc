//! BIMI: the logo of a sender (draft-brand-indicators-for-message-identification, and SVG Tiny Portable/Secure).

use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use crate::normal;
use crate::tags::{self, TagError};

/// The largest drawing that mailbox providers take.
pub const SVG_MAX: usize = 32 * 1024;
/// The longest title.
const TITLE_MAX: usize = 64;

/// The record at `SELECTOR._bimi.DOMAIN`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The address of the drawing; none where the domain wants no logo to be shown.
    pub logo: Option<String>,
    /// The address of the certificate for it (VMC or CMC).
    pub evidence: Option<String>,
}

/// Why a record cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BimiError {
    /// Another text.
    #[error("a BIMI record begins with v=BIMI1")]
    Version,
    /// Not a list of tags.
    #[error("the BIMI record cannot be read")]
    Tags(#[from] TagError),
    /// No `l=`.
    #[error("the BIMI record does not say where the logo is (tag l)")]
    NoLogo,
    /// An address that does not begin with `https://`.
    #[error("{0:?} is not an https address")]
    Address(String),
}

/// Where the record stands; the usual selector is `default`.
pub fn record_name(selector: &str, domain: &str) -> String {
    format!("{selector}._bimi.{}", normal(domain))
}

/// Whether a text claims to be a BIMI record.
pub fn is_record(text: &str) -> bool {
    tags::has_version(text, "BIMI1")
}

/// Reads a record.
pub fn parse(text: &str) -> Result<Record, BimiError> {
    if !is_record(text) {
        return Err(BimiError::Version);
    }
    let tags = tags::read(text)?;
    let address = |name| match tags::value(&tags, name) {
        None | Some("") => Ok(None),
        Some(address) if address.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://")) => {
            Ok(Some(address.to_owned()))
        }
        Some(other) => Err(BimiError::Address(tags::shortened(other))),
    };
    let record = Record { logo: address("l")?, evidence: address("a")? };
    if tags::value(&tags, "l").is_none() {
        return Err(BimiError::NoLogo);
    }
    Ok(record)
}

/// What keeps a drawing from being shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SvgProblem {
    /// Over [`SVG_MAX`].
    #[error("the drawing has {0} octets, {SVG_MAX} are allowed")]
    TooLarge(usize),
    /// Not XML in UTF-8.
    #[error("the drawing is not well-formed XML")]
    NotXml,
    /// The root is another element.
    #[error("the drawing does not begin with an svg element")]
    NotSvg,
    /// `version` is not 1.2.
    #[error("the svg element has no version=\"1.2\"")]
    Version,
    /// `baseProfile` is not tiny-ps.
    #[error("the svg element has no baseProfile=\"tiny-ps\"")]
    Profile,
    /// No `viewBox`.
    #[error("the svg element has no viewBox")]
    NoViewBox,
    /// Not a square.
    #[error("the viewBox is not a square")]
    NotSquare,
    /// `x` or `y` on the root.
    #[error("the svg element may have neither x nor y")]
    Offset,
    /// No title, or an empty one.
    #[error("the drawing has no title")]
    NoTitle,
    /// Over 64 characters.
    #[error("the title is longer than {TITLE_MAX} characters")]
    LongTitle,
    /// An element that the profile does not know: script, image, animation, link.
    #[error("the element {0} is not allowed")]
    Element(String),
    /// An attribute that runs a script.
    #[error("the attribute {0} is not allowed")]
    Attribute(String),
    /// Something that would be fetched.
    #[error("the drawing refers to something outside: {0}")]
    Outside(String),
    /// A document type or entities of its own.
    #[error("the drawing may have no document type")]
    DocType,
}

/// What the profile leaves out of SVG Tiny 1.2, and of SVG.
const FORBIDDEN: &[&str] = &[
    "a",
    "animate",
    "animatecolor",
    "animatemotion",
    "animatetransform",
    "animation",
    "audio",
    "discard",
    "filter",
    "foreignobject",
    "handler",
    "iframe",
    "image",
    "listener",
    "mpath",
    "prefetch",
    "script",
    "set",
    "style",
    "video",
];

/// Checks a drawing against SVG Tiny Portable/Secure. An empty list is what is wanted.
pub fn check_svg(drawing: &[u8]) -> Vec<SvgProblem> {
    let mut found = Vec::new();
    if drawing.len() > SVG_MAX {
        // What nobody would read need not be read here either.
        return vec![SvgProblem::TooLarge(drawing.len())];
    }
    let Ok(text) = std::str::from_utf8(drawing) else { return vec![SvgProblem::NotXml] };
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let (mut depth, mut rooted) = (0usize, false);
    let (mut title, mut in_title) = (None::<String>, false);
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(_) => return vec![SvgProblem::NotXml],
        };
        let closes = matches!(event, Event::Empty(_));
        match event {
            Event::Eof => break,
            Event::DocType(_) => add(&mut found, SvgProblem::DocType),
            Event::Start(element) | Event::Empty(element) => {
                let name = element.local_name().as_ref().to_ascii_lowercase();
                if depth == 0 {
                    if rooted {
                        return vec![SvgProblem::NotXml];
                    }
                    rooted = true;
                    if name != "svg" {
                        return vec![SvgProblem::NotSvg];
                    }
                    root(&element, &mut found);
                } else if depth == 1 && name == "title" && title.is_none() {
                    title = Some(String::new());
                    in_title = !closes;
                } else if FORBIDDEN.contains(&name.as_str()) {
                    add(&mut found, SvgProblem::Element(name));
                }
                if !attributes(&element, &mut found) {
                    return vec![SvgProblem::NotXml];
                }
                depth += usize::from(!closes);
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                in_title = in_title && depth > 1;
            }
            Event::Text(text) if in_title => {
                if let Some(title) = &mut title {
                    title.push_str(&text);
                }
            }
            Event::CData(text) if in_title => {
                if let Some(title) = &mut title {
                    title.push_str(&text);
                }
            }
            _ => {}
        }
    }
    if depth > 0 {
        return vec![SvgProblem::NotXml];
    }
    if !rooted {
        return vec![SvgProblem::NotSvg];
    }
    match title.as_deref().map(str::trim) {
        None | Some("") => add(&mut found, SvgProblem::NoTitle),
        Some(title) if title.chars().count() > TITLE_MAX => add(&mut found, SvgProblem::LongTitle),
        Some(_) => {}
    }
    found
}

fn add(found: &mut Vec<SvgProblem>, problem: SvgProblem) {
    if !found.contains(&problem) {
        found.push(problem);
    }
}

/// The value of an attribute of the root, by its exact name.
fn of(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = element.try_get_attribute(name).ok().flatten()?;
    Some(unescape(&attribute.value).ok()?.trim().to_owned())
}

fn root(element: &BytesStart<'_>, found: &mut Vec<SvgProblem>) {
    if of(element, "version").as_deref() != Some("1.2") {
        add(found, SvgProblem::Version);
    }
    if of(element, "baseProfile").as_deref() != Some("tiny-ps") {
        add(found, SvgProblem::Profile);
    }
    if of(element, "x").is_some() || of(element, "y").is_some() {
        add(found, SvgProblem::Offset);
    }
    let Some(view_box) = of(element, "viewBox") else { return add(found, SvgProblem::NoViewBox) };
    let numbers: Option<Vec<f64>> = view_box
        .split([' ', ',', '\t', '\n', '\r'])
        .filter(|word| !word.is_empty())
        .map(|word| word.parse().ok())
        .collect();
    match numbers.as_deref() {
        Some([_, _, width, height]) if width == height && *width > 0.0 && width.is_finite() => {}
        _ => add(found, SvgProblem::NotSquare),
    }
}

/// False where the attributes cannot be read.
fn attributes(element: &BytesStart<'_>, found: &mut Vec<SvgProblem>) -> bool {
    for attribute in element.attributes() {
        let Ok(attribute) = attribute else { return false };
        let name = attribute.key.as_ref().to_ascii_lowercase();
        let Ok(value) = unescape(&attribute.value) else { return false };
        let local = name.rsplit(':').next().unwrap_or_default();
        if name.starts_with("on") {
            add(found, SvgProblem::Attribute(name.clone()));
        }
        if matches!(local, "href" | "src") && !value.trim_start().starts_with('#') {
            add(found, SvgProblem::Outside(tags::shortened(&value)));
        }
        // url(#gradient) is within; url(https://…) is not.
        let lower = value.to_ascii_lowercase();
        let outside = lower
            .match_indices("url(")
            .any(|(at, _)| !lower[at + 4..].trim_start_matches([' ', '\'', '"']).starts_with('#'));
        if outside {
            add(found, SvgProblem::Outside(tags::shortened(&value)));
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOGO: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" \
        version=\"1.2\" baseProfile=\"tiny-ps\" viewBox=\"0 0 64 64\">\n<title>Soucoupe</title>\n<defs>\
        <linearGradient id=\"g\"/></defs><path fill=\"url(#g)\" d=\"M0 0h64v64z\"/></svg>\n";

    #[test]
    fn records_are_read() {
        let record = parse("v=BIMI1; l=https://x.example/logo.svg; a=https://x.example/vmc.pem;").unwrap();
        assert_eq!(record.logo.as_deref(), Some("https://x.example/logo.svg"));
        assert_eq!(record.evidence.as_deref(), Some("https://x.example/vmc.pem"));
        assert_eq!(parse("v=BIMI1; l=; a=;"), Ok(Record { logo: None, evidence: None }));
        assert_eq!(parse("v=BIMI1"), Err(BimiError::NoLogo));
        assert_eq!(parse("v=BIMI1; l=http://x"), Err(BimiError::Address("http://x".into())));
        assert_eq!(parse("v=BIMI2; l="), Err(BimiError::Version));
    }

    #[test]
    fn a_drawing_of_the_profile_has_no_problem() {
        assert_eq!(check_svg(LOGO.as_bytes()), []);
        let titled = LOGO.replace("Soucoupe", "<![CDATA[Soucoupe]]>");
        assert_eq!(check_svg(titled.as_bytes()), []);
    }

    #[test]
    fn each_problem_of_a_drawing_is_named() {
        let check = |from: &str, to: &str, problem: SvgProblem| {
            assert!(LOGO.contains(from), "{from}");
            assert_eq!(check_svg(LOGO.replacen(from, to, 1).as_bytes()), [problem], "{to}");
        };
        check("version=\"1.2\"", "version=\"1.1\"", SvgProblem::Version);
        check(" baseProfile=\"tiny-ps\"", "", SvgProblem::Profile);
        check("0 0 64 64", "0 0 64 32", SvgProblem::NotSquare);
        check("0 0 64 64", "0 0 64", SvgProblem::NotSquare);
        check(" viewBox=\"0 0 64 64\"", "", SvgProblem::NoViewBox);
        check("viewBox", "x=\"1\" viewBox", SvgProblem::Offset);
        check("<title>Soucoupe</title>", "", SvgProblem::NoTitle);
        check("Soucoupe", " ", SvgProblem::NoTitle);
        check("Soucoupe", &"long ".repeat(20), SvgProblem::LongTitle);
        check("<defs>", "<script>alert(1)</script><defs>", SvgProblem::Element("script".into()));
        check("<defs>", "<image/><defs>", SvgProblem::Element("image".into()));
        check("<path ", "<path onload=\"x()\" ", SvgProblem::Attribute("onload".into()));
        check("#g", "https://x.example/#g", SvgProblem::Outside("url(https://x.example/#g)".into()));
        check("<defs>", "<use xlink:href=\"https://x\"/><defs>", SvgProblem::Outside("https://x".into()));
        check("<svg ", "<!DOCTYPE svg []><svg ", SvgProblem::DocType);
        check("</svg>", "", SvgProblem::NotXml);
        check("</defs>", "", SvgProblem::NotXml);
        assert_eq!(check_svg(b"<html></html>"), [SvgProblem::NotSvg]);
        assert_eq!(check_svg(b""), [SvgProblem::NotSvg]);
        assert_eq!(check_svg(&[0xff]), [SvgProblem::NotXml]);
        assert_eq!(check_svg(&vec![b' '; SVG_MAX + 1]), [SvgProblem::TooLarge(SVG_MAX + 1)]);
    }
}
