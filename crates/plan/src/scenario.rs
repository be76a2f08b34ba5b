//! Scenarios: what a planner would change in a season and in what is assumed of it.
//!
//! A file of scenarios ([`ScenarioFile::read`]) has named scenarios, each a list of [`Change`]s, and [`Grid`]s: axes with named levels, every
//! combination of which is a scenario of its own. [`ScenarioFile::cells`] lists them all, and [`Base::vary`] makes the season of each, when it
//! is its turn: [`ScenarioStudy`] plays a thousand of them with a few in memory at once.
//!
//! Changes are of the season *as it is in the files*: which jobs are those of an area or a period is asked there, whatever else changes. They
//! are made in the order of [`Change`]'s variants, whatever the order in the file; two changes of one thing in a scenario are an error.

mod adjustment;
mod change;
mod check;
mod cohorts;
mod file;
mod play;
mod problem;
mod read;
mod subject;
mod vary;
mod words;

pub use adjustment::Adjustment;
pub use change::{AnswerKind, CalendarChange, CapOf, Change, Condition, JobSelection, Likeness, MethodChange, RateChange};
pub use file::{Axis, CellPlan, Grid, Scenario, ScenarioFile, Stated};
pub use play::ScenarioStudy;
pub use problem::ScenarioProblem;
pub use vary::{Base, Variant};
