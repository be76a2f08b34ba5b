//! The figures of the work, from a file.

use std::path::Path;

use feriematch_ingest::document::{Reading, Section, read_document};
use feriematch_ingest::{Code, Diagnostic, ReadError};
use jiff::civil::Date;

use super::{Counted, Staff, StaffStep, Volumes, working_days};

/// What the work is, and who does it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkloadFigures {
    /// Where the volumes come from.
    pub source: Box<str>,
    /// How many applications, offers, youths hired and reports.
    pub volumes: Volumes,
    /// The steps of the work.
    pub steps: Vec<StaffStep>,
    /// Who does it.
    pub staff: Vec<Staff>,
}

impl WorkloadFigures {
    /// Reads the figures: `[volumes]`, `[[steps]]` and `[[staff]]`.
    ///
    /// # Errors
    ///
    /// [`ReadError::Invalid`] has every problem of the file.
    pub fn read(file: &Path) -> Result<(Self, Vec<Diagnostic>), ReadError> {
        read_document(file, |root, reading| {
            let volumes = root.require("volumes", reading).and_then(|value| value.section(reading));
            let volumes = volumes.and_then(|section| read_volumes(section, reading));
            let steps =
                root.sections("steps", reading).into_iter().map(|section| read_step(section, reading)).collect::<Vec<_>>();
            let staff =
                root.sections("staff", reading).into_iter().map(|section| read_staff(section, reading)).collect::<Vec<_>>();
            for (name, is_empty) in [("steps", steps.is_empty()), ("staff", staff.is_empty())] {
                if is_empty {
                    root.report(Code::MissingKey, format!("there is no `[[{name}]]`"), reading);
                }
            }
            let (source, volumes) = volumes?;
            let (steps, staff) = (steps.into_iter().collect::<Option<_>>()?, staff.into_iter().collect::<Option<_>>()?);
            Some(Self { source, volumes, steps, staff })
        })
    }
}

fn read_volumes(mut section: Section<'_>, reading: &mut Reading<'_>) -> Option<(Box<str>, Volumes)> {
    let source = section.require("source", reading).and_then(|value| value.text(reading)).map(Box::from);
    let [applications, offers, hires, reports] = ["applications", "offers", "hires", "reports"].map(|name| {
        let value = section.require(name, reading)?;
        value.integer(0..=100_000_000, reading)
    });
    section.finish(reading);
    Some((source?, Volumes { applications: applications?, offers: offers?, hires: hires?, reports: reports? }))
}

fn read_step(mut section: Section<'_>, reading: &mut Reading<'_>) -> Option<StaffStep> {
    let [id, name, source] =
        ["id", "name", "source"].map(|key| section.require(key, reading)?.text(reading).map(Box::<str>::from));
    let per = section.require("per", reading).and_then(|value| value.choice(&Counted::ALL, reading));
    let minutes = section.require("minutes", reading).and_then(|value| value.integer(1..=100_000, reading));
    let days = read_days(&mut section, reading);
    section.finish(reading);
    let (first_day, last_day) = days?;
    Some(StaffStep { id: id?, name: name?, per: per?, minutes: minutes?, first_day, last_day, source: source? })
}

fn read_staff(mut section: Section<'_>, reading: &mut Reading<'_>) -> Option<Staff> {
    let name = section.require("name", reading).and_then(|value| value.text(reading)).map(Box::from);
    let people = section.require("people", reading).and_then(|value| value.integer(1..=100_000, reading));
    let minutes_a_day = section.require("minutes_per_day", reading).and_then(|value| value.integer(1..=1_440, reading));
    let days = read_days(&mut section, reading);
    section.finish(reading);
    let (first_day, last_day) = days?;
    Some(Staff { name: name?, people: people?, minutes_a_day: minutes_a_day?, first_day, last_day })
}

/// Reads the first and the last day, which have a working day among them.
fn read_days(section: &mut Section<'_>, reading: &mut Reading<'_>) -> Option<(Date, Date)> {
    let first = section.require("first_day", reading).and_then(|value| value.date(reading));
    let value = section.require("last_day", reading);
    let last = value.as_ref().and_then(|value| value.date(reading));
    let (first, last) = (first?, last?);
    if working_days(first, last).next().is_none() {
        let message = format!("there is no working day from {first} to {last}");
        value?.report(Code::SettingOutOfRange, message, "mend the days".to_owned(), reading);
        return None;
    }
    Some((first, last))
}
