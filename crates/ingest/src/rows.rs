//! The rows that have been read of a table, with their places, and putting them in order.

use std::sync::Arc;

use crate::diagnostic::{Origin, Position};
use crate::quote::quote;
use crate::table::Table;
use crate::{Code, Diagnostic, Span};

/// What a table's rows became.
///
/// A row with a problem is there too, with placeholders for what could not be read, so that what refers to it is no problem
/// of its own. Since there is a problem, placeholders never leave the crate.
pub(crate) struct Rows<T> {
    pub(crate) origin: Arc<Origin>,
    pub(crate) items: Vec<T>,
    pub(crate) positions: Vec<Position>,
    /// Whether a row had to be left out.
    pub(crate) is_incomplete: bool,
    /// How many rows hold placeholders.
    pub(crate) placeholders: usize,
}

impl<T> Rows<T> {
    pub(crate) fn new(table: &Table<'_>) -> Self {
        Self::none(Arc::clone(&table.origin))
    }

    /// Returns no rows: those of a file that is not there.
    pub(crate) fn none(origin: Arc<Origin>) -> Self {
        Self { origin, items: Vec::new(), positions: Vec::new(), is_incomplete: false, placeholders: 0 }
    }

    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    pub(crate) fn get(&self, row: usize) -> &T {
        &self.items[row]
    }

    /// Adds the rows of the next part of the table.
    pub(crate) fn append(&mut self, mut part: Self) {
        self.items.append(&mut part.items);
        self.positions.append(&mut part.positions);
        self.is_incomplete |= part.is_incomplete;
        self.placeholders += part.placeholders;
    }

    pub(crate) fn push(&mut self, row: T, position: Position) {
        self.items.push(row);
        self.positions.push(position);
    }

    pub(crate) fn span(&self, row: usize) -> Span {
        Span::new(&self.origin, self.positions[row])
    }

    /// Sorts the rows by id; reports ids that are there twice, and a table without rows.
    pub(crate) fn finish(
        &mut self,
        table: &Table<'_>,
        id: impl Fn(&T) -> &str,
        duplicate: Code,
        what: &str,
        problems: &mut Vec<Diagnostic>,
    ) {
        if self.items.is_empty() && !self.is_incomplete {
            problems.push(Diagnostic::new(Code::NoRows, table.header_span(), "there are no rows under the header"));
        }
        let mut order: Vec<u32> = (0..self.items.len() as u32).collect();
        order.sort_by(|&a, &b| id(&self.items[a as usize]).cmp(id(&self.items[b as usize])));
        self.positions = order.iter().map(|&row| self.positions[row as usize]).collect();
        drop(order);
        self.items.sort_unstable_by(|a, b| id(a).cmp(id(b)));
        for at in 1..self.items.len() {
            let (before, this) = (id(&self.items[at - 1]), id(&self.items[at]));
            if before == this {
                let message = format!("{what} {} is there twice", quote(this));
                let help = format!("the one before is at {}", self.span(at - 1));
                problems.push(Diagnostic::new(duplicate, self.span(at), message).with_help(help));
            }
        }
    }
}
