//! `feriematch lottery`: the seed of the season.

use feriematch_rounds::Step;

use crate::cli::rounds::{LotteryCommand, LotteryDrawArgs};
use crate::exit_code::{Failure, print};
use crate::record::{Act, Record};

pub(crate) fn run(command: &LotteryCommand) -> Result<(), Failure> {
    match command {
        LotteryCommand::Draw(args) => draw(args),
    }
}

fn draw(args: &LotteryDrawArgs) -> Result<(), Failure> {
    let act = Act::new(&args.act)?;
    let mut record = Record::open(&args.ledger)?;
    record.take(&act, vec![Step::Draw { seed: args.seed.clone() }])?;
    print(&format!("The lottery is drawn with the seed {:?}.\n", args.seed))
}
