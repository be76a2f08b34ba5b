//! A full disk, and a folder that may not be written. Both need a file system of their own, which only root may mount.

use feriematch_ledger::{Ledger, LedgerError, Location};

use crate::disk::Disk;
use crate::sample::{all, append, notes};

#[test]
fn a_full_disk_loses_nothing_and_takes_more_when_there_is_room() {
    let Some(disk) = Disk::mount("size=300k") else { return };
    let location = Location::from(&*disk.path().join("season.ledger"));
    let mut ledger = Ledger::create(&location).unwrap();
    let mut head = ledger.head().unwrap();
    let error = loop {
        match ledger.append(head, &notes(20)) {
            Ok(next) => head = next,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, LedgerError::DiskFull { .. }), "{error:?}");
    assert!(head.sequence > 0);
    assert_eq!(ledger.head().unwrap(), head);
    assert_eq!(all(&mut ledger).len() as u64, head.sequence);
    disk.remount("size=2m");
    append(&mut ledger, &notes(20));
    assert_eq!(ledger.verify(Some(head)).unwrap().head.sequence, head.sequence + 20);
}

#[test]
fn a_disk_without_room_for_a_ledger_gets_none() {
    let Some(disk) = Disk::mount("size=16k") else { return };
    let location = Location::from(&*disk.path().join("season.ledger"));
    let error = Ledger::create(&location).err().unwrap();
    assert!(matches!(error, LedgerError::DiskFull { .. }), "{error:?}");
    assert_eq!(disk.path().read_dir().unwrap().count(), 0);
}

#[test]
fn a_read_only_folder_is_named() {
    let Some(disk) = Disk::mount("size=1m") else { return };
    let location = Location::from(&*disk.path().join("season.ledger"));
    let mut ledger = Ledger::create(&location).unwrap();
    append(&mut ledger, &notes(1));
    drop(ledger);
    disk.remount("ro");
    for error in [Ledger::open(&location), Ledger::create(&Location::from(&*disk.path().join("other.ledger")))].map(Result::err) {
        let error = error.unwrap();
        assert!(matches!(error, LedgerError::ReadOnly { .. }), "{error:?}");
        assert!(error.to_string().contains(disk.path().to_str().unwrap()), "{error}");
    }
    disk.remount("rw");
    append(&mut Ledger::open(&location).unwrap(), &notes(1));
}
