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
    let rows = problem.row_count();
    if selection.outcomes.len() != rows {
        return Err(SolveError::SelectionMismatch { selected: selection.outcomes.len(), rows });
    }
    potential_bound(rows, problem.max_cost())?;
    let layers = Layers::new(problem, selection);
    let mut state = State { problem, column_of: vec![NONE; rows], potential: vec![0; problem.node_count()] };
    let layers = state.auction(&layers).map(|()| layers).unwrap_or_else(|GaveUp| Layers::none(problem, selection));
    state.shortest_paths(&layers)?;
    state.raise_layers(&layers);
    let column_of = state.column_of.into_iter().map(|column| (column != NONE).then_some(column)).collect();
    let placement = Placement::from_potentials(problem, column_of, state.potential);
    debug_assert_eq!(placement.check(problem, selection), Ok(()));
    Ok(placement)
}

/// A placement in the making.
struct State<'p> {
    problem: &'p Problem,
    column_of: Vec<u32>,
    potential: Vec<i64>,
}

impl State<'_> {
    /// Places the rows of all full layers.
    fn auction(&mut self, layers: &Layers) -> Result<(), GaveUp> {
        let problem = self.problem;
        let mut auction = Auction::default();
        let mut bidders = Vec::new();
        // A layer of one column needs no auction.
        let is_plain = |layer: u32| layers.columns(layer).len() == 1;
        auction.open((0..problem.column_count() as u32).map(|column| match layers.of_column(column) {
            REST => 0,
            layer if is_plain(layer) => 0,
            _ => problem.column_capacity(column),
        }));
        for layer in 0..layers.count() {
            if is_plain(layer) {
                layers.rows(layer).iter().for_each(|&row| self.column_of[row as usize] = layers.columns(layer)[0]);
                continue;
            }
            for &row in layers.rows(layer) {
                let arcs = problem.arcs(row).filter(|&(column, _)| layers.of_column(column) == layer);
                let base = arcs.clone().map(|(_, cost)| cost).min().unwrap_or_default();
                auction.add_row(arcs, base)?;
                bidders.push(row);
            }
        }
        if !bidders.is_empty() {
            for (column, price) in (0..).zip(auction.run()?) {
                if layers.of_column(column) != REST {
                    self.potential[column as usize] = price;
                }
            }
            for (bidder, column) in auction.holders() {
                self.column_of[bidders[bidder as usize] as usize] = column;
            }
        }
        Ok(())
    }

    /// Places the rows of the rest.
    fn shortest_paths(&mut self, layers: &Layers) -> Result<(), SolveError> {
        let mut used = vec![0; self.problem.node_count()];
        for &column in (0..layers.count()).flat_map(|layer| layers.columns(layer)) {
            let mut node = column;
            while node != NONE {
                used[node as usize] += self.problem.column_capacity(column);
                node = self.problem.node_parent(node);
            }
        }
        let rest = self.problem.part(layers.rest(), &used, |column| layers.of_column(column) == REST);
        let rows: Vec<u32> = (0..rest.row_count() as u32).collect();
        let (flow, potential) = primal_dual::place(&rest, &rows)?;
        for (&row, part_row) in layers.rest().iter().zip(rows) {
            self.column_of[row as usize] = flow.column_of(part_row).unwrap_or(NONE);
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
        let mut least = vec![i64::MIN; layers.count() as usize];
        self.demand(layers, layers.rest(), REST, &mut least);
        for layer in (0..layers.count()).rev() {
            let above = |column: u32| match self.problem.node_parent(column) {
                NONE => 0,
                parent => self.potential[parent as usize],
            };
            let gaps = layers.columns(layer).iter().map(|&column| above(column) - self.potential[column as usize]);
            let raise = gaps.max().unwrap_or_default().max(least[layer as usize]);
            for &column in layers.columns(layer) {
                self.potential[column as usize] += raise;
            }
            self.demand(layers, layers.rows(layer), layer, &mut least);
        }
    }

    /// Notes how far the prices of earlier layers must rise for these rows to stay where they are.
    fn demand(&self, layers: &Layers, rows: &[u32], layer: u32, least: &mut [i64]) {
        for &row in rows {
            let arcs = || self.problem.arcs(row);
            if arcs().all(|(column, _)| layers.of_column(column) == layer) {
                continue;
            }
            let value = |(column, cost): (u32, i64)| cost + self.potential[column as usize];
            let own = arcs().find(|&(column, _)| column == self.column_of[row as usize]).map_or(i64::MIN, value);
            for (column, cost) in arcs() {
                if let Some(least) =
                    least.get_mut(layers.of_column(column) as usize).filter(|_| layers.of_column(column) != layer)
                {
                    *least = own.saturating_sub(value((column, cost))).max(*least);
                }
            }
        }
    }
}
