//! Reading a file of scenarios.

mod values;

use std::path::Path;

use feriematch_ingest::document::{Reading, Section, Value, read_document};
use feriematch_ingest::{Code, Diagnostic, ReadError, Severity};
use feriematch_model::{DepartmentIx, DistrictIx, Mechanism, PlacementRule, RankCosts, Season, SmallSet, StreamIx};

use crate::relaxation::Relaxation;
use crate::scenario::{
    AnswerKind, Axis, Base, CalendarChange, CapOf, Change, Condition, Grid, Likeness, MethodChange, RateChange, Scenario,
    ScenarioFile, Stated,
};
use crate::study::rate;
use values::{Adjusted, Given};

/// The most scenarios of a file.
const MOST_CELLS: usize = 10_000;
/// The greatest percentage.
const MOST_PERCENT: u32 = 1_000;
/// The most places, or youths, that a number in the file may state.
const MOST_PLACES: i64 = 1_000_000;
/// The most working days between two things.
const MOST_DAYS: u32 = 250;

/// The rules that a scenario may do without.
const LIFTED: [(&str, Relaxation); 9] = [
    ("minimum-age", Relaxation::LeastAge),
    ("maximum-age", Relaxation::GreatestAge),
    ("minors", Relaxation::MinorsRules),
    ("extract", Relaxation::Extract),
    ("periods", Relaxation::Periods),
    ("open-to", Relaxation::OpenTo),
    ("locks", Relaxation::Locks),
    ("forbids", Relaxation::Forbids),
    ("balance", Relaxation::Balance),
];

impl ScenarioFile {
    /// Reads a file of scenarios of a season, and returns it with the warnings. `docs/planning/whatif.md` says what may stand in it.
    ///
    /// # Errors
    ///
    /// [`ReadError::Invalid`] has every problem: of keys and values, or else of what they change.
    ///
    /// # Complexity
    ///
    /// That of making every scenario's season once, on the threads of the current pool.
    pub fn read(file: &Path, base: &Base<'_>) -> Result<(Self, Vec<Diagnostic>), ReadError> {
        let (found, mut problems) = read_document(file, |root, reading| Some(read(root, base.season, reading)))?;
        problems.extend(found.problems(base));
        Diagnostic::sort(&mut problems);
        if problems.iter().any(|problem| problem.severity() == Severity::Error) {
            return Err(ReadError::Invalid(problems));
        }
        Ok((found, problems))
    }
}

fn read(root: &mut Section<'_>, season: &Season, reading: &mut Reading<'_>) -> ScenarioFile {
    if let Some(format) = root.require("format", reading) {
        match format.integer(0..=i64::MAX, reading) {
            Some(1) | None => {}
            Some(other) => {
                let message = format!("format {other} of scenarios is not one that this version reads");
                format.report(Code::UnsupportedFormat, message, "write `format = 1`".to_owned(), reading);
            }
        }
    }
    let scenarios = root.sections("scenarios", reading);
    let scenarios: Vec<Scenario> = scenarios.into_iter().filter_map(|section| scenario(section, season, reading)).collect();
    let grids = root.sections("grids", reading);
    let is_empty = scenarios.is_empty() && grids.is_empty();
    let grids = grids.into_iter().filter_map(|section| grid(section, season, reading)).collect();
    let file = ScenarioFile { scenarios, grids };
    if is_empty && !root.has("scenarios") {
        root.report(Code::TableSize, "there is no scenario: write `[[scenarios]]` or `[[grids]]`".to_owned(), reading);
    }
    if file.len() > MOST_CELLS {
        let message = format!("there are {} scenarios; it takes {MOST_CELLS} at most", file.len());
        root.report(Code::TableSize, message, reading);
    }
    file
}

fn grid(mut section: Section<'_>, season: &Season, reading: &mut Reading<'_>) -> Option<Grid> {
    let at = section.span(reading);
    let name = name(&mut section, reading);
    let axes = section.sections("axes", reading);
    if axes.is_empty() {
        section.report(Code::TableSize, "a grid has one axis at least: write `[[grids.axes]]`".to_owned(), reading);
    }
    let axes = axes.into_iter().filter_map(|section| axis(section, season, reading)).collect();
    section.finish(reading);
    Some(Grid { name: name?, at, axes })
}

fn axis(mut section: Section<'_>, season: &Season, reading: &mut Reading<'_>) -> Option<Axis> {
    let name = name(&mut section, reading);
    let levels = section.sections("levels", reading);
    if levels.is_empty() {
        section.report(Code::TableSize, "an axis has one level at least".to_owned(), reading);
    }
    let levels = levels.into_iter().filter_map(|section| scenario(section, season, reading)).collect();
    section.finish(reading);
    Some(Axis { name: name?, levels })
}

fn name(section: &mut Section<'_>, reading: &mut Reading<'_>) -> Option<String> {
    section.require("name", reading)?.text(reading).map(str::to_owned)
}

/// Reads a scenario, or a level of an axis: a name, and lists of changes.
fn scenario(mut section: Section<'_>, season: &Season, reading: &mut Reading<'_>) -> Option<Scenario> {
    let at = section.span(reading);
    let name = name(&mut section, reading);
    let mut changes = Changes { season, reading, found: Vec::new() };
    changes.cohorts(&mut section);
    changes.applicants(&mut section);
    changes.jobs(&mut section);
    changes.periods(&mut section);
    changes.money(&mut section);
    changes.answers(&mut section);
    changes.classes_and_funding(&mut section);
    changes.rules(&mut section);
    let mut changes = changes.found;
    changes.sort_by_key(|stated| stated.change.turn());
    section.finish(reading);
    Some(Scenario { name: name?, at, changes })
}

/// The changes of a scenario that is being read.
struct Changes<'r, 't, 's> {
    season: &'s Season,
    reading: &'r mut Reading<'t>,
    found: Vec<Stated>,
}

impl Changes<'_, '_, '_> {
    /// Reads an array of tables: each is one change or several.
    fn list(&mut self, section: &mut Section<'_>, key: &'static str, read: impl Fn(&mut Self, &mut Section<'_>) -> Vec<Change>) {
        for mut row in section.sections(key, self.reading) {
            self.one(&mut row, &read);
            row.finish(self.reading);
        }
    }

    /// Reads a table of changes.
    fn table(&mut self, section: &mut Section<'_>, key: &'static str, read: impl Fn(&mut Self, &mut Section<'_>) -> Vec<Change>) {
        let Some(mut table) = section.get(key, self.reading).and_then(|value| value.section(self.reading)) else { return };
        self.one(&mut table, &read);
        table.finish(self.reading);
    }

    fn one(&mut self, section: &mut Section<'_>, read: impl Fn(&mut Self, &mut Section<'_>) -> Vec<Change>) {
        let at = section.span(self.reading);
        let changes = read(self, section);
        self.found.extend(changes.into_iter().map(|change| Stated { change, at: at.clone() }));
    }

    fn cohorts(&mut self, section: &mut Section<'_>) {
        self.table(section, "cohorts", |this, table| {
            let season = this.season;
            let cohorts = &season.settings().cohorts;
            let mut changes = Vec::new();
            for item in table.get("drop", this.reading).and_then(|value| value.items(this.reading)).unwrap_or_default() {
                let Some(year) = item.integer(1900..=9999, this.reading) else { continue };
                if cohorts.contains(&year) {
                    changes.push(Change::DropCohort(year));
                } else {
                    this.report(
                        &item,
                        Code::CohortList,
                        format!("{year} is not a cohort of the season: those born then may not apply anyway"),
                    );
                }
            }
            for mut row in table.sections("add", this.reading) {
                let added = this.added_cohort(&mut row);
                row.finish(this.reading);
                changes.extend(added);
            }
            changes
        });
    }

    fn added_cohort(&mut self, row: &mut Section<'_>) -> Option<Change> {
        let value = row.require("year", self.reading);
        let year = value.as_ref().and_then(|value| value.integer(1900..=9999, self.reading));
        let like = row.get("like", self.reading).map(|value| value.integer(1900..=9999, self.reading));
        let applicants = row.get("applicants", self.reading).map(|value| value.integer(1..=1_000_000, self.reading));
        if applicants.is_some() && like.is_none() {
            row.report(
                Code::MissingKey,
                "`like` is missing: the birth year of those whose applications are copied".to_owned(),
                self.reading,
            );
        }
        let (value, year) = (value?, year?);
        if self.season.settings().cohorts.contains(&year) {
            self.report(&value, Code::CohortList, format!("{year} is a cohort of the season already"));
            return None;
        }
        let like = match (like, applicants) {
            (None, _) => None,
            (Some(like), None) => Some(Likeness { year: like?, applicants: None }),
            (Some(like), Some(applicants)) => Some(Likeness { year: like?, applicants: Some(applicants?) }),
        };
        Some(Change::AddCohort { year, like })
    }

    fn applicants(&mut self, section: &mut Section<'_>) {
        self.table(section, "applicants", |this, table| {
            let percent = table.require("percent", this.reading);
            percent.and_then(|value| value.integer(1..=MOST_PERCENT, this.reading)).map(Change::Applicants).into_iter().collect()
        });
    }

    fn jobs(&mut self, section: &mut Section<'_>) {
        self.list(section, "close", |this, row| this.selection(row).map(Change::Close).into_iter().collect());
        self.list(section, "places", |this, row| {
            let selection = this.selection(row);
            let by = this.adjustment(row, Self::places, false);
            selection.zip(by.and_then(Adjusted::by)).map(|(selection, by)| Change::Places(selection, by)).into_iter().collect()
        });
        self.list(section, "move_jobs", |this, row| {
            let selection = this.selection(row);
            let value = row.require("to", this.reading);
            let to = value.and_then(|value| this.period(&value));
            selection.zip(to).map(|(selection, to)| Change::MoveJobs(selection, to)).into_iter().collect()
        });
    }

    fn periods(&mut self, section: &mut Section<'_>) {
        self.list(section, "periods", |this, row| {
            let period = row.require("id", this.reading).and_then(|value| this.period(&value));
            let first = row.require("first_day", this.reading).and_then(|value| Some((value.date(this.reading)?, value)));
            let last = row.require("last_day", this.reading).and_then(|value| Some((value.date(this.reading)?, value)));
            let year = this.season.settings().year;
            for (day, value) in [&first, &last].into_iter().flatten() {
                if day.year() != year {
                    this.report(value, Code::PeriodOutsideYear, format!("{day} is not in the season's year {year}"));
                }
            }
            let (Some(period), Some((first_day, _)), Some((last_day, value))) = (period, first, last) else { return Vec::new() };
            if last_day < first_day {
                this.report(
                    &value,
                    Code::PeriodReversed,
                    format!("the period ends on {last_day}, before it begins on {first_day}"),
                );
            }
            vec![Change::Dates { period, first_day, last_day }]
        });
    }

    fn money(&mut self, section: &mut Section<'_>) {
        self.list(section, "caps", |this, row| {
            let season = this.season;
            let settings = season.settings();
            let department =
                this.id(row, "department", "department", Code::UnknownEmployer, settings.departments.iter().map(|d| &*d.id));
            let stream = this.id(row, "stream", "funding stream", Code::UnknownStream, settings.streams.iter().map(|s| &*s.id));
            let home =
                this.id(row, "home_district", "district", Code::UnknownDistrict, settings.districts.iter().map(|d| &*d.id));
            let by = this.adjustment(row, Self::places, true);
            let of = match (department, stream, home) {
                (Given::Row(row), Given::No, Given::No) => CapOf::Department(DepartmentIx::new(row)),
                (Given::No, Given::Row(row), Given::No) => CapOf::Stream(StreamIx::new(row)),
                (Given::No, Given::No, Given::Row(row)) => CapOf::HomeDistrict(DistrictIx::new(row)),
                (Given::No, Given::No, Given::No) => {
                    row.report(
                        Code::MissingKey,
                        "whose cap: `department`, `stream` or `home_district` is missing".to_owned(),
                        this.reading,
                    );
                    return Vec::new();
                }
                (department, stream, home)
                    if [&department, &stream, &home].into_iter().filter(|given| !matches!(given, Given::No)).count() > 1 =>
                {
                    row.report(
                        Code::ContradictingChanges,
                        "a cap is of a department, a stream or a home district, not of two of them".to_owned(),
                        this.reading,
                    );
                    return Vec::new();
                }
                _ => return Vec::new(),
            };
            by.map(|by| Change::Cap(of, by.by())).into_iter().collect()
        });
        self.list(section, "budgets", |this, row| {
            let employer = this.employer(row);
            let by = this.adjustment(row, Self::kronor, true);
            let employer = match employer {
                Given::No => None,
                Given::Unknown => return Vec::new(),
                Given::Row(employer) => Some(employer),
            };
            by.map(|by| Change::Budget(employer, by.by())).into_iter().collect()
        });
        self.table(section, "cost_per_place", |this, table| {
            this.adjustment(table, Self::kronor, false).and_then(Adjusted::by).map(Change::CostPerPlace).into_iter().collect()
        });
        self.list(section, "wages", |this, row| {
            let age = row.get("age", this.reading).map(|value| value.integer(0..=120_u8, this.reading));
            let by = this.adjustment(row, Self::kronor, false).and_then(Adjusted::by);
            let age = match age {
                Some(None) => return Vec::new(),
                Some(age) => age,
                None => None,
            };
            by.map(|by| Change::Wage(age, by)).into_iter().collect()
        });
        self.table(section, "employer_fee", |this, table| {
            this.adjustment(table, Self::basis_points, false).and_then(Adjusted::by).map(Change::Fee).into_iter().collect()
        });
    }

    fn answers(&mut self, section: &mut Section<'_>) {
        self.list(section, "answers", |this, row| {
            let season = this.season;
            let names = AnswerKind::ALL.map(|kind| (kind.name(), kind));
            let kind = row.require("of", this.reading).and_then(|value| value.choice(&names, this.reading));
            let districts = season.settings().districts.iter().map(|district| &*district.id);
            let home = this.id(row, "district", "district", Code::UnknownDistrict, districts);
            let set = row.get("set", this.reading).map(|value| rate(&value, this.reading).map(RateChange::Set));
            let percent = row.get("percent", this.reading);
            let percent = percent.map(|value| value.integer(0..=MOST_PERCENT, this.reading).map(RateChange::Percent));
            let by = match (set, percent) {
                (Some(by), None) | (None, Some(by)) => by,
                (None, None) => {
                    row.report(Code::MissingKey, "one of `set` and `percent` is missing".to_owned(), this.reading);
                    None
                }
                (Some(_), Some(_)) => {
                    let message = "only one of `set` and `percent` can be".to_owned();
                    row.report(Code::ContradictingChanges, message, this.reading);
                    None
                }
            };
            let home = match home {
                Given::No => None,
                Given::Unknown => return Vec::new(),
                Given::Row(row) => Some(DistrictIx::new(row)),
            };
            kind.zip(by).map(|(kind, by)| Change::Answers(kind, home, by)).into_iter().collect()
        });
        self.table(section, "calendar", |this, table| {
            let first_offers = table.get("first_offers", this.reading).and_then(|value| value.date(this.reading));
            let mut days = |key| table.get(key, this.reading).and_then(|value| value.integer(0..=MOST_DAYS, this.reading));
            let [days_to_answer, days_between, lead_days] = [days("days_to_answer"), days("days_between"), days("lead_days")];
            vec![Change::Calendar(CalendarChange { first_offers, days_to_answer, days_between, lead_days })]
        });
    }

    fn classes_and_funding(&mut self, section: &mut Section<'_>) {
        self.table(section, "classes", |this, table| {
            let merged = table.get("merge", this.reading).and_then(|value| value.items(this.reading)).unwrap_or_default();
            let mut changes = Vec::new();
            for item in merged {
                let classes = this.classes(&item);
                if classes.as_ref().is_some_and(|classes| classes.len() < 2) {
                    this.report(&item, Code::TableSize, "it takes two classes to make one of them".to_owned());
                }
                changes.extend(classes.map(Change::MergeClasses));
            }
            if let Some(value) = table.get("order", this.reading) {
                let all = this.season.settings().classes.len();
                let order = this.classes(&value).filter(|order| this.is_whole_order(&value, "class", order, all));
                changes.extend(order.map(Change::OrderClasses));
            }
            changes
        });
        self.table(section, "funding", |this, table| {
            let season = this.season;
            let streams = &season.settings().streams;
            let mut changes = Vec::new();
            if let Some(value) = table.get("order", this.reading) {
                let ids = streams.iter().map(|stream| &*stream.id);
                let order = this.rows(&value, "funding stream", Code::UnknownStream, &ids);
                let order: Option<Vec<StreamIx>> = order.map(|rows| rows.into_iter().map(StreamIx::new).collect());
                let order = order.filter(|order| this.is_whole_order(&value, "funding stream", order, streams.len()));
                changes.extend(order.map(Change::OrderFunding));
            }
            for mut row in table.sections("streams", this.reading) {
                changes.extend(this.conditions(&mut row));
                row.finish(this.reading);
            }
            changes
        });
    }

    /// Reads for whom a funding stream pays.
    fn conditions(&mut self, row: &mut Section<'_>) -> Vec<Change> {
        let season = self.season;
        let settings = season.settings();
        let streams = settings.streams.iter().map(|stream| &*stream.id);
        let stream = row
            .require("id", self.reading)
            .and_then(|value| value.id("funding stream", Code::UnknownStream, streams, self.reading));
        let mut conditions = Vec::new();
        if let Some(value) = row.get("classes", self.reading) {
            conditions.extend(self.classes(&value).map(|classes| Condition::Classes(classes.into_iter().collect())));
        }
        if let Some(value) = row.get("cohorts", self.reading) {
            let items = value.items(self.reading);
            let years = items.map(|items| items.iter().filter_map(|item| item.integer(1900..=9999, self.reading)).collect());
            conditions.extend(years.map(Condition::Cohorts));
        }
        if let Some(value) = row.get("home_districts", self.reading) {
            let ids = settings.districts.iter().map(|district| &*district.id);
            let rows = self.rows(&value, "district", Code::UnknownDistrict, &ids);
            conditions.extend(
                rows.map(|rows| {
                    Condition::HomeDistricts(rows.into_iter().map(DistrictIx::new).collect::<SmallSet<DistrictIx>>())
                }),
            );
        }
        if conditions.is_empty() {
            row.report(Code::MissingKey, "`classes`, `cohorts` or `home_districts` is missing".to_owned(), self.reading);
        }
        let stream = stream.map(StreamIx::new);
        conditions.into_iter().filter_map(|condition| Some(Change::Funding(stream?, condition))).collect()
    }

    fn rules(&mut self, section: &mut Section<'_>) {
        if let Some(value) = section.get("lift", self.reading) {
            let names: Vec<(&str, usize)> = LIFTED.iter().enumerate().map(|(row, (name, _))| (*name, row)).collect();
            for item in value.items(self.reading).unwrap_or_default() {
                let at = item.span(self.reading);
                let rule = item.choice(&names, self.reading).map(|row| LIFTED[row].1.clone());
                self.found.extend(rule.map(|rule| Stated { change: Change::Lift(rule), at }));
            }
        }
        self.table(section, "mechanism", |this, table| {
            let mechanisms = Mechanism::ALL.map(|mechanism| (mechanism.name(), mechanism));
            let placements = PlacementRule::ALL.map(|placement| (placement.name(), placement));
            let change = MethodChange {
                mechanism: table.get("name", this.reading).and_then(|value| value.choice(&mechanisms, this.reading)),
                placement: table.get("placement", this.reading).and_then(|value| value.choice(&placements, this.reading)),
                rank_costs: table.get("rank_costs", this.reading).and_then(|value| this.rank_costs(&value)),
            };
            vec![Change::Method(change)]
        });
    }

    fn rank_costs(&mut self, value: &Value<'_>) -> Option<RankCosts> {
        if value.is_text() {
            let names = [("linear", RankCosts::Linear), ("convex", RankCosts::Convex)];
            let words = [("linear", 0), ("convex", 1)];
            return value.choice(&words, self.reading).map(|at: usize| names[at].1.clone());
        }
        let items = value.items(self.reading)?;
        let costs: Vec<u32> = items.iter().filter_map(|item| item.integer(0..=1_000_000, self.reading)).collect();
        if costs.len() == items.len() && (costs.is_empty() || !costs.is_sorted()) {
            self.report(value, Code::RankCostOrder, "rank costs are empty or fall".to_owned());
            return None;
        }
        (costs.len() == items.len()).then_some(RankCosts::Table(costs))
    }
}
