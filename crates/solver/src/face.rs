//! The placements that stages of a [profile](crate::profile) leave: which arcs they may use, and which nodes they fill.
//!
//! # Structure
//!
//! Among placements of the selected rows, those of least cost are known from any optimal prices: everybody sits on an
//! arc of reduced cost zero, and nodes with a price are full. Applied stage by stage, prices thus leave a face of the
//! polytope of placements: some arcs are still *admitted*, some nodes have to be *full*. A node that has to be full may
//! have a price of either sign from then on.
//!
//! An arc to a class is an arc to its cheapest columns afterwards, and these are the same for every row that names it.
//! So classes are not taken apart; they lose columns. Where a row reaches a column by two arcs, the cheaper counts: in
//! the first stage in which they differ, the other costs more, so that it no longer leads there.
//!
//! Both the making of a profile and its check go by this description; only the check holds it against the prices.
//!
//! # Overflow
//!
//! Prices are taken as they come, and added up as 128-bit integers.
//!
//! # Complexity
//!
//! O(arcs + nodes + columns of classes) for each stage.
//!
//! # References
//!
//! A. Schrijver: Theory of Linear and Integer Programming, Wiley 1986, sections 7.9 (complementary slackness), 8.3
//! (faces).

use crate::problem::NONE;
use crate::{Problem, ProfileObjective, ProfileStage, Selection, Violation};

impl ProfileObjective {
    /// Returns the turn of a level, or the level of a turn, which is the same.
    fn mirror(self, level: usize, levels: usize) -> usize {
        match self {
            Self::RankMaximal => level,
            Self::Fair => levels.saturating_sub(level + 1),
        }
    }

    /// Returns what an arc costs when the level of some turn is decided.
    pub(crate) fn cost(self, arc: Arc, turn: u32) -> i64 {
        match self {
            Self::RankMaximal => i64::from(arc.turn != turn),
            Self::Fair => i64::from(arc.turn == turn),
        }
    }
}

/// An arc that is still admitted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arc {
    /// The column or class node.
    pub(crate) node: u32,
    /// Its level, by when the objective comes to it.
    turn: u32,
}

/// The placements that are left after some stages.
#[derive(Debug)]
pub(crate) struct Face<'p> {
    pub(crate) problem: &'p Problem,
    pub(crate) objective: ProfileObjective,
    pub(crate) levels: Vec<i64>,
    /// The selected rows, where the admitted arcs of each start, and at the end where the last one's end.
    pub(crate) rows: Vec<u32>,
    start: Vec<u32>,
    pub(crate) arcs: Vec<Arc>,
    /// The columns that arcs to each class still lead to.
    pub(crate) classes: Vec<Vec<u32>>,
    /// The nodes that have to be full.
    pub(crate) full: Vec<bool>,
    /// The levels before this turn have had theirs.
    turn: u32,
}

impl<'p> Face<'p> {
    /// Returns all placements of the selected rows.
    pub(crate) fn new(problem: &'p Problem, selection: &Selection, objective: ProfileObjective) -> Self {
        let rows: Vec<u32> = selection.kept().collect();
        let costs = |row: &u32| problem.arc_range(*row).map(|arc| problem.arc_cost(arc));
        let mut levels: Vec<i64> = rows.iter().flat_map(costs).collect();
        let mut arcs = Vec::with_capacity(levels.len());
        levels.sort_unstable();
        levels.dedup();
        let mut start = Vec::with_capacity(rows.len() + 1);
        start.push(0);
        for &row in &rows {
            arcs.extend(problem.arc_range(row).map(|arc| {
                let level = levels.partition_point(|&level| level < problem.arc_cost(arc));
                Arc { node: problem.arc_column(arc), turn: objective.mirror(level, levels.len()) as u32 }
            }));
            start.push(arcs.len() as u32);
        }
        let classes = (0..problem.class_count() as u32).map(|class| problem.class(class).to_vec()).collect();
        let full = vec![false; problem.node_count()];
        Self { problem, objective, levels, rows, start, arcs, classes, full, turn: 0 }
    }

    /// Returns the level that has a turn.
    pub(crate) fn level(&self, turn: u32) -> usize {
        self.objective.mirror(turn as usize, self.levels.len())
    }

    /// Returns the admitted arcs of each selected row.
    pub(crate) fn arcs_by_row(&self) -> impl Iterator<Item = &[Arc]> {
        self.start.windows(2).map(|range| &self.arcs[range[0] as usize..range[1] as usize])
    }

    /// Returns the columns that an arc still leads to.
    fn columns<'a>(&'a self, arc: &'a Arc) -> &'a [u32] {
        match self.class(arc.node) {
            None => std::slice::from_ref(&arc.node),
            Some(class) => &self.classes[class],
        }
    }

    pub(crate) fn class(&self, node: u32) -> Option<usize> {
        (node as usize).checked_sub(self.problem.node_count())
    }

    /// Returns the column that admitted arcs leave a row, if they leave it no choice.
    pub(crate) fn only_column(&self, arcs: &[Arc]) -> Option<u32> {
        let [arc] = arcs else { return None };
        let [column] = self.columns(arc) else { return None };
        Some(*column)
    }

    /// Returns the turn of the next level that is undecided, if there are two: a last one follows from the others.
    pub(crate) fn undecided(&self) -> Option<u32> {
        let mut undecided = vec![false; self.levels.len()];
        for arcs in self.arcs_by_row().filter(|arcs| arcs.iter().any(|arc| arc.turn != arcs[0].turn)) {
            for arc in arcs {
                undecided[arc.turn as usize] = true;
            }
        }
        let mut turns = (self.turn..self.levels.len() as u32).filter(|&turn| undecided[turn as usize]);
        turns.next().filter(|_| turns.next().is_some())
    }

    /// Leaves of these placements the ones that the prices of a stage admit.
    pub(crate) fn restrict(&mut self, turn: u32, stage: &ProfileStage) {
        let prices = stage.column_prices.iter().chain(&stage.group_prices);
        let mut place_price: Vec<i128> = prices.clone().map(|&price| i128::from(price)).collect();
        for node in self.problem.nodes_top_down() {
            let parent = self.problem.node_parent(node);
            if parent != NONE {
                place_price[node as usize] += place_price[parent as usize];
            }
        }
        for columns in &mut self.classes {
            let least = columns.iter().map(|&column| place_price[column as usize]).min().unwrap_or_default();
            columns.retain(|&column| place_price[column as usize] == least);
            place_price.push(least);
        }
        for (full, &price) in self.full.iter_mut().zip(prices) {
            *full |= price != 0;
        }
        let objective = self.objective;
        let value = |arc: Arc| i128::from(objective.cost(arc, turn)) + place_price[arc.node as usize];
        let (mut from, mut kept) = (0, 0);
        for index in 0..self.rows.len() {
            let range = from..self.start[index + 1] as usize;
            from = range.end;
            let least = self.arcs[range.clone()].iter().map(|&arc| value(arc)).min();
            for at in range {
                let arc = self.arcs[at];
                if Some(value(arc)) == least {
                    self.arcs[kept] = arc;
                    kept += 1;
                }
            }
            self.start[index + 1] = kept as u32;
        }
        self.arcs.truncate(kept);
        self.turn = turn + 1;
    }

    /// Checks that prices are where nodes are full, and negative only where they have to be.
    pub(crate) fn check_prices(&self, stage: &ProfileStage, load: &[u32]) -> Result<(), Violation> {
        let prices = stage.column_prices.iter().chain(&stage.group_prices);
        let wrong = |node: u32, price: i64| {
            let has_room = load[node as usize] < self.problem.node_capacity(node);
            (price != 0 && has_room) || (price < 0 && !self.full[node as usize])
        };
        match (0..).zip(prices).find(|&(node, &price)| wrong(node, price)) {
            None => Ok(()),
            Some((node, _)) => Err(match node.checked_sub(self.problem.column_count() as u32) {
                None => Violation::ColumnPrice { column: node },
                Some(group) => Violation::GroupPrice { group },
            }),
        }
    }

    /// Checks that everybody sits on an admitted arc.
    pub(crate) fn check_admitted(&self, column_of: &[Option<u32>]) -> Result<(), Violation> {
        for (&row, arcs) in self.rows.iter().zip(self.arcs_by_row()) {
            if let Some(column) = column_of[row as usize]
                && arcs.iter().all(|arc| self.columns(arc).binary_search(&column).is_err())
            {
                return Err(Violation::ReducedCost { row, column });
            }
        }
        Ok(())
    }
}
