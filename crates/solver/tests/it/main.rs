//! The algorithms against their definitions, against each other, and on shapes that are hard for them.

mod brute_force;
mod certificate;
mod instances;
mod placement;
mod selection;
mod serial_dictatorship;
mod shapes;
