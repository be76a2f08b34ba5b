//! A season that a planner asks something about: read, checked, and matched the way it says itself.

use feriematch_core::{Preparation, RunError, RunOptions};
use feriematch_ingest::Diagnostic;
use feriematch_model::Season;
use feriematch_plan::PlanError;

use crate::cli::{MethodArgs, SeasonArgs};
use crate::exit_code::Failure;
use crate::season;

/// A season without errors, and how it is matched.
pub(crate) struct Planned {
    pub(crate) season: Season,
    pub(crate) warnings: Vec<Diagnostic>,
    pub(crate) options: RunOptions,
}

impl Planned {
    /// Reads a season, which may be matched in another way than its own.
    pub(crate) fn read(args: &SeasonArgs, method: &MethodArgs) -> Result<Self, Failure> {
        let loaded = season::load(args)?;
        let preparation = Preparation::new(&loaded.season);
        let warnings = season::refuse_errors(season::examine(&preparation, &loaded.sources, loaded.warnings))?;
        let options = method.options(&loaded.season)?;
        Ok(Self { season: loaded.season, warnings, options })
    }

    /// Returns the seed of the lottery: the one given, or the season's own.
    pub(crate) fn seed(&self, given: Option<&String>) -> Result<String, Failure> {
        given.cloned().or_else(|| self.season.settings().seed.as_deref().map(str::to_owned)).ok_or_else(|| Failure::Usage {
            message: "there is no seed for the lottery".to_owned(),
            help: "give one with --seed: before the draw, any text will do, and several show what hangs on the lottery"
                .to_owned(),
        })
    }
}

/// Says why a planner's question has no answer.
pub(crate) fn failed(error: PlanError) -> Failure {
    match error {
        PlanError::Round { .. } | PlanError::Run(RunError::Solver { .. }) => Failure::Infeasible {
            message: error.to_string(),
            help: "use lower rank costs, or fewer wishes for whole classes of jobs".to_owned(),
        },
        PlanError::Calendar => Failure::Infeasible { message: error.to_string(), help: String::new() },
        error => Failure::Internal(error.into()),
    }
}
