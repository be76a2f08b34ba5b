//! A season folder of a test's own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use feriematch_model::{Outcome, Placed, Verdict};
use tempfile::TempDir;

use crate::program::{CHECKOUT, Run, feriematch};
use crate::rows::Rows;

/// The files of an outcome.
pub(crate) const OUTCOME_FILES: [&str; 5] = ["jobs.csv", "not-eligible.csv", "offers.csv", "outcome.json", "waiting-list.csv"];

/// A season in the folder `season` of a temporary folder, in which the program runs.
pub(crate) struct SeasonFolder {
    temp: TempDir,
}

impl SeasonFolder {
    fn new() -> Self {
        Self { temp: tempfile::tempdir().expect("a temporary folder") }
    }

    /// Copies the example season of 2015.
    pub(crate) fn stockholm() -> Self {
        let folder = Self::new();
        copy_folder(&Path::new(CHECKOUT).join("data/stockholm-2015"), &folder.dir());
        folder
    }

    /// Writes the starter season.
    pub(crate) fn starter() -> Self {
        let folder = Self::new();
        feriematch(folder.root(), ["init", "season"]).succeeds();
        folder
    }

    /// Draws a season in which every applicant may take every job: the acceptable jobs are those of the wishes, which are strict.
    pub(crate) fn drawn(applicants: u32, jobs: u32, places: u32, choices: u32) -> Self {
        let folder = Self::new();
        let [applicants, jobs, places, choices] = [applicants, jobs, places, choices].map(|n| n.to_string());
        let sizes = ["--applicants", &applicants, "--jobs", &jobs, "--places", &places, "--choices", &choices];
        feriematch(folder.root(), ["synth", "season"].into_iter().chain(sizes)).succeeds();
        folder
    }

    /// Returns the folder in which the program runs.
    pub(crate) fn root(&self) -> &Path {
        self.temp.path()
    }

    /// Returns the season's folder.
    pub(crate) fn dir(&self) -> PathBuf {
        self.root().join("season")
    }

    /// Returns the path of a file of the season.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir().join(name)
    }

    /// Runs `feriematch VERB season ARGS`.
    pub(crate) fn run<'a>(&self, verb: &'a str, args: impl IntoIterator<Item = &'a str>) -> Run {
        feriematch(self.root(), [verb, "season"].into_iter().chain(args))
    }

    /// Runs `feriematch VERBS season ARGS`.
    pub(crate) fn run_words<'a>(&self, verbs: &[&'a str], args: impl IntoIterator<Item = &'a str>) -> Run {
        feriematch(self.root(), verbs.iter().copied().chain(["season"]).chain(args))
    }

    /// Matches the season.
    #[track_caller]
    pub(crate) fn matched(self, args: &[&str]) -> Self {
        self.run("match", args.iter().copied()).succeeds();
        self
    }

    /// Asserts that the outcome passes the audit.
    #[track_caller]
    pub(crate) fn verifies(&self) -> Run {
        self.run("verify", []).succeeds().says("Verified: ")
    }

    /// Reads a file of the season.
    #[track_caller]
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Writes a file of the season.
    #[track_caller]
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap_or_else(|error| panic!("{name}: {error}"));
    }

    /// Replaces a text that must be there once in a file of the season.
    #[track_caller]
    pub(crate) fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert_eq!(text.matches(from).count(), 1, "`{from}` in {name}");
        self.write(name, text.replacen(from, to, 1));
    }

    /// Takes away the lines of a file that begin with one of some texts, of which each must be there.
    #[track_caller]
    pub(crate) fn remove_lines(&self, name: &str, beginnings: &[&str]) {
        let text = self.read(name);
        for beginning in beginnings {
            assert!(text.lines().any(|line| line.starts_with(beginning)), "no line of {name} begins with `{beginning}`");
        }
        let kept = text.lines().filter(|line| !beginnings.iter().any(|beginning| line.starts_with(beginning)));
        self.write(name, kept.map(|line| format!("{line}\n")).collect::<String>());
    }

    /// Reads a table of the season or of its outcome.
    #[track_caller]
    pub(crate) fn table(&self, name: &str) -> Rows {
        Rows::read(&self.path(name), b';')
    }

    /// Reads the outcome.
    #[track_caller]
    pub(crate) fn outcome(&self) -> Outcome {
        serde_json::from_str(&self.read("outcome/outcome.json")).expect("the outcome can be read")
    }

    /// Returns the content of every file in a folder of the season, none if it is not there.
    pub(crate) fn files(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let entries = match fs::read_dir(self.path(folder)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return BTreeMap::new(),
            Err(error) => panic!("{folder}: {error}"),
        };
        let paths = entries.map(|entry| entry.expect("a readable folder").path()).filter(|path| path.is_file());
        let name = |path: &Path| path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        paths.map(|path| (name(&path), fs::read(&path).expect("a readable file"))).collect()
    }

    /// Returns the files of the outcome and makes sure that they are all there and nothing else is.
    #[track_caller]
    pub(crate) fn outcome_files(&self) -> BTreeMap<String, Vec<u8>> {
        let files = self.files("outcome");
        assert!(files.keys().eq(OUTCOME_FILES), "{:?}", files.keys());
        files
    }

    /// Returns the names of everything in the season's folder.
    pub(crate) fn entries(&self) -> Vec<String> {
        let entries = fs::read_dir(self.dir()).expect("the season's folder");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("a readable folder").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

/// Returns each placed applicant's id and place.
pub(crate) fn placed(outcome: &Outcome) -> impl Iterator<Item = (&str, &Placed)> {
    outcome.decisions.iter().filter_map(|decision| match &decision.verdict {
        Verdict::Placed(placed) => Some((decision.applicant.as_str(), placed)),
        _ => None,
    })
}

/// Copies the files of a folder, without the folders in it.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder to copy to");
    for entry in fs::read_dir(from).expect("a folder to copy") {
        let path = entry.expect("a readable folder").path();
        if path.is_file() {
            fs::copy(&path, to.join(path.file_name().expect("a file has a name"))).expect("a file to copy");
        }
    }
}
