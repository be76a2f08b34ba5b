//! `feriematch diff`: what a round changed, chain by chain.

use feriematch_report::grouped;
use feriematch_rounds::chains;

use crate::changes;
use crate::cli::TableFormat;
use crate::cli::rounds::{DiffArgs, LedgerArgs};
use crate::commands::print_table;
use crate::exit_code::{Failure, print};
use crate::record::{self, Published, Record};

pub(crate) fn run(args: &DiffArgs) -> Result<(), Failure> {
    let LedgerArgs { dir, at } = &args.ledger;
    let round = match args.round {
        Some(round) => round,
        None => Record::open(&args.ledger)?.state().rounds().len().max(1) as u32,
    };
    let Published { before, offers, moves, .. } = record::published(dir, at, round)?;
    let chains = chains(&before, &offers, &moves);
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
