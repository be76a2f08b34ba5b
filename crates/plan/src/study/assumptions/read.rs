//! Reading assumptions from a TOML file.

use std::path::Path;

use feriematch_ingest::document::{Reading, Section, Value, read_document};
use feriematch_ingest::{Code, Diagnostic, ReadError};
use feriematch_model::Season;

use super::{Assumptions, Population, RoundCalendar};
use crate::{OfferRates, Rate};

/// The most working days that something may take, and the most applicants, in per cent, that one may stand for.
const MOST_DAYS: u32 = 250;
const MOST_PERCENT: u32 = 400;

impl Assumptions {
    /// Reads what a file assumes about a season, and returns it with the warnings. docs/planning/capacity.md describes the file.
    ///
    /// # Errors
    ///
    /// [`ReadError::Invalid`] has every problem of the file.
    pub fn read(file: &Path, season: &Season) -> Result<(Self, Vec<Diagnostic>), ReadError> {
        read_document(file, |document, reading| {
            let answers = answers(document, season, reading);
            let calendar = match document.get("calendar", reading) {
                None => Some(None),
                Some(value) => value.section(reading).and_then(|section| calendar(section, reading)).map(Some),
            };
            let population = match document.get("population", reading) {
                None => Some(Population::AsInFiles),
                Some(value) => value.section(reading).and_then(|section| population(section, reading)),
            };
            Some(Self { answers: answers?, calendar: calendar?, population: population? })
        })
    }
}

/// Reads what becomes of offers, for each district: what `[[answers]]` says of it, or else what the one that names no district says.
fn answers(document: &mut Section<'_>, season: &Season, reading: &mut Reading<'_>) -> Option<Vec<OfferRates>> {
    document.require("answers", reading)?;
    let districts = &season.settings().districts;
    let mut of_district: Vec<Option<OfferRates>> = vec![None; districts.len()];
    let mut of_others = None;
    let mut all_read = true;
    for mut section in document.sections("answers", reading) {
        let district = section.get("district", reading);
        let ids = districts.iter().map(|district| &*district.id);
        let row = district.as_ref().map(|value| value.id("district", Code::UnknownDistrict, ids, reading));
        let is_known = row != Some(None);
        let rates = offer_rates(&mut section, reading);
        let slot = row.flatten().map_or(&mut of_others, |row| &mut of_district[row]);
        if is_known && slot.is_some() {
            section.report(Code::DuplicateId, "the answers of a district are given twice".to_owned(), reading);
            all_read = false;
        }
        section.finish(reading);
        match rates.filter(|_| is_known) {
            Some(rates) => *slot = Some(rates),
            None => all_read = false,
        }
    }
    // What is missing may be what could not be read.
    if !all_read {
        return None;
    }
    let is_home = |row: usize| season.applicants().iter().any(|applicant| applicant.home_district.get() == row);
    let missing: Vec<&str> = (0..districts.len())
        .filter(|&row| of_district[row].or(of_others).is_none() && is_home(row))
        .map(|row| &*districts[row].id)
        .collect();
    if let [first, ..] = *missing {
        let message = format!("nothing is said of the answers in {}, where applicants live", missing.join(", "));
        let help = format!("add [[answers]] with `district = \"{first}\"`, or one without `district` for all others");
        document.require("answers", reading)?.report(Code::ValueMissing, message, help, reading);
        return None;
    }
    Some(of_district.into_iter().map(|rates| rates.or(of_others).unwrap_or(OfferRates::ALL_ACCEPT)).collect())
}

fn offer_rates(section: &mut Section<'_>, reading: &mut Reading<'_>) -> Option<OfferRates> {
    let declined = section.require("declined", reading).and_then(|value| rate(&value, reading));
    let mut rate_or_nobody = |key| match section.get(key, reading) {
        None => Some((Rate::NOBODY, None)),
        Some(value) => rate(&value, reading).map(|rate| (rate, Some(value))),
    };
    let (lapsed, withdrawn) = (rate_or_nobody("lapsed"), rate_or_nobody("withdrawn"));
    let (declined, (lapsed, value), (withdrawn, _)) = (declined?, lapsed?, withdrawn?);
    if !declined.fits_beside(lapsed) {
        let message = "more offers are declined and lapsed than are made".to_owned();
        let help = "`declined` and `lapsed` are both shares of all offers".to_owned();
        value?.report(Code::SettingOutOfRange, message, help, reading);
        return None;
    }
    Some(OfferRates { declined, lapsed, withdrawn })
}

/// Reads a share: `"22 of 198"`, or a percentage as everywhere.
pub(crate) fn rate(value: &Value<'_>, reading: &mut Reading<'_>) -> Option<Rate> {
    const HELP: &str = "write it as \"22 of 198\", or in per cent as 11 or \"11.5\"";
    if !value.is_text() || !value.text(reading)?.contains(" of ") {
        let points = value.basis_points(reading)?;
        return Rate::new(points, 10_000).ok();
    }
    let text = value.text(reading)?;
    let parts = text.split_once(" of ").and_then(|(some, all)| Some((some.trim().parse().ok()?, all.trim().parse().ok()?)));
    let rate = parts.and_then(|(some, all)| Rate::new(some, all).ok());
    if rate.is_none() {
        value.report(Code::NotAnAmount, format!("`{text}` is no share"), HELP.to_owned(), reading);
    }
    rate
}

fn calendar(mut section: Section<'_>, reading: &mut Reading<'_>) -> Option<RoundCalendar> {
    let first_offers = section.require("first_offers", reading).and_then(|value| value.date(reading));
    let mut days = |key, least| section.require(key, reading).and_then(|value| value.integer(least..=MOST_DAYS, reading));
    let (to_answer, between, lead) = (days("days_to_answer", 1), days("days_between", 0), days("lead_days", 0));
    section.finish(reading);
    Some(RoundCalendar { first_offers: first_offers?, days_to_answer: to_answer?, days_between: between?, lead_days: lead? })
}

fn population(mut section: Section<'_>, reading: &mut Reading<'_>) -> Option<Population> {
    let percent = section.require("redrawn_percent", reading).and_then(|value| value.integer(1..=MOST_PERCENT, reading));
    section.finish(reading);
    Some(Population::Redrawn { percent: percent? })
}
