//! One run: ranking, locks, stages, outcome; `docs/mechanisms.md`, sections 3 to 5.

use std::ops::Range;

use feriematch_model::{
    ApplicantIx, Decision, Evidence, FORMAT, Fingerprint, Mechanism, Outcome, Placed, PlacedBy, Season, Stage, StageReason,
    StreamIx, Verdict,
};
use rayon::prelude::*;

use crate::locks::{LockedPlace, Room, place_locks};
use crate::market::Market;
use crate::mechanism::{Solver, priority, serial_dictatorship};
use crate::stage::{Place, Step};
use crate::{LockProblem, Preparation, Ranking, paper_lottery};

/// How to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunOptions {
    /// How places are assigned.
    pub mechanism: Mechanism,
    /// What finds the placement of the mechanism `priority`.
    pub solver: Solver,
}

/// Why a run has no outcome.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// A lock cannot stand. [`findings`](crate::findings) lists all of them.
    #[error("the lock in row {row} of the overrides cannot stand: {problem}")]
    Lock {
        /// The row of [`Season::overrides`].
        row: usize,
        /// Why.
        problem: LockProblem,
    },
    /// Somebody who has a place cannot keep it.
    #[error("{applicant} cannot keep the place of {job}: {problem}")]
    Held {
        /// Who.
        applicant: String,
        /// Of which job.
        job: String,
        /// Why.
        problem: LockProblem,
    },
    /// The solver cannot take the problem of a stage.
    #[error("funding stream `{stream}`: {source}")]
    Solver {
        /// The stream's id.
        stream: String,
        /// Why.
        source: feriematch_solver::SolveError,
    },
}

/// Serves every funding stream in ranking order, and says what was decided and why.
///
/// `at` is told each step as it begins. `ranking` must be one of this season.
///
/// # Errors
///
/// Returns the first lock that cannot stand, or why the solver could not take a stage's problem.
///
/// # Determinism
///
/// The same season, ranking and mechanism give the same outcome for any number of threads.
pub fn run(
    preparation: &Preparation<'_>,
    ranking: &Ranking,
    options: &RunOptions,
    at: &mut (dyn FnMut(Step) + Send),
) -> Result<Outcome, RunError> {
    run_beside(preparation, ranking, options, at, || ()).map(|(outcome, ())| outcome)
}

/// Does what [`run`] does, and meanwhile a job of the caller: deciding leaves all threads but one idle.
///
/// # Errors
///
/// As [`run`]; the job may have been done or not.
pub fn run_beside<T: Send>(
    preparation: &Preparation<'_>,
    ranking: &Ranking,
    options: &RunOptions,
    at: &mut (dyn FnMut(Step) + Send),
    job: impl FnOnce() -> T + Send,
) -> Result<(Outcome, T), RunError> {
    let season = preparation.season();
    at(Step::Market);
    let mut record = Record::new(season);
    record.lock(preparation)?;
    let (stages, (fingerprint, done)) =
        beside_deciding(at, |at| record.serve(preparation, ranking, options, at), || (Fingerprint::of(season), job()));
    let stages = stages?;
    at(Step::Evidence);
    let outcome = Outcome {
        format: FORMAT,
        season: season.settings().name.to_string(),
        fingerprint,
        mechanism: options.mechanism,
        rank_costs: season.settings().rank_costs.clone(),
        seed: ranking.seed().to_owned(),
        stages,
        decisions: record.decisions(preparation, ranking),
    };
    Ok((outcome, done))
}

/// Serves streams, and does a job on another thread once the first is being decided on: what leads up to that uses all threads.
fn beside_deciding<S: Send, T: Send>(
    at: &mut (dyn FnMut(Step) + Send),
    serve: impl FnOnce(&mut dyn FnMut(Step)) -> S + Send,
    job: impl FnOnce() -> T + Send,
) -> (S, T) {
    let mut done = None;
    let served = rayon::scope(|scope| {
        let mut waiting = Some((job, &mut done));
        let served = serve(&mut |step| {
            if let Some((job, done)) = waiting.take_if(|_| step == Step::Select) {
                scope.spawn(move |_| *done = Some(job()));
            }
            at(step);
        });
        // Nothing may have been decided on: a problem can be too large for the solver.
        if let Some((job, done)) = waiting {
            *done = Some(job());
        }
        served
    });
    (served, done.unwrap_or_else(|| unreachable!("the job is done when the scope ends")))
}

/// What has been decided so far.
pub(crate) struct Record<'s> {
    season: &'s Season,
    pub(crate) room: Room,
    /// Whether each applicant has left the season.
    pub(crate) has_left: Vec<bool>,
    /// The place of each applicant who has one.
    pub(crate) places: Vec<Option<(Place, PlacedBy)>>,
    /// For each applicant, for each stream, why it gave no place.
    reasons: Vec<StageReason>,
}

impl<'s> Record<'s> {
    pub(crate) fn new(season: &'s Season) -> Self {
        let applicants = season.applicants().len();
        Self {
            season,
            room: Room::new(season),
            has_left: vec![false; applicants],
            places: vec![None; applicants],
            reasons: vec![StageReason::NoEligibleJob; applicants * season.settings().streams.len()],
        }
    }

    /// Returns the streams in the order in which they are served.
    fn streams(&self) -> impl Iterator<Item = StreamIx> + use<> {
        (0..self.season.settings().streams.len()).map(StreamIx::new)
    }

    /// Returns whether somebody has no place yet and has not left.
    fn waits(&self, applicant: ApplicantIx) -> bool {
        self.places[applicant.get()].is_none() && !self.has_left[applicant.get()]
    }

    /// Returns those who wait, in ranking order.
    fn list(&self, ranking: &Ranking) -> Vec<ApplicantIx> {
        ranking.order().iter().copied().filter(|&a| self.waits(a)).collect()
    }

    fn stage(&self, stream: StreamIx, evidence: Evidence) -> Stage {
        Stage { stream: self.stream_id(stream), evidence }
    }

    fn stream_id(&self, stream: StreamIx) -> String {
        self.season.settings().streams[stream.get()].id.to_string()
    }

    /// Returns where an applicant's reasons are.
    fn reasons_at(&self, applicant: ApplicantIx) -> Range<usize> {
        let streams = self.season.settings().streams.len();
        applicant.get() * streams..(applicant.get() + 1) * streams
    }

    /// Gives those who are locked and wait their places.
    pub(crate) fn lock(&mut self, preparation: &Preparation<'_>) -> Result<(), RunError> {
        let mut room = self.room.clone();
        let (locked, problems) = place_locks(preparation.eligibility(), self.season, &mut room, |a| self.waits(a));
        self.room = room;
        if let Some(&(row, problem)) = problems.first() {
            return Err(RunError::Lock { row, problem });
        }
        for LockedPlace { applicant, job, stream } in locked {
            let place = Place { applicant, job, stream, rank: preparation.rank(applicant, job) };
            self.places[applicant.get()] = Some((place, PlacedBy::Lock));
        }
        Ok(())
    }

    /// Serves those who have no place yet.
    pub(crate) fn serve(
        &mut self,
        preparation: &Preparation<'_>,
        ranking: &Ranking,
        options: &RunOptions,
        at: &mut dyn FnMut(Step),
    ) -> Result<Vec<Stage>, RunError> {
        match options.mechanism {
            Mechanism::PaperLottery => {
                at(Step::Select);
                Ok(self.draw_on_paper(preparation, ranking))
            }
            Mechanism::Priority | Mechanism::SerialDictatorship => self.serve_streams(preparation, ranking, options, at),
        }
    }

    fn serve_streams(
        &mut self,
        preparation: &Preparation<'_>,
        ranking: &Ranking,
        options: &RunOptions,
        at: &mut dyn FnMut(Step),
    ) -> Result<Vec<Stage>, RunError> {
        let mut stages = Vec::new();
        for stream in self.streams() {
            at(Step::Market);
            let market = Market::new(preparation, self.list(ranking), stream, &self.room);
            let served = match options.mechanism {
                Mechanism::SerialDictatorship => serial_dictatorship(&market, at),
                _ => priority(&market, options.solver, at),
            };
            let rows = market.into_rows();
            let served = served.map_err(|source| RunError::Solver { stream: self.stream_id(stream), source })?;
            for (&applicant, decided) in rows.iter().zip(&served.rows) {
                match *decided {
                    Ok((job, rank)) => {
                        self.room.take(self.season, applicant, job, stream);
                        let place = Place { applicant, job, stream, rank: Some(rank) };
                        self.places[applicant.get()] = Some((place, PlacedBy::Ranking));
                    }
                    Err(reason) => {
                        let at = self.reasons_at(applicant).start + stream.get();
                        self.reasons[at] = reason;
                    }
                }
            }
            stages.push(self.stage(stream, served.evidence));
        }
        Ok(stages)
    }

    fn draw_on_paper(&mut self, preparation: &Preparation<'_>, ranking: &Ranking) -> Vec<Stage> {
        let list = self.list(ranking);
        let streams = self.season.settings().streams.len();
        let (places, reasons) = (&mut self.places, &mut self.reasons);
        paper_lottery::draw(preparation, &list, &mut self.room, |applicant, place, room| {
            places[applicant.get()] = place.map(|place| (place, PlacedBy::Ranking));
            if place.is_none() {
                let of_applicant = reasons[applicant.get() * streams..].iter_mut();
                of_applicant.zip(paper_lottery::reasons(preparation, applicant, room)).for_each(|(known, why)| *known = why);
            }
        });
        self.streams().map(|stream| self.stage(stream, Evidence::Replay)).collect()
    }

    fn decisions(&self, preparation: &Preparation<'_>, ranking: &Ranking) -> Vec<Decision> {
        let decide = |row: usize| {
            let applicant = ApplicantIx::new(row);
            let verdict = match self.places[row] {
                Some((place, by)) => Verdict::Placed(Placed {
                    job: self.season.job(place.job).id.clone().into_string(),
                    stream: self.season.settings().streams[place.stream.get()].id.clone().into_string(),
                    rank: place.rank,
                    by,
                }),
                None if !preparation.has_acceptable(applicant) => {
                    Verdict::Ineligible { rules: preparation.rules_against(applicant) }
                }
                None => Verdict::Waiting { reasons: self.reasons[self.reasons_at(applicant)].to_vec() },
            };
            Decision {
                applicant: self.season.applicants()[row].id.clone().into_string(),
                lottery: ranking.number(applicant),
                position: ranking.position(applicant),
                verdict,
            }
        };
        (0..self.season.applicants().len()).into_par_iter().map(decide).collect()
    }
}
