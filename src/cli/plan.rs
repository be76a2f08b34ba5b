//! What the commands that play seasons through take.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::Args;
use feriematch_model::Mechanism;

use super::{MethodArgs, SeasonArgs, TableFormat, mechanism_parser};

/// Play a season through a thousand times, and set what comes out beside what was published
///
/// For each seed the lottery is drawn, and offers are made, accepted or declined and made again with nobody moved, until nobody who
/// waits can take a place that is free. Offers are declined with the exact share of the home district that the published table
/// has. The seasons are played twice: with the ceilings that season.toml gives the home districts, and with the published numbers of
/// those who worked as ceilings.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch replay data/stockholm-2015\n  \
                        feriematch replay data/stockholm-2015 --seeds 200 --svg replay.svg\n  \
                        feriematch replay my-season --published figures-2026.csv --format csv > replay.csv")]
pub(crate) struct ReplayArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,

    /// How many seasons to play, each way
    #[arg(long, value_name = "N", default_value = "1000")]
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
    pub(crate) svg: Option<PathBuf>,

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
                        feriematch compare my-season --format csv > comparison.csv\n  feriematch compare my-season --svg comparison.svg"
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
    pub(crate) svg: Option<PathBuf>,
}
