//! Checks that a stage's placement is of least cost, by its prices (docs/mechanisms.md, section 6).
//!
//! With p_j, q_d, q_s ≥ 0, π_j = p_j + q_d(j) + q_s and u_i = min c_ij + π_j over the acceptable jobs of a selected
//! applicant i, every placement of the selected applicants within the limits costs Σ c_ij ≥ Σ (u_i − π_j) ≥ Σ u_i − Σ p_j
//! b_j − Σ q_d b_d − q_s b_s, where b is what may be used of each limit. If the outcome's placement costs just that, none
//! costs less (weak duality). The two sums differ by what each applicant pays beyond u_i, plus each price times what is
//! left of its limit; so where they differ, some of these are to blame, and are named.
//!
//! Overflow: prices are 64 bits and counts 32, so sums over 2³² terms fit 128 bits.

use feriematch_model::{Gender, JobIx, PlacementEvidence, RankCosts};

use crate::findings::Findings;
use crate::price_list::{PriceList, Stated, Used};
use crate::refutation::Refutation;
use crate::stage::Stage;
use crate::workplaces::Workplaces;

/// Checks the prices of a stage; returns the cost of its placement.
pub(crate) fn check(stage: &Stage<'_>, costs: &Costs<'_>, evidence: &PlacementEvidence, findings: &mut Findings) -> i128 {
    let stated = Stated { jobs: &evidence.jobs, departments: &evidence.departments, stream: evidence.stream, homes: None };
    let prices = PriceList::read(stage, &stated, findings);
    prices.check_signs(stage, |_| false, findings);
    let price = |job: JobIx| prices.of_place(stage, job);
    let least_for = |gender| {
        let sum = |job| price(job) + costs.of_workplace(gender, job);
        stage.acceptable.fold_targets(stage.stream, sum, i128::min)
    };
    let least_by_gender: Vec<_> = costs.genders().iter().map(|&gender| least_for(gender)).collect();

    let mut primal = 0;
    let mut dual = 0;
    for entrant in &stage.entrants {
        let Some(job) = entrant.job else { continue };
        let gender = stage.season().applicant(entrant.applicant).gender;
        let least_price = &least_by_gender[costs.genders().iter().position(|&other| other == gender).unwrap_or(0)];
        let cost = |job| {
            let rank = stage.acceptable.rank_of(entrant.applicant, job);
            let of_rank = rank.map_or(0, |rank| costs.of(rank, entrant.claim.is_some_and(|claim| claim != job)));
            of_rank + costs.of_workplace(gender, job)
        };
        // A target may contain the claim, which is no move; that one is looked at by itself.
        let sums = stage.choices(entrant).filter_map(|choice| {
            least_price[choice.target as usize].map(|price| price + costs.of(choice.rank, entrant.claim.is_some()))
        });
        let staying = entrant.claim.map(|claim| cost(claim) + price(claim));
        let cost = cost(job);
        let pays = cost + price(job);
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
    dual -= prices.check_used(stage, &Used::count(stage), findings);
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
    /// By its rank, and more where the other sex does not dominate.
    Workplaces(&'c RankCosts, &'c Workplaces),
    /// One where it is a move, and nothing otherwise.
    Moves,
}

impl Costs<'_> {
    fn of(&self, rank: u16, is_move: bool) -> i128 {
        match self {
            Self::Ranks(costs, move_cost) => i128::from(costs.cost(rank)) + i128::from(is_move) * i128::from(*move_cost),
            Self::Workplaces(costs, _) => i128::from(costs.cost(rank)),
            Self::Moves => i128::from(is_move),
        }
    }

    fn of_workplace(&self, gender: Gender, job: JobIx) -> i128 {
        match self {
            Self::Workplaces(_, workplaces) => workplaces.cost(gender, job),
            Self::Ranks(..) | Self::Moves => 0,
        }
    }

    /// Returns the sexes whose costs differ; the first stands for all that are not among them.
    fn genders(&self) -> &'static [Gender] {
        match self {
            Self::Workplaces(..) => &Gender::ALL,
            Self::Ranks(..) | Self::Moves => &[Gender::Unknown],
        }
    }
}
