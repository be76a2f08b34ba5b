//! Augmenting paths, found by labels where they lead straight to a place, by search elsewhere.

use crate::Problem;
use crate::flow::Flow;
use crate::labels::{Labels, Lengths};
use crate::search::Search;

/// How many times the network may be searched before labels are made exact again.
const SEARCHES_PER_REFRESH: usize = 1;

/// Finds augmenting paths of tight arcs, and closes the nodes from which there is none.
#[derive(Debug, Clone)]
pub(crate) struct Paths {
    labels: Labels,
    search: Search,
    /// The work of searches from which on it pays to make the labels exact again.
    worn: usize,
}

impl Paths {
    /// Returns the means to place some of these rows.
    pub(crate) fn new(problem: &Problem, rows: impl Iterator<Item = u32> + Clone) -> Self {
        Self { labels: Labels::new(problem, rows), search: Search::new(problem), worn: 0 }
    }

    /// Computes the distance of each node to the sink, after which nothing is closed any more.
    pub(crate) fn measure(&mut self, flow: &Flow<'_>, lengths: &impl Lengths) -> &Labels {
        self.search.reopen();
        self.labels.make_exact(flow, lengths);
        &self.labels
    }

    /// Makes the labels exact again if much has been searched without their help; what is closed stays closed.
    pub(crate) fn refresh(&mut self, flow: &Flow<'_>, lengths: &impl Lengths) {
        if self.search.work() >= self.worn {
            self.labels.make_exact(flow, lengths);
            self.worn = self.search.work() + SEARCHES_PER_REFRESH * flow.problem().node_count();
        }
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
