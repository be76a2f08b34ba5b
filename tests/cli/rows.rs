//! Tables as the tests read and write them: a header and rows of texts.

use std::fs;
use std::path::Path;

/// A table of texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rows {
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// One row with the names of its cells.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'t> {
    header: &'t [String],
    cells: &'t [String],
}

impl Rows {
    /// Reads a CSV file with the given delimiter.
    pub(crate) fn read(path: &Path, delimiter: u8) -> Self {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self::parse(&text, delimiter)
    }

    /// Parses CSV with the given delimiter; every row must be as long as the header.
    pub(crate) fn parse(text: &str, delimiter: u8) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).from_reader(text.as_bytes());
        let mut records = reader.records().map(|record| {
            let record = record.expect("a table of even rows");
            record.iter().map(str::to_owned).collect::<Vec<_>>()
        });
        let header = records.next().expect("a header");
        Self { header, rows: records.collect() }
    }

    /// Writes CSV with the given delimiter and ends of lines.
    pub(crate) fn to_csv(&self, delimiter: u8, terminator: csv::Terminator) -> String {
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).terminator(terminator).from_writer(Vec::new());
        for record in std::iter::once(&self.header).chain(&self.rows) {
            writer.write_record(record).expect("memory takes every write");
        }
        String::from_utf8(writer.into_inner().expect("memory takes every write")).expect("cells are text")
    }

    /// Returns the rows with the names of their cells.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|cells| Row { header: &self.header, cells })
    }

    /// Finds the row that has a value in a column.
    #[track_caller]
    pub(crate) fn find(&self, column: &str, value: &str) -> Row<'_> {
        self.iter().find(|row| row.get(column) == value).unwrap_or_else(|| panic!("no row has {column} `{value}`"))
    }
}

impl<'t> Row<'t> {
    /// Returns the cell of a column.
    #[track_caller]
    pub(crate) fn get(self, column: &str) -> &'t str {
        let at = self.header.iter().position(|name| name == column).unwrap_or_else(|| panic!("no column `{column}`"));
        &self.cells[at]
    }

    /// Returns the cell of a column that holds a whole number.
    #[track_caller]
    pub(crate) fn number(self, column: &str) -> u32 {
        self.get(column).parse().unwrap_or_else(|_| panic!("`{}` in {column} is not a number", self.get(column)))
    }
}
