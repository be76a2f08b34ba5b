//! The folder that a run leaves.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use feriematch_core::Preparation;
use feriematch_model::Outcome;
use feriematch_report::export::{self, Lists};

use crate::cli::OutcomeArgs;
use crate::exit_code::Failure;
use crate::whole_folder::{self, cannot_write};

/// The file for programs, with the evidence.
pub(crate) const OUTCOME_FILE: &str = "outcome.json";

/// Returns the folder that a season's outcome goes to unless told otherwise.
pub(crate) fn default_folder(season: &Path) -> PathBuf {
    season.join("outcome")
}

/// Writes an outcome's files into a folder, in place of an outcome that is there already.
pub(crate) fn write(folder: &Path, preparation: &Preparation<'_>, outcome: &Outcome) -> Result<(), Failure> {
    let is_ours = |name: &OsStr| name == OUTCOME_FILE || export::FILES.iter().any(|(file, _)| name == *file);
    whole_folder::replace(folder, "an outcome", is_ours, |partial| write_files(partial, preparation, outcome))
}

/// Returns the folder of a round.
pub(crate) fn round_folder(season: &Path, round: u32) -> PathBuf {
    season.join("rounds").join(round.to_string())
}

/// Returns the path of the outcome that the arguments name.
pub(crate) fn path(args: &OutcomeArgs) -> PathBuf {
    let dir = &args.season.dir;
    let folder = args.round.map_or_else(|| default_folder(dir), |round| round_folder(dir, round));
    args.outcome.clone().unwrap_or_else(|| folder.join(OUTCOME_FILE))
}

/// Returns the lists beside an outcome that do not say what the outcome says.
pub(crate) fn differing_lists(
    args: &OutcomeArgs,
    preparation: &Preparation<'_>,
    outcome: &Outcome,
) -> Result<Vec<&'static str>, Failure> {
    let folder = path(args).parent().map(Path::to_owned).unwrap_or_default();
    let lists = Lists::new(preparation, outcome);
    let mut differing = Vec::new();
    for (name, write) in export::FILES {
        let Ok(found) = fs::read(folder.join(name)) else { continue };
        let mut expected = Vec::new();
        write(&lists, &mut expected).map_err(|e| Failure::system("cannot write to memory", e))?;
        if found != expected {
            differing.push(name);
        }
    }
    Ok(differing)
}

/// Writes all files, and makes sure that the system has them: of one while the next is written.
fn write_files(folder: &Path, preparation: &Preparation<'_>, outcome: &Outcome) -> Result<(), Failure> {
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
            Ok::<_, Failure>(())
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
