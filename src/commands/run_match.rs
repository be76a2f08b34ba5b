//! `feriematch match`: the main job.

use std::mem;

use feriematch_core::{PaperDraw, Preparation, Ranking, RunError, RunOptions, Solver, Step, run_beside};
use feriematch_model::{Balance, Mechanism, Outcome, Season};
use feriematch_report::{Figures, Overview, TargetsPrice, measures, summary};
use serde_json::json;

use crate::cli::{Format, MatchArgs, SolverArg};
use crate::exit_code::{Failure, print};
use crate::outcome_folder;
use crate::progress::Spinner;
use crate::timings::Timings;
use crate::{diagnostics, season};

pub(crate) fn run(args: &MatchArgs) -> Result<(), Failure> {
    let mut timings = Timings::start();
    let spinner = Spinner::start("reading");
    timings.enter("read");
    let loaded = season::load(&args.season)?;
    let season = &loaded.season;
    let options = options(args, season)?;
    let seed = season::seed(args.seed.as_deref(), season)?;

    spinner.say("working out who may take what");
    timings.enter("market");
    let preparation = Preparation::new(season);
    timings.enter("validate");
    let warnings = season::refuse_errors(season::examine(&preparation, &loaded.sources, loaded.warnings))?;

    timings.enter("market");
    let ranking = Ranking::draw(season, &seed);
    let mut say = |step| {
        let (name, doing) = match step {
            Step::Market => ("market", "setting up the market"),
            Step::Select => ("select", "deciding who"),
            Step::Place => ("place", "deciding where"),
            Step::Evidence => ("evidence", "putting the evidence together"),
        };
        timings.enter(name);
        spinner.say(doing);
    };
    let (outcome, paper) = run_beside(&preparation, &ranking, &options, &mut say, || PaperDraw::new(&preparation, &ranking))
        .map_err(|error| refused(&error, options.solver))?;

    timings.enter("baseline");
    spinner.say("comparing");
    let targets = targets_price(&preparation, &ranking, &options, &outcome)?;
    let folder = args.out.clone().unwrap_or_else(|| outcome_folder::default_folder(&args.season.dir));
    let report = match args.format {
        Format::Text => format!(
            "{}{}\nWrote {}: offers.csv, waiting-list.csv, jobs.csv, not-eligible.csv, {}\n",
            summary(&outcome, &Overview::new(&preparation, &outcome, &paper)),
            targets.map(|price| format!("\n{}", price.to_text(&outcome.balance))).unwrap_or_default(),
            folder.display(),
            outcome_folder::OUTCOME_FILE
        ),
        Format::Json => {
            let report = json!({
                "season": outcome.season,
                "mechanism": outcome.mechanism,
                "placement": outcome.placement,
                "balance": outcome.balance,
                "balance_price": targets,
                "seed": outcome.seed,
                "folder": folder.display().to_string(),
                "warnings": warnings,
                "measures": measures(&Figures::new(&preparation, &outcome, &paper)),
            });
            format!("{report:#}\n")
        }
    };

    spinner.say("writing");
    timings.enter("write");
    outcome_folder::write(&folder, &preparation, &outcome)?;
    let timings = timings.finish();
    drop(spinner);

    diagnostics::print_to_stderr(&warnings);
    if args.timings {
        anstream::eprintln!("{timings}");
    }
    // The process is about to end: the system takes the memory of millions of texts back at once.
    mem::forget((outcome, paper, preparation));
    mem::forget(loaded.season);
    print(&report)
}

/// Settles what the arguments leave to `season.toml`.
fn options(args: &MatchArgs, season: &Season) -> Result<RunOptions, Failure> {
    let options = args.method.options(season)?;
    let solver = match args.solver {
        SolverArg::Sparse => Solver::Sparse,
        SolverArg::Reference if options.mechanism == Mechanism::Priority && options.placement.is_default() => Solver::Reference,
        SolverArg::Reference => {
            return Err(Failure::Usage {
                message: "the reference solver finds placements of least total rank only".to_owned(),
                help: "leave out --solver, or use --mechanism priority --placement least-total-rank".to_owned(),
            });
        }
    };
    Ok(RunOptions { solver, ..options })
}

/// Returns what soft targets cost, if the run has any: the same run without them says.
pub(crate) fn targets_price(
    preparation: &Preparation<'_>,
    ranking: &Ranking,
    options: &RunOptions,
    outcome: &Outcome,
) -> Result<Option<TargetsPrice>, Failure> {
    if options.balance.is_none() {
        return Ok(None);
    }
    let without = RunOptions { balance: Balance::NONE, ..options.clone() };
    let without = feriematch_core::run(preparation, ranking, &without, &mut |_| {});
    let without = without.map_err(|error| refused(&error, options.solver))?;
    Ok(Some(TargetsPrice::new(preparation, outcome, &without)))
}

/// Says why the engine has no outcome.
fn refused(error: &RunError, solver: Solver) -> Failure {
    match error {
        RunError::Solver { .. } => Failure::Infeasible {
            message: error.to_string(),
            help: match solver {
                Solver::Reference => "a season of this size needs the sparse solver: leave out --solver",
                Solver::Sparse => "use lower rank costs, or fewer wishes for whole classes of jobs",
            }
            .to_owned(),
        },
        _ => Failure::Internal(anyhow::anyhow!("{error}")),
    }
}
