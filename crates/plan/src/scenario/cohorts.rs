//! Applicants of a birth year that the files do not have.

use feriematch_model::{Applicant, Season};
use jiff::ToSpan;

use crate::scenario::{Likeness, ScenarioProblem};

/// The context in which BLAKE3 derives the key by which applicants are chosen to be copied once more.
const CONTEXT: &str = "feriematch 1 made-up cohort";

/// Makes up the applicants of a birth year after those of another.
///
/// Everybody born in the other year is copied equally often, and some once more, so that the number is right: those whose keyed hash of the
/// new year and the id is least. A copy is born as many years later or earlier, on the same day; its id is the original's with `~` and the
/// year, and from the second on `.` and a number. It has its own lottery number and answers, and the original's district, class, wishes and all else. What was
/// decided by hand on the original is not copied.
///
/// # Errors
///
/// Returns an error if the files have somebody of the year, or nobody of the other.
///
/// # Complexity
///
/// O(n log n) for n applicants, read and made up.
pub(crate) fn made_up(season: &Season, year: i16, like: Likeness) -> Result<Vec<Applicant>, ScenarioProblem> {
    let born_in = |year: i16| season.applicants().iter().filter(move |applicant| applicant.birth_date.year() == year);
    let there = born_in(year).count();
    if there > 0 {
        return Err(ScenarioProblem::Somebody { year, applicants: there });
    }
    let mut models: Vec<&Applicant> = born_in(like.year).collect();
    if models.is_empty() {
        return Err(ScenarioProblem::NobodyLike { year: like.year });
    }
    let key = blake3::derive_key(CONTEXT, &year.to_be_bytes());
    models.sort_by_cached_key(|applicant| *blake3::keyed_hash(&key, applicant.id.as_bytes()).as_bytes());
    let wanted = like.applicants.map_or(models.len(), |applicants| applicants as usize);
    let copies = models.iter().cycle().take(wanted).enumerate();
    Ok(copies.map(|(number, model)| copy(model, year, number / models.len())).collect())
}

/// Returns a copy of an applicant who is born in another year.
fn copy(model: &Applicant, year: i16, before: usize) -> Applicant {
    let number = if before == 0 { String::new() } else { format!(".{}", before + 1) };
    // The 28th, where the year has no 29 February.
    let birth_date = model.birth_date.saturating_add((year - model.birth_date.year()).years());
    Applicant { id: format!("{}~{year}{number}", model.id).into(), name: None, birth_date, displaced: false, ..model.clone() }
}
