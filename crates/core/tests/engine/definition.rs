//! Sections 4 and 5 word for word, on tiny seasons: limits are counted from scratch, and every way to place is tried.

use std::collections::BTreeMap;

use feriematch_core::{Preparation, Ranking};
use feriematch_model::*;

/// Somebody's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seat {
    pub(crate) applicant: ApplicantIx,
    pub(crate) job: JobIx,
    pub(crate) stream: StreamIx,
    pub(crate) by: PlacedBy,
}

/// Returns the places that an outcome gives, in order of applicants.
pub(crate) fn seats(season: &Season, outcome: &Outcome) -> Vec<Seat> {
    let seat = |(row, decision): (usize, &Decision)| match &decision.verdict {
        Verdict::Placed(placed) => Some(Seat {
            applicant: ApplicantIx::new(row),
            job: season.find_job(&placed.job).unwrap(),
            stream: season.settings().find_stream(&placed.stream).unwrap(),
            by: placed.by,
        }),
        _ => None,
    };
    outcome.decisions.iter().enumerate().filter_map(seat).collect()
}

/// Returns those of an outcome's places that are given when a stage begins.
pub(crate) fn given_before(seats: &[Seat], stream: StreamIx) -> Vec<Seat> {
    seats.iter().copied().filter(|seat| seat.by == PlacedBy::Lock || seat.stream < stream).collect()
}

/// What limits places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limit {
    Job(JobIx),
    Department(DepartmentIx),
    Stream(StreamIx),
    Home(DistrictIx),
}

impl Limit {
    /// Returns the limits that a place counts against.
    pub(crate) fn of(season: &Season, seat: Seat) -> Vec<Self> {
        let mut limits = vec![Self::Job(seat.job), Self::Stream(seat.stream)];
        if let Employer::Department(department) = season.job(seat.job).employer {
            limits.push(Self::Department(department));
        }
        if season.settings().streams[seat.stream.get()].payer == Payer::HomeDistrict {
            limits.push(Self::Home(season.applicant(seat.applicant).home_district));
        }
        limits
    }

    /// Returns how many places some seats leave under the limit; `None` where there is none.
    pub(crate) fn left(self, season: &Season, seats: &[Seat]) -> Option<u32> {
        let settings = season.settings();
        let most = match self {
            Self::Job(job) => Some(season.job(job).capacity),
            Self::Department(department) => settings.departments[department.get()].cap,
            Self::Stream(stream) => settings.streams[stream.get()].cap,
            Self::Home(district) => season.home_cap(district),
        };
        let used = seats.iter().filter(|&&seat| Self::of(season, seat).contains(&self)).count() as u32;
        most.map(|most| most.checked_sub(used).unwrap())
    }
}

/// Returns whether there is room for one more place.
pub(crate) fn has_room(season: &Season, seats: &[Seat], seat: Seat) -> bool {
    Limit::of(season, seat).into_iter().all(|limit| limit.left(season, seats) != Some(0))
}

/// Gives the locked places in the order of the overrides. Returns them, and the rows of the locks that cannot stand.
pub(crate) fn locks(preparation: &Preparation<'_>) -> (Vec<Seat>, Vec<usize>) {
    let season = preparation.season();
    let (mut seats, mut refused) = (Vec::new(), Vec::new());
    for (row, o) in season.overrides().iter().enumerate().filter(|(_, o)| o.kind == OverrideKind::Lock) {
        let eligible = preparation.eligibility().check(o.applicant, o.job).is_ok();
        let mut payers = payers(preparation, o.applicant, o.job);
        let stream = payers.find(|&payer| o.stream.is_none_or(|stated| stated == payer)).filter(|_| eligible);
        let seat = stream.map(|stream| Seat { applicant: o.applicant, job: o.job, stream, by: PlacedBy::Lock });
        match seat.filter(|&seat| has_room(season, &seats, seat)) {
            Some(seat) => seats.push(seat),
            None => refused.push(row),
        }
    }
    (seats, refused)
}

/// Returns the streams of a job that admit an applicant, in the published order.
fn payers(preparation: &Preparation<'_>, applicant: ApplicantIx, job: JobIx) -> impl Iterator<Item = StreamIx> {
    let season = preparation.season();
    let admits = move |&s: &StreamIx| preparation.eligibility().stream_admits(s, season.applicant(applicant));
    season.job(job).streams.rows().map(StreamIx::new).filter(admits)
}

/// Every way to place some applicants, told apart by how many places of each job it uses, with the least cost of each.
#[derive(Debug, Clone)]
pub(crate) struct Ways(BTreeMap<Vec<u32>, i64>);

impl Ways {
    /// Returns the least cost of a way, if there is a way.
    pub(crate) fn least_cost(&self) -> Option<i64> {
        self.0.values().min().copied()
    }
}

/// One stage, after some places have been given.
pub(crate) struct Stage<'a> {
    preparation: &'a Preparation<'a>,
    stream: StreamIx,
    given: Vec<Seat>,
    jobs: Vec<u32>,
    departments: Vec<Option<u32>>,
    own: Option<u32>,
}

/// What a stage decides on those who take part: the rank for which somebody's place is bound where the mechanism binds it, or why there is no
/// place; and every way to place those who get one.
pub(crate) struct Decided {
    pub(crate) on: BTreeMap<ApplicantIx, Result<Option<u16>, StageReason>>,
    pub(crate) ways: Ways,
}

impl<'a> Stage<'a> {
    pub(crate) fn new(preparation: &'a Preparation<'a>, stream: StreamIx, given: Vec<Seat>) -> Self {
        let season = preparation.season();
        let left = |limit: Limit| limit.left(season, &given);
        Self {
            jobs: (0..season.jobs().len()).map(|row| left(Limit::Job(JobIx::new(row))).unwrap()).collect(),
            departments: (0..season.settings().departments.len())
                .map(|row| left(Limit::Department(DepartmentIx::new(row))))
                .collect(),
            own: left(Limit::Stream(stream)),
            preparation,
            stream,
            given,
        }
    }

    /// Returns the jobs that an applicant can get in the stage, with their ranks.
    pub(crate) fn options(&self, applicant: ApplicantIx) -> Vec<(JobIx, u16)> {
        let jobs = (0..self.jobs.len()).map(JobIx::new);
        let eligible = jobs.filter(|&job| self.preparation.eligibility().check(applicant, job).is_ok());
        let funded = eligible.filter(|&job| payers(self.preparation, applicant, job).any(|stream| stream == self.stream));
        funded.filter_map(|job| Some((job, self.preparation.rank(applicant, job)?))).collect()
    }

    /// Returns the only way to place nobody.
    pub(crate) fn nobody(&self) -> Ways {
        Ways(BTreeMap::from([(vec![0; self.jobs.len()], 0)]))
    }

    /// Returns every way to place one more applicant in one of some jobs at some cost.
    pub(crate) fn extend(&self, ways: &Ways, options: impl Iterator<Item = (JobIx, i64)>) -> Ways {
        let mut extended = BTreeMap::new();
        for (job, cost) in options {
            for (used, before) in &ways.0 {
                let mut used = used.clone();
                used[job.get()] += 1;
                if self.keeps_within_limits(&used) {
                    let least = extended.entry(used).or_insert(i64::MAX);
                    *least = (*least).min(before + cost);
                }
            }
        }
        Ways(extended)
    }

    fn keeps_within_limits(&self, used: &[u32]) -> bool {
        let jobs = self.preparation.season().jobs();
        let in_department = |department| {
            let of = Employer::Department(DepartmentIx::new(department));
            jobs.iter().zip(used).filter(|(job, _)| job.employer == of).map(|(_, &n)| n).sum::<u32>()
        };
        used.iter().zip(&self.jobs).all(|(used, left)| used <= left)
            && self.own.is_none_or(|left| used.iter().sum::<u32>() <= left)
            && self.departments.iter().enumerate().all(|(d, left)| left.is_none_or(|left| in_department(d) <= left))
    }

    /// Decides by `priority`: who can be placed at once with everybody before gets a place.
    pub(crate) fn priority(&self, ranking: &Ranking) -> Decided {
        let rank_costs = &self.preparation.season().settings().rank_costs;
        self.priority_at(ranking, |_, rank| i64::from(rank_costs.cost(rank)))
    }

    /// Decides by `priority`, and weighs ways by what a rank costs the applicant whose turn comes after so many others'.
    pub(crate) fn priority_at(&self, ranking: &Ranking, cost: impl Fn(usize, u16) -> i64) -> Decided {
        self.in_turn(ranking, &self.nobody(), &BTreeMap::new(), |turn, ways, options| {
            let ways = self.extend(ways, options.iter().map(|&(job, rank)| (job, cost(turn, rank))));
            ways.least_cost().map(|_| (None, ways))
        })
    }

    /// Decides by serial dictatorship: each gets the best rank that leaves everybody before the rank they got.
    pub(crate) fn serial_dictatorship(&self, ranking: &Ranking) -> Decided {
        self.in_turn(ranking, &self.nobody(), &BTreeMap::new(), |_, ways, options| {
            let mut ranks: Vec<u16> = options.iter().map(|&(_, rank)| rank).collect();
            ranks.sort_unstable();
            ranks.into_iter().find_map(|best| {
                let of_rank = options.iter().filter(|(_, rank)| *rank == best).map(|&(job, _)| (job, 0));
                let ways = self.extend(ways, of_rank);
                ways.least_cost().map(|_| (Some(best), ways))
            })
        })
    }

    /// Gives everybody without a place a turn, in ranking order. `place` returns the ways to place one more, if there is any.
    ///
    /// Those who have a claim have been placed in every way of the first ones.
    fn in_turn(
        &self,
        ranking: &Ranking,
        first: &Ways,
        claims: &BTreeMap<ApplicantIx, JobIx>,
        place: impl Fn(usize, &Ways, &[(JobIx, u16)]) -> Option<(Option<u16>, Ways)>,
    ) -> Decided {
        let season = self.preparation.season();
        let home_of = |applicant: ApplicantIx| season.applicant(applicant).home_district;
        let pays_at_home = season.settings().streams[self.stream.get()].payer == Payer::HomeDistrict;
        let mut decided = Decided { on: claims.keys().map(|&a| (a, Ok(None))).collect(), ways: first.clone() };
        for (turn, &applicant) in ranking.order().iter().enumerate() {
            if claims.contains_key(&applicant) || self.given.iter().any(|seat| seat.applicant == applicant) {
                continue;
            }
            let options = self.options(applicant);
            let home = home_of(applicant);
            let neighbours = decided.on.iter().filter(|(a, on)| on.is_ok() && home_of(**a) == home).count() as u32;
            let home_left = Limit::Home(home).left(season, &self.given);
            let on = if options.is_empty() {
                Err(StageReason::NoEligibleJob)
            } else if pays_at_home && home_left.is_some_and(|left| neighbours >= left) {
                Err(StageReason::HomeCap)
            } else if let Some((rank, ways)) = place(turn, &decided.ways, &options) {
                decided.ways = ways;
                Ok(rank)
            } else {
                Err(StageReason::Full)
            };
            decided.on.insert(applicant, on);
        }
        decided
    }
}

/// What a move costs beside ranks: more than any placement of a small season.
const MOVE: i64 = 1 << 40;

impl Stage<'_> {
    /// Decides by `priority` where some have a claim, with so many moves at most: whoever has one keeps a place, and everybody else is
    /// placed in turn if that takes no more moves together. Returns the moves and the rank costs, too.
    pub(crate) fn rematch(
        &self,
        ranking: &Ranking,
        claims: &BTreeMap<ApplicantIx, JobIx>,
        max_moves: Option<u32>,
    ) -> (Decided, u32, i64) {
        let rank_costs = &self.preparation.season().settings().rank_costs;
        let mut ways = self.nobody();
        for (&applicant, &claim) in claims {
            let cost = |(job, rank)| (job, i64::from(rank_costs.cost(rank)) + if job == claim { 0 } else { MOVE });
            ways = self.extend(&ways, self.options(applicant).into_iter().map(cost));
        }
        let place = |most: Option<u32>| {
            move |_, ways: &Ways, options: &[(JobIx, u16)]| {
                let cost = |&(job, rank): &(JobIx, u16)| (job, i64::from(rank_costs.cost(rank)));
                let ways = self.extend(ways, options.iter().map(cost));
                let least = ways.least_cost()?;
                most.is_none_or(|most| least / MOVE <= i64::from(most)).then_some((None, ways))
            }
        };
        let unlimited = self.in_turn(ranking, &ways, claims, place(None));
        let mut decided = self.in_turn(ranking, &ways, claims, place(max_moves));
        for (applicant, on) in &mut decided.on {
            if *on == Err(StageReason::Full) && unlimited.on[applicant] != Err(StageReason::Full) {
                *on = Err(StageReason::MoveLimit);
            }
        }
        let least = decided.ways.least_cost().unwrap();
        (decided, u32::try_from(least / MOVE).unwrap(), least % MOVE)
    }
}

/// Draws the paper lottery after the locks: the place of everybody who gets one, or the reason that each stream gives.
pub(crate) fn paper_lottery(
    preparation: &Preparation<'_>,
    ranking: &Ranking,
) -> BTreeMap<ApplicantIx, Result<Seat, Vec<StageReason>>> {
    let season = preparation.season();
    let mut seats = locks(preparation).0;
    let mut drawn = BTreeMap::new();
    let locked: Vec<ApplicantIx> = seats.iter().map(|seat| seat.applicant).collect();
    for &applicant in ranking.order().iter().filter(|a| !locked.contains(a)) {
        let jobs = (0..season.jobs().len()).map(JobIx::new);
        let eligible = jobs.filter(|&job| preparation.eligibility().check(applicant, job).is_ok());
        let mut options: Vec<(u16, JobIx)> = eligible.filter_map(|job| Some((preparation.rank(applicant, job)?, job))).collect();
        options.sort_by_key(|&(rank, job)| (rank, &season.job(job).id));
        let possible = options.iter().flat_map(|&(_, job)| {
            payers(preparation, applicant, job).map(move |stream| Seat { applicant, job, stream, by: PlacedBy::Ranking })
        });
        let possible: Vec<Seat> = possible.collect();
        let first = possible.iter().copied().find(|&seat| has_room(season, &seats, seat));
        let reason = |row| {
            let home = Limit::Home(season.applicant(applicant).home_district);
            match possible.iter().find(|seat| seat.stream == StreamIx::new(row)) {
                None => StageReason::NoEligibleJob,
                Some(&seat) if Limit::of(season, seat).contains(&home) && home.left(season, &seats) == Some(0) => {
                    StageReason::HomeCap
                }
                Some(_) => StageReason::Full,
            }
        };
        drawn.insert(applicant, first.ok_or_else(|| (0..season.settings().streams.len()).map(reason).collect()));
        seats.extend(first);
    }
    drawn
}
