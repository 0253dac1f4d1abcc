//! Proofs: an edition as its readers will see it, as a document for a frame that is trusted with nothing.
//!
//! A proof holds the author's words and links only as `letter` lets them through. Even so it runs no script, has an
//! origin of its own and loads nothing but pictures; its policy stands in the document and, where it has an address,
//! in the headers as well.

use askama::Template;
use i18n::{date_long, t_with};
use letter::{Manner, READING_CSS, look_css, set_text};
use publications::Publication;
use web::{WebError, rendered};

use crate::rendering::Rendering;

/// What a proof may load: pictures. Styles stand in it.
const CONTENT: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src https: http: data:";
/// The same in the headers of a proof with an address.
pub(super) const POLICY: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src https: http: data:; \
     form-action 'none'; base-uri 'none'; frame-ancestors 'self'";
/// The policy of a page with proofs in it. A document in `srcdoc` lives under the policy of its page as well as under
/// its own, so that the page has to allow the styles and pictures of a mail; scripts stay ours alone.
pub(super) const PAGE_POLICY: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; \
     img-src 'self' https: http: data:; font-src 'self'; form-action 'self'; frame-ancestors 'none'; \
     base-uri 'none'; connect-src 'self'; frame-src 'self'";
/// Width of a phone in pixels.
const PHONE: u32 = 375;
/// How `letter` asks whether it is night.
const NIGHT: &str = "@media (prefers-color-scheme:dark)";
/// How the mail and the page ask for a phone.
const NARROW: [&str; 2] = ["@media (max-width:600px)", "@media (max-width: 36rem)"];

/// What an edition is seen as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Medium {
    Mail,
    Web,
    Text,
}

impl Medium {
    pub(super) const ALL: [Medium; 3] = [Medium::Mail, Medium::Web, Medium::Text];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Medium::Mail => "mail",
            Medium::Web => "web",
            Medium::Text => "text",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|medium| medium.as_str() == name)
    }
}

/// How it is lit and how wide it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Guise {
    pub dark: bool,
    /// Shown as on a phone in a frame that is wider than one.
    pub phone: bool,
}

#[derive(Template)]
#[template(path = "proof-web.html")]
struct WebProof<'a> {
    tag: String,
    policy: &'static str,
    scheme: &'static str,
    styles: String,
    publication: &'a str,
    title: String,
    facts: String,
    by: Option<String>,
    article: String,
}

#[derive(Template)]
#[template(path = "proof-text.html")]
struct TextProof {
    tag: String,
    policy: &'static str,
    scheme: &'static str,
    styles: String,
    text: String,
}

/// An edition as one document.
pub(super) fn proof(
    publication: &Publication,
    rendering: &Rendering,
    medium: Medium,
    guise: Guise,
) -> Result<String, WebError> {
    match medium {
        Medium::Mail => Ok(mail(&rendering.mail().render_for_nobody(), guise)),
        Medium::Web => web(publication, rendering, guise),
        Medium::Text => rendered(&TextProof {
            tag: rendering.tag(),
            policy: CONTENT,
            scheme: scheme(guise),
            styles: styles(publication, include_str!("../../assets/proof-text.css"), guise),
            text: rendering.text().render_for_nobody(),
        }),
    }
}

/// The mail as it is, its questions to the device answered by the guise. Only its head is touched: what the author
/// wrote stands below it.
fn mail(html: &str, guise: Guise) -> String {
    let (head, rest) = html.split_once("</head>").unwrap_or(("", html));
    let charset = "<meta charset=\"utf-8\">";
    // A link in a proof leads nowhere: it would take the proof away.
    let ours = format!(
        "{charset}\n<meta http-equiv=\"Content-Security-Policy\" content=\"{CONTENT}\">\n<base target=\"_blank\">"
    );
    let head = head
        .replacen(charset, &ours, 1)
        .replace("content=\"light dark\"", &format!("content=\"{}\"", scheme(guise)));
    format!("{}<style>{}</style>\n</head>{rest}", lit(&head, guise), narrow(guise))
}

fn web(publication: &Publication, rendering: &Rendering, guise: Guise) -> Result<String, WebError> {
    let language = rendering.language();
    let tag = rendering.tag();
    let manner = Manner::of(&tag);
    let number = rendering
        .number()
        .map(|number| t_with(language, "editions-number", &[("n", number.to_string().as_str().into())]));
    let facts: Vec<String> = number.into_iter().chain([date_long(language, rendering.date())]).collect();
    let authors = rendering.authors().join(", ");
    rendered(&WebProof {
        policy: CONTENT,
        scheme: scheme(guise),
        styles: styles(
            publication,
            &[include_str!("../../assets/proof-web.css"), READING_CSS].concat(),
            guise,
        ),
        publication: &publication.name,
        title: set_text(rendering.document().front.title.trim(), manner),
        facts: facts.join(" · "),
        by: (!authors.is_empty()).then(|| t_with(language, "editions-by", &[("who", (&authors).into())])),
        article: rendering.web().render_for_nobody(),
        tag,
    })
}

fn styles(publication: &Publication, css: &str, guise: Guise) -> String {
    format!("{}{}{}", lit(&look_css(&publication.look), guise), lit(css, guise), narrow(guise))
}

const fn scheme(guise: Guise) -> &'static str {
    if guise.dark { "dark" } else { "light" }
}

/// A style sheet whose questions about night and width are answered: yes or no, whatever the author's own device says.
fn lit(css: &str, guise: Guise) -> String {
    let night = if guise.dark { "@media all" } else { "@media not all" };
    let css = css
        .replace(NIGHT, night)
        .replace("color-scheme:light dark", &format!("color-scheme:{}", scheme(guise)));
    let narrow = NARROW.iter().filter(|_| guise.phone);
    narrow.fold(css, |css, question| css.replace(question, "@media all"))
}

/// The column of a phone within a wide frame.
fn narrow(guise: Guise) -> String {
    if guise.phone { format!("html{{max-width:{PHONE}px;margin:0 auto!important}}") } else { String::new() }
}
