//! Acceptable jobs: the eligible ones among those wished for, with their ranks; `docs/mechanisms.md`, section 2.

use std::collections::BTreeSet;
use std::slice;

use feriematch_model::{ApplicantIx, JobIx, OverrideKind, Rule, Season, StreamIx, Target};
use rayon::prelude::*;

use crate::Eligibility;
use crate::eligibility::Checker;
use crate::job_sets::{ClassIndex, JobSet, SharedWish, Verdicts};
use crate::screen::{Screen, kinds_in};

/// A job that an applicant wishes for and may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acceptable {
    /// The job.
    pub job: JobIx,
    /// The best rank at which it is wished for, from 1.
    pub rank: u16,
}

/// A season with everybody's acceptable jobs worked out: what every mechanism starts from.
///
/// An applicant's acceptable jobs are those listed one by one ([`single`](Self::single)) and those of the sets that wishes for
/// classes of jobs open ([`shared`](Self::shared)). A job in several of them counts at its best rank.
#[derive(Debug)]
pub struct Preparation<'s> {
    season: &'s Season,
    eligibility: Eligibility<'s>,
    index: ClassIndex,
    blocks: Vec<Block>,
    sets: Vec<JobSet>,
}

impl<'s> Preparation<'s> {
    /// Works out the acceptable jobs of every applicant.
    ///
    /// # Complexity
    ///
    /// With wishes for single jobs S, wishes for classes C, kinds of jobs K (jobs of one kind are told apart by no rule), and the
    /// sets that wishes for classes open, of D jobs in all: time O(S + C K / 64 + D), shared by the threads of the current pool,
    /// and space O(S + C + D). Somebody whom an override forbids a job has classes written out job by job.
    pub fn new(season: &'s Season) -> Self {
        let eligibility = Eligibility::new(season);
        let index = ClassIndex::new(season, &eligibility);
        let blocks = season.applicants().len().div_ceil(Block::APPLICANTS);
        let blocks: Vec<(Block, Verdicts)> = (0..blocks)
            .into_par_iter()
            .map(|block| Block::new(season, &eligibility, &index, block * Block::APPLICANTS))
            .collect();
        let mut verdicts = Verdicts::default();
        let renumber = |(mut block, own): (Block, Verdicts)| {
            let number = verdicts.adopt(&own);
            block.shared.items.iter_mut().for_each(|wish| wish.set = number[wish.set as usize]);
            block
        };
        let blocks = blocks.into_iter().map(renumber).collect();
        let sets = verdicts.open(&index, &eligibility);
        Self { season, eligibility, index, blocks, sets }
    }

    /// Returns the season.
    pub fn season(&self) -> &'s Season {
        self.season
    }

    /// Returns the rules.
    pub fn eligibility(&self) -> &Eligibility<'s> {
        &self.eligibility
    }

    /// Returns an applicant's acceptable jobs that are listed one by one, sorted by job.
    pub fn single(&self, applicant: ApplicantIx) -> &[Acceptable] {
        let row = applicant.get();
        self.blocks[row / Block::APPLICANTS].single.of(row % Block::APPLICANTS)
    }

    /// Returns the sets of jobs that an applicant's wishes for classes open, each once.
    pub fn shared(&self, applicant: ApplicantIx) -> &[SharedWish] {
        let row = applicant.get();
        self.blocks[row / Block::APPLICANTS].shared.of(row % Block::APPLICANTS)
    }

    /// Returns the sets of jobs that wishes for classes open to somebody.
    pub fn job_sets(&self) -> &[JobSet] {
        &self.sets
    }

    /// Returns how many entries everybody's acceptable jobs take: those listed one by one, the sets opened, and the jobs in sets.
    pub fn entry_count(&self) -> usize {
        let of_block = |block: &Block| block.single.items.len() + block.shared.items.len();
        self.blocks.iter().map(of_block).sum::<usize>() + self.sets.iter().map(|set| set.jobs.len()).sum::<usize>()
    }

    /// Returns whether an applicant may take any of the jobs wished for.
    pub fn has_acceptable(&self, applicant: ApplicantIx) -> bool {
        !self.single(applicant).is_empty() || !self.shared(applicant).is_empty()
    }

    /// Returns whether an applicant takes part in a funding stream's stage: it may pay for one of the acceptable jobs.
    pub fn takes_part(&self, applicant: ApplicantIx, stream: StreamIx) -> bool {
        self.eligibility.stream_admits(stream, self.season.applicant(applicant))
            && (self.single(applicant).iter().any(|a| self.eligibility.streams_of(a.job).contains(stream))
                || self.shared(applicant).iter().any(|wish| self.sets[wish.set as usize].streams.contains(stream)))
    }

    /// Writes an applicant's acceptable jobs out one by one, sorted by job.
    ///
    /// # Complexity
    ///
    /// As many entries as jobs are named, so not for going through everybody.
    pub fn acceptable(&self, applicant: ApplicantIx) -> Vec<Acceptable> {
        let mut all = self.single(applicant).to_vec();
        for &SharedWish { set, rank } in self.shared(applicant) {
            all.extend(self.sets[set as usize].jobs.iter().map(|&job| Acceptable { job, rank }));
        }
        keep_best(&mut all);
        all
    }

    /// Returns the rank at which an applicant wished for a job, eligible or not.
    pub fn rank(&self, applicant: ApplicantIx, job: JobIx) -> Option<u16> {
        self.season.wished_rank(applicant, job)
    }

    /// Returns every job that an applicant wishes for with its best rank, eligible or not, sorted by job.
    ///
    /// # Complexity
    ///
    /// As [`acceptable`](Self::acceptable).
    pub fn wished(&self, applicant: ApplicantIx) -> Vec<Acceptable> {
        let mut wished = Vec::new();
        for wish in &self.season.applicant(applicant).wishes {
            wished.extend(self.named_by(&wish.target).iter().map(|&job| Acceptable { job, rank: wish.rank }));
        }
        keep_best(&mut wished);
        wished
    }

    /// Returns the jobs that a wish names, ascending.
    pub fn named_by<'a>(&'a self, target: &'a Target) -> &'a [JobIx] {
        match target {
            Target::Job(job) => slice::from_ref(job),
            Target::Jobs(filter) => self.index.jobs(*filter),
        }
    }

    /// Returns the rules that keep an applicant from jobs wished for, sorted, each once.
    pub fn rules_against(&self, applicant: ApplicantIx) -> Vec<Rule> {
        let check = |job| self.eligibility.check(applicant, job);
        let check_kind = |kind| self.eligibility.check_kind(self.season.applicant(applicant), kind);
        let mut rules = BTreeSet::new();
        for wish in &self.season.applicant(applicant).wishes {
            match wish.target {
                Target::Job(job) => rules.extend(check(job).err()),
                Target::Jobs(filter) => {
                    rules.extend(kinds_in(self.index.kinds(filter)).filter_map(|kind| check_kind(kind).err()));
                    // What an override says of a single job comes after what the rules say of its kind.
                    let singled_out = self.season.overrides_on(applicant).iter().map(|o| o.job);
                    let named = singled_out.filter(|&job| filter.admits(self.season.job(job)));
                    rules.extend(named.filter_map(|job| check(job).err()));
                }
            }
        }
        rules.into_iter().collect()
    }
}

/// Sorts jobs and keeps each once, at its best rank.
fn keep_best(jobs: &mut Vec<Acceptable>) {
    jobs.sort_unstable_by_key(|a| (a.job, a.rank));
    jobs.dedup_by_key(|a| a.job);
}

/// The acceptable jobs of a run of applicants, worked out by one thread.
#[derive(Debug)]
struct Block {
    single: Runs<Acceptable>,
    shared: Runs<SharedWish>,
}

impl Block {
    /// Enough applicants for a thread to be worth waking, few enough for all threads to have work.
    const APPLICANTS: usize = 4_096;

    /// Works out a block, and the verdicts on classes by whose numbers its wishes for classes are known.
    fn new(season: &Season, eligibility: &Eligibility<'_>, index: &ClassIndex, first: usize) -> (Self, Verdicts) {
        let applicants = &season.applicants()[first..];
        let applicants = &applicants[..applicants.len().min(Self::APPLICANTS)];
        let room = applicants.iter().map(|applicant| applicant.wishes.len()).sum();
        let mut block = Self { single: Runs::new(applicants.len(), room), shared: Runs::new(applicants.len(), 0) };
        let mut verdicts = Verdicts::default();
        let mut checker = Checker::new(eligibility, ApplicantIx::new(first));
        let mut screen = Screen::new(season, eligibility);
        let (mut single, mut shared, mut verdict) = (Vec::new(), Vec::new(), Vec::new());
        for (row, applicant) in (first..).zip(applicants) {
            checker.go_to(ApplicantIx::new(row));
            let singled_out = checker.overrides().iter().any(|o| o.kind == OverrideKind::Forbid);
            single.clear();
            shared.clear();
            for wish in &applicant.wishes {
                let rank = wish.rank;
                match wish.target {
                    Target::Job(job) => single.push(Acceptable { job, rank }),
                    Target::Jobs(filter) if singled_out => {
                        single.extend(index.jobs(filter).iter().map(|&job| Acceptable { job, rank }));
                    }
                    Target::Jobs(filter) => {
                        verdict.clear();
                        verdict.extend_from_slice(index.kinds(filter));
                        screen.sift(applicant, &mut verdict);
                        if verdict.iter().any(|&kinds| kinds != 0) {
                            shared.push(SharedWish { set: verdicts.number(filter, &verdict), rank });
                        }
                    }
                }
            }
            keep_best(&mut single);
            block.single.push(single.iter().copied().filter(|a| checker.check(a.job).is_ok()));
            shared.sort_unstable_by_key(|wish| (wish.set, wish.rank));
            shared.dedup_by_key(|wish| wish.set);
            block.shared.push(shared.iter().copied());
        }
        (block, verdicts)
    }
}

/// A run of items for each of some rows, one after the other.
#[derive(Debug)]
pub(crate) struct Runs<T> {
    /// Where each row's run begins, and where the last one ends.
    starts: Vec<u32>,
    items: Vec<T>,
}

impl<T> Runs<T> {
    /// Returns no runs yet, with room for some.
    pub(crate) fn new(rows: usize, items: usize) -> Self {
        let mut starts = Vec::with_capacity(rows + 1);
        starts.push(0);
        Self { starts, items: Vec::with_capacity(items) }
    }

    /// Adds the run of the next row.
    pub(crate) fn push(&mut self, run: impl Iterator<Item = T>) {
        self.items.extend(run);
        self.starts.push(self.items.len() as u32);
    }

    /// Returns the run of a row.
    pub(crate) fn of(&self, row: usize) -> &[T] {
        &self.items[self.starts[row] as usize..self.starts[row + 1] as usize]
    }
}
