//! `feriematch plan`: one question a file.

mod capacity;
mod merge;

use crate::cli::plan::PlanCommand;
use crate::exit_code::Failure;

pub(crate) fn run(command: &PlanCommand) -> Result<(), Failure> {
    match command {
        PlanCommand::Capacity(args) => capacity::run(args),
        PlanCommand::Merge(args) => merge::run(args),
    }
}
