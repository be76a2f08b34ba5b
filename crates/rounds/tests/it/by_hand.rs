use feriematch_rounds::{Refusal, State, Step};

use crate::{APRIL, drawn, publish};

fn lock(applicant: &str, job: &str) -> Step {
    Step::Lock { applicant: applicant.into(), job: job.into(), stream: None, because: "promised".into(), by: "anna".into() }
}

fn forbid(applicant: &str, job: &str) -> Step {
    Step::Forbid { applicant: applicant.into(), job: job.into(), because: "siblings".into(), by: "bo".into() }
}

fn release(applicant: &str, job: &str) -> Step {
    Step::Release { applicant: applicant.into(), job: job.into() }
}

fn cede(job: &str, count: u32) -> Step {
    Step::Cede { to: "Hässelby-Vällingby".into(), places: [(job.to_owned(), count)].into() }
}

fn refused(state: &State, step: Step) -> Refusal {
    state.clone().take(APRIL, step).unwrap_err()
}

#[test]
fn decisions_by_hand_hold_until_they_are_released() {
    let mut state = drawn();
    state.take(APRIL, lock("A", "library")).unwrap();
    state.take(APRIL, forbid("B", "park")).unwrap();
    let by_anna = Refusal::Decided {
        applicant: "A".into(),
        job: "library".into(),
        how: "locked",
        by: "anna".into(),
        because: "promised".into(),
    };
    assert_eq!(refused(&state, lock("A", "park")), by_anna);
    assert_eq!(refused(&state, forbid("A", "library")), by_anna);
    assert_eq!(refused(&state, lock("C", "library")), Refusal::Full { job: "library".into(), places: 1, holders: 2 });
    assert_eq!(refused(&state, lock("C", "pool")), Refusal::UnknownJob { job: "pool".into() });
    assert!(matches!(refused(&state, publish(1, &[("B", "park")])), Refusal::Decided { how: "forbade", .. }));
    state.take(APRIL, release("B", "park")).unwrap();
    assert_eq!(refused(&state, release("B", "park")), Refusal::NotDecided { applicant: "B".into(), job: "park".into() });
    state.take(APRIL, publish(1, &[("B", "park"), ("A", "library")])).unwrap();
    assert_eq!(state.decisions().map(|(applicant, job, _)| (applicant, job)).collect::<Vec<_>>(), [("A", "library")]);
    assert_eq!(refused(&state, forbid("B", "park")), Refusal::HasPlace { applicant: "B".into(), job: "park".into() });
    assert_eq!(refused(&state, lock("B", "library")), Refusal::HasPlace { applicant: "B".into(), job: "park".into() });
}

#[test]
fn only_free_places_are_ceded() {
    let mut state = drawn();
    state.take(APRIL, publish(1, &[("A", "park")])).unwrap();
    assert_eq!(refused(&state, cede("park", 2)), Refusal::NotFree { job: "park".into(), free: 1, places: 2 });
    assert_eq!(refused(&state, cede("park", 0)), Refusal::NotFree { job: "park".into(), free: 1, places: 0 });
    state.take(APRIL, cede("park", 1)).unwrap();
    state.take(APRIL, cede("library", 1)).unwrap();
    assert_eq!((state.places("park"), state.free()), (Some(1), 0));
    assert_eq!(state.ceded().collect::<Vec<_>>(), [("Hässelby-Vällingby", 2)]);
}

#[test]
fn what_is_worked_needs_a_contract_and_may_be_approved_otherwise() {
    let mut state = drawn();
    let work = |minutes| Step::Work { applicant: "A-1".into(), job: "park".into(), minutes };
    state.take(APRIL, publish(1, &[("A-1", "park")])).unwrap();
    state.take(APRIL, Step::Accept { applicant: "A-1".into(), or_better: false }).unwrap();
    let unsigned = Refusal::NotSigned { applicant: "A-1".into(), job: "park".into() };
    assert_eq!(state.take(APRIL, work(60)), Err(unsigned));
    state.take(APRIL, Step::Sign { applicant: "A-1".into() }).unwrap();
    state.take(APRIL, work(60)).unwrap();
    let again = Refusal::Approved { applicant: "A-1".into(), job: "park".into(), minutes: 60 };
    assert_eq!(state.take(APRIL, work(60)), Err(again));
    // Who leaves has worked all the same.
    state.take(APRIL, Step::Withdraw { applicant: "A-1".into(), because: "school".into() }).unwrap();
    state.take(APRIL, work(90)).unwrap();
    let worked = |state: &State| state.life("A-1").unwrap().contracts[0].worked;
    assert_eq!(worked(&state), Some(90));
    let (step, _, _) = state.newest().unwrap();
    state.take(APRIL, Step::Undo { step }).unwrap();
    assert_eq!(worked(&state), Some(60));
}
