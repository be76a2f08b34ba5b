//! Pictures that a command leaves.

use std::path::Path;

use feriematch_report::picture::PictureError;

use crate::exit_code::Failure;
use crate::whole_file;

/// Writes a picture whole or not at all, in place of what is there.
pub(crate) fn write(file: &Path, picture: Result<String, PictureError>) -> Result<(), Failure> {
    let svg = picture.map_err(anyhow::Error::from)?;
    whole_file::replace(file, svg.as_bytes())
}
