//! Creating the file of a ledger.

use std::fs::File;
use std::path::Path;

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
    let mut builder = tempfile::Builder::new();
    builder.prefix(".ledger-").suffix(".new");
    // As any other file of the user: offices share ledgers.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let draft = builder.tempfile_in(folder).map_err(fail)?.into_temp_path();
    let mut database = Database::connect(&Location::from(&*draft))?;
    database.read(|session| session.initialise())?;
    database.close()?;
    File::open(&draft).and_then(|file| file.sync_all()).map_err(fail)?;
    draft.persist_noclobber(path).map_err(|error| fail(error.error))?;
    // The name, too, has to be on disk. Elsewhere than on Unix a folder cannot be opened.
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(fail)?;
    }
    Ok(())
}
