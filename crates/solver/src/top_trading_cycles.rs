//! Top trading cycles: efficient for the rows, and strategy-proof for them.
//!
//! # Problem
//!
//! A row prefers the cheaper of two arcs, and of equally cheap ones the lower column; it prefers any arc to none.
//! Places have *owners*: a column has one of its own, or shares that of all columns below the same outermost group.
//! Each owner ranks all rows in an *order*, whether they have arcs to its columns or not. A column is *open* while it
//! and every group above it have room.
//!
//! Rows without arcs take no part. Of each row group the first rows, in ranking order, are *let in*, as many as its cap
//! is; rows without a row group are let in at once. Then there are rounds. In each,
//!
//! 1. every row that was let in leaves without a place if none of its columns is open, and the next row of its row
//!    group is let in, again and again until every such row has an open column;
//! 2. every owner whose row has gone, or that has not pointed yet, points to the first row in its order that is let in
//!    and has not gone; an owner whose row is still there goes on pointing to it, whoever has been let in meanwhile;
//! 3. every row that is let in points to its best open column, and thus to that column's owner; the rows of each cycle
//!    take the places they point to, and are gone.
//!
//! # Invariant
//!
//! A cycle passes each owner once, so that a tree of the forest loses at most one place in a round: no capacity is
//! broken, and what a row points to is open until it trades. A row group never has more rows let in that have a place
//! or may still get one than its cap.
//!
//! # Termination
//!
//! As long as a row that was let in remains, every owner points to one, and every such row to an owner: there is a
//! cycle. Each round thus seats somebody.
//!
//! # Why nobody who was let in could do better
//!
//! Go by rounds. A row gets the best column that is open; the ones it would rather have are full, themselves or in a
//! group above, by rows of earlier rounds. Nobody of these would give the place for anything but a better one, and to
//! them the same applies; those of the first round have their best of all. So no placement within the capacities of
//! columns and groups makes one of the rows let in better off and none worse.
//!
//! # Why it cannot pay to state other costs
//!
//! Let row i be let in, which it does not influence. While it is there, the rounds of all others do not depend on what
//! i states, as it takes part in no cycle; and if a chain of owners and rows leads to i, it stays: none of its owners
//! can lose a place or its row in a cycle without i. So what i could have got in one round it can get in every later one.
//! Pointing to its best open column, i misses nothing but columns that were filled without it, and no chain has ever
//! led from those to i, or else they could not have been. That is why owners keep pointing to who is there: turning to
//! a row that was let in late would cut chains. It is also why they point to rows that have no arc to them: leaving out an
//! arc would otherwise shift what an owner points to.
//!
//! # Overflow
//!
//! None: costs are only compared.
//!
//! # Complexity
//!
//! Owners with the same order always point to the same row, so orders are all that is looked at. A round takes O(orders),
//! and there are no more rounds than rows: what orders take is linear in their size as given. Rows step down their sorted
//! lists as columns close, which takes O(arcs · log (arcs of a row)) over all. A row that is let in after an order has
//! passed it takes a heap operation there.
//!
//! # References
//!
//! L. Shapley, H. Scarf: On cores and indivisibility, J. Math. Econ. 1, 1974 (the algorithm, David Gale's).
//! A. E. Roth: Incentive compatibility in a market with indivisible goods, Econ. Letters 9, 1982.
//! S. Pápai: Strategyproof assignment by hierarchical exchange, Econometrica 68, 2000 (who inherits places).
//! A. Abdulkadiroğlu, T. Sönmez: School choice: a mechanism design approach, Amer. Econ. Rev. 93, 2003.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::mem;

use crate::problem::NONE;
use crate::{Problem, RowOutcome};

/// Runs top trading cycles: rows trade the places that owners would give them.
///
/// `orders` are permutations of the rows, who comes first first; `order_of` says by column which of them its owner has.
/// All columns below one outermost group have one owner and must name the same order. To see to all that is up to the
/// caller; builds with debug assertions check it.
///
/// A row is [`RowOutcome::RowCap`] if its row group is used up by rows ahead of it, so that it was never let in, and
/// [`RowOutcome::Full`] if it was, and all its columns were filled, themselves or in a group above, before it could trade
/// for a place.
///
/// # Guarantees
///
/// - All capacities and caps hold.
/// - No placement of the rows let in makes one of them better off and none worse, as far as costs are strict.
/// - No row can get a lower cost by stating other costs, leaving out arcs or inventing some.
/// - Where every order is the ranking, each row in turn takes the best place left, as in
///   [`serial_dictatorship`](crate::serial_dictatorship()) with strict costs.
///
/// It is not stable: a place may go to a row that comes late in its owner's order, by trade.
///
/// # Complexity
///
/// Time O(arcs · log (arcs of a row) + rows × orders), which is linear in the input but for the logarithm; memory O(arcs +
/// rows + nodes), and O(rows × orders) more at worst where row groups let in rows late. Classes count as the arcs that
/// they stand for.
///
/// # References
///
/// Shapley and Scarf 1974; Roth 1982; Abdulkadiroğlu and Sönmez 2003.
///
/// # Examples
///
/// Each column would have the row that wants the other; they trade.
///
/// ```
/// use feriematch_solver::{ProblemBuilder, RowOutcome, top_trading_cycles};
///
/// let mut builder = ProblemBuilder::new();
/// let park = builder.add_column(1, None)?;
/// let office = builder.add_column(1, None)?;
/// builder.add_row(None, [(park, 2), (office, 1)])?;
/// builder.add_row(None, [(park, 1), (office, 2)])?;
/// let problem = builder.build();
///
/// let outcomes = top_trading_cycles(&problem, &[vec![0, 1], vec![1, 0]], &[0, 1]);
/// assert_eq!(outcomes, [RowOutcome::Kept(office), RowOutcome::Kept(park)]);
/// # Ok::<(), feriematch_solver::SolveError>(())
/// ```
pub fn top_trading_cycles(problem: &Problem, orders: &[Vec<u32>], order_of: &[u32]) -> Vec<RowOutcome> {
    debug_assert_eq!(order_of.len(), problem.column_count(), "every column has an order");
    debug_assert!(orders.iter().all(|order| is_permutation(order, problem.row_count())), "an order names each row once");
    debug_assert!(owners_have_one_order(problem, order_of), "columns below one outermost group have the same order");
    if problem.class_count() > 0 {
        return Market::new(&problem.expanded(), orders, order_of).run();
    }
    Market::new(problem, orders, order_of).run()
}

fn is_permutation(order: &[u32], rows: usize) -> bool {
    let mut sorted = order.to_vec();
    sorted.sort_unstable();
    sorted.into_iter().eq(0..rows as u32)
}

fn owners_have_one_order(problem: &Problem, order_of: &[u32]) -> bool {
    let mut of_node = vec![NONE; problem.node_count()];
    (0..).zip(order_of).all(|(column, &order)| {
        let mut root = column;
        while problem.node_parent(root) != NONE {
            root = problem.node_parent(root);
        }
        let known = mem::replace(&mut of_node[root as usize], order);
        known == NONE || known == order
    })
}

/// Who is there, what is open, and who points to whom.
struct Market<'a> {
    problem: &'a Problem,
    order_of: &'a [u32],
    rows: Rows,
    owners: Vec<Owners<'a>>,
    /// The orders that have passed each row that was not let in, and where.
    passed: BTreeMap<u32, Vec<(u32, u32)>>,
    row_group_left: Vec<u32>,
    /// The rows of each row group that are not let in.
    waiting: Vec<VecDeque<u32>>,
    /// How many more rows each column and group has room for, and which columns are open.
    left: Vec<u32>,
    open: Vec<bool>,
    /// The rows that point to each column; some of them may be gone.
    pointing: Vec<Vec<u32>>,
}

/// What has become of the rows.
struct Rows {
    /// [`RowOutcome::RowCap`] for rows that are not let in, [`RowOutcome::Full`] for those that are and have nothing yet.
    outcomes: Vec<RowOutcome>,
    /// Whether a row is let in and not gone.
    present: Vec<bool>,
    /// The columns of each row, the best first, and how far down it is.
    lists: Vec<u32>,
    next: Vec<u32>,
}

/// All owners with the same order.
struct Owners<'a> {
    order: &'a [u32],
    /// What comes before this in the order has been passed.
    next: usize,
    /// Where in the order there are rows that were let in after they had been passed.
    late: BinaryHeap<Reverse<u32>>,
    /// The row that these owners point to.
    row: u32,
}

impl<'a> Market<'a> {
    fn new(problem: &'a Problem, orders: &'a [Vec<u32>], order_of: &'a [u32]) -> Self {
        let owners = |order: &'a Vec<u32>| Owners { order, next: 0, late: BinaryHeap::new(), row: NONE };
        let mut market = Self {
            problem,
            order_of,
            rows: Rows::new(problem),
            owners: orders.iter().map(owners).collect(),
            passed: BTreeMap::new(),
            row_group_left: problem.row_group_caps().to_vec(),
            waiting: vec![VecDeque::new(); problem.row_group_caps().len()],
            left: (0..problem.node_count() as u32).map(|node| problem.node_capacity(node)).collect(),
            open: vec![true; problem.column_count()],
            pointing: vec![Vec::new(); problem.column_count()],
        };
        for node in 0..problem.node_count() as u32 {
            if problem.node_capacity(node) == 0 {
                market.close_below(node);
            }
        }
        market
    }

    fn run(mut self) -> Vec<RowOutcome> {
        for row in 0..self.problem.row_count() as u32 {
            self.enter(row);
        }
        let mut trades = Vec::new();
        let mut walk_of = vec![NONE; self.owners.len()];
        loop {
            trades.clear();
            self.find_cycles(&mut walk_of, &mut trades);
            if trades.is_empty() {
                return self.rows.outcomes;
            }
            self.trade(&trades);
        }
    }

    /// Lets a row in, if it has any arc and its row group has room.
    fn enter(&mut self, row: u32) {
        if self.problem.arc_range(row).is_empty() {
            self.rows.outcomes[row as usize] = RowOutcome::NoArc;
            return;
        }
        if let Some(group) = self.problem.row_group(row) {
            let left = &mut self.row_group_left[group as usize];
            if *left == 0 {
                self.waiting[group as usize].push_back(row);
                return;
            }
            *left -= 1;
        }
        self.let_in(row);
    }

    /// Lets a row in, and instead of those that find nothing open the next of the row group.
    fn let_in(&mut self, row: u32) {
        let mut next = Some(row);
        while let Some(row) = next {
            self.rows.outcomes[row as usize] = RowOutcome::Full;
            self.rows.present[row as usize] = true;
            for (order, position) in self.passed.remove(&row).unwrap_or_default() {
                self.owners[order as usize].late.push(Reverse(position));
            }
            next = self.point(row);
        }
    }

    /// Lets a row point to its best open column. If there is none it leaves, and the row to let in instead is returned.
    fn point(&mut self, row: u32) -> Option<u32> {
        if let Some(column) = self.rows.best(self.problem, &self.open, row) {
            self.pointing[column as usize].push(row);
            return None;
        }
        self.rows.present[row as usize] = false;
        let group = self.problem.row_group(row)? as usize;
        let next = self.waiting[group].pop_front();
        if next.is_none() {
            self.row_group_left[group] += 1;
        }
        next
    }

    /// Finds the rows on cycles and the columns that they point to.
    ///
    /// A row on a cycle is the one that the owners of some order point to, and no two of these owners are on it: what
    /// comes after them is the same. So cycles of orders are cycles of owners.
    fn find_cycles(&mut self, walk_of: &mut [u32], trades: &mut Vec<(u32, u32)>) {
        walk_of.fill(NONE);
        for start in 0..self.owners.len() as u32 {
            let mut order = start;
            while walk_of[order as usize] == NONE {
                walk_of[order as usize] = start;
                let Some(row) = self.owners[order as usize].point(order, &self.rows, &mut self.passed) else { return };
                order = self.order_of[self.rows.pointed_to(self.problem, row) as usize];
            }
            if walk_of[order as usize] == start {
                let entry = order;
                loop {
                    let row = self.owners[order as usize].row;
                    let column = self.rows.pointed_to(self.problem, row);
                    trades.push((row, column));
                    order = self.order_of[column as usize];
                    if order == entry {
                        break;
                    }
                }
            }
        }
    }

    /// Seats the rows of cycles, and lets others look further whose columns close by that.
    fn trade(&mut self, trades: &[(u32, u32)]) {
        let mut closed = Vec::new();
        for &(row, column) in trades {
            self.rows.outcomes[row as usize] = RowOutcome::Kept(column);
            self.rows.present[row as usize] = false;
            let mut node = column;
            while node != NONE {
                self.left[node as usize] -= 1;
                if self.left[node as usize] == 0 {
                    closed.extend(self.close_below(node));
                }
                node = self.problem.node_parent(node);
            }
        }
        for column in closed {
            for row in mem::take(&mut self.pointing[column as usize]) {
                if self.rows.present[row as usize]
                    && let Some(next) = self.point(row)
                {
                    self.let_in(next);
                }
            }
        }
    }

    /// Closes the columns at or below a node, and returns those that were open.
    fn close_below(&mut self, node: u32) -> Vec<u32> {
        let mut closed = Vec::new();
        let mut nodes = vec![node];
        while let Some(node) = nodes.pop() {
            if self.problem.is_column(node) && mem::take(&mut self.open[node as usize]) {
                closed.push(node);
            }
            nodes.extend(self.problem.node_children(node));
        }
        closed
    }
}

impl Rows {
    fn new(problem: &Problem) -> Self {
        let mut lists = Vec::with_capacity(problem.arc_count());
        let mut next = Vec::with_capacity(problem.row_count());
        let mut arcs = Vec::new();
        for row in 0..problem.row_count() as u32 {
            next.push(lists.len() as u32);
            arcs.clear();
            arcs.extend(problem.arcs(row).map(|(column, cost)| (cost, column)));
            arcs.sort_unstable();
            lists.extend(arcs.iter().map(|&(_, column)| column));
        }
        let rows = problem.row_count();
        Self { outcomes: vec![RowOutcome::RowCap; rows], present: vec![false; rows], lists, next }
    }

    /// Returns the best open column of a row, to which it points from now on.
    fn best(&mut self, problem: &Problem, open: &[bool], row: u32) -> Option<u32> {
        let list = &self.lists[..problem.arc_range(row).end];
        let next = &mut self.next[row as usize];
        while list.get(*next as usize).is_some_and(|&column| !open[column as usize]) {
            *next += 1;
        }
        list.get(*next as usize).copied()
    }

    /// Returns the column that a row points to.
    fn pointed_to(&self, problem: &Problem, row: u32) -> u32 {
        debug_assert!((self.next[row as usize] as usize) < problem.arc_range(row).end, "who is present points to something");
        self.lists[self.next[row as usize] as usize]
    }
}

impl Owners<'_> {
    /// Returns the row that these owners point to, which is another if the last one has gone.
    fn point(&mut self, order: u32, rows: &Rows, passed: &mut BTreeMap<u32, Vec<(u32, u32)>>) -> Option<u32> {
        let is_present = |row: u32| rows.present.get(row as usize) == Some(&true);
        if !is_present(self.row) {
            self.row = self.first_late(is_present).or_else(|| self.first(order, rows, passed))?;
        }
        Some(self.row)
    }

    /// Returns the first row that was let in late and is present.
    fn first_late(&mut self, is_present: impl Fn(u32) -> bool) -> Option<u32> {
        while let Some(&Reverse(position)) = self.late.peek() {
            let row = self.order[position as usize];
            if is_present(row) {
                return Some(row);
            }
            self.late.pop();
        }
        None
    }

    /// Returns the first row not yet passed that is present, and notes those on the way that are not let in.
    fn first(&mut self, order: u32, rows: &Rows, passed: &mut BTreeMap<u32, Vec<(u32, u32)>>) -> Option<u32> {
        while let Some(&row) = self.order.get(self.next) {
            if rows.present[row as usize] {
                return Some(row);
            }
            if rows.outcomes[row as usize] == RowOutcome::RowCap {
                passed.entry(row).or_default().push((order, self.next as u32));
            }
            self.next += 1;
        }
        None
    }
}
