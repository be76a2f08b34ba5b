//! What can happen in a season, and how it is written down.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An offer of a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// To whom.
    pub applicant: String,
    /// Of which job.
    pub job: String,
    /// Which funding stream pays.
    pub stream: String,
    /// Which of the applicant's wishes it meets, from 1; nothing if it was given by hand against them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<u16>,
}

/// Another place for somebody who has one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// Who moves.
    pub applicant: String,
    /// To which job.
    pub job: String,
    /// Which funding stream pays.
    pub stream: String,
    /// Which of the applicant's wishes the place meets, from 1.
    pub rank: u16,
    /// Whether they agreed to it beforehand, when they accepted the place they had: then it is accepted too. Otherwise it is
    /// an offer like any other, to be answered.
    #[serde(default, skip_serializing_if = "is_false")]
    pub agreed: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// Something that happens in a season.
///
/// Written as a short name, the *kind*, and an object of JSON, the payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Step {
    /// The season begins.
    #[serde(rename = "opened")]
    Open {
        /// Its name.
        season: String,
        /// How many places each job has.
        jobs: BTreeMap<String, u32>,
    },
    /// The list and the rules of the lottery are fixed, before anybody knows the seed.
    #[serde(rename = "lottery-committed")]
    Commit {
        /// The hash of both.
        commitment: String,
    },
    /// The lottery is drawn.
    #[serde(rename = "lottery-drawn")]
    Draw {
        /// The public seed.
        seed: String,
    },
    /// Offers are sent.
    #[serde(rename = "published")]
    Publish {
        /// The round, from 1.
        round: u32,
        /// The last day to answer.
        deadline: Date,
        /// The offers to those who have no place.
        offers: Vec<Offer>,
        /// Other places for those who have one.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        moves: Vec<Move>,
        /// The hash of the outcome that the round is taken from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<String>,
    },
    /// Somebody takes the place offered.
    #[serde(rename = "accepted")]
    Accept {
        /// Who.
        applicant: String,
        /// Whether they would rather have a place they ranked higher, should one come free.
        #[serde(default, skip_serializing_if = "is_false")]
        or_better: bool,
    },
    /// Somebody does not want the place offered, and no other.
    #[serde(rename = "declined")]
    Decline {
        /// Who.
        applicant: String,
        /// Why, in a word.
        because: String,
    },
    /// Somebody leaves the season, whatever they have or wait for.
    #[serde(rename = "withdrawn")]
    Withdraw {
        /// Who.
        applicant: String,
        /// Why, in a word.
        because: String,
    },
    /// Offers lapse, since nobody answered in time.
    #[serde(rename = "lapsed")]
    Lapse {
        /// To whom they were made.
        applicants: Vec<String>,
    },
    /// The contract for an accepted place is signed.
    #[serde(rename = "signed")]
    Sign {
        /// Who.
        applicant: String,
    },
    /// An employer has fewer places from now on, and those named lose theirs.
    #[serde(rename = "job-cut")]
    Cut {
        /// The job.
        job: String,
        /// How many places it has left.
        places: u32,
        /// Who loses the place.
        displaced: Vec<String>,
    },
    /// A job has more places from now on, or is new.
    #[serde(rename = "job-grown")]
    Grow {
        /// The job.
        job: String,
        /// How many places it has.
        places: u32,
    },
    /// Free places of jobs are left to somebody outside the season.
    #[serde(rename = "ceded")]
    Cede {
        /// To whom.
        to: String,
        /// How many places of which jobs.
        places: BTreeMap<String, u32>,
    },
    /// Somebody is to get a place of a job before anything else is decided.
    #[serde(rename = "locked")]
    Lock {
        /// Who.
        applicant: String,
        /// Of which job.
        job: String,
        /// Which funding stream pays, if that was said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stream: Option<String>,
        /// Why.
        because: String,
        /// Who decided it.
        by: String,
    },
    /// Somebody is not to get a place of a job.
    #[serde(rename = "forbidden")]
    Forbid {
        /// Who.
        applicant: String,
        /// Of which job.
        job: String,
        /// Why.
        because: String,
        /// Who decided it.
        by: String,
    },
    /// A decision by hand no longer holds.
    #[serde(rename = "released")]
    Release {
        /// On whom it was.
        applicant: String,
        /// On which job.
        job: String,
    },
    /// What somebody worked under a contract is approved, or approved otherwise than before.
    #[serde(rename = "worked")]
    Work {
        /// Who.
        applicant: String,
        /// Of which job the contract is.
        job: String,
        /// How long altogether, in minutes.
        minutes: u32,
    },
    /// The newest step that stands is undone.
    #[serde(rename = "undone")]
    Undo {
        /// Its number: the steps are counted from 1, those undone and undoing too.
        step: u64,
    },
}

/// Why a record is not one of a step.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StepError {
    /// The payload is not what the kind asks for, or there is no such kind.
    #[error("it is not a step that this version knows: {0}")]
    Form(#[from] serde_json::Error),
}

impl Step {
    /// Returns the beginning of a season with so many places in each job.
    pub fn open<J: Into<String>>(season: impl Into<String>, jobs: impl IntoIterator<Item = (J, u32)>) -> Self {
        Self::Open { season: season.into(), jobs: jobs.into_iter().map(|(job, places)| (job.into(), places)).collect() }
    }

    /// Returns the step of a kind and a payload, which is an object of JSON. Other fields than the step's are left alone.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such kind, or the payload is not of it.
    pub fn from_record(kind: &str, payload: &str) -> Result<Self, StepError> {
        // The kind comes first, so that the payload is read once: one of a hundred thousand offers is long.
        Ok(serde_json::from_str(&format!("{{\"kind\":{},\"payload\":{payload}}}", Value::from(kind)))?)
    }

    /// Returns the payload to write down.
    ///
    /// # Errors
    ///
    /// Never for the steps there are: all of them are objects of JSON.
    pub fn payload(&self) -> Result<Value, StepError> {
        let mut record = serde_json::to_value(self)?;
        Ok(record["payload"].take())
    }

    /// Returns the short name.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Open { .. } => "opened",
            Self::Commit { .. } => "lottery-committed",
            Self::Draw { .. } => "lottery-drawn",
            Self::Publish { .. } => "published",
            Self::Accept { .. } => "accepted",
            Self::Decline { .. } => "declined",
            Self::Withdraw { .. } => "withdrawn",
            Self::Lapse { .. } => "lapsed",
            Self::Sign { .. } => "signed",
            Self::Cut { .. } => "job-cut",
            Self::Grow { .. } => "job-grown",
            Self::Cede { .. } => "ceded",
            Self::Lock { .. } => "locked",
            Self::Forbid { .. } => "forbidden",
            Self::Release { .. } => "released",
            Self::Work { .. } => "worked",
            Self::Undo { .. } => "undone",
        }
    }
}
