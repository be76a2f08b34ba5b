//! The methods of apportionment, by name.

use std::fmt;
use std::str::FromStr;

use num_bigint::BigUint;

use crate::quota::Fraction;

/// A method of apportionment.
///
/// A divisor method rounds everybody's weight, divided by a common divisor, at its *signposts*: the threshold d(k) between k - 1 and k lies in
/// [k - 1, k].
///
/// # References
///
/// M. L. Balinski, H. P. Young: Fair Representation, 2nd ed., Brookings 2001; F. Pukelsheim: Proportional Representation, 2nd ed., Springer 2017,
/// chapters 3 to 5. Sweden's law of elections (2005:837), chapter 14, section 3: the first divisor 1.4 until 2014, 1.2 since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// The whole part of the quota, then one more each to the largest remainders (Hamilton; Hare quota).
    LargestRemainder,
    /// d(k) = k - 1/2: divisors 1, 3, 5, … (Webster).
    SainteLague,
    /// As Sainte-Laguë, but d(1) is half the first divisor, which is given in hundredths and lies between 1 and 2.
    ModifiedSainteLague {
        /// A hundred times the first divisor: 140 or 120.
        first_divisor: u32,
    },
    /// d(k) = √(k(k - 1)): equal proportions.
    HuntingtonHill,
    /// d(k) = k: divisors 1, 2, 3, … (Jefferson).
    DHondt,
    /// d(k) = k - 1: rounds up.
    Adams,
    /// d(k) = k(k - 1)/(k - 1/2): the harmonic mean.
    Dean,
}

/// A name that no method has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no method of this name")]
pub struct UnknownMethod;

/// Each method with its names, the proper one first.
const NAMES: [(Method, &[&str]); 7] = [
    (Method::LargestRemainder, &["largest-remainder", "hamilton"]),
    (Method::SainteLague, &["sainte-lague", "webster"]),
    (Method::ModifiedSainteLague { first_divisor: 120 }, &["modified-sainte-lague"]),
    (Method::HuntingtonHill, &["huntington-hill", "hill"]),
    (Method::DHondt, &["dhondt", "jefferson"]),
    (Method::Adams, &["adams"]),
    (Method::Dean, &["dean"]),
];

impl Method {
    /// Every method; the first divisor of the modified one is that of Swedish law.
    pub const ALL: [Self; 7] = {
        let mut all = [Self::LargestRemainder; 7];
        let mut at = 0;
        while at < all.len() {
            all[at] = NAMES[at].0;
            at += 1;
        }
        all
    };

    /// Returns the proper name.
    pub fn name(self) -> &'static str {
        let is_kind = |other: Self| std::mem::discriminant(&other) == std::mem::discriminant(&self);
        NAMES.into_iter().find(|&(method, _)| is_kind(method)).map_or("", |(_, names)| names[0])
    }

    /// Returns every name that [`FromStr`] reads, with the method's proper one.
    pub fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
        NAMES.into_iter().flat_map(|(_, names)| names.iter().map(move |&name| (name, names[0])))
    }

    /// Returns the square of the signpost d(k), k ≥ 1, as a fraction; the method has signposts.
    ///
    /// Squares, so that those of equal proportions are rational.
    pub(crate) fn signpost_squared(self, k: u64) -> Fraction {
        let k = BigUint::from(k);
        let before = &k - 1_u32;
        let squared = |above: BigUint, below: BigUint| Fraction { above: above.pow(2), below: below.pow(2) };
        match self {
            Self::ModifiedSainteLague { first_divisor } if before == BigUint::ZERO => {
                squared(first_divisor.into(), 200_u32.into())
            }
            Self::SainteLague | Self::ModifiedSainteLague { .. } => squared(k + before, 2_u32.into()),
            Self::HuntingtonHill => Fraction { above: k * before, below: 1_u32.into() },
            Self::Adams => squared(before, 1_u32.into()),
            Self::Dean => squared(&k * &before * 2_u32, k + before),
            Self::LargestRemainder | Self::DHondt => squared(k, 1_u32.into()),
        }
    }
}

impl FromStr for Method {
    type Err = UnknownMethod;

    fn from_str(name: &str) -> Result<Self, UnknownMethod> {
        NAMES.into_iter().find(|(_, names)| names.contains(&name)).map(|(method, _)| method).ok_or(UnknownMethod)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
