//! The season's record: what the ledger says has happened, and how steps are added.

use std::path::Path;

use feriematch_ledger::{Draft, Event, Head, Ledger, LedgerError, Location, Payload};
use feriematch_rounds::{State, Step};
use jiff::civil::Date;
use jiff::{Timestamp, Zoned};
use serde::Deserialize;
use serde_json::Value;

use crate::cli::rounds::{ActArgs, LedgerArgs, LedgerAt};
use crate::exit_code::Failure;

/// The file in the season folder that holds the ledger unless another place is named.
const LEDGER_FILE: &str = "season.ledger";

/// Who does something, when and why.
pub(crate) struct Act {
    pub(crate) day: Date,
    time: Timestamp,
    by: String,
    reason: String,
}

impl Act {
    /// Settles what the arguments leave open.
    pub(crate) fn new(args: &ActArgs) -> Result<Self, Failure> {
        let user = || ["USER", "USERNAME"].into_iter().find_map(|name| std::env::var(name).ok()).filter(|user| !user.is_empty());
        let by = args.by.clone().or_else(user).ok_or_else(|| Failure::Usage {
            message: "the record needs to know who does this".to_owned(),
            help: "say it with --by".to_owned(),
        })?;
        Ok(Self { day: args.date.unwrap_or_else(today), time: Timestamp::now(), by, reason: args.reason.clone() })
    }

    fn draft(&self, step: &Step) -> Result<Draft, Failure> {
        let mut payload = step.payload().map_err(anyhow::Error::from)?;
        payload["day"] = Value::from(self.day.to_string());
        let payload = Payload::of(&payload).map_err(anyhow::Error::from)?;
        Draft::new(self.time, &*self.by, &*self.reason, step.kind(), payload).map_err(|error| Failure::Usage {
            message: format!("this cannot be recorded: {error}"),
            help: "change --by, --reason or the text that it names".to_owned(),
        })
    }
}

/// Returns the day it is here.
pub(crate) fn today() -> Date {
    Zoned::now().date()
}

/// A ledger, and what the events in it have led to.
pub(crate) struct Record {
    ledger: Ledger,
    head: Head,
    state: State,
}

/// Returns where a season's ledger is.
pub(crate) fn location(dir: &Path, at: &LedgerAt) -> Result<Location, Failure> {
    match &at.ledger {
        Some(stated) => Ok(Location::parse(stated)?),
        None => Ok(Location::Sqlite(dir.join(LEDGER_FILE))),
    }
}

impl Record {
    /// Creates a ledger with a first step.
    pub(crate) fn create(at: &Location, act: &Act, first: Step) -> Result<Self, Failure> {
        let draft = act.draft(&first)?;
        let mut state = State::new();
        state.take(act.day, first).map_err(|refusal| refused(&refusal))?;
        let mut ledger = Ledger::create(at)?;
        let head = ledger.append(Head::genesis(), &[draft])?;
        Ok(Self { ledger, head, state })
    }

    /// Opens a ledger, and reads what has happened.
    pub(crate) fn open(args: &LedgerArgs) -> Result<Self, Failure> {
        Self::open_at(&location(&args.dir, &args.at)?, &args.dir)
    }

    /// Opens the ledger at a place.
    pub(crate) fn open_at(at: &Location, dir: &Path) -> Result<Self, Failure> {
        let mut ledger = Ledger::open(at).map_err(|error| match error {
            LedgerError::NotFound { .. } => Failure::Usage {
                message: error.to_string(),
                help: format!("begin one with `feriematch ledger init {}`, or name another with --ledger", dir.display()),
            },
            error => error.into(),
        })?;
        let (mut head, mut state) = (Head::genesis(), State::new());
        for event in ledger.events(1) {
            let event = event?;
            replay(&mut state, &event)?;
            head = event.head();
        }
        Ok(Self { ledger, head, state })
    }

    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    pub(crate) fn ledger(&mut self) -> &mut Ledger {
        &mut self.ledger
    }

    /// Records steps, all or none, if nothing has happened since the record was read.
    pub(crate) fn take(&mut self, act: &Act, steps: Vec<Step>) -> Result<(), Failure> {
        let drafts = steps.iter().map(|step| act.draft(step)).collect::<Result<Vec<_>, _>>()?;
        for step in steps {
            self.state.take(act.day, step).map_err(|refusal| refused(&refusal))?;
        }
        self.head = self.ledger.append(self.head, &drafts)?;
        Ok(())
    }

    /// Records the steps that a decision on the state of the moment comes to, all or none. The decision takes them.
    ///
    /// After a failure the record is of no more use: it may be ahead of the ledger.
    pub(crate) fn decide(
        &mut self,
        act: &Act,
        decide: impl FnOnce(&mut State) -> Result<Vec<Step>, Failure>,
    ) -> Result<(), Failure> {
        let Self { ledger, head, state } = self;
        *head = ledger.append_with(*head, |_, since| {
            for event in since {
                replay(state, event)?;
            }
            let steps = decide(state)?;
            steps.iter().map(|step| act.draft(step)).collect::<Result<_, Failure>>()
        })?;
        Ok(())
    }
}

/// Takes the step that an event records.
fn replay(state: &mut State, event: &Event) -> Result<(), Failure> {
    let (day, step) = read(event)?;
    state.take(day, step).map_err(|refusal| damaged(event, &refusal))
}

/// Returns the step that an event records, and the day it counts for.
pub(crate) fn read(event: &Event) -> Result<(Date, Step), Failure> {
    let Dated { day } = event.payload().get().map_err(|error| damaged(event, &error))?;
    let step = Step::from_record(event.kind(), event.payload().as_str()).map_err(|error| damaged(event, &error))?;
    Ok((day, step))
}

/// The part of a payload that is not of the step.
#[derive(Deserialize)]
struct Dated {
    day: Date,
}

fn damaged(event: &Event, problem: &impl std::fmt::Display) -> Failure {
    Failure::File {
        message: format!("event {} ({}) of the ledger cannot be: {problem}", event.sequence, event.kind()),
        help: "`feriematch ledger verify` says whether it was tampered with; a newer version of feriematch may know it"
            .to_owned(),
    }
}

/// Says why a step cannot be taken.
pub(crate) fn refused(refusal: &feriematch_rounds::Refusal) -> Failure {
    Failure::Conflict {
        message: refusal.to_string(),
        help: "nothing was recorded; `feriematch status` shows where the season stands".to_owned(),
    }
}
