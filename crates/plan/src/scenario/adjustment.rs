//! What becomes of a number.

/// What becomes of a number: of places, of öre, of basis points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adjustment {
    /// It is this instead.
    Set(i64),
    /// So many are added, or taken away where negative.
    Add(i64),
    /// So many of a hundred are left, or more than all of them; rounded half up.
    Percent(u32),
}

impl Adjustment {
    /// Returns what becomes of a number that is not negative; `None` where it would be negative, or too large to count.
    pub fn of(self, number: i64) -> Option<i64> {
        let adjusted = match self {
            Self::Set(to) => Some(to),
            Self::Add(more) => number.checked_add(more),
            Self::Percent(percent) => i64::try_from((i128::from(number) * i128::from(percent) + 50).div_euclid(100)).ok(),
        };
        adjusted.filter(|&number| number >= 0)
    }

    /// Returns what becomes of a count.
    pub fn of_count(self, count: u32) -> Option<u32> {
        self.of(i64::from(count)).and_then(|count| u32::try_from(count).ok())
    }

    /// Returns whether it says itself that nothing changes: the level of a grid that is the season as it is.
    pub const fn is_nothing(self) -> bool {
        matches!(self, Self::Add(0) | Self::Percent(100))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_rounded_up() {
        assert_eq!(
            [(5, 90), (5, 110), (0, 120), (539, 100)].map(|(n, percent)| Adjustment::Percent(percent).of_count(n).unwrap()),
            [5, 6, 0, 539]
        );
    }

    #[test]
    fn nothing_is_below_zero() {
        assert_eq!(
            [Adjustment::Add(-4), Adjustment::Add(-5), Adjustment::Set(-1)].map(|by| by.of_count(4)),
            [Some(0), None, None]
        );
        assert_eq!(Adjustment::Percent(1_000).of(i64::MAX), None);
        assert_eq!(Adjustment::Add(1).of_count(u32::MAX), None);
    }
}
