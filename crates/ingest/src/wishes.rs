//! The grammar of wishes, and what their words mean.
//!
//! ```text
//! list  = rank { ">" rank }         in one cell; or a cell a rank
//! rank  = wish { "=" wish }
//! wish  = term { "&" term }
//! term  = [ "job:" | "area:" | "district:" ] word | "home" | "any"
//! ```

use std::collections::BTreeMap;
use std::iter;

use feriematch_model::{AreaIx, DistrictIx, Job, JobFilter, JobIx, Target, Wish};
use memchr::memchr;
use rayon::prelude::*;

use crate::definitions::Vocabulary;
use crate::delimited::{Cell, trim};
use crate::job_index::JobIndex;
use crate::names::Names;
use crate::quote::quote;
use crate::suggest::{Suggester, did_you_mean};
use crate::table::Row;
use crate::{Code, Diagnostic};

/// The most ranks of a list.
pub(crate) const MOST_RANKS: u16 = 20;

/// The signs that separate words in lists and wishes; no id there may hold them.
pub(crate) const SEPARATORS: &[char] = &['|', '>', '=', '&'];

/// A word that stands for jobs without naming any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keyword {
    /// Any job in the home district.
    Home,
    /// Any job.
    Any,
}

impl Keyword {
    /// Returns the keyword that a word is, in any case.
    pub(crate) fn of(word: &str) -> Option<Self> {
        let keywords = [("home", Self::Home), ("hemma", Self::Home), ("any", Self::Any), ("valfritt", Self::Any)];
        keywords.iter().find(|(keyword, _)| word.eq_ignore_ascii_case(keyword)).map(|&(_, meaning)| meaning)
    }
}

/// Says what the word after it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prefix {
    Job,
    Area,
    District,
}

impl Prefix {
    /// Splits off a prefix.
    pub(crate) fn split(word: &str) -> (Option<Self>, &str) {
        let Some((before, after)) = word.split_once(':') else { return (None, word) };
        let prefixes = [("job", Self::Job), ("area", Self::Area), ("district", Self::District)];
        match prefixes.iter().find(|(name, _)| before.trim().eq_ignore_ascii_case(name)) {
            Some(&(_, prefix)) => (Some(prefix), after.trim()),
            None => (None, word),
        }
    }
}

/// What a term of a wish means.
#[derive(Debug, Clone, Copy)]
enum Term {
    Job(JobIx),
    Area(AreaIx),
    District(DistrictIx),
    Any,
}

/// A word that is an area's or a district's, or both.
#[derive(Debug, Clone, Copy)]
enum ClassOfJobs {
    Area(AreaIx),
    District(DistrictIx),
    Either,
}

/// Everything a wish may name.
pub(crate) struct Wishable<'v> {
    jobs: &'v [Job],
    job_of: JobIndex<'v>,
    classes: BTreeMap<String, ClassOfJobs>,
    areas: &'v Names<AreaIx>,
    districts: &'v Names<DistrictIx>,
    /// Whether some job's id is also an area's or a district's.
    jobs_overlap: bool,
    jobs_are_complete: bool,
}

impl<'v> Wishable<'v> {
    /// Prepares reading wishes for jobs that are sorted by id.
    pub(crate) fn new(jobs: &'v [Job], jobs_are_complete: bool, vocabulary: &'v Vocabulary) -> Self {
        let (areas, districts) = (&vocabulary.areas, &vocabulary.districts);
        let mut classes: BTreeMap<String, ClassOfJobs> =
            areas.folded().map(|(word, area)| (word, ClassOfJobs::Area(area))).collect();
        for (word, district) in districts.folded() {
            // A district's id and name are often the same word: only a word that is an area's too means two things.
            let meaning = match classes.get(&word) {
                None | Some(ClassOfJobs::District(_)) => ClassOfJobs::District(district),
                Some(_) => ClassOfJobs::Either,
            };
            classes.insert(word, meaning);
        }
        let jobs_overlap = jobs.par_iter().any(|job| classes.contains_key(&job.id.to_lowercase()));
        let job_of = jobs.iter().enumerate().map(|(row, job)| (&*job.id, JobIx::new(row))).collect();
        Self { jobs, job_of, classes, areas, districts, jobs_overlap, jobs_are_complete }
    }

    /// Returns the job that a word names, if it can name nothing else.
    ///
    /// An id holds no sign that separates, begins with no prefix and is no keyword, so nothing else needs to be looked at first.
    fn plain_job(&self, word: &str) -> Option<JobIx> {
        self.job_of.get(word).filter(|_| !self.jobs_overlap)
    }

    /// Adds to the problems with unknown words what was likely meant.
    pub(crate) fn suggest(&self, unknown: UnknownWords, problems: &mut [Diagnostic]) {
        if unknown.words.is_empty() {
            return;
        }
        let (jobs, all) = (Suggester::default(), Suggester::default());
        let mut words: Vec<&str> = self.jobs.iter().map(|job| &*job.id).collect();
        words.extend(self.areas.words().chain(self.districts.words()).chain(["home", "any"]));
        for UnknownWord { problem, word, is_job } in unknown.words {
            let suggestion = if is_job {
                jobs.nearest(&word, words[..self.jobs.len()].iter().copied())
            } else {
                all.nearest(&word, words.iter().copied())
            };
            problems[problem].set_help(did_you_mean(suggestion.as_deref()));
        }
    }
}

/// Words that name nothing.
///
/// What was likely meant is looked for when all are known: the bound on that work is one for the whole file.
#[derive(Default)]
pub(crate) struct UnknownWords {
    words: Vec<UnknownWord>,
}

struct UnknownWord {
    /// Which of the problems reports it.
    problem: usize,
    word: Box<str>,
    /// Whether only a job can be meant.
    is_job: bool,
}

impl UnknownWords {
    /// Adds the words of the next part, whose problems follow so many others.
    pub(crate) fn append(&mut self, part: Self, problems_before: usize) {
        let moved = |word: UnknownWord| UnknownWord { problem: problems_before + word.problem, ..word };
        self.words.extend(part.words.into_iter().map(moved));
    }
}

/// Reads lists of wishes.
pub(crate) struct WishReader<'r, 'v> {
    wishable: &'r Wishable<'v>,
    unknown: UnknownWords,
    /// What the wishes of a list name, each as a number.
    seen: Vec<u64>,
}

/// Where a rank stands, and whose.
#[derive(Clone, Copy)]
pub(crate) struct WishPlace<'p, 't> {
    pub(crate) row: &'p Row<'t>,
    pub(crate) cell: &'p Cell<'t>,
    /// The applicant's home district, if it is known.
    pub(crate) home: Option<DistrictIx>,
}

impl<'r, 'v> WishReader<'r, 'v> {
    pub(crate) fn new(wishable: &'r Wishable<'v>) -> Self {
        Self { wishable, unknown: UnknownWords::default(), seen: Vec::new() }
    }

    /// Forgets the words that name nothing and whose problems stand at or after some number.
    pub(crate) fn forget_unknown_from(&mut self, problem: usize) {
        self.unknown.words.retain(|word| word.problem < problem);
    }

    /// Returns the words that name nothing. Their problems are those given to the reader.
    pub(crate) fn into_unknown(self) -> UnknownWords {
        self.unknown
    }

    /// Reads a whole list in one cell.
    pub(crate) fn read_list(&mut self, place: WishPlace<'_, '_>, wishes: &mut Vec<Wish>, problems: &mut Vec<Diagnostic>) {
        for (at, part) in ranks(&place.cell.text).enumerate() {
            if at >= usize::from(MOST_RANKS) {
                let message = format!("the list has more than {MOST_RANKS} ranks");
                let span = place.row.span_within(place.cell, part.trim_start());
                problems.push(Diagnostic::new(Code::TooManyRanks, span, message));
                return;
            }
            self.read_rank(place, part, at as u16 + 1, wishes, problems);
        }
    }

    /// Reads one rank: the whole of a cell, or a part of it.
    pub(crate) fn read_rank(
        &mut self,
        place: WishPlace<'_, '_>,
        part: &str,
        rank: u16,
        wishes: &mut Vec<Wish>,
        problems: &mut Vec<Diagnostic>,
    ) {
        if let Some(job) = self.wishable.plain_job(trim(part)) {
            wishes.push(Wish { rank, target: Target::Job(job) });
            return;
        }
        for wish in part.split('=') {
            let word = trim(wish);
            if word.is_empty() {
                let span = place.row.span_within(place.cell, wish);
                problems.push(
                    Diagnostic::new(Code::WishGrammar, span, "a wish is empty")
                        .with_help("`>` stands between ranks, `=` between wishes of one rank".to_owned()),
                );
            } else if word.contains('>') {
                let span = place.row.span_within(place.cell, word);
                problems.push(
                    Diagnostic::new(Code::WishGrammar, span, "a wish column holds one rank, so `>` cannot stand in it")
                        .with_help("put the whole list in a column `wishes`, or one rank in each column".to_owned()),
                );
            } else if let Some(target) = self.target(place, word, problems) {
                wishes.push(Wish { rank, target });
            }
        }
    }

    /// Reports wishes that are on a list twice.
    pub(crate) fn warn_of_repetition(&mut self, place: WishPlace<'_, '_>, wishes: &[Wish], problems: &mut Vec<Diagnostic>) {
        let number = |wish: &Wish| match wish.target {
            Target::Job(job) => u64::from(u32::from(job)),
            Target::Jobs(JobFilter { area, district }) => {
                let [area, district] = [area.map(u32::from), district.map(u32::from)].map(|row| row.map_or(0, |row| row + 1));
                1 << 63 | u64::from(area) << 32 | u64::from(district)
            }
        };
        self.seen.clear();
        self.seen.extend(wishes.iter().map(number));
        if has_repetition(&mut self.seen) {
            let message = "the list names the same wish twice; the better rank counts";
            problems.push(Diagnostic::new(Code::RepeatedWish, place.row.span(place.cell), message));
        }
    }

    /// Returns what one wish names, or reports why it names nothing.
    fn target(&mut self, place: WishPlace<'_, '_>, wish: &str, problems: &mut Vec<Diagnostic>) -> Option<Target> {
        let wishable = self.wishable;
        let is_name = || wishable.classes.contains_key(&wish.to_lowercase());
        if !wish.contains('&') || is_name() {
            return Some(match self.term(place, wish, problems)? {
                Term::Job(job) => Target::Job(job),
                Term::Area(area) => Target::Jobs(JobFilter { area: Some(area), district: None }),
                Term::District(district) => Target::Jobs(JobFilter { area: None, district: Some(district) }),
                Term::Any => Target::Jobs(JobFilter::ANY),
            });
        }
        let mut filter = JobFilter::ANY;
        let mut is_readable = true;
        for part in wish.split('&') {
            let word = part.trim();
            if word.is_empty() {
                let span = place.row.span_within(place.cell, part);
                problems.push(Diagnostic::new(Code::WishGrammar, span, "one side of `&` is empty"));
                is_readable = false;
                continue;
            }
            let fits = match self.term(place, word, problems) {
                None => {
                    is_readable = false;
                    continue;
                }
                Some(Term::Area(area)) => filter.area.replace(area).is_none(),
                Some(Term::District(district)) => filter.district.replace(district).is_none(),
                Some(Term::Job(_) | Term::Any) => false,
            };
            if !fits {
                let span = place.row.span_within(place.cell, word);
                problems.push(
                    Diagnostic::new(Code::WishGrammar, span, "`&` joins one area and one district")
                        .with_help("`park & home`: put other wishes at ranks of their own".to_owned()),
                );
                is_readable = false;
            }
        }
        is_readable.then_some(Target::Jobs(filter))
    }

    fn term(&mut self, place: WishPlace<'_, '_>, word: &str, problems: &mut Vec<Diagnostic>) -> Option<Term> {
        let wishable = self.wishable;
        let span = || place.row.span_within(place.cell, word);
        match Keyword::of(word) {
            Some(Keyword::Home) => return place.home.map(Term::District),
            Some(Keyword::Any) => return Some(Term::Any),
            None => {}
        }
        match Prefix::split(word) {
            (Some(Prefix::Area), name) => return wishable.areas.resolve(name, span, problems).map(Term::Area),
            (Some(Prefix::District), name) => return wishable.districts.resolve(name, span, problems).map(Term::District),
            (Some(Prefix::Job), id) => {
                let job = wishable.job_of.get(id);
                if job.is_none() && wishable.jobs_are_complete {
                    self.unknown.words.push(UnknownWord { problem: problems.len(), word: id.into(), is_job: true });
                    problems.push(Diagnostic::new(Code::UnknownJob, span(), format!("unknown job {}", quote(id))));
                }
                return job.map(Term::Job);
            }
            (None, _) => {}
        }
        let job = wishable.job_of.get(word);
        if let Some(job) = job.filter(|_| !wishable.jobs_overlap) {
            return Some(Term::Job(job));
        }
        match (job, wishable.classes.get(&word.to_lowercase())) {
            (Some(job), None) => Some(Term::Job(job)),
            (None, Some(&ClassOfJobs::Area(area))) => Some(Term::Area(area)),
            (None, Some(&ClassOfJobs::District(district))) => Some(Term::District(district)),
            (job, Some(class)) => {
                let mut meanings = Vec::new();
                meanings.extend(job.map(|_| "job"));
                meanings.extend((!matches!(class, ClassOfJobs::District(_))).then_some("area"));
                meanings.extend((!matches!(class, ClassOfJobs::Area(_))).then_some("district"));
                let forms: Vec<String> = meanings.iter().map(|meaning| format!("`{meaning}:{word}`")).collect();
                let message = format!("{} could be a {}", quote(word), meanings.join(" or a ")).replace(" a area", " an area");
                let help = format!("write {}", forms.join(" or "));
                problems.push(Diagnostic::new(Code::AmbiguousWish, span(), message).with_help(help));
                None
            }
            (None, None) => {
                if wishable.jobs_are_complete && wishable.areas.is_complete() && wishable.districts.is_complete() {
                    self.unknown.words.push(UnknownWord { problem: problems.len(), word: word.into(), is_job: false });
                    let message = format!("unknown job, area or district {}", quote(word));
                    problems.push(Diagnostic::new(Code::UnknownWish, span(), message));
                }
                None
            }
        }
    }
}

/// Splits a list into its ranks.
fn ranks(list: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(list);
    iter::from_fn(move || {
        let list = rest?;
        let at = memchr(b'>', list.as_bytes());
        rest = at.map(|at| &list[at + 1..]);
        Some(at.map_or(list, |at| &list[..at]))
    })
}

/// Returns whether some number is there twice; may put the numbers in another order.
fn has_repetition(numbers: &mut [u64]) -> bool {
    /// Up to here comparing each with each takes less time than sorting.
    const FEW: usize = 32;
    if numbers.len() <= FEW {
        return (1..numbers.len()).any(|at| numbers[..at].contains(&numbers[at]));
    }
    numbers.sort_unstable();
    numbers.windows(2).any(|pair| pair[0] == pair[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetitions_are_found_in_short_lists_and_long() {
        for length in [0, 1, 2, 10, 32, 33, 100] {
            let numbers: Vec<u64> = (0..length).rev().collect();
            assert!(!has_repetition(&mut numbers.clone()));
            for again in 0..length {
                assert!(has_repetition(&mut [&numbers[..], &[again]].concat()), "{again} of {length}");
            }
        }
    }
}
