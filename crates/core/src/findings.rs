//! What is impossible or odd about a season that reads without errors.

use std::hash::BuildHasher;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

use feriematch_model::{Applicant, ApplicantIx, Gender, JobIx, Rule, Season};
use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashMap};
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
/// Linear in the entries of the preparation in practice; a kind of jobs that nobody may take costs a look at every applicant.
pub fn findings(preparation: &Preparation<'_>) -> Vec<Finding> {
    let season = preparation.season();
    let (_, problems) = place_locks(preparation.eligibility(), season, &mut Room::new(season), |_| true);
    let mut found: Vec<Finding> = problems.into_iter().map(|(row, problem)| Finding::Lock { row, problem }).collect();

    let applicants = || (0..season.applicants().len()).map(ApplicantIx::new);
    let wished: Vec<AtomicBool> = season.jobs().iter().map(|_| AtomicBool::new(false)).collect();
    (0..season.applicants().len()).into_par_iter().map(ApplicantIx::new).for_each(|a| {
        for acceptable in preparation.single(a) {
            let wished = &wished[acceptable.job.get()];
            // Threads that only look do not take the memory from each other.
            if !wished.load(Relaxed) {
                wished.store(true, Relaxed);
            }
        }
    });
    for job in preparation.job_sets().iter().flat_map(|set| &set.jobs) {
        wished[job.get()].store(true, Relaxed);
    }
    let rules = preparation.eligibility();
    // The first applicant whom the rules let take a kind of jobs, found once.
    let mut takers: FxHashMap<u32, Option<ApplicantIx>> = FxHashMap::default();
    for job in (0..season.jobs().len()).map(JobIx::new).filter(|job| !wished[job.get()].load(Relaxed)) {
        // Jobs of one kind differ by overrides only, so whoever may take one may most likely take the next.
        let kind = rules.kind_of(job);
        let by_kind = || applicants().find(|&a| rules.check_kind(season.applicant(a), kind).is_ok());
        let taker = *takers.entry(kind).or_insert_with(by_kind);
        let may_take = |a: ApplicantIx| rules.check(a, job).is_ok();
        let may_be_taken = taker.is_some_and(|first| may_take(first) || applicants().skip(first.get() + 1).any(may_take));
        found.push(if may_be_taken { Finding::JobNobodyWishes(job) } else { Finding::JobNobodyMayTake(job) });
    }
    for applicant in applicants().filter(|&a| !preparation.has_acceptable(a)) {
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
    let names = Names::of(season);
    let mut looks: Vec<Look> = season.applicants().par_iter().enumerate().map(|(row, a)| Look::new(row, a)).collect();
    looks.par_sort_unstable_by_key(|look| (look.home, look.row));
    let crowds: Vec<&[Look]> =
        looks.chunk_by(|a, b| a.home == b.home).filter(|crowd| (2..=CROWD).contains(&crowd.len())).collect();
    let next_alike = |crowd| next_alike(season, &names, crowd);
    let mut pairs: Vec<(u32, u32)> = crowds.into_par_iter().flat_map_iter(next_alike).collect();
    pairs.extend(names.same(season));
    pairs.sort_unstable();
    pairs.dedup();
    let index = |row: u32| ApplicantIx::new(row as usize);
    pairs.into_iter().map(|(a, b)| Finding::LikelyDuplicate { first: index(a), second: index(b) }).collect()
}

/// Who somebody looks like at first sight.
struct Look {
    /// Birth date, home district and sex.
    home: u64,
    row: u32,
    /// A hash of the wishes: equal wishes have equal hashes.
    wishes: u32,
}

impl Look {
    fn new(row: usize, applicant: &Applicant) -> Self {
        let birth = applicant.birth_date;
        let [month, day] = [birth.month(), birth.day()].map(|number| u64::from(number.unsigned_abs()));
        let day = u64::from(birth.year().unsigned_abs()) << 16 | month << 8 | day;
        let home = day << 24 | (applicant.home_district.get() as u64) << 8 | applicant.gender as u64;
        Self { home, row: row as u32, wishes: FxBuildHasher.hash_one(&applicant.wishes) as u32 }
    }
}

/// Pairs those of a crowd, sorted by row, each with the next alike.
fn next_alike<'c>(season: &'c Season, names: &'c Names, crowd: &'c [Look]) -> impl Iterator<Item = (u32, u32)> + use<'c> {
    let next = move |(at, a): (usize, &Look)| {
        let alike = crowd[at + 1..].iter().find(|b| look_alike(season, names, a, b));
        alike.map(|b| (a.row, b.row))
    };
    crowd.iter().enumerate().filter_map(next)
}

/// Returns whether two applicants of the same birth date, home district and sex are likely the same.
fn look_alike(season: &Season, names: &Names, a: &Look, b: &Look) -> bool {
    if let Some((a, b)) = names.get(a.row).zip(names.get(b.row)) {
        return a.is_nearly(b);
    }
    let applicant = |look: &Look| &season.applicants()[look.row as usize];
    let (first, second) = (applicant(a), applicant(b));
    a.wishes == b.wishes && first.gender != Gender::Unknown && first.wishes.len() > 1 && first.wishes == second.wishes
}

/// The names of all applicants as they are compared; none where no applicant has a name.
struct Names(Vec<Name>);

/// A name without case, punctuation, and order of its words.
struct Name {
    /// Empty where there is no name, or no letter in it.
    text: Box<str>,
    /// Which letters it has, each as one of 64 bits.
    letters: u64,
}

impl Names {
    fn of(season: &Season) -> Self {
        let applicants = season.applicants();
        let is_named = applicants.par_iter().any(|a| a.name.is_some());
        Self(if is_named {
            applicants.par_iter().map(|a| Name::of(a.name.as_deref().unwrap_or_default())).collect()
        } else {
            Vec::new()
        })
    }

    fn get(&self, row: u32) -> Option<&Name> {
        self.0.get(row as usize).filter(|name| !name.text.is_empty())
    }

    /// Pairs those of the same name and birth date, each with the next.
    fn same(&self, season: &Season) -> Vec<(u32, u32)> {
        let person = |row: u32| (season.applicants()[row as usize].birth_date, &self.0[row as usize].text);
        let mut rows: Vec<u32> = (0..self.0.len() as u32).filter(|&row| self.get(row).is_some()).collect();
        rows.par_sort_unstable_by(|&a, &b| (person(a), a).cmp(&(person(b), b)));
        rows.windows(2).filter(|pair| person(pair[0]) == person(pair[1])).map(|pair| (pair[0], pair[1])).collect()
    }
}

impl Name {
    fn of(name: &str) -> Self {
        let text = folded(name);
        let letters = text.chars().fold(0, |letters, letter| letters | 1 << (u32::from(letter) % 64));
        Self { text: text.into(), letters }
    }

    /// Returns whether typing errors may make the difference.
    fn is_nearly(&self, other: &Self) -> bool {
        /// Typing errors that a name may have.
        const TYPING_ERRORS: usize = 2;
        // An error changes which letters there are by two at most.
        let may_be = (self.letters ^ other.letters).count_ones() as usize <= 2 * TYPING_ERRORS;
        may_be && damerau_levenshtein(&self.text, &other.text) <= TYPING_ERRORS
    }
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
