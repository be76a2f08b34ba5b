//! How good an outcome is, whatever mechanism made it: stability, envy, waste, and whether anybody could be better off at nobody's
//! expense.

use feriematch_model::{ApplicantIx, JobIx, Outcome, Season, StreamIx, Verdict};
use feriematch_solver::{Problem, SolveError, blocking_pairs, place, select};

use crate::locks::Room;
use crate::market::Market;
use crate::{Preparation, Ranking};

/// What blocks an outcome, and what could be improved, counted stage by stage.
///
/// Each stage is looked at within the room that locks and earlier stages left, as the mechanisms do (`docs/mechanisms.md`,
/// section 5); jobs rank applicants by class, home district and lottery (section 5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quality {
    /// Pairs of an applicant and a job that the applicant would rather have, where a place is free, or held by somebody who comes
    /// later there: an outcome without any is stable.
    pub blocking_pairs: u64,
    /// Those of them where somebody who comes later holds the place: the envy is justified.
    pub envy_pairs: u64,
    /// Applicants with justified envy.
    pub envious: u32,
    /// Applicants who would rather have a place that is free.
    pub wasted: u32,
    /// Applicants who could get a place without anybody else losing by it.
    pub placeable: u32,
    /// Applicants with a place who could have one they ranked higher without anybody else losing by it.
    pub improvable: u32,
    /// By how many ranks they could move up together.
    pub improvable_ranks: u64,
}

impl Quality {
    /// Measures an outcome of the season, with its ranking. `outcome` must be of this season, as the crate `audit` checks.
    ///
    /// # Errors
    ///
    /// Returns why the solver could not take a stage's problem, or that the outcome breaks a capacity.
    ///
    /// # Complexity
    ///
    /// For each stage, that of one selection and one placement of everybody in it, with wishes for classes written out.
    ///
    /// # References
    ///
    /// D. Gale, L. S. Shapley: College admissions and the stability of marriage, Amer. Math. Monthly 69, 1962.
    /// M. Balinski, T. Sönmez: A tale of two mechanisms: student placement, J. Econ. Theory 84, 1999 (envy and waste).
    /// A. Abdulkadiroğlu, T. Sönmez: School choice: a mechanism design approach, Amer. Econ. Rev. 93, 2003.
    pub fn of(preparation: &Preparation<'_>, ranking: &Ranking, outcome: &Outcome) -> Result<Self, SolveError> {
        let season = preparation.season();
        let seats = Seats::read(season, outcome);
        let mut room = Room::new(season);
        seats.take(season, None, &mut room);
        let mut quality = Self::default();
        for stream in (0..season.settings().streams.len()).map(StreamIx::new) {
            let waits = |a: &ApplicantIx| seats.0[a.get()].is_none_or(|seat| seat.stream.is_some_and(|paid| paid >= stream));
            let list = ranking.order().iter().copied().filter(waits).collect();
            quality.add_stage(&Market::new(preparation, list, stream, &room), ranking, stream, &seats)?;
            seats.take(season, Some(stream), &mut room);
        }
        Ok(quality)
    }

    fn add_stage(&mut self, market: &Market<'_>, ranking: &Ranking, stream: StreamIx, seats: &Seats) -> Result<(), SolveError> {
        let seat_of = |row: u32| seats.0[market.rows()[row as usize].get()];
        let is_of_stage = |row: u32| seat_of(row).is_some_and(|seat| seat.stream == Some(stream));
        // Ranks that a row holds now, in this stage or a later one; whoever has none would rather have anything.
        let now = |row: u32| seat_of(row).and_then(|seat| seat.rank).map(i64::from);
        // Classes are written out once, for both of the problems that are made of this one.
        let all = market.problem(i64::from)?.problem.expanded();
        let rows = 0..all.row_count() as u32;
        let column_of: Vec<Option<u32>> =
            rows.clone().map(|row| market.column(seat_of(row)?.job).filter(|_| is_of_stage(row))).collect();

        let better = all.rearranged(rows.clone(), |row, column, rank| {
            let is_better = now(row).is_none_or(|now| rank < now) || column_of[row as usize] == Some(column);
            is_better.then_some(rank)
        })?;
        let priorities = market.job_priorities(ranking);
        let blocking = blocking_pairs(&better, &column_of, |row, column| priorities.of(row, column));
        let blocking = blocking.map_err(|_| SolveError::Infeasible)?;
        let (mut envious, mut wasted) = (None, None);
        for pair in blocking {
            self.blocking_pairs += 1;
            // Pairs come row by row.
            match pair.over {
                Some(_) => {
                    self.envy_pairs += 1;
                    self.envious += u32::from(envious.replace(pair.row) != Some(pair.row));
                }
                None => self.wasted += u32::from(wasted.replace(pair.row) != Some(pair.row)),
            }
        }

        let placed: Vec<u32> = rows.clone().filter(|&row| is_of_stage(row)).collect();
        let turns: Vec<u32> = placed.iter().copied().chain(rows.filter(|&row| !is_of_stage(row))).collect();
        let not_worse = all.rearranged(turns.iter().copied(), |row, _, rank| {
            // Whoever moves here from a later stage has to gain by it; to change places at one rank harms nobody.
            let harms_nobody = now(row).is_none_or(|now| rank < now || (rank == now && is_of_stage(row)));
            harms_nobody.then_some(rank)
        })?;
        self.add_improvements(&not_worse, placed.len(), |turn| now(turns[turn]))
    }

    /// Counts who could be better off in a problem that makes nobody worse off, and whose first rows are placed.
    fn add_improvements(
        &mut self,
        problem: &Problem,
        placed: usize,
        now: impl Fn(usize) -> Option<i64>,
    ) -> Result<(), SolveError> {
        let selection = select(problem);
        self.placeable += (selection.kept().count() - placed) as u32;
        let best = place(problem, &selection)?;
        for (turn, column) in best.column_of[..placed].iter().enumerate() {
            let rank = column.and_then(|column| problem.cost(turn as u32, column));
            let gain = now(turn).zip(rank).map_or(0, |(now, rank)| now - rank);
            self.improvable += u32::from(gain > 0);
            self.improvable_ranks += u64::try_from(gain).unwrap_or_default();
        }
        Ok(())
    }
}

/// A place that an outcome gives.
#[derive(Debug, Clone, Copy)]
struct Seat {
    job: JobIx,
    /// The stream whose stage gave it; none if it was given before all stages.
    stream: Option<StreamIx>,
    paid_by: StreamIx,
    rank: Option<u16>,
}

/// Who sits where.
struct Seats(Vec<Option<Seat>>);

impl Seats {
    fn read(season: &Season, outcome: &Outcome) -> Self {
        let seat = |verdict: &Verdict| {
            let Verdict::Placed(placed) = verdict else { return None };
            let paid_by = season.settings().find_stream(&placed.stream)?;
            let stream = Some(paid_by).filter(|_| !placed.by.is_before_stages());
            Some(Seat { job: season.find_job(&placed.job)?, stream, paid_by, rank: placed.rank })
        };
        Self(outcome.decisions.iter().map(|decision| seat(&decision.verdict)).collect())
    }

    /// Takes the room of the places that a stage gave, or that were given before all stages.
    fn take(&self, season: &Season, stream: Option<StreamIx>, room: &mut Room) {
        for (row, seat) in self.0.iter().enumerate() {
            if let Some(seat) = seat.filter(|seat| seat.stream == stream) {
                room.take(season, ApplicantIx::new(row), seat.job, seat.paid_by);
            }
        }
    }
}
