//! Mail to the built-in listener, over real SMTP conversations, down to the rows it leaves behind.

mod house;

use house::{DAY, anywhere, hand_in, hard_bounce, letter, notification, report, story};
use policy::subscription::SubscriptionState;
use store::params;
use testkit::on_both;

#[tokio::test(flavor = "multi_thread")]
async fn a_bounce_to_the_return_path_of_a_mail_keeps_its_reader_out() {
    on_both(|house| async move {
        let story = story(&house).await;
        let dispatch = story.send(1).await;
        let listener = returns::listen(&story.instance, anywhere()).await.unwrap();
        let path = story.return_path(&dispatch, "ada@a.example").await;
        let bounce = notification("ada@a.example", "5.1.1", "550 5.1.1 no such user here", "Subject: x\n");
        assert_eq!(hand_in(listener.address, "", &path, &bounce).await, None);
        assert_eq!(story.against("ada@a.example").await, hard_bounce());
        // A server that did not hear our 250 hands it in once more; some change the case of addresses.
        assert_eq!(hand_in(listener.address, "", &path, &bounce).await, None);
        assert_eq!(hand_in(listener.address, "", &path.to_uppercase(), &bounce).await, None);
        let ledger = house::sql(&story.instance, "SELECT state FROM deliveries").await;
        assert!(ledger.iter().all(|row| row.int(0).unwrap() == 3), "that the relay took it stays true");
        listener.stop().await;
        let returns = returns::returns(&story.instance, story.publication.id, returns::Wanted::default(), 10);
        let one = returns.await.unwrap().remove(0);
        assert_eq!((one.dispatch_id, one.address.as_deref()), (Some(dispatch.id), Some("ada@a.example")));
        assert_eq!((one.status.as_deref(), one.source.as_str()), (Some("5.1.1"), "listener"));
        let kept = story.kept().await;
        assert_eq!(kept.len(), 1);
        kept
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bounce_to_another_address_of_ours_is_told_by_the_message_id_it_returns() {
    on_both(|house| async move {
        let story = story(&house).await;
        let dispatch = story.send(1).await;
        let listener = returns::listen(&story.instance, anywhere()).await.unwrap();
        let id = story.message_id(&dispatch, "zoe@b.example").await;
        let head = format!("Message-ID: <{id}>\nSubject: Une bobine\n");
        let bounce = notification("zoe@b.example", "5.1.1", "550 5.1.1 no such user here", &head);
        assert_eq!(hand_in(listener.address, "", "postmaster@letters.example", &bounce).await, None);
        assert_eq!(story.against("zoe@b.example").await, hard_bounce());
        // The same without a token of ours: anybody could have written it.
        let forged = notification(
            "ada@a.example",
            "5.1.1",
            "550 5.1.1 no such user here",
            "Message-ID: <aebagbafaaaa@letters.example>\nList-Id: <gazette.letters.example>\n",
        );
        assert_eq!(hand_in(listener.address, "", "postmaster@letters.example", &forged).await, None);
        assert_eq!(story.against("ada@a.example").await, Vec::<String>::new());
        listener.stop().await;
        story.kept().await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_of_abuse_ends_the_subscription_of_the_reader_whose_mail_it_returns() {
    on_both(|house| async move {
        let story = story(&house).await;
        let dispatch = story.send(1).await;
        let listener = returns::listen(&story.instance, anywhere()).await.unwrap();
        let id = story.message_id(&dispatch, "ada@a.example").await;
        // Receivers hide the address; the Message-ID stays.
        let head = format!(
            "From: Ada <ada@letters.example>\nTo: <redacted>\nMessage-ID: <{id}>\nSubject: Une bobine"
        );
        let abuse = report(&head);
        assert_eq!(
            hand_in(listener.address, "feedback@fbl.test.example", "abuse@letters.example", &abuse).await,
            None
        );
        assert_eq!(story.state("ada@a.example").await, Some(SubscriptionState::Ended));
        assert_eq!(story.against("ada@a.example").await, ["complaint here"]);
        let unsure = report(
            "From: Ada <ada@letters.example>\nTo: <zoe@b.example>\nMessage-ID: <x@y.example>\nSubject: x",
        );
        assert_eq!(
            hand_in(listener.address, "feedback@fbl.test.example", "abuse@letters.example", &unsure).await,
            None
        );
        assert_eq!(story.state("zoe@b.example").await, Some(SubscriptionState::Active));
        listener.stop().await;
        story.kept().await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_listener_takes_mail_for_addresses_of_ours_only_and_relays_nothing() {
    on_both(|house| async move {
        let story = story(&house).await;
        let dispatch = story.send(1).await;
        let listener = returns::listen(&story.instance, anywhere()).await.unwrap();
        let path = story.return_path(&dispatch, "ada@a.example").await;
        let (local, domain) = path.split_once('@').unwrap();
        let forged = format!("{}a", &local[..local.len() - 1]);
        let forged = if forged == local { format!("{}b", &local[..local.len() - 1]) } else { forged };
        for address in [
            "ada@a.example".to_owned(),
            "ada@letters.example".to_owned(),
            format!("{forged}@{domain}"),
            format!("{local}@elsewhere.example"),
            format!("{local}%elsewhere.example@{domain}"),
            "r+unknown@letters.example".to_owned(),
        ] {
            let (code, words) = hand_in(listener.address, "", &address, "Subject: x\n\nx\n").await.unwrap();
            assert_eq!((code, words.as_str()), (550, "No such address here"), "{address}");
        }
        // Whoever goes on guessing is turned away for a while; this clock moves when it is told to.
        let mut answers = Vec::new();
        for number in 0..80 {
            let address = format!("guess{number}@letters.example");
            answers.push(hand_in(listener.address, "", &address, "Subject: x\n\nx\n").await.unwrap().0);
        }
        assert_eq!(answers.iter().filter(|code| **code == 421).count(), 80 - (60 - 6));
        story.instance.clock.advance(DAY);
        let bounce = notification("ada@a.example", "5.1.1", "550 5.1.1 no such user here", "Subject: x\n");
        assert_eq!(hand_in(listener.address, "", &path, &bounce).await, None);
        listener.stop().await;
        story.kept().await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_to_the_unsubscribe_address_does_what_the_one_click_does() {
    on_both(|house| async move {
        let story = story(&house).await;
        story.send(1).await;
        let listener = returns::listen(&story.instance, anywhere()).await.unwrap();
        let address = story.unsubscribe_address("ada@a.example").await;
        let wish = letter("<ada@a.example>", "unsubscribe", "\n");
        for _ in 0..2 {
            assert_eq!(hand_in(listener.address, "ada@a.example", &address, &wish).await, None);
        }
        assert_eq!(story.state("ada@a.example").await, Some(SubscriptionState::Ended));
        assert_eq!(story.against("ada@a.example").await, ["unsubscribed here"]);
        let reader = story.reader("ada@a.example").await;
        let consents = audience::consents(&story.instance, reader.id).await.unwrap();
        let proofs: Vec<_> =
            consents.iter().map(|one| (one.act.clone(), one.form.clone(), one.wording.clone())).collect();
        assert_eq!(proofs.last().unwrap(), &("unsubscribed".into(), "mail".into(), "unsubscribe".into()));
        assert_eq!(proofs.iter().filter(|(act, ..)| act == "unsubscribed").count(), 1);
        listener.stop().await;
        (proofs, story.kept().await)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_of_a_reader_is_kept_without_what_it_quotes_and_its_quotes_are_not_lost_on_a_machine() {
    on_both(|house| async move {
        let story = story(&house).await;
        let dispatch = story.send(1).await;
        let listener = returns::listen(&story.instance, anywhere()).await.unwrap();
        let body = "Bonjour,\n\nMerci pour la bobine !\n\n\
                    On Mon, 23 Nov 2026 at 09:30, Ada <ada@letters.example> wrote:\n> Bonjour la mif,\n> Voici le fil.\n";
        let mail = letter("Zoé <zoe@b.example>", "Re: Une bobine 1", body);
        assert_eq!(hand_in(listener.address, "zoe@b.example", "r+gazette@letters.example", &mail).await, None);
        assert_eq!(hand_in(listener.address, "zoe@b.example", "r+gazette@letters.example", &mail).await, None);
        // A mail program that answers the return path, with the edition's own address on the envelope.
        let path = story.return_path(&dispatch, "ada@a.example").await;
        let other = letter("Ada <ada@a.example>", "Re: Une bobine 1", "Bien reçu.\n");
        assert_eq!(hand_in(listener.address, "ada@a.example", &path, &other).await, None);
        // A stranger may write too.
        let stranger = letter("Max <max@d.example>", "Bonjour", "Une question.\n");
        assert_eq!(hand_in(listener.address, "max@d.example", "R+Gazette@letters.example", &stranger).await, None);
        // An automatic answer is counted and not kept.
        let away = letter("Léa <lea@c.example>", "Absente", "Je reviens lundi.\n")
            .replace("MIME-Version", "Auto-Submitted: auto-replied\nMIME-Version");
        assert_eq!(hand_in(listener.address, "lea@c.example", "r+gazette@letters.example", &away).await, None);
        // No person writes with the null sender (RFC 5321 4.5.5), whatever the mail looks like.
        let machine = letter("Robot <robot@e.example>", "Bonjour", "Votre message a bien été lu.\n");
        assert_eq!(hand_in(listener.address, "", "r+gazette@letters.example", &machine).await, None);
        // RFC 5321 4.5.1: taken without a domain too.
        let house_mail = letter("Ida <ida@f.example>", "Une question", "Qui tient ce serveur ?\n");
        assert_eq!(hand_in(listener.address, "ida@f.example", "Postmaster", &house_mail).await, None);
        listener.stop().await;
        let replies = returns::replies(&story.instance, story.publication.id, (i64::MAX, i64::MAX), 10).await;
        let replies: Vec<_> = replies
            .unwrap()
            .into_iter()
            .map(|one| (one.from, one.name, one.subject, one.text, one.reader_id.is_some(), one.edition, one.read))
            .collect();
        assert_eq!(replies.len(), 4);
        let replies = &replies[1..];
        assert_eq!(replies[2].3, "Bonjour,\n\nMerci pour la bobine !");
        assert_eq!(replies[2].0.as_deref(), Some("zoe@b.example"));
        assert_eq!(replies[1].5.as_deref(), Some("Une bobine 1"));
        assert_eq!((replies[0].0.as_deref(), replies[0].4), (Some("max@d.example"), false));
        assert_eq!(returns::unread(&story.instance, story.publication.id).await.unwrap(), 4);
        let kept = story.kept().await;
        let actions: Vec<_> = kept.iter().map(|(action, ..)| action.as_str()).collect();
        assert_eq!(actions, ["auto_reply", "none"]);
        replies.to_vec()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_with_files_is_refused_politely_in_two_languages_and_one_too_large_by_its_size() {
    on_both(|house| async move {
        let story = story(&house).await;
        story.send(1).await;
        let listener = returns::listen(&story.instance, anywhere()).await.unwrap();
        let mail = "From: Zoé <zoe@b.example>\nTo: <r+gazette@letters.example>\nSubject: Une photo\n\
             Date: Mon, 23 Nov 2026 09:00:00 +0000\nMIME-Version: 1.0\n\
             Content-Type: multipart/mixed; boundary=\"edge\"\n\n--edge\nContent-Type: text/plain\n\nVoici.\n\n\
             --edge\nContent-Type: image/jpeg; name=\"photo.jpg\"\nContent-Disposition: attachment; filename=\"photo.jpg\"\n\
             Content-Transfer-Encoding: base64\n\n/9j/4AAQSkZJRgABAQ==\n--edge--\n";
        let (code, words) =
            hand_in(listener.address, "zoe@b.example", "r+gazette@letters.example", mail).await.unwrap();
        assert_eq!(code, 550);
        assert!(words.contains("Merci de renvoyer le mail sans fichier joint."), "{words}");
        assert!(words.contains("without attached files"), "{words}");
        assert!(words.is_ascii(), "{words}");
        let large = format!("Subject: x\n\n{}", "0123456789abcdef\n".repeat(600_000));
        let (code, _) =
            hand_in(listener.address, "zoe@b.example", "r+gazette@letters.example", &large).await.unwrap();
        assert_eq!(code, 552);
        listener.stop().await;
        returns::unread(&story.instance, story.publication.id).await.unwrap()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_committed_is_not_acknowledged() {
    on_both(|house| async move {
        let story = story(&house).await;
        let dispatch = story.send(1).await;
        let listener = returns::listen(&story.instance, anywhere()).await.unwrap();
        let path = story.return_path(&dispatch, "ada@a.example").await;
        let bounce = notification("ada@a.example", "5.1.1", "550 5.1.1 no such user here", "Subject: x\n");
        house::change(&story.instance, "ALTER TABLE returns RENAME TO away", params![]).await;
        let (code, _) = hand_in(listener.address, "", &path, &bounce).await.unwrap();
        assert_eq!(code, 451);
        assert_eq!(story.against("ada@a.example").await, Vec::<String>::new(), "all of it or nothing");
        house::change(&story.instance, "ALTER TABLE away RENAME TO returns", params![]).await;
        assert_eq!(hand_in(listener.address, "", &path, &bounce).await, None);
        assert_eq!(story.against("ada@a.example").await, hard_bounce());
        listener.stop().await;
        story.kept().await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_reader_stays_after_they_were_deleted() {
    on_both(|house| async move {
        let story = story(&house).await;
        let dispatch = story.send(1).await;
        let listener = returns::listen(&story.instance, anywhere()).await.unwrap();
        let path = story.return_path(&dispatch, "ada@a.example").await;
        let full =
            notification("ada@a.example", "5.2.2", "552 5.2.2 <ada@a.example> over quota", "Subject: x\n");
        hand_in(listener.address, "", &path, &full).await;
        let mail = letter("Ada <ada@a.example>", "Re: Une bobine 1", "Bien reçu.\n");
        hand_in(listener.address, "ada@a.example", "r+gazette@letters.example", &mail).await;
        let reader = story.reader("ada@a.example").await;
        let all = audience::kept(&story.instance, &reader).await.unwrap();
        assert_eq!(all["letters"][0]["text"], "Bien reçu.");
        assert_eq!(all["returns"].as_array().unwrap().len(), 1);
        audience::delete(&story.instance, &reader).await.unwrap();
        let returns = house::sql(&story.instance, "SELECT address, words FROM returns").await;
        assert!(returns.iter().all(|row| row.is_null(0) && row.is_null(1)), "{returns:?}");
        assert!(house::sql(&story.instance, "SELECT id FROM replies").await.is_empty());
        assert!(house::sql(&story.instance, "SELECT at FROM soft_returns").await.is_empty());
        // A bounce that comes later finds nobody, and writes no address down.
        story.instance.clock.advance(DAY);
        let late = notification("ada@a.example", "5.1.1", "550 5.1.1 no such user", "Subject: late\n");
        assert_eq!(hand_in(listener.address, "", &path, &late).await, None);
        listener.stop().await;
        story.kept().await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bounce_of_a_confirmation_mail_keeps_the_address_out_and_a_departure_never_blocks_the_way_back() {
    on_both(|house| async move {
        let story = story(&house).await;
        let listener = returns::listen(&story.instance, anywhere()).await.unwrap();
        let asks = async |address: &str| {
            let request = audience::Request {
                email: &house::at(address),
                first_name: None,
                language: None,
                wording: "Je m'abonne",
                form: audience::Form::Page,
                network: None,
            };
            audience::subscribe(&story.instance, &story.publication, request).await.unwrap();
        };
        asks("typo@d.example").await;
        let notices = "SELECT sender, recipient FROM notices ORDER BY recipient DESC";
        let sender = house::sql(&story.instance, notices).await[0].text(0).unwrap();
        let bounce = notification("typo@d.example", "5.1.1", "550 5.1.1 no such user here", "Subject: x\n");
        assert_eq!(hand_in(listener.address, "", &sender, &bounce).await, None);
        assert_eq!(story.against("typo@d.example").await, hard_bounce());

        // Whoever left, and whose address bounced besides, is still asked to confirm when they come back.
        let address = story.unsubscribe_address("ada@a.example").await;
        hand_in(listener.address, "ada@a.example", &address, &letter("<ada@a.example>", "unsubscribe", "\n"))
            .await;
        let dispatch = story.send(1).await;
        let event = story.event("one", &dispatch, "ada@a.example", policy::returns::Action::Suppress).await;
        returns::take_in(&story.instance, &event).await.unwrap();
        assert_eq!(story.against("ada@a.example").await, ["hard_bounce everywhere", "unsubscribed here"]);
        asks("ada@a.example").await;
        let queued: Vec<_> =
            house::sql(&story.instance, notices).await.iter().map(|row| row.text(1).unwrap()).collect();
        assert_eq!(queued, ["typo@d.example", "ada@a.example"]);
        // And signs in at the desk, where the same address is an account's.
        let account = accounts::create_owner(
            &story.instance,
            "ada@a.example",
            "Ada",
            "une petite phrase",
            i18n::Language::French,
        );
        let link = accounts::sign_in_link(&story.instance, account.await.unwrap().id, 10).await.unwrap();
        let session = accounts::sign_in_by_link(&story.instance, link.rsplit('/').next().unwrap()).await;
        assert!(session.is_ok());
        story.instance.clock.advance(DAY);
        story.confirms("ada@a.example").await;
        assert_eq!(story.against("ada@a.example").await, Vec::<String>::new());
        listener.stop().await;
        story.kept().await
    })
    .await;
}
