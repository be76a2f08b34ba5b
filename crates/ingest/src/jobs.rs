//! Reading the jobs.

use feriematch_model::{AreaIx, DailyTime, DistrictIx, Employer, Job, PeriodIx, SmallSet};
use rayon::prelude::*;

use crate::definitions::Vocabulary;
use crate::diagnostic::Position;
use crate::quote::quote;
use crate::rows::Rows;
use crate::settings::MOST_PLACES;
use crate::table::{Column, ColumnMap, Content, Part, Row, Table, TableKind};
use crate::values;
use crate::{Code, Diagnostic};

/// Every column of the table.
pub(crate) const COLUMNS: &[&str] = &[
    "job_id",
    "title",
    "employer",
    "host_district",
    "area",
    "capacity",
    "period",
    "min_age",
    "max_age",
    "requires",
    "extract",
    "hazardous",
    "open_to",
    "funding",
    "hours",
    "hours_per_day",
    "hours_per_week",
    "start_time",
    "end_time",
];

/// The most hours a period, a day and a week have.
const MOST_HOURS: u32 = 24 * 366;
const HOURS_OF_A_DAY: u32 = 24;
const HOURS_OF_A_WEEK: u32 = 24 * 7;

/// Reads the table; `None` if it has no header.
pub(crate) fn read(
    content: &Content,
    map: &ColumnMap,
    vocabulary: &Vocabulary,
    problems: &mut Vec<Diagnostic>,
) -> Option<Rows<Job>> {
    let mut required = vec!["job_id", "title", "employer", "area", "capacity"];
    if vocabulary.periods.must_be_chosen() {
        required.push("period");
    }
    if vocabulary.streams.must_be_chosen() {
        required.push("funding");
    }
    let table = Table::open(content, TableKind::Jobs, map, &required, problems)?;
    let columns = Columns::find(&table);
    let read_part = |mut part: Part<'_, '_>| {
        let mut part_problems = Vec::new();
        let mut reader = Reader { vocabulary, columns: &columns, problems: &mut part_problems };
        let mut rows = Rows::new(&table);
        while let Some(row) = part.next_row(&mut rows.is_incomplete, reader.problems) {
            match reader.read(row, &mut rows.placeholders) {
                Some((job, position)) => rows.push(job, position),
                None => rows.is_incomplete = true,
            }
        }
        (rows, part_problems)
    };
    let parts: Vec<_> = table.parts().into_par_iter().map(read_part).collect();
    let mut rows = Rows::new(&table);
    for (part, mut part_problems) in parts {
        rows.append(part);
        problems.append(&mut part_problems);
    }
    rows.finish(&table, |job| &job.id, Code::DuplicateJob, "job", problems);
    Some(rows)
}

struct Columns {
    job_id: Column,
    title: Column,
    employer: Column,
    host_district: Column,
    area: Column,
    capacity: Column,
    period: Column,
    min_age: Column,
    max_age: Column,
    requires: Column,
    extract: Column,
    hazardous: Column,
    open_to: Column,
    funding: Column,
    hours: Column,
    hours_per_day: Column,
    hours_per_week: Column,
    start_time: Column,
    end_time: Column,
}

impl Columns {
    fn find(table: &Table<'_>) -> Self {
        let column = |name| table.column(name);
        Self {
            job_id: column("job_id"),
            title: column("title"),
            employer: column("employer"),
            host_district: column("host_district"),
            area: column("area"),
            capacity: column("capacity"),
            period: column("period"),
            min_age: column("min_age"),
            max_age: column("max_age"),
            requires: column("requires"),
            extract: column("extract"),
            hazardous: column("hazardous"),
            open_to: column("open_to"),
            funding: column("funding"),
            hours: column("hours"),
            hours_per_day: column("hours_per_day"),
            hours_per_week: column("hours_per_week"),
            start_time: column("start_time"),
            end_time: column("end_time"),
        }
    }
}

struct Reader<'r> {
    vocabulary: &'r Vocabulary,
    columns: &'r Columns,
    problems: &'r mut Vec<Diagnostic>,
}

impl Reader<'_> {
    /// Reads a row; `None` if it has no id.
    fn read(&mut self, row: &Row<'_>, placeholders: &mut usize) -> Option<(Job, Position)> {
        let (v, c) = (self.vocabulary, self.columns);
        let id = row.required(c.job_id, self.problems).and_then(|cell| {
            row.parse(c.job_id, self.problems, values::listed_id)?;
            Some((Box::from(cell.text.as_ref()), row.position(cell)))
        });
        let title = row.required(c.title, self.problems).map(|cell| Box::from(cell.text.as_ref()));
        let employer = v.employers.required(row, c.employer, self.problems);
        let host_district = match (row.value(c.host_district), employer) {
            (Some(cell), _) => v.districts.resolve(&cell.text, || row.span(cell), self.problems),
            (None, Some(Employer::District(own))) => Some(own),
            (None, _) => None,
        };
        let area = v.areas.required(row, c.area, self.problems);
        let capacity = row
            .required(c.capacity, self.problems)
            .and_then(|_| row.parse(c.capacity, self.problems, values::whole(0..=MOST_PLACES)));
        let period = v.periods.chosen(row, c.period, self.problems);
        let mut streams = v.streams.set(row, c.funding, self.problems);
        if row.value(c.funding).is_none() {
            match v.streams.single() {
                Some(single) => streams.insert(single),
                None => drop(row.required(c.funding, self.problems)),
            }
        }
        let (min_age, max_age) = self.ages(row);
        let c = self.columns;
        let requires = v.qualifications.set(row, c.requires, self.problems);
        let extract = row.parse(c.extract, self.problems, values::yes_or_no);
        let hazardous = row.parse(c.hazardous, self.problems, values::yes_or_no).unwrap_or(false);
        let open_to: SmallSet<DistrictIx> = v.districts.set(row, c.open_to, self.problems);
        let paid_minutes = row.parse(c.hours, self.problems, values::hours(MOST_HOURS));
        let hours = self.working_hours(row);
        *placeholders += usize::from(
            title.is_none()
                || employer.is_none()
                || area.is_none()
                || capacity.is_none()
                || period.is_none()
                || streams.is_empty(),
        );
        let (id, position) = id?;
        let job = Job {
            id,
            title: title.unwrap_or_default(),
            employer: employer.unwrap_or(Employer::District(DistrictIx::new(0))),
            host_district,
            area: area.unwrap_or(AreaIx::new(0)),
            // No number of locks exceeds a capacity that is not known.
            capacity: capacity.unwrap_or(u32::MAX),
            period: period.unwrap_or(PeriodIx::new(0)),
            min_age,
            max_age,
            requires,
            extract: extract.unwrap_or_else(|| area.is_some_and(|area| v.area_extract[area.get()])),
            hazardous,
            open_to,
            streams,
            paid_minutes,
            minutes_per_day: hours.per_day,
            minutes_per_week: hours.per_week,
            daily_time: hours.daily_time,
        };
        Some((job, position))
    }

    fn ages(&mut self, row: &Row<'_>) -> (Option<u8>, Option<u8>) {
        let c = self.columns;
        let mut age = |column| row.parse(column, self.problems, values::whole(0..=120)).map(|age| age as u8);
        let (least, greatest) = (age(c.min_age), age(c.max_age));
        if let (Some(least), Some(greatest)) = (least, greatest)
            && greatest < least
        {
            let message = format!("the greatest age, {greatest}, is below the least, {least}");
            self.problems.push(Diagnostic::new(Code::AgeLimitsReversed, row.span_of(c.max_age), message));
        }
        (least, greatest)
    }

    fn working_hours(&mut self, row: &Row<'_>) -> WorkingHours {
        let c = self.columns;
        let per_day = row.parse(c.hours_per_day, self.problems, values::hours(HOURS_OF_A_DAY));
        let per_week = row.parse(c.hours_per_week, self.problems, values::hours(HOURS_OF_A_WEEK));
        if per_day.zip(per_week).is_some_and(|(day, week)| week > 7 * day) {
            let message = "the hours a week are more than seven times the hours a day";
            self.problems.push(Diagnostic::new(Code::HoursContradict, row.span_of(c.hours_per_week), message));
        }
        let start = row.parse(c.start_time, self.problems, values::time);
        let end = row.parse(c.end_time, self.problems, values::time);
        let daily_time = match (start, end) {
            (Some(start), Some(end)) if start < end => Some(DailyTime { start, end }),
            (Some(_), Some(_)) => {
                let message = "the working day ends before it begins";
                self.problems.push(Diagnostic::new(Code::WorkingDayReversed, row.span_of(c.end_time), message));
                None
            }
            _ => {
                for (given, missing) in [(c.start_time, c.end_time), (c.end_time, c.start_time)] {
                    if row.value(given).is_some() && row.value(missing).is_none() {
                        let message = format!("{} is given, and {} is not", quote(given.name), quote(missing.name));
                        self.problems.push(Diagnostic::new(Code::HalfWorkingDay, row.span_of(given), message));
                    }
                }
                None
            }
        };
        if per_day.zip(daily_time).is_some_and(|(minutes, time)| minutes > time.span_minutes()) {
            let message = "the hours a day do not fit between the start and the end";
            self.problems.push(Diagnostic::new(Code::HoursContradict, row.span_of(c.hours_per_day), message));
        }
        WorkingHours { per_day, per_week, daily_time }
    }
}

/// Working time, in minutes, and when it is.
struct WorkingHours {
    per_day: Option<u32>,
    per_week: Option<u32>,
    daily_time: Option<DailyTime>,
}
