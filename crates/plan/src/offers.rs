//! How many offers to send: at a stated risk that more accept than there are places.

mod beta;
mod counts;
mod hierarchy;
mod yields;

pub use beta::Beta;
pub use counts::CountDistribution;
pub use hierarchy::{Hierarchy, pooled};
pub use yields::{Answered, Yields};
