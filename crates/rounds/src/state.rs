//! State: the fold over steps.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::civil::Date;

use crate::{Offer, Refusal, Step};

/// In what standing somebody has a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holding {
    /// Offered, and not answered.
    Offered,
    /// Accepted.
    Accepted,
    /// Signed.
    Signed,
}

impl fmt::Display for Holding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Offered => "offered",
            Self::Accepted => "accepted",
            Self::Signed => "signed",
        })
    }
}

/// A place that somebody has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Of which job.
    pub job: String,
    /// Which funding stream pays.
    pub stream: String,
    /// Which wish it meets, from 1; nothing if it was given by hand against the wishes.
    pub rank: Option<u16>,
    /// In which round it was offered.
    pub round: u32,
    /// The last day to answer.
    pub deadline: Date,
    /// In what standing.
    pub holding: Holding,
    /// Since when in this standing.
    pub since: Date,
}

/// How somebody left the season.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leaving {
    /// By declining an offer, for a reason.
    Declined(String),
    /// By not answering one.
    Lapsed,
    /// By withdrawing, for a reason.
    Withdrawn(String),
}

impl Leaving {
    const fn how(&self) -> &'static str {
        match self {
            Self::Declined(_) => "declined",
            Self::Lapsed => "did not answer in time",
            Self::Withdrawn(_) => "withdrew",
        }
    }
}

/// What has become of somebody who was offered a place, or left.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Life {
    /// The place they have.
    pub place: Option<Place>,
    /// When and how they left.
    pub left: Option<(Date, Leaving)>,
    /// When they lost a place that an employer took back.
    pub displaced: Option<Date>,
}

/// A round of offers, and how many of them came to what. An offer that was accepted and then signed counts as both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// When it was published.
    pub published: Date,
    /// The last day to answer.
    pub deadline: Date,
    /// What became of its offers.
    pub counts: Counts,
}

/// How many offers came to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Offers made.
    pub offered: u32,
    /// Offers ever accepted.
    pub accepted: u32,
    /// Offers declined.
    pub declined: u32,
    /// Offers that nobody answered in time.
    pub lapsed: u32,
    /// Places given back by those who withdrew.
    pub withdrawn: u32,
    /// Places lost to an employer who took them back.
    pub displaced: u32,
    /// Places signed for.
    pub signed: u32,
}

/// A job's places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Places {
    all: u32,
    held: u32,
}

/// What the steps that stand have led to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Present {
    season: Option<String>,
    commitment: Option<String>,
    seed: Option<String>,
    jobs: BTreeMap<String, Places>,
    lives: BTreeMap<String, Life>,
    rounds: Vec<Round>,
}

/// A step that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Standing {
    number: u64,
    day: Date,
    step: Step,
}

/// Where a season stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State {
    present: Present,
    /// The steps that stand, for undoing them.
    standing: Vec<Standing>,
    /// How many steps were taken, those undone and undoing too, and when the last was.
    taken: u64,
    last: Option<Date>,
}

impl State {
    /// Returns the state before anything has happened.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a step on a day.
    ///
    /// # Errors
    ///
    /// Says why the step cannot be taken; then nothing has changed.
    ///
    /// # Complexity
    ///
    /// O(what the step names × log); undoing, O(all steps).
    pub fn take(&mut self, day: Date, step: Step) -> Result<(), Refusal> {
        if let Some(last) = self.last.filter(|&last| day < last) {
            return Err(Refusal::Backwards { day, last });
        }
        let number = self.taken + 1;
        if let Step::Undo { step } = step {
            self.undo(step)?;
        } else {
            self.present.check(day, &step)?;
            self.present.apply(day, &step);
            self.standing.push(Standing { number, day, step });
        }
        self.taken = number;
        self.last = Some(day);
        Ok(())
    }

    fn undo(&mut self, step: u64) -> Result<(), Refusal> {
        let newest = self.standing.last().ok_or(Refusal::NothingToUndo)?.number;
        if step != newest {
            return Err(Refusal::NotNewest { step, newest });
        }
        self.standing.pop();
        self.present = Present::default();
        for Standing { day, step, .. } in &self.standing {
            self.present.apply(*day, step);
        }
        Ok(())
    }

    /// Returns the season's name, once it is open.
    pub fn season(&self) -> Option<&str> {
        self.present.season.as_deref()
    }

    /// Returns the commitment to the list and the rules.
    pub fn commitment(&self) -> Option<&str> {
        self.present.commitment.as_deref()
    }

    /// Returns the seed, once the lottery is drawn.
    pub fn seed(&self) -> Option<&str> {
        self.present.seed.as_deref()
    }

    /// Returns the rounds published.
    pub fn rounds(&self) -> &[Round] {
        &self.present.rounds
    }

    /// Returns what has become of everybody who was offered a place, or left, by id.
    pub fn lives(&self) -> impl Iterator<Item = (&str, &Life)> {
        self.present.lives.iter().map(|(applicant, life)| (applicant.as_str(), life))
    }

    /// Returns what has become of an applicant, if they were offered a place or left.
    pub fn life(&self, applicant: &str) -> Option<&Life> {
        self.present.lives.get(applicant)
    }

    /// Returns the place that an applicant has.
    pub fn place_of(&self, applicant: &str) -> Option<&Place> {
        self.life(applicant)?.place.as_ref()
    }

    /// Returns each job with how many places it has, and how many of them somebody holds.
    pub fn jobs(&self) -> impl Iterator<Item = (&str, u32, u32)> {
        self.present.jobs.iter().map(|(job, places)| (job.as_str(), places.all, places.held))
    }

    /// Returns how many places a job has, if there is such a job.
    pub fn places(&self, job: &str) -> Option<u32> {
        self.present.jobs.get(job).map(|places| places.all)
    }

    /// Returns how many places of a job nobody holds.
    pub fn free_places(&self, job: &str) -> u32 {
        self.present.jobs.get(job).map_or(0, |places| places.all - places.held)
    }

    /// Returns how many places of all jobs nobody holds.
    pub fn free(&self) -> u32 {
        self.present.jobs.values().map(|places| places.all - places.held).sum()
    }

    /// Returns the number, the day and the step that would be undone next.
    pub fn newest(&self) -> Option<(u64, Date, &Step)> {
        self.standing.last().map(|Standing { number, day, step }| (*number, *day, step))
    }

    /// Returns those whose offer has lapsed by a day: the last day to answer was before.
    pub fn overdue(&self, day: Date) -> impl Iterator<Item = (&str, &Place)> {
        let places = self.lives().filter_map(|(applicant, life)| Some((applicant, life.place.as_ref()?)));
        places.filter(move |(_, place)| place.holding == Holding::Offered && place.deadline < day)
    }
}

impl Present {
    /// Says why a step cannot be taken.
    fn check(&self, day: Date, step: &Step) -> Result<(), Refusal> {
        if matches!(step, Step::Open { .. }) {
            return if self.season.is_some() { Err(Refusal::OpenAlready) } else { Ok(()) };
        }
        if self.season.is_none() {
            return Err(Refusal::NotOpen);
        }
        match step {
            Step::Open { .. } | Step::Undo { .. } => Ok(()),
            Step::Commit { .. } => match (&self.seed, &self.commitment) {
                (Some(seed), _) => Err(Refusal::Drawn { seed: seed.clone() }),
                (None, Some(commitment)) => Err(Refusal::Committed { commitment: commitment.clone() }),
                (None, None) => Ok(()),
            },
            Step::Draw { .. } => match &self.seed {
                Some(seed) => Err(Refusal::Drawn { seed: seed.clone() }),
                None => Ok(()),
            },
            Step::Publish { round, deadline, offers } => self.check_offers(day, *round, *deadline, offers),
            Step::Accept { applicant } | Step::Decline { applicant, .. } => self.check_answer(day, applicant),
            Step::Withdraw { applicant, .. } => self.check_present(applicant),
            Step::Lapse { applicants } => self.check_lapse(day, applicants),
            Step::Sign { applicant } => {
                let place = self.place(applicant)?;
                if place.holding == Holding::Accepted {
                    return Ok(());
                }
                Err(Refusal::NotAccepted { applicant: applicant.clone(), job: place.job.clone(), holding: place.holding })
            }
            Step::Cut { job, places, displaced } => self.check_cut(job, *places, displaced),
            Step::Grow { job, places } => match self.jobs.get(job) {
                Some(now) if now.all >= *places => {
                    Err(Refusal::NoChange { job: job.clone(), now: now.all, places: *places, change: "growth" })
                }
                _ => Ok(()),
            },
        }
    }

    fn check_offers(&self, day: Date, round: u32, deadline: Date, offers: &[Offer]) -> Result<(), Refusal> {
        let next = self.rounds.len() as u32 + 1;
        if self.seed.is_none() {
            return Err(Refusal::NotDrawn);
        }
        if round != next {
            return Err(Refusal::Round { round, next });
        }
        if deadline <= day {
            return Err(Refusal::Deadline { deadline, day });
        }
        check_names(offers.iter().map(|offer| &offer.applicant))?;
        let mut taken: BTreeMap<&str, u32> = BTreeMap::new();
        for Offer { applicant, job, .. } in offers {
            self.check_present(applicant)?;
            if let Some(place) = self.lives.get(applicant).and_then(|life| life.place.as_ref()) {
                return Err(Refusal::HasPlace { applicant: applicant.clone(), job: place.job.clone() });
            }
            let places = self.jobs.get(job).ok_or_else(|| Refusal::UnknownJob { job: job.clone() })?;
            let taken = taken.entry(job).or_default();
            *taken += 1;
            if places.held + *taken > places.all {
                return Err(Refusal::Full { job: job.clone(), places: places.all, holders: places.held + *taken });
            }
        }
        Ok(())
    }

    fn check_answer(&self, day: Date, applicant: &str) -> Result<(), Refusal> {
        let place = self.place(applicant)?;
        if place.holding != Holding::Offered {
            return Err(Refusal::Answered { applicant: applicant.into(), job: place.job.clone(), holding: place.holding });
        }
        if day > place.deadline { Err(Refusal::TooLate { deadline: place.deadline }) } else { Ok(()) }
    }

    fn check_lapse(&self, day: Date, applicants: &[String]) -> Result<(), Refusal> {
        check_names(applicants.iter())?;
        applicants.iter().try_for_each(|applicant| match self.check_answer(day, applicant) {
            Err(Refusal::TooLate { .. }) => Ok(()),
            Err(other) => Err(other),
            Ok(()) => Err(Refusal::TooEarly { applicant: applicant.clone(), deadline: self.place(applicant)?.deadline }),
        })
    }

    fn check_cut(&self, job: &str, places: u32, displaced: &[String]) -> Result<(), Refusal> {
        let now = self.jobs.get(job).ok_or_else(|| Refusal::UnknownJob { job: job.into() })?;
        if places >= now.all {
            return Err(Refusal::NoChange { job: job.into(), now: now.all, places, change: "cut" });
        }
        if !displaced.is_empty() {
            check_names(displaced.iter())?;
        }
        for applicant in displaced {
            if self.place(applicant).map_or(true, |place| place.job != job) {
                return Err(Refusal::NotThere { applicant: applicant.clone(), job: job.into() });
            }
        }
        let holders = now.held - displaced.len() as u32;
        if holders > places {
            return Err(Refusal::Full { job: job.into(), places, holders });
        }
        // Who could have stayed must not lose the place.
        if !displaced.is_empty() && holders < places {
            return Err(Refusal::TooMany { job: job.into(), places, holders });
        }
        Ok(())
    }

    /// Checks that somebody has not left.
    fn check_present(&self, applicant: &str) -> Result<(), Refusal> {
        match self.lives.get(applicant).and_then(|life| life.left.as_ref()) {
            Some((day, leaving)) => Err(Refusal::Left { applicant: applicant.into(), day: *day, how: leaving.how() }),
            None => Ok(()),
        }
    }

    fn place(&self, applicant: &str) -> Result<&Place, Refusal> {
        self.check_present(applicant)?;
        let place = self.lives.get(applicant).and_then(|life| life.place.as_ref());
        place.ok_or_else(|| Refusal::NoOffer { applicant: applicant.into() })
    }

    /// Applies a step that may be taken.
    fn apply(&mut self, day: Date, step: &Step) {
        match step {
            Step::Open { season, jobs } => {
                self.season = Some(season.clone());
                self.jobs = jobs.iter().map(|(job, &all)| (job.clone(), Places { all, held: 0 })).collect();
            }
            Step::Commit { commitment } => self.commitment = Some(commitment.clone()),
            Step::Draw { seed } => self.seed = Some(seed.clone()),
            Step::Publish { round, deadline, offers } => {
                let counts = Counts { offered: offers.len() as u32, ..Counts::default() };
                self.rounds.push(Round { published: day, deadline: *deadline, counts });
                for offer in offers {
                    self.offer(day, *round, *deadline, offer);
                }
            }
            Step::Accept { applicant } => self.hold(day, applicant, Holding::Accepted),
            Step::Sign { applicant } => self.hold(day, applicant, Holding::Signed),
            Step::Decline { applicant, because } => self.leave(day, applicant, Leaving::Declined(because.clone())),
            Step::Withdraw { applicant, because } => self.leave(day, applicant, Leaving::Withdrawn(because.clone())),
            Step::Lapse { applicants } => {
                for applicant in applicants {
                    self.leave(day, applicant, Leaving::Lapsed);
                }
            }
            Step::Cut { job, places, displaced } => {
                for applicant in displaced {
                    self.lives.entry(applicant.clone()).or_default().displaced = Some(day);
                    if let Some(counts) = self.vacate(applicant) {
                        counts.displaced += 1;
                    }
                }
                self.set_places(job, *places);
            }
            Step::Grow { job, places } => self.set_places(job, *places),
            Step::Undo { .. } => {}
        }
    }

    fn offer(&mut self, day: Date, round: u32, deadline: Date, offer: &Offer) {
        let Offer { applicant, job, stream, rank } = offer;
        if let Some(places) = self.jobs.get_mut(job) {
            places.held += 1;
        }
        let life = self.lives.entry(applicant.clone()).or_default();
        life.displaced = None;
        life.place = Some(Place {
            job: job.clone(),
            stream: stream.clone(),
            rank: *rank,
            round,
            deadline,
            holding: Holding::Offered,
            since: day,
        });
    }

    fn hold(&mut self, day: Date, applicant: &str, holding: Holding) {
        let Some(place) = self.lives.get_mut(applicant).and_then(|life| life.place.as_mut()) else { return };
        place.holding = holding;
        place.since = day;
        if let Some(Round { counts, .. }) = self.rounds.get_mut(place.round as usize - 1) {
            match holding {
                Holding::Offered => {}
                Holding::Accepted => counts.accepted += 1,
                Holding::Signed => counts.signed += 1,
            }
        }
    }

    fn leave(&mut self, day: Date, applicant: &str, leaving: Leaving) {
        if let Some(counts) = self.vacate(applicant) {
            match leaving {
                Leaving::Declined(_) => counts.declined += 1,
                Leaving::Lapsed => counts.lapsed += 1,
                Leaving::Withdrawn(_) => counts.withdrawn += 1,
            }
        }
        self.lives.entry(applicant.to_owned()).or_default().left = Some((day, leaving));
    }

    /// Takes the place that somebody has, and returns the counts of the round it was offered in.
    fn vacate(&mut self, applicant: &str) -> Option<&mut Counts> {
        let place = self.lives.get_mut(applicant)?.place.take()?;
        if let Some(places) = self.jobs.get_mut(&place.job) {
            places.held -= 1;
        }
        self.rounds.get_mut(place.round as usize - 1).map(|round| &mut round.counts)
    }

    fn set_places(&mut self, job: &str, all: u32) {
        self.jobs.entry(job.to_owned()).or_insert(Places { all, held: 0 }).all = all;
    }
}

/// Checks that somebody is named, and nobody twice.
fn check_names<'a>(names: impl Iterator<Item = &'a String>) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(Refusal::Twice { applicant: name.clone() });
        }
    }
    if seen.is_empty() { Err(Refusal::Nobody) } else { Ok(()) }
}
