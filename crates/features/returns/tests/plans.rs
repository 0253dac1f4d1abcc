//! No question about what came back reads a large table from end to end.

use store::params;
use testkit::assert_no_full_scan;

const LARGE: &[&str] = &[
    "returns",
    "soft_returns",
    "replies",
    "deliveries",
    "readers",
    "notices",
    "chunks",
    "r",
    "x",
    "d",
    "c",
    "spent_proofs",
];

#[tokio::test]
async fn no_question_about_what_came_back_reads_a_large_table_from_end_to_end() {
    let key = [0_u8; 16];
    for (name, values) in [
        ("returns.known", params!["a"]),
        ("returns.spend", params!["a", 1]),
        ("returns.notes", params![1, 0, 100]),
        ("returns.notes_about_nobody", params![0, 100]),
        ("returns.notes_about_gone", params![1, 0, 100]),
        ("returns.letters_since", params![1, 0, 100]),
        ("returns.sent_at", params![1, 1]),
        ("returns.forget_spent", params![1]),
        ("returns.list_of_nobody", params![i64::MAX, i64::MAX, "", 50]),
        ("returns.of_nobody", params![0]),
        ("returns.dispatch", params![1]),
        ("returns.notice", params![1]),
        ("returns.by_relay_id", params![1, "%abc%"]),
        ("returns.newest", params![1, 0, 0]),
        ("returns.soft", params![key]),
        ("returns.forget_soft", params![key, 1]),
        ("returns.went_well", params![1, 1]),
        ("returns.answers", params![1, 0, 5_000]),
        ("returns.by_action", params![1, 0]),
        ("returns.by_day", params![1, 0, 86_400_000_000_i64]),
        ("returns.list", params![1, i64::MAX, i64::MAX, 0, "", 50]),
        ("returns.troubles", params![1, 0]),
        ("returns.letters", params![1, i64::MAX, i64::MAX, 50]),
        ("returns.letter", params![1, 1]),
        ("returns.unread_letters", params![1]),
        ("returns.mark_read", params![1, 1, 1]),
        ("returns.mark_unread", params![1, 1]),
        ("returns.throw_away", params![1, 1]),
    ] {
        let query = returns::QUERIES.iter().find(|query| query.name == name);
        assert_no_full_scan(*query.unwrap_or_else(|| panic!("{name}")), values, LARGE).await;
    }
}
