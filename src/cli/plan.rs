//! `feriematch plan`: what a planner decides before there is a season.

pub(crate) mod capacity;
pub(crate) mod merge;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum PlanCommand {
    Capacity(capacity::CapacityArgs),
    Merge(merge::MergeArgs),
}
