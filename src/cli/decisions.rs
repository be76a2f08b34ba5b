//! What the commands of decisions by hand take, and of what is to be done.

use clap::Args;
use jiff::civil::Date;

use super::rounds::{ActArgs, LedgerArgs, LedgerAt};
use super::{SeasonArgs, TableFormat};

/// An applicant and a job, on which somebody decides.
#[derive(Debug, Args)]
pub(crate) struct PairArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,

    #[command(flatten)]
    pub(crate) at: LedgerAt,

    /// The applicant
    pub(crate) applicant: String,

    /// The job
    pub(crate) job: String,
}

/// Give somebody a place of a job before anything else is decided
///
/// Holds in every later round, until it is released. Refused with the rule's name where the pair is not eligible, or capacities and
/// caps leave no place.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  feriematch lock my-season A-0012 J-017 --reason \"promised last year, see the minutes of 3 March\""
)]
pub(crate) struct LockArgs {
    #[command(flatten)]
    pub(crate) pair: PairArgs,

    /// Which funding stream pays [default: the first of the job's that admits the applicant]
    #[arg(long, value_name = "ID")]
    pub(crate) stream: Option<String>,
    #[command(flatten)]
    pub(crate) act: ActArgs,
}

/// Keep somebody from the places of a job
///
/// Holds in every later round, until it is released.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch forbid my-season A-0012 J-017 --reason \"a parent is the supervisor\"")]
pub(crate) struct ForbidArgs {
    #[command(flatten)]
    pub(crate) pair: PairArgs,
    #[command(flatten)]
    pub(crate) act: ActArgs,
}

/// Take back a decision by hand of the record
///
/// A place that was given stays; decisions in the overrides of the files are taken out there.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch release my-season A-0012 J-017 --reason \"the supervisor has changed\"")]
pub(crate) struct ReleaseArgs {
    #[command(flatten)]
    pub(crate) ledger: LedgerArgs,

    /// The applicant
    pub(crate) applicant: String,

    /// The job
    pub(crate) job: String,
    #[command(flatten)]
    pub(crate) act: ActArgs,
}

/// List what was decided by hand, by whom, when and why, and what share of the places was given so
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch overrides my-season\n  feriematch overrides my-season --format csv")]
pub(crate) struct OverridesArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,

    #[command(flatten)]
    pub(crate) at: LedgerAt,

    /// Print for people, for spreadsheets and scripts, or for programs
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,
}

/// Cede the places that nobody who waits can take, by the rule of season.toml
///
/// The rule is the list `reversion`: who gets surplus places, and in what proportion (largest remainders).
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  feriematch cede my-season --preview\n  feriematch cede my-season --reason \"decided 12 June\""
)]
pub(crate) struct CedeArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,

    #[command(flatten)]
    pub(crate) at: LedgerAt,
    #[command(flatten)]
    pub(crate) act: ActArgs,

    /// Show what would be ceded, and write nothing
    #[arg(long)]
    pub(crate) preview: bool,
}

/// List who has to do what, and by when
///
/// Offers to be answered or overdue, contracts to be signed, youths who lost their place, free places to be offered.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch todo my-season\n  feriematch todo my-season --due 2027-04-12 --format csv")]
pub(crate) struct TodoArgs {
    #[command(flatten)]
    pub(crate) ledger: LedgerArgs,

    /// Only what is due by this day
    #[arg(long, value_name = "DATE")]
    pub(crate) due: Option<Date>,

    /// The day to look from [default: today]
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<Date>,

    /// Print for people, for spreadsheets and scripts, or for programs
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,
}
