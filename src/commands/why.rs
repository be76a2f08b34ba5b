//! `feriematch why`: one applicant's outcome in words.

use feriematch_core::{Preparation, explain};
use feriematch_report::why::{Language, explain as in_words};

use crate::cli::{Lang, WhyArgs};
use crate::exit_code::{Failure, print};
use crate::{outcome_folder, season};

pub(crate) fn run(args: &WhyArgs) -> Result<(), Failure> {
    let loaded = season::load(&args.outcome.season)?;
    let outcome = outcome_folder::read(&args.outcome, &loaded.season)?;
    let preparation = Preparation::new(&loaded.season);
    let unknown = || Failure::Usage {
        message: format!("there is no applicant `{}` in the season", args.applicant),
        help: "the id is the one in the column applicant_id; upper and lower case matter".to_owned(),
    };
    let applicant = loaded.season.find_applicant(&args.applicant).ok_or_else(unknown)?;
    let explanation = explain(&preparation, &outcome, applicant).ok_or_else(unknown)?;
    let language = match args.lang {
        Lang::Sv => Language::Swedish,
        Lang::En => Language::English,
    };
    print(&in_words(&preparation, &explanation, language))
}
