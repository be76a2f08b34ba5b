//! Reading how a season assigns places: `[mechanism]` and `[balance]` of season.toml.

use feriematch_model::{
    Balance, BalanceProblem, Gender, Mechanism, PlacementRule, Precedence, RankCosts, Reserve, WorkplaceBalance,
};

use crate::Code;
use crate::document::{Reading, Section, Value};
use crate::settings::section;

/// The highest rank cost: far above what any sensible list uses, and far from where sums over all applicants overflow.
const MOST_COST: u32 = 1_000_000;

/// How places are assigned.
pub(crate) struct Method {
    pub(crate) mechanism: Mechanism,
    pub(crate) placement: PlacementRule,
    pub(crate) rank_costs: RankCosts,
    pub(crate) balance: Balance,
}

/// Reads `[mechanism]` and `[balance]`, and whether they go together.
pub(crate) fn read_method(root: &mut Section<'_>, reading: &mut Reading<'_>) -> Option<Method> {
    let of_mechanism = section(root, "mechanism", reading).map(|mechanism| read_mechanism(mechanism, reading));
    let targets = root.get("balance", reading);
    let balance = match &targets {
        None => Some(Balance::NONE),
        Some(value) => value.section(reading).and_then(|section| read_balance(section, reading)),
    };
    let (mechanism, placement, rank_costs) = of_mechanism?;
    let method = Method { mechanism: mechanism?, placement: placement?, rank_costs: rank_costs?, balance: balance? };
    if let Some(value) = &targets {
        check_balance(&method, value, reading);
    }
    Some(method)
}

fn read_mechanism(
    mut section: Section<'_>,
    reading: &mut Reading<'_>,
) -> (Option<Mechanism>, Option<PlacementRule>, Option<RankCosts>) {
    let names = Mechanism::ALL.map(|mechanism| (mechanism.name(), mechanism));
    let mechanism = section.require("name", reading).and_then(|value| value.choice(&names, reading));
    let rules = PlacementRule::ALL.map(|rule| (rule.name(), rule));
    let stated = section.get("placement", reading);
    let placement = stated.as_ref().map_or(Some(PlacementRule::default()), |value| value.choice(&rules, reading));
    if let (Some(value), Some(mechanism)) = (stated, mechanism.filter(|&mechanism| mechanism != Mechanism::Priority)) {
        let help = format!("leave it out, or use the mechanism `{}`", Mechanism::Priority);
        value.report(Code::MethodConflict, format!("`{mechanism}` has no rule of placement"), help, reading);
    }
    let rank_costs = section.require("rank_costs", reading).and_then(|value| read_rank_costs(&value, reading));
    section.finish(reading);
    (mechanism, placement, rank_costs)
}

fn read_rank_costs(value: &Value<'_>, reading: &mut Reading<'_>) -> Option<RankCosts> {
    #[derive(Clone, Copy)]
    enum Formula {
        Linear,
        Convex,
    }
    if value.is_text() {
        return Some(match value.choice(&[("linear", Formula::Linear), ("convex", Formula::Convex)], reading)? {
            Formula::Linear => RankCosts::Linear,
            Formula::Convex => RankCosts::Convex,
        });
    }
    let items = value.items(reading)?;
    if items.is_empty() {
        value.report(Code::TableSize, "`rank_costs` is empty".to_owned(), None, reading);
    }
    let mut costs: Vec<u32> = Vec::with_capacity(items.len());
    for item in &items {
        let cost = item.integer(0..=MOST_COST, reading)?;
        if costs.last().is_some_and(|&before| cost < before) {
            let help = "a later rank costs at least as much as an earlier one".to_owned();
            item.report(Code::RankCostOrder, format!("the cost {cost} is less than the one before"), help, reading);
        }
        costs.push(cost);
    }
    (!costs.is_empty()).then_some(RankCosts::Table(costs))
}

fn read_balance(mut section: Section<'_>, reading: &mut Reading<'_>) -> Option<Balance> {
    let orders = Precedence::ALL.map(|precedence| (precedence.name(), precedence));
    let precedence = match section.get("precedence", reading) {
        None => Some(Precedence::default()),
        Some(value) => value.choice(&orders, reading),
    };
    let reserves: Vec<Option<Reserve>> =
        section.sections("reserves", reading).into_iter().map(|reserve| read_reserve(reserve, reading)).collect();
    let workplaces = match section.get("workplaces", reading) {
        None => Some(None),
        Some(value) => value.section(reading).and_then(|workplaces| read_workplaces(workplaces, reading)).map(Some),
    };
    section.finish(reading);
    Some(Balance { reserves: reserves.into_iter().collect::<Option<_>>()?, precedence: precedence?, workplaces: workplaces? })
}

fn read_reserve(mut reserve: Section<'_>, reading: &mut Reading<'_>) -> Option<Reserve> {
    let sexes = [("female", Gender::Female), ("male", Gender::Male)];
    let gender = reserve.require("gender", reading).and_then(|value| value.choice(&sexes, reading));
    let percent = reserve.require("percent", reading).and_then(|value| value.integer(1..=100, reading));
    reserve.finish(reading);
    Some(Reserve { gender: gender?, percent: percent? })
}

fn read_workplaces(mut workplaces: Section<'_>, reading: &mut Reading<'_>) -> Option<WorkplaceBalance> {
    let ranks = workplaces.require("ranks", reading).and_then(|value| value.integer(1..=20, reading));
    let majority_percent = workplaces.require("majority_percent", reading).and_then(|value| value.integer(51..=100, reading));
    workplaces.finish(reading);
    Some(WorkplaceBalance { ranks: ranks?, majority_percent: majority_percent? })
}

/// Reports soft targets that the mechanism cannot serve.
fn check_balance(method: &Method, value: &Value<'_>, reading: &mut Reading<'_>) {
    let Err(problem) = method.balance.check(method.mechanism, method.placement, &method.rank_costs) else {
        if method.balance.is_none() {
            let help = "state `reserves` or `workplaces`, or leave [balance] out".to_owned();
            value.report(Code::MethodConflict, "[balance] states no target".to_owned(), help, reading);
        }
        return;
    };
    let help = match problem {
        BalanceProblem::Mechanism { .. } => "use the mechanism `priority`, or leave [balance] out",
        BalanceProblem::Gender => "state each sex once",
        BalanceProblem::Percent { .. } => "lower a reserve",
        BalanceProblem::Costs => "leave `placement` out and set `rank_costs` to \"linear\", or leave out `workplaces`",
        _ => "see docs/formats.md",
    };
    value.report(Code::MethodConflict, problem.to_string(), help.to_owned(), reading);
}
