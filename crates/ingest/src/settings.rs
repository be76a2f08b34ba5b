//! Reading season.toml.

use std::collections::BTreeMap;

use feriematch_model::{
    Area, AreaIx, Beneficiary, ClassIx, Department, DepartmentIx, District, DistrictIx, Employer, Money, Payer, Period, PeriodIx,
    PriorityClass, Qualification, QualificationIx, ReducedFee, Settings, SmallSet, Stream, StreamIx, WageBand,
};
use jiff::civil::Date;

use crate::definitions::{self, Entry, Vocabulary, entries};
use crate::document::{Reading, Section, Value};
use crate::method::read_method;
use crate::names::Names;
use crate::quote::quote;
use crate::rule_catalog::RuleCatalog;
use crate::rule_choice::{ChosenRules, choose};
use crate::table::{ColumnMap, TableKind, normalise};
use crate::{Code, Diagnostic, Span};

/// The version of the form of season.toml.
const FORMAT: u32 = 1;

/// The highest capacity or cap: likewise.
pub(crate) const MOST_PLACES: u32 = 1_000_000;

/// What season.toml says. The settings are there if nothing is wrong with it.
pub(crate) struct SeasonFile {
    pub(crate) settings: Option<Settings>,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) columns: BTreeMap<TableKind, ColumnMap>,
    pub(crate) rules: ChosenRules,
}

/// Reads season.toml; `None` if it is not TOML. The problems are in the reading.
pub(crate) fn read(catalog: &RuleCatalog, reading: &mut Reading<'_>) -> Option<SeasonFile> {
    let document = reading.parse()?;
    let mut root = Section::root(&document);
    let mut vocabulary = Vocabulary::new();
    let v = &mut vocabulary;

    if let Some(format) = root.require("format", reading)
        && let Some(version) = format.integer(0..=u32::MAX, reading)
        && version != FORMAT
    {
        let help = format!("this version reads format {FORMAT}");
        format.report(Code::UnsupportedFormat, format!("format {version} is not known"), help, reading);
    }
    let season = section(&mut root, "season", reading).map(|season| read_season(season, v, reading));
    let seed = root.get("lottery", reading).and_then(|value| value.section(reading)).and_then(|mut lottery| {
        let seed = lottery.get("seed", reading).and_then(|value| value.text(reading)).map(Into::into);
        lottery.finish(reading);
        seed
    });
    let method = read_method(&mut root, reading);
    let classes = read_classes(&mut root, &mut v.classes, reading);
    let periods = read_periods(&mut root, v, reading);
    let rules = season.as_ref().map(|season| {
        let family = season.rule_pack.as_ref();
        let (rules, cohorts) =
            choose(catalog, family, periods.as_deref(), season.cohorts.as_ref(), &season.span, v.year, reading);
        v.cohorts = cohorts;
        rules
    });
    let areas = read_areas(&mut root, v, reading);
    let qualifications = read_qualifications(&mut root, &mut v.qualifications, reading);
    let cost_is_known = season.as_ref().is_none_or(|season| season.states_cost_per_place);
    let districts = read_districts(&mut root, v, cost_is_known, reading);
    let departments = read_departments(&mut root, v, reading);
    let streams = read_funding(&mut root, v, reading);
    let wages = read_wages(&mut root, reading);
    let employer_fee = read_employer_fee(&mut root, wages.as_ref().is_none_or(|bands| !bands.is_empty()), v.year, reading);
    let reversion = read_reversion(&mut root, reading);
    let columns = read_columns(&mut root, reading);
    root.finish(reading);

    let rules = rules.unwrap_or_default();
    let settings = (|| {
        let season = season?;
        let method = method?;
        let (employer_fee_basis_points, reduced_fees) = employer_fee?;
        let settings = Settings {
            name: season.name?,
            year: season.year?,
            cohorts: v.cohorts.clone(),
            classes: classes?,
            periods: periods?,
            areas: areas?,
            qualifications: qualifications?,
            districts: districts?,
            departments: departments?,
            streams: streams?,
            cost_per_place: season.cost_per_place,
            seed,
            mechanism: method.mechanism,
            placement: method.placement,
            rank_costs: method.rank_costs,
            balance: method.balance,
            rule_pack: rules.edition.as_ref()?.pack.clone(),
            wages: wages?,
            employer_fee_basis_points,
            reduced_fees,
            reversion: reversion?,
        };
        Some(settings)
    })();
    Some(SeasonFile { settings, vocabulary, columns, rules })
}

/// Reads how the headers of one table map to columns, and nothing else of season.toml; `None` if it is not TOML.
pub(crate) fn column_map(kind: TableKind, reading: &mut Reading<'_>) -> Option<ColumnMap> {
    let document = reading.parse()?;
    Some(read_columns(&mut Section::root(&document), reading).remove(&kind).unwrap_or_default())
}

/// Returns a section that must be there.
pub(crate) fn section<'d>(root: &mut Section<'d>, key: &'static str, reading: &mut Reading<'_>) -> Option<Section<'d>> {
    root.require(key, reading).and_then(|value| value.section(reading))
}

struct SeasonPart<'d> {
    name: Option<Box<str>>,
    year: Option<i16>,
    cost_per_place: Option<Money>,
    states_cost_per_place: bool,
    /// The family, and who may apply: which edition of the rules it is depends on the periods.
    rule_pack: Option<Value<'d>>,
    cohorts: Option<Value<'d>>,
    span: Span,
}

fn read_season<'d>(mut season: Section<'d>, v: &mut Vocabulary, reading: &mut Reading<'_>) -> SeasonPart<'d> {
    let name = season.require("name", reading).and_then(|value| value.text(reading)).map(Into::into);
    let year = season.require("year", reading).and_then(|value| value.integer(1950..=2200, reading));
    v.year = year;
    let cohorts = season.get("cohorts", reading);
    let cost = season.get("cost_per_place", reading);
    let states_cost_per_place = cost.is_some();
    let cost_per_place = cost.and_then(|value| value.money(reading));
    let rule_pack = season.require("rule_pack", reading);
    let span = season.span(reading);
    season.finish(reading);
    SeasonPart { name, year, cost_per_place, states_cost_per_place, rule_pack, cohorts, span }
}

/// Reads birth years that may apply: each once, none after the season and none a hundred years before.
pub(crate) fn read_cohorts(list: &Value<'_>, season_year: Option<i16>, reading: &mut Reading<'_>) -> Vec<i16> {
    let Some(items) = list.items(reading) else { return Vec::new() };
    if items.is_empty() {
        list.report(Code::CohortList, "no cohort may apply".to_owned(), None, reading);
    }
    let mut cohorts = Vec::with_capacity(items.len());
    for item in items {
        let Some(cohort) = item.integer(1850..=2200, reading) else { continue };
        if cohorts.contains(&cohort) {
            item.report(Code::CohortList, format!("cohort {cohort} is listed twice"), None, reading);
        } else if season_year.is_some_and(|year| !(year - 99..=year).contains(&cohort)) {
            let help = "cohorts are birth years".to_owned();
            item.report(Code::CohortList, format!("nobody born in {cohort} can apply in this season"), help, reading);
        }
        cohorts.push(cohort);
    }
    cohorts
}

fn read_classes(root: &mut Section<'_>, names: &mut Names<ClassIx>, reading: &mut Reading<'_>) -> Option<Vec<PriorityClass>> {
    let mut classes = Vec::new();
    for Entry { section, id, name, .. } in entries(root, &definitions::CLASSES, ClassIx::new, names, reading) {
        section.finish(reading);
        classes.push(id.zip(name).map(|(code, name)| PriorityClass { code, name }));
    }
    classes.into_iter().collect()
}

fn read_periods(root: &mut Section<'_>, v: &mut Vocabulary, reading: &mut Reading<'_>) -> Option<Vec<Period>> {
    let mut periods = Vec::new();
    for Entry { mut section, id, name, .. } in entries(root, &definitions::PERIODS, PeriodIx::new, &mut v.periods, reading) {
        let mut day = |key| -> Option<Date> {
            let value = section.require(key, reading)?;
            let day = value.date(reading)?;
            if v.year.is_some_and(|year| day.year() != year) {
                value.report(Code::PeriodOutsideYear, format!("`{key}` is not in the season's year"), None, reading);
            }
            Some(day)
        };
        let (first_day, last_day) = (day("first_day"), day("last_day"));
        if first_day.zip(last_day).is_some_and(|(first, last)| last < first) {
            let span = section.span(reading);
            let message = "the period ends before it begins";
            reading.problems.push(Diagnostic::new(Code::PeriodReversed, span, message));
        }
        section.finish(reading);
        periods.push((|| Some(Period { id: id?, name: name?, first_day: first_day?, last_day: last_day? }))());
    }
    periods.into_iter().collect()
}

fn read_areas(root: &mut Section<'_>, v: &mut Vocabulary, reading: &mut Reading<'_>) -> Option<Vec<Area>> {
    let mut areas = Vec::new();
    for Entry { mut section, id, name, .. } in entries(root, &definitions::AREAS, AreaIx::new, &mut v.areas, reading) {
        let extract = section.require("extract", reading).and_then(|value| value.flag(reading));
        section.finish(reading);
        v.area_extract.push(extract.unwrap_or(false));
        areas.push(id.zip(name).zip(extract).map(|((id, name), _)| Area { id, name }));
    }
    areas.into_iter().collect()
}

fn read_qualifications(
    root: &mut Section<'_>,
    names: &mut Names<QualificationIx>,
    reading: &mut Reading<'_>,
) -> Option<Vec<Qualification>> {
    let mut qualifications = Vec::new();
    for Entry { section, id, name, .. } in entries(root, &definitions::QUALIFICATIONS, QualificationIx::new, names, reading) {
        section.finish(reading);
        qualifications.push(id.zip(name).map(|(id, name)| Qualification { id, name }));
    }
    qualifications.into_iter().collect()
}

fn read_districts(
    root: &mut Section<'_>,
    v: &mut Vocabulary,
    cost_is_known: bool,
    reading: &mut Reading<'_>,
) -> Option<Vec<District>> {
    let mut districts = Vec::new();
    for Entry { mut section, id, name, .. } in entries(root, &definitions::DISTRICTS, DistrictIx::new, &mut v.districts, reading)
    {
        let budget = section.get("budget", reading);
        if let Some(value) = budget.as_ref().filter(|_| !cost_is_known) {
            let help = "state `cost_per_place` under `[season]`: a budget divided by it is a cap".to_owned();
            value.report(Code::BudgetWithoutCost, "the budget caps nothing".to_owned(), help, reading);
        }
        let budget = budget.and_then(|value| value.money(reading));
        let cap = section.get("cap", reading).and_then(|value| value.integer(0..=MOST_PLACES, reading));
        section.finish(reading);
        districts.push(id.zip(name).map(|(id, name)| District { id, name, budget, cap }));
    }
    districts.into_iter().collect()
}

/// Reads departments. They and the districts are the employers.
fn read_departments(root: &mut Section<'_>, v: &mut Vocabulary, reading: &mut Reading<'_>) -> Option<Vec<Department>> {
    v.employers.adopt(&v.districts, Employer::District);
    let index = |row| Employer::Department(DepartmentIx::new(row));
    let mut departments = Vec::new();
    for Entry { mut section, id, name, .. } in entries(root, &definitions::DEPARTMENTS, index, &mut v.employers, reading) {
        let budget = section.get("budget", reading).and_then(|value| value.money(reading));
        let cap = section.get("cap", reading).and_then(|value| value.integer(0..=MOST_PLACES, reading));
        section.finish(reading);
        departments.push(id.zip(name).map(|(id, name)| Department { id, name, budget, cap }));
    }
    departments.into_iter().collect()
}

fn read_funding(root: &mut Section<'_>, v: &mut Vocabulary, reading: &mut Reading<'_>) -> Option<Vec<Stream>> {
    let payers = [("home-district", Payer::HomeDistrict), ("employer", Payer::Employer), ("external", Payer::External)];
    let mut streams = Vec::new();
    for Entry { mut section, id, name, .. } in entries(root, &definitions::FUNDING, StreamIx::new, &mut v.streams, reading) {
        let payer = section.require("payer", reading).and_then(|value| value.choice(&payers, reading));
        let cap = section.get("cap", reading).and_then(|value| value.integer(0..=MOST_PLACES, reading));
        let classes = condition(&mut section, "classes", &v.classes, reading);
        let home_districts = condition(&mut section, "home_districts", &v.districts, reading);
        let cohorts = section.get("cohorts", reading).map(|list| read_cohorts(&list, v.year, reading)).unwrap_or_default();
        for cohort in cohorts.iter().filter(|cohort| !v.cohorts.is_empty() && !v.cohorts.contains(cohort)) {
            let message = format!("cohort {cohort} is none of the season's");
            reading.problems.push(Diagnostic::new(Code::CohortList, section.span(reading), message));
        }
        section.finish(reading);
        streams.push((|| Some(Stream { id: id?, name: name?, payer: payer?, cap, classes, cohorts, home_districts }))());
    }
    streams.into_iter().collect()
}

/// Reads a condition of a funding stream: a list of ids that is not empty, or nothing.
fn condition<I: Copy + PartialEq + Into<u32>>(
    section: &mut Section<'_>,
    key: &'static str,
    names: &Names<I>,
    reading: &mut Reading<'_>,
) -> SmallSet<I> {
    let mut set = SmallSet::new();
    let Some(value) = section.get(key, reading) else { return set };
    let Some(words) = value.texts(reading) else { return set };
    if words.is_empty() {
        let help = "leave the key out where the stream pays for everybody".to_owned();
        value.report(Code::TableSize, format!("`{key}` is empty"), help, reading);
    }
    for (word, item) in words {
        let span = item.span(reading);
        if let Some(index) = names.resolve(word, || span, &mut reading.problems) {
            set.insert(index);
        }
    }
    set
}

fn read_wages(root: &mut Section<'_>, reading: &mut Reading<'_>) -> Option<Vec<WageBand>> {
    let mut bands: Vec<Option<WageBand>> = Vec::new();
    for mut section in root.sections("wages", reading) {
        let from_age = section.require("from_age", reading).and_then(|value| value.integer(0..=120_u8, reading));
        let to_age = section.require("to_age", reading).and_then(|value| value.integer(0..=120_u8, reading));
        let per_hour = section.require("per_hour", reading).and_then(|value| value.money(reading));
        let band = (|| Some(WageBand { from_age: from_age?, to_age: to_age?, per_hour: per_hour? }))();
        if let Some(band) = band {
            let before = bands.last().copied().flatten();
            if band.to_age < band.from_age || before.is_some_and(|before| band.from_age <= before.to_age) {
                let message = format!("the ages {} to {} do not follow those before", band.from_age, band.to_age);
                let help = "bands ascend without overlap; `to_age` belongs to the band".to_owned();
                let span = section.span(reading);
                reading.problems.push(Diagnostic::new(Code::AgeBandOrder, span, message).with_help(help));
            }
        }
        section.finish(reading);
        bands.push(band);
    }
    bands.into_iter().collect()
}

/// Reads the employer's fee, which must be stated where there are wages, and the fees for some birth years.
fn read_employer_fee(
    root: &mut Section<'_>,
    is_needed: bool,
    season_year: Option<i16>,
    reading: &mut Reading<'_>,
) -> Option<(u32, Vec<ReducedFee>)> {
    let value = if is_needed { root.require("wage_costs", reading) } else { root.get("wage_costs", reading) };
    let Some(value) = value else { return Some((0, Vec::new())) };
    let mut section = value.section(reading)?;
    let fee = section.require("employer_fee", reading).and_then(|value| value.basis_points(reading));
    let mut reduced: Vec<Option<ReducedFee>> = Vec::new();
    for mut section in section.sections("reduced", reading) {
        let list = section.require("cohorts", reading);
        let cohorts = list.as_ref().map(|list| read_cohorts(list, season_year, reading));
        let mut before = reduced.iter().flatten().flat_map(|fee| &fee.cohorts);
        if let Some((list, twice)) = list.zip(cohorts.iter().flatten().find(|cohort| before.any(|known| known == *cohort))) {
            list.report(Code::CohortList, format!("cohort {twice} has a reduced fee already"), None, reading);
        }
        let basis_points = section.require("employer_fee", reading).and_then(|value| value.basis_points(reading));
        section.finish(reading);
        reduced.push(cohorts.zip(basis_points).map(|(cohorts, basis_points)| ReducedFee { cohorts, basis_points }));
    }
    section.finish(reading);
    Some((fee?, reduced.into_iter().collect::<Option<_>>()?))
}

/// Reads who gets surplus places. Each is named once.
fn read_reversion(root: &mut Section<'_>, reading: &mut Reading<'_>) -> Option<Vec<Beneficiary>> {
    let mut all: Vec<Option<Beneficiary>> = Vec::new();
    for mut section in root.sections("reversion", reading) {
        let name = section.require("to", reading).and_then(|value| {
            let name = value.text(reading)?;
            let is_known = all.iter().flatten().any(|other| *other.name == *name);
            if is_known {
                let help = "give each its share once".to_owned();
                value.report(Code::DuplicateId, format!("{} is named twice", quote(name)), help, reading);
            }
            Some(name).filter(|_| !is_known)
        });
        let share = section.require("share", reading).and_then(|value| value.integer(1..=MOST_PLACES, reading));
        section.finish(reading);
        all.push((|| Some(Beneficiary { name: name?.into(), share: share? }))());
    }
    all.into_iter().collect()
}

/// Reads how the headers of the tables map to columns.
fn read_columns(root: &mut Section<'_>, reading: &mut Reading<'_>) -> BTreeMap<TableKind, ColumnMap> {
    let mut maps = BTreeMap::new();
    let Some(mut columns) = root.get("columns", reading).and_then(|value| value.section(reading)) else { return maps };
    for kind in TableKind::ALL {
        if let Some(section) = columns.get(kind.name(), reading).and_then(|value| value.section(reading)) {
            maps.insert(kind, read_column_map(kind, &section, reading));
        }
    }
    columns.finish(reading);
    maps
}

fn read_column_map(kind: TableKind, section: &Section<'_>, reading: &mut Reading<'_>) -> ColumnMap {
    let mut map = ColumnMap::default();
    for (key, value) in section.all() {
        let column = kind.columns().iter().copied().find(|column| *column == key.text);
        if column.is_none() && key.text != "ignore" {
            section.report_unknown(&key, kind.columns(), kind.columns(), reading);
            continue;
        }
        for (header, item) in value.texts(reading).unwrap_or_default() {
            let normal_form = normalise(header);
            let own = kind.columns().iter().copied().find(|column| normalise(column) == normal_form);
            let taken = map.mapped.get(&normal_form).copied().or(own).filter(|taken| Some(*taken) != column);
            if taken.is_some() || map.ignored.contains(&normal_form) {
                let meaning =
                    taken.map_or_else(|| "is ignored too".to_owned(), |column| format!("already stands for `{column}`"));
                let message = format!("the header {} {meaning}", quote(header));
                item.report(Code::ColumnMapping, message, None, reading);
            }
            match column {
                Some(column) => drop(map.mapped.insert(normal_form, column)),
                None => drop(map.ignored.insert(normal_form)),
            }
        }
    }
    map
}
