//! Where the selected rows go, as the ranking decides.
//!
//! # Problem
//!
//! A row's arcs of equal cost are one *level*. Over all placements of exactly the selected rows, the first of them in
//! ranking order gets the least cost that it has in any; the second the least that it has in any of those that give
//! the first its least; and so on. It is serial dictatorship over *where*, not over *who*: whoever is selected stays so.
//! Hence a row prefers a place that a row after it holds only if to give it that place would cost a row before it
//! something, or some selected row its place.
//!
//! # Algorithm
//!
//! Begin with a [placement of least cost](crate::place()). In ranking order, look for an
//! [exchange](crate::exchange) that brings the row to its cheapest level, or else to the next, until one is found or
//! the level is where it sits. After that its other arcs are struck: it keeps its level.
//!
//! # Invariant
//!
//! At any time all selected rows are placed, those that have had their turn at their levels. A row can sit at a level
//! in some such placement if and only if there is an exchange, since two placements of the same rows differ by
//! exchanges.
//!
//! # Termination and overflow
//!
//! A row has no more searches than levels. Costs are only compared, but for the placement to begin with.
//!
//! # Complexity
//!
//! O(arcs × (arcs + nodes)) at worst. In practice most rows sit well when their turn comes or are told by the parts
//! of the network that they cannot do better, and a search looks at a thousand arcs or two.
//!
//! # References
//!
//! L.-G. Svensson: Queue allocation of indivisible goods, Soc. Choice Welfare 1994.
//! A. Bogomolnaia, H. Moulin: Random matching under dichotomous preferences, Econometrica 72, 2004 (priority over
//! the efficient placements).
//! A. E. Roth, T. Sönmez, M. U. Ünver: Pairwise kidney exchange, J. Econ. Theory 125, 2005 (the same, priority
//! mechanisms over maximum matchings).

use crate::exchange::Exchange;
use crate::flow::Flow;
use crate::{Problem, Selection, SolveError, place};

/// Places exactly the selected rows: in ranking order, each gets the least cost that leaves all others placeable and
/// those before it their own; returns the column of each row, none for rows that are not selected.
///
/// Of several placements that give every row its cost, one is returned that depends on the problem and the selection
/// only.
///
/// # Errors
///
/// [`SolveError::SelectionMismatch`] or [`SolveError::Infeasible`] if the selection is not of this problem;
/// [`SolveError::CostRange`] if prices could overflow.
///
/// # Complexity
///
/// Time O(arcs × (arcs + nodes)) at worst, and in practice some five to ten times that of [`place`](crate::place()); memory O(rows +
/// arcs + nodes).
///
/// # References
///
/// Svensson 1994; Bogomolnaia and Moulin 2004; Roth, Sönmez and Ünver 2005.
///
/// # Examples
///
/// The second row has nowhere else to go, so that the first must leave it the park; but of the others it may choose
/// before the third.
///
/// ```
/// use feriematch_solver::{ProblemBuilder, place_in_ranking_order, select};
///
/// let mut builder = ProblemBuilder::new();
/// let [park, office, pool] = [builder.add_column(1, None)?, builder.add_column(1, None)?, builder.add_column(1, None)?];
/// builder.add_row(None, [(park, 1), (office, 2), (pool, 3)])?;
/// builder.add_row(None, [(park, 1)])?;
/// builder.add_row(None, [(office, 1), (pool, 9)])?;
/// let problem = builder.build();
///
/// let columns = place_in_ranking_order(&problem, &select(&problem))?;
/// assert_eq!(columns, [office, park, pool].map(Some));
/// # Ok::<(), feriematch_solver::SolveError>(())
/// ```
pub fn place_in_ranking_order(problem: &Problem, selection: &Selection) -> Result<Vec<Option<u32>>, SolveError> {
    let mut flow = seat(problem, &place(problem, selection)?.column_of);
    let mut exchange = Exchange::new(&flow);
    for row in selection.kept() {
        let level = improve(&mut flow, &mut exchange, row).ok_or(SolveError::Infeasible)?;
        exchange.keep_level(row, level);
    }
    Ok(flow.columns())
}

/// Returns a placement of the selected rows in these columns.
fn seat<'p>(problem: &'p Problem, column_of: &[Option<u32>]) -> Flow<'p> {
    let mut flow = Flow::new(problem);
    for (row, &column) in (0..).zip(column_of) {
        let leads = |node: u32, column: u32| node == column || problem.class_of(node).binary_search(&column).is_ok();
        let arcs = column.into_iter().flat_map(|column| {
            problem.arc_range(row).filter(move |&arc| leads(problem.arc_column(arc), column)).map(move |arc| (arc, column))
        });
        if let Some((arc, column)) = arcs.min_by_key(|&(arc, _)| problem.arc_cost(arc)) {
            flow.place(row, arc, column);
        }
    }
    flow
}

/// Moves a row to the cheapest level that it can have, and returns that; none if it is not placed.
fn improve(flow: &mut Flow<'_>, exchange: &mut Exchange<'_>, row: u32) -> Option<i64> {
    let problem = flow.problem();
    let cost = |arc: u32| problem.arc_cost(arc as usize);
    let own = cost(flow.arc_of(row)? as u32);
    let seat = flow.node_of(row)?;
    let mut better: Vec<u32> = exchange.open_arcs(row, seat).filter(|&arc| cost(arc) < own).collect();
    if better.is_empty() {
        return Some(own);
    }
    better.sort_unstable_by_key(|&arc| (cost(arc), arc));
    let (arc, left) = flow.take_out(row)?;
    let level = better.chunk_by(|&arc, &next| cost(arc) == cost(next)).find(|arcs| exchange.place(flow, row, left, arcs));
    if level.is_none() {
        flow.place(row, arc, left);
    }
    Some(level.map_or(own, |arcs| cost(arcs[0])))
}
