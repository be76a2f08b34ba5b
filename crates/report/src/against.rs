//! Our figures beside a published table, and what the published table contradicts in itself.
//!
//! The table has the columns `group,key,measure,value,note`, one figure a row: the form that `report --format csv` writes, so that one
//! year's report is the next year's published table. A total may bear `_stated` after its measure where the source states it beside rows that
//! can be summed. Contradictions are flagged and never mended.

use std::collections::{BTreeMap, BTreeSet};

use feriematch_core::Preparation;
use feriematch_model::{DistrictIx, Employer, Money, Outcome, Payer, StreamIx};

use crate::dimension::Dimension;
use crate::figures::{Figures, placements};
use crate::measures::measures;
use crate::table::{Table, Value};

/// A published figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The line of the file.
    pub line: u64,
    /// The kind of group, such as `district`, or `total`.
    pub group: String,
    /// The group's id, or `all`.
    pub key: String,
    /// What is counted.
    pub measure: String,
    /// The figure as the table has it: a decimal number.
    pub value: String,
    /// A remark.
    pub note: String,
}

/// Why a file is not a published table.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PublishedError {
    /// The file is not CSV.
    #[error("not a CSV table: {0}")]
    Csv(#[from] csv::Error),
    /// A column is missing.
    #[error("line 1: the column `{0}` is missing; the columns are group, key, measure, value and, if you like, note")]
    Column(&'static str),
    /// A value is not a number.
    #[error("line {line}: `{value}` is not a number such as 1870 or 0.513")]
    Number {
        /// The line.
        line: u64,
        /// The value.
        value: String,
    },
    /// A figure is there twice.
    #[error("line {line}: `{measure}` of {group} `{key}` stands in line {first} already")]
    Twice {
        /// The line.
        line: u64,
        /// The line where it stands first.
        first: u64,
        /// The kind of group.
        group: String,
        /// The group.
        key: String,
        /// The measure.
        measure: String,
    },
}

/// Reads a published table, separated by commas or semicolons.
///
/// # Errors
///
/// Returns every problem, with its line.
pub fn read(text: &str) -> Result<Vec<Published>, Vec<PublishedError>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let header = text.lines().next().unwrap_or("");
    let delimiter = if header.contains(';') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
    let names = reader.headers().map_err(|e| vec![e.into()])?.clone();
    let column = |name: &'static str| names.iter().position(|n| n.trim() == name).ok_or(PublishedError::Column(name));
    let columns = ["group", "key", "measure", "value"].map(column);
    let mut problems: Vec<PublishedError> = Vec::new();
    let mut at = [0; 4];
    for (slot, column) in at.iter_mut().zip(columns) {
        match column {
            Ok(column) => *slot = column,
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let note = names.iter().position(|n| n.trim() == "note");
    let mut rows: Vec<Published> = Vec::new();
    let mut first_lines: BTreeMap<[String; 3], u64> = BTreeMap::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                problems.push(error.into());
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let [group, key, measure, value] = at.map(|column| record.get(column).unwrap_or("").trim().to_owned());
        if value.is_empty() {
            continue;
        }
        if number(&value).is_none() {
            problems.push(PublishedError::Number { line, value });
            continue;
        }
        let name = [group.clone(), key.clone(), measure.clone()];
        if let Some(&first) = first_lines.get(&name) {
            problems.push(PublishedError::Twice { line, first, group, key, measure });
            continue;
        }
        first_lines.insert(name, line);
        let note = note.and_then(|column| record.get(column)).unwrap_or("").trim().to_owned();
        rows.push(Published { line, group, key, measure, value, note });
    }
    if problems.is_empty() { Ok(rows) } else { Err(problems) }
}

/// Lays out the published figures beside ours.
pub fn table(published: &[Published], preparation: &Preparation<'_>, outcome: &Outcome, figures: &Figures) -> Table {
    let ours = Ours::new(preparation, outcome, figures);
    let row = |p: &Published| {
        let found = ours.value(&p.group, &p.key, p.measure.strip_suffix("_stated").unwrap_or(&p.measure));
        let difference = found.zip(number(&p.value)).map(|(ours, published)| ours - published);
        vec![
            Value::Text(p.group.clone()),
            Value::Text(p.key.clone()),
            Value::Text(p.measure.clone()),
            Value::Text(p.value.clone()),
            found.map_or(Value::Blank, |x| Value::Text(plain(x))),
            difference.map_or(Value::Blank, |x| Value::Text(plain(x))),
            Value::Text(p.note.clone()),
        ]
    };
    Table {
        name: "against",
        title: "Published figures and this run's. Blank: a run does not know (what youths answer, what was agreed elsewhere)"
            .to_owned(),
        columns: vec![
            ("group", "Group"),
            ("key", "Key"),
            ("measure", "Measure"),
            ("published", "Published"),
            ("ours", "This run"),
            ("difference", "Difference"),
            ("note", "Note"),
        ],
        rows: published.iter().map(row).collect(),
    }
}

/// Says where a published table contradicts itself.
pub fn contradictions(published: &[Published], year: i16) -> Vec<String> {
    let values: BTreeMap<[&str; 3], f64> =
        published.iter().filter_map(|p| Some(([&*p.group, &*p.key, &*p.measure], number(&p.value)?))).collect();
    let mut found = Vec::new();
    for (&[group, key, measure], &total) in &values {
        if (group, key) != ("total", "all") {
            continue;
        }
        let summed = measure.strip_suffix("_stated").unwrap_or(measure);
        let rows_of = |kind: &str| -> Vec<f64> {
            values.iter().filter(|([g, _, m], _)| *g == kind && *m == summed).map(|(_, &v)| v).collect()
        };
        let rows = rows_of("district");
        let sum: f64 = rows.iter().sum();
        // Places may be those of districts alone, or of departments too.
        let with_departments = sum + rows_of("department").iter().sum::<f64>();
        if !rows.is_empty() && is_summable(summed) && differ(sum, total) && differ(with_departments, total) {
            found.push(format!(
                "{summed}: the total is stated as {}, and its {} rows sum to {}",
                plain(total),
                rows.len(),
                plain(sum)
            ));
        }
    }
    let groups: BTreeSet<[&str; 2]> = values.keys().map(|[group, key, _]| [*group, *key]).collect();
    for [group, key] in groups {
        let value = |measure: &str| {
            let stated = format!("{measure}_stated");
            [measure, &stated].iter().find_map(|name| values.get(&[group, key, *name]).copied())
        };
        let mut check = |stated: Option<f64>, computed: Option<f64>, tolerance: f64, what: &str| {
            if let (Some(stated), Some(computed)) = (stated, computed)
                && (stated - computed).abs() > tolerance
            {
                found.push(format!("{group} {key}: {what} is {}, but {} is stated", plain(computed), plain(stated)));
            }
        };
        let less = |a: &str, b: &str| value(a).zip(value(b)).map(|(a, b)| a - b);
        check(value("worked"), less("offered", "declined"), 1e-6, "offered less declined");
        check(value("under_budget_tkr"), less("budget_tkr", "cost_tkr"), 1e-6, "the budget less the cost, in tkr,");
        // Whole per cents of two shares may sum to 99 or 101.
        check(
            Some(100.0),
            value("boys_percent").zip(value("girls_percent")).map(|(b, g)| b + g),
            1.0,
            "boys and girls together, in per cent,",
        );
        let age_of = |cohort: &str| value(cohort).map(|birth_year| f64::from(year) - birth_year);
        check(value("least_age"), age_of("last_cohort"), 1e-6, "the age that the last cohort turns");
        check(value("most_age"), age_of("first_cohort"), 1e-6, "the age that the first cohort turns");
    }
    found
}

/// This run's figures under the names that published tables use.
struct Ours<'a> {
    preparation: &'a Preparation<'a>,
    outcome: &'a Outcome,
    figures: &'a Figures,
    long: BTreeMap<[String; 3], f64>,
}

impl<'a> Ours<'a> {
    fn new(preparation: &'a Preparation<'a>, outcome: &'a Outcome, figures: &'a Figures) -> Self {
        let long = measures(figures).into_iter().filter_map(|m| {
            let value = match m.value {
                Value::Count(count) => Some(exact(count)),
                Value::Share(x) | Value::Points(x) | Value::Probability(x) => Some(x),
                Value::Money(money) => Some(kronor(money)),
                Value::Text(_) | Value::Change(_) | Value::Hundredths(_) | Value::Seconds(_) | Value::Masked | Value::Blank => {
                    None
                }
            };
            Some(([m.group.to_owned(), m.key, m.measure], value?))
        });
        Self { preparation, outcome, figures, long: long.collect() }
    }

    /// Returns this run's figure for a published one, if it has it.
    fn value(&self, group: &str, key: &str, measure: &str) -> Option<f64> {
        let name = [group.to_owned(), key.to_owned(), measure.to_owned()];
        if let Some(&value) = self.long.get(&name) {
            return Some(value);
        }
        match (group, key) {
            ("district", id) => {
                let settings = self.preparation.season().settings();
                let row = settings.districts.iter().position(|d| &*d.id == id)?;
                if self.figures.groups(Dimension::District)[row].is_masked {
                    return None;
                }
                self.of_district(DistrictIx::new(row), measure)
            }
            ("total", "all") => self.of_all(measure),
            _ => None,
        }
    }

    fn of_district(&self, district: DistrictIx, measure: &str) -> Option<f64> {
        let group = &self.figures.groups(Dimension::District)[district.get()];
        let payer = self.figures.payers.iter().find(|p| p.id == group.id)?;
        let tkr = |money: Money| (kronor(money) / 1_000.0).round();
        let share = group.selected.female_share();
        match measure {
            "offered" => Some(f64::from(payer.placed)),
            "places_district" => group.places.map(f64::from),
            "hired_by_departments" => Some(f64::from(self.paid_by_employers(Some(district)))),
            "cost_tkr" => payer.cost.map(tkr),
            "budget_tkr" => payer.budget.map(tkr),
            "under_budget_tkr" => payer.budget.zip(payer.cost).map(|(budget, cost)| tkr(budget - cost)),
            "girls_percent" => share.map(|girls| (girls * 100.0).round()),
            "boys_percent" => share.map(|girls| ((1.0 - girls) * 100.0).round()),
            _ => None,
        }
    }

    fn of_all(&self, measure: &str) -> Option<f64> {
        let season = self.preparation.season();
        let cohorts = || season.settings().cohorts.iter().copied();
        let year = season.settings().year;
        match measure {
            "places_special" => {
                let paid_at_home = |stream: usize| season.settings().streams[stream].payer == Payer::HomeDistrict;
                let special = season
                    .jobs()
                    .iter()
                    .filter(|job| matches!(job.employer, Employer::Department(_)) && job.streams.rows().any(paid_at_home));
                Some(special.map(|job| f64::from(job.capacity)).sum())
            }
            "first_cohort" => cohorts().min().map(f64::from),
            "last_cohort" => cohorts().max().map(f64::from),
            "least_age" => cohorts().max().map(|cohort| f64::from(year - cohort)),
            "most_age" => cohorts().min().map(|cohort| f64::from(year - cohort)),
            "hired_by_departments" => Some(f64::from(self.paid_by_employers(None))),
            "offered" | "places_district" => {
                let districts = (0..season.settings().districts.len()).map(DistrictIx::new);
                districts.map(|district| self.of_district(district, measure)).sum()
            }
            _ => None,
        }
    }

    /// Counts the placed whom their employer pays for, living in a district or anywhere.
    fn paid_by_employers(&self, home: Option<DistrictIx>) -> u32 {
        let season = self.preparation.season();
        let employer_pays = |stream: StreamIx| season.settings().streams[stream.get()].payer == Payer::Employer;
        let placements = placements(season, self.outcome);
        let of_home = season.applicants().iter().zip(placements).filter(|(a, _)| home.is_none_or(|home| a.home_district == home));
        of_home.filter(|(_, placement)| placement.is_some_and(|p| employer_pays(p.stream))).count() as u32
    }
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|x: &f64| x.is_finite())
}

/// Returns whether a measure of all is the sum of what it is of the parts: shares and probabilities are not.
fn is_summable(measure: &str) -> bool {
    !["share", "percent", "p_value"].iter().any(|name| measure.contains(name))
}

fn differ(a: f64, b: f64) -> bool {
    (a - b).abs() > 1e-6
}

/// Writes a number without needless decimals.
fn plain(x: f64) -> String {
    let text = format!("{x:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0" } else { text }.to_owned()
}

#[allow(clippy::cast_precision_loss, reason = "counts and öre of a season are far below 2^53")]
fn exact(count: i64) -> f64 {
    count as f64
}

fn kronor(money: Money) -> f64 {
    exact(money.ore()) / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contradictions_are_found() {
        let text = "group,key,measure,value,note\n\
                    district,a,places_district,160,\ndistrict,b,places_district,194,\ntotal,all,places_district_stated,350,\n\
                    district,a,offered,10,\ndistrict,a,declined,3,\ndistrict,a,worked,8,\n\
                    total,all,first_cohort_stated,1995,\ntotal,all,most_age_stated,19,\n\
                    district,b,boys_percent,49,\ndistrict,b,girls_percent,50,\n";
        let found = contradictions(&read(text).unwrap(), 2015);
        assert_eq!(
            found,
            [
                "places_district: the total is stated as 350, and its 2 rows sum to 354",
                "district a: offered less declined is 7, but 8 is stated",
                "total all: the age that the first cohort turns is 20, but 19 is stated",
            ]
        );
    }

    #[test]
    fn shares_are_not_summed_and_departments_may_count() {
        let text = "group,key,measure,value\n\
                    district,a,girls_share_selected,0.5\ndistrict,b,girls_share_selected,0.4\ntotal,all,girls_share_selected,0.45\n\
                    district,a,girls_percent,50\ndistrict,b,girls_percent,40\ntotal,all,girls_percent,45\n\
                    district,a,places,160\ndepartment,c,places,10\ntotal,all,places,170\n";
        assert_eq!(contradictions(&read(text).unwrap(), 2015), [""; 0]);
        let contradicted = text.replace("total,all,places,170", "total,all,places,171");
        assert_eq!(contradictions(&read(&contradicted).unwrap(), 2015).len(), 1);
    }

    #[test]
    fn numbers_are_written_without_needless_decimals() {
        assert_eq!([534.0, 0.5, -3.0, -0.000_000_3].map(plain), ["534", "0.5", "-3", "0"]);
    }

    #[test]
    fn bad_tables_are_refused_with_lines() {
        let problems = |text: &str| -> Vec<String> { read(text).unwrap_err().iter().map(ToString::to_string).collect() };
        assert_eq!(problems("group,key,value\n").len(), 1);
        let bad = "group;key;measure;value\ndistrict;a;x;many\ndistrict;a;y;1\ndistrict;a;y;2\n";
        assert_eq!(
            problems(bad),
            ["line 2: `many` is not a number such as 1870 or 0.513", "line 4: `y` of district `a` stands in line 3 already"]
        );
    }
}
