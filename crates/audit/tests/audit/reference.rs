//! Decides tiny seasons word by word as docs/mechanisms.md says, by trying everything.

mod balance;
mod eligibility;
mod evidence;
mod rank_maximal;

use std::collections::{BTreeMap, BTreeSet};

use feriematch_model::*;

pub(crate) use self::eligibility::{admits, refusal};
use crate::network::{Limits, prices};
use crate::two_sided;

/// A place: a job's row and a stream's.
pub(crate) type Seat = (usize, usize);

/// How a season is to be decided.
#[derive(Debug, Clone)]
pub(crate) struct Method {
    pub(crate) mechanism: Mechanism,
    pub(crate) placement: PlacementRule,
    pub(crate) balance: Balance,
}

impl From<Mechanism> for Method {
    fn from(mechanism: Mechanism) -> Self {
        Self { mechanism, placement: PlacementRule::default(), balance: Balance::NONE }
    }
}

impl From<PlacementRule> for Method {
    fn from(placement: PlacementRule) -> Self {
        Self { placement, ..Mechanism::Priority.into() }
    }
}

impl From<Balance> for Method {
    fn from(balance: Balance) -> Self {
        Self { balance, ..Mechanism::Priority.into() }
    }
}

/// Those whom a stage selects, each bound to a rank or not, and why not the others.
type Selection = (Vec<(usize, Option<u16>)>, BTreeMap<usize, StageReason>);

/// A tiny season with its ranking, acceptable jobs and locks.
pub(crate) struct Reference<'a> {
    pub(crate) season: &'a Season,
    seed: &'a str,
    costs: RankCosts,
    numbers: Vec<u64>,
    /// Applicants in ranking order.
    order: Vec<usize>,
    /// Acceptable jobs with their ranks, by applicant.
    acceptable: Vec<BTreeMap<usize, u16>>,
    pub(crate) locks: BTreeMap<usize, Seat>,
}

/// What is left to give in a stage, and who is there to get it.
#[derive(Clone)]
pub(crate) struct Rest {
    pub(crate) jobs: Vec<u32>,
    pub(crate) departments: Vec<Option<u32>>,
    pub(crate) stream: Option<u32>,
    pub(crate) homes: Vec<Option<u32>>,
    /// In the order of turns.
    pub(crate) entrants: Vec<usize>,
    /// The jobs that each applicant can get in the stage, with ranks.
    pub(crate) options: Vec<BTreeMap<usize, u16>>,
}

impl Rest {
    /// Returns the turn of an applicant, from 1.
    fn turn(&self, applicant: usize) -> u32 {
        self.entrants.iter().position(|&a| a == applicant).unwrap() as u32 + 1
    }
}

impl<'a> Reference<'a> {
    pub(crate) fn new(season: &'a Season, seed: &'a str) -> Self {
        let key = blake3::derive_key("feriematch 1 lottery", seed.as_bytes());
        let number = |a: &Applicant| {
            let hash = blake3::keyed_hash(&key, a.id.as_bytes());
            u64::from_be_bytes(hash.as_bytes()[..8].try_into().unwrap())
        };
        let numbers: Vec<u64> = season.applicants().iter().map(number).collect();
        let mut order: Vec<usize> = (0..numbers.len()).collect();
        order.sort_by_key(|&a| {
            let applicant = &season.applicants()[a];
            (!applicant.displaced, (!applicant.displaced).then_some(applicant.class), numbers[a], &applicant.id)
        });
        let rank = |a: usize, j: usize| {
            let names = |wish: &&Wish| match wish.target {
                Target::Job(job) => job.get() == j,
                Target::Jobs(filter) => filter.admits(&season.jobs()[j]),
            };
            season.applicants()[a].wishes.iter().find(names).map(|wish| wish.rank)
        };
        let acceptable = (0..numbers.len()).map(|a| {
            let eligible = (0..season.jobs().len()).filter(|&j| refusal(season, a, j).is_none());
            eligible.filter_map(|j| Some((j, rank(a, j)?))).collect()
        });
        let acceptable = acceptable.collect();
        let locks = season.overrides().iter().filter(|o| o.kind == OverrideKind::Lock).map(|o| {
            let first = || season.job(o.job).streams.rows().find(|&s| admits(season, s, o.applicant.get())).unwrap();
            (o.applicant.get(), (o.job.get(), o.stream.map_or_else(first, StreamIx::get)))
        });
        let locks = locks.collect();
        Self { season, seed, costs: season.settings().rank_costs.clone(), numbers, order, acceptable, locks }
    }

    /// Returns whether every lock has a stream that may pay and all keep within every limit, as an input's must.
    pub(crate) fn locks_fit(&self) -> bool {
        let may_pay = |(&a, &(j, s)): (&usize, &Seat)| {
            self.season.jobs()[j].streams.contains(StreamIx::new(s)) && admits(self.season, s, a)
        };
        self.locks.iter().all(may_pay) && self.within_limits(&self.locks)
    }

    fn within_limits(&self, seats: &BTreeMap<usize, Seat>) -> bool {
        let settings = self.season.settings();
        let count = |is: &dyn Fn(usize, Seat) -> bool| seats.iter().filter(|&(&a, &seat)| is(a, seat)).count() as u32;
        (0..self.season.jobs().len()).all(|j| count(&|_, (job, _)| job == j) <= self.season.jobs()[j].capacity)
            && (0..settings.departments.len()).all(|d| {
                settings.departments[d].cap.is_none_or(|cap| count(&|_, (job, _)| self.department(job) == Some(d)) <= cap)
            })
            && (0..settings.streams.len())
                .all(|s| settings.streams[s].cap.is_none_or(|cap| count(&|_, (_, stream)| stream == s) <= cap))
            && (0..settings.districts.len()).all(|h| {
                let from_home = |a: usize, (_, s): Seat| self.home(a) == h && self.home_pays(s);
                self.season.home_cap(DistrictIx::new(h)).is_none_or(|cap| count(&from_home) <= cap)
            })
    }

    pub(crate) fn department(&self, job: usize) -> Option<usize> {
        match self.season.jobs()[job].employer {
            Employer::Department(d) => Some(d.get()),
            Employer::District(_) => None,
        }
    }

    pub(crate) fn home(&self, applicant: usize) -> usize {
        self.season.applicants()[applicant].home_district.get()
    }

    fn home_pays(&self, stream: usize) -> bool {
        self.season.settings().streams[stream].payer == Payer::HomeDistrict
    }

    /// What the seats given so far leave to a stream.
    fn rest(&self, stream: usize, given: &BTreeMap<usize, Seat>) -> Rest {
        let settings = self.season.settings();
        let count = |is: &dyn Fn(usize, Seat) -> bool| given.iter().filter(|&(&a, &seat)| is(a, seat)).count() as u32;
        let jobs = self.season.jobs().iter().enumerate();
        let options = |a: usize| {
            let pays =
                |j: &usize| self.season.jobs()[*j].streams.contains(StreamIx::new(stream)) && admits(self.season, stream, a);
            self.acceptable[a].iter().filter(|(j, _)| pays(j)).map(|(&j, &rank)| (j, rank)).collect()
        };
        Rest {
            jobs: jobs.map(|(j, job)| job.capacity - count(&|_, (job, _)| job == j)).collect(),
            departments: (0..settings.departments.len())
                .map(|d| settings.departments[d].cap.map(|cap| cap - count(&|_, (j, _)| self.department(j) == Some(d))))
                .collect(),
            stream: settings.streams[stream].cap.map(|cap| cap - count(&|_, (_, s)| s == stream)),
            homes: (0..settings.districts.len())
                .map(|h| {
                    let cap = self.season.home_cap(DistrictIx::new(h)).filter(|_| self.home_pays(stream));
                    cap.map(|cap| cap - count(&|a, (_, s)| self.home(a) == h && self.home_pays(s)))
                })
                .collect(),
            entrants: self.order.iter().copied().filter(|a| !given.contains_key(a)).collect(),
            options: (0..self.order.len()).map(options).collect(),
        }
    }

    fn gender(&self, applicant: usize) -> Gender {
        self.season.applicants()[applicant].gender
    }

    /// All placements of exactly the given applicants within capacities, department's and stream's cap, at the ranks they are bound to.
    fn placements(&self, rest: &Rest, who: &[(usize, Option<u16>)]) -> Vec<Vec<usize>> {
        let mut complete = Vec::new();
        let mut jobs = Vec::new();
        self.extend(rest, who, &mut jobs, &mut complete);
        complete
    }

    fn extend(&self, rest: &Rest, who: &[(usize, Option<u16>)], jobs: &mut Vec<usize>, complete: &mut Vec<Vec<usize>>) {
        let Some(&(applicant, bound)) = who.get(jobs.len()) else {
            complete.push(jobs.clone());
            return;
        };
        for (&job, &rank) in &rest.options[applicant] {
            let of_job = jobs.iter().filter(|&&j| j == job).count() as u32;
            let department = self.department(job);
            let of_department = jobs.iter().filter(|&&j| self.department(j) == department).count() as u32;
            if bound.is_none_or(|bound| bound == rank)
                && of_job < rest.jobs[job]
                && department.and_then(|d| rest.departments[d]).is_none_or(|cap| of_department < cap)
                && rest.stream.is_none_or(|cap| (jobs.len() as u32) < cap)
            {
                jobs.push(job);
                self.extend(rest, who, jobs, complete);
                jobs.pop();
            }
        }
    }

    /// Section 5.1 or 5.2: whom a stage selects, bound to a rank or not, and why not the others.
    fn select(&self, mechanism: Mechanism, rest: &Rest) -> Selection {
        let mut selected: Vec<(usize, Option<u16>)> = Vec::new();
        let mut reasons = BTreeMap::new();
        for &a in &rest.entrants {
            let home = self.home(a);
            let at_home = selected.iter().filter(|&&(b, _)| self.home(b) == home).count() as u32;
            if rest.options[a].is_empty() {
                reasons.insert(a, StageReason::NoEligibleJob);
                continue;
            }
            if rest.homes[home].is_some_and(|cap| at_home >= cap) {
                reasons.insert(a, StageReason::HomeCap);
                continue;
            }
            let ranks: BTreeSet<Option<u16>> = match mechanism {
                Mechanism::SerialDictatorship => rest.options[a].values().map(|&rank| Some(rank)).collect(),
                _ => [None].into(),
            };
            let possible = ranks.into_iter().find(|&rank| {
                let with: Vec<_> = selected.iter().copied().chain([(a, rank)]).collect();
                !self.placements(rest, &with).is_empty()
            });
            match possible {
                Some(rank) => selected.push((a, rank)),
                None => _ = reasons.insert(a, StageReason::Full),
            }
        }
        (selected, reasons)
    }

    /// How bad a placement is by the rule: the least is taken.
    fn badness(&self, method: &Method, rest: &Rest, who: &[(usize, Option<u16>)], jobs: &[usize]) -> Vec<i64> {
        let ranks: Vec<u16> = who.iter().zip(jobs).map(|(&(a, _), j)| rest.options[a][j]).collect();
        let at = |rank: u16| ranks.iter().filter(|&&other| other == rank).count() as i64;
        match method.placement {
            _ if method.mechanism != Mechanism::Priority => Vec::new(),
            PlacementRule::LeastTotalRank => vec![self.cost(&method.balance, rest, who, jobs)],
            PlacementRule::RankMaximal => (1..9).map(|rank| -at(rank)).collect(),
            PlacementRule::Generous => (1..9).rev().map(at).collect(),
            PlacementRule::RankingOrder => ranks.iter().map(|&rank| i64::from(rank)).collect(),
        }
    }

    fn cost(&self, balance: &Balance, rest: &Rest, who: &[(usize, Option<u16>)], jobs: &[usize]) -> i64 {
        let of_place = |(&(a, _), &j): (&(usize, Option<u16>), &usize)| {
            i64::from(self.costs.cost(rest.options[a][&j])) + self.off_balance(balance, a, j)
        };
        who.iter().zip(jobs).map(of_place).sum()
    }

    /// Section 5.7, with the reasons of those without a place.
    fn paper(&self) -> (BTreeMap<usize, Seat>, BTreeMap<usize, Vec<StageReason>>) {
        let mut seats = self.locks.clone();
        let mut reasons = BTreeMap::new();
        for &a in self.order.iter().filter(|a| !self.locks.contains_key(a)) {
            let mut wishes: Vec<(u16, usize)> = self.acceptable[a].iter().map(|(&j, &rank)| (rank, j)).collect();
            wishes.sort_unstable();
            let streams = 0..self.season.settings().streams.len();
            let pays = |j: usize, s: usize| {
                let mut with = seats.clone();
                with.insert(a, (j, s));
                self.season.jobs()[j].streams.contains(StreamIx::new(s)) && admits(self.season, s, a) && self.within_limits(&with)
            };
            let seat = wishes.iter().find_map(|&(_, j)| Some((j, streams.clone().find(|&s| pays(j, s))?)));
            if let Some(seat) = seat {
                seats.insert(a, seat);
                continue;
            }
            let why = streams.map(|s| {
                let rest = self.rest(s, &seats);
                if rest.options[a].is_empty() {
                    StageReason::NoEligibleJob
                } else if rest.homes[self.home(a)] == Some(0) {
                    StageReason::HomeCap
                } else {
                    StageReason::Full
                }
            });
            reasons.insert(a, why.collect());
        }
        (seats, reasons)
    }

    /// Decides a stage: places, the reasons of those who wait, and the evidence.
    fn decide_stage(&self, method: &Method, rest: &Rest) -> (Vec<(usize, usize)>, BTreeMap<usize, StageReason>, Evidence) {
        let unproved = |(places, reasons)| (places, reasons, Evidence::Replay);
        match method.mechanism {
            Mechanism::DeferredAcceptance => return unproved(two_sided::deferred_acceptance(self, rest)),
            Mechanism::TopTradingCycles => return unproved(two_sided::top_trading_cycles(self, rest)),
            Mechanism::RankMaximal => {
                let places = self.rank_maximal(rest).swap_remove(0);
                let reasons = self.reasons_of_all(rest, &places);
                let levels = self.levels(method, rest, &places, &self.order.clone());
                return (places, reasons, Evidence::Profile { selection: None, levels });
            }
            Mechanism::Priority | Mechanism::SerialDictatorship | Mechanism::PaperLottery => {}
        }
        let (selected, reasons) = self.select(method.mechanism, rest);
        let all = self.placements(rest, &selected);
        let best = all.iter().min_by_key(|jobs| self.badness(method, rest, &selected, jobs)).unwrap();
        let places: Vec<(usize, usize)> = selected.iter().map(|&(a, _)| a).zip(best.iter().copied()).collect();
        if method.mechanism == Mechanism::SerialDictatorship {
            return (places, reasons, Evidence::Replay);
        }
        let id = |a: usize| self.season.applicants()[a].id.to_string();
        let closed = self.closed(rest, &selected, &reasons).into_iter();
        let closed = closed.map(|(j, a)| (self.season.jobs()[j].id.to_string(), id(a))).collect();
        let selection = SelectionEvidence { closed };
        let players: Vec<usize> = selected.iter().map(|&(a, _)| a).collect();
        let evidence = match method.placement {
            PlacementRule::LeastTotalRank => {
                let cost = |a: usize, j: usize| {
                    i64::from(self.costs.cost(rest.options[a][&j])) + self.off_balance(&method.balance, a, j)
                };
                let options: Vec<_> = rest.options.iter().map(|jobs| jobs.keys().copied().collect()).collect();
                let prices = prices(self, rest, &players, &options, &places, &cost, None, &Limits::default());
                let (jobs, departments, stream, _) = prices.by_id(self.season);
                let cost = self.cost(&method.balance, rest, &selected, best);
                Evidence::Certificate { selection, placement: PlacementEvidence { cost, jobs, departments, stream }, moves: None }
            }
            PlacementRule::RankMaximal | PlacementRule::Generous => {
                Evidence::Profile { selection: Some(selection), levels: self.levels(method, rest, &places, &players) }
            }
            PlacementRule::RankingOrder => Evidence::Order { selection },
        };
        (places, reasons, evidence)
    }

    /// Decides the season.
    pub(crate) fn decide(&self, method: impl Into<Method>) -> Outcome {
        let method = method.into();
        let mut seats = self.locks.clone();
        let mut reasons: BTreeMap<usize, Vec<StageReason>> = BTreeMap::new();
        let mut stages = Vec::new();
        if method.mechanism == Mechanism::PaperLottery {
            (seats, reasons) = self.paper();
        }
        for (s, stream) in self.season.settings().streams.iter().enumerate() {
            let mut stage_evidence = Evidence::Replay;
            if method.mechanism != Mechanism::PaperLottery {
                let mut rest = self.rest(s, &seats);
                rest.entrants = self.turns(&rest, &method.balance);
                let (places, why, evidence) = self.decide_stage(&method, &rest);
                stage_evidence = evidence;
                seats.extend(places.iter().map(|&(a, job)| (a, (job, s))));
                for (a, reason) in why {
                    reasons.entry(a).or_default().push(reason);
                }
            }
            stages.push(Stage { stream: stream.id.to_string(), evidence: stage_evidence });
        }
        Outcome {
            format: FORMAT,
            season: self.season.settings().name.to_string(),
            fingerprint: Fingerprint::of(self.season),
            mechanism: method.mechanism,
            placement: method.placement,
            rank_costs: self.costs.clone(),
            balance: method.balance,
            seed: self.seed.to_owned(),
            rematch: None,
            stages,
            decisions: (0..self.order.len()).map(|a| self.decision(a, seats.get(&a).copied(), reasons.get(&a))).collect(),
        }
    }

    fn decision(&self, a: usize, seat: Option<Seat>, reasons: Option<&Vec<StageReason>>) -> Decision {
        let verdict = match seat {
            Some((j, s)) => Verdict::Placed(Placed {
                job: self.season.jobs()[j].id.to_string(),
                stream: self.season.settings().streams[s].id.to_string(),
                rank: self.acceptable[a].get(&j).copied(),
                by: if self.locks.contains_key(&a) { PlacedBy::Lock } else { PlacedBy::Ranking },
            }),
            None if self.acceptable[a].is_empty() => {
                let named = |j: &usize| {
                    self.season.applicants()[a].wishes.iter().any(|wish| match wish.target {
                        Target::Job(job) => job.get() == *j,
                        Target::Jobs(filter) => filter.admits(&self.season.jobs()[*j]),
                    })
                };
                let jobs = (0..self.season.jobs().len()).filter(named);
                let rules: BTreeSet<Rule> = jobs.filter_map(|j| refusal(self.season, a, j)).collect();
                Verdict::Ineligible { rules: rules.into_iter().collect() }
            }
            None => Verdict::Waiting { reasons: reasons.unwrap().clone() },
        };
        Decision {
            applicant: self.season.applicants()[a].id.to_string(),
            lottery: LotteryNumber(self.numbers[a]),
            position: self.order.iter().position(|&b| a == b).unwrap() as u32 + 1,
            verdict,
        }
    }

    /// Returns the reasons of those who wait if a stage may place these, sorted by turn, and no others.
    fn accepts_stage(&self, method: &Method, rest: &Rest, found: &[(usize, usize)]) -> Option<BTreeMap<usize, StageReason>> {
        if matches!(method.mechanism, Mechanism::DeferredAcceptance | Mechanism::TopTradingCycles) {
            let (mut places, reasons, _) = self.decide_stage(method, rest);
            places.sort_by_key(|(a, _)| rest.entrants.iter().position(|b| a == b));
            return (places == found).then_some(reasons);
        }
        if method.mechanism == Mechanism::RankMaximal {
            let is_best =
                self.rank_maximal(rest).iter().any(|best| best.iter().collect::<BTreeSet<_>>() == found.iter().collect());
            return is_best.then(|| self.reasons_of_all(rest, found));
        }
        let (selected, why) = self.select(method.mechanism, rest);
        if !selected.iter().map(|&(a, _)| a).eq(found.iter().map(|&(a, _)| a)) {
            return None;
        }
        let jobs: Vec<usize> = found.iter().map(|&(_, job)| job).collect();
        let all = self.placements(rest, &selected);
        let best = all.iter().map(|jobs| self.badness(method, rest, &selected, jobs)).min();
        (all.contains(&jobs) && best == Some(self.badness(method, rest, &selected, &jobs))).then_some(why)
    }

    /// Returns whether an outcome with the right lottery decides as the definition demands, evidence aside.
    pub(crate) fn accepts(&self, outcome: &Outcome) -> bool {
        let seat = |decision: &Decision| match &decision.verdict {
            Verdict::Placed(placed) => {
                let job = self.season.find_job(&placed.job)?;
                Some((job.get(), self.season.settings().find_stream(&placed.stream)?.get()))
            }
            Verdict::Waiting { .. } | Verdict::Ineligible { .. } => None,
        };
        let seats = outcome.decisions.iter().enumerate().filter_map(|(a, decision)| Some((a, seat(decision)?)));
        let seats: BTreeMap<usize, Seat> = seats.collect();
        let mut given = self.locks.clone();
        let mut reasons: BTreeMap<usize, Vec<StageReason>> = BTreeMap::new();
        let method = Method { mechanism: outcome.mechanism, placement: outcome.placement, balance: outcome.balance.clone() };
        if outcome.mechanism == Mechanism::PaperLottery {
            (given, reasons) = self.paper();
        } else {
            for s in 0..self.season.settings().streams.len() {
                let mut rest = self.rest(s, &given);
                rest.entrants = self.turns(&rest, &method.balance);
                let found: Vec<(usize, usize)> = rest
                    .entrants
                    .iter()
                    .filter_map(|a| Some((*a, *seats.get(a)?)))
                    .filter(|&(_, (_, stream))| stream == s)
                    .map(|(a, (job, _))| (a, job))
                    .collect();
                let Some(why) = self.accepts_stage(&method, &rest, &found) else { return false };
                given.extend(found.iter().map(|&(a, job)| (a, (job, s))));
                for (a, reason) in why {
                    reasons.entry(a).or_default().push(reason);
                }
            }
        }
        let expected = (0..self.order.len()).map(|a| self.decision(a, given.get(&a).copied(), reasons.get(&a)));
        outcome.decisions.len() == self.order.len() && expected.zip(&outcome.decisions).all(|(e, d)| e == *d)
    }

    /// The largest number of applicants that some stage of an outcome could place, with home caps or with job capacities alone.
    pub(crate) fn largest(&self, stream: usize, given: &BTreeMap<usize, Seat>, with_caps: bool) -> u32 {
        let mut rest = self.rest(stream, given);
        if !with_caps {
            rest.departments.fill(None);
            rest.homes.fill(None);
            rest.stream = None;
        }
        let who: Vec<usize> = rest.entrants.clone();
        let fits = |set: u32| {
            let members: Vec<_> = (0..who.len()).filter(|i| set >> i & 1 == 1).map(|i| (who[i], None)).collect();
            let at_home = |h: usize| members.iter().filter(|&&(a, _)| self.home(a) == h).count() as u32;
            (0..rest.homes.len()).all(|h| rest.homes[h].is_none_or(|cap| at_home(h) <= cap))
                && !self.placements(&rest, &members).is_empty()
        };
        (0..1_u32 << who.len()).filter(|&set| fits(set)).map(u32::count_ones).max().unwrap_or(0)
    }
}
