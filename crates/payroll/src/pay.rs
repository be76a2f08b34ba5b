//! What work costs.

use std::iter::Sum;
use std::ops::Add;

use feriematch_model::{Applicant, Job, Money, Season};

/// What somebody's work costs: wages, and the employer's fee on them.
///
/// Both are rounded half up to the öre, each for itself and for one person at a time. So a sum over people is exact, and adds up
/// however they are grouped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pay {
    /// Gross wages, holiday pay included.
    pub wages: Money,
    /// The employer's fee.
    pub fee: Money,
}

impl Pay {
    /// Returns what so many minutes cost at an hourly wage, with a fee in hundredths of a per cent; `None` if it is too much to count.
    pub fn new(per_hour: Money, minutes: u64, fee_basis_points: u32) -> Option<Self> {
        let wages = half_up(i128::from(per_hour.ore()) * i128::from(minutes), 60)?;
        let fee = half_up(i128::from(wages.ore()) * i128::from(fee_basis_points), 10_000)?;
        Some(Self { wages, fee })
    }

    /// Returns what an applicant costs who works so many minutes in a job; `None` where the table of wages has no band for the age
    /// on the first working day.
    pub fn of(season: &Season, applicant: &Applicant, job: &Job, minutes: u64) -> Option<Self> {
        Self::new(season.wage(applicant, job)?, minutes, season.employer_fee_basis_points(applicant))
    }

    /// Returns what an applicant costs who works in a job as agreed; `None` where the wage or the paid time is not known.
    pub fn agreed(season: &Season, applicant: &Applicant, job: &Job) -> Option<Self> {
        Self::of(season, applicant, job, u64::from(job.paid_minutes?))
    }

    /// Returns wages and fee together.
    pub fn cost(self) -> Money {
        self.wages + self.fee
    }
}

/// Divides, and rounds half up to the öre.
fn half_up(ore: i128, by: i128) -> Option<Money> {
    i64::try_from((ore + by / 2).div_euclid(by)).ok().map(Money::from_ore)
}

impl Add for Pay {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { wages: self.wages + other.wages, fee: self.fee + other.fee }
    }
}

impl Sum for Pay {
    fn sum<I: Iterator<Item = Self>>(pays: I) -> Self {
        pays.fold(Self::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wages_and_fee_are_rounded_half_up_each() {
        // 90 hours at 97.50 kr are 8 775 kr; 31.42 % of them are 2 757.105 kr.
        let pay = Pay::new(Money::from_ore(9_750), 90 * 60, 3_142).expect("not too much");
        assert_eq!(pay, Pay { wages: Money::from_ore(877_500), fee: Money::from_ore(275_711) });
        assert_eq!(pay.cost(), Money::from_ore(1_153_211));
        // One minute at 87.00 kr is 1.45 kr, with 0.455… kr of fee; one at 0.30 kr is half an öre.
        let minute = |ore| Pay::new(Money::from_ore(ore), 1, 3_142).expect("not too much");
        assert_eq!(minute(8_700), Pay { wages: Money::from_ore(145), fee: Money::from_ore(46) });
        assert_eq!(minute(30).wages, Money::from_ore(1));
        assert_eq!(minute(29).wages, Money::ZERO);
    }

    #[test]
    fn what_is_too_much_to_count_is_not_counted() {
        assert_eq!(Pay::new(Money::from_ore(i64::MAX), u64::MAX, 3_142), None);
    }
}
