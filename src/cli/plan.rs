//! `feriematch plan`: what a planner decides before there is a season.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum PlanCommand {}
