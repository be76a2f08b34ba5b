//! The folder that a run leaves.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::panic::resume_unwind;
use std::path::Path;
use std::thread;

use feriematch_core::Preparation;
use feriematch_model::Outcome;

use crate::export::{self, Lists};
use crate::whole_folder::{self, WriteError, cannot_write};

/// The file for programs, with the evidence.
pub const OUTCOME_FILE: &str = "outcome.json";

/// Writes an outcome's files into a folder, in place of an outcome that is there already.
///
/// # Errors
///
/// Returns why the folder cannot be written; then it is as it was.
pub fn write(folder: &Path, preparation: &Preparation<'_>, outcome: &Outcome) -> Result<(), WriteError> {
    let is_ours = |name: &OsStr| name == OUTCOME_FILE || export::FILES.iter().any(|(file, _)| name == *file);
    whole_folder::replace(folder, "an outcome", is_ours, |partial| write_files(partial, preparation, outcome))
}

/// Returns the lists in a folder that do not say what the outcome says.
pub fn differing_lists(folder: &Path, preparation: &Preparation<'_>, outcome: &Outcome) -> Vec<&'static str> {
    let lists = Lists::new(preparation, outcome);
    let differs = |name: &str, write: export::WriteFile| {
        let Ok(found) = fs::read(folder.join(name)) else { return false };
        let mut expected = Vec::new();
        let written = write(&lists, &mut expected);
        written.is_err() || found != expected
    };
    export::FILES.into_iter().filter(|&(name, write)| differs(name, write)).map(|(name, _)| name).collect()
}

/// Writes all files, and makes sure that the system has them: of one while the next is written.
fn write_files(folder: &Path, preparation: &Preparation<'_>, outcome: &Outcome) -> Result<(), WriteError> {
    thread::scope(|scope| {
        let mut on_their_way = Vec::new();
        let mut write_file = |name: &str, write: &dyn Fn(&mut File) -> io::Result<()>| {
            let path = folder.join(name);
            let attempt = || -> io::Result<File> {
                let mut file = File::create(&path)?;
                write(&mut file)?;
                Ok(file)
            };
            let file = attempt().map_err(|e| cannot_write(&path, e))?;
            on_their_way.push((path, scope.spawn(move || file.sync_all())));
            Ok::<_, WriteError>(())
        };
        write_file(OUTCOME_FILE, &|to| export::write_outcome(outcome, to))?;
        let lists = Lists::new(preparation, outcome);
        for (name, write) in export::FILES {
            write_file(name, &|to| write(&lists, to))?;
        }
        for (path, synced) in on_their_way {
            synced.join().unwrap_or_else(|panic| resume_unwind(panic)).map_err(|e| cannot_write(&path, e))?;
        }
        Ok(())
    })
}
