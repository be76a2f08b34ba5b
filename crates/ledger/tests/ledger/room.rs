//! A full disk, and a folder that may not be written. Both need a file system of their own, which only root may mount.

use std::path::Path;
use std::process::Command;

use feriematch_ledger::{Ledger, LedgerError, Location};
use tempfile::TempDir;

use crate::sample::{all, append, notes};

/// A small file system in memory.
struct Disk(TempDir);

impl Disk {
    fn mount(options: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let disk = Self(folder);
        if disk.command(&["-t", "tmpfs", "-o", options, "tmpfs"]) {
            Some(disk)
        } else {
            eprintln!("SKIPPED: no file system can be mounted here: full and read-only disks are not tested");
            None
        }
    }

    fn remount(&self, options: &str) {
        assert!(self.command(&["-o", &format!("remount,{options}")]), "{options}");
    }

    fn command(&self, arguments: &[&str]) -> bool {
        let output = Command::new("mount").args(arguments).arg(self.0.path()).output();
        output.is_ok_and(|output| output.status.success())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Fails where it was never mounted.
        let _ = Command::new("umount").arg(self.0.path()).output();
    }
}

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
