//! `feriematch status`: where the season stands.

use feriematch_report::{Table, Value, grouped};
use feriematch_rounds::{Counts, Holding, State, calendar};
use jiff::civil::Date;
use serde_json::json;

use crate::cli::TableFormat;
use crate::cli::rounds::StatusArgs;
use crate::commands::counted;
use crate::exit_code::{Failure, print};
use crate::record::{self, Record};

pub(crate) fn run(args: &StatusArgs) -> Result<(), Failure> {
    let record = Record::open(&args.ledger)?;
    let state = record.state();
    let day = args.date.unwrap_or_else(record::today);
    let rounds = rounds(state);
    print(&match args.format {
        TableFormat::Text => text(state, &rounds, day),
        TableFormat::Csv => rounds.to_csv(),
        TableFormat::Json => {
            let places = Places::of(state);
            let report = json!({
                "season": state.season(),
                "seed": state.seed(),
                "day": day.to_string(),
                "places": places.all,
                "held": places.all - places.free,
                "free": places.free,
                "offered": places.offered,
                "accepted": places.accepted,
                "signed": places.signed,
                "overdue": state.overdue(day).map(|(applicant, _)| applicant).collect::<Vec<_>>(),
                "rounds": rounds.to_json(),
            });
            format!("{report:#}\n")
        }
    })
}

/// How many places are in which standing now.
#[derive(Default)]
struct Places {
    all: u32,
    free: u32,
    offered: u32,
    accepted: u32,
    signed: u32,
}

impl Places {
    fn of(state: &State) -> Self {
        let all = state.jobs().map(|(_, places, _)| places).sum();
        let mut places = Self { all, free: state.free(), ..Self::default() };
        for place in state.lives().filter_map(|(_, life)| life.place.as_ref()) {
            match place.holding {
                Holding::Offered => places.offered += 1,
                Holding::Accepted => places.accepted += 1,
                Holding::Signed => places.signed += 1,
            }
        }
        places
    }
}

/// Returns the table of rounds. Every column counts offers of the round; one that was accepted and signed counts as both.
fn rounds(state: &State) -> Table {
    let row = |(number, round): (u32, &feriematch_rounds::Round)| {
        let Counts { offered, accepted, declined, lapsed, withdrawn, displaced, moved, signed } = round.counts;
        let mut row =
            vec![Value::from(number), Value::Text(round.published.to_string()), Value::Text(round.deadline.to_string())];
        row.extend([offered, accepted, declined, lapsed, withdrawn, displaced, moved, signed].map(Value::from));
        row
    };
    Table {
        name: "rounds",
        title: "Rounds (offers of each, and what became of them; whoever accepted and then signed counts as both)".to_owned(),
        columns: vec![
            ("round", "Round"),
            ("published", "Published"),
            ("deadline", "Deadline"),
            ("offered", "Offered"),
            ("accepted", "Accepted"),
            ("declined", "Declined"),
            ("lapsed", "Lapsed"),
            ("withdrawn", "Withdrawn"),
            ("displaced", "Displaced"),
            ("moved", "Moved"),
            ("signed", "Signed"),
        ],
        rows: (1..).zip(state.rounds()).map(row).collect(),
    }
}

fn text(state: &State, rounds: &Table, day: Date) -> String {
    let places = Places::of(state);
    let number = |count: u32| grouped(i64::from(count));
    let mut text = format!(
        "{} on {day}\n\n  places     {:>7}\n  signed     {:>7}\n  accepted   {:>7}\n  offered    {:>7}\n  free       {:>7}\n\n",
        state.season().unwrap_or("no season"),
        number(places.all),
        number(places.signed),
        number(places.accepted),
        number(places.offered),
        number(places.free),
    );
    if !state.rounds().is_empty() {
        text.push_str(&rounds.to_text());
        text.push('\n');
    }
    let todo = todo(state, &places, day);
    if !todo.is_empty() {
        text.push_str(&format!("To do\n{todo}"));
    }
    text
}

/// Says who must act by when.
fn todo(state: &State, places: &Places, day: Date) -> String {
    let mut lines = Vec::new();
    if state.seed().is_none() {
        lines.push("draw the lottery: `feriematch lottery draw`".to_owned());
    }
    let overdue = state.overdue(day).count();
    if overdue > 0 {
        lines.push(format!("let {} lapse: `feriematch expire`", counted(overdue, "overdue offer")));
    }
    let mut open: Vec<Date> = state
        .lives()
        .filter_map(|(_, life)| life.place.as_ref())
        .filter(|place| place.holding == Holding::Offered && place.deadline >= day)
        .map(|place| place.deadline)
        .collect();
    open.sort_unstable();
    for deadlines in open.chunk_by(PartialEq::eq) {
        let left = calendar::working_days_between(day, deadlines[0]);
        let youths = counted(deadlines.len(), "youth");
        lines.push(format!("{youths} to answer by {} ({} left)", deadlines[0], counted(left as usize, "working day")));
    }
    if places.accepted > 0 {
        lines.push(format!("sign {}: `feriematch sign`", counted(places.accepted as usize, "contract")));
    }
    let displaced = state.lives().filter(|(_, life)| life.displaced.is_some() && life.left.is_none()).count();
    if displaced > 0 {
        lines.push(format!("{} lost their place to an employer and wait for another", counted(displaced, "youth")));
    }
    if state.seed().is_some() && places.free > 0 {
        lines.push(format!("offer {}: `feriematch publish`", counted(places.free as usize, "free place")));
    }
    lines.into_iter().map(|line| format!("  {line}\n")).collect()
}
