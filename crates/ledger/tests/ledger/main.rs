//! The ledger from outside, on SQLite and on PostgreSQL.
//!
//! The tests on PostgreSQL start a server of their own where its programs are installed; see server.rs.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod crash;
mod crowd;
mod destruction;
mod disk;
mod export;
mod place;
mod room;
mod sample;
mod server;
mod store;
mod tampering;
