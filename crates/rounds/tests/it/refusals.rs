use feriematch_rounds::{Counts, Holding, Leaving, Refusal, State, Step};
use jiff::civil::{Date, date};

use crate::{APRIL, drawn, publish};

const LATER: Date = date(2027, 4, 12);

fn accept(applicant: &str) -> Step {
    Step::Accept { applicant: applicant.into(), or_better: false }
}

fn decline(applicant: &str) -> Step {
    Step::Decline { applicant: applicant.into(), because: "other work".into() }
}

fn sign(applicant: &str) -> Step {
    Step::Sign { applicant: applicant.into() }
}

fn lapse(applicants: &[&str]) -> Step {
    Step::Lapse { applicants: applicants.iter().map(|&applicant| applicant.to_owned()).collect() }
}

fn cut(places: u32, displaced: &[&str]) -> Step {
    Step::Cut { job: "park".into(), places, displaced: displaced.iter().map(|&a| a.to_owned()).collect() }
}

/// Asserts that a step is refused, and that nothing changes.
#[track_caller]
fn assert_refused(state: &mut State, day: Date, step: Step, refusal: Refusal) {
    let before = state.clone();
    assert_eq!(state.take(day, step), Err(refusal));
    assert_eq!(*state, before);
}

#[test]
fn a_season_is_opened_once_and_first() {
    let mut state = State::new();
    assert_refused(&mut state, APRIL, Step::Draw { seed: "1".into() }, Refusal::NotOpen);
    state.take(APRIL, Step::open("Feriejobb", [("park", 1)])).unwrap();
    assert_refused(&mut state, APRIL, Step::open("Feriejobb", [("park", 1)]), Refusal::OpenAlready);
    assert_refused(&mut state, APRIL, publish(1, &[("A", "park")]), Refusal::NotDrawn);
}

#[test]
fn a_lottery_is_drawn_once_and_nothing_is_committed_to_after() {
    let mut state = drawn();
    let seed = || "3 11 17".to_owned();
    assert_refused(&mut state, APRIL, Step::Draw { seed: "other".into() }, Refusal::Drawn { seed: seed() });
    assert_refused(&mut state, APRIL, Step::Commit { commitment: "ab".into() }, Refusal::Drawn { seed: seed() });
}

#[test]
fn offers_fit_the_places_and_the_people() {
    let mut state = drawn();
    let full = Refusal::Full { job: "library".into(), places: 1, holders: 2 };
    assert_refused(&mut state, APRIL, publish(1, &[("A", "library"), ("B", "library")]), full);
    let unknown = Refusal::UnknownJob { job: "zoo".into() };
    assert_refused(&mut state, APRIL, publish(1, &[("A", "zoo")]), unknown);
    assert_refused(&mut state, APRIL, publish(1, &[]), Refusal::Nobody);
    assert_refused(&mut state, APRIL, publish(2, &[("A", "park")]), Refusal::Round { round: 2, next: 1 });
    let twice = Refusal::Twice { applicant: "A".into() };
    assert_refused(&mut state, APRIL, publish(1, &[("A", "park"), ("A", "library")]), twice);
    let past = date(2027, 4, 11);
    assert_refused(&mut state, past, publish(1, &[("A", "park")]), Refusal::Deadline { deadline: past, day: past });
    state.take(APRIL, publish(1, &[("A", "park")])).unwrap();
    let has = Refusal::HasPlace { applicant: "A".into(), job: "park".into() };
    assert_refused(&mut state, APRIL, publish(2, &[("A", "library")]), has);
}

#[test]
fn an_answer_is_given_once_and_in_time() {
    let mut state = drawn();
    state.take(APRIL, publish(1, &[("A", "park"), ("B", "park"), ("C", "library")])).unwrap();
    assert_refused(&mut state, APRIL, accept("D"), Refusal::NoOffer { applicant: "D".into() });
    assert_refused(
        &mut state,
        APRIL,
        sign("A"),
        Refusal::NotAccepted { applicant: "A".into(), job: "park".into(), holding: Holding::Offered },
    );
    state.take(APRIL, accept("A")).unwrap();
    let again = Refusal::Answered { applicant: "A".into(), job: "park".into(), holding: Holding::Accepted };
    assert_refused(&mut state, APRIL, accept("A"), again.clone());
    assert_refused(&mut state, APRIL, decline("A"), again);
    state.take(APRIL, decline("B")).unwrap();
    let left = Refusal::Left { applicant: "B".into(), day: APRIL, how: "declined" };
    assert_refused(&mut state, APRIL, accept("B"), left.clone());
    assert_refused(&mut state, APRIL, publish(2, &[("B", "park")]), left);
    let early = Refusal::TooEarly { applicant: "C".into(), deadline: date(2027, 4, 11) };
    assert_refused(&mut state, APRIL, lapse(&["C"]), early);
    assert_refused(&mut state, LATER, accept("C"), Refusal::TooLate { deadline: date(2027, 4, 11) });
    assert_eq!(state.overdue(LATER).map(|(applicant, _)| applicant).collect::<Vec<_>>(), ["C"]);
    state.take(LATER, lapse(&["C"])).unwrap();
    assert_eq!(state.life("C").unwrap().left, Some((LATER, Leaving::Lapsed)));
    assert_refused(&mut state, APRIL, sign("A"), Refusal::Backwards { day: APRIL, last: LATER });
    state.take(LATER, sign("A")).unwrap();
    let counts = Counts { offered: 3, accepted: 1, declined: 1, lapsed: 1, signed: 1, ..Counts::default() };
    assert_eq!(state.rounds()[0].counts, counts);
    assert_eq!((state.free_places("park"), state.free_places("library")), (1, 1));
}

#[test]
fn nobody_loses_a_place_who_need_not() {
    let mut state = drawn();
    state.take(APRIL, publish(1, &[("A", "park"), ("B", "park"), ("C", "library")])).unwrap();
    let full = Refusal::Full { job: "park".into(), places: 1, holders: 2 };
    assert_refused(&mut state, APRIL, cut(1, &[]), full);
    let many = Refusal::TooMany { job: "park".into(), places: 1, holders: 0 };
    assert_refused(&mut state, APRIL, cut(1, &["A", "B"]), many);
    let elsewhere = Refusal::NotThere { applicant: "C".into(), job: "park".into() };
    assert_refused(&mut state, APRIL, cut(1, &["C"]), elsewhere);
    let none = Refusal::NoChange { job: "park".into(), now: 2, places: 2, change: "cut" };
    assert_refused(&mut state, APRIL, cut(2, &[]), none);
    state.take(APRIL, cut(1, &["B"])).unwrap();
    assert_eq!((state.life("B").unwrap().displaced, state.free_places("park")), (Some(APRIL), 0));
    state.take(APRIL, Step::Grow { job: "zoo".into(), places: 1 }).unwrap();
    state.take(APRIL, publish(2, &[("B", "zoo")])).unwrap();
    assert_eq!(state.life("B").unwrap().displaced, None);
}

#[test]
fn only_the_newest_step_that_stands_is_undone() {
    let mut state = drawn();
    let before = state.clone();
    state.take(APRIL, publish(1, &[("A", "park")])).unwrap();
    state.take(APRIL, accept("A")).unwrap();
    assert_refused(&mut state, APRIL, Step::Undo { step: 3 }, Refusal::NotNewest { step: 3, newest: 4 });
    state.take(APRIL, Step::Undo { step: 4 }).unwrap();
    assert_eq!(state.place_of("A").unwrap().holding, Holding::Offered);
    state.take(APRIL, Step::Undo { step: 3 }).unwrap();
    assert_eq!(state.lives().count(), 0);
    assert_eq!(state.newest().map(|(number, _, _)| number), before.newest().map(|(number, _, _)| number));
    state.take(APRIL, publish(1, &[("B", "park")])).unwrap();
    assert_eq!(state.newest().unwrap().0, 7);
    assert_refused(&mut State::new(), APRIL, Step::Undo { step: 1 }, Refusal::NothingToUndo);
    assert_refused(&mut drawn(), APRIL, Step::Undo { step: 2 }, Refusal::DrawStands);
}
