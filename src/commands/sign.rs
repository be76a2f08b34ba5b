//! `feriematch sign`: contracts.

use feriematch_rounds::Step;

use crate::cli::rounds::SignArgs;
use crate::commands::counted;
use crate::exit_code::{Failure, print};
use crate::record::{self, Act, Record};

pub(crate) fn run(args: &SignArgs) -> Result<(), Failure> {
    let act = Act::new(&args.act)?;
    let mut record = Record::open(&args.ledger)?;
    record.decide(&act, |state| {
        let steps: Vec<Step> = args.applicants.iter().map(|applicant| Step::Sign { applicant: applicant.clone() }).collect();
        for step in &steps {
            state.take(act.day, step.clone()).map_err(|refusal| record::refused(&refusal))?;
        }
        Ok(steps)
    })?;
    print(&format!("Recorded {}.\n", counted(args.applicants.len(), "signed contract")))
}
