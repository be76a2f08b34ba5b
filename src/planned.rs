//! A season that a planner asks something about: read, checked, and matched the way it says itself.

use std::path::Path;

use feriematch_core::{Preparation, RunError, RunOptions};
use feriematch_ingest::{Diagnostic, Loaded, Sources};
use feriematch_model::Season;
use feriematch_plan::PlanError;
use feriematch_plan::study::Assumptions;

use crate::cli::{MethodArgs, SeasonArgs};
use crate::commands::replay::published::PublishedSeason;
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

/// Reads what is assumed about a season, with the warnings: the file named, or `planning.toml` of the season's folder, or how many offers were declined by its
/// `published.csv`.
pub(crate) fn assumptions(dir: &Path, named: Option<&Path>, season: &Season) -> Result<(Assumptions, Vec<Diagnostic>), Failure> {
    let (own, published) = (dir.join("planning.toml"), dir.join("published.csv"));
    if let Some(file) = named.or(own.exists().then_some(&own)) {
        return Assumptions::read(file, season).map_err(season::unreadable);
    }
    if published.exists() {
        let published = PublishedSeason::read(&published, season)?;
        return Ok((Assumptions::declines(published.rates().iter().copied()), Vec::new()));
    }
    Err(Failure::Usage {
        message: format!("nothing says how many offers are declined: neither {} nor {} is there", own.display(), published.display()),
        help: "write planning.toml with `[[answers]]` and `declined = \"22 of 198\"` or a percentage, or name a file with --assumptions: \
               docs/planning/capacity.md"
            .to_owned(),
    })
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
