//! One verb a file.

pub(crate) mod check;
pub(crate) mod init;
pub(crate) mod report;
pub(crate) mod run_match;
pub(crate) mod synth;
pub(crate) mod verify;
pub(crate) mod why;
