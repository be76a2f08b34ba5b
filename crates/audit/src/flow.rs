//! Maximum flow by blocking flows.
//!
//! # References
//!
//! E. A. Dinic, "Algorithm for solution of a problem of maximum flow in networks with power estimation", Soviet Mathematics
//! Doklady 11 (1970). For networks such as these, in which an applicant passes on one unit, the number of phases is
//! O(√applicants): S. Even and R. E. Tarjan, "Network flow and testing graph connectivity", SIAM Journal on Computing 4
//! (1975).

/// A capacity that nothing can use up: there are fewer than 2³¹ applicants.
pub(crate) const UNBOUNDED: u32 = 1 << 31;

/// The arcs of a network that is being built.
#[derive(Debug, Default)]
pub(crate) struct Arcs(Vec<(u32, u32, u32)>);

/// A network with a flow in it.
#[derive(Debug)]
pub(crate) struct Network {
    /// Where each node's half-arcs start, and the end of all.
    starts: Vec<u32>,
    /// Half-arcs: each arc has one at its tail, with what it can still take, and one at its head, with what can be taken
    /// back.
    half_arcs: Vec<HalfArc>,
    /// The half-arc at the tail of each arc, in the order in which arcs were added.
    at_tail: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct HalfArc {
    to: u32,
    /// The half-arc in the opposite direction.
    reverse: u32,
    residual: u32,
}

impl Arcs {
    /// Adds an arc and returns its number.
    pub(crate) fn add(&mut self, tail: usize, head: usize, capacity: u32) -> usize {
        self.0.push((tail as u32, head as u32, capacity));
        self.0.len() - 1
    }

    /// Builds the network.
    pub(crate) fn build(self, nodes: usize) -> Network {
        let mut starts = vec![0_u32; nodes + 1];
        for &(tail, head, _) in &self.0 {
            starts[tail as usize + 1] += 1;
            starts[head as usize + 1] += 1;
        }
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        let mut next = starts.clone();
        let mut half_arcs = vec![HalfArc { to: 0, reverse: 0, residual: 0 }; 2 * self.0.len()];
        let mut at_tail = Vec::with_capacity(self.0.len());
        for (tail, head, capacity) in self.0 {
            let forward = next[tail as usize];
            next[tail as usize] += 1;
            let backward = next[head as usize];
            next[head as usize] += 1;
            half_arcs[forward as usize] = HalfArc { to: head, reverse: backward, residual: capacity };
            half_arcs[backward as usize] = HalfArc { to: tail, reverse: forward, residual: 0 };
            at_tail.push(forward);
        }
        Network { starts, half_arcs, at_tail }
    }
}

impl Network {
    /// Lets an arc take any amount.
    pub(crate) fn lift(&mut self, arc: usize) {
        self.half_arcs[self.at_tail[arc] as usize].residual = UNBOUNDED;
    }

    /// Makes the flow from `source` to `sink` as large as it can be, starting from the flow there is; returns what was
    /// added.
    ///
    /// # Complexity
    ///
    /// Linear time a phase.
    pub(crate) fn maximise(&mut self, source: usize, sink: usize) -> u32 {
        let mut added = 0;
        while let Some(levels) = self.levels(source, sink) {
            added += self.block(source, sink, &levels);
        }
        added
    }

    /// Returns every node's distance from the source along arcs with room, or nothing if the sink is out of reach.
    fn levels(&self, source: usize, sink: usize) -> Option<Vec<u32>> {
        let mut levels = vec![u32::MAX; self.starts.len() - 1];
        levels[source] = 0;
        let mut queue = vec![source as u32];
        let mut next = 0;
        while let Some(&node) = queue.get(next) {
            next += 1;
            let level = levels[node as usize] + 1;
            if level > levels[sink] {
                break;
            }
            for half_arc in &self.half_arcs[self.range(node as usize)] {
                if half_arc.residual > 0 && levels[half_arc.to as usize] == u32::MAX {
                    levels[half_arc.to as usize] = level;
                    queue.push(half_arc.to);
                }
            }
        }
        (levels[sink] != u32::MAX).then_some(levels)
    }

    /// Fills every shortest path; returns what was added.
    fn block(&mut self, source: usize, sink: usize, levels: &[u32]) -> u32 {
        let mut next = self.starts.clone();
        let mut path: Vec<u32> = Vec::new();
        let mut added = 0;
        let mut node = source;
        loop {
            if node == sink {
                let room = path.iter().map(|&at| self.half_arcs[at as usize].residual).min().unwrap_or(0);
                added += room;
                for &at in &path {
                    let reverse = self.half_arcs[at as usize].reverse;
                    self.half_arcs[at as usize].residual -= room;
                    // A lifted arc may come to have its bound and what it carried before: less than 2³² together.
                    self.half_arcs[reverse as usize].residual += room;
                }
                // Go on from the tail of the first arc that is used up.
                let used_up = path.iter().position(|&at| self.half_arcs[at as usize].residual == 0).unwrap_or(0);
                node = self.tail(path[used_up]);
                path.truncate(used_up);
                continue;
            }
            let end = self.starts[node + 1];
            let onward = |at: &u32| {
                let half_arc = self.half_arcs[*at as usize];
                half_arc.residual > 0 && levels[half_arc.to as usize] == levels[node] + 1
            };
            if let Some(at) = (next[node]..end).find(onward) {
                next[node] = at;
                path.push(at);
                node = self.half_arcs[at as usize].to as usize;
            } else {
                next[node] = end;
                let Some(back) = path.pop() else { return added };
                node = self.tail(back);
                next[node] += 1;
            }
        }
    }

    fn tail(&self, half_arc: u32) -> usize {
        let reverse = self.half_arcs[half_arc as usize].reverse;
        self.half_arcs[reverse as usize].to as usize
    }

    fn range(&self, node: usize) -> std::ops::Range<usize> {
        self.starts[node] as usize..self.starts[node + 1] as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The network of Cormen, Leiserson, Rivest and Stein, "Introduction to Algorithms", section 26.1: the maximum is 23.
    #[test]
    fn a_textbook_network() {
        let mut arcs = Arcs::default();
        for (tail, head, capacity) in
            [(0, 1, 16), (0, 2, 13), (1, 3, 12), (2, 1, 4), (2, 4, 14), (3, 2, 9), (3, 5, 20), (4, 3, 7), (4, 5, 4)]
        {
            arcs.add(tail, head, capacity);
        }
        let mut network = arcs.build(6);
        assert_eq!(network.maximise(0, 5), 23);
        assert_eq!(network.maximise(0, 5), 0);
        network.lift(8);
        assert_eq!(network.maximise(0, 5), 2, "the arcs from 1 to 3 and from 0 to 2 now bind: 12 + 13");
    }
}
