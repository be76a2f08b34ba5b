//! What is not shown of few people among whom somebody has a protected identity.
//!
//! Stages come in parts: who applied; who of them was offered a place; where those without an offer stand; what became of the offers. Within a part a count
//! follows from the others and an earlier part, so a part is shown or left out as a whole, and without the first two nothing after them is shown. If in one of
//! its stages a group has fewer people than [`LEAST`] and one of them is protected, the part is left out. Since the whole is known, so is then what the
//! groups left out have together: others are left out with it until that are at least [`LEAST`] people of at least two groups.

use feriematch_privacy::LEAST;

use super::{BalanceGroup, Stage};
use crate::dimension::Dimension;

/// The parts, and how many of the parts from there on are left out with each.
const PARTS: [(&[Stage], usize); 4] = [
    (&[Stage::Applications], 4),
    (&[Stage::Offered], 3),
    (&[Stage::Eligible, Stage::NotEligible, Stage::Waiting, Stage::LeftBefore], 1),
    (&[Stage::Open, Stage::Accepted, Stage::Signed, Stage::Declined, Stage::Lapsed, Stage::Withdrew, Stage::Displaced], 1),
];

/// Which parts of a group are left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Hidden([bool; PARTS.len()]);

impl Hidden {
    /// Returns whether a stage is left out.
    pub(super) fn has(self, stage: Stage) -> bool {
        PARTS.iter().zip(self.0).any(|((stages, _), is_hidden)| is_hidden && stages.contains(&stage))
    }

    /// Leaves out a part and what is not shown without it.
    fn hide(&mut self, part: usize) {
        self.0[part..part + PARTS[part].1].fill(true);
    }
}

/// Masks the whole and the groups of every dimension.
pub(super) fn mask(all: &mut BalanceGroup, dimensions: &mut [(Dimension, Vec<BalanceGroup>)]) {
    let cell = |group: &BalanceGroup, stage| [group.count(stage).total(), group.protected(stage)];
    for (part, (stages, _)) in PARTS.iter().enumerate() {
        let whole_tells = stages.iter().any(|&stage| tells(cell(all, stage)));
        if whole_tells {
            all.hidden.hide(part);
        }
        for (_, groups) in dimensions.iter_mut() {
            // The whole is the sum of the groups.
            let mut hidden: Vec<bool> = groups.iter().map(|group| whole_tells || group.hidden.0[part]).collect();
            for &stage in *stages {
                let cells: Vec<_> = groups.iter().map(|group| cell(group, stage)).collect();
                hide_few(&cells, &mut hidden);
            }
            groups.iter_mut().zip(&hidden).filter(|(_, hidden)| **hidden).for_each(|(group, _)| group.hidden.hide(part));
        }
    }
}

/// Returns whether so many people, of whom so many are protected, would tell of one.
const fn tells([people, protected]: [u32; 2]) -> bool {
    protected > 0 && people < LEAST
}

/// Returns which of some groups are hidden, of which each has so many people and so many protected ones among them.
pub(super) fn hidden(cells: &[[u32; 2]]) -> Vec<bool> {
    let mut hidden = vec![false; cells.len()];
    hide_few(cells, &mut hidden);
    hidden
}

/// Hides the groups that would tell of somebody, and with them those with the fewest people until all that is hidden is enough to hide in.
fn hide_few(cells: &[[u32; 2]], hidden: &mut [bool]) {
    if !cells.iter().any(|&cell| tells(cell)) {
        return;
    }
    cells.iter().zip(&mut *hidden).for_each(|(&cell, hidden)| *hidden |= tells(cell));
    loop {
        let with_people = || cells.iter().zip(&*hidden).enumerate().filter(|(_, (cell, _))| cell[0] > 0);
        let people: Vec<u32> = with_people().filter(|(_, (_, hidden))| **hidden).map(|(_, (cell, _))| cell[0]).collect();
        if people.len() >= 2 && people.iter().sum::<u32>() >= LEAST {
            return;
        }
        let shown = with_people().filter(|(_, (_, hidden))| !**hidden);
        let Some((next, _)) = shown.min_by_key(|(_, (cell, _))| cell[0]) else { return };
        hidden[next] = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_hidden_where_nobody_is_protected_or_groups_are_large() {
        assert_eq!(hidden(&[[3, 0], [1, 0], [50, 4]]), [false; 3]);
    }

    #[test]
    fn a_small_group_takes_others_with_it_until_there_are_enough_to_hide_in() {
        // One with a protected person, and the smallest two of the others: 1 + 1 are too few, 1 + 1 + 8 are not.
        assert_eq!(hidden(&[[1, 1], [30, 0], [8, 0], [1, 0], [0, 0]]), [true, false, true, true, false]);
        assert_eq!(hidden(&[[4, 2], [30, 0], [40, 0]]), [true, true, false]);
    }

    #[test]
    fn all_is_hidden_where_that_is_not_enough() {
        assert_eq!(hidden(&[[1, 1], [0, 0], [2, 0]]), [true, false, true]);
    }
}
