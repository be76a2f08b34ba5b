//! The rows of the lists that a run leaves, with what each may show: CSV files and tables for programs are made from these.
//!
//! For a protected identity everything is masked but the pseudonymous id, the numbers of the order and the place, and in the list that
//! goes to employers the id too: docs/adr/0020 says why so.

use feriematch_core::Preparation;
use feriematch_model::{
    Applicant, ApplicantIx, Decision, Gender, Job, JobIx, LotteryNumber, Money, Outcome, PlacedBy, Rule, Season, StageReason,
    Stream, Verdict,
};
use jiff::civil::Date;
use rayon::prelude::*;

use crate::figures::{Placement, placements};

/// A value about an applicant, or that it is masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown<T> {
    /// The value.
    Value(T),
    /// Masked, since the identity is protected.
    Masked,
}

impl<T> Shown<T> {
    /// Returns the value of an applicant's own data, unless the identity is protected.
    fn of(applicant: &Applicant, value: T) -> Self {
        if applicant.protected { Self::Masked } else { Self::Value(value) }
    }

    /// Returns what comes of the value, if it is shown.
    pub fn map<U>(self, of: impl FnOnce(T) -> U) -> Shown<U> {
        match self {
            Self::Value(value) => Shown::Value(of(value)),
            Self::Masked => Shown::Masked,
        }
    }

    /// Returns the value, if it is shown.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Masked => None,
        }
    }
}

impl Shown<String> {
    /// Borrows the value.
    pub(crate) fn as_deref(&self) -> Shown<&str> {
        match self {
            Self::Value(value) => Shown::Value(value),
            Self::Masked => Shown::Masked,
        }
    }
}

/// What lists show of an applicant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person<'o> {
    /// The id.
    pub id: &'o str,
    /// The name, where the file has one.
    pub name: Shown<Option<&'o str>>,
    /// The name of the home district.
    pub home_district: Shown<&'o str>,
    /// The code of the priority class.
    pub class: Shown<&'o str>,
    /// The lottery number.
    pub lottery_number: LotteryNumber,
    /// The place in the ranking of all applicants.
    pub ranking_position: u32,
}

/// A placed applicant: whom to offer what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer<'o> {
    /// Who.
    pub person: Person<'o>,
    /// The day of birth.
    pub birth_date: Shown<Date>,
    /// The sex as files write it, where it is recorded.
    pub gender: Shown<Option<&'static str>>,
    /// The job.
    pub job: JobIx,
    /// The hourly wage, where the season has wages.
    pub wage_per_hour: Shown<Option<Money>>,
    /// The rank of the wish; nothing for a job that was locked outside the wishes.
    pub wish: Shown<Option<u16>>,
    /// What gave the place.
    pub given_by: PlacedBy,
    /// The name of the funding stream. For whom a stream pays may be asked for; only its conditions tell something about the applicant.
    pub funding: Shown<&'o str>,
}

/// An eligible applicant without a place: who is next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait<'o> {
    /// The place on the waiting list, from 1.
    pub place: u32,
    /// Who.
    pub person: Person<'o>,
    /// Why not, one reason a funding stream.
    pub reasons: &'o [StageReason],
    /// Whether the reasons are masked.
    pub is_masked: bool,
}

/// A place of a job: who works there, or that it is free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobPlace<'o> {
    /// The job.
    pub job: JobIx,
    /// The number of the place, from 1.
    pub place: u32,
    /// How many places the job has.
    pub of: u32,
    /// Who has it, as employers are told: the id and the name.
    pub holder: Option<Shown<(&'o str, Option<&'o str>)>>,
}

/// Why somebody may not take a job wished for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused<'o> {
    /// Who.
    pub applicant: &'o str,
    /// The wish; nothing where the wishes name no job at all.
    pub wish: Shown<Option<Refusal<'o>>>,
}

/// A wish that a rule stands against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal<'o> {
    /// The rank of the wish.
    pub rank: u16,
    /// The job's id.
    pub job: &'o str,
    /// The rule, if there is one.
    pub rule: Option<Rule>,
}

/// An outcome of a season, in the order of its lists.
#[derive(Debug)]
pub struct Rows<'o> {
    season: &'o Season,
    outcome: &'o Outcome,
    placements: Vec<Option<Placement>>,
    /// Who has a place, with the position in the ranking, the first served first.
    placed: Vec<(u32, ApplicantIx)>,
    /// Who waits for one.
    waiting: Vec<(u32, ApplicantIx)>,
    /// Who has a place of each job, by job, then ranking.
    holders: Vec<Holder>,
}

/// Who has a place of a job, with the position in the ranking.
pub(crate) type Holder = (JobIx, u32, ApplicantIx);

impl<'o> Rows<'o> {
    /// Puts an outcome of a season in order, as the crate `audit` or [`Outcome::check_is_of`] checks that it is one.
    ///
    /// # Complexity
    ///
    /// O(applicants log applicants).
    pub fn new(season: &'o Season, outcome: &'o Outcome) -> Self {
        let placements = placements(season, outcome);
        let (mut placed, mut waiting, mut holders) = (Vec::new(), Vec::new(), Vec::new());
        for ((index, decision), placement) in (0..).map(ApplicantIx::new).zip(&outcome.decisions).zip(&placements) {
            if let Some(placement) = placement {
                placed.push((decision.position, index));
                holders.push((placement.job, decision.position, index));
            } else if matches!(decision.verdict, Verdict::Waiting { .. }) {
                waiting.push((decision.position, index));
            }
        }
        placed.par_sort_unstable();
        waiting.par_sort_unstable();
        holders.par_sort_unstable();
        Self { season, outcome, placements, placed, waiting, holders }
    }

    /// Returns the season.
    pub fn season(&self) -> &'o Season {
        self.season
    }

    /// Returns the outcome.
    pub fn outcome(&self) -> &'o Outcome {
        self.outcome
    }

    /// Returns the placed applicants, in ranking order.
    pub fn offers(&self) -> impl Iterator<Item = Offer<'o>> {
        self.placed.iter().filter_map(|&(_, index)| self.offer(index.get()))
    }

    /// Returns the eligible applicants without a place, in ranking order.
    pub fn waiting_list(&self) -> impl Iterator<Item = Wait<'o>> {
        (1..).zip(&self.waiting).filter_map(|(place, &(_, index))| self.wait(place, index.get()))
    }

    /// Returns every place, by job, then ranking of those who have it.
    pub fn places(&self) -> impl Iterator<Item = JobPlace<'o>> {
        let held = self.held();
        held.into_iter().flat_map(|(job, holders)| {
            let of = self.season.job(job).capacity;
            let holder = |place: u32| holders.get(place as usize - 1).map(|&(.., index)| self.known_to_employers(index.get()));
            (1..=of).map(move |place| JobPlace { job, place, of, holder: holder(place) }).collect::<Vec<_>>()
        })
    }

    /// Returns those who may take no job wished for, by id: a row a wish.
    pub fn refused(&self, preparation: &Preparation<'o>) -> impl Iterator<Item = Refused<'o>> {
        self.ineligible().flat_map(|row| self.refusals(preparation, row))
    }

    /// Returns the placed, in ranking order, with their positions.
    pub(crate) fn placed(&self) -> &[(u32, ApplicantIx)] {
        &self.placed
    }

    /// Returns those who wait, in ranking order, with their positions.
    pub(crate) fn waiting(&self) -> &[(u32, ApplicantIx)] {
        &self.waiting
    }

    /// Returns whether an applicant has a place.
    pub(crate) fn has_place(&self, row: usize) -> bool {
        self.placements[row].is_some()
    }

    /// Returns each job with those who have a place of it.
    pub(crate) fn held(&self) -> Vec<(JobIx, &[Holder])> {
        let mut rest = self.holders.as_slice();
        let jobs = (0..self.season.jobs().len()).map(JobIx::new);
        jobs.map(|job| {
            let holders;
            (holders, rest) = rest.split_at(rest.iter().take_while(|(held, ..)| *held == job).count());
            (job, holders)
        })
        .collect()
    }

    /// Returns the rows of those who may take no job wished for.
    pub(crate) fn ineligible(&self) -> impl Iterator<Item = usize> + use<'o> {
        let decisions = &self.outcome.decisions;
        (0..decisions.len()).filter(|&row| matches!(decisions[row].verdict, Verdict::Ineligible { .. }))
    }

    /// Returns the place of an applicant, if there is one.
    pub(crate) fn offer(&self, row: usize) -> Option<Offer<'o>> {
        let placement = self.placements[row]?;
        let applicant = &self.season.applicants()[row];
        let stream = &self.season.settings().streams[placement.stream.get()];
        Some(Offer {
            person: self.person(row),
            birth_date: Shown::of(applicant, applicant.birth_date),
            gender: Shown::of(applicant, gender(applicant.gender)),
            job: placement.job,
            wage_per_hour: Shown::of(applicant, self.season.wage(applicant, self.season.job(placement.job))),
            wish: Shown::of(applicant, placement.rank),
            given_by: placement.by,
            funding: funding(applicant, stream),
        })
    }

    /// Returns the wait of an applicant, if they wait.
    pub(crate) fn wait(&self, place: u32, row: usize) -> Option<Wait<'o>> {
        let Verdict::Waiting { reasons } = &self.outcome.decisions[row].verdict else { return None };
        Some(Wait { place, person: self.person(row), reasons, is_masked: self.season.applicants()[row].protected })
    }

    /// Returns what employers are told of an applicant.
    pub(crate) fn known_to_employers(&self, row: usize) -> Shown<(&'o str, Option<&'o str>)> {
        let applicant = &self.season.applicants()[row];
        Shown::of(applicant, (&*applicant.id, applicant.name.as_deref()))
    }

    /// Returns why an applicant may take no job wished for, a row a wish.
    pub(crate) fn refusals(&self, preparation: &Preparation<'o>, row: usize) -> Vec<Refused<'o>> {
        let (index, applicant) = (ApplicantIx::new(row), &self.season.applicants()[row]);
        let refused = |wish| Refused { applicant: &applicant.id, wish };
        if applicant.protected {
            return vec![refused(Shown::Masked)];
        }
        let mut wished = preparation.wished(index);
        if wished.is_empty() {
            return vec![refused(Shown::Value(None))];
        }
        wished.sort_unstable_by_key(|w| (w.rank, w.job));
        let refusal = |wish: feriematch_core::Acceptable| Refusal {
            rank: wish.rank,
            job: &self.season.job(wish.job).id,
            rule: preparation.eligibility().check(index, wish.job).err(),
        };
        wished.into_iter().map(|wish| refused(Shown::Value(Some(refusal(wish))))).collect()
    }

    fn person(&self, row: usize) -> Person<'o> {
        let settings = self.season.settings();
        let applicant = &self.season.applicants()[row];
        let Decision { lottery, position, .. } = self.outcome.decisions[row];
        Person {
            id: &applicant.id,
            name: Shown::of(applicant, applicant.name.as_deref()),
            home_district: Shown::of(applicant, &settings.districts[applicant.home_district.get()].name),
            class: Shown::of(applicant, &settings.classes[applicant.class.get()].code),
            lottery_number: lottery,
            ranking_position: position,
        }
    }
}

/// Returns the name of the stream that pays for an applicant, unless it tells something about a protected one.
pub fn funding<'s>(applicant: &Applicant, stream: &'s Stream) -> Shown<&'s str> {
    if stream.is_open_to_all() { Shown::Value(&stream.name) } else { Shown::of(applicant, &stream.name) }
}

/// Returns hundredths of an hour, rounded.
pub const fn hundredths_of_hours(minutes: u32) -> u64 {
    (minutes as u64 * 100 + 30) / 60
}

/// Returns what lists call what gave a place.
pub const fn given_by(by: PlacedBy) -> &'static str {
    match by {
        PlacedBy::Ranking => "ranking",
        PlacedBy::Lock => "lock",
        PlacedBy::Hold => "earlier-round",
    }
}

/// Returns the code of a reason for no place.
pub const fn stage_reason(reason: StageReason) -> &'static str {
    match reason {
        StageReason::NoEligibleJob => "no-eligible-job",
        StageReason::HomeCap => "home-cap",
        StageReason::Full => "full",
        StageReason::MoveLimit => "move-limit",
    }
}

/// Returns the paid time of a job as lists show it.
pub fn hours(job: &Job) -> Option<u64> {
    job.paid_minutes.map(hundredths_of_hours)
}

const fn gender(gender: Gender) -> Option<&'static str> {
    match gender {
        Gender::Female => Some("F"),
        Gender::Male => Some("M"),
        Gender::Other => Some("other"),
        Gender::Unknown => None,
    }
}
