//! Decides tiny seasons word by word as docs/mechanisms.md says, by trying everything.

use std::collections::{BTreeMap, BTreeSet};

use feriematch_model::*;

/// A place: a job's row and a stream's.
pub(crate) type Seat = (usize, usize);

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
struct Rest {
    jobs: Vec<u32>,
    departments: Vec<Option<u32>>,
    stream: Option<u32>,
    homes: Vec<Option<u32>>,
    /// In ranking order.
    entrants: Vec<usize>,
    /// The jobs that each applicant can get in the stage, with ranks.
    options: Vec<BTreeMap<usize, u16>>,
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
        order.sort_by_key(|&a| (season.applicants()[a].class, numbers[a], &season.applicants()[a].id));
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

    fn department(&self, job: usize) -> Option<usize> {
        match self.season.jobs()[job].employer {
            Employer::Department(d) => Some(d.get()),
            Employer::District(_) => None,
        }
    }

    fn home(&self, applicant: usize) -> usize {
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
                Mechanism::Priority | Mechanism::PaperLottery => [None].into(),
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

    fn cost(&self, rest: &Rest, who: &[(usize, Option<u16>)], jobs: &[usize]) -> i64 {
        who.iter().zip(jobs).map(|(&(a, _), j)| i64::from(self.costs.cost(rest.options[a][j]))).sum()
    }

    /// Section 5.3, with the reasons of those without a place.
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

    /// Section 6: some closed jobs that show why nobody else is selected, by trying every set of jobs in each turn.
    fn closed(
        &self,
        rest: &Rest,
        selected: &[(usize, Option<u16>)],
        reasons: &BTreeMap<usize, StageReason>,
    ) -> BTreeMap<usize, usize> {
        let m = rest.jobs.len();
        let admitted = |set: u32| {
            let of = |d: Option<usize>| -> u32 {
                (0..m).filter(|&j| set >> j & 1 == 1 && self.department(j) == d).map(|j| rest.jobs[j]).sum()
            };
            let capped = rest.departments.iter().enumerate().map(|(d, cap)| cap.unwrap_or(u32::MAX).min(of(Some(d))));
            (of(None) + capped.sum::<u32>()).min(rest.stream.unwrap_or(u32::MAX))
        };
        let bits = |a: usize| rest.options[a].keys().fold(0_u32, |bits, j| bits | 1 << j);
        let mut closed = BTreeMap::new();
        let mut all = 0_u32;
        let mut ahead: Vec<usize> = Vec::new();
        for &a in &rest.entrants {
            if selected.iter().any(|&(b, _)| a == b) {
                ahead.push(a);
            } else if reasons[&a] == StageReason::Full {
                let filled = |set: u32| ahead.iter().filter(|&&b| bits(b) & !set == 0).count() as u32 == admitted(set);
                let set = (0..1 << m).find(|&set| set & all == all && bits(a) & !set == 0 && filled(set)).unwrap();
                (0..m).filter(|j| (set & !all) >> j & 1 == 1).for_each(|j| _ = closed.insert(j, a));
                all = set;
            }
        }
        closed
    }

    /// Section 6: some prices that prove a cost the least, by trying all up to a bound.
    fn prices(&self, rest: &Rest, who: &[(usize, Option<u16>)], jobs: &[usize]) -> PlacementEvidence {
        let cost = self.cost(rest, who, jobs);
        let of_department = |d: usize| jobs.iter().filter(|&&j| self.department(j) == Some(d)).count() as u32;
        // Only what is used up can have a price (a job without any place, too); the stream's cap never needs one, since all placements use it alike.
        let full_jobs = (0..rest.jobs.len()).filter(|&j| jobs.iter().filter(|&&k| k == j).count() as u32 == rest.jobs[j]);
        let full_jobs: Vec<usize> = full_jobs.collect();
        let full_departments: Vec<usize> =
            (0..rest.departments.len()).filter(|&d| rest.departments[d] == Some(of_department(d))).collect();
        let priced = full_jobs.len() + full_departments.len();
        for bound in 0..20_usize {
            'assignment: for code in 0..(bound + 1).pow(priced as u32) {
                let price = |at: usize| (code / (bound + 1).pow(at as u32) % (bound + 1)) as i64;
                let of_job = |j: usize| full_jobs.iter().position(|&k| k == j).map_or(0, price);
                let of_its_department = |j: usize| {
                    let at = full_departments.iter().position(|&d| self.department(j) == Some(d));
                    at.map_or(0, |at| price(full_jobs.len() + at))
                };
                for (&(a, _), job) in who.iter().zip(jobs) {
                    let sum = |j: usize| i64::from(self.costs.cost(rest.options[a][&j])) + of_job(j) + of_its_department(j);
                    if rest.options[a].keys().any(|&j| sum(j) < sum(*job)) {
                        continue 'assignment;
                    }
                }
                let id = |j: usize| self.season.jobs()[j].id.to_string();
                let departments = &self.season.settings().departments;
                let job_prices = full_jobs.iter().map(|&j| (id(j), of_job(j)));
                let department_prices = full_departments.iter().enumerate();
                let department_prices =
                    department_prices.map(|(at, &d)| (departments[d].id.to_string(), price(full_jobs.len() + at)));
                return PlacementEvidence {
                    cost,
                    jobs: job_prices.filter(|&(_, price)| price > 0).collect(),
                    departments: department_prices.filter(|&(_, price)| price > 0).collect(),
                    stream: 0,
                };
            }
        }
        panic!("no small prices prove {jobs:?} cheapest for {who:?}");
    }

    /// Decides the season.
    pub(crate) fn decide(&self, mechanism: Mechanism) -> Outcome {
        let mut seats = self.locks.clone();
        let mut reasons: BTreeMap<usize, Vec<StageReason>> = BTreeMap::new();
        let mut stages = Vec::new();
        if mechanism == Mechanism::PaperLottery {
            (seats, reasons) = self.paper();
        }
        for (s, stream) in self.season.settings().streams.iter().enumerate() {
            let mut evidence = Evidence::Replay;
            if mechanism != Mechanism::PaperLottery {
                let rest = self.rest(s, &seats);
                let (selected, why) = self.select(mechanism, &rest);
                let all = self.placements(&rest, &selected);
                let best = all.iter().min_by_key(|jobs| self.cost(&rest, &selected, jobs)).unwrap();
                if mechanism == Mechanism::Priority {
                    let closed = self.closed(&rest, &selected, &why).into_iter();
                    let id = |a: usize| self.season.applicants()[a].id.to_string();
                    let closed = closed.map(|(j, a)| (self.season.jobs()[j].id.to_string(), id(a))).collect();
                    let placement = self.prices(&rest, &selected, best);
                    evidence = Evidence::Certificate { selection: SelectionEvidence { closed }, placement, moves: None };
                }
                seats.extend(selected.iter().zip(best).map(|(&(a, _), &job)| (a, (job, s))));
                for (a, reason) in why {
                    reasons.entry(a).or_default().push(reason);
                }
            }
            stages.push(Stage { stream: stream.id.to_string(), evidence });
        }
        Outcome {
            format: FORMAT,
            season: self.season.settings().name.to_string(),
            fingerprint: Fingerprint::of(self.season),
            mechanism,
            placement: feriematch_model::PlacementRule::default(),
            rank_costs: self.costs.clone(),
            balance: feriematch_model::Balance::NONE,
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
        if outcome.mechanism == Mechanism::PaperLottery {
            (given, reasons) = self.paper();
        } else {
            for s in 0..self.season.settings().streams.len() {
                let rest = self.rest(s, &given);
                let (selected, why) = self.select(outcome.mechanism, &rest);
                let found: BTreeSet<usize> =
                    seats.iter().filter(|(a, seat)| seat.1 == s && !self.locks.contains_key(a)).map(|(&a, _)| a).collect();
                if found != selected.iter().map(|&(a, _)| a).collect() {
                    return false;
                }
                let jobs: Vec<usize> = selected.iter().map(|&(a, _)| seats[&a].0).collect();
                let all = self.placements(&rest, &selected);
                let least = all.iter().map(|jobs| self.cost(&rest, &selected, jobs)).min();
                let cheap = outcome.mechanism != Mechanism::Priority;
                if !all.contains(&jobs) || !(cheap || least == Some(self.cost(&rest, &selected, &jobs))) {
                    return false;
                }
                given.extend(selected.iter().zip(&jobs).map(|(&(a, _), &job)| (a, (job, s))));
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

/// Returns whether a stream's conditions admit an applicant.
pub(crate) fn admits(season: &Season, stream: usize, applicant: usize) -> bool {
    condition(season, stream, applicant).is_none()
}

fn condition(season: &Season, stream: usize, applicant: usize) -> Option<Rule> {
    let stream = &season.settings().streams[stream];
    let applicant = &season.applicants()[applicant];
    let class = stream.classes.is_empty() || stream.classes.contains(applicant.class);
    let cohort = stream.cohorts.is_empty() || stream.cohorts.contains(&applicant.birth_date.year());
    let home = stream.home_districts.is_empty() || stream.home_districts.contains(applicant.home_district);
    [(class, Rule::FundingClass), (cohort, Rule::FundingCohort), (home, Rule::FundingDistrict)]
        .into_iter()
        .find_map(|(met, rule)| (!met).then_some(rule))
}

/// Section 1, for seasons whose jobs say nothing about ages, hours and extracts.
pub(crate) fn refusal(season: &Season, applicant: usize, job: usize) -> Option<Rule> {
    let (a, j) = (&season.applicants()[applicant], &season.jobs()[job]);
    if !season.settings().cohorts.contains(&a.birth_date.year()) {
        return Some(Rule::Cohort);
    }
    if !j.requires.is_subset(a.qualifications) {
        return Some(Rule::Qualification);
    }
    if !j.open_to.is_empty() && !j.open_to.contains(a.home_district) {
        return Some(Rule::HomeDistrict);
    }
    let mut funding = j.streams.rows().map(|s| condition(season, s, applicant)).collect::<Vec<_>>().into_iter();
    let first = funding.next().flatten();
    if first.is_some() && funding.all(|failed| failed.is_some()) {
        return first;
    }
    let forbids = |o: &&Override| o.kind == OverrideKind::Forbid && o.applicant.get() == applicant && o.job.get() == job;
    season.overrides().iter().find(forbids).map(|_| Rule::Forbidden)
}
