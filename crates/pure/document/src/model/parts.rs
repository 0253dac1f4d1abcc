//! The blocks that only an edition has: what an author writes between `:::name` and `:::`.

use serde::{Deserialize, Serialize};

use super::{Block, Inline};

/// `:::toc`: made from the headings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Toc {
    /// Words above it; "In this edition" in the edition's language when absent.
    pub title: Option<String>,
    /// Deepest heading level listed, 2 to 4; 2 when absent.
    pub depth: Option<u8>,
}

/// `:::written`: when the text was written, and that things may have changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Overrides the front matter's `written_at`.
    pub at: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// The author's own words after the time.
    pub blocks: Vec<Block>,
}

/// `:::greeting`: one or more paragraphs, with a slot as a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Greeting {
    /// The words.
    pub blocks: Vec<Block>,
}

/// `:::episode`: a card to listen or to watch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Episode {
    /// Title of the episode.
    pub title: String,
    /// Page of the episode.
    pub href: Option<String>,
    /// Name of the show.
    pub show: Option<String>,
    /// Season number.
    pub season: Option<u32>,
    /// Number within the season.
    pub number: Option<u32>,
    /// Address of the sound.
    pub audio: Option<String>,
    /// Address of the film.
    pub video: Option<String>,
    /// Address of the cover.
    pub image: Option<String>,
    /// Length, `HH:MM:SS` or `MM:SS`.
    pub duration: Option<String>,
    /// What it is about.
    pub blocks: Vec<Block>,
}

/// `:::sponsor`: the sponsor's copy, labelled as such.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sponsor {
    /// The sponsor's name.
    pub name: String,
    /// Where it leads.
    pub href: Option<String>,
    /// Address of the logo.
    pub logo: Option<String>,
    /// The label; "Sponsored" in the edition's language when absent.
    pub label: Option<String>,
    /// The copy.
    pub blocks: Vec<Block>,
}

/// `:::forwarded`: "someone forwarded you this? Climb aboard".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forwarded {
    /// Text of the button; "Subscribe" in the edition's language when absent.
    pub label: Option<String>,
    /// The words before the button.
    pub blocks: Vec<Block>,
}

/// `:::quote`: someone's words, with who and where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Who said it.
    pub who: Option<String>,
    /// Where it was said: a book, a letter, a town.
    pub place: Option<String>,
    /// Address of the source. Written `link="…"`.
    pub link: Option<String>,
    /// Address of a portrait.
    pub portrait: Option<String>,
    /// The words.
    pub blocks: Vec<Block>,
}

/// `:::question`: asks the readers; they answer by mail or on the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Text of the button; "Answer" in the edition's language when absent.
    pub label: Option<String>,
    /// The question.
    pub blocks: Vec<Block>,
}

/// `:::heart`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heart {
    /// Words beside it.
    pub label: Option<String>,
}

/// `:::share`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Words beside it.
    pub label: Option<String>,
}

/// `:::button{href="…"}` with its text inside, one paragraph.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// Where it leads.
    pub href: String,
    /// Its text.
    pub content: Vec<Inline>,
}

/// `:::image{src="…" alt="…"}`, the caption inside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Its address.
    pub src: String,
    /// What it shows, in words; may be empty for a picture that says nothing (`alt=""`).
    pub alt: String,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// Where a tap leads.
    pub href: Option<String>,
    /// Caption, one paragraph.
    pub caption: Vec<Inline>,
}

/// `:::embed{href="…" title="…"}`: a film, a post, an article; a card, never a frame.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Embed {
    /// Where it lives.
    pub href: String,
    /// Its title.
    pub title: String,
    /// Name of the site.
    pub site: Option<String>,
    /// Address of a picture.
    pub image: Option<String>,
    /// What it is about.
    pub blocks: Vec<Block>,
}

/// `::::columns` around `:::column` fences.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Columns {
    /// Two or three.
    pub columns: Vec<Vec<Block>>,
}

/// `:::callout{kind="note"}`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Callout {
    /// What it is.
    pub kind: CalloutKind,
    /// Words above it.
    pub title: Option<String>,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// What a [`Callout`] is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalloutKind {
    /// By the way.
    #[default]
    Note,
    /// Good to know.
    Tip,
    /// Careful.
    Warning,
}

/// `:::poll{question="…"}` around a bullet list of choices.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poll {
    /// What is asked.
    pub question: String,
    /// Two to ten choices, plain text.
    pub choices: Vec<String>,
}

/// `:::booking{href="…" title="…"}`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// Where to book.
    pub href: String,
    /// Name of the service.
    pub title: String,
    /// Price as written.
    pub price: Option<String>,
    /// Length as written.
    pub duration: Option<String>,
    /// Text of the button; "Book" in the edition's language when absent.
    pub label: Option<String>,
    /// What it is about.
    pub blocks: Vec<Block>,
}

/// `:::recommend{href="…" title="…"}`: another letter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recommend {
    /// Where it lives.
    pub href: String,
    /// Its name.
    pub title: String,
    /// Who writes it.
    pub by: Option<String>,
    /// Address of its logo.
    pub image: Option<String>,
    /// Why.
    pub blocks: Vec<Block>,
}

/// `::::people` around `:::person` fences.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// Words above it.
    pub title: Option<String>,
    /// The people.
    pub people: Vec<Person>,
}

/// `:::person{name="…"}`, a line about them inside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Name.
    pub name: String,
    /// What they do.
    pub role: Option<String>,
    /// Their page.
    pub href: Option<String>,
    /// Address of a portrait.
    pub portrait: Option<String>,
    /// A line about them.
    pub content: Vec<Inline>,
}

/// `:::only{in="mail"}`, `:::only{in="web"}`, `:::only{segment="paris"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Only {
    /// For whom or where.
    pub to: Scope,
    /// What they see.
    pub blocks: Vec<Block>,
}

/// Who or what sees the blocks of an [`Only`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The mail, HTML and text.
    Mail,
    /// The page.
    Web,
    /// Readers of a saved segment, in the mail; nobody on the page.
    Segment(String),
}

/// `:::ps`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ps {
    /// What was forgotten above.
    pub blocks: Vec<Block>,
}

/// `:::footer`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Footer {
    /// The author's last words, above the legal lines.
    pub blocks: Vec<Block>,
}
