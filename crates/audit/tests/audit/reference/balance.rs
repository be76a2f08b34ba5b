//! Soft targets (docs/mechanisms.md, section 9).

use feriematch_model::{Balance, Gender, Mechanism, Precedence};

use super::{Reference, Rest};

impl Reference<'_> {
    /// Section 9.1: the order of turns.
    pub(super) fn turns(&self, rest: &Rest, balance: &Balance) -> Vec<usize> {
        if balance.reserves.is_empty() {
            return rest.entrants.clone();
        }
        let (without, _) = self.select(Mechanism::Priority, rest);
        let r = without.len();
        let reserved: Vec<usize> = balance.reserves.iter().map(|reserve| r * usize::from(reserve.percent) / 100).collect();
        let mut turns: Vec<usize> = Vec::new();
        if balance.precedence == Precedence::OpenFirst {
            turns.extend(without.iter().take(r - reserved.iter().sum::<usize>()).map(|&(a, _)| a));
        }
        for (reserve, places) in balance.reserves.iter().zip(reserved) {
            let open = turns.len();
            for &a in rest.entrants.iter().filter(|&&a| self.gender(a) == reserve.gender) {
                let so_far = Rest { entrants: turns.clone(), ..rest.clone() };
                let selected = self.select(Mechanism::Priority, &so_far).0;
                let filled = selected.iter().filter(|(b, _)| turns[open..].contains(b)).count();
                if filled < places && !turns.contains(&a) {
                    turns.push(a);
                }
            }
        }
        turns.extend(rest.entrants.iter().copied().filter(|a| !turns.contains(a)).collect::<Vec<_>>());
        turns
    }

    /// Section 9.2: what somebody's place costs beside its rank.
    pub(crate) fn off_balance(&self, balance: &Balance, applicant: usize, job: usize) -> i64 {
        let Some(rule) = balance.workplaces else { return 0 };
        let wishing =
            |gender| (0..self.order.len()).filter(|&a| self.gender(a) == gender && self.acceptable[a].contains_key(&job)).count();
        let (girls, boys) = (wishing(Gender::Female), wishing(Gender::Male));
        let of_the_other = match self.gender(applicant) {
            Gender::Female => boys,
            Gender::Male => girls,
            Gender::Other | Gender::Unknown => return 0,
        };
        let is_dominated = of_the_other > 0 && 100 * of_the_other >= usize::from(rule.majority_percent) * (girls + boys);
        if is_dominated { 0 } else { i64::from(rule.ranks) }
    }
}
