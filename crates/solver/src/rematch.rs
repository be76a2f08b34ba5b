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
//! [`select`](crate::select()) and [`place`](crate::place()). Otherwise:
//!
//! 1. *Who*, if moves were not limited: beginning with everybody at the claimed column, rows are added along augmenting
//!    paths.
//! 2. *Fewest moves*: the selected rows are [placed](crate::place()) at least cost where a move costs one and all else
//!    nothing.
//! 3. If these are more moves than are allowed, rows have their turns anew: beginning with everybody at the claimed
//!    column, which is of least cost without any prices, each is added along a shortest path if the moves stay within
//!    the limit. If not, potentials are raised as far as the search has shown, so that whoever is in the same position
//!    is refused at a glance.
//! 4. *Least cost among the fewest moves*: the selected rows are placed where a move costs M more. Let m be the moves
//!    that step 2 or 3 has proven to be the fewest. If a placement of least cost has m moves, then no placement with m
//!    moves has less cost, whatever M is. M starts small, which makes placing fast, and is multiplied until that is so;
//!    at the latest when a move costs more than any placement.
//!
//! Placing begins anew, since prices would have to fall: where places are hardly left, that is several times as fast as
//! adding thousands of rows along shortest paths.
//!
//! # Termination and overflow
//!
//! Those of the parts. [`SolveError::CostRange`] is returned if M would have to be so large that prices are not safe.
//!
//! # Complexity
//!
//! If nobody can be moved, O(arcs of the candidates) and the selection and placement of the residual market: close to
//! linear. Otherwise that of a selection and of two or more placements. Under a limit, each row that is added takes a
//! search of its own, while failing searches raise integer potentials that never exceed the limit plus one: the network
//! is searched in vain at most as often.
//!
//! # References
//!
//! J. Edmonds, R. Karp: Theoretical improvements in algorithmic efficiency for network flow problems, J. ACM 1972
//! (shortest augmenting paths keep costs least, and no node comes nearer to the sink).
//! R. Ahuja, T. Magnanti, J. Orlin: Network Flows, Prentice Hall 1993, section 9.7.

use crate::duals::Duals;
use crate::flow::Flow;
use crate::paths::Paths;
use crate::placement::potential_bound;
use crate::residual::{Residual, Standing};
use crate::select::Turns;
use crate::shortest_path::ShortestPath;
use crate::{Placement, Problem, RowOutcome, Selection, SolveError, Violation, place, select};

/// How many times as much as any arc a move costs at first, and how many times as much as before then.
const MOVE_COST_FACTOR: i64 = 64;

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
    /// What a move costs in the residual market, in addition to the arc; zero if nobody can be moved.
    pub move_cost: i64,
    /// Who is selected in the residual market if moves are not limited, with the closed columns that prove of every
    /// other row that it could not be.
    pub unlimited: Selection,
    /// The placement in the residual market, with prices that prove that it is of least cost, moves included.
    pub placement: Placement,
    /// Another placement of the same rows, where a move costs one and all else nothing, with prices that prove how many
    /// moves are the fewest. None if nobody can be moved.
    pub fewest_moves: Option<Placement>,
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
/// If all rows that sit are locked, close to linear in the arcs of the waiting rows; otherwise in practice twice or
/// three times that of [`select`](fn@select) and [`place`](fn@place), and more under a limit on moves. Memory O(rows +
/// arcs + nodes).
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
    let decision = if residual.claims.is_empty() { residual.decide()? } else { residual.decide_moves(max_moves)? };
    let outcomes = residual.outcomes(problem, standings, &decision);
    let Decision { weighted, move_cost, unlimited, unlimited_moves, placement, fewest_moves, .. } = decision;
    let moves = residual.moves(&placement.column_of);
    let cost = placement.cost - i64::from(moves) * move_cost;
    let problem = weighted.unwrap_or(residual.problem);
    let evidence = Evidence { problem, rows: residual.rows, move_cost, unlimited, placement, fewest_moves };
    Ok(Rematched { outcomes, moves, unlimited_moves, cost, evidence })
}

impl Rematched {
    /// Checks that every row is where it may be, and that those placed are placed with fewest moves and at least cost.
    ///
    /// Why the others are not placed is for [`Evidence::unlimited`] to prove.
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
        let move_cost = evidence.move_cost;
        let can_move = !residual.claims.is_empty();
        if residual.rows != evidence.rows
            || residual.weighted(move_cost).as_ref() != Some(&evidence.problem)
            || can_move != evidence.fewest_moves.is_some()
        {
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
        let mut group_left = residual.problem.row_group_caps().to_vec();
        for row in (0..).zip(&evidence.placement.column_of).filter(|(_, column)| column.is_some()).map(|(row, _)| row) {
            if let Some(row_group) = residual.problem.row_group(row) {
                let left = &mut group_left[row_group as usize];
                *left = left.checked_sub(1).ok_or(Violation::RowGroupOverfull { row_group })?;
            }
        }
        let selected = |column: &Option<u32>| column.map_or(RowOutcome::Full, RowOutcome::Kept);
        let selection =
            Selection { outcomes: evidence.placement.column_of.iter().map(selected).collect(), closed_by: Vec::new() };
        evidence.placement.check(&evidence.problem, &selection)?;
        let actual = residual.moves(&evidence.placement.column_of);
        let mut stated = vec![i64::from(self.moves)];
        if let Some(fewest) = &evidence.fewest_moves {
            fewest.check(&residual.counted(), &selection)?;
            stated.push(fewest.cost);
        }
        if let Some(&stated) = stated.iter().find(|&&stated| stated != i64::from(actual)) {
            return Err(Violation::Moves { stated, actual });
        }
        let cost = i128::from(evidence.placement.cost) - i128::from(actual) * i128::from(move_cost);
        if cost != i128::from(self.cost) {
            return Err(Violation::Cost { stated: self.cost, actual: cost });
        }
        Ok(())
    }
}

/// What has been decided in the residual market.
struct Decision {
    /// The market with moves at this cost each, if anybody can be moved.
    weighted: Option<Problem>,
    move_cost: i64,
    unlimited: Selection,
    unlimited_moves: u32,
    /// What became of each row under the limit.
    outcomes: Vec<RowOutcome>,
    placement: Placement,
    fewest_moves: Option<Placement>,
}

impl Residual {
    /// Decides where nobody can be moved.
    fn decide(&self) -> Result<Decision, SolveError> {
        let unlimited = select(&self.problem);
        let placement = place(&self.problem, &unlimited)?;
        let outcomes = unlimited.outcomes.clone();
        Ok(Decision { weighted: None, move_cost: 0, unlimited, unlimited_moves: 0, outcomes, placement, fewest_moves: None })
    }

    /// Decides with so many moves at most.
    fn decide_moves(&self, max_moves: Option<u32>) -> Result<Decision, SolveError> {
        let counted = self.counted();
        let unlimited = self.select(&counted);
        let mut selection = unlimited.clone();
        let mut fewest = place(&counted, &selection)?;
        let unlimited_moves = self.moves(&fewest.column_of);
        if let Some(max_moves) = max_moves.filter(|&most| most < unlimited_moves) {
            (selection, fewest) = self.select_within(&counted, max_moves);
        }
        let (weighted, move_cost, placement) = self.place_at_least_cost(&selection, self.moves(&fewest.column_of))?;
        let outcomes = selection.outcomes;
        let fewest_moves = Some(fewest);
        Ok(Decision { weighted: Some(weighted), move_cost, unlimited, unlimited_moves, outcomes, placement, fewest_moves })
    }

    /// Returns the problem with moves as its only cost.
    fn counted(&self) -> Problem {
        self.recosted(|_, is_move| i64::from(is_move))
    }

    /// Returns the problem with moves at this cost in addition, unless that is out of range.
    fn weighted(&self, move_cost: i64) -> Option<Problem> {
        self.problem.max_cost().checked_add(move_cost).filter(|_| move_cost >= 0)?;
        Some(self.recosted(|cost, is_move| cost + if is_move { move_cost } else { 0 }))
    }

    /// Returns the placement of those who keep a place, in the columns on which they have a claim.
    fn seated<'p>(&self, problem: &'p Problem) -> Flow<'p> {
        let mut flow = Flow::new(problem);
        for (row, &claim) in (0..).zip(&self.claims) {
            if let Some(arc) = problem.arc_range(row).find(|&arc| problem.arc_column(arc) == claim) {
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
    fn select(&self, counted: &Problem) -> Selection {
        let mut flow = self.seated(counted);
        let mut turns = self.turns();
        let mut paths = Paths::new(counted);
        let mut closed_by = vec![None; counted.column_count()];
        for row in self.turn_rows() {
            turns.take(row, || match paths.place_near(&mut flow, row) {
                Ok(()) => true,
                Err(closed) => {
                    for &node in closed.iter().filter(|&&node| counted.is_column(node)) {
                        closed_by[node as usize] = Some(row);
                    }
                    false
                }
            });
        }
        Selection { outcomes: turns.outcomes(&flow), closed_by }
    }

    /// Selects with so many moves at most, and places with the fewest.
    fn select_within(&self, counted: &Problem, max_moves: u32) -> (Selection, Placement) {
        let mut flow = self.seated(counted);
        let mut turns = self.turns();
        let mut duals = Duals::seated(&flow);
        let mut shortest = ShortestPath::new(counted);
        let mut left = i64::from(max_moves);
        for row in self.turn_rows() {
            turns.take(row, || {
                let moves = shortest.place_within(&mut flow, &mut duals, row, left);
                left -= moves.unwrap_or(0);
                moves.is_some()
            });
        }
        let placement = Placement::from_potentials(counted, flow.columns(), duals.into_nodes());
        let closed_by = vec![None; counted.column_count()];
        (Selection { outcomes: turns.outcomes(&flow), closed_by }, placement)
    }

    /// Places the selected rows at least cost among the placements with the fewest moves, of which there are so many.
    ///
    /// Returns the problem with moves at a cost, and this cost.
    fn place_at_least_cost(&self, selection: &Selection, moves: u32) -> Result<(Problem, i64, Placement), SolveError> {
        let largest = self.problem.max_cost();
        // More than all rows together: then fewest moves come first for certain.
        let enough = potential_bound(self.rows.len(), largest)?;
        let mut move_cost = largest.saturating_add(1).saturating_mul(MOVE_COST_FACTOR).min(enough);
        loop {
            let problem = self.weighted(move_cost).ok_or(SolveError::CostRange { cost: largest, rows: self.rows.len() })?;
            let placement = place(&problem, selection)?;
            if move_cost == enough || self.moves(&placement.column_of) == moves {
                return Ok((problem, move_cost, placement));
            }
            move_cost = move_cost.saturating_mul(MOVE_COST_FACTOR).min(enough);
        }
    }

    /// Says what became of each row of the whole problem.
    fn outcomes(&self, problem: &Problem, standings: &[Standing], decision: &Decision) -> Vec<RematchOutcome> {
        let fixed = |standing: &Standing| match *standing {
            Standing::Locked(column) => RematchOutcome::Placed(column),
            _ => RematchOutcome::Gone,
        };
        let mut outcomes: Vec<RematchOutcome> = standings.iter().map(fixed).collect();
        let decided = |turn: usize| match (decision.placement.column_of[turn], decision.outcomes[turn]) {
            (Some(column), _) => RematchOutcome::Placed(column),
            (None, RowOutcome::RowCap) => RematchOutcome::RowCap,
            (None, _) if decision.unlimited.outcomes[turn] == RowOutcome::Full => RematchOutcome::Full,
            (None, _) => RematchOutcome::MoveLimit,
        };
        let mut group_left = self.problem.row_group_caps().to_vec();
        let mut turn = 0;
        for &row in self.rows[..self.claims.len()].iter().chain(&self.candidates) {
            let group = problem.row_group(row).map(|group| group as usize);
            let outcome = if self.rows.get(turn) == Some(&row) {
                turn += 1;
                decided(turn - 1)
            } else if problem.arc_range(row).is_empty() {
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
