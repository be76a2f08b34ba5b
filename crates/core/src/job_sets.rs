//! What wishes for classes of jobs open, found once for everybody whom the rules treat alike.
//!
//! A wish such as `any` may name every job of the season: written out for everybody, such wishes would take applicants × jobs
//! of time and room. But the rules look at the *kind* of a job only, and there are few kinds, so few verdicts on the kinds of a
//! class occur: each of them makes one [`JobSet`], which all applicants with that verdict share.

use std::collections::BTreeMap;

use feriematch_model::{JobFilter, JobIx, Season, SmallSet, StreamIx};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::Eligibility;
use crate::screen::{Kinds, has_kind, kinds_where};

/// The jobs that a wish for a class opens to those whom the rules treat alike. It is never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobSet {
    /// The jobs, ascending.
    pub jobs: Box<[JobIx]>,
    /// The funding streams that may pay for one of them at least.
    pub streams: SmallSet<StreamIx>,
}

/// A wish for a class of jobs, by what it opens to the applicant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SharedWish {
    /// The row of the set in [`Preparation::job_sets`](crate::Preparation::job_sets).
    pub set: u32,
    /// The best rank at which it is wished for, from 1.
    pub rank: u16,
}

/// The jobs of every class that a wish may name: each area, each district, each pair of both, and all jobs.
#[derive(Debug)]
pub(crate) struct ClassIndex {
    classes: BTreeMap<JobFilter, JobClass>,
}

/// The jobs that pass a filter, ascending, and their kinds.
#[derive(Debug, Default)]
struct JobClass {
    jobs: Vec<JobIx>,
    kinds: Kinds,
}

impl ClassIndex {
    pub(crate) fn new(season: &Season, eligibility: &Eligibility<'_>) -> Self {
        let mut classes: BTreeMap<JobFilter, JobClass> = BTreeMap::new();
        for (row, job) in season.jobs().iter().enumerate() {
            let area = Some(job.area);
            let mut put = |filter| classes.entry(filter).or_default().jobs.push(JobIx::new(row));
            put(JobFilter::ANY);
            put(JobFilter { area, district: None });
            if let Some(district) = job.host_district {
                put(JobFilter { area: None, district: Some(district) });
                put(JobFilter { area, district: Some(district) });
            }
        }
        for class in classes.values_mut() {
            let kinds: FxHashSet<u32> = class.jobs.iter().map(|&job| eligibility.kind_of(job)).collect();
            class.kinds = kinds_where(eligibility.kind_count(), |kind| kinds.contains(&kind));
        }
        Self { classes }
    }

    /// Returns the jobs of a class, ascending.
    pub(crate) fn jobs(&self, filter: JobFilter) -> &[JobIx] {
        self.classes.get(&filter).map_or(&[], |class| &class.jobs)
    }

    /// Returns the kinds of the jobs of a class.
    pub(crate) fn kinds(&self, filter: JobFilter) -> &[u64] {
        self.classes.get(&filter).map_or(&[], |class| &class.kinds)
    }

    /// Returns the jobs of a class that are of some kinds.
    fn open(&self, filter: JobFilter, kinds: &[u64], eligibility: &Eligibility<'_>) -> JobSet {
        let is_open = |job: &JobIx| has_kind(kinds, eligibility.kind_of(*job));
        let jobs: Box<[JobIx]> = self.jobs(filter).iter().copied().filter(is_open).collect();
        let streams = jobs.iter().flat_map(|&job| eligibility.streams_of(job).rows()).map(StreamIx::new).collect();
        JobSet { jobs, streams }
    }
}

/// Numbers the verdicts on classes, each the kinds that somebody may take, in the order in which they turn up.
#[derive(Debug, Default)]
pub(crate) struct Verdicts {
    known: FxHashMap<JobFilter, FxHashMap<Kinds, u32>>,
    in_order: Vec<(JobFilter, Kinds)>,
}

impl Verdicts {
    /// Returns the number of a verdict on a class.
    pub(crate) fn number(&mut self, filter: JobFilter, verdict: &[u64]) -> u32 {
        let of_class = self.known.entry(filter).or_default();
        if let Some(&number) = of_class.get(verdict) {
            return number;
        }
        let number = self.in_order.len() as u32;
        of_class.insert(verdict.into(), number);
        self.in_order.push((filter, verdict.into()));
        number
    }

    /// Numbers the verdicts of others too, and returns their numbers here.
    pub(crate) fn adopt(&mut self, others: &Self) -> Vec<u32> {
        others.in_order.iter().map(|(filter, verdict)| self.number(*filter, verdict)).collect()
    }

    /// Returns what each verdict opens.
    pub(crate) fn open(&self, index: &ClassIndex, eligibility: &Eligibility<'_>) -> Vec<JobSet> {
        self.in_order.iter().map(|(filter, verdict)| index.open(*filter, verdict, eligibility)).collect()
    }
}
