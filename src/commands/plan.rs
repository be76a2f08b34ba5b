//! `feriematch plan`: one question a file.

use crate::cli::plan::PlanCommand;
use crate::exit_code::Failure;

pub(crate) fn run(command: &PlanCommand) -> Result<(), Failure> {
    match *command {}
}
