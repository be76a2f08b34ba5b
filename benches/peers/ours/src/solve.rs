//! Ours and the Rust peers, each from the instance to the answer.

use feriematch_solver::{Problem, ProblemBuilder, RowOutcome, SolveError, deferred_acceptance, place, select};
use pathfinding::kuhn_munkres::kuhn_munkres;
use pathfinding::matrix::Matrix;
use serde_json::{Value, json};

use crate::instance::Instance;
use crate::stopwatch::Stopwatch;

/// The modulus and the factor of the checksum of who is where, as in `solvers/matching_solver.py`.
const MODULUS: u128 = (1 << 61) - 1;
const FACTOR: u128 = 1_000_003;

/// Selects and places with feriematch, starting from all applicants.
pub fn feriematch(instance: &Instance, stopwatch: &mut Stopwatch) -> Result<Value, SolveError> {
    let problem = stopwatch.stage("build", || problem(instance))?;
    let selection = stopwatch.stage("select", || select(&problem));
    let placement = stopwatch.stage("place", || place(&problem, &selection))?;
    Ok(json!({ "placed": selection.kept().count(), "cost": placement.cost }))
}

/// Runs feriematch's deferred acceptance: columns rank rows from the same district first, then by the ranking.
pub fn stable(instance: &Instance, stopwatch: &mut Stopwatch) -> Result<Value, SolveError> {
    let problem = stopwatch.stage("build", || problem(instance))?;
    let far = |row: u32, column: u32| instance.row_district[row as usize] != instance.column_district[column as usize];
    let outcomes = stopwatch.stage("solve", || deferred_acceptance(&problem, |row, column| u32::from(far(row, column))));
    let (mut placed, mut cost, mut checksum) = (0, 0, 0);
    for (row, outcome) in (0..).zip(outcomes) {
        let mut code = 0;
        if let RowOutcome::Kept(column) = outcome {
            placed += 1;
            cost += problem.cost(row, column).unwrap_or_default();
            code = u128::from(column) + 1;
        }
        checksum = (checksum * FACTOR + code) % MODULUS;
    }
    Ok(json!({ "placed": placed, "cost": cost, "checksum": checksum as u64 }))
}

/// Builds the problem that feriematch solves.
pub fn problem(instance: &Instance) -> Result<Problem, SolveError> {
    let mut builder = ProblemBuilder::with_capacity(instance.row_count(), instance.arc_column.len());
    for &capacity in &instance.capacity {
        builder.add_column(capacity, None)?;
    }
    for row in 0..instance.row_count() {
        builder.add_row(None, instance.arcs(row).map(|(column, cost)| (column, i64::from(cost))))?;
    }
    Ok(builder.build())
}

/// Places selected rows by pathfinding's Kuhn-Munkres method on a dense matrix of rows and places.
///
/// A missing arc costs more than any whole placement. Costs are negative weights, since the package would make a negated
/// copy of costs.
#[expect(clippy::unnecessary_wraps, reason = "solvers have one signature")]
pub fn pathfinding(instance: &Instance, stopwatch: &mut Stopwatch) -> Result<Value, SolveError> {
    let weights = stopwatch.stage("build", || {
        let dearest = instance.arc_cost.iter().max().map_or(0, |&cost| cost as i32);
        let first_place = first_places(&instance.capacity);
        let places = first_place[instance.capacity.len()];
        let mut weights = Matrix::new(instance.row_count(), places, -(instance.row_count() as i32) * dearest - 1);
        for row in 0..instance.row_count() {
            for (column, cost) in instance.arcs(row) {
                for place in first_place[column as usize]..first_place[column as usize + 1] {
                    weights[(row, place)] = -(cost as i32);
                }
            }
        }
        weights
    });
    let (weight, place_of) = stopwatch.stage("solve", || kuhn_munkres(&weights));
    Ok(json!({ "placed": place_of.len(), "cost": -weight }))
}

/// Returns where the places of each column start, and at the end how many there are.
fn first_places(capacity: &[u32]) -> Vec<usize> {
    let mut first_place = vec![0];
    let mut places = 0;
    for &capacity in capacity {
        places += capacity as usize;
        first_place.push(places);
    }
    first_place
}
