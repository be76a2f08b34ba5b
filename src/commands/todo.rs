//! `feriematch todo`: who has to do what, and by when.

use feriematch_report::{Table, Value};
use feriematch_rounds::{Holding, State};
use jiff::civil::Date;

use crate::cli::TableFormat;
use crate::cli::decisions::TodoArgs;
use crate::commands::{counted, print_table};
use crate::exit_code::{Failure, print};
use crate::record::{self, Record};

/// Something to be done.
pub(crate) struct Task {
    /// By when; nothing if it is not tied to a day.
    due: Option<Date>,
    what: &'static str,
    applicant: Option<String>,
    job: Option<String>,
    /// What does it.
    how: &'static str,
}

pub(crate) fn run(args: &TodoArgs) -> Result<(), Failure> {
    let record = Record::open(&args.ledger)?;
    let day = args.date.unwrap_or_else(record::today);
    let mut tasks = tasks(record.state(), day);
    if let Some(due) = args.due {
        tasks.retain(|task| task.due.is_some_and(|day| day <= due));
    }
    let rows = tasks.iter().map(|task| {
        let text = |text: &Option<String>| text.clone().map_or(Value::Blank, Value::Text);
        vec![
            task.due.map_or(Value::Blank, |due| Value::Text(due.to_string())),
            Value::Text(task.what.to_owned()),
            text(&task.applicant),
            text(&task.job),
            Value::Text(task.how.to_owned()),
        ]
    });
    let table = Table {
        name: "todo",
        title: "To do".to_owned(),
        columns: vec![("due", "Due"), ("what", "What"), ("applicant", "Applicant"), ("job", "Job"), ("how", "How")],
        rows: rows.collect(),
    };
    match args.format {
        TableFormat::Text if tasks.is_empty() => print("Nothing is to be done.\n"),
        TableFormat::Text => print(&format!("{}\n{}.\n", table.to_text(), counted(tasks.len(), "thing"))),
        format => print_table(&table, format),
    }
}

/// Returns what is to be done on a day, the most urgent first: what has a day by that, then the rest.
fn tasks(state: &State, day: Date) -> Vec<Task> {
    let mut tasks = Vec::new();
    let mut add = |due, what, applicant: Option<&str>, job: Option<&str>, how| {
        tasks.push(Task { due, what, applicant: applicant.map(str::to_owned), job: job.map(str::to_owned), how });
    };
    if state.seed().is_none() {
        add(None, "draw the lottery", None, None, "feriematch lottery draw");
    }
    for (applicant, life) in state.lives() {
        match &life.place {
            Some(place) if place.holding == Holding::Offered => {
                let (due, job) = (Some(place.deadline), Some(&*place.job));
                if place.deadline < day {
                    add(due, "let the offer lapse", Some(applicant), job, "feriematch expire");
                } else {
                    add(due, "answer the offer", Some(applicant), job, "feriematch answer");
                }
            }
            Some(place) if place.holding == Holding::Accepted => {
                add(None, "sign the contract", Some(applicant), Some(&place.job), "feriematch sign");
            }
            None if life.displaced.is_some() && life.left.is_none() => {
                add(None, "find another place", Some(applicant), None, "feriematch publish");
            }
            _ => {}
        }
    }
    if state.seed().is_some() {
        for (job, places, held) in state.jobs().filter(|(_, places, held)| places > held) {
            for _ in held..places {
                add(None, "offer the place", None, Some(job), "feriematch publish");
            }
        }
    }
    tasks.sort_by_key(|task| (task.due.is_none(), task.due, task.what));
    tasks
}
