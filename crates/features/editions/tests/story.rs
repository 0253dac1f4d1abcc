//! What becomes of an edition, from its first line until it is sent.

#![allow(clippy::unwrap_used)]

use editions::{
    EditionError, EditionState, Rendering, by_id, create, delete, find, find_by_slug, finish_sending,
    foreseen, list, neighbours, published, recent, save, schedule, start_sending, unschedule, version,
};
use instance::Instance;
use publications::{NewPublication, Publication};
use testkit::{MORNING, assert_no_full_scan, on_both};

async fn letter(instance: &Instance, slug: &str) -> Publication {
    let new = NewPublication {
        slug: slug.into(),
        name: "La Gazette".into(),
        from: "Ada <ada@gazette.example>".into(),
        language: "fr".into(),
        ..NewPublication::default()
    };
    publications::create(instance, new).await.unwrap()
}

fn text(title: &str) -> String {
    format!(
        "---\ntitle: {title}\nwritten_at: 2026-11-23T08:00\n---\n\nBonjour {{first_name|la mif}}, voici **{title}**.\n"
    )
}

#[tokio::test]
async fn a_draft_is_written_found_and_saved_and_nobody_overwrites_anybody() {
    on_both(|house| async move {
        let instance = &house.instance;
        let gazette = letter(instance, "gazette").await;
        let draft = create(instance, &gazette, &text("Le banc")).await.unwrap();
        assert_eq!((draft.slug.as_str(), draft.state, draft.number), ("le-banc", EditionState::Draft, None));
        assert_eq!(find(instance, gazette.id, "le-banc").await.unwrap().unwrap(), draft);
        assert_eq!(document::read(&draft.markdown()).unwrap(), draft.document);

        let saved = save(instance, &draft, &text("Le banc vert"), draft.updated_at).await.unwrap();
        assert_eq!(saved.slug, "le-banc-vert", "the slug of a draft follows its title");
        assert!(saved.updated_at > draft.updated_at);
        let late = save(instance, &draft, &text("Le banc bleu"), draft.updated_at).await;
        assert!(matches!(late, Err(EditionError::Changed(_))), "{late:?}");
        assert_eq!(by_id(instance, draft.id).await.unwrap().unwrap().title, "Le banc vert");

        let fixed = text("Tout autre chose").replace("---\n\n", "slug: banc\n---\n\n");
        let fixed = save(instance, &saved, &fixed, saved.updated_at).await.unwrap();
        let again =
            save(instance, &fixed, &fixed.markdown().replace("autre", "autre petite"), fixed.updated_at)
                .await;
        assert_eq!(again.unwrap().slug, "banc");
        (fixed.id, fixed.slug)
    })
    .await;
}

#[tokio::test]
async fn a_text_with_faults_makes_no_edition_and_all_of_them_are_told() {
    on_both(|house| async move {
        let instance = &house.instance;
        let gazette = letter(instance, "gazette").await;
        let faulty = "---\ntitle: A\ncolour: red\n---\n\n:::qoute\nx\n:::\n\n{frist_name}\n";
        let Err(EditionError::Invalid(problems)) = create(instance, &gazette, faulty).await else { panic!() };
        assert_eq!(problems.len(), 3, "{problems:?}");
        assert_eq!(list(instance, gazette.id, 1).await.unwrap().1, 0);
        let draft = create(instance, &gazette, &text("A")).await.unwrap();
        let saved = save(instance, &draft, faulty, draft.updated_at).await;
        assert!(matches!(saved, Err(EditionError::Invalid(_))));
        assert_eq!(by_id(instance, draft.id).await.unwrap().unwrap(), draft);
        problems.iter().map(ToString::to_string).collect::<Vec<_>>()
    })
    .await;
}

#[tokio::test]
async fn two_editions_never_share_an_address_and_a_slug_alone_may_be_ambiguous() {
    on_both(|house| async move {
        let instance = &house.instance;
        let (gazette, tide) = (letter(instance, "gazette").await, letter(instance, "tide").await);
        let mut slugs = Vec::new();
        for title in ["Le banc", "Le banc", "Le banc !", "Archive", "日本", "日本"] {
            slugs.push(create(instance, &gazette, &text(title)).await.unwrap().slug);
        }
        assert_eq!(slugs, ["le-banc", "le-banc-2", "le-banc-3", "archive-2", "edition", "edition-2"]);
        let wished = text("Autre").replace("---\n\n", "slug: le-banc\n---\n\n");
        let taken = create(instance, &gazette, &wished).await;
        assert!(matches!(taken, Err(EditionError::SlugTaken(ref slug)) if slug == "le-banc"), "{taken:?}");
        let place = text("Autre").replace("---\n\n", "slug: archive\n---\n\n");
        assert!(matches!(create(instance, &gazette, &place).await, Err(EditionError::SlugTaken(_))));

        create(instance, &tide, &text("Le banc")).await.unwrap();
        let both = find_by_slug(instance, "le-banc", None).await;
        let Err(EditionError::Ambiguous { publications, .. }) = both else { panic!("{both:?}") };
        assert_eq!(publications, ["gazette", "tide"]);
        assert_eq!(find_by_slug(instance, "le-banc", Some("tide")).await.unwrap().publication_id, tide.id);
        assert_eq!(find_by_slug(instance, "le-banc-2", None).await.unwrap().publication_id, gazette.id);
        assert!(matches!(find_by_slug(instance, "nulle-part", None).await, Err(EditionError::Unknown(_))));
    })
    .await;
}

#[tokio::test]
async fn an_edition_that_leaves_gets_its_number_once_and_stays_as_it_was_sent() {
    on_both(|house| async move {
        let instance = &house.instance;
        let gazette = letter(instance, "gazette").await;
        let draft = create(instance, &gazette, &text("Un")).await.unwrap();
        assert_eq!(foreseen(instance, &draft).await.unwrap().number, Some(1));
        assert!(schedule(instance, draft.id, MORNING + 1).await.unwrap());
        let waiting = by_id(instance, draft.id).await.unwrap().unwrap();
        assert_eq!((waiting.state, waiting.scheduled_at), (EditionState::Scheduled, Some(MORNING + 1)));
        let locked = save(instance, &waiting, &text("Un bis"), waiting.updated_at).await;
        assert!(matches!(locked, Err(EditionError::Scheduled(_))));
        assert!(matches!(delete(instance, &waiting).await, Err(EditionError::Scheduled(_))));
        assert!(unschedule(instance, draft.id).await.unwrap());
        assert!(!unschedule(instance, draft.id).await.unwrap());
        assert!(
            !finish_sending(instance, draft.id).await.unwrap(),
            "a draft is not sent by ending a dispatch"
        );

        let leaving = start_sending(instance, draft.id, MORNING).await.unwrap();
        assert_eq!(leaving.state, EditionState::Sending);
        assert_eq!((leaving.number, leaving.published_at), (Some(1), Some(MORNING)));
        let first = version(instance, draft.id, 1).await.unwrap().unwrap();
        assert_eq!((first.kind.as_str(), &first.document), ("sent", &draft.document));
        assert!(finish_sending(instance, draft.id).await.unwrap());

        let once_more = start_sending(instance, draft.id, MORNING + 5).await.unwrap();
        assert_eq!((once_more.number, once_more.published_at), (Some(1), Some(MORNING)));
        assert_eq!(version(instance, draft.id, 1).await.unwrap().unwrap(), first);
        finish_sending(instance, draft.id).await.unwrap();
        let sent = by_id(instance, draft.id).await.unwrap().unwrap();
        assert!(matches!(
            save(instance, &sent, &text("X"), sent.updated_at).await,
            Err(EditionError::Sent(_))
        ));
        assert!(matches!(delete(instance, &sent).await, Err(EditionError::Sent(_))));
        assert!(!schedule(instance, sent.id, MORNING + 9).await.unwrap());
        (sent.state, first.hash)
    })
    .await;
}

#[tokio::test]
async fn the_archive_shows_what_was_published_newest_first_and_leads_from_one_to_the_next() {
    on_both(|house| async move {
        let instance = &house.instance;
        let gazette = letter(instance, "gazette").await;
        let mut all = Vec::new();
        for (index, title) in ["Un", "Deux", "Trois", "Quatre"].into_iter().enumerate() {
            let draft = create(instance, &gazette, &text(title)).await.unwrap();
            // Two of them in the same moment.
            all.push(start_sending(instance, draft.id, MORNING + (index as i64 / 2)).await.unwrap());
        }
        create(instance, &gazette, &text("Brouillon")).await.unwrap();
        let titles =
            |editions: &[editions::Edition]| editions.iter().map(|it| it.title.clone()).collect::<Vec<_>>();
        let (page, total) = published(instance, gazette.id, 1, 3).await.unwrap();
        assert_eq!((titles(&page), total), (["Quatre", "Trois", "Deux"].map(String::from).to_vec(), 4));
        assert_eq!(titles(&published(instance, gazette.id, 2, 3).await.unwrap().0), ["Un"]);
        assert_eq!(titles(&recent(instance, gazette.id, 2).await.unwrap()), ["Quatre", "Trois"]);
        for (index, edition) in all.iter().enumerate() {
            let (previous, next) = neighbours(instance, edition).await.unwrap();
            let at = |index: Option<usize>| index.and_then(|index| all.get(index)).map(|it| it.id);
            assert_eq!(previous.map(|it| it.id), at(index.checked_sub(1)));
            assert_eq!(next.map(|it| it.id), at(Some(index + 1)));
        }
        assert_eq!(list(instance, gazette.id, 1).await.unwrap().1, 5);
        all.iter().map(|it| it.number).collect::<Vec<_>>()
    })
    .await;
}

#[tokio::test]
async fn a_tag_gathers_the_editions_that_carry_it_and_no_other() {
    on_both(|house| async move {
        let instance = &house.instance;
        let gazette = letter(instance, "gazette").await;
        for (title, tags) in
            [("Un", "[villes, \"100 %\"]"), ("Deux", "[machines]"), ("Le mot villes", "[réunions]")]
        {
            let with_tags = text(title).replace("written_at", &format!("tags: {tags}\nwritten_at"));
            let draft = create(instance, &gazette, &with_tags).await.unwrap();
            start_sending(instance, draft.id, MORNING).await.unwrap();
        }
        for (tag, found) in [("villes", 1), ("100 %", 1), ("machines", 1), ("Villes", 0), ("v", 0), ("%", 0)]
        {
            let (page, total) = editions::tagged(instance, gazette.id, tag, 1, 10).await.unwrap();
            assert_eq!((page.len(), total), (found, found as u64), "{tag}");
        }
        assert_eq!(editions::tagged(instance, gazette.id, "villes", 2, 10).await.unwrap().0, []);
    })
    .await;
}

#[tokio::test]
async fn editions_that_leave_at_once_get_numbers_of_their_own() {
    on_both(|house| async move {
        // Whole, with its folder: new readers of the store still open files there.
        let house = house;
        let instance = house.instance.clone();
        let gazette = letter(&instance, "gazette").await;
        let mut leaving = Vec::new();
        for number in 0..6 {
            let draft = create(&instance, &gazette, &text(&format!("Titre {number}"))).await.unwrap();
            let instance = instance.clone();
            leaving.push(tokio::spawn(async move {
                start_sending(&instance, draft.id, MORNING).await.unwrap().number
            }));
        }
        let mut numbers = Vec::new();
        for edition in leaving {
            numbers.push(edition.await.unwrap().unwrap());
        }
        numbers.sort_unstable();
        assert_eq!(numbers, [1, 2, 3, 4, 5, 6]);
    })
    .await;
}

#[tokio::test]
async fn a_draft_can_be_deleted() {
    on_both(|house| async move {
        let instance = &house.instance;
        let gazette = letter(instance, "gazette").await;
        let draft = create(instance, &gazette, &text("Un")).await.unwrap();
        delete(instance, &draft).await.unwrap();
        assert_eq!(by_id(instance, draft.id).await.unwrap(), None);
        assert!(matches!(delete(instance, &draft).await, Err(EditionError::Unknown(_))));
    })
    .await;
}

#[tokio::test]
async fn a_rendering_knows_the_publication_and_no_reader() {
    on_both(|house| async move {
        let instance = &house.instance;
        let gazette = letter(instance, "gazette").await;
        let draft = create(instance, &gazette, &text("Un")).await.unwrap();
        let rendering = Rendering::of(instance, &gazette, &foreseen(instance, &draft).await.unwrap());
        let mail = rendering.mail();
        assert!(!mail.is_impersonal());
        let html = mail.render_for_nobody();
        for part in [
            "https://letters.example/gazette/un",
            "https://letters.example/r/unsubscribe/",
            "23 novembre 2026",
        ] {
            assert!(html.contains(part), "{part}");
        }
        assert_eq!(rendering.subject().render_for_nobody(), "Un");
        assert!(rendering.text().render_for_nobody().contains("la mif"));
        html
    })
    .await;
}

#[tokio::test]
async fn no_page_reads_all_editions_or_the_whole_ledger() {
    let large = ["editions", "edition_versions", "deliveries", "dispatches", "chunks", "left_out"];
    for query in editions::QUERIES {
        // Each parameter stands for its number; every one of these is a key or a limit.
        let count = (1..=6).filter(|number| query.sql.contains(&format!("?{number}"))).count();
        let params = (0..count).map(|index| parameter(query.name, index)).collect();
        // A slug alone is looked for in each publication, of which there are few.
        assert_no_full_scan(*query, params, &large).await;
    }
}

fn parameter(query: &str, index: usize) -> store::Value {
    let text = matches!(
        (query, index),
        ("editions.by_slug", 1)
            | ("editions.places_of_slug", 0)
            | ("editions.slugs", 1 | 2)
            | ("editions.published_with", 1)
            | ("editions.create", 1..=4)
            | ("editions.save", 2..=4)
            | ("editions.keep_version", 1)
    );
    match (query, index) {
        ("editions.keep_version", 2) => store::Value::from(vec![1u8]),
        _ if text => store::Value::from("a"),
        _ => store::Value::from(1i64),
    }
}
