//! Changes made around the triggers, and what `verify` says of them.

use feriematch_ledger::{Finding, Head, LedgerError, Snapshot};

use crate::place::{Place, on_both};
use crate::sample::{all, append, draft, notes};
use serde_json::json;

on_both! {
    tampering_is_found
    an_event_replaced_with_its_hash_does_not_fit_the_next
    a_ledger_that_ends_early_is_found_by_its_known_head
    a_ledger_made_anew_is_found_by_its_known_head
    a_missing_trigger_is_found
    a_changed_snapshot_is_found_and_not_used
}

/// Ten events, changed by a statement: what is found.
fn tampering_is_found(place: &Place) {
    let renumbered = if place.is_sqlite() {
        "DELETE FROM event WHERE sequence = 5; UPDATE event SET sequence = sequence - 1 WHERE sequence > 5"
    } else {
        // PostgreSQL checks the key row by row.
        "DELETE FROM event WHERE sequence = 5; UPDATE event SET sequence = sequence + 95 WHERE sequence > 5; \
         UPDATE event SET sequence = sequence - 96 WHERE sequence > 5"
    };
    let swapped = "UPDATE event SET sequence = 99 WHERE sequence = 5; UPDATE event SET sequence = 5 WHERE sequence = 7; \
                   UPDATE event SET sequence = 7 WHERE sequence = 99";
    let mut cases = vec![
        ("UPDATE event SET actor = 'eve' WHERE sequence = 5", "event 5 was changed: it does not fit its hash"),
        ("UPDATE event SET reason = 'x' WHERE sequence = 1", "event 1 was changed: it does not fit its hash"),
        ("UPDATE event SET kind = 'other' WHERE sequence = 5", "event 5 was changed: it does not fit its hash"),
        ("UPDATE event SET payload = '{\"number\":6}' WHERE sequence = 5", "event 5 was changed: it does not fit its hash"),
        ("UPDATE event SET time = '2026-04-01T09:00:01Z' WHERE sequence = 10", "event 10 was changed: it does not fit its hash"),
        ("UPDATE event SET previous = hash WHERE sequence = 5", "event 5 was changed: it does not fit its hash"),
        ("UPDATE event SET hash = previous WHERE sequence = 5", "event 5 was changed: it does not fit its hash"),
        (
            "UPDATE event SET time = '2026-04-01 09:00:00' WHERE sequence = 5",
            "event 5 was changed: the time \"2026-04-01 09:00:00\" is not written like 2026-04-01T09:00:00Z",
        ),
        (
            "UPDATE event SET payload = '{ }' WHERE sequence = 5",
            "event 5 was changed: the payload is not written in its canonical form",
        ),
        ("UPDATE event SET payload = '{' WHERE sequence = 5", "event 5 was changed: the payload is not JSON"),
        ("UPDATE event SET actor = '' WHERE sequence = 5", "event 5 was changed: the actor is empty"),
        (
            "UPDATE event SET hash = upper(hash) WHERE sequence = 5",
            "event 5 was changed: a hash is not written as 64 hexadecimal digits",
        ),
        (
            "UPDATE event SET reason = '\u{1f}' WHERE sequence = 5",
            "event 5 was changed: a text holds a control character that separates records or fields",
        ),
        (
            "UPDATE event SET reason = '\u{1e}' WHERE sequence = 5",
            "event 5 was changed: a text holds a control character that separates records or fields",
        ),
        ("DELETE FROM event WHERE sequence = 1", "event 1 is missing"),
        ("DELETE FROM event WHERE sequence = 5", "event 5 is missing"),
        ("DELETE FROM event WHERE sequence BETWEEN 5 AND 8", "events 5 to 8 are missing"),
        (renumbered, "what stands as event 5 was recorded as event 6"),
        (swapped, "what stands as event 5 was recorded as event 7"),
    ];
    if place.is_sqlite() {
        cases.push((
            "UPDATE event SET reason = CAST(x'ff' AS TEXT) WHERE sequence = 5",
            "event 5 was changed: a value is not a text",
        ));
    }
    for (sql, expected) in cases {
        let place = place.another();
        let mut ledger = place.create();
        append(&mut ledger, &notes(10));
        place.disarm();
        place.execute(sql);
        let verification = ledger.verify(None).unwrap();
        let finding = verification.finding.expect(sql);
        assert_eq!(finding.to_string(), expected, "{sql}");
        // Reading stops at the same place, and gives nothing that comes after.
        let read: Result<Vec<_>, _> = ledger.events(1).collect();
        assert!(matches!(read, Err(LedgerError::Broken { .. })), "{sql}");
        assert_eq!(ledger.events(1).flatten().count() as u64, verification.head.sequence, "{sql}");
        assert!(ledger.export(Vec::new()).is_err(), "{sql}");
    }
}

/// Computes a hash from the documentation alone.
fn hash(sequence: u64, previous: Head, texts: [&str; 5]) -> String {
    let mut hasher = blake3::Hasher::new_derive_key("feriematch ledger 1 event");
    hasher.update(&sequence.to_le_bytes());
    hasher.update(previous.hash.as_bytes());
    for text in texts {
        hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

fn an_event_replaced_with_its_hash_does_not_fit_the_next(place: &Place) {
    let mut ledger = place.create();
    append(&mut ledger, &notes(10));
    let fourth = all(&mut ledger)[3].head();
    place.disarm();
    let hash = hash(5, fourth, ["2026-04-01T09:00:00Z", "eve", "", "note", "{\"number\":5}"]);
    place.execute(&format!("UPDATE event SET actor = 'eve', hash = '{hash}' WHERE sequence = 5"));
    let verification = ledger.verify(None).unwrap();
    assert_eq!(verification.finding, Some(Finding::Unlinked { sequence: 6 }));
    // A head that was published in time says that it was the fifth.
    let known = Head { sequence: 5, hash: fourth.hash };
    assert_eq!(ledger.verify(Some(known)).unwrap().finding, Some(Finding::Rewritten { known }));
}

fn a_ledger_that_ends_early_is_found_by_its_known_head(place: &Place) {
    let mut ledger = place.create();
    append(&mut ledger, &notes(10));
    let known = ledger.head().unwrap();
    place.execute(if place.is_sqlite() {
        "DROP TRIGGER event_never_deleted; DELETE FROM event WHERE sequence > 8; \
         CREATE TRIGGER event_never_deleted BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, ''); END"
    } else {
        "ALTER TABLE event DISABLE TRIGGER event_never_deleted; DELETE FROM event WHERE sequence > 8; \
         ALTER TABLE event ENABLE TRIGGER event_never_deleted"
    });
    assert_eq!(ledger.verify(None).unwrap().finding, None, "the ledger alone cannot know");
    assert_eq!(ledger.verify(Some(known)).unwrap().finding, Some(Finding::CutShort { last: 8, known }));
}

fn a_ledger_made_anew_is_found_by_its_known_head(place: &Place) {
    let mut ledger = place.create();
    append(&mut ledger, &notes(10));
    let published = all(&mut ledger)[5].head();
    let newest = ledger.head().unwrap();
    let forged = place.another();
    let mut forgery = forged.create();
    append(&mut forgery, &notes(3));
    append(&mut forgery, &[draft("eve", &json!({ "number": 4 }))]);
    append(&mut forgery, &notes(6));
    assert_eq!(forgery.verify(None).unwrap().finding, None, "the ledger alone cannot know");
    let verification = forgery.verify(Some(published)).unwrap();
    assert_eq!(verification.finding, Some(Finding::Rewritten { known: published }));
    assert_eq!(verification.head.sequence, 5);
    assert_eq!(forgery.verify(Some(newest)).unwrap().finding, Some(Finding::Rewritten { known: newest }));
    assert_eq!(ledger.verify(Some(published)).unwrap().finding, None);
}

fn a_missing_trigger_is_found(place: &Place) {
    let mut ledger = place.create();
    append(&mut ledger, &notes(3));
    place.execute(if place.is_sqlite() {
        "DROP TRIGGER event_never_deleted"
    } else {
        "ALTER TABLE event DISABLE TRIGGER event_never_deleted"
    });
    let verification = ledger.verify(None).unwrap();
    assert_eq!(verification.finding, Some(Finding::Unguarded { trigger: "event_never_deleted" }));
    assert_eq!(verification.head, ledger.head().unwrap());
}

fn a_changed_snapshot_is_found_and_not_used(place: &Place) {
    let mut ledger = place.create();
    append(&mut ledger, &notes(10));
    let tenth = ledger.head().unwrap();
    let ninth = all(&mut ledger)[8].head();
    let bytes = if place.is_sqlite() { "x'0203'" } else { "'\\x0203'" };
    for change in [
        format!("state = {bytes}"),
        "format = 2".to_owned(),
        "format = -1".to_owned(),
        "sequence = -1".to_owned(),
        format!("sequence = 9, hash = '{}'", ninth.hash),
        "hash = upper(hash)".to_owned(),
        "hash = ''".to_owned(),
        "checksum = hash".to_owned(),
        "checksum = ''".to_owned(),
    ] {
        ledger.keep_snapshot(1, &Snapshot { head: tenth, state: vec![1, 2] }).unwrap();
        assert!(ledger.snapshot(1).is_some(), "{change}");
        place.execute(&format!("UPDATE snapshot SET {change}"));
        assert_eq!((ledger.snapshot(1), ledger.snapshot(2)), (None, None), "{change}");
        assert_eq!(ledger.verify(None).unwrap().finding, Some(Finding::DamagedSnapshot), "{change}");
    }
    // Nobody has to know more than the events to make it anew.
    ledger.keep_snapshot(1, &Snapshot { head: tenth, state: vec![1, 2] }).unwrap();
    assert_eq!(ledger.verify(Some(tenth)).unwrap().finding, None);
}
