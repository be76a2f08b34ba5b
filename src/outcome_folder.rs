//! The folder that a run leaves: written beside and then renamed, so that it is there whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufReader};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use feriematch_core::Preparation;
use feriematch_model::{Outcome, Season};
use feriematch_report::export::{self, Lists};

use crate::cli::OutcomeArgs;
use crate::exit_code::Failure;

/// The file for programs, with the evidence.
pub(crate) const OUTCOME_FILE: &str = "outcome.json";

/// The file by which a run keeps others from writing to the same folder; it is gone when the folder gets its name.
const LOCK_FILE: &str = "being-written.lock";

/// Returns the folder that a season's outcome goes to unless told otherwise.
pub(crate) fn default_folder(season: &Path) -> PathBuf {
    season.join("outcome")
}

/// Writes an outcome's files into a folder, in place of an outcome that is there already.
///
/// The files are written into a folder beside it, which then takes its name: whoever looks finds all of the old files or all of the new.
pub(crate) fn write(folder: &Path, preparation: &Preparation<'_>, outcome: &Outcome) -> Result<(), Failure> {
    let partial = sibling(folder, "partial")?;
    let old = sibling(folder, "old")?;
    if old.exists() && !folder.exists() {
        // An earlier run was interrupted between the two renames below.
        fs::rename(&old, folder).map_err(|e| cannot_write(&old, e))?;
    }
    refuse_foreign(folder)?;
    fs::create_dir_all(&partial).map_err(|e| cannot_write(&partial, e))?;
    let lock_path = partial.join(LOCK_FILE);
    let lock = File::create(&lock_path).map_err(|e| cannot_write(&lock_path, e))?;
    if lock.try_lock().is_err() {
        return Err(Failure::Usage {
            message: format!("another run is writing to {}", folder.display()),
            help: "wait for it, or choose another folder with --out".to_owned(),
        });
    }
    clear_leftovers(&partial)?;
    write_files(&partial, preparation, outcome)?;
    fs::remove_file(&lock_path).map_err(|e| cannot_write(&lock_path, e))?;

    if old.exists() {
        fs::remove_dir_all(&old).map_err(|e| cannot_write(&old, e))?;
    }
    if folder.exists() {
        fs::rename(folder, &old).map_err(|e| cannot_write(folder, e))?;
    }
    fs::rename(&partial, folder).map_err(|e| cannot_write(folder, e))?;
    if old.exists() {
        fs::remove_dir_all(&old).map_err(|e| cannot_write(&old, e))?;
    }
    Ok(())
}

/// Reads an outcome, and makes sure that it is one of this season as it is now.
pub(crate) fn read(args: &OutcomeArgs, season: &Season) -> Result<Outcome, Failure> {
    let outcome = read_unchecked(args)?;
    outcome.check_is_of(season).map_err(|mismatch| Failure::File {
        message: format!("{}: {mismatch}", path(args).display()),
        help: format!("run `feriematch match {}` again", args.season.dir.display()),
    })?;
    Ok(outcome)
}

/// Reads an outcome that may be of another season.
pub(crate) fn read_unchecked(args: &OutcomeArgs) -> Result<Outcome, Failure> {
    let path = path(args);
    let file = File::open(&path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => Failure::Usage {
            message: format!("there is no outcome: {} is not there", path.display()),
            help: format!("run `feriematch match {}` first, or name another with --outcome", args.season.dir.display()),
        },
        _ => Failure::system(format!("cannot read {}", path.display()), source),
    })?;
    serde_json::from_reader(BufReader::new(file)).map_err(|error| Failure::File {
        message: format!("{} is not an outcome: {error}", path.display()),
        help: "it must be an outcome.json as `feriematch match` writes it".to_owned(),
    })
}

/// Returns the path of the outcome that the arguments name.
pub(crate) fn path(args: &OutcomeArgs) -> PathBuf {
    args.outcome.clone().unwrap_or_else(|| default_folder(&args.season.dir).join(OUTCOME_FILE))
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

/// Takes away what an interrupted run left, but for the lock.
fn clear_leftovers(partial: &Path) -> Result<(), Failure> {
    for entry in fs::read_dir(partial).map_err(|e| cannot_write(partial, e))? {
        let path = entry.map_err(|e| cannot_write(partial, e))?.path();
        if path.file_name().is_some_and(|name| name != LOCK_FILE) {
            fs::remove_file(&path).map_err(|e| cannot_write(&path, e))?;
        }
    }
    Ok(())
}

/// Refuses to replace a folder that holds anything but an outcome.
fn refuse_foreign(folder: &Path) -> Result<(), Failure> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(cannot_write(folder, error)),
    };
    for entry in entries {
        let name = entry.map_err(|e| cannot_write(folder, e))?.file_name();
        let ours = name == OUTCOME_FILE || export::FILES.iter().any(|(file, _)| name == *file);
        if !ours {
            return Err(Failure::Usage {
                message: format!("{} holds `{}`, which is not of an outcome", folder.display(), name.to_string_lossy()),
                help: "the folder would be replaced as a whole: move that away, or choose another folder with --out".to_owned(),
            });
        }
    }
    Ok(())
}

/// Returns the hidden folder beside a folder that has a role in replacing it.
fn sibling(folder: &Path, role: &str) -> Result<PathBuf, Failure> {
    let name = folder.file_name().ok_or_else(|| Failure::Usage {
        message: format!("cannot write to {}", folder.display()),
        help: "name a folder with --out".to_owned(),
    })?;
    let parent = folder.parent().unwrap_or(Path::new(""));
    if !parent.as_os_str().is_empty() {
        fs::create_dir_all(parent).map_err(|e| cannot_write(parent, e))?;
    }
    Ok(folder.with_file_name(format!(".{}.{role}", name.to_string_lossy())))
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

fn cannot_write(path: &Path, source: io::Error) -> Failure {
    Failure::system(format!("cannot write {}", path.display()), source)
}
