//! Who an edition goes to.

use std::collections::BTreeMap;

use policy::segment::Condition;
use store::{Query, Statement, Value, params};
use testkit::on_both;

use super::{active, address, gazette, reader, state};
use crate::queries::readers::TAGGED;
use crate::{Audience, AudienceError, chosen, create_segment, matching};

async fn answer(
    house: &testkit::House,
    publication: i64,
    audience: &Audience,
) -> BTreeMap<i64, Option<String>> {
    let mut values: Vec<Value> = params![];
    let sql = chosen(&house.instance, publication, audience, &mut values).await.unwrap();
    let statement = Statement::composed("audience.test_chosen", sql, values);
    let rows = house.instance.store.read_statement(statement).await.unwrap();
    rows.iter().map(|row| (row.int(0).unwrap(), row.opt_text(1).unwrap())).collect()
}

#[tokio::test]
async fn everybody_is_counted_and_who_is_left_out_has_a_reason() {
    on_both(|house| async move {
        let instance = &house.instance;
        let gazette = gazette(&house).await;
        let mut ids = vec![];
        for name in ["active", "paused", "ended", "suppressed"] {
            ids.push(active(instance, &gazette, &format!("{name}@letters.example")).await);
        }
        super::ask(instance, &gazette, "pending@letters.example").await;
        let pending = reader(instance, "pending@letters.example").await;
        crate::pause(instance, &gazette, &ids[1], super::PROOF).await.unwrap();
        crate::end(instance, &gazette, &ids[2], "x").await.unwrap();
        let everywhere = policy::suppressions::Scope::Everywhere;
        let dead = policy::suppressions::Reason::HardBounce;
        crate::suppress(instance, &ids[3].email, everywhere, dead).await.unwrap();
        let found = answer(&house, gazette.id, &Audience::Everyone).await;
        let reasons: Vec<_> = ids
            .iter()
            .chain([&pending])
            .map(|reader| found[&reader.id].clone().unwrap_or_default())
            .collect();
        assert_eq!(reasons, ["", "paused", "ended", "suppressed", "pending"]);
        let one = Audience::Address(address("Paused@letters.example"));
        assert_eq!(answer(&house, gazette.id, &one).await.len(), 1);
        let nobody = Audience::Address(address("nobody@letters.example"));
        let refused = chosen(instance, gazette.id, &nobody, &mut vec![]).await;
        assert!(matches!(refused, Err(AudienceError::NotSubscribed(_))));
        state(instance, &gazette, &ids[3]).await;
        reasons
    })
    .await;
}

#[tokio::test]
async fn a_segment_finds_the_readers_its_condition_describes() {
    on_both(|house| async move {
        let instance = &house.instance;
        let gazette = gazette(&house).await;
        let ada = active(instance, &gazette, "ada@letters.example").await;
        instance.clock.advance(1_000_000);
        let zoe = active(instance, &gazette, "zoe@other.example").await;
        instance.store.execute(TAGGED, params![gazette.id, "paris", ada.id]).await.unwrap();
        let us = testkit::MORNING + 1_000_000;
        let tag = || Condition::Tag { tag: "paris".into() };
        let language = |is: &str| Condition::Language { is: is.into() };
        let cases = [
            ("tag", tag(), vec![ada.id]),
            ("not-tag", Condition::Not { of: Box::new(tag()) }, vec![zoe.id]),
            ("language", language("FR"), vec![ada.id, zoe.id]),
            ("other-language", language("fr-CA"), vec![]),
            ("before", Condition::SubscribedBefore { us }, vec![ada.id]),
            ("after", Condition::SubscribedAfter { us }, vec![zoe.id]),
            ("source", Condition::Source { is: "form".into() }, vec![ada.id, zoe.id]),
            ("domain", Condition::Domain { is: "other.example".into() }, vec![zoe.id]),
            (
                "both",
                Condition::All { of: vec![Condition::Any { of: vec![tag(), language("fr")] }, tag()] },
                vec![ada.id],
            ),
        ];
        for (slug, condition, expected) in cases {
            create_segment(instance, gazette.id, slug, slug, &condition).await.unwrap();
            let found = answer(&house, gazette.id, &Audience::Segment(slug.into())).await;
            assert_eq!(found.into_keys().collect::<Vec<_>>(), expected, "{slug}");
            let mut held: Vec<i64> = matching(instance, gazette.id, slug, &[ada.id, zoe.id, 99])
                .await
                .unwrap()
                .into_iter()
                .collect();
            held.sort_unstable();
            assert_eq!(held, expected, "{slug}");
        }
        let twice = create_segment(instance, gazette.id, "tag", "x", &tag()).await;
        assert!(matches!(twice, Err(AudienceError::SegmentTaken(_))));
        let unknown = chosen(instance, gazette.id, &Audience::Segment("nowhere".into()), &mut vec![]).await;
        assert!(unknown.unwrap_err().to_string().contains("after, before"));
    })
    .await;
}

#[tokio::test]
async fn a_tag_is_a_value_and_never_a_piece_of_the_statement() {
    const READERS: Query = Query::new("audience.test_readers", "SELECT COUNT(*) FROM readers");
    on_both(|house| async move {
        let gazette = gazette(&house).await;
        active(&house.instance, &gazette, "ada@letters.example").await;
        let condition = Condition::Tag { tag: "x') OR 1=1; DROP TABLE readers; --".into() };
        create_segment(&house.instance, gazette.id, "bobby", "Bobby", &condition).await.unwrap();
        assert_eq!(answer(&house, gazette.id, &Audience::Segment("bobby".into())).await.len(), 0);
        house.instance.store.read_one(READERS, params![]).await.unwrap().unwrap().int(0).unwrap()
    })
    .await;
}
