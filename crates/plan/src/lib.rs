//! Plays a season through, thousands of times, before or after it has happened.
//!
//! [`Player::play`] plays one season through: it draws the lottery, matches, publishes, lets each offer be accepted or declined,
//! and rematches with nobody moved, round after round until a round has nothing to offer. Every step is one that
//! [`State`](feriematch_rounds::State) takes, which refuses what cannot be. [`Player::play_all`] does so for many seeds on all
//! threads, and counts what comes out as [`Distribution`]s.
//!
//! Who declines is drawn from a keyed hash of the applicant's id, with the exact share of the home district as [`Rate`]: the same
//! for any order of the offers, of the seeds, and any number of threads.

mod answers;
mod apportion;
mod distribution;
mod error;
mod player;
mod replays;
mod tally;

pub use answers::{Answers, Rate};
pub use apportion::largest_remainder;
pub use distribution::Distribution;
pub use error::PlanError;
pub use player::{Played, Player, with_ceilings};
pub use replays::Replays;
pub use tally::{ByPayer, Tally};
