//! `feriematch plan`: what a planner decides before there is a season.


pub(crate) mod apportion;
pub(crate) mod capacity;
pub(crate) mod merge;
pub(crate) mod places;
pub(crate) mod workload;
pub(crate) mod whatif;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum PlanCommand {
    Capacity(capacity::CapacityArgs),
    Merge(merge::MergeArgs),
    Places(places::PlacesArgs),
    Apportion(apportion::ApportionArgs),
    Workload(workload::WorkloadArgs),
    Caseload(workload::CaseloadArgs),
    Whatif(whatif::WhatifArgs),
}
