//! One example of each block, built by hand, and what surrounds it.
#![allow(dead_code)]

use document::*;
use i18n::Language;
use jiff::civil::date;
use letter::{Look, Setting};

pub fn t(text: &str) -> Inline {
    Inline::Text { text: text.into() }
}

pub fn p(text: &str) -> Block {
    Block::Paragraph { content: vec![t(text)] }
}

pub fn link(text: &str, href: &str) -> Inline {
    Inline::Link { href: href.into(), title: None, content: vec![t(text)] }
}

pub fn heading(level: u8, text: &str) -> Block {
    Block::Heading { level, content: vec![t(text)] }
}

pub fn some(text: &str) -> Option<String> {
    Some(text.into())
}

pub fn slot(slot: Slot, fallback: Option<&str>) -> Inline {
    Inline::Slot { slot, fallback: fallback.map(str::to_owned) }
}

pub fn document(blocks: Vec<Block>) -> Document {
    Document {
        format: FORMAT,
        front: FrontMatter {
            title: "Les abeilles votent-elles ?".into(),
            preheader: some("Ce que la ruche sait de la démocratie"),
            ..FrontMatter::default()
        },
        blocks,
    }
}

pub fn setting(look: &Look, language: Language) -> Setting<'_> {
    let mut setting = Setting::new("La Gazette", "https://lettre.example/gazette", language, look);
    setting.reader_url = "https://lettre.example/r";
    setting.edition_url = Some("https://lettre.example/gazette/abeilles");
    setting.heart_url = Some("https://lettre.example/gazette/abeilles/coeur");
    setting.reply_to = Some("ada@lettre.example");
    setting.postal_address = Some("12 rue des Lilas\n35000 Rennes\nFrance");
    setting.number = Some(12);
    setting.date = Some(date(2026, 11, 23));
    setting
}

const PICTURES: &str = "https://lettre.example/m";

pub fn picture(name: &str) -> String {
    format!("{PICTURES}/{name}")
}

/// Each block with a name for its golden file.
pub fn all() -> Vec<(&'static str, Vec<Block>)> {
    let mut all = markdown();
    all.extend(cards());
    all.extend(voices());
    all
}

fn markdown() -> Vec<(&'static str, Vec<Block>)> {
    let line = vec![
        t("Une "),
        Inline::Emphasis { content: vec![t("reine")] },
        t(" et "),
        Inline::Strong { content: vec![t("vingt mille"), t(" ouvrières")] },
        t(", dit "),
        link("l'apiculteur", "https://miel.example/qui?a=1&b=2"),
        t(" : \"c'est "),
        Inline::Strikethrough { content: vec![t("fini")] },
        t(" parti !\""),
        Inline::SoftBreak,
        t("Tapez "),
        Inline::Code { text: "a < b ? 'x' : \"y\"".into() },
        t(" pour voir."),
        Inline::HardBreak,
        t("Une ligne encore, avec "),
        Inline::Image { src: picture("abeille.png"), alt: "une abeille".into(), title: None },
        t(" dedans, "),
        Inline::Span { span: Span::Mark, content: vec![t("surlignée")] },
        t(", "),
        Inline::Span { span: Span::Small, content: vec![t("en petit")] },
        t(", "),
        Inline::Span {
            span: Span::Abbr { title: "Institut de l'abeille".into() },
            content: vec![t("ITSAP")],
        },
        t(", "),
        Inline::Span { span: Span::Lang { code: "en".into() }, content: vec![t("it's \"fine\"?")] },
    ];
    let item = |checked: Option<bool>, text: &str| Item { checked, blocks: vec![p(text)] };
    let nested =
        List { start: None, tight: true, items: vec![item(None, "de printemps"), item(None, "d'été")] };
    vec![
        ("paragraph", vec![Block::Paragraph { content: line }]),
        (
            "heading",
            vec![
                heading(1, "Un titre de trop"),
                heading(2, "L'été, ça chauffe !"),
                heading(3, "Détail"),
                heading(4, "Détail"),
            ],
        ),
        (
            "list",
            vec![
                Block::List(List {
                    start: None,
                    tight: true,
                    items: vec![
                        Item { checked: None, blocks: vec![p("du miel :"), Block::List(nested)] },
                        item(None, "de la cire"),
                    ],
                }),
                Block::List(List {
                    start: Some(3),
                    tight: false,
                    items: vec![item(None, "trois"), item(None, "quatre")],
                }),
                Block::List(List {
                    start: None,
                    tight: true,
                    items: vec![item(Some(true), "compter"), item(Some(false), "danser")],
                }),
            ],
        ),
        (
            "blockquote",
            vec![Block::Blockquote {
                blocks: vec![p("Une ruche est une ville."), p("Une ville qui danse.")],
            }],
        ),
        (
            "code",
            vec![Block::Code {
                language: some("rust"),
                text: "fn vote() -> bool {\n    1 < 2 && \"x\" != \"y\"\n}".into(),
            }],
        ),
        (
            "table",
            vec![Block::Table(Table {
                alignments: vec![Alignment::None, Alignment::Right, Alignment::Center],
                head: vec![vec![t("Ruche")], vec![t("Kilos")], vec![t("Avis")]],
                rows: vec![
                    vec![vec![t("La bleue")], vec![t("12")], vec![link("bon", "https://miel.example/bleue")]],
                    vec![vec![t("La vieille")], vec![t("7,5")], vec![t("moyen")]],
                ],
            })],
        ),
        (
            "footnote",
            vec![
                Block::Paragraph {
                    content: vec![
                        t("Elles dansent"),
                        Inline::FootnoteReference { label: "huit".into() },
                        t(" et votent"),
                        Inline::FootnoteReference { label: "absente".into() },
                        t("."),
                    ],
                },
                Block::Footnote {
                    label: "huit".into(),
                    blocks: vec![p("En forme de huit, dit-on depuis 1927.")],
                },
                Block::Comment { text: "à vérifier".into() },
            ],
        ),
        ("divider", vec![p("Avant."), Block::Divider, p("Après.")]),
    ]
}

fn cards() -> Vec<(&'static str, Vec<Block>)> {
    vec![
        (
            "episode",
            vec![Block::Episode(Episode {
                title: "La danse des éclaireuses".into(),
                href: some("https://radio.example/3"),
                show: some("Dans la ruche"),
                season: Some(1),
                number: Some(3),
                audio: some("https://radio.example/3.mp3"),
                video: some("https://video.example/3"),
                image: Some(picture("ruche.png")),
                duration: some("42:10"),
                blocks: vec![p("Comment vingt mille abeilles tombent d'accord en une matinée.")],
            })],
        ),
        (
            "sponsor",
            vec![Block::Sponsor(Sponsor {
                name: "Miel & Fils".into(),
                href: some("https://miel.example/?de=gazette"),
                logo: Some(picture("miel.png")),
                label: None,
                blocks: vec![
                    p("Des pots d'un kilo, rendus chez vous avant Noël."),
                    p("Dix pour cent pour les lecteurs de la Gazette."),
                ],
            })],
        ),
        (
            "button",
            vec![Block::Button(Button {
                href: "/gazette/visite".into(),
                content: vec![t("Visiter "), Inline::Emphasis { content: vec![t("la ruche")] }],
            })],
        ),
        (
            "image",
            vec![
                Block::Image(Image {
                    src: picture("essaim.png"),
                    alt: "Un essaim suspendu à une branche".into(),
                    width: Some(1200),
                    height: Some(800),
                    href: some("https://photo.example/essaim"),
                    caption: vec![
                        t("Un essaim attend son vote. Photo : "),
                        link("Ada", "https://photo.example"),
                    ],
                }),
                Block::Paragraph {
                    content: vec![Inline::Image {
                        src: "/m/petite.png".into(),
                        alt: String::new(),
                        title: None,
                    }],
                },
            ],
        ),
        (
            "embed",
            vec![Block::Embed(Embed {
                href: "https://video.example/danse".into(),
                title: "Voir la danse au ralenti".into(),
                site: some("video.example"),
                image: Some(picture("essaim.png")),
                blocks: vec![p("Trois minutes, sans paroles.")],
            })],
        ),
        (
            "columns",
            vec![Block::Columns(Columns {
                columns: vec![
                    vec![heading(3, "Pour"), p("Elles sont nombreuses, et chacune a regardé.")],
                    vec![heading(3, "Contre"), p("Celle qui danse le plus fort gagne.")],
                ],
            })],
        ),
        (
            "callout",
            [(CalloutKind::Note, None), (CalloutKind::Tip, some("Au jardin")), (CalloutKind::Warning, None)]
                .into_iter()
                .map(|(kind, title)| {
                    Block::Callout(Callout { kind, title, blocks: vec![p("Laissez fleurir le lierre.")] })
                })
                .collect(),
        ),
        (
            "booking",
            vec![Block::Booking(Booking {
                href: "https://ada.example/rdv".into(),
                title: "Une heure pour votre lettre".into(),
                price: some("120 €"),
                duration: some("60 min"),
                label: None,
                blocks: vec![p("On relit ensemble, on coupe, on garde le meilleur.")],
            })],
        ),
        (
            "recommend",
            vec![Block::Recommend(Recommend {
                href: "https://vent.example".into(),
                title: "Le Vent".into(),
                by: some("Nour"),
                image: Some(picture("vent.png")),
                blocks: vec![p("Une lettre sur ce qui passe.")],
            })],
        ),
        (
            "people",
            vec![Block::People(People {
                title: some("Cette semaine avec"),
                people: vec![
                    Person {
                        name: "Ada".into(),
                        role: some("apicultrice"),
                        href: some("https://ada.example"),
                        portrait: Some(picture("ada.png")),
                        content: vec![
                            t("Elle élève "),
                            Inline::Strong { content: vec![t("six")] },
                            t(" ruches."),
                        ],
                    },
                    Person { name: "Nour".into(), ..Person::default() },
                ],
            })],
        ),
    ]
}

fn voices() -> Vec<(&'static str, Vec<Block>)> {
    vec![
        (
            "toc",
            vec![
                Block::Toc(Toc { title: None, depth: Some(3) }),
                heading(2, "Le vote"),
                heading(3, "La danse"),
                heading(2, "Le vote"),
                Block::Only(Only {
                    to: Scope::Segment("bretagne".into()),
                    blocks: vec![heading(2, "Chez nous")],
                }),
            ],
        ),
        (
            "written",
            vec![
                Block::Written(Written {
                    at: some("2026-11-23T08:30"),
                    place: some("Rennes"),
                    blocks: vec![],
                }),
                Block::Written(Written {
                    at: some("hier soir"),
                    place: None,
                    blocks: vec![p("Depuis, il a plu.")],
                }),
            ],
        ),
        (
            "greeting",
            vec![Block::Greeting(Greeting {
                blocks: vec![Block::Paragraph {
                    content: vec![t("Salut "), slot(Slot::FirstName, Some("la mif")), t(" !")],
                }],
            })],
        ),
        (
            "forwarded",
            vec![
                Block::Forwarded(Forwarded { label: None, blocks: vec![] }),
                Block::Forwarded(Forwarded {
                    label: some("Monter à bord"),
                    blocks: vec![p("On vous a passé cette lettre ? Bienvenue.")],
                }),
            ],
        ),
        (
            "quote",
            vec![
                Block::Quote(Quote {
                    who: some("Karl von Frisch"),
                    place: some("Vie et mœurs des abeilles"),
                    link: some("https://livre.example/frisch"),
                    portrait: Some(picture("frisch.png")),
                    blocks: vec![p(
                        "La vie des abeilles est comme un puits magique : plus on y puise, plus il y a à puiser.",
                    )],
                }),
                Block::Quote(Quote {
                    link: some("https://livre.example/2"),
                    blocks: vec![p("Sans nom.")],
                    ..Quote::default()
                }),
                Block::Quote(Quote { blocks: vec![p("Sans rien.")], ..Quote::default() }),
            ],
        ),
        (
            "question",
            vec![Block::Question(Question {
                label: None,
                blocks: vec![p("Et vous, vous avez déjà changé d'avis en dansant ?")],
            })],
        ),
        ("heart", vec![Block::Heart(Heart { label: None })]),
        ("share", vec![Block::Share(Share { label: None })]),
        (
            "poll",
            vec![Block::Poll(Poll {
                question: "On garde la rubrique ?".into(),
                choices: vec!["Oui, bien sûr".into(), "Non".into()],
            })],
        ),
        (
            "only",
            vec![
                Block::Only(Only { to: Scope::Mail, blocks: vec![p("Dans le mail seulement.")] }),
                Block::Only(Only { to: Scope::Web, blocks: vec![p("Sur la page seulement.")] }),
                Block::Only(Only {
                    to: Scope::Segment("bretagne".into()),
                    blocks: vec![Block::Paragraph {
                        content: vec![t("Pour les Bretons : "), link("la carte", "https://carte.example")],
                    }],
                }),
            ],
        ),
        ("ps", vec![Block::Ps(Ps { blocks: vec![p("Le lierre fleurit en octobre.")] })]),
        (
            "footer",
            vec![
                Block::Footer(Footer {
                    blocks: vec![Block::Paragraph {
                        content: vec![t("Relu par "), link("Nour", "https://vent.example"), t(".")],
                    }],
                }),
                p("Avant le pied."),
            ],
        ),
    ]
}
