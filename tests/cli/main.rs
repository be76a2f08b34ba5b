//! End-to-end tests of the command line: each runs the built program on files of its own and looks at what it prints and leaves.
//!
//! What a test expects it works out from the season's files and the outcome by itself, or takes from the published table of 2015;
//! nothing here uses the engine.

mod changed;
#[allow(clippy::unwrap_used, reason = "the tests of the ledger have it too")]
#[cfg(unix)]
#[path = "../../crates/ledger/tests/ledger/disk.rs"]
mod disk;
mod offered;
mod program;
mod recorded;
mod rows;
mod season_folder;
#[allow(clippy::unwrap_used, reason = "the tests of the ledger have it too")]
#[cfg(unix)]
#[path = "../../crates/ledger/tests/ledger/server.rs"]
mod server;

mod answers;
mod architecture;
mod balance;
mod by_hand;
mod cede;
mod certificate;
mod chances;
mod check;
#[cfg(unix)]
mod compare;
mod crowd;
mod determinism;
mod export;
mod file_forms;
mod forgery;
mod help;
mod interruption;
mod kills;
mod letters;
mod lottery;
mod main_job;
mod masking;
mod mechanism;
mod overrides;
mod pay;
mod plan_apportion;
mod plan_calibrate;
mod plan_capacity;
mod plan_offers;
mod plan_places;
mod plan_seeds;
mod plan_whatif;
mod plan_workload;
mod price;
mod privacy;
mod readme;
mod rematch;
mod replay;
mod report;
#[cfg(unix)]
mod room;
mod rounds;
mod rules;
mod shortage;
mod snapshot;
mod starter;
mod synth;
mod terminal;
mod todo;
mod why;
mod why_enough;
mod why_not;
