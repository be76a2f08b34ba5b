//! Destroying a ledger.

use feriematch_ledger::{Head, Ledger, LedgerError, Location};

use crate::place::{Place, on_both, try_execute_postgres};
use crate::sample::notes;

on_both! {
    nothing_is_left_of_a_ledger_that_is_destroyed
    a_ledger_that_has_gone_on_is_not_destroyed
    what_is_no_ledger_is_not_destroyed
    whoever_has_it_open_finds_none
}

fn with_events(place: &Place) -> Head {
    place.create().append(Head::genesis(), &notes(2)).unwrap()
}

fn nothing_is_left_of_a_ledger_that_is_destroyed(place: &Place) {
    let head = with_events(place);
    Ledger::destroy(&place.location, head).unwrap();
    assert!(Ledger::open(&place.location).is_err());
    match &place.location {
        Location::Sqlite(path) => assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 0),
        Location::Postgres(_) => {
            // A schema is only dropped without CASCADE if nothing is in it.
            let schema = place.name.rsplit_once('=').unwrap().1;
            try_execute_postgres(&place.name, &format!("DROP SCHEMA {schema}; CREATE SCHEMA {schema}")).unwrap();
        }
    }
    // Again, as after an interruption; and there is room for a new one.
    Ledger::destroy(&place.location, head).unwrap();
    place.create();
}

fn a_ledger_that_has_gone_on_is_not_destroyed(place: &Place) {
    let head = with_events(place);
    let newer = place.open().append(head, &notes(1)).unwrap();
    assert!(matches!(Ledger::destroy(&place.location, head), Err(LedgerError::Conflict { .. })));
    assert_eq!(place.open().head().unwrap(), newer);
    assert_eq!(place.open().verify(None).unwrap().finding, None);
}

fn what_is_no_ledger_is_not_destroyed(place: &Place) {
    place.execute("CREATE TABLE event (name TEXT)");
    assert!(matches!(Ledger::destroy(&place.location, Head::genesis()), Err(LedgerError::NotALedger { .. })));
    place.execute("INSERT INTO event VALUES ('still there')");
}

fn whoever_has_it_open_finds_none(place: &Place) {
    let head = with_events(place);
    let mut open = place.open();
    Ledger::destroy(&place.location, head).unwrap();
    assert!(open.append(head, &notes(1)).is_err());
}

/// A file whose tables are gone is what a crash leaves.
#[test]
fn a_file_without_tables_is_removed() {
    let place = Place::sqlite();
    let head = with_events(&place);
    place.execute("DROP TABLE event; DROP TABLE ledger_migration; DROP TABLE IF EXISTS snapshot");
    Ledger::destroy(&place.location, head).unwrap();
    let Location::Sqlite(path) = &place.location else { unreachable!() };
    assert!(!path.exists());
}
