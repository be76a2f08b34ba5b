//! "Did you mean …?"

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use crate::quote::quote;

/// Returns the candidate that a mistyped word most likely means, if one is near enough and no other is as near.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let word = word.to_lowercase();
    let length = word.chars().count();
    let tolerance = match length {
        0..=2 => 0,
        3..=7 => 1,
        8..=11 => 2,
        _ => 3,
    };
    let mut least = tolerance + 1;
    let mut best: Option<(String, &str)> = None;
    let mut is_tied = false;
    for candidate in candidates {
        if candidate.len().abs_diff(word.len()) > 2 * tolerance {
            continue;
        }
        let folded = candidate.to_lowercase();
        let distance = strsim::osa_distance(&word, &folded);
        if distance < least {
            least = distance;
            is_tied = false;
            best = Some((folded, candidate));
        } else if distance == least && best.as_ref().is_some_and(|(other, _)| *other != folded) {
            is_tied = true;
        }
    }
    best.filter(|_| !is_tied).map(|(_, candidate)| candidate)
}

/// Words the help of a diagnostic: "did you mean `x`?".
pub(crate) fn did_you_mean(candidate: Option<&str>) -> Option<String> {
    candidate.map(|word| format!("did you mean {}?", quote(word)))
}

/// Lists choices: `a`, `b` or `c`.
pub(crate) fn choices<'c>(words: impl IntoIterator<Item = &'c str>) -> String {
    let quoted: Vec<String> = words.into_iter().map(quote).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// Finds suggestions among very many candidates, with a bound on the work: a file full of unknown words must not take hours.
#[derive(Debug)]
pub(crate) struct Suggester {
    found: RefCell<BTreeMap<Box<str>, Option<Box<str>>>>,
    comparisons_left: Cell<usize>,
}

impl Default for Suggester {
    fn default() -> Self {
        Self { found: RefCell::default(), comparisons_left: Cell::new(4_000_000) }
    }
}

impl Suggester {
    /// Returns what [`nearest`] returns, or nothing once the work is used up.
    pub(crate) fn nearest<'c>(&self, word: &str, candidates: impl ExactSizeIterator<Item = &'c str>) -> Option<Box<str>> {
        if let Some(known) = self.found.borrow().get(word) {
            return known.clone();
        }
        let left = self.comparisons_left.get().checked_sub(candidates.len())?;
        self.comparisons_left.set(left);
        let suggestion: Option<Box<str>> = nearest(word, candidates).map(Into::into);
        self.found.borrow_mut().insert(word.into(), suggestion.clone());
        suggestion
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_suggested_and_far_ones_are_not() {
        assert_eq!(nearest("J-017", ["J-003", "J-017B"]), Some("J-017B"));
        assert_eq!(nearest("norrmlam", ["ostermalm", "Norrmalm"]), Some("Norrmalm"));
        assert_eq!(nearest("p", ["P", "F"]), Some("P"));
        assert_eq!(nearest("X", ["P", "F"]), None);
        assert_eq!(nearest("J-8", ["J-1", "J-2"]), None);
        assert_eq!(nearest("norrmal", ["norrmalm", "Norrmalm"]), Some("norrmalm"));
        assert_eq!(nearest("park", ["skola"]), None);
        assert_eq!(choices(["a", "b", "c"]), "`a`, `b` or `c`");
    }

    #[test]
    fn the_work_is_bounded() {
        let suggester = Suggester { comparisons_left: Cell::new(3), ..Suggester::default() };
        assert_eq!(suggester.nearest("abd", ["abc", "xyz"].into_iter()).as_deref(), Some("abc"));
        assert_eq!(suggester.nearest("abe", ["abc", "xyz"].into_iter()), None);
        assert_eq!(suggester.nearest("abd", ["abc", "xyz"].into_iter()).as_deref(), Some("abc"));
    }
}
