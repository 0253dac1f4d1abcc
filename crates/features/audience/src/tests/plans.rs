//! No page reads a large table from end to end.

use store::params;
use testkit::assert_no_full_scan;

use crate::queries::{desk, import, readers};

const LARGE: &[&str] = &[
    "readers",
    "subscriptions",
    "consents",
    "reader_tags",
    "deliveries",
    "suppressions",
    "confirmations",
    "returns",
    "soft_returns",
    "replies",
    "r",
    "s",
    "t",
    "d",
];

#[tokio::test]
async fn no_page_about_readers_reads_a_large_table_from_end_to_end() {
    let hash = [0_u8; 16];
    for (query, values) in [
        (readers::BY_ID, params![1]),
        (readers::BY_KEY, params!["ada@letters.example"]),
        (readers::SUBSCRIPTIONS, params![1]),
        (readers::CONSENTS, params![1]),
        (readers::TAGS, params![1]),
        (readers::DELIVERIES, params![1]),
        (readers::SUPPRESSIONS, params![hash]),
        (readers::ASKED_AT, params![hash]),
        (readers::RETURNS, params![hash]),
        (readers::REPLIES, params![1]),
        (readers::FORGET_RETURNS, params![hash]),
        (readers::FORGET_SOFT_RETURNS, params![hash]),
        (readers::FORGET_REPLIES, params![1]),
        (readers::FORGET_LETTERS, params![hash]),
        (desk::COUNTS, params![1]),
        (desk::NEWEST, params![1, i64::MAX, 51]),
        (desk::NEWEST_IN_STATE, params![1, 1, i64::MAX, i64::MAX, 51]),
        (desk::BY_ADDRESS, params![1, "ada", "adb", 51]),
        (desk::BY_ADDRESS_IN_STATE, params![1, "ada", "adb", 51, 1]),
        (import::KNOWN, params!["[\"ada@letters.example\"]", 1]),
        (import::KNOWN_TAGS, params!["[1]", 1]),
        (import::EXPORT_PAGE, params![1, 0, 2000]),
        (import::EXPORT_TAGS, params!["[1]", 1]),
    ] {
        assert_no_full_scan(query, values, LARGE).await;
    }
}
