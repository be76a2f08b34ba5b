//! What the command takes that reports gender balance.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use feriematch_report::Dimension;

use super::{OutcomeArgs, SeasonArgs, TableFormat};

/// What a table has a row for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DimensionArg {
    /// Home districts
    District,
    /// Departments that offer places
    Department,
    /// Work areas
    Area,
    /// Jobs: each posting
    Job,
    /// Birth years
    Cohort,
    /// Priority classes
    Class,
    /// Working periods
    Period,
}

impl From<DimensionArg> for Dimension {
    fn from(arg: DimensionArg) -> Self {
        match arg {
            DimensionArg::District => Self::District,
            DimensionArg::Department => Self::Department,
            DimensionArg::Area => Self::Area,
            DimensionArg::Job => Self::Job,
            DimensionArg::Cohort => Self::Cohort,
            DimensionArg::Class => Self::Class,
            DimensionArg::Period => Self::Period,
        }
    }
}

/// Report gender balance from the applications to those who are hired, and who applied for what
///
/// Counts everybody once by what became of the application: from the season's record if there is one, else from the outcome of a run
/// (then nothing is known of declines). Says by exact tests, adjusted for their number, which differences are larger than chance, and by
/// the index of dissimilarity how differently girls and boys wish and are placed. docs/balance.md defines every figure. Nothing is
/// decided by it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch balance data/stockholm-2015\n  \
                        feriematch balance my-season --by area,job --format csv > balance.csv\n  \
                        feriematch balance my-season --public --picture girls-by-area.svg\n  \
                        feriematch balance my-season --round 1")]
pub(crate) struct BalanceArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,

    /// Look at the outcome of a round as it was published, whatever was answered since
    #[arg(long, value_name = "N", conflicts_with = "outcome")]
    pub(crate) round: Option<u32>,

    /// Look at this outcome, whatever the record says
    #[arg(long, value_name = "FILE")]
    pub(crate) outcome: Option<PathBuf>,

    /// Where the ledger is: a file, or postgres://… [default: as for the other commands]
    #[arg(long, value_name = "WHERE", conflicts_with = "outcome")]
    pub(crate) ledger: Option<String>,

    /// Show these groups [default: all but jobs]
    #[arg(long, value_enum, value_name = "GROUPS", value_delimiter = ',')]
    pub(crate) by: Vec<DimensionArg>,

    /// Leave out whatever tells of fewer than five people, and what that could be computed from
    #[arg(long)]
    pub(crate) public: bool,

    /// Draw the share of girls by work area, before and after, into this file (SVG)
    #[arg(long, value_name = "FILE")]
    pub(crate) picture: Option<PathBuf>,

    /// Print for people, for spreadsheets and scripts, or for programs
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,
}

impl BalanceArgs {
    /// Returns the outcome to look at where there is no record, or another is asked for.
    pub(crate) fn of_outcome(&self) -> OutcomeArgs {
        let SeasonArgs { dir, encoding } = &self.season;
        OutcomeArgs {
            season: SeasonArgs { dir: dir.clone(), encoding: *encoding },
            outcome: self.outcome.clone(),
            round: self.round,
            ledger: self.ledger.clone(),
        }
    }
}
