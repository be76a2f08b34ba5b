//! What is impossible or odd about a season that reads without errors.

use std::collections::BTreeMap;

use feriematch_model::{Applicant, ApplicantIx, Gender, JobIx, Rule, Season};
use strsim::damerau_levenshtein;

use crate::locks::{Room, place_locks};
use crate::{LockProblem, Preparation};

/// One thing that somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// A lock that cannot stand: an error.
    Lock {
        /// The row of [`Season::overrides`].
        row: usize,
        /// Why it cannot stand.
        problem: LockProblem,
    },
    /// None of the applicants may take the job.
    JobNobodyMayTake(JobIx),
    /// Some applicants may take the job, but none of them wishes for it.
    JobNobodyWishes(JobIx),
    /// The applicant may take none of the jobs wished for.
    NoEligibleWish {
        /// Who.
        applicant: ApplicantIx,
        /// The rules that stand in the way; empty where the wishes name no job at all.
        rules: Vec<Rule>,
    },
    /// Two applications that are likely one person's.
    LikelyDuplicate {
        /// The one with the lower id.
        first: ApplicantIx,
        /// The other.
        second: ApplicantIx,
    },
}

/// Finds what is impossible or odd: locks in order of the overrides, then jobs, then applicants, then duplicates.
///
/// # Complexity
///
/// Linear in pairs (applicant, job wished for) in practice; a job that nobody may take costs a look at every applicant.
pub fn findings(preparation: &Preparation<'_>) -> Vec<Finding> {
    let season = preparation.season();
    let (_, problems) = place_locks(preparation.eligibility(), season, &mut Room::new(season));
    let mut found: Vec<Finding> = problems.into_iter().map(|(row, problem)| Finding::Lock { row, problem }).collect();

    let applicants = || (0..season.applicants().len()).map(ApplicantIx::new);
    let mut wished = vec![false; season.jobs().len()];
    for acceptable in applicants().flat_map(|a| preparation.acceptable(a)) {
        wished[acceptable.job.get()] = true;
    }
    for job in (0..season.jobs().len()).map(JobIx::new).filter(|job| !wished[job.get()]) {
        let may_be_taken = applicants().any(|a| preparation.eligibility().check(a, job).is_ok());
        found.push(if may_be_taken { Finding::JobNobodyWishes(job) } else { Finding::JobNobodyMayTake(job) });
    }
    for applicant in applicants().filter(|&a| preparation.acceptable(a).is_empty()) {
        found.push(Finding::NoEligibleWish { applicant, rules: preparation.rules_against(applicant) });
    }
    found.extend(likely_duplicates(season));
    found
}

/// The most applicants of one birth date, district and sex that are compared each with each.
const CROWD: usize = 500;

/// Finds pairs of applications that are likely one person's: born on the same day, and either of the same name, or living in the
/// same district with the same recorded sex and nearly the same name or, where a name is missing, the very same wishes.
///
/// Each is paired with the next alike, so that an export with one birth date and name for all gives a line a row, not a line a
/// pair; and nearly the same names are not looked for among more than [`CROWD`] who share date, district and sex.
fn likely_duplicates(season: &Season) -> Vec<Finding> {
    let applicants = season.applicants();
    let mut by_name: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    let mut by_home: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (row, a) in applicants.iter().enumerate() {
        if let Some(name) = folded_name(a) {
            by_name.entry((a.birth_date, name)).or_default().push(row);
        }
        by_home.entry((a.birth_date, a.home_district, a.gender)).or_default().push(row);
    }
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for rows in by_name.values() {
        pairs.extend(rows.windows(2).map(|pair| (pair[0], pair[1])));
    }
    for rows in by_home.values().filter(|rows| rows.len() <= CROWD) {
        let next_alike =
            |&a: &usize| rows.iter().find(|&&b| b > a && look_alike(&applicants[a], &applicants[b])).map(|&b| (a, b));
        pairs.extend(rows.iter().filter_map(next_alike));
    }
    pairs.sort_unstable();
    pairs.dedup();
    let finding = |(a, b)| Finding::LikelyDuplicate { first: ApplicantIx::new(a), second: ApplicantIx::new(b) };
    pairs.into_iter().map(finding).collect()
}

/// Returns whether two applicants of the same birth date, home district and sex are likely the same.
fn look_alike(a: &Applicant, b: &Applicant) -> bool {
    /// Typing errors that a name may have.
    const TYPING_ERRORS: usize = 2;
    match (folded_name(a), folded_name(b)) {
        (Some(a), Some(b)) => damerau_levenshtein(&a, &b) <= TYPING_ERRORS,
        _ => a.gender != Gender::Unknown && a.wishes.len() > 1 && a.wishes == b.wishes,
    }
}

/// Returns an applicant's name as it is compared; `None` where there is none, or no letter in it.
fn folded_name(applicant: &Applicant) -> Option<String> {
    applicant.name.as_deref().map(folded).filter(|name| !name.is_empty())
}

/// Returns a name without case, punctuation, and order of its words: `Åsa Berg` and `BERG, Åsa` are one.
fn folded(name: &str) -> String {
    let lower = name.to_lowercase();
    let mut words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_order_and_case() {
        assert_eq!(folded("Berg, ÅSA  Maria"), folded("åsa maria berg"));
        assert_ne!(folded("Åsa Berg"), folded("Åsa Bergh"));
    }
}
