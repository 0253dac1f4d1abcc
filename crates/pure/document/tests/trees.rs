//! Reading and writing are each other's way back: on arbitrary trees, and on whatever text can be read.

mod grown;

use document::{read, write};
use proptest::prelude::*;

/// What gives Markdown trouble, for texts that nobody would write.
fn hostile(tokens: Vec<&'static str>) -> impl Strategy<Value = String> {
    let token = prop_oneof![
        5 => prop::sample::select(tokens).prop_map(str::to_owned),
        1 => "[a-zé\u{a0}🛸]{0,6}",
    ];
    prop::collection::vec(token, 0..40).prop_map(|tokens| tokens.concat())
}

/// The tokens that are rarely a fault by themselves, so that most texts can be read.
fn harmless() -> Vec<&'static str> {
    let faulty = |token: &&&str| {
        let whole =
            token.starts_with(":::") && token.contains('\n') && token.len() > 5 && !token.ends_with("}\n");
        let slot = token.starts_with("{") && token.ends_with('}') && token.len() > 2 && !token.contains('*');
        let span = token.starts_with(":") && token.ends_with('}');
        token.contains(['{', '<', ':']) && !whole && !slot && !span
            || token.contains("[^")
            || token.contains("![")
    };
    let mut tokens: Vec<&str> = TOKENS.iter().filter(|token| !faulty(token)).copied().collect();
    tokens.extend(["<!-- a -->\n", "\n\n:::ps\na\n:::\n", "![a](/b)", "\n[^a]: b\n", "]{}"]);
    tokens
}

const TOKENS: &[&str] = &[
    "\n",
    "\n",
    "\n",
    "\n\n",
    "\n\n",
    " ",
    "  ",
    "    ",
    "\t",
    "a",
    "b c",
    "*",
    "**",
    "***",
    "_",
    "__",
    "~~",
    "~",
    "`",
    "``",
    "```",
    "```\n",
    "~~~\n",
    "[",
    "]",
    "](/x)",
    "](<a b>)",
    "[a](/b \"c\")",
    "![a](/b)",
    "![a](/b)\n\n",
    "!",
    "<",
    ">",
    "> ",
    "<https://a.example/?b&c>",
    "<a@b.example>",
    "&amp;",
    "&#32;",
    "&#10;",
    "&copy",
    "\\",
    "\\\n",
    "- ",
    "* ",
    "+ ",
    "1. ",
    "1) ",
    "7. ",
    "- [ ] ",
    "- [x] a",
    "# ",
    "## ",
    "###### a #",
    "---\n",
    "***\n",
    "___\n",
    "===\n",
    "| a | b |\n|---|:-:|\n| c | d |\n",
    "| a |\n|--|\n",
    "|",
    ":",
    ":::",
    ":::\n",
    "::::\n",
    ":::ps\n",
    ":::quote{who=\"a } b\"}\n",
    "::::columns\n:::column\na\n:::\n:::column\nb\n:::\n::::\n",
    ":::toc\n:::\n",
    ":::image{src=\"/a\" alt=\"\"}\nb\n:::\n",
    ":::poll{question=\"a?\"}\n- b\n- c\n:::\n",
    ":::divider\n:::\n",
    ":mark[",
    ":em[",
    ":strong[ a]{}",
    ":del[",
    ":code[a\\`",
    ":code[|]{}",
    ":small[a]",
    ":abbr[a]{title=\"b*\"}",
    ":lang[a]{code=\"en\"}",
    "]{}",
    "{first_name}",
    "{first_name|la mif}",
    "{name|a\\}b}",
    "{email|*}",
    "{",
    "}",
    "<!-- a -->\n",
    "<!--\n:::ps\n-->\n",
    "[^a]",
    "[^a]: b\n",
    "\n[^a]: b\n",
    "[^b]",
    "\n\n[^b]: c\n\n    d\n",
    "[a]: /b\n",
    "[a]",
    "\r\n",
    "\r",
    "\0",
    "\u{a0}",
    "\u{2003}",
    "\u{b}",
    "\u{c}",
    "é",
    "(",
    ")",
    "\"",
    "'",
    ".",
    ",",
    "=",
    "-",
    "+",
    "#",
    "^",
    "$",
    "%",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_tree_comes_back_from_its_markdown(tree in grown::document()) {
        let text = write(&tree);
        let again = read(&text);
        prop_assert_eq!(again.as_ref(), Ok(&tree), "\n{}", text);
    }

    #[test]
    fn whatever_can_be_read_comes_back_from_its_markdown(text in hostile(TOKENS.to_vec())) {
        if let Ok(tree) = read(&text) {
            let written = write(&tree);
            prop_assert_eq!(read(&written), Ok(tree), "\n{:?}\n→\n{}", text, written);
        }
    }

    #[test]
    fn whatever_markdown_is_made_of_comes_back_from_its_markdown(text in hostile(harmless())) {
        if let Ok(tree) = read(&text) {
            let written = write(&tree);
            prop_assert_eq!(read(&written), Ok(tree), "\n{:?}\n→\n{}", text, written);
        }
    }

    #[test]
    fn any_text_is_read_or_refused_with_places_in_it(text in any::<String>()) {
        match read(&text) {
            Ok(tree) => prop_assert_eq!(read(&write(&tree)), Ok(tree)),
            Err(problems) => {
                prop_assert!(!problems.is_empty());
                for problem in problems {
                    prop_assert!(problem.line >= 1 && problem.column >= 1);
                }
            }
        }
    }
}
