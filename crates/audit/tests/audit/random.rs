//! Random tiny seasons: what the definition yields passes; whatever passes is what the definition yields.

use std::collections::BTreeMap;

use feriematch_audit::{Refutation, audit, maxima};
use feriematch_model::*;
use jiff::civil::date;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::builder::{Builder, set, stream};
use crate::python::certificate;
use crate::reference::{Method, Reference, refusal};

const SEED: &str = "public seed";

prop_compose! {
    fn any_job()(
        capacity in 0_u32..3,
        employer in 0_usize..3,
        area in 0_usize..2,
        streams in prop::sample::select(vec![vec![0], vec![1], vec![0, 1]]),
        open_to in prop::sample::select(vec![vec![], vec![], vec![], vec![0], vec![1]]),
        licence in prop::bool::weighted(0.1),
    ) -> Job {
        let mut job = Builder::new().job("?", capacity).0.jobs.remove(0);
        job.employer = match employer {
            2 => Employer::Department(DepartmentIx::new(0)),
            district => Employer::District(DistrictIx::new(district)),
        };
        job.host_district = (employer < 2).then(|| DistrictIx::new(employer));
        job.area = AreaIx::new(area);
        job.streams = set(&streams);
        job.open_to = set(&open_to);
        job.requires = if licence { set(&[0]) } else { SmallSet::new() };
        job
    }
}

prop_compose! {
    fn any_applicant(jobs: usize)(
        home in 0_usize..2,
        class in 0_usize..2,
        year in prop::sample::select(vec![2009, 2010, 2010, 2010, 2008]),
        licence in any::<bool>(),
        gender in prop::sample::select(Gender::ALL.to_vec()),
        displaced in prop::bool::weighted(0.1),
        wishes in prop::collection::vec((0..jobs + 3, any::<bool>()), 0..4),
    ) -> Applicant {
        let mut applicant = Builder::new().applicant("?", "").0.applicants.remove(0);
        applicant.birth_date = date(year, 3, 1);
        applicant.home_district = DistrictIx::new(home);
        applicant.class = ClassIx::new(class);
        applicant.gender = gender;
        applicant.displaced = displaced;
        applicant.qualifications = if licence { set(&[0]) } else { SmallSet::new() };
        let mut rank = 0;
        let wish = |(target, tied): (usize, bool)| {
            rank += u16::from(rank == 0 || !tied);
            let area = (target < jobs + 2).then(|| AreaIx::new(target.saturating_sub(jobs)));
            let target = if target < jobs {
                Target::Job(JobIx::new(target))
            } else {
                Target::Jobs(JobFilter { area, district: None })
            };
            Wish { rank, target }
        };
        applicant.wishes = wishes.into_iter().map(wish).collect();
        applicant
    }
}

prop_compose! {
    fn any_stream(id: &'static str)(
        payer in prop::sample::select(vec![Payer::HomeDistrict, Payer::HomeDistrict, Payer::Employer, Payer::External]),
        cap in prop::option::weighted(0.3, 0_u32..4),
        classes in prop::sample::select(vec![vec![], vec![], vec![], vec![0], vec![1]]),
        cohorts in prop::sample::select(vec![vec![], vec![], vec![], vec![2010]]),
        homes in prop::sample::select(vec![vec![], vec![], vec![], vec![1]]),
    ) -> Stream {
        Stream { cap, classes: set(&classes), cohorts, home_districts: set(&homes), ..stream(id, payer) }
    }
}

/// Whether a pair is locked, and the stream that such a lock may state.
fn any_decision() -> impl Strategy<Value = (bool, Option<usize>)> {
    (prop::bool::weighted(0.3), prop::option::weighted(0.4, 0_usize..2))
}

prop_compose! {
    /// Locks that the rules or limits do not allow are left out.
    pub(crate) fn any_season()(jobs in prop::collection::vec(any_job(), 1..5))(
        applicants in prop::collection::vec(any_applicant(jobs.len()), 1..7),
        overrides in prop::collection::btree_map((0..6_usize, 0..jobs.len()), any_decision(), 0..3),
        jobs in Just(jobs),
        first in any_stream("first"),
        second in any_stream("second"),
        homes in (prop::option::of(0_u32..4), prop::option::weighted(0.2, 0_u32..3)),
        department in prop::option::of(0_u32..3),
        rank_costs in prop::sample::select(vec![RankCosts::Linear, RankCosts::Convex, RankCosts::Table(vec![0, 0, 3])]),
    ) -> Season {
        let mut draft = Builder::new().0;
        draft.settings.streams = vec![first, second];
        draft.settings.districts[0].cap = homes.0;
        draft.settings.districts[1].cap = homes.1;
        draft.settings.departments[0].cap = department;
        draft.settings.rank_costs = rank_costs;
        draft.jobs = jobs;
        draft.jobs.iter_mut().enumerate().for_each(|(row, job)| job.id = format!("j{row}").into());
        draft.applicants = applicants;
        draft.applicants.iter_mut().enumerate().for_each(|(row, a)| a.id = format!("a{row}").into());
        let mut locked = None;
        for ((applicant, job), (lock, stream)) in overrides {
            if applicant >= draft.applicants.len() || (lock && locked == Some(applicant)) {
                continue;
            }
            let kind = if lock { OverrideKind::Lock } else { OverrideKind::Forbid };
            let (applicant_ix, job_ix) = (ApplicantIx::new(applicant), JobIx::new(job));
            let stream = stream.filter(|_| lock).map(StreamIx::new);
            let over = Override { kind, applicant: applicant_ix, job: job_ix, stream, reason: "?".into(), by: "?".into() };
            let mut with = draft.clone();
            with.overrides.push(over);
            let season = Season::new(with.clone()).unwrap();
            if !lock || (refusal(&season, applicant, job).is_none() && Reference::new(&season, SEED).locks_fit()) {
                locked = lock.then_some(applicant).or(locked);
                draft = with;
            }
        }
        Season::new(draft).unwrap()
    }
}

/// One change to an outcome.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    /// Swaps the verdicts of two applicants.
    SwapVerdicts(Index, Index),
    /// Moves an applicant to a job and a stream, or gives one a place.
    Place(Index, Index, Index),
    /// Takes the place from an applicant.
    Drop(Index, StageReason),
    /// Gives a waiting applicant another reason.
    Reason(Index, Index, StageReason),
    /// Changes the price of a job.
    JobPrice(Index, Index, i64),
    /// Changes the price of the department or of the stream.
    CapPrice(Index, bool, i64),
    /// Changes the price of a home district.
    HomePrice(Index, bool, i64),
    /// Leaves out what decides a rank.
    DropLevel(Index, Index),
    /// Changes the stated cost.
    Cost(Index, i64),
    /// Closes a job by somebody.
    Close(Index, Index, Index),
    /// Opens a closed job.
    Open(Index, Index),
    /// Changes a lottery number.
    Lottery(Index, u64),
    /// Changes a position.
    Position(Index, u32),
}

pub(crate) fn any_change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    let reason = || prop::sample::select(vec![StageReason::NoEligibleJob, StageReason::HomeCap, StageReason::Full]);
    prop_oneof![
        4 => (at(), at()).prop_map(|(a, b)| Change::SwapVerdicts(a, b)),
        6 => (at(), at(), at()).prop_map(|(a, j, s)| Change::Place(a, j, s)),
        2 => (at(), reason()).prop_map(|(a, r)| Change::Drop(a, r)),
        1 => (at(), at(), reason()).prop_map(|(a, s, r)| Change::Reason(a, s, r)),
        1 => (at(), at(), -1_i64..4).prop_map(|(s, j, p)| Change::JobPrice(s, j, p)),
        1 => (at(), any::<bool>(), -1_i64..3).prop_map(|(s, d, p)| Change::CapPrice(s, d, p)),
        1 => (at(), any::<bool>(), -1_i64..3).prop_map(|(s, h, p)| Change::HomePrice(s, h, p)),
        1 => (at(), at()).prop_map(|(s, l)| Change::DropLevel(s, l)),
        1 => (at(), -2_i64..3).prop_map(|(s, c)| Change::Cost(s, c)),
        1 => (at(), at(), at()).prop_map(|(s, j, a)| Change::Close(s, j, a)),
        1 => (at(), at()).prop_map(|(s, j)| Change::Open(s, j)),
        1 => (at(), 1_u64..4).prop_map(|(a, n)| Change::Lottery(a, n)),
        1 => (at(), 1_u32..4).prop_map(|(a, n)| Change::Position(a, n)),
    ]
}

impl Change {
    pub(crate) fn apply(&self, reference: &Reference<'_>, outcome: &mut Outcome) {
        let season = reference.season;
        let n = outcome.decisions.len();
        let streams = outcome.stages.len();
        match self {
            Self::SwapVerdicts(a, b) => {
                let (a, b) = (a.index(n), b.index(n));
                let verdict = outcome.decisions[a].verdict.clone();
                outcome.decisions[a].verdict = outcome.decisions[b].verdict.clone();
                outcome.decisions[b].verdict = verdict;
                restate_rank(season, outcome, a);
                restate_rank(season, outcome, b);
                restate_costs(reference, outcome);
            }
            Self::Place(a, j, s) => {
                let (a, j) = (a.index(n), j.index(season.jobs().len()));
                let by = match &outcome.decisions[a].verdict {
                    Verdict::Placed(placed) => placed.by,
                    Verdict::Waiting { .. } | Verdict::Ineligible { .. } => PlacedBy::Ranking,
                };
                let stream = season.settings().streams[s.index(streams)].id.to_string();
                let job = season.jobs()[j].id.to_string();
                outcome.decisions[a].verdict = Verdict::Placed(Placed { job, stream, rank: None, by });
                restate_rank(season, outcome, a);
                restate_costs(reference, outcome);
            }
            Self::Drop(a, reason) => {
                outcome.decisions[a.index(n)].verdict = Verdict::Waiting { reasons: vec![*reason; streams] };
                restate_costs(reference, outcome);
            }
            Self::Reason(a, s, reason) => {
                if let Verdict::Waiting { reasons } = &mut outcome.decisions[a.index(n)].verdict {
                    reasons[s.index(streams)] = *reason;
                }
            }
            Self::JobPrice(s, j, price) => {
                let job = season.jobs()[j.index(season.jobs().len())].id.to_string();
                match &mut outcome.stages[s.index(streams)].evidence {
                    Evidence::Certificate { placement, .. } => _ = placement.jobs.insert(job, *price),
                    Evidence::Profile { levels, .. } if !levels.is_empty() => {
                        let level = j.index(levels.len());
                        levels[level].jobs.insert(job, *price);
                    }
                    _ => {}
                }
            }
            Self::CapPrice(s, of_department, price) => {
                let (departments, stream) = match &mut outcome.stages[s.index(streams)].evidence {
                    Evidence::Certificate { placement, .. } => (&mut placement.departments, &mut placement.stream),
                    Evidence::Profile { levels, .. } if !levels.is_empty() => {
                        let at = s.index(levels.len());
                        let level = &mut levels[at];
                        (&mut level.departments, &mut level.stream)
                    }
                    _ => return,
                };
                if *of_department {
                    departments.insert("traffic".to_owned(), *price);
                } else {
                    *stream = *price;
                }
            }
            Self::HomePrice(s, h, price) => {
                if let Evidence::Profile { levels, .. } = &mut outcome.stages[s.index(streams)].evidence
                    && !levels.is_empty()
                {
                    let level = s.index(levels.len());
                    levels[level].homes.insert(["north", "south"][usize::from(*h)].to_owned(), *price);
                }
            }
            Self::DropLevel(s, l) => {
                if let Evidence::Profile { levels, .. } = &mut outcome.stages[s.index(streams)].evidence
                    && !levels.is_empty()
                {
                    levels.remove(l.index(levels.len()));
                }
            }
            Self::Cost(s, by) => {
                if let Evidence::Certificate { placement, .. } = &mut outcome.stages[s.index(streams)].evidence {
                    placement.cost += by;
                }
            }
            Self::Close(s, j, a) => {
                if let Some(selection) = selection(&mut outcome.stages[s.index(streams)]) {
                    let job = season.jobs()[j.index(season.jobs().len())].id.to_string();
                    selection.closed.insert(job, season.applicants()[a.index(n)].id.to_string());
                }
            }
            Self::Open(s, j) => {
                if let Some(selection) = selection(&mut outcome.stages[s.index(streams)]) {
                    selection.closed.remove(&*season.jobs()[j.index(season.jobs().len())].id);
                }
            }
            Self::Lottery(a, by) => {
                let number = &mut outcome.decisions[a.index(n)].lottery;
                *number = LotteryNumber(number.0 ^ by);
            }
            Self::Position(a, by) => outcome.decisions[a.index(n)].position += by,
        }
    }
}

/// Returns the evidence for a stage's selection, where it has one.
fn selection(stage: &mut Stage) -> Option<&mut SelectionEvidence> {
    match &mut stage.evidence {
        Evidence::Certificate { selection, .. } | Evidence::Order { selection } => Some(selection),
        Evidence::Profile { selection, .. } => selection.as_mut(),
        Evidence::Replay => None,
    }
}

/// Puts down the right rank, so that a forged place is not given away by it.
fn restate_rank(season: &Season, outcome: &mut Outcome, a: usize) {
    if let Verdict::Placed(placed) = &mut outcome.decisions[a].verdict {
        let job = season.find_job(&placed.job).unwrap();
        let names = |wish: &&Wish| match wish.target {
            Target::Job(named) => named == job,
            Target::Jobs(filter) => filter.admits(season.job(job)),
        };
        placed.rank = season.applicants()[a].wishes.iter().find(names).map(|wish| wish.rank);
    }
}

/// Puts down the cost that the places have.
fn restate_costs(reference: &Reference<'_>, outcome: &mut Outcome) {
    let season = reference.season;
    let mut costs = BTreeMap::new();
    for (a, decision) in outcome.decisions.iter().enumerate() {
        if let Verdict::Placed(Placed { job, stream, rank: Some(rank), by: PlacedBy::Ranking }) = &decision.verdict {
            let of_workplace = reference.off_balance(&outcome.balance, a, season.find_job(job).unwrap().get());
            *costs.entry(stream.clone()).or_insert(0) += i64::from(season.settings().rank_costs.cost(*rank)) + of_workplace;
        }
    }
    for stage in &mut outcome.stages {
        if let Evidence::Certificate { placement, .. } = &mut stage.evidence {
            placement.cost = costs.get(&stage.stream).copied().unwrap_or(0);
        }
    }
}

prop_compose! {
    fn any_balance()(
        genders in prop::sample::subsequence(vec![Gender::Female, Gender::Male], 0..3).prop_shuffle(),
        percent in prop::sample::select(vec![34_u8, 50]),
        open_first in any::<bool>(),
        workplaces in prop::option::of((1_u16..4, prop::sample::select(vec![51_u8, 75]))),
    ) -> Balance {
        let workplaces = workplaces.map(|(ranks, majority_percent)| WorkplaceBalance { ranks, majority_percent });
        let precedence = if open_first { Precedence::OpenFirst } else { Precedence::ReserveFirst };
        let reserves = genders.into_iter().map(|gender| Reserve { gender, percent }).collect();
        Balance { reserves, precedence, workplaces }
    }
}

/// Leaves out what cannot be served in a season: balance at workplaces is weighed in ranks.
pub(crate) fn servable(season: &Season, mut method: Method) -> Method {
    let counts_ranks = season.settings().rank_costs == RankCosts::Linear;
    method.balance.workplaces = method.balance.workplaces.filter(|_| counts_ranks && method.placement.is_default());
    if method.balance.is_none() {
        method.balance = Balance::NONE;
    }
    method
}

pub(crate) fn any_method() -> impl Strategy<Value = Method> {
    let rules = prop::sample::select(PlacementRule::ALL.to_vec());
    prop_oneof![
        3 => prop::sample::select(Mechanism::ALL.to_vec()).prop_map(Method::from),
        3 => (rules, any_balance()).prop_map(|(placement, balance)| Method { mechanism: Mechanism::Priority, placement, balance }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    /// Completeness: what the definition yields is never refuted.
    #[test]
    fn what_the_definition_yields_passes(season in any_season(), method in any_method()) {
        let reference = Reference::new(&season, SEED);
        let outcome = reference.decide(servable(&season, method));
        prop_assert!(reference.accepts(&outcome));
        prop_assert!(certificate(&season, &outcome).check().is_ok());
        let certificate = audit(&season, &outcome).map_err(|refutations| TestCaseError::fail(format!("{refutations:#?}")))?;
        let placed = outcome.decisions.iter().filter(|d| matches!(d.verdict, Verdict::Placed(_))).count() as u32;
        prop_assert_eq!(certificate.placed + certificate.locked, placed);
        prop_assert_eq!(certificate.applicants, placed + certificate.waiting + certificate.ineligible);
    }

    /// Soundness: whatever is done to an outcome, if it passes, it is one that the definition yields.
    #[test]
    fn what_passes_is_what_the_definition_yields(
        season in any_season(),
        method in any_method(),
        changes in prop::collection::vec(any_change(), 1..4),
    ) {
        let reference = Reference::new(&season, SEED);
        let mut outcome = reference.decide(servable(&season, method));
        for change in &changes {
            change.apply(&reference, &mut outcome);
        }
        let audited = audit(&season, &outcome);
        if audited.is_ok() {
            prop_assert!(reference.accepts(&outcome));
        }
        // A certificate does not tell which rules keep somebody from every job.
        let is_shown = |refutation: &Refutation| refutation.code() != "ineligible-rules";
        let is_right = audited.map_or_else(|refutations| !refutations.iter().any(is_shown), |_| true);
        prop_assert_eq!(certificate(&season, &outcome).check().is_ok(), is_right);
    }

    /// The largest numbers are those found by trying every set of applicants.
    #[test]
    fn maxima_are_largest(season in any_season()) {
        let reference = Reference::new(&season, SEED);
        let outcome = reference.decide(Mechanism::Priority);
        let found = maxima(&season, &outcome).map_err(|refutations| TestCaseError::fail(format!("{refutations:#?}")))?;
        let mut given = reference.locks.clone();
        for (row, stage) in found.stages.iter().enumerate() {
            prop_assert_eq!(stage.with_caps, reference.largest(row, &given, true));
            prop_assert_eq!(stage.without_caps, reference.largest(row, &given, false));
            for (a, decision) in outcome.decisions.iter().enumerate() {
                if let Verdict::Placed(placed) = &decision.verdict && placed.stream == stage.stream {
                    given.insert(a, (season.find_job(&placed.job).unwrap().get(), row));
                }
            }
        }
        let placed: u32 = found.stages.iter().map(|stage| stage.placed).sum();
        prop_assert!(placed + reference.locks.len() as u32 <= found.all_streams_without_caps);
    }
}
