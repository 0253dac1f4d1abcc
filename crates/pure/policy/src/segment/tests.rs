use proptest::prelude::*;

use super::*;

const ADA: ReaderTraits<'_> = ReaderTraits {
    tags: &["paris", "vip"],
    language: Some("fr-CA"),
    since: 100,
    source: "form",
    domain: "letters.example",
};

fn tag(tag: &str) -> Condition {
    Condition::Tag { tag: tag.to_owned() }
}

fn nested(levels: usize) -> Condition {
    (1..levels).fold(tag("a"), |inner, _| Condition::Not { of: Box::new(inner) })
}

#[test]
fn each_condition_says_what_it_holds() {
    let language = |is: &str| Condition::Language { is: is.to_owned() };
    let cases = [
        (tag("paris"), true),
        (tag("Paris"), false),
        (language("fr"), true),
        (language("FR-ca"), true),
        (language("f"), false),
        (language("fr-CA-x"), false),
        (language("en"), false),
        (Condition::SubscribedBefore { us: 100 }, false),
        (Condition::SubscribedBefore { us: 101 }, true),
        (Condition::SubscribedAfter { us: 100 }, true),
        (Condition::SubscribedAfter { us: 101 }, false),
        (Condition::Source { is: "form".into() }, true),
        (Condition::Source { is: "import".into() }, false),
        (Condition::Domain { is: "letters.example".into() }, true),
        (Condition::Domain { is: "example".into() }, false),
        (Condition::All { of: vec![tag("paris"), tag("vip")] }, true),
        (Condition::All { of: vec![tag("paris"), tag("lyon")] }, false),
        (Condition::Any { of: vec![tag("lyon"), tag("vip")] }, true),
        (Condition::Any { of: vec![tag("lyon")] }, false),
        (Condition::Not { of: Box::new(tag("lyon")) }, true),
    ];
    for (condition, expected) in cases {
        assert_eq!(condition.holds(&ADA), expected, "{condition:?}");
        assert_eq!(condition.validate(), Ok(()), "{condition:?}");
    }
    let unknown = ReaderTraits { language: None, ..ADA };
    assert!(!language("fr").holds(&unknown));
}

#[test]
fn the_form_in_the_database_does_not_change() {
    let condition = Condition::All {
        of: vec![
            tag("paris"),
            Condition::Not { of: Box::new(Condition::Language { is: "fr".into() }) },
            Condition::SubscribedBefore { us: 7 },
        ],
    };
    let json = r#"{"kind":"all","of":[{"kind":"tag","tag":"paris"},{"kind":"not","of":{"kind":"language","is":"fr"}},{"kind":"subscribed_before","us":7}]}"#;
    assert_eq!(serde_json::to_string(&condition).unwrap(), json);
    assert_eq!(serde_json::from_str::<Condition>(json).unwrap(), condition);
}

#[test]
fn what_is_not_a_condition_does_not_parse() {
    for json in [
        r#"{"kind":"sql","is":"1=1"}"#,
        r#"{"kind":"tag"}"#,
        r#"{"kind":"tag","tag":"a","or":"b"}"#,
        r#"{"kind":"subscribed_before","us":"now"}"#,
        r#"{"kind":"any","of":{}}"#,
        r#"[]"#,
    ] {
        assert!(serde_json::from_str::<Condition>(json).is_err(), "{json}");
    }
    let bomb = r#"{"kind":"not","of":"#.repeat(5000);
    assert!(serde_json::from_str::<Condition>(&bomb).is_err());
}

#[test]
fn a_condition_that_is_too_large_or_holds_nonsense_is_refused() {
    assert_eq!(nested(DEEPEST).validate(), Ok(()));
    assert_eq!(nested(DEEPEST + 1).validate(), Err(ConditionError::TooDeep));
    assert_eq!(Condition::Any { of: vec![tag("a"); MOST - 1] }.validate(), Ok(()));
    assert_eq!(Condition::Any { of: vec![tag("a"); MOST] }.validate(), Err(ConditionError::TooMany));
    assert_eq!(Condition::All { of: vec![] }.validate(), Err(ConditionError::EmptyGroup));
    for condition in [
        tag(""),
        tag("  "),
        tag("a\nb"),
        tag(&"x".repeat(LONGEST + 1)),
        Condition::Language { is: "fr_FR".into() },
        Condition::Domain { is: "Letters.example".into() },
        Condition::Source { is: "\0".into() },
    ] {
        assert!(matches!(condition.validate(), Err(ConditionError::Value { .. })), "{condition:?}");
    }
}

fn any_condition() -> impl Strategy<Value = Condition> {
    let leaf = prop_oneof![
        "[a-z]{1,5}".prop_map(|tag| Condition::Tag { tag }),
        "[a-z]{2}(-[A-Z]{2})?".prop_map(|is| Condition::Language { is }),
        any::<i64>().prop_map(|us| Condition::SubscribedAfter { us }),
        any::<i64>().prop_map(|us| Condition::SubscribedBefore { us }),
        "[a-z]{1,5}".prop_map(|is| Condition::Source { is }),
        "[a-z]{1,5}\\.example".prop_map(|is| Condition::Domain { is }),
    ];
    leaf.prop_recursive(5, 60, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|of| Condition::All { of }),
            prop::collection::vec(inner.clone(), 1..4).prop_map(|of| Condition::Any { of }),
            inner.prop_map(|of| Condition::Not { of: Box::new(of) }),
        ]
    })
}

proptest! {
    #[test]
    fn a_condition_comes_back_from_the_database_as_it_was(condition in any_condition()) {
        let json = serde_json::to_string(&condition).unwrap();
        prop_assert_eq!(serde_json::from_str::<Condition>(&json).unwrap(), condition);
    }

    #[test]
    fn a_reader_is_in_a_segment_or_in_its_opposite(condition in any_condition()) {
        let opposite = Condition::Not { of: Box::new(condition.clone()) };
        prop_assert_ne!(condition.holds(&ADA), opposite.holds(&ADA));
    }
}
