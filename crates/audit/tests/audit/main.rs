//! The audit against outcomes made by the definition, and against forged ones.

#![expect(clippy::unwrap_used, reason = "what a test builds is known to be there")]

mod builder;
mod every_method;
mod forgeries;
mod network;
mod python;
mod random;
mod reference;
mod two_sided;
