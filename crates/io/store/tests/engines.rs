//! Both engines give the same answers to the same questions.

use store::{Query, Statement, Store, StoreError, Value, params};
use testkit::{House, on_both};

const ADD: Query = Query::new(
    "test.add",
    "INSERT INTO allowances (key, tokens, at) VALUES (?1, ?2, ?3) ON CONFLICT (key) DO UPDATE SET tokens = ?2",
);
const ADD_STRICTLY: Query =
    Query::new("test.add_strictly", "INSERT INTO allowances (key, tokens, at) VALUES (?1, ?2, ?3)");
const MOVE: Query =
    Query::new("test.move", "UPDATE allowances SET at = ?2 WHERE key = ?1 RETURNING key, tokens, at");
const DROP: Query = Query::new("test.drop", "DELETE FROM allowances WHERE key = ?1");
const ALL: Query =
    Query::new("test.all", "SELECT key, tokens, at, at > 2, NULL FROM allowances ORDER BY key");
const LISTED: Query = Query::new(
    "test.listed",
    "SELECT key FROM allowances WHERE key IN (SELECT value FROM {list_text:?1}) OR at IN (SELECT value FROM {list_int:?2}) ORDER BY key",
);
const MOVED: Query = Query::new(
    "test.moved",
    "UPDATE allowances SET at = CAST(moves.value ->> 'at' AS BIGINT)
     FROM (SELECT value FROM {list_json:?1}) AS moves
     WHERE allowances.key = moves.value ->> 'key'",
);

#[tokio::test]
async fn both_engines_answer_alike() {
    let end = on_both(|house| async move {
        let store = &house.instance.store;
        let rows = (0..5).map(|n| params![format!("k{n}"), f64::from(n) / 2.0, i64::from(n)]).collect();
        assert_eq!(store.write_many(ADD, rows).await.unwrap(), 5);
        let moved = store.write(MOVE, params!["k1", 10]).await.unwrap();
        let gone = store.execute(DROP, params!["k4"]).await.unwrap();
        let none = store.execute(DROP, params!["nobody"]).await.unwrap();
        let listed = store.read(LISTED, params![r#"["k0","k3"]"#, "[10]"]).await.unwrap();
        let list = r#"[{"key":"k2","at":77},{"key":"k3","at":78}]"#;
        let several = store.execute(MOVED, params![list]).await.unwrap();
        let all = store.read(ALL, params![]).await.unwrap();
        let yes: Vec<bool> = all.iter().map(|row| row.bool(3).unwrap()).collect();
        let shown: Vec<_> =
            all.iter().map(|r| (r.text(0).unwrap(), r.real(1).unwrap(), r.int(2).unwrap())).collect();
        (moved, gone, none, listed, several, shown, yes, all[0].is_null(4))
    })
    .await;
    assert_eq!(end.1, 1);
    assert_eq!(end.2, 0);
    assert_eq!(end.4, 2);
    assert_eq!(end.5[2], ("k2".to_owned(), 1.0, 77));
}

#[tokio::test]
async fn the_statements_of_a_transaction_are_done_in_their_order_also_the_first_time() {
    on_both(|house| async move {
        let store = &house.instance.store;
        store.execute(ADD, params!["a", 1.0, 1]).await.unwrap();
        let mut seen = Vec::new();
        for number in 0..20 {
            // The text of the first is new each time, that of the second is known to the engine.
            let set = format!("UPDATE allowances SET at = {number} WHERE key = 'a'");
            let set = Statement::composed("test.set", set, vec![]);
            let outcomes = store.transaction(vec![set, ALL.with(params![])]).await.unwrap();
            seen.push(outcomes[1].rows[0].int(2).unwrap());
        }
        assert_eq!(seen, (0..20).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn a_transaction_is_done_whole_or_not_at_all() {
    on_both(|house| async move {
        let store = &house.instance.store;
        store.execute(ADD, params!["a", 1.0, 1]).await.unwrap();
        let disappointed = store
            .transaction(vec![ADD.with(params!["b", 1.0, 1]), MOVE.with(params!["nobody", 1]).expecting(1)])
            .await;
        assert!(matches!(
            disappointed,
            Err(StoreError::Unexpected { query: "test.move", expected: 1, got: 0 })
        ));
        let taken = store
            .transaction(vec![ADD.with(params!["c", 1.0, 1]), ADD_STRICTLY.with(params!["a", 1.0, 1])])
            .await;
        assert!(matches!(taken, Err(StoreError::Taken { .. })), "{taken:?}");
        store.read(ALL, params![]).await.unwrap().len()
    })
    .await;
}

#[tokio::test]
async fn what_fails_in_a_group_undoes_only_itself() {
    let house = House::on_sqlite().await;
    let store = house.instance.store.clone();
    let writes = (0..200).map(|n| {
        let store = store.clone();
        tokio::spawn(async move {
            let key = if n % 2 == 0 { "same".to_owned() } else { format!("k{n}") };
            store.transaction(vec![ADD_STRICTLY.with(params![key, 1.0, n])]).await.is_ok()
        })
    });
    let mut done = 0;
    for write in writes.collect::<Vec<_>>() {
        done += usize::from(write.await.unwrap());
    }
    assert_eq!(done, 101);
    assert_eq!(store.read(ALL, params![]).await.unwrap().len(), 101);
}

#[tokio::test]
async fn a_backup_holds_everything_and_fills_either_engine() {
    on_both(|house| async move {
        let instance = &house.instance;
        let rows = (0..4_500).map(|n| params![format!("k{n:05}"), 0.5, n]).collect();
        instance.store.write_many(ADD, rows).await.unwrap();
        let file = house.folder().join("all.backup");
        let kept = instance.store.backup(&file).await.unwrap();
        assert!(
            matches!(instance.store.backup(&file).await, Err(StoreError::Backup(_))),
            "never over a file"
        );
        let mut ends = Vec::new();
        for other in [House::on_sqlite().await, House::on_postgres().await] {
            let back = other.instance.store.restore(&file).await.unwrap();
            assert_eq!(back, kept);
            ends.push(other.instance.store.read(ALL, params![]).await.unwrap().len());
            assert!(
                matches!(other.instance.store.restore(&file).await, Err(StoreError::Backup(_))),
                "never over rows"
            );
        }
        (kept, ends)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_of_one_moment_while_readers_come_in() {
    const READER: Query = Query::new(
        "test.reader",
        "INSERT INTO readers (id, email, email_key, suppression_key, domain, created_at)
         VALUES (?1, ?2, ?2, ?3, 'a.test', 0)",
    );
    const LETTER: Query = Query::new(
        "test.letter",
        "INSERT INTO publications (id, slug, name, from_address, language, time_zone, look, in_doubt, created_at)
         VALUES (1, 'a', 'A', 'a@a.test', 'fr', 'UTC', '{}', 'hold', 0)",
    );
    const TIE: Query = Query::new(
        "test.tie",
        "INSERT INTO subscriptions (publication_id, reader_id, state, since, changed_at, source)
         VALUES (1, ?1, 1, 0, 0, 'test')",
    );
    on_both(|house| async move {
        let store = house.instance.store.clone();
        store.execute(LETTER, params![]).await.unwrap();
        let come = async |number: i64| {
            let values = params![number, format!("r{number}@a.test"), vec![0_u8; 16]];
            store.transaction(vec![READER.with(values), TIE.with(params![number])]).await.unwrap();
        };
        for number in 1..=3_000 {
            come(number).await;
        }
        let (file, other) = (house.folder().join("moving.backup"), store.clone());
        let path = file.clone();
        let backup = tokio::spawn(async move { other.backup(&path).await });
        let mut number = 3_000;
        while !backup.is_finished() {
            number += 1;
            come(number).await;
        }
        let kept = backup.await.unwrap().unwrap();
        let rows = |table: &str| kept.iter().find(|(name, _)| name == table).unwrap().1;
        assert_eq!(rows("readers"), rows("subscriptions"));
        assert!(rows("readers") >= 3_000);
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_no_backup_changes_nothing() {
    let house = House::on_sqlite().await;
    let file = house.folder().join("not.backup");
    std::fs::write(&file, "hello").unwrap();
    let refused = house.instance.store.restore(&file).await;
    assert!(matches!(refused, Err(StoreError::Backup(why)) if why.contains("not a backup")));
}

#[tokio::test]
async fn opening_twice_keeps_what_is_there_and_a_newer_schema_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("sqlite:{}", folder.path().join("a.db").display());
    for database in [address, testkit::postgres_database().await] {
        let store = Store::open(&database).await.unwrap();
        store.execute(ADD, params!["a", 1.0, 1]).await.unwrap();
        store.close().await;
        let store = Store::open(&database).await.unwrap();
        assert_eq!(store.read(ALL, params![]).await.unwrap().len(), 1);
        let newer =
            "INSERT INTO schema_migrations (number, name, checksum, applied_at) VALUES (999, 'x', 'x', 0)";
        store.transaction(vec![Statement::composed("test.newer", newer.into(), vec![])]).await.unwrap();
        store.close().await;
        assert!(matches!(Store::open(&database).await, Err(StoreError::Newer { found: 999, .. })));
    }
}

#[tokio::test]
async fn a_wrong_address_says_how_to_write_one_and_hides_the_password() {
    let error = Store::open("mysql://ada:secret@db.example/x").await.err().map(|error| error.to_string());
    let words = error.unwrap_or_default();
    assert!(words.contains("sqlite:PATH") && !words.contains("secret"), "{words}");
}

#[tokio::test]
async fn a_value_of_another_kind_is_an_error_not_a_surprise() {
    on_both(|house| async move {
        let store = &house.instance.store;
        store.execute(ADD, params!["a", 1.0, 1]).await.unwrap();
        let row = store.read_one(ALL, params![]).await.unwrap().unwrap();
        assert!(matches!(row.int(0), Err(StoreError::Column { column: 0, .. })));
        assert_eq!(row.values()[4], Value::Null);
    })
    .await;
}
