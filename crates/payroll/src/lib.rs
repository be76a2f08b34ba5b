//! What is worked, and what it costs.
//!
//! [`Pay`] is what one person's work costs, exact to the öre.

mod pay;

pub use pay::Pay;
