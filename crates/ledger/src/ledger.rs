//! The ledger itself.

use std::io::{BufRead, Write};
use std::vec;

use crate::chain;
use crate::database::{BATCH, Database, Read, Session};
use crate::file;
use crate::line::{self, LineError};
use crate::{Draft, Event, Finding, Head, LedgerError, Location, Snapshot, Verification};

/// A season's record: append-only events in a SQLite file or a PostgreSQL database.
///
/// Several ledgers, in as many threads, processes and offices, may be open on the same location. After a failure of the
/// database the next call connects anew.
pub struct Ledger {
    database: Database,
}

impl Ledger {
    /// Creates an empty ledger: a new file, or tables in an existing PostgreSQL database (in its first schema, usually `public`).
    ///
    /// A file gets its name when it is complete, so that there is a ledger or none.
    ///
    /// # Errors
    ///
    /// Returns an error if there is one already, or none can be made.
    pub fn create(location: &Location) -> Result<Self, LedgerError> {
        match location {
            Location::Sqlite(path) => file::create(path, location)?,
            Location::Postgres(_) => {
                let mut database = Database::connect(location)?;
                database.read(|session| {
                    if session.is_ledger()? {
                        return Err(LedgerError::Exists { location: location.clone() });
                    }
                    session.initialise()
                })?;
            }
        }
        Self::open(location)
    }

    /// Opens a ledger, and brings its format up to date if an older version wrote it.
    ///
    /// # Errors
    ///
    /// Returns an error if there is none, or a newer version wrote it.
    pub fn open(location: &Location) -> Result<Self, LedgerError> {
        if let Location::Sqlite(path) = location
            && path.is_dir()
        {
            return Err(LedgerError::NotALedger { location: location.clone() });
        }
        let mut database = Database::connect(location)?;
        database.read(|session| {
            if session.is_ledger()? { session.update() } else { Err(LedgerError::NotALedger { location: location.clone() }) }
        })?;
        Ok(Self { database })
    }

    /// Destroys a ledger whose newest event is the expected one, with everything in it: the file, or the tables in the PostgreSQL database.
    ///
    /// The tables go in a transaction, while nobody else may append; whoever still has the ledger open finds none. Where the ledger is gone
    /// already, wholly or in part, the rest goes: what was interrupted is finished by doing it again.
    ///
    /// Copies, backups and exports stay where they are, and a disk may keep the bytes until it needs the room.
    ///
    /// # Errors
    ///
    /// Returns [`LedgerError::Conflict`] if it has another newest event, [`LedgerError::NotALedger`] if there is something else at the location, and
    /// other errors if it cannot be done. Nothing is lost then.
    pub fn destroy(location: &Location, expected: Head) -> Result<(), LedgerError> {
        if let Location::Sqlite(path) = location
            && !path.exists()
        {
            return file::remove(path, location);
        }
        let mut database = Database::connect(location)?;
        let is_empty = database.read(|session| {
            if session.is_ledger()? {
                session.update()?;
                session.overwrite_on_delete()?;
                return Ok(false);
            }
            if session.is_empty()? { Ok(true) } else { Err(LedgerError::NotALedger { location: location.clone() }) }
        })?;
        if !is_empty {
            database.write(|session| {
                let (actual, by) = session.newest()?;
                if actual != expected {
                    return Err(LedgerError::Conflict { location: location.clone(), expected, actual, by });
                }
                session.drop_tables()
            })?;
        }
        database.close()?;
        match location {
            Location::Sqlite(path) => file::remove(path, location),
            Location::Postgres(_) => Ok(()),
        }
    }

    /// Returns where the ledger is kept.
    pub fn location(&self) -> &Location {
        self.database.location()
    }

    /// Returns the newest event's place.
    ///
    /// # Errors
    ///
    /// Returns an error if it cannot be read.
    pub fn head(&mut self) -> Result<Head, LedgerError> {
        self.database.read(|session| Ok(session.newest()?.0))
    }

    /// Appends events, all or none, to a ledger whose newest event is the expected one, and returns the new head once
    /// everything is on disk.
    ///
    /// Whoever lost the answer, because the connection broke, may append the same again: if it was appended after all, that is
    /// a conflict.
    ///
    /// # Errors
    ///
    /// Returns [`LedgerError::Conflict`] if somebody else has appended since, and other errors if it cannot be done. Nothing
    /// is appended then.
    pub fn append(&mut self, expected: Head, drafts: &[Draft]) -> Result<Head, LedgerError> {
        self.database.write(|session| {
            let (actual, by) = session.newest()?;
            if actual != expected {
                let location = session.location().clone();
                return Err(LedgerError::Conflict { location, expected, actual, by });
            }
            append_after(session, actual, drafts)
        })
    }

    /// Appends what `decide` returns when it is shown the events after a known head, and returns the new head once everything
    /// is on disk.
    ///
    /// This is for many writers whose events do not depend on each other much, as the answers to offers: nobody else can
    /// append while `decide` looks at what has come since, so that it is asked once and there is no conflict. It should be
    /// quick, because everybody else waits; a decision that takes long is better taken first and given to
    /// [`append`](Self::append).
    ///
    /// # Errors
    ///
    /// Returns the error of `decide`, or [`LedgerError::Broken`] if the known head is not in the ledger, and other errors if it
    /// cannot be done. Nothing is appended then.
    pub fn append_with<E: From<LedgerError>>(
        &mut self,
        known: Head,
        decide: impl FnOnce(Head, &[Event]) -> Result<Vec<Draft>, E>,
    ) -> Result<Head, E> {
        self.database.write(|session| {
            let (head, _) = session.newest()?;
            let since = events_after(session, known, head)?;
            let drafts = decide(head, &since)?;
            Ok(append_after(session, head, &drafts)?)
        })
    }

    /// Reads the events from a number on, in order. Each is checked to be unchanged and to continue the one before.
    ///
    /// Events that are appended meanwhile may or may not come at the end.
    pub fn events(&mut self, from: u64) -> Events<'_> {
        let from = from.max(1);
        let head = (from == 1).then(Head::genesis);
        self.events_following(head, from.saturating_sub(1).max(1), from)
    }

    /// Reads the events after a known head, in order. Each is checked to be unchanged and to continue the one before.
    pub fn events_after(&mut self, known: Head) -> Events<'_> {
        let from = known.sequence.saturating_add(1);
        self.events_following(Some(known), from, from)
    }

    fn events_following(&mut self, head: Option<Head>, next: u64, from: u64) -> Events<'_> {
        Events { database: &mut self.database, head, next, from, batch: Vec::new().into_iter(), done: false }
    }

    /// Returns what was last [kept](Self::keep_snapshot); nothing if that has another format, was changed, does not belong to
    /// this ledger or cannot be read: then the events tell.
    ///
    /// The events before it are not checked again; [`verify`](Self::verify) does that.
    pub fn snapshot(&mut self, format: u32) -> Option<Snapshot> {
        let (found, snapshot) = self.database.read(|session| Ok(session.snapshot()?.and_then(Result::ok))).ok()??;
        (found == format).then_some(snapshot)
    }

    /// Keeps what the events up to one of them have led to, instead of what was kept before.
    ///
    /// The number of the format tells states apart that other versions of a program write.
    ///
    /// # Errors
    ///
    /// Returns an error if it cannot be written. The events are safe in any case.
    pub fn keep_snapshot(&mut self, format: u32, snapshot: &Snapshot) -> Result<(), LedgerError> {
        self.database.read(|session| session.keep(format, snapshot))
    }

    /// Checks every event, that the database refuses changes to them, and that the snapshot is as it was kept.
    /// Whether the events lead to it, only those know who know what they mean.
    ///
    /// A ledger alone cannot show that its last events were cut off, or that everything from some event on was made anew with
    /// new hashes. Whoever has noted down or published a head earlier gives it as `known`, and finds that too.
    ///
    /// # Errors
    ///
    /// Returns an error if the ledger cannot be read; what is wrong with its content is no error but a [`Finding`].
    ///
    /// # Complexity
    ///
    /// Time linear in the size of the ledger, memory for a few thousand events.
    pub fn verify(&mut self, known: Option<Head>) -> Result<Verification, LedgerError> {
        self.database.read(|session| {
            let mut head = Head::genesis();
            let rewritten = |head: Head| known.filter(|known| known.sequence == head.sequence && known.hash != head.hash);
            if let Some(known) = rewritten(head) {
                return Ok(Verification { head, finding: Some(Finding::Rewritten { known }) });
            }
            loop {
                let batch = session.batch(head.sequence + 1)?;
                if batch.is_empty() {
                    break;
                }
                for read in batch {
                    let finding = match read {
                        Ok(event) => match chain::follows(head, &event) {
                            Ok(()) => match rewritten(event.head()) {
                                None => {
                                    head = event.head();
                                    continue;
                                }
                                Some(known) => Finding::Rewritten { known },
                            },
                            Err(Finding::Changed { .. }) => changed_or_moved(session, &event)?,
                            Err(finding) => finding,
                        },
                        Err(finding) => finding,
                    };
                    return Ok(Verification { head, finding: Some(finding) });
                }
            }
            let finding = match known.filter(|known| known.sequence > head.sequence) {
                Some(known) => Some(Finding::CutShort { last: head.sequence, known }),
                None => match session.missing_trigger()? {
                    Some(trigger) => Some(Finding::Unguarded { trigger }),
                    None => session.snapshot()?.and_then(Result::err),
                },
            };
            Ok(Verification { head, finding })
        })
    }

    /// Writes all events as lines of JSON, one an event, and returns the last one's place, which
    /// [`import`](Self::import) can be given to know that no line is missing.
    ///
    /// # Errors
    ///
    /// Returns an error if an event was changed, or something cannot be read or written.
    pub fn export(&mut self, mut out: impl Write) -> Result<Head, LedgerError> {
        let mut head = Head::genesis();
        for event in self.events(1) {
            let event = event?;
            head = event.head();
            let mut line = line::write(&event);
            line.push('\n');
            out.write_all(line.as_bytes()).map_err(LedgerError::Export)?;
        }
        out.flush().map_err(LedgerError::Export)?;
        Ok(head)
    }

    /// Reads the lines of an export into an empty ledger, all or none, and returns the last one's place. The hashes stay the
    /// same, whatever the database.
    ///
    /// # Errors
    ///
    /// Returns an error if the ledger has events, a line is not what was exported, or the lines do not reach or contain
    /// the `known` head.
    pub fn import(&mut self, mut lines: impl BufRead, known: Option<Head>) -> Result<Head, LedgerError> {
        self.database.write(|session| {
            let (mut head, _) = session.newest()?;
            if head != Head::genesis() {
                return Err(LedgerError::NotEmpty { location: session.location().clone(), head });
            }
            let mut events = Vec::new();
            let mut line = Vec::new();
            while lines.read_until(b'\n', &mut line).map_err(LedgerError::Export)? > 0 {
                let event =
                    next_event(&line, head, known).map_err(|problem| LedgerError::Line { line: head.sequence + 1, problem })?;
                head = event.head();
                events.push(event);
                if events.len() == BATCH as usize {
                    session.insert(&events)?;
                    events.clear();
                }
                line.clear();
            }
            if let Some(known) = known.filter(|known| known.sequence > head.sequence) {
                return Err(LedgerError::Line { line: head.sequence + 1, problem: LineError::CutShort(known) });
            }
            session.insert(&events)?;
            Ok(head)
        })
    }
}

/// Reads the line, with its line break, that continues the ones before.
fn next_event(line: &[u8], head: Head, known: Option<Head>) -> Result<Event, LineError> {
    let event = line::read(line.strip_suffix(b"\n").ok_or(LineError::NotCanonical)?)?;
    chain::follows(head, &event).map_err(LineError::Chain)?;
    match known {
        Some(known) if known.sequence == event.sequence && known.hash != event.hash => {
            Err(LineError::Chain(Finding::Rewritten { known }))
        }
        _ => Ok(event),
    }
}

/// Appends drafts to a ledger with this head.
fn append_after(session: &mut Session<'_>, mut head: Head, drafts: &[Draft]) -> Result<Head, LedgerError> {
    let events: Vec<Event> = drafts
        .iter()
        .map(|draft| {
            let event = Event::after(head, draft);
            head = event.head();
            event
        })
        .collect();
    session.insert(&events)?;
    Ok(head)
}

/// Reads the events after a known head up to the newest one.
fn events_after(session: &mut Session<'_>, known: Head, newest: Head) -> Result<Vec<Event>, LedgerError> {
    let broken = |finding| LedgerError::Broken { location: session.location().clone(), finding };
    if known.sequence > newest.sequence {
        return Err(broken(Finding::CutShort { last: newest.sequence, known }));
    }
    if known.sequence == newest.sequence && known.hash != newest.hash {
        return Err(broken(Finding::Rewritten { known }));
    }
    let mut events = Vec::new();
    let mut head = known;
    while head.sequence < newest.sequence {
        for read in session.batch(head.sequence + 1)? {
            let followed = read.and_then(|event| chain::follows(head, &event).map(|()| event));
            let event = followed.map_err(|finding| LedgerError::Broken { location: session.location().clone(), finding })?;
            head = event.head();
            events.push(event);
        }
    }
    Ok(events)
}

/// Says whether an event that does not fit its hash would fit it in another place.
fn changed_or_moved(session: &mut Session<'_>, event: &Event) -> Result<Finding, LedgerError> {
    let sequence = event.sequence;
    let mut places = 1..=session.count()?.saturating_mul(2);
    let place = places.find(|&place| chain::hash(place, event.previous, &event.draft) == event.hash);
    Ok(place.map_or(Finding::Changed { sequence }, |recorded_as| Finding::Moved { sequence, recorded_as }))
}

/// The events of a ledger from some number on.
pub struct Events<'a> {
    database: &'a mut Database,
    /// What the next event has to follow; unknown at first where the reading begins in the middle.
    head: Option<Head>,
    /// The number from which the next batch is read.
    next: u64,
    /// The first number asked for. Where that is not the first of all, the one before it is read too, for its hash.
    from: u64,
    batch: vec::IntoIter<Read>,
    done: bool,
}

impl Events<'_> {
    fn advance(&mut self) -> Result<Option<Event>, LedgerError> {
        loop {
            let Some(read) = self.batch.next() else {
                self.batch = self.database.read(|session| session.batch(self.next))?.into_iter();
                if self.batch.as_slice().is_empty() {
                    return Ok(None);
                }
                continue;
            };
            let next = self.next;
            let followed = read.and_then(|event| {
                let head = self.head.unwrap_or(Head { sequence: next - 1, hash: event.previous });
                chain::follows(head, &event).map(|()| event)
            });
            let event =
                followed.map_err(|finding| LedgerError::Broken { location: self.database.location().clone(), finding })?;
            self.head = Some(event.head());
            self.next = event.sequence + 1;
            if event.sequence >= self.from {
                return Ok(Some(event));
            }
        }
    }
}

impl Iterator for Events<'_> {
    type Item = Result<Event, LedgerError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let next = self.advance().transpose();
        self.done = !matches!(next, Some(Ok(_)));
        next
    }
}
