//! Seasons step by step, and any sequence of steps.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod by_hand;
mod chains;
mod moves;
mod random;
mod refusals;
mod snapshots;
mod written;

use feriematch_rounds::{Move, Offer, State, Step};
use jiff::civil::{Date, date};

const APRIL: Date = date(2027, 4, 1);

fn offer(applicant: &str, job: &str) -> Offer {
    Offer { applicant: applicant.into(), job: job.into(), stream: "district".into(), rank: Some(1) }
}

fn publish(round: u32, offers: &[(&str, &str)]) -> Step {
    let offers = offers.iter().map(|(applicant, job)| offer(applicant, job)).collect();
    publish_moving(round, offers, vec![])
}

fn publish_moving(round: u32, offers: Vec<Offer>, moves: Vec<Move>) -> Step {
    let deadline = APRIL.checked_add(jiff::Span::new().days(i64::from(round) * 10)).unwrap();
    Step::Publish { round, deadline, offers, moves, outcome: None }
}

/// A season with two places in the park and one in the library, and the lottery drawn.
fn drawn() -> State {
    let mut state = State::new();
    state.take(APRIL, Step::open("Feriejobb 2027", [("park", 2), ("library", 1)])).unwrap();
    state.take(APRIL, Step::Draw { seed: "3 11 17".into() }).unwrap();
    state
}
