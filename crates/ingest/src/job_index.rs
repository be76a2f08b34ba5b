//! Finding jobs by id, tens of millions of times.

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

impl JobIndex<'_> {
    /// Returns the job of an id.
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

/// An id of one to sixteen bytes as a number, the last byte the lowest. The first byte is not zero, so that the number tells
/// the length.
///
/// Where ids differ is most often their end, and a multiplicative hash mixes the low bits of a number best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct ShortId {
    low: u64,
    high: u64,
}

impl ShortId {
    fn new(id: &str) -> Option<Self> {
        let bytes = id.as_bytes();
        let length = bytes.len();
        if length > 16 || bytes.first().is_none_or(|&first| first == 0) {
            return None;
        }
        // Two chunks that may overlap hold all bytes.
        if let (Some(&head), Some(&tail)) = (bytes.first_chunk(), bytes.last_chunk()) {
            let ahead = length as u32 - 8;
            let high = u64::from_be_bytes(head).checked_shr(8 * (8 - ahead)).unwrap_or(0);
            return Some(Self { low: u64::from_be_bytes(tail), high });
        }
        if let (Some(&head), Some(&tail)) = (bytes.first_chunk(), bytes.last_chunk()) {
            let [head, tail] = [head, tail].map(|chunk| u64::from(u32::from_be_bytes(chunk)));
            return Some(Self { low: head << (8 * (length - 4)) | tail, high: 0 });
        }
        let low = bytes.iter().fold(0, |number, &byte| number << 8 | u64::from(byte));
        Some(Self { low, high: 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Ids of any length are found, and others are not.
        #[test]
        fn finds_what_is_there(
            ids in prop::collection::btree_set("[ab\u{e5}\0]{0,18}", 0..40),
            others in prop::collection::vec("[ab\u{e5}\0]{0,18}", 40),
        ) {
            let index: JobIndex<'_> = ids.iter().zip(0..).map(|(id, row)| (id.as_str(), JobIx::new(row))).collect();
            for (row, id) in ids.iter().enumerate() {
                prop_assert_eq!(index.get(id), Some(JobIx::new(row)));
            }
            for id in others.iter().filter(|id| !ids.contains(*id)) {
                prop_assert_eq!(index.get(id), None);
            }
        }

        /// The number of a short id is that of its bytes, read as digits to the base 256.
        #[test]
        fn short_ids_are_numbers(id in "[a-z]{1,16}") {
            let ShortId { low, high } = ShortId::new(&id).expect("it is short");
            let number = id.bytes().fold(0_u128, |number, byte| number << 8 | u128::from(byte));
            prop_assert_eq!(u128::from(high) << 64 | u128::from(low), number);
        }
    }
}
