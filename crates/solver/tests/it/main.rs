//! The algorithms against their definitions, against each other, and on shapes that are hard for them.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod assignments;
mod brute_force;
mod certificate;
mod classes;
mod deferred_acceptance;
mod instances;
mod placement;
mod profile;
mod rank_maximal;
mod ranking_order;
mod rematch;
mod selection;
mod serial_dictatorship;
mod shapes;
mod top_trading_cycles;
mod workspace;
