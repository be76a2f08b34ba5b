//! `feriematch plan offers`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use feriematch_plan::Rate;
use jiff::civil::Date;

use super::shares::{LearnArgs, risk, share};
use crate::cli::rounds::LedgerAt;
use crate::cli::{SeasonArgs, TableFormat};

/// Say how many offers to send now, at a stated risk that more accept than there are places
///
/// Says it by home district, within what its budget buys, and for the whole city as one pool; never for one workplace. With a ledger it counts the places
/// that are free now and the offers that are not answered yet; without one, the season's files. Then how many rounds it takes until all
/// places are filled, and what waiting and overbooking cost.
///
/// How many accept comes from --yield, from --learn, from --assumptions or planning.toml in the season folder, or from published.csv there: the first of these.
/// Learned rates are not known for certain, and the risk says so.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch plan offers data/stockholm-2015\n  \
                        feriematch plan offers data/stockholm-2015 --places 185 --yield 546/640 --offers 217\n  \
                        feriematch plan offers my-season --risk 2% --learn season-2025 --learn season-2026 --picture risk.svg\n\n\
                        docs/planning/offers.md has the formulas, and says what the answer means.")]
pub(crate) struct OffersArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,

    /// The risk of more yeses than places that is accepted, such as 5%
    #[arg(long, value_name = "SHARE", default_value = "5%", value_parser = risk)]
    pub(crate) risk: f64,

    /// Take the share of offers that are accepted for known, such as 546/640 or 85.3%
    #[arg(long = "yield", value_name = "SHARE", value_parser = share, conflicts_with = "learn")]
    pub(crate) accepted: Option<Rate>,

    #[command(flatten)]
    pub(crate) learn: LearnArgs,

    /// What is assumed about answers and the calendar of rounds [default: planning.toml in the season folder, if it is there]
    #[arg(long, value_name = "FILE")]
    pub(crate) assumptions: Option<PathBuf>,

    /// Fill so many places that the home districts pay for, instead of those that are free
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(..=1_000_000))]
    pub(crate) places: Option<u32>,

    /// Also say what so many offers to the whole city would risk
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(..=1_000_000))]
    pub(crate) offers: Option<u32>,

    #[command(flatten)]
    pub(crate) at: LedgerAt,

    /// The day on which offers are counted and sent [default: today, with a ledger; otherwise as the calendar says]
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<Date>,

    /// Draw the risk of numbers of offers into this file (SVG)
    #[arg(long, value_name = "FILE")]
    pub(crate) picture: Option<PathBuf>,

    /// Print one table [default: all; with --format csv, offers]
    #[arg(long, value_enum, value_name = "TABLE")]
    pub(crate) table: Option<OffersTable>,

    /// Print for people, for spreadsheets and scripts, or for programs
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OffersTable {
    /// What is known of the shares that accept
    Rates,
    /// How many offers to send
    Offers,
    /// What more or fewer offers would risk
    Risks,
    /// How many rounds it takes
    Rounds,
    /// Until when each period can be offered
    Periods,
}
