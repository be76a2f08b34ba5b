//! One season of a cell, played.

use feriematch_core::{Preparation, Ranking, RoundPlan, Rounds, RunOptions};
use feriematch_model::{ApplicantIx, Season};

use super::assumptions::Schedule;
use super::part::{CellFacts, CellTotals};
use super::population::Crowd;
use super::score::{Counts, Score};
use super::{Assumptions, Cell, FigureKey};
use crate::{Answers, PlanError, Response};

/// Plays the seasons of a cell.
#[derive(Debug)]
pub(super) struct CellPlayer<'a> {
    name: &'a str,
    in_files: &'a Season,
    crowd: Option<&'a Crowd>,
    options: &'a RunOptions,
    plan: RoundPlan<'a, 'a>,
    assumptions: &'a Assumptions,
    schedule: Option<Schedule>,
    score: Score<'a>,
}

impl<'a> CellPlayer<'a> {
    pub(super) fn new(cell: &'a Cell<'_>, crowd: Option<&'a Crowd>, preparation: &'a Preparation<'a>) -> Result<Self, PlanError> {
        let assumptions = &cell.assumptions;
        let districts = cell.season.settings().districts.len();
        if assumptions.answers.len() != districts {
            return Err(PlanError::Districts { what: "shares", found: assumptions.answers.len(), districts });
        }
        let season = preparation.season();
        let schedule = assumptions.calendar.as_ref().map(|calendar| Schedule::new(calendar, season)).transpose()?;
        Ok(Self {
            name: &cell.name,
            in_files: cell.season,
            crowd,
            options: &cell.options,
            plan: RoundPlan::new(preparation, &cell.options)?,
            assumptions,
            score: Score::new(preparation, cell.season, schedule.is_some()),
            schedule,
        })
    }

    /// Returns the cell's totals before a season is played.
    pub(super) fn empty(&self, differences: &[FigureKey]) -> CellTotals {
        let facts = CellFacts {
            season: self.in_files.settings().name.to_string(),
            mechanism: self.options.mechanism,
            applicants: self.in_files.applicants().len() as u32,
            places: self.in_files.jobs().iter().map(|job| job.capacity).sum(),
            assumptions: self.assumptions.clone(),
            parts: self.score.parts().to_vec(),
        };
        CellTotals::new(self.name.to_owned(), facts, self.score.keys(), differences)
    }

    /// Returns what is counted.
    pub(super) fn score(&self) -> &Score<'a> {
        &self.score
    }

    /// Sets up what a thread needs to play.
    pub(super) fn memory(&self) -> Memory<'_> {
        Memory { rounds: Rounds::new(&self.plan), counts: Counts::default(), applicants: Vec::new() }
    }

    /// Plays the season of a seed, and counts what comes out.
    pub(super) fn play(&self, seed: &str, memory: &mut Memory<'_>) -> Result<(), PlanError> {
        let season = self.plan.preparation().season();
        let Memory { rounds, counts, applicants } = memory;
        let answers = Answers::new(seed);
        applicants.clear();
        match self.crowd {
            Some(crowd) => crowd.draw(seed, |applicant| applicants.push(applicant)),
            None => applicants.extend((0..season.applicants().len()).map(ApplicantIx::new)),
        }
        self.score.begin(counts);
        for &applicant in &*applicants {
            self.score.applies(applicant, counts);
        }
        rounds.begin(Ranking::draw_among(season, seed, applicants));
        let mut played = 0;
        while self.schedule.as_ref().is_none_or(|schedule| played < schedule.most_rounds()) {
            let round = played + 1;
            let is_open = |job| self.schedule.as_ref().is_none_or(|schedule| schedule.is_open(job, round));
            let places = rounds.fill(is_open).map_err(|source| PlanError::Round { round, source })?;
            if places.is_empty() {
                break;
            }
            played = round;
            for place in &places {
                let applicant = season.applicant(place.applicant);
                let response = answers.of(&applicant.id, &self.assumptions.answers[applicant.home_district.get()]);
                self.score.offered(place, response, counts);
                if response != Response::Accepts {
                    rounds.leave(place.applicant);
                }
            }
        }
        let weeks = self.schedule.as_ref().map_or(0, |schedule| schedule.weeks(played));
        self.score.finish(played, weeks, counts);
        Ok(())
    }
}

/// What a thread needs to play seasons of a cell.
#[derive(Debug)]
pub(super) struct Memory<'a> {
    rounds: Rounds<'a>,
    applicants: Vec<ApplicantIx>,
    /// What came out of the season played last.
    pub(super) counts: Counts,
}
