//! Where the folders that runs leave are.

use std::path::{Path, PathBuf};

pub(crate) use feriematch_report::outcome_folder::{OUTCOME_FILE, differing_lists, write};

use crate::cli::OutcomeArgs;

/// Returns the folder that a season's outcome goes to unless told otherwise.
pub(crate) fn default_folder(season: &Path) -> PathBuf {
    season.join("outcome")
}

/// Returns the folder of a round.
pub(crate) fn round_folder(season: &Path, round: u32) -> PathBuf {
    season.join("rounds").join(round.to_string())
}

/// Returns the path of the outcome that the arguments name.
pub(crate) fn path(args: &OutcomeArgs) -> PathBuf {
    let dir = &args.season.dir;
    let folder = args.round.map_or_else(|| default_folder(dir), |round| round_folder(dir, round));
    args.outcome.clone().unwrap_or_else(|| folder.join(OUTCOME_FILE))
}
