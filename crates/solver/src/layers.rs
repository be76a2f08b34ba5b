//! Full layers: parts of a placement problem that no choice of placement can mix.
//!
//! # Structure
//!
//! [Selection](crate::select()) closes columns in batches. Let V be the columns closed up to some batch. If the rows
//! with all arcs in V are as many as V can hold, they fill V in every placement of the selected rows, and no other
//! row can sit there: its arcs into V may as well not exist. Applied batch by batch, this splits the problem into
//! *layers*. The layer of a row is the latest of its columns, only its arcs into this layer count, and the layers share
//! nothing. This is the coarse Dulmage-Mendelsohn decomposition, made finer along the chain of batches.
//!
//! A layer is *full* if its rows are as many as the places of its columns. In a market with slack, the slack is
//! therefore outside the full layers: in the *rest*, which begins with the first layer that is not full. Nothing
//! depends on the batches being what a selection says they are: each is counted, and where the numbers disagree the
//! rest begins.
//!
//! # Prices
//!
//! Least-cost placements and prices of the layers make those of the whole: all prices of a layer may be raised
//! together, its columns being full, until no row of a later layer would rather sit there.
//!
//! # Complexity
//!
//! O(arcs + rows + nodes).
//!
//! # References
//!
//! A. Dulmage, N. Mendelsohn: Coverings of bipartite graphs, Canad. J. Math. 1958.
//! A. Pothen, C.-J. Fan: Computing the block triangular form of a sparse matrix, ACM Trans. Math. Softw. 1990.

use crate::problem::NONE;
use crate::{Problem, Selection};

/// The layer number of what is in no full layer.
pub(crate) const REST: u32 = u32::MAX;

/// Which full layer each column and each selected row is in.
#[derive(Debug)]
pub(crate) struct Layers {
    of_column: Vec<u32>,
    /// The latest layer of each class's columns.
    of_class: Vec<u32>,
    /// The selected rows by layer, and where each layer's start; the rest is last.
    rows: Vec<u32>,
    row_start: Vec<u32>,
    /// Likewise the columns of full layers.
    columns: Vec<u32>,
    column_start: Vec<u32>,
}

impl Layers {
    /// Returns the layers of the selected rows, given when each row had its turn.
    ///
    /// Columns without places are a full layer of their own, the first.
    pub(crate) fn new(problem: &Problem, selection: &Selection, turn: impl Fn(u32) -> u32) -> Self {
        let mut of_column = vec![REST; problem.column_count()];
        let batch = |(column, by): (u32, &Option<u32>)| match problem.column_capacity(column) {
            0 => Some((0, column)),
            _ => Some((by.map(|row| turn(row).saturating_add(1))?, column)),
        };
        let mut closed: Vec<(u32, u32)> =
            (0..problem.column_count() as u32).zip(&selection.closed_by).filter_map(batch).collect();
        closed.sort_unstable();
        let mut batches = 0;
        let mut before = NONE;
        for &(batch, column) in &closed {
            batches += u32::from(batch != before);
            before = batch;
            of_column[column as usize] = batches - 1;
        }
        let of_class = latest(problem, &of_column);
        let of = |node: u32| match (node as usize).checked_sub(problem.node_count()) {
            None => of_column[node as usize],
            Some(class) => of_class[class],
        };
        let mut rows_of = vec![0; batches as usize];
        let mut placed: Vec<(u32, u32)> = Vec::with_capacity(problem.row_count());
        for row in selection.kept() {
            let arcs = &problem.arc_columns()[problem.arc_range(row)];
            let layer = arcs.iter().map(|&node| of(node)).max().unwrap_or(REST);
            if layer != REST {
                rows_of[layer as usize] += 1;
            }
            placed.push((layer, row));
        }
        let full = count_full(problem, &closed, &of_column, &rows_of);
        let clip = |layer: u32| if layer < full { layer } else { REST };
        for layer in of_column.iter_mut().chain(placed.iter_mut().map(|(layer, _)| layer)) {
            *layer = clip(*layer);
        }
        let of_class = latest(problem, &of_column);
        let (rows, row_start) = by_layer(full, &placed);
        for (layer, column) in &mut closed {
            *layer = of_column[*column as usize];
        }
        let (columns, column_start) = by_layer(full, &closed);
        Self { of_column, of_class, rows, row_start, columns, column_start }
    }

    /// Returns no layers: all selected rows are the rest.
    pub(crate) fn none(problem: &Problem, selection: &Selection) -> Self {
        let rows: Vec<u32> = selection.kept().collect();
        let row_start = vec![0, rows.len() as u32];
        let of_column = vec![REST; problem.column_count()];
        Self { of_class: latest(problem, &of_column), of_column, rows, row_start, columns: Vec::new(), column_start: vec![0, 0] }
    }

    /// Returns how many full layers there are.
    pub(crate) fn count(&self) -> u32 {
        self.column_start.len() as u32 - 2
    }

    /// Returns how many places of each column and group the rows of full layers use.
    pub(crate) fn used(&self, problem: &Problem) -> Vec<u32> {
        let mut used = vec![0; problem.node_count()];
        for &column in (0..self.count()).flat_map(|layer| self.columns(layer)) {
            let mut node = column;
            while node != NONE {
                used[node as usize] += problem.column_capacity(column);
                node = problem.node_parent(node);
            }
        }
        used
    }

    /// Returns the layer of a column.
    pub(crate) fn of_column(&self, column: u32) -> u32 {
        self.of_column[column as usize]
    }

    /// Returns the latest layer of a class's columns.
    pub(crate) fn of_class(&self, class: u32) -> u32 {
        self.of_class[class as usize]
    }

    /// Returns the selected rows of a layer or of the rest.
    pub(crate) fn rows(&self, layer: u32) -> &[u32] {
        part(&self.rows, &self.row_start, layer.min(self.count()))
    }

    /// Returns the selected rows of the rest.
    pub(crate) fn rest(&self) -> &[u32] {
        self.rows(REST)
    }

    /// Returns the columns of a full layer.
    pub(crate) fn columns(&self, layer: u32) -> &[u32] {
        part(&self.columns, &self.column_start, layer)
    }
}

/// Returns the latest layer of each class's columns.
fn latest(problem: &Problem, of_column: &[u32]) -> Vec<u32> {
    let layers = |class| problem.class(class).iter().map(|&column| of_column[column as usize]);
    (0..problem.class_count() as u32).map(|class| layers(class).max().unwrap_or_default()).collect()
}

fn part<'v>(values: &'v [u32], start: &[u32], layer: u32) -> &'v [u32] {
    &values[start[layer as usize] as usize..start[layer as usize + 1] as usize]
}

/// Sorts values by layer, those of the rest last, and returns them with where each layer's start.
fn by_layer(layers: u32, values: &[(u32, u32)]) -> (Vec<u32>, Vec<u32>) {
    let mut start = vec![0; layers as usize + 2];
    for (layer, _) in values {
        start[*layer.min(&layers) as usize + 1] += 1;
    }
    for layer in 1..start.len() {
        start[layer] += start[layer - 1];
    }
    let mut next = start.clone();
    let mut sorted = vec![0; values.len()];
    for &(layer, value) in values {
        let at = &mut next[layer.min(layers) as usize];
        sorted[*at as usize] = value;
        *at += 1;
    }
    (sorted, start)
}

/// Counts the batches up to the first whose rows are not as many as the places that it adds.
fn count_full(problem: &Problem, closed: &[(u32, u32)], of_column: &[u32], rows_of: &[u32]) -> u32 {
    let mut room: Vec<u32> = (0..problem.node_count() as u32).map(|node| problem.node_capacity(node)).collect();
    let mut places = vec![0_u64; rows_of.len()];
    let mut full = rows_of.len() as u32;
    for &(_, column) in closed {
        let layer = of_column[column as usize];
        let capacity = problem.column_capacity(column);
        places[layer as usize] += u64::from(capacity);
        // A group that cannot take all places of its columns binds before they do.
        let mut node = problem.node_parent(column);
        while node != NONE {
            match room[node as usize].checked_sub(capacity) {
                Some(left) => room[node as usize] = left,
                None => full = full.min(layer),
            }
            node = problem.node_parent(node);
        }
    }
    let agree = rows_of.iter().zip(&places).take_while(|&(&rows, &places)| u64::from(rows) == places).count();
    full.min(agree as u32)
}
