//! What can stand in the way of a season.

use std::io;
use std::path::PathBuf;

use crate::MarginsError;

/// Why no season was written. Nothing is left half-written: files get their names when all of them are complete.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SynthError {
    /// A number of the recipe is out of range.
    #[error("{what} must be from {least} to {most}, not {value}")]
    OutOfRange {
        /// The number.
        what: &'static str,
        /// What it is.
        value: i64,
        /// The least it may be.
        least: i64,
        /// The most it may be.
        most: i64,
    },
    /// The margins do not make sense.
    #[error(transparent)]
    Margins(#[from] MarginsError),
    /// The folder holds a season already, which is never overwritten.
    #[error("{} holds a season already: {file} is there", dir.display())]
    Exists {
        /// The folder.
        dir: PathBuf,
        /// A file of the season that is there.
        file: &'static str,
    },
    /// A file could not be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The settings could not be put into TOML.
    #[error("cannot write the settings as TOML")]
    Settings(#[from] toml::ser::Error),
}
