use feriematch_rounds::Step;
use serde_json::json;

use crate::{APRIL, publish};

/// Every kind of step, for what must hold for all of them.
fn all() -> Vec<Step> {
    let (applicant, job) = (|| "A-1".to_owned(), || "park".to_owned());
    vec![
        Step::open("Feriejobb", [("park", 2)]),
        Step::Commit { commitment: "ab".into() },
        Step::Draw { seed: "3 11".into() },
        publish(1, &[("A-1", "park")]),
        Step::Accept { applicant: applicant(), or_better: false },
        Step::Decline { applicant: applicant(), because: "other work".into() },
        Step::Withdraw { applicant: applicant(), because: "moved".into() },
        Step::Lapse { applicants: vec![applicant()] },
        Step::Sign { applicant: applicant() },
        Step::Work { applicant: applicant(), job: job(), minutes: 5_400 },
        Step::Cut { job: job(), places: 1, displaced: vec![applicant()] },
        Step::Grow { job: job(), places: 3 },
        Step::Undo { step: 4 },
    ]
}

#[test]
fn every_step_is_read_as_it_was_written() {
    for step in all() {
        let payload = step.payload().unwrap();
        assert!(payload.is_object(), "{step:?} is written as {payload}");
        assert_eq!(Step::from_record(step.kind(), &payload.to_string()).unwrap(), step);
    }
}

#[test]
fn a_step_is_written_plainly() {
    let expected = json!({
        "round": 1,
        "deadline": APRIL.checked_add(jiff::Span::new().days(10)).unwrap().to_string(),
        "offers": [{ "applicant": "A-1", "job": "park", "stream": "district", "rank": 1 }],
    });
    assert_eq!(publish(1, &[("A-1", "park")]).payload().unwrap(), expected);
}

#[test]
fn what_is_not_a_step_is_refused() {
    assert!(Step::from_record("promoted", "{}").is_err());
    assert!(Step::from_record("accepted", "{\"applicants\":[\"A-1\"]}").is_err());
    assert!(Step::from_record("published", "{\"round\":1,\"deadline\":\"2027-02-30\",\"offers\":[]}").is_err());
}
