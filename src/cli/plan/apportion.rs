//! `feriematch plan apportion`.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{ArgGroup, Args, ValueEnum};
use feriematch_apportion::Method;
use feriematch_model::{Money, ParseMoneyError};
use feriematch_plan::NamedWeight;

use crate::cli::{EncodingArg, TableFormat};

/// Divide the city's places, or its money, over districts by a key of indicators
///
/// The key says what part of the whole goes by which indicator; a new key can be phased in beside an old one. What comes out are
/// whole places, or kronor, by a standard method of apportionment within bounds, and who gains and who loses. Everything is exact.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  feriematch plan apportion data/indicators/indicators.csv --places 6700 --key data/indicators/key.toml\n  \
                  feriematch plan apportion indicators.csv --money \"65 000 000\" --unit thousands --weights youths=60,unemployed=40\n  \
                  feriematch plan apportion indicators.csv --places 6700 --weights youths=60,unemployed=40 --old-weights youths=100 --new-share 70\n  \
                  feriematch plan apportion indicators.csv --places 6700 --key key.toml --all-methods --picture gains.svg",
    group = ArgGroup::new("what").required(true).args(["places", "money"]),
    group = ArgGroup::new("by").required(true).args(["key", "weights"]).multiple(false)
)]
pub(crate) struct ApportionArgs {
    /// The table of indicators, CSV or XLSX: a row for each district, and a column for each indicator
    pub(crate) indicators: PathBuf,

    /// Divide so many places
    #[arg(long, value_name = "N")]
    pub(crate) places: Option<u64>,

    /// Divide so many kronor
    #[arg(long, value_name = "KRONOR", value_parser = amount)]
    pub(crate) money: Option<Money>,

    /// Divide money in these whole parts
    #[arg(long, value_enum, default_value_t = MoneyUnit::Kronor, conflicts_with = "places")]
    pub(crate) unit: MoneyUnit,

    /// The file with the key, and the old one if there is one
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,

    /// The key: indicators and their weights in per cent
    #[arg(long, value_name = "NAME=PERCENT,…", value_delimiter = ',', value_parser = weight)]
    pub(crate) weights: Vec<NamedWeight>,

    /// The old key, likewise
    #[arg(long, value_name = "NAME=PERCENT,…", value_delimiter = ',', value_parser = weight, requires = "weights")]
    pub(crate) old_weights: Vec<NamedWeight>,

    /// How much of the whole is divided by the new key, in per cent; the rest goes by the old one [default: as the file of the key says, or all]
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(crate) new_share: Option<u32>,

    /// How whole places are made
    #[arg(long, value_name = "NAME", default_value = "largest-remainder", value_parser = method())]
    pub(crate) method: Method,

    /// The first divisor of modified-sainte-lague: 1.2 in Swedish elections since 2018, 1.4 before [default: 1.2]
    #[arg(long, value_name = "NUMBER", value_parser = first_divisor)]
    pub(crate) first_divisor: Option<u32>,

    /// Set every method side by side
    #[arg(long, conflicts_with = "method")]
    pub(crate) all_methods: bool,

    /// What each district gets at least, where the file does not say; in units
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) least: u64,

    /// What each district gets at most, where the file does not say; in units
    #[arg(long, value_name = "N")]
    pub(crate) most: Option<u64>,

    /// Read CSV files in this encoding instead of finding it out
    #[arg(long, value_enum, value_name = "ENCODING")]
    pub(crate) encoding: Option<EncodingArg>,

    /// Draw gains and losses into this file (SVG)
    #[arg(long, value_name = "FILE")]
    pub(crate) picture: Option<PathBuf>,

    /// Print for people, for spreadsheets and scripts, or for programs
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,
}

/// Whole parts of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MoneyUnit {
    Ore,
    Kronor,
    Thousands,
}

fn amount(text: &str) -> Result<Money, String> {
    match Money::parse_kronor(text) {
        Ok(amount) if amount > Money::ZERO => Ok(amount),
        Ok(_) => Err("there is nothing to divide".to_owned()),
        Err(ParseMoneyError::TooFine) => Err("more than two decimals".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// Reads per cent with up to two decimals as hundredths.
fn percent(text: &str) -> Result<u32, String> {
    let hundredths = Money::parse_kronor(text).map_err(|_| "not a number with up to two decimals".to_owned())?.ore();
    u32::try_from(hundredths).ok().filter(|&hundredths| hundredths <= 10_000).ok_or_else(|| "not between 0 and 100".to_owned())
}

fn first_divisor(text: &str) -> Result<u32, String> {
    let hundredths = Money::parse_kronor(text).map_err(|_| "not a number with up to two decimals".to_owned())?.ore();
    u32::try_from(hundredths).ok().filter(|divisor| (100..=200).contains(divisor)).ok_or_else(|| "not between 1 and 2".to_owned())
}

fn weight(text: &str) -> Result<NamedWeight, String> {
    let (indicator, weight) = text.rsplit_once('=').ok_or("write it as NAME=PERCENT, such as youths=60")?;
    Ok(NamedWeight { indicator: indicator.trim().into(), weight: percent(weight)? })
}

/// Reads the name of a method, or another name of the same.
fn method() -> impl TypedValueParser<Value = Method> {
    let proper = Method::ALL.map(|method| {
        let aliases = Method::names().filter(move |(name, proper)| *proper == method.name() && name != proper);
        PossibleValue::new(method.name()).aliases(aliases.map(|(alias, _)| alias))
    });
    PossibleValuesParser::new(proper).try_map(|name: String| name.parse::<Method>())
}
