//! The new key and the old one, by the names of indicators.

use std::path::Path;

use feriematch_apportion::{Key, KeyError, Shares};
use feriematch_ingest::document::{Reading, Section, read_document};
use feriematch_ingest::{Code, Diagnostic, ReadError, nearest};

use super::Indicators;
use crate::PlanError;

/// An indicator by name, with its weight in hundredths of a per cent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedWeight {
    /// The indicator's name: the header of its column.
    pub indicator: Box<str>,
    /// The weight.
    pub weight: u32,
}

/// A key, and the one that it takes the place of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// The key.
    pub new: Vec<NamedWeight>,
    /// The old key.
    pub old: Option<Vec<NamedWeight>>,
    /// How much of the whole is divided by the new key, in hundredths of a per cent, where it is phased in.
    pub new_share: Option<u32>,
    /// Who says so.
    pub source: Option<Box<str>>,
}

impl Keys {
    /// Reads a file of keys: `[new]` and, if there is one, `[old]`, each with indicators and their weights in per cent; `new_share` in per cent;
    /// `source`.
    ///
    /// # Errors
    ///
    /// [`ReadError::Invalid`] has every problem of the file.
    pub fn read(file: &Path, indicators: &Indicators) -> Result<(Self, Vec<Diagnostic>), ReadError> {
        read_document(file, |root, reading| {
            let source = root.get("source", reading).and_then(|value| value.text(reading)).map(Box::from);
            let share = root.get("new_share", reading);
            let new_share = share.as_ref().and_then(|value| value.basis_points(reading));
            let new = root.require("new", reading).and_then(|value| value.section(reading));
            let new = new.and_then(|section| weights(&section, indicators, reading));
            let old = root.get("old", reading).and_then(|value| value.section(reading));
            let old = old.map(|section| weights(&section, indicators, reading));
            if let (Some(share), None) = (&share, &old) {
                let help = "add a section [old] with the old key's weights".to_owned();
                share.report(Code::MissingKey, "a new key is phased in, and there is no old one".to_owned(), help, reading);
            }
            let old = match old {
                None => None,
                Some(weights) => Some(weights?),
            };
            Some(Self { new: new?, old, new_share, source })
        })
    }
}

fn weights(section: &Section<'_>, indicators: &Indicators, reading: &mut Reading<'_>) -> Option<Vec<NamedWeight>> {
    let mut weights = Vec::new();
    let mut is_complete = true;
    for (key, value) in section.all() {
        let weight = value.basis_points(reading);
        if let Err(PlanError::UnknownIndicator { nearest, .. }) = find(key.text, indicators) {
            let help = match nearest {
                Some(alike) => format!("did you mean `{alike}`?"),
                None => format!("the indicators are {}", indicators.names.join(", ")),
            };
            value.report(Code::UnknownKey, format!("there is no indicator `{}` in {}", key.text, indicators.file), help, reading);
            is_complete = false;
        }
        is_complete &= weight.is_some();
        weights.extend(weight.map(|weight| NamedWeight { indicator: key.text.into(), weight }));
    }
    let sum: u32 = weights.iter().map(|named| named.weight).sum();
    if is_complete && sum != 10_000 {
        let message = format!("the weights add up to {}.{:02} per cent, not to 100", sum / 100, sum % 100);
        section.report(Code::SettingOutOfRange, message, reading);
    }
    is_complete.then_some(weights)
}

/// Returns the row of an indicator.
fn find(name: &str, indicators: &Indicators) -> Result<usize, PlanError> {
    let names = || indicators.names.iter().map(|name| &**name);
    let found = names().position(|known| known == name);
    found.ok_or_else(|| PlanError::UnknownIndicator { name: name.into(), nearest: nearest(name, names()).map(Box::from) })
}

/// Returns everybody's share by a key.
pub(super) fn shares(weights: &[NamedWeight], indicators: &Indicators, values: &[Vec<u64>]) -> Result<Shares, PlanError> {
    let weights = weights.iter().map(|named| Ok((find(&named.indicator, indicators)?, named.weight)));
    let key = Key { weights: weights.collect::<Result<_, PlanError>>()? };
    key.shares(values).map_err(|error| match error {
        KeyError::Empty { indicator } => PlanError::EmptyIndicator { name: indicators.names[indicator].clone() },
        error => error.into(),
    })
}
