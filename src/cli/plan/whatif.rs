//! What `feriematch plan whatif` takes.

use std::path::PathBuf;

use clap::Args;
use feriematch_plan::study::{FigureKey, Shard};

use crate::cli::{MethodArgs, SeasonArgs, TableFormat};

/// Say what other cohorts, places, budgets or rules would give, beside the season as it is
///
/// A file of scenarios says what would be changed, one by one or in grids of which every combination is played. Every scenario has the same lotteries, the
/// same answers and the same applicants as the season as it is, season by season, so that what differs is the scenario's doing. Printed are differences
/// with their 95 % intervals.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch plan whatif data/stockholm-2015 data/stockholm-2015/scenarios.toml\n  \
                        feriematch plan whatif my-season scenarios.toml --seasons 2000 --page whatif.html\n  \
                        feriematch plan whatif my-season scenarios.toml --figure unplaced/class/P --picture waiting.svg\n  \
                        feriematch plan whatif my-season scenarios.toml --seasons 10000 --shard 2/8 --out part-2.json\n  \
                        feriematch plan whatif my-season scenarios.toml --parts part-1.json --parts part-2.json --format csv > whatif.csv\n\n\
                        docs/planning/whatif.md says what a scenario can change, and what the answers mean.")]
pub(crate) struct WhatifArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,

    /// The file of scenarios
    #[arg(value_name = "SCENARIOS")]
    pub(crate) scenarios: PathBuf,

    /// How many seasons to play of each scenario
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(2..=10_000_000))]
    pub(crate) seasons: u32,

    /// The seasons' seeds are this text and a number, from 1
    #[arg(long, value_name = "TEXT", default_value = "whatif")]
    pub(crate) seed: String,

    /// What becomes of offers, when rounds are, and who applies [default: planning.toml in the season folder, or else
    /// published.csv]
    #[arg(long, value_name = "FILE")]
    pub(crate) assumptions: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) method: MethodArgs,

    /// Play only one of so many parts of the seasons, such as 2/8, and write it with --out
    #[arg(long, value_name = "I/N", requires = "out", conflicts_with_all = ["format", "picture", "page", "figure"])]
    pub(crate) shard: Option<Shard>,

    /// Write what came out into this file (JSON), for --parts
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,

    /// Put together what --shard and --out wrote, instead of playing: every part once
    #[arg(long, value_name = "FILE", conflicts_with_all = ["seasons", "seed", "shard"])]
    pub(crate) parts: Vec<PathBuf>,

    /// Print one figure in full, such as hired, cost or unplaced/district/norrmalm; --picture draws it
    #[arg(long, value_name = "FIGURE")]
    pub(crate) figure: Option<FigureKey>,

    /// Draw those hired, or the figure, into this file (SVG)
    #[arg(long, value_name = "FILE")]
    pub(crate) picture: Option<PathBuf>,

    /// Draw this grid, or `scenarios`: those of their own [default: the first grid]
    #[arg(long, value_name = "NAME", requires = "picture")]
    pub(crate) picture_of: Option<String>,

    /// Write everything on one page (HTML) that needs nothing beside it
    #[arg(long, value_name = "FILE")]
    pub(crate) page: Option<PathBuf>,

    /// Print for people, for spreadsheets and scripts, or for programs
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,
}
