//! temporary
#[path = "../tests/blocks/mod.rs"]
mod blocks;
use letter::*;
fn main() {
    let mut look = Look::default();
    if let Some(accent) = std::env::args().nth(1) {
        look.accent = accent.parse().unwrap();
    }
    let all: Vec<_> = blocks::all();
    let by = |name: &str| all.iter().find(|(n, _)| *n == name).unwrap().1.clone();
    let mut order = vec![];
    for n in [
        "heart",
        "greeting",
        "written",
        "toc",
        "paragraph",
        "forwarded",
        "episode",
        "heading",
        "sponsor",
        "quote",
        "list",
        "table",
        "image",
        "columns",
        "callout",
        "question",
        "poll",
        "divider",
        "embed",
        "booking",
        "recommend",
        "people",
        "blockquote",
        "code",
        "button",
        "footnote",
        "share",
        "ps",
        "footer",
    ] {
        order.extend(by(n));
        if n == "heart" || n == "paragraph" {
            order.push(blocks::p("Au printemps, quand la ruche déborde, la moitié part avec la vieille reine. Elles se posent sur une branche, en grappe, et quelques centaines d'éclaireuses cherchent une maison. Chacune revient, et danse ce qu'elle a vu : loin, près, bien, très bien. Qui convainc recrute ; qui doute se tait."));
        }
    }
    let mut document = blocks::document(order);
    document.front.authors = vec!["Ada Lovelace".into()];
    document.front.cover = Some(blocks::picture("couverture.png"));
    let setting = blocks::setting(&look, i18n::Language::French);
    let v = Values::default().with(PersonalSlot::FirstName, "Nour").in_segments(1);
    std::fs::write("/tmp/show/mail.html", mail(&document, &setting).render(&v)).unwrap();
    std::fs::write("/tmp/show/text.txt", text(&document, &setting).render(&v)).unwrap();
    let page = format!(
        "<!doctype html><meta charset=utf-8><meta name=viewport content=\"width=device-width\"><style>{}body{{margin:0;background:var(--paper)}}main{{max-width:38rem;margin:3rem auto;padding:0 1.25rem}}{}</style><main>{}</main>",
        look_css(&look),
        READING_CSS,
        web(&document, &setting).render(&v)
    );
    std::fs::write("/tmp/show/web.html", page).unwrap();
}
