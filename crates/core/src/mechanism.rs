//! The mechanisms that serve one stage at a time; `docs/mechanisms.md`, sections 5.1 and 5.2.

use feriematch_model::{Evidence, JobIx, PlacementEvidence, SelectionEvidence, StageReason};
use feriematch_solver::{Placement, RowOutcome, Selection, SolveError};
use rayon::prelude::*;

use crate::market::{Market, StageProblem};
use crate::stage::{Served, Step};

/// What finds the placement of least cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Solver {
    /// The sparse solver.
    #[default]
    Sparse,
    /// `pathfinding::kuhn_munkres` on the dense matrix with a column a place: slow, for small seasons, and written by others.
    Reference,
}

/// Serves a stage by `priority`: the ranking decides who, the least total rank cost decides where.
pub(crate) fn priority(market: &Market<'_>, solver: Solver, at: &mut dyn FnMut(Step)) -> Result<Served, SolveError> {
    let rank_costs = &market.season().settings().rank_costs;
    let stage = market.problem(|rank| i64::from(rank_costs.cost(rank)))?;
    at(Step::Select);
    let selection = feriematch_solver::select(&stage.problem);
    at(Step::Place);
    let placement = match solver {
        Solver::Sparse => feriematch_solver::place(&stage.problem, &selection)?,
        Solver::Reference => feriematch_solver::place_reference(&stage.problem, &selection)?,
    };
    at(Step::Evidence);
    let evidence = Evidence::Certificate {
        selection: selection_evidence(market, &selection),
        placement: placement_evidence(market, &stage, &placement),
    };
    let outcomes = selection.outcomes.par_iter().zip(&placement.column_of).map(|(&outcome, &column)| match column {
        Some(column) => RowOutcome::Kept(column),
        None => outcome,
    });
    Ok(Served { rows: decided(market, outcomes), evidence })
}

/// Serves a stage by serial dictatorship.
pub(crate) fn serial_dictatorship(market: &Market<'_>, at: &mut dyn FnMut(Step)) -> Result<Served, SolveError> {
    // Ranks, not their costs, say what is better: two ranks may cost the same.
    let stage = market.problem(i64::from)?;
    at(Step::Select);
    let outcomes = feriematch_solver::serial_dictatorship(&stage.problem);
    Ok(Served { rows: decided(market, outcomes.into_par_iter()), evidence: Evidence::Replay })
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

fn selection_evidence(market: &Market<'_>, selection: &Selection) -> SelectionEvidence {
    let season = market.season();
    let closed = (0..).zip(&selection.closed_by).filter_map(|(column, row)| {
        let applicant = market.rows()[(*row)? as usize];
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
