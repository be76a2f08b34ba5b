//! `feriematch expire`: silence.

use feriematch_rounds::Step;

use crate::cli::rounds::ExpireArgs;
use crate::commands::counted;
use crate::exit_code::{Failure, print};
use crate::record::{self, Act, Record};

pub(crate) fn run(args: &ExpireArgs) -> Result<(), Failure> {
    let act = Act::new(&args.act)?;
    let mut record = Record::open(&args.ledger)?;
    let mut lapsed = Vec::new();
    record.decide(&act, |state| {
        lapsed = state.overdue(act.day).map(|(applicant, _)| applicant.to_owned()).collect();
        if lapsed.is_empty() {
            return Ok(Vec::new());
        }
        let step = Step::Lapse { applicants: lapsed.clone() };
        state.take(act.day, step.clone()).map_err(|refusal| record::refused(&refusal))?;
        Ok(vec![step])
    })?;
    if lapsed.is_empty() {
        return print(&format!("No offer was overdue on {}: nothing was recorded.\n", act.day));
    }
    let free = record.state().free();
    print(&format!(
        "{} lapsed: {}.\n{} free now.\n",
        counted(lapsed.len(), "offer"),
        lapsed.join(", "),
        counted(free as usize, "place")
    ))
}
