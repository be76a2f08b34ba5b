//! `feriematch diff`: what a round changed, chain by chain.

use feriematch_report::grouped;
use feriematch_rounds::{Step, chains};

use crate::changes;
use crate::cli::TableFormat;
use crate::cli::rounds::DiffArgs;
use crate::commands::print_table;
use crate::exit_code::{Failure, print};
use crate::record::Record;

pub(crate) fn run(args: &DiffArgs) -> Result<(), Failure> {
    let mut record = Record::open(&args.ledger)?;
    let newest = record.state().rounds().len() as u32;
    let round = args.round.unwrap_or(newest.max(1));
    let (before, step) = record.before_round(round)?;
    let Step::Publish { offers, moves, .. } = &step else { unreachable!("a round is published") };
    let chains = chains(&before, offers, moves);
    match args.format {
        TableFormat::Text => {
            let free = before.free();
            let (offers, moves) = (grouped(offers.len() as i64), grouped(moves.len() as i64));
            let head = format!("Round {round}: {offers} offers to those who waited, {moves} moves; {free} places were free.\n");
            print(&format!("{head}{}", changes::told(&chains, usize::MAX, "")))
        }
        format => print_table(&changes::table(&chains), format),
    }
}
