//! A backup holds everything, and comes back into an empty instance only.

#![allow(clippy::unwrap_used)]

mod program;

use program::Program;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_saved_comes_back_on_either_engine() {
    let [sqlite, postgres] = Program::on_both().await;
    let [new_sqlite, new_postgres] = Program::on_both().await;
    for (old, new) in [(sqlite, new_postgres), (postgres, new_sqlite)] {
        old.furnished().await;
        let file = old.path("everything.backup").display().to_string();
        old.run(&["backup", &file]).await.well();
        let twice = old.run(&["backup", &file]).await.refused(2);
        assert!(twice.contains("exists already"), "{twice}");
        new.run(&["restore", &file]).await.well();
        let export = ["readers", "export", "--publication", "gazette"];
        assert_eq!(old.run(&export).await.well(), new.run(&export).await.well());
        assert_eq!(old.run(&["edition", "list"]).await.well(), new.run(&["edition", "list"]).await.well());
        let again = new.run(&["restore", &file]).await.refused(2);
        assert!(again.contains("not empty"), "{again}");
        let garbage = new.file("garbage", "no backup");
        assert!(new.run(&["restore", &garbage]).await.refused(2).contains("not a backup"));
    }
}
