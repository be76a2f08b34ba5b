//! What the written files hold: seasons from recipes, the example season, and what is refused.

#![allow(clippy::unwrap_used, reason = "in what tests share, too, a failure is a failed test")]

mod ingest;
mod margins;
mod read;
mod recipe;
mod stockholm_2015;
