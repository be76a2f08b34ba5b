//! The placements that the levels of a profile leave: for each applicant the choices that are not struck yet.

use std::collections::{BTreeMap, BTreeSet};

use feriematch_model::JobIx;

use crate::menus::Menus;
use crate::stage::{Entrant, Stage};

/// A choice that is left: a rank and the jobs at it, or staying out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    /// A single job.
    Job(u16, JobIx),
    /// The jobs of a list.
    List(u16, u32),
    /// No place.
    Out,
}

/// What an applicant comes to: a rank, or no place, which comes after all ranks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    /// A place at this rank.
    Rank(u16),
    /// No place.
    Out,
}

impl Left {
    /// Returns what an applicant comes to by this choice.
    pub(crate) fn standing(self) -> Standing {
        match self {
            Self::Job(rank, _) | Self::List(rank, _) => Standing::Rank(rank),
            Self::Out => Standing::Out,
        }
    }
}

/// What everyone who takes part has left.
pub(crate) struct Face<'a> {
    stage: &'a Stage<'a>,
    /// The rows of those who take part.
    players: Vec<u32>,
    /// Where each player's choices start, and the end of all.
    starts: Vec<u32>,
    left: Vec<Left>,
    /// The jobs of the lists, by row; each level adds those that it leaves of them.
    lists: Vec<Box<[u32]>>,
}

/// What choices cost at a level, prices included, the home district's aside.
pub(crate) trait Sums {
    /// Returns what a place costs an entrant beside the price of the job.
    fn of_rank(&self, entrant: &Entrant, rank: u16) -> i128;

    /// Returns what staying out costs.
    fn of_staying_out(&self) -> i128;

    /// Returns the price of a place of a job.
    fn price(&self, job: JobIx) -> i128;
}

impl<'a> Face<'a> {
    /// Starts with all choices of the selected, or of everyone, who then may stay out.
    pub(crate) fn new(stage: &'a Stage<'a>, everyone: bool) -> Self {
        let menus = Menus::of(stage);
        let mut face = Self { stage, players: Vec::new(), starts: vec![0], left: Vec::new(), lists: Vec::new() };
        let singles = stage.room.jobs.len() as u32;
        for target in singles..stage.acceptable.target_count() as u32 {
            face.lists.push(menus.jobs(target).into());
        }
        for (row, entrant) in (0_u32..).zip(&stage.entrants).filter(|(_, entrant)| everyone || entrant.job.is_some()) {
            let before = face.left.len();
            for choice in stage.choices(entrant) {
                match choice.target.checked_sub(singles) {
                    None => face.left.push(Left::Job(choice.rank, JobIx::new(choice.target as usize))),
                    Some(list) if face.lists[list as usize].iter().any(|&job| !is_single(stage, entrant, job)) => {
                        face.left.push(Left::List(choice.rank, list));
                    }
                    Some(_) => {}
                }
            }
            if face.left.len() > before {
                face.left.extend(everyone.then_some(Left::Out));
                face.players.push(row);
                face.starts.push(face.left.len() as u32);
            }
        }
        face
    }

    /// Returns everything that somebody can still come to, though they could come to something else as well.
    pub(crate) fn open(&self) -> BTreeSet<Standing> {
        let mut open = BTreeSet::new();
        for range in self.starts.windows(2) {
            let left = &self.left[range[0] as usize..range[1] as usize];
            if left.iter().any(|choice| choice.standing() != left[0].standing()) {
                open.extend(left.iter().map(|choice| choice.standing()));
            }
        }
        open
    }

    /// Strikes what is not of least sum, and tells of everyone what their own place costs and the least.
    pub(crate) fn strike(
        &mut self,
        sums: &impl Sums,
        of_home: impl Fn(usize) -> i128,
        mut tell: impl FnMut(&Entrant, i128, i128),
    ) {
        let mut kept = Vec::with_capacity(self.left.len());
        let mut starts = vec![0];
        let mut ordered: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut refined: BTreeMap<(u32, i128), u32> = BTreeMap::new();
        for (player, range) in self.players.iter().zip(self.starts.windows(2)) {
            let stage = self.stage;
            let entrant = &stage.entrants[*player as usize];
            let beside = |rank| sums.of_rank(entrant, rank) + of_home(stage.home_of(entrant));
            let left = &self.left[range[0] as usize..range[1] as usize];
            let cheapest: Vec<Option<i128>> = left
                .iter()
                .map(|&choice| match choice {
                    Left::Job(rank, job) => Some(beside(rank) + sums.price(job)),
                    Left::Out => Some(sums.of_staying_out()),
                    Left::List(rank, list) => {
                        let jobs = ordered.entry(list).or_insert_with(|| by_price(&self.lists[list as usize], sums));
                        let job = jobs.iter().find(|&&job| !is_single(stage, entrant, job));
                        job.map(|&job| beside(rank) + sums.price(JobIx::new(job as usize)))
                    }
                })
                .collect();
            let Some(least) = cheapest.iter().flatten().copied().min() else {
                starts.push(kept.len() as u32);
                continue;
            };
            let own = match entrant.job {
                Some(job) => stage.rank(entrant).map(|rank| beside(rank) + sums.price(job)),
                None => Some(sums.of_staying_out()),
            };
            tell(entrant, own.unwrap_or(least), least);
            for (&choice, _) in left.iter().zip(&cheapest).filter(|(_, sum)| **sum == Some(least)) {
                kept.push(match choice {
                    Left::List(rank, list) => {
                        let price = least - beside(rank);
                        Left::List(
                            rank,
                            *refined.entry((list, price)).or_insert_with(|| {
                                let jobs = self.lists[list as usize].iter().copied();
                                self.lists.push(jobs.filter(|&job| sums.price(JobIx::new(job as usize)) == price).collect());
                                self.lists.len() as u32 - 1
                            }),
                        )
                    }
                    single => single,
                });
            }
            starts.push(kept.len() as u32);
        }
        (self.left, self.starts) = (kept, starts);
    }
}

/// Returns jobs in the order of their prices.
fn by_price(jobs: &[u32], sums: &impl Sums) -> Vec<u32> {
    let mut jobs = jobs.to_vec();
    jobs.sort_by_cached_key(|&job| sums.price(JobIx::new(job as usize)));
    jobs
}

/// Returns whether a job is a choice of an applicant's own, which counts instead of any list that holds it too.
fn is_single(stage: &Stage<'_>, entrant: &Entrant, job: u32) -> bool {
    stage.all_choices(entrant).iter().any(|choice| choice.target == job)
}
