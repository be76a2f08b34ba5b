//! The engine: decides who gets a place, and where.
//!
//! [`Preparation::new`] turns a [`Season`](feriematch_model::Season) into acceptable jobs with ranks; [`findings`] says what is
//! odd or impossible about it; [`run`] draws the ranking, serves the funding streams one after the other by the chosen
//! mechanism, and returns an [`Outcome`](feriematch_model::Outcome) with its evidence. `docs/mechanisms.md` defines what
//! each step means; the crate `audit` checks it with code of its own.
//!
//! Nothing here reads a file, a clock or a random number generator, and the result is the same for any number of threads.

mod acceptable;
pub mod balance;
mod counterfactual;
mod eligibility;
mod explain;
mod explain_pair;
mod findings;
mod job_priorities;
mod job_sets;
mod locks;
mod lottery;
mod market;
mod mechanism;
mod paper_lottery;
mod profile;
mod quality;
mod reserves;
mod round;
mod rounds;
mod run;
mod screen;
pub mod segregation;
mod stage;
mod what_if;
mod workplaces;

pub use acceptable::{Acceptable, Preparation};
pub use counterfactual::{Counterfactuals, EnoughNumber, EnoughPosition, FurtherWishes, Obstacle, counterfactuals};
pub use eligibility::Eligibility;
pub use explain::{Bottleneck, Cutoff, Explanation, StageExplanation, WishExplanation, explain};
pub use explain_pair::{Answer, OwnPlace, PairExplanation, Price, explain_pair};
pub use findings::{Finding, findings};
pub use job_sets::{JobSet, SharedWish};
pub use locks::{LockProblem, lock_problems};
pub use lottery::{Lottery, Ranking};
pub use mechanism::Solver;
pub use paper_lottery::PaperDraw;
pub use quality::Quality;
pub use round::{NewPlace, Standing, fill, fill_open};
pub use rounds::{GivenPlace, RoundPlan, Rounds};
pub use run::{ChoiceError, ClaimProblem, RunError, RunOptions, run, run_beside};
pub use stage::Step;
pub use what_if::{Change, WhatIfError};
pub use workplaces::Workplaces;
