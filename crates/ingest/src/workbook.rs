//! The sheets of an XLSX file as rows of text.

use std::borrow::Cow;
use std::io::Cursor;

use calamine::{Data, ExcelDateTime, Range, Reader, Xlsx, XlsxError};

use crate::delimited::Cell;

/// The sheets that have anything in them, in the workbook's order.
pub(crate) struct Workbook {
    pub(crate) sheets: Vec<Sheet>,
}

/// One sheet.
pub(crate) struct Sheet {
    pub(crate) name: String,
    cells: Range<Data>,
}

/// What is wrong with a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CellFault {
    /// A formula's error value.
    Error,
    /// A number of more digits than a number cell keeps.
    Inexact,
}

impl Workbook {
    /// Reads a workbook from the bytes of its file.
    pub(crate) fn parse(bytes: Vec<u8>) -> Result<Self, XlsxError> {
        let mut file: Xlsx<_> = Xlsx::new(Cursor::new(bytes))?;
        let mut sheets = Vec::new();
        for name in file.sheet_names() {
            let cells = file.worksheet_range(&name)?;
            if !cells.is_empty() {
                sheets.push(Sheet { name, cells });
            }
        }
        Ok(Self { sheets })
    }
}

/// Reads the rows of a sheet one after the other.
#[derive(Clone)]
pub(crate) struct SheetRows<'t> {
    sheet: &'t Sheet,
    at: usize,
}

impl<'t> SheetRows<'t> {
    pub(crate) fn new(sheet: &'t Sheet) -> Self {
        Self { sheet, at: 0 }
    }

    /// Reads the next row that has a value in it, and which columns of it are faulty; returns its number in the sheet.
    pub(crate) fn next_row(&mut self, cells: &mut Vec<Cell<'t>>, faults: &mut Vec<(usize, CellFault)>) -> Option<u32> {
        let (top, left) = self.sheet.cells.start()?;
        while self.at < self.sheet.cells.height() {
            cells.clear();
            let row = self.at;
            self.at += 1;
            for (at, data) in self.sheet.cells[row].iter().enumerate() {
                let column = left as usize + at + 1;
                let text = text_of(data).unwrap_or_else(|fault| {
                    faults.push((column, fault));
                    Cow::Borrowed("")
                });
                cells.push(Cell { text, offset: column });
            }
            if !faults.is_empty() || cells.iter().any(|cell| !cell.text.is_empty()) {
                return Some(top + row as u32 + 1);
            }
        }
        None
    }
}

/// Returns what a cell holds as the text that a CSV file would hold.
fn text_of(data: &Data) -> Result<Cow<'_, str>, CellFault> {
    /// From here on neighbouring whole numbers share a floating-point number.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    Ok(match data {
        Data::Empty => Cow::Borrowed(""),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Cow::Borrowed(text.trim()),
        Data::Int(number) => number.to_string().into(),
        Data::Float(number) if number.abs() >= EXACT || !number.is_finite() => return Err(CellFault::Inexact),
        Data::Float(number) => number.to_string().into(),
        Data::Bool(yes) => Cow::Borrowed(if *yes { "true" } else { "false" }),
        Data::DateTime(moment) => date_or_time(moment).into(),
        Data::Error(_) => return Err(CellFault::Error),
    })
}

/// Writes `2027-06-14` for a whole day, `07:30` for a part of a day, and both for anything else.
fn date_or_time(moment: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    let time = if second == 0 { format!("{hour:02}:{minute:02}") } else { format!("{hour:02}:{minute:02}:{second:02}") };
    if (0.0..1.0).contains(&moment.as_f64()) {
        time
    } else if (hour, minute, second) == (0, 0, 0) {
        date
    } else {
        format!("{date} {time}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType::DateTime;

    #[test]
    fn cells_become_the_text_of_a_csv_file() {
        let text = |data: &Data| text_of(data).map(Cow::into_owned);
        assert_eq!(text(&Data::Float(17.0)), Ok("17".to_owned()));
        assert_eq!(text(&Data::Float(7.5)), Ok("7.5".to_owned()));
        assert_eq!(text(&Data::Float(201_103_151_239.0)), Ok("201103151239".to_owned()));
        assert_eq!(text(&Data::Float(1e17)), Err(CellFault::Inexact));
        assert_eq!(text(&Data::Bool(true)), Ok("true".to_owned()));
        assert_eq!(text(&Data::DateTime(ExcelDateTime::new(45943.0, DateTime, false))), Ok("2025-10-13".to_owned()));
        assert_eq!(text(&Data::DateTime(ExcelDateTime::new(0.3125, DateTime, false))), Ok("07:30".to_owned()));
        assert_eq!(text(&Data::DateTime(ExcelDateTime::new(45943.5, DateTime, false))), Ok("2025-10-13 12:00".to_owned()));
    }
}
