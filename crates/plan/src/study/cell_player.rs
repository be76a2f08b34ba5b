//! One season of a cell, played.

use feriematch_core::{Preparation, Ranking, RunOptions, Standing, fill_open};
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
    preparation: &'a Preparation<'a>,
    options: &'a RunOptions,
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
            preparation,
            options: &cell.options,
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

    /// Plays the season of a seed, and counts what comes out.
    pub(super) fn play(&self, seed: &str, counts: &mut Counts) -> Result<(), PlanError> {
        let season = self.preparation.season();
        let answers = Answers::new(seed);
        let ranking = Ranking::draw(season, seed);
        self.score.begin(counts);
        let mut standings = vec![Standing::HasLeft; season.applicants().len()];
        let mut applies = |applicant: ApplicantIx| {
            standings[applicant.get()] = Standing::Waits;
            self.score.applies(applicant, counts);
        };
        match self.crowd {
            Some(crowd) => crowd.draw(seed, applies),
            None => (0..season.applicants().len()).map(ApplicantIx::new).for_each(&mut applies),
        }
        let mut rounds = 0;
        while self.schedule.as_ref().is_none_or(|schedule| rounds < schedule.most_rounds()) {
            let round = rounds + 1;
            let is_open = |job| self.schedule.as_ref().is_none_or(|schedule| schedule.is_open(job, round));
            let places = fill_open(self.preparation, &ranking, self.options, &standings, is_open)
                .map_err(|source| PlanError::Round { round, source })?;
            if places.is_empty() {
                break;
            }
            rounds = round;
            for place in &places {
                let applicant = season.applicant(place.applicant);
                let response = answers.of(&applicant.id, &self.assumptions.answers[applicant.home_district.get()]);
                self.score.offered(place, response, counts);
                standings[place.applicant.get()] = match response {
                    Response::Accepts => Standing::Holds(place.job, place.stream),
                    Response::Declines | Response::Lapses | Response::Withdraws => Standing::HasLeft,
                };
            }
        }
        let weeks = self.schedule.as_ref().map_or(0, |schedule| schedule.weeks(rounds));
        self.score.finish(rounds, weeks, counts);
        Ok(())
    }
}
