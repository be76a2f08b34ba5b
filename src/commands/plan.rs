//! `feriematch plan`: one question a file.

mod apportion;
mod calibrate;
mod capacity;
mod caseload;
mod learned;
mod merge;
mod offers;
mod places;
mod whatif;
mod workload;

use crate::cli::plan::PlanCommand;
use crate::exit_code::Failure;

pub(crate) fn run(command: &PlanCommand) -> Result<(), Failure> {
    match command {
        PlanCommand::Capacity(args) => capacity::run(args),
        PlanCommand::Whatif(args) => whatif::run(args),
        PlanCommand::Merge(args) => merge::run(args),
        PlanCommand::Offers(args) => offers::run(args),
        PlanCommand::Calibrate(args) => calibrate::run(args),
        PlanCommand::Places(args) => places::run(args),
        PlanCommand::Apportion(args) => apportion::run(args),
        PlanCommand::Workload(args) => workload::run(args),
        PlanCommand::Caseload(args) => caseload::run(args),
    }
}
