//! `feriematch undo`: the newest step that stands.

use feriematch_rounds::{Refusal, Step};
use serde_json::json;

use crate::cli::Format;
use crate::cli::rounds::UndoArgs;
use crate::commands::ledger::told;
use crate::exit_code::{Failure, print};
use crate::record::{self, Act, Record};

pub(crate) fn run(args: &UndoArgs) -> Result<(), Failure> {
    let act = Act::new(&args.act)?;
    let mut record = Record::open_whole(&args.ledger)?;
    let (number, day, undone) = record.state().newest().ok_or_else(|| record::refused(&Refusal::NothingToUndo))?;
    let undone = undone.clone();
    // On what was just looked at, or not at all: somebody else may have taken a step since.
    record.take(&act, vec![Step::Undo { step: number }])?;
    print(&match args.format {
        Format::Text => format!("Undid event {number} of {day}: {} {}.\n", undone.kind(), told(&undone)),
        Format::Json => format!("{:#}\n", json!({ "undone": number, "day": day.to_string(), "kind": undone.kind() })),
    })
}
