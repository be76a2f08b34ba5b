//! From shares to exact counts: how many applicants each district, class and cohort has, and how many are girls.

use feriematch_apportion::{Claim, Method, apportion};

use super::MarginsProblem;

/// The applicants of one district and class.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) district: usize,
    pub(super) class: usize,
    pub(super) girls: u64,
    /// Birth years and how many were born in each.
    pub(super) cohorts: Vec<(i16, u64)>,
}

impl Cell {
    pub(super) fn size(&self) -> u64 {
        self.cohorts.iter().map(|&(_, count)| count).sum()
    }
}

/// A district's margins.
pub(super) struct DistrictMargins {
    pub(super) district: usize,
    pub(super) count: u64,
    pub(super) girls_percent: u64,
}

/// A class's share and what it depends on.
pub(super) struct ClassMargins {
    pub(super) class: usize,
    pub(super) code: Box<str>,
    pub(super) weight: u64,
    pub(super) girls_points: i64,
    /// For each cohort whether it can be in the class.
    pub(super) cohorts: Vec<bool>,
}

/// Divides the applicants of a district over classes and cohorts.
///
/// Classes and cohorts divide the district by the largest remainder. Girls divide over classes in proportion to size
/// times share, so a class with more points than the others gets more of them while the district keeps its total.
/// Cohorts divide over classes in proportion to what is left of them, the class that allows the fewest first.
///
/// # Errors
///
/// [`MarginsProblem::Cohorts`] if a class finds too few left of the cohorts it allows. That is certain to be unavoidable
/// where of any two classes' cohorts one set holds the other, or they are disjoint.
pub(super) fn cells(
    margins: &DistrictMargins,
    name: &str,
    classes: &[ClassMargins],
    cohorts: &[(i16, u64)],
) -> Result<Vec<Cell>, MarginsProblem> {
    let no_weight = |what| MarginsProblem::NoWeight(what);
    let unlimited = |weights: &[u64]| vec![u64::MAX; weights.len()];

    let weights: Vec<u64> = classes.iter().map(|class| class.weight).collect();
    let sizes = divided(margins.count, &weights, &unlimited(&weights)).ok_or(no_weight("classes"))?;

    let girls = (margins.count * margins.girls_percent + 50) / 100;
    let tilted: Vec<u64> = classes
        .iter()
        .zip(&sizes)
        .map(|(class, size)| size * margins.girls_percent.saturating_add_signed(class.girls_points).min(100))
        .collect();
    // Without room for all of them the points are too extreme to be kept: then girls go by size alone.
    let girls = divided(girls, &tilted, &sizes).or_else(|| divided(girls, &sizes, &sizes)).unwrap_or(sizes.clone());

    let weights: Vec<u64> = cohorts.iter().map(|&(_, weight)| weight).collect();
    let mut left = divided(margins.count, &weights, &unlimited(&weights)).ok_or(no_weight("cohorts"))?;
    let mut order: Vec<usize> = (0..classes.len()).collect();
    order.sort_by_key(|&row| (classes[row].cohorts.iter().filter(|&&allowed| allowed).count(), row));

    let mut cells = Vec::with_capacity(classes.len());
    for row in order {
        let class = &classes[row];
        let room: Vec<u64> = left.iter().zip(&class.cohorts).map(|(&left, &allowed)| if allowed { left } else { 0 }).collect();
        let counts = divided(sizes[row], &room, &room)
            .ok_or_else(|| MarginsProblem::Cohorts { district: name.into(), class: class.code.clone() })?;
        left.iter_mut().zip(&counts).for_each(|(left, count)| *left -= count);
        let cohorts = cohorts.iter().zip(counts).map(|(&(year, _), count)| (year, count)).collect();
        cells.push(Cell { district: margins.district, class: class.class, girls: girls[row], cohorts });
    }
    Ok(cells)
}

/// Divides a total by the largest remainder, nobody's part above its limit; `None` where limits and weights of zero leave no way.
pub(super) fn divided(total: u64, weights: &[u64], limits: &[u64]) -> Option<Vec<u64>> {
    let claims: Vec<Claim> = weights.iter().zip(limits).map(|(&weight, &limit)| Claim::of(weight).at_most(limit)).collect();
    apportion(Method::LargestRemainder, total, &claims).ok().map(|divided| divided.given)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(class: usize, weight: u64, girls_points: i64, cohorts: [bool; 3]) -> ClassMargins {
        ClassMargins { class, code: class.to_string().into(), weight, girls_points, cohorts: cohorts.to_vec() }
    }

    const COHORTS: [(i16, u64); 3] = [(1997, 1), (1998, 1), (1999, 2)];

    #[test]
    fn every_margin_is_met() {
        let district = DistrictMargins { district: 4, count: 101, girls_percent: 51 };
        let classes = [class(0, 1, -10, [true; 3]), class(1, 2, 0, [true; 3]), class(2, 1, 0, [true, true, false])];
        let cells = cells(&district, "x", &classes, &COHORTS).unwrap();
        let of_class = |class| cells.iter().find(|cell| cell.class == class).unwrap();
        assert_eq!([0, 1, 2].map(|class| of_class(class).size()), [25, 51, 25]);
        assert_eq!(cells.iter().map(|cell| cell.girls).sum::<u64>(), 52);
        assert!(of_class(0).girls * 2 < 25, "the tilt leaves fewer girls than boys");
        let born = |year| -> u64 { cells.iter().flat_map(|c| &c.cohorts).filter(|c| c.0 == year).map(|c| c.1).sum() };
        assert_eq!([1997, 1998, 1999].map(born), [25, 25, 51]);
        assert_eq!(of_class(2).cohorts[2], (1999, 0));
        assert!(cells.iter().all(|cell| cell.girls <= cell.size()));
    }

    #[test]
    fn classes_that_do_not_fit_are_refused() {
        let district = DistrictMargins { district: 0, count: 100, girls_percent: 50 };
        let classes = [class(0, 1, 0, [true; 3]), class(1, 2, 0, [true, true, false])];
        let refused = cells(&district, "norrmalm", &classes, &COHORTS).unwrap_err();
        assert!(matches!(refused, MarginsProblem::Cohorts { class, .. } if &*class == "1"));
    }

    #[test]
    fn extreme_points_give_way_to_the_district() {
        let district = DistrictMargins { district: 0, count: 10, girls_percent: 80 };
        let classes = [class(0, 1, -100, [true; 3]), class(1, 1, 0, [true; 3])];
        let cells = cells(&district, "x", &classes, &COHORTS).unwrap();
        assert_eq!(cells.iter().map(|cell| cell.girls).sum::<u64>(), 8);
    }
}
