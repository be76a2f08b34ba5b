//! The engine against `docs/mechanisms.md`: rule by rule on examples, and as a whole on random seasons.

#![expect(clippy::unwrap_used, reason = "what a test builds is known to be there")]

mod acceptable;
mod builder;
mod definition;
mod eligibility;
mod explain;
mod findings;
mod locks;
mod mechanisms;
mod placement;
mod random;
mod ranking;
mod rematch;
mod round;
mod streams;
