//! The files of cases and handlers.

use std::path::Path;

use feriematch_ingest::records::{Record, Records, TableForm, read_records};
use feriematch_ingest::{Code, Diagnostic, ReadError, ReadOptions};

use super::{Case, CaseClasses, Handler};

/// The handlers of a file, sorted by id.
#[derive(Debug)]
pub struct Handlers {
    /// The handlers.
    pub rows: Vec<Handler>,
    /// What may not be what was meant.
    pub warnings: Vec<Diagnostic>,
}

/// The cases of a file, sorted by id.
#[derive(Debug)]
pub struct Cases {
    /// The cases.
    pub rows: Vec<Case>,
    /// How many had a handler before who is not among the handlers any more.
    pub left: u32,
    /// What may not be what was meant.
    pub warnings: Vec<Diagnostic>,
}

static HANDLERS: TableForm =
    TableForm { name: "handlers", columns: &["handler", "most", "skills"], required: &["handler"], has_other_columns: false };

static CASES: TableForm = TableForm {
    name: "cases",
    columns: &["case", "class", "before", "needs"],
    required: &["case", "class"],
    has_other_columns: false,
};

impl Handlers {
    /// Reads a file of handlers: `handler`, and if there are `most`, the number of cases at most, and `skills`, separated by `|` or `,`.
    ///
    /// # Errors
    ///
    /// [`ReadError::Invalid`] has every problem of the file.
    pub fn read(file: &Path, most: u32, options: ReadOptions) -> Result<Self, ReadError> {
        let row = |record: &mut Record<'_, '_>| {
            let (id, own) = (record.id("handler"), record.whole("most", 0..=100_000));
            Some(Handler { id: id?, most: own.ok()?.unwrap_or(most), skills: record.list("skills") })
        };
        let Records { rows, warnings, .. } = read_records(file, &HANDLERS, options, row, |handler| &handler.id)?;
        Ok(Self { rows, warnings })
    }
}

impl Cases {
    /// Reads a file of cases: `case`, `class`, and if there are `before`, the handler who had it, and `needs`, what a handler must have.
    ///
    /// # Errors
    ///
    /// [`ReadError::Invalid`] has every problem of the file; that nobody has what a case needs is one.
    pub fn read(file: &Path, handlers: &[Handler], classes: &CaseClasses, options: ReadOptions) -> Result<Self, ReadError> {
        let codes: Vec<(&str, usize)> = classes.iter().enumerate().map(|(row, (code, _))| (code, row)).collect();
        let mut left = 0;
        let row = |record: &mut Record<'_, '_>| {
            let (id, class) = (record.id("case"), record.choice("class", &codes));
            let before = record.text("before");
            let handler = before.as_ref().and_then(|before| handlers.iter().position(|handler| handler.id == *before));
            left += u32::from(before.is_some() && handler.is_none());
            let needs = record.list("needs");
            if !handlers.iter().any(|handler| needs.iter().all(|need| handler.skills.contains(need))) {
                let message = format!("no handler has {}", needs.join(" and "));
                record.report(Code::UnknownChoice, "needs", message, "mend the needs, or the handlers' `skills`".to_owned());
            }
            Some(Case { id: id?, class: class?, before: handler, needs })
        };
        let Records { rows, warnings, .. } = read_records(file, &CASES, options, row, |case| &case.id)?;
        Ok(Self { rows, left, warnings })
    }
}
