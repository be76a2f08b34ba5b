//! What is published of each district, beside the season's files.

use std::collections::BTreeMap;

use feriematch_model::{Employer, Gender, Money, Season};
use feriematch_plan::offers::{AnswerCounts, Answered};
use feriematch_report::against::Published;
use feriematch_report::{Table, Value};

use crate::commands::plan::learned::Learned;
use crate::exit_code::Failure;

/// What is known of the districts.
pub(super) struct Figures {
    /// Those of whose offers something is known, by id.
    pub(super) districts: Vec<District>,
    /// Published figures and those of the files, side by side.
    pub(super) table: Table,
    /// What all districts' places cost, over those who worked, if both are published.
    pub(super) cost_per_place: Option<Money>,
}

/// A district of whose offers something is known.
pub(super) struct District {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) counts: AnswerCounts,
    /// How many live there who could be asked: as published, or else as in the files.
    pub(super) youths: u32,
    pub(super) cost: Option<Cost>,
}

/// What a district's places cost.
#[derive(Clone, Copy)]
pub(super) struct Cost {
    pub(super) total: Money,
    pub(super) worked: u32,
}

impl District {
    pub(super) fn answered(&self) -> Answered {
        self.counts.answered()
    }
}

impl Figures {
    pub(super) fn new(season: &Season, learned: &Learned, published: &[Published]) -> Result<Self, Failure> {
        let published = Lookup::new(published)?;
        let settings = season.settings();
        let mut districts = Vec::new();
        for (id, counts) in learned.districts.iter().filter(|(_, counts)| counts.answered().offers > 0) {
            let row = settings.districts.iter().position(|district| *district.id == **id);
            let in_files = row.map(|row| season.applicants().iter().filter(|a| a.home_district.get() == row).count() as u32);
            let youths = published.count("district", id, "applications").or(in_files).unwrap_or(0);
            let cost = published.kronor("district", id, "cost_tkr").zip(published.count("district", id, "worked"));
            districts.push(District {
                id: id.clone(),
                name: row.map_or(id.clone(), |row| settings.districts[row].name.to_string()),
                counts: *counts,
                // Nobody can have been asked who had not applied.
                youths: youths.max(counts.answered().offers),
                cost: cost.filter(|(_, worked)| *worked > 0).map(|(total, worked)| Cost { total, worked }),
            });
        }
        if districts.is_empty() {
            return Err(Failure::Usage {
                message: format!("no offer in {} was answered or left to lapse", learned.sources.join(" and ")),
                help: "learn from a season in which some were".to_owned(),
            });
        }
        let costs: Option<Vec<Cost>> = districts.iter().map(|district| district.cost).collect();
        let cost_per_place = costs.map(|costs| cost_per_place(&costs));
        let table = lay_out(season, &districts, &published, cost_per_place);
        Ok(Self { districts, table, cost_per_place })
    }
}

/// Returns what a place cost: the sum of what all cost over all who worked, rounded half up to a whole öre.
pub(super) fn cost_per_place(costs: &[Cost]) -> Money {
    let total: Money = costs.iter().map(|cost| cost.total).sum();
    let worked: i64 = costs.iter().map(|cost| i64::from(cost.worked)).sum();
    Money::from_ore((2 * total.ore() + worked) / (2 * worked.max(1)))
}

/// The published figures that are used here, by group, key and measure.
struct Lookup(BTreeMap<(String, String, String), Money>);

impl Lookup {
    /// Takes the figures as exact decimals, in hundredths.
    fn new(published: &[Published]) -> Result<Self, Failure> {
        const USED: [&str; 6] = ["applications", "worked", "cost_tkr", "places_district", "girls_percent", "boys_percent"];
        let mut figures = BTreeMap::new();
        let mut problems = Vec::new();
        for figure in published.iter().filter(|figure| USED.contains(&&*figure.measure)) {
            match Money::parse_kronor(&figure.value) {
                Ok(number) if number >= Money::ZERO => {
                    figures.insert((figure.group.clone(), figure.key.clone(), figure.measure.clone()), number);
                }
                _ => problems.push(format!("line {}: `{}` is no number with up to two decimals", figure.line, figure.value)),
            }
        }
        if problems.is_empty() {
            return Ok(Self(figures));
        }
        Err(Failure::File { message: problems.join("\n       "), help: "mend the published table".to_owned() })
    }

    fn hundredths(&self, group: &str, key: &str, measure: &str) -> Option<i64> {
        self.0.get(&(group.to_owned(), key.to_owned(), measure.to_owned())).map(|number| number.ore())
    }

    fn count(&self, group: &str, key: &str, measure: &str) -> Option<u32> {
        self.hundredths(group, key, measure).and_then(|number| u32::try_from(number / 100).ok())
    }

    /// Returns an amount that is published in thousands of kronor.
    fn kronor(&self, group: &str, key: &str, measure: &str) -> Option<Money> {
        self.hundredths(group, key, measure).map(|thousands| Money::from_ore(thousands.saturating_mul(1_000)))
    }

    fn share(&self, group: &str, key: &str, measure: &str) -> Value {
        self.hundredths(group, key, measure).map_or(Value::Blank, |percent| {
            #[allow(clippy::cast_precision_loss, reason = "a percentage is small")]
            let share = percent as f64 / 10_000.0;
            Value::Share(share)
        })
    }
}

/// Lays out what is published beside the season's files.
fn lay_out(season: &Season, districts: &[District], published: &Lookup, cost_per_place: Option<Money>) -> Table {
    let settings = season.settings();
    let mut rows: Vec<Vec<Value>> = Vec::new();
    let mut add = |key: &str, name: &str, measure: &str, words: &str, published: Value, files: Value| {
        if published != Value::Blank {
            rows.push(vec![key.into(), name.into(), measure.into(), words.into(), published, files]);
        }
    };
    let ratio = |some: u32, all: u32| if all > 0 { Value::Share(f64::from(some) / f64::from(all)) } else { Value::Blank };
    for district in districts {
        let (id, name, counts) = (&*district.id, &*district.name, &district.counts);
        let Answered { offers, .. } = counts.answered();
        let row = settings.districts.iter().position(|of_files| *of_files.id == *district.id);
        let live_there = || season.applicants().iter().filter(|applicant| row == Some(applicant.home_district.get()));
        let in_files = |count: usize| row.map_or(Value::Blank, |_| Value::from(count as u32));
        add(id, name, "declined_share", "declined, of offers", ratio(counts.declined, offers), Value::Blank);
        if counts.lapsed > 0 {
            add(id, name, "lapsed_share", "lapsed, of offers", ratio(counts.lapsed, offers), Value::Blank);
        }
        if counts.withdrawn > 0 {
            add(id, name, "withdrawn_share", "withdrawn, of accepted", ratio(counts.withdrawn, counts.accepted), Value::Blank);
        }
        let cost = district.cost.map_or(Value::Blank, |cost| Value::Money(self::cost_per_place(&[cost])));
        let planned = settings.cost_per_place.map_or(Value::Blank, Value::Money);
        add(id, name, "cost_per_place", "cost of a place", cost, planned);
        let applications = published.count("district", id, "applications");
        add(id, name, "applications", "applications", Value::count_or_blank(applications), in_files(live_there().count()));
        let own_jobs = season.jobs().iter().filter(|job| matches!(job.employer, Employer::District(at) if Some(at.get()) == row));
        let own_places: u32 = own_jobs.map(|job| job.capacity).sum();
        let per_place = |applications: u32, places: u32| {
            let hundredths = (200 * i64::from(applications) + i64::from(places)) / (2 * i64::from(places.max(1)));
            if places > 0 { Value::Hundredths(hundredths) } else { Value::Blank }
        };
        let places = published.count("district", id, "places_district");
        let of_published =
            applications.zip(places).map_or(Value::Blank, |(applications, places)| per_place(applications, places));
        let of_files = row.map_or(Value::Blank, |_| per_place(live_there().count() as u32, own_places));
        add(id, name, "applications_per_place", "applications for each of its own places", of_published, of_files);
        for (measure, words, gender) in [("girls_percent", "girls", Gender::Female), ("boys_percent", "boys", Gender::Male)] {
            let those = live_there().filter(|applicant| applicant.gender == gender).count();
            let of_files = row.map_or(Value::Blank, |_| ratio(those as u32, live_there().count() as u32));
            add(id, name, measure, words, published.share("district", id, measure), of_files);
        }
    }
    let planned = settings.cost_per_place.map_or(Value::Blank, Value::Money);
    add("all", "all", "cost_per_place", "cost of a place", cost_per_place.map_or(Value::Blank, Value::Money), planned);
    for cohort in &settings.cohorts {
        let key = cohort.to_string();
        let applications = Value::count_or_blank(published.count("cohort", &key, "applications"));
        let those = season.applicants().iter().filter(|applicant| applicant.birth_date.year() == *cohort).count();
        add(&key, &format!("born {key}"), "applications", "applications", applications, Value::from(those as u32));
    }
    Table {
        name: "figures",
        title: "Published, and in the season's files".to_owned(),
        columns: vec![
            ("key", "Id"),
            ("name", "Group"),
            ("measure", "Measure"),
            ("measure_in_words", "Figure"),
            ("published", "Published"),
            ("files", "Files"),
        ],
        rows,
    }
}
