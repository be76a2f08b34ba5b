//! `feriematch plan calibrate`.

use std::path::PathBuf;

use clap::Args;

use super::shares::{LearnArgs, risk};
use crate::cli::{SeasonArgs, TableFormat};

/// Take a planner's assumptions from published figures, and say how well districts predict each other
///
/// Works out the shares of offers that were declined in each home district, what a place cost, how many applied for one, and who; sets them beside the season's
/// files; and writes the shares as a planning.toml, with where each comes from. Then each district is predicted from the others: its declines, the offers
/// that its hired took, its cost.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch plan calibrate data/stockholm-2015\n  \
                        feriematch plan calibrate my-season --published figures-2026.csv --out my-season/planning.toml\n  \
                        feriematch plan calibrate data/stockholm-2015 --hold-out ostermalm --format csv\n\n\
                        docs/planning/calibration.md says what the held-out check means.")]
pub(crate) struct CalibrateArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,

    /// The published table [default: published.csv in the season folder, unless --learn is given]
    #[arg(long, value_name = "FILE")]
    pub(crate) published: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) learn: LearnArgs,

    /// Predict this home district from the others, or each of them in turn
    #[arg(long, value_name = "DISTRICT", default_value = "each")]
    pub(crate) hold_out: String,

    /// The risk of more yeses than places at which the offers of the held-out check are counted
    #[arg(long, value_name = "SHARE", default_value = "5%", value_parser = risk)]
    pub(crate) risk: f64,

    /// Write the assumptions into this file
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,

    /// Write them in place of a file that is there already
    #[arg(long, requires = "out")]
    pub(crate) replace: bool,

    /// Draw what was predicted and what was published into this file (SVG)
    #[arg(long, value_name = "FILE")]
    pub(crate) picture: Option<PathBuf>,

    /// Print for people, for spreadsheets and scripts, or for programs
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,
}
