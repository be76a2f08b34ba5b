//! `feriematch why`: one applicant's outcome in words.

use feriematch_core::{Preparation, WhatIfError, counterfactuals, explain};
use feriematch_report::why::explain as in_words;

use crate::cli::WhyArgs;
use crate::exit_code::{Failure, print};
use crate::progress::Spinner;
use crate::season;
use crate::subject::{self, Subject};

pub(crate) fn run(args: &WhyArgs) -> Result<(), Failure> {
    let Subject { season, outcome, .. } = subject::read(&args.outcome)?;
    let applicant = season::applicant(&season, &args.applicant)?;
    let preparation = Preparation::new(&season);
    let explanation = explain(&preparation, &outcome, applicant)
        .ok_or_else(|| Failure::Internal(anyhow::anyhow!("the outcome has no decision on {}", args.applicant)))?;
    // Nothing that depends on the wishes is told of a protected identity.
    let enough = if season.applicant(applicant).protected {
        None
    } else {
        let spinner = Spinner::start("deciding the season again");
        let mut runs = 0;
        let mut tell = || {
            runs += 1;
            spinner.say(format!("deciding the season again, {runs} times"));
        };
        counterfactuals(&preparation, &outcome, applicant, &mut tell)
            .map_err(|error| not_found_out(args.outcome.season.dir.display(), error))?
    };
    print(&in_words(&preparation, &explanation, enough.as_ref(), args.lang.language()))
}

/// Returns how a command ends that could not find out what would have happened.
pub(crate) fn not_found_out(dir: impl std::fmt::Display, error: WhatIfError) -> Failure {
    match error {
        WhatIfError::NotReproduced => Failure::File {
            message: format!("{error}: it was changed, or made by another version"),
            help: format!("check it with `feriematch verify {dir}`"),
        },
        fault => Failure::Internal(fault.into()),
    }
}
