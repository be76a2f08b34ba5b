//! What the commands of a season's rounds take.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

use super::{EncodingArg, Format, SeasonArgs, TableFormat};

/// The variable that says where the ledger is.
pub(crate) const LEDGER_VARIABLE: &str = "FERIEMATCH_LEDGER";

/// Where a ledger is.
#[derive(Debug, Clone, Args)]
pub(crate) struct LedgerAt {
    /// Where the ledger is: a file, or postgres://… [default: season.ledger in the season folder]
    #[arg(long, value_name = "WHERE", env = LEDGER_VARIABLE, hide_env_values = true)]
    pub(crate) ledger: Option<String>,
}

/// A season's ledger.
#[derive(Debug, Args)]
pub(crate) struct LedgerArgs {
    /// The season folder
    pub(crate) dir: PathBuf,

    #[command(flatten)]
    pub(crate) at: LedgerAt,
}

/// Who does something, when and why.
#[derive(Debug, Args)]
pub(crate) struct ActArgs {
    /// Who does it [default: the user's name]
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,

    /// Why, for the record
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) reason: String,

    /// The day it counts for [default: today]
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<Date>,
}

/// Keep the season's record: what was decided when, by whom and why
#[derive(Debug, Subcommand)]
pub(crate) enum LedgerCommand {
    Init(LedgerInitArgs),
    Log(LedgerLogArgs),
    Verify(LedgerVerifyArgs),
    Export(LedgerExportArgs),
    Import(LedgerImportArgs),
}

/// Begin the season's record, with the places of its jobs
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch ledger init my-season\n  \
                        feriematch ledger init my-season --ledger postgres://anna@server/feriejobb-2027")]
pub(crate) struct LedgerInitArgs {
    #[command(flatten)]
    pub(crate) ledger: LedgerArgs,
    #[command(flatten)]
    pub(crate) act: ActArgs,

    /// Read CSV files in this encoding instead of finding it out
    #[arg(long, value_enum, value_name = "ENCODING")]
    pub(crate) encoding: Option<EncodingArg>,
}

/// List what has happened
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch ledger log my-season\n  feriematch ledger log my-season --format csv")]
pub(crate) struct LedgerLogArgs {
    #[command(flatten)]
    pub(crate) ledger: LedgerArgs,

    /// Print for people, for spreadsheets and scripts, or for programs
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,
}

/// Find any event that was changed, removed or moved, or could not have happened
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch ledger verify my-season\n  \
                        feriematch ledger verify my-season --known \"17 1f3a…\"")]
pub(crate) struct LedgerVerifyArgs {
    #[command(flatten)]
    pub(crate) ledger: LedgerArgs,

    /// The number and the hash of an event that is known to have been there, as an earlier check printed them
    #[arg(long, value_name = "NUMBER HASH")]
    pub(crate) known: Option<String>,
}

/// Write the record as lines of JSON
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch ledger export my-season > season.jsonl")]
pub(crate) struct LedgerExportArgs {
    #[command(flatten)]
    pub(crate) ledger: LedgerArgs,
}

/// Read an exported record into a new ledger
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  feriematch ledger import my-season season.jsonl --ledger postgres://anna@server/feriejobb-2027"
)]
pub(crate) struct LedgerImportArgs {
    #[command(flatten)]
    pub(crate) ledger: LedgerArgs,

    /// The file that `ledger export` wrote
    pub(crate) file: PathBuf,
}

/// Draw the season's lottery, so that anybody can check it
#[derive(Debug, Subcommand)]
pub(crate) enum LotteryCommand {
    Commit(LotteryCommitArgs),
    Draw(LotteryDrawArgs),
    Verify(LotteryVerifyArgs),
}

/// Fix the list and the rules of the lottery, before anybody knows the seed
///
/// Writes lottery/list.csv (id and class of every applicant) and lottery/rules.json in the season folder, and records the
/// commitment: BLAKE3 of the rules followed by the list. Publish all three.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch lottery commit my-season\n\nAnybody can compute the commitment again:\n  \
                        cat my-season/lottery/rules.json my-season/lottery/list.csv | b3sum")]
pub(crate) struct LotteryCommitArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,
    #[command(flatten)]
    pub(crate) at: LedgerAt,
    #[command(flatten)]
    pub(crate) act: ActArgs,
}

/// Record the seed of the lottery; there is no second draw
///
/// After `lottery commit` it also writes lottery/numbers.csv, and names who was added, struck or moved to another class since.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch lottery draw my-season --seed \"lotto 2027-04-01: 3 11 17 22 30 34\"")]
pub(crate) struct LotteryDrawArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,
    #[command(flatten)]
    pub(crate) at: LedgerAt,
    #[command(flatten)]
    pub(crate) act: ActArgs,

    /// The public seed
    #[arg(long)]
    pub(crate) seed: String,
}

/// Check a lottery from what was published, without the season
///
/// Recomputes the commitment from the list and the rules, and from the seed everybody's number and position. Refutes with the
/// exact reasons and exit code 1. Nothing of the engine's code is used.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  feriematch lottery verify list.csv --rules rules.json --commitment 4b3c… --seed \"3 11 17\"\n  \
                        feriematch lottery verify list.csv --rules rules.json --commitment 4b3c… --seed \"3 11 17\" --numbers \
                        numbers.csv"
)]
pub(crate) struct LotteryVerifyArgs {
    /// The list that was published before the draw
    pub(crate) list: PathBuf,

    /// The rules that were published with it
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: PathBuf,

    /// The commitment that was published with them: 64 hexadecimal digits
    #[arg(long, value_name = "HASH")]
    pub(crate) commitment: String,

    /// The seed
    #[arg(long)]
    pub(crate) seed: String,

    /// The numbers of the lottery, or a round's offers.csv or waiting-list.csv
    #[arg(long, value_name = "FILE")]
    pub(crate) numbers: Option<PathBuf>,

    /// Print for people or for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// Match those who wait to the places that are free, and publish the offers
///
/// Nobody who has a place is moved, unless --max-moves or --upgrade says so. Writes rounds/N in the season folder: the lists and the evidence of the round.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  feriematch publish my-season --days 7 --preview\n  feriematch publish my-season --days 7\n  \
                        feriematch publish my-season --deadline 2027-04-12\n  \
                        feriematch publish my-season --days 5 --max-moves 3 --preview\n  \
                        feriematch publish my-season --days 5 --upgrade reversed --preview"
)]
pub(crate) struct PublishArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,

    #[command(flatten)]
    pub(crate) at: LedgerAt,
    #[command(flatten)]
    pub(crate) act: ActArgs,

    /// So many working days to answer
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=250), required_unless_present = "deadline")]
    pub(crate) days: Option<u32>,

    /// The last day to answer
    #[arg(long, value_name = "DATE", conflicts_with = "days")]
    pub(crate) deadline: Option<Date>,

    /// Move so many of those who have a place and have not signed, if that makes room for somebody who waits
    ///
    /// No more are moved than must be. Whoever is moved has a new offer to answer.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) max_moves: u32,

    /// Let those who answered `accept-or-better` move up, in turn with those who wait: by the same lottery, or the reversed one
    ///
    /// Both are set beside a round in which nobody moves.
    #[arg(long, value_enum, value_name = "LOTTERY", conflicts_with = "max_moves")]
    pub(crate) upgrade: Option<UpgradeArg>,

    /// Show what would be published, and write nothing
    #[arg(long)]
    pub(crate) preview: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum UpgradeArg {
    /// Low lottery numbers first, as ever
    Same,
    /// High lottery numbers first within each class: of all orders this moves the fewest
    Reversed,
}

/// Say what a round changed, chain by chain
///
/// Who gave a place up, who got it, who got theirs: each chain ends with a place that nobody took or somebody who waited.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch diff my-season\n  feriematch diff my-season --round 2 --format csv")]
pub(crate) struct DiffArgs {
    #[command(flatten)]
    pub(crate) ledger: LedgerArgs,

    /// The round [default: the newest]
    #[arg(long, value_name = "N")]
    pub(crate) round: Option<u32>,

    /// Print for people, for spreadsheets and scripts, or for programs
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,
}

/// What somebody answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Answer {
    /// Take the place offered
    Accept,
    /// Take the place offered, and move up should one come free that was ranked higher
    AcceptOrBetter,
    /// Not take it, and no other
    Decline,
    /// Leave the season, whatever they have or wait for
    Withdraw,
}

/// Record answers to offers
///
/// A file, CSV or XLSX, has the columns applicant_id, answer (accept, accept-or-better, decline, withdraw) and, if wanted, because.
/// All of it is recorded, or nothing.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch answer my-season A-0012 accept\n  \
                        feriematch answer my-season A-0099 decline --because \"other work\"\n  \
                        feriematch answer my-season --file answers.csv")]
pub(crate) struct AnswerArgs {
    #[command(flatten)]
    pub(crate) ledger: LedgerArgs,

    /// Who answers
    #[arg(value_name = "APPLICANT", required_unless_present = "file", requires = "answer")]
    pub(crate) applicant: Option<String>,

    /// What they answer
    #[arg(value_enum)]
    pub(crate) answer: Option<Answer>,

    /// Why they decline or withdraw, in a word
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) because: String,

    /// Read answers from this file, CSV or XLSX
    #[arg(long, value_name = "FILE", conflicts_with_all = ["applicant", "because"])]
    pub(crate) file: Option<PathBuf>,

    /// Read CSV files in this encoding instead of finding it out
    #[arg(long, value_enum, value_name = "ENCODING")]
    pub(crate) encoding: Option<EncodingArg>,
    #[command(flatten)]
    pub(crate) act: ActArgs,
}

/// Let the offers lapse that nobody answered in time
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch expire my-season\n  feriematch expire my-season --date 2027-04-13")]
pub(crate) struct ExpireArgs {
    #[command(flatten)]
    pub(crate) ledger: LedgerArgs,
    #[command(flatten)]
    pub(crate) act: ActArgs,
}

/// Record signed contracts
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch sign my-season A-0012 A-0031")]
pub(crate) struct SignArgs {
    #[command(flatten)]
    pub(crate) ledger: LedgerArgs,

    /// Who has signed
    #[arg(value_name = "APPLICANT", required = true)]
    pub(crate) applicants: Vec<String>,
    #[command(flatten)]
    pub(crate) act: ActArgs,
}

/// Record that an employer has fewer places, or more
///
/// Where more people hold a place than are left, those lose theirs who are last in the ranking: first of those who have not
/// answered, then of those who accepted, then of those who signed.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch places my-season J-017 0 --reason \"the employer cannot take anybody\"\n  \
                        feriematch places my-season J-042 5")]
pub(crate) struct PlacesArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,

    #[command(flatten)]
    pub(crate) at: LedgerAt,

    /// The job
    pub(crate) job: String,

    /// How many places it has from now on
    #[arg(value_name = "N")]
    pub(crate) places: u32,
    #[command(flatten)]
    pub(crate) act: ActArgs,
}

/// Show where the season stands: rounds, open offers, free places, who must act by when
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch status my-season\n  feriematch status my-season --format json")]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    pub(crate) ledger: LedgerArgs,

    /// The day to look from [default: today]
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<Date>,

    /// Print for people, for spreadsheets and scripts, or for programs
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,
}

/// Undo the newest step that stands, as a step of its own
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch undo my-season --reason \"answer entered for the wrong applicant\"")]
pub(crate) struct UndoArgs {
    #[command(flatten)]
    pub(crate) ledger: LedgerArgs,
    #[command(flatten)]
    pub(crate) act: ActArgs,

    /// Print for people or for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}
