//! End-to-end tests of the command line: each runs the built program on files of its own and looks at what it prints and leaves.
//!
//! What a test expects it works out from the season's files and the outcome by itself, or takes from the published table of 2015;
//! nothing here uses the engine.

mod program;
mod rows;
mod season_folder;

mod architecture;
mod check;
mod determinism;
mod export;
mod file_forms;
mod forgery;
mod help;
mod interruption;
mod letters;
mod lottery;
mod main_job;
mod masking;
mod mechanism;
mod overrides;
mod pay;
mod privacy;
mod readme;
mod replay;
mod report;
mod rounds;
mod snapshot;
mod starter;
mod synth;
mod terminal;
mod why;
