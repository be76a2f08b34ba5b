//! Soft balance among those selected: whose turn it is where places are kept for a sex; `docs/mechanisms.md`, section 9.1.

use feriematch_model::{ApplicantIx, Balance, Precedence, StreamIx};
use feriematch_solver::{SolveError, select};

use crate::Preparation;
use crate::locks::Room;
use crate::market::Market;

/// Returns a stage's applicants in the order of their turns, from the same in ranking order.
///
/// Whoever is refused when reserves are filled is refused again later, since sets that cannot be placed at once do not become
/// placeable by growing. So one selection in the order returned does what the passes do that define it.
pub(crate) fn turns(
    preparation: &Preparation<'_>,
    ranked: Vec<ApplicantIx>,
    stream: StreamIx,
    room: &Room,
    balance: &Balance,
) -> Result<Vec<ApplicantIx>, SolveError> {
    if balance.reserves.is_empty() {
        return Ok(ranked);
    }
    let season = preparation.season();
    let selected = |list: Vec<ApplicantIx>| {
        let market = Market::new(preparation, list, stream, room);
        let kept: Vec<u32> = select(&market.problem(i64::from)?.problem).kept().collect();
        Ok::<_, SolveError>(kept.into_iter().map(|row| market.rows()[row as usize]).collect::<Vec<_>>())
    };
    let without = selected(ranked.clone())?;
    let quotas: Vec<usize> = balance.reserves.iter().map(|reserve| without.len() * usize::from(reserve.percent) / 100).collect();
    let mut first: Vec<ApplicantIx> = match balance.precedence {
        Precedence::ReserveFirst => Vec::new(),
        Precedence::OpenFirst => without[..without.len() - quotas.iter().sum::<usize>()].to_vec(),
    };
    let mut has_turn = vec![false; season.applicants().len()];
    for applicant in &first {
        has_turn[applicant.get()] = true;
    }
    for (reserve, quota) in balance.reserves.iter().zip(quotas) {
        let is_meant = |a: &&ApplicantIx| !has_turn[a.get()] && season.applicant(**a).gender == reserve.gender;
        let of_sex: Vec<ApplicantIx> = ranked.iter().filter(is_meant).copied().collect();
        let kept = selected(first.iter().chain(&of_sex).copied().collect())?;
        let mut of_reserve = kept.iter().filter(|&&a| !has_turn[a.get()]);
        // Those after the last who fills it have no turn yet; if it cannot be filled, all of the sex have had theirs.
        let turns = match quota {
            0 => 0,
            quota => of_reserve.nth(quota - 1).map_or(of_sex.len(), |last| of_sex.iter().take_while(|a| *a != last).count() + 1),
        };
        first.extend(&of_sex[..turns]);
        for applicant in &of_sex[..turns] {
            has_turn[applicant.get()] = true;
        }
    }
    let rest = ranked.iter().copied().filter(|applicant| !has_turn[applicant.get()]);
    Ok(first.iter().copied().chain(rest).collect())
}
