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
//! How a stage is made a problem for [`place`](crate::place()) is told [elsewhere](crate::stage).
//!
//! A level is *decided* if each row has all its admitted arcs at this level, or none. Stages are only made for other
//! levels, and not for the last of them: the number of rows at all levels together is known.
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

use crate::face::{Decision, Face, Prices};
use crate::layers::Layers;
use crate::placement::check_seats;
use crate::{Problem, Selection, SolveError, Violation};

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

impl ProfileStage {
    fn prices(&self) -> Prices<'_> {
        Prices { columns: &self.column_prices, groups: &self.group_prices, row_groups: &[] }
    }
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
    let mut face = Face::of_selected(problem, selection, objective);
    let mut stages = Vec::new();
    let mut column_of = vec![None; rows];
    while let Some(decision @ Decision::Level(turn)) = face.undecided() {
        let found = face.optimise(&layers, &selection.closed_by, decision, &mut column_of)?;
        let stage = ProfileStage { level: face.level(turn), column_prices: found.columns, group_prices: found.groups };
        face.restrict(decision, stage.prices());
        stages.push(stage);
    }
    if stages.is_empty() {
        // Any placement will do.
        face.optimise(&layers, &selection.closed_by, Decision::Level(0), &mut column_of)?;
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
        let mut face = Face::of_selected(problem, selection, objective);
        check_profile(&self.profile, &profile(problem, &face.levels, &self.column_of))?;
        for stage in &self.stages {
            let decision = face.undecided().filter(|&decision| face.decides_level(decision) == Some(stage.level));
            let missing = || face.levels.get(stage.level).map_or(Violation::Shape, |&cost| Violation::Stage { cost });
            let decision = decision.ok_or_else(missing)?;
            face.check_prices(stage.prices(), &load, &[])?;
            face.restrict(decision, stage.prices());
            face.check_admitted(&self.column_of)?;
        }
        face.undecided().map_or(Ok(()), |decision| Err(face.missing(decision)))
    }
}

/// Checks that a profile is stated as it is.
pub(crate) fn check_profile(stated: &[ProfileLevel], actual: &[ProfileLevel]) -> Result<(), Violation> {
    if stated.len() != actual.len() {
        return Err(Violation::Shape);
    }
    match stated.iter().zip(actual).find(|(stated, actual)| stated != actual) {
        None => Ok(()),
        Some((stated, actual)) if stated.cost != actual.cost => Err(Violation::Shape),
        Some((stated, actual)) => Err(Violation::Profile { cost: actual.cost, stated: stated.rows, actual: actual.rows }),
    }
}

/// Returns how many rows sit at each level.
pub(crate) fn profile(problem: &Problem, levels: &[i64], column_of: &[Option<u32>]) -> Vec<ProfileLevel> {
    let mut profile: Vec<_> = levels.iter().map(|&cost| ProfileLevel { cost, rows: 0 }).collect();
    for (row, column) in (0..).zip(column_of) {
        let cost = column.and_then(|column| problem.cost(row, column));
        if let Some(level) = cost.and_then(|cost| levels.binary_search(&cost).ok()) {
            profile[level].rows += 1;
        }
    }
    profile
}
