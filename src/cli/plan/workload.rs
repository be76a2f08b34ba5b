//! `feriematch plan workload` and `plan caseload`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::{EncodingArg, TableFormat};

/// Count the staff hours that a season needs, by step and week, against those that are there
///
/// Every step of the work, from import to time reports, takes so many minutes an application, an offer, a youth hired or a report, and is
/// spread over the working days from its first to its last. With a season folder its applications and places count.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch plan workload --figures data/workload/workload.toml\n  \
                        feriematch plan workload my-season --change 250 --picture weeks.svg\n  \
                        feriematch plan workload my-season --table steps --format csv")]
pub(crate) struct WorkloadArgs {
    /// The season folder; without one, the volumes are those of the figures
    pub(crate) dir: Option<PathBuf>,

    /// The file of the figures [default: workload.toml in the season folder]
    #[arg(long, value_name = "FILE", required_unless_present = "dir")]
    pub(crate) figures: Option<PathBuf>,

    /// Say what so many applications more, and fewer, do
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) change: u32,

    /// Print one table only
    #[arg(long, value_enum, value_name = "TABLE")]
    pub(crate) table: Option<WorkloadTable>,

    /// Read CSV files in this encoding instead of finding it out
    #[arg(long, value_enum, value_name = "ENCODING")]
    pub(crate) encoding: Option<EncodingArg>,

    /// Draw hours needed and there, week by week, into this file (SVG)
    #[arg(long, value_name = "FILE")]
    pub(crate) picture: Option<PathBuf>,

    /// Print for people, for spreadsheets and scripts (the table of weeks unless --table says otherwise), or for programs
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WorkloadTable {
    /// Hours by week
    Weeks,
    /// Hours by step
    Steps,
}

/// Assign cases to handlers: loads as equal as can be, with few changes
///
/// Cases have classes with weights (A active, B sparser, C simplified). Loads, the sums of the weights, are made as equal as can be; of such
/// assignments one is taken in which few cases change their handler, the heaviest class first. What the other order of these aims would
/// give is said, too.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  feriematch plan caseload data/workload/cases.csv data/workload/handlers.csv\n  \
                        feriematch plan caseload cases.csv handlers.csv --weights A=6,B=3,C=1 --continuity-first\n  \
                        feriematch plan caseload cases.csv handlers.csv --table cases --format csv > assigned.csv")]
pub(crate) struct CaseloadArgs {
    /// The table of cases: case, class, and if there are before (the handler) and needs
    pub(crate) cases: PathBuf,

    /// The table of handlers: handler, and if there are most (cases) and skills
    pub(crate) handlers: PathBuf,

    /// The classes with their weights; each weight a multiple of every lighter one
    #[arg(long, value_name = "CLASS=WEIGHT,…", value_delimiter = ',', default_value = "A=4,B=2,C=1", value_parser = weight)]
    pub(crate) weights: Vec<(Box<str>, u32)>,

    /// How many cases a handler has at least as a rule
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub(crate) usual_least: u32,

    /// How many cases a handler has at most, where the file does not say
    #[arg(long, value_name = "N", default_value_t = 60)]
    pub(crate) most: u32,

    /// Let every case stay with its handler, and make loads as equal as that allows
    #[arg(long)]
    pub(crate) continuity_first: bool,

    /// Print one table only
    #[arg(long, value_enum, value_name = "TABLE")]
    pub(crate) table: Option<CaseloadTable>,

    /// Read CSV files in this encoding instead of finding it out
    #[arg(long, value_enum, value_name = "ENCODING")]
    pub(crate) encoding: Option<EncodingArg>,

    /// Draw the loads into this file (SVG)
    #[arg(long, value_name = "FILE")]
    pub(crate) picture: Option<PathBuf>,

    /// Print for people, for spreadsheets and scripts (the table of loads unless --table says otherwise), or for programs
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CaseloadTable {
    /// Each handler's load
    Loads,
    /// Each case's handler
    Cases,
}

fn weight(text: &str) -> Result<(Box<str>, u32), String> {
    let (class, weight) = text.rsplit_once('=').ok_or("write it as CLASS=WEIGHT, such as A=4")?;
    let weight = weight.trim().parse().ok().filter(|weight| (1..=10_000).contains(weight));
    Ok((class.trim().into(), weight.ok_or("the weight is a whole number from 1 to 10000")?))
}
