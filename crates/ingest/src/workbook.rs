//! The sheets of an XLSX file as rows of text.
//!
//! Cells are read one by one, so that a stray cell far below or to the right costs no more than any other.

use std::borrow::Cow;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, Xlsx, XlsxError};

use crate::delimited::Cell;

/// The sheets that have anything in them, in the workbook's order.
pub(crate) struct Workbook {
    pub(crate) sheets: Vec<Sheet>,
}

/// One sheet: its cells that are not empty, by row, then column.
pub(crate) struct Sheet {
    pub(crate) name: String,
    cells: Vec<SheetCell>,
    /// The first column that has a cell.
    left: u32,
}

/// One cell, its row and column counted from 1.
struct SheetCell {
    row: u32,
    column: u32,
    text: Result<Box<str>, CellFault>,
}

/// What is wrong with a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CellFault {
    /// A formula's error value.
    Error,
    /// A number of more digits than a number cell keeps.
    Inexact,
}

/// Why a file is no workbook.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WorkbookFault {
    #[error(transparent)]
    Format(#[from] XlsxError),
    /// Its cells are not where cells can be, or not in order, or the file made its reader fail.
    #[error("its cells are damaged")]
    Cells,
}

/// The size of a sheet in Excel.
const MOST_ROWS: u32 = 1_048_576;
const MOST_COLUMNS: u32 = 16_384;

impl Workbook {
    /// Reads a workbook from the bytes of its file.
    pub(crate) fn parse(bytes: Vec<u8>) -> Result<Self, WorkbookFault> {
        // The reader checks its arithmetic in debug builds only, and damaged files make it overflow.
        catch_unwind(AssertUnwindSafe(|| Self::parse_sound(bytes))).unwrap_or(Err(WorkbookFault::Cells))
    }

    fn parse_sound(bytes: Vec<u8>) -> Result<Self, WorkbookFault> {
        let mut file: Xlsx<_> = Xlsx::new(Cursor::new(bytes))?;
        let worksheets = file.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        let names: Vec<String> = worksheets.map(|sheet| sheet.name.clone()).collect();
        let mut sheets = Vec::new();
        for name in names {
            let mut cells: Vec<SheetCell> = Vec::new();
            let mut reader = file.worksheet_cells_reader(&name)?;
            while let Some(cell) = reader.next_cell()? {
                let (row, column) = cell.get_position();
                let ascends = cells.last().is_none_or(|last| (last.row, last.column) < (row + 1, column + 1));
                if row >= MOST_ROWS || column >= MOST_COLUMNS || !ascends {
                    return Err(WorkbookFault::Cells);
                }
                let text = text_of(cell.get_value()).map(Box::from);
                if text.as_deref().is_ok_and(str::is_empty) {
                    continue;
                }
                cells.push(SheetCell { row: row + 1, column: column + 1, text });
            }
            if let Some(left) = cells.iter().map(|cell| cell.column).min() {
                sheets.push(Sheet { name, cells, left });
            }
        }
        Ok(Self { sheets })
    }
}

/// Reads the rows of a sheet one after the other.
#[derive(Clone)]
pub(crate) struct SheetRows<'t> {
    rest: &'t [SheetCell],
    left: u32,
}

impl<'t> SheetRows<'t> {
    pub(crate) fn new(sheet: &'t Sheet) -> Self {
        Self { rest: &sheet.cells, left: sheet.left }
    }

    /// Reads the next row that has a value in it, and which columns of it are faulty; returns its number in the sheet.
    pub(crate) fn next_row(&mut self, cells: &mut Vec<Cell<'t>>, faults: &mut Vec<(usize, CellFault)>) -> Option<u32> {
        let number = self.rest.first()?.row;
        let (row, rest) = self.rest.split_at(self.rest.partition_point(|cell| cell.row == number));
        self.rest = rest;
        cells.clear();
        for cell in row {
            let next = cells.len() as u32 + self.left;
            cells.extend((next..cell.column).map(|column| Cell { text: Cow::Borrowed(""), offset: column as usize }));
            let text = match &cell.text {
                Ok(text) => Cow::Borrowed(&**text),
                Err(fault) => {
                    faults.push((cell.column as usize, *fault));
                    Cow::Borrowed("")
                }
            };
            cells.push(Cell { text, offset: cell.column as usize });
        }
        Some(number)
    }
}

/// Returns what a cell holds as the text that a CSV file would hold.
fn text_of<'d>(data: &'d DataRef<'_>) -> Result<Cow<'d, str>, CellFault> {
    /// From here on neighbouring whole numbers share a floating-point number.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    Ok(match data {
        DataRef::Empty => Cow::Borrowed(""),
        DataRef::SharedString(text) => Cow::Borrowed(text.trim()),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cow::Borrowed(text.trim()),
        DataRef::Int(number) => number.to_string().into(),
        DataRef::Float(number) if number.abs() >= EXACT || !number.is_finite() => return Err(CellFault::Inexact),
        DataRef::Float(number) => number.to_string().into(),
        DataRef::Bool(yes) => Cow::Borrowed(if *yes { "true" } else { "false" }),
        DataRef::DateTime(moment) => date_or_time(moment).into(),
        DataRef::Error(_) => return Err(CellFault::Error),
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
        let text = |data: &DataRef| text_of(data).map(Cow::into_owned);
        assert_eq!(text(&DataRef::Float(17.0)), Ok("17".to_owned()));
        assert_eq!(text(&DataRef::Float(7.5)), Ok("7.5".to_owned()));
        assert_eq!(text(&DataRef::Float(201_103_151_239.0)), Ok("201103151239".to_owned()));
        assert_eq!(text(&DataRef::Float(1e17)), Err(CellFault::Inexact));
        assert_eq!(text(&DataRef::Bool(true)), Ok("true".to_owned()));
        assert_eq!(text(&DataRef::DateTime(ExcelDateTime::new(45943.0, DateTime, false))), Ok("2025-10-13".to_owned()));
        assert_eq!(text(&DataRef::DateTime(ExcelDateTime::new(0.3125, DateTime, false))), Ok("07:30".to_owned()));
        assert_eq!(text(&DataRef::DateTime(ExcelDateTime::new(45943.5, DateTime, false))), Ok("2025-10-13 12:00".to_owned()));
    }
}
