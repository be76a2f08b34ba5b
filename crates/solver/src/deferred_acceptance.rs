//! Deferred acceptance: stable for the columns' priorities, and strategy-proof for the rows.
//!
//! # Problem
//!
//! A row prefers the cheaper of two arcs, and of equally cheap ones the lower column; it prefers any arc to none. On
//! the side of the capacities, arc e comes before arc f if e has the lower priority number, or the same one and a
//! higher-ranked row. All nodes of a tree of the forest use this one order, which is what makes the tree's choice
//! (take arcs in order, as long as all its capacities hold) greedy in a laminar matroid, so that substitutes hold;
//! were every group free to rank in its own way, stable assignments need not exist. A row group ranks its rows in
//! ranking order.
//!
//! # Stability
//!
//! Given an assignment, the arc from row i to column j *blocks* if
//!
//! - i is unplaced or sits at a higher cost, and
//! - j and each group above it hold fewer arcs that come before (i, j) than their capacity, where an arc of i itself
//!   counts only if its priority is truly lower, and
//! - if i is unplaced and in a row group, the group has fewer placed rows ahead of i than its cap.
//!
//! An assignment is *stable* if it keeps all capacities and caps and no arc blocks. It is a kernel of two ordered
//! matroids: row groups above rows, and groups above columns.
//!
//! # Method
//!
//! The *cutoff* of a node is open until the node is full for the first time, then the last arc that it holds. A row
//! that holds nothing proposes its best arc among those that come before the cutoffs of the column and of all groups
//! above it. The lowest full node on the arc's way up gives its last arc up for it, and the row of that is next.
//! Thus no proposal fails, and no row remembers how far down its list it is.
//!
//! A row group lets in as many rows as its cap allows, in ranking order; the others wait. When one that was let in
//! finds no arc admitted, the next one of its group is let in.
//!
//! # Invariant
//!
//! What the cutoffs bar is no part of any stable assignment. The least cutoff on the way up from a column only moves
//! to earlier arcs: a full group's last arc is never before that of a full node below it, and a node that stops being
//! full, since a group above gave up one of its arcs, has been left with a cutoff that bars less than the group's.
//!
//! # Termination
//!
//! Each proposal either seats a row for good or bars an arc for good, so there are at most rows + arcs of them.
//!
//! # Why it cannot pay to state other costs
//!
//! Let a row group of n rows and cap k be a further column with n − k places, which every row of the group puts both
//! first and last on its list. It holds "last" before "first", and of "first" the rows ranked last. Then deferred
//! acceptance lets in and replaces rows as above, each side's choice has substitutes and obeys the law of aggregate
//! demand, and the theorem of Hatfield and Milgrom applies; what a row states changes only the middle of its list.
//!
//! # Overflow
//!
//! None: costs are only compared, and priority and row fill one 64-bit key, of which the largest is never used.
//!
//! # Complexity
//!
//! A row looks through all its arcs for each proposal, but [`LOOKS`] times at most; after that it sorts them. Each
//! proposal costs a heap operation for the column and for each group above that has been full.
//!
//! # References
//!
//! D. Gale, L. S. Shapley: College admissions and the stability of marriage, Amer. Math. Monthly 69, 1962.
//! A. E. Roth: The economics of matching: stability and incentives, Math. Oper. Res. 7, 1982.
//! T. Fleiner: A fixed-point approach to stable matchings and some applications, Math. Oper. Res. 28, 2003 (kernels of
//! ordered matroids).
//! J. W. Hatfield, P. R. Milgrom: Matching with contracts, Amer. Econ. Rev. 95, 2005.
//! Y. Kamada, F. Kojima: Efficient matching under distributional constraints, Amer. Econ. Rev. 105, 2015.
//! Y. Kamada, F. Kojima: Stability and strategy-proofness for matching with constraints: a necessary and sufficient
//! condition, Theor. Econ. 13, 2018 (constraints must form a forest).
//! E. M. Azevedo, J. D. Leshno: A supply and demand framework for two-sided matching markets, J. Polit. Econ. 124, 2016
//! (cutoffs).

use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::{iter, mem};

use crate::problem::NONE;
use crate::{Problem, RowOutcome};

/// How often a row looks through all its arcs before it sorts them.
const LOOKS: u8 = 16;

/// The cutoff of a node that has never been full.
const OPEN: u64 = u64::MAX;

/// Runs deferred acceptance: the stable assignment that is best for the rows.
///
/// `priority(row, column)` says how well a column ranks a row; lower is better, and among equals the ranking decides.
/// Groups compare the numbers of different columns. Among its arcs of equal cost a row prefers the lowest column.
///
/// A row is [`RowOutcome::RowCap`] if its row group is filled by rows ahead of it, and [`RowOutcome::Full`] if every
/// column it has an arc to is filled by others that come before it, there or in a group above.
///
/// # Guarantees
///
/// - No arc [blocks](crate::blocking_pairs).
/// - Every row, except those that are `RowCap`, gets the least cost that any stable assignment gives it, as far as
///   costs are strict. (Breaking ties of cost can cost somebody else a better place.)
/// - No row can get a lower cost by stating other costs, leaving out arcs or inventing some.
/// - The order of proposals does not matter.
/// - Where all priorities are equal, each row in turn takes the best place left, as in
///   [`serial_dictatorship`](crate::serial_dictatorship()) with strict costs.
///
/// If all columns of a group give a row the same priority, then neither can anybody gain by moving within the group. If
/// not, a row may hold a place by a priority that it would not have elsewhere in the group, and does not get to move.
///
/// # Complexity
///
/// Time O(arcs · (log arcs + depth of the forest · log rows)) at worst, and O(arcs) where few are displaced. Memory
/// O(rows + nodes), for groups that have been full O(depth · proposals) more, and for rows that are displaced again and
/// again their arcs.
///
/// # References
///
/// Gale and Shapley 1962; Fleiner 2003; Hatfield and Milgrom 2005; Kamada and Kojima 2018.
///
/// # Examples
///
/// Both want the park, which prefers the second.
///
/// ```
/// use feriematch_solver::{ProblemBuilder, RowOutcome, deferred_acceptance};
///
/// let mut builder = ProblemBuilder::new();
/// let park = builder.add_column(1, None)?;
/// let office = builder.add_column(1, None)?;
/// builder.add_row(None, [(park, 1), (office, 2)])?;
/// builder.add_row(None, [(park, 1), (office, 2)])?;
/// let problem = builder.build();
///
/// let outcomes = deferred_acceptance(&problem, |row, column| u32::from(column == park && row == 0));
/// assert_eq!(outcomes, [RowOutcome::Kept(office), RowOutcome::Kept(park)]);
/// # Ok::<(), feriematch_solver::SolveError>(())
/// ```
pub fn deferred_acceptance(problem: &Problem, priority: impl Fn(u32, u32) -> u32) -> Vec<RowOutcome> {
    let mut workspace = DeferredAcceptance::new();
    workspace.run(problem, priority);
    workspace.outcomes
}

/// The working memory of [`deferred_acceptance()`], for running it many times.
#[derive(Debug, Clone, Default)]
pub struct DeferredAcceptance {
    /// What each row holds so far.
    outcomes: Vec<RowOutcome>,
    /// How often each row has looked through its arcs.
    looks: Vec<u8>,
    /// What is left of the lists of rows that have looked too often: columns, the best at the end.
    lists: BTreeMap<u32, Vec<u32>>,
    /// How many more rows each row group may let in.
    row_group_left: Vec<u32>,
    /// The rows of each row group that are not let in.
    waiting: Vec<VecDeque<u32>>,
    seats: Seats,
}

impl DeferredAcceptance {
    /// Returns a workspace without memory.
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs [`deferred_acceptance()`] in the memory of earlier runs.
    pub fn run(&mut self, problem: &Problem, priority: impl Fn(u32, u32) -> u32) -> &[RowOutcome] {
        if problem.class_count() > 0 {
            return self.run_on_columns(&problem.expanded(), priority);
        }
        self.run_on_columns(problem, priority)
    }

    /// Runs on a problem without classes.
    fn run_on_columns(&mut self, problem: &Problem, priority: impl Fn(u32, u32) -> u32) -> &[RowOutcome] {
        let rows = problem.row_count();
        refill(&mut self.outcomes, iter::repeat_n(RowOutcome::Full, rows));
        refill(&mut self.looks, iter::repeat_n(0, rows));
        self.lists.clear();
        refill(&mut self.row_group_left, problem.row_group_caps().iter().copied());
        self.waiting.iter_mut().for_each(VecDeque::clear);
        self.waiting.resize_with(problem.row_group_caps().len(), VecDeque::new);
        self.seats.clear(problem);
        let mut market = Market { problem, priority, state: self };
        for row in 0..rows as u32 {
            market.enter(row);
        }
        &self.outcomes
    }
}

/// Replaces what a vector holds, in its memory.
fn refill<T>(memory: &mut Vec<T>, items: impl Iterator<Item = T>) {
    memory.clear();
    memory.extend(items);
}

/// The side of the rows: who proposes what.
struct Market<'a, P> {
    problem: &'a Problem,
    priority: P,
    state: &'a mut DeferredAcceptance,
}

impl<P: Fn(u32, u32) -> u32> Market<'_, P> {
    /// Lets a row in, if it has any arc and its row group has room, and makes all proposals that follow.
    fn enter(&mut self, row: u32) {
        if self.problem.arc_range(row).is_empty() {
            self.state.outcomes[row as usize] = RowOutcome::NoArc;
            return;
        }
        if let Some(group) = self.problem.row_group(row) {
            let left = &mut self.state.row_group_left[group as usize];
            if *left == 0 {
                self.state.outcomes[row as usize] = RowOutcome::RowCap;
                self.state.waiting[group as usize].push_back(row);
                return;
            }
            *left -= 1;
        }
        let mut next = Some(row);
        while let Some(row) = next {
            next = match self.best_admitted(row) {
                Some((column, key)) => {
                    self.state.outcomes[row as usize] = RowOutcome::Kept(column);
                    self.state.seats.take(self.problem, column, key)
                }
                None => self.give_up(row),
            };
        }
    }

    /// Leaves a row without a place, and returns the row that its row group lets in instead.
    fn give_up(&mut self, row: u32) -> Option<u32> {
        self.state.outcomes[row as usize] = RowOutcome::Full;
        let group = self.problem.row_group(row)? as usize;
        let next = self.state.waiting[group].pop_front();
        if next.is_none() {
            self.state.row_group_left[group] += 1;
        }
        next
    }

    /// Returns the best column for a row among those that admit it, and its key there.
    fn best_admitted(&mut self, row: u32) -> Option<(u32, u64)> {
        let looks = &mut self.state.looks[row as usize];
        if *looks == LOOKS {
            return self.next_of_list(row);
        }
        *looks += 1;
        // Without a branch that depends on the data, as nobody could predict it: what is barred costs more than anything.
        let mut best = (u64::MAX, NONE);
        for (column, cost) in self.problem.arcs(row) {
            let admitted = self.state.seats.admit(self.problem, column, self.key(row, column));
            let cost = if admitted { cost.cast_unsigned() } else { u64::MAX };
            best = if cost < best.0 { (cost, column) } else { best };
        }
        (best.1 != NONE).then(|| (best.1, self.key(row, best.1)))
    }

    /// Does the same with a list of the row's columns, which is sorted the first time.
    fn next_of_list(&mut self, row: u32) -> Option<(u32, u64)> {
        let mut list = self.state.lists.remove(&row).unwrap_or_else(|| {
            let mut arcs: Vec<(u32, i64)> = self.problem.arcs(row).collect();
            arcs.sort_by_key(|&(_, cost)| cost);
            arcs.into_iter().rev().map(|(column, _)| column).collect()
        });
        let best = iter::from_fn(|| list.pop())
            .map(|column| (column, self.key(row, column)))
            .find(|&(column, key)| self.state.seats.admit(self.problem, column, key));
        self.state.lists.insert(row, list);
        best
    }

    /// Returns what an arc is ordered by: its priority, then its row.
    fn key(&self, row: u32, column: u32) -> u64 {
        u64::from((self.priority)(row, column)) << u32::BITS | u64::from(row)
    }
}

/// The side of the capacities: which arcs the nodes hold, and which they would take.
#[derive(Debug, Clone, Default)]
struct Seats {
    columns: Vec<ColumnSeats>,
    groups: Vec<GroupSeats>,
    /// The key that an arc must come before at each node.
    cutoff: Vec<u64>,
}

#[derive(Debug, Clone, Default)]
struct ColumnSeats {
    /// The keys of the arcs that the column holds.
    held: BinaryHeap<u64>,
    left: u32,
    below_group: bool,
}

#[derive(Debug, Clone, Default)]
struct GroupSeats {
    /// From when the group is first full: the arcs, as key and column, that it holds, and some that it no longer holds.
    ranked: BinaryHeap<(u64, u32)>,
    left: u32,
}

impl Seats {
    fn clear(&mut self, problem: &Problem) {
        self.columns.resize_with(problem.column_count(), ColumnSeats::default);
        for (column, seats) in (0..).zip(&mut self.columns) {
            seats.held.clear();
            seats.left = problem.column_capacity(column);
            seats.below_group = problem.node_parent(column) != NONE;
        }
        self.groups.resize_with(problem.group_count(), GroupSeats::default);
        for (group, seats) in (0..).zip(&mut self.groups) {
            seats.ranked.clear();
            seats.left = problem.group_capacity(group);
        }
        let cutoff = |node| if problem.node_capacity(node) == 0 { 0 } else { OPEN };
        refill(&mut self.cutoff, (0..problem.node_count() as u32).map(cutoff));
    }

    /// Returns whether a column and all groups above would take an arc.
    #[inline]
    fn admit(&self, problem: &Problem, column: u32, key: u64) -> bool {
        let admitted = key < self.cutoff[column as usize];
        if self.groups.is_empty() {
            return admitted;
        }
        admitted && way_up(problem, column).skip(1).all(|node| key < self.cutoff[node as usize])
    }

    /// Takes an arc that is admitted, and returns the row whose arc had to make room for it, if one had to.
    fn take(&mut self, problem: &Problem, column: u32, key: u64) -> Option<u32> {
        let seats = &mut self.columns[column as usize];
        if seats.below_group {
            return self.take_below_group(problem, column, key);
        }
        let displaced = if seats.left == 0 {
            seats.held.peek_mut().map(|mut last| mem::replace(&mut *last, key) as u32)
        } else {
            seats.held.push(key);
            seats.left -= 1;
            None
        };
        if seats.left == 0 {
            self.cutoff[column as usize] = seats.held.peek().copied().unwrap_or_default();
        }
        displaced
    }

    /// Does the same where there are groups above.
    fn take_below_group(&mut self, problem: &Problem, column: u32, key: u64) -> Option<u32> {
        let full = way_up(problem, column).find(|&node| *self.left(problem, node) == 0);
        let displaced = full.map(|node| self.displace_last(problem, node));
        self.columns[column as usize].held.push(key);
        for node in way_up(problem, column) {
            let left = self.left(problem, node);
            *left -= 1;
            let full = *left == 0;
            match (group(problem, node), self.cutoff[node as usize] == OPEN) {
                (Some(group), false) => self.groups[group].ranked.push((key, column)),
                (Some(group), true) if full => self.rank(problem, group),
                _ => {}
            }
            if full {
                self.cutoff[node as usize] = self.last(problem, node).0;
            }
        }
        displaced
    }

    /// Gives up the last arc that a full node holds, and returns its row.
    fn displace_last(&mut self, problem: &Problem, node: u32) -> u32 {
        let (key, column) = self.last(problem, node);
        self.columns[column as usize].held.pop();
        for node in way_up(problem, column) {
            *self.left(problem, node) += 1;
        }
        key as u32
    }

    /// Returns the key and column of the last arc that a full node holds.
    fn last(&mut self, problem: &Problem, node: u32) -> (u64, u32) {
        let last = match group(problem, node) {
            None => self.columns[node as usize].held.peek().map(|&key| (key, node)),
            Some(group) => {
                let ranked = &mut self.groups[group].ranked;
                // The last arc of a group is the last of its column; one that is not has been given up.
                while ranked.peek().is_some_and(|(key, column)| self.columns[*column as usize].held.peek() != Some(key)) {
                    ranked.pop();
                }
                ranked.peek().copied()
            }
        };
        last.unwrap_or_else(|| unreachable!("a full node that admits an arc holds one"))
    }

    /// Ranks what a group holds when it becomes full for the first time.
    fn rank(&mut self, problem: &Problem, group: usize) {
        let mut below = vec![problem.column_count() as u32 + group as u32];
        while let Some(node) = below.pop() {
            if let Some(seats) = self.columns.get(node as usize) {
                self.groups[group].ranked.extend(seats.held.iter().map(|&key| (key, node)));
            }
            below.extend(problem.node_children(node));
        }
    }

    /// How many more arcs a node has room for.
    fn left(&mut self, problem: &Problem, node: u32) -> &mut u32 {
        match group(problem, node) {
            None => &mut self.columns[node as usize].left,
            Some(group) => &mut self.groups[group].left,
        }
    }
}

/// Returns which group a node is.
fn group(problem: &Problem, node: u32) -> Option<usize> {
    (node as usize).checked_sub(problem.column_count())
}

/// Returns a column and all groups above it, the nearest first.
fn way_up(problem: &Problem, column: u32) -> impl Iterator<Item = u32> {
    iter::successors(Some(column), |&node| Some(problem.node_parent(node)).filter(|&parent| parent != NONE))
}
