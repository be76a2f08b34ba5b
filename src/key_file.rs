//! The file of a secret key: read by its owner only, and made once.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use feriematch_privacy::SecretKey;

use crate::exit_code::Failure;
use crate::whole_folder::sync_folder_of;

/// Returns a key that is written nowhere.
pub(crate) fn drawn() -> Result<SecretKey, Failure> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| Failure::system("cannot draw a random key", io::Error::other(error)))?;
    Ok(SecretKey::new(bytes))
}

/// Draws a key and writes it to a file that was not there, which nobody but its owner may read.
pub(crate) fn create(path: &Path) -> Result<SecretKey, Failure> {
    let cannot_write = |source| Failure::system(format!("cannot write {}", path.display()), source);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => Failure::Usage {
            message: format!("{} is there already", path.display()),
            help: "leave out --new-key to use the key in it; a key is never overwritten".to_owned(),
        },
        _ => cannot_write(source),
    })?;
    let key = drawn()?;
    file.write_all(key.to_text().as_bytes()).and_then(|()| file.sync_all()).map_err(cannot_write)?;
    sync_folder_of(path).map_err(cannot_write)?;
    Ok(key)
}

/// Reads the key in a file that others may not read.
pub(crate) fn read(path: &Path) -> Result<SecretKey, Failure> {
    let text = fs::read_to_string(path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => Failure::Usage {
            message: format!("there is no key: {} is not there", path.display()),
            help: "name the city's key with --key, or make one with --new-key in the first year".to_owned(),
        },
        io::ErrorKind::InvalidData => not_a_key(path, "it is no text"),
        _ => Failure::system(format!("cannot read {}", path.display()), source),
    })?;
    refuse_shared(path)?;
    text.parse().map_err(|error| not_a_key(path, error))
}

fn not_a_key(path: &Path, error: impl std::fmt::Display) -> Failure {
    Failure::File {
        message: format!("{} is not a key: {error}", path.display()),
        help: "take the copy of the key that was put in a safe place".to_owned(),
    }
}

#[cfg(unix)]
fn refuse_shared(path: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;
    let mode =
        fs::metadata(path).map_err(|e| Failure::system(format!("cannot read {}", path.display()), e))?.permissions().mode();
    if mode.is_multiple_of(0o100) {
        return Ok(());
    }
    Err(Failure::Usage {
        message: format!("others than its owner may use {} (its mode is {:o})", path.display(), mode & 0o777),
        help: format!("`chmod 600 {}`, and think about who may have read it", path.display()),
    })
}

#[cfg(not(unix))]
fn refuse_shared(_: &Path) -> Result<(), Failure> {
    Ok(())
}

/// Refuses a key that is kept with what it protects.
pub(crate) fn refuse_inside(key: &Path, folder: &Path) -> Result<(), Failure> {
    let parent = key.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (Ok(parent), Ok(inside)) = (parent.canonicalize(), folder.canonicalize()) else { return Ok(()) };
    if !parent.starts_with(&inside) {
        return Ok(());
    }
    Err(Failure::Usage {
        message: format!("the key {} lies in {}, with what it protects", key.display(), folder.display()),
        help: "keep it where few can read, and where copies of the season do not take it along".to_owned(),
    })
}
