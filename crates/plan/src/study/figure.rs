//! What is counted of a season that is played.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::GroupBy;

/// What is counted of a season.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Figure {
    /// Who applies.
    Applicants,
    /// Rounds that had something to offer.
    Rounds,
    /// Weeks from the first offers to the last deadline, begun ones counting; only with a calendar.
    Weeks,
    /// Offers made.
    Offered,
    /// Offers declined.
    Declined,
    /// Offers that nobody answered.
    Lapsed,
    /// Places accepted and given up again.
    Withdrawn,
    /// Those who have a place at the end. By employer and by area: the places filled there.
    Hired,
    /// Places that nobody has at the end.
    Free,
    /// Those who never had an offer.
    Unplaced,
    /// Those among them who may take none of the jobs they wish for.
    Ineligible,
    /// Wages and fees of those hired, in öre.
    Cost,
    /// What is left of the budgets of all payers that have one, in öre; below zero where they cost more.
    UnderBudget,
    /// 1 if the cost is more than the budget, else 0.
    OverBudget,
    /// Those hired of whom the wage or the hours are not known; the cost is without them.
    Unpriced,
}

/// Of whom, or of which part of a season, something is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    /// Those of a priority class, a home district, a birth year or a sex.
    Group(GroupBy),
    /// The places of an employer.
    Employer,
    /// The places of a work area.
    Area,
    /// What a payer pays: a district, a department or a funding stream of somebody outside.
    Payer,
}

/// What is counted, and of what. In files `hired`, or `hired/district/norrmalm`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FigureKey {
    /// What is counted.
    pub figure: Figure,
    /// Of what; of the whole season if not said.
    pub of: Option<(Dimension, Box<str>)>,
}

/// A text that names no figure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no figure of a season")]
pub struct ParseFigureError(String);

impl Figure {
    /// Every figure, in the order in which tables show them.
    pub const ALL: [Self; 15] = [
        Self::Applicants,
        Self::Rounds,
        Self::Weeks,
        Self::Offered,
        Self::Declined,
        Self::Lapsed,
        Self::Withdrawn,
        Self::Hired,
        Self::Free,
        Self::Unplaced,
        Self::Ineligible,
        Self::Cost,
        Self::UnderBudget,
        Self::OverBudget,
        Self::Unpriced,
    ];

    /// Returns the name that programs use.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Applicants => "applicants",
            Self::Rounds => "rounds",
            Self::Weeks => "weeks",
            Self::Offered => "offered",
            Self::Declined => "declined",
            Self::Lapsed => "lapsed",
            Self::Withdrawn => "withdrawn",
            Self::Hired => "hired",
            Self::Free => "free",
            Self::Unplaced => "unplaced",
            Self::Ineligible => "ineligible",
            Self::Cost => "cost",
            Self::UnderBudget => "under_budget",
            Self::OverBudget => "over_budget",
            Self::Unpriced => "unpriced",
        }
    }

    /// Returns whether it is an amount, in öre.
    pub const fn is_money(self) -> bool {
        matches!(self, Self::Cost | Self::UnderBudget)
    }

    /// Returns the unit in which percentiles are counted: thousands of kronor for amounts in öre.
    pub const fn unit(self) -> i64 {
        if self.is_money() { 100_000 } else { 1 }
    }
}

impl Dimension {
    /// Every dimension, in the order in which tables show them.
    pub const ALL: [Self; 7] = [
        Self::Group(GroupBy::Class),
        Self::Group(GroupBy::District),
        Self::Group(GroupBy::Cohort),
        Self::Group(GroupBy::Gender),
        Self::Employer,
        Self::Area,
        Self::Payer,
    ];

    /// Returns the name that programs use.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Group(by) => by.key(),
            Self::Employer => "employer",
            Self::Area => "area",
            Self::Payer => "payer",
        }
    }
}

impl From<Figure> for FigureKey {
    fn from(figure: Figure) -> Self {
        Self { figure, of: None }
    }
}

impl fmt::Display for FigureKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.figure.key())?;
        match &self.of {
            Some((dimension, id)) => write!(f, "/{}/{id}", dimension.key()),
            None => Ok(()),
        }
    }
}

impl FromStr for FigureKey {
    type Err = ParseFigureError;

    fn from_str(text: &str) -> Result<Self, ParseFigureError> {
        // An id may have slashes of its own.
        let mut parts = text.splitn(3, '/');
        let figure = parts.next().and_then(|key| Figure::ALL.into_iter().find(|figure| figure.key() == key));
        let dimension = parts.next().map(|key| Dimension::ALL.into_iter().find(|dimension| dimension.key() == key));
        match (figure, dimension, parts.next()) {
            (Some(figure), None, None) => Ok(figure.into()),
            (Some(figure), Some(Some(dimension)), Some(id)) => Ok(Self { figure, of: Some((dimension, id.into())) }),
            _ => Err(ParseFigureError(text.to_owned())),
        }
    }
}

impl TryFrom<String> for FigureKey {
    type Error = ParseFigureError;

    fn try_from(text: String) -> Result<Self, ParseFigureError> {
        text.parse()
    }
}

impl From<FigureKey> for String {
    fn from(key: FigureKey) -> Self {
        key.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_written_as_it_is_read() {
        for figure in Figure::ALL {
            let key = FigureKey::from(figure);
            assert_eq!(key.to_string().parse(), Ok(key));
            for dimension in Dimension::ALL {
                let key = FigureKey { figure, of: Some((dimension, "a/b c".into())) };
                assert_eq!(key.to_string().parse(), Ok(key));
            }
        }
        for wrong in ["", "hire", "hired/", "hired/district", "hired/x/y"] {
            assert!(wrong.parse::<FigureKey>().is_err(), "{wrong}");
        }
    }
}
