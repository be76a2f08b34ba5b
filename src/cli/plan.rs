//! `feriematch plan`: what a planner decides before there is a season.

pub(crate) mod apportion;
pub(crate) mod calibrate;
pub(crate) mod capacity;
pub(crate) mod merge;
pub(crate) mod offers;
pub(crate) mod places;
pub(crate) mod shares;
pub(crate) mod whatif;
pub(crate) mod workload;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum PlanCommand {
    Capacity(capacity::CapacityArgs),
    Whatif(whatif::WhatifArgs),
    Merge(merge::MergeArgs),
    Offers(offers::OffersArgs),
    Calibrate(calibrate::CalibrateArgs),
    Places(places::PlacesArgs),
    Apportion(apportion::ApportionArgs),
    Workload(workload::WorkloadArgs),
    Caseload(workload::CaseloadArgs),
}
