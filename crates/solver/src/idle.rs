//! Idle bidders: how a market with slack or with binding groups becomes one in which every place is taken.
//!
//! # Reduction
//!
//! The [auction](crate::auction) wants as many rows as places, and knows no groups. So for each group that admits fewer
//! rows than its columns and subgroups have room for, as many rows as the difference are added, to whom every place
//! below the group is the same at no cost; and for the places that stay free over all, rows to whom every place is.
//! Such *idle* rows have a single arc each, to a class. In a placement of everybody each place that holds an idle row
//! is one that the group, or everybody, does without.
//!
//! # Prices
//!
//! Let P be exact prices of the columns in this market, λ the least of all, m_g the least below group g. Then π_j = P_j
//! − λ for columns, and for groups π_g = m_g − λ where g is full of true rows and the potential of the parent
//! elsewhere, are potentials of a least-cost placement of the true rows. Where column j holds an idle row of group g, P_j
//! = m_g, so that all groups between have the potential of g or, being full, none below it, and the price of j's own
//! capacity is zero. Where it holds none, it is full. A group without an idle row from above it is full, or has less
//! room below than it admits and takes the parent's potential. A group with one has the least price of that one.
//!
//! # References
//!
//! D. Bertsekas, D. Castañon: A forward/reverse auction algorithm for asymmetric assignment problems, Comput. Optim.
//! Appl. 1992 (which avoids such rows by lowering prices).

use crate::Problem;
use crate::layers::{Layers, REST};
use crate::problem::NONE;

/// The rest is auctioned if there is at most one idle bidder to so many rows.
pub(crate) const ROWS_PER_IDLE: u64 = 8;

/// The rest of a market, made so that every place is taken.
#[derive(Debug)]
pub(crate) struct Rest {
    /// The places of each column, none outside the rest: at most one more than rows could come.
    pub(crate) places: Vec<u32>,
    /// Idle bidders, as many as said, with the columns that are the same to them.
    pub(crate) idle: Vec<(Vec<u32>, u32)>,
}

impl Rest {
    /// Returns the rest that remains when full layers use so much of each node, with its idle bidders.
    ///
    /// Returns nothing if there are no rows, if more than a `most` of idle bidders are needed, or if not all rows could
    /// be placed.
    pub(crate) fn new(problem: &Problem, layers: &Layers, used: &[u32], most: u64) -> Option<Self> {
        let rows = layers.rest().len() as u64;
        let columns = || (0..problem.column_count() as u32).filter(|&column| layers.of_column(column) == REST);
        if rows == 0 || columns().any(|column| problem.column_capacity(column) == 0) {
            return None;
        }
        let mut demand = vec![0_u32; problem.vertex_count()];
        for &row in layers.rest() {
            for &node in &problem.arc_columns()[problem.arc_range(row)] {
                demand[node as usize] += 1;
            }
        }
        let mut places = vec![0; problem.column_count()];
        for column in columns() {
            let named = problem.classes_of(column).iter().chain([&column]).map(|&node| demand[node as usize]);
            let most = named.fold(1, u32::saturating_add);
            places[column as usize] = problem.column_capacity(column).min(most);
        }
        // What each node could hold, and by how much a group falls short of what is below it.
        let mut holds: Vec<u64> = places.iter().copied().map(u64::from).collect();
        holds.resize(problem.node_count(), 0);
        let (mut idle, mut total, mut in_all) = (Vec::new(), 0, 0);
        for node in problem.nodes_top_down().rev() {
            if !problem.is_column(node) {
                let below = problem.node_children(node).iter().map(|&child| holds[child as usize]).sum::<u64>();
                let admits = u64::from(problem.node_capacity(node) - used[node as usize]);
                if below > admits {
                    total += below - admits;
                    idle.push((node, below - admits));
                }
                holds[node as usize] = below.min(admits);
            }
            if problem.node_parent(node) == NONE {
                in_all += holds[node as usize];
            }
        }
        let slack = in_all.checked_sub(rows)?;
        if total + slack > most {
            return None;
        }
        let below = |group: u32| columns().filter(|&column| is_below(problem, column, group)).collect();
        let mut idle: Vec<(Vec<u32>, u32)> = idle.into_iter().map(|(group, count)| (below(group), count as u32)).collect();
        idle.push((columns().collect(), slack as u32));
        Some(Self { places, idle })
    }

    /// Sets the potentials of the rest's columns, and of groups, from the prices of columns in the auction.
    pub(crate) fn set_potentials(&self, problem: &Problem, prices: &[i64], column_of: &[Option<u32>], potential: &mut [i64]) {
        let in_rest = |column: &u32| self.places[*column as usize] > 0;
        let columns = || (0..problem.column_count() as u32).filter(in_rest);
        let free = columns().map(|column| prices[column as usize]).min().unwrap_or_default();
        let mut least = vec![i64::MAX; problem.node_count()];
        for column in columns() {
            potential[column as usize] = prices[column as usize] - free;
            least[column as usize] = potential[column as usize];
        }
        let mut load = vec![0; problem.node_count()];
        for column in column_of.iter().flatten() {
            load[*column as usize] += 1;
        }
        for node in problem.nodes_top_down().rev() {
            let parent = problem.node_parent(node);
            if parent != NONE {
                load[parent as usize] += load[node as usize];
                least[parent as usize] = least[parent as usize].min(least[node as usize]);
            }
        }
        for node in problem.nodes_top_down().filter(|&node| !problem.is_column(node)) {
            let above = match problem.node_parent(node) {
                NONE => 0,
                parent => potential[parent as usize],
            };
            let is_full = load[node as usize] == problem.node_capacity(node) && least[node as usize] < i64::MAX;
            potential[node as usize] = if is_full { least[node as usize] } else { above };
        }
    }
}

fn is_below(problem: &Problem, mut node: u32, group: u32) -> bool {
    while node != group && node != NONE {
        node = problem.node_parent(node);
    }
    node == group
}
