//! Who competes for which places.

use std::collections::BTreeMap;

use feriematch_core::Preparation;
use feriematch_model::{ApplicantIx, JobIx, Outcome, StreamIx};
use rayon::prelude::*;

use crate::bottleneck::{Bottleneck, HomeShortage, bottlenecks, home_shortages};
use crate::stage_view::{Holdings, StageView};
use crate::traits::JobTraits;

/// Who competes for which places, and which places nobody takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortage {
    /// How many could take a job that they wish for, and have no place.
    pub waiting: u32,
    /// Bottlenecks, those of most who go without first.
    pub bottlenecks: Vec<Scarce>,
    /// Home districts whose cap is used up, stage by stage.
    pub homes: Vec<HomeShortage>,
}

/// A bottleneck, or several that a person would call by the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scarce {
    /// What the jobs have in common.
    pub traits: JobTraits,
    /// The bottlenecks; they have no applicant and no job in common.
    pub parts: Vec<Bottleneck>,
    /// Jobs of the bottleneck with fewer places than there are applicants who could take nothing else, those of most who go without first.
    pub tight: Vec<Tight>,
}

/// A class of jobs of a bottleneck that is too small for those who could take nothing else, whatever the lottery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tight {
    /// What names the class.
    pub class: JobTraits,
    /// The jobs, ascending.
    pub jobs: Vec<JobIx>,
    /// How many could take no others.
    pub confined: u32,
    /// How many of them places and caps admit at most.
    pub places: u32,
}

impl Scarce {
    /// Returns the funding stream of the stage.
    pub fn stream(&self) -> StreamIx {
        self.parts[0].stream
    }

    /// Returns the sum of a number over the bottlenecks.
    pub fn sum(&self, of: impl Fn(&Bottleneck) -> u32) -> u32 {
        self.parts.iter().map(of).sum()
    }

    /// Returns the jobs, ascending.
    pub fn jobs(&self) -> Vec<JobIx> {
        let mut jobs: Vec<JobIx> = self.parts.iter().flat_map(|part| part.jobs.iter().copied()).collect();
        jobs.sort_unstable();
        jobs
    }

    /// Returns those who compete.
    pub fn confined(&self) -> impl Iterator<Item = ApplicantIx> {
        self.parts.iter().flat_map(|part| part.confined.iter().copied())
    }

    /// Returns whether a cap is what is too small.
    pub fn is_capped(&self) -> bool {
        self.parts.iter().any(Bottleneck::is_capped)
    }
}

impl Tight {
    /// Returns how many go without at least.
    pub fn without(&self) -> u32 {
        self.confined - self.places
    }
}

/// Finds who competes for which places in an outcome of the mechanism `priority` in which nobody could be moved.
///
/// A bottleneck of no place is left out where all who are refused in it are refused in one of an earlier stage: it says nothing new.
///
/// # Complexity
///
/// Near-linear in wishes and the jobs of classes of jobs, once a stage.
pub fn shortage(preparation: &Preparation<'_>, outcome: &Outcome) -> Shortage {
    let holdings = Holdings::new(preparation, outcome);
    let mut shortage = Shortage { waiting: holdings.waiting().count() as u32, bottlenecks: Vec::new(), homes: Vec::new() };
    let mut is_known = vec![false; outcome.decisions.len()];
    for (row, stage) in outcome.stages.iter().enumerate() {
        let view = holdings.stage(stage, StreamIx::new(row));
        let mut found = bottlenecks(&view);
        found.retain(|bottleneck| bottleneck.places > 0 || bottleneck.refused.iter().any(|applicant| !is_known[applicant.get()]));
        found.iter().flat_map(|bottleneck| &bottleneck.refused).for_each(|applicant| is_known[applicant.get()] = true);
        shortage.bottlenecks.extend(merged(&view, found));
        shortage.homes.extend(home_shortages(&view));
    }
    let order = |scarce: &Scarce| (std::cmp::Reverse(scarce.sum(Bottleneck::without)), scarce.stream(), scarce.jobs());
    shortage.bottlenecks.sort_by_cached_key(order);
    shortage
}

/// Puts bottlenecks together that have the same in common, so that a person would call them by one name. Those whose jobs have nothing in
/// common have no name, and stay apart.
fn merged(stage: &StageView<'_, '_>, found: Vec<Bottleneck>) -> Vec<Scarce> {
    let season = stage.holdings.season();
    let mut by_name: BTreeMap<(JobTraits, bool, Option<JobIx>), Vec<Bottleneck>> = BTreeMap::new();
    for bottleneck in found {
        let Some(traits) = JobTraits::of(season, bottleneck.jobs.iter().copied()) else { continue };
        let traits = JobTraits { job: None, ..traits };
        let apart = bottleneck.jobs.first().copied().filter(|_| traits.words() == 0 && traits.open_to.is_none());
        by_name.entry((traits, bottleneck.is_capped(), apart)).or_default().push(bottleneck);
    }
    let scarce = |parts: Vec<Bottleneck>| {
        let traits = JobTraits::of(season, parts.iter().flat_map(|part| part.jobs.iter().copied()))?;
        let tight = parts.iter().flat_map(|part| tight(stage, part)).collect::<Vec<_>>();
        Some(Scarce { traits, parts, tight })
    };
    by_name.into_values().filter_map(scarce).collect()
}

/// Finds the classes of jobs of a bottleneck that are too small for those who could take nothing else. The whole bottleneck is none of them.
fn tight(stage: &StageView<'_, '_>, bottleneck: &Bottleneck) -> Vec<Tight> {
    let preparation = stage.holdings.preparation;
    let season = stage.holdings.season();
    let paid = |job: &JobIx| stage.pays_for(*job);
    let common = |&applicant: &ApplicantIx| {
        let jobs = preparation.acceptable(applicant).into_iter().map(|acceptable| acceptable.job).filter(paid);
        JobTraits::of(season, jobs).map(JobTraits::classes).unwrap_or_default()
    };
    let common: Vec<Vec<JobTraits>> = bottleneck.confined.par_iter().map(common).collect();
    let mut confined: BTreeMap<JobTraits, u32> = BTreeMap::new();
    common.into_iter().flatten().for_each(|class| *confined.entry(class).or_default() += 1);
    let mut found: Vec<Tight> = Vec::new();
    for (class, confined) in confined {
        let jobs: Vec<JobIx> = bottleneck.jobs.iter().copied().filter(|&job| class.admits(season, job)).collect();
        let places = stage.admits(&jobs);
        if confined > places && jobs.len() < bottleneck.jobs.len() {
            found.push(Tight { class, jobs, confined, places });
        }
    }
    // Of several names for the same jobs, the one that says least.
    found.sort_by(|a, b| (&a.jobs, a.class.words(), a.class).cmp(&(&b.jobs, b.class.words(), b.class)));
    found.dedup_by(|later, first| later.jobs == first.jobs);
    found.sort_by_cached_key(|tight| (std::cmp::Reverse(tight.without()), tight.jobs.len(), tight.jobs.clone()));
    found
}
