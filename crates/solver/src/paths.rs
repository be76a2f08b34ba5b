//! Augmenting paths: by a short search where a place is near, by labels where it is far.

use crate::Problem;
use crate::flow::Flow;
use crate::labels::{Labels, Lengths, Unweighted};
use crate::search::{Found, Search};

/// How many nodes a short search may leave.
const SHORT: usize = 6;

/// Finds augmenting paths of tight arcs, and closes the nodes from which there is none.
#[derive(Debug, Clone)]
pub(crate) struct Paths {
    labels: Labels,
    search: Search,
}

impl Paths {
    pub(crate) fn new(problem: &Problem) -> Self {
        Self { labels: Labels::new(problem), search: Search::new(problem) }
    }

    /// Prepares for a placement that is empty.
    pub(crate) fn clear(&mut self) {
        self.search.clear();
        self.labels.wear_out();
    }

    /// Computes the distance of each node to the sink, after which nothing is closed any more.
    pub(crate) fn measure(&mut self, flow: &Flow<'_>, lengths: &impl Lengths) -> &Labels {
        self.search.reopen();
        self.labels.measure(flow, lengths);
        &self.labels
    }

    /// Augments from an unplaced row.
    ///
    /// # Errors
    ///
    /// Returns the nodes newly closed if there is no augmenting path.
    pub(crate) fn place(&mut self, flow: &mut Flow<'_>, row: u32, lengths: &impl Lengths) -> Result<(), &[u32]> {
        if self.labels.place(flow, row, lengths) {
            return Ok(());
        }
        match self.search.place(flow, row, lengths, usize::MAX) {
            Found::Nothing => Err(self.close()),
            Found::Path(_) | Found::Unknown => {
                self.labels.wear_out();
                Ok(())
            }
        }
    }

    /// Augments from an unplaced row along any arcs, with labels only if the next place is far and computed only then.
    ///
    /// # Errors
    ///
    /// Returns the nodes newly closed if there is no augmenting path.
    pub(crate) fn place_near(&mut self, flow: &mut Flow<'_>, row: u32) -> Result<(), &[u32]> {
        match self.search.place(flow, row, &Unweighted, SHORT) {
            Found::Path(_) => Ok(()),
            Found::Nothing => Err(self.close()),
            Found::Unknown => {
                if self.labels.are_worn() {
                    self.labels.count(flow);
                }
                self.place(flow, row, &Unweighted)
            }
        }
    }

    fn close(&mut self) -> &[u32] {
        let closed = self.search.close();
        self.labels.exclude(closed);
        closed
    }
}
