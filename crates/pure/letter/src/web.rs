//! The article of an edition's page: semantic HTML with few classes, each named for what a thing is. No style
//! attribute, no script, no form: what acts is a link to a page.
//!
//! It begins below the title, which the page gives, and stands in `<div class="letter">`; [`crate::READING_CSS`]
//! styles what is inside.

use document::{Block, Document};

use crate::markup::{Dress, Markup};
use crate::setting::Setting;
use crate::sheet::{Medium, Sheet};
use crate::template::Template;

mod asides;
mod cards;
mod flow;
mod voices;

/// The edition for its page. Slots stay in it: a page is rendered with [`Template::render_for_nobody`]. The cover is
/// shown at the top; title, date and authors are the page's.
pub fn web(document: &Document, setting: &Setting<'_>) -> Template {
    let sheet = Sheet::new(document, setting, Medium::Web);
    let mut web = Web { markup: Markup::new(&sheet, Dress::default()), sheet: &sheet, in_notes: false };
    web.push("<div class=\"letter\"");
    web.markup.attribute("lang", &sheet.tag);
    web.markup.attribute("dir", sheet.direction());
    web.push(">\n");
    if let Some(cover) = sheet.picture(sheet.front.cover.as_deref()) {
        web.push("<p class=\"cover\"><img");
        web.markup.attribute("src", &cover);
        web.push(" alt=\"\"></p>\n");
    }
    web.blocks(&sheet.body);
    web.notes();
    web.blocks(&sheet.footers);
    web.push("</div>\n");
    web.markup.finish()
}

/// The page being written.
struct Web<'a> {
    markup: Markup<'a>,
    sheet: &'a Sheet<'a>,
    in_notes: bool,
}

impl Web<'_> {
    fn push(&mut self, html: &str) {
        self.markup.push(html);
    }

    fn words(&mut self, text: &str) {
        self.markup.words(text);
    }

    /// An element with words in it; nothing without words.
    fn element(&mut self, element: &str, class: &str, words: &str) {
        if !words.trim().is_empty() {
            self.push(&format!("<{element} class=\"{class}\">"));
            self.words(words);
            self.push(&format!("</{element}>\n"));
        }
    }

    /// A link with words in it, or the words.
    fn link(&mut self, address: Option<&str>, attributes: &str, words: &str) {
        match address {
            Some(address) => {
                self.markup.open_link(address);
                self.push(attributes);
                self.push(">");
                self.words(words);
                self.push("</a>");
            }
            None => self.words(words),
        }
    }

    /// A picture of known size, if any.
    fn picture(&mut self, src: &str, alt: &str, size: (Option<u32>, Option<u32>)) {
        self.push("<img");
        self.markup.attribute("src", src);
        self.markup.attribute("alt", alt);
        if let Some(width) = size.0 {
            self.push(&format!(" width=\"{width}\""));
        }
        if let Some(height) = size.1 {
            self.push(&format!(" height=\"{height}\""));
        }
        self.push(" loading=\"lazy\" decoding=\"async\">");
    }

    fn blocks(&mut self, blocks: &[Block]) {
        blocks.iter().for_each(|block| self.block(block));
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Paragraph { content } => self.paragraph(content),
            Block::Heading { level, content } => self.heading(*level, content),
            Block::List(list) => self.list(list),
            Block::Blockquote { blocks } => self.wrapped("blockquote", blocks),
            Block::Code { language, text } => self.code(language.as_deref(), text),
            Block::Table(table) => self.table(table),
            // Taken out by the sheet: notes stand at the end, comments nowhere, a segment not on the page.
            Block::Footnote { .. } | Block::Comment { .. } | Block::Only(_) => {}
            Block::Divider => self.push("<hr>\n"),
            Block::Toc(toc) => self.toc(toc),
            Block::Written(written) => self.written(written),
            Block::Greeting(greeting) => self.classed("div", "greeting", &greeting.blocks),
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
            Block::Columns(columns) => self.columns(columns),
            Block::Callout(callout) => self.callout(callout),
            Block::Poll(poll) => self.poll(poll),
            Block::Booking(booking) => self.booking(booking),
            Block::Recommend(recommend) => self.recommend(recommend),
            Block::People(people) => self.people(people),
            Block::Ps(ps) => self.ps(ps),
            Block::Footer(footer) => self.classed("footer", "last-words", &footer.blocks),
        }
    }

    fn wrapped(&mut self, element: &str, blocks: &[Block]) {
        self.push(&format!("<{element}>\n"));
        self.blocks(blocks);
        self.push(&format!("</{element}>\n"));
    }

    fn classed(&mut self, element: &str, class: &str, blocks: &[Block]) {
        self.push(&format!("<{element} class=\"{class}\">\n"));
        self.blocks(blocks);
        self.push(&format!("</{element}>\n"));
    }
}
