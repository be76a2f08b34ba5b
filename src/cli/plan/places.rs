//! `feriematch plan places`.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::{MethodArgs, SeasonArgs, TableFormat, at_least_one};

/// Find where so many more places help most, or which would be missed least
///
/// Places are added one after the other, each where it fills most places beside those before it, and of these where it leaves the best wishes. Every
/// step is found and verified by matching the season anew. Where no further place of a job fills a place, it says which caps would have to be raised.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch plan places data/stockholm-2015 --count 5\n  \
                        feriematch plan places my-season --count 20 --candidates 40 --picture curve.svg\n  \
                        feriematch plan places my-season --remove --count 10\n  \
                        feriematch plan places my-season --table alone --format csv > jobs.csv")]
pub(crate) struct PlacesArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,

    /// How many places
    #[arg(long, short = 'k', value_name = "N", default_value = "10", value_parser = at_least_one::<NonZeroU32>)]
    pub(crate) count: NonZeroU32,

    /// Take places away instead: those that are missed least
    #[arg(long)]
    pub(crate) remove: bool,

    /// Try only so many jobs, those whose places are dearest by the prices of the placement (with --remove the cheapest) [default: all]
    #[arg(long, value_name = "N", value_parser = at_least_one::<NonZeroU32>)]
    pub(crate) candidates: Option<NonZeroU32>,

    /// The seed of the lottery [default: as season.toml says]
    #[arg(long)]
    pub(crate) seed: Option<String>,

    #[command(flatten)]
    pub(crate) method: MethodArgs,

    /// Print one table [default: both; with --format csv, steps]
    #[arg(long, value_enum, value_name = "TABLE")]
    pub(crate) table: Option<PlacesTable>,

    /// Draw what the places give together into this file (SVG)
    #[arg(long, value_name = "FILE")]
    pub(crate) picture: Option<PathBuf>,

    /// Print for people, for spreadsheets and scripts, or for programs
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlacesTable {
    /// One place after the other
    Steps,
    /// One place of each job alone
    Alone,
}
