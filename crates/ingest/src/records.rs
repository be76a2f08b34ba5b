//! A table of any kind, CSV or XLSX, read row by row, so that every problem is found with its place.

use std::ops::RangeInclusive;
use std::path::Path;

use crate::diagnostic::Origin;
use crate::quote::quote;
use crate::read::{ReadError, ReadOptions, read_content, read_file, refuse_errors, unreadable};
use crate::rows::Rows;
use crate::suggest::{choices, did_you_mean, nearest};
use crate::table::{ColumnMap, Row, Table, TableKind};
use crate::values::{self, Unreadable};
use crate::{Code, Diagnostic, Span};

pub use crate::table::TableForm;

/// What a table's rows became, sorted by their ids.
#[derive(Debug)]
pub struct Records<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// The names of the columns of other names, in the order of the file.
    pub others: Vec<Box<str>>,
    /// What may not be what was meant.
    pub warnings: Vec<Diagnostic>,
    spans: Vec<Span>,
    file: Span,
}

impl<T> Records<T> {
    /// Returns the place of a row.
    ///
    /// # Panics
    ///
    /// Panics if there is no such row.
    pub fn span(&self, row: usize) -> &Span {
        &self.spans[row]
    }

    /// Returns the file as a place.
    pub const fn file(&self) -> &Span {
        &self.file
    }
}

/// A row of the table, and what is wrong with it.
pub struct Record<'r, 't> {
    table: &'r Table<'t>,
    row: &'r Row<'t>,
    problems: &'r mut Vec<Diagnostic>,
}

/// Numbers with decimals are read in these parts of one.
pub const DECIMALS: u64 = 10_000;

impl Record<'_, '_> {
    /// Reads a text, if there is one.
    pub fn text(&self, column: &'static str) -> Option<Box<str>> {
        self.row.value(self.table.column(column)).map(|cell| Box::from(&*cell.text))
    }

    /// Reads an id, which must be there.
    pub fn id(&mut self, column: &'static str) -> Option<Box<str>> {
        let column = self.table.column(column);
        let id = self.row.required(column, self.problems).map(|cell| Box::from(&*cell.text));
        self.row.parse(column, self.problems, values::lone_id)?;
        id
    }

    /// Reads the ids of a list, separated by `|` or `,`; none if there is no value.
    pub fn list(&self, column: &'static str) -> Vec<Box<str>> {
        let value = self.row.value(self.table.column(column));
        let parts = value.into_iter().flat_map(|cell| cell.text.split(['|', ',']));
        parts.map(str::trim).filter(|part| !part.is_empty()).map(Box::from).collect()
    }

    /// Reads a whole number within a range, if there is one.
    ///
    /// # Errors
    ///
    /// Returns an error where another value has been reported.
    pub fn whole(&mut self, column: &'static str, range: RangeInclusive<u32>) -> Result<Option<u32>, Unread> {
        self.optional(column, values::whole(range))
    }

    fn optional<V>(
        &mut self,
        column: &'static str,
        read: impl FnOnce(&str) -> Result<V, Unreadable>,
    ) -> Result<Option<V>, Unread> {
        let column = self.table.column(column);
        match self.row.value(column) {
            None => Ok(None),
            Some(_) => self.row.parse(column, self.problems, read).map(Some).ok_or(Unread),
        }
    }

    /// Reads a number that is not negative in parts of [`DECIMALS`], if there is one.
    ///
    /// # Errors
    ///
    /// Returns an error where another value has been reported.
    pub fn number(&mut self, column: &'static str) -> Result<Option<u64>, Unread> {
        self.optional(column, number)
    }

    /// Reads one of some words, which must be there; reports another.
    pub fn choice<C: Copy>(&mut self, column: &'static str, of: &[(&str, C)]) -> Option<C> {
        let column = self.table.column(column);
        self.row.required(column, self.problems)?;
        let found = |text: &str| {
            let exact = of.iter().find(|(name, _)| *name == text).map(|&(_, choice)| choice);
            exact.ok_or_else(|| {
                let names = || of.iter().map(|(name, _)| *name);
                let help = did_you_mean(nearest(text, names())).unwrap_or_else(|| format!("write {}", choices(names())));
                Unreadable { code: Code::UnknownChoice, what: "is not one of the choices".to_owned(), help: Some(help) }
            })
        };
        self.row.parse(column, self.problems, found)
    }

    /// Reads a number in each column of another name, in parts of [`DECIMALS`]; reports those that are missing or no numbers.
    pub fn others(&mut self) -> Option<Vec<u64>> {
        let mut numbers = Vec::new();
        let mut is_complete = true;
        for (name, column) in self.table.others() {
            if self.row.value(column).is_none() {
                let message = format!("{} is empty", quote(name));
                let missing = Diagnostic::new(Code::ValueMissing, self.row.span_of(column), message);
                self.problems.push(missing.with_help("write 0 where there is none".to_owned()));
            }
            let number = self.row.parse_named(column, name, self.problems, number);
            is_complete &= number.is_some();
            numbers.extend(number);
        }
        is_complete.then_some(numbers)
    }

    /// Reports a problem of a column's value.
    pub fn report(&mut self, code: Code, column: &'static str, message: String, help: impl Into<Option<String>>) {
        let span = self.row.span_of(self.table.column(column));
        self.problems.push(Diagnostic::new(code, span, message).with_help(help));
    }
}

/// A value that could not be read, which has been reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unread;

/// Reads a number that is not negative with up to four decimals.
fn number(text: &str) -> Result<u64, Unreadable> {
    let fault =
        |code, what: &str| Unreadable { code, what: what.to_owned(), help: Some("write it as `1234` or `12,5`".to_owned()) };
    let (value, scale) =
        values::decimal(text).ok_or_else(|| fault(Code::NotANumber, "is not a number from 0 with decimals, if any"))?;
    if !DECIMALS.is_multiple_of(scale) {
        return Err(fault(Code::NotANumber, "has more than four decimals"));
    }
    // Sums of many of them fit, too.
    value.checked_mul(DECIMALS / scale).filter(|&n| n < 1 << 53).ok_or_else(|| fault(Code::OutOfRange, "is too large"))
}

/// Reads a table of any kind. `read` reads a row and reports what is wrong with it; `id` says what no two rows have in common.
///
/// # Errors
///
/// [`ReadError::Invalid`] has every problem of the file.
///
/// # Complexity
///
/// O(n log n) in the size of the file.
pub fn read_records<T: Send + Sync>(
    file: &Path,
    form: &'static TableForm,
    options: ReadOptions,
    mut read: impl FnMut(&mut Record<'_, '_>) -> Option<T>,
    id: impl Fn(&T) -> &str + Sync,
) -> Result<Records<T>, ReadError> {
    let name = file.file_name().map_or_else(|| file.display().to_string(), |name| name.to_string_lossy().into_owned());
    let bytes = read_file(file).map_err(|error| ReadError::Invalid(vec![unreadable(&name, &error)]))?;
    let mut problems = Vec::new();
    let mut found = None;
    let content = read_content(name.clone(), bytes, options.encoding, &mut problems);
    let map = ColumnMap::default();
    let table =
        content.as_ref().and_then(|content| Table::open(content, TableKind::Other(form), &map, form.required, &mut problems));
    if let Some(table) = table {
        let mut rows = Rows::new(&table);
        for mut part in table.parts() {
            while let Some(row) = part.next_row(&mut rows.is_incomplete, &mut problems) {
                let position = row.start();
                match read(&mut Record { table: &table, row, problems: &mut problems }) {
                    Some(item) => rows.push(item, position),
                    None => rows.placeholders += 1,
                }
            }
        }
        rows.is_incomplete |= rows.placeholders > 0;
        rows.finish(&table, id, Code::RowTwice, form.required.first().copied().unwrap_or("row"), &mut problems);
        let others = table.others().map(|(name, _)| Box::from(name)).collect();
        let spans = (0..rows.len()).map(|row| rows.span(row)).collect();
        found = Some((rows, others, spans));
    }
    let warnings = refuse_errors(problems)?;
    let (rows, others, spans) = found.filter(|(rows, ..)| !rows.is_incomplete).ok_or(ReadError::Unreported)?;
    Ok(Records { file: Span::whole(&Origin::file(&name)), rows: rows.items, others, warnings, spans })
}
