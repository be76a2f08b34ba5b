//! Amounts of money, exact to the öre.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};

/// An amount in Swedish kronor, held as a whole number of öre (1 krona = 100 öre).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money {
    ore: i64,
}

/// Why a text is not an amount of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseMoneyError {
    /// The text has no digit, or a character that is neither a digit, a space between digits, nor a decimal sign.
    #[error("not a number")]
    NotANumber,
    /// The text has more than two decimals, which would be less than an öre.
    #[error("finer than one öre")]
    TooFine,
    /// The amount does not fit.
    #[error("too large")]
    TooLarge,
}

impl Money {
    /// No money.
    pub const ZERO: Self = Self { ore: 0 };

    /// Returns an amount of whole öre.
    pub const fn from_ore(ore: i64) -> Self {
        Self { ore }
    }

    /// Returns an amount of whole kronor.
    pub const fn from_kronor(kronor: i64) -> Self {
        Self { ore: kronor * 100 }
    }

    /// Returns the amount in öre.
    pub const fn ore(self) -> i64 {
        self.ore
    }

    /// Returns how many times `unit` fits into this amount, rounded down; 0 where the amount is negative.
    ///
    /// # Panics
    ///
    /// Panics if `unit` is not positive.
    pub fn buys(self, unit: Self) -> u32 {
        assert!(unit.ore > 0, "a unit price is positive");
        u32::try_from(self.ore.max(0) / unit.ore).unwrap_or(u32::MAX)
    }

    /// Reads kronor written with up to two decimals after `,` or `.`, with spaces between digit groups if any.
    ///
    /// # Errors
    ///
    /// Says why the text is not an amount; see [`ParseMoneyError`].
    pub fn parse_kronor(text: &str) -> Result<Self, ParseMoneyError> {
        let text = text.trim();
        let (negative, digits) = match text.strip_prefix(['-', '\u{2212}']) {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, decimals) = digits.split_once([',', '.']).unwrap_or((digits, ""));
        let mut ore: i64 = 0;
        let mut seen = false;
        for c in whole.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')) {
            let digit = c.to_digit(10).ok_or(ParseMoneyError::NotANumber)?;
            ore = ore.checked_mul(10).and_then(|o| o.checked_add(i64::from(digit))).ok_or(ParseMoneyError::TooLarge)?;
            seen = true;
        }
        if !seen || (digits.len() > whole.len() && decimals.is_empty()) || !decimals.bytes().all(|b| b.is_ascii_digit()) {
            return Err(ParseMoneyError::NotANumber);
        }
        if decimals.len() > 2 {
            return Err(ParseMoneyError::TooFine);
        }
        let fraction: i64 = format!("{decimals:0<2}").parse().map_err(|_| ParseMoneyError::NotANumber)?;
        let ore = ore.checked_mul(100).and_then(|o| o.checked_add(fraction)).ok_or(ParseMoneyError::TooLarge)?;
        Ok(Self { ore: if negative { -ore } else { ore } })
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { ore: self.ore + other.ore }
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self { ore: self.ore - other.ore }
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// Writes kronor with a decimal point and two decimals, `-12.50`: the form of machine-readable output.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.ore < 0 { "-" } else { "" };
        let ore = self.ore.unsigned_abs();
        f.pad(&format!("{sign}{}.{:02}", ore / 100, ore % 100))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_swedish_excel_writes() {
        assert_eq!(Money::parse_kronor("2 000 000"), Ok(Money::from_kronor(2_000_000)));
        assert_eq!(Money::parse_kronor("87,5"), Ok(Money::from_ore(8_750)));
        assert_eq!(Money::parse_kronor("-0.05"), Ok(Money::from_ore(-5)));
        assert_eq!(Money::parse_kronor(""), Err(ParseMoneyError::NotANumber));
        assert_eq!(Money::parse_kronor("12,"), Err(ParseMoneyError::NotANumber));
        assert_eq!(Money::parse_kronor("1,2,3"), Err(ParseMoneyError::NotANumber));
        assert_eq!(Money::parse_kronor("0,125"), Err(ParseMoneyError::TooFine));
        assert_eq!(Money::parse_kronor("99999999999999999999"), Err(ParseMoneyError::TooLarge));
    }

    #[test]
    fn writes_two_decimals() {
        assert_eq!(Money::from_ore(-5).to_string(), "-0.05");
        assert_eq!(Money::from_kronor(2_000).to_string(), "2000.00");
    }

    #[test]
    fn buys_whole_units() {
        assert_eq!(Money::from_kronor(2_000_000).buys(Money::from_kronor(9_833)), 203);
        assert_eq!(Money::from_kronor(-1).buys(Money::from_kronor(1)), 0);
    }
}
