//! Folders that are written beside and then renamed, so that they are there whole or not at all.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::exit_code::Failure;

/// The file by which a run keeps others from writing to the same folder; it is gone when the folder gets its name.
const LOCK_FILE: &str = "being-written.lock";

/// Writes a folder, in place of one that is there already.
///
/// It is filled beside its place and then takes its name: whoever looks finds all of the old files or all of the new. A folder
/// that holds anything but what `is_ours` knows by name is refused; `what` says what it should be of.
pub(crate) fn replace(
    folder: &Path,
    what: &str,
    is_ours: impl Fn(&OsStr) -> bool,
    fill: impl FnOnce(&Path) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let partial = sibling(folder, "partial")?;
    let old = sibling(folder, "old")?;
    if old.exists() && !folder.exists() {
        // An earlier run was interrupted between the two renames below.
        fs::rename(&old, folder).map_err(|e| cannot_write(&old, e))?;
    }
    refuse_foreign(folder, what, is_ours)?;
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
    fill(&partial)?;
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

/// Takes away what an interrupted run left, but for the lock.
fn clear_leftovers(partial: &Path) -> Result<(), Failure> {
    for entry in fs::read_dir(partial).map_err(|e| cannot_write(partial, e))? {
        let path = entry.map_err(|e| cannot_write(partial, e))?.path();
        if path.file_name().is_some_and(|name| name != LOCK_FILE) {
            let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            removed.map_err(|e| cannot_write(&path, e))?;
        }
    }
    Ok(())
}

/// Refuses to replace a folder that holds anything else.
fn refuse_foreign(folder: &Path, what: &str, is_ours: impl Fn(&OsStr) -> bool) -> Result<(), Failure> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(cannot_write(folder, error)),
    };
    for entry in entries {
        let name = entry.map_err(|e| cannot_write(folder, e))?.file_name();
        if !is_ours(&name) {
            return Err(Failure::Usage {
                message: format!("{} holds `{}`, which is not of {what}", folder.display(), name.to_string_lossy()),
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

/// Says that something cannot be written.
pub(crate) fn cannot_write(path: &Path, source: io::Error) -> Failure {
    Failure::system(format!("cannot write {}", path.display()), source)
}

/// Makes sure that the names in the folder of a file are on disk. Elsewhere than on Unix a folder cannot be opened.
pub(crate) fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
