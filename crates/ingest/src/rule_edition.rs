//! One edition of a rule pack: a file with a source and a date.

use feriematch_model::{AgeBand, DailyTime, ExtractAge, RulePack};
use jiff::civil::Date;

use crate::document::{Reading, Section, Value};
use crate::quote::quote;
use crate::{Code, Diagnostic, Span, values};

/// The oldest age that rules may name.
const OLDEST: u8 = 120;

/// One dated edition of a rule pack, with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RuleEdition {
    /// What a run goes by.
    pub pack: RulePack,
    /// The last day on which it holds, where it states one.
    pub valid_to: Option<Date>,
    /// Where the source can be read.
    pub url: Option<Box<str>>,
    /// When it was last compared with the source.
    pub checked: Date,
    /// The source of how old an extract may be, where it is another.
    pub extract_source: Option<Box<str>>,
    /// Who may apply, if the rules say so.
    pub cohorts: Option<CohortRule>,
    /// The file: that of a season by its path in the folder.
    pub file: Box<str>,
    /// Whether it comes with the program.
    pub is_shipped: bool,
    /// Where the file says from when it holds.
    pub(crate) span: Span,
}

/// Who may apply.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CohortRule {
    /// The ages that are turned in the season's calendar year, ascending.
    pub ages: Vec<u8>,
    /// The source, where it is another than the edition's.
    pub source: Option<Box<str>>,
}

impl CohortRule {
    /// Returns the birth years that may apply in a year, ascending.
    pub fn birth_years(&self, year: i16) -> Vec<i16> {
        self.ages.iter().rev().map(|&age| year - i16::from(age)).collect()
    }
}

/// Reads an edition; `None` if it cannot be used, which has been reported.
pub(crate) fn read(file: &str, is_shipped: bool, reading: &mut Reading<'_>) -> Option<RuleEdition> {
    let document = reading.parse()?;
    let problems = reading.problems.len();
    let mut root = Section::root(&document);
    let family = root.require("family", reading).and_then(|v| v.text(reading));
    let source = root.require("source", reading).and_then(|v| v.text(reading));
    let url = root.get("url", reading).and_then(|v| v.text(reading));
    let valid_from = root.require("valid_from", reading).and_then(|v| v.date(reading));
    let valid_to = root.get("valid_to", reading).and_then(|v| {
        let last = v.date(reading)?;
        if valid_from.is_some_and(|first| last < first) {
            v.report(Code::EditionReversed, format!("the edition holds to {last}, and begins later"), None, reading);
        }
        Some(last)
    });
    let checked = root.require("checked", reading).and_then(|v| v.date(reading));
    let extract = root.require("extract", reading).and_then(|v| v.section(reading)).and_then(|s| read_extract(s, reading));
    let cohorts = root.get("cohorts", reading).and_then(|v| v.section(reading)).and_then(|s| read_cohorts(s, reading));
    let bands = read_bands(&mut root, reading);
    root.finish(reading);
    let (extract_age, extract_source) = extract?;
    let edition = RuleEdition {
        pack: RulePack { id: family?.into(), source: source?.into(), valid_from: valid_from?, bands: bands?, extract_age },
        valid_to,
        url: url.map(Into::into),
        checked: checked?,
        extract_source,
        cohorts,
        file: file.into(),
        is_shipped,
        span: reading.span_of("valid_from"),
    };
    // What an optional key says is not left out because it cannot be read.
    (reading.problems.len() == problems).then_some(edition)
}

fn read_extract(mut extract: Section<'_>, reading: &mut Reading<'_>) -> Option<(ExtractAge, Option<Box<str>>)> {
    let most = extract.require("max_age", reading).and_then(|value| {
        let text = value.text(reading)?;
        let age = extract_age(text);
        if age.is_none() {
            let message = format!("{} is not an age of an extract", quote(text));
            let help = "write months or days from 1 to 9999, as \"12 months\" or \"90 days\"".to_owned();
            value.report(Code::SettingOutOfRange, message, help, reading);
        }
        age
    });
    let source = extract.get("source", reading).and_then(|v| v.text(reading)).map(Into::into);
    extract.finish(reading);
    Some((most?, source))
}

/// Reads `12 months` or `90 days`.
fn extract_age(text: &str) -> Option<ExtractAge> {
    let (number, unit) = text.split_once(' ')?;
    let number = number.parse().ok().filter(|number| (1..=9_999).contains(number))?;
    match unit {
        "month" | "months" => Some(ExtractAge::Months(number)),
        "day" | "days" => Some(ExtractAge::Days(number)),
        _ => None,
    }
}

fn read_cohorts(mut section: Section<'_>, reading: &mut Reading<'_>) -> Option<CohortRule> {
    let ages = section.require("ages", reading).and_then(|list| {
        let items = list.items(reading)?;
        if items.is_empty() {
            list.report(Code::CohortList, "no cohort may apply".to_owned(), None, reading);
        }
        let mut ages: Vec<u8> = Vec::with_capacity(items.len());
        for item in &items {
            let age = item.integer(0..=99, reading)?;
            if ages.contains(&age) {
                item.report(Code::CohortList, format!("the age {age} is listed twice"), None, reading);
            }
            ages.push(age);
        }
        ages.sort_unstable();
        Some(ages)
    });
    let source = section.get("source", reading).and_then(|v| v.text(reading)).map(Into::into);
    section.finish(reading);
    Some(CohortRule { ages: ages?, source })
}

/// Reads the age bands, which follow each other without a gap.
fn read_bands(root: &mut Section<'_>, reading: &mut Reading<'_>) -> Option<Vec<AgeBand>> {
    let sections = root.sections("bands", reading);
    if sections.is_empty() {
        root.report(Code::TableSize, "there are no `[[bands]]`".to_owned(), reading);
    }
    let mut bands: Vec<Option<AgeBand>> = Vec::with_capacity(sections.len());
    for section in sections {
        let span = section.span(reading);
        let band = read_band(section, reading);
        if let Some(band) = &band {
            let before = bands.last().and_then(Option::as_ref);
            if band.to_age < band.from_age || before.is_some_and(|before| band.from_age != before.to_age.saturating_add(1)) {
                let message = format!("the ages {} to {} do not follow those before", band.from_age, band.to_age);
                let help = "bands ascend without overlap or gap; `to_age` belongs to the band".to_owned();
                reading.problems.push(Diagnostic::new(Code::AgeBandOrder, span, message).with_help(help));
            }
        }
        bands.push(band);
    }
    bands.into_iter().collect()
}

fn read_band(mut band: Section<'_>, reading: &mut Reading<'_>) -> Option<AgeBand> {
    let from_age = band.require("from_age", reading).and_then(|v| v.integer(0..=OLDEST, reading));
    let to_age = band.require("to_age", reading).and_then(|v| v.integer(0..=OLDEST, reading));
    let hours_per_day = band.require("hours_per_day", reading).and_then(|v| v.integer(0..=24, reading));
    let hours_per_week = band.require("hours_per_week", reading).and_then(|v| v.integer(0..=168, reading));
    let daily_rest_hours = band.require("daily_rest_hours", reading).and_then(|v| v.integer(0..=24, reading));
    let minutes_before_break = band.require("minutes_before_break", reading).and_then(|v| v.integer(0..=1_440, reading));
    let break_minutes = band.require("break_minutes", reading).and_then(|v| v.integer(0..=1_440, reading));
    let days_per_week = band.require("days_per_week", reading).and_then(|v| v.integer(0..=7_u8, reading));
    let weekly_rest_hours = band.require("weekly_rest_hours", reading).and_then(|v| v.integer(0..=168, reading));
    let windows = band.require("windows", reading).and_then(|v| v.texts(reading)).unwrap_or_default();
    if windows.is_empty() && band.has("windows") {
        band.report(Code::TableSize, "`windows` is empty: nobody of this age could work".to_owned(), reading);
    }
    let windows: Vec<Option<DailyTime>> = windows.iter().map(|(text, value)| window(text, value, reading)).collect();
    let hazardous = band.require("hazardous", reading).and_then(|v| v.flag(reading));
    band.finish(reading);
    Some(AgeBand {
        from_age: from_age?,
        to_age: to_age?,
        minutes_per_day: 60_u32 * hours_per_day?,
        minutes_per_week: 60_u32 * hours_per_week?,
        windows: windows.into_iter().collect::<Option<_>>()?,
        daily_rest_minutes: 60_u32 * daily_rest_hours?,
        minutes_before_break: minutes_before_break?,
        break_minutes: break_minutes?,
        days_per_week: days_per_week?,
        weekly_rest_minutes: 60_u32 * weekly_rest_hours?,
        hazardous: hazardous?,
    })
}

/// Reads a window, `06:00-22:00`.
fn window(text: &str, value: &Value<'_>, reading: &mut Reading<'_>) -> Option<DailyTime> {
    let times = text.split_once('-').and_then(|(start, end)| Some((values::time(start).ok()?, values::time(end).ok()?)));
    let window = times.filter(|(start, end)| start < end).map(|(start, end)| DailyTime { start, end });
    if window.is_none() {
        value.report(Code::NotATime, format!("{} is not a window such as `06:00-22:00`", quote(text)), None, reading);
    }
    window
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_of_extracts() {
        assert_eq!(extract_age("12 months"), Some(ExtractAge::Months(12)));
        assert_eq!(extract_age("1 day"), Some(ExtractAge::Days(1)));
        for wrong in ["12", "0 months", "1 år", "12  months", "-1 days", "10000 days", "1.5 months"] {
            assert_eq!(extract_age(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn ages_turned_in_a_year_are_birth_years() {
        assert_eq!(CohortRule { ages: vec![16, 18], source: None }.birth_years(2027), [2009, 2011]);
    }
}
