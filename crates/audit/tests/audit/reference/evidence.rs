//! What shows that a decision is right (docs/mechanisms.md, section 6).

use std::collections::{BTreeMap, BTreeSet};

use feriematch_model::{Level, LevelEvidence, Mechanism, PlacementRule, StageReason};

use super::{Method, Reference, Rest};
use crate::network::{Limits, prices};

/// A rank that stands for no place.
const OUT: u16 = 0;

impl Reference<'_> {
    /// Section 6: some closed jobs that show why nobody else is selected, by trying every set of jobs in each turn.
    pub(super) fn closed(
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

    /// Section 6: the prices of every level, over explicit lists of what each player has left.
    pub(super) fn levels(
        &self,
        method: &Method,
        rest: &Rest,
        places: &[(usize, usize)],
        players: &[usize],
    ) -> Vec<LevelEvidence> {
        let everyone = method.mechanism == Mechanism::RankMaximal;
        let players: Vec<usize> =
            players.iter().copied().filter(|a| rest.entrants.contains(a) && !rest.options[*a].is_empty()).collect();
        let mut left: Vec<BTreeSet<usize>> = rest.options.iter().map(|jobs| jobs.keys().copied().collect()).collect();
        let mut may_stay: Vec<bool> = vec![everyone; left.len()];
        let mut tight = Limits::default();
        let mut levels = Vec::new();
        let mut ranks: Vec<u16> = (1..9).collect();
        if method.mechanism == Mechanism::Priority && method.placement == PlacementRule::Generous {
            ranks.reverse();
        }
        ranks.extend(everyone.then_some(OUT));
        for (at, &rank) in ranks.iter().enumerate() {
            let standings = |a: usize| -> BTreeSet<u16> {
                left[a].iter().map(|j| rest.options[a][j]).chain(may_stay[a].then_some(OUT)).collect()
            };
            let is_open = |rank: u16| players.iter().any(|&a| standings(a).len() > 1 && standings(a).contains(&rank));
            if !is_open(rank) || (rank != OUT && !ranks[at + 1..].iter().any(|&later| is_open(later))) {
                continue;
            }
            let generous = !everyone && method.placement == PlacementRule::Generous;
            let cost = |a: usize, j: usize| match rank {
                OUT => i64::from(rest.turn(a)),
                _ => i64::from((rest.options[a][&j] == rank) == generous),
            };
            let stay = everyone.then_some(i64::from(rank != OUT));
            let may_stay_so_far = may_stay.clone();
            let out = |a: usize| stay.filter(|_| may_stay_so_far[a]);
            let left_as_lists: Vec<Vec<usize>> = left.iter().map(|jobs| jobs.iter().copied().collect()).collect();
            let prices = prices(self, rest, &players, &left_as_lists, places, &cost, Some(&out), &tight);
            for &a in &players {
                let sum = |j: &usize| cost(a, *j) + prices.of_place(self, a, *j);
                let least = left[a].iter().map(sum).chain(out(a)).min().unwrap();
                let keeps: BTreeSet<usize> = left[a].iter().copied().filter(|j| sum(j) == least).collect();
                may_stay[a] = out(a) == Some(least);
                left[a] = keeps;
            }
            tight.add(&prices);
            let decides = if rank == OUT { Level::Ranking } else { Level::Rank(rank) };
            let (jobs, departments, stream, homes) = prices.by_id(self.season);
            levels.push(LevelEvidence { decides, jobs, departments, stream, homes });
        }
        levels
    }
}
