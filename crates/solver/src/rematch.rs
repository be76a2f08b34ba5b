//! Rematching: what becomes of a placement when rows leave, rows come, or capacities change.
//!
//! # Problem
//!
//! The [problem](crate::Problem) states the new capacities and all rows, and [`Standing`] says of each row where it
//! stood. Locked rows stay where they are. Rows that have a *claim* on their column (see [`residual`](crate::residual))
//! keep a place, if need be another: that is a *move*. Then the others have their turns: the displaced, who lost their
//! place with a capacity, and then the waiting, each in ranking order. A row is selected if its row group has room and
//! it can be placed together with all who keep a place and all selected before it, with at most as many moves as are
//! allowed. Of all placements of the selected rows, the one taken has the fewest moves, and among those the least cost.
//!
//! More rows never need fewer moves, so a row that is refused for the limit would be refused at any later turn too.
//!
//! # Algorithm
//!
//! Everything happens in the residual market. If nobody can be moved, it is a problem like any other, for
//! [`select`](crate::select()) and [`place`](crate::place()). Otherwise a move costs more than any placement, so that
//! fewest moves at least cost are a least cost too, and everybody sitting at the claimed column is a placement of least
//! cost to begin with: no price is needed to prove it.
//!
//! 1. Rows are selected along augmenting paths, as if moves were not limited.
//! 2. From the beginning again, the selected rows are added along [shortest paths](crate::primal_dual).
//! 3. If that takes more moves than are allowed, the rows have their turns once more: each is added along a shortest
//!    path if the total stays below what one move too many would cost. If it does not, potentials are raised as far
//!    as the search has shown, so that rows in the same position are refused at a glance.
//!
//! # Termination and overflow
//!
//! Those of the parts. With moves the largest cost is C + M, M = rows × C + 1 being the cost of a move:
//! [`SolveError::CostRange`] is returned unless prices are safe with that.
//!
//! # Complexity
//!
//! Without moves, O(arcs of candidates) plus the selection and placement of the residual market. With moves, that of
//! successive shortest paths for the rows that are added. Under a limit B on moves, a failing search raises integer
//! potentials that never exceed (B + 1) M; in practice each part of the market is found shut a few times.
//!
//! # References
//!
//! J. Edmonds, R. Karp: Theoretical improvements in algorithmic efficiency for network flow problems, J. ACM 1972
//! (shortest augmenting paths keep costs least, and no node comes nearer to the sink).
//! R. Ahuja, T. Magnanti, J. Orlin: Network Flows, Prentice Hall 1993, section 9.7.

use crate::duals::Duals;
use crate::flow::Flow;
use crate::labels::Unweighted;
use crate::paths::Paths;
use crate::primal_dual;
use crate::residual::{Residual, Standing};
use crate::select::Turns;
use crate::shortest_path::ShortestPath;
use crate::{Placement, Problem, RowOutcome, Selection, SolveError, Violation, place, select};

/// What became of a row in a rematch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RematchOutcome {
    /// It has a place in this column: the one it had, another, or its first.
    Placed(u32),
    /// It took no part.
    Gone,
    /// It has no arc.
    NoArc,
    /// Its row group was full when its turn came.
    RowCap,
    /// It could not be placed, and could not even if moves were not limited.
    Full,
    /// It could not be placed with so few moves.
    MoveLimit,
}

/// The result of a [`rematch`](fn@rematch).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rematched {
    /// What became of each row.
    pub outcomes: Vec<RematchOutcome>,
    /// How many rows were moved from a column on which they had a claim. No placement of the placed rows has fewer.
    pub moves: u32,
    /// How many rows would be moved if moves were not limited.
    pub unlimited_moves: u32,
    /// The total cost of the placed rows that are not locked. No placement with as few moves has less.
    pub cost: i64,
    /// Why it is so.
    pub evidence: Evidence,
}

/// What proves a rematch: the residual market, who is selected in it, and prices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The market without locked rows and the places they use. Its rows are numbered by turn: who keeps a place, then
    /// the displaced, then the waiting. Of the latter two, those are missing that have no arc to a column with room
    /// beside the locked rows.
    pub problem: Problem,
    /// The number of each row of the residual market in the whole problem.
    pub rows: Vec<u32>,
    /// What a move costs in the residual market, more than all rows together; zero if nobody can be moved.
    pub move_cost: i64,
    /// Who is selected in the residual market if moves are not limited, with the closed columns that prove of every
    /// other row that it could not be.
    pub unlimited: Selection,
    /// The placement in the residual market, with prices that prove that it has the fewest moves and the least cost.
    pub placement: Placement,
}

/// Rematches: rows that have a claim keep a place, and the others get what is left, in ranking order, with few moves.
///
/// `max_moves` limits how many rows may be moved from their column; `None` is no limit. To give away free places with
/// nobody moved at all, it is much faster to lock who sits.
///
/// # Errors
///
/// [`SolveError::StandingsMismatch`], [`SolveError::UnknownColumn`] or [`SolveError::LockedOverfull`] if the standings
/// are not of this problem; [`SolveError::CostRange`] if prices could overflow.
///
/// # Complexity
///
/// If all rows that sit are locked, close to linear in the arcs of the waiting rows. Otherwise time O(added × (arcs +
/// nodes) log nodes) at worst. Memory O(rows + arcs + nodes).
///
/// # Examples
///
/// Two rows have a place each; a third comes for whom the first has to move.
///
/// ```
/// use feriematch_solver::{ProblemBuilder, RematchOutcome, Standing, rematch};
///
/// let mut builder = ProblemBuilder::new();
/// let park = builder.add_column(1, None)?;
/// let office = builder.add_column(2, None)?;
/// builder.add_row(None, [(park, 1), (office, 2)])?;
/// builder.add_row(None, [(office, 1)])?;
/// builder.add_row(None, [(park, 1)])?;
/// let problem = builder.build();
/// let standings = [Standing::Movable(park), Standing::Movable(office), Standing::Waiting];
///
/// let rematched = rematch(&problem, &standings, None)?;
/// assert_eq!(rematched.outcomes, [office, office, park].map(RematchOutcome::Placed));
/// assert_eq!((rematched.moves, rematched.cost), (1, 4));
/// assert_eq!(rematched.check(&problem, &standings), Ok(()));
///
/// let nobody_moved = rematch(&problem, &standings, Some(0))?;
/// assert_eq!(nobody_moved.outcomes[2], RematchOutcome::MoveLimit);
/// assert_eq!((nobody_moved.moves, nobody_moved.unlimited_moves), (0, 1));
/// # Ok::<(), feriematch_solver::SolveError>(())
/// ```
///
/// # References
///
/// Edmonds and Karp 1972; Ahuja, Magnanti and Orlin 1993, section 9.7.
pub fn rematch(problem: &Problem, standings: &[Standing], max_moves: Option<u32>) -> Result<Rematched, SolveError> {
    let residual = Residual::new(problem, standings)?;
    let (unlimited, mut placement) = if residual.claims.is_empty() {
        let selection = select(&residual.problem);
        let placement = place(&residual.problem, &selection)?;
        (selection, placement)
    } else {
        let selection = residual.select();
        let placement = residual.place(&selection)?;
        (selection, placement)
    };
    let (unlimited_moves, _) = residual.split(placement.cost);
    let mut limited = None;
    if let Some(max_moves) = max_moves.filter(|&most| most < unlimited_moves) {
        let (selection, within) = residual.select_within(max_moves);
        limited = Some(selection);
        placement = within;
    }
    let (moves, cost) = residual.split(placement.cost);
    let outcomes = residual.outcomes(problem, standings, &unlimited, limited.as_deref(), &placement);
    let Residual { problem, rows, move_cost, .. } = residual;
    let evidence = Evidence { problem, rows, move_cost, unlimited, placement };
    Ok(Rematched { outcomes, moves, unlimited_moves, cost, evidence })
}

impl Rematched {
    /// Checks that every row is where it may be, and that those placed are placed with fewest moves and at least cost.
    ///
    /// # Errors
    ///
    /// The first [`Violation`] found.
    ///
    /// # Complexity
    ///
    /// Time and memory O(arcs + rows + nodes), and log (arcs of a row) for each row that has a place.
    pub fn check(&self, problem: &Problem, standings: &[Standing]) -> Result<(), Violation> {
        let evidence = &self.evidence;
        let residual = Residual::new(problem, standings).map_err(|_| Violation::Evidence)?;
        if (&residual.problem, &residual.rows, residual.move_cost) != (&evidence.problem, &evidence.rows, evidence.move_cost) {
            return Err(Violation::Evidence);
        }
        if self.outcomes.len() != problem.row_count() || evidence.placement.column_of.len() != evidence.rows.len() {
            return Err(Violation::Shape);
        }
        let mut expected = vec![None; problem.row_count()];
        for (&row, &column) in evidence.rows.iter().zip(&evidence.placement.column_of) {
            expected[row as usize] = column;
        }
        for (row, (&outcome, &standing)) in (0..).zip(self.outcomes.iter().zip(standings)) {
            let as_it_stands = match (standing, outcome) {
                (Standing::Locked(column), _) => outcome == RematchOutcome::Placed(column),
                (Standing::Gone, _) => outcome == RematchOutcome::Gone,
                (_, RematchOutcome::Placed(column)) => expected[row as usize] == Some(column),
                (_, outcome) => expected[row as usize].is_none() && outcome != RematchOutcome::Gone,
            };
            if !as_it_stands {
                return Err(Violation::Standing { row });
            }
        }
        let keepers = evidence.rows.iter().zip(&evidence.placement.column_of).take(residual.claims.len());
        if let Some((&row, _)) = keepers.into_iter().find(|(_, column)| column.is_none()) {
            return Err(Violation::NotPlaced { row });
        }
        let selected = |column: &Option<u32>| column.map_or(RowOutcome::Full, RowOutcome::Kept);
        let selection =
            Selection { outcomes: evidence.placement.column_of.iter().map(selected).collect(), closed_by: Vec::new() };
        evidence.placement.check(&evidence.problem, &selection)?;
        let (moves, cost) = residual.split(evidence.placement.cost);
        if moves != self.moves {
            return Err(Violation::Moves { stated: self.moves, actual: moves });
        }
        if cost != self.cost {
            return Err(Violation::Cost { stated: self.cost, actual: cost.into() });
        }
        Ok(())
    }
}

impl Residual {
    /// Returns the placement of those who keep a place, in the columns on which they have a claim.
    fn seated(&self) -> Flow<'_> {
        let mut flow = Flow::new(&self.problem);
        for (row, &claim) in (0..).zip(&self.claims) {
            let mut arcs = self.problem.arc_range(row);
            if let Some(arc) = arcs.find(|&arc| self.problem.arc_column(arc) == claim) {
                flow.place(row, arc, claim);
            }
        }
        flow
    }

    /// Returns the turns of the rows, in which those who keep a place have had theirs.
    fn turns(&self) -> Turns<'_> {
        let mut turns = Turns::new(&self.problem);
        (0..self.claims.len() as u32).for_each(|row| turns.take(row, || true));
        turns
    }

    /// Returns the rows that have a turn.
    fn turn_rows(&self) -> std::ops::Range<u32> {
        self.claims.len() as u32..self.rows.len() as u32
    }

    /// Selects in the order of turns, beginning with those who keep a place.
    fn select(&self) -> Selection {
        let mut flow = self.seated();
        let mut turns = self.turns();
        let mut paths = Paths::new(&self.problem);
        let mut closed_by = vec![None; self.problem.column_count()];
        for row in self.turn_rows() {
            turns.take(row, || match paths.place_near(&mut flow, row, &Unweighted) {
                Ok(()) => true,
                Err(closed) => {
                    for &node in closed.iter().filter(|&&node| self.problem.is_column(node)) {
                        closed_by[node as usize] = Some(row);
                    }
                    false
                }
            });
        }
        Selection { outcomes: turns.outcomes(&flow), closed_by }
    }

    /// Adds the selected rows to those who keep a place.
    fn place(&self, selection: &Selection) -> Result<Placement, SolveError> {
        let added: Vec<u32> = selection.kept().skip(self.claims.len()).collect();
        let (flow, potential) = primal_dual::place_beside(self.seated(), &added)?;
        Ok(self.placement(&flow, potential))
    }

    /// Selects and places with so many moves at most.
    fn select_within(&self, max_moves: u32) -> (Vec<RowOutcome>, Placement) {
        let mut flow = self.seated();
        let mut turns = self.turns();
        let mut duals = Duals::seated(&flow);
        let mut shortest = ShortestPath::new(&self.problem);
        // Moves and cost together are below what one move too many would cost.
        let seated: i64 = (0..self.claims.len() as u32).map(|row| duals.row(row)).sum();
        let mut left = (i64::from(max_moves) + 1) * self.move_cost - 1 - seated;
        for row in self.turn_rows() {
            turns.take(row, || match shortest.place_within(&mut flow, &mut duals, row, left) {
                Some(cost) => {
                    left -= cost;
                    true
                }
                None => false,
            });
        }
        (turns.outcomes(&flow), self.placement(&flow, duals.into_nodes()))
    }

    fn placement(&self, flow: &Flow<'_>, potential: Vec<i64>) -> Placement {
        let column_of = flow.columns();
        Placement::from_potentials(&self.problem, column_of, potential)
    }

    /// Splits a lexicographic cost into moves and cost.
    fn split(&self, total: i64) -> (u32, i64) {
        match self.move_cost {
            0 => (0, total),
            move_cost => (u32::try_from(total / move_cost).unwrap_or(u32::MAX), total % move_cost),
        }
    }

    /// Says what became of each row of the whole problem.
    fn outcomes(
        &self,
        problem: &Problem,
        standings: &[Standing],
        unlimited: &Selection,
        limited: Option<&[RowOutcome]>,
        placement: &Placement,
    ) -> Vec<RematchOutcome> {
        let fixed = |standing: &Standing| match *standing {
            Standing::Locked(column) => RematchOutcome::Placed(column),
            _ => RematchOutcome::Gone,
        };
        let mut outcomes: Vec<RematchOutcome> = standings.iter().map(fixed).collect();
        let decided = |turn: usize| match (placement.column_of[turn], limited.unwrap_or(&unlimited.outcomes)[turn]) {
            (Some(column), _) => RematchOutcome::Placed(column),
            (None, RowOutcome::RowCap) => RematchOutcome::RowCap,
            (None, _) if unlimited.outcomes[turn] == RowOutcome::Full => RematchOutcome::Full,
            (None, _) => RematchOutcome::MoveLimit,
        };
        let mut group_left = self.problem.row_group_caps().to_vec();
        let mut turn = 0;
        for &row in self.rows[..self.claims.len()].iter().chain(&self.candidates) {
            let group = problem.row_group(row).map(|group| group as usize);
            let outcome = if self.rows.get(turn) == Some(&row) {
                turn += 1;
                decided(turn - 1)
            } else if problem.arcs(row).len() == 0 {
                RematchOutcome::NoArc
            } else if group.is_some_and(|group| group_left[group] == 0) {
                RematchOutcome::RowCap
            } else {
                RematchOutcome::Full
            };
            if let (Some(group), RematchOutcome::Placed(_)) = (group, outcome) {
                group_left[group] -= 1;
            }
            outcomes[row as usize] = outcome;
        }
        outcomes
    }
}
