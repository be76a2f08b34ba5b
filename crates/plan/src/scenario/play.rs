//! Playing scenarios beside the season as it is, a few at a time.

use std::iter;

use rayon::prelude::*;

use crate::PlanError;
use crate::scenario::file::AS_IT_IS;
use crate::scenario::{Base, CellPlan, ScenarioFile, Variant};
use crate::study::{Cell, Done, Shard, Study, StudyPart, hash_side_by_side};

/// How many applicants all scenarios together have that are in memory at once.
const APPLICANTS_AT_ONCE: usize = 200_000;
/// The fewest and the most scenarios in memory at once.
const AT_ONCE: (usize, usize) = (4, 64);

/// Scenarios to be played beside the season as it is, which is the first cell.
#[derive(Debug, Clone)]
pub struct ScenarioStudy<'f> {
    /// The season as it is.
    pub base: Base<'f>,
    /// The scenarios.
    pub file: &'f ScenarioFile,
    /// The seeds of the seasons are this text and their numbers, from 1.
    pub seed: String,
    /// How many seasons are played of each scenario.
    pub seasons: u32,
}

impl ScenarioStudy<'_> {
    /// Returns how many times all seasons are played: scenarios are played in batches, each beside the season as it is.
    pub fn batches(&self) -> usize {
        self.file.len().div_ceil(self.at_once())
    }

    fn at_once(&self) -> usize {
        let (least, most) = AT_ONCE;
        (APPLICANTS_AT_ONCE / self.base.season.applicants().len().max(1)).clamp(least, most)
    }

    /// Plays a shard of the seasons in every scenario. `done` is told each time another season is played in every scenario of a
    /// batch, and may stop it.
    ///
    /// # Errors
    ///
    /// Returns why the first season that cannot be played cannot, or that it was stopped.
    ///
    /// # Complexity
    ///
    /// Seasons × scenarios × the matching of the rounds; memory is that of the scenarios of one batch, and of the figures of all.
    ///
    /// # Determinism
    ///
    /// The same for any number of threads; and [`StudyPart::merge`] makes of any shards what comes of the whole.
    pub fn play(&self, shard: Shard, done: Done<'_>) -> Result<StudyPart, PlanError> {
        Ok(StudyPart::side_by_side(self.each_batch(|study| study.play(shard, done))?)?)
    }

    /// Plays a shard of the seasons in the scenarios of one batch, from 0, beside the season as it is. [`StudyPart::side_by_side`] makes of all
    /// batches, in order, what comes of [`play`](Self::play). After the last batch there is the season as it is alone.
    ///
    /// # Errors
    ///
    /// As [`play`](Self::play).
    pub fn play_batch(&self, batch: usize, shard: Shard, done: Done<'_>) -> Result<StudyPart, PlanError> {
        self.with_batch(batch, |study| study.play(shard, done))
    }

    /// Returns the hash of everything that decides what comes out: that of the parts of this study.
    ///
    /// # Errors
    ///
    /// Returns an error if a scenario cannot be.
    pub fn identity(&self) -> Result<String, PlanError> {
        let hashes: Vec<String> = self.each_batch(|study| study.identity(self.seasons))?;
        Ok(hash_side_by_side(hashes.iter().map(String::as_str)))
    }

    /// Sets up one batch after the other.
    fn each_batch<T>(&self, play: impl Fn(&Study<'_>) -> Result<T, PlanError>) -> Result<Vec<T>, PlanError> {
        (0..self.batches()).map(|batch| self.with_batch(batch, &play)).collect()
    }

    /// Sets up a batch.
    fn with_batch<T>(&self, batch: usize, play: impl Fn(&Study<'_>) -> Result<T, PlanError>) -> Result<T, PlanError> {
        let at_once = self.at_once();
        let plans: Vec<CellPlan<'_>> = self.file.cells().skip(batch.saturating_mul(at_once)).take(at_once).collect();
        let vary = |plan: &CellPlan<'_>| {
            let varied = self.base.vary(plan.changes.iter().copied());
            varied.map_err(|problem| PlanError::Scenario { name: plan.name.clone(), problem: Box::new(problem) })
        };
        let variants: Vec<Variant> = plans.par_iter().map(vary).collect::<Vec<_>>().into_iter().collect::<Result<_, _>>()?;
        let first = Cell {
            name: AS_IT_IS.to_owned(),
            season: self.base.season,
            options: self.base.options.clone(),
            assumptions: self.base.assumptions.clone(),
        };
        let scenarios = plans.iter().zip(&variants).map(|(plan, variant)| Cell {
            name: plan.name.clone(),
            season: &variant.season,
            options: variant.options.clone(),
            assumptions: variant.assumptions.clone(),
        });
        let cells = iter::once(first).chain(scenarios).collect();
        play(&Study { cells, seed: self.seed.clone(), seasons: self.seasons })
    }
}
