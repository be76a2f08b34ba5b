//! Problems of a season's files.

use feriematch_ingest as ingest;
use pyo3::prelude::*;

/// One problem of the input: what, where, and how to mend it.
#[pyclass(frozen, eq, hash, module = "feriematch")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Diagnostic {
    /// The code, which docs/errors.md explains.
    #[pyo3(get)]
    code: String,
    /// "error" or "warning".
    #[pyo3(get)]
    severity: String,
    /// The file's name, without its folder.
    #[pyo3(get)]
    file: String,
    /// The sheet, if the file is a workbook.
    #[pyo3(get)]
    sheet: Option<String>,
    /// The line, or the row of the sheet, from 1; None for a whole file.
    #[pyo3(get)]
    line: Option<u32>,
    /// The column, from 1; None for a whole file.
    #[pyo3(get)]
    column: Option<u32>,
    /// What the problem is.
    #[pyo3(get)]
    message: String,
    /// How to mend it, where something is known.
    #[pyo3(get)]
    help: Option<String>,
    /// What the command line shows.
    text: String,
}

impl From<ingest::Diagnostic> for Diagnostic {
    fn from(problem: ingest::Diagnostic) -> Self {
        let span = problem.span();
        Self {
            code: problem.code().number().to_owned(),
            severity: problem.severity().to_string(),
            file: span.file().to_owned(),
            sheet: span.sheet().map(str::to_owned),
            line: span.line(),
            column: span.column(),
            message: problem.message().to_owned(),
            help: problem.help().map(str::to_owned),
            text: problem.to_string(),
        }
    }
}

/// The arguments of a diagnostic: its fields, and what the command line shows.
type Arguments = (String, String, String, Option<String>, Option<u32>, Option<u32>, String, Option<String>, String);

#[pymethods]
impl Diagnostic {
    /// Brings back a diagnostic that another process sent.
    #[new]
    #[expect(clippy::too_many_arguments, reason = "all of its fields")]
    fn new(
        code: String,
        severity: String,
        file: String,
        sheet: Option<String>,
        line: Option<u32>,
        column: Option<u32>,
        message: String,
        help: Option<String>,
        text: String,
    ) -> Self {
        Self { code, severity, file, sheet, line, column, message, help, text }
    }

    fn __getnewargs__(&self) -> Arguments {
        let Self { code, severity, file, sheet, line, column, message, help, text } = self.clone();
        (code, severity, file, sheet, line, column, message, help, text)
    }

    fn __str__(&self) -> &str {
        &self.text
    }

    fn __repr__(&self) -> String {
        let place = self.text.split("\n  --> ").nth(1).and_then(|rest| rest.lines().next()).unwrap_or(&self.file);
        format!("<Diagnostic {}[{}] {place}: {}>", self.severity, self.code, self.message)
    }
}
