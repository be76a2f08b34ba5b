//! The rows that have been read of a table, with their places, and putting them in order.

use std::sync::Arc;

use rayon::prelude::*;

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

impl<T: Send + Sync> Rows<T> {
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
        id: impl Fn(&T) -> &str + Sync,
        duplicate: Code,
        what: &str,
        problems: &mut Vec<Diagnostic>,
    ) {
        if self.items.is_empty() && !self.is_incomplete {
            problems.push(Diagnostic::new(Code::NoRows, table.header_span(), "there are no rows under the header"));
        }
        if self.items.par_windows(2).all(|pair| id(&pair[0]) < id(&pair[1])) {
            return;
        }
        self.sort(&id);
        for at in 1..self.items.len() {
            let (before, this) = (id(&self.items[at - 1]), id(&self.items[at]));
            if before == this {
                let message = format!("{what} {} is there twice", quote(this));
                let help = format!("the one before is at {}", self.span(at - 1));
                problems.push(Diagnostic::new(duplicate, self.span(at), message).with_help(help));
            }
        }
    }

    /// Sorts the rows by id, and those of one id as they stand in the file.
    fn sort(&mut self, id: impl Fn(&T) -> &str + Sync) {
        // Most comparisons are decided by the first bytes after what all ids begin with, and these lie side by side.
        let shared = self.shared_prefix(&id);
        let mut order: Vec<(u64, u32)> =
            (0..).zip(&self.items).map(|(row, item)| (first_bytes(&id(item).as_bytes()[shared..]), row)).collect();
        let id_of = |row: u32| id(&self.items[row as usize]);
        order.par_sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| (id_of(a.1), a.1).cmp(&(id_of(b.1), b.1))));
        self.positions = order.iter().map(|&(_, row)| self.positions[row as usize]).collect();
        let mut rows: Vec<u32> = order.into_iter().map(|(_, row)| row).collect();
        permute(&mut self.items, &mut rows);
    }

    /// Returns how many bytes all ids have in common at their beginning.
    fn shared_prefix(&self, id: &impl Fn(&T) -> &str) -> usize {
        let Some(first) = self.items.first().map(|item| id(item).as_bytes()) else { return 0 };
        let common = |item: &T| first.iter().zip(id(item).as_bytes()).take_while(|(a, b)| a == b).count();
        self.items.iter().map(common).min().unwrap_or(0)
    }
}

/// Returns the first eight bytes as a number that sorts as they do.
fn first_bytes(bytes: &[u8]) -> u64 {
    let mut first = [0; 8];
    let length = bytes.len().min(8);
    first[..length].copy_from_slice(&bytes[..length]);
    u64::from_be_bytes(first)
}

/// Puts at each place the item whose place is `from` there, following the cycles of the permutation, which it uses up.
fn permute<T>(items: &mut [T], from: &mut [u32]) {
    for start in 0..items.len() {
        let mut at = start;
        while from[at] as usize != start {
            let source = from[at] as usize;
            items.swap(at, source);
            from[at] = at as u32;
            at = source;
        }
        from[at] = at as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Origin;
    use proptest::prelude::*;

    proptest! {
        /// As a stable sort by id would, rows and places alike.
        #[test]
        fn sorts_by_id_then_place(ids in prop::collection::vec("A-[ab]{0,12}", 0..40)) {
            let mut rows = Rows::none(Origin::file("t.csv"));
            for (line, id) in (1..).zip(&ids) {
                rows.push((id.clone(), line), Position { line, column: 1 });
            }
            rows.sort(|(id, _)| id);
            let mut expected: Vec<(String, u32)> = ids.into_iter().zip(1..).collect();
            expected.sort();
            prop_assert_eq!(rows.positions.iter().map(|p| p.line).collect::<Vec<_>>(), expected.iter().map(|(_, line)| *line).collect::<Vec<_>>());
            prop_assert_eq!(rows.items, expected);
        }
    }
}
