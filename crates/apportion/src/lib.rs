//! Apportionment: a whole number of places, or of kronor, divided in proportion to claims.
//!
//! [`apportion`](fn@apportion) divides by a [`Method`]: the largest remainder, or one of the divisor methods. Everybody may have a least and a most. All
//! arithmetic is exact, on integers of any size; equal claims to the last places are reported as a [`Tie`], and go to whoever is listed first.
//!
//! [`Shares`] makes claims of indicators by a [`Key`], and phases a new key in.
//!
//! # Examples
//!
//! ```
//! use feriematch_apportion::{Claim, Method, apportion};
//!
//! let claims = [600_u32, 300, 80].map(Claim::of);
//! assert_eq!(apportion(Method::LargestRemainder, 10, &claims)?.given, [6, 3, 1]);
//! assert_eq!(apportion(Method::DHondt, 10, &claims)?.given, [7, 3, 0]);
//! let [first, second, third] = claims;
//! assert_eq!(apportion(Method::DHondt, 10, &[first, second, third.at_least(2)])?.given, [6, 2, 2]);
//! # Ok::<(), feriematch_apportion::ApportionError>(())
//! ```

mod apportion;
mod claim;
mod divisor;
mod key;
mod method;
mod quota;

pub use apportion::{Apportionment, Tie, apportion, largest_remainder};
pub use claim::{ApportionError, Claim};
pub use key::{Key, KeyError, Shares};
pub use method::{Method, UnknownMethod};
