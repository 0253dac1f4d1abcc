//! The edition as text that a person can read: lines of about 72 letters, headings underlined, quotes with `>`,
//! links numbered and gathered at the end.

use document::{Block, Document};

use crate::builder::Builder;
use crate::setting::Setting;
use crate::sheet::{Medium, Sheet};
use crate::template::{Escape, PersonalSlot, Template};

mod asides;
mod cards;
mod flow;
mod lines;
mod words;

use words::Words;

/// Where lines end when they can (RFC 3676 4.2 advises 78 at most; quotes in answers need some room).
const MEASURE: usize = 72;

/// The edition as text.
pub fn text(document: &Document, setting: &Setting<'_>) -> Template {
    let sheet = Sheet::new(document, setting, Medium::Mail);
    let mut text = Text {
        out: Builder::default(),
        sheet: &sheet,
        prefixes: Vec::new(),
        bullet: None,
        fresh: true,
        tight: false,
        links: Vec::new(),
        segments: Vec::new(),
        heading: 0,
    };
    text.head();
    text.blocks(&sheet.body);
    text.notes();
    text.blocks(&sheet.footers);
    text.links();
    text.foot();
    text.out.finish()
}

/// An address at the end of the text.
struct Linked {
    address: String,
    /// The segments of its only readers, outermost first; empty when it is for all.
    segments: Vec<String>,
}

/// The text being written.
struct Text<'a> {
    out: Builder,
    sheet: &'a Sheet<'a>,
    /// What begins each line here: `> ` in a quote, spaces in a list.
    prefixes: Vec<&'static str>,
    /// What begins the next line in place of the innermost prefix.
    bullet: Option<String>,
    /// Nothing has been written yet where we stand: no empty line before the next block.
    fresh: bool,
    /// In a tight list, where no empty line stands.
    tight: bool,
    links: Vec<Linked>,
    segments: Vec<String>,
    heading: usize,
}

impl Text<'_> {
    fn blocks(&mut self, blocks: &[Block]) {
        blocks.iter().for_each(|block| self.block(block));
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Paragraph { content } => self.paragraph(content),
            Block::Heading { level, content } => self.heading(*level, content),
            Block::List(list) => self.list(list),
            Block::Blockquote { blocks } => self.quoted(blocks),
            Block::Code { text, .. } => self.code(text),
            Block::Table(table) => self.table(table),
            // Taken out by the sheet: notes stand at the end, comments nowhere.
            Block::Footnote { .. } | Block::Comment { .. } => {}
            Block::Divider => self.line("* * *"),
            Block::Toc(toc) => self.toc(toc),
            Block::Written(written) => self.written(written),
            Block::Greeting(greeting) => self.blocks(&greeting.blocks),
            Block::Episode(episode) => self.episode(episode),
            Block::Sponsor(sponsor) => self.sponsor(sponsor),
            Block::Forwarded(forwarded) => self.forwarded(forwarded),
            Block::Quote(quote) => self.quote(quote),
            Block::Question(question) => self.question(question),
            Block::Heart(heart) => self.heart(heart),
            Block::Share(share) => self.share(share),
            Block::Button(button) => self.button(button),
            Block::Image(image) => self.image(image),
            Block::Embed(embed) => self.embed(embed),
            Block::Columns(columns) => columns.columns.iter().for_each(|column| self.blocks(column)),
            Block::Callout(callout) => self.callout(callout),
            Block::Poll(poll) => self.poll(poll),
            Block::Booking(booking) => self.booking(booking),
            Block::Recommend(recommend) => self.recommend(recommend),
            Block::People(people) => self.people(people),
            Block::Only(only) => self.only(only),
            Block::Ps(ps) => self.ps(ps),
            Block::Footer(footer) => self.blocks(&footer.blocks),
        }
    }

    /// Publication, number and date, title, who signs, where to read it in colour.
    fn head(&mut self) {
        let sheet = self.sheet;
        let setting = sheet.setting;
        let number = setting
            .number
            .map(|number| sheet.t_with("letter-number", &[("number", number.to_string().as_str().into())]));
        let date = setting.date.map(|date| i18n::date_long(sheet.language, date));
        let facts = [Some(setting.publication_name.to_owned()), number, date];
        self.line(&facts.into_iter().flatten().collect::<Vec<_>>().join(" · "));
        let mut title = Words::default();
        title.text(&sheet.title());
        self.underlined(title, '=');
        let authors = sheet.authors();
        if !authors.is_empty() {
            self.line(&sheet.t_with("letter-by", &[("who", (&authors).into())]));
        }
        if let Some(page) = setting.edition_url {
            self.labelled(&sheet.t("letter-read-online"), page);
        }
    }

    /// The addresses, each once.
    fn links(&mut self) {
        if self.links.is_empty() {
            return;
        }
        let mut title = Words::default();
        title.text(&self.sheet.t("letter-links"));
        self.underlined(title, '-');
        self.gap();
        for (at, link) in std::mem::take(&mut self.links).into_iter().enumerate() {
            link.segments.iter().for_each(|segment| self.out.open_segment(segment));
            self.out.push(&format!("[{}] {}\n", at + 1, link.address));
            link.segments.iter().for_each(|_| self.out.close_segment());
        }
    }

    fn foot(&mut self) {
        let sheet = self.sheet;
        let setting = sheet.setting;
        self.line("--------");
        self.line(&sheet.t_with("letter-why", &[("publication", setting.publication_name.into())]));
        self.gap();
        self.own_page("letter-unsubscribe", "unsubscribe", PersonalSlot::UnsubscribeToken);
        self.own_page("letter-preferences", "preferences", PersonalSlot::PreferencesToken);
        if let Some(address) = setting.postal_address {
            self.line(&format!("{}\n{}", setting.publication_name, address.trim()));
        }
    }

    /// A line with the address of a page of the reader's own.
    fn own_page(&mut self, label: &str, page: &str, token: PersonalSlot) {
        let label = self.sheet.t(label);
        self.own_page_named(&label, page, token);
    }

    fn own_page_named(&mut self, label: &str, page: &str, token: PersonalSlot) {
        let base = self.sheet.setting.reader_base();
        let colon = self.colon();
        let start = self.line_start();
        let label: String =
            label.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
        self.out.push(&format!("{start}{label}{colon}{base}/{page}/"));
        self.out.slot_led(token, None, Escape::Url, "");
        self.out.push("\n");
    }
}
