//! The season's record: what the ledger says has happened, and how steps are added.

mod fold;

use std::path::Path;

use feriematch_ledger::{Draft, Event, Head, Ledger, LedgerError, Location, Payload};
use feriematch_rounds::{Move, Offer, State, Step};
use jiff::civil::Date;
use jiff::{Timestamp, Zoned};
use serde::Deserialize;
use serde_json::Value;

use crate::cli::rounds::{ActArgs, LedgerArgs, LedgerAt};
use crate::exit_code::Failure;

use fold::{Fold, Halt};

/// The file in the season folder that holds the ledger unless another place is named.
pub(crate) const LEDGER_FILE: &str = "season.ledger";

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

    /// Settles what the arguments leave open, and insists on a reason.
    pub(crate) fn with_reason(args: &ActArgs) -> Result<Self, Failure> {
        if args.reason.trim().is_empty() {
            return Err(Failure::Usage {
                message: "a decision by hand needs a reason".to_owned(),
                help: "say it with --reason: it stands in the record and in the list of overrides".to_owned(),
            });
        }
        Self::new(args)
    }

    pub(crate) fn by(&self) -> &str {
        &self.by
    }

    pub(crate) fn reason(&self) -> &str {
        &self.reason
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
    fold: Fold,
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
        State::new().take(act.day, first.clone()).map_err(|refusal| refused(&refusal))?;
        let mut record = Self { ledger: Ledger::create(at)?, fold: Fold::new() };
        record.append(act, vec![first], &[draft])?;
        Ok(record)
    }

    /// Opens a ledger, and reads what has happened since its snapshot.
    pub(crate) fn open(args: &LedgerArgs) -> Result<Self, Failure> {
        Self::open_in(&args.dir, &args.at)
    }

    /// Opens the ledger of a season folder, and reads what has happened since its snapshot.
    pub(crate) fn open_in(dir: &Path, at: &LedgerAt) -> Result<Self, Failure> {
        Self::open_at(&location(dir, at)?, dir)
    }

    /// Opens the ledger at a place, and reads what has happened since its snapshot.
    pub(crate) fn open_at(at: &Location, dir: &Path) -> Result<Self, Failure> {
        let mut ledger = open(at, dir)?;
        let fold = match Fold::since_snapshot(&mut ledger) {
            Err(Halt::Forgotten) => Fold::whole(&mut ledger)?,
            Err(Halt::Failure(failure)) => return Err(failure),
            Ok(fold) => fold,
        };
        Ok(Self { ledger, fold })
    }

    /// Opens a ledger, and reads all that has happened: whoever wants to undo has to know the steps.
    pub(crate) fn open_whole(args: &LedgerArgs) -> Result<Self, Failure> {
        let mut ledger = open(&location(&args.dir, &args.at)?, &args.dir)?;
        let fold = Fold::whole(&mut ledger)?;
        Ok(Self { ledger, fold })
    }

    pub(crate) fn state(&self) -> &State {
        &self.fold.state
    }

    /// Returns the place of the newest event that was read.
    pub(crate) fn head(&self) -> Head {
        self.fold.head
    }

    pub(crate) fn ledger(&mut self) -> &mut Ledger {
        &mut self.ledger
    }

    /// Records steps, all or none, if nothing has happened since the record was read.
    pub(crate) fn take(&mut self, act: &Act, steps: Vec<Step>) -> Result<(), Failure> {
        let drafts = steps.iter().map(|step| act.draft(step)).collect::<Result<Vec<_>, _>>()?;
        self.append(act, steps, &drafts)
    }

    fn append(&mut self, act: &Act, steps: Vec<Step>, drafts: &[Draft]) -> Result<(), Failure> {
        for step in steps {
            self.fold.state.take(act.day, step).map_err(|refusal| refused(&refusal))?;
        }
        let head = self.ledger.append(self.fold.head, drafts)?;
        self.fold.recorded(head, drafts);
        self.fold.keep(&mut self.ledger);
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
        let mut decide = Some(decide);
        let mut attempt = |Self { ledger, fold }: &mut Self| {
            let mut drafts = Vec::new();
            let head = ledger.append_with(fold.head, |_, since| {
                since.iter().try_for_each(|event| fold.follow(event))?;
                // Asked once: an attempt that is followed by another has failed before.
                let steps = decide.take().map_or(Ok(Vec::new()), |decide| decide(&mut fold.state))?;
                drafts = steps.iter().map(|step| act.draft(step)).collect::<Result<_, _>>()?;
                Ok::<_, Halt>(drafts.clone())
            })?;
            fold.recorded(head, &drafts);
            fold.keep(ledger);
            Ok(())
        };
        match attempt(self) {
            Err(Halt::Forgotten) => {
                self.fold = Fold::whole(&mut self.ledger)?;
                Ok(attempt(self)?)
            }
            result => Ok(result?),
        }
    }
}

/// Checks that each event could happen, and returns the snapshot's event if it shows something else than the events lead to.
pub(crate) fn misled(at: &Location, dir: &Path) -> Result<Option<Head>, Failure> {
    Fold::beside_snapshot(&mut open(at, dir)?)
}

/// A round that was published.
pub(crate) struct Published {
    /// What had happened before.
    pub(crate) before: State,
    pub(crate) offers: Vec<Offer>,
    pub(crate) moves: Vec<Move>,
    /// The hash of its outcome, if it was recorded.
    pub(crate) outcome: Option<String>,
}

/// Finds a round that was published.
pub(crate) fn published(dir: &Path, at: &LedgerAt, round: u32) -> Result<Published, Failure> {
    let mut ledger = open(&location(dir, at)?, dir)?;
    let mut state = State::new();
    let mut found = None;
    for event in ledger.events(1) {
        let event = event?;
        let (day, step) = read(&event)?;
        // Of a round that was undone and published again, the last counts.
        if let Step::Publish { round: number, offers, moves, outcome, .. } = &step
            && round == *number
        {
            let (offers, moves, outcome) = (offers.clone(), moves.clone(), outcome.clone());
            found = Some(Published { before: state.clone(), offers, moves, outcome });
        }
        state.take(day, step).map_err(|refusal| damaged(&event, &refusal))?;
    }
    let rounds = state.rounds().len() as u32;
    found.filter(|_| round <= rounds).ok_or_else(|| Failure::Usage {
        message: format!("round {round} has not been published"),
        help: match rounds {
            0 => "publish one with `feriematch publish`".to_owned(),
            rounds => format!("name one of 1 to {rounds}"),
        },
    })
}

/// Returns the steps that stand, in order: those that were not undone.
pub(crate) fn standing_steps(at: &Location, dir: &Path) -> Result<Vec<Step>, Failure> {
    let mut ledger = open(at, dir)?;
    let mut state = State::new();
    let mut standing = Vec::new();
    for event in ledger.events(1) {
        let event = event?;
        let (day, step) = read(&event)?;
        state.take(day, step.clone()).map_err(|refusal| damaged(&event, &refusal))?;
        match step {
            // Only the newest step that stands can be undone.
            Step::Undo { .. } => drop(standing.pop()),
            step => standing.push(step),
        }
    }
    Ok(standing)
}

fn open(at: &Location, dir: &Path) -> Result<Ledger, Failure> {
    Ledger::open(at).map_err(|error| match error {
        LedgerError::NotFound { .. } => Failure::Usage {
            message: error.to_string(),
            help: format!("begin one with `feriematch ledger init {}`, or name another with --ledger", dir.display()),
        },
        error => error.into(),
    })
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
