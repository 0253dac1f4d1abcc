use proptest::prelude::*;

use super::*;

const STAGES: [Stage; 7] =
    [Stage::Connect, Stage::Ehlo, Stage::Auth, Stage::Mail, Stage::Rcpt, Stage::Data, Stage::Body];

/// An answer as it is written: `550 5.1.1 text`.
fn read(answer: &str, stage: Stage) -> Verdict {
    let (code, rest) = answer.split_once(' ').unwrap_or((answer, ""));
    let numbers: Vec<u16> =
        rest.split(' ').next().unwrap_or_default().split('.').filter_map(|n| n.parse().ok()).collect();
    let enhanced = match numbers[..] {
        [class, subject, detail] => Some((class as u8, subject, detail)),
        _ => None,
    };
    verdict(code.parse().unwrap(), enhanced, rest, stage)
}

#[test]
fn refusals_at_rcpt_mean_what_they_say() {
    use BounceKind as B;
    let cases = [
        (
            "550 5.1.1 <a@b.example>: Recipient address rejected: User unknown in local recipient table",
            B::AddressDead,
        ),
        ("550 5.1.1 The email account that you tried to reach does not exist. gsmtp", B::AddressDead),
        ("550 5.2.1 The email account that you tried to reach is disabled.", B::AddressDead),
        ("550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", B::AddressDead),
        ("550 No such user here", B::AddressDead),
        ("550 5.7.1 No such user!", B::AddressDead),
        ("551 User not local", B::AddressDead),
        ("550 5.1.6 Mailbox has moved", B::AddressDead),
        ("550 5.1.2 Bad destination host", B::HostDead),
        ("556 5.1.10 Recipient address has null MX", B::HostDead),
        ("521 5.3.2 Host does not accept mail", B::HostDead),
        ("550 5.4.4 Unable to route: Host or domain name not found", B::HostDead),
        ("552 5.2.2 Mailbox full", B::MailboxFull),
        ("552 Requested mail action aborted: exceeded storage allocation", B::MailboxFull),
        ("550 5.2.1 Mailbox is full, not accepting messages", B::MailboxFull),
        ("550 5.7.26 Unauthenticated email from x is not accepted due to DMARC policy", B::Authentication),
        ("550 5.7.515 Access denied, sending domain does not meet the required level", B::Authentication),
        ("550 5.7.25 The IP address does not have a PTR record", B::Authentication),
        ("554 5.7.1 Service unavailable; blocked using zen.spamhaus.org", B::Policy),
        ("550 5.7.1 Message rejected by policy", B::Policy),
        ("550 5.7.0 Whatever", B::Policy),
        ("550 5.7.606 Access denied, banned sending IP", B::Policy),
        ("550 blocked: no such user in our reputation system", B::Policy),
        ("552 5.3.4 Message too big", B::Content),
        ("550 Requested action not taken: mailbox unavailable", B::AddressDead),
        ("553 5.1.3 Bad address syntax", B::AddressDead),
        ("550 5.0.0 Whatever", B::Other),
        ("550", B::Other),
        ("500 5.5.1 Command unrecognized", B::Other),
    ];
    for (answer, kind) in cases {
        assert_eq!(read(answer, Stage::Rcpt), Verdict::Bounce(kind), "{answer}");
    }
}

#[test]
fn refusals_of_the_mail_itself_punish_no_reader() {
    let cases = [
        ("552 5.3.4 Message size exceeds fixed limit", BounceKind::Content),
        ("552 Too much mail data", BounceKind::Content),
        ("552 5.2.2 Over quota", BounceKind::MailboxFull),
        ("554 5.6.0 Message content rejected", BounceKind::Content),
        ("554 Looks like spam", BounceKind::Content),
        ("550 5.7.1 Blocked", BounceKind::Policy),
        ("554 Transaction failed", BounceKind::Other),
        ("554 5.7.1 Relay access denied", BounceKind::Policy),
    ];
    for (answer, kind) in cases {
        assert_eq!(read(answer, Stage::Body), Verdict::Bounce(kind), "{answer}");
        assert!(!kind.is_hard());
    }
    assert_eq!(read("550 5.1.1 User unknown", Stage::Body), Verdict::Bounce(BounceKind::AddressDead));
}

#[test]
fn what_a_server_thinks_of_us_closes_the_way_and_touches_no_reader() {
    for answer in [
        "554 5.7.1 <a@b.example>: Relay access denied",
        "550 5.7.1 Relaying denied",
        "554 5.7.1 <unknown[192.0.2.1]>: Client host rejected: Access denied",
        "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
        "550 5.1.8 <a@b.example>: Sender address rejected: Domain not found",
        "553 5.7.1 Sender address rejected: not owned by user ada",
        "530 5.7.0 Authentication required",
        "535 5.7.8 Authentication credentials invalid",
    ] {
        assert_eq!(read(answer, Stage::Rcpt), Verdict::RouteDown, "{answer}");
    }
    for stage in [Stage::Connect, Stage::Ehlo, Stage::Auth, Stage::Mail] {
        for answer in
            ["550 5.1.1 User unknown", "554 No SMTP service here", "521 5.3.2 No", "535 Bad password"]
        {
            assert_eq!(read(answer, stage), Verdict::RouteDown, "{answer} at {stage:?}");
        }
    }
}

#[test]
fn a_deferral_tells_whether_it_is_about_the_reader_or_the_way() {
    for (answer, route) in [
        ("450 4.2.0 Greylisted, please try again", false),
        ("452 4.2.2 Mailbox full", false),
        ("451 4.7.1 Try again later", false),
        ("450 4.1.1 User unknown in local recipient table", false),
        ("421 4.7.0 Closing the connection", true),
        ("421 4.7.28 Unusual rate of mail", true),
        ("450 4.7.28 Unusual", true),
        ("452 4.5.3 Too many recipients", true),
        ("452 4.3.1 Insufficient system storage", true),
        ("451 4.4.2 Bad connection", true),
        ("451 Rate limit exceeded", true),
    ] {
        for stage in [Stage::Rcpt, Stage::Data, Stage::Body] {
            assert_eq!(read(answer, stage), Verdict::Defer { route }, "{answer} at {stage:?}");
        }
        for stage in [Stage::Connect, Stage::Ehlo, Stage::Auth, Stage::Mail] {
            assert_eq!(read(answer, stage), Verdict::Defer { route: true }, "{answer} at {stage:?}");
        }
    }
}

#[test]
fn an_answer_that_is_none_refuses_nobody() {
    for code in [0, 99, 199, 300, 354, 399, 600, 999, u16::MAX] {
        assert_eq!(
            verdict(code, Some((5, 1, 1)), "user unknown", Stage::Rcpt),
            Verdict::Defer { route: true }
        );
    }
    assert_eq!(
        verdict(450, Some((5, 1, 1)), "", Stage::Rcpt),
        Verdict::Defer { route: false },
        "the basic code counts"
    );
}

#[test]
fn only_two_kinds_are_hard() {
    let kinds = [
        BounceKind::AddressDead,
        BounceKind::HostDead,
        BounceKind::MailboxFull,
        BounceKind::Policy,
        BounceKind::Content,
        BounceKind::Authentication,
        BounceKind::Other,
    ];
    assert_eq!(kinds.map(BounceKind::is_hard), [true, true, false, false, false, false, false]);
    assert_eq!(kinds.map(BounceKind::is_about_sender), [false, false, false, true, true, true, false]);
}

proptest! {
    #[test]
    fn no_answer_before_rcpt_ever_bounces_a_reader(
        code: u16, subject in 0_u16..8, detail in 0_u16..40, text in ".{0,80}", stage in 0_usize..4,
    ) {
        let enhanced = Some(((code / 100) as u8, subject, detail));
        prop_assert!(!matches!(verdict(code, enhanced, &text, STAGES[stage]), Verdict::Bounce(_)));
    }

    #[test]
    fn the_class_of_an_answer_decides(code in 200_u16..600, text in ".{0,80}", stage in 0_usize..7) {
        let verdict = verdict(code, None, &text, STAGES[stage]);
        match code / 100 {
            2 => prop_assert_eq!(verdict, Verdict::Accepted),
            5 => prop_assert!(matches!(verdict, Verdict::Bounce(_) | Verdict::RouteDown)),
            _ => {
                let deferred = matches!(verdict, Verdict::Defer { .. });
                prop_assert!(deferred);
            }
        }
    }

    #[test]
    fn without_a_code_or_a_word_for_it_nobody_is_dead(code in prop::sample::select(vec![500_u16, 501, 550, 553, 554]), text in "[0-9 .-]{0,40}") {
        let verdict = verdict(code, None, &text, Stage::Rcpt);
        prop_assert_eq!(verdict, Verdict::Bounce(BounceKind::Other));
    }
}

/// Rows of `said.tsv`: the reason, then what a server said. Reasons that lead to the same action may stand in for
/// each other where the words leave it open, so the action is what must be right.
#[test]
fn what_servers_say_leads_to_the_right_action() {
    let mut wrong = Vec::new();
    for line in include_str!("tests/said.tsv").lines() {
        let (reason, said) = line.split_once('\t').unwrap();
        let wanted = Reason::ALL.into_iter().find(|known| known.as_str() == reason).unwrap();
        let judged = judge(said).map(|judgement| judgement.reason);
        if judged.map(Reason::action) != Some(wanted.action()) {
            wrong.push(format!("{said}\n    is {reason}, not {judged:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn phrases_are_written_in_the_form_in_which_they_are_looked_for() {
    for (phrase, reason) in phrases::SURE {
        assert!(
            judge(phrase).is_some_and(|judgement| judgement.weight == Weight::Words),
            "{phrase} {reason:?}"
        );
    }
    for list in [phrases::FULL, phrases::UNKNOWN_USER, phrases::UNKNOWN_HOST, phrases::BLOCKED, phrases::SPAM]
    {
        for phrase in list {
            let said = phrase.replace(" * ", " x ");
            assert!(Words::new(&format!(" {said} .")).has(phrase), "{phrase}");
        }
    }
}
