//! Outcomes that were changed after the run, or whose season was: `verify` refutes each for the right reason.

use std::collections::{BTreeMap, BTreeSet};

use feriematch_model::{Evidence, LotteryNumber, Outcome, Placed, StageReason, Verdict};

use crate::season_folder::{SeasonFolder, placed};

/// A season, its outcome and the applicants' wishes. Every applicant may take every job.
struct Subject {
    season: SeasonFolder,
    outcome: Outcome,
    wishes: BTreeMap<String, Vec<String>>,
}

impl Subject {
    fn new() -> Self {
        let season = SeasonFolder::drawn(300, 40, 150, 5).matched(&[]);
        season.verifies();
        let outcome = season.outcome();
        let wishes = season.table("applicants.csv");
        let wishes = wishes.iter().map(|row| {
            let list = row.get("wishes").split(" > ").map(str::to_owned).collect();
            (row.get("applicant_id").to_owned(), list)
        });
        let wishes = wishes.collect();
        Self { season, outcome, wishes }
    }

    /// Returns the rank at which an applicant wished for a job.
    fn rank(&self, applicant: &str, job: &str) -> Option<u16> {
        self.wishes[applicant].iter().position(|wish| wish == job).map(|at| at as u16 + 1)
    }

    /// Returns the rows of two decisions whose places satisfy a condition.
    fn pair(&self, condition: impl Fn(&str, &Placed, &str, &Placed) -> bool) -> (usize, usize) {
        let row = |id: &str| self.outcome.decisions.iter().position(|d| d.applicant == id).expect("a decision");
        let mut pairs = placed(&self.outcome).flat_map(|a| placed(&self.outcome).map(move |b| (a, b)));
        let found = pairs.find(|((a, at), (b, bt))| at.job != bt.job && condition(a, at, b, bt));
        let ((a, _), (b, _)) = found.expect("such a pair");
        (row(a), row(b))
    }

    /// Returns the place of the decision in a row.
    fn place(&mut self, row: usize) -> &mut Placed {
        match &mut self.outcome.decisions[row].verdict {
            Verdict::Placed(placed) => placed,
            verdict => panic!("{verdict:?} is no place"),
        }
    }

    /// Puts the forged outcome in the place of the true one.
    fn forge(&self) {
        self.season.write("outcome/outcome.json", serde_json::to_vec(&self.outcome).expect("an outcome is JSON"));
    }

    /// Asserts that `verify` refutes what is there now, with one code among others.
    #[track_caller]
    fn is_refuted(&self, code: &str) {
        let report = self.season.run("verify", ["--format", "json"]).ends_with(1).json();
        assert_eq!(report["verified"], false);
        let refutations = report["refutations"].as_array().expect("a list");
        let codes: BTreeSet<&str> = refutations.iter().filter_map(|r| r["code"].as_str()).collect();
        assert!(codes.contains(code), "{code} is not among {refutations:#?}");
        self.season.run("verify", []).ends_with(1).says(&format!("refuted[{code}]: "));
    }

    #[track_caller]
    fn forged_is_refuted(&self, code: &str) {
        self.forge();
        self.is_refuted(code);
    }
}

#[test]
fn swapped_places_that_were_not_wished_for() {
    let mut subject = Subject::new();
    let (a, b) = subject.pair(|a, at, b, bt| subject.rank(a, &bt.job).is_none() && subject.rank(b, &at.job).is_none());
    let (one, other) = (subject.place(a).job.clone(), subject.place(b).job.clone());
    subject.place(a).job = other;
    subject.place(b).job = one;
    subject.forged_is_refuted("not-wished");
}

#[test]
fn swapped_places_that_were_wished_for_but_cost_more() {
    let mut subject = Subject::new();
    let swapped = |a: &str, at: &Placed, b: &str, bt: &Placed| Some(subject.rank(a, &bt.job)? + subject.rank(b, &at.job)?);
    let dearer = |a: &str, at: &Placed, b: &str, bt: &Placed| {
        let now = at.rank.zip(bt.rank).map(|(a, b)| a + b);
        swapped(a, at, b, bt).is_some_and(|sum| Some(sum) > now)
    };
    let (a, b) = subject.pair(dearer);
    let (one, other) = (subject.place(a).job.clone(), subject.place(b).job.clone());
    let ids = [a, b].map(|row| subject.outcome.decisions[row].applicant.clone());
    let ranks = [subject.rank(&ids[0], &other), subject.rank(&ids[1], &one)];
    (subject.place(a).job, subject.place(a).rank) = (other, ranks[0]);
    (subject.place(b).job, subject.place(b).rank) = (one, ranks[1]);
    subject.forged_is_refuted("cost");
    subject.is_refuted("dear-place");
}

#[test]
fn a_lottery_number_that_was_not_drawn() {
    let mut subject = Subject::new();
    let lottery = &mut subject.outcome.decisions[17].lottery;
    *lottery = LotteryNumber(lottery.0 / 2);
    subject.forged_is_refuted("lottery-number");
}

#[test]
fn a_position_that_does_not_follow_from_the_lottery() {
    let mut subject = Subject::new();
    let (first, rest) = subject.outcome.decisions.split_at_mut(1);
    std::mem::swap(&mut first[0].position, &mut rest[0].position);
    subject.forged_is_refuted("position");
}

#[test]
fn a_job_with_more_youths_than_places() {
    let mut subject = Subject::new();
    let waiting = |d: &feriematch_model::Decision| matches!(d.verdict, Verdict::Waiting { .. });
    let row = subject.outcome.decisions.iter().position(waiting).expect("somebody waits");
    let job = subject.wishes[&subject.outcome.decisions[row].applicant][0].clone();
    let (_, neighbour) = placed(&subject.outcome).find(|(_, place)| place.job == job).expect("the job is full");
    let place = Placed { rank: Some(1), ..neighbour.clone() };
    subject.outcome.decisions[row].verdict = Verdict::Placed(place);
    subject.forged_is_refuted("over-capacity");
}

#[test]
fn an_applicant_who_was_left_out() {
    let mut subject = Subject::new();
    subject.outcome.decisions.remove(100);
    subject.forged_is_refuted("missing-applicant");
}

#[test]
fn somebody_refused_for_somebody_behind() {
    let mut subject = Subject::new();
    // The last who was placed makes room for the last on the waiting list who wished for the same job.
    let behind = |d: &feriematch_model::Decision| matches!(d.verdict, Verdict::Waiting { .. });
    let mut waiting: Vec<usize> =
        (0..subject.outcome.decisions.len()).filter(|&row| behind(&subject.outcome.decisions[row])).collect();
    waiting.sort_by_key(|&row| std::cmp::Reverse(subject.outcome.decisions[row].position));
    let found = waiting.into_iter().find_map(|row| {
        let id = &subject.outcome.decisions[row].applicant;
        let (holder, place) = placed(&subject.outcome).find(|(_, place)| subject.rank(id, &place.job).is_some())?;
        Some((row, holder.to_owned(), Placed { rank: subject.rank(id, &place.job), ..place.clone() }))
    });
    let (row, holder, place) = found.expect("somebody who waits wished for a job that is taken");
    let holder = subject.outcome.decisions.iter().position(|d| d.applicant == holder).expect("a decision");
    subject.outcome.decisions[row].verdict = Verdict::Placed(place);
    subject.outcome.decisions[holder].verdict = Verdict::Waiting { reasons: vec![StageReason::Full] };
    subject.forged_is_refuted("not-shown");
}

#[test]
fn a_reason_that_does_not_hold() {
    let mut subject = Subject::new();
    let reasons = subject.outcome.decisions.iter_mut().find_map(|d| match &mut d.verdict {
        Verdict::Waiting { reasons } => Some(reasons),
        _ => None,
    });
    reasons.expect("somebody waits")[0] = StageReason::NoEligibleJob;
    subject.forged_is_refuted("reason");
}

#[test]
fn a_price_that_was_changed() {
    let mut subject = Subject::new();
    let Evidence::Certificate { placement, .. } = &mut subject.outcome.stages[0].evidence else { panic!("no certificate") };
    let price = placement.jobs.values_mut().find(|price| **price > 0).expect("a job with a price");
    *price += 1_000;
    subject.forged_is_refuted("dear-place");
    let Evidence::Certificate { placement, .. } = &mut subject.outcome.stages[0].evidence else { panic!("no certificate") };
    placement.jobs.values_mut().for_each(|price| *price = -*price);
    subject.forged_is_refuted("negative-price");
}

#[test]
fn a_cost_that_was_changed() {
    let mut subject = Subject::new();
    let Evidence::Certificate { placement, .. } = &mut subject.outcome.stages[0].evidence else { panic!("no certificate") };
    placement.cost -= 1;
    subject.forged_is_refuted("cost");
}

#[test]
fn another_seed() {
    let mut subject = Subject::new();
    subject.outcome.seed = "another".to_owned();
    subject.forged_is_refuted("lottery-number");
}

#[test]
fn files_that_changed_after_the_run() {
    let subject = Subject::new();
    let applicants = subject.season.read("applicants.csv");
    let (header, rows) = applicants.split_once('\n').expect("a header");
    let (first, rest) = rows.split_once('\n').expect("a row");
    let (kept, _) = first.rsplit_once(" > ").expect("several wishes");
    subject.season.write("applicants.csv", format!("{header}\n{kept}\n{rest}"));
    subject.is_refuted("season-changed");
    subject.season.write("applicants.csv", applicants);
    subject.season.verifies();
}

#[test]
fn a_list_that_was_edited() {
    let subject = Subject::new();
    for (name, code) in [("offers.csv", ";1;ranking;"), ("waiting-list.csv", ";full"), ("jobs.csv", ";A-")] {
        let path = format!("outcome/{name}");
        let list = subject.season.read(&path);
        subject.season.write(&path, list.replacen(code, &code.replace(['1', 'f', 'A'], "2"), 1));
        subject.is_refuted("list-differs");
        subject.season.run("verify", []).says(&format!("refuted[list-differs]: {name} "));
        subject.season.write(&path, list);
        subject.season.verifies();
    }
}

#[test]
fn what_is_no_outcome_at_all() {
    let subject = Subject::new();
    subject.season.write("outcome/outcome.json", "{\"format\":1}");
    subject.season.run("verify", []).ends_with(3).complains("outcome.json is not an outcome");
}

#[test]
fn an_outcome_can_be_verified_away_from_its_folder() {
    let subject = Subject::new();
    let published = subject.season.root().join("published.json");
    std::fs::rename(subject.season.path("outcome/outcome.json"), &published).expect("a file to move");
    subject.season.run("verify", []).ends_with(2);
    subject.season.run("verify", ["--outcome", "published.json"]).succeeds().says("Verified: ");
}
