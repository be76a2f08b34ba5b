//! What an audit has found to be right.

use feriematch_model::{Balance, Mechanism, MoveRule, PlacementRule, RankCosts};

/// A summary of what was checked, given where nothing is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The season's name.
    pub season: String,
    /// The mechanism whose definition the outcome follows.
    pub mechanism: Mechanism,
    /// The rule that the placement follows, where the mechanism has one.
    pub placement: PlacementRule,
    /// The soft targets that were served.
    pub balance: Balance,
    /// The rank costs that the placement minimises.
    pub rank_costs: RankCosts,
    /// The seed from which every lottery number was drawn anew.
    pub seed: String,
    /// Whether the seed is the one that `season.toml` names; `None` where it names none. Only the outcome vouches for
    /// another seed: whoever relies on the lottery compares it with the published one.
    pub seed_is_of_season: Option<bool>,
    /// Whether the mechanism, the rank costs and, but in a round that may move people, the rule of placement and the soft targets are those that
    /// `season.toml` names.
    pub mechanism_is_of_season: bool,
    /// How many applicants there are: as many decisions, lottery numbers and positions were checked.
    pub applicants: u32,
    /// How many jobs there are.
    pub jobs: u32,
    /// How many places they have.
    pub places: u64,
    /// How many applicants get a place by the mechanism; each pair, rank and paying stream was checked.
    pub placed: u32,
    /// How many get a place by a lock.
    pub locked: u32,
    /// How many keep a place that they have had since an earlier round.
    pub held: u32,
    /// What those who had a place and could be moved were moved for, if there were any.
    pub rematch: Option<MoveRule>,
    /// How many of those who had a place and could be moved have another now.
    pub moved: u32,
    /// How many wait: none of them could have been placed in their turn.
    pub waiting: u32,
    /// How many may not take any job wished for.
    pub ineligible: u32,
    /// How many acceptable choices of applicants were looked at; a wish for a class of jobs is one choice.
    pub choices: u64,
    /// The stages, in the order served.
    pub stages: Vec<StageCertificate>,
}

/// What was checked of one stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageCertificate {
    /// The stream.
    pub stream: String,
    /// How many applicants it places by the mechanism.
    pub placed: u32,
    /// How many get a place of it by a lock.
    pub locked: u32,
    /// How many were refused because all was full; that they had to be was shown for each.
    pub full: u32,
    /// How many were refused because the home district's cap was used up by applicants ahead.
    pub home_cap: u32,
    /// How many had no acceptable job in the stage.
    pub no_eligible_job: u32,
    /// How many were refused because no more people who had a place were to be moved: the outcome's word, not proved here.
    pub move_limit: u32,
    /// How many jobs the evidence closes; 0 where the mechanism is replayed instead.
    pub closed_jobs: u32,
    /// The cost of the placement, proved to be the least; `None` where the mechanism does not minimise it.
    pub least_cost: Option<i128>,
    /// How many sets of prices prove that no placement has a better profile of ranks; `None` where that is not the objective.
    pub levels: Option<u32>,
}
