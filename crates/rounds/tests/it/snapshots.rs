use feriematch_rounds::{Refusal, SnapshotError, State, Step};
use jiff::ToSpan;

use crate::{APRIL, drawn, publish};

/// A state that holds one of everything.
fn lived() -> State {
    let mut state = drawn();
    state.take(APRIL, publish(1, &[("A-1", "park"), ("A-2", "park"), ("A-3", "library")])).unwrap();
    state.take(APRIL, Step::Accept { applicant: "A-1".into(), or_better: true }).unwrap();
    state.take(APRIL, Step::Sign { applicant: "A-1".into() }).unwrap();
    state.take(APRIL, Step::Work { applicant: "A-1".into(), job: "park".into(), minutes: 4_500 }).unwrap();
    state.take(APRIL, Step::Decline { applicant: "A-2".into(), because: "other work".into() }).unwrap();
    state.take(APRIL, Step::Withdraw { applicant: "Å-4".into(), because: String::new() }).unwrap();
    state.take(APRIL, Step::Cut { job: "library".into(), places: 0, displaced: vec!["A-3".into()] }).unwrap();
    let (applicant, job, stream) = (|| "A-8".into(), || "park".into(), Some("district".into()));
    let (because, by) = (|| "promised".into(), || "anna".into());
    let lock = Step::Lock { applicant: applicant(), job: job(), stream, because: because(), by: by() };
    state.take(APRIL, Step::Grow { job: "park".into(), places: 4 }).unwrap();
    state.take(APRIL, lock).unwrap();
    state.take(APRIL, Step::Forbid { applicant: "A-9".into(), job: job(), because: because(), by: by() }).unwrap();
    state.take(APRIL, Step::Cede { to: "Vällingby".into(), places: [(job(), 1)].into() }).unwrap();
    state.take(APRIL + 2.days(), publish(2, &[("A-5", "park")])).unwrap();
    state.take(APRIL + 25.days(), Step::Lapse { applicants: vec!["A-5".into()] }).unwrap();
    state.take(APRIL + 25.days(), publish(3, &[("A-6", "park")])).unwrap();
    state
}

fn assert_same(restored: &State, state: &State) {
    assert!(restored.lives().eq(state.lives()));
    assert!(restored.jobs().eq(state.jobs()));
    assert_eq!(restored.rounds(), state.rounds());
    assert!(restored.decisions().eq(state.decisions()) && restored.ceded().eq(state.ceded()));
    assert_eq!([restored.season(), restored.commitment(), restored.seed()], [state.season(), state.commitment(), state.seed()]);
    assert_eq!(restored.to_snapshot().unwrap(), state.to_snapshot().unwrap());
}

#[test]
fn a_restored_state_goes_on_like_the_one_that_was_kept() {
    let mut state = lived();
    let mut restored = State::from_snapshot(&state.to_snapshot().unwrap()).unwrap();
    assert_same(&restored, &state);
    for (days, step) in [
        (26, Step::Accept { applicant: "A-6".into(), or_better: true }),
        (26, Step::Accept { applicant: "A-1".into(), or_better: true }),
        (24, Step::Sign { applicant: "A-6".into() }),
        (27, Step::Cut { job: "park".into(), places: 1, displaced: vec!["A-6".into()] }),
        (27, publish(4, &[("A-7", "park")])),
        (27, Step::Grow { job: "park".into(), places: 2 }),
        (27, Step::Work { applicant: "A-1".into(), job: "park".into(), minutes: 4_500 }),
        (27, Step::Work { applicant: "A-1".into(), job: "park".into(), minutes: 4_400 }),
        (27, Step::Work { applicant: "A-1".into(), job: "library".into(), minutes: 60 }),
        (27, Step::Work { applicant: "A-7".into(), job: "park".into(), minutes: 60 }),
        (28, publish(4, &[("A-9", "park")])),
        (28, publish(4, &[("A-7", "park")])),
    ] {
        assert_eq!(restored.take(APRIL + days.days(), step.clone()), state.take(APRIL + days.days(), step));
        assert_same(&restored, &state);
    }
}

#[test]
fn a_restored_state_refuses_to_undo() {
    let state = lived();
    let mut restored = State::from_snapshot(&state.to_snapshot().unwrap()).unwrap();
    let (step, _, _) = state.newest().unwrap();
    assert_eq!(restored.newest(), None);
    let day = APRIL + 26.days();
    assert_eq!(restored.take(day, Step::Undo { step }), Err(Refusal::Restored { step }));
    restored.take(day, Step::Accept { applicant: "A-6".into(), or_better: true }).unwrap();
    let (step, _, _) = restored.newest().unwrap();
    assert_eq!(restored.take(day, Step::Undo { step }), Err(Refusal::Restored { step }));
    assert_eq!(restored.place_of("A-6").unwrap().holding, feriematch_rounds::Holding::Accepted);
}

/// Whoever changes what this test sees has to give the format another number: else an older snapshot would be read as what it
/// is not. Then write down the new number and the new bytes.
#[test]
fn the_bytes_are_those_of_this_format() {
    let bytes = lived().to_snapshot().unwrap();
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!((State::SNAPSHOT_FORMAT, digits.as_str()), (2, BYTES));
}

const BYTES: &str = "1001d61f041a010e46657269656a6f626220323032370001073320313120313702076c69627261727900047061726b0301\
    08646973747269637403d61f0401d61f040b0301010000010001d61f0403d61f04150100000100000000d61f041ad61f0501\
    01000000000000000203412d38047061726b00010864697374726963740870726f6d6973656404616e6e61d61f040103412d\
    39047061726b010870726f6d6973656404616e6e61d61f0401010a56c3a46c6c696e676279010603412d31010100010101d6\
    1f040b02d61f04010100000001010001942303412d320001d61f0401000a6f7468657220776f726b0001010003412d330000\
    01d61f040101000003412d350001d61f041a010001010003412d36010100010103d61f050100d61f041a000000000004c385\
    2d340001d61f04010200000000";

#[test]
fn other_bytes_are_no_state() {
    let bytes = lived().to_snapshot().unwrap();
    for end in 0..bytes.len() {
        assert!(State::from_snapshot(&bytes[..end]).is_err(), "{end} bytes");
    }
    let longer = [bytes.as_slice(), &[0]].concat();
    assert!(matches!(State::from_snapshot(&longer), Err(SnapshotError::Longer { bytes: 1 })));
    // Whatever a changed byte makes of it, no step that follows can trip over it.
    let mut contradictions = 0;
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << bit;
            match State::from_snapshot(&changed) {
                Ok(mut state) => {
                    for step in [
                        Step::Accept { applicant: "A-6".into(), or_better: true },
                        Step::Withdraw { applicant: "A-1".into(), because: String::new() },
                        Step::Withdraw { applicant: "A-6".into(), because: String::new() },
                        Step::Cut { job: "park".into(), places: 0, displaced: Vec::new() },
                    ] {
                        let _ = state.take(APRIL + 400.days(), step);
                    }
                    state.jobs().for_each(|(_, all, held)| assert!(held <= all));
                }
                Err(SnapshotError::Contradiction) => contradictions += 1,
                Err(_) => {}
            }
        }
    }
    assert!(contradictions > 10, "{contradictions}");
}
