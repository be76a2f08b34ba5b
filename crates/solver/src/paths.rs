//! Augmenting paths, found by labels where they lead straight to a place, by search elsewhere.

use crate::Problem;
use crate::flow::Flow;
use crate::labels::{Labels, Lengths};
use crate::search::Search;

/// Finds augmenting paths of tight arcs, and closes the nodes from which there is none.
#[derive(Debug, Clone)]
pub(crate) struct Paths {
    labels: Labels,
    search: Search,
}

impl Paths {
    /// Returns the means to place some of these rows.
    pub(crate) fn new(problem: &Problem, rows: impl Iterator<Item = u32> + Clone) -> Self {
        Self { labels: Labels::new(problem, rows), search: Search::new(problem) }
    }

    /// Computes the distance of each node to the sink, after which nothing is closed any more.
    pub(crate) fn measure(&mut self, flow: &Flow<'_>, lengths: &impl Lengths) -> &Labels {
        self.search.reopen();
        self.labels.make_exact(flow, lengths);
        &self.labels
    }

    /// Augments from an unplaced row.
    ///
    /// # Errors
    ///
    /// Returns the nodes newly closed if there is no augmenting path.
    pub(crate) fn place(&mut self, flow: &mut Flow<'_>, row: u32, lengths: &impl Lengths) -> Result<(), &[u32]> {
        if self.labels.place(flow, row, lengths) || self.search.place(flow, row, lengths) {
            return Ok(());
        }
        let closed = self.search.close();
        self.labels.exclude(closed);
        Err(closed)
    }
}
