//! Arcs to classes against the arcs to columns that they stand for.

use feriematch_solver::{Problem, ProblemBuilder, RowOutcome, SolveError, place, place_reference, select, serial_dictatorship};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;

use crate::certificate::assert_proven;

/// Returns problems in which classes overlap each other and the arcs to columns, with or without groups above.
pub(crate) fn problems(rows: usize) -> impl Strategy<Value = Problem> {
    let columns = vec((0_u32..4, option::weighted(0.4, 0_u32..3)), 1..12);
    let caps = prop_oneof![Just(vec![1_000; 3]), vec(0_u32..20, 3)];
    (columns, caps, prop_oneof![Just(0_i64), Just(3), Just(1_000)]).prop_flat_map(move |(columns, caps, most)| {
        let count = columns.len() as u32;
        let classes = vec(btree_set(0..count, 0..=columns.len()), 1..4);
        let arcs = btree_map(0..count, 0..=most, 0..4);
        let class_arcs = btree_map(0_u32..3, 0..=most, 0..3);
        (classes, vec((arcs, class_arcs), 0..rows)).prop_map(move |(classes, rows)| {
            let mut builder = ProblemBuilder::new();
            for (cap, parent) in caps.iter().zip([None, Some(0), Some(0)]) {
                builder.add_group(*cap, parent).unwrap();
            }
            for &(capacity, group) in &columns {
                builder.add_column(capacity, group).unwrap();
            }
            for class in &classes {
                builder.add_class(&class.iter().copied().collect::<Vec<_>>()).unwrap();
            }
            for (arcs, class_arcs) in rows {
                let class_arcs = class_arcs.into_iter().filter(|&(class, _)| (class as usize) < classes.len());
                builder.add_row_with_classes(None, arcs, class_arcs).unwrap();
            }
            builder.build()
        })
    })
}

fn kept(outcomes: &[RowOutcome]) -> Vec<bool> {
    outcomes.iter().map(|outcome| matches!(outcome, RowOutcome::Kept(_))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn mean_the_same_as_arcs_to_their_columns(problem in problems(60)) {
        let expanded = problem.expanded();
        let (selection, by_columns) = (select(&problem), select(&expanded));
        prop_assert_eq!(kept(&selection.outcomes), kept(&by_columns.outcomes));
        assert_proven(&expanded, &selection);
        let placement = place(&problem, &selection).unwrap();
        prop_assert_eq!(placement.check(&problem, &selection), Ok(()));
        prop_assert_eq!(placement.check(&expanded, &selection), Ok(()));
        prop_assert_eq!(placement.cost, place(&expanded, &by_columns).unwrap().cost);
        prop_assert_eq!(placement.cost, place_reference(&problem, &selection).unwrap().cost);
    }

    #[test]
    fn are_served_in_turn_like_arcs_to_their_columns(problem in problems(40)) {
        let level = |outcomes: Vec<RowOutcome>| -> Vec<Option<i64>> {
            let cost = |(row, outcome): (u32, RowOutcome)| match outcome {
                RowOutcome::Kept(column) => problem.cost(row, column),
                _ => None,
            };
            (0..).zip(outcomes).map(cost).collect()
        };
        prop_assert_eq!(level(serial_dictatorship(&problem)), level(serial_dictatorship(&problem.expanded())));
    }
}

#[test]
fn are_refused_where_they_are_wrong_and_leave_nothing_behind() {
    let mut builder = ProblemBuilder::new();
    let park = builder.add_column(1, None).unwrap();
    let office = builder.add_column(1, None).unwrap();
    assert_eq!(builder.add_class(&[park, 7]), Err(SolveError::UnknownColumn { row: 0, column: 7 }));
    assert_eq!(builder.add_class(&[office, park]), Err(SolveError::ArcOrder { row: 0, column: park }));
    let any = builder.add_class(&[park, office]).unwrap();
    let none = builder.add_class(&[]).unwrap();
    let unknown = builder.add_row_with_classes(None, [(park, 1)], [(9, 1)]);
    assert_eq!(unknown, Err(SolveError::UnknownClass { row: 0, class: 9 }));
    let twice = builder.add_row_with_classes(None, [(park, 1)], [(any, 1), (any, 1)]);
    assert_eq!(twice, Err(SolveError::ArcOrder { row: 0, column: any }));
    let negative = builder.add_row_with_classes(None, [], [(any, -1)]);
    assert_eq!(negative, Err(SolveError::NegativeCost { row: 0, column: any }));
    assert_eq!(builder.add_row_with_classes(None, [(park, 4)], [(any, 2), (none, 1)]), Ok(0));
    assert_eq!(builder.add_row_with_classes(None, [], [(none, 1)]), Ok(1));
    let problem = builder.build();
    assert_eq!((problem.row_count(), problem.arc_count(), problem.class_count()), (2, 2, 2));
    assert_eq!(problem.class_arcs(0).collect::<Vec<_>>(), [(any, 2)]);
    assert_eq!((problem.cost(0, park), problem.cost(0, office), problem.cost(1, park)), (Some(2), Some(2), None));
    assert_eq!(problem.class(any), [park, office]);
    assert_eq!(select(&problem).outcomes[1], RowOutcome::NoArc);
}
