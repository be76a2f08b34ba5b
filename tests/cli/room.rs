//! A disk without room, and one that may not be written: said with exit code 74, and nothing is lost.

use std::fs;
use std::io::Write;

use crate::disk::Disk;
use crate::offered::{Offered, id};

fn on(disk: &Disk) -> Offered {
    let at = disk.path().join("season.ledger").display().to_string();
    Offered::new(disk.path(), &at, 500)
}

#[test]
fn a_full_disk_is_named_and_loses_nothing() {
    let Some(disk) = Disk::mount("size=2m") else { return };
    let offered = on(&disk);
    offered.run(&["answer"], &[&id(0), "accept"]).succeeds();
    let everybody = offered.acceptances("answers.csv", 1..500);
    let mut filler = fs::File::create(disk.path().join("filler")).expect("a file");
    while filler.write_all(&[0; 4096]).is_ok() {}
    // Neither many nor one; not even the files that SQLite puts beside a ledger have room.
    for args in [["--file", everybody.as_str()], [&id(1), "accept"]] {
        let run = offered.run(&["answer"], &args).ends_with(74);
        run.complains("the disk is full: nothing was appended").complains("make room and do it again");
    }
    // With a little room there is place for one, not for all of them.
    filler.set_len(filler.metadata().expect("its length").len() - 120_000).expect("a shorter file");
    offered.run(&["answer"], &["--file", &everybody]).ends_with(74).complains("the disk is full");
    offered.run(&["answer"], &[&id(1), "accept"]).succeeds();
    drop(filler);
    fs::remove_file(disk.path().join("filler")).expect("a file to remove");
    assert_eq!(offered.status()["accepted"], 2);
    let others = offered.acceptances("answers.csv", 2..500);
    offered.run(&["answer"], &["--file", &others]).succeeds().says("Recorded 498 answers.");
    offered.run(&["ledger", "verify"], &[]).succeeds();
}

#[test]
fn a_read_only_disk_is_named_and_loses_nothing() {
    let Some(disk) = Disk::mount("size=2m") else { return };
    let offered = on(&disk);
    let file = offered.acceptances("answers.csv", 0..10);
    disk.remount("ro");
    let one = id(0);
    for (words, args) in [
        (&["answer"][..], vec![one.as_str(), "accept"]),
        (&["answer"], vec!["--file", &file]),
        (&["sign"], vec![&one]),
        (&["expire"], vec![]),
        (&["undo"], vec![]),
    ] {
        offered.run(words, &args).ends_with(74).complains("season.ledger may not be written").complains("ask for the right");
    }
    disk.remount("rw");
    assert_eq!(offered.status()["accepted"], 0);
    offered.run(&["answer"], &["--file", &file]).succeeds();
    offered.run(&["ledger", "verify"], &[]).succeeds();
}
