//! An edition laid out for one medium: type set, what is not for the medium taken out, headings named, notes
//! counted. The three renderers read from it and decide nothing of this again.

use std::collections::BTreeMap;

use document::{Block, Document, FrontMatter, Image, Inline, Only, Scope};
use i18n::{Language, Value, t, t_with};
use jiff::civil::DateTime;

use crate::address;
use crate::setting::Setting;
use crate::typography::{Manner, set_document, set_text};

mod names;
mod plain;
mod words;

pub(crate) use plain::{effective_level, plain};
pub(crate) use words::{AS_OF, callout_title, contents, kicker, split_at_moment, sponsor_label};

/// Where the edition goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Medium {
    /// The page.
    Web,
    /// The mail, HTML or text.
    Mail,
}

/// A heading in the order of reading.
#[derive(Clone, Debug)]
pub(crate) struct Heading {
    /// 2 to 6: the title is the only first-level heading.
    pub(crate) level: u8,
    /// Its place on the page, unique.
    pub(crate) id: String,
    /// Its text, without links and notes.
    pub(crate) content: Vec<Inline>,
    /// The segments it stands in, outermost first.
    pub(crate) segments: Vec<String>,
}

/// A footnote that is referred to.
#[derive(Clone, Debug)]
pub(crate) struct Note {
    label: String,
    /// Its text.
    pub(crate) blocks: Vec<Block>,
}

/// The edition, laid out.
#[derive(Debug)]
pub(crate) struct Sheet<'a> {
    pub(crate) setting: &'a Setting<'a>,
    pub(crate) medium: Medium,
    /// Language of our own words.
    pub(crate) language: Language,
    /// Value of the `lang` attribute.
    pub(crate) tag: String,
    pub(crate) manner: Manner,
    pub(crate) front: FrontMatter,
    pub(crate) body: Vec<Block>,
    /// The blocks of `:::footer`, which stand below the notes.
    pub(crate) footers: Vec<Block>,
    pub(crate) headings: Vec<Heading>,
    pub(crate) notes: Vec<Note>,
}

impl<'a> Sheet<'a> {
    pub(crate) fn new(document: &Document, setting: &'a Setting<'a>, medium: Medium) -> Self {
        let tag = setting.tag_of(document).to_owned();
        let set = set_document(document, &tag);
        let mut definitions = BTreeMap::new();
        let blocks = keep(set.blocks, medium, &mut definitions);
        let (footers, body): (Vec<_>, Vec<_>) =
            blocks.into_iter().partition(|it| matches!(it, Block::Footer(_)));
        let mut sheet = Sheet {
            setting,
            medium,
            language: setting.language_of(document),
            manner: Manner::of(&tag),
            tag,
            front: set.front,
            body,
            footers,
            headings: Vec::new(),
            notes: Vec::new(),
        };
        sheet.number_notes(definitions);
        sheet.headings = names::headings(sheet.body.iter().chain(&sheet.footers));
        sheet
    }

    /// A word of ours.
    pub(crate) fn t(&self, key: &str) -> String {
        t(self.language, key)
    }

    /// A word of ours with something in it.
    pub(crate) fn t_with(&self, key: &str, values: &[(&str, Value<'_>)]) -> String {
        t_with(self.language, key, values)
    }

    /// `rtl` where the writing system of the language runs from right to left.
    pub(crate) fn direction(&self) -> &'static str {
        const RIGHT_TO_LEFT: [&str; 8] = ["ar", "he", "fa", "ur", "yi", "ps", "dv", "ckb"];
        let primary = self.tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        if RIGHT_TO_LEFT.contains(&primary.as_str()) { "rtl" } else { "ltr" }
    }

    /// The number of a note, when it has a text.
    pub(crate) fn note(&self, label: &str) -> Option<usize> {
        self.notes.iter().position(|note| note.label == label).map(|at| at + 1)
    }

    /// An address when it may be a link, whole when the medium asks for it.
    pub(crate) fn link(&self, href: &str) -> Option<String> {
        address::link(href).map(|href| self.seen_from(href))
    }

    /// The address of an optional link.
    pub(crate) fn link_of(&self, href: Option<&str>) -> Option<String> {
        href.and_then(|href| self.link(href))
    }

    /// The address of a picture when it may be shown.
    pub(crate) fn picture(&self, src: Option<&str>) -> Option<String> {
        src.and_then(address::picture).map(|src| self.seen_from(src))
    }

    fn seen_from(&self, address: String) -> String {
        match self.medium {
            Medium::Web => address,
            Medium::Mail => address::absolute(&address, self.setting.publication_url),
        }
    }

    /// The title, or the publication's name.
    pub(crate) fn title(&self) -> String {
        let title = self.front.title.trim();
        let title = if title.is_empty() { self.setting.publication_name } else { title };
        title.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
    }

    /// Who signs.
    pub(crate) fn authors(&self) -> String {
        let own = &self.front.authors;
        let authors = if own.is_empty() { self.setting.authors } else { own };
        authors.iter().map(|name| set_text(name, self.manner)).collect::<Vec<_>>().join(", ")
    }

    /// The edition's page, or the site.
    pub(crate) fn page(&self) -> &str {
        self.setting.edition_url.unwrap_or(self.setting.publication_url)
    }

    /// `mailto:` to the author with a subject; none when nobody reads answers.
    pub(crate) fn answer(&self, subject: &str) -> Option<String> {
        let to = self.setting.reply_to.filter(|to| !to.is_empty())?;
        // RFC 6068 2: `?`, `&` and `%` of an address are encoded; `@` stands for itself.
        let to = crate::escape::url(to).replace("%40", "@");
        Some(format!("mailto:{to}?subject={}", crate::escape::url(subject)))
    }

    /// The moment of an as-of line: read, or as typed when it cannot be.
    pub(crate) fn moment(&self, at: Option<&str>) -> Option<Moment> {
        let typed = at.or(self.front.written_at.as_deref()).filter(|typed| !typed.trim().is_empty());
        match self.setting.moment(at, self.front.written_at.as_deref()) {
            Some(moment) => Some(Moment::Read(moment)),
            None => typed.map(|typed| Moment::Typed(typed.trim().to_owned())),
        }
    }

    fn number_notes(&mut self, mut definitions: BTreeMap<String, Vec<Block>>) {
        let mut waiting = Vec::new();
        self.body.iter().chain(&self.footers).for_each(|block| names::references(block, &mut waiting));
        waiting.reverse();
        while let Some(label) = waiting.pop() {
            // A note may refer to another; each stands once.
            if let Some(blocks) = definitions.remove(&label) {
                let mut more = Vec::new();
                blocks.iter().for_each(|block| names::references(block, &mut more));
                waiting.splice(0..0, more.into_iter().rev());
                self.notes.push(Note { label, blocks });
            }
        }
    }
}

/// When the text was true.
#[derive(Clone, Debug)]
pub(crate) enum Moment {
    Read(DateTime),
    Typed(String),
}

impl Moment {
    /// As the language writes it.
    pub(crate) fn written(&self, language: Language) -> String {
        match self {
            Moment::Read(moment) => i18n::date_time(language, *moment),
            Moment::Typed(typed) => typed.clone(),
        }
    }
}

/// Takes out what is not for a medium, the notes' texts and the author's notes to self, at any depth.
fn keep(blocks: Vec<Block>, medium: Medium, notes: &mut BTreeMap<String, Vec<Block>>) -> Vec<Block> {
    let mut kept = Vec::with_capacity(blocks.len());
    for mut block in blocks {
        match block {
            Block::Comment { .. } => continue,
            Block::Footnote { label, blocks } => {
                let blocks = keep(blocks, medium, notes);
                notes.entry(label).or_insert(blocks);
                continue;
            }
            Block::Only(Only { to: Scope::Mail, blocks }) => {
                if medium == Medium::Mail {
                    kept.extend(keep(blocks, medium, notes));
                }
                continue;
            }
            Block::Only(Only { to: Scope::Web, blocks }) => {
                if medium == Medium::Web {
                    kept.extend(keep(blocks, medium, notes));
                }
                continue;
            }
            // On the page nobody is known.
            Block::Only(Only { to: Scope::Segment(_), .. }) if medium == Medium::Web => continue,
            Block::Paragraph { content } => {
                kept.push(alone(content));
                continue;
            }
            _ => {}
        }
        for inside in names::children_mut(&mut block) {
            *inside = keep(std::mem::take(inside), medium, notes);
        }
        kept.push(block);
    }
    kept
}

/// A picture alone in its paragraph is a picture, not a letter of a line.
fn alone(content: Vec<Inline>) -> Block {
    let picture = |src: &str, alt: &str, title: &Option<String>, href: Option<String>| {
        let caption = title.iter().map(|text| Inline::Text { text: text.clone() }).collect();
        Block::Image(Image { src: src.into(), alt: alt.into(), caption, href, ..Image::default() })
    };
    match content.as_slice() {
        [Inline::Image { src, alt, title }] => picture(src, alt, title, None),
        [Inline::Link { href, content: inside, .. }] => match inside.as_slice() {
            [Inline::Image { src, alt, title }] => picture(src, alt, title, Some(href.clone())),
            _ => Block::Paragraph { content },
        },
        _ => Block::Paragraph { content },
    }
}
