//! Distance labels: augmenting paths without searching the same plateau again and again.
//!
//! # Problem
//!
//! Many rows are added to a placement, one after the other, and hardly any place is free any more: each search would
//! walk through most of the network. Labels remember what earlier searches found out.
//!
//! # Notation
//!
//! Residual arcs have lengths ≥ 0 (see [`Lengths`]); those of length zero are *tight*. The label d(v) of a node is a
//! lower bound on the number of tight arcs from v to the sink.
//!
//! # Invariant
//!
//! d(v) ≤ d(w) + 1 on every tight residual arc v → w, and d(v) ≤ 1 only if v has room above the sink. A path advances
//! along tight arcs with d(v) > d(w); from a node that has none, it retreats after raising the node's label to one
//! more than the least label ahead. Augmenting moves a row from v to w where d(w) < d(v), so that the arcs which w
//! gains from the row keep the invariant. If no node has label k any more, none above k reaches the sink (the gap).
//!
//! Paths found by other means may break the invariant. Then labels are a guide only: a path they lead to is a path
//! all the same, but where they see none, there may be one.
//!
//! # Termination
//!
//! Labels only rise, and a label above the number of nodes means that the sink is out of reach.
//!
//! # Complexity
//!
//! Measuring O((arcs + nodes) log nodes), counting O(arcs + nodes); a path O(its length) as long
//! as labels are exact, and a constant number of arcs more otherwise.
//!
//! # References
//!
//! R. Ahuja, J. Orlin: Distance-directed augmenting path algorithms for maximum flow and parametric maximum flow
//! problems, Naval Res. Logist. 1991.
//! A. Goldberg, R. Tarjan: A new approach to the maximum-flow problem, J. ACM 1988 (global and gap relabelling).
//! U. Derigs, W. Meier: Implementing Goldberg's max-flow-algorithm, Z. Oper. Res. 1989 (the gap).

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use crate::Problem;
use crate::flow::{Flow, Step};
use crate::problem::NONE;

/// The label of a node from which the sink is out of reach.
const UNREACHABLE: u32 = u32::MAX;

/// How many arcs a search may look at before it gives up, as a part of all arcs.
const PATIENCE_PART: usize = 8;

/// The lengths of residual arcs, all at least zero.
pub(crate) trait Lengths {
    /// Returns the length from where a row is (in its column, or unplaced) to the column of one of its arcs.
    fn arc(&self, row: u32, arc: usize) -> i64;

    /// Returns the length from a node up to its parent. Back down it is the negative.
    fn link(&self, node: u32) -> i64;

    /// Returns the length from a class to a column of it. Back, where the column holds somebody for the class, it is
    /// the negative.
    fn out(&self, class: u32, column: u32) -> i64;
}

/// Every arc is tight.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unweighted;

impl Lengths for Unweighted {
    fn arc(&self, _row: u32, _arc: usize) -> i64 {
        0
    }

    fn link(&self, _node: u32) -> i64 {
        0
    }

    fn out(&self, _class: u32, _column: u32) -> i64 {
        0
    }
}

/// The arcs of placed rows by the column or class that they lead to.
#[derive(Debug, Clone, Default)]
struct Incidence<T> {
    start: Vec<u32>,
    items: Vec<T>,
}

impl<T: Copy + Default> Incidence<T> {
    /// Lists an item for each arc of each placed row, made from the row, the node where it is, and the arc.
    fn fill(&mut self, flow: &Flow<'_>, item: impl Fn(u32, u32, u32) -> T) {
        let problem = flow.problem();
        let placed = || (0..problem.row_count() as u32).filter_map(|row| Some((row, flow.node_of(row)?, problem.arc_range(row))));
        self.start.clear();
        self.start.resize(problem.vertex_count() + 1, 0);
        for (_, _, arcs) in placed() {
            problem.arc_columns()[arcs].iter().for_each(|&node| self.start[node as usize] += 1);
        }
        let mut end = 0;
        for start in &mut self.start {
            end += *start;
            *start = end;
        }
        self.items.resize(end as usize, T::default());
        for (row, from, arcs) in placed() {
            for (arc, &node) in (arcs.start as u32..).zip(&problem.arc_columns()[arcs]) {
                let at = &mut self.start[node as usize];
                *at -= 1;
                self.items[*at as usize] = item(row, from, arc);
            }
        }
    }

    fn of(&self, node: u32) -> &[T] {
        &self.items[self.start[node as usize] as usize..self.start[node as usize + 1] as usize]
    }
}

/// Visits the nodes from where a residual arc of no row leads to a node, each with the length of the arc.
#[inline]
fn for_each_link(flow: &Flow<'_>, lengths: &impl Lengths, node: u32, mut visit: impl FnMut(u32, i64)) {
    let problem = flow.problem();
    for &class in problem.classes_of(node) {
        visit(class, lengths.out(class, node));
    }
    for &column in problem.class_of(node) {
        if flow.holds_for(column, node) {
            visit(column, -lengths.out(node, column));
        }
    }
    for &child in problem.node_children(node) {
        if flow.has_room(child) {
            visit(child, lengths.link(child));
        }
    }
    let parent = problem.node_parent(node);
    if parent != NONE && flow.load(node) > 0 {
        visit(parent, -lengths.link(node));
    }
}

/// Returns the nodes from where an arc leads to the sink.
fn last_nodes(flow: &Flow<'_>) -> impl Iterator<Item = u32> {
    let problem = flow.problem();
    (0..problem.node_count() as u32).filter(move |&node| problem.node_parent(node) == NONE && flow.has_room(node))
}

/// Distance labels of the nodes, and the memory for computing and using them.
#[derive(Debug, Clone)]
pub(crate) struct Labels {
    /// From which nodes rows could come.
    nodes: Incidence<u32>,
    /// Which rows could come, and by which of their arcs.
    rows: Incidence<(u32, u32)>,
    label: Vec<u32>,
    /// How many nodes have each label, and the least label that none has any more.
    count: Vec<u32>,
    gap: u32,
    /// How many arcs have been looked at.
    work: usize,
    are_worn: bool,
    steps: Vec<Step>,
    path: Vec<u32>,
    distance: Vec<i64>,
    queue: VecDeque<(i64, u32, u32)>,
    heap: BinaryHeap<Reverse<(i64, u32, u32)>>,
}

impl Labels {
    /// Returns labels that must be [measured](Self::measure) or [counted](Self::count) before use.
    pub(crate) fn new(problem: &Problem) -> Self {
        let nodes = problem.vertex_count();
        Self {
            nodes: Incidence::default(),
            rows: Incidence::default(),
            label: vec![UNREACHABLE; nodes],
            count: vec![0; nodes + 2],
            gap: UNREACHABLE,
            work: 0,
            are_worn: true,
            steps: vec![Step::Down; nodes],
            path: Vec::new(),
            distance: Vec::new(),
            queue: VecDeque::new(),
            heap: BinaryHeap::new(),
        }
    }

    /// Returns whether the labels are of no use: never exact so far, or found wanting.
    pub(crate) fn are_worn(&self) -> bool {
        self.are_worn
    }

    /// Notes that the labels did not lead to a place though there was one.
    pub(crate) fn wear_out(&mut self) {
        self.are_worn = true;
    }

    /// Returns the length of a shortest path from a node to the sink when it was last measured.
    pub(crate) fn distance(&self, node: u32) -> Option<i64> {
        let distance = self.distance[node as usize];
        (distance != i64::MAX).then_some(distance)
    }

    fn forget(&mut self) {
        self.are_worn = false;
        self.label.fill(UNREACHABLE);
        self.count.fill(0);
        self.gap = UNREACHABLE;
    }

    /// Computes the labels for arcs that are all tight.
    pub(crate) fn count(&mut self, flow: &Flow<'_>) {
        self.forget();
        self.nodes.fill(flow, |_, from, _| from);
        let Self { label, path: order, .. } = self;
        order.clear();
        order.extend(last_nodes(flow));
        for &node in order.iter() {
            label[node as usize] = 1;
        }
        let mut next = 0;
        while let Some(&node) = order.get(next) {
            next += 1;
            let own = label[node as usize];
            self.count[own as usize] += 1;
            let mut reach = |from: u32| {
                if label[from as usize] == UNREACHABLE {
                    label[from as usize] = own + 1;
                    order.push(from);
                }
            };
            self.nodes.of(node).iter().for_each(|&from| reach(from));
            for_each_link(flow, &Unweighted, node, |from, _| reach(from));
        }
    }

    /// Computes the distance of each node to the sink, and as label the number of arcs of a shortest path that has
    /// the fewest.
    ///
    /// The labels hold for the graph of arcs that are tight once each node's distance has been added to its potential.
    pub(crate) fn measure(&mut self, flow: &Flow<'_>, lengths: &impl Lengths) {
        self.forget();
        self.rows.fill(flow, |row, _, arc| (row, arc));
        self.distance.clear();
        self.distance.resize(self.label.len(), i64::MAX);
        for node in last_nodes(flow) {
            self.relax(node, lengths.link(node), 1, 0);
        }
        while let Some((distance, label, node)) = self.nearest() {
            if (distance, label) != (self.distance[node as usize], self.label[node as usize]) {
                continue;
            }
            self.count[label as usize] += 1;
            let rows = std::mem::take(&mut self.rows);
            for &(row, arc) in rows.of(node) {
                if let Some(from) = flow.node_of(row)
                    && self.distance[from as usize] >= distance
                    && from != node
                {
                    self.relax(from, distance + lengths.arc(row, arc as usize), label + 1, distance);
                }
            }
            self.rows = rows;
            for_each_link(flow, lengths, node, |from, length| self.relax(from, distance + length, label + 1, distance));
        }
    }

    /// Improves a node's distance and label; `current` is the distance of the node being left.
    fn relax(&mut self, node: u32, distance: i64, label: u32, current: i64) {
        let index = node as usize;
        if (distance, label) < (self.distance[index], self.label[index]) {
            self.distance[index] = distance;
            self.label[index] = label;
            // What is no further than the current node comes next after all that is queued: fewest arcs first.
            if distance == current {
                self.queue.push_back((distance, label, node));
            } else {
                self.heap.push(Reverse((distance, label, node)));
            }
        }
    }

    fn nearest(&mut self) -> Option<(i64, u32, u32)> {
        match (self.queue.front(), self.heap.peek()) {
            (Some(queued), Some(Reverse(heaped))) if heaped < queued => self.heap.pop().map(|Reverse(entry)| entry),
            (Some(_), _) => self.queue.pop_front(),
            (None, _) => self.heap.pop().map(|Reverse(entry)| entry),
        }
    }

    /// Augments along tight arcs from an unplaced row; returns whether there was a path.
    ///
    /// It gives up when that takes long, but never as long as the labels are exact.
    pub(crate) fn place(&mut self, flow: &mut Flow<'_>, row: u32, lengths: &impl Lengths) -> bool {
        self.path.clear();
        let patience = self.work + flow.problem().arc_count() / PATIENCE_PART;
        loop {
            let Some(&node) = self.path.last() else {
                match self.nearest_column(flow, row, lengths) {
                    Some((arc, column)) => self.advance(column, Step::Arc { row, arc }),
                    None => return false,
                }
                continue;
            };
            match self.way_on(flow, node, lengths) {
                Ok(None) => {
                    flow.augment(node, &self.steps);
                    return true;
                }
                Ok(Some((next, step))) => self.advance(next, step),
                Err(least) => {
                    self.raise(node, least.saturating_add(1));
                    self.path.pop();
                    if self.work > patience {
                        return false;
                    }
                }
            }
        }
    }

    fn advance(&mut self, node: u32, step: Step) {
        self.steps[node as usize] = step;
        self.path.push(node);
    }

    /// Returns the tight arc of a row to a column of least label.
    fn nearest_column(&mut self, flow: &Flow<'_>, row: u32, lengths: &impl Lengths) -> Option<(u32, u32)> {
        let problem = flow.problem();
        let arcs = problem.arc_range(row);
        self.work += arcs.len();
        arcs.map(|arc| (self.label_of(problem.arc_column(arc)), arc))
            .filter(|&(label, arc)| label != UNREACHABLE && lengths.arc(row, arc) == 0)
            .min()
            .map(|(_, arc)| (arc as u32, problem.arc_column(arc)))
    }

    /// Finds a tight arc on the way to the sink, `None` if the sink comes next; or else the least label ahead.
    fn way_on(&mut self, flow: &Flow<'_>, node: u32, lengths: &impl Lengths) -> Result<Option<(u32, Step)>, u32> {
        let problem = flow.problem();
        let wanted = self.label[node as usize] - 1;
        let mut least = UNREACHABLE;
        if flow.has_room(node) && lengths.link(node) == 0 {
            let parent = problem.node_parent(node);
            if parent == NONE {
                return Ok(None);
            }
            least = self.label_of(parent);
            if least <= wanted {
                return Ok(Some((parent, Step::Up(node))));
            }
        }
        let children = problem.node_children(node);
        for &child in children {
            if flow.load(child) > 0 && lengths.link(child) == 0 {
                let label = self.label_of(child);
                if label <= wanted {
                    return Ok(Some((child, Step::Down)));
                }
                least = least.min(label);
            }
        }
        let columns = problem.class_of(node);
        for &column in columns {
            let label = self.label_of(column);
            if label < least && lengths.out(node, column) == 0 {
                if label <= wanted {
                    return Ok(Some((column, Step::Out(node))));
                }
                least = label;
            }
        }
        for class in flow.held_for(node) {
            let label = self.label_of(class);
            if label <= wanted {
                return Ok(Some((class, Step::Back(node))));
            }
            least = least.min(label);
        }
        self.work += 1 + children.len() + columns.len();
        for &row in flow.occupants(node) {
            let arcs = problem.arc_range(row);
            self.work += arcs.len();
            for arc in arcs {
                let column = problem.arc_column(arc);
                let label = self.label_of(column);
                if label < least && lengths.arc(row, arc) == 0 {
                    if label <= wanted {
                        return Ok(Some((column, Step::Arc { row, arc: arc as u32 })));
                    }
                    least = label;
                }
            }
        }
        Err(least)
    }

    /// Declares the sink out of reach of some nodes.
    pub(crate) fn exclude(&mut self, nodes: &[u32]) {
        for &node in nodes {
            self.label[node as usize] = UNREACHABLE;
        }
    }

    fn label_of(&self, node: u32) -> u32 {
        let label = self.label[node as usize];
        if label > self.gap { UNREACHABLE } else { label }
    }

    fn raise(&mut self, node: u32, to: u32) {
        let old = std::mem::replace(&mut self.label[node as usize], to);
        self.count[old as usize] -= 1;
        if self.count[old as usize] == 0 {
            self.gap = self.gap.min(old);
        }
        match self.count.get_mut(to as usize) {
            Some(count) => *count += 1,
            None => self.label[node as usize] = UNREACHABLE,
        }
    }
}
