//! Random problems for the unit tests.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use crate::{Problem, ProblemBuilder};

/// Returns problems with columns in groups within groups, some of which bind.
pub(crate) fn problems() -> impl Strategy<Value = Problem> {
    let columns = vec((0_u32..5, 0_u32..5), 1..30);
    (vec(0_u32..40, 4), columns, prop_oneof![Just(1_i64), Just(4), Just(1_000)]).prop_flat_map(|(caps, columns, most)| {
        let arcs = btree_map(0..columns.len() as u32, 0..=most, 0..6);
        vec(arcs, 0..120).prop_map(move |rows| {
            let mut builder = ProblemBuilder::new();
            for (cap, parent) in caps.iter().zip([None, Some(0), Some(1), Some(0)]) {
                builder.add_group(*cap, parent).unwrap();
            }
            for &(capacity, group) in &columns {
                builder.add_column(capacity, Some(group).filter(|&group| group < 4)).unwrap();
            }
            for arcs in rows {
                builder.add_row(None, arcs).unwrap();
            }
            builder.build()
        })
    })
}
