//! Everything in an edition that is read as text.

use document::{Block, Document, Inline};

use super::{Manner, set_inlines, set_text};

/// The edition with its type set.
pub(crate) fn set_document(document: &Document, tag: &str) -> Document {
    let manner = Manner::of(tag);
    let mut document = document.clone();
    one(&mut document.front.title, manner);
    each(document.front.authors.iter_mut(), manner);
    blocks(&mut document.blocks, manner);
    document
}

fn one(text: &mut String, manner: Manner) {
    *text = set_text(text, manner);
}

fn each<'a>(texts: impl IntoIterator<Item = &'a mut String>, manner: Manner) {
    texts.into_iter().for_each(|text| one(text, manner));
}

fn blocks(list: &mut [Block], manner: Manner) {
    list.iter_mut().for_each(|it| block(it, manner));
}

fn lines(content: &mut [Inline], manner: Manner) {
    set_inlines(content, manner);
}

fn block(block: &mut Block, manner: Manner) {
    match block {
        Block::Paragraph { content } | Block::Heading { content, .. } => lines(content, manner),
        Block::List(list) => list.items.iter_mut().for_each(|item| blocks(&mut item.blocks, manner)),
        Block::Blockquote { blocks: inside } | Block::Footnote { blocks: inside, .. } => {
            blocks(inside, manner)
        }
        Block::Table(table) => {
            let cells = table.head.iter_mut().chain(table.rows.iter_mut().flatten());
            cells.for_each(|cell| lines(cell, manner));
        }
        Block::Code { .. } | Block::Comment { .. } | Block::Divider => {}
        Block::Toc(toc) => each(&mut toc.title, manner),
        Block::Written(written) => {
            each(&mut written.place, manner);
            blocks(&mut written.blocks, manner);
        }
        Block::Greeting(greeting) => blocks(&mut greeting.blocks, manner),
        Block::Episode(episode) => {
            each([&mut episode.title].into_iter().chain(&mut episode.show), manner);
            blocks(&mut episode.blocks, manner);
        }
        Block::Sponsor(sponsor) => {
            each([&mut sponsor.name].into_iter().chain(&mut sponsor.label), manner);
            blocks(&mut sponsor.blocks, manner);
        }
        Block::Forwarded(forwarded) => {
            each(&mut forwarded.label, manner);
            blocks(&mut forwarded.blocks, manner);
        }
        Block::Quote(quote) => {
            each(quote.who.iter_mut().chain(&mut quote.place), manner);
            blocks(&mut quote.blocks, manner);
        }
        Block::Question(question) => {
            each(&mut question.label, manner);
            blocks(&mut question.blocks, manner);
        }
        Block::Heart(heart) => each(&mut heart.label, manner),
        Block::Share(share) => each(&mut share.label, manner),
        Block::Button(button) => lines(&mut button.content, manner),
        Block::Image(image) => {
            one(&mut image.alt, manner);
            lines(&mut image.caption, manner);
        }
        Block::Embed(embed) => {
            each([&mut embed.title].into_iter().chain(&mut embed.site), manner);
            blocks(&mut embed.blocks, manner);
        }
        Block::Columns(columns) => columns.columns.iter_mut().for_each(|column| blocks(column, manner)),
        Block::Callout(callout) => {
            each(&mut callout.title, manner);
            blocks(&mut callout.blocks, manner);
        }
        Block::Poll(poll) => each([&mut poll.question].into_iter().chain(&mut poll.choices), manner),
        Block::Booking(booking) => {
            let labels = booking.price.iter_mut().chain(&mut booking.duration).chain(&mut booking.label);
            each([&mut booking.title].into_iter().chain(labels), manner);
            blocks(&mut booking.blocks, manner);
        }
        Block::Recommend(recommend) => {
            each([&mut recommend.title].into_iter().chain(&mut recommend.by), manner);
            blocks(&mut recommend.blocks, manner);
        }
        Block::People(people) => {
            each(&mut people.title, manner);
            for person in &mut people.people {
                each([&mut person.name].into_iter().chain(&mut person.role), manner);
                lines(&mut person.content, manner);
            }
        }
        Block::Only(only) => blocks(&mut only.blocks, manner),
        Block::Ps(ps) => blocks(&mut ps.blocks, manner),
        Block::Footer(footer) => blocks(&mut footer.blocks, manner),
    }
}
