//! A folder that was not there, and that is on disk when it has its name.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use crate::exit_code::Failure;
use crate::whole_folder::{self, cannot_write, sync_folder_of};

/// Refuses a folder with something in it.
pub(crate) fn refuse_filled(folder: &Path) -> Result<(), Failure> {
    let filled = |what: &str| Failure::Usage {
        message: format!("{} {what}", folder.display()),
        help: "name a new folder with --out; nothing is overwritten".to_owned(),
    };
    match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().map_or(Ok(()), |_| Err(filled("holds something already"))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Err(filled("is no folder")),
        Err(error) => Err(cannot_write(folder, error)),
    }
}

/// Writes a folder with files, whole or not at all. When it has its name, everything in it is on disk.
pub(crate) fn write(folder: &Path, files: &[(&str, String)]) -> Result<(), Failure> {
    refuse_filled(folder)?;
    whole_folder::replace(
        folder,
        "a new folder",
        |_| false,
        |partial| {
            for (name, content) in files {
                let path = partial.join(name);
                let write = || -> io::Result<()> {
                    let mut file = File::create_new(&path)?;
                    file.write_all(content.as_bytes())?;
                    file.sync_all()
                };
                write().map_err(|e| cannot_write(&path, e))?;
            }
            sync_folder_of(&partial.join("any")).map_err(|e| cannot_write(partial, e))
        },
    )?;
    sync_folder_of(folder).map_err(|e| cannot_write(folder, e))
}
