//! The search for an exchange: can a row sit elsewhere while everybody else who sits keeps some place?
//!
//! # Problem
//!
//! Given a placement, a row that has just been taken out of it, and some arcs of this row: find a path of residual arcs (see
//! [`flow`](crate::flow)) from one of these to where there is room, or prove that there is none. Room is where the row
//! sat, and perhaps elsewhere. Other rows move along their *live* arcs only; arcs are struck one after the other and
//! never come back.
//!
//! # Two sides
//!
//! Mostly there is room in one column only, and a search that goes ahead from the row would walk through half the
//! network before it comes across it. So another search goes back from where the row sat, through the rows that would
//! rather sit there or might have to, and whichever has looked at less goes on. They meet after about the square root of what
//! one would look at; and if one side finds nothing more, it has not looked at much more than the other.
//!
//! # Parts
//!
//! Whether an arc can be used by some placement of the same rows does not depend on the placement at hand: it can if it
//! leads from where its row sits to a node of the same strongly connected component of the residual network (with the
//! sink; residual networks of two placements differ by turning cycles around, which keeps their nodes together).
//! Striking arcs only splits components. *Parts* are sets of nodes that are unions of components: everything at first.
//! A search that goes ahead and fails has found nodes that no path leaves, one that goes back nodes that no path enters
//! from elsewhere; in either case they are a part of their own from then on. No search leaves its part, and an arc
//! from one part to another needs none.
//!
//! At first there are two parts: the nodes from where there is a way to the sink, and the others. In the first part there
//! may be room besides where the row sat. That is left to the search ahead, which sees it at once; the search back
//! would have to begin with all of it, and proves nothing there.
//!
//! # Complexity
//!
//! A search that fails takes time in proportion to what is split off, if it is in another part than the first; one that
//! succeeds O(arcs + nodes) at worst.
//!
//! # References
//!
//! I. Pohl: Bi-directional search, Machine Intelligence 6, 1971.
//! A. Dulmage, N. Mendelsohn: Coverings of bipartite graphs, Canad. J. Math. 1958 (components do not depend on the
//! matching).

use crate::Problem;
use crate::flow::{Flow, Step};
use crate::problem::NONE;

/// The part of the nodes from where there may be a way to the sink.
const WITH_SINK: u32 = 0;

/// Searches exchanges in one placement.
#[derive(Debug)]
pub(crate) struct Exchange<'p> {
    problem: &'p Problem,
    /// The arcs of each row and where they lead, the live ones first, and how many those are.
    arcs: Vec<(u32, u32)>,
    live: Vec<u32>,
    /// Where the arcs that lead to each node start in `wanted`, how many of them are live, and the row and arc of each.
    wanted_start: Vec<u32>,
    wanted_live: Vec<u32>,
    wanted: Vec<(u32, u32)>,
    /// Where each live arc is in `wanted`.
    wanted_at: Vec<u32>,
    part: Vec<u32>,
    parts: u32,
    ahead: Side,
    back: Side,
    /// How the search ahead came to each node.
    steps: Vec<Step>,
    /// The node after each node that the search back came to, and the step there.
    onward: Vec<(u32, Step)>,
}

/// What one side of a search has seen.
#[derive(Debug)]
struct Side {
    /// The number of the last search that came to each node.
    mark: Vec<u32>,
    current: u32,
    /// The nodes that the current search came to, and how many of them it has looked beyond.
    queue: Vec<u32>,
    next: usize,
    /// How much it has looked at.
    work: usize,
}

impl<'p> Exchange<'p> {
    /// Returns searches for the rows that are placed, with all arcs live.
    pub(crate) fn new(flow: &Flow<'p>) -> Self {
        let problem = flow.problem();
        let nodes = problem.vertex_count();
        let mut live = vec![0; problem.row_count()];
        let mut wanted_live = vec![0; nodes];
        let mut wanted = vec![(NONE, NONE); problem.arc_count()];
        let mut wanted_at = vec![NONE; problem.arc_count()];
        let mut wanted_start = vec![0; nodes + 1];
        for &node in problem.arc_columns() {
            wanted_start[node as usize + 1] += 1;
        }
        for node in 0..nodes {
            wanted_start[node + 1] += wanted_start[node];
        }
        for row in (0..problem.row_count() as u32).filter(|&row| flow.arc_of(row).is_some()) {
            let range = problem.arc_range(row);
            live[row as usize] = range.len() as u32;
            for arc in range {
                let node = problem.arc_column(arc) as usize;
                let at = wanted_start[node] + wanted_live[node];
                wanted[at as usize] = (row, arc as u32);
                wanted_at[arc] = at;
                wanted_live[node] += 1;
            }
        }
        let mut exchange = Self {
            problem,
            arcs: (0..).zip(problem.arc_columns().iter().copied()).collect(),
            live,
            wanted_start,
            wanted_live,
            wanted,
            wanted_at,
            part: vec![WITH_SINK; nodes],
            parts: 1,
            ahead: Side::new(nodes),
            back: Side::new(nodes),
            steps: vec![Step::Down; nodes],
            onward: vec![(NONE, Step::Down); nodes],
        };
        exchange.split_from_sink(flow);
        exchange
    }

    /// Makes the nodes from where there is no way to the sink a part of their own.
    fn split_from_sink(&mut self, flow: &Flow<'_>) {
        self.back.begin();
        let nodes = 0..self.problem.node_count() as u32;
        for node in nodes.filter(|&node| self.problem.node_parent(node) == NONE && flow.has_room(node)) {
            self.back.reach(node);
        }
        while let Some(&node) = self.back.queue.get(self.back.next) {
            self.look_back(flow, WITH_SINK, node);
        }
        for node in (0..self.part.len() as u32).filter(|&node| !self.back.has_reached(node)) {
            self.part[node as usize] = self.parts;
        }
        self.parts += 1;
    }

    /// Returns the live arcs of a row, and where they lead.
    fn live_arcs(&self, row: u32) -> &[(u32, u32)] {
        let start = self.problem.arc_range(row).start;
        &self.arcs[start..start + self.live[row as usize] as usize]
    }

    /// Returns the live arcs of a row that sits at `seat` by which it may come to sit elsewhere.
    pub(crate) fn open_arcs(&self, row: u32, seat: u32) -> impl Iterator<Item = u32> {
        let part = self.part[seat as usize];
        let open = move |&&(_, node): &&(u32, u32)| self.part[node as usize] == part;
        self.live_arcs(row).iter().filter(open).map(|&(arc, _)| arc)
    }

    /// Strikes the arcs of a row that do not cost so much.
    pub(crate) fn keep_level(&mut self, row: u32, cost: i64) {
        let range = self.problem.arc_range(row);
        let live = self.live[row as usize] as usize;
        let mut kept = 0;
        for at in range.start..range.start + live {
            if self.problem.arc_cost(self.arcs[at].0 as usize) == cost {
                self.arcs.swap(range.start + kept, at);
                kept += 1;
            }
        }
        self.live[row as usize] = kept as u32;
        // A row with one arc left does not move any more either.
        let stays = if kept == 1 { 0 } else { kept };
        for at in range.start + stays..range.start + live {
            self.strike(self.arcs[at].0);
        }
    }

    /// Forgets that somebody wants where an arc leads.
    fn strike(&mut self, arc: u32) {
        let node = self.problem.arc_column(arc as usize) as usize;
        self.wanted_live[node] -= 1;
        let last = (self.wanted_start[node] + self.wanted_live[node]) as usize;
        let at = self.wanted_at[arc as usize] as usize;
        self.wanted.swap(at, last);
        self.wanted_at[self.wanted[at].1 as usize] = at as u32;
    }

    /// Places a row that has just left a column by one of these arcs, if that is possible.
    pub(crate) fn place(&mut self, flow: &mut Flow<'_>, row: u32, left: u32, arcs: &[u32]) -> bool {
        let end = self.find(flow, row, left, arcs);
        if let Some(end) = end {
            flow.augment(end, &self.steps);
        }
        end.is_some()
    }

    fn find(&mut self, flow: &Flow<'_>, row: u32, left: u32, arcs: &[u32]) -> Option<u32> {
        let part = self.part[left as usize];
        self.ahead.begin();
        self.back.begin();
        // From the column upwards there is room, up to the sink.
        let mut node = left;
        while node != NONE {
            let parent = self.problem.node_parent(node);
            if self.part[node as usize] == part {
                self.back.reach(node);
            }
            self.onward[node as usize] = (parent, Step::Up(node));
            node = parent;
        }
        for &arc in arcs {
            let end = self.visit(flow, part, self.problem.arc_column(arc as usize), Step::Arc { row, arc });
            if end.is_some() {
                return end;
            }
        }
        loop {
            let Some(&next) = self.ahead.queue.get(self.ahead.next) else {
                self.split(|exchange| &exchange.ahead);
                return None;
            };
            let effort = self.ahead.work + self.effort_ahead(flow, next);
            let end = match self.back.queue.get(self.back.next) {
                None if part != WITH_SINK => {
                    self.split(|exchange| &exchange.back);
                    return None;
                }
                Some(&node) if self.back.work + self.effort_back(node) < effort => self.look_back(flow, part, node),
                _ => self.look_ahead(flow, part, next),
            };
            if end.is_some() {
                return end;
            }
        }
    }

    /// Makes the nodes that one side came to a part of their own.
    fn split(&mut self, side: impl Fn(&Self) -> &Side) {
        for at in 0..side(self).queue.len() {
            let node = side(self).queue[at];
            self.part[node as usize] = self.parts;
        }
        self.parts += 1;
    }

    fn effort_ahead(&self, flow: &Flow<'_>, node: u32) -> usize {
        1 + flow.occupants(node).len() + self.problem.node_children(node).len() + self.problem.class_of(node).len()
    }

    fn effort_back(&self, node: u32) -> usize {
        let classes = self.problem.classes_of(node).len() + self.problem.class_of(node).len();
        1 + self.wanted_live[node as usize] as usize + self.problem.node_children(node).len() + classes
    }

    /// Follows the residual arcs that leave a node; returns the end of a path if one is found.
    fn look_ahead(&mut self, flow: &Flow<'_>, part: u32, node: u32) -> Option<u32> {
        self.ahead.next += 1;
        self.ahead.work += self.effort_ahead(flow, node);
        let problem = self.problem;
        for &child in problem.node_children(node) {
            if flow.load(child) > 0
                && let Some(end) = self.visit(flow, part, child, Step::Down)
            {
                return Some(end);
            }
        }
        for &column in problem.class_of(node) {
            if let Some(end) = self.visit(flow, part, column, Step::Out(node)) {
                return Some(end);
            }
        }
        for class in flow.held_for(node) {
            if let Some(end) = self.visit(flow, part, class, Step::Back(node)) {
                return Some(end);
            }
        }
        for &row in flow.occupants(node) {
            let start = problem.arc_range(row).start;
            let live = self.live[row as usize] as usize;
            self.ahead.work += live;
            for at in start..start + live {
                let (arc, node) = self.arcs[at];
                if let Some(end) = self.visit(flow, part, node, Step::Arc { row, arc }) {
                    return Some(end);
                }
            }
        }
        None
    }

    /// Comes to a node and, as far as there is room, to those above it; returns the end of a path if one is found.
    fn visit(&mut self, flow: &Flow<'_>, part: u32, mut node: u32, mut step: Step) -> Option<u32> {
        while self.part[node as usize] == part && !self.ahead.has_reached(node) {
            self.ahead.reach(node);
            self.steps[node as usize] = step;
            if self.back.has_reached(node) {
                return Some(self.join(node));
            }
            if !flow.has_room(node) {
                return None;
            }
            let parent = self.problem.node_parent(node);
            if parent == NONE {
                return Some(node);
            }
            step = Step::Up(node);
            node = parent;
        }
        None
    }

    /// Follows the residual arcs that lead to a node backwards; returns the end of a path if one is found.
    fn look_back(&mut self, flow: &Flow<'_>, part: u32, node: u32) -> Option<u32> {
        self.back.next += 1;
        self.back.work += self.effort_back(node);
        let problem = self.problem;
        let parent = problem.node_parent(node);
        if parent != NONE
            && flow.load(node) > 0
            && let Some(end) = self.visit_back(part, parent, (node, Step::Down))
        {
            return Some(end);
        }
        for &child in problem.node_children(node) {
            if flow.has_room(child)
                && let Some(end) = self.visit_back(part, child, (node, Step::Up(child)))
            {
                return Some(end);
            }
        }
        for &class in problem.classes_of(node) {
            if let Some(end) = self.visit_back(part, class, (node, Step::Out(class))) {
                return Some(end);
            }
        }
        for &column in problem.class_of(node) {
            if flow.holds_for(column, node)
                && let Some(end) = self.visit_back(part, column, (node, Step::Back(column)))
            {
                return Some(end);
            }
        }
        let start = self.wanted_start[node as usize] as usize;
        for at in start..start + self.wanted_live[node as usize] as usize {
            let (row, arc) = self.wanted[at];
            if let Some(seat) = flow.node_of(row).filter(|&seat| seat != node)
                && let Some(end) = self.visit_back(part, seat, (node, Step::Arc { row, arc }))
            {
                return Some(end);
            }
        }
        None
    }

    /// Comes to a node from the one after it; returns the end of a path if one is found.
    fn visit_back(&mut self, part: u32, node: u32, onward: (u32, Step)) -> Option<u32> {
        if self.part[node as usize] != part || self.back.has_reached(node) {
            return None;
        }
        self.back.reach(node);
        self.onward[node as usize] = onward;
        self.ahead.has_reached(node).then(|| self.join(node))
    }

    /// Returns the end of the path that leads on from a node to which both sides came.
    fn join(&mut self, mut node: u32) -> u32 {
        loop {
            let (next, step) = self.onward[node as usize];
            if next == NONE {
                return node;
            }
            self.steps[next as usize] = step;
            node = next;
        }
    }
}

impl Side {
    fn new(nodes: usize) -> Self {
        Self { mark: vec![0; nodes], current: 1, queue: Vec::new(), next: 0, work: 0 }
    }

    fn begin(&mut self) {
        self.queue.clear();
        self.next = 0;
        self.work = 0;
        self.current = self.current.checked_add(1).unwrap_or_else(|| {
            self.mark.fill(0);
            1
        });
    }

    fn reach(&mut self, node: u32) {
        self.mark[node as usize] = self.current;
        self.queue.push(node);
    }

    fn has_reached(&self, node: u32) -> bool {
        self.mark[node as usize] == self.current
    }
}
