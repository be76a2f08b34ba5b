use feriematch_rounds::{Counts, Holding, Move, Refusal, State, Step};

use crate::{APRIL, drawn, offer, publish, publish_moving};

fn to(applicant: &str, job: &str, rank: u16, agreed: bool) -> Move {
    Move { applicant: applicant.into(), job: job.into(), stream: "district".into(), rank, agreed }
}

/// A and B have been offered the park, where nothing else is free.
fn offered() -> State {
    let mut state = drawn();
    let second_wish = |applicant| feriematch_rounds::Offer { rank: Some(2), ..offer(applicant, "park") };
    state.take(APRIL, publish_moving(1, vec![second_wish("A"), second_wish("B")], vec![])).unwrap();
    state
}

#[test]
fn a_move_makes_room_and_is_to_be_answered() {
    let mut state = offered();
    state.take(APRIL, Step::Accept { applicant: "A".into(), or_better: false }).unwrap();
    // C can take the park only if A goes to the library.
    let full = Refusal::Full { job: "park".into(), places: 2, holders: 3 };
    assert_eq!(state.take(APRIL, publish(2, &[("C", "park")])), Err(full));
    state.take(APRIL, publish_moving(2, vec![offer("C", "park")], vec![to("A", "library", 3, false)])).unwrap();
    let place = state.place_of("A").unwrap();
    assert_eq!((&*place.job, place.holding, place.round), ("library", Holding::Offered, 2));
    assert_eq!(state.life("A").unwrap().had.as_deref(), Some("park"));
    assert_eq!(state.rounds()[0].counts, Counts { offered: 2, accepted: 1, moved: 1, ..Counts::default() });
    assert_eq!(state.rounds()[1].counts, Counts { offered: 2, ..Counts::default() });
    assert_eq!(state.free(), 0);
}

#[test]
fn who_agreed_to_move_up_has_accepted() {
    let mut state = offered();
    state.take(APRIL, Step::Accept { applicant: "A".into(), or_better: true }).unwrap();
    state.take(APRIL, publish_moving(2, vec![], vec![to("A", "library", 1, true)])).unwrap();
    let place = state.place_of("A").unwrap();
    assert_eq!((place.holding, place.or_better), (Holding::Accepted, true));
    assert_eq!(state.rounds()[1].counts, Counts { offered: 1, accepted: 1, ..Counts::default() });
}

#[test]
fn nobody_moves_who_may_not() {
    let mut state = offered();
    state.take(APRIL, Step::Accept { applicant: "A".into(), or_better: true }).unwrap();
    state.take(APRIL, Step::Accept { applicant: "B".into(), or_better: false }).unwrap();
    let refused =
        |state: &State, movement: Move| state.clone().take(APRIL, publish_moving(2, vec![], vec![movement])).unwrap_err();
    let not_agreed =
        |applicant: &str| Refusal::NotAgreed { applicant: applicant.into(), job: "park".into(), to: "library".into() };
    assert_eq!(refused(&state, to("B", "library", 1, true)), not_agreed("B"));
    // The library is no better a wish than the park.
    assert_eq!(refused(&state, to("A", "library", 2, true)), not_agreed("A"));
    assert_eq!(refused(&state, to("A", "park", 1, false)), Refusal::NoMove { applicant: "A".into(), job: "park".into() });
    assert_eq!(refused(&state, to("C", "park", 1, false)), Refusal::NoOffer { applicant: "C".into() });
    state.take(APRIL, Step::Sign { applicant: "A".into() }).unwrap();
    let signed = Refusal::SignedStays { applicant: "A".into(), job: "park".into() };
    assert_eq!(refused(&state, to("A", "library", 1, true)), signed);
}

#[test]
fn two_may_change_places() {
    let mut state = drawn();
    state.take(APRIL, publish(1, &[("A", "park"), ("B", "park"), ("C", "library")])).unwrap();
    state.take(APRIL, publish_moving(2, vec![], vec![to("A", "library", 1, false), to("C", "park", 1, false)])).unwrap();
    assert_eq!(state.free(), 0);
    assert_eq!(&*state.place_of("C").unwrap().job, "park");
}
