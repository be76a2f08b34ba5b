//! The audit against outcomes made by the definition, and against forged ones.

mod builder;
mod forgeries;
mod random;
mod reference;
