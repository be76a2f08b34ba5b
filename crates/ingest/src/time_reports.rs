//! Reading time reports: a table of its own, which comes after the season's.

use std::fs;
use std::path::Path;

use feriematch_model::{ApplicantIx, JobIx, Season, Shift};

use crate::diagnostic::{Origin, Position};
use crate::overrides::Reference;
use crate::quote::quote;
use crate::read::{ColumnMaps, ReadError, ReadOptions, read_content, refuse_errors};
use crate::rows::Rows;
use crate::suggest::Suggester;
use crate::table::{Column, Row, Table, TableKind};
use crate::values::{self, Unreadable};
use crate::{Code, Diagnostic, Span};

/// Every column of the table.
pub(crate) const COLUMNS: &[&str] = &["applicant_id", "job_id", "date", "start", "end", "break_minutes", "break_start"];

/// The columns that a table without them is not read without.
const REQUIRED: &[&str] = &["applicant_id", "date", "start", "end", "break_minutes"];

/// The minutes of a day.
const DAY: u16 = 1_440;

/// Time reports that have been read.
#[derive(Debug)]
pub struct TimeReports {
    /// The shifts, in the order of the file.
    pub shifts: Vec<Shift>,
    /// What may not be what was meant, in the order of the file.
    pub warnings: Vec<Diagnostic>,
    rows: Vec<Span>,
}

impl TimeReports {
    /// Returns where a shift stands in the file.
    ///
    /// # Panics
    ///
    /// Panics if there is no such row of [`shifts`](Self::shifts).
    pub fn span(&self, row: usize) -> &Span {
        &self.rows[row]
    }
}

/// Reads time reports of a season, `.csv` or `.xlsx`. `columns` are those that came with the season.
///
/// # Errors
///
/// [`ReadError::Invalid`] has every problem of the file.
pub fn read_time_reports(
    path: &Path,
    season: &Season,
    columns: &ColumnMaps,
    options: ReadOptions,
) -> Result<TimeReports, ReadError> {
    let mut problems = Vec::new();
    let rows = read_rows(path, season, columns, options, &mut problems);
    let warnings = refuse_errors(problems)?;
    let rows = rows.filter(|rows| rows.placeholders == 0 && !rows.is_incomplete).ok_or(ReadError::Unreported)?;
    let spans = (0..rows.len()).map(|row| rows.span(row)).collect();
    Ok(TimeReports { shifts: rows.items, warnings, rows: spans })
}

fn read_rows(
    path: &Path,
    season: &Season,
    columns: &ColumnMaps,
    options: ReadOptions,
    problems: &mut Vec<Diagnostic>,
) -> Option<Rows<Shift>> {
    let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let bytes = fs::read(path).map_err(|error| {
        let message = format!("the file cannot be read: {error}");
        problems.push(Diagnostic::new(Code::FileUnreadable, Span::whole(&Origin::file(&file)), message));
    });
    let content = read_content(file, bytes.ok()?, options.encoding, problems)?;
    let table = Table::open(&content, TableKind::TimeReports, columns.of(TableKind::TimeReports), REQUIRED, problems)?;
    let column = |name| table.column(name);
    let reader = Reader {
        applicant: Reference {
            column: column("applicant_id"),
            what: "applicant",
            unknown: Code::UnknownApplicant,
            known: season.applicants().iter().map(|applicant| &*applicant.id).collect(),
            is_complete: true,
            suggester: Suggester::default(),
        },
        job: Reference {
            column: column("job_id"),
            what: "job",
            unknown: Code::UnknownJob,
            known: season.jobs().iter().map(|job| &*job.id).collect(),
            is_complete: true,
            suggester: Suggester::default(),
        },
        date: column("date"),
        start: column("start"),
        end: column("end"),
        break_minutes: column("break_minutes"),
        break_start: column("break_start"),
    };
    let mut rows = Rows::new(&table);
    for mut part in table.parts() {
        while let Some(row) = part.next_row(&mut rows.is_incomplete, problems) {
            match reader.read(row, problems) {
                Some((shift, position)) => rows.push(shift, position),
                None => rows.placeholders += 1,
            }
        }
    }
    if rows.items.is_empty() && rows.placeholders == 0 && !rows.is_incomplete {
        problems.push(Diagnostic::new(Code::NoRows, table.header_span(), "there are no rows under the header"));
    }
    Some(rows)
}

struct Reader<'r> {
    applicant: Reference<'r>,
    job: Reference<'r>,
    date: Column,
    start: Column,
    end: Column,
    break_minutes: Column,
    break_start: Column,
}

impl Reader<'_> {
    fn read(&self, row: &Row<'_>, problems: &mut Vec<Diagnostic>) -> Option<(Shift, Position)> {
        let before = problems.len();
        let applicant = self.applicant.find(row, problems).map(ApplicantIx::new);
        let job = row.value(self.job.column).and_then(|_| self.job.find(row, problems)).map(JobIx::new);
        let date = row.required(self.date, problems).and_then(|_| row.parse(self.date, problems, values::date));
        let start = row.required(self.start, problems).and_then(|_| row.parse(self.start, problems, clock));
        let end = row.required(self.end, problems).and_then(|_| row.parse(self.end, problems, clock));
        let pause = row.required(self.break_minutes, problems);
        let pause = pause.and_then(|_| row.parse(self.break_minutes, problems, values::whole(0..=u32::from(DAY))));
        let break_start = row.parse(self.break_start, problems, clock);
        let shift = Shift {
            applicant: applicant?,
            job,
            date: date?,
            start: start?,
            end: end?,
            break_minutes: u16::try_from(pause?).ok()?,
            break_start,
        };
        self.check_times(&shift, row, problems);
        let position = row.position(row.value(self.applicant.column)?);
        (problems.len() == before).then_some((shift, position))
    }

    /// Reports times that contradict each other.
    fn check_times(&self, shift: &Shift, row: &Row<'_>, problems: &mut Vec<Diagnostic>) {
        let text = |column| row.value(column).map_or_else(String::new, |cell| quote(&cell.text));
        let mut report = |code, column, message: String, help: &str| {
            problems.push(Diagnostic::new(code, row.span_of(column), message).with_help(help.to_owned()));
        };
        if shift.end <= shift.start {
            let message = format!("the shift ends at {} and begins at {}", text(self.end), text(self.start));
            report(Code::ShiftReversed, self.end, message, "work past midnight is two rows: one until `24:00`, one from `00:00`");
            return;
        }
        let length = shift.end - shift.start;
        if shift.break_minutes >= length {
            let message = format!("the break of {} minutes fills the shift of {length}", shift.break_minutes);
            report(Code::BreakFillsShift, self.break_minutes, message, "leave out a row on which nothing was worked");
            return;
        }
        let Some(from) = shift.break_start else { return };
        if shift.break_minutes == 0 {
            let message = format!("a break begins at {} and lasts 0 minutes", text(self.break_start));
            report(Code::BreakOutsideShift, self.break_start, message, "leave it empty where there was no break");
        } else if from < shift.start || from + shift.break_minutes > shift.end {
            let message = format!(
                "the break of {} minutes from {} is not within the shift from {} to {}",
                shift.break_minutes,
                text(self.break_start),
                text(self.start),
                text(self.end)
            );
            report(Code::BreakOutsideShift, self.break_start, message, "leave it empty where it is not known");
        }
    }
}

/// Reads a time of day as minutes after midnight, up to `24:00`.
fn clock(text: &str) -> Result<u16, Unreadable> {
    if matches!(text, "24:00" | "24.00" | "24:00:00") {
        return Ok(DAY);
    }
    values::time(text).map(|time| u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_go_up_to_midnight() {
        assert_eq!(clock("24:00"), Ok(1_440));
        assert_eq!(clock("07.30"), Ok(450));
        assert_eq!(clock("0:00"), Ok(0));
        assert_eq!(clock("24:01").unwrap_err().code, Code::NotATime);
    }
}
