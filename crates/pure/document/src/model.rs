//! The typed tree of an edition. This tree is the truth; Markdown is its lossless text form.

use serde::{Deserialize, Serialize};

/// The number written into every stored tree; a reader of an older number upgrades it first.
pub const FORMAT: u32 = 1;

/// An edition as written: what stands above the text, and the text as blocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// [`FORMAT`] at the time of writing.
    pub format: u32,
    /// What the author says about the edition.
    pub front: FrontMatter,
    /// The text, top to bottom.
    pub blocks: Vec<Block>,
}

/// The fields between the two `---` lines at the top of an edition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrontMatter {
    /// Title on the page and, without a `subject`, in the inbox.
    pub title: String,
    /// Subject line of the mail; may hold slots such as `{first_name|friend}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The line that inboxes show after the subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preheader: Option<String>,
    /// Address of the edition on the site; made from the title when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    /// Who signs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// When the text was true: `2026-11-23T08:30`, with an offset or in the publication's time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_at: Option<String>,
    /// BCP 47 tag; the publication's language when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Subjects, for the archive.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Address of the picture shown above the text and in link previews.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<String>,
}

/// One piece of an edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Block {
    /// A paragraph.
    Paragraph {
        /// Its text.
        content: Vec<Inline>,
    },
    /// A heading; `level` is 1 to 6.
    Heading {
        /// 1 to 6.
        level: u8,
        /// Its text.
        content: Vec<Inline>,
    },
    /// A list.
    List(List),
    /// A plain Markdown quotation, without a named source. See [`Quote`] for one with.
    Blockquote {
        /// What is quoted.
        blocks: Vec<Block>,
    },
    /// A code block.
    Code {
        /// The word after the fence.
        language: Option<String>,
        /// The code, without its last line end.
        text: String,
    },
    /// A table.
    Table(Table),
    /// The text of a footnote.
    Footnote {
        /// Its mark.
        label: String,
        /// Its text.
        blocks: Vec<Block>,
    },
    /// A note to oneself (`<!-- … -->`): kept, never rendered.
    Comment {
        /// What stands between the marks.
        text: String,
    },
    /// `:::divider`, or `---` in Markdown.
    Divider,
    /// Table of contents.
    Toc(Toc),
    /// The as-of line.
    Written(Written),
    /// The opening words.
    Greeting(Greeting),
    /// A podcast episode.
    Episode(Episode),
    /// A sponsor place.
    Sponsor(Sponsor),
    /// What a reader of a forwarded copy sees.
    Forwarded(Forwarded),
    /// A quotation with its source.
    Quote(Quote),
    /// A question to the readers.
    Question(Question),
    /// The heart.
    Heart(Heart),
    /// Share this edition.
    Share(Share),
    /// A button.
    Button(Button),
    /// A picture.
    Image(Image),
    /// A card for something that lives elsewhere.
    Embed(Embed),
    /// Columns side by side; one under the other on a phone.
    Columns(Columns),
    /// An aside that stands out.
    Callout(Callout),
    /// A vote.
    Poll(Poll),
    /// A coaching or a call to book.
    Booking(Booking),
    /// Another letter worth reading.
    Recommend(Recommend),
    /// People and their links.
    People(People),
    /// Blocks for some readers or some renderings only.
    Only(Only),
    /// A postscript.
    Ps(Ps),
    /// The author's own words at the very end.
    Footer(Footer),
}

/// A bullet, numbered or task list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// First number of a numbered list.
    pub start: Option<u64>,
    /// Items without paragraphs' spacing.
    pub tight: bool,
    /// The items.
    pub items: Vec<Item>,
}

/// An item of a [`List`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The box of a task, ticked or not.
    pub checked: Option<bool>,
    /// What it says. In a tight list the text stands in [`Block::Paragraph`] all the same.
    pub blocks: Vec<Block>,
}

/// A table with one heading row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// One a column.
    pub alignments: Vec<Alignment>,
    /// One cell a column.
    pub head: Vec<Vec<Inline>>,
    /// Rows of one cell a column.
    pub rows: Vec<Vec<Vec<Inline>>>,
}

/// How a column of a table is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alignment {
    /// As the language goes.
    None,
    /// `:--`
    Left,
    /// `:-:`
    Center,
    /// `--:`
    Right,
}

/// A run of text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Inline {
    /// Letters as typed; typography comes when rendering.
    Text {
        /// The letters.
        text: String,
    },
    /// A line end that is only a space.
    SoftBreak,
    /// A line end that is one.
    HardBreak,
    /// `*…*`
    Emphasis {
        /// The stressed text.
        content: Vec<Inline>,
    },
    /// `**…**`
    Strong {
        /// The strong text.
        content: Vec<Inline>,
    },
    /// `~~…~~`
    Strikethrough {
        /// The struck text.
        content: Vec<Inline>,
    },
    /// `` `…` ``
    Code {
        /// The code.
        text: String,
    },
    /// A link.
    Link {
        /// Where it leads.
        href: String,
        /// Shown on hover.
        title: Option<String>,
        /// Its text.
        content: Vec<Inline>,
    },
    /// A small picture in the text. See [`Block::Image`] for one that stands alone.
    Image {
        /// Its address.
        src: String,
        /// What it shows, in words.
        alt: String,
        /// Shown on hover.
        title: Option<String>,
    },
    /// `[^label]`
    FootnoteReference {
        /// The footnote's mark.
        label: String,
    },
    /// `{first_name|la mif}`: what differs from reader to reader.
    Slot {
        /// Which.
        slot: Slot,
        /// Written where the reader has no such value.
        fallback: Option<String>,
    },
    /// `:name[text]{…}`
    Span {
        /// Which.
        span: Span,
        /// Its text.
        content: Vec<Inline>,
    },
}

/// What an author may ask to be filled in per reader. A fixed list: there is no template language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// The reader's given name.
    FirstName,
    /// The reader's family name.
    LastName,
    /// Given and family name.
    Name,
    /// The reader's address.
    Email,
}

impl Slot {
    /// Every slot, in the order of the docs.
    pub const ALL: [Slot; 4] = [Slot::FirstName, Slot::LastName, Slot::Name, Slot::Email];

    /// The name written between braces.
    pub const fn name(self) -> &'static str {
        match self {
            Slot::FirstName => "first_name",
            Slot::LastName => "last_name",
            Slot::Name => "name",
            Slot::Email => "email",
        }
    }
}

/// A named run of text: `:mark[…]`, `:small[…]`, `:abbr[…]{title="…"}`, `:lang[…]{code="en"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum Span {
    /// Highlighted.
    Mark,
    /// Small print.
    Small,
    /// An abbreviation.
    Abbr {
        /// What it stands for.
        title: String,
    },
    /// Words in another language, so that a screen reader says them right.
    Lang {
        /// BCP 47 tag.
        code: String,
    },
}

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
