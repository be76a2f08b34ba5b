//! What can be wrong with a problem, or too much for an algorithm.

/// An error of this crate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SolveError {
    /// An arc leads to a column that does not exist.
    #[error("row {row}: there is no column {column}")]
    UnknownColumn {
        /// The row being added.
        row: u32,
        /// The column named.
        column: u32,
    },
    /// The arcs of a row do not ascend strictly by column.
    #[error("row {row}: the arc to column {column} is a duplicate or out of order")]
    ArcOrder {
        /// The row being added.
        row: u32,
        /// The column of the arc that does not come after the one before.
        column: u32,
    },
    /// An arc has a negative cost.
    #[error("row {row}: the arc to column {column} has a negative cost")]
    NegativeCost {
        /// The row being added.
        row: u32,
        /// The column of the arc.
        column: u32,
    },
    /// A parent is named that was not added before its child. This is also what keeps the groups free of circles.
    #[error("there is no group {group}")]
    UnknownGroup {
        /// The group named.
        group: u32,
    },
    /// A row group is named that was not added.
    #[error("row {row}: there is no row group {row_group}")]
    UnknownRowGroup {
        /// The row being added.
        row: u32,
        /// The row group named.
        row_group: u32,
    },
    /// A class is named that was not added.
    #[error("row {row}: there is no class {class}")]
    UnknownClass {
        /// The row being added.
        row: u32,
        /// The class named.
        class: u32,
    },
    /// There are more things than 32-bit indices can tell apart.
    #[error("there are too many {what} for 32-bit indices")]
    TooMany {
        /// What there are too many of.
        what: &'static str,
    },
    /// A ranking does not name each row of the problem once.
    #[error("the ranking does not name row {row} of the problem exactly once, or there is no such row")]
    Ranking {
        /// The row.
        row: u32,
    },
    /// A selection is of another number of rows than the problem.
    #[error("the selection has {selected} rows, the problem {rows}")]
    SelectionMismatch {
        /// The number of rows of the selection.
        selected: usize,
        /// The number of rows of the problem.
        rows: usize,
    },
    /// Standings are given for another number of rows than the problem has.
    #[error("there are standings of {standings} rows, the problem has {rows}")]
    StandingsMismatch {
        /// The number of standings.
        standings: usize,
        /// The number of rows of the problem.
        rows: usize,
    },
    /// More rows are locked than a column, a group above it or a row group has room for.
    #[error("row {row} is locked in column {column}, where there is no room for it")]
    LockedOverfull {
        /// The first locked row, in ranking order, for which there is no room.
        row: u32,
        /// Its column.
        column: u32,
    },
    /// The rows of a selection cannot be placed all at once.
    #[error("the selected rows cannot be placed all at once")]
    Infeasible,
    /// Prices could overflow 64-bit integers.
    #[error("costs up to {cost} with {rows} rows could overflow 64-bit prices")]
    CostRange {
        /// The largest cost.
        cost: i64,
        /// The number of rows.
        rows: usize,
    },
    /// The dense matrix of the reference algorithm would be too large.
    #[error("the dense matrix would have {cells} cells, more than {limit}")]
    TooLarge {
        /// The cells needed.
        cells: u64,
        /// The cells allowed.
        limit: u64,
    },
}
