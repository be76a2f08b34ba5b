//! The reference method for least-cost placement: a dense assignment matrix, solved by code of other authors.
//!
//! # Reduction
//!
//! Each column becomes as many matrix columns (*seats*) as rows could use. A group that holds less than its members
//! do together by their own capacities gets *dummy rows* for the excess, free of charge on any seat under the group;
//! when all rows sit, so many seats are taken from its selected rows. Since groups are nested or disjoint, room for
//! everybody under each cap is room for the dummies too (Hall's condition holds on each group). A missing arc costs
//! more than any whole placement, so that it is used only where there is none.
//!
//! # Prices
//!
//! Kuhn-Munkres discards its labels. The placement is of least cost if and only if the residual graph has no negative
//! cycle, and then distances to the sink, by Bellman and Ford's method from a bound that no true distance reaches,
//! are potentials.
//!
//! # Overflow
//!
//! With n selected rows of cost at most C, a missing arc costs M = (n + 1)(C + 1), and any matrix assignment at most
//! (n + dummies) M; the latter is checked to fit, with room to spare.
//!
//! # References
//!
//! H. Kuhn: The Hungarian method for the assignment problem, Naval Res. Logist. Quart. 1955.
//! J. Munkres: Algorithms for the assignment and transportation problems, J. SIAM 1957.
//! R. Bellman: On a routing problem, Quart. Appl. Math. 1958.

use pathfinding::kuhn_munkres::kuhn_munkres_min;
use pathfinding::matrix::Matrix;

use crate::placement::potential_bound;
use crate::problem::NONE;
use crate::{Placement, Problem, Selection, SolveError};

/// The most matrix cells that [`place_reference`] accepts.
pub const REFERENCE_CELLS: u64 = 1 << 22;

/// Places exactly the selected rows at least total cost, by the Kuhn-Munkres method on a dense matrix.
///
/// It answers the same question as [`place`](crate::place()) with hardly any code in common. The costs agree; of
/// several placements of least cost, either may return another.
///
/// # Errors
///
/// As [`place`](crate::place()), and [`SolveError::TooLarge`] if the matrix would have more than [`REFERENCE_CELLS`]
/// cells.
///
/// # Complexity
///
/// Time O(r² s) with r matrix rows and s seats, then O(nodes × arcs) for the prices; memory O(r s).
///
/// # References
///
/// Kuhn 1955; Munkres 1957; Bellman 1958.
pub fn place_reference(problem: &Problem, selection: &Selection) -> Result<Placement, SolveError> {
    let rows = problem.row_count();
    if selection.outcomes.len() != rows {
        return Err(SolveError::SelectionMismatch { selected: selection.outcomes.len(), rows });
    }
    let bound = potential_bound(rows, problem.max_cost())?;
    let expanded = problem.expanded();
    let dense = Dense::new(&expanded, selection)?;
    let column_of = dense.solve(&expanded, bound)?;
    let potential = residual_distances(&expanded, &column_of, bound);
    let placement = Placement::from_potentials(problem, column_of, potential);
    debug_assert_eq!(placement.check(problem, selection), Ok(()));
    Ok(placement)
}

/// The matrix rows and columns: selected rows, then dummies; seats.
struct Dense {
    kept: Vec<u32>,
    /// The group node of each dummy row.
    dummies: Vec<u32>,
    /// The column of each seat, ascending.
    seats: Vec<u32>,
}

impl Dense {
    fn new(problem: &Problem, selection: &Selection) -> Result<Self, SolveError> {
        let kept: Vec<u32> = selection.kept().collect();
        let mut degree = vec![0_u32; problem.column_count()];
        for (column, _) in kept.iter().flat_map(|&row| problem.arcs(row)) {
            degree[column as usize] += 1;
        }
        // What each node could hold by itself and by the nodes below, and by how much a group falls short of that.
        let mut holds: Vec<u64> = degree.into_iter().map(u64::from).collect();
        holds.resize(problem.node_count(), 0);
        let mut excess = vec![0; problem.node_count()];
        for node in problem.nodes_top_down().rev() {
            let capacity = u64::from(problem.node_capacity(node));
            let index = node as usize;
            if !problem.is_column(node) {
                holds[index] = problem.node_children(node).iter().map(|&child| holds[child as usize]).sum();
                excess[index] = holds[index].saturating_sub(capacity);
            }
            holds[index] = holds[index].min(capacity);
        }
        let seats: u64 = holds[..problem.column_count()].iter().sum();
        let cells = (kept.len() as u64 + excess.iter().sum::<u64>()).saturating_mul(seats);
        if cells > REFERENCE_CELLS {
            return Err(SolveError::TooLarge { cells, limit: REFERENCE_CELLS });
        }
        let repeat = |counts: &[u64]| -> Vec<u32> {
            (0..).zip(counts).flat_map(|(node, &count)| std::iter::repeat_n(node, count as usize)).collect()
        };
        Ok(Self { kept, dummies: repeat(&excess), seats: repeat(&holds[..problem.column_count()]) })
    }

    fn solve(&self, problem: &Problem, bound: i64) -> Result<Vec<Option<u32>>, SolveError> {
        let mut column_of = vec![None; problem.row_count()];
        let rows = self.kept.len() + self.dummies.len();
        if rows == 0 {
            return Ok(column_of);
        }
        // The method needs at least as many matrix columns as rows; with fewer, somebody has no seat anyway.
        if rows > self.seats.len() {
            return Err(SolveError::Infeasible);
        }
        let missing = bound;
        if missing.checked_mul(4 * (rows as i64 + 1)).is_none() {
            return Err(SolveError::CostRange { cost: problem.max_cost(), rows });
        }
        let mut matrix = Matrix::new(rows, self.seats.len(), missing);
        for (r, &row) in self.kept.iter().enumerate() {
            for (column, cost) in problem.arcs(row) {
                let start = self.seats.partition_point(|&seat| seat < column);
                let end = self.seats.partition_point(|&seat| seat <= column);
                (start..end).for_each(|seat| matrix[(r, seat)] = cost);
            }
        }
        for (d, &group) in self.dummies.iter().enumerate() {
            for (s, &column) in self.seats.iter().enumerate() {
                if is_below(problem, column, group) {
                    matrix[(self.kept.len() + d, s)] = 0;
                }
            }
        }
        let (cost, seat_of) = kuhn_munkres_min(&matrix);
        if cost >= missing {
            return Err(SolveError::Infeasible);
        }
        for (&row, seat) in self.kept.iter().zip(seat_of) {
            column_of[row as usize] = Some(self.seats[seat]);
        }
        Ok(column_of)
    }
}

fn is_below(problem: &Problem, mut node: u32, group: u32) -> bool {
    while node != NONE && node != group {
        node = problem.node_parent(node);
    }
    node == group
}

/// Returns the residual distance of each node to the sink, or a bound-based substitute where there is no path to it.
fn residual_distances(problem: &Problem, column_of: &[Option<u32>], bound: i64) -> Vec<i64> {
    let mut load = vec![0; problem.node_count()];
    for column in column_of.iter().flatten() {
        let mut node = *column;
        while node != NONE {
            load[node as usize] += 1;
            node = problem.node_parent(node);
        }
    }
    let mut distance = vec![bound; problem.node_count()];
    // Without a negative cycle a pass that changes nothing comes after at most as many as there are nodes.
    let mut changed = true;
    for _ in 0..=problem.node_count() {
        if !std::mem::replace(&mut changed, false) {
            break;
        }
        let mut relax = |node: u32, through: i64| {
            if through < distance[node as usize] {
                distance[node as usize] = through;
                changed = true;
            }
            distance[node as usize]
        };
        for (row, seat) in (0..).zip(column_of) {
            if let Some(seat) = *seat {
                let own = problem.cost(row, seat).unwrap_or_default();
                for (column, cost) in problem.arcs(row) {
                    let through = relax(column, bound) + cost - own;
                    relax(seat, through);
                }
            }
        }
        for node in 0..problem.node_count() as u32 {
            let parent = problem.node_parent(node);
            let above = if parent == NONE { 0 } else { relax(parent, bound) };
            if load[node as usize] < problem.node_capacity(node) {
                relax(node, above);
            }
            if load[node as usize] > 0 && parent != NONE {
                let below = relax(node, bound);
                relax(parent, below);
            }
        }
    }
    distance
}
