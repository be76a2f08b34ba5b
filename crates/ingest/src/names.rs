//! The ids and names that season.toml defines, and finding what a cell means by one.

use feriematch_model::SmallSet;
use rustc_hash::FxHashMap;

use crate::delimited::Cell;
use crate::quote::quote;
use crate::suggest::{did_you_mean, nearest};
use crate::table::{Column, Row};
use crate::{Code, Diagnostic, Span};

/// The ids and names of one kind of thing, each leading to its index.
///
/// Names are found in any case. Where a definition could not be read the list is incomplete, and an unknown word is no
/// problem of its own.
#[derive(Debug, Clone)]
pub(crate) struct Names<I> {
    what: &'static str,
    unknown: Code,
    /// Only looked up in.
    by_word: FxHashMap<Box<str>, I>,
    words: Vec<Box<str>>,
    first: Option<I>,
    count: usize,
    is_complete: bool,
}

impl<I: Copy + PartialEq> Names<I> {
    /// Makes an empty list of, say, `"district"`s.
    pub(crate) fn new(what: &'static str, unknown: Code) -> Self {
        Self { what, unknown, by_word: FxHashMap::default(), words: Vec::new(), first: None, count: 0, is_complete: true }
    }

    /// Says that there may be more than is listed.
    pub(crate) fn set_incomplete(&mut self) {
        self.is_complete = false;
    }

    /// Adds an id; reports one that is taken.
    pub(crate) fn define_id(&mut self, id: &str, index: I, span: Span, problems: &mut Vec<Diagnostic>) {
        if self.find(id).is_some() {
            let message = format!("the id {} is defined twice", quote(id));
            let help = "ids differ in more than upper and lower case".to_owned();
            problems.push(Diagnostic::new(Code::DuplicateId, span, message).with_help(help));
            return;
        }
        self.first = self.first.or(Some(index));
        self.count += 1;
        self.add(id, index);
    }

    /// Adds a name; reports one that could mean another thing.
    pub(crate) fn define_name(&mut self, name: &str, index: I, span: Span, problems: &mut Vec<Diagnostic>) {
        match self.find(name) {
            Some(other) if other != index => {
                let message = format!("the name {} already stands for another {}", quote(name), self.what);
                problems.push(Diagnostic::new(Code::SharedName, span, message));
            }
            _ => self.add(name, index),
        }
    }

    /// Adds the words of another list, which has been checked.
    pub(crate) fn adopt<J: Copy + PartialEq>(&mut self, other: &Names<J>, index: impl Fn(J) -> I) {
        for word in &other.words {
            if let Some(meaning) = other.find(word) {
                self.add(word, index(meaning));
            }
        }
        self.is_complete &= other.is_complete;
    }

    fn add(&mut self, word: &str, index: I) {
        self.words.push(word.into());
        self.by_word.insert(word.into(), index);
        self.by_word.insert(word.to_lowercase().into(), index);
    }

    /// Returns what a word means.
    pub(crate) fn find(&self, word: &str) -> Option<I> {
        self.by_word.get(word).or_else(|| self.by_word.get(word.to_lowercase().as_str())).copied()
    }

    /// Returns every id and name, in the order of their definition.
    pub(crate) fn words(&self) -> impl ExactSizeIterator<Item = &str> {
        self.words.iter().map(|word| &**word)
    }

    /// Returns every id and name in lower case, with what they mean.
    pub(crate) fn folded(&self) -> impl Iterator<Item = (String, I)> {
        self.words.iter().filter_map(|word| Some((word.to_lowercase(), self.find(word)?)))
    }

    pub(crate) const fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Returns whether a row must say which one it means: unless there is but one.
    pub(crate) const fn must_be_chosen(&self) -> bool {
        self.is_complete && self.count != 1
    }

    /// Returns what a word means; reports an unknown one.
    pub(crate) fn resolve(&self, word: &str, span: impl FnOnce() -> Span, problems: &mut Vec<Diagnostic>) -> Option<I> {
        let found = self.find(word);
        if found.is_none() && self.is_complete {
            let message = format!("unknown {} {}", self.what, quote(word));
            let help = did_you_mean(nearest(word, self.words()));
            problems.push(Diagnostic::new(self.unknown, span(), message).with_help(help));
        }
        found
    }

    /// Returns what a cell means; reports an empty one and an unknown word.
    pub(crate) fn required(&self, row: &Row<'_>, column: Column, problems: &mut Vec<Diagnostic>) -> Option<I> {
        let cell = row.required(column, problems)?;
        self.resolve(&cell.text, || row.span(cell), problems)
    }

    /// Returns what a cell means; an empty one means the only thing there is, if there is but one.
    pub(crate) fn chosen(&self, row: &Row<'_>, column: Column, problems: &mut Vec<Diagnostic>) -> Option<I> {
        match row.value(column) {
            None if !self.must_be_chosen() => self.first,
            _ => self.required(row, column, problems),
        }
    }

    /// Returns the only thing there is, if there is but one.
    pub(crate) fn single(&self) -> Option<I> {
        self.first.filter(|_| !self.must_be_chosen())
    }
}

impl<I: Copy + PartialEq + Into<u32>> Names<I> {
    /// Returns the set that a cell lists, `a|b`; empty if the cell is.
    pub(crate) fn set(&self, row: &Row<'_>, column: Column, problems: &mut Vec<Diagnostic>) -> SmallSet<I> {
        row.value(column).map(|cell| self.set_in(row, cell, problems)).unwrap_or_default()
    }

    fn set_in(&self, row: &Row<'_>, cell: &Cell<'_>, problems: &mut Vec<Diagnostic>) -> SmallSet<I> {
        let mut set = SmallSet::new();
        for part in cell.text.split('|') {
            let word = part.trim();
            if word.is_empty() {
                let message = format!("the list {} has an empty entry", quote(&cell.text));
                problems.push(Diagnostic::new(Code::ValueMissing, row.span_within(cell, part), message));
            } else if let Some(index) = self.resolve(word, || row.span_within(cell, word), problems) {
                set.insert(index);
            }
        }
        set
    }
}
