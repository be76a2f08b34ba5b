//! The search for an augmenting path, and the closing of nodes from which there is none.
//!
//! # Problem
//!
//! Given a placement and an unplaced row, find a path of tight arcs in the residual graph (see [`flow`](crate::flow))
//! from the row to the sink, or prove that there is none. The caller's [`Lengths`] say which arcs are tight.
//!
//! # Invariant
//!
//! A failing search has visited a set R of nodes that no residual arc leaves: every node of R is full or leads up
//! into R, every group of R leads down to all its children that hold somebody, and every row that sits in a column of
//! R has all its tight arcs in R. No later path that enters R ever leaves it, hence none reaches the sink through R,
//! hence no augmentation changes anything in R, hence R stays so: it is *closed* for good, provided that the arcs
//! which are tight do not change. Later searches leave it out, and it is paid for once.
//!
//! R is also a Hall violator. Let V be the columns of R. Above each of them some node of R is full; the flow through
//! the topmost such nodes comes from V alone, since they lead down to whoever they hold. So the rows sitting in V,
//! which are exactly the placed rows with all arcs in V, are as many as the capacities and caps admit into V.
//!
//! # Complexity
//!
//! O(arcs + nodes) a search; all failing searches together O(arcs + nodes), plus the arcs of the rows searched from.
//!
//! # References
//!
//! J. Hopcroft, R. Karp: An n^5/2 algorithm for maximum matchings in bipartite graphs, SIAM J. Comput. 1973.
//! J. Edmonds, R. Karp: Theoretical improvements in algorithmic efficiency for network flow problems, J. ACM 1972.
//! P. Hall: On representatives of subsets, J. London Math. Soc. 1935.

use crate::Problem;
use crate::flow::{Flow, Step};
use crate::labels::Lengths;
use crate::problem::NONE;

/// The mark of a closed node; all other marks are below.
const CLOSED: u32 = u32::MAX;

/// Reusable memory of breadth-first searches in one network.
#[derive(Debug, Clone)]
pub(crate) struct Search {
    /// The number of the last search that visited each node, or [`CLOSED`].
    mark: Vec<u32>,
    current: u32,
    /// How the current search came to the nodes that it visited.
    steps: Vec<Step>,
    /// The nodes visited by the current search, in order.
    visited: Vec<u32>,
    /// How many columns at the start of each class were found full.
    full: Vec<u32>,
}

/// How a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// With an augmenting path to this node.
    Path(u32),
    /// There is no augmenting path. [`Search::close`] may be called.
    Nothing,
    /// It gave up before.
    Unknown,
}

impl Search {
    pub(crate) fn new(problem: &Problem) -> Self {
        let nodes = problem.vertex_count();
        let full = vec![0; problem.class_count()];
        Self { mark: vec![0; nodes], current: 0, steps: vec![Step::Down; nodes], visited: Vec::new(), full }
    }

    /// Looks for a shortest augmenting path from an unplaced row and augments along it.
    ///
    /// Only tight arcs count. The search gives up once it has visited as many nodes as its patience is.
    pub(crate) fn place(&mut self, flow: &mut Flow<'_>, row: u32, lengths: &impl Lengths, patience: usize) -> Found {
        let found = self.find(flow, row, lengths, patience);
        if let Found::Path(end) = found {
            flow.augment(end, &self.steps);
        }
        found
    }

    /// Opens every node again, for arcs that were not admitted before.
    pub(crate) fn reopen(&mut self) {
        self.mark.fill(0);
        self.current = 0;
    }

    /// Opens every node again, for a placement that is empty.
    pub(crate) fn clear(&mut self) {
        self.reopen();
        self.full.fill(0);
    }

    /// Closes the nodes that a failed search visited, and returns them.
    pub(crate) fn close(&mut self) -> &[u32] {
        for &node in &self.visited {
            self.mark[node as usize] = CLOSED;
        }
        &self.visited
    }

    fn find(&mut self, flow: &Flow<'_>, source: u32, lengths: &impl Lengths, patience: usize) -> Found {
        self.begin();
        if let Some(end) = self.leave_row(flow, source, lengths) {
            return Found::Path(end);
        }
        let mut next = 0;
        while let Some(&node) = self.visited.get(next) {
            if next == patience {
                return Found::Unknown;
            }
            next += 1;
            for &child in flow.problem().node_children(node) {
                if flow.load(child) > 0
                    && lengths.link(child) == 0
                    && let Some(end) = self.visit(flow, child, Step::Down, lengths)
                {
                    return Found::Path(end);
                }
            }
            let columns = flow.problem().class_of(node);
            let vacant = if columns.is_empty() { None } else { self.vacant(flow, node, columns) };
            for &column in vacant.iter().chain(columns) {
                if self.is_new(column)
                    && lengths.out(node, column) == 0
                    && let Some(end) = self.visit(flow, column, Step::Out(node), lengths)
                {
                    return Found::Path(end);
                }
            }
            for class in flow.held_for(node) {
                self.visit(flow, class, Step::Back(node), lengths);
            }
            for &row in flow.occupants(node) {
                if let Some(end) = self.leave_row(flow, row, lengths) {
                    return Found::Path(end);
                }
            }
        }
        Found::Nothing
    }

    /// Returns a column of a class from where there is a way to the sink, if one is seen at once.
    ///
    /// Columns found full are not looked at again. One of them may get room back under a group, so that this is for
    /// speed only.
    fn vacant(&mut self, flow: &Flow<'_>, class: u32, columns: &[u32]) -> Option<u32> {
        let full = &mut self.full[class as usize - flow.problem().node_count()];
        while columns.get(*full as usize).is_some_and(|&column| !flow.has_way(column)) {
            *full += 1;
        }
        columns.get(*full as usize).copied()
    }

    /// Visits the columns and classes of a row's admitted arcs.
    #[inline]
    fn leave_row(&mut self, flow: &Flow<'_>, row: u32, lengths: &impl Lengths) -> Option<u32> {
        let range = flow.problem().arc_range(row);
        for (arc, &column) in (range.start..).zip(&flow.problem().arc_columns()[range]) {
            if self.is_new(column)
                && lengths.arc(row, arc) == 0
                && let Some(end) = self.visit(flow, column, Step::Arc { row, arc: arc as u32 }, lengths)
            {
                return Some(end);
            }
        }
        None
    }

    /// Visits a node, and those above it as far as there is room; returns the last of them if it leads to the sink.
    fn visit(&mut self, flow: &Flow<'_>, mut node: u32, mut step: Step, lengths: &impl Lengths) -> Option<u32> {
        while self.is_new(node) {
            self.mark[node as usize] = self.current;
            self.steps[node as usize] = step;
            self.visited.push(node);
            if !flow.has_room(node) || lengths.link(node) != 0 {
                return None;
            }
            let parent = flow.problem().node_parent(node);
            if parent == NONE {
                return Some(node);
            }
            step = Step::Up(node);
            node = parent;
        }
        None
    }

    fn is_new(&self, node: u32) -> bool {
        let mark = self.mark[node as usize];
        mark != self.current && mark != CLOSED
    }

    fn begin(&mut self) {
        self.visited.clear();
        self.current += 1;
        if self.current == CLOSED {
            self.current = 1;
            for mark in self.mark.iter_mut().filter(|mark| **mark != CLOSED) {
                *mark = 0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ProblemBuilder;

    /// Only the link from one node is not tight.
    struct Loose(u32);

    impl Lengths for Loose {
        fn arc(&self, _row: u32, _arc: usize) -> i64 {
            0
        }

        fn link(&self, node: u32) -> i64 {
            i64::from(node == self.0)
        }

        fn out(&self, _class: u32, _column: u32) -> i64 {
            0
        }
    }

    #[test]
    fn goes_up_tight_links_only() {
        let mut builder = ProblemBuilder::new();
        let group = builder.add_group(1, None).unwrap();
        let column = builder.add_column(1, Some(group)).unwrap();
        let other = builder.add_column(1, None).unwrap();
        let row = builder.add_row(None, [(column, 0), (other, 0)]).unwrap();
        let problem = builder.build();
        let mut flow = Flow::new(&problem);
        let mut search = Search::new(&problem);
        assert_eq!(search.place(&mut flow, row, &Loose(column), usize::MAX), Found::Path(other));
        assert_eq!(flow.columns(), [Some(other)]);
    }
}
