//! What `feriematch plan capacity` takes.

use std::path::PathBuf;

use clap::Args;
use feriematch_plan::study::Shard;

use crate::cli::{MethodArgs, SeasonArgs, TableFormat};

/// Simulate a season a thousand times: who is hired, who goes without, how many rounds and what it costs
///
/// In each season the lottery is drawn, and places are offered, declined, left unanswered or given up, and offered again, round after round, as
/// planning.toml or --assumptions says. Without either, offers are declined as published.csv says of each district, and there are rounds until
/// nothing can be offered. Printed are means with how well they are known, spreads, and what 90 of 100 seasons give.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch plan capacity data/stockholm-2015\n  \
                        feriematch plan capacity my-season --seasons 10000 --precision 0.5 --picture capacity.svg\n  \
                        feriematch plan capacity my-season --seasons 100000 --shard 2/8 --out part-2.json\n  \
                        feriematch plan capacity my-season --assumptions cautious.toml --format csv > capacity.csv\n\n\
                        docs/planning/capacity.md says what is assumed, and what the answers mean.")]
pub(crate) struct CapacityArgs {
    #[command(flatten)]
    pub(crate) season: SeasonArgs,

    /// How many seasons to play
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub(crate) seasons: u32,

    /// The seasons' seeds are this text and a number, from 1
    #[arg(long, value_name = "TEXT", default_value = "capacity")]
    pub(crate) seed: String,

    /// What becomes of offers, when rounds are, and who applies [default: planning.toml in the season folder, or else
    /// published.csv]
    #[arg(long, value_name = "FILE")]
    pub(crate) assumptions: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) method: MethodArgs,

    /// Stop once the mean number of those hired is known to within this, either way (95 %), such as 0.5
    #[arg(long, value_name = "YOUTHS", value_parser = hundredths, conflicts_with = "shard")]
    pub(crate) precision: Option<u64>,

    /// Play only one of so many parts of the seasons, such as 2/8, and write it with --out
    #[arg(long, value_name = "I/N", requires = "out", conflicts_with_all = ["format", "picture"])]
    pub(crate) shard: Option<Shard>,

    /// Write what came out into this file (JSON), for `feriematch plan merge`
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,

    /// Draw how well the mean number of those hired was known after how many seasons into this file (SVG)
    #[arg(long, value_name = "FILE")]
    pub(crate) picture: Option<PathBuf>,

    /// Print for people, for spreadsheets and scripts, or for programs
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,
}

/// Reads a number above zero with at most two decimals, in hundredths.
fn hundredths(text: &str) -> Result<u64, String> {
    let problem = || "it takes a number above 0 with at most two decimals, such as 0.5".to_owned();
    let text = text.replace(',', ".");
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let are_digits = [whole, decimals].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    if !are_digits || decimals.len() > 2 || whole.len() + decimals.len() == 0 {
        return Err(problem());
    }
    let number = format!("{whole}{decimals:0<2}").parse().map_err(|_| problem())?;
    if number > 0 { Ok(number) } else { Err(problem()) }
}
