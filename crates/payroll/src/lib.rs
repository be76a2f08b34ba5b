//! What is worked, and what it costs.
//!
//! [`check`] compares time reports with the contracts and with the rules for minors on each day, and names every [`Exception`]. [`Pay`]
//! is what one person's work costs, exact to the öre; [`costs`] sums it up by payer and funding stream.

mod check;
mod cost;
mod exception;
mod minors;
mod pay;
mod working_time;

pub use check::{Checked, Contract, Reported, check};
pub use cost::{Account, Costs, Post, Standing, Sum, costs};
pub use exception::{Against, Exception, ExceptionKind, When, hours};
pub use pay::Pay;
