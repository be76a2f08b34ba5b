//! What a ledger does, on either database.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use feriematch_ledger::{Draft, Finding, Head, Ledger, LedgerError, Location, Payload, Snapshot};
use serde_json::json;
use sqlx::Connection;
use sqlx::sqlite::SqliteConnectOptions;

use crate::place::{self, Place, on_both};
use crate::sample::{all, append, draft, notes};

on_both! {
    a_new_ledger_is_empty
    what_was_appended_is_read_back
    reading_may_begin_anywhere
    the_second_of_two_gets_a_conflict
    a_lost_answer_can_be_asked_for_again
    append_with_shows_what_has_come_since
    a_decision_that_fails_leaves_nothing
    a_batch_is_appended_whole_or_not_at_all
    the_database_refuses_changes
    a_newer_format_is_not_touched
    something_else_is_not_a_ledger
    waiting_for_a_lock_ends
    the_first_head_need_not_be_true
    a_snapshot_is_kept_until_the_next
    a_snapshot_that_is_not_this_ledgers_is_none
    a_ledger_of_the_first_format_gets_a_place_for_snapshots
}

fn a_new_ledger_is_empty(place: &Place) {
    assert!(matches!(Ledger::open(&place.location), Err(LedgerError::NotFound { .. } | LedgerError::NotALedger { .. })));
    let mut ledger = place.create();
    assert_eq!(ledger.head().unwrap(), Head::genesis());
    assert_eq!(all(&mut ledger), []);
    assert_eq!(ledger.verify(Some(Head::genesis())).unwrap().finding, None);
    assert!(matches!(Ledger::create(&place.location), Err(LedgerError::Exists { .. })));
    drop(ledger);
    assert_eq!(place.open().head().unwrap(), Head::genesis());
}

fn what_was_appended_is_read_back(place: &Place) {
    let drafts = [
        Draft::new(
            "2026-04-01T09:00:00Z".parse().unwrap(),
            "Åsa \"Öst\" O'Neill \u{1F600}",
            "first line\nsecond; DROP TABLE event",
            "offer-published",
            Payload::of(&json!({ "nul": "\0", "big": u64::MAX, "text": "\u{2028}" })).unwrap(),
        )
        .unwrap(),
        draft("bo", &json!(null)),
    ];
    let mut ledger = place.create();
    let head = ledger.append(Head::genesis(), &drafts).unwrap();
    assert_eq!(ledger.append(head, &[]).unwrap(), head);
    let mut ledger = place.open();
    assert_eq!(ledger.head().unwrap(), head);
    let events = all(&mut ledger);
    assert_eq!(events.iter().map(|event| event.draft.clone()).collect::<Vec<_>>(), drafts);
    assert_eq!((events[0].sequence, events[1].sequence, events[1].hash), (1, 2, head.hash));
}

fn reading_may_begin_anywhere(place: &Place) {
    // More than are read at a time.
    const COUNT: u64 = 9000;
    let mut ledger = place.create();
    append(&mut ledger, &notes(COUNT));
    for from in [0, 1, 2, 4096, 4097, 4098, COUNT, COUNT + 1, COUNT + 2, u64::MAX] {
        let mut expected = from.max(1)..=COUNT;
        for event in ledger.events(from) {
            let event = event.unwrap();
            assert_eq!(Some(event.sequence), expected.next());
            assert_eq!(event.payload().as_str(), format!(r#"{{"number":{}}}"#, event.sequence));
        }
        assert!(expected.is_empty(), "from {from}");
    }
}

fn the_second_of_two_gets_a_conflict(place: &Place) {
    let mut first = place.create();
    let mut second = place.open();
    let known = first.head().unwrap();
    let head = first.append(known, &[draft("anna", &json!(1))]).unwrap();
    match second.append(known, &[draft("bo", &json!(2))]).unwrap_err() {
        error @ LedgerError::Conflict { expected, actual, .. } => {
            assert_eq!((expected, actual), (known, head));
            assert!(error.to_string().contains("gone on by anna at 2026-04-01T09:00:00Z"), "{error}");
        }
        other => panic!("{other}"),
    }
    assert_eq!(all(&mut second).len(), 1);
    second.append(head, &[draft("bo", &json!(2))]).unwrap();
    assert_eq!(all(&mut first).iter().map(|event| event.actor().to_owned()).collect::<Vec<_>>(), ["anna", "bo"]);
    // The right number alone is not enough.
    let wrong = Head { hash: Head::genesis().hash, ..first.head().unwrap() };
    assert!(matches!(first.append(wrong, &[]), Err(LedgerError::Conflict { .. })));
}

fn a_lost_answer_can_be_asked_for_again(place: &Place) {
    let mut ledger = place.create();
    let known = ledger.head().unwrap();
    let head = ledger.append(known, &notes(3)).unwrap();
    assert!(matches!(ledger.append(known, &notes(3)), Err(LedgerError::Conflict { actual, .. }) if actual == head));
    assert_eq!(all(&mut ledger).len(), 3);
}

fn append_with_shows_what_has_come_since(place: &Place) {
    let mut ledger = place.create();
    append(&mut ledger, &notes(3));
    let known = ledger.head().unwrap();
    append(&mut place.open(), &notes(5000));
    let newest = ledger.head().unwrap();
    let head = ledger
        .append_with(known, |head, since| {
            assert_eq!(head, newest);
            assert_eq!(since.iter().map(|event| event.sequence).collect::<Vec<_>>(), (4..=5003).collect::<Vec<_>>());
            Ok::<_, LedgerError>(notes(2))
        })
        .unwrap();
    assert_eq!((head.sequence, head), (5005, ledger.head().unwrap()));
}

fn a_decision_that_fails_leaves_nothing(place: &Place) {
    #[derive(Debug)]
    enum Refusal {
        Lapsed,
        Ledger,
    }
    impl From<LedgerError> for Refusal {
        fn from(_: LedgerError) -> Self {
            Self::Ledger
        }
    }
    let mut ledger = place.create();
    let known = ledger.head().unwrap();
    assert!(matches!(ledger.append_with(known, |_, _| Err::<Vec<Draft>, _>(Refusal::Lapsed)), Err(Refusal::Lapsed)));
    let fault = catch_unwind(AssertUnwindSafe(|| ledger.append_with(known, |_, _| -> Result<_, Refusal> { panic!("a fault") })));
    assert!(fault.is_err());
    // Nobody is locked out, the one who failed included.
    append(&mut place.open(), &notes(1));
    append(&mut ledger, &notes(1));
    assert_eq!(all(&mut ledger).len(), 2);
}

fn a_batch_is_appended_whole_or_not_at_all(place: &Place) {
    let mut ledger = place.create();
    append(&mut ledger, &notes(2));
    place.execute(if place.is_sqlite() {
        "CREATE TRIGGER refuse BEFORE INSERT ON event WHEN NEW.actor = 'eve' BEGIN SELECT RAISE(ABORT, 'refused'); END"
    } else {
        "ALTER TABLE event ADD CONSTRAINT refuse CHECK (actor <> 'eve')"
    });
    let head = ledger.head().unwrap();
    // The last of several statements fails.
    let mut drafts = notes(1000);
    drafts.push(draft("eve", &json!(1)));
    assert!(matches!(ledger.append(head, &drafts), Err(LedgerError::Database { .. })));
    assert_eq!(ledger.head().unwrap(), head);
    assert_eq!(ledger.append(head, &drafts[..1000]).unwrap().sequence, 1002);
}

fn the_database_refuses_changes(place: &Place) {
    let mut ledger = place.create();
    append(&mut ledger, &notes(3));
    let common = ["UPDATE event SET actor = 'eve'", "DELETE FROM event WHERE sequence = 3"];
    let special = if place.is_sqlite() {
        [
            "INSERT OR REPLACE INTO event SELECT 3, time, 'eve', reason, kind, payload, previous, hash FROM event WHERE sequence = 3",
            "INSERT INTO event SELECT 9, time, actor, reason, kind, payload, previous, hash FROM event WHERE sequence = 3",
        ]
    } else {
        [
            "TRUNCATE event",
            "INSERT INTO event SELECT * FROM event WHERE sequence = 3 ON CONFLICT (sequence) DO UPDATE SET actor = 'eve'",
        ]
    };
    for sql in common.into_iter().chain(special) {
        let refusal = place.try_execute(sql).unwrap_err().to_string();
        assert!(refusal.contains("an event of a ledger"), "{sql}: {refusal}");
    }
    let head = ledger.head().unwrap();
    assert_eq!(ledger.verify(Some(head)).unwrap().finding, None);
}

fn a_newer_format_is_not_touched(place: &Place) {
    drop(place.create());
    place.execute(
        "INSERT INTO ledger_migration (version, description, success, checksum, execution_time) \
         SELECT 9999, description, success, checksum, execution_time FROM ledger_migration WHERE version = 1",
    );
    let error = Ledger::open(&place.location).err().unwrap();
    assert!(matches!(error, LedgerError::Newer { found: 9999, supported: 2, .. }), "{error}");
    assert!(error.help().contains("newer"));
}

fn something_else_is_not_a_ledger(place: &Place) {
    place.execute("CREATE TABLE something (number INTEGER)");
    assert!(matches!(Ledger::open(&place.location), Err(LedgerError::NotALedger { .. })));
    if let Location::Sqlite(path) = &place.location {
        std::fs::write(path, "applicant_id;wishes\r\n".repeat(100)).unwrap();
        assert!(matches!(Ledger::open(&place.location), Err(LedgerError::NotALedger { .. })));
        assert!(matches!(Ledger::create(&place.location), Err(LedgerError::Exists { .. })));
        let folder = Location::from(path.parent().unwrap());
        assert!(matches!(Ledger::open(&folder), Err(LedgerError::NotALedger { .. })));
        assert!(matches!(Ledger::create(&folder), Err(LedgerError::Exists { .. })));
    }
}

fn waiting_for_a_lock_ends(place: &Place) {
    let mut ledger = place.create();
    let head = ledger.head().unwrap();
    // Whoever waits for five seconds is told so.
    let runtime = place::runtime();
    let mut append = || ledger.append(head, &notes(1));
    let refused = match &place.location {
        Location::Sqlite(path) => {
            let options = SqliteConnectOptions::new().filename(path);
            let mut other = runtime.block_on(sqlx::SqliteConnection::connect_with(&options)).unwrap();
            let lock = runtime.block_on(other.begin_with("BEGIN IMMEDIATE")).unwrap();
            let refused = append();
            runtime.block_on(lock.rollback()).unwrap();
            refused
        }
        Location::Postgres(_) => {
            let mut other = runtime.block_on(sqlx::PgConnection::connect(&place.name)).unwrap();
            let mut lock = runtime.block_on(other.begin()).unwrap();
            let sql = "SELECT pg_advisory_xact_lock('event'::regclass::oid::bigint)";
            runtime.block_on(sqlx::raw_sql(sql).execute(&mut *lock)).unwrap();
            let refused = append();
            runtime.block_on(lock.rollback()).unwrap();
            refused
        }
    };
    assert!(matches!(refused, Err(LedgerError::Locked { .. })), "{refused:?}");
    assert_eq!(append().unwrap().sequence, 1);
}

fn the_first_head_need_not_be_true(place: &Place) {
    let mut ledger = place.create();
    append(&mut ledger, &notes(3));
    let head = ledger.head().unwrap();
    let forged = Head { sequence: 2, hash: Head::genesis().hash };
    let beyond = Head { sequence: 4, ..head };
    for (known, expected) in [
        (forged, Finding::Unlinked { sequence: 3 }),
        (Head { sequence: 3, ..forged }, Finding::Rewritten { known: Head { sequence: 3, ..forged } }),
        (beyond, Finding::CutShort { last: 3, known: beyond }),
    ] {
        match ledger.append_with(known, |_, _| Ok::<_, LedgerError>(notes(1))) {
            Err(LedgerError::Broken { finding, .. }) => assert_eq!(finding, expected),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(ledger.head().unwrap(), head);
}

fn a_snapshot_is_kept_until_the_next(place: &Place) {
    let mut ledger = place.create();
    assert_eq!(ledger.snapshot(1), None);
    append(&mut ledger, &notes(3));
    let head = ledger.head().unwrap();
    // Bytes that no text could hold, and more than one page of them.
    let state: Vec<u8> = (0..=u8::MAX).cycle().take(100_000).collect();
    let first = Snapshot { head, state };
    ledger.keep_snapshot(1, &first).unwrap();
    append(&mut ledger, &notes(2));
    let mut other = place.open();
    assert_eq!(other.snapshot(1), Some(first));
    assert_eq!(other.snapshot(2), None, "it has another format");
    assert_eq!(other.events_after(head).map(|event| event.unwrap().sequence).collect::<Vec<_>>(), [4, 5]);
    let second = Snapshot { head: other.head().unwrap(), state: Vec::new() };
    other.keep_snapshot(2, &second).unwrap();
    assert_eq!((ledger.snapshot(1), ledger.snapshot(2)), (None, Some(second)));
    assert_eq!(ledger.verify(None).unwrap().finding, None);
}

fn a_snapshot_that_is_not_this_ledgers_is_none(place: &Place) {
    let mut ledger = place.create();
    append(&mut ledger, &notes(3));
    let head = ledger.head().unwrap();
    for (head, finding) in [
        (Head { sequence: 2, ..head }, Finding::StraySnapshot { sequence: 2 }),
        (Head { sequence: 4, ..head }, Finding::StraySnapshot { sequence: 4 }),
    ] {
        ledger.keep_snapshot(1, &Snapshot { head, state: vec![1] }).unwrap();
        assert_eq!(ledger.snapshot(1), None);
        assert_eq!(ledger.verify(None).unwrap().finding, Some(finding));
    }
    ledger.keep_snapshot(1, &Snapshot { head, state: vec![1] }).unwrap();
    assert!(ledger.snapshot(1).is_some());
    // Where the table cannot be read, the events tell.
    place.execute("DROP TABLE snapshot");
    assert_eq!(ledger.snapshot(1), None);
    assert!(ledger.keep_snapshot(1, &Snapshot { head, state: vec![1] }).is_err());
    assert_eq!(all(&mut ledger).len(), 3);
    append(&mut ledger, &notes(1));
}

fn a_ledger_of_the_first_format_gets_a_place_for_snapshots(place: &Place) {
    let mut ledger = place.create();
    append(&mut ledger, &notes(3));
    let events = all(&mut ledger);
    drop(ledger);
    place.execute("DROP TABLE snapshot; DELETE FROM ledger_migration WHERE version = 2");
    let mut ledger = place.open();
    let snapshot = Snapshot { head: ledger.head().unwrap(), state: vec![1] };
    ledger.keep_snapshot(1, &snapshot).unwrap();
    assert_eq!(place.open().snapshot(1), Some(snapshot));
    assert_eq!(all(&mut ledger), events);
}

#[test]
fn a_broken_connection_is_made_anew() {
    let Some(place) = Place::postgres() else { return };
    let mut ledger = place.create();
    append(&mut ledger, &notes(1));
    let head = ledger.head().unwrap();
    place.execute(
        "CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql AS \
         $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$; \
         CREATE TRIGGER hang_up BEFORE INSERT ON event FOR EACH ROW WHEN (NEW.actor = 'eve') EXECUTE FUNCTION hang_up()",
    );
    assert!(ledger.append(head, &[draft("eve", &json!(1))]).is_err());
    assert_eq!(ledger.head().unwrap(), head);
    assert_eq!(ledger.append(head, &notes(1)).unwrap().sequence, 2);
}

#[test]
fn a_server_that_is_not_there_cannot_be_reached() {
    let location = Location::parse("postgres://anna:hemligt@127.0.0.1:1/season").unwrap();
    let error = Ledger::open(&location).err().unwrap();
    assert!(matches!(error, LedgerError::Unreachable { .. }), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("hemligt"));
}

#[test]
fn a_ledger_may_be_used_from_another_thread() {
    let place = Place::sqlite();
    let mut ledger = place.create();
    thread::spawn(move || append(&mut ledger, &notes(1))).join().unwrap();
    assert_eq!(place.open().head().unwrap().sequence, 1);
}

#[test]
fn a_closed_ledger_is_one_file() {
    let place = Place::sqlite();
    let mut ledger = place.create();
    append(&mut ledger, &notes(100));
    drop(ledger);
    let Location::Sqlite(path) = &place.location else { unreachable!() };
    let files: Vec<_> = path.parent().unwrap().read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files, std::slice::from_ref(path));
}
