//! Why a season cannot be played through, or a question about it answered.

use feriematch_apportion::{ApportionError, KeyError};
use feriematch_core::RunError;
use feriematch_model::SeasonError;
use feriematch_rounds::Refusal;

use crate::scenario::ScenarioProblem;
use crate::study::MergeError;

/// Why a season cannot be played through, or a question about it answered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// Whoever wanted it wants it no more.
    #[error("stopped before the end")]
    Stopped,
    /// More offers are said to be declined than made, or none is made.
    #[error("{declined} of {offered} offers is no share")]
    Rate {
        /// Offers declined.
        declined: u32,
        /// Offers made.
        offered: u32,
    },
    /// There is not one share or ceiling a district.
    #[error("there are {found} {what} for {districts} districts")]
    Districts {
        /// Of what.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many there should be.
        districts: usize,
    },
    /// A round could not be matched.
    #[error("round {round}: {source}")]
    Round {
        /// The round, from 1.
        round: u32,
        /// Why.
        source: RunError,
    },
    /// The season could not be matched.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A step could not be taken.
    #[error("the season took a step that cannot be: {0}")]
    Refused(#[from] Refusal),
    /// A key names an indicator that is not there.
    #[error("there is no indicator `{name}` in the file")]
    UnknownIndicator {
        /// The name.
        name: Box<str>,
        /// The name that was likely meant.
        nearest: Option<Box<str>>,
    },
    /// A key gives weight to an indicator that nobody has anything of.
    #[error("indicator `{name}` has a weight, and is zero in every district")]
    EmptyIndicator {
        /// The name.
        name: Box<str>,
    },
    /// A key gives no shares.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The bounds leave no way to divide.
    #[error(transparent)]
    Apportion(#[from] ApportionError),
    /// The rounds go on beyond the calendar.
    #[error("the rounds go on beyond the year 9999")]
    Calendar,
    /// What decides a study cannot be written down.
    #[error("what decides the study cannot be written down: {0}")]
    Identity(serde_json::Error),
    /// A changed season does not fit together.
    #[error("the changed season does not fit together: {0}")]
    Season(#[from] SeasonError),
    /// A scenario cannot be.
    #[error("the scenario `{name}` cannot be: {problem}")]
    Scenario {
        /// Its name.
        name: String,
        /// Why.
        problem: Box<ScenarioProblem>,
    },
    /// Studies that were played one after the other are not of the same seasons.
    #[error(transparent)]
    SideBySide(#[from] MergeError),
}
