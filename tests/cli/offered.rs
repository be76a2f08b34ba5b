//! A ledger in which many have an offer, made without a season's files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use feriematch_ledger::{Draft, Event, Head, Ledger, Location, Payload};
use feriematch_rounds::{Offer, Step};
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use crate::program::{Run, command, feriematch};

/// The day of the offers and of all answers.
pub(crate) const DAY: Date = date(2027, 4, 1);

/// A folder in which the program runs, and a ledger.
pub(crate) struct Offered {
    root: PathBuf,
    /// The ledger, as the program is told.
    pub(crate) at: String,
}

impl Offered {
    /// Makes a ledger with offers to `A-00000`, `A-00001` and so on, a hundred to a job.
    pub(crate) fn new(root: &Path, at: &str, offers: u32) -> Self {
        fs::create_dir_all(root.join("season")).expect("a folder");
        let offered = Self { root: root.to_owned(), at: at.to_owned() };
        let mut ledger = Ledger::create(&offered.location()).expect("a new ledger");
        let job = |number: u32| format!("J-{:03}", number / 100);
        let mut places: BTreeMap<String, u32> = BTreeMap::new();
        (0..offers).for_each(|number| *places.entry(job(number)).or_default() += 1);
        let offer = |number| Offer { applicant: id(number), job: job(number), stream: "district".into(), rank: Some(1) };
        let publish = Step::Publish {
            round: 1,
            deadline: date(2027, 4, 12),
            offers: (0..offers).map(offer).collect(),
            moves: Vec::new(),
            outcome: None,
        };
        let steps = [Step::open("Feriejobb 2027", places), Step::Draw { seed: "3 11 17".into() }, publish];
        ledger.append(Head::genesis(), &steps.map(|step| draft(&step))).expect("three events");
        offered
    }

    pub(crate) fn location(&self) -> Location {
        Location::parse(&self.at).expect("a path or a connection string")
    }

    pub(crate) fn ledger(&self) -> Ledger {
        Ledger::open(&self.location()).expect("a ledger")
    }

    /// Returns the arguments of a command on this ledger.
    pub(crate) fn args<'a>(&'a self, words: &[&'a str], args: &[&'a str]) -> Vec<&'a str> {
        let act = ["--by", "anna", "--date", "2027-04-01"];
        // Only what takes a step has somebody who takes it.
        let act: &[&str] = if matches!(words, ["status"] | ["ledger", "verify" | "log"]) { &[] } else { &act };
        [words, &["season", "--ledger", &self.at], act, args].concat()
    }

    #[track_caller]
    pub(crate) fn run(&self, words: &[&str], args: &[&str]) -> Run {
        feriematch(&self.root, self.args(words, args))
    }

    pub(crate) fn command(&self, words: &[&str], args: &[&str]) -> std::process::Command {
        let mut command = command(&self.root);
        command.args(self.args(words, args));
        command
    }

    /// Writes a file in which some accept, and returns its name.
    pub(crate) fn acceptances(&self, name: &str, numbers: impl IntoIterator<Item = u32>) -> String {
        let rows: String = numbers.into_iter().map(|number| format!("{};ja\n", id(number))).collect();
        fs::write(self.root.join(name), format!("applicant_id;answer\n{rows}")).expect("a file");
        name.to_owned()
    }

    /// Returns the events after the offers.
    pub(crate) fn answers(&self) -> Vec<Event> {
        self.ledger().events(4).map(|event| event.expect("an event")).collect()
    }

    #[track_caller]
    pub(crate) fn status(&self) -> Value {
        self.run(&["status"], &["--format", "json", "--date", "2027-04-01"]).succeeds().json()
    }
}

pub(crate) fn id(number: u32) -> String {
    format!("A-{number:05}")
}

/// Returns who an event is about.
pub(crate) fn who(event: &Event) -> String {
    let payload: Value = event.payload().get().expect("a payload");
    payload["applicant"].as_str().expect("an applicant").to_owned()
}

/// Returns a step as it is recorded.
pub(crate) fn draft(step: &Step) -> Draft {
    let mut payload = step.payload().expect("a payload");
    payload["day"] = json!(DAY.to_string());
    let payload = Payload::of(&payload).expect("whole numbers");
    Draft::new("2027-04-01T09:00:00Z".parse().expect("a time"), "bo", "", step.kind(), payload).expect("a draft")
}
