//! Exporting, importing, and finding what was changed in between.

use std::cell::RefCell;

use feriematch_ledger::{Draft, Finding, Head, Ledger, LedgerError, LineError};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::place::{Place, on_both};
use crate::sample::{all, any_draft, append, notes};

on_both! {
    any_events_come_back_from_any_database
    any_single_mutation_of_an_export_is_found
    an_export_is_read_into_an_empty_ledger_only
    many_events_are_exported_and_imported
}

fn export(ledger: &mut Ledger) -> Vec<u8> {
    let mut lines = Vec::new();
    let head = ledger.export(&mut lines).unwrap();
    assert_eq!(head, ledger.head().unwrap());
    lines
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, max_shrink_iters: 200, ..ProptestConfig::default() }
}

fn any_events_come_back_from_any_database(place: &Place) {
    let appends = prop::collection::vec(prop::collection::vec(any_draft(), 0..5), 0..5);
    proptest!(cases(24), |(appends in appends)| {
        let appends: Vec<Vec<Draft>> = appends;
        let mut ledger = place.another().create();
        let mut head = Head::genesis();
        for drafts in &appends {
            head = ledger.append(head, drafts).unwrap();
        }
        let events = all(&mut ledger);
        let drafts: Vec<_> = events.iter().map(|event| event.draft.clone()).collect();
        prop_assert_eq!(&drafts, &appends.concat());
        prop_assert_eq!(ledger.verify(Some(head)).unwrap().finding, None);
        let lines = export(&mut ledger);
        // From PostgreSQL to SQLite, too.
        for copy in [place.another(), Place::sqlite()] {
            let mut copy = copy.create();
            prop_assert_eq!(copy.import(&*lines, Some(head)).unwrap(), head);
            prop_assert_eq!(&all(&mut copy), &events);
            prop_assert_eq!(&export(&mut copy), &lines);
        }
    });
}

/// A change to one line, or to the order of lines.
#[derive(Debug, Clone)]
enum Mutation {
    Replace(Index, u8),
    Flip(Index, u8),
    Insert(Index, u8),
    Delete(Index),
    CutAt(Index),
    RepeatLine(Index),
    SwapLines(Index, Index),
    DropLine(Index),
}

fn any_mutation() -> impl Strategy<Value = Mutation> {
    use Mutation::*;
    let index = any::<Index>;
    prop_oneof![
        (index(), any::<u8>()).prop_map(|(i, byte)| Replace(i, byte)),
        (index(), 0..8u8).prop_map(|(i, bit)| Flip(i, bit)),
        (index(), prop_oneof![any::<u8>(), Just(b' '), Just(b'\n'), Just(b'0')]).prop_map(|(i, byte)| Insert(i, byte)),
        index().prop_map(Delete),
        index().prop_map(CutAt),
        index().prop_map(RepeatLine),
        (index(), index()).prop_map(|(i, j)| SwapLines(i, j)),
        index().prop_map(DropLine),
    ]
}

impl Mutation {
    fn apply(&self, text: &[u8]) -> Vec<u8> {
        let mut bytes = text.to_vec();
        let mut lines: Vec<&[u8]> = text.split_inclusive(|&byte| byte == b'\n').collect();
        match self {
            Self::Replace(i, byte) => *i.get_mut(&mut bytes) = *byte,
            Self::Flip(i, bit) => *i.get_mut(&mut bytes) ^= 1 << bit,
            Self::Insert(i, byte) => bytes.insert(i.index(text.len() + 1), *byte),
            Self::Delete(i) => drop(bytes.remove(i.index(text.len()))),
            Self::CutAt(i) => bytes.truncate(i.index(text.len())),
            Self::RepeatLine(i) => {
                let i = i.index(lines.len());
                lines.insert(i, lines[i]);
                bytes = lines.concat();
            }
            Self::SwapLines(i, j) => {
                let count = lines.len();
                lines.swap(i.index(count), j.index(count));
                bytes = lines.concat();
            }
            Self::DropLine(i) => {
                lines.remove(i.index(lines.len()));
                bytes = lines.concat();
            }
        }
        bytes
    }
}

fn any_single_mutation_of_an_export_is_found(place: &Place) {
    let copy = RefCell::new(place.create());
    let drafts = prop::collection::vec(any_draft(), 1..5);
    proptest!(cases(24), |(drafts in drafts, mutations in prop::collection::vec(any_mutation(), 40))| {
        let mut ledger = Place::sqlite().create();
        let head = ledger.append(Head::genesis(), &drafts).unwrap();
        let lines = export(&mut ledger);
        for mutation in mutations {
            let mutated = mutation.apply(&lines);
            if mutated == lines {
                continue;
            }
            let mut copy = copy.borrow_mut();
            let refused = copy.import(&*mutated, Some(head));
            prop_assert!(matches!(refused, Err(LedgerError::Line { .. })), "{:?}: {:?}", mutation, refused);
            prop_assert_eq!(copy.head().unwrap(), Head::genesis());
        }
    });
}

fn an_export_is_read_into_an_empty_ledger_only(place: &Place) {
    let mut ledger = place.create();
    append(&mut ledger, &notes(3));
    let lines = export(&mut ledger);
    assert!(matches!(ledger.import(&*lines, None), Err(LedgerError::NotEmpty { .. })));
    let mut copy = place.another().create();
    // Without its last line it could be an older export, unless the head is known.
    let cut = &lines[..=lines[..lines.len() - 1].iter().rposition(|&byte| byte == b'\n').unwrap()];
    let known = ledger.head().unwrap();
    match copy.import(cut, Some(known)) {
        Err(LedgerError::Line { line: 3, problem: LineError::CutShort(head) }) => assert_eq!(head, known),
        other => panic!("{other:?}"),
    }
    let forged = Head { sequence: 2, ..known };
    match copy.import(&*lines, Some(forged)) {
        Err(LedgerError::Line { line: 2, problem: LineError::Chain(finding) }) => {
            assert_eq!(finding, Finding::Rewritten { known: forged });
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(copy.import(cut, None).unwrap().sequence, 2);
}

fn many_events_are_exported_and_imported(place: &Place) {
    let mut ledger = place.create();
    append(&mut ledger, &notes(10_000));
    let lines = export(&mut ledger);
    let mut copy = place.another().create();
    assert_eq!(copy.import(&*lines, None).unwrap(), ledger.head().unwrap());
    assert_eq!(copy.verify(None).unwrap().head.sequence, 10_000);
    assert_eq!(export(&mut copy), lines);
}

#[test]
fn a_line_is_written_as_documented() {
    let mut ledger = Place::sqlite().create();
    append(&mut ledger, &notes(1));
    let hash = ledger.head().unwrap().hash;
    let genesis = Head::genesis().hash;
    assert_eq!(
        String::from_utf8(export(&mut ledger)).unwrap(),
        format!(
            "{{\"sequence\":1,\"time\":\"2026-04-01T09:00:00Z\",\"actor\":\"anna\",\"reason\":\"\",\"kind\":\"note\",\
             \"payload\":{{\"number\":1}},\"previous\":\"{genesis}\",\"hash\":\"{hash}\"}}\n"
        )
    );
}
