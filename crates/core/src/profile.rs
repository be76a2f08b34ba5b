//! The evidence of placements by profile, in terms of the season.

use std::collections::BTreeMap;

use feriematch_model::{Level, LevelEvidence};
use feriematch_solver::{Decides, ProfilePlacement, RankMaximal};

use crate::market::{Market, StageProblem};

/// Names the prices of a placement of those selected, level by level.
pub(crate) fn levels(market: &Market<'_>, stage: &StageProblem, placement: &ProfilePlacement) -> Vec<LevelEvidence> {
    let level = |prices: &feriematch_solver::ProfileStage| {
        let decides = Level::Rank(rank_of(placement.profile[prices.level].cost));
        named(market, stage, decides, &prices.column_prices, &prices.group_prices, &[])
    };
    placement.stages.iter().map(level).collect()
}

/// Names the prices of a rank-maximal assignment, level by level.
pub(crate) fn levels_of_all(market: &Market<'_>, stage: &StageProblem, assigned: &RankMaximal) -> Vec<LevelEvidence> {
    let level = |prices: &feriematch_solver::RankMaximalStage| {
        let decides = match prices.decides {
            Decides::Level(level) => Level::Rank(rank_of(assigned.profile[level].cost)),
            Decides::Ranking => Level::Ranking,
        };
        named(market, stage, decides, &prices.column_prices, &prices.group_prices, &prices.row_group_prices)
    };
    assigned.stages.iter().map(level).collect()
}

/// Returns the rank that stands behind a cost: they are the same in a market whose costs are ranks.
fn rank_of(cost: i64) -> u16 {
    u16::try_from(cost).unwrap_or_else(|_| unreachable!("costs are ranks"))
}

fn named(
    market: &Market<'_>,
    stage: &StageProblem,
    decides: Level,
    columns: &[i64],
    groups: &[i64],
    row_groups: &[i64],
) -> LevelEvidence {
    let season = market.season();
    let settings = season.settings();
    let jobs = (0..).zip(columns).filter(|(_, price)| **price != 0);
    let departments = stage.departments.iter().map(|(d, &group)| (d, groups[group as usize])).filter(|(_, price)| *price != 0);
    let homes = stage.homes.iter().zip(&settings.districts).filter_map(|(group, district)| {
        let price = *row_groups.get((*group)? as usize)?;
        (price != 0).then(|| (district.id.to_string(), price))
    });
    LevelEvidence {
        decides,
        jobs: jobs.map(|(column, &price)| (season.job(market.job(column)).id.to_string(), price)).collect(),
        departments: departments.map(|(d, price)| (settings.departments[d.get()].id.to_string(), price)).collect(),
        stream: stage.stream.map_or(0, |group| groups[group as usize]),
        homes: homes.collect::<BTreeMap<_, _>>(),
    }
}
