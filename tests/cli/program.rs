//! Running the program.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// Where the built program is.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_feriematch");

/// The checkout, where README.md and data/ are.
pub(crate) const CHECKOUT: &str = env!("CARGO_MANIFEST_DIR");

/// Returns a call of the program in a folder, with nothing of the environment that would colour its output or say who runs it.
pub(crate) fn command(dir: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command.current_dir(dir);
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "USER", "USERNAME", "FERIEMATCH_LEDGER"] {
        command.env_remove(name);
    }
    command
}

/// Runs the program in a folder.
pub(crate) fn feriematch<A: AsRef<OsStr>>(dir: &Path, args: impl IntoIterator<Item = A>) -> Run {
    Run::of(command(dir).args(args).output().expect("the program can be started"))
}

/// What a run of the program printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    pub(crate) fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the program prints UTF-8");
        Self { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Asserts that the run did what it was asked.
    #[track_caller]
    pub(crate) fn succeeds(self) -> Self {
        self.ends_with(0)
    }

    /// Asserts the exit code.
    #[track_caller]
    pub(crate) fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Asserts that stderr says something.
    #[track_caller]
    pub(crate) fn complains(self, of: &str) -> Self {
        assert!(self.stderr.contains(of), "stderr does not say `{of}`:\n{}", self.stderr);
        self
    }

    /// Asserts that stdout says something.
    #[track_caller]
    pub(crate) fn says(self, what: &str) -> Self {
        assert!(self.stdout.contains(what), "stdout does not say `{what}`:\n{}", self.stdout);
        self
    }

    /// Asserts that stdout says something, for another look.
    #[track_caller]
    pub(crate) fn says_also(&self, what: &str) {
        assert!(self.stdout.contains(what), "stdout does not say `{what}`:\n{}", self.stdout);
    }

    /// Reads stdout as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("stdout is not JSON: {error}\n{}", self.stdout))
    }
}
