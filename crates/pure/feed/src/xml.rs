//! Writing XML that is always well-formed.

use std::borrow::Cow;

use jiff::Timestamp;
use quick_xml::Writer;
use quick_xml::events::{BytesCData, BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// A document being written, two spaces a level.
pub(crate) struct Xml(Writer<Vec<u8>>);

impl Xml {
    pub(crate) fn new() -> Self {
        let mut xml = Xml(Writer::new_with_indent(Vec::new(), b' ', 2));
        xml.put(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)));
        xml
    }

    /// An element with elements inside.
    pub(crate) fn within(&mut self, name: &str, attributes: &[(&str, &str)], inside: impl FnOnce(&mut Self)) {
        self.put(Event::Start(start(name, attributes)));
        inside(self);
        self.put(Event::End(BytesEnd::new(name)));
    }

    /// An element with a text.
    pub(crate) fn text(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.put(Event::Start(start(name, attributes)));
        self.put(Event::Text(BytesText::new(&legal(text))));
        self.put(Event::End(BytesEnd::new(name)));
    }

    /// An element with markup in it, as characters. `]]>` is split over two sections.
    pub(crate) fn cdata(&mut self, name: &str, text: &str) {
        self.put(Event::Start(start(name, &[])));
        for section in BytesCData::escaped(&legal(text)) {
            self.put(Event::CData(section));
        }
        self.put(Event::End(BytesEnd::new(name)));
    }

    /// An element with nothing inside.
    pub(crate) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.put(Event::Empty(start(name, attributes)));
    }

    pub(crate) fn done(self) -> String {
        let mut text = String::from_utf8_lossy(&self.0.into_inner()).into_owned();
        text.push('\n');
        text
    }

    fn put(&mut self, event: Event<'_>) {
        // Writing into memory does not fail.
        let written = self.0.write_event(event);
        debug_assert!(written.is_ok());
    }
}

fn start<'a>(name: &'a str, attributes: &[(&str, &str)]) -> BytesStart<'a> {
    let mut start = BytesStart::new(name);
    for (key, value) in attributes {
        start.push_attribute((*key, legal(value).as_ref()));
    }
    start
}

/// A text without the characters that XML 1.0 section 2.2 forbids; there is no way to escape them.
pub(crate) fn legal(text: &str) -> Cow<'_, str> {
    let allowed = |letter: char| matches!(letter, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    if text.chars().all(allowed) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().filter(|letter| allowed(*letter)).collect())
    }
}

/// RFC 3339, whole seconds: `2026-11-23T07:30:00Z`.
pub(crate) fn rfc3339(moment: Timestamp) -> String {
    whole(moment).to_string()
}

/// As RSS wants it (RFC 822 with four digits of year): `Mon, 23 Nov 2026 07:30:00 GMT`.
pub(crate) fn rfc822(moment: Timestamp) -> String {
    use jiff::fmt::rfc2822::DateTimePrinter;
    // The printer refuses years beyond four digits; such a moment is written as RFC 3339 rather than not at all.
    DateTimePrinter::new().timestamp_to_rfc9110_string(&whole(moment)).unwrap_or_else(|_| rfc3339(moment))
}

fn whole(moment: Timestamp) -> Timestamp {
    Timestamp::from_second(moment.as_second()).unwrap_or(moment)
}
