//! Where to find so many places more, and which would be missed least: found by matching the season anew.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use feriematch_core::{Preparation, Ranking, RunError, RunOptions, run};
use feriematch_model::{
    DistrictIx, Evidence, JobIx, Mechanism, Outcome, PlacementRule, Season, SeasonDraft, SelectionEvidence, StreamIx,
};
use rayon::prelude::*;

use crate::changed::changed;
use crate::one_more::Prices;
use crate::{Difference, OneMore, PlanError, Solution, shortage};

/// A step of a search: one more of something, or one place less of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlaceStep {
    /// Of what.
    pub of: OneMore,
    /// What it gives beside the steps before it.
    pub gives: Difference,
    /// What it gives together with the steps before it.
    pub so_far: Difference,
}

/// Where places help most, or are missed least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceSearch {
    /// The steps, each the best after those before it; fewer than asked for where nothing helps any more.
    pub steps: Vec<PlaceStep>,
    /// What each that was tried alone at first gives, the best first.
    pub alone: Vec<(JobIx, Difference)>,
    /// How many times the season was matched.
    pub matched: u32,
    /// Whether no other set of as many places fills more.
    pub is_best: bool,
}

/// Searches for the places that help most: `count` of them, one after the other, each the best beside those before it. Best is what fills most places, and of
/// these what leaves the least total cost of ranks. Where no place of a job fills a place any more, caps are tried as [`shortage`] does, alone and
/// together with a place.
///
/// `most` limits the jobs tried to those whose places are dearest; `done` is told each time the season has been matched.
///
/// # Which jobs need not be tried
///
/// In a season with one stream, no cap and mechanism `priority`, the number of places filled is the rank of the places in a transversal matroid. Hence
/// (1) a place of a job that is not closed fills none (it has room, or an alternating path to room); (2) what a place gives falls as others are added, so that a job that
/// gave no place gives none later, and taking the best one after the other fills as many as any set of as many (Edmonds 1971; lazily: Minoux 1978); (3) with placement of least total rank
/// the cost falls by no more than the price of the place while the same people are placed. Elsewhere none of this need hold, and every job is tried in every step.
///
/// # Errors
///
/// Returns why the season cannot be matched.
///
/// # Complexity
///
/// That of matching the season once for each job tried in each step, on the threads of the current pool.
///
/// # References
///
/// J. Edmonds: Matroids and the greedy algorithm, Math. Programming 1, 1971. M. Minoux: Accelerated greedy algorithms for maximizing submodular set functions, 1978.
pub fn best_places(
    season: &Season,
    ranking: &Ranking,
    options: &RunOptions,
    count: u32,
    most: usize,
    done: &(dyn Fn() + Sync),
) -> Result<PlaceSearch, PlanError> {
    let mut search = Search::new(season, ranking, options, done)?;
    let is_matroid = is_transversal(season, options);
    let mut jobs = search.dearest(most);
    let mut steps = Vec::new();
    let mut first = None;
    // Of each job whether another place of it may fill one, as far as is known.
    let closed = search.closed().filter(|_| is_matroid);
    let mut may_fill: Vec<bool> =
        jobs.iter().map(|&(job, _)| closed.as_ref().is_none_or(|closed| closed.contains(&job))).collect();
    if is_matroid && options.placement == PlacementRule::LeastTotalRank {
        let helps: Vec<bool> = jobs.iter().zip(&may_fill).map(|(&(_, price), &may_fill)| may_fill || price > 0).collect();
        let keep = |row: &usize| helps[*row];
        let rows: Vec<usize> = (0..jobs.len()).filter(keep).collect();
        (jobs, may_fill) = (rows.iter().map(|&row| jobs[row]).collect(), rows.iter().map(|&row| may_fill[row]).collect());
    }
    for _ in 0..count {
        let rows = |fills: bool| (0..jobs.len()).filter(|&row| may_fill[row] == fills).collect::<Vec<_>>();
        let place = |row: &usize| OneMore { job: Some(jobs[*row].0), ..OneMore::default() };
        let tried = rows(true);
        let mut found = search.try_all(&tried.iter().map(place).collect::<Vec<_>>(), true)?;
        let mut fills = vec![None; jobs.len()];
        tried.iter().zip(&found).for_each(|(&row, tried)| fills[row] = Some(tried.gives().places > 0));
        if !found.iter().any(|tried| tried.gives().places > 0) {
            let caps = search.caps()?;
            found.extend(search.try_all(&caps, true)?);
            if !found.iter().any(|tried| tried.gives().places > 0) {
                found.extend(search.try_all(&rows(false).iter().map(place).collect::<Vec<_>>(), true)?);
            }
        }
        if is_matroid {
            fills
                .iter()
                .zip(&mut may_fill)
                .filter(|(fills, _)| **fills == Some(false))
                .for_each(|(_, may_fill)| *may_fill = false);
        }
        first.get_or_insert_with(|| alone(&found));
        let Some(best) = best(found).filter(|tried| helps(&tried.gives())) else { break };
        steps.push(search.take(best));
    }
    Ok(PlaceSearch {
        steps,
        alone: first.unwrap_or_default(),
        matched: search.matched,
        is_best: is_matroid && most >= season.jobs().len(),
    })
}

/// Searches for the places that are missed least: `count` of them, one after the other, each the least missed beside those before it.
///
/// Places that are locked stay. `most` limits the jobs tried to those whose places are cheapest.
///
/// # Errors
///
/// Returns why the season cannot be matched.
///
/// # Complexity
///
/// As [`best_places`].
pub fn least_missed_places(
    season: &Season,
    ranking: &Ranking,
    options: &RunOptions,
    count: u32,
    most: usize,
    done: &(dyn Fn() + Sync),
) -> Result<PlaceSearch, PlanError> {
    let mut search = Search::new(season, ranking, options, done)?;
    let mut jobs = search.dearest(usize::MAX);
    jobs.reverse();
    jobs.truncate(most);
    let mut steps = Vec::new();
    let mut first = None;
    for _ in 0..count {
        let open = jobs.iter().filter(|(job, _)| search.season.job(*job).capacity > 0);
        let open: Vec<OneMore> = open.map(|&(job, _)| OneMore { job: Some(job), ..OneMore::default() }).collect();
        let found = search.try_all(&open, false)?;
        first.get_or_insert_with(|| alone(&found));
        let Some(best) = best(found) else { break };
        steps.push(search.take(best));
    }
    Ok(PlaceSearch { steps, alone: first.unwrap_or_default(), matched: search.matched, is_best: false })
}

/// Returns whether how many are placed is a rank in a transversal matroid.
fn is_transversal(season: &Season, options: &RunOptions) -> bool {
    let settings = season.settings();
    let homes_are_free = (0..settings.districts.len()).all(|row| season.home_cap(DistrictIx::new(row)).is_none());
    options.mechanism == Mechanism::Priority
        && options.balance.is_none()
        && settings.streams.iter().all(|stream| stream.cap.is_none())
        && settings.departments.iter().all(|department| department.cap.is_none())
        && settings.streams.len() == 1
        && homes_are_free
}

/// Returns whether something fills more places, or the same at less cost of ranks.
fn helps(gives: &Difference) -> bool {
    (gives.places, -gives.rank_cost) > (0, 0)
}

/// What was tried, beside the steps so far.
struct Tried {
    of: OneMore,
    season: Season,
    solution: Solution,
    before: Solution,
}

impl Tried {
    fn gives(&self) -> Difference {
        self.before.difference(&self.solution)
    }

    /// What sorts the best first: places, how little has to be asked for (a cap alone before a place and a cap), rank cost, then the first by id.
    fn order(&self) -> (Reverse<u32>, usize, u64, OneMore) {
        let OneMore { job, department, stream, home } = self.of;
        let asked = [job.is_some(), department.is_some(), stream.is_some(), home.is_some()].into_iter().filter(|&is| is).count();
        (Reverse(self.solution.places), asked, self.solution.rank_cost, self.of)
    }
}

fn best(tried: Vec<Tried>) -> Option<Tried> {
    tried.into_iter().min_by_key(Tried::order)
}

fn alone(tried: &[Tried]) -> Vec<(JobIx, Difference)> {
    let is_place = |tried: &&Tried| tried.of == OneMore { job: tried.of.job, ..OneMore::default() };
    let mut tried: Vec<&Tried> = tried.iter().filter(is_place).collect();
    tried.sort_by_key(|tried| tried.order());
    tried.into_iter().filter_map(|tried| Some((tried.of.job?, tried.gives()))).collect()
}

/// A search, after some steps.
struct Search<'a> {
    season: Season,
    ranking: &'a Ranking,
    options: &'a RunOptions,
    as_it_was: Solution,
    now: Solution,
    outcome: Outcome,
    matched: u32,
    done: &'a (dyn Fn() + Sync),
}

impl<'a> Search<'a> {
    fn new(
        season: &Season,
        ranking: &'a Ranking,
        options: &'a RunOptions,
        done: &'a (dyn Fn() + Sync),
    ) -> Result<Self, PlanError> {
        let outcome = run(&Preparation::new(season), ranking, options, &mut |_| ())?;
        let now = Solution::of(season, &outcome);
        Ok(Self { season: season.clone(), ranking, options, as_it_was: now.clone(), now, outcome, matched: 1, done })
    }

    /// Returns the jobs with the price of a place of each, the dearest first: in the stage where it is dearest, caps included.
    fn dearest(&self, most: usize) -> Vec<(JobIx, i64)> {
        let prices = Prices { season: &self.season, outcome: &self.outcome };
        let streams = |job: JobIx| self.season.job(job).streams.rows().map(StreamIx::new);
        let price = |job: JobIx| streams(job).map(|stream| prices.of(stream, job)).max().unwrap_or(0);
        let mut jobs: Vec<(JobIx, i64)> = (0..self.season.jobs().len()).map(JobIx::new).map(|job| (job, price(job))).collect();
        let closed = self.closed().unwrap_or_default();
        jobs.sort_by_key(|&(job, price)| (Reverse(closed.contains(&job)), Reverse(price), job));
        jobs.truncate(most);
        jobs
    }

    /// Returns the jobs that are closed in some stage, where the evidence says.
    fn closed(&self) -> Option<BTreeSet<JobIx>> {
        let selections = self.outcome.stages.iter().map(|stage| match &stage.evidence {
            Evidence::Certificate { selection, .. } | Evidence::Order { selection } => Some(selection),
            Evidence::Profile { selection, .. } => selection.as_ref(),
            Evidence::Replay => None,
        });
        let selections: Vec<&SelectionEvidence> = selections.collect::<Option<_>>()?;
        let ids = selections.into_iter().flat_map(|selection| selection.closed.keys());
        Some(ids.filter_map(|id| self.season.find_job(id)).collect())
    }

    /// Matches the season with one more, or one place less, of each; those with which a lock cannot stand are left out.
    fn try_all(&mut self, all: &[OneMore], is_more: bool) -> Result<Vec<Tried>, PlanError> {
        let one = |&of: &OneMore| {
            let season = if is_more { of.added_to(&self.season)? } else { with_less(&self.season, of)? };
            let solution = Solution::new(&season, self.ranking, self.options);
            (self.done)();
            match solution {
                Ok(solution) => Ok(Some(Tried { of, season, solution, before: self.now.clone() })),
                Err(RunError::Lock { .. }) if !is_more => Ok(None),
                Err(error) => Err(error.into()),
            }
        };
        let tried: Vec<Result<Option<Tried>, PlanError>> = all.par_iter().map(one).collect();
        self.matched += all.len() as u32;
        tried.into_iter().filter_map(Result::transpose).collect()
    }

    /// Returns the caps that may help, alone and with a place.
    fn caps(&mut self) -> Result<Vec<OneMore>, PlanError> {
        let plain = RunOptions::with(Mechanism::Priority, PlacementRule::default());
        let preparation = Preparation::new(&self.season);
        let outcome = run(&preparation, self.ranking, &plain, &mut |_| ())?;
        let found = shortage(&preparation, &outcome);
        self.matched += 1;
        Ok(found.caps_and_places(&self.season, &outcome))
    }

    /// Takes a step.
    fn take(&mut self, tried: Tried) -> PlaceStep {
        let gives = tried.gives();
        (self.season, self.now) = (tried.season, tried.solution);
        PlaceStep { of: tried.of, gives, so_far: self.as_it_was.difference(&self.now) }
    }
}

/// Returns the season with a place less of a job.
fn with_less(season: &Season, of: OneMore) -> Result<Season, PlanError> {
    changed(season, |draft: &mut SeasonDraft| {
        if let Some(job) = of.job {
            draft.jobs[job.get()].capacity -= 1;
        }
    })
}
