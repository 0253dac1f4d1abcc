//! One page of each layout, to be looked at: served behind the real guard, at `/front`, `/archive`, `/editions`,
//! `/settings`, `/empty`, `/signin` and `/failure`.
//!
//! `cargo run -p web --example gallery -- 127.0.0.1:7979`

use std::error::Error;

use axum::Router;
use axum::routing::get;
use i18n::Language;
use web::{
    Choice, DeskPage, Dress, EmptyState, Field, Guard, Link, Notice, Pages, PlainPage, ReadingPage,
    WebConfig, html, icon,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:7979".to_owned());
    let mut routes: Router = web::routes();
    for (path, page) in [
        ("/front", front as fn() -> Result<String, web::WebError>),
        ("/archive", archive),
        ("/editions", editions),
        ("/settings", settings),
        ("/empty", empty),
        ("/signin", sign_in),
        ("/failure", failure),
    ] {
        routes = routes.route(path, get(move || async move { page().map(html) }));
    }
    let listener = tokio::net::TcpListener::bind(&address).await?;
    println!("http://{}/front", listener.local_addr()?);
    let guard = Guard::new(WebConfig::new(&format!("http://{address}")));
    axum::serve(listener, guard.around(routes)).await?;
    Ok(())
}

fn dress() -> Dress {
    Dress {
        name: "La Gazette des Marées".into(),
        home: "/gazette/".into(),
        tagline: Some("Une lettre par semaine, écrite face au vent".into()),
        links: vec![Link::new("Archives", "/gazette/archive"), Link::new("À propos", "/gazette/about")],
        call: Some(Link::new("S’abonner", "/gazette/subscribe")),
        foot: vec![Link::new("RSS", "/gazette/feed.xml"), Link::new("Archives", "/gazette/archive")],
        foot_note: Some("Éditions du Ponton, 12 quai des Brumes, 29900 Concarneau".into()),
        other_languages: vec![Link::in_language("The Tide Gazette, in English", "/tide/", Language::English)],
        ..Dress::default()
    }
}

const ISSUES: [(&str, &str, &str); 4] = [
    (
        "Le phare qui ne voulait pas s’éteindre",
        "16 novembre 2026",
        "Trois gardiens, une ampoule, et une administration qui attend le formulaire B.",
    ),
    (
        "Ce que les mouettes savent des marchés",
        "9 novembre 2026",
        "Un chalutier, deux tables de calcul et le prix du lieu jaune.",
    ),
    (
        "Petite histoire du ciré",
        "2 novembre 2026",
        "Pourquoi il est jaune, et pourquoi il ne l’a pas toujours été.",
    ),
    ("Radio bord de mer", "26 octobre 2026", "Quatre fréquences à écouter la nuit, avec un bon café."),
];

fn front() -> Result<String, web::WebError> {
    let dress = dress();
    let items: String = ISSUES.map(|(title, date, text)| issue(title, date, text)).concat();
    let field = Field::email("email", "Votre adresse").required();
    let body = format!(
        "<article class=latest><p class=meta><span>nº 47</span><span>23 novembre 2026</span><span>8 min</span></p>\
         <h2><a href=#>On a volé l’horizon, et personne n’a rien vu</a></h2><p class=standfirst>Lundi matin, la ligne \
         n’était plus là. Ni brume ni bateau&nbsp;: juste un grand blanc, et sur le quai, quarante personnes qui \
         regardaient leurs chaussures.</p></article><ul class=issues>{items}</ul><section class=subscribe>\
         <h2>Montez à bord</h2><p class=lead>Chaque lundi à 8&nbsp;h, gratuitement, et l’on descend quand on veut.</p>\
         <form method=post>{field}<button class=button>S’abonner</button></form></section>"
    );
    let mut page = ReadingPage::new(&dress, Language::French, "La Gazette des Marées", body);
    page.front = true;
    page.wide = true;
    page.render()
}

fn issue(title: &str, date: &str, text: &str) -> String {
    format!(
        "<li class=issue><p class=meta><span>{date}</span></p><h3><a href=#>{title}</a></h3><p>{text}</p></li>"
    )
}

fn archive() -> Result<String, web::WebError> {
    let dress = dress();
    let pages = Pages { language: Language::French, current: 2, last: 5, base: "/gazette/archive".into() };
    let items: String = ISSUES.map(|(title, date, text)| issue(title, date, text)).concat();
    let body = format!("<h1>Toutes les éditions</h1><ul class=issues>{items}</ul>{pages}");
    let mut page = ReadingPage::new(&dress, Language::French, "Toutes les éditions", body);
    page.wide = true;
    page.render()
}

fn publications() -> Vec<(String, String)> {
    vec![("gazette".into(), "La Gazette des Marées".into()), ("tide".into(), "The Tide Gazette".into())]
}

fn editions() -> Result<String, web::WebError> {
    let publications = publications();
    let rows: String = [
        ("On a volé l’horizon", "brouillon", "", "—", "—"),
        ("Le phare qui ne voulait pas s’éteindre", "en cours", "warn", "4 987", "16/11/2026"),
        ("Ce que les mouettes savent des marchés", "envoyée", "good", "4 951", "09/11/2026"),
        ("Petite histoire du ciré", "arrêtée", "bad", "1 204", "02/11/2026"),
    ]
    .map(|(title, state, tone, readers, date)| {
        format!(
            "<tr><td><a href=#>{title}</a></td><td><span class='state {tone}'>{state}</span></td>\
             <td class=number>{readers}</td><td class=number>{date}</td></tr>"
        )
    })
    .concat();
    let body = format!(
        "<dl class=figures><div><dt>lecteurs actifs</dt><dd>4 987</dd></div><div><dt>cette semaine</dt><dd>+ 42</dd>\
         </div><div><dt>ont quitté le bord</dt><dd>3</dd></div></dl><section><h2>Envoi en cours</h2>\
         <progress value=62 max=100></progress><p class=hint>3 092 sur 4 987, encore 2&nbsp;min</p></section>\
         <div class=scroll><table class=list><thead><tr><th>Titre<th>État<th class=number>Lecteurs<th class=number>\
         Date</tr></thead><tbody>{rows}</tbody></table></div>\
         <form method=post action=/editions data-confirm='Supprimer ce brouillon ? Il disparaîtra pour de bon.'>\
         <div class=actions><button class='button danger'>Supprimer</button><button type=button \
         class='button quiet' data-copy='https://letters.example/gazette/' hidden>Copier le lien</button>\
         <time datetime=2020-01-01T00:00:00Z data-relative>1er janvier 2020</time></div></form>"
    );
    let page = DeskPage {
        publications: &publications,
        current: Some("gazette"),
        account: Some("Ada Lovelace"),
        notice: Some(Notice::done("C’est enregistré.")),
        lead: Some("Quarante-sept lettres depuis janvier.".into()),
        actions: format!("<a class=button href=#>{}Nouvelle édition</a>", icon("pencil")),
        catcher: true,
        here: "/desk/gazette/editions",
        ..DeskPage::new(Language::French, "editions", "Éditions", body)
    };
    page.render()
}

fn settings() -> Result<String, web::WebError> {
    let publications = publications();
    let fields = [
        Field::text("name", "Nom").value("La Gazette des Marées").required(),
        Field::email("from", "Adresse d’expédition")
            .value("ada@gazette")
            .hint("Celle que vos lecteurs verront.")
            .error(Some("Après le @, il manque un domaine complet, comme gazette.example.")),
        Field::menu("language", "Langue", vec![Choice::new("fr", "français"), Choice::new("en", "English")]),
        Field::area("about", "Présentation", 4).value("Une lettre par semaine, écrite face au vent."),
        Field::radio(
            "tracking",
            "Mesure d’audience",
            vec![
                Choice::new("none", "Aucune").hint("Rien n’est compté. C’est le réglage d’origine."),
                Choice::new("totals", "Totaux anonymes")
                    .hint("Une adresse par édition, aucun lecteur dedans."),
            ],
        )
        .value("none"),
        Field::tick("public", "Archives publiques", true).hint("Chaque édition envoyée a sa page."),
        Field::file("logo", "Logo", "image/png"),
    ]
    .map(|field| field.to_string())
    .concat();
    let body = format!(
        "<form method=post>{fields}<div class=actions><button class=button>Enregistrer</button>\
         <a class='button quiet' href=#>Annuler</a><button class='button danger'>Supprimer</button></div></form>"
    );
    let page = DeskPage {
        publications: &publications,
        current: Some("gazette"),
        account: Some("Ada Lovelace"),
        notice: Some(Notice::wrong("Un point à revoir ; ce que vous avez saisi est toujours là.")),
        ..DeskPage::new(Language::French, "settings", "Réglages", body)
    };
    page.render()
}

fn empty() -> Result<String, web::WebError> {
    let state = EmptyState {
        title: "No publication yet".into(),
        text: "A publication is one letter with its name, its sender and its look. Begin with the name."
            .into(),
        action: Some(Link::new("Create a publication", "/desk/new")),
    };
    DeskPage {
        account: Some("Ada Lovelace"),
        ..DeskPage::new(Language::English, "publications", "Publications", state.to_string())
    }
    .render()
}

fn sign_in() -> Result<String, web::WebError> {
    let email = Field::email("email", "Address").required();
    let password = Field::password("password", "Password", "current-password").required();
    let body = format!(
        "<h1>Good evening</h1><p class=lead>The desk is where your letters are written.</p>\
         <form method=post>{email}{password}<button class=button>Sign in</button></form>"
    );
    PlainPage { here: "/desk/sign-in", ..PlainPage::new(Language::English, "Sign in", body) }.render()
}

fn failure() -> Result<String, web::WebError> {
    let body = "<div class=failure><p class=status>404</p><h1>Rien à cette adresse</h1><p class=lead>La page a \
                peut-être déménagé, ou le lien a perdu quelques lettres en route. Reprenez depuis l’accueil.</p>\
                <p><a class='button quiet' href=#>Retour à l’accueil</a></p></div>";
    let dress = dress();
    ReadingPage::new(&dress, Language::French, "Rien à cette adresse", body.into()).render()
}
