//! The mechanisms that serve one stage at a time; `docs/mechanisms.md`, section 5.

use feriematch_model::{
    Employer, Evidence, JobIx, MoveEvidence, PlacementEvidence, PlacementRule, SelectionEvidence, StageReason,
};
use feriematch_solver::{
    Placement, ProfileObjective, RematchOutcome, RowOutcome, Selection, SolveError, Standing, place_by_profile,
    place_in_ranking_order,
};
use rayon::prelude::*;

use crate::market::{Market, StageProblem};
use crate::profile;
use crate::stage::{Served, Step};
use crate::workplaces::Workplaces;
use crate::{Ranking, RunOptions};

/// What finds the placement of least cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Solver {
    /// The sparse solver.
    #[default]
    Sparse,
    /// `pathfinding::kuhn_munkres` on the dense matrix with a column a place: slow, for small seasons, and written by others.
    Reference,
}

/// Serves a stage by `priority`: the order of the market's rows decides who, the rule of placement decides where.
pub(crate) fn priority(
    market: &Market<'_>,
    options: &RunOptions,
    workplaces: Option<&Workplaces>,
    at: &mut dyn FnMut(Step),
) -> Result<Served, SolveError> {
    let cost = |rank| match options.placement {
        PlacementRule::LeastTotalRank => i64::from(market.season().settings().rank_costs.cost(rank)),
        // The others only ask which wish is better.
        _ => i64::from(rank),
    };
    let mut stage = market.problem(cost)?;
    at(Step::Select);
    let selection = feriematch_solver::select(&stage.problem);
    at(Step::Place);
    if let Some(workplaces) = workplaces {
        stage.problem = workplaces.weigh(market, &stage.problem)?;
    }
    let (column_of, evidence) = place(market, &stage, &selection, options)?;
    at(Step::Evidence);
    let outcomes = selection.outcomes.par_iter().zip(&column_of).map(|(&outcome, &column)| match column {
        Some(column) => RowOutcome::Kept(column),
        None => outcome,
    });
    Ok(Served { rows: decided(market, outcomes), evidence })
}

/// Places those selected by the rule of placement.
fn place(
    market: &Market<'_>,
    stage: &StageProblem,
    selection: &Selection,
    options: &RunOptions,
) -> Result<(Vec<Option<u32>>, Evidence), SolveError> {
    let closed = || selection_evidence(market, &selection.closed_by, |row| row as usize);
    let by_profile = |objective| {
        let placement = place_by_profile(&stage.problem, selection, objective)?;
        let levels = profile::levels(market, stage, &placement);
        Ok((placement.column_of, Evidence::Profile { selection: Some(closed()), levels }))
    };
    match options.placement {
        PlacementRule::LeastTotalRank => {
            let placement = match options.solver {
                Solver::Sparse => feriematch_solver::place(&stage.problem, selection)?,
                Solver::Reference => feriematch_solver::place_reference(&stage.problem, selection)?,
            };
            let evidence = Evidence::Certificate {
                selection: closed(),
                placement: placement_evidence(market, stage, &placement),
                moves: None,
            };
            Ok((placement.column_of, evidence))
        }
        PlacementRule::RankMaximal => by_profile(ProfileObjective::RankMaximal),
        PlacementRule::Generous => by_profile(ProfileObjective::Fair),
        PlacementRule::RankingOrder => {
            let column_of = place_in_ranking_order(&stage.problem, selection)?;
            Ok((column_of, Evidence::Order { selection: closed() }))
        }
    }
}

/// Serves a stage by deferred acceptance: jobs rank by class, home district, lottery.
pub(crate) fn deferred_acceptance(
    market: &Market<'_>,
    ranking: &Ranking,
    at: &mut dyn FnMut(Step),
) -> Result<Served, SolveError> {
    let stage = market.problem(i64::from)?;
    at(Step::Select);
    let priorities = market.job_priorities(ranking);
    let outcomes = feriematch_solver::deferred_acceptance(&stage.problem, |row, column| priorities.of(row, column));
    Ok(Served { rows: decided(market, outcomes.into_par_iter()), evidence: Evidence::Replay })
}

/// Serves a stage by top trading cycles: jobs belong to those who come first by class, home district, lottery; jobs under a common
/// cap belong together, and rank by class and lottery alone.
pub(crate) fn top_trading_cycles(market: &Market<'_>, ranking: &Ranking, at: &mut dyn FnMut(Step)) -> Result<Served, SolveError> {
    let stage = market.problem(i64::from)?;
    at(Step::Select);
    let (orders, order_of) = market.job_priorities(ranking).orders(&stage.problem);
    let outcomes = feriematch_solver::top_trading_cycles(&stage.problem, &orders, &order_of);
    Ok(Served { rows: decided(market, outcomes.into_par_iter()), evidence: Evidence::Replay })
}

/// Serves a stage rank by rank, whoever the wishes are of.
pub(crate) fn rank_maximal(market: &Market<'_>, at: &mut dyn FnMut(Step)) -> Result<Served, SolveError> {
    let stage = market.problem(i64::from)?;
    at(Step::Place);
    let assigned = feriematch_solver::rank_maximal(&stage.problem)?;
    at(Step::Evidence);
    let evidence = Evidence::Profile { selection: None, levels: profile::levels_of_all(market, &stage, &assigned) };
    Ok(Served { rows: decided(market, assigned.outcomes.into_par_iter()), evidence })
}

/// Serves a stage by serial dictatorship.
pub(crate) fn serial_dictatorship(market: &Market<'_>, at: &mut dyn FnMut(Step)) -> Result<Served, SolveError> {
    // Ranks, not their costs, say what is better: two ranks may cost the same.
    let stage = market.problem(i64::from)?;
    at(Step::Select);
    let outcomes = feriematch_solver::serial_dictatorship(&stage.problem);
    Ok(Served { rows: decided(market, outcomes.into_par_iter()), evidence: Evidence::Replay })
}

/// Rematches a stage by `priority`: whoever has a claim keeps a place, and is moved only to make room for somebody who waits.
///
/// Returns how many were moved, too.
pub(crate) fn rematch(
    market: &Market<'_>,
    max_moves: Option<u32>,
    at: &mut dyn FnMut(Step),
) -> Result<(Served, u32), SolveError> {
    let rank_costs = &market.season().settings().rank_costs;
    let stage = market.problem(|rank| i64::from(rank_costs.cost(rank)))?;
    let standing = |row| market.claim(row).map_or(Standing::Waiting, Standing::Movable);
    let standings: Vec<Standing> = (0..market.rows().len()).map(standing).collect();
    at(Step::Select);
    let rematched = feriematch_solver::rematch(&stage.problem, &standings, max_moves)?;
    at(Step::Evidence);
    let residual = &rematched.evidence;
    let mut selection = selection_evidence(market, &residual.unlimited.closed_by, |row| residual.rows[row as usize] as usize);
    // The rematch leaves out what has no room at all. Whoever is refused first closes it.
    if let Some(row) = rematched.outcomes.iter().position(|&outcome| outcome == RematchOutcome::Full) {
        let closer = &market.season().applicant(market.rows()[row]).id;
        for job in market.jobs_without_room() {
            selection.closed.insert(market.season().job(job).id.to_string(), closer.to_string());
        }
    }
    let priced = |placement: &Placement| {
        let mut evidence = placement_evidence(market, &stage, placement);
        price_what_has_no_room(market, placement, &mut evidence);
        evidence
    };
    let moves = residual.fewest_moves.as_ref().map(|fewest| MoveEvidence {
        moves: rematched.moves,
        move_cost: residual.move_cost,
        fewest: priced(fewest),
    });
    let evidence = Evidence::Certificate { selection, placement: priced(&residual.placement), moves };
    let decide = |(row, outcome)| match outcome {
        RematchOutcome::Placed(column) => Ok((market.job(column), market.rank(row, column))),
        RematchOutcome::NoArc | RematchOutcome::Gone => Err(StageReason::NoEligibleJob),
        RematchOutcome::RowCap => Err(StageReason::HomeCap),
        RematchOutcome::Full => Err(StageReason::Full),
        RematchOutcome::MoveLimit => Err(StageReason::MoveLimit),
    };
    let rows = rematched.outcomes.iter().copied().enumerate().map(decide).collect();
    Ok((Served { rows, evidence }, rematched.moves))
}

/// Serves a stage by deferred acceptance in which everybody who has a claim comes first where they are, so that nobody loses by
/// taking part.
///
/// # References
///
/// I. Feigenbaum, Y. Kanoria, I. Lo, J. Sethuraman: Dynamic matching in school choice: efficient seat reassignment after late
/// cancellations, Management Science 66, 2020 (permuted lottery deferred acceptance; of all orders, the reversed one moves the
/// fewest).
pub(crate) fn upgrade(market: &Market<'_>, at: &mut dyn FnMut(Step)) -> Result<Served, SolveError> {
    let stage = market.problem(i64::from)?;
    at(Step::Select);
    let first_where_they_are = |row: u32, column: u32| u32::from(market.claim(row as usize) != Some(column));
    let outcomes = feriematch_solver::deferred_acceptance(&stage.problem, first_where_they_are);
    Ok(Served { rows: decided(market, outcomes.into_par_iter()), evidence: Evidence::Replay })
}

/// Gives places that nobody can get a price that nobody would pay: the rematch has left them out.
fn price_what_has_no_room(market: &Market<'_>, placement: &Placement, evidence: &mut PlacementEvidence) {
    let season = market.season();
    let dear = placement.row_potentials.iter().copied().max().unwrap_or(0);
    if dear > 0 {
        for job in market.jobs_without_room() {
            let job = season.job(job);
            match job.employer {
                Employer::Department(d) if market.room().departments()[d.get()] == Some(0) => {
                    evidence.departments.insert(season.settings().departments[d.get()].id.to_string(), dear);
                }
                _ => {
                    evidence.jobs.insert(job.id.to_string(), dear);
                }
            }
        }
    }
}

/// Translates rows and columns back to applicants' jobs.
fn decided(
    market: &Market<'_>,
    outcomes: impl IndexedParallelIterator<Item = RowOutcome>,
) -> Vec<Result<(JobIx, u16), StageReason>> {
    let decide = |(row, outcome)| match outcome {
        RowOutcome::Kept(column) => Ok((market.job(column), market.rank(row, column))),
        RowOutcome::NoArc => Err(StageReason::NoEligibleJob),
        RowOutcome::RowCap => Err(StageReason::HomeCap),
        RowOutcome::Full => Err(StageReason::Full),
    };
    outcomes.enumerate().map(decide).collect()
}

/// Names the jobs that were closed, and by whom.
fn selection_evidence(market: &Market<'_>, closed_by: &[Option<u32>], row_of: impl Fn(u32) -> usize) -> SelectionEvidence {
    let season = market.season();
    let closed = (0..).zip(closed_by).filter_map(|(column, row)| {
        let applicant = market.rows()[row_of((*row)?)];
        Some((season.job(market.job(column)).id.clone().into_string(), season.applicant(applicant).id.clone().into_string()))
    });
    SelectionEvidence { closed: closed.collect() }
}

fn placement_evidence(market: &Market<'_>, stage: &StageProblem, placement: &Placement) -> PlacementEvidence {
    let season = market.season();
    let group_price = |group: u32| placement.group_prices[group as usize];
    let jobs = (0..).zip(&placement.column_prices).filter(|(_, price)| **price != 0);
    let departments = stage.departments.iter().filter(|(_, group)| group_price(**group) != 0);
    PlacementEvidence {
        cost: placement.cost,
        jobs: jobs.map(|(column, &price)| (season.job(market.job(column)).id.clone().into_string(), price)).collect(),
        departments: departments
            .map(|(d, &group)| (season.settings().departments[d.get()].id.clone().into_string(), group_price(group)))
            .collect(),
        stream: stage.stream.map_or(0, group_price),
    }
}
