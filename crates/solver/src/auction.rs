//! Where the rows of full layers go: an ε-scaling auction with a bid for every place and exact integer prices.
//!
//! # Problem
//!
//! As many rows as there are places, each row with arcs to some columns at integer costs; a placement of all rows
//! exists. Find one of least cost, and integer prices that prove it.
//!
//! # Algorithm
//!
//! Costs are multiplied by a *scale* S. Every place of a column keeps its own bid ("similar objects"), and the price
//! of the column is its lowest bid. Unplaced rows wait in a queue. A row whose cheapest column, costs and prices added,
//! is j at value v, and whose second cheapest value is w, bids w − v + ε more than the price of j, takes the place with
//! the lowest bid there, and sends whoever held it to the end of the queue. A phase ends when nobody waits; the next
//! one starts with the prices reached, all places up for bids at those prices, and a smaller ε. The last has ε = 1. The
//! others may end before the last few rows have a place: all they are for is prices to start from.
//!
//! A row may also have arcs to a class of columns. To it the price of the class is that of its cheapest column. The two
//! cheapest are remembered: prices never fall, so that they are the cheapest as long as they cost what they did. A
//! large class has a heap besides; entries further down may be out of date, and are brought up to date when they get
//! to the top.
//!
//! # Invariant
//!
//! ε-complementary slackness: a row that holds a place of column k for bid b ≥ p_k has cost_k + b ≤ cost_j + p_j + ε
//! for each of its columns j. Prices never fall.
//!
//! # Exact prices
//!
//! At the end of the last phase prices satisfy complementary slackness but for 1, in costs that are multiples of S. Let
//! r be a residue modulo S such that no row sits at a column k with p_k ≡ r (mod S) while one of its columns j has
//! cost_j + p_j = cost_k + p_k − 1. Then the integer prices ⌊(p − r) / S⌋ satisfy it exactly for the costs as given.
//! For rounding down keeps cost_k + p_k ≤ cost_j + p_j; and where that fails by one, p_k − r is not a multiple of S, so
//! that p_k and p_k − 1 round to the same. If there is no such residue, the scale is multiplied by four, prices with
//! it, and another phase is run with ε = 1. It never takes a scale larger than four times the number of columns: with
//! more residues than prices, one is free.
//!
//! # Termination and overflow
//!
//! A phase ends: every bid raises a place by at least ε, and as long as a placement exists nobody bids more than the
//! number of columns times the largest scaled cost and ε together. Costs and prices are 30-bit integers here. If they
//! get larger, or rows bid more than [`PATIENCE`] times each on average, the auction [gives up](GaveUp), and another
//! algorithm has to do. So no instance can make it run on, and none make it wrong.
//!
//! # Complexity
//!
//! At most PATIENCE × rows bids, each O(arcs of the row + places of the column), or O(log columns) more for an arc to a
//! class. In practice some 10 to 15 bids a row. Memory O(arcs + rows + places + columns in classes).
//!
//! # References
//!
//! D. Bertsekas: The auction algorithm: a distributed relaxation method for the assignment problem, Ann. Oper. Res.
//! 1988. D. Bertsekas, D. Castañon: The auction algorithm for the transportation problem, Ann. Oper. Res. 1989
//! (similar objects). A. Goldberg, R. Kennedy: An efficient cost scaling algorithm for the assignment problem,
//! Math. Program. 1995 (ε-scaling with price updates).

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;

use crate::problem::NONE;

/// The first factor that costs are multiplied by; less where costs are so large that prices have no headroom.
const FIRST_SCALE: u32 = 128;
const HEADROOM: u32 = 64;

/// By how much ε falls from phase to phase.
const EPSILON_FACTOR: u32 = 6;

/// ε of the first phase, as a part of the largest cost.
const FIRST_EPSILON_PART: u32 = 4;

/// Which part of the rows may be without a place when a phase ends that is not the last, once so few have bid as often
/// as this part of all rows.
const LAST_PART: usize = 5_000;
const LAST_BIDS_PART: usize = 8;

/// Scaled costs and prices stay below; two of them then make a `u32`.
const LIMIT: u32 = 1 << 30;

/// How many times rows may bid on average.
const PATIENCE: usize = 400;

/// How many rows bid at a time, at most, and which part of all rows.
const BLOCK: usize = 16;
const BLOCK_PART: usize = 256;

/// Stands for an arc that is not there: dearer than any.
const NO_ARC: u64 = (LIMIT as u64) << 33;

/// Says that an auction came to no result, and why it may not: costs or prices are too large, or it takes too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GaveUp;

/// A market in which rows bid for places.
///
/// Values, which are costs, prices or sums of both, are kept in the upper half of 64-bit words with a column or a row
/// in the lower, so that the least word names the cheapest column or the row with the lowest bid.
#[derive(Debug, Clone, Default)]
pub(crate) struct Auction {
    row_start: Vec<u32>,
    /// Scaled costs, and columns.
    arcs: Vec<u64>,
    place_start: Vec<u32>,
    /// The bids of each column's places and the rows that hold them, the lowest bid first.
    bids: Vec<u64>,
    /// The price of each column, then a lower bound on the price of each class.
    price: Vec<u32>,
    classes: Vec<Class>,
    queue: Queue,
    scale: u32,
    largest_cost: u32,
}

/// Classes of more columns have a heap; others are looked through.
const FEW_COLUMNS: usize = 64;

/// Stands for a column that is not there: dearer than any.
const NO_COLUMN: u64 = u64::MAX;

/// The columns of a class.
#[derive(Debug, Clone, Default)]
struct Class {
    columns: Vec<u32>,
    /// Words of price and column of the two cheapest, as they were when they were last looked for; of a large class, unused.
    least: [u64; 2],
    /// Of a large class: words of a price, of now or of before, and a column.
    cheapest: BinaryHeap<Reverse<u64>>,
}

/// A row that is about to bid.
#[derive(Debug, Clone, Copy, Default)]
struct Bidder {
    row: u32,
    /// Where its arcs are.
    start: u32,
    end: u32,
    column: u32,
    /// The price of the column when the row chose it.
    seen: u32,
    /// How much more than the price it bids, except for ε.
    raise: u32,
}

impl Auction {
    /// Opens a market with columns of these capacities and no rows.
    pub(crate) fn open(&mut self, capacities: impl Iterator<Item = u32>) {
        let mut end = 0;
        let ends = capacities.map(|capacity| {
            end += capacity;
            end
        });
        self.place_start.clear();
        self.place_start.push(0);
        self.place_start.extend(ends);
        self.row_start.clear();
        self.row_start.push(0);
        self.arcs.clear();
        self.classes.clear();
        self.largest_cost = 0;
    }

    /// Adds a class with columns that have places.
    pub(crate) fn add_class(&mut self, columns: impl Iterator<Item = u32>) {
        self.classes.push(Class { columns: columns.collect(), least: [NO_COLUMN; 2], cheapest: BinaryHeap::new() });
    }

    /// Adds a row with those of its arcs that lead to a node here: a column with places, or columns + a class.
    pub(crate) fn add_row(&mut self, nodes: &[u32], costs: &[i64], here: impl Fn(u32) -> Option<u32>) -> Result<(), GaveUp> {
        // What is the same for all arcs of a row decides nothing.
        let base = costs.iter().copied().min().unwrap_or_default();
        let start = self.arcs.len();
        self.arcs.resize(start + nodes.len(), 0);
        let (mut count, mut largest) = (0, 0);
        for (&node, &cost) in nodes.iter().zip(costs) {
            let (here, cost) = (here(node), cost.abs_diff(base));
            // Written in any case: where arcs are not here they are so at random, and a branch would cost more.
            self.arcs[start + count] = cost << 32 | u64::from(here.unwrap_or_default());
            largest = if here.is_some() { cost.max(largest) } else { largest };
            count += usize::from(here.is_some());
        }
        self.arcs.truncate(start + count);
        self.largest_cost = u32::try_from(largest).map_err(|_| GaveUp)?.max(self.largest_cost);
        if count == 0 {
            return Err(GaveUp);
        }
        self.end_row()
    }

    /// Adds so many rows with an arc to a class at no cost.
    pub(crate) fn add_idle(&mut self, class: u32, count: u32) -> Result<(), GaveUp> {
        let arc = self.column_count() as u32 + class;
        for _ in 0..count {
            self.arcs.push(u64::from(arc));
            self.end_row()?;
        }
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), GaveUp> {
        self.row_start.push(u32::try_from(self.arcs.len()).map_err(|_| GaveUp)?);
        Ok(())
    }

    fn column_count(&self) -> usize {
        self.place_start.len() - 1
    }

    /// Returns the number of rows.
    pub(crate) fn row_count(&self) -> usize {
        self.row_start.len() - 1
    }

    /// Places all rows at least cost, and returns the price of each column, which may be negative.
    pub(crate) fn run(&mut self) -> Result<impl Iterator<Item = i64>, GaveUp> {
        self.scale = (LIMIT / HEADROOM / self.largest_cost.max(1)).clamp(2, FIRST_SCALE);
        let scaled = self.largest_cost.checked_mul(self.scale).filter(|&cost| cost < LIMIT).ok_or(GaveUp)?;
        let mut epsilon = (scaled / FIRST_EPSILON_PART).max(1);
        self.price.clear();
        self.price.resize(self.column_count() + self.classes.len(), 0);
        self.fill_classes();
        self.multiply_costs(self.scale);
        let mut patience = self.row_count().saturating_mul(PATIENCE).max(1 << 16);
        loop {
            self.phase(epsilon, &mut patience)?;
            if epsilon > 1 {
                epsilon = (epsilon / EPSILON_FACTOR).max(1);
            } else if let Some(residue) = self.exact_residue() {
                let (residue, scale) = (i64::from(residue), i64::from(self.scale));
                let columns = &self.price[..self.column_count()];
                return Ok(columns.iter().map(move |&price| (i64::from(price) - residue).div_euclid(scale)));
            } else {
                self.rescale(4)?;
            }
        }
    }

    /// Returns the rows that hold the places of each column, after a [`run`](Self::run).
    pub(crate) fn holders(&self) -> impl Iterator<Item = (u32, u32)> {
        (0..).zip(self.place_start.windows(2)).flat_map(|(column, range)| {
            self.bids[range[0] as usize..range[1] as usize].iter().map(move |&bid| (bid as u32, column))
        })
    }

    /// Lets everybody bid anew with the present prices, until everybody holds a place, or nearly so if ε is not 1.
    fn phase(&mut self, epsilon: u32, patience: &mut usize) -> Result<(), GaveUp> {
        self.bids.clear();
        for (range, &price) in self.place_start.windows(2).zip(&self.price) {
            self.bids.resize(range[1] as usize, u64::from(price) << 32 | u64::from(NONE));
        }
        self.queue.fill(self.row_count() as u32);
        let largest_raise = self.largest_cost.saturating_mul(self.scale);
        let columns = self.column_count();
        let block = (self.row_count() / BLOCK_PART).clamp(1, BLOCK);
        let (few, mut bids_of_few) = match epsilon {
            1 => (0, 0),
            _ => (self.row_count() / LAST_PART, self.row_count() / LAST_BIDS_PART),
        };
        let Self { row_start, arcs, place_start, bids, price, classes, queue, .. } = self;
        let (row_start, arcs, place_start) = (&row_start[..], &arcs[..], &place_start[..]);
        let (bids, price) = (&mut bids[..], &mut price[..]);
        let mut bidders = [Bidder::default(); BLOCK];
        while !queue.is_empty() {
            let bidders = &mut bidders[..queue.len().min(block)];
            if queue.len() <= few {
                match bids_of_few.checked_sub(bidders.len()) {
                    Some(left) => bids_of_few = left,
                    None => break,
                }
            }
            *patience = patience.checked_sub(bidders.len()).ok_or(GaveUp)?;
            // Reading ahead what all of them need costs one wait for memory instead of one each.
            let mut ahead = 0;
            for bidder in bidders.iter_mut() {
                bidder.row = queue.pop();
                (bidder.start, bidder.end) = (row_start[bidder.row as usize], row_start[bidder.row as usize + 1]);
                ahead ^= arcs[bidder.start as usize] ^ arcs[bidder.end as usize - 1];
            }
            black_box(ahead);
            let mut ahead = 0;
            for bidder in bidders.iter_mut() {
                bidder.choose(arcs, price, classes, columns);
                ahead ^= bids[place_start[bidder.column as usize] as usize];
            }
            black_box(ahead);
            for bidder in bidders.iter_mut() {
                if price[bidder.column as usize] != bidder.seen {
                    bidder.choose(arcs, price, classes, columns);
                }
                let bid = bidder.seen + bidder.raise.min(largest_raise) + epsilon;
                if bid >= LIMIT {
                    return Err(GaveUp);
                }
                let column = bidder.column as usize;
                let places = place_start[column] as usize..place_start[column + 1] as usize;
                let outbid = take_lowest(&mut bids[places], &mut price[column], bid, bidder.row);
                queue.push_if(outbid != NONE, outbid);
            }
        }
        Ok(())
    }

    /// Returns a residue that makes the prices exact, if there is one.
    fn exact_residue(&mut self) -> Option<u32> {
        for class in 0..self.classes.len() {
            let cheapest = self.classes[class].freshest(&self.price).map_or(0, |word| (word >> 32) as u32);
            let node = self.column_count() + class;
            self.price[node] = cheapest;
        }
        let mut spoilt = vec![false; self.scale as usize];
        let scale = u64::from(self.scale);
        for (row, column) in self.holders() {
            let price = u64::from(self.price[column as usize]);
            let (mut own, mut least) = (u64::MAX, u64::MAX);
            for &arc in &self.arcs[self.row_start[row as usize] as usize..self.row_start[row as usize + 1] as usize] {
                let node = arc as u32;
                least = least.min((arc >> 32) + u64::from(self.price[node as usize]));
                if node == column || self.is_in_class(column, node) {
                    own = own.min((arc >> 32) + price);
                }
            }
            debug_assert!(own <= least + 1);
            if own > least {
                spoilt[(price % scale) as usize] = true;
            }
        }
        // From the top, for the choice to depend on nothing but the prices.
        (0..self.scale).rev().find(|&residue| !spoilt[residue as usize])
    }

    /// Returns whether a node is a class of which a column is.
    fn is_in_class(&self, column: u32, node: u32) -> bool {
        let class = (node as usize).checked_sub(self.column_count());
        class.is_some_and(|class| self.classes[class].columns.binary_search(&column).is_ok())
    }

    /// Finds the cheapest columns of each class.
    fn fill_classes(&mut self) {
        for class in &mut self.classes {
            class.fill(&self.price);
        }
    }

    /// Multiplies costs and prices.
    fn rescale(&mut self, by: u32) -> Result<(), GaveUp> {
        self.scale = self.scale.checked_mul(by).ok_or(GaveUp)?;
        let fits = |value: u32, by: u32| value.checked_mul(by).filter(|&value| value < LIMIT).ok_or(GaveUp);
        fits(self.largest_cost, self.scale)?;
        for price in &mut self.price {
            *price = fits(*price, by)?;
        }
        self.fill_classes();
        self.multiply_costs(by);
        Ok(())
    }

    fn multiply_costs(&mut self, by: u32) {
        for arc in &mut self.arcs {
            *arc = (((*arc >> 32) * u64::from(by)) << 32) | u64::from(*arc as u32);
        }
    }
}

impl Bidder {
    /// Chooses the column to bid for.
    #[inline]
    fn choose(&mut self, arcs: &[u64], price: &mut [u32], classes: &mut [Class], columns: usize) {
        let arcs = &arcs[self.start as usize..self.end as usize];
        let (mut best, mut second) = best_two(arcs, price);
        if (best as u32).max(second as u32) as usize >= columns {
            (best, second) = choose_in_class(arcs, price, classes, columns, (best, second));
        }
        self.column = best as u32;
        self.seen = price[best as u32 as usize];
        self.raise = (second >> 32) as u32 - (best >> 32) as u32;
    }
}

/// Returns the least two words of value and column or class.
#[inline]
fn best_two(arcs: &[u64], price: &[u32]) -> (u64, u64) {
    let mut best = NO_ARC;
    let mut second = NO_ARC;
    for &arc in arcs {
        let word = arc + (u64::from(price[arc as u32 as usize]) << 32);
        second = second.min(best.max(word));
        best = best.min(word);
    }
    (best, second)
}

/// Brings the prices of classes up to date as far as they matter, and puts the cheapest column in the class's place.
#[inline(never)]
fn choose_in_class(
    arcs: &[u64],
    price: &mut [u32],
    classes: &mut [Class],
    columns: usize,
    (mut best, mut second): (u64, u64),
) -> (u64, u64) {
    while update_class(best, price, classes, columns) || update_class(second, price, classes, columns) {
        (best, second) = best_two(arcs, price);
    }
    let Some(class) = (best as u32 as usize).checked_sub(columns) else { return (best, second) };
    let Some((cheapest, next)) = classes[class].freshest_two(price) else { return (best, second) };
    // The second best may be the next of the same class.
    let offset = (best >> 32) - (cheapest >> 32);
    if let Some(next) = next {
        second = second.min(next + (offset << 32));
    }
    ((best >> 32) << 32 | u64::from(cheapest as u32), second)
}

/// Brings the price of a word's class up to date, and returns whether it has changed.
fn update_class(word: u64, price: &mut [u32], classes: &mut [Class], columns: usize) -> bool {
    let node = word as u32 as usize;
    if word == NO_ARC || node < columns {
        return false;
    }
    let Some(cheapest) = classes[node - columns].freshest(price) else { return false };
    let now = (cheapest >> 32) as u32;
    std::mem::replace(&mut price[node], now) != now
}

impl Class {
    fn is_large(&self) -> bool {
        self.columns.len() > FEW_COLUMNS
    }

    /// Looks at the prices of all columns.
    fn fill(&mut self, price: &[u32]) {
        if self.is_large() {
            let words = self.columns.iter().map(|&column| word_of(column, price));
            self.cheapest = words.map(Reverse).collect();
        } else {
            self.look_through(price);
        }
    }

    /// Finds the two cheapest columns of a small class.
    fn look_through(&mut self, price: &[u32]) {
        let (mut least, mut next) = (NO_COLUMN, NO_COLUMN);
        for &column in &self.columns {
            let word = word_of(column, price);
            next = next.min(least.max(word));
            least = least.min(word);
        }
        self.least = [least, next];
    }

    /// Returns the word of price and column of the cheapest column.
    fn freshest(&mut self, price: &[u32]) -> Option<u64> {
        if self.is_large() {
            return self.top(price);
        }
        if !is_fresh(self.least[0], price) {
            self.look_through(price);
        }
        Some(self.least[0]).filter(|&word| word != NO_COLUMN)
    }

    /// Returns the words of the cheapest column and of the next.
    fn freshest_two(&mut self, price: &[u32]) -> Option<(u64, Option<u64>)> {
        if self.is_large() {
            self.top(price)?;
            let cheapest = self.cheapest.pop()?;
            let next = self.top(price);
            self.cheapest.push(cheapest);
            return Some((cheapest.0, next));
        }
        if !self.least.iter().all(|&word| is_fresh(word, price)) {
            self.look_through(price);
        }
        let [least, next] = self.least.map(|word| (word != NO_COLUMN).then_some(word));
        Some((least?, next))
    }

    /// Returns the word at the top of the heap, once it is up to date.
    fn top(&mut self, price: &[u32]) -> Option<u64> {
        let mut top = self.cheapest.peek_mut()?;
        loop {
            let word = word_of(top.0 as u32, price);
            if top.0 == word {
                return Some(word);
            }
            top.0 = word;
            drop(top);
            top = self.cheapest.peek_mut()?;
        }
    }
}

/// Returns the word of a column's price and the column.
fn word_of(column: u32, price: &[u32]) -> u64 {
    u64::from(price[column as usize]) << 32 | u64::from(column)
}

/// Returns whether a column still costs what its word says.
fn is_fresh(word: u64, price: &[u32]) -> bool {
    word == NO_COLUMN || word == word_of(word as u32, price)
}

/// Gives a row the place with the lowest bid of a column, and returns who held it.
#[inline]
fn take_lowest(places: &mut [u64], price: &mut u32, bid: u32, row: u32) -> u32 {
    let Some((lowest, others)) = places.split_first_mut() else { return row };
    let outbid = *lowest as u32;
    let mut word = u64::from(bid) << 32 | u64::from(row);
    for other in others {
        (*other, word) = (word.max(*other), word.min(*other));
    }
    *lowest = word;
    *price = (word >> 32) as u32;
    outbid
}

/// Rows that wait to bid, first in, first out, in a ring whose length is a power of two.
#[derive(Debug, Clone, Default)]
struct Queue {
    ring: Vec<u32>,
    head: usize,
    len: usize,
}

impl Queue {
    /// Fills the queue with all rows in order.
    fn fill(&mut self, rows: u32) {
        self.ring.clear();
        self.ring.extend(0..rows);
        self.ring.resize((rows as usize).next_power_of_two(), NONE);
        self.head = 0;
        self.len = rows as usize;
    }

    fn len(&self) -> usize {
        self.len
    }

    fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn pop(&mut self) -> u32 {
        let row = self.ring[self.head];
        self.head = (self.head + 1) & (self.ring.len() - 1);
        self.len -= 1;
        row
    }

    /// Appends a row if `yes`, without a branch to mispredict.
    fn push_if(&mut self, yes: bool, row: u32) {
        let tail = (self.head + self.len) & (self.ring.len() - 1);
        self.ring[tail] = row;
        self.len += usize::from(yes);
    }
}
