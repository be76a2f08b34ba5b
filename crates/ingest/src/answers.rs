//! Reading a file of answers to offers.

use std::path::Path;
use std::sync::Arc;

use crate::diagnostic::{Origin, Position};
use crate::document::Reading;
use crate::encoding::decode_utf8;
use crate::quote::quote;
use crate::read::{ReadError, ReadOptions, decode_problem, errors_among, read_content, read_file, unreadable};
use crate::rows::Rows;
use crate::settings::column_map;
use crate::suggest::choices;
use crate::table::{Column, ColumnMap, Row, Table, TableKind};
use crate::values::{Unreadable, meaning};
use crate::{Code, Diagnostic, Span};

/// Every column of the table.
pub(crate) const COLUMNS: &[&str] = &["applicant_id", "answer", "because"];

/// The columns that a table without them is not read without.
const REQUIRED: &[&str] = &["applicant_id", "answer"];

/// What somebody answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerKind {
    /// They take the place offered.
    Accept,
    /// They take the place offered, and would rather have one they ranked higher.
    AcceptOrBetter,
    /// They take neither the place nor another.
    Decline,
    /// They leave the season, whatever they have or wait for.
    Withdraw,
}

/// The words for each answer; the first is the proper one.
const WORDS: [(&[&str], AnswerKind); 4] = [
    (&["accept", "ja", "tackat ja"], AnswerKind::Accept),
    (&["accept-or-better"], AnswerKind::AcceptOrBetter),
    (&["decline", "nej", "tackat nej"], AnswerKind::Decline),
    (&["withdraw"], AnswerKind::Withdraw),
];

/// A row of a file of answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Whose answer.
    pub applicant: Box<str>,
    /// What they answer.
    pub kind: AnswerKind,
    /// Why they decline or withdraw; may be empty.
    pub because: Box<str>,
}

/// The answers of a file, in its order.
#[derive(Debug)]
pub struct Answers {
    /// The rows.
    pub rows: Vec<Answer>,
    /// What may not be what was meant, in the order of the file.
    pub warnings: Vec<Diagnostic>,
    origin: Arc<Origin>,
    positions: Vec<Position>,
}

impl Answers {
    /// Returns the place of a row's applicant.
    pub fn span(&self, row: usize) -> Span {
        self.positions.get(row).map_or_else(|| Span::whole(&self.origin), |&position| Span::new(&self.origin, position))
    }
}

/// Reads a file of answers, CSV or XLSX. The `season.toml` of the season's folder may map its headers under
/// `[columns.answers]`. Whether the applicants exist and have an offer is for the caller to find out.
///
/// # Errors
///
/// [`ReadError::Invalid`] has every problem of the file, and of the mapping.
///
/// # Complexity
///
/// Time and memory are linear in the size of the file.
pub fn read_answers(file: &Path, season: &Path, options: ReadOptions) -> Result<Answers, ReadError> {
    let mut problems = Vec::new();
    let map = mapping(season, &mut problems);
    let name = file.file_name().map_or_else(|| file.display().to_string(), |name| name.to_string_lossy().into_owned());
    let bytes = read_file(file).map_err(|error| problems.push(unreadable(&name, &error))).ok();
    let content = bytes.and_then(|bytes| read_content(name, bytes, options.encoding, &mut problems));
    let rows = content.zip(map).and_then(|(content, map)| {
        let table = Table::open(&content, TableKind::Answers, &map, REQUIRED, &mut problems)?;
        Some(read_rows(&table, &mut problems))
    });
    Diagnostic::sort(&mut problems);
    if errors_among(&problems) > 0 {
        return Err(ReadError::Invalid(problems));
    }
    let rows = rows.filter(|rows| rows.placeholders == 0 && !rows.is_incomplete).ok_or(ReadError::Unreported)?;
    Ok(Answers { rows: rows.items, warnings: problems, origin: rows.origin, positions: rows.positions })
}

/// Reads how the season maps the headers; `None` if its settings cannot be read, which is reported.
fn mapping(season: &Path, problems: &mut Vec<Diagnostic>) -> Option<ColumnMap> {
    let (file, path) = ("season.toml", season.join("season.toml"));
    // A ledger may be kept without the season's files at hand.
    if !path.exists() {
        return Some(ColumnMap::default());
    }
    let bytes = read_file(&path).map_err(|error| problems.push(unreadable(file, &error))).ok()?;
    let text = decode_utf8(bytes).map_err(|fault| problems.push(decode_problem(file, fault))).ok()?;
    let mut reading = Reading::new(Origin::file(file), &text);
    let map = column_map(TableKind::Answers, &mut reading);
    problems.append(&mut reading.problems);
    map
}

fn read_rows(table: &Table<'_>, problems: &mut Vec<Diagnostic>) -> Rows<Answer> {
    let reader =
        Reader { applicant: table.column("applicant_id"), answer: table.column("answer"), because: table.column("because") };
    let mut rows = Rows::new(table);
    for mut part in table.parts() {
        while let Some(row) = part.next_row(&mut rows.is_incomplete, problems) {
            match reader.read(row, problems) {
                Some((answer, position)) => rows.push(answer, position),
                None => rows.placeholders += 1,
            }
        }
    }
    if rows.len() + rows.placeholders == 0 && !rows.is_incomplete {
        problems.push(Diagnostic::new(Code::NoRows, table.header_span(), "there are no rows under the header"));
    }
    rows
}

struct Reader {
    applicant: Column,
    answer: Column,
    because: Column,
}

impl Reader {
    fn read(&self, row: &Row<'_>, problems: &mut Vec<Diagnostic>) -> Option<(Answer, Position)> {
        let applicant = row.required(self.applicant, problems);
        let kind = row.required(self.answer, problems).and_then(|_| row.parse(self.answer, problems, kind_of));
        let because = row.value(self.because);
        if let (Some(cell), Some(AnswerKind::Accept | AnswerKind::AcceptOrBetter)) = (because, kind) {
            let message = format!("the place is accepted, and the reason {} is not recorded", quote(&cell.text));
            let help = "write `decline` or `withdraw` if that was meant".to_owned();
            problems.push(Diagnostic::new(Code::ReasonNotRecorded, row.span(cell), message).with_help(help));
        }
        let applicant = applicant?;
        let position = row.position(applicant);
        let because = because.map(|cell| Box::from(cell.text.as_ref())).unwrap_or_default();
        Some((Answer { applicant: Box::from(applicant.text.as_ref()), kind: kind?, because }, position))
    }
}

fn kind_of(text: &str) -> Result<AnswerKind, Unreadable> {
    meaning(text, &WORDS).ok_or_else(|| Unreadable {
        code: Code::UnknownAnswer,
        what: "is not an answer".to_owned(),
        help: Some(format!("write {}", choices(WORDS.map(|(words, _)| words[0])))),
    })
}
