//! How many offers to send: at a stated risk that more accept than there are places.
//!
//! How many of some offers are accepted is a [`CountDistribution`]: exact, by convolution. What is known of the share that accept is [`Yields`]: rates that are
//! known, or that a [`Hierarchy`] has learned from offers that were [`Answered`]; of a record [`AnswerCounts`] counts those. A [`Pool`] has places, and those who may be
//! asked, by home district, and says how many to ask at a risk; [`RoundsUntilFull`], how many rounds it takes. [`HeldOut`] says how well a district would have
//! been predicted by others. docs/planning/offers.md has the formulas.
//!
//! This is arithmetic of floating-point numbers, with errors as the documentation says; nothing that decides on anybody depends on it.

mod answer_counts;
mod beta;
mod counts;
mod hierarchy;
mod hold_out;
mod open_places;
mod pool;
mod rounds_until_full;
mod timetable;
mod yields;

pub use answer_counts::AnswerCounts;
pub use beta::Beta;
pub use counts::CountDistribution;
pub use hierarchy::{Hierarchy, pooled};
pub use hold_out::{HeldOut, Likeness, Predicted};
pub use open_places::{OpenPlaces, pays_at_home};
pub use pool::{Forecast, HomePool, Pool, most_offers};
pub use rounds_until_full::{RoundsUntilFull, Start};
pub use timetable::{DatedRound, timetable};
pub use yields::{Answered, Yields};
