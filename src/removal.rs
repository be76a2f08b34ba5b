//! What goes away when a season is retired: found, written down, and then removed only as it was written down.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use feriematch_privacy::SecretKey;

use crate::exit_code::Failure;
use crate::whole_folder::sync_folder_of;

/// The tables with personal data, whatever ending they have.
const TABLES: [&str; 2] = ["applicants.", "overrides."];

/// The folders with personal data, with what an interrupted run leaves of them.
const FOLDERS: [&str; 6] = ["outcome", ".outcome.partial", ".outcome.old", "rounds", "lottery", "letters"];

/// What of a season folder holds no personal data.
const WITHOUT_PERSONS: [&str; 3] = ["season.toml", "jobs.", "letters.toml"];

/// The files of a season that are to go, by their path in its folder.
#[derive(Debug)]
pub(crate) struct Removal {
    dir: PathBuf,
    files: BTreeMap<String, Content>,
}

/// By what a file is known again.
#[derive(Debug, PartialEq, Eq)]
struct Content {
    bytes: u64,
    hash: String,
}

impl Removal {
    /// Finds what is to go.
    pub(crate) fn find(dir: &Path, key: &SecretKey) -> Result<Self, Failure> {
        let mut removal = Self { dir: dir.to_owned(), files: BTreeMap::new() };
        for name in names_in(dir)? {
            if TABLES.iter().any(|table| name.starts_with(table)) || FOLDERS.contains(&name.as_str()) {
                removal.add(name, key)?;
            }
        }
        Ok(removal)
    }

    fn add(&mut self, path: String, key: &SecretKey) -> Result<(), Failure> {
        let full = self.dir.join(&path);
        let kind = fs::symlink_metadata(&full).map_err(|e| cannot_read(&full, e))?.file_type();
        if kind.is_symlink() {
            return Err(Failure::Usage {
                message: format!("{} is a link: what it points to would stay", full.display()),
                help: "put the file or folder itself in its place".to_owned(),
            });
        }
        if kind.is_dir() {
            return names_in(&full)?.into_iter().try_for_each(|name| self.add(format!("{path}/{name}"), key));
        }
        let content = fs::read(&full).map_err(|e| cannot_read(&full, e))?;
        self.files.insert(path, Content { bytes: content.len() as u64, hash: key.content(&content) });
        Ok(())
    }

    /// Returns the list of files, to be kept.
    pub(crate) fn to_csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        // A Vec takes every write.
        let _ = writer.write_record(["file", "bytes", "hash"]);
        for (path, Content { bytes, hash }) in &self.files {
            let _ = writer.write_record([path, &bytes.to_string(), hash]);
        }
        writer.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// Reads the list of a folder's files as it was kept.
    pub(crate) fn from_csv(dir: &Path, text: &str) -> Option<Self> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let rows = reader.deserialize::<(String, u64, String)>();
        let files = rows.map(|row| row.map(|(path, bytes, hash)| (path, Content { bytes, hash })).ok()).collect::<Option<_>>()?;
        Some(Self { dir: dir.to_owned(), files })
    }

    /// Makes sure that whatever would go now was written down as it is.
    pub(crate) fn check(&self, key: &SecretKey, kept: &Path) -> Result<(), Failure> {
        let now = Self::find(&self.dir, key)?;
        let differs = |(path, content): &(&String, &Content)| self.files.get(*path) != Some(content);
        let Some((path, _)) = now.files.iter().find(differs) else { return Ok(()) };
        Err(Failure::Conflict {
            message: format!("{} has come or changed since {} was written", self.dir.join(path).display(), kept.display()),
            help: format!(
                "nothing more was removed; if all of the season is still there, remove {} and retire it anew",
                kept.display()
            ),
        })
    }

    /// Removes the files that are still there and the folders that held them. Returns how many went.
    pub(crate) fn remove(&self) -> Result<usize, Failure> {
        let mut removed = 0;
        for path in self.files.keys() {
            let full = self.dir.join(path);
            match fs::remove_file(&full) {
                Ok(()) => removed += 1,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(Failure::system(format!("cannot remove {}", full.display()), error)),
            }
        }
        for name in FOLDERS {
            remove_empty(&self.dir.join(name))?;
        }
        sync_folder_of(&self.dir.join("any")).map_err(|e| cannot_read(&self.dir, e))?;
        Ok(removed)
    }

    /// Returns whether a folder of the season's is one of those that go.
    pub(crate) fn has_folder(name: &str) -> bool {
        FOLDERS.contains(&name)
    }

    /// Returns how many files were written down.
    pub(crate) fn len(&self) -> usize {
        self.files.len()
    }
}

/// Removes a folder and those in it, none of which may hold a file.
fn remove_empty(folder: &Path) -> Result<(), Failure> {
    if !folder.is_dir() {
        return Ok(());
    }
    for name in names_in(folder)? {
        remove_empty(&folder.join(name))?;
    }
    fs::remove_dir(folder).map_err(|e| Failure::system(format!("cannot remove {}", folder.display()), e))
}

/// Returns what is in a season's folder besides what is known to hold no personal data.
pub(crate) fn strangers(dir: &Path) -> Result<Vec<String>, Failure> {
    let is_known = |name: &String| WITHOUT_PERSONS.iter().any(|known| name.starts_with(known));
    Ok(names_in(dir)?.into_iter().filter(|name| !is_known(name)).collect())
}

/// Returns the names in a folder, sorted.
fn names_in(folder: &Path) -> Result<Vec<String>, Failure> {
    let entries = fs::read_dir(folder).map_err(|e| cannot_read(folder, e))?;
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(|e| cannot_read(folder, e))?.file_name();
        names.push(name.into_string().map_err(|name| Failure::Usage {
            message: format!("the name of {} is not Unicode", folder.join(name).display()),
            help: "give it another name".to_owned(),
        })?);
    }
    names.sort_unstable();
    Ok(names)
}

fn cannot_read(path: &Path, source: io::Error) -> Failure {
    Failure::system(format!("cannot read {}", path.display()), source)
}
