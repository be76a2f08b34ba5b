//! Makes seasons from a seed: examples, benches, planning.
//!
//! - [`Recipe`]: a season of any size, drawn as the benchmark instances are.
//! - [`Margins`]: a season that meets given totals exactly, such as a district's published figures.
//!
//! Both write a season folder that reads like any other. All people are invented.
//!
//! # Determinism
//!
//! A season depends on its recipe or margins and its seed alone: the bytes are the same on every machine and for any number
//! of threads. Each applicant is drawn from a ChaCha20 stream of its own, with integer arithmetic only.

mod draw;
mod error;
mod folder;
mod margins;
mod popularity;
mod recipe;
mod settings;
mod zipf;

pub use error::SynthError;
pub use margins::{Margins, MarginsError, MarginsProblem};
pub use recipe::Recipe;
