//! Text made to be slow. There is no clock here: were any of these read in the square of its length, the suite would
//! not end.

use document::{MAX_TEXT, ProblemKind, read};

/// Long enough that its square is minutes.
const LENGTH: usize = MAX_TEXT / 8;

fn filled(part: &str) -> String {
    part.repeat(LENGTH / part.len())
}

#[test]
fn a_heap_of_marks_is_read_or_refused_as_fast_as_a_heap_of_words() {
    for part in PARTS {
        let _ = read(&filled(part));
    }
    let half = LENGTH / 2;
    for (first, second) in
        [("- ", "\n"), ("> ", "\n"), ("*a ", "_b "), ("[", "]"), ("`", "``"), ("[a](", ")"), ("\n- a", "\n")]
    {
        let text = first.repeat(half / first.len()) + &second.repeat(half / second.len());
        let _ = read(&text);
    }
    // Lists as deep as a megabyte can make them, then nothing but line ends.
    let steps: String = (0..700).map(|depth| format!("{}- a\n", "  ".repeat(depth))).collect();
    let _ = read(&(steps.clone() + &"\n".repeat(MAX_TEXT - steps.len())));
    // Runs of ticks, each of another length.
    let ticks: String = (1..1400).map(|length| format!("{}a", "`".repeat(length))).collect();
    let _ = read(&ticks);
}

const PARTS: &[&str] = &[
    "a",
    "a ",
    "a\n",
    "\n",
    "*",
    "**a",
    "*a* ",
    "_",
    "~~",
    "`",
    "[",
    "]",
    "![",
    "[a](",
    "[a](b",
    "[^a]",
    "[^a]: b\n",
    "[a]: b\n",
    "<",
    "<!--",
    "<a ",
    "<a@",
    "<!-- -->\n",
    "&",
    "&amp;",
    "\\",
    "\\\n",
    "> ",
    ">\n",
    "- ",
    "- a\n",
    "* a\n\n",
    "1. ",
    "# ",
    "|",
    "| a |\n",
    "|-",
    "a|b\n-|-\n",
    ":",
    ":a[",
    ":mark[",
    ":mark[a]{",
    ":abbr[a]{title=\"",
    ":::",
    ":::\n",
    ":::ps\n",
    ":::ps\n:::\n",
    "::::a\n",
    ":::quote{who=\"a\n",
    "{",
    "{a",
    "{first_name|",
    "{first_name|a",
    "{first_name}",
    "---\n",
    "***\n",
    "===\n",
    "```\n",
    "~~~",
    "    a\n",
    "\t",
    "\r\n",
    "\0",
    "é",
    "🛸",
    "\"",
    "<?",
    "<![CDATA[",
    "<a b=\"",
    "[[[a]](",
    "*a **b ",
    "*a _b ",
    "a\n=\n",
];

#[test]
fn a_text_over_the_limit_is_refused_before_it_is_read() {
    let problems = read(&"a".repeat(MAX_TEXT + 1)).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].kind, ProblemKind::TooLong { limit: MAX_TEXT });
}

#[test]
fn what_stands_too_deep_is_refused() {
    for text in [
        ">".repeat(17) + " a",
        "- ".repeat(40) + "a",
        "> - ".repeat(9) + "a",
        (0..17).map(|_| ":::ps\n").collect::<String>() + "a\n" + &":::\n".repeat(17),
        ":mark[".repeat(17) + "a" + &"]".repeat(17),
        "*a **b ".repeat(10) + &"x** y* ".repeat(10),
        "> ".repeat(70_000),
    ] {
        let problems = read(&text).unwrap_err();
        assert!(problems.iter().any(|problem| problem.kind.code() == "too-deep"), "{text:.60}: {problems:?}");
    }
    assert!(read(&(">".repeat(16) + " a")).is_ok());
    assert!(read(&(":mark[".repeat(15) + "a" + &"]".repeat(15))).is_ok());
}

#[test]
fn at_most_a_hundred_problems_are_told() {
    assert_eq!(read(&"{x} ".repeat(5_000)).unwrap_err().len(), 100);
}
