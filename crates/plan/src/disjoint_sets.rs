//! Disjoint sets of row numbers.

/// Disjoint sets of row numbers, each row at first in one of its own.
///
/// # Complexity
///
/// O(log n), amortised over unions and look-ups.
///
/// # References
///
/// Tarjan and van Leeuwen, *Worst-case analysis of set union algorithms*, Journal of the ACM 31 (1984): path halving. Sets are
/// linked to the one with the least row, so that the representative is the same for any order of unions.
pub(crate) struct DisjointSets {
    parent: Vec<usize>,
}

impl DisjointSets {
    pub(crate) fn new(rows: usize) -> Self {
        Self { parent: (0..rows).collect() }
    }

    /// Returns the least row of a row's set.
    pub(crate) fn find(&mut self, mut row: usize) -> usize {
        while self.parent[row] != row {
            self.parent[row] = self.parent[self.parent[row]];
            row = self.parent[row];
        }
        row
    }

    /// Makes the sets of two rows one.
    pub(crate) fn unite(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        self.parent[a.max(b)] = a.min(b);
    }

    /// Makes the sets of some rows one.
    pub(crate) fn unite_all(&mut self, mut rows: impl Iterator<Item = usize>) {
        if let Some(first) = rows.next() {
            rows.for_each(|row| self.unite(first, row));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_row_stands_for_its_set() {
        let mut sets = DisjointSets::new(6);
        sets.unite_all([5, 3, 4].into_iter());
        sets.unite(4, 1);
        sets.unite_all(std::iter::empty());
        assert_eq!([0, 1, 2, 3, 4, 5].map(|row| sets.find(row)), [0, 1, 2, 1, 1, 1]);
    }
}
