//! Pictures in SVG: bars in groups, bars of shares, lines with bands, differences with intervals, fields of numbers.
//!
//! A picture is readable on a page of A4, in grey as in colour: every bar has its number beside it, every line its own marker, and the colours are those
//! that people with any kind of colour vision tell apart (Okabe and Ito). All numbers are in the description too, which screen readers read out.
//! The same picture gives the same bytes on every machine: numbers are whole, and texts are as wide as their characters are many.
//!
//! # References
//!
//! Okabe and Ito, *Color universal design*, 2008; Wong, *Points of view: color blindness*, Nature Methods 8 (2011).
//!
//! # Examples
//!
//! ```
//! use feriematch_report::picture::{Axis, Bar, BarGroup, GroupedBars, Unit};
//!
//! let bar = |value, low, high| Some(Bar { value, interval: Some((low, high)) });
//! let picture = GroupedBars {
//!     title: "Girls by work area".into(),
//!     description: "Share of girls among those who wish for an area and those who work there.".into(),
//!     axis: Axis { label: "Girls, %".into(), unit: Unit::Thousandths },
//!     series: vec!["wish".into(), "work".into()],
//!     groups: vec![BarGroup { name: "Äldreomsorg".into(), bars: vec![bar(571, 500, 640), bar(600, 410, 770)] }],
//!     mark: None,
//! };
//! let svg = picture.to_svg()?;
//! assert!(svg.starts_with("<svg role=\"img\"") && svg.contains("Äldreomsorg, wish: 57.1 % (50.0 to 64.0 %)"));
//! # Ok::<(), feriematch_report::picture::PictureError>(())
//! ```

mod bars;
mod canvas;
mod differences;
mod heat;
mod lines;
mod shares;

use std::error::Error;

use crate::table::grouped;

pub use bars::{Bar, BarGroup, GroupedBars};
pub use differences::{DifferenceRow, Differences};
pub use heat::HeatMap;
pub use lines::{Line, LineChart, LinePoint};
pub use shares::StackedShares;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PictureError {
    /// Something cannot be drawn.
    #[error("the picture cannot be drawn")]
    Drawing(#[source] Box<dyn Error + Send + Sync>),
}

/// An axis of numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    /// What is counted or measured, with its unit.
    pub label: String,
    /// What the whole numbers stand for.
    pub unit: Unit,
}

/// What a whole number stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// So many of something.
    Count,
    /// Thousandths of a whole, shown in per cent.
    Thousandths,
    /// Hundredths, such as of a mean, shown with two decimals.
    Hundredths,
}

impl Unit {
    /// Returns the thousandths of a share between 0 and 1.
    #[allow(clippy::cast_sign_loss, reason = "shares lie between 0 and 1")]
    pub fn thousandths(share: f64) -> u32 {
        (share.clamp(0.0, 1.0) * 1_000.0).round() as u32
    }

    /// Returns a number as a person reads it.
    fn show(self, value: u32) -> String {
        match self {
            Self::Count => grouped(i64::from(value)),
            Self::Thousandths => format!("{}.{} %", value / 10, value % 10),
            Self::Hundredths => format!("{}.{:02}", grouped(i64::from(value / 100)), value % 100),
        }
    }

    /// Returns a difference as a person reads it, with its sign.
    fn signed(self, value: i64) -> String {
        let magnitude = self.show(u32::try_from(value.unsigned_abs()).unwrap_or(u32::MAX));
        format!("{}{magnitude}", sign(value))
    }

    /// Returns a difference as it stands on an axis.
    fn signed_tick(self, value: i64) -> String {
        format!("{}{}", sign(value), self.tick(value.unsigned_abs()))
    }

    /// Returns a number as it stands on an axis.
    fn tick(self, value: u64) -> String {
        match self {
            Self::Count => grouped(value as i64),
            Self::Thousandths if value.is_multiple_of(10) => (value / 10).to_string(),
            Self::Thousandths => format!("{}.{}", value / 10, value % 10),
            Self::Hundredths if value.is_multiple_of(100) => grouped((value / 100) as i64),
            Self::Hundredths => format!("{}.{:02}", grouped((value / 100) as i64), value % 100),
        }
    }

    /// Returns where an axis ends that has to show a number: beyond it, so that there is room for its label. One in per cent shows all hundred unless
    /// they are few.
    fn end(self, most: u32) -> u64 {
        let most = u64::from(most).max(1);
        match self {
            Self::Thousandths if (301..=1_000).contains(&most) => 1_000,
            _ => most + most.div_ceil(10),
        }
    }
}

/// Returns the sign of a difference; none of nothing.
const fn sign(value: i64) -> &'static str {
    match value {
        1.. => "+",
        0 => "",
        _ => "-",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_in_their_unit() {
        assert_eq!([Unit::thousandths(0.4806), Unit::thousandths(-1.0), Unit::thousandths(2.0)], [481, 0, 1_000]);
        assert_eq!([Unit::Thousandths.show(481), Unit::Count.show(12_345)], ["48.1 %", "12 345"]);
        assert_eq!([Unit::Thousandths.tick(200), Unit::Thousandths.tick(25), Unit::Count.tick(2_000)], ["20", "2.5", "2 000"]);
    }

    #[test]
    fn an_axis_ends_beyond_what_it_shows() {
        assert_eq!([Unit::Count.end(0), Unit::Count.end(200), Unit::Count.end(u32::MAX)], [2, 220, 4_724_464_025]);
        assert_eq!([Unit::Thousandths.end(480), Unit::Thousandths.end(1_000), Unit::Thousandths.end(90)], [1_000, 1_000, 99]);
    }
}
