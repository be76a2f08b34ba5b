//! What `season.toml` says, as it is written: the shape of the file, not its meaning.
//!
//! The meaning is checked by whoever reads the season; here values are only carried.

use std::fmt;

use jiff::civil::{Date, Time};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use toml::value::Datetime;

/// The content of `season.toml` below its format number.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) season: Head,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) lottery: Option<Lottery>,
    pub(crate) mechanism: Mechanism,
    pub(crate) classes: Vec<Class>,
    pub(crate) periods: Vec<Period>,
    pub(crate) areas: Vec<Area>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) qualifications: Vec<Named>,
    pub(crate) districts: Vec<Employer>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) departments: Vec<Employer>,
    pub(crate) funding: Vec<Stream>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) wages: Vec<Wage>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) wage_costs: Option<WageCosts>,
}

/// The table `[season]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Head {
    pub(crate) name: String,
    pub(crate) year: i16,
    pub(crate) cohorts: Vec<i16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cost_per_place: Option<Amount>,
    pub(crate) rule_pack: String,
}

/// The table `[lottery]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lottery {
    pub(crate) seed: String,
}

/// The table `[mechanism]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mechanism {
    pub(crate) name: String,
    pub(crate) rank_costs: RankCosts,
}

/// Rank costs by name or as a list.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum RankCosts {
    Named(String),
    Table(Vec<u32>),
}

/// An entry of `[[classes]]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Class {
    pub(crate) code: String,
    pub(crate) name: String,
}

/// An entry of `[[periods]]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Period {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) first_day: Day,
    pub(crate) last_day: Day,
}

/// An entry of `[[areas]]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Area {
    pub(crate) id: String,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) extract: bool,
}

/// An entry that has an id and a name.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Named {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// An entry of `[[districts]]` or `[[departments]]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Employer {
    pub(crate) id: String,
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) budget: Option<Amount>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cap: Option<u32>,
}

/// An entry of `[[funding]]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stream {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) payer: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cap: Option<u32>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) classes: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) cohorts: Vec<i16>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) home_districts: Vec<String>,
}

/// An entry of `[[wages]]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wage {
    pub(crate) from_age: u8,
    pub(crate) to_age: u8,
    pub(crate) per_hour: Amount,
}

/// The table `[wage_costs]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WageCosts {
    pub(crate) employer_fee: Amount,
}

/// An amount or a percentage: a whole number or a quoted decimal, as it stands.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged, expecting = "a whole number or a quoted decimal")]
pub(crate) enum Amount {
    Whole(i64),
    Decimal(String),
}

/// A TOML local date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day(pub(crate) Date);

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let date = toml::value::Date {
            year: self.0.year().unsigned_abs(),
            month: self.0.month().unsigned_abs(),
            day: self.0.day().unsigned_abs(),
        };
        Datetime { date: Some(date), time: None, offset: None }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Datetime::deserialize(deserializer)? {
            Datetime { date: Some(date), time: None, offset: None } => {
                Date::new(date.year as i16, date.month as i8, date.day as i8).map(Self).map_err(de::Error::custom)
            }
            _ => Err(de::Error::custom("expected a date such as 2015-06-15")),
        }
    }
}

/// A TOML local time, to the minute.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock(pub(crate) Time);

impl<'de> Deserialize<'de> for Clock {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Datetime::deserialize(deserializer)? {
            Datetime { date: None, time: Some(time), offset: None } => {
                Time::new(time.hour as i8, time.minute as i8, 0, 0).map(Self).map_err(de::Error::custom)
            }
            _ => Err(de::Error::custom("expected a time such as 08:00:00")),
        }
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}
