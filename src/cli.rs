//! What the command line takes.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use feriematch_core::{ChoiceError, RunOptions};
use feriematch_model::{Mechanism, PlacementRule, Season};

use crate::exit_code::Failure;

pub(crate) mod balance;
pub(crate) mod decisions;
pub(crate) mod pay;
pub(crate) mod plan;
pub(crate) mod privacy;
pub(crate) mod questions;
pub(crate) mod rounds;

/// Match young people to municipal summer jobs
///
/// Reads a season folder (season.toml, applicants, jobs), draws the lottery within the priority classes, gives as many places as
/// can be given in the order of the ranking, and writes offers, a waiting list and the evidence that anyone can check.
#[derive(Debug, Parser)]
#[command(name = "feriematch", version, propagate_version = true, max_term_width = 110, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// Use so many threads; the result is the same for any number
    #[arg(long, global = true, value_name = "N", value_parser = at_least_one::<NonZeroUsize>)]
    pub(crate) threads: Option<NonZeroUsize>,

    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,
}

/// Reads a whole number that cannot be 0.
fn at_least_one<N: FromStr>(text: &str) -> Result<N, String> {
    text.parse().map_err(|_| "it takes a whole number from 1".to_owned())
}

const EXAMPLES: &str = "\
Examples:
  feriematch init my-season                      write a commented season to start from
  feriematch check my-season                     find every problem in its files
  feriematch rules my-season                     say by which dated rules it goes, and from where
  feriematch match my-season                     draw, match, write my-season/outcome/
  feriematch verify my-season                    recheck the outcome from the files
  feriematch why my-season A-0012 --lang en      explain one applicant's outcome
  feriematch why-not my-season A-0012 J-017      explain why a job is not theirs, and what it would have cost others
  feriematch report my-season                    tables by district, class, area; gender balance; cost
  feriematch balance my-season                   gender balance from applications to hirings, and who applied for what

Planning:
  feriematch compare my-season                   every mechanism side by side
  feriematch replay data/stockholm-2015          play a season through a thousand times
  feriematch price my-season                     what each rule costs all others, in places, ranks and kronor
  feriematch shortage my-season                  who competes for which places, and which one more would help
  feriematch chances my-season                   everybody's probability of a place, over lotteries
  feriematch plan capacity my-season             what seasons give, with declines, rounds and a calendar
  feriematch plan --help                         what if, how many offers, where one more place, apportioning, workload

A season round by round:
  feriematch ledger init my-season               begin the season's record
  feriematch lottery commit my-season            fix the list before the seed is known, for a draw that anybody can check
  feriematch lottery draw my-season --seed S     draw the lottery, once
  feriematch publish my-season --days 7          match, and publish a round of offers
  feriematch answer my-season A-0012 accept      record answers, one or a file of them
  feriematch expire my-season                    let overdue offers lapse; then publish again
  feriematch status my-season                    where it stands, and who must act by when
  feriematch diff my-season                      what the newest round changed, chain by chain
  feriematch overrides my-season                 what was decided by hand (lock, forbid, release)
  feriematch letters my-season --kind offer      write the letters of the round
  feriematch hours my-season reports.csv         check time reports, and approve them
  feriematch cost my-season                      what the places cost by payer, against the budgets

Personal data:
  feriematch disclose my-season --out copy       write a masked copy, for a request to see public records
  feriematch retire my-season --key K --confirm N   after the season, delete personal data
  feriematch classes my-season …                 next year, propose classes from what was kept

Exit codes:
  0 done, 1 a check was refuted, 2 usage, 3 invalid input, 4 infeasible, 5 conflict with the ledger, 70 internal error,
  74 cannot read or write";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Init(InitArgs),
    Check(CheckArgs),
    Match(MatchArgs),
    Rules(RulesArgs),
    Why(WhyArgs),
    WhyNot(WhyNotArgs),
    Verify(VerifyArgs),
    Report(ReportArgs),
    Compare(questions::CompareArgs),
    Balance(balance::BalanceArgs),
    Synth(SynthArgs),
    Replay(questions::ReplayArgs),
    Price(questions::PriceArgs),
    Shortage(questions::ShortageArgs),
    Chances(questions::ChancesArgs),
    /// Plan a season: how many offers, what if, where one more place helps
    #[command(subcommand)]
    Plan(plan::PlanCommand),
    #[command(subcommand)]
    Ledger(rounds::LedgerCommand),
    #[command(subcommand)]
    Lottery(rounds::LotteryCommand),
    Publish(rounds::PublishArgs),
    Diff(rounds::DiffArgs),
    Lock(decisions::LockArgs),
    Forbid(decisions::ForbidArgs),
    Release(decisions::ReleaseArgs),
    Overrides(decisions::OverridesArgs),
    Cede(decisions::CedeArgs),
    Todo(decisions::TodoArgs),
    Answer(rounds::AnswerArgs),
    Expire(rounds::ExpireArgs),
    Sign(rounds::SignArgs),
    Places(rounds::PlacesArgs),
    Status(rounds::StatusArgs),
    Undo(rounds::UndoArgs),
    Letters(pay::LettersArgs),
    Hours(pay::HoursArgs),
    Cost(pay::CostArgs),
    Disclose(privacy::DiscloseArgs),
    Retire(privacy::RetireArgs),
    Classes(privacy::ClassesArgs),
}

/// Write a commented starter season
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch init feriejobb-2027\n  feriematch match feriejobb-2027")]
pub(crate) struct InitArgs {
    /// The folder to write to; made if it is not there
    pub(crate) dir: PathBuf,
}

/// A season folder and how to read it.
#[derive(Debug, Args)]
pub(crate) struct SeasonArgs {
    /// The season folder
    pub(crate) dir: PathBuf,

    /// Read CSV files in this encoding instead of finding it out
    #[arg(long, value_enum, value_name = "ENCODING")]
    pub(crate) encoding: Option<EncodingArg>,
}

/// Find every problem in a season's files
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  feriematch check my-season\n  feriematch check my-season --format json\n\nWarnings do not fail the check."
)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,

    /// Print for people or for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// How places are assigned, where that is not left to season.toml.
#[derive(Debug, Args)]
pub(crate) struct MethodArgs {
    /// How to assign places [default: as season.toml says]
    #[arg(long, value_name = "NAME", value_parser = mechanism_parser())]
    pub(crate) mechanism: Option<Mechanism>,

    /// Which placement of those selected to take, by the mechanism priority [default: as season.toml says]
    #[arg(long, value_name = "NAME", value_parser = placement_parser())]
    pub(crate) placement: Option<PlacementRule>,

    /// Do without the soft balance targets of season.toml
    #[arg(long)]
    pub(crate) no_balance: bool,
}

impl MethodArgs {
    /// Settles what is left to `season.toml`.
    pub(crate) fn options(&self, season: &Season) -> Result<RunOptions, Failure> {
        RunOptions::choose(season, self.mechanism, self.placement, !self.no_balance).map_err(|error| {
            let help = match error {
                ChoiceError::Placement { .. } => "leave out --placement, or use --mechanism priority",
                _ => "add --no-balance to do without the targets of season.toml",
            };
            Failure::Usage { message: error.to_string(), help: help.to_owned() }
        })
    }
}

/// Match applicants to jobs and write the outcome
///
/// Writes offers.csv, waiting-list.csv, jobs.csv, not-eligible.csv (for Excel) and outcome.json (for programs, with the
/// evidence). With an error in the input nothing is written.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  feriematch match data/stockholm-2015\n  feriematch match my-season --seed \"lotto 2027-04-01: 3 11 17 22 30 34\"\n  \
                        feriematch match my-season --mechanism serial-dictatorship --out /tmp/what-if"
)]
pub(crate) struct MatchArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,

    /// The folder to write to [default: outcome in the season folder]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) method: MethodArgs,

    /// The public seed of the lottery [default: as season.toml says]
    #[arg(long)]
    pub(crate) seed: Option<String>,

    /// What finds the placement: our sparse solver, or a dense textbook solver for small seasons
    #[arg(long, value_enum, default_value_t = SolverArg::Sparse)]
    pub(crate) solver: SolverArg,

    /// Print seconds and peak memory of each step as one JSON line on stderr
    #[arg(long)]
    pub(crate) timings: bool,

    /// Print the summary for people or for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// List the rule packs, and say which edition a season uses
///
/// A rule pack is a family of dated editions, each a file: those that come with the program, and those in the season's folder `rules`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch rules\n  feriematch rules my-season\n  feriematch rules my-season --format csv")]
pub(crate) struct RulesArgs {
    /// The season folder; without one, what comes with the program
    pub(crate) dir: Option<PathBuf>,

    /// Print for people, for spreadsheets and scripts, or for programs
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,
}

/// An outcome of a season.
#[derive(Debug, Args)]
pub(crate) struct OutcomeArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,

    /// The outcome to look at [default: outcome/outcome.json in the season folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) outcome: Option<PathBuf>,

    /// Look at a round that was published instead
    #[arg(long, value_name = "N", conflicts_with = "outcome")]
    pub(crate) round: Option<u32>,

    /// Where the ledger of the round is: a file, or postgres://… [default: as for the other commands]
    #[arg(long, value_name = "WHERE", requires = "round")]
    pub(crate) ledger: Option<String>,
}

impl OutcomeArgs {
    /// Returns where the ledger of a round is.
    pub(crate) fn ledger_at(&self) -> rounds::LedgerAt {
        // Not left to the parser: for it a variable would be an option that asks for --round.
        let ledger = self.ledger.clone().or_else(|| std::env::var(rounds::LEDGER_VARIABLE).ok());
        rounds::LedgerAt { ledger }
    }
}

/// Explain one applicant's outcome, naming nobody else
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  feriematch why data/stockholm-2015 A-0012\n  feriematch why data/stockholm-2015 A-0012 --lang en"
)]
pub(crate) struct WhyArgs {
    #[command(flatten)]
    pub(crate) outcome: OutcomeArgs,

    /// The applicant's id
    #[arg(value_name = "APPLICANT")]
    pub(crate) applicant: String,

    /// The language to explain in
    #[arg(long, value_enum, default_value_t = Lang::Sv)]
    pub(crate) lang: Lang,
}

/// Explain why one applicant did not get one job, naming nobody else
///
/// Says whether it was wished for and may be taken, who was the last to get it, and what it would have cost others: the season is
/// decided again with that place given.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  feriematch why-not data/stockholm-2015 A-0012 J-017\n  feriematch why-not data/stockholm-2015 A-0012 J-017 --lang en\n  \
                  feriematch why-not my-season A-0012 J-017 --round 2 --format json"
)]
pub(crate) struct WhyNotArgs {
    #[command(flatten)]
    pub(crate) outcome: OutcomeArgs,

    /// The applicant's id
    #[arg(value_name = "APPLICANT")]
    pub(crate) applicant: String,

    /// The job's id
    #[arg(value_name = "JOB")]
    pub(crate) job: String,

    /// The language to explain in
    #[arg(long, value_enum, default_value_t = Lang::Sv)]
    pub(crate) lang: Lang,

    /// Print for people or for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// Recheck an outcome from the season's files, without the engine's code
///
/// Recomputes eligibility, lottery numbers and ranking; checks every place, cap and refusal, and by replay or by the prices in the
/// evidence that the mechanism gives no other places. Refutes with the exact reason and exit code 1. With a certificate in the place of the
/// season folder, checks that alone.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  feriematch verify data/stockholm-2015\n  feriematch verify my-season --outcome published/outcome.json\n  \
                        feriematch verify my-season --certificate certificate.json\n  feriematch verify certificate.json\n\n\
                        A certificate holds what the outcome follows from, under pseudonyms; docs/certificate.md says what it proves."
)]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    pub(crate) outcome: OutcomeArgs,

    /// Write what the outcome follows from to a new file, which anybody can check without the season's files
    #[arg(long, value_name = "FILE")]
    pub(crate) certificate: Option<PathBuf>,

    /// Write it although it tells class, home district and wishes of protected identities, under their ids
    #[arg(long, requires = "certificate")]
    pub(crate) show_protected: bool,

    /// Print for people or for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// Print tables: places, gender balance, wishes met, cost
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  feriematch report data/stockholm-2015\n  feriematch report data/stockholm-2015 --format csv > figures.csv\n  \
                        feriematch report data/stockholm-2015 --against data/stockholm-2015/published.csv"
)]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    pub(crate) outcome: OutcomeArgs,

    /// Set the figures beside a published table, and flag what contradicts itself there
    #[arg(long, value_name = "FILE")]
    pub(crate) against: Option<PathBuf>,

    /// Draw the share of girls by work area, of first wishes and of places, into this file (SVG)
    #[arg(long, value_name = "FILE")]
    pub(crate) picture: Option<PathBuf>,

    /// Print for people, for spreadsheets and scripts, or for programs
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,
}

/// Make a season from a seed, or from margins
///
/// Every person is invented. The same arguments give the same bytes on every machine.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch synth /tmp/large-city --applicants 20000 --jobs 2000 --places 10000\n  \
                        feriematch synth /tmp/another-2015 --margins data/stockholm-2015/margins.toml --seed 7")]
pub(crate) struct SynthArgs {
    /// The folder to write to; it must not hold a season
    pub(crate) dir: PathBuf,

    /// How many applicants
    #[arg(long, value_name = "N", default_value_t = 1_511, conflicts_with = "margins")]
    pub(crate) applicants: u32,

    /// How many jobs
    #[arg(long, value_name = "N", default_value_t = 110, conflicts_with = "margins")]
    pub(crate) jobs: u32,

    /// How many places the jobs have together
    #[arg(long, value_name = "N", default_value_t = 553, conflicts_with = "margins")]
    pub(crate) places: u32,

    /// How many jobs each applicant wishes for
    #[arg(long, value_name = "K", default_value_t = 10, conflicts_with = "margins")]
    pub(crate) choices: u32,

    /// Draw to the totals of this file instead
    #[arg(long, value_name = "FILE")]
    pub(crate) margins: Option<PathBuf>,

    /// The seed [default: 1, or the margins' own]
    #[arg(long, value_name = "S")]
    pub(crate) seed: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    Text,
    Csv,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// Swedish
    Sv,
    /// English
    En,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SolverArg {
    /// The sparse solver
    Sparse,
    /// pathfinding's dense Kuhn-Munkres
    Reference,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EncodingArg {
    /// UTF-8
    #[value(name = "utf-8")]
    Utf8,
    /// Windows-1252
    #[value(name = "windows-1252")]
    Windows1252,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal
    Auto,
    Always,
    Never,
}

impl Lang {
    pub(crate) const fn language(self) -> feriematch_report::why::Language {
        match self {
            Self::Sv => feriematch_report::why::Language::Swedish,
            Self::En => feriematch_report::why::Language::English,
        }
    }
}

impl Color {
    /// Makes the choice hold for everything that is printed.
    pub(crate) fn write_global(self) {
        match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

/// Reads the name of a rule of placement, likewise.
fn placement_parser() -> impl TypedValueParser<Value = PlacementRule> {
    let named = |name: String| PlacementRule::ALL.into_iter().find(|rule| rule.name() == name).ok_or("no such rule");
    PossibleValuesParser::new(PlacementRule::ALL.map(PlacementRule::name)).try_map(named)
}

/// Reads the name of a mechanism, and says which there are, and which was likely meant.
fn mechanism_parser() -> impl TypedValueParser<Value = Mechanism> {
    let named = |name: String| Mechanism::ALL.into_iter().find(|m| m.name() == name).ok_or("no such mechanism");
    PossibleValuesParser::new(Mechanism::ALL.map(Mechanism::name)).try_map(named)
}
