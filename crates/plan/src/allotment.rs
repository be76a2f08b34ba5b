//! The city's places, or its money, divided over districts by a key of indicators, and who gains and loses by it.

mod indicators;
mod keys;

use feriematch_apportion::{Claim, Method, Shares, Tie, apportion};
use feriematch_model::Money;

use crate::PlanError;

pub use indicators::{DistrictIndicators, Indicators};
pub use keys::{Keys, NamedWeight};

/// In what whole parts something is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// Places.
    Places,
    /// Öre.
    Ore,
    /// Kronor.
    Kronor,
    /// Thousands of kronor.
    Thousands,
}

/// What is divided, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Division {
    /// By which method.
    pub method: Method,
    /// How many units.
    pub total: u64,
    /// Of what.
    pub unit: Unit,
    /// What no district gets less of, in units.
    pub least: u64,
    /// What no district gets more of, in units.
    pub most: Option<u64>,
}

/// What each district gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allotment {
    /// The districts, in the order of the indicators.
    pub districts: Vec<Allotted>,
    /// Whose claims to the last of it were equal, as rows, if any.
    pub tie: Option<Tie>,
}

/// What a district gets, in units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allotted {
    /// Its share of the whole, in hundredths of a per cent, rounded.
    pub share: u64,
    /// Its exact part without bounds, in hundredths of a unit, rounded.
    pub quota: u64,
    /// What it gets.
    pub given: u64,
    /// What it would get by the new key alone, where one is phased in.
    pub by_new: Option<u64>,
    /// What it would get by the old key alone, where there is one.
    pub by_old: Option<u64>,
    /// What it had the last time, where the file says so.
    pub before: Option<u64>,
    /// Whether the least or the most decides.
    pub bound: Option<Bound>,
}

/// A bound that decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// By its share it would get less.
    Least,
    /// By its share it would get more.
    Most,
}

impl Unit {
    /// Returns how many parts, of which [`DECIMALS`](feriematch_ingest::records::DECIMALS) are a place or a krona, make a unit.
    const fn parts(self) -> u64 {
        match self {
            Self::Ore => 100,
            Self::Places | Self::Kronor => 10_000,
            Self::Thousands => 10_000_000,
        }
    }

    /// Returns so many units as money; `None` of places.
    pub fn money(self, count: u64) -> Option<Money> {
        let ore = match self {
            Self::Places => return None,
            Self::Ore => 1,
            Self::Kronor => 100,
            Self::Thousands => 100_000,
        };
        Some(Money::from_ore(i64::try_from(count).unwrap_or(i64::MAX).saturating_mul(ore)))
    }

    /// Returns how many whole units a sum of money is, if it is.
    pub fn of_money(self, amount: Money) -> Option<u64> {
        let one = self.money(1)?.ore();
        let ore = amount.ore();
        (ore % one == 0).then(|| u64::try_from(ore / one).ok()).flatten()
    }

    /// Returns the name of what is counted.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Places => "places",
            Self::Ore => "öre",
            Self::Kronor => "kronor",
            Self::Thousands => "thousands of kronor",
        }
    }
}

impl Division {
    /// Divides by the keys, and by the old key and the new one alone, with the same method and the same bounds.
    ///
    /// # Errors
    ///
    /// Returns an error where a key gives no shares, or the bounds leave no way.
    ///
    /// # Complexity
    ///
    /// As [`apportion`]: the square of the number of districts at most, whatever the total.
    pub fn allot(&self, indicators: &Indicators, keys: &Keys) -> Result<Allotment, PlanError> {
        let values = indicators.columns();
        let shares_of = |weights: &[NamedWeight]| keys::shares(weights, indicators, &values);
        let new = shares_of(&keys.new)?;
        let old = keys.old.as_deref().map(shares_of).transpose()?;
        let (shares, is_mixed) = match (&old, keys.new_share) {
            (Some(old), Some(share)) => (Shares::phased_in(&new, old, share), true),
            _ => (new.clone(), false),
        };
        let divide = |shares: &Shares| {
            let claims = indicators.districts.iter().zip(&shares.parts).map(|(district, part)| Claim {
                weight: part.clone(),
                least: district.least.unwrap_or(self.least),
                most: district.most.or(self.most).unwrap_or(u64::MAX),
            });
            apportion(self.method, self.total, &claims.collect::<Vec<_>>())
        };
        let divided = divide(&shares)?;
        let by_new = is_mixed.then(|| divide(&new)).transpose()?;
        let by_old = old.as_ref().map(divide).transpose()?;
        let alone = |divided: &Option<feriematch_apportion::Apportionment>, row: usize| {
            divided.as_ref().map(|divided| divided.given[row])
        };
        let allotted = |(row, district): (usize, &DistrictIndicators)| {
            let given = divided.given[row];
            let quota = shares.of_whole(row, 100 * self.total);
            let at = |bound: Option<u64>| bound == Some(given);
            let bound = if at(Some(district.least.unwrap_or(self.least))) && quota < 100 * given {
                Some(Bound::Least)
            } else if at(district.most.or(self.most)) && quota > 100 * given {
                Some(Bound::Most)
            } else {
                None
            };
            Allotted {
                share: shares.of_whole(row, 10_000),
                quota,
                given,
                by_new: alone(&by_new, row),
                by_old: alone(&by_old, row),
                before: district.before,
                bound,
            }
        };
        let districts = indicators.districts.iter().enumerate().map(allotted).collect();
        Ok(Allotment { districts, tie: divided.tie })
    }
}

impl Allotment {
    /// Returns whether there is something to compare with: an old key, and what all districts had before.
    pub fn compares(&self) -> (bool, bool) {
        let all = |of: fn(&Allotted) -> Option<u64>| self.districts.iter().all(|district| of(district).is_some());
        (all(|district| district.by_old), all(|district| district.before))
    }
}
