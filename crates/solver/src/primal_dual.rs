//! Where rows go at least total cost, by shortest augmenting paths: one by one where places are near, in phases where
//! they are far.
//!
//! # Problem and notation
//!
//! As in [`placement`](crate::placement). Each node v of the capacity forest has a potential π_v ≥ 0, the sink 0,
//! each row a potential u_i.
//!
//! # Invariant
//!
//! All residual [reduced costs](crate::duals) are ≥ 0; hence the rows placed so far are placed at least cost. At the
//! start nobody is placed and all potentials are zero.
//!
//! # Near places
//!
//! First, each row is placed along a [shortest path](crate::shortest_path) if a short search finds one. That settles
//! most rows. The others come when hardly a place is free any more, and a search of their own would walk through most
//! of the network.
//!
//! # Phases
//!
//! They are placed in phases, in which one pass over the network serves all:
//!
//! 1. Dijkstra's algorithm, backwards from the sink, finds each node's reduced distance to the sink, which is added
//!    to its potential. That keeps reduced costs ≥ 0, and now every node from which the sink is in reach has a path
//!    of tight arcs (reduced cost zero) to it.
//! 2. Rows are placed along tight paths, found by distance [labels](crate::labels) and [search](crate::search), until
//!    there is no such path from any of them. Reversing tight arcs creates tight arcs only. With ranks as costs,
//!    tight paths abound.
//! 3. Some more are placed along shortest paths, for as much work as the pass took. With costs that hardly tie, most
//!    of the rows are placed here; the potentials, which were exact distances just now, keep the searches short.
//!
//! # Termination and overflow
//!
//! After step 1, the first unplaced row that can be placed at all has a tight path, so each phase places somebody.
//! While the sink is in reach, a potential is at most the cost of a path that re-places each row at most once; see
//! [`place`](crate::place()). Where the sink is out of reach, rises are checked.
//!
//! # Complexity
//!
//! Time O(selected × (arcs + nodes) log nodes) at worst, in practice some dozens of phases; memory O(rows + arcs +
//! nodes).
//!
//! # References
//!
//! J. Edmonds, R. Karp: Theoretical improvements in algorithmic efficiency for network flow problems, J. ACM 1972.
//! R. Ahuja, T. Magnanti, J. Orlin: Network Flows, Prentice Hall 1993, sections 9.7 (successive shortest paths), 9.8
//! (primal-dual).
//! A. Goldberg: An efficient implementation of a scaling minimum-cost flow algorithm, J. Algorithms 1997 (global
//! price updates).

use crate::duals::Duals;
use crate::flow::Flow;
use crate::paths::Paths;
use crate::shortest_path::ShortestPath;
use crate::{Problem, SolveError};

/// How hard to look for places one row at a time. It decides the time taken and which of several placements of least
/// cost is found.
#[derive(Debug, Clone, Copy)]
struct Effort {
    /// How many arcs a search for a near place may look at.
    patience: usize,
    /// How many arcs searches may look at in a phase, for each arc of the problem.
    per_arc: usize,
}

/// Measured by instructions: ten times the patience costs half as much again.
const EFFORT: Effort = Effort { patience: 300, per_arc: 1 };

/// Places these rows at least total cost, and returns the placement with the potentials of the nodes.
///
/// # Errors
///
/// [`SolveError::Infeasible`] if they cannot be placed all at once; [`SolveError::CostRange`].
pub(crate) fn place<'p>(problem: &'p Problem, rows: &[u32]) -> Result<(Flow<'p>, Vec<i64>), SolveError> {
    place_with(Flow::new(problem), rows, EFFORT)
}

/// Places these rows in addition to those that sit somewhere already, each by an arc that is a cheapest of its own.
///
/// # Errors
///
/// As [`place`].
pub(crate) fn place_beside<'p>(seated: Flow<'p>, rows: &[u32]) -> Result<(Flow<'p>, Vec<i64>), SolveError> {
    place_with(seated, rows, EFFORT)
}

fn place_with<'p>(seated: Flow<'p>, rows: &[u32], effort: Effort) -> Result<(Flow<'p>, Vec<i64>), SolveError> {
    let problem = seated.problem();
    let mut flow = seated;
    let mut duals = Duals::seated(&flow);
    let mut near = ShortestPath::new(problem);
    let mut unplaced = rows.to_vec();
    unplaced.retain(|&row| !near.place(&mut flow, &mut duals, row, effort.patience));
    if !unplaced.is_empty() {
        let mut far = Paths::new(problem);
        while !unplaced.is_empty() {
            let labels = far.measure(&flow, &duals);
            let overflow = || SolveError::CostRange { cost: problem.max_cost(), rows: problem.row_count() };
            if !duals.add_distances(&flow, &unplaced, labels).ok_or_else(overflow)? {
                return Err(SolveError::Infeasible);
            }
            unplaced.retain(|&row| far.place(&mut flow, row, &duals).is_err());
            let limit = near.work() + effort.per_arc * problem.arc_count();
            unplaced.retain(|&row| near.work() >= limit || !near.place(&mut flow, &mut duals, row, usize::MAX));
        }
    }
    Ok((flow, duals.into_nodes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random_problems::problems;
    use crate::{Placement, select};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(600))]

        /// Small problems never get as far as the phases unless they must.
        #[test]
        fn finds_the_same_cost_with_any_effort(problem in problems()) {
            let selection = select(&problem);
            let rows: Vec<u32> = selection.kept().collect();
            let placement = |patience, per_arc| {
                let (flow, potential) = place_with(Flow::new(&problem), &rows, Effort { patience, per_arc }).unwrap();
                let column_of = flow.columns();
                Placement::from_potentials(&problem, column_of, potential)
            };
            let patient = placement(usize::MAX, 0);
            prop_assert_eq!(patient.check(&problem, &selection), Ok(()));
            for (patience, per_arc) in [(0, 0), (0, 1), (20, 1)] {
                let hasty = placement(patience, per_arc);
                prop_assert_eq!(hasty.check(&problem, &selection), Ok(()));
                prop_assert_eq!(hasty.cost, patient.cost);
            }
        }
    }
}
