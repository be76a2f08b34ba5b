//! What is counted of the offers of a season.

/// What became of offers: a number of each, or a distribution of each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally<T> {
    /// Offers made.
    pub offered: T,
    /// Offers declined.
    pub declined: T,
    /// Offers accepted, by those who work in the end.
    pub hired: T,
}

/// What became of offers, by who pays for the place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ByPayer<T> {
    /// Places that the budget of the home district pays for, wherever they are.
    pub home: Tally<T>,
    /// Places that an employer or somebody outside pays for.
    pub others: Tally<T>,
}

impl Tally<u32> {
    /// Adds the numbers of another.
    pub(crate) fn add(&mut self, other: &Self) {
        self.offered += other.offered;
        self.declined += other.declined;
        self.hired += other.hired;
    }
}

impl ByPayer<u32> {
    /// Adds the numbers of another.
    pub(crate) fn add(&mut self, other: &Self) {
        self.home.add(&other.home);
        self.others.add(&other.others);
    }
}
