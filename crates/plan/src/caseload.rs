//! Who handles which case: loads as equal as can be, with as few changes of handler as that allows.
//!
//! # Problem
//!
//! Cases have classes with weights, handlers a greatest number of cases. A case may need what only some handlers have. A handler's load is the sum of the
//! weights. Each weight is a multiple of every lighter one, such as 4, 2 and 1.
//!
//! # Algorithm
//!
//! The classes are assigned one after the other, the heaviest first. Within a class all cases weigh the same; the best continuation of the loads so far is a
//! least-cost assignment of cases to slots, where the k-th slot of a handler of load l costs (l + k w)² − (l + (k − 1) w)². Of those it is one with the
//! fewest cases of the class that change their handler.
//!
//! # Why the loads are as equal as can be
//!
//! Where every handler can take every case and has room, the loads are, after every class, *majorised* by those of any other assignment of the cases so far: not only
//! is the greatest load least, but also the sum of the two greatest, and so on, and the spread and every other symmetric convex measure with it. By induction: all
//! loads so far are multiples of the next weight; filling up from loads x that are majorised by y gives loads that are majorised by those from y. (Divisible sizes:
//! Coffman, Garey and Johnson 1987.) Where cases have needs, balancing is NP-hard in general (Lenstra, Shmoys and Tardos 1990): then each class is spread best given
//! the heavier ones, and [`Caseload::least_maximum`], a bound that no assignment goes below, says whether the greatest load can be less at all.
//!
//! # References
//!
//! E. G. Coffman, M. R. Garey, D. S. Johnson: Bin packing with divisible item sizes, J. Complexity 3, 1987. A. W. Marshall, I. Olkin, B. C. Arnold: Inequalities:
//! Theory of Majorization, 2nd ed. 2011. J. K. Lenstra, D. B. Shmoys, É. Tardos: Approximation algorithms for scheduling unrelated parallel machines, Math.
//! Programming 46, 1990.

mod files;

use std::collections::BTreeMap;

use feriematch_solver::{ProblemBuilder, SolveError, place, select};

pub use files::{Cases, Handlers};

/// Classes of cases, each with its code and its weight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseClasses(Vec<(Box<str>, u32)>);

/// Why weights of classes cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CaseClassError {
    /// A code is there twice, or none at all.
    #[error("class `{code}` is there twice")]
    Twice {
        /// The code.
        code: Box<str>,
    },
    /// A weight is zero.
    #[error("the weight of class `{code}` is zero")]
    Zero {
        /// The code.
        code: Box<str>,
    },
    /// A weight is no multiple of a lighter one.
    #[error("{heavier} is no multiple of {lighter}: loads could not be made as equal as can be")]
    NotDivisible {
        /// The heavier weight.
        heavier: u32,
        /// The lighter weight.
        lighter: u32,
    },
}

impl CaseClasses {
    /// Returns classes with weights of which each is a multiple of every lighter one.
    ///
    /// # Errors
    ///
    /// Returns an error for other weights.
    pub fn new(mut classes: Vec<(Box<str>, u32)>) -> Result<Self, CaseClassError> {
        for (at, (code, weight)) in classes.iter().enumerate() {
            if classes[..at].iter().any(|(other, _)| other == code) {
                return Err(CaseClassError::Twice { code: code.clone() });
            }
            if *weight == 0 {
                return Err(CaseClassError::Zero { code: code.clone() });
            }
        }
        // The heaviest first; equal weights stay in the order stated.
        classes.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
        if let Some(pair) = classes.windows(2).find(|pair| pair[0].1 % pair[1].1 != 0) {
            return Err(CaseClassError::NotDivisible { heavier: pair[0].1, lighter: pair[1].1 });
        }
        Ok(Self(classes))
    }

    /// Returns the codes and weights, the heaviest first.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, u32)> {
        self.0.iter().map(|(code, weight)| (&**code, *weight))
    }
}

/// A case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The id.
    pub id: Box<str>,
    /// The row of its class.
    pub class: usize,
    /// The row of the handler who had it before, if one of those there.
    pub before: Option<usize>,
    /// What a handler must have.
    pub needs: Vec<Box<str>>,
}

/// A handler of cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handler {
    /// The id.
    pub id: Box<str>,
    /// How many cases at most.
    pub most: u32,
    /// What cases may need.
    pub skills: Vec<Box<str>>,
}

/// What counts first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseloadRule {
    /// Equal loads, then few changes.
    Balance,
    /// Whoever has a handler stays; only the others are assigned, with loads as equal as that allows.
    Continuity,
}

/// Why cases cannot be assigned.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CaseloadError {
    /// Some cases find no handler.
    #[error("{} cases find no handler with room for them", cases.len())]
    NoRoom {
        /// Their rows.
        cases: Vec<usize>,
    },
    /// The assignment is too large.
    #[error(transparent)]
    Solver(#[from] SolveError),
}

/// Who handles which case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caseload {
    /// For each case, the row of the handler.
    pub handler_of: Vec<usize>,
    /// Each handler's load.
    pub loads: Vec<u64>,
    /// A greatest load below which no assignment goes.
    pub least_maximum: u64,
    /// How many cases have another handler than before.
    pub changes: u32,
}

impl Caseload {
    /// Assigns cases to handlers.
    ///
    /// # Errors
    ///
    /// [`CaseloadError::NoRoom`] names the cases that find no handler, in the order of the classes and the files.
    ///
    /// # Complexity
    ///
    /// That of a least-cost assignment of each class's cases to as many slots as handlers have room for.
    pub fn assign(
        cases: &[Case],
        handlers: &[Handler],
        classes: &CaseClasses,
        rule: CaseloadRule,
    ) -> Result<Self, CaseloadError> {
        let found = Self::by_class(cases, handlers, classes, rule)?;
        if rule == CaseloadRule::Continuity || found.changes == 0 {
            return Ok(found);
        }
        // Class by class fewer changes may go unseen: where everybody can be kept at loads as equal, they are.
        let kept = Self::by_class(cases, handlers, classes, CaseloadRule::Continuity).ok();
        let is_better = |kept: &Self| kept.changes < found.changes && kept.sorted_loads() <= found.sorted_loads();
        Ok(kept.filter(is_better).unwrap_or(found))
    }

    /// Assigns one class after the other.
    fn by_class(cases: &[Case], handlers: &[Handler], classes: &CaseClasses, rule: CaseloadRule) -> Result<Self, CaseloadError> {
        let can = |case: &Case, handler: &Handler| case.needs.iter().all(|need| handler.skills.contains(need));
        let weight = |case: &Case| u64::from(classes.0[case.class].1);
        let mut handler_of: Vec<Option<usize>> = vec![None; cases.len()];
        let mut held = Held { loads: vec![0; handlers.len()], counts: vec![0; handlers.len()] };
        if rule == CaseloadRule::Continuity {
            for (row, case) in cases.iter().enumerate() {
                let stays = case.before.filter(|&at| can(case, &handlers[at]) && held.counts[at] < handlers[at].most);
                if let Some(at) = stays {
                    handler_of[row] = Some(at);
                    held.give(at, weight(case));
                }
            }
        }
        let mut left_out = Vec::new();
        for class in 0..classes.0.len() {
            let open: Vec<usize> =
                (0..cases.len()).filter(|&row| cases[row].class == class && handler_of[row].is_none()).collect();
            let weight = u64::from(classes.0[class].1);
            let found = held.best(&open, weight, cases, handlers, can)?;
            for (&row, at) in open.iter().zip(found) {
                match at {
                    Some(at) => held.give(at, weight),
                    None => left_out.push(row),
                }
                handler_of[row] = at;
            }
        }
        if !left_out.is_empty() {
            return Err(CaseloadError::NoRoom { cases: left_out });
        }
        let handler_of: Vec<usize> = handler_of.into_iter().flatten().collect();
        let changes =
            cases.iter().zip(&handler_of).filter(|&(case, at)| case.before.is_some_and(|before| before != *at)).count() as u32;
        Ok(Self { least_maximum: least_maximum(cases, handlers, weight, can), handler_of, loads: held.loads, changes })
    }

    /// Returns the loads, the greatest first.
    fn sorted_loads(&self) -> Vec<u64> {
        let mut loads = self.loads.clone();
        loads.sort_unstable_by(|a, b| b.cmp(a));
        loads
    }

    /// Returns the greatest load.
    pub fn maximum(&self) -> u64 {
        self.loads.iter().copied().max().unwrap_or(0)
    }

    /// Returns the least load.
    pub fn minimum(&self) -> u64 {
        self.loads.iter().copied().min().unwrap_or(0)
    }
}

/// What handlers hold so far.
struct Held {
    loads: Vec<u64>,
    counts: Vec<u32>,
}

impl Held {
    fn give(&mut self, handler: usize, weight: u64) {
        self.loads[handler] += weight;
        self.counts[handler] += 1;
    }

    /// Assigns cases of one weight; those without room get nobody.
    fn best(
        &self,
        open: &[usize],
        weight: u64,
        cases: &[Case],
        handlers: &[Handler],
        can: impl Fn(&Case, &Handler) -> bool,
    ) -> Result<Vec<Option<usize>>, SolveError> {
        let mut builder = ProblemBuilder::new();
        let least = self.loads.iter().copied().min().unwrap_or(0);
        let too_large = || SolveError::CostRange { cost: i64::MAX, rows: open.len() };
        let weight = i64::try_from(weight).map_err(|_| too_large())?;
        // Of each handler, the columns of the slots and what they cost, without changes.
        let mut slots: Vec<Vec<(u32, i64)>> = Vec::with_capacity(handlers.len());
        let mut owner = Vec::new();
        for (at, handler) in handlers.iter().enumerate() {
            let room = handler.most.saturating_sub(self.counts[at]).min(open.len() as u32);
            let mut own = Vec::with_capacity(room as usize);
            for k in 1..=i64::from(room) {
                owner.push(at);
                // The rise of the square, divided by w: 2 l + (2 k - 1) w. What all have in common is left out.
                let above = i64::try_from(2 * (self.loads[at] - least)).map_err(|_| too_large())?;
                own.push((builder.add_column(1, None)?, above + (2 * k - 1) * weight));
            }
            slots.push(own);
        }
        // A change costs one, and a more uneven load more than all changes together.
        let scale = open.len() as i64 + 1;
        for &row in open {
            let case = &cases[row];
            let mut arcs = Vec::new();
            for (at, _) in handlers.iter().enumerate().filter(|(_, handler)| can(case, handler)) {
                let change = i64::from(case.before.is_some_and(|before| before != at));
                for &(column, cost) in &slots[at] {
                    arcs.push((column, cost.checked_mul(scale).ok_or_else(too_large)? + change));
                }
            }
            builder.add_row(None, arcs)?;
        }
        let problem = builder.build();
        let placement = place(&problem, &select(&problem))?;
        Ok(placement.column_of.iter().map(|column| column.map(|column| owner[column as usize])).collect())
    }
}

/// Returns a greatest load below which no assignment goes: whoever can be handled only by some handlers weighs on them alone.
fn least_maximum(
    cases: &[Case],
    handlers: &[Handler],
    weight: impl Fn(&Case) -> u64,
    can: impl Fn(&Case, &Handler) -> bool,
) -> u64 {
    let mut by_handlers: BTreeMap<Vec<usize>, u64> = BTreeMap::new();
    for case in cases {
        let able: Vec<usize> = (0..handlers.len()).filter(|&at| can(case, &handlers[at])).collect();
        *by_handlers.entry(able).or_default() += weight(case);
    }
    by_handlers.entry((0..handlers.len()).collect()).or_default();
    let confined = |to: &Vec<usize>| {
        let within = by_handlers.iter().filter(|(able, _)| able.iter().all(|at| to.binary_search(at).is_ok()));
        within.map(|(_, weight)| weight).sum::<u64>().div_ceil(to.len().max(1) as u64)
    };
    let heaviest = cases.iter().map(&weight).max().unwrap_or(0);
    by_handlers.keys().map(confined).max().unwrap_or(0).max(heaviest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn classes() -> CaseClasses {
        CaseClasses::new(vec![("C".into(), 1), ("A".into(), 4), ("B".into(), 2)]).unwrap()
    }

    fn case(class: usize, before: Option<usize>, needs: &[&str]) -> Case {
        Case { id: "".into(), class, before, needs: needs.iter().map(|&need| need.into()).collect() }
    }

    fn handler(most: u32, skills: &[&str]) -> Handler {
        Handler { id: "".into(), most, skills: skills.iter().map(|&skill| skill.into()).collect() }
    }

    /// Returns the loads of every assignment within what handlers can take, the greatest first.
    fn every_assignment(cases: &[Case], handlers: &[Handler]) -> Vec<(Vec<u64>, Vec<usize>)> {
        let mut all = vec![(vec![0; handlers.len()], Vec::new())];
        for case in cases {
            let mut further = Vec::new();
            for (loads, of) in all {
                for (at, handler) in handlers.iter().enumerate() {
                    let held = of.iter().filter(|&&other| other == at).count() as u32;
                    if held < handler.most && case.needs.iter().all(|need| handler.skills.contains(need)) {
                        let (mut loads, mut of): (Vec<u64>, Vec<usize>) = (loads.clone(), of.clone());
                        loads[at] += u64::from(classes().0[case.class].1);
                        of.push(at);
                        further.push((loads, of));
                    }
                }
            }
            all = further;
        }
        all
    }

    fn sorted(mut loads: Vec<u64>) -> Vec<u64> {
        loads.sort_unstable_by(|a, b| b.cmp(a));
        loads
    }

    #[test]
    fn weights_are_multiples_of_each_other() {
        let weights = |weights: &[u32]| CaseClasses::new(weights.iter().map(|&w| (w.to_string().into(), w)).collect());
        assert!(weights(&[1, 2, 4, 12]).is_ok());
        assert_eq!(weights(&[4, 6]), Err(CaseClassError::NotDivisible { heavier: 6, lighter: 4 }));
        assert_eq!(weights(&[4, 0]), Err(CaseClassError::Zero { code: "0".into() }));
        assert_eq!(weights(&[2, 2]), Err(CaseClassError::Twice { code: "2".into() }));
    }

    #[test]
    fn whoever_finds_no_room_is_named() {
        let cases = [case(0, None, &[]), case(2, None, &["somali"]), case(1, None, &[])];
        let found = Caseload::assign(&cases, &[handler(9, &[])], &classes(), CaseloadRule::Balance);
        assert!(matches!(found, Err(CaseloadError::NoRoom { cases }) if cases == [1]));
    }

    proptest! {
        /// Of all assignments none has loads that are more equal, in the order greatest, second greatest and so on.
        #[test]
        fn loads_are_as_equal_as_can_be(of in prop::collection::vec(0_usize..3, 1..8), before in prop::collection::vec(prop::option::of(0_usize..3), 8)) {
            let cases: Vec<Case> = of.iter().zip(before).map(|(&class, before)| case(class, before, &[])).collect();
            let handlers = [handler(9, &[]), handler(9, &[]), handler(9, &[])];
            let found = Caseload::assign(&cases, &handlers, &classes(), CaseloadRule::Balance).unwrap();
            let best = every_assignment(&cases, &handlers).into_iter().map(|(loads, _)| sorted(loads)).min().unwrap();
            prop_assert_eq!(sorted(found.loads.clone()), best);
            prop_assert!(found.least_maximum <= found.maximum());
        }

        /// Of the cases of one class as few change their handler as equal loads allow; needs are met.
        #[test]
        fn as_few_change_as_equal_loads_allow(
            of in prop::collection::vec((prop::option::of(0_usize..3), any::<bool>()), 1..7), most in 1_u32..6,
        ) {
            let cases: Vec<Case> = of.iter().map(|&(before, needs)| case(1, before, if needs { &["x"] } else { &[] })).collect();
            let handlers = [handler(most, &["x"]), handler(9, &["x"]), handler(9, &[])];
            let all = every_assignment(&cases, &handlers);
            let found = Caseload::assign(&cases, &handlers, &classes(), CaseloadRule::Balance).unwrap();
            let changes = |of: &[usize]| cases.iter().zip(of).filter(|(case, at)| case.before.is_some_and(|b| b != **at)).count();
            let best = all.iter().map(|(loads, of)| (sorted(loads.clone()), changes(of))).min().unwrap();
            prop_assert_eq!((sorted(found.loads.clone()), found.changes as usize), best);
            prop_assert!(all.iter().any(|(_, of)| *of == found.handler_of), "it is one that can be");
        }

        /// No assignment goes below the bound.
        #[test]
        fn the_bound_is_one(of in prop::collection::vec((0_usize..3, any::<bool>()), 1..7)) {
            let cases: Vec<Case> = of.iter().map(|&(class, needs)| case(class, None, if needs { &["x"] } else { &[] })).collect();
            let handlers = [handler(9, &["x"]), handler(9, &["x"]), handler(9, &[])];
            let found = Caseload::assign(&cases, &handlers, &classes(), CaseloadRule::Balance).unwrap();
            let least = every_assignment(&cases, &handlers).into_iter().map(|(loads, _)| loads.into_iter().max().unwrap()).min().unwrap();
            prop_assert!(found.least_maximum <= least && least <= found.maximum());
        }

        #[test]
        fn with_continuity_first_nobody_changes(of in prop::collection::vec((0_usize..3, prop::option::of(0_usize..3)), 1..12)) {
            let cases: Vec<Case> = of.iter().map(|&(class, before)| case(class, before, &[])).collect();
            let handlers = [handler(20, &[]), handler(20, &[]), handler(20, &[])];
            let found = Caseload::assign(&cases, &handlers, &classes(), CaseloadRule::Continuity).unwrap();
            prop_assert_eq!(found.changes, 0);
        }
    }
}
