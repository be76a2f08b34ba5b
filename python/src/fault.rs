//! What can go wrong, as the exceptions of `feriematch.errors`.

use std::io;
use std::path::{Path, PathBuf};

use arrow_schema::ArrowError;
use feriematch_core::{ChoiceError, RunError};
use feriematch_ingest::{self as ingest, ReadError, nearest};
use feriematch_model::OutcomeMismatch;
use feriematch_report::whole_folder::WriteError;
use pyo3::exceptions::{PyOSError, PyRuntimeError};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::diagnostic::Diagnostic;

/// Why something cannot be done.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The files have errors: `InvalidInput`.
    Invalid(Vec<ingest::Diagnostic>),
    /// What is asked makes no sense: `UsageError`.
    Usage { message: String, help: String },
    /// The season cannot be solved as asked: `Infeasible`.
    Infeasible { message: String, help: String },
    /// Two things do not belong together: `Mismatch`.
    Mismatch { message: String, help: String },
    /// The system did not let us read or write: `OSError`.
    System { path: PathBuf, source: io::Error },
    /// Something that should not happen: `RuntimeError`.
    Internal(String),
}

impl Fault {
    pub(crate) fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), help: help.into() }
    }

    pub(crate) fn reading(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |source| Self::System { path, source }
    }

    /// Says that there is nothing of this name, and which was likely meant.
    pub(crate) fn unknown(what: &str, name: &str, known: &[&str]) -> Self {
        let help = match nearest(name, known.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("there is {}", known.join(", ")),
        };
        Self::usage(format!("there is no {what} `{name}`"), help)
    }
}

impl From<ReadError> for Fault {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Invalid(problems) => Self::Invalid(problems),
            fault => Self::Internal(fault.to_string()),
        }
    }
}

impl From<ChoiceError> for Fault {
    fn from(error: ChoiceError) -> Self {
        let help = match error {
            ChoiceError::Placement { .. } => "leave out placement, or use mechanism=\"priority\"",
            _ => "use balance=False to do without the targets of season.toml",
        };
        Self::usage(error.to_string(), help)
    }
}

impl From<RunError> for Fault {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Solver { .. } => Self::Infeasible {
                message: error.to_string(),
                help: "use lower rank costs, or fewer wishes for whole classes of jobs".to_owned(),
            },
            fault => Self::Internal(fault.to_string()),
        }
    }
}

impl From<OutcomeMismatch> for Fault {
    fn from(mismatch: OutcomeMismatch) -> Self {
        Self::Mismatch {
            message: format!("the outcome is not one of this season: {mismatch}"),
            help: "match the season again, or read the season that the outcome is of".to_owned(),
        }
    }
}

impl From<WriteError> for Fault {
    fn from(error: WriteError) -> Self {
        let message = error.to_string();
        match error {
            WriteError::System { path, source } => Self::System { path, source },
            WriteError::Busy { .. } => Self::usage(message, "wait for it, or choose another folder"),
            WriteError::Foreign { .. } => {
                Self::usage(message, "the folder would be replaced as a whole: move that away, or choose another folder")
            }
            _ => Self::usage(message, "name a folder"),
        }
    }
}

impl From<ArrowError> for Fault {
    fn from(error: ArrowError) -> Self {
        Self::Internal(format!("a table cannot be made: {error}"))
    }
}

impl From<Fault> for PyErr {
    fn from(fault: Fault) -> Self {
        Python::attach(|py| raise(py, fault).unwrap_or_else(|error| error))
    }
}

/// Makes the exception of a fault.
fn raise(py: Python<'_>, fault: Fault) -> PyResult<PyErr> {
    let errors = py.import("feriematch.errors")?;
    let (name, message, help) = match fault {
        Fault::Invalid(problems) => {
            let problems: Vec<Diagnostic> = problems.into_iter().map(Diagnostic::from).collect();
            let exception = errors.getattr("InvalidInput")?.call1((PyTuple::new(py, problems)?,))?;
            return Ok(PyErr::from_value(exception));
        }
        // The number makes Python choose FileNotFoundError, PermissionError and so on by itself.
        Fault::System { path, source } => {
            let text = source.to_string();
            let text = text.split(" (os error").next().unwrap_or(&text).to_owned();
            return Ok(match source.raw_os_error() {
                Some(number) => PyOSError::new_err((number, text, path.display().to_string())),
                None => PyOSError::new_err(format!("{}: {text}", path.display())),
            });
        }
        Fault::Internal(message) => {
            return Ok(PyRuntimeError::new_err(format!("{message} (this is a fault in feriematch; please report it)")));
        }
        Fault::Usage { message, help } => ("UsageError", message, help),
        Fault::Infeasible { message, help } => ("Infeasible", message, help),
        Fault::Mismatch { message, help } => ("Mismatch", message, help),
    };
    Ok(PyErr::from_value(errors.getattr(name)?.call1((message, help))?))
}
