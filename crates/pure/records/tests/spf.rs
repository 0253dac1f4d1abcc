//! Evaluation of SPF over zones written down here.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use core::net::IpAddr;

use records::spf::{Answer, Answers, Kind, Outcome, Query, Question, Verdict, cost, evaluate};

/// Lines of `NAME KIND VALUE`; a value `!` fails for now.
fn answer(zone: &str, query: &Query) -> Answer {
    let kind = match query.kind {
        Kind::Txt => "TXT",
        Kind::A => "A",
        Kind::Aaaa => "AAAA",
        Kind::Mx => "MX",
        Kind::Ptr => "PTR",
    };
    let values: Vec<&str> = zone
        .lines()
        .filter_map(|line| line.trim().split_once(' '))
        .filter(|(name, _)| *name == query.name)
        .filter_map(|(_, rest)| rest.split_once(' '))
        .filter(|(known, _)| *known == kind)
        .map(|(_, value)| value)
        .collect();
    let texts = || values.iter().map(|value| value.to_string()).collect();
    match query.kind {
        _ if values.is_empty() => Answer::Nothing,
        _ if values == ["!"] => Answer::Failed,
        Kind::Txt => Answer::Texts(texts()),
        Kind::A | Kind::Aaaa => {
            Answer::Addresses(values.iter().map(|value| value.parse().unwrap()).collect())
        }
        Kind::Mx | Kind::Ptr => Answer::Names(texts()),
    }
}

fn ask(zone: &str, address: &str) -> Outcome {
    let address: IpAddr = address.parse().unwrap();
    let question = Question::new(address, "x.example", "strong-bad@x.example", "helo.example");
    let mut answers = Answers::default();
    for _ in 0..100 {
        match evaluate(&question, &answers) {
            Ok(outcome) => return outcome,
            Err(query) => {
                let answer = answer(zone, &query);
                answers.insert(query, answer);
            }
        }
    }
    panic!("the evaluation does not end");
}

fn check(zone: &str, address: &str, verdict: Verdict, because: &str) {
    let outcome = ask(zone, address);
    assert_eq!(outcome.verdict, verdict, "{address} {zone} {outcome:?}");
    assert!(outcome.because.as_deref().unwrap_or_default().contains(because), "{outcome:?}");
}

#[test]
fn the_first_mechanism_that_matches_decides() {
    let zone =
        "x.example TXT v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 a mx:m.example ~include:i.example -all
        x.example A 198.51.100.1
        m.example MX mx1.m.example
        m.example MX mx2.m.example
        mx1.m.example A 198.51.100.9
        mx2.m.example A 198.51.100.2
        mx2.m.example AAAA 2001:db9::2
        mx1.m.example AAAA 2001:db9::1
        i.example TXT other text
        i.example TXT v=spf1 ip4:203.0.113.7 -all";
    check(zone, "192.0.2.77", Verdict::Pass, "ip4:192.0.2.0/24");
    check(zone, "::ffff:192.0.2.77", Verdict::Pass, "ip4:192.0.2.0/24");
    check(zone, "2001:db8:9::1", Verdict::Pass, "ip6:");
    check(zone, "198.51.100.1", Verdict::Pass, "a");
    check(zone, "198.51.100.2", Verdict::Pass, "mx:m.example");
    check(zone, "203.0.113.7", Verdict::SoftFail, "include:i.example");
    check(zone, "203.0.113.8", Verdict::Fail, "-all");
    check("x.example TXT v=spf1 ip4:1.2.3.4", "9.9.9.9", Verdict::Neutral, "");
    check("x.example TXT hello", "9.9.9.9", Verdict::None, "");
    check("", "9.9.9.9", Verdict::None, "");
}

#[test]
fn redirects_macros_names_and_existence_are_followed() {
    let zone = "x.example TXT v=spf1 exists:%{ir}.%{l1r-}.ok.%{d} redirect=r.example
        7.2.0.192.strong.ok.x.example A 127.0.0.2
        r.example TXT v=spf1 ptr:names.example ?all
        9.2.0.192.in-addr.arpa PTR liar.names.example
        9.2.0.192.in-addr.arpa PTR true.names.example
        liar.names.example A 192.0.2.10
        true.names.example A 192.0.2.9";
    check(zone, "192.0.2.7", Verdict::Pass, "exists:");
    check(zone, "192.0.2.9", Verdict::Pass, "ptr:names.example");
    check(zone, "192.0.2.8", Verdict::Neutral, "?all");
}

#[test]
fn broken_records_and_silent_servers_are_told_apart() {
    let perm = |zone: &str, why: &str| check(zone, "192.0.2.1", Verdict::PermError, why);
    perm("x.example TXT v=spf1 -all\nx.example TXT v=spf1 ~all", "2 SPF records");
    perm("x.example TXT v=spf1 nonsense:1", "nonsense");
    perm("x.example TXT v=spf1 include:nobody.example -all", "include:nobody.example");
    perm("x.example TXT v=spf1 redirect=nobody.example", "redirect=nobody.example");
    perm("x.example TXT v=spf1 include:x.example -all", "more than 10");
    perm("x.example TXT v=spf1 a:a.example a:b.example a:c.example -all", "more than 2");
    let many: String = (0..11).map(|number| format!("\nx.example MX m{number}.example")).collect();
    perm(&format!("x.example TXT v=spf1 mx -all{many}"), "more than 10 mail servers");
    check("x.example TXT !", "192.0.2.1", Verdict::TempError, "x.example");
    check("x.example TXT v=spf1 a -all\nx.example A !", "192.0.2.1", Verdict::TempError, "");
    check(
        "x.example TXT v=spf1 include:i.example -all\ni.example TXT !",
        "192.0.2.1",
        Verdict::TempError,
        "i.example",
    );
}

#[test]
fn the_cost_counts_every_record_that_is_included() {
    let zone = "x.example TXT v=spf1 include:a.example mx include:%{d}.m.example redirect=b.example
        a.example TXT v=spf1 a mx include:c.example ~all
        b.example TXT v=spf1 ip4:1.2.3.4 -all
        c.example TXT v=spf1 exists:e.example -all";
    let mut answers = Answers::default();
    let found = loop {
        match cost("x.example", &answers) {
            Ok(found) => break found,
            Err(query) => {
                let answer = answer(zone, &query);
                answers.insert(query, answer);
            }
        }
    };
    assert_eq!((found.lookups, found.broken), (8, None));
}
