//! What wishes for classes of jobs open, found once for everybody whom the rules treat alike.
//!
//! A wish such as `any` may name every job of the season: written out for everybody, such wishes would take applicants × jobs
//! of time and room. But the rules look at the *kind* of a job only, and there are few kinds, so few verdicts on the kinds of a
//! class occur: each of them makes one [`JobSet`], which all applicants with that verdict share.

use std::collections::BTreeMap;

use feriematch_model::{JobFilter, JobIx, Season, SmallSet, StreamIx};
use rustc_hash::FxHashMap;

use crate::Eligibility;
use crate::eligibility::Checker;

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

/// The jobs that pass a filter, and their kinds, both ascending.
#[derive(Debug, Default)]
struct JobClass {
    jobs: Vec<JobIx>,
    kinds: Vec<u32>,
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
            class.kinds = class.jobs.iter().map(|&job| eligibility.kind_of(job)).collect();
            class.kinds.sort_unstable();
            class.kinds.dedup();
        }
        Self { classes }
    }

    /// Returns the jobs of a class, ascending.
    pub(crate) fn jobs(&self, filter: JobFilter) -> &[JobIx] {
        self.classes.get(&filter).map_or(&[], |class| &class.jobs)
    }

    /// Returns the kinds of the jobs of a class, ascending.
    pub(crate) fn kinds(&self, filter: JobFilter) -> &[u32] {
        self.classes.get(&filter).map_or(&[], |class| &class.kinds)
    }

    /// Writes down which kinds of a class an applicant may take, and returns whether there is one.
    pub(crate) fn judge(&self, filter: JobFilter, checker: &mut Checker<'_, '_>, verdict: &mut Verdict) -> bool {
        verdict.clear();
        let kinds = self.kinds(filter).chunks(u64::BITS as usize);
        verdict.extend(kinds.map(|kinds| {
            kinds.iter().enumerate().fold(0, |word, (bit, &kind)| word | u64::from(checker.check_kind(kind).is_ok()) << bit)
        }));
        verdict.iter().any(|&word| word != 0)
    }

    /// Returns the jobs of a class that a verdict opens.
    fn open(&self, filter: JobFilter, verdict: &[u64], eligibility: &Eligibility<'_>) -> JobSet {
        let kinds = self.kinds(filter);
        let is_open = |job: &JobIx| {
            let place = kinds.binary_search(&eligibility.kind_of(*job));
            place.is_ok_and(|at| verdict[at / u64::BITS as usize] >> (at % u64::BITS as usize) & 1 == 1)
        };
        let jobs: Box<[JobIx]> = self.jobs(filter).iter().copied().filter(is_open).collect();
        let streams = jobs.iter().flat_map(|&job| eligibility.streams_of(job).rows()).map(StreamIx::new).collect();
        JobSet { jobs, streams }
    }
}

/// Which kinds of a class somebody may take: a bit a kind, in words.
pub(crate) type Verdict = Vec<u64>;

/// Numbers the verdicts on classes in the order in which they turn up.
#[derive(Debug, Default)]
pub(crate) struct Verdicts {
    known: FxHashMap<JobFilter, FxHashMap<Box<[u64]>, u32>>,
    in_order: Vec<(JobFilter, Box<[u64]>)>,
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
