//! The Python module `feriematch._feriematch`: seasons, outcomes and studies as objects, their tables as Arrow.
//!
//! Nothing is decided here. Each class holds what a crate of the library made; whatever takes time runs with Python's global
//! lock released. `docs/python.md` is for users; the package around this module is in `python/feriematch`.

#![expect(clippy::needless_pass_by_value, reason = "PyO3 hands over arguments that it converted")]

mod columns;
mod diagnostic;
mod fault;
mod figure_tables;
mod list_tables;
mod outcome;
mod plan;
mod season;
mod table;
mod threads;
mod verification;

use pyo3::prelude::*;

/// What the package `feriematch` is made from.
#[pymodule]
mod _feriematch {
    #[pymodule_export]
    use super::diagnostic::Diagnostic;
    #[pymodule_export]
    use super::outcome::Outcome;
    #[pymodule_export]
    use super::plan::{Assumptions, Part, Scenarios, capacity, merge, side_by_side, whatif};
    #[pymodule_export]
    use super::season::{Season, check};
    #[pymodule_export]
    use super::table::Table;
    #[pymodule_export]
    use super::verification::{Refutation, Verification};
    /// The version of the library.
    #[pymodule_export]
    #[allow(non_upper_case_globals, reason = "the name that Python expects")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
