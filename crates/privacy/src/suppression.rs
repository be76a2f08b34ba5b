//! Tables of counts in which nobody stands out.
//!
//! **Problem.** A table of counts is published with its sums. Counts of 1 to 4 tell of few people and are left out (primary suppression). What is left
//! out must not follow from the sums, so that others are left out too (complementary suppression). The last row, the sums of the columns, is of
//! everybody: it is the same in every table of the same people, and lists tell it too. So it is known, and is shown, whatever it is.
//!
//! **Notation.** With its sums as a last column and a last row, a table is a matrix in which each row and each column satisfies one equation:
//! what stands in it adds up to its sum. The suppressed cells are the edges of a bipartite graph between rows and columns.
//!
//! **Invariant.** The equations determine a suppressed cell exactly if its edge is a *bridge*: along a cycle of suppressed cells
//! one can add and take away the same number in turn, and every equation still holds; where the removal of an edge leaves two parts, the equations of one
//! part add up to that cell alone. So to each bridge the cheapest cycle through it is added until there is none. Besides, the cells left out of a line
//! whose sum is known stand for five people at least, or their sum would tell of each; where the whole column has fewer, all of it is left out.
//!
//! **Termination.** Each step suppresses a cell more, and two rows or more, all of them suppressed, have no bridge. (A single row is the row of
//! sums over again.)
//!
//! References: Gusfield, *A graph theoretic approach to statistical data security*, SIAM Journal on Computing 17 (1988); Hundepool and others,
//! *Statistical disclosure control*, Wiley 2012, chapter 4.

use crate::LEAST;

/// A table with its sums, and without what would tell of few people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppressed {
    /// The rows, each with its sum at the end, and the row of sums; `None` where a count is left out.
    pub rows: Vec<Vec<Option<u32>>>,
}

/// Leaves out of a table and the sums of its rows the counts below [`LEAST`], and those from which they could be computed.
///
/// The sums of the columns are known and shown. So are zeros, unless they have to hide others: they tell that there is nobody. Every row must be as long
/// as the first.
///
/// # Complexity
///
/// O(cells³ × lines): for tables that people read.
pub fn suppress(counts: &[Vec<u32>]) -> Suppressed {
    let mut matrix = Matrix::with_sums(counts);
    loop {
        let cells = matrix.next_to_hide();
        if cells.is_empty() {
            break;
        }
        for (row, column) in cells {
            matrix.hidden[row][column] = true;
        }
    }
    let shown = |(row, hidden): (&Vec<u32>, &Vec<bool>)| {
        row.iter().zip(hidden).map(|(&count, &hidden)| (!hidden).then_some(count)).collect()
    };
    Suppressed { rows: matrix.counts.iter().zip(&matrix.hidden).map(shown).collect() }
}

type Cell = (usize, usize);

/// A table with its sums as the last row and the last column.
struct Matrix {
    counts: Vec<Vec<u32>>,
    hidden: Vec<Vec<bool>>,
}

impl Matrix {
    fn with_sums(table: &[Vec<u32>]) -> Self {
        let columns = table.first().map_or(0, Vec::len);
        let mut counts: Vec<Vec<u32>> = table.to_vec();
        counts.push((0..columns).map(|column| table.iter().map(|row| row[column]).sum()).collect());
        for row in &mut counts {
            row.push(row.iter().sum());
        }
        let hide = |row: &Vec<u32>| row.iter().map(|count| (1..LEAST).contains(count)).collect();
        let mut hidden: Vec<Vec<bool>> = counts.iter().map(hide).collect();
        if let Some(sums) = hidden.last_mut() {
            sums.fill(false);
        }
        Self { counts, hidden }
    }

    fn height(&self) -> usize {
        self.counts.len()
    }

    fn width(&self) -> usize {
        self.counts[0].len()
    }

    /// Returns the cells that may be hidden: all but the sums of the columns.
    fn cells(&self) -> impl Iterator<Item = Cell> + use<> {
        let (height, width) = (self.height() - 1, self.width());
        (0..height).flat_map(move |row| (0..width).map(move |column| (row, column)))
    }

    fn is_hidden(&self, (row, column): Cell) -> bool {
        self.hidden[row][column]
    }

    /// Returns the cells to suppress next; none where all is done.
    fn next_to_hide(&self) -> Vec<Cell> {
        let mut hidden = self.cells().filter(|&cell| self.is_hidden(cell));
        if let Some(path) = hidden.find_map(|cell| Some(self.around(cell)).filter(|path| !path.is_empty())) {
            return path;
        }
        let rows = (0..self.height() - 1).find_map(|row| self.beside_few(|at| (row, at), self.width()));
        rows.or_else(|| (0..self.width()).find_map(|column| self.beside_few(|at| (at, column), self.height())))
            .into_iter()
            .collect()
    }

    /// Returns the cells that make, with hidden ones, the cheapest cycle through a hidden cell; none where hidden ones alone make one.
    ///
    /// This is the shortest path from the row to the column of the cell, by Bellman and Ford's algorithm.
    fn around(&self, hidden: Cell) -> Vec<Cell> {
        let (height, width) = (self.height(), self.width());
        let end = height + hidden.1;
        // The least loss on the way to a row or a column, and the cell by which it is reached.
        let mut reached: Vec<Option<(u64, Option<Cell>)>> = vec![None; height + width];
        reached[hidden.0] = Some((0, None));
        for _ in 0..height + width {
            for cell in self.cells().filter(|&cell| cell != hidden) {
                let (row, column) = (cell.0, height + cell.1);
                for (from, to) in [(row, column), (column, row)] {
                    let Some((loss, _)) = reached[from] else { continue };
                    let loss = loss + self.loss(cell);
                    if reached[to].is_none_or(|(best, _)| loss < best) {
                        reached[to] = Some((loss, Some(cell)));
                    }
                }
            }
        }
        let (mut path, mut at) = (Vec::new(), end);
        while let Some((_, Some(cell))) = reached[at] {
            at = if at < height { height + cell.1 } else { cell.0 };
            path.push(cell);
        }
        path.retain(|&cell| !self.is_hidden(cell));
        path
    }

    /// Returns a cell to hide besides those of a line that stand for too few people, where the line's sum is shown.
    fn beside_few(&self, cell: impl Fn(usize) -> Cell, length: usize) -> Option<Cell> {
        let (sum, inner) = (cell(length - 1), 0..length - 1);
        let hidden = || inner.clone().map(&cell).filter(|&cell| self.is_hidden(cell));
        let people: u32 = hidden().map(|(row, column)| self.counts[row][column]).sum();
        if self.is_hidden(sum) || hidden().next().is_none() || people >= LEAST {
            return None;
        }
        self.least((0..length).map(&cell))
    }

    /// Returns the cell of those that are shown whose loss is least.
    fn least(&self, cells: impl Iterator<Item = Cell>) -> Option<Cell> {
        cells.filter(|&cell| cell.0 < self.height() - 1 && !self.is_hidden(cell)).min_by_key(|&cell| (self.loss(cell), cell))
    }

    /// Returns what is lost with a cell: nothing if it is hidden, more where it is a sum, most where it is empty, since that protects nobody.
    fn loss(&self, cell @ (row, column): Cell) -> u64 {
        let is_sum = column == self.width() - 1;
        match self.counts[row][column] {
            _ if self.is_hidden(cell) => 0,
            0 => 1 << 48,
            count => 1 + u64::from(count) + (u64::from(is_sum) << 40),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PRIME: u64 = 2_147_483_647;

    /// Returns whether the equations of a table determine a hidden cell: by elimination modulo a prime, knowing nothing of graphs.
    fn is_determined(table: &Suppressed, wanted: Cell) -> bool {
        let (height, width) = (table.rows.len(), table.rows[0].len());
        let hidden: Vec<Cell> = (0..height)
            .flat_map(|row| (0..width).map(move |column| (row, column)))
            .filter(|&(row, column)| table.rows[row][column].is_none())
            .collect();
        let sign = |at: usize, last: usize| if at == last { PRIME - 1 } else { 1 };
        let mut equations: Vec<Vec<u64>> = (0..height)
            .map(|line| hidden.iter().map(|&(row, column)| if row == line { sign(column, width - 1) } else { 0 }).collect())
            .collect();
        equations.extend((0..width).map(|line| {
            hidden.iter().map(|&(row, column)| if column == line { sign(row, height - 1) } else { 0 }).collect::<Vec<_>>()
        }));
        let rank_before = rank(equations.clone());
        equations.push(hidden.iter().map(|&cell| u64::from(cell == wanted)).collect());
        rank(equations) == rank_before
    }

    fn rank(mut rows: Vec<Vec<u64>>) -> usize {
        let power = |base: u64, mut exponent: u64| {
            let (mut base, mut result) = (base, 1);
            while exponent > 0 {
                if exponent % 2 == 1 {
                    result = result * base % PRIME;
                }
                base = base * base % PRIME;
                exponent /= 2;
            }
            result
        };
        let mut rank = 0;
        for column in 0..rows[0].len() {
            let Some(pivot) = (rank..rows.len()).find(|&row| rows[row][column] != 0) else { continue };
            rows.swap(rank, pivot);
            let inverse = power(rows[rank][column], PRIME - 2);
            let pivot_row = rows[rank].clone();
            for row in rows.iter_mut().skip(rank + 1) {
                let factor = row[column] * inverse % PRIME;
                for (value, pivot) in row.iter_mut().zip(&pivot_row) {
                    *value = (*value + PRIME - factor * pivot % PRIME) % PRIME;
                }
            }
            rank += 1;
        }
        rank
    }

    fn tables() -> impl Strategy<Value = Vec<Vec<u32>>> {
        (2..6_usize, 1..5_usize).prop_flat_map(|(height, width)| {
            prop::collection::vec(prop::collection::vec(prop_oneof![Just(0_u32), 1..8_u32, 5..400_u32], width), height)
        })
    }

    proptest! {
        #[test]
        fn no_small_count_is_shown_or_follows_from_what_is(table in tables()) {
            let suppressed = suppress(&table);
            let sums = Matrix::with_sums(&table);
            prop_assert!(suppressed.rows[table.len()].iter().all(Option::is_some));
            for cell @ (row, column) in sums.cells() {
                match suppressed.rows[row][column] {
                    Some(shown) => {
                        prop_assert_eq!(shown, sums.counts[row][column]);
                        prop_assert!(!(1..LEAST).contains(&shown));
                    }
                    None => prop_assert!(!is_determined(&suppressed, cell), "{:?} of {:?}", cell, suppressed),
                }
            }
        }
    }

    #[test]
    fn a_table_without_small_counts_is_shown_as_it_is() {
        let table = suppress(&[vec![5, 0], vec![7, 9]]);
        assert_eq!(table.rows, [[Some(5), Some(0), Some(5)], [Some(7), Some(9), Some(16)], [Some(12), Some(9), Some(21)]]);
    }

    /// One small count of a table takes three others with it.
    #[test]
    fn one_small_count_takes_the_least_of_the_others_with_it() {
        let table = suppress(&[vec![3, 40, 10], vec![20, 6, 30], vec![50, 60, 70]]);
        let shown = |row: usize| table.rows[row].iter().map(Option::is_some).collect::<Vec<_>>();
        assert_eq!(table.rows[3], [Some(73), Some(106), Some(110), Some(289)]);
        assert_eq!((0..3).map(|row| shown(row).iter().filter(|shown| !*shown).count()).sum::<usize>(), 4);
        assert_eq!(shown(2), [true; 4]);
    }
}
