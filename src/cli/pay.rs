//! What the commands take that write letters, check time reports and count costs.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::rounds::{ActArgs, LedgerAt};
use super::{Lang, SeasonArgs, TableFormat};

/// What a letter is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LetterKind {
    /// To those who are offered a place and have not answered
    Offer,
    /// To the same, when the deadline comes near
    Reminder,
    /// To those who have accepted a place and not signed for it
    Contract,
}

/// Write letters: offers, reminders, contracts
///
/// Who gets one comes from the season's record. Writes letters.html to print all of them, letters.csv with a row for each, and
/// one .html and one .txt for each; letters to those with a protected identity are apart, in by-hand. With an error nothing is
/// written. Who sends them is in letters.toml in the season folder; docs/letters.md says what templates may use.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch letters my-season --write-templates my-templates\n  \
                        feriematch letters my-season --kind offer --round 1\n  \
                        feriematch letters my-season --kind contract --templates my-templates\n  \
                        feriematch letters my-season --kind reminder --lang en --applicant A-0012 --out /tmp/letters")]
pub(crate) struct LettersArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,

    #[command(flatten)]
    pub(crate) at: LedgerAt,

    /// What the letters are for
    #[arg(long, value_enum, value_name = "KIND", required_unless_present = "write_templates")]
    pub(crate) kind: Option<LetterKind>,

    /// The language to write in
    #[arg(long, value_enum, default_value_t = Lang::Sv)]
    pub(crate) lang: Lang,

    /// Only to those whose place was offered in this round
    #[arg(long, value_name = "N")]
    pub(crate) round: Option<u32>,

    /// Only to these applicants
    #[arg(long = "applicant", value_name = "ID", num_args = 1..)]
    pub(crate) applicants: Vec<String>,

    /// Take the templates from this folder instead of those that come with the program
    #[arg(long, value_name = "FOLDER")]
    pub(crate) templates: Option<PathBuf>,

    /// The folder to write to [default: letters/KIND-LANG in the season folder]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,

    /// The day that the letters bear [default: today]
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<Date>,

    /// Write the templates to this folder, to edit them, and letters.toml to the season folder if it has none
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["kind", "round", "applicants", "templates", "out", "date"])]
    pub(crate) write_templates: Option<PathBuf>,
}

/// Which of the two tables to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum HoursTable {
    /// What must be looked at
    Exceptions,
    /// What was reported, a row a person and contract
    People,
}

/// Check time reports, and approve what was worked
///
/// Compares each shift with the contract (period, hours) and, on the days on which somebody is a minor, with the law: hours a day
/// and a week, working time, breaks, daily and weekly rest. Prints the exceptions first, then a summary a person. The file has the
/// columns applicant_id, date, start, end, break_minutes and, if wanted, break_start and job_id; it holds all of a person's
/// shifts. Exit code 1 says that there are exceptions.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch hours my-season reports.xlsx\n  \
                        feriematch hours my-season reports.csv --format csv --table exceptions > to-look-at.csv\n  \
                        feriematch hours my-season reports.csv --approve\n  \
                        feriematch hours my-season reports.csv --approve --applicant A-0012 --reason \"agreed with the foreman\"")]
pub(crate) struct HoursArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,

    /// The time reports, .csv or .xlsx
    pub(crate) file: PathBuf,

    #[command(flatten)]
    pub(crate) at: LedgerAt,

    /// Record the hours of those without an exception
    #[arg(long)]
    pub(crate) approve: bool,

    /// Record the hours of these only; with --reason in spite of exceptions that leave no doubt what was worked
    #[arg(long = "applicant", value_name = "ID", num_args = 1.., requires = "approve")]
    pub(crate) applicants: Vec<String>,
    #[command(flatten)]
    pub(crate) act: ActArgs,

    /// Print only one of the tables
    #[arg(long, value_enum, value_name = "TABLE", required_if_eq("format", "csv"))]
    pub(crate) table: Option<HoursTable>,

    /// Print for people, for spreadsheets and scripts, or for programs
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,
}

/// Which of the tables to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CostTable {
    /// By who pays: districts, departments, others
    Payers,
    /// By funding stream
    Streams,
}

/// Count what the places cost by payer and funding stream, against the budgets
///
/// Everybody who has a place, or has worked, is counted once: offered, accepted, signed (as agreed), or worked (by the hours approved).
/// Wages go by the age on the first working day; wages and the employer's fee are each rounded half up to the öre, person by person.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch cost my-season\n  feriematch cost my-season --reports reports.xlsx\n  \
                        feriematch cost my-season --format csv --table payers > cost.csv")]
pub(crate) struct CostArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,

    #[command(flatten)]
    pub(crate) at: LedgerAt,

    /// Count the hours of these time reports for those whose hours are not approved yet
    #[arg(long, value_name = "FILE")]
    pub(crate) reports: Option<PathBuf>,

    /// Print only one of the tables
    #[arg(long, value_enum, value_name = "TABLE", required_if_eq("format", "csv"))]
    pub(crate) table: Option<CostTable>,

    /// Print for people, for spreadsheets and scripts, or for programs
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,
}
