//! The season as data.
//!
//! A [`Season`] is the validated input of a matching run: applicants, jobs, districts, departments, funding streams,
//! rules and overrides. It has one constructor, [`Season::new`], which refuses anything inconsistent, so that every other
//! crate may index without asking. An [`Outcome`] is what a run decided, with the evidence for it.
//!
//! This crate does no input or output, draws no random number and reads no clock. It knows no other crate of the
//! project; every other crate but the solver knows it.

mod applicant;
mod fingerprint;
mod ids;
mod job;
mod method;
mod money;
mod outcome;
mod rules;
mod season;
mod shift;
mod small_set;

pub use applicant::{Applicant, Gender, JobFilter, Target, Wish, age_on};
pub use fingerprint::Fingerprint;
pub use ids::{ApplicantIx, AreaIx, ClassIx, DepartmentIx, DistrictIx, JobIx, PeriodIx, QualificationIx, StreamIx};
pub use job::{DailyTime, Employer, Job};
pub use method::{Balance, BalanceProblem, Mechanism, PlacementRule, Precedence, Reserve, WorkplaceBalance};
pub use money::{Money, ParseMoneyError};
pub use outcome::{
    Claim, Decision, Evidence, FORMAT, Level, LevelEvidence, LotteryNumber, LotteryOrder, MoveEvidence, MoveRule, Outcome,
    OutcomeMismatch, ParseLotteryNumberError, Placed, PlacedBy, PlacementEvidence, Rematch, SelectionEvidence, Stage,
    StageReason, Verdict,
};
pub use rules::{AgeBand, ExtractAge, RankCosts, Rule, RulePack, WageBand};
pub use season::{
    Area, Beneficiary, Department, District, Override, OverrideKind, Payer, Period, PriorityClass, Qualification, ReducedFee,
    Season, SeasonDraft, SeasonError, Settings, Stream,
};
pub use shift::Shift;
pub use small_set::SmallSet;
