//! Licence expressions as Cargo.toml holds them: SPDX, and the older `MIT/Apache-2.0`.

/// Whether an expression can be satisfied with allowed licences alone.
///
/// `None` when it cannot be read.
pub(super) fn satisfied(expression: &str, allowed: &dyn Fn(&str) -> bool) -> Option<bool> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, at: 0, allowed };
    let value = reader.either()?;
    (reader.at == words.len()).then_some(value)
}

struct Reader<'a> {
    words: &'a [&'a str],
    at: usize,
    allowed: &'a dyn Fn(&str) -> bool,
}

impl Reader<'_> {
    fn next_if(&mut self, word: &str) -> bool {
        let found = self.words.get(self.at) == Some(&word);
        self.at += usize::from(found);
        found
    }

    // AND binds tighter than OR (SPDX annex D.4.5).
    fn either(&mut self) -> Option<bool> {
        let mut value = self.both()?;
        while self.next_if("OR") {
            value |= self.both()?;
        }
        Some(value)
    }

    fn both(&mut self) -> Option<bool> {
        let mut value = self.one()?;
        while self.next_if("AND") {
            value &= self.one()?;
        }
        Some(value)
    }

    fn one(&mut self) -> Option<bool> {
        if self.next_if("(") {
            let value = self.either()?;
            return self.next_if(")").then_some(value);
        }
        let name = *self.words.get(self.at)?;
        if matches!(name, ")" | "AND" | "OR" | "WITH") {
            return None;
        }
        self.at += 1;
        // An exception only adds permissions, so the licence itself decides.
        if self.next_if("WITH") {
            self.words.get(self.at)?;
            self.at += 1;
        }
        Some((self.allowed)(name))
    }
}

#[cfg(test)]
mod tests {
    use super::satisfied;

    #[test]
    fn expressions_are_satisfied_by_allowed_licences_alone() {
        let allowed = |name: &str| matches!(name, "MIT" | "ISC" | "Apache-2.0");
        for (expression, expected) in [
            ("MIT", Some(true)),
            ("GPL-3.0", Some(false)),
            ("MIT/GPL-3.0", Some(true)),
            ("Apache-2.0 OR GPL-2.0-only", Some(true)),
            ("MIT AND GPL-3.0", Some(false)),
            ("GPL-3.0 OR MIT AND ISC", Some(true)),
            ("(GPL-3.0 OR MIT) AND BSL-1.0", Some(false)),
            ("Apache-2.0 WITH LLVM-exception OR GPL-3.0", Some(true)),
            ("ISC AND (Apache-2.0 OR ISC OR MIT-0)", Some(true)),
            ("MIT OR", None),
            ("(MIT", None),
            ("MIT ISC", None),
            ("", None),
        ] {
            assert_eq!(satisfied(expression, &allowed), expected, "{expression}");
        }
    }
}
