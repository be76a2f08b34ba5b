//! What can be wrong with a key or a history.

use crate::KeyMark;

/// Why a text is not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// It does not begin as a key does.
    #[error("its first line is not `feriematch key 1`")]
    Header,
    /// The key is not 64 hexadecimal digits.
    #[error("its second line is not 64 hexadecimal digits")]
    Digits,
}

/// Why a text is not a history.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct HistoryError {
    /// The line, from 1.
    pub line: u64,
    /// What is wrong there.
    pub problem: HistoryProblem,
}

/// What is wrong with a line of a history.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryProblem {
    /// The columns are others.
    #[error("the columns are not `year,key,person,had`")]
    Header,
    /// The line is no CSV of as many cells.
    #[error("it does not have the four cells of a history")]
    Cells,
    /// The year is none.
    #[error("{0:?} is not a year")]
    Year(String),
    /// The mark of the key or of the person is none.
    #[error("{0:?} is not a mark of {1} hexadecimal digits")]
    Mark(String, usize),
    /// What the person had is not known.
    #[error("{0:?} is neither `applied` nor `had-a-job`")]
    Had(String),
    /// A person stands there twice for a year.
    #[error("the person stands in the history of {0} twice")]
    Twice(i16),
    /// The history was made with another key.
    #[error("it was made with the key {found}, and the key given is {given}: nobody would be recognised")]
    OtherKey {
        /// The key it was made with.
        found: KeyMark,
        /// The key given.
        given: KeyMark,
    },
}
