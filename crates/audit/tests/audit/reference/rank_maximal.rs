//! The mechanism `rank-maximal` (docs/mechanisms.md, section 5.6), by trying every placement of every set of applicants.

use std::collections::BTreeMap;

use feriematch_model::StageReason;

use super::{Reference, Rest};

impl Reference<'_> {
    /// Section 5.6: the best placements, tried one by one.
    pub(super) fn rank_maximal(&self, rest: &Rest) -> Vec<Vec<(usize, usize)>> {
        let mut best: Vec<Vec<(usize, usize)>> = Vec::new();
        let players: Vec<usize> = rest.entrants.iter().copied().filter(|&a| !rest.options[a].is_empty()).collect();
        for set in 0..1_u32 << players.len() {
            let who: Vec<_> = (0..players.len()).filter(|i| set >> i & 1 == 1).map(|i| (players[i], None)).collect();
            let at_home = |h: usize| who.iter().filter(|&&(a, _)| self.home(a) == h).count() as u32;
            if (0..rest.homes.len()).any(|h| rest.homes[h].is_some_and(|cap| at_home(h) > cap)) {
                continue;
            }
            for jobs in self.placements(rest, &who) {
                let places: Vec<_> = who.iter().map(|&(a, _)| a).zip(jobs).collect();
                let before = best.first().map(|best| profile_of_all(rest, best));
                let this = profile_of_all(rest, &places);
                if before.as_ref().is_none_or(|before| this < *before) {
                    best.clear();
                }
                if before.is_none_or(|before| this <= before) {
                    best.push(places);
                }
            }
        }
        best
    }

    /// The reasons of those without a place, where home districts' caps are filled whatever the turn.
    pub(super) fn reasons_of_all(&self, rest: &Rest, places: &[(usize, usize)]) -> BTreeMap<usize, StageReason> {
        let waits = rest.entrants.iter().filter(|a| !places.iter().any(|(b, _)| *a == b));
        let reason = |&a: &usize| {
            let at_home = places.iter().filter(|&&(b, _)| self.home(b) == self.home(a)).count() as u32;
            let reason = match rest.homes[self.home(a)] {
                _ if rest.options[a].is_empty() => StageReason::NoEligibleJob,
                Some(cap) if at_home >= cap => StageReason::HomeCap,
                _ => StageReason::Full,
            };
            (a, reason)
        };
        waits.map(reason).collect()
    }
}

/// Section 5.6: how bad it is to place these and no others.
fn profile_of_all(rest: &Rest, places: &[(usize, usize)]) -> Vec<i64> {
    let at = |rank: u16| places.iter().filter(|(a, j)| rest.options[*a][j] == rank).count() as i64;
    (1..9).map(|rank| -at(rank)).chain([places.iter().map(|&(a, _)| i64::from(rest.turn(a))).sum()]).collect()
}
