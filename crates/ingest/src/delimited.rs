//! Text in rows of cells: RFC 4180 with any delimiter and any line end.
//!
//! The reader borrows from the text, knows the line and the offset of every cell, and reports a stray quotation mark where
//! a lenient reader would guess.

use std::borrow::Cow;

use memchr::{memchr, memchr2, memchr3};
use rayon::prelude::*;

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

    /// Splits what is left into parts of about so many bytes that end where a row ends, so that they can be read side by side.
    pub(crate) fn parts(&self, bytes: usize) -> Vec<Self> {
        let mut starts = vec![self.at];
        let mut rows = RowStarts::new(self.clone());
        while let Some(start) = rows.next_from(starts[starts.len() - 1] + bytes.max(1)) {
            starts.push(start);
        }
        let ends = || starts[1..].iter().copied().chain([self.text.len()]);
        let pieces: Vec<&str> = starts.iter().zip(ends()).map(|(&start, end)| &self.text[start..end]).collect();
        let lines: Vec<u32> = pieces.par_iter().map(|piece| line_breaks(piece)).collect();
        let mut line = self.line;
        let part = |((&at, end), lines): ((&usize, usize), &u32)| {
            let part = Self { text: &self.text[..end], delimiter: self.delimiter, at, line };
            line += lines;
            part
        };
        starts.iter().zip(ends()).zip(&lines).map(part).collect()
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
        let Quoted { end, doubled, closed } = self.quoted(start);
        self.at = if closed { end + 1 } else { end };
        if !closed {
            faults.push(QuoteFault::Unterminated { offset: start - 1 });
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

    /// Finds the end of a quoted value that begins here.
    fn quoted(&self, start: usize) -> Quoted {
        let bytes = self.text.as_bytes();
        let (mut end, mut doubled) = (start, false);
        while let Some(ahead) = memchr(b'"', &bytes[end..]) {
            if self.byte(end + ahead + 1) != Some(b'"') {
                return Quoted { end: end + ahead, doubled, closed: true };
            }
            doubled = true;
            end += ahead + 2;
        }
        Quoted { end: bytes.len(), doubled, closed: false }
    }

    fn skip_spaces(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().take_while(|&&byte| byte == b' ').count();
    }

    fn skip_to_cell_end(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += memchr3(self.delimiter, b'\n', b'\r', rest).unwrap_or(rest.len());
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

/// Where a quoted value ends: at the quotation mark, or the end of the text.
struct Quoted {
    end: usize,
    doubled: bool,
    closed: bool,
}

/// Finds where rows begin, looking at nothing but quotation marks and line ends.
struct RowStarts<'t> {
    reader: Delimited<'t>,
    /// Where a row begins, or a quotation mark stands before, that ends a value or opens none.
    at: usize,
    /// The first quotation mark from there on, or the end of the text.
    mark: usize,
}

impl<'t> RowStarts<'t> {
    fn new(reader: Delimited<'t>) -> Self {
        let mut starts = Self { at: reader.at, mark: 0, reader };
        starts.go_to(starts.at);
        starts
    }

    fn go_to(&mut self, at: usize) {
        let bytes = self.reader.text.as_bytes();
        self.at = at;
        self.mark = memchr(b'"', &bytes[at..]).map_or(bytes.len(), |ahead| at + ahead);
    }

    /// Returns the first row that begins at a place or after it; places ascend from call to call.
    fn next_from(&mut self, place: usize) -> Option<usize> {
        let bytes = self.reader.text.as_bytes();
        loop {
            // Up to the mark every line end ends a row.
            let from = self.at.max(place.saturating_sub(1)).min(self.mark);
            if let Some(ahead) = memchr2(b'\n', b'\r', &bytes[from..self.mark]) {
                let is_pair = bytes[from + ahead..].starts_with(b"\r\n");
                self.at = from + ahead + if is_pair { 2 } else { 1 };
                return Some(self.at).filter(|&start| start < bytes.len());
            }
            if self.mark == bytes.len() {
                return None;
            }
            let before = bytes[..self.mark].iter().rfind(|&&byte| byte != b' ');
            let opens = before.is_none_or(|&byte| self.reader.ends_cell(byte));
            let value = opens.then(|| self.reader.quoted(self.mark + 1));
            match value {
                Some(Quoted { closed: false, .. }) => return None,
                Some(Quoted { end, .. }) => self.go_to(end + 1),
                None => self.go_to(self.mark + 1),
            }
        }
    }
}

fn trimmed(text: &str, offset: usize) -> Cell<'_> {
    let value = trim(text);
    Cell { offset: offset + (value.as_ptr() as usize - text.as_ptr() as usize), text: Cow::Borrowed(value) }
}

/// Returns a text without the white space around it: `str::trim`, quick where next to it stand ASCII characters.
pub(crate) fn trim(text: &str) -> &str {
    let text = text.trim_ascii();
    match text.as_bytes() {
        [] | [b'!'..=b'~'] | [b'!'..=b'~', .., b'!'..=b'~'] => text,
        _ => text.trim(),
    }
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

    /// Reads the parts of a text, each of so many bytes at least, one after the other.
    fn read_parts(text: &str, bytes: usize) -> (Rows, Vec<QuoteFault>) {
        let (mut cells, mut faults, mut rows) = (Vec::new(), Vec::new(), Vec::new());
        for mut part in Delimited::new(text, b';').parts(bytes) {
            while let Some(start) = part.next_row(&mut cells, &mut faults) {
                rows.push((start.line, cells.iter().map(|cell| (cell.text.to_string(), cell.offset)).collect()));
            }
        }
        (rows, faults)
    }

    #[test]
    fn parts_end_where_rows_end() {
        let text = "a;\"x\r\ny\"\r\n5\" r\u{f6}r\n\n \"q\"\"\n\" ;\r\"never\n closed\n";
        let starts = |bytes| Delimited::new(text, b';').parts(bytes).iter().map(|part| part.at).collect::<Vec<_>>();
        assert_eq!(starts(1), [0, 10, 18, 19, 29]);
        assert_eq!(starts(11), [0, 18, 29]);
        assert_eq!(starts(1000), [0]);
    }

    proptest! {
        /// Wherever a text is cut into parts, they have its rows, lines, offsets and faults.
        #[test]
        fn parts_have_the_rows_of_the_whole(text in "[a;\"\r\n\u{e5} ]{0,40}", bytes in 0..12_usize) {
            prop_assert_eq!(read_parts(&text, bytes), read(&text));
        }

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
