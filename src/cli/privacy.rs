//! What the commands take that disclose, retire and remember.

use std::path::PathBuf;

use clap::Args;

use super::rounds::LedgerAt;
use super::{SeasonArgs, TableFormat};

/// Write a masked copy of a season, for a request to see public records
///
/// The copy has the offers, the waiting list, the jobs, the rounds and the record, with fresh pseudonyms, without names, birth dates, personal
/// numbers, lottery numbers, classes or written reasons, and traits only where at least five people share them. A README.txt in it says, in
/// Swedish and English, what was masked and why, and what can still be checked.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch disclose my-season --out /tmp/copy\n  \
                        feriematch disclose my-season --out /tmp/copy --key /safe/disclosure.key\n\n\
                        Look through the copy before it leaves: it is a proposal for the decision of the authority.")]
pub(crate) struct DiscloseArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,

    #[command(flatten)]
    pub(crate) at: LedgerAt,

    /// The folder to write the copy to; it must not be there, or be empty
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: PathBuf,

    /// Make the pseudonyms with this key, so that two copies have the same [default: a key that nobody keeps]
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,

    /// Make the key's file first; it must not be there
    #[arg(long, requires = "key")]
    pub(crate) new_key: bool,
}

/// After a season, delete personal data and keep what next year's classes need
///
/// Keeps, in a folder of its own, for everybody who stated a personal number a keyed hash of it with `applied` or `had-a-job`, and counts in
/// which nobody stands out. When all of that is on disk and read again, applicants, overrides, outcome, rounds, lottery, letters and the ledger are
/// removed. A run that was interrupted is finished by running it again.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  feriematch retire my-season --key /safe/city.key --new-key --confirm \"Feriejobb 2027\"\n  \
                        feriematch retire my-season --key /safe/city.key --confirm \"Feriejobb 2027\" --out /archive/2027\n\n\
                        Deleting public records takes a decision of the authority; see docs/privacy.md."
)]
pub(crate) struct RetireArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,

    #[command(flatten)]
    pub(crate) at: LedgerAt,

    /// The file with the city's secret key; not in the season folder
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,

    /// Make the key's file first; it must not be there
    #[arg(long)]
    pub(crate) new_key: bool,

    /// The season's name as season.toml has it: this deletes for good
    #[arg(long, value_name = "NAME")]
    pub(crate) confirm: String,

    /// The folder for what is kept [default: retired in the season folder]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,

    /// Retire although offers are open or contracts not signed: those count as no job
    #[arg(long)]
    pub(crate) unfinished: bool,
}

/// Propose each applicant's class from what earlier seasons kept
///
/// Prints a table to review, and changes nothing. Classes other than the three are set by hand and left alone.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  feriematch classes my-season --key /safe/city.key --history 2026/retired/history.csv \\\n    \
                        --applied-before 1 --first-time 2 --had-a-job 3 --format csv > review.csv"
)]
pub(crate) struct ClassesArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,

    /// The history of an earlier season; once for each
    #[arg(long, value_name = "FILE", required = true)]
    pub(crate) history: Vec<PathBuf>,

    /// The file with the secret key that the histories were made with
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,

    /// The class of those who applied before and never had a job
    #[arg(long, value_name = "CODE")]
    pub(crate) applied_before: String,

    /// The class of those who apply for the first time
    #[arg(long, value_name = "CODE")]
    pub(crate) first_time: String,

    /// The class of those who have had a job
    #[arg(long, value_name = "CODE")]
    pub(crate) had_a_job: String,

    /// Print for people, for spreadsheets and scripts, or for programs
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,
}
