//! One run: ranking, locks, stages, outcome; `docs/mechanisms.md`, sections 3 to 5.

use std::collections::BTreeMap;
use std::ops::Range;

use feriematch_model::{
    ApplicantIx, Balance, BalanceProblem, Claim, Decision, Evidence, FORMAT, Fingerprint, JobIx, LotteryOrder, Mechanism,
    MoveRule, Outcome, Placed, PlacedBy, PlacementRule, Rematch, Season, Stage, StageReason, StreamIx, Verdict,
};
use rayon::prelude::*;

use crate::locks::{LockedPlace, Room, place_locks};
use crate::market::Market;
use crate::mechanism::{
    Solver, deferred_acceptance, priority, rank_maximal, rematch, serial_dictatorship, top_trading_cycles, upgrade,
};
use crate::stage::{Place, Step};
use crate::workplaces::Workplaces;
use crate::{LockProblem, Preparation, Ranking, paper_lottery, reserves};

/// How to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunOptions {
    /// How places are assigned.
    pub mechanism: Mechanism,
    /// Which of the placements of those selected is taken, by the mechanism `priority`.
    pub placement: PlacementRule,
    /// Soft targets for girls and boys, by the mechanism `priority`.
    pub balance: Balance,
    /// What finds the placement of the mechanism `priority`.
    pub solver: Solver,
    /// Who has a place already and may be moved; everybody else who has one is locked to it.
    pub rematch: Option<Rematch>,
}

impl RunOptions {
    /// Returns what a season's settings ask for.
    pub fn of(season: &Season) -> Self {
        let settings = season.settings();
        Self { balance: settings.balance.clone(), ..Self::with(settings.mechanism, settings.placement) }
    }

    /// Settles what is left to a season's settings: the mechanism, its rule of placement, and whether soft targets are served.
    ///
    /// # Errors
    ///
    /// Returns what does not go together.
    pub fn choose(
        season: &Season,
        mechanism: Option<Mechanism>,
        placement: Option<PlacementRule>,
        balance: bool,
    ) -> Result<Self, ChoiceError> {
        let settings = season.settings();
        let mechanism = mechanism.unwrap_or(settings.mechanism);
        let is_priority = mechanism == Mechanism::Priority;
        if placement.is_some() && !is_priority {
            return Err(ChoiceError::Placement { mechanism });
        }
        // A rule that season.toml states for priority says nothing about others.
        let stated = if is_priority { settings.placement } else { PlacementRule::default() };
        let placement = placement.unwrap_or(stated);
        let balance = if balance { settings.balance.clone() } else { Balance::NONE };
        balance.check(mechanism, placement, &settings.rank_costs)?;
        Ok(Self { balance, ..Self::with(mechanism, placement) })
    }

    /// Returns a mechanism and a rule of placement, without soft targets.
    pub const fn with(mechanism: Mechanism, placement: PlacementRule) -> Self {
        Self { mechanism, placement, balance: Balance::NONE, solver: Solver::Sparse, rematch: None }
    }
}

/// Why a season cannot be run in the way chosen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChoiceError {
    /// A rule of placement is chosen for a mechanism that has none.
    #[error("the mechanism {mechanism} has no rule of placement")]
    Placement {
        /// The mechanism.
        mechanism: Mechanism,
    },
    /// The season's soft targets cannot be served in this way.
    #[error(transparent)]
    Balance(#[from] BalanceProblem),
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
    /// Somebody who may be moved has no place that they could have.
    #[error("`{applicant}` has no claim on a place of `{job}`: {problem}")]
    Claim {
        /// Who.
        applicant: String,
        /// The job.
        job: String,
        /// Why.
        problem: ClaimProblem,
    },
    /// People are moved to make room by another mechanism than `priority`, or by another rule than least total rank.
    #[error(
        "`{mechanism}` with placement by `{placement}` does not move people to make room: that is for `{}` with `{}`",
        Mechanism::Priority,
        PlacementRule::LeastTotalRank
    )]
    Moves {
        /// The mechanism.
        mechanism: Mechanism,
        /// The rule of placement.
        placement: PlacementRule,
    },
    /// Soft targets that the run cannot serve.
    #[error("{0}")]
    Balance(#[from] BalanceProblem),
    /// People are moved, and there are soft targets.
    #[error("a round that moves people serves no soft balance targets")]
    BalanceOfMoves,
    /// The solver cannot take the problem of a stage.
    #[error("funding stream `{stream}`: {source}")]
    Solver {
        /// The stream's id.
        stream: String,
        /// Why.
        source: feriematch_solver::SolveError,
    },
}

/// Why a claim cannot stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClaimProblem {
    /// The season has no such applicant, job or funding stream, or the applicant is named twice or locked.
    #[error("the season has no such applicant, job or funding stream, or the applicant is named twice or locked")]
    Unknown,
    /// The place is none that the ranking could have given: not wished for, not eligible, or not paid by the stream.
    #[error("it is not wished for, not eligible, or not paid by the stream")]
    NotAcceptable,
    /// Locks and other claims leave no room.
    #[error("locks and other claims leave no room for it")]
    NoRoom,
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
    record.lay_claims(preparation, options)?;
    let (stages, (fingerprint, done)) =
        beside_deciding(at, |at| record.serve(preparation, ranking, options, at), || (Fingerprint::of(season), job()));
    let stages = stages?;
    at(Step::Evidence);
    let outcome = Outcome {
        format: FORMAT,
        season: season.settings().name.to_string(),
        fingerprint,
        mechanism: options.mechanism,
        placement: options.placement,
        balance: options.balance.clone(),
        rank_costs: season.settings().rank_costs.clone(),
        seed: ranking.seed().to_owned(),
        rematch: options.rematch.clone(),
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
    /// The places on which somebody has a claim.
    claims: Vec<Place>,
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
            claims: Vec::new(),
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

    /// Gives everybody the place on which they have a claim, until it is the turn of the stream that pays for it.
    fn lay_claims(&mut self, preparation: &Preparation<'_>, options: &RunOptions) -> Result<(), RunError> {
        let Some(rematch) = &options.rematch else { return Ok(()) };
        let RunOptions { mechanism, placement, .. } = *options;
        let can_move = mechanism == Mechanism::Priority && placement == PlacementRule::LeastTotalRank;
        if matches!(rematch.rule, MoveRule::FewestMoves { .. }) && !can_move {
            return Err(RunError::Moves { mechanism, placement });
        }
        if !options.balance.is_none() {
            return Err(RunError::BalanceOfMoves);
        }
        for claim in &rematch.claims {
            let Claim { applicant: id, job: job_id, stream: stream_id } = claim;
            let problem = |problem| RunError::Claim { applicant: id.clone(), job: job_id.clone(), problem };
            let found =
                (self.season.find_applicant(id), self.season.find_job(job_id), self.season.settings().find_stream(stream_id));
            let (Some(applicant), Some(job), Some(stream)) = found else { return Err(problem(ClaimProblem::Unknown)) };
            if self.places[applicant.get()].is_some() {
                return Err(problem(ClaimProblem::Unknown));
            }
            let eligibility = preparation.eligibility();
            let rank = preparation.rank(applicant, job);
            let is_paid = self.season.job(job).streams.contains(stream)
                && eligibility.stream_admits(stream, self.season.applicant(applicant));
            if rank.is_none() || !is_paid || eligibility.check(applicant, job).is_err() {
                return Err(problem(ClaimProblem::NotAcceptable));
            }
            if self.room.shortage(self.season, applicant, job, stream).is_some() {
                return Err(problem(ClaimProblem::NoRoom));
            }
            self.room.take(self.season, applicant, job, stream);
            let place = Place { applicant, job, stream, rank };
            self.places[applicant.get()] = Some((place, PlacedBy::Ranking));
            self.claims.push(place);
        }
        Ok(())
    }

    /// Takes the places back on which there are claims paid by a stream, and returns the claims.
    fn take_up_claims(&mut self, stream: StreamIx) -> BTreeMap<ApplicantIx, JobIx> {
        let mut claims = BTreeMap::new();
        for place in self.claims.iter().filter(|place| place.stream == stream) {
            self.room.give_back(self.season, place.applicant, place.job, stream);
            self.places[place.applicant.get()] = None;
            claims.insert(place.applicant, place.job);
        }
        claims
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
        for LockedPlace { applicant, job, stream, by } in locked {
            let place = Place { applicant, job, stream, rank: preparation.rank(applicant, job) };
            self.places[applicant.get()] = Some((place, by));
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
        options.balance.check(options.mechanism, options.placement, &self.season.settings().rank_costs)?;
        match options.mechanism {
            Mechanism::PaperLottery if options.rematch.is_none() => {
                at(Step::Select);
                Ok(self.draw_on_paper(preparation, ranking))
            }
            _ => self.serve_streams(preparation, ranking, options, at),
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
        let rule = options.rematch.as_ref().map(|rematch| rematch.rule);
        let reversed = match rule {
            Some(MoveRule::Upgrade { lottery: LotteryOrder::Reversed }) => Some(ranking.reversed(self.season)),
            _ => None,
        };
        let ranking = reversed.as_ref().unwrap_or(ranking);
        let mut moves_left = match rule {
            Some(MoveRule::FewestMoves { max_moves }) => max_moves,
            _ => None,
        };
        let workplaces = options.balance.workplaces.map(|rule| Workplaces::new(preparation, rule));
        for stream in self.streams() {
            at(Step::Market);
            let claims = self.take_up_claims(stream);
            let only_up = matches!(rule, Some(MoveRule::Upgrade { .. }));
            let failed = |source| RunError::Solver { stream: self.stream_id(stream), source };
            let turns = reserves::turns(preparation, self.list(ranking), stream, &self.room, &options.balance).map_err(failed)?;
            let market = Market::new(preparation, turns, stream, &self.room).with_claims(&claims, only_up);
            let served = match rule {
                Some(MoveRule::Upgrade { .. }) => upgrade(&market, at),
                Some(MoveRule::FewestMoves { .. }) if !claims.is_empty() => {
                    rematch(&market, moves_left, at).map(|(served, moves)| {
                        moves_left = moves_left.map(|left| left - moves);
                        served
                    })
                }
                _ => match options.mechanism {
                    Mechanism::DeferredAcceptance => deferred_acceptance(&market, ranking, at),
                    Mechanism::SerialDictatorship => serial_dictatorship(&market, at),
                    Mechanism::RankMaximal => rank_maximal(&market, at),
                    Mechanism::TopTradingCycles => top_trading_cycles(&market, ranking, at),
                    // The paper's one list is drawn elsewhere.
                    Mechanism::Priority | Mechanism::PaperLottery => priority(&market, options, workplaces.as_ref(), at),
                },
            };
            let served = served.map_err(failed)?;
            let rows = market.into_rows();
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
