//! Blocks back to names and attributes. The order is that of [`crate::BLOCKS`].

use crate::{forms::BLOCKS, model::*, write::escape};

/// Opens a block: `:::name{key="value"}`.
pub(crate) fn open(name: &str, colons: usize, values: &[(&'static str, Option<String>)]) -> String {
    let mut line = ":".repeat(colons);
    line.push_str(name);
    let form = BLOCKS.iter().find(|form| form.name == name);
    let ordered = form.into_iter().flat_map(|form| form.attributes).filter_map(|attribute| {
        let value = values.iter().find(|(name, _)| *name == attribute.name)?;
        Some((attribute.name, value.1.as_ref()?))
    });
    for (index, (name, value)) in ordered.enumerate() {
        line.push_str(if index == 0 { "{" } else { " " });
        line.push_str(name);
        line.push('=');
        escape::value(value, &mut line);
    }
    if line.ends_with('"') {
        line.push('}');
    }
    line.push('\n');
    line
}

/// The attributes of one of our blocks, those of its children left out.
pub(crate) fn of(block: &Block) -> Vec<(&'static str, Option<String>)> {
    let must = |value: &String| Some(value.clone());
    let number = |value: Option<u32>| value.map(|number| number.to_string());
    match block {
        Block::Toc(toc) => {
            vec![("title", toc.title.clone()), ("depth", number(toc.depth.map(u32::from)))]
        }
        Block::Written(written) => vec![("at", written.at.clone()), ("place", written.place.clone())],
        Block::Episode(episode) => vec![
            ("title", must(&episode.title)),
            ("href", episode.href.clone()),
            ("show", episode.show.clone()),
            ("season", number(episode.season)),
            ("number", number(episode.number)),
            ("audio", episode.audio.clone()),
            ("video", episode.video.clone()),
            ("image", episode.image.clone()),
            ("duration", episode.duration.clone()),
        ],
        Block::Sponsor(sponsor) => vec![
            ("name", must(&sponsor.name)),
            ("href", sponsor.href.clone()),
            ("logo", sponsor.logo.clone()),
            ("label", sponsor.label.clone()),
        ],
        Block::Forwarded(Forwarded { label, .. })
        | Block::Question(Question { label, .. })
        | Block::Heart(Heart { label })
        | Block::Share(Share { label }) => vec![("label", label.clone())],
        Block::Quote(quote) => vec![
            ("who", quote.who.clone()),
            ("place", quote.place.clone()),
            ("link", quote.link.clone()),
            ("portrait", quote.portrait.clone()),
        ],
        Block::Button(button) => vec![("href", must(&button.href))],
        Block::Image(image) => vec![
            ("src", must(&image.src)),
            ("alt", must(&image.alt)),
            ("width", number(image.width)),
            ("height", number(image.height)),
            ("href", image.href.clone()),
        ],
        Block::Embed(embed) => vec![
            ("href", must(&embed.href)),
            ("title", must(&embed.title)),
            ("site", embed.site.clone()),
            ("image", embed.image.clone()),
        ],
        Block::Callout(callout) => {
            let kind = match callout.kind {
                CalloutKind::Note => None,
                CalloutKind::Tip => Some("tip".to_owned()),
                CalloutKind::Warning => Some("warning".to_owned()),
            };
            vec![("kind", kind), ("title", callout.title.clone())]
        }
        Block::Poll(poll) => vec![("question", must(&poll.question))],
        Block::Booking(booking) => vec![
            ("href", must(&booking.href)),
            ("title", must(&booking.title)),
            ("price", booking.price.clone()),
            ("duration", booking.duration.clone()),
            ("label", booking.label.clone()),
        ],
        Block::Recommend(recommend) => vec![
            ("href", must(&recommend.href)),
            ("title", must(&recommend.title)),
            ("by", recommend.by.clone()),
            ("image", recommend.image.clone()),
        ],
        Block::People(people) => vec![("title", people.title.clone())],
        Block::Only(only) => match &only.to {
            Scope::Mail => vec![("in", Some("mail".to_owned()))],
            Scope::Web => vec![("in", Some("web".to_owned()))],
            Scope::Segment(segment) => vec![("segment", must(segment))],
        },
        _ => Vec::new(),
    }
}

/// The attributes of a person.
pub(crate) fn of_person(person: &Person) -> Vec<(&'static str, Option<String>)> {
    vec![
        ("name", Some(person.name.clone())),
        ("role", person.role.clone()),
        ("href", person.href.clone()),
        ("portrait", person.portrait.clone()),
    ]
}
