//! Text in rows of cells: RFC 4180 with any delimiter and any line end.
//!
//! The reader borrows from the text, knows the line and the offset of every cell, and reports a stray quotation mark where
//! a lenient reader would guess.

use std::borrow::Cow;

use crate::diagnostic::line_breaks;

/// One cell, without surrounding white space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell<'t> {
    /// The value.
    pub(crate) text: Cow<'t, str>,
    /// Where the value begins: the byte in the text, or the column of a sheet.
    pub(crate) offset: usize,
}

/// Where a row begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowStart {
    pub(crate) offset: usize,
    pub(crate) line: u32,
}

/// What is wrong with the quotation marks, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum QuoteFault {
    /// A cell begins with a quotation mark that is never closed.
    Unterminated { offset: usize },
    /// Something other than a delimiter or a line end follows a closing quotation mark.
    TextAfter { offset: usize },
}

/// Reads rows one after the other.
#[derive(Debug, Clone)]
pub(crate) struct Delimited<'t> {
    text: &'t str,
    delimiter: u8,
    at: usize,
    line: u32,
}

impl<'t> Delimited<'t> {
    /// Begins at the top. The delimiter is an ASCII character.
    pub(crate) fn new(text: &'t str, delimiter: u8) -> Self {
        Self { text, delimiter, at: 0, line: 1 }
    }

    pub(crate) fn text(&self) -> &'t str {
        self.text
    }

    /// Reads the next row that is not empty, and what is wrong with its quotation marks.
    pub(crate) fn next_row(&mut self, cells: &mut Vec<Cell<'t>>, faults: &mut Vec<QuoteFault>) -> Option<RowStart> {
        while self.at < self.text.len() {
            cells.clear();
            let start = RowStart { offset: self.at, line: self.line };
            loop {
                let cell = self.cell(faults);
                cells.push(cell);
                if !self.skip_delimiter() {
                    break;
                }
            }
            self.skip_line_end();
            if !faults.is_empty() || cells.iter().any(|cell| !cell.text.is_empty()) {
                return Some(start);
            }
        }
        None
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn ends_cell(&self, byte: u8) -> bool {
        byte == self.delimiter || byte == b'\n' || byte == b'\r'
    }

    fn cell(&mut self, faults: &mut Vec<QuoteFault>) -> Cell<'t> {
        let start = self.at;
        self.skip_spaces();
        if self.byte(self.at) == Some(b'"') {
            return self.quoted_cell(faults);
        }
        self.skip_to_cell_end();
        trimmed(&self.text[start..self.at], start)
    }

    fn quoted_cell(&mut self, faults: &mut Vec<QuoteFault>) -> Cell<'t> {
        let start = self.at + 1;
        let mut doubled = false;
        let mut end = start;
        loop {
            match self.text[end..].find('"') {
                Some(ahead) if self.byte(end + ahead + 1) == Some(b'"') => {
                    doubled = true;
                    end += ahead + 2;
                }
                Some(ahead) => {
                    end += ahead;
                    self.at = end + 1;
                    break;
                }
                None => {
                    faults.push(QuoteFault::Unterminated { offset: start - 1 });
                    end = self.text.len();
                    self.at = end;
                    break;
                }
            }
        }
        let inside = &self.text[start..end];
        self.line += line_breaks(inside);
        self.skip_spaces();
        if self.byte(self.at).is_some_and(|byte| !self.ends_cell(byte)) {
            faults.push(QuoteFault::TextAfter { offset: self.at });
            self.skip_to_cell_end();
        }
        let mut cell = trimmed(inside, start);
        if doubled {
            cell.text = Cow::Owned(cell.text.replace("\"\"", "\""));
        }
        cell
    }

    fn skip_spaces(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().take_while(|&&byte| byte == b' ').count();
    }

    fn skip_to_cell_end(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().position(|&byte| self.ends_cell(byte)).unwrap_or(rest.len());
    }

    fn skip_delimiter(&mut self) -> bool {
        let delimited = self.byte(self.at) == Some(self.delimiter);
        self.at += usize::from(delimited);
        delimited
    }

    fn skip_line_end(&mut self) {
        let width = match (self.byte(self.at), self.byte(self.at + 1)) {
            (Some(b'\r'), Some(b'\n')) => 2,
            (Some(_), _) => 1,
            (None, _) => return,
        };
        self.at += width;
        self.line += 1;
    }
}

fn trimmed(text: &str, offset: usize) -> Cell<'_> {
    let from_value = text.trim_start();
    Cell { offset: offset + text.len() - from_value.len(), text: Cow::Borrowed(from_value.trim_end()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Rows = Vec<(u32, Vec<(String, usize)>)>;

    fn read(text: &str) -> (Rows, Vec<QuoteFault>) {
        let (mut reader, mut cells, mut faults, mut rows) = (Delimited::new(text, b';'), Vec::new(), Vec::new(), Vec::new());
        while let Some(start) = reader.next_row(&mut cells, &mut faults) {
            rows.push((start.line, cells.iter().map(|cell| (cell.text.to_string(), cell.offset)).collect()));
        }
        (rows, faults)
    }

    fn row(line: u32, cells: &[(&str, usize)]) -> (u32, Vec<(String, usize)>) {
        (line, cells.iter().map(|&(text, offset)| (text.to_owned(), offset)).collect())
    }

    #[test]
    fn lines_and_offsets_survive_quoted_line_breaks() {
        let (rows, faults) = read("a; b\r\n\r\n\"x\r\ny\";\"\"\"q\"\"\"\r\n;\r\nlast;");
        let expected =
            [row(1, &[("a", 0), ("b", 3)]), row(3, &[("x\r\ny", 9), ("\"q\"", 16)]), row(6, &[("last", 27), ("", 32)])];
        assert_eq!(rows, expected);
        assert_eq!(faults, []);
    }

    #[test]
    fn stray_quotation_marks_are_faults() {
        assert_eq!(read("\"a\"b;c\nd").1, [QuoteFault::TextAfter { offset: 3 }]);
        assert_eq!(read("\"a\"b;c\nd").0.len(), 2);
        assert_eq!(read("a;\"b\nc").1, [QuoteFault::Unterminated { offset: 2 }]);
        assert_eq!(read(" \"a;b\" ;c"), (vec![row(1, &[("a;b", 2), ("c", 8)])], vec![]));
        assert_eq!(read("5\" rör").0, [row(1, &[("5\" rör", 0)])]);
    }

    proptest! {
        /// What the csv crate writes is read back, cell for cell.
        #[test]
        fn reads_what_another_writer_writes(rows in prop::collection::vec(prop::collection::vec("[a;\"\r\nå ,]{1,5}x", 3), 1..5)) {
            let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
            for cells in &rows {
                writer.write_record(cells).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let (read, faults) = read(&text);
            prop_assert_eq!(faults, []);
            prop_assert_eq!(read.len(), rows.len());
            for ((_, cells), written) in read.iter().zip(&rows) {
                let trimmed: Vec<&str> = written.iter().map(|cell| cell.trim()).collect();
                let got: Vec<&str> = cells.iter().map(|(text, _)| text.as_str()).collect();
                prop_assert_eq!(got, trimmed);
            }
        }
    }
}
