//! `feriematch why`: one applicant's outcome in words.

use feriematch_core::{Preparation, explain};
use feriematch_report::why::{Language, explain as in_words};

use crate::cli::{Lang, WhyArgs};
use crate::exit_code::{Failure, print};
use crate::subject::{self, Subject};

pub(crate) fn run(args: &WhyArgs) -> Result<(), Failure> {
    let Subject { season, outcome, .. } = subject::read(&args.outcome)?;
    let preparation = Preparation::new(&season);
    let unknown = || Failure::Usage {
        message: format!("there is no applicant `{}` in the season", args.applicant),
        help: "the id is the one in the column applicant_id; upper and lower case matter".to_owned(),
    };
    let applicant = season.find_applicant(&args.applicant).ok_or_else(unknown)?;
    let explanation = explain(&preparation, &outcome, applicant).ok_or_else(unknown)?;
    let language = match args.lang {
        Lang::Sv => Language::Swedish,
        Lang::En => Language::English,
    };
    print(&in_words(&preparation, &explanation, language))
}
