//! The mail as a whole HTML document: tables that hold in Outlook, styles on the elements, a sheet of 600 pixels.
//!
//! - Layout is tables with `role="presentation"`; Outlook for Windows, which knows no `max-width`, gets a fixed one
//!   in a conditional comment.
//! - `<style>` holds only the night (a media query, and Outlook's `data-ogsc`) and one breakpoint for phones: a
//!   reader without it sees the day, and columns that stack by themselves.
//! - Addresses are whole, pictures have a width and words, nothing is loaded but pictures.
//! - A reader shows up in slots only: in the author's and in the links of the foot.

use document::{Block, Document};

use crate::look::{Palette, ReadingFont};
use crate::markup::{Dress, Markup};
use crate::setting::Setting;
use crate::sheet::{Medium, Sheet};
use crate::template::Template;

mod asides;
mod cards;
mod flow;
mod frame;
mod layout;
mod voices;

/// Width of the text in pixels: the sheet of 600 without its margins.
const MEASURE: u32 = 552;
/// Between columns, and between a picture and its text.
const GAP: u32 = 24;
/// Labels and small print. Helvetica first: Windows reads it as Arial, while it would set an unknown first name in Times.
const SANS: &str = "Helvetica,Arial,sans-serif";
/// The text. Short, since it stands on each cell: every byte counts towards what Gmail cuts.
const SERIF: &str = "Georgia,serif";

/// The edition as a mail.
pub fn mail(document: &Document, setting: &Setting<'_>) -> Template {
    let sheet = Sheet::new(document, setting, Medium::Mail);
    let colours = setting.look.light();
    let mut mail = Mail {
        markup: Markup::new(&sheet, dress(&colours)),
        sheet: &sheet,
        colours,
        reading: match setting.look.reading_font {
            ReadingFont::Serif => SERIF,
            ReadingFont::Sans => SANS,
        },
        width: MEASURE,
        in_notes: false,
        opened: false,
        leading: false,
        ruled: false,
        below_rule: false,
    };
    mail.open_document();
    mail.head();
    mail.blocks(&sheet.body);
    mail.notes();
    mail.foot();
    mail.close_document();
    mail.markup.finish()
}

fn dress(colours: &Palette) -> Dress {
    let Palette { accent_text, tint, .. } = colours;
    Dress {
        link: format!(" class=\"accent\" style=\"color:{accent_text};text-decoration:underline\""),
        code: format!(
            " class=\"tint\" style=\"background-color:{tint};font-family:Menlo,Consolas,monospace;font-size:85%\""
        ),
        mark: format!(" class=\"tint\" style=\"background-color:{tint};color:inherit\""),
        small: " style=\"font-size:14px;line-height:20px\"".into(),
        picture: " style=\"max-width:100%;height:auto;border:0;vertical-align:middle\"".into(),
        reference: " style=\"font-size:12px;line-height:1\"".into(),
    }
}

/// The mail being written.
struct Mail<'a> {
    markup: Markup<'a>,
    sheet: &'a Sheet<'a>,
    colours: Palette,
    /// `font-family` of the text.
    reading: &'static str,
    /// Pixels there are for a picture where we stand.
    width: u32,
    in_notes: bool,
    /// A box was just opened.
    opened: bool,
    /// The block being written is the first in its box: a heading has no room above it there.
    leading: bool,
    /// A box between hairlines was just closed.
    ruled: bool,
    /// The block being written stands below such a box.
    below_rule: bool,
}

impl Mail<'_> {
    fn push(&mut self, html: &str) {
        self.markup.push(html);
    }

    fn words(&mut self, text: &str) {
        self.markup.words(text);
    }

    fn blocks(&mut self, blocks: &[Block]) {
        blocks.iter().for_each(|block| self.block(block));
    }

    fn block(&mut self, block: &Block) {
        self.leading = std::mem::take(&mut self.opened);
        self.below_rule = std::mem::take(&mut self.ruled);
        match block {
            Block::Paragraph { content } => self.paragraph(content),
            Block::Heading { level, content } => self.heading(*level, content),
            Block::List(list) => self.list(list),
            Block::Blockquote { blocks } => self.blockquote(blocks),
            Block::Code { text, .. } => self.code(text),
            Block::Table(table) => self.table(table),
            // Taken out by the sheet: notes stand at the end, comments nowhere.
            Block::Footnote { .. } | Block::Comment { .. } => {}
            Block::Divider => self.divider(),
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
            Block::Button(button) => self.button_block(button),
            Block::Image(image) => self.image(image),
            Block::Embed(embed) => self.embed(embed),
            Block::Columns(columns) => self.columns(columns),
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
}
