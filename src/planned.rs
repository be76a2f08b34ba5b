//! A season that a planner asks something about: read, checked, and matched the way it says itself.

use feriematch_core::{Preparation, RunError, RunOptions};
use feriematch_ingest::{Diagnostic, Loaded, Sources};
use feriematch_model::Season;
use feriematch_plan::PlanError;

use crate::cli::{MethodArgs, SeasonArgs};
use crate::exit_code::Failure;
use crate::season;

/// A season, and how it is matched.
pub(crate) struct Planned {
    pub(crate) season: Season,
    pub(crate) options: RunOptions,
    sources: Sources,
    warnings: Vec<Diagnostic>,
}

impl Planned {
    /// Reads a season, which may be matched in another way than its own.
    pub(crate) fn read(args: &SeasonArgs, method: &MethodArgs) -> Result<Self, Failure> {
        let Loaded { season, sources, warnings, .. } = season::load(args)?;
        let options = method.options(&season)?;
        Ok(Self { season, options, sources, warnings })
    }

    /// Works out who may take what, and refuses a season with errors; returns the warnings, too.
    pub(crate) fn prepare(&self) -> Result<(Preparation<'_>, Vec<Diagnostic>), Failure> {
        let preparation = Preparation::new(&self.season);
        let warnings = season::refuse_errors(season::examine(&preparation, &self.sources, self.warnings.clone()))?;
        Ok((preparation, warnings))
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
