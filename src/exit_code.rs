//! How a command ends.

use std::io;
use std::process::ExitCode;

use feriematch_ingest::Diagnostic;
use feriematch_ledger::LedgerError;

use crate::diagnostics;
use crate::style::{ERROR, HELP};

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A check was refuted; what was refuted is on stdout already. Exit code 1.
    Refuted,
    /// The command line asks for something that is not there. Exit code 2.
    Usage { message: String, help: String },
    /// The input has errors. Exit code 3.
    Input(Vec<Diagnostic>),
    /// The input has errors, which are printed already. Exit code 3.
    InputShown,
    /// An input file that is not part of the season cannot be used. Exit code 3.
    File { message: String, help: String },
    /// The season cannot be solved as asked. Exit code 4.
    Infeasible { message: String, help: String },
    /// What is asked does not fit what the ledger says has happened. Exit code 5.
    Conflict { message: String, help: String },
    /// The ledger cannot be read or written. Exit code 74.
    Storage { message: String, help: String },
    /// The system did not let us read or write. Exit code 74.
    System { message: String, source: io::Error },
    /// Whoever read our output has had enough; that is no error.
    BrokenPipe,
    /// Something that should not happen. Exit code 70.
    Internal(anyhow::Error),
}

impl Failure {
    /// Says on stderr what went wrong and returns the exit code.
    pub(crate) fn report(self) -> ExitCode {
        let (code, message, help) = match self {
            Self::BrokenPipe => return ExitCode::SUCCESS,
            Self::Refuted => return ExitCode::from(1),
            Self::InputShown => return ExitCode::from(3),
            Self::Input(problems) => {
                diagnostics::print_to_stderr(&problems);
                return ExitCode::from(3);
            }
            Self::Usage { message, help } => (2, message, help),
            Self::File { message, help } => (3, message, help),
            Self::Infeasible { message, help } => (4, message, help),
            Self::Conflict { message, help } => (5, message, help),
            Self::Storage { message, help } => (74, message, help),
            Self::System { message, source } => (74, format!("{message}: {source}"), String::new()),
            Self::Internal(error) => {
                (70, format!("{error:#}"), "this is a fault in feriematch; please report it with the command you ran".to_owned())
            }
        };
        anstream::eprintln!("{ERROR}error{ERROR:#}: {message}");
        if !help.is_empty() {
            anstream::eprintln!("  {HELP}help{HELP:#}: {help}");
        }
        ExitCode::from(code)
    }

    /// Says what could not be read or written.
    pub(crate) fn system(message: impl Into<String>, source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::BrokenPipe {
            Self::BrokenPipe
        } else {
            Self::System { message: message.into(), source }
        }
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        let help = error.help().to_owned();
        let mut message = String::new();
        // Some errors repeat what the ones below them say.
        for part in anyhow::Chain::new(&error).map(ToString::to_string).filter(|part| !part.is_empty()) {
            if !message.contains(&part) {
                message = if message.is_empty() { part } else { format!("{message}: {part}") };
            }
        }
        match error {
            LedgerError::Export(source) => Self::system("cannot read or write the export", source),
            LedgerError::Conflict { .. } => Self::Conflict { message, help },
            LedgerError::ConnectionString { .. }
            | LedgerError::NotUnicode { .. }
            | LedgerError::Exists { .. }
            | LedgerError::NotFound { .. }
            | LedgerError::NotEmpty { .. } => Self::Usage { message, help },
            LedgerError::NotALedger { .. }
            | LedgerError::Newer { .. }
            | LedgerError::Broken { .. }
            | LedgerError::Line { .. }
            | LedgerError::Draft(_) => Self::File { message, help },
            _ => Self::Storage { message, help },
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}

/// Writes to stdout, with colours where it is a terminal.
///
/// # Errors
///
/// Returns a quiet failure where nobody reads any more.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    use std::io::Write;
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|source| Failure::system("cannot write to standard output", source))
}
