//! `feriematch lock`, `forbid`, `release`, `overrides`: decisions by hand.

use feriematch_core::Preparation;
use feriematch_model::{OverrideKind, Season};
use feriematch_report::{Table, Value};
use feriematch_rounds::{DecisionKind, State, Step};

use crate::cli::TableFormat;
use crate::cli::decisions::{ForbidArgs, LockArgs, OverridesArgs, PairArgs, ReleaseArgs};
use crate::commands::{counted, print_table};
use crate::exit_code::{Failure, print};
use crate::record::{self, Act, Record};
use crate::{round_season, season};

pub(crate) fn lock(args: &LockArgs) -> Result<(), Failure> {
    let act = Act::with_reason(&args.act)?;
    let PairArgs { season, at, applicant, job } = &args.pair;
    let mut record = Record::open_in(&season.dir, at)?;
    let season = season::load(season)?.season;
    season::applicant(&season, applicant)?;
    season::job(&season, job)?;
    let stream = args.stream.as_deref().map(|stream| stream_id(&season, stream)).transpose()?;
    let (because, by) = (act.reason().to_owned(), act.by().to_owned());
    let step = Step::Lock { applicant: applicant.clone(), job: job.clone(), stream, because, by };
    // What stands in the way without the lock is another matter.
    round_season::next_round(&season, record.state(), None)?;
    let mut after = record.state().clone();
    after.take(act.day, step.clone()).map_err(|refusal| record::refused(&refusal))?;
    round_season::refuse_lock(&season, &after)?;
    record.take(&act, vec![step])?;
    print(&format!("{applicant} gets a place of {job} in the next round, before anything else is decided.\n"))
}

pub(crate) fn forbid(args: &ForbidArgs) -> Result<(), Failure> {
    let act = Act::with_reason(&args.act)?;
    let PairArgs { season, at, applicant, job } = &args.pair;
    let mut record = Record::open_in(&season.dir, at)?;
    let season = season::load(season)?.season;
    season::applicant(&season, applicant)?;
    season::job(&season, job)?;
    let (because, by) = (act.reason().to_owned(), act.by().to_owned());
    let step = Step::Forbid { applicant: applicant.clone(), job: job.clone(), because, by };
    let mut after = record.state().clone();
    after.take(act.day, step.clone()).map_err(|refusal| record::refused(&refusal))?;
    round_season::next_round(&season, &after, None)?;
    record.take(&act, vec![step])?;
    print(&format!("{applicant} does not get a place of {job}.\n"))
}

pub(crate) fn release(args: &ReleaseArgs) -> Result<(), Failure> {
    let act = Act::with_reason(&args.act)?;
    let mut record = Record::open(&args.ledger)?;
    let (applicant, job) = (args.applicant.clone(), args.job.clone());
    let step = Step::Release { applicant, job };
    record.decide(&act, |state| {
        state.take(act.day, step.clone()).map_err(|refusal| record::refused(&refusal))?;
        Ok(vec![step])
    })?;
    print(&format!("Nothing is decided by hand any more on {} and {}.\n", args.applicant, args.job))
}

fn stream_id(season: &Season, stream: &str) -> Result<String, Failure> {
    if season.settings().find_stream(stream).is_some() {
        return Ok(stream.to_owned());
    }
    let ids: Vec<&str> = season.settings().streams.iter().map(|stream| &*stream.id).collect();
    Err(Failure::Usage { message: format!("there is no funding stream {stream}"), help: format!("there is {}", ids.join(", ")) })
}

/// A decision by hand, wherever it stands.
struct ByHand {
    kind: &'static str,
    applicant: String,
    job: String,
    stream: Option<String>,
    because: String,
    by: String,
    day: Option<jiff::civil::Date>,
}

pub(crate) fn list(args: &OverridesArgs) -> Result<(), Failure> {
    let record = Record::open_in(&args.season.dir, &args.at)?;
    let season = season::load(&args.season)?.season;
    let state = record.state();
    let mut all = in_files(&season);
    all.extend(in_record(state));
    all.sort_by(|a, b| (&a.applicant, &a.job).cmp(&(&b.applicant, &b.job)));
    let preparation = Preparation::new(&season);
    let rows = all.iter().map(|decision| {
        let text = |text: &str| Value::Text(text.to_owned());
        vec![
            text(decision.kind),
            text(&decision.applicant),
            text(&decision.job),
            decision.stream.as_deref().map_or(Value::Blank, text),
            text(&standing(&preparation, state, decision)),
            text(&decision.because),
            text(&decision.by),
            decision.day.map_or_else(|| text("files"), |day| text(&day.to_string())),
        ]
    });
    let table = Table {
        name: "overrides",
        title: "Decided by hand".to_owned(),
        columns: vec![
            ("kind", "What"),
            ("applicant", "Applicant"),
            ("job", "Job"),
            ("stream", "Paid by"),
            ("standing", "Now"),
            ("reason", "Reason"),
            ("by", "By"),
            ("decided", "Decided"),
        ],
        rows: rows.collect(),
    };
    if args.format != TableFormat::Text {
        return print_table(&table, args.format);
    }
    let places = || state.lives().filter_map(|(id, life)| Some((id, life.place.as_ref()?)));
    let held = places().count() as u32;
    let by_hand = places().filter(|(id, place)| round_season::is_locked(state, &season, id, &place.job)).count() as u32;
    let share = if held > 0 { format!(", {:.1} %", 100.0 * f64::from(by_hand) / f64::from(held)) } else { String::new() };
    let list = if all.is_empty() { "Nothing is decided by hand.\n".to_owned() } else { table.to_text() };
    print(&format!("{list}\nOf {} held, {by_hand} were given by hand{share}.\n", counted(held as usize, "place")))
}

fn in_files(season: &Season) -> Vec<ByHand> {
    let decision = |o: &feriematch_model::Override| ByHand {
        kind: if o.kind == OverrideKind::Forbid { "forbid" } else { "lock" },
        applicant: season.applicant(o.applicant).id.to_string(),
        job: season.job(o.job).id.to_string(),
        stream: o.stream.map(|stream| season.settings().streams[stream.get()].id.to_string()),
        because: o.reason.to_string(),
        by: o.by.to_string(),
        day: None,
    };
    season.overrides().iter().map(decision).collect()
}

fn in_record(state: &State) -> impl Iterator<Item = ByHand> {
    state.decisions().map(|(applicant, job, decision)| {
        let (kind, stream) = match &decision.kind {
            DecisionKind::Lock { stream } => ("lock", stream.clone()),
            DecisionKind::Forbid => ("forbid", None),
        };
        ByHand {
            kind,
            applicant: applicant.to_owned(),
            job: job.to_owned(),
            stream,
            because: decision.because.clone(),
            by: decision.by.clone(),
            day: Some(decision.day),
        }
    })
}

/// Says what has come of a decision.
fn standing(preparation: &Preparation<'_>, state: &State, decision: &ByHand) -> String {
    let season = preparation.season();
    let life = state.life(&decision.applicant);
    if let Some((day, _)) = life.and_then(|life| life.left.as_ref()) {
        return format!("left the season on {day}");
    }
    match life.and_then(|life| life.place.as_ref()) {
        Some(place) if *place.job == *decision.job => format!("{}, round {}", place.holding, place.round),
        Some(place) if decision.kind == "lock" => format!("has a place of {}", place.job),
        _ if decision.kind == "forbid" => "kept apart".to_owned(),
        _ => {
            let pair = season.find_applicant(&decision.applicant).zip(season.find_job(&decision.job));
            let refused = pair.and_then(|(applicant, job)| preparation.eligibility().check(applicant, job).err());
            refused.map_or_else(|| "in the next round".to_owned(), |rule| format!("refused by the rule `{rule}`"))
        }
    }
}
