//! Rank-maximal placements of any rows: the most at the first level, then at the second, and so on, and at last the
//! highest-ranked.
//!
//! # Problem and notation
//!
//! All placements of any rows count that keep the capacities of columns and groups and the caps of row groups. The
//! distinct costs of all arcs, ascending, are the *levels*. A placement is rank-maximal if it has the most rows at the
//! first level, subject to that the most at the second, and so on. Of all rank-maximal placements, one is wanted in which
//! the sum of the ranks of the placed rows is least, the highest-ranked having rank 1: the ranking decides between equals.
//! Without row groups, the sets of rows that rank-maximal placements place are the bases of a matroid (those that fit as
//! they are among the vertices of a face of a flow polytope), so the set with the least sum is also the first in
//! lexicographic order (Rado 1957, Gale 1968).
//!
//! A rank-maximal placement need not place as many rows as can be placed.
//!
//! # Algorithm
//!
//! One [stage](crate::stage) a level, in order, as for [placements by profile](crate::profile), but over all rows that
//! have arcs: being *outside* is one more arc, at a level after all others. As everybody is somewhere, the last
//! undecided level follows from the others here too. After the levels, if it is still open who is placed, one more
//! stage has the rank of a row as the cost of placing it.
//!
//! # The dual of a stage
//!
//! With c_ij what the stage makes of an arc, and c_i0 of being outside: minimise the total over all placements. A column
//! has a price p_j, a group q_g and the cap of a row group h_r, all ≥ 0; a place in column j has the price π_j = p_j plus
//! the prices of the groups above. The dual is to maximise Σ u_i − Σ p_j · capacity_j − Σ q_g · capacity_g − Σ h_r · cap_r
//! subject to c_ij + π_j + h_r(i) − u_i ≥ 0 for all arcs and c_i0 − u_i ≥ 0. So u_i is the least of these, and a stage
//! is optimal if every row is where it is least, and whatever has a price is full. What has to be full by the stages
//! before may have a price of either sign, and arcs that they do not admit have no constraint.
//!
//! # Termination and overflow
//!
//! There are at most as many stages as levels. Those of levels need what [`place_by_profile`](crate::place_by_profile())
//! needs; with n rows, and h nodes above each other at most that have to be full, costs of the last stage are at most
//! (h + 1) n² / 2 + n: a million rows fit an `i64` if h is 1, and a hundred thousand if h is 1000.
//!
//! # Complexity
//!
//! That of a least-cost placement of all rows for each stage, of fewer rows and arcs each time.
//!
//! # References
//!
//! R. Irving: Greedy matchings, University of Glasgow, TR-2003-136, 2003.
//! R. Irving, T. Kavitha, K. Mehlhorn, D. Michail, K. Paluch: Rank-maximal matchings, ACM Trans. Algorithms 2006.
//! R. Rado: Note on independence functions, Proc. London Math. Soc. 1957.
//! D. Gale: Optimal assignments in an ordered set, J. Combin. Theory 1968.

use crate::face::{Decision, Face, Prices};
use crate::layers::Layers;
use crate::placement::check_capacities;
use crate::profile::{check_profile, profile};
use crate::{Problem, ProfileLevel, RowOutcome, Selection, SolveError, Violation};

/// What a stage of a rank-maximal placement decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decides {
    /// How many rows are at a level, an index of the profile: an arc costs 0 if it is at this level, and 1 otherwise;
    /// being outside costs 1.
    Level(usize),
    /// Who is placed: an arc costs the rank of its row, which is one more than its index; being outside costs 0.
    Ranking,
}

/// The prices that prove one stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankMaximalStage {
    /// What the stage decides.
    pub decides: Decides,
    /// The price of each column's capacity: zero where there is room, and negative only where an earlier stage has a
    /// price.
    pub column_prices: Vec<i64>,
    /// The price of each group's capacity, likewise.
    pub group_prices: Vec<i64>,
    /// The price of each row group's cap, likewise.
    pub row_group_prices: Vec<i64>,
}

impl RankMaximalStage {
    fn prices(&self) -> Prices<'_> {
        Prices { columns: &self.column_prices, groups: &self.group_prices, row_groups: &self.row_group_prices }
    }
}

/// A rank-maximal placement, and prices that prove it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankMaximal {
    /// What became of each row. One that is not placed is [`RowOutcome::NoArc`], or [`RowOutcome::RowCap`] if the cap of its
    /// row group is used up, or else [`RowOutcome::Full`].
    pub outcomes: Vec<RowOutcome>,
    /// Every cost of arcs, ascending, with the number of rows placed at it.
    pub profile: Vec<ProfileLevel>,
    /// The evidence: a stage for each level that the stages before leave undecided, in order, and one for the ranking
    /// if then it is still open who is placed.
    pub stages: Vec<RankMaximalStage>,
}

/// Places any rows, rank-maximally: the most at the least cost, subject to that the most at the next, and so on; of all
/// such placements, in one with the least sum of the placed rows' ranks.
///
/// Costs only say which arcs are better, equal or worse. Of several such placements, one is returned that depends on
/// the problem only.
///
/// # Errors
///
/// [`SolveError::CostRange`] if prices could overflow, which takes hundreds of thousands of rows.
///
/// # Complexity
///
/// At most as many placements of all rows as there are levels, each of fewer rows and arcs than the one before.
///
/// # References
///
/// Irving 2003; Irving, Kavitha, Mehlhorn, Michail and Paluch 2006.
///
/// # Examples
///
/// Two first choices are better than one and two second choices: nobody sits in the office, though all three could be
/// placed. The ranking decides who gets the park.
///
/// ```
/// use feriematch_solver::{ProblemBuilder, RowOutcome, rank_maximal};
///
/// let mut builder = ProblemBuilder::new();
/// let [park, office, pool] = [builder.add_column(1, None)?, builder.add_column(1, None)?, builder.add_column(1, None)?];
/// builder.add_row(None, [(park, 1)])?;
/// builder.add_row(None, [(park, 1), (pool, 2)])?;
/// builder.add_row(None, [(office, 2), (pool, 1)])?;
/// let problem = builder.build();
///
/// let found = rank_maximal(&problem)?;
/// assert_eq!(found.outcomes, [RowOutcome::Kept(park), RowOutcome::Full, RowOutcome::Kept(pool)]);
/// assert_eq!(found.profile.iter().map(|level| level.rows).collect::<Vec<_>>(), [2, 0]);
/// assert_eq!(found.check(&problem), Ok(()));
/// # Ok::<(), feriematch_solver::SolveError>(())
/// ```
pub fn rank_maximal(problem: &Problem) -> Result<RankMaximal, SolveError> {
    let mut face = Face::of_any(problem);
    let everybody = Selection { outcomes: vec![RowOutcome::Kept(0); problem.row_count()], closed_by: Vec::new() };
    let layers = Layers::none(problem, &everybody);
    let mut column_of = vec![None; problem.row_count()];
    let mut stages = Vec::new();
    while let Some(decision) = face.undecided() {
        let found = face.optimise(&layers, &[], decision, &mut column_of)?;
        let stage = RankMaximalStage {
            decides: decides(&face, decision),
            column_prices: found.columns,
            group_prices: found.groups,
            row_group_prices: found.row_groups,
        };
        face.restrict(decision, stage.prices());
        stages.push(stage);
    }
    let found =
        RankMaximal { outcomes: outcomes(problem, &column_of), profile: profile(problem, &face.levels, &column_of), stages };
    debug_assert_eq!(found.check(problem), Ok(()));
    Ok(found)
}

impl RankMaximal {
    /// Returns the column of each row that is placed.
    pub fn column_of(&self) -> Vec<Option<u32>> {
        let column = |outcome: &RowOutcome| match *outcome {
            RowOutcome::Kept(column) => Some(column),
            _ => None,
        };
        self.outcomes.iter().map(column).collect()
    }

    /// Checks that all capacities and caps hold, that the profile is the best one, and that the ranks add up to the least.
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
    pub fn check(&self, problem: &Problem) -> Result<(), Violation> {
        let shape = (problem.column_count(), problem.group_count(), problem.row_group_caps().len());
        let shape_of =
            |stage: &RankMaximalStage| (stage.column_prices.len(), stage.group_prices.len(), stage.row_group_prices.len());
        if self.outcomes.len() != problem.row_count() || self.stages.iter().any(|stage| shape_of(stage) != shape) {
            return Err(Violation::Shape);
        }
        let column_of = self.column_of();
        let load = check_capacities(problem, &column_of)?;
        let row_group_load = row_group_load(problem, &column_of);
        let over = |&(row_group, load): &(u32, &u32)| *load > problem.row_group_caps()[row_group as usize];
        if let Some((row_group, _)) = (0..).zip(&row_group_load).find(over) {
            return Err(Violation::RowGroupOverfull { row_group });
        }
        let reasons = (0..).zip(self.outcomes.iter().zip(outcomes(problem, &column_of)));
        if let Some((row, _)) = reasons.into_iter().find(|&(_, (stated, actual))| *stated != actual) {
            return Err(Violation::Reason { row });
        }
        let mut face = Face::of_any(problem);
        check_profile(&self.profile, &profile(problem, &face.levels, &column_of))?;
        for stage in &self.stages {
            let decision = face.undecided().filter(|&decision| decides(&face, decision) == stage.decides);
            let decision = decision.ok_or_else(|| match stage.decides {
                Decides::Level(level) => face.levels.get(level).map_or(Violation::Shape, |&cost| Violation::Stage { cost }),
                Decides::Ranking => Violation::RankingStage,
            })?;
            face.check_prices(stage.prices(), &load, &row_group_load)?;
            face.restrict(decision, stage.prices());
            face.check_admitted(&column_of)?;
        }
        face.undecided().map_or(Ok(()), |decision| Err(face.missing(decision)))
    }
}

fn decides(face: &Face<'_>, decision: Decision) -> Decides {
    face.decides_level(decision).map_or(Decides::Ranking, Decides::Level)
}

/// Returns how many rows of each row group are placed.
fn row_group_load(problem: &Problem, column_of: &[Option<u32>]) -> Vec<u32> {
    let mut load = vec![0; problem.row_group_caps().len()];
    for (row, _) in (0..).zip(column_of).filter(|(_, column)| column.is_some()) {
        if let Some(group) = problem.row_group(row) {
            load[group as usize] += 1;
        }
    }
    load
}

/// Returns what became of each row, given who sits where.
fn outcomes(problem: &Problem, column_of: &[Option<u32>]) -> Vec<RowOutcome> {
    let load = row_group_load(problem, column_of);
    let is_used_up = |group: u32| load[group as usize] >= problem.row_group_caps()[group as usize];
    let outcome = |(row, column): (u32, &Option<u32>)| match *column {
        Some(column) => RowOutcome::Kept(column),
        None if problem.arc_range(row).is_empty() => RowOutcome::NoArc,
        None if problem.row_group(row).is_some_and(is_used_up) => RowOutcome::RowCap,
        None => RowOutcome::Full,
    };
    (0..).zip(column_of).map(outcome).collect()
}
