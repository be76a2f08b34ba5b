//! Plays a season through, thousands of times, before or after it has happened.
//!
//! [`Player::play`] plays one season through: it draws the lottery, matches, publishes, lets each offer be accepted or declined,
//! and rematches with nobody moved, round after round until a round has nothing to offer. Every step is one that
//! [`State`](feriematch_rounds::State) takes, which refuses what cannot be. [`Player::play_all`] does so for many seeds on all
//! threads, and counts what comes out as [`Distribution`]s.
//!
//! Who declines is drawn from a keyed hash of the applicant's id, with the exact share of the home district as [`Rate`]: the same
//! for any order of the offers, of the seeds, and any number of threads.
//!
//! [`prices`] matches a season without each of its rules in turn, and says what each costs all others; [`shortage`] finds who competes for
//! which places, and [`Shortage::gains`] what one more would give; [`chances`] counts what everybody gets over lotteries.
//! [`offers`] says how many offers to send at a stated risk, from rates that are known or learned.
//! [`study`] simulates seasons under assumptions, thousands of times and in several ways at once.
//! [`scenario`] reads what a planner would change, and plays it beside the season as it is.
//! [`Division`] divides places or money over districts; [`Workload`] counts the hours of the season's work, [`Caseload`] assigns cases to handlers; [`best_places`] finds where
//! so many places more help most.
//! `docs/planning.md` says what the answers mean.

mod allotment;
mod answers;
mod bottleneck;
mod caseload;
mod chances;
mod changed;
mod disjoint_sets;
mod distribution;
mod error;
mod groups;
mod idle;
pub mod offers;
mod one_more;
mod places;
mod player;
mod price;
mod relaxation;
mod replays;
pub mod scenario;
mod shortage;
mod solution;
mod stage_view;
pub mod study;
mod tally;
mod traits;
mod workload;

pub use allotment::{Allotment, Allotted, Bound, DistrictIndicators, Division, Indicators, Keys, NamedWeight, Unit};
pub use answers::{Answers, OfferRates, Rate, Response};
pub use bottleneck::{Bottleneck, HomeShortage};
pub use caseload::{Case, CaseClassError, CaseClasses, Caseload, CaseloadError, CaseloadRule, Cases, Handler, Handlers};
pub use chances::{Chance, Chances, GroupChances, Sampling, chances};
pub use distribution::{Distribution, Moments};
pub use error::PlanError;
pub use groups::{Group, GroupBy};
pub use idle::{Idle, IdleBecause, idle_places};
pub use one_more::{Gain, OneMore};
pub use places::{PlaceSearch, PlaceStep, best_places, least_missed_places};
pub use player::{Played, Player, with_ceilings};
pub use price::{Price, PriceList, prices};
pub use relaxation::{Relaxation, RuleKind};
pub use replays::Replays;
pub use shortage::{Scarce, Shortage, Tight, shortage};
pub use solution::{Difference, Effect, Solution};
pub use tally::{ByPayer, Tally};
pub use traits::JobTraits;
pub use workload::{Counted, Staff, StaffStep, Volumes, Week, Workload, WorkloadFigures};
