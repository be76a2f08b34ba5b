use std::collections::BTreeMap;

use feriematch_rounds::{DecisionKind, Holding, Move, Offer, State, Step};
use jiff::ToSpan;
use proptest::prelude::*;

use crate::APRIL;

const APPLICANTS: u32 = 8;
const JOBS: u32 = 3;

fn applicant() -> impl Strategy<Value = String> {
    (0..APPLICANTS).prop_map(|number| format!("A-{number}"))
}

fn job() -> impl Strategy<Value = String> {
    (0..JOBS).prop_map(|number| format!("J-{number}"))
}

/// Any step, sensible or not, a number of days after the one before.
fn step() -> impl Strategy<Value = (i64, Step)> {
    let offers = prop::collection::vec((applicant(), job()), 1..4);
    let applicants = prop::collection::vec(applicant(), 1..3);
    let moves = prop::collection::vec((applicant(), job(), 1..3_u16, any::<bool>()), 0..3);
    let displaced = prop::collection::vec(applicant(), 0..3);
    let step = prop_oneof![
        6 => (1..4_u32, offers, moves).prop_map(|(round, offers, moves)| Step::Publish {
            round,
            deadline: APRIL + 6.days(),
            offers: offers
                .into_iter()
                .map(|(applicant, job)| Offer { applicant, job, stream: "district".into(), rank: Some(2) })
                .collect(),
            moves: moves
                .into_iter()
                .map(|(applicant, job, rank, agreed)| Move { applicant, job, stream: "district".into(), rank, agreed })
                .collect(),
            outcome: None,
        }),
        6 => (applicant(), any::<bool>()).prop_map(|(applicant, or_better)| Step::Accept { applicant, or_better }),
        3 => applicant().prop_map(|applicant| Step::Decline { applicant, because: String::new() }),
        1 => applicant().prop_map(|applicant| Step::Withdraw { applicant, because: String::new() }),
        2 => applicants.prop_map(|applicants| Step::Lapse { applicants }),
        4 => applicant().prop_map(|applicant| Step::Sign { applicant }),
        2 => (applicant(), job(), 0..3_u32).prop_map(|(applicant, job, minutes)| Step::Work { applicant, job, minutes }),
        2 => (job(), 0..3_u32, displaced).prop_map(|(job, places, displaced)| Step::Cut { job, places, displaced }),
        2 => (job(), 0..4_u32).prop_map(|(job, places)| Step::Grow { job, places }),
        1 => (job(), 1..3_u32).prop_map(|(job, count)| Step::Cede { to: "Vällingby".into(), places: [(job, count)].into() }),
        2 => (applicant(), job()).prop_map(|(applicant, job)| Step::Lock {
            applicant,
            job,
            stream: None,
            because: "promised".into(),
            by: "anna".into(),
        }),
        2 => (applicant(), job()).prop_map(|(applicant, job)| Step::Forbid {
            applicant,
            job,
            because: "siblings".into(),
            by: "anna".into(),
        }),
        1 => (applicant(), job()).prop_map(|(applicant, job)| Step::Release { applicant, job }),
        3 => (1..60_u64).prop_map(|step| Step::Undo { step }),
    ];
    (prop_oneof![9 => Just(0), 1 => 1..3_i64], step)
}

/// Asserts what must hold in every state.
fn assert_sound(state: &State) {
    let mut holders: BTreeMap<&str, u32> = BTreeMap::new();
    for (_, life) in state.lives() {
        if let Some(place) = &life.place {
            *holders.entry(&place.job).or_default() += 1;
            assert!(life.left.is_none(), "somebody who left has a place");
        }
    }
    for (job, all, held) in state.jobs() {
        assert_eq!(held, holders.remove(job).unwrap_or_default(), "{job} counts its holders wrongly");
        assert!(held <= all, "{job} has more holders than places");
    }
    assert!(holders.is_empty(), "somebody holds a place of a job that is not there");
    for round in state.rounds() {
        let counts = round.counts;
        let over = counts.declined + counts.lapsed + counts.withdrawn + counts.displaced + counts.moved;
        assert!(over <= counts.offered && counts.signed <= counts.accepted && counts.accepted <= counts.offered);
    }
    let (offered, over) = state.rounds().iter().fold((0, 0), |(offered, over), round| {
        let counts = round.counts;
        (offered + counts.offered, over + counts.declined + counts.lapsed + counts.withdrawn + counts.displaced + counts.moved)
    });
    let held: u32 = state.jobs().map(|(_, _, held)| held).sum();
    assert_eq!(offered, over + held, "an offer has come to nothing that is counted");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_state_is_sound_and_the_fold_of_its_steps(steps in prop::collection::vec(step(), 0..60)) {
        let mut day = APRIL;
        let mut state = State::new();
        state.take(day, Step::open("Feriejobb", (0..JOBS).map(|number| (format!("J-{number}"), 2)))).unwrap();
        state.take(day, Step::Draw { seed: "1".into() }).unwrap();
        let mut record = vec![(day, Step::open("Feriejobb", (0..JOBS).map(|number| (format!("J-{number}"), 2))))];
        record.push((day, Step::Draw { seed: "1".into() }));
        // The state before each step that stands, for what undoing must restore.
        let mut before = Vec::new();
        for (days, mut step) in steps {
            day += days.days();
            // Mostly undo what can be undone.
            if let Step::Undo { step } = &mut step && *step % 4 != 0 {
                *step = state.newest().unwrap().0;
            }
            if matches!(step, Step::Undo { .. }) && before.is_empty() {
                continue;
            }
            let past = state.clone();
            if state.take(day, step.clone()).is_err() {
                prop_assert_eq!(&state, &past);
                continue;
            }
            assert_sound(&state);
            let bytes = state.to_snapshot().unwrap();
            let kept = State::from_snapshot(&bytes).unwrap();
            prop_assert!(kept.lives().eq(state.lives()) && kept.jobs().eq(state.jobs()) && kept.rounds() == state.rounds());
            prop_assert!(kept.decisions().eq(state.decisions()) && kept.ceded().eq(state.ceded()));
            prop_assert_eq!(kept.to_snapshot().unwrap(), bytes);
            if matches!(step, Step::Undo { .. }) {
                let restored: State = before.pop().unwrap();
                prop_assert!(state.lives().eq(restored.lives()));
                prop_assert!(state.jobs().eq(restored.jobs()));
                prop_assert_eq!(state.rounds(), restored.rounds());
                prop_assert!(state.decisions().eq(restored.decisions()));
                prop_assert!(state.ceded().eq(restored.ceded()));
            } else {
                if let Step::Publish { offers, .. } = &step {
                    for (applicant, job, decision) in past.decisions() {
                        let gets = offers.iter().any(|offer| offer.applicant == applicant && offer.job == job);
                        prop_assert!(!gets || decision.kind != DecisionKind::Forbid, "a forbidden pair was offered");
                    }
                }
                // What is signed stays, unless its holder or its employer takes it back.
                for (applicant, life) in past.lives() {
                    let signed = life.place.as_ref().filter(|place| place.holding == Holding::Signed);
                    if signed.is_some() && !matches!(step, Step::Withdraw { .. } | Step::Cut { .. }) {
                        prop_assert_eq!(state.place_of(applicant), signed);
                    }
                }
                before.push(past);
            }
            record.push((day, step));
        }
        let mut replayed = State::new();
        for (day, step) in record {
            let written = Step::from_record(step.kind(), &step.payload().unwrap().to_string()).unwrap();
            replayed.take(day, written).unwrap();
        }
        prop_assert_eq!(replayed, state);
    }
}
