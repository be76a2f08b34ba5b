//! Tables, sentences, pictures and files about a season and its outcome.
//!
//! [`balance`] is the gender balance from applications to hirings. [`Overview`] and [`Figures`] count once; [`summary`] and [`tables`] lay them out for people, [`measures`] for programs; [`against`] sets them beside a
//! published table; [`histograms`] draws distributions, [`picture`] bars and lines, and [`page`] puts tables and pictures on one page of HTML; [`why`] explains one applicant's outcome in Swedish or English, [`why_not`] why one job is not theirs; [`lists`] decides what each
//! row of a run's lists may show, [`export`] writes them and the other files that a run leaves, [`lottery`] those of a public lottery; [`outcome_folder`] and [`whole_folder`] write folders whole or not at all; [`examine`] says what is odd or impossible about a season.

pub mod against;
pub mod balance;
mod comparison;
mod cross_table;
mod dimension;
mod examine;
pub mod export;
mod figures;
mod histogram;
pub mod lists;
pub mod lottery;
mod measures;
pub mod outcome_folder;
pub mod page;
pub mod picture;
mod profile;
mod sheet;
mod summary;
mod table;
mod tables;
mod targets;
mod verified;
pub mod whole_folder;
pub mod why;
pub mod why_not;
mod xml;

pub use comparison::{Alternative, Part, comparison_picture, comparison_sentences, comparison_tables};
pub use cross_table::CrossTable;
pub use dimension::Dimension;
pub use examine::examine;
pub use figures::{Figures, Group, Overview, PayerFigures};
pub use histogram::{Histogram, HistogramRow, histograms};
pub use measures::{Measure, measures};
pub use profile::{Origins, RankProfile};
pub use summary::{balance_sentences, maxima_sentences, summary};
pub use table::{Table, Value, grouped, neutralised};
pub use tables::tables;
pub use targets::{Moved, Standing, TargetsPrice};
pub use verified::verified;
