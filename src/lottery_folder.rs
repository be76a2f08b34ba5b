//! The folder of the public lottery in the season's folder: list and rules as they were committed to, and the numbers.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use feriematch_model::Season;
use feriematch_report::lottery::{Changes, Committed, LIST_FILE, RULES_FILE};
use feriematch_rounds::State;

use crate::commands::counted;
use crate::exit_code::Failure;
use crate::whole_folder::cannot_write;

/// How many applicants of one kind are named; of the rest only the number is told.
const NAMED: usize = 50;

/// Returns the folder.
pub(crate) fn folder(season: &Path) -> PathBuf {
    season.join("lottery")
}

/// Files that are written under other names, until what they say is recorded.
pub(crate) struct Pending(Vec<(PathBuf, PathBuf)>);

impl Pending {
    /// Writes files into the folder under other names.
    pub(crate) fn write(season: &Path, files: &[(&str, &str)]) -> Result<Self, Failure> {
        let folder = folder(season);
        fs::create_dir_all(&folder).map_err(|e| cannot_write(&folder, e))?;
        let mut pending = Self(Vec::new());
        for (name, text) in files {
            let (partial, path) = (folder.join(format!(".{name}.{}", std::process::id())), folder.join(name));
            let write = || -> io::Result<()> {
                let mut file = File::create(&partial)?;
                file.write_all(text.as_bytes())?;
                // What is recorded must not be lost.
                file.sync_all()
            };
            write().map_err(|e| cannot_write(&path, e))?;
            pending.0.push((partial, path));
        }
        Ok(pending)
    }

    /// Gives the files their names.
    pub(crate) fn publish(mut self) -> Result<(), Failure> {
        for (partial, path) in self.0.drain(..) {
            fs::rename(&partial, &path)
                .map_err(|e| Failure::system(format!("it is recorded, but cannot write {}", path.display()), e))?;
        }
        Ok(())
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        for (partial, _) in &self.0 {
            // What was not recorded is not left behind; what keeps it from being taken away is of less interest.
            let _ = fs::remove_file(partial);
        }
    }
}

/// Reads the list and the rules, which must be those that were committed to.
pub(crate) fn read(season: &Path, commitment: &str) -> Result<Committed, Failure> {
    let folder = folder(season);
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read_to_string(&path).map_err(|e| Failure::system(format!("cannot read {}", path.display()), e))
    };
    let committed = Committed { rules: read(RULES_FILE)?, list: read(LIST_FILE)? };
    let found = committed.commitment();
    if found == commitment {
        return Ok(committed);
    }
    Err(Failure::File {
        message: format!(
            "{RULES_FILE} and {LIST_FILE} in {} are not those that were committed to: they give {found}, and the ledger has {commitment}",
            folder.display()
        ),
        help: "put back the files that were published".to_owned(),
    })
}

/// Returns how the season differs from the list and the rules that were committed to.
pub(crate) fn changes(committed: &Committed, season: &Season) -> Result<Changes, Failure> {
    committed.changes(season).map_err(malformed)
}

/// Says that files that were committed to are not of the form.
pub(crate) fn malformed(error: feriematch_report::lottery::CommittedError) -> Failure {
    Failure::Internal(error.into())
}

/// Says who has been added, struck or moved to another class since the list was committed to, and whether the rules are others.
pub(crate) fn told(changes: &Changes) -> String {
    let mut text = String::new();
    let mut tell = |names: Vec<String>, what: &str| {
        if names.is_empty() {
            return;
        }
        let more = if names.len() > NAMED { format!(" and {} more", names.len() - NAMED) } else { String::new() };
        let named = names[..names.len().min(NAMED)].join(", ");
        text.push_str(&format!(
            "Since the list was committed to, {} {what}: {named}{more}.\n",
            counted(names.len(), "applicant")
        ));
    };
    tell(changes.added.clone(), "added, who could not be chosen before");
    tell(changes.struck.clone(), "struck");
    let moved = changes.reclassed.iter().map(|(id, then, now)| format!("{id} (from {then} to {now})"));
    tell(moved.collect(), "moved to another class");
    if changes.rules {
        text.push_str(&format!("The rules have changed since they were committed to: compare {RULES_FILE} with season.toml.\n"));
    }
    text
}

/// Says how the season differs from what was committed to, if anything was; of files that are gone too.
pub(crate) fn since_commitment(dir: &Path, state: &State, season: &Season) -> String {
    let Some(commitment) = state.commitment() else { return String::new() };
    match read(dir, commitment).and_then(|committed| changes(&committed, season)) {
        Ok(changes) if changes.is_empty() => "Everybody in the ranking is on the list that was committed to.\n".to_owned(),
        Ok(changes) => told(&changes),
        Err(Failure::File { message, .. } | Failure::System { message, .. }) => {
            format!("Nobody can say who came since the list was committed to: {message}.\n")
        }
        Err(_) => "Nobody can say who came since the list was committed to: its files are not of the form.\n".to_owned(),
    }
}
