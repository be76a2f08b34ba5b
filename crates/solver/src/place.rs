//! Placement: where the selected rows go, at least total cost.
//!
//! # Problem and notation
//!
//! As in [`placement`](crate::placement). Each node v of the capacity forest has a potential π_v ≥ 0, the sink 0,
//! each row a potential u_i.
//!
//! # Algorithm
//!
//! 1. The problem is split into [full layers](crate::layers) and a rest.
//! 2. The rows of the rest are placed along [shortest paths](crate::primal_dual): there is slack, and places are near.
//!    If there is hardly any slack they take part in the auction, with [idle bidders](crate::idle) for the places that
//!    stay free, over all or because a group is full.
//! 3. The rows of full layers are placed by an [auction](crate::auction), which is at its best where every place will
//!    be taken. If the auction gives up, they count as rest.
//! 4. From the rest backwards, the prices of each layer are raised until no row of a later layer would rather sit
//!    there.
//!
//! # Termination and overflow
//!
//! While the sink is in reach, a potential is at most the cost of a path that re-places each row at most once, B =
//! rows × max cost. [`SolveError::CostRange`] is returned unless 8 (B + …) fits an `i64`.
//!
//! # Complexity
//!
//! That of its parts: in practice close to linear; at worst that of successive shortest paths.

use crate::auction::{Auction, GaveUp};
use crate::idle::{ROWS_PER_IDLE, Rest};
use crate::layers::{Layers, REST};
use crate::placement::potential_bound;
use crate::primal_dual;
use crate::problem::NONE;
use crate::{Placement, Problem, Selection, SolveError};

/// Places exactly the selected rows at least total cost.
///
/// Of several placements of least cost, one is returned that depends on the problem and the selection only.
///
/// # Errors
///
/// [`SolveError::SelectionMismatch`] or [`SolveError::Infeasible`] if the selection is not of this problem;
/// [`SolveError::CostRange`] if prices could overflow.
///
/// # Complexity
///
/// Close to linear in practice, some 10 to 15 looks at a few arcs for each selected row; time O(selected × (arcs +
/// nodes) log nodes) at worst; memory O(rows + arcs + nodes).
///
/// # References
///
/// Dulmage and Mendelsohn 1958; Bertsekas and Castañon 1989; Ahuja, Magnanti and Orlin 1993, section 9.8.
pub fn place(problem: &Problem, selection: &Selection) -> Result<Placement, SolveError> {
    Placer::default().place(problem, selection, |row| row)
}

/// Places, as often as wanted, with memory that is kept.
#[derive(Debug, Clone, Default)]
pub(crate) struct Placer {
    auction: Auction,
}

impl Placer {
    /// Places the selected rows, given when each row had its turn.
    pub(crate) fn place(
        &mut self,
        problem: &Problem,
        selection: &Selection,
        turn: impl Fn(u32) -> u32,
    ) -> Result<Placement, SolveError> {
        place_with(problem, selection, turn, &mut self.auction, |rows| rows / ROWS_PER_IDLE)
    }

    /// Places the selected rows, who had their turns in the order of their numbers, and returns the column of each row without the prices that prove it.
    pub(crate) fn columns(&mut self, problem: &Problem, selection: &Selection) -> Result<Vec<Option<u32>>, SolveError> {
        solve(problem, selection, |row| row, &mut self.auction, |rows| rows / ROWS_PER_IDLE).map(|state| state.column_of)
    }
}

/// Places with at most so many idle bidders for the number of rows in the rest.
fn place_with(
    problem: &Problem,
    selection: &Selection,
    turn: impl Fn(u32) -> u32,
    auction: &mut Auction,
    most_idle: impl Fn(u64) -> u64,
) -> Result<Placement, SolveError> {
    let State { column_of, potential, .. } = solve(problem, selection, turn, auction, most_idle)?;
    let placement = Placement::from_potentials(problem, column_of, potential);
    debug_assert_eq!(placement.check(problem, selection), Ok(()));
    Ok(placement)
}

/// Finds the columns of the selected rows, and potentials that prove them.
fn solve<'p>(
    problem: &'p Problem,
    selection: &Selection,
    turn: impl Fn(u32) -> u32,
    auction: &mut Auction,
    most_idle: impl Fn(u64) -> u64,
) -> Result<State<'p>, SolveError> {
    let rows = problem.row_count();
    if selection.outcomes.len() != rows {
        return Err(SolveError::SelectionMismatch { selected: selection.outcomes.len(), rows });
    }
    potential_bound(rows, problem.max_cost())?;
    let layers = Layers::new(problem, selection, turn);
    let used = layers.used(problem);
    let rest = Rest::new(problem, &layers, &used, most_idle(layers.rest().len() as u64));
    let mut state = State { problem, column_of: vec![None; rows], potential: vec![0; problem.node_count()] };
    match state.auction(auction, &layers, rest.as_ref()) {
        Ok(()) => {
            if rest.is_none() {
                state.shortest_paths(&layers, &used)?;
            }
            state.raise_layers(&layers);
        }
        Err(GaveUp) => state.shortest_paths(&Layers::none(problem, selection), &vec![0; used.len()])?,
    }
    Ok(state)
}

/// A placement in the making.
struct State<'p> {
    problem: &'p Problem,
    column_of: Vec<Option<u32>>,
    potential: Vec<i64>,
}

impl State<'_> {
    /// Places the rows of all full layers, and those of the rest if it is given.
    fn auction(&mut self, auction: &mut Auction, layers: &Layers, rest: Option<&Rest>) -> Result<(), GaveUp> {
        let problem = self.problem;
        let mut bidders = Vec::new();
        // A layer of one column needs no auction.
        let is_plain = |layer: u32| layer != REST && layers.columns(layer).len() == 1;
        let places = |column: u32| match layers.of_column(column) {
            REST => rest.map_or(0, |rest| rest.places[column as usize]),
            layer if is_plain(layer) => 0,
            _ => problem.column_capacity(column),
        };
        auction.open((0..problem.column_count() as u32).map(places));
        for class in 0..problem.class_count() as u32 {
            let layer = layers.of_class(class);
            let within = problem.class(class).iter().filter(|&&column| layers.of_column(column) == layer && places(column) > 0);
            auction.add_class(within.copied());
        }
        for layer in (0..layers.count()).chain(rest.map(|_| REST)) {
            if is_plain(layer) {
                layers.rows(layer).iter().for_each(|&row| self.column_of[row as usize] = Some(layers.columns(layer)[0]));
                continue;
            }
            let within = |node: u32| match (node as usize).checked_sub(problem.node_count()) {
                None => (layers.of_column(node) == layer).then_some(node),
                Some(class) => (layers.of_class(class as u32) == layer).then_some((problem.column_count() + class) as u32),
            };
            for &row in layers.rows(layer) {
                let range = problem.arc_range(row);
                auction.add_row(&problem.arc_columns()[range.clone()], &problem.arc_costs()[range], within)?;
                bidders.push(row);
            }
        }
        for (class, (columns, count)) in (problem.class_count() as u32..).zip(rest.iter().flat_map(|rest| &rest.idle)) {
            auction.add_class(columns.iter().copied());
            auction.add_idle(class, *count)?;
        }
        if auction.row_count() == 0 {
            return Ok(());
        }
        let prices: Vec<i64> = auction.run()?.collect();
        for (bidder, column) in auction.holders() {
            if let Some(&row) = bidders.get(bidder as usize) {
                self.column_of[row as usize] = Some(column);
            }
        }
        for (column, &price) in (0..).zip(&prices) {
            if layers.of_column(column) != REST {
                self.potential[column as usize] = price;
            }
        }
        if let Some(rest) = rest {
            rest.set_potentials(problem, &prices, &self.column_of, &mut self.potential);
        }
        Ok(())
    }

    /// Places the rows of the rest.
    fn shortest_paths(&mut self, layers: &Layers, used: &[u32]) -> Result<(), SolveError> {
        let rest = self.problem.part(layers.rest(), used, |column| layers.of_column(column) == REST);
        let rows: Vec<u32> = (0..rest.row_count() as u32).collect();
        let (flow, potential) = primal_dual::place(&rest, &rows)?;
        for (&row, column) in layers.rest().iter().zip(flow.columns()) {
            self.column_of[row as usize] = column;
        }
        for (node, potential) in (0..).zip(potential) {
            if !self.problem.is_column(node) || layers.of_column(node) == REST {
                self.potential[node as usize] = potential;
            }
        }
        Ok(())
    }

    /// Raises the prices of each layer as far as the rows of later layers demand and the groups above.
    fn raise_layers(&mut self, layers: &Layers) {
        let mut demands =
            Demands { of_layer: vec![i64::MIN; layers.count() as usize], of_class: vec![i64::MIN; self.problem.class_count()] };
        self.demand(layers, layers.rest(), REST, &mut demands);
        for layer in (0..layers.count()).rev() {
            let mut raise = demands.of_layer[layer as usize];
            for &column in layers.columns(layer) {
                let above = self.highest_above(column);
                let classes = self.problem.classes_of(column).iter();
                let least = classes.map(|&class| demands.of_class[class as usize - self.problem.node_count()]);
                let least = least.max().unwrap_or(above).max(above);
                raise = least.saturating_sub(self.potential[column as usize]).max(raise);
            }
            for &column in layers.columns(layer) {
                self.potential[column as usize] += raise;
            }
            self.demand(layers, layers.rows(layer), layer, &mut demands);
        }
    }

    /// Returns the highest potential of the groups above a column. Where the rest has nobody, that of the next may be
    /// too low.
    fn highest_above(&self, column: u32) -> i64 {
        let mut highest = 0;
        let mut node = self.problem.node_parent(column);
        while node != NONE {
            highest = self.potential[node as usize].max(highest);
            node = self.problem.node_parent(node);
        }
        highest
    }

    /// Notes what the prices of earlier layers must be for these rows to stay where they are.
    fn demand(&self, layers: &Layers, rows: &[u32], layer: u32, demands: &mut Demands) {
        for &row in rows {
            let nodes = &self.problem.arc_columns()[self.problem.arc_range(row)];
            if nodes.iter().all(|&node| !self.problem.is_class(node) && layers.of_column(node) == layer) {
                continue;
            }
            let Some(seat) = self.column_of[row as usize] else { continue };
            let own = self.problem.cost(row, seat).unwrap_or_default() + self.potential[seat as usize];
            for (column, cost) in self.problem.arcs(row) {
                let of_layer = demands.of_layer.get_mut(layers.of_column(column) as usize);
                if let Some(least) = of_layer.filter(|_| layers.of_column(column) != layer) {
                    *least = (own - cost - self.potential[column as usize]).max(*least);
                }
            }
            for (class, cost) in self.problem.class_arcs(row) {
                let least = &mut demands.of_class[class as usize];
                *least = (own - cost).max(*least);
            }
        }
    }
}

/// What the rows of later layers demand.
struct Demands {
    /// By how much the prices of each layer must rise at least.
    of_layer: Vec<i64>,
    /// What the prices of the columns of each class must be at least.
    of_class: Vec<i64>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random_problems::problems;
    use crate::select;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn idle_bidders_change_no_cost(problem in problems()) {
            let selection = select(&problem);
            let place_with = |most_idle| super::place_with(&problem, &selection, |row| row, &mut Auction::default(), |_| most_idle);
            let without = place_with(0).unwrap();
            let with = place_with(u64::MAX).unwrap();
            prop_assert_eq!(without.check(&problem, &selection), Ok(()));
            prop_assert_eq!(with.check(&problem, &selection), Ok(()));
            prop_assert_eq!(with.cost, without.cost);
        }
    }
}
