//! Creating the file of a ledger, and removing it.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use tempfile::TempPath;

use crate::database::Database;
use crate::error::of_system;
use crate::{LedgerError, Location};

/// Creates the file of an empty ledger under another name, and gives it its own when it is complete and on disk.
pub(crate) fn create(path: &Path, location: &Location) -> Result<(), LedgerError> {
    let fail = |source| of_system(location, source);
    if path.symlink_metadata().is_ok() {
        return Err(LedgerError::Exists { location: location.clone() });
    }
    let folder = match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => return Err(LedgerError::NotALedger { location: location.clone() }),
    };
    // A folder, because SQLite puts other files beside the one of a database.
    let workshop = tempfile::Builder::new().prefix(".ledger-").suffix(".new").tempdir_in(folder).map_err(fail)?;
    let draft = workshop.path().join("ledger");
    File::create_new(&draft).map_err(fail)?;
    let mut database = Database::connect(&Location::from(&*draft))?;
    database.read(|session| {
        session.initialise()?;
        Ok(())
    })?;
    database.close()?;
    File::open(&draft).and_then(|file| file.sync_all()).map_err(fail)?;
    TempPath::try_from_path(draft).and_then(|draft| draft.persist_noclobber(path).map_err(|error| error.error)).map_err(fail)?;
    // The name, too, has to be on disk.
    sync(folder).map_err(fail)
}

/// Removes the file of a ledger and those that SQLite puts beside it, as far as they are there.
pub(crate) fn remove(path: &Path, location: &Location) -> Result<(), LedgerError> {
    let fail = |source| of_system(location, source);
    for ending in ["-wal", "-shm", ""] {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        match fs::remove_file(&name) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(fail(error)),
            _ => {}
        }
    }
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    sync(folder).map_err(fail)
}

/// Makes sure that the names in a folder are on disk. Elsewhere than on Unix a folder cannot be opened.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
