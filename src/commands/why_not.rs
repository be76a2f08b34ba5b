//! `feriematch why-not`: why one applicant did not get one job.

use feriematch_core::{Preparation, explain_pair};
use feriematch_report::why_not::{explain, to_json};

use crate::cli::{Format, WhyNotArgs};
use crate::commands::why::not_found_out;
use crate::exit_code::{Failure, print};
use crate::progress::Spinner;
use crate::season;
use crate::subject::{self, Subject};

pub(crate) fn run(args: &WhyNotArgs) -> Result<(), Failure> {
    let Subject { season, outcome, .. } = subject::read(&args.outcome)?;
    let applicant = season::applicant(&season, &args.applicant)?;
    let job = season::job(&season, &args.job)?;
    let preparation = Preparation::new(&season);
    let spinner = Spinner::start("deciding the season again");
    let pair = explain_pair(&preparation, &outcome, applicant, job, &mut || ())
        .map_err(|error| not_found_out(args.outcome.season.dir.display(), error))?
        .ok_or_else(|| Failure::Internal(anyhow::anyhow!("the outcome has no decision on {}", args.applicant)))?;
    drop(spinner);
    print(&match args.format {
        Format::Text => explain(&preparation, &pair, &outcome.rank_costs, args.lang.language()),
        Format::Json => format!("{:#}\n", to_json(&preparation, &pair)),
    })
}
