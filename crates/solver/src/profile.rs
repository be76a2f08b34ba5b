//! Where the selected rows go, by profile: rank-maximal and fair placements, level by level, with certificates.
//!
//! # Problem and notation
//!
//! The distinct costs of the selected rows' arcs, ascending, are the *levels*. The *profile* of a placement says how
//! many rows sit at each level. Over all placements of exactly the selected rows, a *rank-maximal* one has the most
//! rows at the first level, subject to that the most at the second, and so on; a *fair* (or *generous*) one has the
//! fewest rows at the last level, subject to that the fewest at the last but one, and so on.
//!
//! Prices p, potentials u and reduced costs are those of [`placement`](crate::placement).
//!
//! # Algorithm
//!
//! One stage a level, in the order of the objective. A stage is a [`place`](crate::place()) with costs 0 and 1, among
//! the placements that the stages before have left. By complementary slackness with the prices found, these are the
//! optimal ones:
//!
//! - everybody sits on an arc of reduced cost zero; other arcs are not *admitted* any longer,
//! - every node with a price is *full*.
//!
//! So a set of arcs and a set of nodes to be full describe what is [left](crate::face) for the next stage, in which a
//! node that has to be full may have a price of either sign.
//!
//! Some nodes are full whatever happens: columns of [full layers](crate::layers), and nodes that rows with a single
//! column left fill. For the others, h of them above each other at most, an arc to a column at or below h' of them
//! costs (rows + 1) · (h − h') more. Costs 0 and 1 add up to at most the number of rows, so to leave a place empty in
//! one of these nodes never pays, as there is a placement that fills them all: the one of the stage before. With as much
//! taken off the prices of these nodes, they are prices for costs 0 and 1, with the same reduced costs.
//!
//! A level is *decided* if each row has all its admitted arcs at this level, or none. Stages are only made for other
//! levels, and not for the last of them: the number of rows at all levels together is known.
//!
//! An arc to a class costs the same more for all its columns, or else the class is taken apart.
//!
//! Unused arcs cost stages. Prices are therefore raised, before arcs are struck, where that keeps them optimal and
//! makes arcs that nobody can use costlier than others: the earlier a full layer, the more, and where rows without
//! a choice fill a node.
//!
//! The placement of one stage is where the next begins: if hardly anybody could sit cheaper, only they are taken out and
//! placed again by [shortest paths](crate::primal_dual).
//!
//! # Termination and overflow
//!
//! There are fewer stages than levels. Costs within a stage are at most 1 + h (rows + 1), however many levels there
//! are: [`place`](crate::place()) needs 8 (rows + 1) (2 + h (rows + 1)) to fit an `i64`, which a billion rows do if h
//! is 1, and a hundred million if h is 100. Weights that make a single placement do, rows to the power of the number of
//! levels, do not even fit for a thousand rows and seven levels.
//!
//! # Complexity
//!
//! That of a least-cost placement for each stage, of fewer rows and arcs each time. With ranks 1 to 10 it takes some three
//! times as long as one least-cost placement to be rank-maximal, and up to ten times as long to be fair, which leaves more
//! arcs for longer. A thousand levels are as many stages: costs are meant to be ranks. The check takes O(arcs + nodes)
//! for each stage.
//!
//! # References
//!
//! R. Irving: Greedy matchings, University of Glasgow, TR-2003-136, 2003.
//! R. Irving, T. Kavitha, K. Mehlhorn, D. Michail, K. Paluch: Rank-maximal matchings, ACM Trans. Algorithms 2006.
//! C.-C. Huang, T. Kavitha, K. Mehlhorn, D. Michail: Fair matchings and related problems, Algorithmica 2016.
//! A. Schrijver: Theory of Linear and Integer Programming, Wiley 1986, sections 7.9 (complementary slackness), 8.3
//! (faces).

use std::collections::BTreeMap;

use crate::face::{Arc, Face};
use crate::flow::Flow;
use crate::layers::{Layers, REST};
use crate::placement::{Placement, check_seats};
use crate::primal_dual;
use crate::problem::NONE;
use crate::{Problem, ProblemBuilder, RowOutcome, Selection, SolveError, Violation, place};

/// A stage begins with the placement at hand if at most one in so many rows can sit cheaper.
const FEW: usize = 32;

/// What is best in a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileObjective {
    /// The most rows at the least cost, subject to that the most at the next, and so on.
    RankMaximal,
    /// The fewest rows at the greatest cost, subject to that the fewest at the next below, and so on; also known as
    /// generous.
    Fair,
}

/// A level: a cost of arcs, and how many rows are placed at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProfileLevel {
    /// The cost.
    pub cost: i64,
    /// The number of rows placed on arcs of this cost.
    pub rows: u32,
}

/// The prices that prove the number of rows at one level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileStage {
    /// The level, an index of the profile.
    pub level: usize,
    /// The price of each column's capacity: zero where there is room, and negative only where an earlier stage has a
    /// price.
    pub column_prices: Vec<i64>,
    /// The price of each group's capacity, likewise.
    pub group_prices: Vec<i64>,
}

/// A placement of the selected rows with the best profile, and prices that prove it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfilePlacement {
    /// The column of each row; `None` for rows that are not selected.
    pub column_of: Vec<Option<u32>>,
    /// Every cost of the selected rows' arcs, ascending, with the number of rows placed at it.
    pub profile: Vec<ProfileLevel>,
    /// The evidence: a stage for each level that the stages before leave undecided, in the order of the objective.
    pub stages: Vec<ProfileStage>,
}

/// Places exactly the selected rows with the best profile: rank-maximal or fair.
///
/// Costs only say which arcs are better, equal or worse. Of several placements with the best profile, one is returned
/// that depends on the problem and the selection only.
///
/// # Errors
///
/// [`SolveError::SelectionMismatch`] or [`SolveError::Infeasible`] if the selection is not of this problem;
/// [`SolveError::CostRange`] if prices could overflow, which takes hundreds of millions of rows.
///
/// # Complexity
///
/// Fewer placements than there are levels, each of fewer rows and arcs than the one before.
///
/// # Examples
///
/// The first row can do without the best, and then nobody gets the worst.
///
/// ```
/// use feriematch_solver::{ProblemBuilder, ProfileObjective, place_by_profile, select};
///
/// let mut builder = ProblemBuilder::new();
/// let [park, office, pool] = [builder.add_column(1, None)?, builder.add_column(1, None)?, builder.add_column(1, None)?];
/// builder.add_row(None, [(park, 1), (office, 2)])?;
/// builder.add_row(None, [(office, 1), (pool, 2)])?;
/// builder.add_row(None, [(park, 2), (pool, 3)])?;
/// let problem = builder.build();
/// let selection = select(&problem);
///
/// let rows = |objective| {
///     let placement = place_by_profile(&problem, &selection, objective)?;
///     assert_eq!(placement.check(&problem, &selection, objective), Ok(()));
///     Ok(placement.profile.iter().map(|level| level.rows).collect::<Vec<_>>())
/// };
/// assert_eq!(rows(ProfileObjective::RankMaximal)?, [2, 0, 1]);
/// assert_eq!(rows(ProfileObjective::Fair)?, [0, 3, 0]);
/// # Ok::<(), feriematch_solver::SolveError>(())
/// ```
///
/// # References
///
/// Irving 2003; Irving, Kavitha, Mehlhorn, Michail and Paluch 2006; Huang, Kavitha, Mehlhorn and Michail 2016.
pub fn place_by_profile(
    problem: &Problem,
    selection: &Selection,
    objective: ProfileObjective,
) -> Result<ProfilePlacement, SolveError> {
    let rows = problem.row_count();
    if selection.outcomes.len() != rows {
        return Err(SolveError::SelectionMismatch { selected: selection.outcomes.len(), rows });
    }
    let layers = Layers::new(problem, selection, |row| row);
    let mut face = Face::new(problem, selection, objective);
    let mut stages = Vec::new();
    let mut column_of = vec![None; rows];
    while let Some(turn) = face.undecided() {
        let stage = face.optimise(&layers, selection, turn, &mut column_of)?;
        face.restrict(turn, &stage);
        stages.push(stage);
    }
    if stages.is_empty() {
        // Any placement will do.
        face.optimise(&layers, selection, 0, &mut column_of)?;
    }
    let profile = profile(problem, &face.levels, &column_of);
    let placement = ProfilePlacement { column_of, profile, stages };
    debug_assert_eq!(placement.check(problem, selection, objective), Ok(()));
    Ok(placement)
}

impl ProfilePlacement {
    /// Checks that exactly the selected rows are placed, within all capacities, with the best profile.
    ///
    /// Nothing is solved: every stage's prices are held against its definition.
    ///
    /// # Errors
    ///
    /// The first [`Violation`] found.
    ///
    /// # Complexity
    ///
    /// Time O((stages + 1) × (arcs + nodes)); memory O(arcs + nodes).
    pub fn check(&self, problem: &Problem, selection: &Selection, objective: ProfileObjective) -> Result<(), Violation> {
        let rows = problem.row_count();
        let shape = (problem.column_count(), problem.group_count());
        let mut shapes = self.stages.iter().map(|stage| (stage.column_prices.len(), stage.group_prices.len()));
        if (self.column_of.len(), selection.outcomes.len()) != (rows, rows) || shapes.any(|stage| stage != shape) {
            return Err(Violation::Shape);
        }
        let load = check_seats(problem, selection, &self.column_of)?;
        let mut face = Face::new(problem, selection, objective);
        self.check_profile(&profile(problem, &face.levels, &self.column_of))?;
        for stage in &self.stages {
            let turn = face.undecided().filter(|&turn| face.level(turn) == stage.level);
            let missing = || face.levels.get(stage.level).map_or(Violation::Shape, |&cost| Violation::Stage { cost });
            let turn = turn.ok_or_else(missing)?;
            face.check_prices(stage, &load)?;
            face.restrict(turn, stage);
            face.check_admitted(&self.column_of)?;
        }
        match face.undecided() {
            None => Ok(()),
            Some(turn) => Err(Violation::Stage { cost: face.levels[face.level(turn)] }),
        }
    }

    fn check_profile(&self, actual: &[ProfileLevel]) -> Result<(), Violation> {
        if self.profile.len() != actual.len() {
            return Err(Violation::Shape);
        }
        match self.profile.iter().zip(actual).find(|(stated, actual)| stated != actual) {
            None => Ok(()),
            Some((stated, actual)) if stated.cost != actual.cost => Err(Violation::Shape),
            Some((stated, actual)) => Err(Violation::Profile { cost: actual.cost, stated: stated.rows, actual: actual.rows }),
        }
    }
}

/// Returns how many rows sit at each level.
fn profile(problem: &Problem, levels: &[i64], column_of: &[Option<u32>]) -> Vec<ProfileLevel> {
    let mut profile: Vec<_> = levels.iter().map(|&cost| ProfileLevel { cost, rows: 0 }).collect();
    for (row, column) in (0..).zip(column_of) {
        let cost = column.and_then(|column| problem.cost(row, column));
        if let Some(level) = cost.and_then(|cost| levels.binary_search(&cost).ok()) {
            profile[level].rows += 1;
        }
    }
    profile
}

impl Face<'_> {
    /// Finds the best of these placements for a level, beginning with one of them if there is one, and its prices.
    fn optimise(
        &self,
        layers: &Layers,
        selection: &Selection,
        turn: u32,
        column_of: &mut [Option<u32>],
    ) -> Result<ProfileStage, SolveError> {
        let problem = self.problem;
        let room = self.room_beside_settled()?;
        let forced = |node: u32| {
            let in_full_layer = problem.is_column(node) && layers.of_column(node) != REST;
            self.full[node as usize] && room[node as usize] > 0 && !in_full_layer
        };
        let mut open = Vec::with_capacity(self.rows.len());
        for (&row, arcs) in self.rows.iter().zip(self.arcs_by_row()) {
            match self.only_column(arcs) {
                Some(column) => column_of[row as usize] = Some(column),
                None => open.push(row),
            }
        }
        let penalty = open.len() as i64 + 1;
        let market = self.market(&room, &extra_costs(problem, forced, penalty), turn)?;
        let seats: Vec<Option<u32>> = open.iter().map(|&row| column_of[row as usize]).collect();
        let placement = if let Some(placement) = place_from(&market, &seats)? {
            placement
        } else {
            let everybody = vec![RowOutcome::Kept(0); open.len()];
            place(&market, &Selection { outcomes: everybody, closed_by: selection.closed_by.clone() })?
        };
        for (&row, column) in open.iter().zip(placement.column_of) {
            column_of[row as usize] = column;
        }

        let own_price = |(node, price): (u32, i64)| {
            let raise = i64::from(room[node as usize] == 0);
            price + raise - if forced(node) { penalty } else { 0 }
        };
        let column_price = |(column, price): (u32, i64)| {
            let raise = match layers.of_column(column) {
                REST => 0,
                layer => i64::from(layers.count() - layer),
            };
            own_price((column, price)) + raise
        };
        let first_group = problem.column_count() as u32;
        Ok(ProfileStage {
            level: self.level(turn),
            column_prices: (0..).zip(placement.column_prices).map(column_price).collect(),
            group_prices: (first_group..).zip(placement.group_prices).map(own_price).collect(),
        })
    }

    /// Returns the rows that have a choice, with the costs of a stage.
    fn market(&self, room: &[u32], extra: &[i64], turn: u32) -> Result<Problem, SolveError> {
        let mut builder = ProblemBuilder::with_capacity(self.rows.len(), self.arcs.len());
        let (column_room, group_room) = room.split_at(self.problem.column_count());
        for (group, &room) in (0..).zip(group_room) {
            builder.add_group(room, self.problem.parent_of_group(group))?;
        }
        for (column, &room) in (0..).zip(column_room) {
            builder.add_column(room, self.problem.group_of_column(column))?;
        }
        let parts = self.add_classes(&mut builder, extra)?;
        for arcs in self.arcs_by_row().filter(|arcs| self.only_column(arcs).is_none()) {
            let (columns, classes) = arcs.split_at(arcs.partition_point(|arc| self.class(arc.node).is_none()));
            let cost = |arc: &Arc, extra: i64| extra.saturating_add(self.objective.cost(*arc, turn));
            let columns = columns.iter().map(|arc| (arc.node, cost(arc, extra[arc.node as usize])));
            let classes = classes.iter().flat_map(|arc| {
                let parts = self.class(arc.node).map_or(&[][..], |class| &parts[class]);
                parts.iter().map(move |&(part, extra)| (part, cost(arc, extra)))
            });
            builder.add_row_with_classes(None, columns, classes)?;
        }
        Ok(builder.build())
    }

    /// Adds the classes, taken apart by what arcs to their columns cost in addition, and returns the parts of each.
    fn add_classes(&self, builder: &mut ProblemBuilder, extra: &[i64]) -> Result<Vec<Vec<(u32, i64)>>, SolveError> {
        let mut parts = Vec::with_capacity(self.classes.len());
        for columns in &self.classes {
            let mut by_extra: BTreeMap<i64, Vec<u32>> = BTreeMap::new();
            for &column in columns {
                by_extra.entry(extra[column as usize]).or_default().push(column);
            }
            let add = |(extra, columns): (i64, Vec<u32>)| Ok((builder.add_class(&columns)?, extra));
            parts.push(by_extra.into_iter().map(add).collect::<Result<_, SolveError>>()?);
        }
        Ok(parts)
    }

    /// Returns the room that rows without a choice leave at each node.
    fn room_beside_settled(&self) -> Result<Vec<u32>, SolveError> {
        let problem = self.problem;
        let mut room: Vec<u32> = (0..problem.node_count() as u32).map(|node| problem.node_capacity(node)).collect();
        for arcs in self.arcs_by_row() {
            if let Some(column) = self.only_column(arcs) {
                let mut node = column;
                while node != NONE {
                    let own = &mut room[node as usize];
                    *own = own.checked_sub(1).ok_or(SolveError::Infeasible)?;
                    node = problem.node_parent(node);
                }
            }
        }
        Ok(room)
    }
}

/// Returns what an arc to each column costs in addition, for it to pay to fill some nodes first.
fn extra_costs(problem: &Problem, forced: impl Fn(u32) -> bool, penalty: i64) -> Vec<i64> {
    let mut above = vec![0; problem.node_count()];
    for node in problem.nodes_top_down() {
        let parent = problem.node_parent(node);
        above[node as usize] = i64::from(forced(node)) + if parent == NONE { 0 } else { above[parent as usize] };
    }
    above.truncate(problem.column_count());
    let most = above.iter().copied().max().unwrap_or_default();
    above.into_iter().map(|above| (most - above).saturating_mul(penalty)).collect()
}

/// Returns a least-cost placement that begins with everybody in these seats, if few can sit cheaper.
fn place_from(problem: &Problem, seats: &[Option<u32>]) -> Result<Option<Placement>, SolveError> {
    let mut flow = Flow::new(problem);
    let mut others = Vec::new();
    let limit = seats.len() / FEW;
    for (row, &seat) in (0..).zip(seats) {
        let arcs = problem.arc_range(row);
        let least = arcs.clone().map(|arc| problem.arc_cost(arc)).min();
        let leads = |node: u32, seat: u32| node == seat || problem.class_of(node).binary_search(&seat).is_ok();
        let at = |seat: u32| move |&arc: &usize| Some(problem.arc_cost(arc)) == least && leads(problem.arc_column(arc), seat);
        match seat.and_then(|seat| Some((seat, arcs.clone().find(at(seat))?))) {
            Some((seat, arc)) => flow.place(row, arc, seat),
            None => others.push(row),
        }
        if others.len() > limit {
            return Ok(None);
        }
    }
    let (flow, potential) = primal_dual::place_beside(flow, &others)?;
    Ok(Some(Placement::from_potentials(problem, flow.columns(), potential)))
}
