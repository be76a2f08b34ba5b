//! Drawing what margins leave open about an applicant.

use feriematch_model::age_on;
use jiff::ToSpan;
use jiff::civil::Date;

use super::people::{Person, deal};
use super::postings::{Posting, Postings};
use super::wishes::{Preferences, Rank};
use super::{ExtractDays, Margins};
use crate::draw::Draw;
use crate::folder::{Fields, Table};
use crate::recipe::birthday;

/// The age from which tasks forbidden to minors are allowed.
const OF_AGE: i16 = 18;

/// The applicants of a season, each drawn from the stream of its row.
pub(super) struct Applicants<'a> {
    margins: &'a Margins,
    postings: &'a Postings<'a>,
    preferences: Preferences<'a>,
    people: Vec<Person>,
    /// The digits of an id's number.
    width: usize,
}

impl<'a> Applicants<'a> {
    pub(super) fn new(margins: &'a Margins, postings: &'a Postings<'a>) -> Self {
        let people = deal(margins);
        let width = (people.len().max(1).ilog10() as usize + 1).max(4);
        Self { margins, postings, preferences: Preferences::new(margins, postings), people, width }
    }

    /// Draws the periods in which somebody can work; empty for all of them.
    fn periods(&self, draw: &mut Draw) -> Vec<usize> {
        let count = self.margins.settings.periods.len();
        if count < 2 || draw.percent(self.margins.every_period_percent) {
            return Vec::new();
        }
        let mut periods: Vec<usize> = (0..count).collect();
        draw.shuffle(&mut periods);
        periods.truncate(draw.between(1, count as u32 - 1) as usize);
        periods.sort_unstable();
        periods
    }

    fn qualifications(&self, birth: Date, draw: &mut Draw) -> Vec<usize> {
        let age = age_on(birth, self.margins.settings.periods[0].first_day.0);
        let has = |share: &&super::QualificationShare| draw.percent(share.percent) && age >= i16::from(share.from_age);
        self.margins.qualifications.iter().filter(has).map(|share| share.qualification).collect()
    }

    /// Draws the day on which the register extract was shown, for somebody whose list asks for one.
    fn extract_shown(&self, list: &[Rank], draw: &mut Draw) -> Option<Date> {
        let ExtractDays { percent, first_day, last_day } = *self.margins.extract.as_ref()?;
        let days = (last_day - first_day).get_days().unsigned_abs();
        let needed = list.iter().any(|&(first, second)| {
            self.preferences.needs_extract(first) || second.is_some_and(|wish| self.preferences.needs_extract(wish))
        });
        (needed && draw.percent(percent)).then(|| first_day + i64::from(draw.between(0, days)).days())
    }

    /// Returns whether a job suits somebody, as far as they can tell themselves.
    fn suits(&self, posting: &Posting, person: Person, birth: Date, periods: &[usize], qualifications: &[usize]) -> bool {
        let kind = self.postings.kind(posting);
        let age = age_on(birth, self.postings.first_day(posting));
        kind.min_age.is_none_or(|least| age >= i16::from(least))
            && kind.max_age.is_none_or(|most| age <= i16::from(most))
            && (!kind.hazardous || age >= OF_AGE)
            && (periods.is_empty() || periods.contains(&posting.period))
            && kind.requires.iter().all(|needed| qualifications.contains(needed))
            && self.postings.is_open_to(posting, person.district.into())
    }
}

impl Table for Applicants<'_> {
    const COLUMNS: &'static [&'static str] = &[
        "applicant_id",
        "birth_date",
        "gender",
        "home_district",
        "class",
        "wishes",
        "periods",
        "qualifications",
        "extract_shown",
        "protected",
    ];

    fn rows(&self) -> u64 {
        self.people.len() as u64
    }

    fn write_row(&self, row: u64, fields: &mut Fields) {
        let settings = &self.margins.settings;
        let person = self.people[row as usize];
        let mut draw = Draw::row(self.margins.seed, row);
        let birth = birthday(person.born, &mut draw);
        let periods = self.periods(&mut draw);
        let qualifications = self.qualifications(birth, &mut draw);
        let suits = |job: usize| self.suits(&self.postings.list[job], person, birth, &periods, &qualifications);
        let list = self.preferences.draw(person.district.into(), suits, &mut draw);
        let extract_shown = self.extract_shown(&list, &mut draw);

        fields.push(format_args!("{}-{:0width$}", self.margins.id_prefix, row + 1, width = self.width));
        fields.push(birth);
        fields.push(if person.girl { "F" } else { "M" });
        fields.push(&settings.districts[usize::from(person.district)].id);
        fields.push(&settings.classes[usize::from(person.class)].code);
        fields.push_list(self.preferences.text(&list), " > ");
        fields.push_list(periods.iter().map(|&row| &settings.periods[row].id), "|");
        fields.push_list(qualifications.iter().map(|&row| &settings.qualifications[row].id), "|");
        fields.push_optional(extract_shown);
        fields.push_optional(person.protected.then_some("yes"));
    }
}
