use feriematch_rounds::{Chain, Leaving, Link, Move, Source, Step, chains};

use crate::{APRIL, drawn, offer, publish};

fn to(applicant: &str, job: &str) -> Move {
    Move { applicant: applicant.into(), job: job.into(), stream: "district".into(), rank: 2, agreed: false }
}

fn waited(applicant: &str, job: &str) -> Link {
    Link { applicant: applicant.into(), rank: Some(1), from: None, to: job.into() }
}

fn moved(applicant: &str, from: &str, to: &str) -> Link {
    Link { applicant: applicant.into(), rank: Some(2), from: Some((from.into(), Some(1))), to: to.into() }
}

fn decline(applicant: &str) -> Step {
    Step::Decline { applicant: applicant.into(), because: "other work".into() }
}

#[test]
fn a_place_given_up_begins_a_chain() {
    let mut state = drawn();
    state.take(APRIL, publish(1, &[("A", "park"), ("B", "park"), ("C", "library")])).unwrap();
    state.take(APRIL, decline("C")).unwrap();
    let given_up = Source::GivenUp { applicant: "C".into(), day: APRIL, leaving: Leaving::Declined("other work".into()) };
    let expected = Chain { source: given_up, links: vec![moved("A", "park", "library"), waited("D", "park")] };
    assert_eq!(chains(&state, &[offer("D", "park")], &[to("A", "library")]), [expected]);
}

#[test]
fn the_first_round_takes_what_was_free() {
    let free = |job: &str, applicant: &str| Chain { source: Source::Free, links: vec![waited(applicant, job)] };
    let offers = [offer("B", "park"), offer("A", "park"), offer("C", "library")];
    assert_eq!(chains(&drawn(), &offers, &[]), [free("library", "C"), free("park", "A"), free("park", "B")]);
}

#[test]
fn a_circle_has_no_source() {
    let mut state = drawn();
    state.take(APRIL, publish(1, &[("A", "park"), ("C", "library")])).unwrap();
    state.take(APRIL, Step::Cut { job: "park".into(), places: 1, displaced: vec![] }).unwrap();
    let circle = Chain { source: Source::Circle, links: vec![moved("A", "park", "library"), moved("C", "library", "park")] };
    assert_eq!(chains(&state, &[], &[to("C", "park"), to("A", "library")]), [circle]);
}

#[test]
fn every_place_that_somebody_gets_is_told_once() {
    let mut state = drawn();
    state.take(APRIL, publish(1, &[("A", "park"), ("B", "park"), ("C", "library")])).unwrap();
    state.take(APRIL, decline("B")).unwrap();
    let (offers, moves) = ([offer("D", "library"), offer("E", "park")], [to("C", "park")]);
    let told = chains(&state, &offers, &moves);
    // One of the two who come to the park takes what B gave up; the other one's place was never held.
    assert_eq!(told.iter().map(|chain| chain.links.len()).sum::<usize>(), 3);
    assert_eq!(told[0].links, [moved("C", "library", "park"), waited("D", "library")]);
    assert!(matches!(&told[0].source, Source::GivenUp { applicant, .. } if applicant == "B"));
    assert_eq!(told[1], Chain { source: Source::Free, links: vec![waited("E", "park")] });
}
