//! Another season that differs from a given one in a few places.

use feriematch_model::{Season, SeasonDraft};

use crate::PlanError;

/// Returns the season in which something is changed.
///
/// # Errors
///
/// Returns an error if what is changed does not fit the rest.
pub(crate) fn changed(season: &Season, change: impl FnOnce(&mut SeasonDraft)) -> Result<Season, PlanError> {
    let mut draft = SeasonDraft {
        settings: season.settings().clone(),
        applicants: season.applicants().to_vec(),
        jobs: season.jobs().to_vec(),
        overrides: season.overrides().to_vec(),
    };
    change(&mut draft);
    Ok(Season::new(draft)?)
}
