//! Reading how an engine would answer: which tables it would read from end to end.

/// Lines of SQLite's `EXPLAIN QUERY PLAN`: `SCAN readers` is a full scan, `SCAN r USING COVERING INDEX` reads all of
/// an index, `SEARCH` uses one. A list that is walked for each row of a table is as bad: its table was searched by
/// less than the list asks for, such as all the tags of a publication for the tags of a few readers.
pub(crate) fn sqlite_scans(lines: &[String]) -> Vec<String> {
    let scanned = lines
        .iter()
        .filter_map(|line| line.strip_prefix("SCAN "))
        .filter(|rest| !rest.starts_with("CONSTANT ROW") && !rest.contains("json_each"));
    let walked = lines
        .windows(2)
        .filter(|pair| pair[1].starts_with("SCAN json_each"))
        .filter_map(|pair| pair[0].strip_prefix("SEARCH "));
    scanned.chain(walked).map(|rest| rest.split_whitespace().next().unwrap_or_default().to_owned()).collect()
}

/// Lines of PostgreSQL's `EXPLAIN`: `Seq Scan on readers r` is a full scan.
pub(crate) fn postgres_scans(lines: &[String]) -> Vec<String> {
    lines
        .iter()
        .filter_map(|line| line.split_once("Seq Scan on "))
        .map(|(_, rest)| rest.split_whitespace().next().unwrap_or_default().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_scan_is_seen_in_both_dialects() {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let sqlite = "SEARCH subscriptions USING PRIMARY KEY (publication_id=?)\nSCAN readers\nSCAN list VIRTUAL json_each";
        assert_eq!(sqlite_scans(&lines(sqlite)), ["readers"]);
        let walked = "SEARCH t USING PRIMARY KEY (publication_id=?)\nSCAN json_each VIRTUAL TABLE INDEX 1:";
        assert_eq!(sqlite_scans(&lines(walked)), ["t"]);
        let once =
            "SCAN json_each VIRTUAL TABLE INDEX 1:\nSEARCH t USING INDEX i (reader_id=?)\nLIST SUBQUERY 1";
        assert!(sqlite_scans(&lines(&format!("{once}\nSCAN json_each VIRTUAL TABLE INDEX 1:"))).is_empty());
        let postgres = "Limit\n  ->  Seq Scan on readers r  (cost=0)\n  ->  Index Scan using x on y";
        assert_eq!(postgres_scans(&lines(postgres)), ["readers"]);
    }
}
