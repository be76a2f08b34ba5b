//! The life of a season after the draw: offers, answers, silence, contracts, and what comes between.
//!
//! A season's life is a list of [`Step`]s, each taken on a day. [`State`] is the fold over them: who holds which place, in which
//! standing, and which places are free. [`State::take`] refuses a step that cannot be, with a [`Refusal`] that says why, and
//! then nothing has changed. Undoing is a step too; it restores what was before.
//!
//! A state can be kept as bytes ([`State::to_snapshot`]), so that it need not be folded anew from all steps.
//!
//! The crate reads no file, no database and no clock. It knows ids as texts, so that a record can be checked without the
//! season's files.
//!
//! # Examples
//!
//! ```
//! use feriematch_rounds::{Holding, Offer, State, Step};
//! use jiff::civil::date;
//!
//! let mut state = State::new();
//! let day = date(2027, 4, 1);
//! state.take(day, Step::open("Feriejobb 2027", [("library", 1)]))?;
//! state.take(day, Step::Draw { seed: "lotto 2027-04-01: 3 11 17 22 30 34".into() })?;
//! let offer = Offer { applicant: "A-1".into(), job: "library".into(), stream: "district".into(), rank: Some(1) };
//! state.take(day, Step::Publish { round: 1, deadline: date(2027, 4, 9), offers: vec![offer], moves: vec![], outcome: None })?;
//! state.take(date(2027, 4, 3), Step::Accept { applicant: "A-1".into(), or_better: false })?;
//! assert_eq!(state.place_of("A-1").map(|place| place.holding), Some(Holding::Accepted));
//! assert_eq!(state.free_places("library"), 0);
//! # Ok::<(), feriematch_rounds::Refusal>(())
//! ```

pub mod calendar;
mod chain;
mod present;
mod refusal;
mod state;
mod step;

pub use chain::{Chain, Link, Source, chains};
pub use refusal::Refusal;
pub use state::{Contract, Counts, Decision, DecisionKind, Holding, Leaving, Life, Place, Round, SnapshotError, State};
pub use step::{Move, Offer, Step, StepError};
