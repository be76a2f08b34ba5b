//! A set of at most 64 indices, in one word.

use std::hash::{Hash, Hasher};
use std::iter;
use std::marker::PhantomData;

/// A set of row numbers of one of the small tables (districts, periods, qualifications, streams).
///
/// The tables it refers to have at most [`SmallSet::LIMIT`] rows; [`Season::new`](crate::Season::new) checks that.
pub struct SmallSet<I> {
    bits: u64,
    of: PhantomData<fn(I)>,
}

impl<I: Copy + Into<u32>> SmallSet<I> {
    /// The largest number of rows a table may have to be referred to by a set.
    pub const LIMIT: usize = 64;

    /// Returns the empty set.
    pub const fn new() -> Self {
        Self { bits: 0, of: PhantomData }
    }

    /// Adds an element.
    ///
    /// # Panics
    ///
    /// Panics if the index is 64 or more.
    pub fn insert(&mut self, index: I) {
        let bit: u32 = index.into();
        assert!(bit < 64, "a SmallSet holds indices below 64");
        self.bits |= 1 << bit;
    }

    /// Returns whether the element is in the set.
    pub fn contains(self, index: I) -> bool {
        let bit: u32 = index.into();
        bit < 64 && self.bits >> bit & 1 == 1
    }

    /// Returns whether the set has no element.
    pub const fn is_empty(self) -> bool {
        self.bits == 0
    }

    /// Returns how many elements the set has.
    pub const fn len(self) -> u32 {
        self.bits.count_ones()
    }

    /// Returns whether every element of this set is in the other.
    pub const fn is_subset(self, other: Self) -> bool {
        self.bits & !other.bits == 0
    }

    /// Returns the elements that both sets have.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self { bits: self.bits & other.bits, of: PhantomData }
    }

    /// Returns the elements' row numbers, ascending.
    pub fn rows(self) -> impl Iterator<Item = usize> {
        let mut left = self.bits;
        iter::from_fn(move || {
            let row = left.trailing_zeros() as usize;
            // Takes the lowest bit away.
            left &= left.checked_sub(1)?;
            Some(row)
        })
    }
}

impl<I> Clone for SmallSet<I> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I> Copy for SmallSet<I> {}

impl<I: Copy + Into<u32>> Default for SmallSet<I> {
    fn default() -> Self {
        Self::new()
    }
}

impl<I> PartialEq for SmallSet<I> {
    fn eq(&self, other: &Self) -> bool {
        self.bits == other.bits
    }
}

impl<I> Eq for SmallSet<I> {}

impl<I> Hash for SmallSet<I> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.bits.hash(state);
    }
}

impl<I: Copy + Into<u32>> std::fmt::Debug for SmallSet<I> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.rows()).finish()
    }
}

impl<I: Copy + Into<u32>> FromIterator<I> for SmallSet<I> {
    fn from_iter<T: IntoIterator<Item = I>>(items: T) -> Self {
        let mut set = Self::new();
        items.into_iter().for_each(|index| set.insert(index));
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_is_put_in() {
        let set: SmallSet<u32> = [3, 63, 0].into_iter().collect();
        assert_eq!(set.rows().collect::<Vec<_>>(), [0, 3, 63]);
        assert_eq!(set.len(), 3);
        assert!(set.contains(63) && !set.contains(62) && !set.contains(64));
        let part: SmallSet<u32> = [3].into_iter().collect();
        assert!(part.is_subset(set) && !set.is_subset(part));
        assert_eq!(set.intersection(part), part);
        assert_eq!(set.intersection(SmallSet::new()), SmallSet::new());
    }
}
