//! Problems of a season's files.

use feriematch_ingest as ingest;
use pyo3::prelude::*;

/// One problem of the input: what, where, and how to mend it.
#[pyclass(frozen, eq, hash, module = "feriematch")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Diagnostic {
    /// The code, which docs/errors.md explains.
    #[pyo3(get)]
    code: &'static str,
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
            code: problem.code().number(),
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

#[pymethods]
impl Diagnostic {
    fn __str__(&self) -> &str {
        &self.text
    }

    fn __repr__(&self) -> String {
        let place = self.text.split("\n  --> ").nth(1).and_then(|rest| rest.lines().next()).unwrap_or(&self.file);
        format!("<Diagnostic {}[{}] {place}: {}>", self.severity, self.code, self.message)
    }
}
