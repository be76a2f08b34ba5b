//! What `feriematch plan merge` takes.

use std::path::PathBuf;

use clap::Args;

use crate::cli::TableFormat;

/// Put the parts of a study together, and print it as if it had been played in one piece
///
/// Parts are what --shard and --out of `feriematch plan capacity` write, on one machine or several; in any order they give the same bytes. Every part must
/// be there once, and all of one study: the same files, assumptions, seed, number of seasons and version of the program.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch plan merge part-1.json part-2.json part-3.json part-4.json\n  \
                        feriematch plan merge part-1.json part-2.json --out capacity.json --format csv > capacity.csv")]
pub(crate) struct MergeArgs {
    /// The parts
    #[arg(required = true, value_name = "PART")]
    pub(crate) parts: Vec<PathBuf>,

    /// Write the study into this file (JSON): the same as a study played in one piece writes
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,

    /// Draw the picture of the command that played the parts into this file (SVG)
    #[arg(long, value_name = "FILE")]
    pub(crate) picture: Option<PathBuf>,

    /// Print for people, for spreadsheets and scripts, or for programs
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,
}
