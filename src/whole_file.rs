//! A file that is written as a whole, or not at all.

use std::fs;
use std::io::Write;
use std::path::Path;

use tempfile::Builder;

use crate::exit_code::Failure;
use crate::whole_folder::{cannot_write, sync_folder_of};

/// Writes a file, in place of one that is there already.
pub(crate) fn replace(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || {
        // Says what is wrong with the folder, where the next line would name a file that nobody asked for.
        fs::metadata(folder)?;
        let mut partial = Builder::new().prefix(".feriematch-").tempfile_in(folder)?;
        partial.write_all(content)?;
        partial.as_file().sync_all()?;
        partial.persist(path)?;
        sync_folder_of(path)
    };
    write().map_err(|error| cannot_write(path, error))
}
