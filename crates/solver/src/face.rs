//! The placements that stages of a [profile](crate::profile) leave: which arcs they may use, and what they fill.
//!
//! # Structure
//!
//! Among placements of the selected rows, those of least cost are known from any optimal prices: everybody sits on an
//! arc of reduced cost zero, and nodes with a price are full. Applied stage by stage, prices thus leave a face of the
//! polytope of placements: some arcs are still *admitted*, some nodes have to be *full*. A node that has to be full may
//! have a price of either sign from then on.
//!
//! Where it is open who is placed, each row has one more arc, that leads *outside*: past all capacities, at a level after
//! all others. And row groups have caps, which count as nodes do: the price h of a cap is added to every arc of the
//! group's rows but those that lead outside, and it may be negative only where the group has to be full.
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
use crate::{Problem, ProfileObjective, Selection, Violation};

impl ProfileObjective {
    /// Returns the turn of a level, or the level of a turn, which is the same.
    fn mirror(self, level: usize, levels: usize) -> usize {
        match self {
            Self::RankMaximal => level,
            Self::Fair => levels.saturating_sub(level + 1),
        }
    }
}

/// What a stage decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// The level that has this turn.
    Level(u32),
    /// Who is placed.
    Ranking,
}

/// The prices of a stage.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Prices<'a> {
    pub(crate) columns: &'a [i64],
    pub(crate) groups: &'a [i64],
    /// Empty where row groups have no caps.
    pub(crate) row_groups: &'a [i64],
}

impl Prices<'_> {
    fn nodes(&self) -> impl Iterator<Item = i64> + Clone {
        self.columns.iter().chain(self.groups).copied()
    }
}

/// An arc that is still admitted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arc {
    /// The column or class node, or what stands for the outside.
    pub(crate) node: u32,
    /// Its level, by when the objective comes to it.
    turn: u32,
}

/// Where a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seat {
    Column(u32),
    Outside,
}

/// The placements that are left after some stages.
#[derive(Debug)]
pub(crate) struct Face<'p> {
    pub(crate) problem: &'p Problem,
    pub(crate) objective: ProfileObjective,
    pub(crate) levels: Vec<i64>,
    /// The rows, where the admitted arcs of each start, and at the end where the last one's end.
    pub(crate) rows: Vec<u32>,
    start: Vec<u32>,
    pub(crate) arcs: Vec<Arc>,
    /// The columns that arcs to each class still lead to.
    pub(crate) classes: Vec<Vec<u32>>,
    /// The nodes that have to be full, and the row groups.
    pub(crate) full: Vec<bool>,
    pub(crate) row_group_full: Vec<bool>,
    /// Whether it is open who is placed.
    pub(crate) has_outside: bool,
    /// The levels before this turn have had theirs.
    turn: u32,
}

impl<'p> Face<'p> {
    /// Returns all placements of the selected rows.
    pub(crate) fn of_selected(problem: &'p Problem, selection: &Selection, objective: ProfileObjective) -> Self {
        Self::new(problem, selection.kept().collect(), objective, false)
    }

    /// Returns all placements of any rows, within the caps of row groups.
    pub(crate) fn of_any(problem: &'p Problem) -> Self {
        let rows = (0..problem.row_count() as u32).filter(|&row| !problem.arc_range(row).is_empty());
        Self::new(problem, rows.collect(), ProfileObjective::RankMaximal, true)
    }

    fn new(problem: &'p Problem, rows: Vec<u32>, objective: ProfileObjective, has_outside: bool) -> Self {
        let costs = |row: &u32| problem.arc_range(*row).map(|arc| problem.arc_cost(arc));
        let mut levels: Vec<i64> = rows.iter().flat_map(costs).collect();
        let mut arcs = Vec::with_capacity(levels.len() + if has_outside { rows.len() } else { 0 });
        levels.sort_unstable();
        levels.dedup();
        let outside = Arc { node: problem.vertex_count() as u32, turn: levels.len() as u32 };
        let mut start = Vec::with_capacity(rows.len() + 1);
        start.push(0);
        for &row in &rows {
            arcs.extend(problem.arc_range(row).map(|arc| {
                let level = levels.partition_point(|&level| level < problem.arc_cost(arc));
                Arc { node: problem.arc_column(arc), turn: objective.mirror(level, levels.len()) as u32 }
            }));
            arcs.extend(has_outside.then_some(outside));
            start.push(arcs.len() as u32);
        }
        let classes = (0..problem.class_count() as u32).map(|class| problem.class(class).to_vec()).collect();
        let full = vec![false; problem.node_count()];
        let row_group_full = vec![false; problem.row_group_caps().len()];
        Self { problem, objective, levels, rows, start, arcs, classes, full, row_group_full, has_outside, turn: 0 }
    }

    /// Returns the level that has a turn.
    pub(crate) fn level(&self, turn: u32) -> usize {
        self.objective.mirror(turn as usize, self.levels.len())
    }

    /// Returns which level a stage decides, if it does.
    pub(crate) fn decides_level(&self, decision: Decision) -> Option<usize> {
        match decision {
            Decision::Level(turn) => Some(self.level(turn)),
            Decision::Ranking => None,
        }
    }

    /// Returns what is wrong where a stage is missing.
    pub(crate) fn missing(&self, decision: Decision) -> Violation {
        let level = self.decides_level(decision).and_then(|level| self.levels.get(level));
        level.map_or(Violation::RankingStage, |&cost| Violation::Stage { cost })
    }

    /// Returns the admitted arcs of each row.
    pub(crate) fn arcs_by_row(&self) -> impl Iterator<Item = &[Arc]> {
        self.start.windows(2).map(|range| &self.arcs[range[0] as usize..range[1] as usize])
    }

    /// Returns the columns that an arc still leads to.
    fn columns<'a>(&'a self, arc: &'a Arc) -> &'a [u32] {
        match self.class(arc.node) {
            None => std::slice::from_ref(&arc.node),
            Some(class) => self.classes.get(class).map_or(&[], Vec::as_slice),
        }
    }

    /// Returns the class of a node that is none of the forest; the outside comes after all classes.
    pub(crate) fn class(&self, node: u32) -> Option<usize> {
        (node as usize).checked_sub(self.problem.node_count())
    }

    /// Returns whether an arc leads outside.
    pub(crate) fn leads_outside(&self, arc: Arc) -> bool {
        arc.node as usize == self.problem.vertex_count()
    }

    /// Returns what an arc costs in a stage.
    pub(crate) fn cost(&self, row: u32, arc: Arc, decision: Decision) -> i64 {
        match (decision, self.objective) {
            (Decision::Level(turn), ProfileObjective::RankMaximal) => i64::from(arc.turn != turn),
            (Decision::Level(turn), ProfileObjective::Fair) => i64::from(arc.turn == turn),
            (Decision::Ranking, _) if self.leads_outside(arc) => 0,
            (Decision::Ranking, _) => i64::from(row) + 1,
        }
    }

    /// Returns where admitted arcs let a row be, if they leave it no choice.
    pub(crate) fn only_seat(&self, arcs: &[Arc]) -> Option<Seat> {
        let [arc] = arcs else { return None };
        match self.columns(arc) {
            _ if self.leads_outside(*arc) => Some(Seat::Outside),
            [column] => Some(Seat::Column(*column)),
            _ => None,
        }
    }

    /// Returns what the next stage decides, if anything is left to decide.
    ///
    /// That is the next level that is undecided, if there are two: a last one follows from the others. After all levels it
    /// is the ranking, if some rows may be placed or not.
    pub(crate) fn undecided(&self) -> Option<Decision> {
        let mut undecided = vec![false; self.levels.len() + 1];
        for arcs in self.arcs_by_row().filter(|arcs| arcs.iter().any(|arc| arc.turn != arcs[0].turn)) {
            for arc in arcs {
                undecided[arc.turn as usize] = true;
            }
        }
        let levels = self.levels.len() as u32;
        let mut turns = (self.turn..=levels).filter(|&turn| undecided[turn as usize]);
        let level = turns.next().filter(|_| turns.next().is_some()).map(Decision::Level);
        let is_ranked = self.turn > levels || !undecided[levels as usize];
        level.or((!is_ranked).then_some(Decision::Ranking))
    }

    /// Leaves of these placements the ones that the prices of a stage admit.
    pub(crate) fn restrict(&mut self, decision: Decision, prices: Prices<'_>) {
        let mut place_price: Vec<i128> = prices.nodes().map(i128::from).collect();
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
        place_price.push(0);
        for (full, price) in self.full.iter_mut().zip(prices.nodes()) {
            *full |= price != 0;
        }
        for (full, &price) in self.row_group_full.iter_mut().zip(prices.row_groups) {
            *full |= price != 0;
        }
        let mut kept = Vec::with_capacity(self.arcs.len());
        let mut start = vec![0];
        for (&row, arcs) in self.rows.iter().zip(self.arcs_by_row()) {
            let cap_price = self.problem.row_group(row).and_then(|group| prices.row_groups.get(group as usize));
            let value = |arc: &Arc| {
                let place = i128::from(self.cost(row, *arc, decision)) + place_price[arc.node as usize];
                place + if self.leads_outside(*arc) { 0 } else { i128::from(cap_price.copied().unwrap_or_default()) }
            };
            let least = arcs.iter().map(value).min();
            kept.extend(arcs.iter().copied().filter(|arc| Some(value(arc)) == least));
            start.push(kept.len() as u32);
        }
        self.arcs = kept;
        self.start = start;
        self.turn = match decision {
            Decision::Level(turn) => turn + 1,
            Decision::Ranking => self.levels.len() as u32 + 1,
        };
    }

    /// Checks that prices are where nodes and row groups are full, and negative only where they have to be.
    ///
    /// How many rows each of them holds is given.
    pub(crate) fn check_prices(&self, prices: Prices<'_>, load: &[u32], row_group_load: &[u32]) -> Result<(), Violation> {
        let wrong = |price: i64, has_room: bool, full: bool| (price != 0 && has_room) || (price < 0 && !full);
        for (node, price) in (0..).zip(prices.nodes()) {
            let has_room = load[node as usize] < self.problem.node_capacity(node);
            if wrong(price, has_room, self.full[node as usize]) {
                return Err(match node.checked_sub(self.problem.column_count() as u32) {
                    None => Violation::ColumnPrice { column: node },
                    Some(group) => Violation::GroupPrice { group },
                });
            }
        }
        for (row_group, &price) in (0..).zip(prices.row_groups) {
            let has_room = row_group_load[row_group as usize] < self.problem.row_group_caps()[row_group as usize];
            if wrong(price, has_room, self.row_group_full[row_group as usize]) {
                return Err(Violation::RowGroupPrice { row_group });
            }
        }
        Ok(())
    }

    /// Checks that everybody sits on an admitted arc.
    pub(crate) fn check_admitted(&self, column_of: &[Option<u32>]) -> Result<(), Violation> {
        for (&row, arcs) in self.rows.iter().zip(self.arcs_by_row()) {
            match column_of[row as usize] {
                Some(column) if arcs.iter().all(|arc| self.columns(arc).binary_search(&column).is_err()) => {
                    return Err(Violation::ReducedCost { row, column });
                }
                None if self.has_outside && !arcs.iter().any(|&arc| self.leads_outside(arc)) => {
                    return Err(Violation::OutsideCost { row });
                }
                _ => {}
            }
        }
        Ok(())
    }
}
