//! Checks a placement in ranking order (docs/mechanisms.md, section 5.1): in the order of turns, nobody who is selected could have a better
//! rank, those before keeping theirs and all others a place.
//!
//! The outcome's own placement is where every search starts. Those who have had their turn are bound to their rank, the others to
//! nothing; whoever could do better finds a way to room, or back to the place that they would leave.

use crate::augment::Packing;
use crate::findings::Findings;
use crate::refutation::Refutation;
use crate::stage::Stage;

/// Checks the ranks of those whom a stage selects, up to the first who could have a better one.
///
/// # Complexity
///
/// A search for each applicant who is not placed at their best rank; a search takes time linear in the choices of those placed.
pub(crate) fn check(stage: &Stage<'_>, findings: &mut Findings) {
    let mut packing = Packing::new(stage);
    for (row, entrant) in stage.entrants.iter().enumerate() {
        if let Some(job) = entrant.job {
            packing.seat(row, job, None);
        }
    }
    for (row, entrant) in stage.entrants.iter().enumerate() {
        let Some(found) = stage.rank(entrant) else { continue };
        if let Some(expected) = packing.better_rank(row, found) {
            findings.push(Refutation::BetterRank { stream: stage.id(), applicant: stage.id_of(entrant), expected, found });
            return;
        }
        packing.bind(row, found);
    }
}
