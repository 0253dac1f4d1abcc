//! What an author is told, and where.

use document::{Problem, ProblemKind, read};
use i18n::Language;

/// Each problem as `line:column code`.
fn faults(text: &str) -> Vec<String> {
    match read(text) {
        Ok(tree) => panic!("{text:?} was read as {tree:?}"),
        Err(problems) => {
            problems.iter().map(|one| format!("{}:{} {}", one.line, one.column, one.kind.code())).collect()
        }
    }
}

#[test]
fn every_fault_is_found_at_its_place() {
    for (text, expected) in [
        // blocks
        (":::qoute\na\n:::", vec!["1:4 unknown-block"]),
        ("a\n\n:::ps\nb", vec!["3:1 not-closed"]),
        ("a\n:::", vec!["2:1 nothing-to-close"]),
        ("::::ps\na\n:::", vec!["1:1 not-closed", "3:1 nothing-to-close"]),
        ("::::ps\n:::quote\na\n::::", vec!["2:1 not-closed"]),
        (":::{who=\"a\"}", vec!["1:4 bad-fence"]),
        (":::quote{who=a}\nb\n:::", vec!["1:14 attribute-syntax"]),
        (":::quote{who=“a”}\nb\n:::", vec!["1:14 attribute-syntax"]),
        (":::quote{whom=\"a\"}\nb\n:::", vec!["1:10 unknown-attribute"]),
        (":::quote{who=\"a\" who=\"b\"}\nb\n:::", vec!["1:18 repeated-attribute"]),
        (":::button\na\n:::", vec!["1:4 missing-attribute"]),
        (":::button{href=\"\"}\na\n:::", vec!["1:17 empty-attribute"]),
        (":::button{href=\"javascript:a\"}\na\n:::", vec!["1:17 bad-address"]),
        (":::button{href=\"/a\"}\n:::", vec!["1:1 nothing-inside"]),
        (":::button{href=\"/a\"}\na\n\nb\n:::", vec!["4:1 not-a-paragraph"]),
        (":::button{href=\"/a\"}\n# a\n:::", vec!["2:1 not-a-paragraph"]),
        (":::image{src=\"/a\"}\n:::", vec!["1:4 missing-attribute"]),
        (":::image{src=\"/a\" alt=\"\" width=\"wide\"}\n:::", vec!["1:33 bad-number"]),
        (":::toc{depth=\"7\"}\n:::", vec!["1:15 bad-number"]),
        (":::toc\na\n:::", vec!["2:1 not-empty"]),
        (":::callout{kind=\"tipp\"}\na\n:::", vec!["1:18 bad-choice"]),
        (":::only\na\n:::", vec!["1:1 only-for-whom"]),
        (":::only{in=\"mail\" segment=\"a\"}\na\n:::", vec!["1:1 only-for-whom"]),
        (":::written{at=\"demain\"}\n:::", vec!["1:16 bad-time"]),
        ("::::columns\n:::column\na\n:::\n::::", vec!["1:1 bad-columns"]),
        ("::::columns\nb\n\n:::column\na\n:::\n::::", vec!["1:1 bad-columns", "2:1 wrong-inside"]),
        (":::column\na\n:::", vec!["1:1 wrong-place"]),
        ("::::people\n::::", vec!["1:1 nothing-inside"]),
        (":::poll{question=\"a\"}\n- b\n:::", vec!["1:1 bad-choices"]),
        (":::poll{question=\"a\"}\nb\n:::", vec!["1:1 bad-choices"]),
        ("- a\n  :::ps", vec!["2:3 indented"]),
        ("> :::ps\n> a\n> :::", vec!["1:3 indented", "3:3 indented"]),
        // text
        ("a {frist_name}", vec!["1:3 unknown-slot"]),
        ("a { b", vec!["1:3 bad-slot"]),
        ("a {first_name|b\nc}", vec!["1:3 bad-slot"]),
        ("a {}", vec!["1:3 bad-slot"]),
        ("*a {first_name|b* c}", vec!["1:4 bad-slot"]),
        ("a :marc[b]{}", vec!["1:3 unknown-span"]),
        ("a :mark[b", vec!["1:3 span-not-closed"]),
        ("a :abbr[b]", vec!["1:3 missing-attribute"]),
        ("a :lang[b]{code=\"français\"}", vec!["1:18 bad-tag"]),
        ("a <b>c</b>", vec!["1:3 html"]),
        ("a\n\n<div>\nb\n</div>", vec!["3:1 html"]),
        ("a <!-- b --> c", vec!["1:3 comment-in-line"]),
        ("<!-- b", vec!["1:1 comment-not-closed"]),
        ("é ![](/b)", vec!["1:3 missing-alt"]),
        ("[](/b)", vec!["1:1 empty-link"]),
        ("[a](javascript:b)", vec!["1:1 bad-address"]),
        ("![a](data:b)", vec!["1:1 bad-address"]),
        ("a[^b]", vec!["1:2 unknown-footnote"]),
        ("a:note[b]{}", vec!["1:2 unknown-footnote"]),
        ("a[^b]\n\n[^b]: c\n\n[^b]: d", vec!["5:1 repeated-footnote"]),
        // everything at once
        (
            "---\ntitre: a\n---\n:::qoute\na\n:::\n{x}\n<b>\n",
            vec!["2:1 unknown-field", "4:4 unknown-block", "7:1 unknown-slot", "8:1 html"],
        ),
    ] {
        assert_eq!(faults(text), expected, "{text}");
    }
}

#[test]
fn a_slip_of_the_finger_is_answered_with_the_word_that_was_meant() {
    for (text, meant) in [
        (":::sponser{name=\"a\"}\n:::", "sponsor"),
        (":::quote{wo=\"a\"}\n:::", "who"),
        (":::callout{kind=\"warn\"}\n:::", "warning"),
        ("{firstname|a}", "first_name"),
        (":abr[a]{}", "abbr"),
        ("---\nsubjet: a\n---\n", "subject"),
    ] {
        let sentence = read(text).unwrap_err()[0].sentence(Language::English);
        assert!(sentence.ends_with(&format!("Did you mean “{meant}”?")), "{sentence}");
    }
}

#[test]
fn a_problem_speaks_both_languages_and_to_programs() {
    let problems = read("a\n\n<br> b").unwrap_err();
    assert_eq!(problems[0].to_string(), "Line 3, column 1: HTML is not rendered (“br”). Write \\ instead");
    assert_eq!(
        problems[0].with_place(Language::French),
        "Ligne 3, colonne 1\u{202f}: Le HTML n’est pas affiché («\u{202f}br\u{202f}»). Écrivez plutôt \\"
    );
    assert_eq!(
        serde_json::to_value(&problems[0]).unwrap(),
        serde_json::json!({"line": 3, "column": 1, "code": "html", "message": "HTML is not rendered (“br”). Write \\ instead"})
    );
}

#[test]
fn every_problem_has_its_sentence_in_both_languages() {
    for key in i18n::keys(Language::English).iter().filter(|key| key.starts_with("document-")) {
        assert!(i18n::has(Language::French, key), "{key}");
    }
    let name = String::new;
    let kinds = [
        ProblemKind::TooDeep { limit: 1 },
        ProblemKind::TooManyBlocks { limit: 1 },
        ProblemKind::BadFootnote { label: name() },
        ProblemKind::MisplacedFootnote { label: name() },
        ProblemKind::Crossed,
        ProblemKind::NotWritable,
        ProblemKind::FieldList { name: name() },
        ProblemKind::RepeatedField { name: name() },
        ProblemKind::FieldQuotes { name: name() },
        ProblemKind::FrontLine,
        ProblemKind::FrontNotClosed,
        ProblemKind::BadSlug { nearest: name() },
        ProblemKind::TooLong { limit: 1 },
    ];
    for kind in kinds {
        let key = format!("document-{}", kind.code());
        assert!(i18n::has(Language::English, &key), "{key}");
        let problem = Problem { line: 1, column: 1, kind };
        assert!(!problem.sentence(Language::French).contains("{$"), "{key}");
    }
}
