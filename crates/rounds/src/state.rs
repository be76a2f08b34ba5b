//! State: the fold over steps.

mod snapshot;

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::present::Present;
use crate::{Refusal, Step};

pub use snapshot::SnapshotError;

/// In what standing somebody has a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
    pub job: Arc<str>,
    /// Which funding stream pays.
    pub stream: Arc<str>,
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
    /// Whether they accepted it and would rather have one they ranked higher.
    pub or_better: bool,
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
    pub(crate) const fn how(&self) -> &'static str {
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
    /// When they lost a place that an employer took back; nothing once they were offered another.
    pub displaced: Option<Date>,
    /// The job of the place that they gave up or lost last.
    pub had: Option<Arc<str>>,
    /// What they signed, in order; it stands even if they left or lost the place later.
    pub contracts: Vec<Contract>,
}

/// A contract that somebody signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    /// Of which job.
    pub job: String,
    /// Which funding stream pays.
    pub stream: String,
    /// How long they worked under it, in minutes, once that is approved.
    pub worked: Option<u32>,
}

/// What was decided by hand on an applicant and a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What was decided.
    pub kind: DecisionKind,
    /// Why.
    pub because: String,
    /// Who decided it.
    pub by: String,
    /// When.
    pub day: Date,
}

/// What a decision by hand does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecisionKind {
    /// The applicant gets a place of the job, paid by this funding stream if one is said.
    Lock {
        /// The stream.
        stream: Option<String>,
    },
    /// The applicant does not get a place of the job.
    Forbid,
}

impl DecisionKind {
    pub(crate) const fn how(&self) -> &'static str {
        match self {
            Self::Lock { .. } => "locked",
            Self::Forbid => "forbade",
        }
    }
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
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
    /// Places given up for one of a later round.
    pub moved: u32,
    /// Places signed for.
    pub signed: u32,
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
    /// Whether it comes from a snapshot: then nothing can be undone, since the steps before are not known.
    restored: bool,
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
        if self.restored {
            return Err(Refusal::Restored { step });
        }
        let newest = self.standing.last().ok_or(Refusal::NothingToUndo)?;
        if step != newest.number {
            return Err(Refusal::NotNewest { step, newest: newest.number });
        }
        // Whoever could draw again could draw until it fits.
        if matches!(newest.step, Step::Draw { .. }) {
            return Err(Refusal::DrawStands);
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
        self.present.lives.iter().map(|(applicant, life)| (applicant.as_str(), &**life))
    }

    /// Returns what has become of an applicant, if they were offered a place or left.
    pub fn life(&self, applicant: &str) -> Option<&Life> {
        self.present.lives.get(applicant).map(|life| &**life)
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

    /// Returns what was decided by hand and still holds, by applicant and job.
    pub fn decisions(&self) -> impl Iterator<Item = (&str, &str, &Decision)> {
        let of_all = self.present.decisions.iter();
        of_all.flat_map(|(applicant, on)| on.iter().map(|(job, decision)| (applicant.as_str(), job.as_str(), decision)))
    }

    /// Returns what was decided by hand on an applicant and a job, if it still holds.
    pub fn decision(&self, applicant: &str, job: &str) -> Option<&Decision> {
        self.present.decision(applicant, job)
    }

    /// Returns how many places were ceded to whom.
    pub fn ceded(&self) -> impl Iterator<Item = (&str, u32)> {
        self.present.ceded.iter().map(|(to, &places)| (to.as_str(), places))
    }

    /// Returns the number, the day and the step that would be undone next; of a state that was restored from a snapshot, only
    /// of those taken since.
    pub fn newest(&self) -> Option<(u64, Date, &Step)> {
        self.standing.last().map(|Standing { number, day, step }| (*number, *day, step))
    }

    /// Returns those whose offer has lapsed by a day: the last day to answer was before.
    pub fn overdue(&self, day: Date) -> impl Iterator<Item = (&str, &Place)> {
        let places = self.lives().filter_map(|(applicant, life)| Some((applicant, life.place.as_ref()?)));
        places.filter(move |(_, place)| place.holding == Holding::Offered && place.deadline < day)
    }
}
