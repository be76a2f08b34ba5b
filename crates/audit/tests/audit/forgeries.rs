//! Every way of forging an outcome that we can think of, and what the audit says to it.

use feriematch_audit::{PaidPlace, Priced, Refutation, SeasonPart, audit};
use feriematch_model::*;
use jiff::civil::{date, time};

use crate::builder::{Builder, set, stream};
use crate::reference::Reference;

const SEED: &str = "public seed";

/// A season in which everything happens. In ranking order:
///
/// | who | wishes | gets |
/// |---|---|---|
/// | a1 | a > b | a |
/// | a2 | a > c | c, all that the cap of traffic allows |
/// | a3 | a = b > c | b |
/// | a4 | a > b | nothing: the three ahead fill a, b and c |
/// | a5 | c > d | d, paid by the grant, whose cap is 1 |
/// | a6 | b > d, lives in south, whose cap is 0 | nothing |
/// | a7 | nothing | e, locked |
/// | a8 | z, for adults only | nothing |
/// | a9 | f | f |
pub(crate) fn season() -> Season {
    let mut grant = stream("grant", Payer::External);
    grant.cap = Some(1);
    grant.classes = set(&[2, 3, 4, 5, 6, 7, 8]);
    Builder::new()
        .with(|s| {
            s.streams.push(grant);
            s.districts[1].cap = Some(0);
            s.departments[0].cap = Some(1);
        })
        .job("a", 1)
        .job("b", 1)
        .with_job(|j| j.streams = set(&[0, 1]))
        .job("c", 2)
        .with_job(|j| j.employer = Employer::Department(DepartmentIx::new(0)))
        .job("d", 2)
        .with_job(|j| j.streams = set(&[1]))
        .job("e", 1)
        .with_job(|j| j.streams = set(&[0, 1]))
        .job("f", 1)
        .job("g", 1)
        .job("z", 1)
        .with_job(|j| j.open_to = set(&[1]))
        .applicant("a1", "a > b")
        .applicant("a2", "a > c")
        .applicant("a3", "a = b > c")
        .applicant("a4", "a > b")
        .applicant("a5", "c > d")
        .applicant("a6", "b > d")
        .with_applicant(|a| a.home_district = DistrictIx::new(1))
        .applicant("a7", "")
        .applicant("a8", "z")
        .applicant("a9", "f")
        .decide(OverrideKind::Lock, "a7", "e")
        .build()
}

pub(crate) fn place(outcome: &mut Outcome, applicant: &str, job: &str, stream: &str, rank: Option<u16>) {
    let (job, stream) = (job.to_owned(), stream.to_owned());
    *verdict(outcome, applicant) = Verdict::Placed(Placed { job, stream, rank, by: PlacedBy::Ranking });
}

fn placed<'a>(outcome: &'a mut Outcome, applicant: &str) -> &'a mut Placed {
    let Verdict::Placed(placed) = verdict(outcome, applicant) else { panic!("{applicant} has no place") };
    placed
}

pub(crate) fn drop_place(outcome: &mut Outcome, applicant: &str) {
    let reasons = vec![StageReason::Full, StageReason::NoEligibleJob];
    *verdict(outcome, applicant) = Verdict::Waiting { reasons };
}

pub(crate) fn verdict<'a>(outcome: &'a mut Outcome, applicant: &str) -> &'a mut Verdict {
    &mut outcome.decisions.iter_mut().find(|d| d.applicant == applicant).unwrap().verdict
}

fn selection(outcome: &mut Outcome, stage: usize) -> &mut SelectionEvidence {
    match &mut outcome.stages[stage].evidence {
        Evidence::Certificate { selection, .. } => selection,
        _ => panic!("no certificate"),
    }
}

fn prices(outcome: &mut Outcome, stage: usize) -> &mut PlacementEvidence {
    match &mut outcome.stages[stage].evidence {
        Evidence::Certificate { placement, .. } => placement,
        _ => panic!("no certificate"),
    }
}

/// Forges an outcome of the season and returns what the audit says.
fn refutations(mechanism: Mechanism, forge: impl FnOnce(&mut Outcome)) -> Vec<Refutation> {
    let season = season();
    let mut outcome = Reference::new(&season, SEED).decide(mechanism);
    assert!(audit(&season, &outcome).is_ok());
    forge(&mut outcome);
    audit(&season, &outcome).expect_err("the forgery passes")
}

/// Asserts that a forgery is refuted by exactly the given kinds.
fn codes(forge: impl FnOnce(&mut Outcome), expected: &[&str]) {
    let found = refutations(Mechanism::Priority, forge);
    let mut found: Vec<&str> = found.iter().map(Refutation::code).collect();
    found.dedup();
    assert_eq!(found, expected);
}

/// Asserts that a forgery is refuted by one finding and no other.
fn only(forge: impl FnOnce(&mut Outcome), expected: &Refutation) {
    assert_eq!(refutations(Mechanism::Priority, forge), std::slice::from_ref(expected));
}

#[test]
fn the_season_is_decided_as_its_table_says() {
    let season = season();
    let outcome = Reference::new(&season, SEED).decide(Mechanism::Priority);
    let job = |d: &Decision| match &d.verdict {
        Verdict::Placed(placed) => placed.job.clone(),
        Verdict::Waiting { .. } => "waiting".to_owned(),
        Verdict::Ineligible { .. } => "ineligible".to_owned(),
    };
    let jobs: Vec<String> = outcome.decisions.iter().map(job).collect();
    assert_eq!(jobs, ["a", "c", "b", "waiting", "d", "waiting", "e", "ineligible", "f"]);
    let certificate = audit(&season, &outcome).unwrap();
    assert_eq!((certificate.placed, certificate.locked, certificate.waiting, certificate.ineligible), (5, 1, 2, 1));
    let first = &certificate.stages[0];
    assert_eq!((first.placed, first.locked, first.full, first.home_cap, first.no_eligible_job), (4, 1, 2, 1, 1));
    assert_eq!((first.closed_jobs, first.least_cost), (3, Some(5)));
    assert_eq!((certificate.seed_is_of_season, certificate.mechanism_is_of_season), (None, true));
}

#[test]
fn another_season() {
    let id = |s: &str| s.to_owned();
    only(|o| o.format = 2, &Refutation::Format { found: 2, expected: 1 });
    only(|o| o.season = id("x"), &Refutation::SeasonName { found: id("x"), expected: id("Test 2027") });
    only(|o| o.fingerprint.settings.clear(), &Refutation::SeasonChanged { part: SeasonPart::Settings });
    only(|o| o.fingerprint.applicants.clear(), &Refutation::SeasonChanged { part: SeasonPart::Applicants });
    only(|o| o.fingerprint.jobs.clear(), &Refutation::SeasonChanged { part: SeasonPart::Jobs });
    only(|o| o.fingerprint.overrides.clear(), &Refutation::SeasonChanged { part: SeasonPart::Overrides });
    only(|o| o.rank_costs = RankCosts::Table(vec![]), &Refutation::RankCosts);
    only(|o| o.rank_costs = RankCosts::Table(vec![2, 1]), &Refutation::RankCosts);
}

#[test]
fn decisions_that_do_not_fit_the_applicants() {
    codes(|o| "nobody".clone_into(&mut o.decisions[8].applicant), &["unknown-applicant", "missing-applicant"]);
    only(|o| _ = o.decisions.pop(), &Refutation::MissingApplicant { applicant: "a9".to_owned() });
    only(|o| o.decisions.push(o.decisions[8].clone()), &Refutation::RepeatedApplicant { applicant: "a9".to_owned() });
    codes(|o| o.decisions.swap(0, 1), &["unsorted-decisions"]);
    codes(|o| "nowhere".clone_into(&mut placed(o, "a1").job), &["unknown-job"]);
    codes(|o| "nobody".clone_into(&mut placed(o, "a1").stream), &["unknown-stream"]);
}

#[test]
fn stages_that_do_not_fit_the_streams() {
    codes(|o| o.stages.swap(0, 1), &["stage-order"]);
    let missing = Refutation::StageOrder { stage: 2, expected: Some("grant".to_owned()), found: None };
    only(|o| _ = o.stages.pop(), &missing);
    codes(|o| o.stages.push(o.stages[0].clone()), &["stage-order"]);
    codes(|o| o.stages[1].evidence = Evidence::Replay, &["evidence-kind"]);
    codes(|o| o.mechanism = Mechanism::SerialDictatorship, &["evidence-kind"]);
}

#[test]
fn another_lottery() {
    codes(|o| o.decisions[0].lottery.0 ^= 1, &["lottery-number"]);
    only(|o| o.decisions[0].position = 2, &Refutation::Position { applicant: "a1".to_owned(), expected: 1, found: 2 });
    codes(|o| o.seed.push('!'), &["lottery-number"]);
}

#[test]
fn pairs_that_may_not_be() {
    codes(|o| place(o, "a8", "z", "district", Some(1)), &["ineligible"]);
    codes(|o| place(o, "a4", "g", "district", None), &["not-wished"]);
    codes(|o| placed(o, "a2").rank = Some(1), &["rank"]);
    codes(|o| placed(o, "a7").rank = Some(1), &["rank"]);
    codes(|o| "grant".clone_into(&mut placed(o, "a9").stream), &["stream-not-of-job", "over-stream-cap"]);
    codes(
        |o| {
            drop_place(o, "a5");
            drop_place(o, "a3");
            place(o, "a1", "b", "grant", Some(2));
        },
        &["stream-not-for-applicant"],
    );
}

#[test]
fn more_than_there_is() {
    only(|o| place(o, "a4", "a", "district", Some(1)), &Refutation::OverCapacity { job: "a".to_owned(), capacity: 1, placed: 2 });
    let over = Refutation::OverDepartmentCap { department: "traffic".to_owned(), cap: 1, placed: 2 };
    only(|o| place(o, "a5", "c", "district", Some(1)), &over);
    let over = Refutation::OverStreamCap { stream: "grant".to_owned(), cap: 1, placed: 2 };
    only(|o| place(o, "a6", "d", "grant", Some(2)), &over);
    let over = Refutation::OverHomeCap { district: "south".to_owned(), cap: 0, placed: 1 };
    only(
        |o| {
            drop_place(o, "a3");
            place(o, "a6", "b", "district", Some(1));
        },
        &over,
    );
}

#[test]
fn locks() {
    codes(|o| *verdict(o, "a7") = Verdict::Ineligible { rules: vec![] }, &["lock-ignored"]);
    codes(|o| place(o, "a7", "e", "district", None), &["lock-ignored", "not-wished"]);
    codes(|o| "g".clone_into(&mut placed(o, "a7").job), &["lock-ignored"]);
    codes(|o| placed(o, "a1").by = PlacedBy::Lock, &["no-lock"]);
    let (expected, found) = ("district".to_owned(), "grant".to_owned());
    let (applicant, job) = ("a7".to_owned(), "e".to_owned());
    only(
        |o| {
            "grant".clone_into(&mut placed(o, "a7").stream);
            drop_place(o, "a5");
        },
        &Refutation::LockStream { applicant, job, expected, found },
    );
}

/// A lock that states its stream is paid by that one, though another comes first and would admit the applicant.
#[test]
fn a_lock_that_states_its_stream() {
    let season = |streams: &[usize], change: fn(&mut Stream)| {
        let mut grant = stream("grant", Payer::External);
        change(&mut grant);
        let builder = Builder::new().with(|s| s.streams.push(grant)).job("a", 2).with_job(|j| j.streams = set(streams));
        builder.applicant("a1", "a").applicant("a2", "a").lock_paid_by("a1", "a", 1).build()
    };
    let paid_by = |season: &Season, payer: &str| {
        let mut outcome = Reference::new(season, SEED).decide(Mechanism::SerialDictatorship);
        payer.clone_into(&mut placed(&mut outcome, "a1").stream);
        audit(season, &outcome).map(|certificate| certificate.locked)
    };
    let [applicant, job, expected, found] = ["a1", "a", "grant", "district"].map(str::to_owned);
    let lock_stream = Refutation::LockStream { applicant: applicant.clone(), job: job.clone(), expected, found };
    let good = season(&[0, 1], |_| ());
    assert_eq!(paid_by(&good, "grant"), Ok(1));
    assert_eq!(paid_by(&good, "district"), Err(vec![lock_stream.clone()]));
    // Of a season whose lock cannot stand no outcome passes.
    let stream = || "grant".to_owned();
    let not_of_job = season(&[0], |_| ());
    let refutation = Refutation::StreamNotOfJob { applicant: applicant.clone(), job, stream: stream() };
    assert_eq!(paid_by(&not_of_job, "grant"), Err(vec![refutation]));
    assert_eq!(paid_by(&not_of_job, "district"), Err(vec![lock_stream.clone()]));
    let not_for_applicant = season(&[0, 1], |grant| grant.cohorts = vec![2009]);
    let refutation = Refutation::StreamNotForApplicant { applicant, stream: stream(), rule: Rule::FundingCohort };
    assert_eq!(paid_by(&not_for_applicant, "grant"), Err(vec![refutation]));
    assert_eq!(paid_by(&not_for_applicant, "district"), Err(vec![lock_stream]));
}

#[test]
fn verdicts_and_reasons() {
    codes(|o| *verdict(o, "a4") = Verdict::Ineligible { rules: vec![] }, &["not-ineligible"]);
    let reasons = vec![StageReason::NoEligibleJob; 2];
    codes(|o| *verdict(o, "a8") = Verdict::Waiting { reasons }, &["nothing-acceptable"]);
    for rules in [vec![], vec![Rule::Cohort], vec![Rule::Cohort, Rule::HomeDistrict]] {
        let expected = vec![Rule::HomeDistrict];
        let refutation = Refutation::IneligibleRules { applicant: "a8".to_owned(), expected, found: rules.clone() };
        only(|o| *verdict(o, "a8") = Verdict::Ineligible { rules }, &refutation);
    }
    codes(|o| *verdict(o, "a4") = Verdict::Waiting { reasons: vec![StageReason::Full] }, &["reason-count"]);
    for (who, stage, expected) in [
        ("a4", 0, StageReason::Full),
        ("a4", 1, StageReason::Full),
        ("a6", 0, StageReason::HomeCap),
        ("a6", 1, StageReason::Full),
    ] {
        for found in [StageReason::Full, StageReason::HomeCap, StageReason::NoEligibleJob] {
            if found != expected {
                let stream = ["district", "grant"][stage].to_owned();
                let refutation = Refutation::Reason { applicant: who.to_owned(), stream, expected, found };
                let forge = |o: &mut Outcome| match verdict(o, who) {
                    Verdict::Waiting { reasons } => reasons[stage] = found,
                    Verdict::Placed(_) | Verdict::Ineligible { .. } => panic!("{who} does not wait"),
                };
                only(forge, &refutation);
            }
        }
    }
}

#[test]
fn closed_jobs_that_prove_nothing() {
    let id = |s: &str| s.to_owned();
    let closed = |job: &str, by: &str| (id(job), id(by));
    codes(|o| selection(o, 0).closed.extend([closed("nowhere", "a4")]), &["closed-job-unknown"]);
    codes(|o| selection(o, 0).closed.extend([closed("d", "a4")]), &["closed-job-unknown"]);
    codes(|o| selection(o, 0).closed.extend([closed("g", "nobody")]), &["closed-by"]);
    codes(|o| selection(o, 0).closed.extend([closed("g", "a9")]), &["closed-by"]);
    codes(|o| selection(o, 0).closed.extend([closed("g", "a6")]), &["closed-by"]);
    let not_full = Refutation::ClosedNotFull { stream: id("district"), closer: id("a4"), jobs: 4, holders: 3, admits: 4 };
    only(|o| selection(o, 0).closed.extend([closed("g", "a4")]), &not_full);
    let behind = Refutation::SelectedBehindClosed { stream: id("district"), applicant: id("a9"), closer: id("a4") };
    assert!(refutations(Mechanism::Priority, |o| selection(o, 0).closed.extend([closed("f", "a4")])).contains(&behind));
    codes(|o| _ = selection(o, 0).closed.remove("a"), &["not-shown", "closed-not-full"]);
    codes(|o| selection(o, 0).closed.clear(), &["not-shown"]);
    let not_shown = |applicant: &str, job: &str| {
        let (applicant, job) = (id(applicant), id(job));
        Refutation::NotShown { stream: id("district"), applicant, job }
    };
    let late = refutations(Mechanism::Priority, |o| selection(o, 0).closed.values_mut().for_each(|by| *by = id("a5")));
    assert_eq!(late, [not_shown("a4", "a")]);
}

#[test]
fn the_wrong_people() {
    let id = |s: &str| s.to_owned();
    let not_maximal = |applicant: &str, stream: &str| Refutation::NotMaximal { stream: id(stream), applicant: id(applicant) };
    let wrong_order = |applicant: &str, holder: &str| {
        let (applicant, holder) = (id(applicant), id(holder));
        Refutation::WrongOrder { stream: id("district"), applicant, holder }
    };
    let has = |forge: &dyn Fn(&mut Outcome), refutation: &Refutation| {
        let found = refutations(Mechanism::Priority, forge);
        assert!(found.contains(refutation), "{found:#?}");
    };
    // A forger who knows the evidence restates the cost as well.
    let f_left_free = |o: &mut Outcome| {
        drop_place(o, "a9");
        prices(o, 0).cost -= 1;
    };
    has(&f_left_free, &not_maximal("a9", "district"));
    let d_left_free = |o: &mut Outcome| {
        *verdict(o, "a5") = Verdict::Waiting { reasons: vec![StageReason::Full; 2] };
        prices(o, 1).cost = 0;
    };
    has(&d_left_free, &not_maximal("a5", "grant"));
    let passed_over = |o: &mut Outcome| {
        drop_place(o, "a1");
        place(o, "a4", "a", "district", Some(1));
        selection(o, 0).closed.values_mut().for_each(|by| *by = id("a1"));
    };
    has(&passed_over, &wrong_order("a1", "a4"));
    let passed_over_in_department = |o: &mut Outcome| {
        drop_place(o, "a2");
        place(o, "a5", "c", "district", Some(1));
    };
    has(&passed_over_in_department, &wrong_order("a2", "a5"));
}

#[test]
fn home_caps_are_counted_in_ranking_order() {
    let season = Builder::new()
        .with(|s| s.districts[0].cap = Some(1))
        .job("a", 1)
        .job("b", 1)
        .applicant("a1", "a")
        .applicant("a2", "b")
        .build();
    let mut outcome = Reference::new(&season, SEED).decide(Mechanism::Priority);
    assert!(audit(&season, &outcome).is_ok());
    *verdict(&mut outcome, "a1") = Verdict::Waiting { reasons: vec![StageReason::HomeCap] };
    place(&mut outcome, "a2", "b", "district", Some(1));
    let (stream, applicant, holder) = ("district".to_owned(), "a1".to_owned(), "a2".to_owned());
    let found = audit(&season, &outcome).unwrap_err();
    assert!(found.contains(&Refutation::WrongOrder { stream, applicant, holder }), "{found:#?}");
}

#[test]
fn prices_that_prove_nothing() {
    let (stream, id) = ("district".to_owned(), |s: &str| s.to_owned());
    let unknown = |item| Refutation::PriceUnknown { stream: stream.clone(), item };
    only(|o| _ = prices(o, 0).jobs.insert(id("nowhere"), 0), &unknown(Priced::Job(id("nowhere"))));
    only(|o| _ = prices(o, 0).jobs.insert(id("d"), 0), &unknown(Priced::Job(id("d"))));
    only(|o| _ = prices(o, 0).departments.insert(id("no"), 0), &unknown(Priced::Department(id("no"))));
    codes(|o| _ = prices(o, 0).jobs.insert(id("g"), -1), &["negative-price", "dual-gap"]);
    codes(|o| _ = prices(o, 0).jobs.insert(id("f"), -1), &["negative-price"]);
    codes(|o| prices(o, 0).stream = -1, &["negative-price", "dual-gap"]);
    codes(|o| _ = prices(o, 0).jobs.insert(id("g"), 1), &["price-with-room", "dual-gap"]);
    let free = |room, stream: &str| Refutation::PriceWithRoom { stream: id(stream), item: Priced::Stream, price: 1, room };
    assert!(refutations(Mechanism::Priority, |o| prices(o, 0).stream = 1).contains(&free(None, "district")));
    codes(|o| _ = prices(o, 1).jobs.insert(id("d"), 1), &["price-with-room", "dual-gap"]);
    codes(|o| prices(o, 0).jobs.clear(), &["dear-place", "dual-gap"]);
    let cost = Refutation::Cost { stream: stream.clone(), expected: 5, found: 4 };
    only(|o| prices(o, 0).cost = 4, &cost);
}

/// The price of the largest number there is must not make the audit overflow.
#[test]
fn prices_beyond_measure() {
    let huge = |o: &mut Outcome| {
        prices(o, 0).jobs.insert("g".to_owned(), i64::MAX);
        prices(o, 0).departments.insert("traffic".to_owned(), i64::MAX);
        prices(o, 0).stream = i64::MIN;
    };
    codes(huge, &["negative-price", "dear-place", "price-with-room", "dual-gap"]);
}

#[test]
fn a_placement_that_is_not_the_cheapest() {
    let dear = |o: &mut Outcome| {
        place(o, "a1", "b", "district", Some(2));
        place(o, "a3", "a", "district", Some(1));
        prices(o, 0).cost += 1;
    };
    let found = refutations(Mechanism::Priority, dear);
    let gap = Refutation::DualGap { stream: "district".to_owned(), primal: 6, dual: 5 };
    assert!(found.contains(&gap), "{found:#?}");
    assert!(found.iter().any(|r| matches!(r, Refutation::DearPlace { applicant, .. } if applicant == "a3")), "{found:#?}");
}

#[test]
fn another_replay() {
    let another_rank = |o: &mut Outcome| {
        place(o, "a1", "b", "district", Some(2));
        place(o, "a3", "a", "district", Some(1));
    };
    let (stream, applicant) = ("district".to_owned(), "a1".to_owned());
    let expected = Refutation::ReplayedRank { stream, applicant, expected: Some(1), found: Some(2) };
    assert_eq!(refutations(Mechanism::SerialDictatorship, another_rank), [expected]);
    let paid = |job: &str| Some(PaidPlace { job: job.to_owned(), stream: "district".to_owned() });
    let expected = Refutation::ReplayedPlace { applicant: "a1".to_owned(), expected: paid("a"), found: paid("b") };
    assert_eq!(refutations(Mechanism::PaperLottery, another_rank), [expected]);
    let reason = |o: &mut Outcome| match verdict(o, "a6") {
        Verdict::Waiting { reasons } => reasons.reverse(),
        Verdict::Placed(_) | Verdict::Ineligible { .. } => panic!("a6 does not wait"),
    };
    assert_eq!(refutations(Mechanism::PaperLottery, reason)[0].code(), "reason");
}

/// A cap that is used up lets somebody in if a youth of another job under it can move out.
#[test]
fn room_made_under_a_department_cap() {
    let in_traffic = |j: &mut Job| j.employer = Employer::Department(DepartmentIx::new(0));
    let season = Builder::new()
        .with(|s| s.departments[0].cap = Some(1))
        .job("n", 1)
        .job("x", 1)
        .with_job(in_traffic)
        .job("y", 1)
        .with_job(in_traffic)
        .applicant("a1", "n = x")
        .applicant("a2", "y")
        .build();
    let (stream, applicant) = ("district".to_owned(), "a2".to_owned());
    for (mechanism, expected) in [
        (Mechanism::Priority, Refutation::NotMaximal { stream: stream.clone(), applicant: applicant.clone() }),
        (Mechanism::SerialDictatorship, Refutation::ReplayedRank { stream, applicant, expected: Some(1), found: None }),
    ] {
        let mut outcome = Reference::new(&season, SEED).decide(mechanism);
        assert!(audit(&season, &outcome).is_ok());
        place(&mut outcome, "a1", "x", "district", Some(1));
        *verdict(&mut outcome, "a2") = Verdict::Waiting { reasons: vec![StageReason::Full] };
        let found = audit(&season, &outcome).unwrap_err();
        assert!(found.contains(&expected), "{found:#?}");
    }
}

/// Checks that one applicant may take one job, and that after a change a rule forbids it.
fn rule(rule: Rule, allowed: impl FnOnce(&mut SeasonDraft), forbidden: impl FnOnce(&mut SeasonDraft)) {
    let mut draft = Builder::new().job("a", 1).applicant("a1", "a").0;
    draft.settings.streams.push(stream("grant", Payer::External));
    allowed(&mut draft);
    let audit_placed = |draft: SeasonDraft| {
        let season = Season::new(draft).unwrap();
        let mut outcome = Reference::new(&season, SEED).decide(Mechanism::Priority);
        place(&mut outcome, "a1", "a", "district", Some(1));
        audit(&season, &outcome)
    };
    assert_eq!(audit_placed(draft.clone()).err(), None, "{rule}");
    forbidden(&mut draft);
    let refutation = Refutation::Ineligible { applicant: "a1".to_owned(), job: "a".to_owned(), rule };
    let found = audit_placed(draft).unwrap_err();
    assert!(found.contains(&refutation), "{rule}: {found:#?}");
}

#[test]
fn rules_on_the_applicants_age() {
    let born = |year, month, day| move |d: &mut SeasonDraft| d.applicants[0].birth_date = date(year, month, day);
    rule(Rule::Cohort, born(2009, 1, 1), born(2008, 12, 31));
    let job = |change: fn(&mut Job), year, day| {
        move |d: &mut SeasonDraft| {
            change(&mut d.jobs[0]);
            d.applicants[0].birth_date = date(year, 6, day);
        }
    };
    rule(Rule::MinimumAge, job(|j| j.min_age = Some(17), 2010, 14), born(2010, 6, 15));
    rule(Rule::MinimumAge, born(2010, 6, 15), |d| {
        d.settings.rule_pack.bands.remove(0);
        d.settings.rule_pack.bands[0].from_age = 17;
    });
    rule(Rule::MaximumAge, job(|j| j.max_age = Some(16), 2010, 15), born(2010, 6, 14));
    rule(Rule::HoursPerDay, job(|j| j.minutes_per_day = Some(480), 2011, 14), born(2011, 6, 15));
    rule(Rule::HoursPerWeek, job(|j| j.minutes_per_week = Some(2_400), 2011, 14), born(2011, 6, 15));
    let hours = |start, end| Some(DailyTime { start: time(start, 0, 0, 0), end: time(end, 0, 0, 0) });
    let with_hours = |start, end, year, day| {
        move |d: &mut SeasonDraft| {
            d.jobs[0].daily_time = hours(start, end);
            d.applicants[0].birth_date = date(year, 6, day);
        }
    };
    rule(Rule::WorkingTime, with_hours(13, 21, 2011, 14), born(2011, 6, 15));
    rule(Rule::DailyRest, with_hours(6, 19, 2009, 14), born(2009, 6, 15));
    // Somebody who turns 18 within the period is a minor until then.
    rule(Rule::HazardousWork, job(|j| j.hazardous = true, 2009, 14), born(2009, 6, 15));
    // Bounds hold on every day: who turns 16 within the period is 15 before.
    rule(Rule::HoursPerDay, job(|j| j.minutes_per_day = Some(420), 2011, 20), |d| d.jobs[0].minutes_per_day = Some(421));
}

#[test]
fn rules_on_what_the_applicant_has_shown() {
    rule(
        Rule::Period,
        |d| {
            let period = Period { id: "2".into(), ..d.settings.periods[0].clone() };
            d.settings.periods.push(period);
            d.applicants[0].periods = set(&[0, 1]);
        },
        |d| d.applicants[0].periods = set(&[1]),
    );
    rule(
        Rule::Qualification,
        |d| {
            d.jobs[0].requires = set(&[0]);
            d.applicants[0].qualifications = set(&[0]);
        },
        |d| d.applicants[0].qualifications = SmallSet::new(),
    );
    let shown = |day| move |d: &mut SeasonDraft| d.applicants[0].extract_shown = day;
    let needed = |day| {
        move |d: &mut SeasonDraft| {
            d.jobs[0].extract = true;
            shown(day)(d);
        }
    };
    rule(Rule::ExtractMissing, needed(Some(date(2027, 6, 14))), shown(Some(date(2027, 6, 15))));
    rule(Rule::ExtractMissing, needed(Some(date(2027, 6, 14))), shown(None));
    rule(Rule::ExtractTooOld, needed(Some(date(2026, 6, 14))), shown(Some(date(2026, 6, 13))));
    for (most, last_good) in [
        (ExtractAge::Months(3), date(2027, 3, 14)),
        (ExtractAge::Months(14), date(2026, 4, 14)),
        (ExtractAge::Days(1), date(2027, 6, 13)),
        (ExtractAge::Days(90), date(2027, 3, 16)),
    ] {
        let needed = move |d: &mut SeasonDraft| {
            d.settings.rule_pack.extract_age = most;
            needed(Some(last_good))(d);
        };
        rule(Rule::ExtractTooOld, needed, shown(Some(last_good.yesterday().unwrap())));
    }
}

#[test]
fn rules_on_home_funding_and_overrides() {
    rule(Rule::HomeDistrict, |d| d.jobs[0].open_to = set(&[0]), |d| d.jobs[0].open_to = set(&[1]));
    rule(
        Rule::FundingClass,
        |d| d.settings.streams[0].classes = set(&[0, 1]),
        |d| {
            d.settings.streams[0].classes = set(&[1]);
            d.settings.streams[0].cohorts = vec![2009];
        },
    );
    rule(Rule::FundingCohort, |d| d.settings.streams[0].cohorts = vec![2010], |d| d.settings.streams[0].cohorts = vec![2009]);
    rule(
        Rule::FundingDistrict,
        |d| {
            d.jobs[0].streams = set(&[0, 1]);
            d.settings.streams[1].home_districts = set(&[1]);
        },
        |d| d.settings.streams[0].home_districts = set(&[1]),
    );
    rule(
        Rule::Forbidden,
        |_| (),
        |d| {
            let (applicant, job) = (ApplicantIx::new(0), JobIx::new(0));
            let (reason, by) = ("unsuitable".into(), "AR".into());
            d.overrides.push(Override { kind: OverrideKind::Forbid, applicant, job, stream: None, reason, by });
        },
    );
}

/// Wishes for classes of jobs lead to the eligible ones only, also for somebody whom an override singles out.
#[test]
fn wishes_for_classes_of_jobs() {
    let season = Builder::new()
        .job("a", 1)
        .job("b", 1)
        .with_job(|j| j.open_to = set(&[1]))
        .job("c", 1)
        .with_job(|j| j.area = AreaIx::new(1))
        .applicant("a1", "office > park")
        .applicant("a2", "park > any")
        .applicant("a3", "park > any")
        .applicant("a4", "any")
        .with_applicant(|a| a.birth_date = date(2001, 1, 1))
        .decide(OverrideKind::Forbid, "a2", "a")
        .build();
    for mechanism in Mechanism::ALL {
        let outcome = Reference::new(&season, SEED).decide(mechanism);
        let certificate = audit(&season, &outcome).unwrap();
        assert_eq!((certificate.placed, certificate.waiting, certificate.ineligible), (2, 1, 1), "{mechanism}");
        assert_eq!(outcome.decisions[3].verdict, Verdict::Ineligible { rules: vec![Rule::Cohort] });
    }
}
