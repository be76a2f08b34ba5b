//! What the keys of a change hold: jobs, ids, adjustments.

use feriematch_ingest::Code;
use feriematch_ingest::document::{Section, Value};
use feriematch_model::{AreaIx, ClassIx, DepartmentIx, DistrictIx, Employer, JobIx, Money, PeriodIx};

use super::{Changes, MOST_PERCENT, MOST_PLACES};
use crate::scenario::{Adjustment, JobSelection};

impl Changes<'_, '_, '_> {
    /// Reads which jobs are meant; all, where nothing is said.
    pub(super) fn selection(&mut self, row: &mut Section<'_>) -> Option<JobSelection> {
        let season = self.season;
        let settings = season.settings();
        let job = self.id(row, "job", "job", Code::UnknownJob, season.jobs().iter().map(|job| &*job.id));
        let employer = self.employer(row);
        let districts = settings.districts.iter().map(|district| &*district.id);
        let host = self.id(row, "host_district", "district", Code::UnknownDistrict, districts);
        let area = self.id(row, "area", "work area", Code::UnknownArea, settings.areas.iter().map(|area| &*area.id));
        let period = self.id(row, "period", "period", Code::UnknownPeriod, settings.periods.iter().map(|period| &*period.id));
        Some(JobSelection {
            job: job.given().ok()?.map(JobIx::new),
            employer: employer.given().ok()?,
            host_district: host.given().ok()?.map(DistrictIx::new),
            area: area.given().ok()?.map(AreaIx::new),
            period: period.given().ok()?.map(PeriodIx::new),
        })
    }

    /// Reads an employer: a district or a department.
    pub(super) fn employer(&mut self, row: &mut Section<'_>) -> Given<Employer> {
        let season = self.season;
        let settings = season.settings();
        let districts = settings.districts.len();
        let ids = settings.districts.iter().map(|d| &*d.id).chain(settings.departments.iter().map(|d| &*d.id));
        match self.id(row, "employer", "employer", Code::UnknownEmployer, ids) {
            Given::No => Given::No,
            Given::Unknown => Given::Unknown,
            Given::Row(row) if row < districts => Given::Row(Employer::District(DistrictIx::new(row))),
            Given::Row(row) => Given::Row(Employer::Department(DepartmentIx::new(row - districts))),
        }
    }

    pub(super) fn period(&mut self, value: &Value<'_>) -> Option<PeriodIx> {
        let season = self.season;
        let ids = season.settings().periods.iter().map(|period| &*period.id);
        value.id("period", Code::UnknownPeriod, ids, self.reading).map(PeriodIx::new)
    }

    pub(super) fn id<'i>(
        &mut self,
        row: &mut Section<'_>,
        key: &'static str,
        what: &str,
        unknown: Code,
        ids: impl Iterator<Item = &'i str> + Clone,
    ) -> Given<usize> {
        match row.get(key, self.reading) {
            None => Given::No,
            Some(value) => value.id(what, unknown, ids, self.reading).map_or(Given::Unknown, Given::Row),
        }
    }

    pub(super) fn classes(&mut self, value: &Value<'_>) -> Option<Vec<ClassIx>> {
        let season = self.season;
        let codes = season.settings().classes.iter().map(|class| &*class.code);
        let rows = self.rows(value, "priority class", Code::UnknownClass, &codes)?;
        Some(rows.into_iter().map(ClassIx::new).collect())
    }

    /// Reads a list of ids, none of them twice.
    pub(super) fn rows<'i>(
        &mut self,
        value: &Value<'_>,
        what: &str,
        unknown: Code,
        ids: &(impl Iterator<Item = &'i str> + Clone),
    ) -> Option<Vec<usize>> {
        let items = value.items(self.reading)?;
        let mut rows: Vec<usize> = Vec::new();
        for item in &items {
            let Some(row) = item.id(what, unknown, ids.clone(), self.reading) else { continue };
            if rows.contains(&row) {
                self.report(item, Code::DuplicateId, format!("the {what} is in the list twice"));
            }
            rows.push(row);
        }
        (rows.len() == items.len()).then_some(rows)
    }

    /// Reports an order that leaves something out.
    pub(super) fn is_whole_order<T>(&mut self, value: &Value<'_>, what: &str, order: &[T], all: usize) -> bool {
        let is_whole = order.len() == all;
        if !is_whole {
            let message = format!("the order names {} of {all}: it takes every {what} once", order.len());
            self.report(value, Code::TableSize, message);
        }
        is_whole
    }

    /// Reads what becomes of a number: `set`, `add`, `percent`, or `lift = true` where it may be that there is none.
    pub(super) fn adjustment(
        &mut self,
        row: &mut Section<'_>,
        unit: impl Fn(&mut Self, &Value<'_>, bool) -> Option<i64>,
        may_be_lifted: bool,
    ) -> Option<Adjusted> {
        let set = row.get("set", self.reading).map(|value| unit(self, &value, false).map(Adjustment::Set));
        let add = row.get("add", self.reading).map(|value| unit(self, &value, true).map(Adjustment::Add));
        let percent = row.get("percent", self.reading);
        let percent = percent.map(|value| value.integer(0..=MOST_PERCENT, self.reading).map(Adjustment::Percent));
        let mut stated: Vec<Option<Adjusted>> =
            [set, add, percent].into_iter().flatten().map(|by| by.map(Adjusted::By)).collect();
        if may_be_lifted && let Some(value) = row.get("lift", self.reading) {
            match value.flag(self.reading) {
                Some(false) => self.report(&value, Code::UnknownChoice, "`lift` can only be true: leave it out".to_owned()),
                Some(true) => stated.push(Some(Adjusted::Lifted)),
                None => stated.push(None),
            }
        }
        let lift = if may_be_lifted { ", or `lift = true`" } else { "" };
        match stated[..] {
            [by] => by,
            [] => {
                row.report(Code::MissingKey, format!("one of `set`, `add` and `percent`{lift} is missing"), self.reading);
                None
            }
            _ => {
                let message = format!("only one of `set`, `add` and `percent`{lift} can be");
                row.report(Code::ContradictingChanges, message, self.reading);
                None
            }
        }
    }

    pub(super) fn places(&mut self, value: &Value<'_>, is_change: bool) -> Option<i64> {
        let least = if is_change { -MOST_PLACES } else { 0 };
        value.integer(least..=MOST_PLACES, self.reading)
    }

    pub(super) fn kronor(&mut self, value: &Value<'_>, is_change: bool) -> Option<i64> {
        let amount = value.signed_money(self.reading)?;
        if amount < Money::ZERO && !is_change {
            self.report(value, Code::SettingOutOfRange, "an amount is not below zero".to_owned());
            return None;
        }
        Some(amount.ore())
    }

    pub(super) fn basis_points(&mut self, value: &Value<'_>, is_change: bool) -> Option<i64> {
        if is_change { self.kronor(value, true) } else { value.basis_points(self.reading).map(i64::from) }
    }

    pub(super) fn report(&mut self, value: &Value<'_>, code: Code, message: String) {
        value.report(code, message, None, self.reading);
    }
}

/// What a key that may be left out says.
pub(super) enum Given<T> {
    /// It is not there.
    No,
    /// It says what there is not, which has been reported.
    Unknown,
    /// It names this.
    Row(T),
}

impl<T> Given<T> {
    /// Returns what is named, if anything.
    fn given(self) -> Result<Option<T>, Reported> {
        match self {
            Self::No => Ok(None),
            Self::Unknown => Err(Reported),
            Self::Row(row) => Ok(Some(row)),
        }
    }
}

/// Something was wrong, and has been reported.
struct Reported;

/// What a number becomes.
#[derive(Clone, Copy)]
pub(super) enum Adjusted {
    By(Adjustment),
    /// There is none any more.
    Lifted,
}

impl Adjusted {
    pub(super) const fn by(self) -> Option<Adjustment> {
        match self {
            Self::By(by) => Some(by),
            Self::Lifted => None,
        }
    }
}
