//! A table of the season, whichever kind of file it comes from: a header that names columns, and rows under it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::delimited::{Cell, Delimited, QuoteFault, RowStart};
use crate::diagnostic::{Origin, Position};
use crate::quote::quote;
use crate::suggest::nearest;
use crate::values::Unreadable;
use crate::workbook::{CellFault, Sheet, SheetRows, Workbook};
use crate::{Code, Diagnostic, Span};

/// The tables of a season, and those that come later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TableKind {
    Applicants,
    Jobs,
    Overrides,
    Answers,
    TimeReports,
    /// A table that no season has.
    Other(&'static TableForm),
}

/// What a table that no season has looks like.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TableForm {
    /// What it holds: "indicators".
    pub name: &'static str,
    /// The names of its columns.
    pub columns: &'static [&'static str],
    /// Those of them without which it is not read.
    pub required: &'static [&'static str],
    /// Whether columns of other names hold numbers, each of a thing that the file names itself.
    pub has_other_columns: bool,
}

impl TableKind {
    /// Every table of a season: `season.toml` may map the columns of each.
    pub(crate) const ALL: [Self; 5] = [Self::Applicants, Self::Jobs, Self::Overrides, Self::Answers, Self::TimeReports];
    /// Those in the season's folder.
    pub(crate) const OF_SEASON: [Self; 3] = [Self::Applicants, Self::Jobs, Self::Overrides];

    /// Returns the name: of the file without its ending, and of the section under `[columns]`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Applicants => "applicants",
            Self::Jobs => "jobs",
            Self::Overrides => "overrides",
            Self::Answers => "answers",
            Self::TimeReports => "time_reports",
            Self::Other(form) => form.name,
        }
    }

    /// Returns the names of every column the table may have.
    pub(crate) const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Applicants => crate::applicants::COLUMNS,
            Self::Jobs => crate::jobs::COLUMNS,
            Self::Overrides => crate::overrides::COLUMNS,
            Self::Answers => crate::answers::COLUMNS,
            Self::TimeReports => crate::time_reports::COLUMNS,
            Self::Other(form) => form.columns,
        }
    }

    /// Returns whether columns of other names are read, too.
    const fn has_other_columns(self) -> bool {
        matches!(self, Self::Other(TableForm { has_other_columns: true, .. }))
    }

    /// Says what to do with a column that is not used, or has another name.
    fn help(self, of_season: String) -> String {
        match self {
            Self::Other(form) => {
                let names: Vec<String> = form.columns.iter().map(|name| quote(name)).collect();
                format!("the columns of the {} are {}", form.name, names.join(", "))
            }
            _ => of_season,
        }
    }
}

/// Brings a header to the form in which headers are compared: upper and lower case, spaces, `-` and `_` do not matter.
pub(crate) fn normalise(header: &str) -> String {
    header.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect()
}

/// What `season.toml` says about the headers of one table, in normal form.
#[derive(Debug, Clone, Default)]
pub(crate) struct ColumnMap {
    pub(crate) mapped: BTreeMap<String, &'static str>,
    pub(crate) ignored: BTreeSet<String>,
}

/// The content of a table's file, decoded.
pub(crate) enum Content {
    Text { file: String, text: String },
    Workbook { file: String, workbook: Workbook },
}

impl Content {
    pub(crate) fn file(&self) -> &str {
        match self {
            Self::Text { file, .. } | Self::Workbook { file, .. } => file,
        }
    }
}

/// A column of a table, present or not.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    index: Option<usize>,
}

impl Column {
    pub(crate) const fn is_present(self) -> bool {
        self.index.is_some()
    }
}

/// How many bytes of a text are read by one thread at a time: enough to be worth the hand-over, few enough for all threads to
/// have work.
const PART: usize = 1 << 20;

/// A table whose header has been read.
pub(crate) struct Table<'t> {
    pub(crate) origin: Arc<Origin>,
    columns: Vec<(&'static str, usize)>,
    /// The columns of other names, where they are read, too.
    others: Vec<(Box<str>, usize)>,
    width: usize,
    /// How many cells a row has at least: a spreadsheet may leave out empty cells at the end of a line.
    least: usize,
    header: Position,
    rows: Rows<'t>,
}

#[derive(Clone)]
enum Rows<'t> {
    Text(Delimited<'t>),
    Sheet(SheetRows<'t>),
}

/// A run of rows of a table, which is read without looking at the others.
pub(crate) struct Part<'h, 't> {
    table: &'h Table<'t>,
    rows: Rows<'t>,
    row: Row<'t>,
}

/// One row of a table.
pub(crate) struct Row<'t> {
    origin: Arc<Origin>,
    cells: Vec<Cell<'t>>,
    place: Place<'t>,
}

#[derive(Clone, Copy)]
enum Place<'t> {
    Text { text: &'t str, start: RowStart },
    Sheet { row: u32 },
}

impl Place<'_> {
    fn position(self, offset: usize) -> Position {
        match self {
            Self::Text { text, start } => Position { line: start.line, column: 1 }.after(&text[start.offset..offset]),
            Self::Sheet { row } => Position { line: row, column: offset as u32 },
        }
    }

    fn start(self) -> Position {
        match self {
            Self::Text { start, .. } => Position { line: start.line, column: 1 },
            Self::Sheet { row } => Position { line: row, column: 1 },
        }
    }
}

impl<'t> Table<'t> {
    /// Reads the header: of a text with the delimiter that finds most of the columns, of a workbook in the first sheet that
    /// has any.
    pub(crate) fn open(
        content: &'t Content,
        kind: TableKind,
        map: &ColumnMap,
        required: &[&'static str],
        problems: &mut Vec<Diagnostic>,
    ) -> Option<Self> {
        let file = Origin::file(content.file());
        let candidates: Vec<(Arc<Origin>, Rows<'t>)> = match content {
            Content::Text { text, .. } => [b';', b'\t', b',']
                .into_iter()
                .map(|delimiter| (Arc::clone(&file), Rows::Text(Delimited::new(text, delimiter))))
                .collect(),
            Content::Workbook { workbook, .. } => workbook
                .sheets
                .iter()
                .map(|sheet: &Sheet| (Origin::sheet(content.file(), &sheet.name), Rows::Sheet(SheetRows::new(sheet))))
                .collect(),
        };
        let mut unusable = Vec::new();
        let mut best: Option<(usize, Self, Row<'t>, Vec<Diagnostic>)> = None;
        for (origin, mut rows) in candidates {
            let mut header = Row { origin: Arc::clone(&origin), cells: Vec::new(), place: Place::Sheet { row: 1 } };
            let mut faults = Vec::new();
            if !rows.next_row(&mut header, &mut faults) {
                continue;
            }
            let known = header.cells.iter().filter(|cell| column_named(kind, map, &cell.text).is_some()).count();
            if known > best.as_ref().map_or(0, |(most, ..)| *most) {
                let at = header.place.start();
                best = Some((
                    known,
                    Self { origin, columns: Vec::new(), others: Vec::new(), width: 0, least: 0, header: at, rows },
                    header,
                    faults,
                ));
            } else if unusable.is_empty() {
                unusable = faults;
            }
        }
        let Some((_, mut table, header, mut faults)) = best else {
            problems.append(&mut unusable);
            let message = format!("no line names columns of the {}", kind.name().replace('_', " "));
            let help = format!("the first line names the columns: {}, …", required.join(", "));
            problems.push(Diagnostic::new(Code::NoHeader, Span::whole(&file), message).with_help(help));
            return None;
        };
        problems.append(&mut faults);
        table.read_header(&header, kind, map, required, problems);
        Some(table)
    }

    fn read_header(
        &mut self,
        header: &Row<'t>,
        kind: TableKind,
        map: &ColumnMap,
        required: &[&'static str],
        problems: &mut Vec<Diagnostic>,
    ) {
        self.width = header.cells.iter().rposition(|cell| !cell.text.is_empty()).map_or(0, |last| last + 1);
        let mut strangers = Vec::new();
        for (index, cell) in header.cells[..self.width].iter().enumerate() {
            match column_named(kind, map, &cell.text) {
                Some(name) if self.columns.iter().any(|&(known, _)| known == name) => {
                    let message = format!("column {} is there twice", quote(name));
                    problems.push(Diagnostic::new(Code::DuplicateColumn, header.span(cell), message));
                }
                Some(name) => self.columns.push((name, index)),
                None if map.ignored.contains(&normalise(&cell.text)) => {}
                None if kind.has_other_columns() && !cell.text.is_empty() => {
                    if self.others.iter().any(|(name, _)| normalise(name) == normalise(&cell.text)) {
                        let message = format!("column {} is there twice", quote(&cell.text));
                        problems.push(Diagnostic::new(Code::DuplicateColumn, header.span(cell), message));
                    }
                    self.others.push((Box::from(&*cell.text), index));
                }
                None => strangers.push(cell),
            }
        }
        self.least = self.columns.iter().filter(|(name, _)| required.contains(name)).map(|(_, at)| at + 1).max().unwrap_or(0);
        let absent = |name: &&&str| !self.columns.iter().any(|(known, _)| known == *name);
        let mut missing: Vec<&str> = required.iter().filter(absent).copied().collect();
        let unnumbered = kind.columns().iter().filter(absent).filter(|name| !name.starts_with("wish_"));
        let others: Vec<(&str, String)> = unnumbered.map(|name| (*name, normalise(name))).collect();
        for cell in strangers {
            let normal_form = normalise(&cell.text);
            let alike = nearest(&normal_form, others.iter().map(|(_, normal_form)| &**normal_form))
                .and_then(|found| others.iter().find(|(_, normal_form)| normal_form == found));
            let section = kind.name();
            let diagnostic = match alike {
                Some((name, _)) => {
                    missing.retain(|absent| absent != name);
                    Diagnostic::new(Code::MisspelledColumn, header.span(cell), format!("unknown column {}", quote(&cell.text)))
                        .with_help(kind.help(format!(
                            "did you mean `{name}`? If it is another column, add it to `ignore` under `[columns.{section}]`"
                        )))
                }
                _ if cell.text.is_empty() => {
                    Diagnostic::new(Code::UnknownColumn, header.span(cell), "a column without a name is not used")
                }
                _ => {
                    let message = format!("column {} is not used", quote(&cell.text));
                    let help = kind.help(format!("map it, or add it to `ignore`, under `[columns.{section}]` in season.toml"));
                    Diagnostic::new(Code::UnknownColumn, header.span(cell), message).with_help(help)
                }
            };
            problems.push(diagnostic);
        }
        for name in missing {
            self.report_missing(name, kind, problems);
        }
    }

    /// Reports that a column is missing.
    pub(crate) fn report_missing(&self, name: &str, kind: TableKind, problems: &mut Vec<Diagnostic>) {
        let help = kind.help(format!("if it has another name here, map it under `[columns.{}]` in season.toml", kind.name()));
        let span = Span::new(&self.origin, self.header);
        problems.push(Diagnostic::new(Code::ColumnMissing, span, format!("column {} is missing", quote(name))).with_help(help));
    }

    /// Returns a column by its name.
    pub(crate) fn column(&self, name: &'static str) -> Column {
        Column { name, index: self.columns.iter().find(|(known, _)| *known == name).map(|&(_, index)| index) }
    }

    /// Returns the columns of other names, with those names.
    pub(crate) fn others(&self) -> impl Iterator<Item = (&str, Column)> {
        self.others.iter().map(|(name, index)| (&**name, Column { name: "", index: Some(*index) }))
    }

    /// Returns the place of the header.
    pub(crate) fn header_span(&self) -> Span {
        Span::new(&self.origin, self.header)
    }

    /// Returns the rows under the header in parts, which do not depend on the number of threads.
    pub(crate) fn parts(&self) -> Vec<Part<'_, 't>> {
        let rows = match &self.rows {
            Rows::Text(text) => text.parts(PART).into_iter().map(Rows::Text).collect(),
            Rows::Sheet(_) => vec![self.rows.clone()],
        };
        let row = || Row { origin: Arc::clone(&self.origin), cells: Vec::new(), place: Place::Sheet { row: 1 } };
        rows.into_iter().map(|rows| Part { table: self, rows, row: row() }).collect()
    }
}

impl<'t> Part<'_, 't> {
    /// Reads the next row that has a value in it and fits the header; reports those that do not.
    ///
    /// `skipped` is set where a row had to be left out.
    pub(crate) fn next_row(&mut self, skipped: &mut bool, problems: &mut Vec<Diagnostic>) -> Option<&Row<'t>> {
        let Table { width, least, .. } = *self.table;
        let row = &mut self.row;
        loop {
            let mut faults = Vec::new();
            if !self.rows.next_row(row, &mut faults) {
                return None;
            }
            row.pad(width);
            let broken = !faults.is_empty();
            problems.append(&mut faults);
            let count = row.cells.iter().rposition(|cell| !cell.text.is_empty()).map_or(0, |last| last + 1);
            let given = row.cells.len();
            let ragged = count > width || (given < least && matches!(self.rows, Rows::Text(_)));
            if ragged && !broken {
                let cells = if count > width { count } else { given };
                let span = Span::new(&row.origin, row.place.start());
                let message = format!("the row has {cells} cells, the header {width}");
                let help = match self.rows {
                    Rows::Text(_) => "a delimiter or line break within a value needs quotation marks around the value",
                    Rows::Sheet(_) => "name the column, or clear the cells",
                };
                problems.push(Diagnostic::new(Code::RaggedRow, span, message).with_help(help.to_owned()));
            }
            if !ragged && !broken {
                return Some(&self.row);
            }
            *skipped = true;
        }
    }
}

fn column_named(kind: TableKind, map: &ColumnMap, header: &str) -> Option<&'static str> {
    let normal_form = normalise(header);
    map.mapped.get(&normal_form).copied().or_else(|| kind.columns().iter().copied().find(|name| normalise(name) == normal_form))
}

impl<'t> Rows<'t> {
    fn next_row(&mut self, row: &mut Row<'t>, problems: &mut Vec<Diagnostic>) -> bool {
        match self {
            Self::Text(text) => {
                let mut faults = Vec::new();
                let Some(start) = text.next_row(&mut row.cells, &mut faults) else { return false };
                row.place = Place::Text { text: text.text(), start };
                problems.extend(faults.into_iter().map(|fault| row.quote_fault(fault)));
            }
            Self::Sheet(sheet) => {
                let mut faults = Vec::new();
                let Some(number) = sheet.next_row(&mut row.cells, &mut faults) else { return false };
                row.place = Place::Sheet { row: number };
                problems.extend(faults.into_iter().map(|(column, fault)| row.cell_fault(column, fault)));
            }
        }
        true
    }
}

impl<'t> Row<'t> {
    /// Adds the empty cells at the end of a sheet's row, so that a missing value has a place.
    fn pad(&mut self, width: usize) {
        if let (Place::Sheet { .. }, Some(first)) = (self.place, self.cells.first()) {
            let next = first.offset + self.cells.len();
            let end = first.offset + width;
            self.cells.extend((next..end).map(|column| Cell { text: Cow::Borrowed(""), offset: column }));
        }
    }

    /// Returns a value, unless the column is absent or the cell empty.
    pub(crate) fn value(&self, column: Column) -> Option<&Cell<'t>> {
        column.index.and_then(|index| self.cells.get(index)).filter(|cell| !cell.text.is_empty())
    }

    /// Returns a value that must be there; reports an empty cell. An absent column has been reported with the header.
    pub(crate) fn required(&self, column: Column, problems: &mut Vec<Diagnostic>) -> Option<&Cell<'t>> {
        let value = self.value(column);
        if value.is_none() && column.is_present() {
            let message = format!("{} is empty", quote(column.name));
            problems.push(Diagnostic::new(Code::ValueMissing, self.span_of(column), message));
        }
        value
    }

    /// Reads a value, if there is one; reports one that cannot be read.
    pub(crate) fn parse<T>(
        &self,
        column: Column,
        problems: &mut Vec<Diagnostic>,
        read: impl FnOnce(&str) -> Result<T, Unreadable>,
    ) -> Option<T> {
        self.parse_named(column, column.name, problems, read)
    }

    /// Reads a value of a column of this name, likewise.
    pub(crate) fn parse_named<T>(
        &self,
        column: Column,
        name: &str,
        problems: &mut Vec<Diagnostic>,
        read: impl FnOnce(&str) -> Result<T, Unreadable>,
    ) -> Option<T> {
        let cell = self.value(column)?;
        read(&cell.text)
            .map_err(|unreadable| {
                let message = format!("{} in column {} {}", quote(&cell.text), quote(name), unreadable.what);
                problems.push(Diagnostic::new(unreadable.code, self.span(cell), message).with_help(unreadable.help));
            })
            .ok()
    }

    /// Returns the place of a value.
    pub(crate) fn span(&self, cell: &Cell<'_>) -> Span {
        Span::new(&self.origin, self.position(cell))
    }

    /// Returns the place of a column in this row.
    pub(crate) fn span_of(&self, column: Column) -> Span {
        match column.index.and_then(|index| self.cells.get(index)) {
            Some(cell) => self.span(cell),
            None => Span::new(&self.origin, self.place.start()),
        }
    }

    /// Returns the place of a part of a value, or of the value where its text differs from the file's.
    pub(crate) fn span_within(&self, cell: &Cell<'_>, part: &str) -> Span {
        let ahead = (part.as_ptr() as usize).wrapping_sub(cell.text.as_ptr() as usize);
        let verbatim = matches!(cell.text, Cow::Borrowed(_)) && matches!(self.place, Place::Text { .. });
        if verbatim && ahead <= cell.text.len() {
            return Span::new(&self.origin, self.place.position(cell.offset + ahead));
        }
        self.span(cell)
    }

    /// Returns the position of the row.
    pub(crate) fn start(&self) -> Position {
        self.place.start()
    }

    /// Returns the position of a value.
    pub(crate) fn position(&self, cell: &Cell<'_>) -> Position {
        self.place.position(cell.offset)
    }

    fn quote_fault(&self, fault: QuoteFault) -> Diagnostic {
        let (code, offset, message, help) = match fault {
            QuoteFault::Unterminated { offset } => (
                Code::UnterminatedQuote,
                offset,
                "this quotation mark is never closed; the rest of the file is taken as one value",
                "close it, or double it if it belongs to the value",
            ),
            QuoteFault::TextAfter { offset } => (
                Code::TextAfterQuote,
                offset,
                "text after a closing quotation mark",
                "double a quotation mark that belongs to the value",
            ),
        };
        Diagnostic::new(code, Span::new(&self.origin, self.place.position(offset)), message).with_help(help.to_owned())
    }

    fn cell_fault(&self, column: usize, fault: CellFault) -> Diagnostic {
        let (code, message, help) = match fault {
            CellFault::Error => (Code::ErrorCell, "the cell's formula gives an error", "mend the formula, or write the value"),
            CellFault::Inexact => {
                (Code::InexactNumber, "a number cell keeps 15 digits, and this one needed more", "format the cell as text")
            }
        };
        Diagnostic::new(code, Span::new(&self.origin, self.place.position(column)), message).with_help(help.to_owned())
    }
}
