//! What the events of a ledger have led to, from its snapshot on where it has one.

use std::mem::ManuallyDrop;

use feriematch_ledger::{Draft, Event, Head, Ledger, LedgerError, Snapshot};
use feriematch_rounds::{Refusal, State};

use super::{damaged, read};
use crate::exit_code::Failure;

/// The least to be read, in bytes, for which a snapshot is worth its while.
const LEAST: usize = 1 << 16;

/// What an event takes to read besides its payload, in bytes of payload.
const EVENT: usize = 256;

/// What the events of a ledger up to one of them have led to.
pub(super) struct Fold {
    pub(super) head: Head,
    /// The program ends when it is done with the record; giving back a hundred thousand lives one by one would take longer
    /// than reading them.
    pub(super) state: ManuallyDrop<State>,
    /// How much was read, or recorded, since the snapshot, in bytes; and how long that is.
    since: usize,
    snapshot: usize,
}

/// Why events cannot be followed.
pub(super) enum Halt {
    Failure(Failure),
    /// One of them undoes a step, and the state was restored from a snapshot: all events have to be read.
    Forgotten,
}

impl From<Failure> for Halt {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<LedgerError> for Halt {
    fn from(error: LedgerError) -> Self {
        Self::Failure(error.into())
    }
}

impl From<Halt> for Failure {
    fn from(halt: Halt) -> Self {
        match halt {
            Halt::Failure(failure) => failure,
            Halt::Forgotten => Self::Internal(anyhow::anyhow!("a state that knows all steps cannot undo one")),
        }
    }
}

impl Fold {
    pub(super) fn new() -> Self {
        Self { head: Head::genesis(), state: ManuallyDrop::new(State::new()), since: 0, snapshot: 0 }
    }

    /// Folds all events.
    pub(super) fn whole(ledger: &mut Ledger) -> Result<Self, Failure> {
        let mut fold = Self::new();
        for event in ledger.events(1) {
            fold.follow(&event?)?;
        }
        Ok(fold)
    }

    /// Folds all events, and returns the snapshot's event if they do not lead to the snapshot.
    pub(super) fn beside_snapshot(ledger: &mut Ledger) -> Result<Option<Head>, Failure> {
        let Some(snapshot) = ledger.snapshot(State::SNAPSHOT_FORMAT) else {
            return Self::whole(ledger).map(|_| None);
        };
        let mut fold = Self::new();
        let mut is_other = false;
        for event in ledger.events(1) {
            fold.follow(&event?)?;
            if fold.head == snapshot.head {
                is_other = fold.state.to_snapshot().map_or(true, |state| state != snapshot.state);
            }
        }
        Ok(is_other.then_some(snapshot.head))
    }

    /// Restores the snapshot, if there is one, and folds the events after it.
    pub(super) fn since_snapshot(ledger: &mut Ledger) -> Result<Self, Halt> {
        let mut fold = ledger.snapshot(State::SNAPSHOT_FORMAT).and_then(Self::restored).unwrap_or_else(Self::new);
        for event in ledger.events_after(fold.head) {
            fold.follow(&event?)?;
        }
        Ok(fold)
    }

    fn restored(Snapshot { head, state: bytes }: Snapshot) -> Option<Self> {
        // One that cannot be read is as good as none.
        let state = State::from_snapshot(&bytes).ok()?;
        Some(Self { head, state: ManuallyDrop::new(state), since: 0, snapshot: bytes.len() })
    }

    /// Takes the step that the next event records.
    pub(super) fn follow(&mut self, event: &Event) -> Result<(), Halt> {
        let (day, step) = read(event)?;
        self.state.take(day, step).map_err(|refusal| match refusal {
            Refusal::Restored { .. } => Halt::Forgotten,
            refusal => Halt::Failure(damaged(event, &refusal)),
        })?;
        self.head = event.head();
        self.since += EVENT + event.payload().as_str().len();
        Ok(())
    }

    /// Notes that the steps taken last are recorded.
    pub(super) fn recorded(&mut self, head: Head, drafts: &[Draft]) {
        self.head = head;
        self.since += drafts.iter().map(|draft| EVENT + draft.payload().as_str().len()).sum::<usize>();
    }

    /// Keeps a snapshot if much has happened since the last, compared with what writing one takes.
    pub(super) fn keep(&mut self, ledger: &mut Ledger) {
        if self.since < LEAST.max(self.snapshot / 4) {
            return;
        }
        let Ok(state) = self.state.to_snapshot() else { return };
        let snapshot = Snapshot { head: self.head, state };
        // What is recorded is safe without it: whoever comes next reads more, and tries again.
        if ledger.keep_snapshot(State::SNAPSHOT_FORMAT, &snapshot).is_ok() {
            (self.since, self.snapshot) = (0, snapshot.state.len());
        }
    }
}
