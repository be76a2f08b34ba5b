//! What the commands that answer a planner's questions take.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use feriematch_model::Mechanism;

use super::{MethodArgs, SeasonArgs, TableFormat, at_least_one, mechanism_parser};

/// Play a season through a thousand times, and set what comes out beside what was published
///
/// For each seed the lottery is drawn, and offers are made, accepted or declined and made again with nobody moved, until nobody who
/// waits can take a place that is free. Offers are declined with the exact share of the home district that the published table
/// has. The seasons are played twice: with the ceilings that season.toml gives the home districts, and with the published numbers of
/// those who worked as ceilings.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch replay data/stockholm-2015\n  \
                        feriematch replay data/stockholm-2015 --seeds 200 --picture replay.svg\n  \
                        feriematch replay my-season --published figures-2026.csv --format csv > replay.csv")]
pub(crate) struct ReplayArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,

    /// How many seasons to play, each way
    #[arg(long, value_name = "N", default_value = "1000", value_parser = at_least_one::<NonZeroU32>)]
    pub(crate) seeds: NonZeroU32,

    /// The seasons' seeds are this text and a number, from 1
    #[arg(long, value_name = "TEXT", default_value = "replay")]
    pub(crate) seed: String,

    /// The published table with the offers made and declined in each district, and those who worked if known [default:
    /// published.csv in the season folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) published: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) method: MethodArgs,

    /// Draw histograms into this file
    #[arg(long, value_name = "FILE")]
    pub(crate) picture: Option<PathBuf>,

    /// Print for people, for spreadsheets and scripts, or for programs
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,
}

/// Set every mechanism side by side on one season
///
/// Runs priority with each rule of placement, deferred acceptance, serial dictatorship, rank-maximal, top trading cycles and a paper
/// lottery with the same lottery numbers, and compares places filled, wishes met, stability, envy, what each class got, and time.
/// Writes nothing.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  feriematch compare data/stockholm-2015\n  feriematch compare my-season --only priority,deferred-acceptance\n  \
                        feriematch compare my-season --format csv > comparison.csv\n  feriematch compare my-season --picture comparison.svg"
)]
pub(crate) struct CompareArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,

    /// The mechanisms to compare [default: all]
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = mechanism_parser())]
    pub(crate) only: Vec<Mechanism>,

    /// The public seed of the lottery [default: as season.toml says]
    #[arg(long)]
    pub(crate) seed: Option<String>,

    /// Print for people, for spreadsheets and scripts, or for programs
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,

    /// Draw the wishes met by each mechanism to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) picture: Option<PathBuf>,
}

/// Say what each rule costs all others: in places, ranks and kronor
///
/// The season is matched as it is, and again without each of its rules: caps, priority classes, ages, rules for minors, extracts,
/// periods, home districts, conditions of funding streams, qualifications, decisions by hand; and with the funding streams in every
/// other order. The lottery is the same each time.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch price data/stockholm-2015\n  \
                        feriematch price my-season --seed \"another lottery\" --format csv > prices.csv\n\n\
                        Prices are not to be added up. docs/planning.md says what they mean.")]
pub(crate) struct PriceArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,

    /// The seed of the lottery [default: as season.toml says]
    #[arg(long)]
    pub(crate) seed: Option<String>,

    #[command(flatten)]
    pub(crate) method: MethodArgs,

    /// Draw who gets and who loses a place without each rule into this file (SVG)
    #[arg(long, value_name = "FILE")]
    pub(crate) picture: Option<PathBuf>,

    /// Print for people, for spreadsheets and scripts, or for programs
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,
}

/// Say who competes for which places, which one more would help, and which nobody takes
///
/// Bottlenecks are sets of jobs with fewer places than there are applicants who could take nothing else: there somebody goes without, whatever
/// the lottery. Then one more place in each, or one more within each cap, is tried by matching the season with it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch shortage data/stockholm-2015\n  \
                        feriematch shortage my-season --candidates 200 --table one-more --format csv > phone-list.csv\n  \
                        feriematch shortage my-season --public")]
pub(crate) struct ShortageArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,

    /// The seed of the lottery [default: as season.toml says]
    #[arg(long)]
    pub(crate) seed: Option<String>,

    #[command(flatten)]
    pub(crate) method: MethodArgs,

    /// The most that one more is tried of
    #[arg(long, value_name = "N", default_value_t = 30)]
    pub(crate) candidates: u32,

    /// Mask numbers of fewer than five youths, and those from which they could be computed
    #[arg(long)]
    pub(crate) public: bool,

    /// Print one table [default: all; with --format csv, bottlenecks]
    #[arg(long, value_enum, value_name = "TABLE")]
    pub(crate) table: Option<ShortageTable>,

    /// Print for people, for spreadsheets and scripts, or for programs
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ShortageTable {
    /// Who competes for what
    Bottlenecks,
    /// What one more would give
    OneMore,
    /// Places that nobody has
    Idle,
}

/// Estimate everybody's probability of a place, over lotteries
///
/// So many lotteries are drawn, and the season matched with each. Printed are the probabilities by class, home district, birth year and sex, with how
/// well they are known.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch chances data/stockholm-2015\n  \
                        feriematch chances my-season --draws 20000 --precision 0.01 --out chances.csv\n  \
                        feriematch chances my-season --applicant A-0012")]
pub(crate) struct ChancesArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,

    /// The most lotteries to draw
    #[arg(long, value_name = "N", default_value = "1000", value_parser = at_least_one::<NonZeroU32>)]
    pub(crate) draws: NonZeroU32,

    /// The lotteries' seeds are this text and a number, from 1
    #[arg(long, value_name = "TEXT", default_value = "chances")]
    pub(crate) seed: String,

    /// Stop once everybody's probability is known to within this, either way (95 %), such as 0.01
    #[arg(long, value_name = "SHARE", value_parser = precision)]
    pub(crate) precision: Option<f64>,

    /// Show one applicant's probabilities, of each wish
    #[arg(long, value_name = "ID")]
    pub(crate) applicant: Option<String>,

    /// Write everybody's probabilities into this file, one row an applicant
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) method: MethodArgs,

    /// Print for people, for spreadsheets and scripts, or for programs
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,
}

/// Reads how well a probability is to be known.
fn precision(text: &str) -> Result<f64, String> {
    let number: f64 = text.replace(',', ".").parse().map_err(|_| "not a number".to_owned())?;
    if number > 0.0 && number < 0.5 { Ok(number) } else { Err("it takes a number above 0 and below 0.5".to_owned()) }
}
