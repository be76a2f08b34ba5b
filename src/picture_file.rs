//! Pictures that a command leaves.

use std::fs;
use std::io::Write;
use std::path::Path;

use feriematch_report::picture::PictureError;
use tempfile::Builder;

use crate::exit_code::Failure;
use crate::whole_folder::cannot_write;

/// Writes a picture whole or not at all, in place of what is there.
pub(crate) fn write(file: &Path, picture: Result<String, PictureError>) -> Result<(), Failure> {
    let svg = picture.map_err(anyhow::Error::from)?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let attempt = || {
        // Says what is wrong with the folder, where the next line would name a file that nobody asked for.
        fs::metadata(folder)?;
        let mut partial = Builder::new().prefix(".picture").tempfile_in(folder)?;
        partial.write_all(svg.as_bytes())?;
        partial.as_file().sync_all()?;
        partial.persist(file)?;
        Ok(())
    };
    attempt().map_err(|e| cannot_write(file, e))
}
