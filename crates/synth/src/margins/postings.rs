//! Cutting places into postings.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Kind, Margins, Places};
use crate::draw::{Draw, Purpose};
use crate::folder::{Fields, Table};

/// One posting.
pub(super) struct Posting {
    pub(super) id: String,
    /// Rows of [`Margins::kinds`] and [`Margins::places`].
    kind: usize,
    places: usize,
    pub(super) capacity: u32,
    pub(super) period: usize,
}

/// The postings of a season.
pub(super) struct Postings<'a> {
    margins: &'a Margins,
    pub(super) list: Vec<Posting>,
}

impl<'a> Postings<'a> {
    /// Cuts every employer's places of each kind into postings of random capacity, dealt over the kind's periods.
    pub(super) fn draw(margins: &'a Margins) -> Self {
        let mut draw = Draw::once(margins.seed, Purpose::Jobs);
        let mut list = Vec::new();
        let mut numbers: BTreeMap<(&str, &str), u32> = BTreeMap::new();
        for (row, places) in margins.places.iter().enumerate() {
            for &(kind_row, count) in &places.kinds {
                let kind = &margins.kinds[kind_row];
                let [least, most] = kind.capacity;
                let start = draw.index(kind.periods.len());
                let mut left = count as u32;
                while left > 0 {
                    let capacity = draw.between(least, most).min(left);
                    left -= capacity;
                    let number = numbers.entry((&places.prefix, &kind.code)).or_default();
                    let period = kind.periods[(start + *number as usize) % kind.periods.len()];
                    *number += 1;
                    let id = format!("{}-{}-{number:02}", places.prefix, kind.code);
                    list.push(Posting { id, kind: kind_row, places: row, capacity, period });
                }
            }
        }
        Self { margins, list }
    }

    pub(super) fn kind(&self, posting: &Posting) -> &'a Kind {
        &self.margins.kinds[posting.kind]
    }

    fn places(&self, posting: &Posting) -> &'a Places {
        &self.margins.places[posting.places]
    }

    /// Returns the district where the work is.
    pub(super) fn host(&self, posting: &Posting) -> Option<usize> {
        self.places(posting).host
    }

    /// Returns whether youths of a district may take the job.
    pub(super) fn is_open_to(&self, posting: &Posting, district: usize) -> bool {
        let open_to = &self.places(posting).open_to;
        open_to.is_empty() || open_to.contains(&district)
    }

    /// Returns the first working day.
    pub(super) fn first_day(&self, posting: &Posting) -> Date {
        self.margins.settings.periods[posting.period].first_day.0
    }

    /// Returns whether a register extract has to be shown.
    pub(super) fn needs_extract(&self, posting: &Posting) -> bool {
        self.margins.settings.areas[self.kind(posting).area].extract
    }
}

impl Table for Postings<'_> {
    const COLUMNS: &'static [&'static str] = &[
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
        "hazardous",
        "open_to",
        "funding",
        "hours",
        "hours_per_day",
        "hours_per_week",
        "start_time",
        "end_time",
    ];

    fn rows(&self) -> u64 {
        self.list.len() as u64
    }

    fn write_row(&self, row: u64, fields: &mut Fields) {
        let posting = &self.list[row as usize];
        let (kind, places) = (self.kind(posting), self.places(posting));
        let settings = &self.margins.settings;
        let district = |&row: &usize| &settings.districts[row].id;
        fields.push(&posting.id);
        fields.push(&kind.title);
        fields.push(&places.employer);
        fields.push_optional(places.stated_host.as_ref().map(district));
        fields.push(&settings.areas[kind.area].id);
        fields.push(posting.capacity);
        fields.push(&settings.periods[posting.period].id);
        fields.push_optional(kind.min_age);
        fields.push_optional(kind.max_age);
        fields.push_list(kind.requires.iter().map(|&row| &settings.qualifications[row].id), "|");
        fields.push_optional(kind.hazardous.then_some("yes"));
        fields.push_list(places.open_to.iter().map(district), "|");
        fields.push_list(places.funding.iter().map(|&row| &settings.funding[row].id), "|");
        fields.push_optional(kind.hours);
        fields.push_optional(kind.hours_per_day);
        fields.push_optional(kind.hours_per_week);
        fields.push_optional(kind.start_time);
        fields.push_optional(kind.end_time);
    }
}
