//! Finding rows by id, tens of millions of times.

use feriematch_model::JobIx;
use rustc_hash::FxHashMap;

/// The jobs by id. It is only looked up in.
///
/// Nearly every id has at most sixteen bytes. Those are compared as two numbers that stand in the table itself, so that a
/// look-up touches nothing else.
#[derive(Debug, Default)]
pub(crate) struct JobIndex<'v> {
    short: FxHashMap<ShortId, JobIx>,
    long: FxHashMap<&'v str, JobIx>,
}

impl<'v> JobIndex<'v> {
    pub(crate) fn get(&self, id: &str) -> Option<JobIx> {
        match ShortId::new(id) {
            Some(short) => self.short.get(&short).copied(),
            None => self.long.get(id).copied(),
        }
    }
}

impl<'v> FromIterator<(&'v str, JobIx)> for JobIndex<'v> {
    fn from_iter<I: IntoIterator<Item = (&'v str, JobIx)>>(ids: I) -> Self {
        let ids = ids.into_iter();
        let mut index = Self::default();
        index.short.reserve(ids.size_hint().0);
        for (id, job) in ids {
            match ShortId::new(id) {
                Some(short) => index.short.insert(short, job),
                None => index.long.insert(id, job),
            };
        }
        index
    }
}

/// An id of one to sixteen bytes: its length, and two numbers that hold its bytes, some of them twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct ShortId {
    head: u64,
    tail: u64,
    length: u32,
}

impl ShortId {
    fn new(id: &str) -> Option<Self> {
        let bytes = id.as_bytes();
        let (head, tail) = match *bytes {
            [] => return None,
            [first] => (u64::from(first), 0),
            [first, second] => (u64::from(first), u64::from(second)),
            [first, second, third] => (u64::from(first), u64::from(second) << 8 | u64::from(third)),
            _ => match (bytes.first_chunk(), bytes.last_chunk()) {
                (Some(&head), Some(&tail)) if bytes.len() <= 16 => (u64::from_le_bytes(head), u64::from_le_bytes(tail)),
                (Some(_), Some(_)) => return None,
                _ => {
                    let [head, tail] =
                        [bytes.first_chunk(), bytes.last_chunk()].map(|half| half.copied().map(u32::from_le_bytes));
                    (u64::from(head?), u64::from(tail?))
                }
            },
        };
        Some(Self { head, tail, length: bytes.len() as u32 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Ids of any length are found, and others are not.
        #[test]
        fn finds_what_is_there(ids in prop::collection::btree_set("[ab\u{e5}]{0,18}", 0..40), others in prop::collection::vec("[ab\u{e5}]{0,18}", 40)) {
            let index: JobIndex<'_> = ids.iter().zip(0..).map(|(id, row)| (id.as_str(), JobIx::new(row))).collect();
            for (row, id) in ids.iter().enumerate() {
                prop_assert_eq!(index.get(id), Some(JobIx::new(row)));
            }
            for id in others.iter().filter(|id| !ids.contains(*id)) {
                prop_assert_eq!(index.get(id), None);
            }
        }
    }
}
