//! Acceptable jobs: the eligible ones among those wished for, with their ranks; `docs/mechanisms.md`, section 2.

use std::collections::BTreeMap;

use feriematch_model::{Applicant, ApplicantIx, JobFilter, JobIx, Rule, Season, StreamIx, Target};
use rayon::prelude::*;

use crate::Eligibility;
use crate::eligibility::Checker;

/// A job that an applicant wishes for and may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acceptable {
    /// The job.
    pub job: JobIx,
    /// The best rank at which it is wished for, from 1.
    pub rank: u16,
}

/// A season with everybody's acceptable jobs worked out: what every mechanism starts from.
#[derive(Debug)]
pub struct Preparation<'s> {
    season: &'s Season,
    eligibility: Eligibility<'s>,
    index: JobIndex,
    blocks: Vec<Block>,
}

impl<'s> Preparation<'s> {
    /// Works out the acceptable jobs of every applicant.
    ///
    /// # Complexity
    ///
    /// Time and space linear in the number of pairs (applicant, job wished for), shared by the threads of the current pool.
    pub fn new(season: &'s Season) -> Self {
        let eligibility = Eligibility::new(season);
        let index = JobIndex::new(season);
        let blocks = season
            .applicants()
            .par_chunks(Block::APPLICANTS)
            .enumerate()
            .map(|(block, applicants)| Block::new(&eligibility, &index, block * Block::APPLICANTS, applicants))
            .collect();
        Self { season, eligibility, index, blocks }
    }

    /// Returns the season.
    pub fn season(&self) -> &'s Season {
        self.season
    }

    /// Returns the rules.
    pub fn eligibility(&self) -> &Eligibility<'s> {
        &self.eligibility
    }

    /// Returns an applicant's acceptable jobs, sorted by job.
    pub fn acceptable(&self, applicant: ApplicantIx) -> &[Acceptable] {
        let row = applicant.get();
        self.blocks[row / Block::APPLICANTS].of(row % Block::APPLICANTS)
    }

    /// Returns an applicant's acceptable jobs that a funding stream may pay for, sorted by job: those that count in its stage.
    pub fn stage_jobs(&self, applicant: ApplicantIx, stream: StreamIx) -> impl Iterator<Item = Acceptable> {
        let admitted = self.eligibility.stream_admits(stream, self.season.applicant(applicant));
        let jobs = if admitted { self.acceptable(applicant) } else { &[] };
        let funds_all = self.eligibility.streams_of_all().contains(stream);
        jobs.iter().copied().filter(move |a| funds_all || self.eligibility.streams_of(a.job).contains(stream))
    }

    /// Returns the rank at which an applicant wished for a job, eligible or not.
    pub fn rank(&self, applicant: ApplicantIx, job: JobIx) -> Option<u16> {
        let names = |target| match target {
            Target::Job(wished) => wished == job,
            Target::Jobs(filter) => filter.admits(self.season.job(job)),
        };
        self.season.applicant(applicant).wishes.iter().find(|wish| names(wish.target)).map(|wish| wish.rank)
    }

    /// Returns every job that an applicant wishes for with its best rank, eligible or not, sorted by job.
    pub fn wished(&self, applicant: ApplicantIx) -> Vec<Acceptable> {
        let mut wished = Vec::new();
        self.index.expand(self.season.applicant(applicant), &mut wished);
        wished
    }

    /// Returns the jobs that a wish names, sorted.
    pub fn named_by(&self, target: Target) -> Vec<JobIx> {
        match target {
            Target::Job(job) => vec![job],
            Target::Jobs(filter) => self.index.jobs(filter).to_vec(),
        }
    }

    /// Returns the rules that keep an applicant from jobs wished for, sorted, each once.
    pub fn rules_against(&self, applicant: ApplicantIx) -> Vec<Rule> {
        let wished = self.wished(applicant);
        let mut rules: Vec<Rule> = wished.iter().filter_map(|w| self.eligibility.check(applicant, w.job).err()).collect();
        rules.sort_unstable();
        rules.dedup();
        rules
    }
}

/// The acceptable jobs of a run of applicants, worked out by one thread.
#[derive(Debug)]
struct Block {
    /// Where each applicant's run begins, and where the last one ends.
    starts: Vec<u32>,
    acceptable: Vec<Acceptable>,
}

impl Block {
    /// Enough applicants for a thread to be worth waking, few enough for all threads to have work.
    const APPLICANTS: usize = 4_096;

    fn new(eligibility: &Eligibility<'_>, index: &JobIndex, first: usize, applicants: &[Applicant]) -> Self {
        let room = applicants.iter().map(|applicant| applicant.wishes.len()).sum();
        let mut block = Self { starts: Vec::with_capacity(applicants.len() + 1), acceptable: Vec::with_capacity(room) };
        block.starts.push(0);
        let mut wished = Vec::new();
        let mut checker = Checker::new(eligibility, ApplicantIx::new(first));
        for (row, applicant) in (first..).zip(applicants) {
            checker.go_to(ApplicantIx::new(row));
            index.expand(applicant, &mut wished);
            block.acceptable.extend(wished.iter().filter(|w| checker.check(w.job).is_ok()));
            block.starts.push(block.acceptable.len() as u32);
        }
        block
    }

    /// Returns the acceptable jobs of one of the applicants.
    fn of(&self, row: usize) -> &[Acceptable] {
        &self.acceptable[self.starts[row] as usize..self.starts[row + 1] as usize]
    }
}

/// The jobs of every class that a wish may name: each area, each district, each pair of both, and all jobs.
#[derive(Debug)]
struct JobIndex {
    classes: BTreeMap<JobFilter, Vec<JobIx>>,
}

impl JobIndex {
    fn new(season: &Season) -> Self {
        let mut classes: BTreeMap<JobFilter, Vec<JobIx>> = BTreeMap::new();
        for (row, job) in season.jobs().iter().enumerate() {
            let area = Some(job.area);
            let mut put = |filter| classes.entry(filter).or_default().push(JobIx::new(row));
            put(JobFilter::ANY);
            put(JobFilter { area, district: None });
            if let Some(district) = job.host_district {
                put(JobFilter { area: None, district: Some(district) });
                put(JobFilter { area, district: Some(district) });
            }
        }
        Self { classes }
    }

    /// Returns the jobs of a class, ascending.
    fn jobs(&self, filter: JobFilter) -> &[JobIx] {
        self.classes.get(&filter).map_or(&[], Vec::as_slice)
    }

    /// Fills `wished` with every job that an applicant's wishes name, sorted by job, each at its best rank.
    fn expand(&self, applicant: &Applicant, wished: &mut Vec<Acceptable>) {
        wished.clear();
        for wish in &applicant.wishes {
            match wish.target {
                Target::Job(job) => wished.push(Acceptable { job, rank: wish.rank }),
                Target::Jobs(filter) => {
                    wished.extend(self.jobs(filter).iter().map(|&job| Acceptable { job, rank: wish.rank }));
                }
            }
        }
        wished.sort_unstable_by_key(|w| (w.job, w.rank));
        wished.dedup_by_key(|w| w.job);
    }
}
