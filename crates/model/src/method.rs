//! How places are assigned: the mechanism, the rule of placement, and the soft targets that a season may opt in to.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Gender, RankCosts};

/// How places are assigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mechanism {
    /// The ranking decides who, the placement rule decides where.
    Priority,
    /// Applicants propose, jobs hold the best by class, home district and lottery: stable.
    DeferredAcceptance,
    /// In ranking order, each takes the best place left; tied wishes are kept open as long as possible.
    SerialDictatorship,
    /// The most first wishes that can be met, then the most second wishes, and so on, whoever they are of.
    RankMaximal,
    /// Jobs are owned by those who come first there, and owners trade.
    TopTradingCycles,
    /// What a team by hand does: one list, each takes the first wish with a free place, no second look.
    PaperLottery,
}

impl Mechanism {
    /// Every mechanism.
    pub const ALL: [Self; 6] = [
        Self::Priority,
        Self::DeferredAcceptance,
        Self::SerialDictatorship,
        Self::RankMaximal,
        Self::TopTradingCycles,
        Self::PaperLottery,
    ];

    /// Returns the name that files and the command line use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Priority => "priority",
            Self::DeferredAcceptance => "deferred-acceptance",
            Self::SerialDictatorship => "serial-dictatorship",
            Self::RankMaximal => "rank-maximal",
            Self::TopTradingCycles => "top-trading-cycles",
            Self::PaperLottery => "paper-lottery",
        }
    }
}

impl fmt::Display for Mechanism {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Which of the placements of those selected is taken, in the mechanism [`Priority`](Mechanism::Priority).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlacementRule {
    /// One of least total cost of the wishes' ranks.
    #[default]
    LeastTotalRank,
    /// The most first wishes, then the most second wishes, and so on.
    RankMaximal,
    /// The fewest at the worst rank, then the fewest at the worst but one, and so on.
    Generous,
    /// In ranking order, each gets the best wish that leaves everyone else selected placeable.
    RankingOrder,
}

impl PlacementRule {
    /// Every rule.
    pub const ALL: [Self; 4] = [Self::LeastTotalRank, Self::RankMaximal, Self::Generous, Self::RankingOrder];

    /// Returns the name that files and the command line use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LeastTotalRank => "least-total-rank",
            Self::RankMaximal => "rank-maximal",
            Self::Generous => "generous",
            Self::RankingOrder => "ranking-order",
        }
    }

    /// Returns whether it is the rule that holds where none is stated.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for PlacementRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Soft targets for girls and boys, in the mechanism [`Priority`](Mechanism::Priority). None by default: a city opts in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Balance {
    /// Shares of the places of each stage that are kept for a sex, in the order in which they are filled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reserves: Vec<Reserve>,
    /// Whether the reserves are filled before or after the open places.
    #[serde(default)]
    pub precedence: Precedence,
    /// What the placement pays for somebody who works where the other sex dominates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workplaces: Option<WorkplaceBalance>,
}

impl Balance {
    /// No targets.
    pub const NONE: Self = Self { reserves: Vec::new(), precedence: Precedence::ReserveFirst, workplaces: None };

    /// Returns whether there are no targets.
    pub fn is_none(&self) -> bool {
        self.reserves.is_empty() && self.workplaces.is_none()
    }

    /// Checks that the targets can be served by a mechanism.
    ///
    /// # Errors
    ///
    /// Returns the first thing that does not fit.
    pub fn check(&self, mechanism: Mechanism, placement: PlacementRule, rank_costs: &RankCosts) -> Result<(), BalanceProblem> {
        if self.is_none() {
            return Ok(());
        }
        if mechanism != Mechanism::Priority {
            return Err(BalanceProblem::Mechanism { mechanism });
        }
        for (at, reserve) in self.reserves.iter().enumerate() {
            let is_repeated = self.reserves[..at].iter().any(|before| before.gender == reserve.gender);
            if is_repeated || !matches!(reserve.gender, Gender::Female | Gender::Male) {
                return Err(BalanceProblem::Gender);
            }
        }
        let total: u32 = self.reserves.iter().map(|reserve| u32::from(reserve.percent)).sum();
        if total > 100 || self.reserves.iter().any(|reserve| reserve.percent == 0) {
            return Err(BalanceProblem::Percent { total });
        }
        if let Some(workplaces) = &self.workplaces {
            if placement != PlacementRule::LeastTotalRank || *rank_costs != RankCosts::Linear {
                return Err(BalanceProblem::Costs);
            }
            if workplaces.ranks == 0 || !(51..=100).contains(&workplaces.majority_percent) {
                return Err(BalanceProblem::Workplaces);
            }
        }
        Ok(())
    }
}

/// Why soft targets cannot be served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BalanceProblem {
    /// Another mechanism than `priority`.
    #[error("the soft balance targets are for the mechanism `{}`, not for `{mechanism}`", Mechanism::Priority)]
    Mechanism {
        /// The mechanism.
        mechanism: Mechanism,
    },
    /// A reserve for neither girls nor boys, or two for the same.
    #[error("there is one reserve for girls and one for boys at most")]
    Gender,
    /// Shares that cannot be kept together, or of nothing.
    #[error("reserves are of 1 per cent each at least, and of 100 together at most, not of {total}")]
    Percent {
        /// Their sum.
        total: u32,
    },
    /// Ranks are weighed against balance, but ranks do not count one by one.
    #[error(
        "balance at workplaces is weighed in ranks: it goes with `{}` and linear rank costs only",
        PlacementRule::LeastTotalRank
    )]
    Costs,
    /// Out of range.
    #[error("balance at workplaces pays one rank at least, and a majority is 51 to 100 per cent")]
    Workplaces,
}

/// A share of the places of each stage that is kept for a sex, as far as somebody of it can take them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reserve {
    /// The sex: female or male.
    pub gender: Gender,
    /// The share in per cent of those selected without the target, rounded down to whole places.
    pub percent: u8,
}

/// Whether reserves are filled before or after the open places. It matters: in open places those of the sex compete too.
///
/// # References
///
/// Dur, Kominers, Pathak and Sönmez, *Reserve design: unintended consequences and the demise of Boston's walk zones*, Journal of
/// Political Economy 126 (2018).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Precedence {
    /// Reserves first: a floor, which changes nothing where the lottery alone would have met it.
    #[default]
    ReserveFirst,
    /// Open places first, reserves on top of them.
    OpenFirst,
}

impl Precedence {
    /// Both.
    pub const ALL: [Self; 2] = [Self::ReserveFirst, Self::OpenFirst];

    /// Returns the name that files use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReserveFirst => "reserve-first",
            Self::OpenFirst => "open-first",
        }
    }
}

/// What the placement pays, in ranks, for somebody who works where the other sex dominates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkplaceBalance {
    /// So many ranks, in all, for each one more.
    pub ranks: u16,
    /// A sex dominates a job where it makes up at least so many per cent of the girls and boys who wish for it and may take it.
    pub majority_percent: u8,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_serde_writes() {
        for mechanism in Mechanism::ALL {
            assert_eq!(serde_json::to_string(&mechanism).unwrap(), format!("\"{mechanism}\""));
        }
        for rule in PlacementRule::ALL {
            assert_eq!(serde_json::to_string(&rule).unwrap(), format!("\"{rule}\""));
        }
        for precedence in Precedence::ALL {
            assert_eq!(serde_json::to_string(&precedence).unwrap(), format!("\"{}\"", precedence.name()));
        }
    }
}
