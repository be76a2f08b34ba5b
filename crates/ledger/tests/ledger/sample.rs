//! Events to append.

use feriematch_ledger::{Draft, Event, Ledger, Payload};
use proptest::prelude::*;
use serde_json::{Value, json};

pub(crate) fn draft(actor: &str, payload: &Value) -> Draft {
    let time = "2026-04-01T09:00:00Z".parse().unwrap();
    Draft::new(time, actor, "", "note", Payload::of(payload).unwrap()).unwrap()
}

/// Returns notes with the numbers 1, 2, 3 ...
pub(crate) fn notes(count: u64) -> Vec<Draft> {
    (1..=count).map(|number| draft("anna", &json!({ "number": number }))).collect()
}

pub(crate) fn append(ledger: &mut Ledger, drafts: &[Draft]) {
    let head = ledger.head().unwrap();
    ledger.append(head, drafts).unwrap();
}

pub(crate) fn all(ledger: &mut Ledger) -> Vec<Event> {
    ledger.events(1).map(Result::unwrap).collect()
}

/// Returns any draft that a ledger takes.
pub(crate) fn any_draft() -> impl Strategy<Value = Draft> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    let value = scalar.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..4).prop_map(|members| members.into_iter().collect()),
        ]
    });
    // All years with four digits.
    let time = -62_167_219_200_i64..253_402_207_200;
    (time, "\\PC{1,12}", "(\\PC|\n){0,20}", "[a-z][a-z0-9-]{0,20}", value).prop_map(|(seconds, actor, reason, kind, payload)| {
        let time = jiff::Timestamp::from_second(seconds).unwrap();
        Draft::new(time, actor, reason, kind, Payload::of(&payload).unwrap()).unwrap()
    })
}
