//! Folders that are written beside and then renamed, so that they are there whole or not at all.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Why something cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The system does not let us.
    #[error("cannot write {}: {source}", .path.display())]
    System {
        /// What could not be written.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The folder holds something that would be lost.
    #[error("{} holds `{name}`, which is not of {what}", .folder.display())]
    Foreign {
        /// The folder.
        folder: PathBuf,
        /// What it holds.
        name: String,
        /// What it should be of.
        what: String,
    },
    /// Somebody else is writing to the folder.
    #[error("another run is writing to {}", .folder.display())]
    Busy {
        /// The folder.
        folder: PathBuf,
    },
    /// The path names no folder that could be replaced.
    #[error("cannot write to {}", .folder.display())]
    NoName {
        /// The path.
        folder: PathBuf,
    },
}

/// The file by which a run keeps others from writing to the same folder; it is gone when the folder gets its name.
const LOCK_FILE: &str = "being-written.lock";

/// Writes a folder, in place of one that is there already.
///
/// It is filled beside its place and then takes its name: whoever looks finds all of the old files or all of the new. A folder
/// that holds anything but what `is_ours` knows by name is refused; `what` says what it should be of.
///
/// # Errors
///
/// Returns why the folder cannot be replaced, or what `fill` returns.
pub fn replace<E: From<WriteError>>(
    folder: &Path,
    what: &str,
    is_ours: impl Fn(&OsStr) -> bool,
    fill: impl FnOnce(&Path) -> Result<(), E>,
) -> Result<(), E> {
    let partial = begin(folder, what, is_ours)?;
    fill(&partial.path)?;
    Ok(partial.take_name(folder)?)
}

/// A folder that is being filled beside its place; nobody else may.
struct Partial {
    path: PathBuf,
    old: PathBuf,
    lock_path: PathBuf,
    /// Held until the folder has its name.
    _lock: File,
}

/// Makes the folder that is filled.
fn begin(folder: &Path, what: &str, is_ours: impl Fn(&OsStr) -> bool) -> Result<Partial, WriteError> {
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
        return Err(WriteError::Busy { folder: folder.to_owned() });
    }
    clear_leftovers(&partial)?;
    Ok(Partial { path: partial, old, lock_path, _lock: lock })
}

impl Partial {
    /// Gives what was filled the folder's name.
    fn take_name(self, folder: &Path) -> Result<(), WriteError> {
        let Self { path, old, lock_path, _lock } = self;
        fs::remove_file(&lock_path).map_err(|e| cannot_write(&lock_path, e))?;
        if old.exists() {
            fs::remove_dir_all(&old).map_err(|e| cannot_write(&old, e))?;
        }
        if folder.exists() {
            fs::rename(folder, &old).map_err(|e| cannot_write(folder, e))?;
        }
        fs::rename(&path, folder).map_err(|e| cannot_write(folder, e))?;
        if old.exists() {
            fs::remove_dir_all(&old).map_err(|e| cannot_write(&old, e))?;
        }
        Ok(())
    }
}

/// Takes away what an interrupted run left, but for the lock.
fn clear_leftovers(partial: &Path) -> Result<(), WriteError> {
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
fn refuse_foreign(folder: &Path, what: &str, is_ours: impl Fn(&OsStr) -> bool) -> Result<(), WriteError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(cannot_write(folder, error)),
    };
    for entry in entries {
        let name = entry.map_err(|e| cannot_write(folder, e))?.file_name();
        if !is_ours(&name) {
            let name = name.to_string_lossy().into_owned();
            return Err(WriteError::Foreign { folder: folder.to_owned(), name, what: what.to_owned() });
        }
    }
    Ok(())
}

/// Returns the hidden folder beside a folder that has a role in replacing it.
fn sibling(folder: &Path, role: &str) -> Result<PathBuf, WriteError> {
    let name = folder.file_name().ok_or_else(|| WriteError::NoName { folder: folder.to_owned() })?;
    let parent = folder.parent().unwrap_or(Path::new(""));
    if !parent.as_os_str().is_empty() {
        fs::create_dir_all(parent).map_err(|e| cannot_write(parent, e))?;
    }
    Ok(folder.with_file_name(format!(".{}.{role}", name.to_string_lossy())))
}

/// Says that something cannot be written.
pub(crate) fn cannot_write(path: &Path, source: io::Error) -> WriteError {
    WriteError::System { path: path.to_owned(), source }
}

/// Makes sure that the names in the folder of a file are on disk. Elsewhere than on Unix a folder cannot be opened.
///
/// # Errors
///
/// Returns what the system says.
pub fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
