//! How a command ends that cannot write a folder.

use std::io;
use std::path::Path;

use feriematch_report::whole_folder::WriteError;
pub(crate) use feriematch_report::whole_folder::{replace, sync_folder_of};

use crate::exit_code::Failure;

/// Says that something cannot be written.
pub(crate) fn cannot_write(path: &Path, source: io::Error) -> Failure {
    Failure::system(format!("cannot write {}", path.display()), source)
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        let message = error.to_string();
        let help = match error {
            WriteError::System { path, source } => return cannot_write(&path, source),
            WriteError::Busy { .. } => "wait for it, or choose another folder with --out",
            WriteError::Foreign { .. } => {
                "the folder would be replaced as a whole: move that away, or choose another folder with --out"
            }
            _ => "name a folder with --out",
        };
        Self::Usage { message, help: help.to_owned() }
    }
}
