//! Exact sparse capacitated assignment: selection and least-cost placement, with certificates.
//!
//! The crate knows index arrays and integers only. *Rows* come in ranking order and each wants one place in a *column*;
//! a sparse *arc* (row, column) has an integer cost, and a missing arc is forbidden, never "expensive". Columns have
//! capacities, and *groups* above the columns cap what their members hold together; columns and groups form a forest.
//!
//! | function | answers |
//! |---|---|
//! | [`select`](fn@select) | which rows: greedily in ranking order, each that can be placed together with all before |
//! | [`place`](fn@place) | where: a least-cost placement of exactly the selected rows, with an integer dual certificate |
//! | [`place_by_profile`] | where, rank by rank: a rank-maximal or fair placement, with certificates |
//! | [`place_in_ranking_order`] | where, as the ranking decides: each row in turn gets the best cost that leaves all selected rows a place |
//! | [`place_reference`](fn@place_reference) | the same by a dense method of other authors, for small instances and tests |
//! | [`serial_dictatorship`](fn@serial_dictatorship) | each row in turn gets the best cost that is possible while all before keep theirs |
//! | [`rank_maximal`](fn@rank_maximal) | who and where at once: most rows at the least cost, then at the next, with certificates |
//! | [`rematch`](fn@rematch) | who gets the places that became free, with the fewest moves of rows that already have one |
//! | [`deferred_acceptance`](fn@deferred_acceptance) | the best for the rows of what is stable for the columns' priorities |
//! | [`top_trading_cycles`](fn@top_trading_cycles) | what rows make of the places that owners would give them, by trade: efficient for the rows |
//! | [`Workspace`] | `select` and `place` for one ranking after the other, with memory that is kept |
//! | [`blocking_pairs`] | why an assignment is not stable, whatever made it |
//!
//! Every answer depends on the [`Problem`] alone: there is no randomness, no clock and no thread.
//!
//! # Examples
//!
//! Two rows want the only place of column 0; the first can go elsewhere, at a cost.
//!
//! ```
//! use feriematch_solver::{ProblemBuilder, RowOutcome, place, select};
//!
//! let mut builder = ProblemBuilder::new();
//! let park = builder.add_column(1, None)?;
//! let office = builder.add_column(1, None)?;
//! builder.add_row(None, [(park, 1), (office, 2)])?;
//! builder.add_row(None, [(park, 1)])?;
//! builder.add_row(None, [(park, 1)])?;
//! let problem = builder.build();
//!
//! let selection = select(&problem);
//! assert_eq!(selection.kept().collect::<Vec<_>>(), [0, 1]);
//! assert_eq!(selection.outcomes[2], RowOutcome::Full);
//! assert_eq!(selection.closed_by, [Some(2), None]);
//!
//! let placement = place(&problem, &selection)?;
//! assert_eq!(placement.column_of, [Some(office), Some(park), None]);
//! assert_eq!(placement.cost, 3);
//! assert_eq!(placement.check(&problem, &selection), Ok(()));
//! # Ok::<(), feriematch_solver::SolveError>(())
//! ```

mod auction;
mod deferred_acceptance;
mod duals;
mod error;
mod exchange;
mod face;
mod flow;
mod idle;
mod labels;
mod layers;
mod paths;
mod place;
mod place_reference;
mod placement;
mod primal_dual;
mod problem;
mod profile;
#[cfg(test)]
mod random_problems;
mod rank_maximal;
mod ranking_order;
mod rematch;
mod residual;
mod row_pool;
mod search;
mod select;
mod serial_dictatorship;
mod shortest_path;
mod stability;
mod stage;
mod top_trading_cycles;
mod workspace;

pub use deferred_acceptance::{DeferredAcceptance, deferred_acceptance};
pub use error::SolveError;
pub use place::place;
pub use place_reference::{REFERENCE_CELLS, place_reference};
pub use placement::{Placement, Violation};
pub use problem::{Problem, ProblemBuilder};
pub use profile::{ProfileLevel, ProfileObjective, ProfilePlacement, ProfileStage, place_by_profile};
pub use rank_maximal::{Decides, RankMaximal, RankMaximalStage, rank_maximal};
pub use ranking_order::place_in_ranking_order;
pub use rematch::{Evidence, RematchOutcome, Rematched, rematch};
pub use residual::Standing;
pub use row_pool::{Left, PoolSolver, RowPool};
pub use select::{RowOutcome, Selection, select};
pub use serial_dictatorship::serial_dictatorship;
pub use stability::{BlockingPair, blocking_pairs};
pub use top_trading_cycles::top_trading_cycles;
pub use workspace::Workspace;
