//! CSV as Swedish Excel opens it, and files whose lines several threads put together.

use std::fmt::{self, Display};
use std::io::{self, Write};
use std::mem;

use rayon::prelude::*;

use crate::export::MASKED;
use crate::lists::Shown;
use crate::table::runs_as_formula;

/// Writes a file that begins with a head and has some text a row. Threads write the texts side by side; the file has them in order.
///
/// # Errors
///
/// Returns what the writer does.
pub(crate) fn write_rows<T: Sync>(
    to: &mut (dyn Write + Send),
    head: &[u8],
    rows: &[T],
    write: impl Fn(&mut Line, &T) + Sync,
) -> io::Result<()> {
    /// Rows that one thread writes at a time, and that are put together before they go to the file.
    const BLOCK: usize = 1 << 10;
    const BATCH: usize = 1 << 15;
    let mut ready = vec![Line { bytes: head.to_vec(), is_begun: false }];
    let mut next: Vec<Line> = Vec::new();
    for batch in rows.chunks(BATCH) {
        next.resize_with(batch.len().div_ceil(BLOCK), Line::default);
        let put_together = || {
            next.par_iter_mut().zip(batch.par_chunks(BLOCK)).for_each(|(block, rows)| {
                block.bytes.clear();
                for row in rows {
                    write(block, row);
                }
            });
        };
        let (written, ()) = rayon::join(|| ready.iter().try_for_each(|block| to.write_all(&block.bytes)), put_together);
        written?;
        mem::swap(&mut ready, &mut next);
    }
    ready.iter().try_for_each(|block| to.write_all(&block.bytes))?;
    to.flush()
}

/// Writes a CSV file.
///
/// # Errors
///
/// Returns what the writer does.
pub(crate) fn write_sheet<T: Sync>(
    to: &mut (dyn Write + Send),
    header: &[&str],
    rows: &[T],
    write: impl Fn(&mut Line, &T) + Sync,
) -> io::Result<()> {
    let mut head = Line { bytes: "\u{feff}".into(), is_begun: false };
    for name in header {
        head.value(name);
    }
    head.end();
    write_rows(to, &head.bytes, rows, write)
}

/// Lines that are being written, cell by cell.
#[derive(Debug, Default)]
pub(crate) struct Line {
    bytes: Vec<u8>,
    /// Whether the line has a cell.
    is_begun: bool,
}

/// A text for each row of a table, in one piece of memory for many: what a thread does once, row by row, so that those who go
/// through the rows in another order find everything in one place.
#[derive(Debug)]
pub(crate) struct Texts {
    blocks: Vec<Block>,
}

/// The texts of neighbouring rows.
#[derive(Debug)]
struct Block {
    bytes: Vec<u8>,
    /// Where each text begins, and where the last one ends.
    starts: Vec<usize>,
}

impl Texts {
    const BLOCK: usize = 1 << 12;

    /// Writes the text of each row; a row may have none.
    pub(crate) fn new<T: Sync>(rows: &[T], write: impl Fn(&mut Line, usize, &T) + Sync) -> Self {
        let block = |(number, rows): (usize, &[T])| {
            let mut line = Line::default();
            let mut starts = Vec::with_capacity(rows.len() + 1);
            starts.push(0);
            for (row, of_row) in (number * Self::BLOCK..).zip(rows) {
                line.is_begun = false;
                write(&mut line, row, of_row);
                starts.push(line.bytes.len());
            }
            Block { bytes: line.bytes, starts }
        };
        Self { blocks: rows.par_chunks(Self::BLOCK).enumerate().map(block).collect() }
    }

    /// Returns the text of a row.
    pub(crate) fn get(&self, row: usize) -> &[u8] {
        let Block { bytes, starts } = &self.blocks[row / Self::BLOCK];
        let within = row % Self::BLOCK;
        &bytes[starts[within]..starts[within + 1]]
    }
}

impl Line {
    /// Adds a cell. What a spreadsheet would run as a formula is neutralised.
    pub(crate) fn cell(&mut self, text: &str) {
        if runs_as_formula(text) { self.value(&format!("'{text}")) } else { self.value(text) }
    }

    /// Adds a cell with a value, or that it is masked.
    pub(crate) fn shown(&mut self, text: Shown<&str>) {
        self.cell(text.value().unwrap_or(MASKED));
    }

    /// Adds a cell that holds a number, a date or the like: nothing that needs quotation marks or could be a formula.
    pub(crate) fn plain(&mut self, value: impl Display) {
        self.delimit();
        self.write(format_args!("{value}"));
    }

    /// Adds cells that have been written.
    pub(crate) fn cells(&mut self, cells: &[u8]) {
        self.delimit();
        self.bytes.extend_from_slice(cells);
    }

    /// Ends the line.
    pub(crate) fn end(&mut self) {
        self.bytes.extend_from_slice(b"\r\n");
        self.is_begun = false;
    }

    /// Adds text that is no cell.
    pub(crate) fn write(&mut self, text: fmt::Arguments<'_>) {
        // A Vec takes every write.
        let _ = self.bytes.write_fmt(text);
    }

    /// Gives the bytes written so far, to be added to.
    pub(crate) fn bytes(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Adds a cell as RFC 4180 says.
    fn value(&mut self, text: &str) {
        self.delimit();
        if text.bytes().any(|byte| matches!(byte, b';' | b'"' | b'\n' | b'\r')) {
            self.write(format_args!("\"{}\"", text.replace('"', "\"\"")));
        } else {
            self.bytes.extend_from_slice(text.as_bytes());
        }
    }

    fn delimit(&mut self) {
        if mem::replace(&mut self.is_begun, true) {
            self.bytes.push(b';');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the csv crate writes.
    fn by_csv_crate(header: &[&str], rows: &[[&str; 3]]) -> Vec<u8> {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(b';')
            .terminator(csv::Terminator::CRLF)
            .from_writer("\u{feff}".as_bytes().to_vec());
        writer.write_record(header).unwrap();
        for row in rows {
            writer.write_record(row).unwrap();
        }
        writer.into_inner().unwrap()
    }

    #[test]
    fn writes_what_the_csv_crate_writes() {
        let texts = ["", "a", "a;b", "5\"", "\"", "a\nb", "a\rb", "å,b", " a ", "'x"];
        let rows: Vec<[&str; 3]> =
            (0..100_000).map(|row| [texts[row % 10], texts[row / 10 % 10], texts[row / 100 % 10]]).collect();
        let mut written = Vec::new();
        let header = ["one", "two;", "three"];
        let ends = Texts::new(&rows, |cells, _, row| row[1..].iter().for_each(|text| cells.cell(text)));
        let numbered: Vec<_> = rows.iter().enumerate().collect();
        write_sheet(&mut written, &header, &numbered, |line, (number, row)| {
            line.cell(row[0]);
            line.cells(ends.get(*number));
            line.end();
        })
        .unwrap();
        assert!(written == by_csv_crate(&header, &rows));
    }

    #[test]
    fn formulas_are_neutralised_and_numbers_are_plain() {
        let mut line = Line::default();
        line.cell("=1;2");
        line.plain(-1);
        line.end();
        assert_eq!(line.bytes, b"\"'=1;2\";-1\r\n");
    }
}
