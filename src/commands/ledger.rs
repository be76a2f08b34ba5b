//! `feriematch ledger`: the record itself.

use std::fs::File;
use std::io::{self, BufReader};

use feriematch_ledger::{Head, Ledger, Location};
use feriematch_report::{Table, Value};
use feriematch_rounds::Step;

use crate::cli::SeasonArgs;
use crate::cli::rounds::{LedgerCommand, LedgerExportArgs, LedgerImportArgs, LedgerInitArgs, LedgerLogArgs, LedgerVerifyArgs};
use crate::commands::print_table;
use crate::exit_code::{Failure, print};
use crate::record::{self, Act, Record};
use crate::season;

pub(crate) fn run(command: &LedgerCommand) -> Result<(), Failure> {
    match command {
        LedgerCommand::Init(args) => init(args),
        LedgerCommand::Log(args) => log(args),
        LedgerCommand::Verify(args) => verify(args),
        LedgerCommand::Export(args) => export(args),
        LedgerCommand::Import(args) => import(args),
    }
}

fn init(args: &LedgerInitArgs) -> Result<(), Failure> {
    let act = Act::new(&args.act)?;
    let loaded = season::load(&SeasonArgs { dir: args.ledger.dir.clone(), encoding: args.encoding })?;
    let season = &loaded.season;
    let first = Step::open(&*season.settings().name, season.jobs().iter().map(|job| (&*job.id, job.capacity)));
    let at = record::location(&args.ledger.dir, &args.ledger.at)?;
    let record = Record::create(&at, &act, first)?;
    let places: u32 = record.state().jobs().map(|(_, places, _)| places).sum();
    print(&format!("Began {at}: {}, {} jobs, {places} places\n", season.settings().name, season.jobs().len()))
}

fn log(args: &LedgerLogArgs) -> Result<(), Failure> {
    let mut record = Record::open(&args.ledger)?;
    let mut rows = Vec::new();
    for event in record.ledger().events(1) {
        let event = event?;
        let (day, step) = record::read(&event)?;
        rows.push(vec![
            Value::Count(event.sequence as i64),
            Value::from(event.time()),
            Value::Text(day.to_string()),
            Value::from(event.actor()),
            Value::from(event.kind()),
            Value::Text(told(&step)),
            Value::from(event.reason()),
        ]);
    }
    let columns = vec![
        ("number", "No"),
        ("time", "Recorded"),
        ("day", "For"),
        ("by", "By"),
        ("kind", "Kind"),
        ("what", "What"),
        ("reason", "Reason"),
    ];
    print_table(&Table { name: "log", title: "What has happened".to_owned(), columns, rows }, args.format)
}

/// Returns what a step did, in a few words.
pub(crate) fn told(step: &Step) -> String {
    let because = |because: &String| if because.is_empty() { String::new() } else { format!(" ({because})") };
    match step {
        Step::Open { season, jobs } => format!("{season}, {} jobs", jobs.len()),
        Step::Commit { commitment } => commitment.clone(),
        Step::Draw { seed } => format!("seed {seed:?}"),
        Step::Publish { round, deadline, offers, moves, .. } => {
            let moved = if moves.is_empty() { String::new() } else { format!(", {} moved", moves.len()) };
            format!("round {round}: {} offers{moved}, answers until {deadline}", offers.len())
        }
        Step::Accept { applicant, or_better: true } => format!("{applicant}, or a better one"),
        Step::Accept { applicant, .. } | Step::Sign { applicant } => applicant.clone(),
        Step::Decline { applicant, because: why } | Step::Withdraw { applicant, because: why } => {
            format!("{applicant}{}", because(why))
        }
        Step::Lapse { applicants } => applicants.join(", "),
        Step::Cut { job, places, displaced } if displaced.is_empty() => format!("{job}: {places} places left"),
        Step::Cut { job, places, displaced } => format!("{job}: {places} places left, lost by {}", displaced.join(", ")),
        Step::Grow { job, places } => format!("{job}: {places} places"),
        Step::Cede { to, places } => format!("{} places to {to}", places.values().sum::<u32>()),
        Step::Lock { applicant, job, because: why, .. } | Step::Forbid { applicant, job, because: why, .. } => {
            format!("{applicant} and {job}{}", because(why))
        }
        Step::Release { applicant, job } => format!("{applicant} and {job}"),
        Step::Work { applicant, job, minutes } => format!("{applicant} in {job}: {} h {:02} min", minutes / 60, minutes % 60),
        Step::Undo { step } => format!("event {step}"),
        other => other.kind().to_owned(),
    }
}

/// What to do about a snapshot that is wrong.
const ANEW: &str =
    "The events are whole: `feriematch ledger export` and `ledger import` take them to a new ledger, without the snapshot.\n";

fn verify(args: &LedgerVerifyArgs) -> Result<(), Failure> {
    let known = args.known.as_deref().map(head).transpose()?;
    let at = record::location(&args.ledger.dir, &args.ledger.at)?;
    let verification = Ledger::open(&at)?.verify(known)?;
    if let Some(finding) = verification.finding {
        let whole = format!("Up to event {} everything is as it was recorded.\n", verification.head.sequence);
        print(&format!("{at}: {finding}\n{whole}{}", if finding.is_of_snapshot() { ANEW } else { "" }))?;
        return Err(Failure::Refuted);
    }
    // The chain is whole; what it records must also be possible, and lead to what the snapshot says.
    if let Some(Head { sequence, .. }) = record::misled(&at, &args.ledger.dir)? {
        print(&format!("{at}: the snapshot shows something else than what events 1 to {sequence} lead to\n{ANEW}"))?;
        return Err(Failure::Refuted);
    }
    let head = verification.head;
    print(&format!("{at}: {} events, none changed, removed or moved, and each could happen.\nNewest: {head}\n", head.sequence))
}

/// Reads a head as it was printed.
fn head(text: &str) -> Result<Head, Failure> {
    let parsed = text
        .split_once(' ')
        .and_then(|(sequence, hash)| Some(Head { sequence: sequence.parse().ok()?, hash: hash.trim().parse().ok()? }));
    parsed.ok_or_else(|| Failure::Usage {
        message: format!("{text:?} is not the number and the hash of an event"),
        help: "give both as `feriematch ledger verify` prints them after `Newest:`".to_owned(),
    })
}

fn export(args: &LedgerExportArgs) -> Result<(), Failure> {
    let mut record = Record::open(&args.ledger)?;
    record.ledger().export(io::stdout().lock())?;
    Ok(())
}

fn import(args: &LedgerImportArgs) -> Result<(), Failure> {
    let cannot_read = |source| Failure::system(format!("cannot read {}", args.file.display()), source);
    let read = |into: &Location| {
        let file = File::open(&args.file).map_err(cannot_read)?;
        Ok::<_, Failure>(Ledger::create(into)?.import(BufReader::new(file), None)?)
    };
    // A first time into a ledger that goes away again: what cannot be read, or could not have happened, leaves none.
    let scratch = tempfile::tempdir().map_err(|source| Failure::system("cannot make a temporary folder", source))?;
    let trial = Location::Sqlite(scratch.path().join("trial.ledger"));
    read(&trial)?;
    Record::open_at(&trial, &args.ledger.dir)?;
    let at = record::location(&args.ledger.dir, &args.ledger.at)?;
    let head = read(&at)?;
    print(&format!("Read {} events into {at}.\nNewest: {head}\n", head.sequence))
}
