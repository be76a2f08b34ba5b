//! Checks that a stage's placement is of least cost, by its prices (docs/mechanisms.md, section 6).
//!
//! With p_j, q_d, q_s ≥ 0, π_j = p_j + q_d(j) + q_s and u_i = min c_ij + π_j over the acceptable jobs of a selected
//! applicant i, every placement of the selected applicants within the limits costs Σ c_ij ≥ Σ (u_i − π_j) ≥ Σ u_i − Σ p_j
//! b_j − Σ q_d b_d − q_s b_s, where b is what may be used of each limit. If the outcome's placement costs just that, none
//! costs less (weak duality). The two sums differ by what each applicant pays beyond u_i, plus each price times what is
//! left of its limit; so where they differ, some of these are to blame, and are named.
//!
//! Overflow: prices are 64 bits and counts 32, so sums over 2³² terms fit 128 bits.

use feriematch_model::{PlacementEvidence, RankCosts};

use crate::eligibility::rank_of;
use crate::findings::Findings;
use crate::refutation::Refutation;
use crate::stage::{Stage, UNLIMITED};
use crate::subject::Priced;

/// Checks the prices of a stage; returns the cost of its placement.
pub(crate) fn check(stage: &Stage<'_>, costs: &Costs<'_>, evidence: &PlacementEvidence, findings: &mut Findings) -> i128 {
    let prices = Prices::read(stage, evidence, findings);
    let price = |job: usize| prices.job[job] + prices.department[stage.room.department_of[job] as usize] + prices.stream;
    let least_price = stage.acceptable.fold_targets(stage.stream, |job| price(job.get()), i128::min);

    let mut used = Used { jobs: vec![0; prices.job.len()], departments: vec![0; prices.department.len()], stream: 0 };
    let mut primal = 0;
    let mut dual = 0;
    for entrant in &stage.entrants {
        let Some(job) = entrant.job else { continue };
        used.jobs[job.get()] += 1;
        used.departments[stage.room.department_of[job.get()] as usize] += 1;
        used.stream += 1;
        let cost = |job| {
            let rank = rank_of(stage.season(), entrant.applicant, job);
            rank.map_or(0, |rank| costs.of(rank, entrant.claim.is_some_and(|claim| claim != job)))
        };
        // A target may contain the claim, which is no move; that one is looked at by itself.
        let sums = stage.choices(entrant).filter_map(|choice| {
            least_price[choice.target as usize].map(|price| price + costs.of(choice.rank, entrant.claim.is_some()))
        });
        let staying = entrant.claim.map(|claim| cost(claim) + price(claim.get()));
        let cost = cost(job);
        let pays = cost + price(job.get());
        let least = sums.chain(staying).min().unwrap_or(pays);
        primal += cost;
        dual += least;
        if pays != least {
            findings.push(Refutation::DearPlace {
                stream: stage.id(),
                applicant: stage.id_of(entrant),
                job: stage.season().job(job).id.to_string(),
                pays,
                least,
            });
        }
    }
    dual -= prices.of_limits(stage, &used, findings);
    if primal != dual {
        findings.push(Refutation::DualGap { stream: stage.id(), primal, dual });
    }
    if primal != i128::from(evidence.cost) {
        findings.push(Refutation::Cost { stream: stage.id(), expected: primal, found: evidence.cost });
    }
    primal
}

/// What a place costs.
pub(crate) enum Costs<'c> {
    /// By its rank, and so much more where it is a move.
    Ranks(&'c RankCosts, i64),
    /// One where it is a move, and nothing otherwise.
    Moves,
}

impl Costs<'_> {
    fn of(&self, rank: u16, is_move: bool) -> i128 {
        match self {
            Self::Ranks(costs, move_cost) => i128::from(costs.cost(rank)) + i128::from(is_move) * i128::from(*move_cost),
            Self::Moves => i128::from(is_move),
        }
    }
}

/// How many places of each limit the placement uses.
struct Used {
    jobs: Vec<u64>,
    departments: Vec<u64>,
    stream: u64,
}

/// The prices of a stage, 0 where none is stated.
struct Prices {
    job: Vec<i128>,
    department: Vec<i128>,
    stream: i128,
}

impl Prices {
    fn read(stage: &Stage<'_>, evidence: &PlacementEvidence, findings: &mut Findings) -> Self {
        let season = stage.season();
        let mut prices = Self {
            job: vec![0; season.jobs().len()],
            department: vec![0; stage.room.departments.len()],
            stream: i128::from(evidence.stream),
        };
        let mut set = |slot: Option<&mut i128>, item: Priced, price: i64| {
            if price < 0 {
                findings.push(Refutation::NegativePrice { stream: stage.id(), item: item.clone(), price });
            }
            match slot {
                Some(slot) => *slot = i128::from(price),
                None => findings.push(Refutation::PriceUnknown { stream: stage.id(), item }),
            }
        };
        for (id, &price) in &evidence.jobs {
            let job = season.find_job(id).filter(|job| stage.funded[job.get()]);
            set(job.map(|job| &mut prices.job[job.get()]), Priced::Job(id.clone()), price);
        }
        for (id, &price) in &evidence.departments {
            let department = season.settings().find_department(id);
            set(department.map(|d| &mut prices.department[d.get()]), Priced::Department(id.clone()), price);
        }
        set(Some(&mut prices.stream), Priced::Stream, evidence.stream);
        prices
    }

    /// Returns what the limits are worth at these prices. A price on something that is not used up is refuted.
    fn of_limits(&self, stage: &Stage<'_>, used: &Used, findings: &mut Findings) -> i128 {
        let mut worth = |price: i128, limit: u64, used: u64, item: &dyn Fn() -> Priced| {
            if price > 0 && used < limit {
                findings.push(Refutation::PriceWithRoom {
                    stream: stage.id(),
                    item: item(),
                    price: i64::try_from(price).unwrap_or(i64::MAX),
                    room: (limit < UNLIMITED).then(|| limit - used),
                });
            }
            price * i128::from(limit)
        };
        let season = stage.season();
        let room = &stage.room;
        let mut total = worth(self.stream, room.stream, used.stream, &|| Priced::Stream);
        for (row, &price) in self.department.iter().enumerate().filter(|(_, price)| **price != 0) {
            let id = || Priced::Department(season.settings().departments[row].id.to_string());
            total += worth(price, room.departments[row], used.departments[row], &id);
        }
        for (row, &price) in self.job.iter().enumerate().filter(|(_, price)| **price != 0) {
            total += worth(price, room.jobs[row], used.jobs[row], &|| Priced::Job(season.jobs()[row].id.to_string()));
        }
        total
    }
}
