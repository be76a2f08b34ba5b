//! The grammar of wishes, and what their words mean.
//!
//! ```text
//! list  = rank { ">" rank }         in one cell; or a cell a rank
//! rank  = wish { "=" wish }
//! wish  = term { "&" term }
//! term  = [ "job:" | "area:" | "district:" ] word | "home" | "any"
//! ```

use std::collections::BTreeMap;
#[allow(clippy::disallowed_types, reason = "see the field that has the type")]
use std::collections::HashMap;

use feriematch_model::{AreaIx, DistrictIx, Job, JobFilter, JobIx, Target, Wish};

use crate::definitions::Vocabulary;
use crate::delimited::Cell;
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
pub(crate) struct WishReader<'v> {
    #[allow(clippy::disallowed_types, reason = "only looked up in; tens of millions of look-ups want a hash")]
    jobs: HashMap<&'v str, JobIx>,
    classes: BTreeMap<String, ClassOfJobs>,
    areas: &'v Names<AreaIx>,
    districts: &'v Names<DistrictIx>,
    /// Whether some job's id is also an area's or a district's.
    jobs_overlap: bool,
    jobs_are_complete: bool,
    /// Everything that can be named, the jobs first.
    words: Vec<&'v str>,
    suggester: Suggester,
    job_suggester: Suggester,
    seen: Vec<(Option<JobIx>, JobFilter)>,
}

/// Where a rank stands, and whose.
#[derive(Clone, Copy)]
pub(crate) struct WishPlace<'r, 't> {
    pub(crate) row: &'r Row<'t>,
    pub(crate) cell: &'r Cell<'t>,
    /// The applicant's home district, if it is known.
    pub(crate) home: Option<DistrictIx>,
}

impl<'v> WishReader<'v> {
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
        let jobs_overlap = jobs.iter().any(|job| classes.contains_key(&job.id.to_lowercase()));
        let words = jobs.iter().map(|job| &*job.id).chain(areas.words()).chain(districts.words()).chain(["home", "any"]);
        Self {
            jobs: jobs.iter().enumerate().map(|(row, job)| (&*job.id, JobIx::new(row))).collect(),
            classes,
            areas,
            districts,
            jobs_overlap,
            jobs_are_complete,
            words: words.collect(),
            suggester: Suggester::default(),
            job_suggester: Suggester::default(),
            seen: Vec::new(),
        }
    }

    /// Reads a whole list in one cell.
    pub(crate) fn read_list(&self, place: WishPlace<'_, '_>, wishes: &mut Vec<Wish>, problems: &mut Vec<Diagnostic>) {
        for (at, part) in place.cell.text.split('>').enumerate() {
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
        &self,
        place: WishPlace<'_, '_>,
        part: &str,
        rank: u16,
        wishes: &mut Vec<Wish>,
        problems: &mut Vec<Diagnostic>,
    ) {
        for wish in part.split('=') {
            let word = wish.trim();
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
        self.seen.clear();
        self.seen.extend(wishes.iter().map(|wish| match wish.target {
            Target::Job(job) => (Some(job), JobFilter::ANY),
            Target::Jobs(filter) => (None, filter),
        }));
        self.seen.sort_unstable();
        let before = self.seen.len();
        self.seen.dedup();
        if self.seen.len() < before {
            let message = "the list names the same wish twice; the better rank counts";
            problems.push(Diagnostic::new(Code::RepeatedWish, place.row.span(place.cell), message));
        }
    }

    /// Returns what one wish names, or reports why it names nothing.
    fn target(&self, place: WishPlace<'_, '_>, wish: &str, problems: &mut Vec<Diagnostic>) -> Option<Target> {
        let is_name = || self.classes.contains_key(&wish.to_lowercase());
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

    fn term(&self, place: WishPlace<'_, '_>, word: &str, problems: &mut Vec<Diagnostic>) -> Option<Term> {
        let span = || place.row.span_within(place.cell, word);
        match Keyword::of(word) {
            Some(Keyword::Home) => return place.home.map(Term::District),
            Some(Keyword::Any) => return Some(Term::Any),
            None => {}
        }
        match Prefix::split(word) {
            (Some(Prefix::Area), name) => return self.areas.resolve(name, span, problems).map(Term::Area),
            (Some(Prefix::District), name) => return self.districts.resolve(name, span, problems).map(Term::District),
            (Some(Prefix::Job), id) => {
                let job = self.jobs.get(id).copied();
                if job.is_none() && self.jobs_are_complete {
                    let ids = self.words[..self.jobs.len()].iter().copied();
                    let help = did_you_mean(self.job_suggester.nearest(id, ids).as_deref());
                    let message = format!("unknown job {}", quote(id));
                    problems.push(Diagnostic::new(Code::UnknownJob, span(), message).with_help(help));
                }
                return job.map(Term::Job);
            }
            (None, _) => {}
        }
        let job = self.jobs.get(word).copied();
        if let Some(job) = job.filter(|_| !self.jobs_overlap) {
            return Some(Term::Job(job));
        }
        match (job, self.classes.get(&word.to_lowercase())) {
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
                if self.jobs_are_complete && self.areas.is_complete() && self.districts.is_complete() {
                    let help = did_you_mean(self.suggester.nearest(word, self.words.iter().copied()).as_deref());
                    let message = format!("unknown job, area or district {}", quote(word));
                    problems.push(Diagnostic::new(Code::UnknownWish, span(), message).with_help(help));
                }
                None
            }
        }
    }
}
