//! Which figures are not told, since they would tell of few people of whom one has a protected identity.

use std::collections::{BTreeMap, BTreeSet};

use super::{CellFacts, Dimension, FigureKey, PartOfSeason};

/// Groups of fewer applicants than this are masked where one of them has a protected identity.
const LEAST: u32 = 5;

/// The parts of seasons whose figures are not told: groups of few applicants of whom one has a protected identity; and where there is only one such
/// group by a dimension, the next smallest, from which the first could be computed.
#[derive(Debug, Clone, Default)]
pub struct Masked<'a>(BTreeSet<(Dimension, &'a str)>);

impl<'a> Masked<'a> {
    /// Returns what is masked in any of the cells, and so in all of them.
    pub fn of(cells: impl IntoIterator<Item = &'a CellFacts>) -> Self {
        let mut masked = BTreeSet::new();
        for facts in cells {
            let mut by_dimension: BTreeMap<Dimension, Vec<&PartOfSeason>> = BTreeMap::new();
            for part in &facts.parts {
                by_dimension.entry(part.dimension).or_default().push(part);
            }
            for (dimension, parts) in by_dimension {
                masked.extend(masked_of(parts).into_iter().map(|part| (dimension, &*part.id)));
            }
        }
        Self(masked)
    }

    /// Returns whether figures of a part are not told.
    pub fn hides(&self, dimension: Dimension, id: &str) -> bool {
        self.0.contains(&(dimension, id))
    }

    /// Returns whether a figure is not told. Those of the whole season are.
    pub fn hides_figure(&self, key: &FigureKey) -> bool {
        key.of.as_ref().is_some_and(|(dimension, id)| self.hides(*dimension, id))
    }
}

/// Returns the masked of all parts by one dimension.
fn masked_of(parts: Vec<&PartOfSeason>) -> Vec<&PartOfSeason> {
    let is_small = |part: &&PartOfSeason| part.has_protected && part.applicants.is_some_and(|count| count < LEAST);
    let (mut small, others): (Vec<_>, Vec<_>) = parts.into_iter().partition(is_small);
    if small.len() == 1 {
        small.extend(others.into_iter().min_by_key(|other| other.applicants));
    }
    small
}

#[cfg(test)]
mod tests {
    use feriematch_model::Mechanism;

    use super::*;
    use crate::GroupBy;
    use crate::study::{Assumptions, Figure};

    const DISTRICT: Dimension = Dimension::Group(GroupBy::District);

    fn facts(districts: &[(&str, u32, bool)]) -> CellFacts {
        let part = |&(id, applicants, has_protected): &(&str, u32, bool)| PartOfSeason {
            dimension: DISTRICT,
            id: id.into(),
            name: id.into(),
            applicants: Some(applicants),
            has_protected,
            places: None,
            budget_ore: None,
        };
        CellFacts {
            season: "season".to_owned(),
            mechanism: Mechanism::Priority,
            applicants: 0,
            places: 0,
            assumptions: Assumptions::declines([]),
            parts: districts.iter().map(part).collect(),
        }
    }

    fn masked(cells: &[CellFacts]) -> Vec<&str> {
        Masked::of(cells).0.into_iter().map(|(_, id)| id).collect()
    }

    #[test]
    fn a_small_group_takes_the_next_smallest_with_it_and_two_hide_each_other() {
        let none = facts(&[("a", 4, false), ("b", 5, true), ("c", 9, false)]);
        assert!(masked(std::slice::from_ref(&none)).is_empty());
        let one = facts(&[("a", 40, false), ("b", 4, true), ("c", 30, false)]);
        assert_eq!(masked(std::slice::from_ref(&one)), ["b", "c"]);
        let two = facts(&[("a", 1, true), ("b", 4, true), ("c", 30, true)]);
        assert_eq!(masked(&[two]), ["a", "b"]);
        assert_eq!(masked(&[none, one.clone()]), ["b", "c"], "what is masked in one cell is masked in all");

        let masked = Masked::of([&one]);
        let key = |of| FigureKey { figure: Figure::Hired, of };
        assert!(masked.hides_figure(&key(Some((DISTRICT, "b".into())))));
        assert!(!masked.hides_figure(&key(Some((DISTRICT, "a".into())))));
        assert!(!masked.hides_figure(&key(Some((Dimension::Payer, "b".into())))), "another part of the same id");
        assert!(!masked.hides_figure(&key(None)));
    }
}
