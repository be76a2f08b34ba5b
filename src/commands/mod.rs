//! One verb a file.

pub(crate) mod answer;
pub(crate) mod balance;
pub(crate) mod cede;
pub(crate) mod chances;
pub(crate) mod check;
pub(crate) mod classes;
pub(crate) mod compare;
pub(crate) mod cost;
pub(crate) mod decisions;
pub(crate) mod diff;
pub(crate) mod disclose;
pub(crate) mod expire;
pub(crate) mod hours;
pub(crate) mod init;
pub(crate) mod ledger;
pub(crate) mod letters;
pub(crate) mod lottery;
pub(crate) mod places;
pub(crate) mod plan;
pub(crate) mod price;
pub(crate) mod publish;
pub(crate) mod replay;
pub(crate) mod report;
pub(crate) mod retire;
pub(crate) mod rules;
pub(crate) mod run_match;
pub(crate) mod shortage;
pub(crate) mod sign;
pub(crate) mod status;
pub(crate) mod synth;
pub(crate) mod todo;
pub(crate) mod undo;
pub(crate) mod verify;
pub(crate) mod why;
pub(crate) mod why_not;

use feriematch_report::{Table, grouped};

use crate::cli::TableFormat;
use crate::exit_code::{Failure, print};

/// Prints a table in a format.
fn print_table(table: &Table, format: TableFormat) -> Result<(), Failure> {
    print(&match format {
        TableFormat::Text => table.to_text(),
        TableFormat::Csv => table.to_csv(),
        TableFormat::Json => format!("{:#}\n", table.to_json()),
    })
}

/// Returns a number of things, in words.
pub(crate) fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{} {what}s", grouped(count as i64)) }
}
