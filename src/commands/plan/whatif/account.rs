//! What is said of scenarios.

use std::iter;

use feriematch_model::{Money, Season};
use feriematch_plan::scenario::{CellPlan, Change, ScenarioFile};
use feriematch_plan::study::{CellTotals, Dimension, Figure, FigureKey, Masked, PartOfSeason, Population, StudyPart};
use feriematch_plan::{Distribution, GroupBy};
use feriematch_report::{CrossTable, Table, Value, grouped};
use serde_json::{Value as Json, json};

use super::estimate::{Estimate, Pair, is_priced};
use crate::commands::plan::capacity::account::{COLUMNS, assumptions, dimension_in_words, in_words, values};
use crate::exit_code::Failure;
use crate::season::did_you_mean;

/// What a table says where it is not known whether there is a difference.
const NO_DIFFERENCE: &str = "no difference";
/// The most scenarios in tables for people.
const MOST_SHOWN: usize = 100;

/// What is said of scenarios that were played.
pub(super) struct Account<'a> {
    pub(super) season: &'a Season,
    pub(super) file: &'a ScenarioFile,
    pub(super) part: &'a StudyPart,
    /// For each cell but the first, where it comes from.
    pub(super) plans: Vec<CellPlan<'a>>,
    /// What would tell of few people in any of the scenarios.
    pub(super) masked: Masked<'a>,
}

/// What a column of the overview measures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Measure {
    /// The share of the places that are filled.
    Filled,
    /// A figure.
    Figure(FigureKey),
}

impl Measure {
    /// Returns how many hundredths are one hundredth of what it is shown in: thousands of kronor of amounts in öre.
    pub(super) fn unit(&self) -> i64 {
        match self {
            Self::Filled => 1,
            Self::Figure(key) => key.figure.unit(),
        }
    }

    pub(super) fn is_money(&self) -> bool {
        matches!(self, Self::Figure(key) if key.figure.is_money())
    }

    pub(super) fn mean(&self, pair: Pair<'_>) -> Option<Estimate> {
        match self {
            Self::Filled => pair.filled(),
            Self::Figure(key) => pair.mean(key),
        }
    }

    pub(super) fn difference(&self, pair: Pair<'_>) -> Option<Estimate> {
        match self {
            Self::Filled => pair.filled_difference(),
            Self::Figure(key) => pair.difference(key),
        }
    }

    /// Writes an estimate for a table; where it is a difference with its sign, or that there is none.
    pub(super) fn in_table(&self, estimate: Option<Estimate>, is_difference: bool) -> Value {
        let Some(estimate) = estimate.map(|estimate| estimate.in_units(self.unit())) else {
            return Value::from(if self.is_money() { "not known" } else { "not compared" });
        };
        if is_difference && estimate.is_open() {
            return Value::from(NO_DIFFERENCE);
        }
        let sign = if is_difference && estimate.mean > 0 { "+" } else { "" };
        let shown = match self {
            // Of percentages a tenth is much.
            Self::Filled => |hundredths| Value::Hundredths(hundredths).for_people(),
            Self::Figure(_) => tenths,
        };
        Value::Text(format!("{sign}{} \u{b1}{}", shown(estimate.mean), shown(estimate.half)))
    }
}

impl<'a> Account<'a> {
    pub(super) fn new(season: &'a Season, file: &'a ScenarioFile, part: &'a StudyPart) -> Self {
        let masked = Masked::of(part.cells.iter().map(|cell| &cell.facts));
        Self { season, file, part, plans: file.cells().collect(), masked }
    }

    /// Refuses a figure that nothing is counted of.
    pub(super) fn refuse_unknown(&self, key: &FigureKey) -> Result<(), Failure> {
        if self.part.cells.iter().any(|cell| cell.figure(key).is_some()) {
            return Ok(());
        }
        let wanted = key.to_string();
        let keys: Vec<String> = self.first().figures().map(|(key, _)| key.to_string()).collect();
        let nearest = feriematch_ingest::nearest(&wanted, keys.iter().map(String::as_str));
        let some = || {
            "figures are hired, offered, unplaced, cost and others, alone or such as hired/district/ID: `--format csv` has all"
                .to_owned()
        };
        Err(Failure::Usage {
            message: format!("there is no figure {wanted} of this season"),
            help: nearest.map_or_else(some, did_you_mean),
        })
    }

    pub(super) fn first(&self) -> &'a CellTotals {
        &self.part.cells[0]
    }

    /// Returns every cell beside the first, which comes first.
    pub(super) fn pairs(&self) -> impl Iterator<Item = Pair<'a>> {
        let first = self.first();
        self.part.cells.iter().map(move |cell| Pair { first, cell })
    }

    /// Returns the cell of a scenario, by its number in the file from 0.
    pub(super) fn pair(&self, plan: usize) -> Pair<'a> {
        Pair { first: self.first(), cell: &self.part.cells[plan + 1] }
    }

    /// Lays everything out for people, or one figure.
    pub(super) fn to_text(&self, key: Option<&FigureKey>) -> String {
        let mut text = format!("{}\n", self.heading());
        for line in assumptions(self.first()) {
            text.push_str(&format!("{line}\n"));
        }
        let mut tables = match key {
            Some(key) => vec![first_rows(self.of_figure(key)).to_text()],
            None => self.overviews(),
        };
        tables.extend(self.manifold_grids().filter_map(|row| Some(self.by_level(row, key)?.to_text())));
        for table in tables {
            text.push_str(&format!("\n{table}"));
        }
        let more = self.part.cells.len().saturating_sub(MOST_SHOWN);
        if more > 0 {
            text.push_str(&format!(
                "\nOf {} more scenarios nothing is shown here: `--format csv` has them.\n",
                grouped(more as i64)
            ));
        }
        text.push_str(&format!("\n{}\n", Self::meaning()));
        for remark in self.remarks() {
            text.push_str(&format!("{remark}\n"));
        }
        text
    }

    fn overviews(&self) -> Vec<String> {
        let mut texts = vec![first_rows(self.overview(false)).to_text()];
        if self.has_costs() {
            texts.push(first_rows(self.overview(true)).to_text());
        }
        let mut by_class = self.by_class();
        by_class.rows.truncate(MOST_SHOWN);
        texts.push(by_class.to_text());
        texts
    }

    pub(super) fn heading(&self) -> String {
        let facts = &self.first().facts;
        let (seasons, seed) = (self.part.played(), &self.part.seed);
        let scenarios = crate::commands::counted(self.plans.len(), "scenario");
        format!(
            "{}: {scenarios} beside the season as it is, {} seasons of each, seeds \"{seed} 1\" to \"{seed} {seasons}\", mechanism {}",
            facts.season,
            grouped(seasons.into()),
            facts.mechanism
        )
    }

    /// Returns the columns of the overview: what it measures, the name for programs and the heading.
    pub(super) fn measures(&self) -> Vec<(Measure, &'static str, &'static str)> {
        let figure = |figure: Figure, name, heading| (Measure::Figure(figure.into()), name, heading);
        let mut measures = vec![
            figure(Figure::Hired, "hired", "Hired"),
            (Measure::Filled, "filled", "Filled, %"),
            figure(Figure::Offered, "offered", "Offers"),
            figure(Figure::Rounds, "rounds", "Rounds"),
            figure(Figure::Unplaced, "unplaced", "No offer"),
            figure(Figure::Ineligible, "ineligible", "May take nothing"),
        ];
        if self.has_costs() {
            measures.push(figure(Figure::Cost, "cost", "Cost, tkr"));
            measures.push(figure(Figure::UnderBudget, "under_budget", "Left of budgets, tkr"));
        }
        let is_told = |(measure, _, _): &(Measure, &str, &str)| match measure {
            Measure::Figure(key) if key.figure == Figure::Ineligible => {
                self.pairs().any(|pair| pair.mean(key).is_some_and(|e| e.mean != 0))
            }
            Measure::Figure(key) => self.first().figure(key).is_some(),
            Measure::Filled => true,
        };
        measures.retain(is_told);
        measures
    }

    /// Lays out the means of the season as it is, and the differences of the scenarios: of youths and places, or of kronor.
    fn overview(&self, is_money: bool) -> Table {
        let mut measures = self.measures();
        measures.retain(|(measure, _, _)| is_money == measure.is_money());
        let row = |pair: Pair<'_>| {
            let name = Value::from(&*pair.cell.name);
            let places = (!is_money).then(|| Value::from(pair.cell.facts.places));
            let told = measures.iter().map(|(measure, _, _)| told(pair, measure));
            iter::once(name).chain(places).chain(told).collect()
        };
        let places = (!is_money).then_some(("places", "Places"));
        let told = measures.iter().map(|(_, name, heading)| (*name, *heading));
        let title = if is_money {
            "What it costs"
        } else {
            "As it is, means; of scenarios, how much more or less, with half the 95 % interval"
        };
        Table {
            name: "scenarios",
            title: title.to_owned(),
            columns: iter::once(("scenario", "Scenario")).chain(places).chain(told).collect(),
            rows: self.pairs().map(row).collect(),
        }
    }

    /// Lays out how many of each priority class never have an offer.
    pub(super) fn by_class(&self) -> CrossTable {
        let classes: Vec<&PartOfSeason> =
            self.first().facts.parts.iter().filter(|part| part.dimension == Dimension::Group(GroupBy::Class)).collect();
        let row = |pair: Pair<'_>| {
            let of_class = classes.iter().map(|class| {
                let key = FigureKey { figure: Figure::Unplaced, of: Some((class.dimension, class.id.clone())) };
                if self.masked.hides_figure(&key) { Value::Masked } else { told(pair, &Measure::Figure(key)) }
            });
            iter::once(Value::from(&*pair.cell.name)).chain(of_class).collect()
        };
        let columns = iter::once("Scenario").chain(classes.iter().map(|class| &*class.name)).map(str::to_owned).collect();
        CrossTable {
            title: "Who never has an offer, by priority class".to_owned(),
            columns,
            rows: self.pairs().map(row).collect(),
        }
    }

    /// Lays out one figure of every scenario in full.
    pub(super) fn of_figure(&self, key: &FigureKey) -> Table {
        let unit = key.figure.unit();
        let number = |hundredths: i64| Value::Hundredths(hundredths);
        let row = |pair: Pair<'_>| {
            let name = Value::from(&*pair.cell.name);
            if self.masked.hides_figure(key) {
                return iter::once(name).chain(iter::repeat_n(Value::Masked, 9)).collect();
            }
            let mean = pair.mean(key).map(|mean| mean.in_units(unit));
            let of = pair.figure(key);
            let percentile = |p| of.and_then(|of| of.percentile(p)).map_or(Value::Blank, Value::Count);
            let difference = pair.difference(key).map(|difference| difference.in_units(unit));
            let change = |number: i64| Value::Change(Box::new(Value::Hundredths(number)));
            let errors = pair.errors(key);
            let error = |of: f64| Value::Hundredths(Estimate { mean: of.round() as i64, half: 0 }.in_units(unit).mean);
            vec![
                name,
                mean.map_or(Value::Blank, |mean| number(mean.mean)),
                percentile(5),
                percentile(95),
                difference.map_or(Value::Blank, |difference| change(difference.mean)),
                difference.map_or(Value::Blank, |difference| change(difference.ends().0)),
                difference.map_or(Value::Blank, |difference| change(difference.ends().1)),
                difference.map_or(Value::Blank, |difference| Value::from(verdict(difference))),
                errors.map_or(Value::Blank, |errors| error(errors.paired)),
                errors.map_or(Value::Blank, |errors| error(errors.separate)),
            ]
        };
        Table {
            name: "figure",
            title: capitalised(&self.figure_in_words(key)),
            columns: vec![
                ("scenario", "Scenario"),
                ("mean", "Mean"),
                ("p5", "5 %"),
                ("p95", "95 %"),
                ("difference", "Difference"),
                ("from", "From"),
                ("to", "To"),
                ("verdict", "So"),
                ("error", "Error"),
                ("separate_error", "If drawn apart"),
            ],
            rows: self.pairs().map(row).collect(),
        }
    }

    /// Says what a figure is, and of what.
    pub(super) fn figure_in_words(&self, key: &FigureKey) -> String {
        let unit = if key.figure.is_money() { ", tkr" } else { "" };
        let Some((dimension, id)) = &key.of else { return format!("{}{unit}", in_words(key.figure)) };
        let mut parts = self.part.cells.iter().flat_map(|cell| &cell.facts.parts);
        let name = parts.find(|part| part.dimension == *dimension && part.id == *id).map_or(&**id, |part| &*part.name);
        format!("{}{unit}, {} {name}", in_words(key.figure), dimension_in_words(*dimension))
    }

    pub(super) fn has_costs(&self) -> bool {
        is_priced(self.first())
    }

    /// Says what the answers mean.
    pub(super) fn meaning() -> String {
        format!(
            "What it means: every scenario had the same lotteries, answers and applicants as the season as it is, season by season, so that a difference is what the \
             scenario does on average, known to within what follows \u{b1} (95 %). Where that has zero in it, it says {NO_DIFFERENCE}: none was found, which does not \
             show that there is none."
        )
    }

    /// Says what has to be known to read the answers, and what they do not mean.
    pub(super) fn remarks(&self) -> Vec<String> {
        let mut remarks: Vec<String> = self.sharper().into_iter().collect();
        remarks.extend(self.made_up());
        remarks.extend(self.redrawn());
        remarks.extend(self.unpriced());
        if self.pairs().any(Pair::merges_classes) {
            remarks.push("Where priority classes are merged, figures by class are not compared: those of the merged class are of all of them.".to_owned());
        }
        remarks.push(
            "What it does not mean: wishes, answers and who applies are as in the files and as assumed, whatever changes; whoever knew of it might wish, answer or apply \
             otherwise. A single season varies more than the mean: --figure and the page say by how much. Of many scenarios, one in twenty that do nothing is \
             taken for one that does."
                .to_owned(),
        );
        remarks
    }

    /// Says how much better differences are known than they would be from separate draws.
    fn sharper(&self) -> Option<String> {
        let shares = |figure: Figure, what: &str| {
            let key = figure.into();
            let shares: Vec<f64> = self.pairs().filter_map(|pair| pair.errors(&key)?.share()).collect();
            let least = Value::Share(shares.iter().copied().reduce(f64::min)?).for_people();
            let most = Value::Share(shares.iter().copied().reduce(f64::max)?).for_people();
            let range = if least == most { most } else { format!("{} to {most}", least.trim_end_matches(" %")) };
            Some(format!("{range} in {what}"))
        };
        let told = [shares(Figure::Hired, "those hired"), shares(Figure::Offered, "offers")];
        let told: Vec<String> = told.into_iter().flatten().collect();
        (!told.is_empty()).then(|| {
            format!(
                "How well: since all draws are the same everywhere, the standard error of a difference is only a part of what separate draws would give: {}.",
                told.join(", ")
            )
        })
    }

    /// Says where costs are not known.
    fn unpriced(&self) -> Option<String> {
        self.first().total(Figure::Cost)?;
        let why = "of somebody hired the wage at that age or the hours are not stated";
        if !self.has_costs() {
            return Some(format!("What the places cost is not known: {why}."));
        }
        let names = self.part.cells.iter().filter(|cell| !is_priced(cell)).map(|cell| format!("`{}`", cell.name));
        let names: Vec<String> = names.collect();
        let more = if names.len() > 3 { format!(" and {} more", names.len() - 3) } else { String::new() };
        let first = names.iter().take(3).map(String::as_str).collect::<Vec<_>>().join(", ");
        (!names.is_empty()).then(|| format!("What {first}{more} cost is not known: {why}."))
    }

    /// Says who was made up.
    fn made_up(&self) -> Vec<String> {
        let changes = self.plans.iter().flat_map(|plan| plan.changes.iter().map(move |change| (plan, *change)));
        let mut told: Vec<&Change> = Vec::new();
        let mut remarks = Vec::new();
        for (plan, change) in changes.filter(|(_, change)| change.makes_up()) {
            if !told.contains(&change) {
                told.push(change);
                remarks.push(format!(
                    "Made up: in `{}`, {}. Nobody applied so: they are copies with birth years shifted, and lotteries and answers of their own.",
                    plan.name,
                    change.in_words(self.season)
                ));
            }
        }
        remarks
    }

    /// Says where who applies is redrawn in scenarios, and not in the season as it is.
    fn redrawn(&self) -> Option<String> {
        let population = |cell: &CellTotals| cell.facts.assumptions.population;
        let is_redrawn = |cell: &CellTotals| population(cell) != Population::AsInFiles;
        (!is_redrawn(self.first()) && self.part.cells.iter().any(is_redrawn)).then(|| {
            "Where a scenario has more or fewer applicants they are redrawn in every season, and in the season as it is they are not: its differences are less well known than they \
             could be. `redrawn_percent = 100` under [population] of the assumptions redraws them everywhere."
                .to_owned()
        })
    }

    /// Returns the grid of a cell, by name, and its levels.
    fn grid_of(&self, plan: Option<&CellPlan<'_>>) -> (String, Vec<(String, String)>) {
        let Some((row, levels)) = plan.and_then(|plan| plan.of_grid.as_ref()) else { return (String::new(), Vec::new()) };
        let grid = &self.file.grids[*row];
        let levels = grid.axes.iter().zip(levels).map(|(axis, &level)| (axis.name.clone(), axis.levels[level].name.clone()));
        (grid.name.clone(), levels.collect())
    }

    /// Returns every cell with where it comes from; nowhere for the season as it is.
    fn cells(&self) -> impl Iterator<Item = (Pair<'a>, Option<&CellPlan<'a>>)> {
        let plans = iter::once(None).chain(self.plans.iter().map(Some));
        self.pairs().zip(plans)
    }

    /// Returns the figures of a cell, or the one asked for, with the share of places filled after them.
    fn rows_of(&self, pair: Pair<'a>, only: Option<&FigureKey>) -> Vec<(String, String, String, Vec<Value>)> {
        let first = self.first().figures().map(|(key, _)| key);
        let mut keys: Vec<&FigureKey> = pair.cell.figures().map(|(key, _)| key).chain(first).collect();
        keys.sort_unstable();
        keys.dedup();
        keys.retain(|key| only.is_none_or(|only| only == *key));
        let mut rows: Vec<_> = keys
            .into_iter()
            .map(|key| {
                let (by, id) = key.of.as_ref().map_or(("season", ""), |(dimension, id)| (dimension.key(), &**id));
                let mut values = figure_values(pair, key);
                if self.masked.hides_figure(key) {
                    values.fill(Value::Masked);
                }
                (key.figure.key().to_owned(), by.to_owned(), id.to_owned(), values)
            })
            .collect();
        if only.is_none() {
            rows.push(("filled_percent".to_owned(), "season".to_owned(), String::new(), filled_values(pair)));
        }
        rows
    }

    /// Writes every figure of every scenario for programs, a row each.
    pub(super) fn to_csv(&self, only: Option<&FigureKey>) -> String {
        let mut rows = Vec::new();
        for (pair, plan) in self.cells() {
            let (grid, levels) = self.grid_of(plan);
            let levels: Vec<String> = levels.iter().map(|(axis, level)| format!("{axis}={level}")).collect();
            let levels = levels.join("|");
            for (figure, by, id, values) in self.rows_of(pair, only) {
                let named =
                    [&self.part.seed, &pair.cell.name, &grid, &levels, &figure, &by, &id].map(|text| Value::from(text.as_str()));
                let counted = [Value::from(pair.cell.seasons), Value::from(pair.cell.facts.places)];
                rows.push(named.into_iter().chain(counted).chain(values).collect());
            }
        }
        let named = ["seed", "scenario", "grid", "levels", "figure", "by", "key", "seasons", "places"].map(|name| (name, ""));
        let columns = [named.to_vec(), COLUMNS.to_vec(), DIFFERENCE_COLUMNS.to_vec()].concat();
        Table { name: "figures", title: String::new(), columns, rows }.to_csv()
    }

    /// Writes everything for programs.
    pub(super) fn to_json(&self, only: Option<&FigureKey>) -> String {
        let facts = &self.first().facts;
        let columns = [COLUMNS.to_vec(), DIFFERENCE_COLUMNS.to_vec()].concat();
        let cells = self.cells().map(|(pair, plan)| {
            let (grid, levels) = self.grid_of(plan);
            let levels: Json = levels.into_iter().map(|(axis, level)| (axis, Json::from(level))).collect::<serde_json::Map<_, _>>().into();
            let changes: Vec<String> =
                plan.map(|plan| plan.changes.iter().map(|change| change.in_words(self.season)).collect()).unwrap_or_default();
            let figures = self.rows_of(pair, only).into_iter().map(|(figure, by, id, values)| {
                let mut object = json!({ "figure": figure, "by": if by == "season" { None } else { Some(by) }, "key": if id.is_empty() { None } else { Some(id) } });
                let values = columns.iter().zip(values).map(|((name, _), value)| ((*name).to_owned(), json_of(&value)));
                if let Json::Object(object) = &mut object {
                    object.extend(values);
                }
                object
            });
            json!({
                "name": pair.cell.name,
                "grid": plan.and_then(|plan| plan.of_grid.as_ref()).map(|_| grid),
                "levels": levels,
                "changes": changes,
                "has_made_up_applicants": plan.is_some_and(|plan| plan.changes.iter().any(|change| change.makes_up())),
                "mechanism": pair.cell.facts.mechanism,
                "applicants": pair.cell.facts.applicants,
                "places": pair.cell.facts.places,
                "figures": figures.collect::<Vec<_>>(),
            })
        });
        let report = json!({
            "season": facts.season,
            "seed": self.part.seed,
            "seasons": self.part.played(),
            "study": self.part.study,
            "assumptions": facts.assumptions,
            "scenarios": cells.collect::<Vec<_>>(),
        });
        format!("{report:#}\n")
    }
}

/// Keeps as many rows as people read.
fn first_rows(mut table: Table) -> Table {
    table.rows.truncate(MOST_SHOWN);
    table
}

/// The columns of a difference from the season as it is.
const DIFFERENCE_COLUMNS: [(&str, &str); 6] = [
    ("difference", ""),
    ("difference_from", ""),
    ("difference_to", ""),
    ("verdict", ""),
    ("standard_error", ""),
    ("separate_standard_error", ""),
];

/// Returns the first four of [`DIFFERENCE_COLUMNS`].
fn difference_values(difference: Option<Estimate>, value: impl Fn(i64) -> Value) -> Vec<Value> {
    match difference {
        None => vec![Value::Blank; 4],
        Some(difference) => {
            let (low, high) = difference.ends();
            vec![value(difference.mean), value(low), value(high), Value::from(verdict(difference))]
        }
    }
}

/// Returns the columns of a figure and of its difference.
fn figure_values(pair: Pair<'_>, key: &FigureKey) -> Vec<Value> {
    let exact = |hundredths: i64| {
        if key.figure.is_money() {
            Value::Money(Money::from_ore((hundredths + 50).div_euclid(100)))
        } else {
            Value::Hundredths(hundredths)
        }
    };
    let empty = Distribution::in_units(key.figure.unit());
    let mut values = values(key.figure, pair.figure(key).unwrap_or(&empty));
    let errors = pair.errors(key);
    let error = |of: f64| exact(of.round() as i64);
    values.extend(difference_values(pair.difference(key), exact));
    values.push(errors.map_or(Value::Blank, |errors| error(errors.paired)));
    values.push(errors.map_or(Value::Blank, |errors| error(errors.separate)));
    values
}

/// Returns the columns of the share of places filled, in per cent, of which there are no percentiles.
fn filled_values(pair: Pair<'_>) -> Vec<Value> {
    let mut values = vec![Value::Blank; COLUMNS.len()];
    if let Some(filled) = pair.filled() {
        values[0] = Value::Hundredths(filled.mean);
        values[1] = Value::Hundredths(filled.half);
    }
    values.extend(difference_values(pair.filled_difference(), Value::Hundredths));
    values.extend([Value::Blank, Value::Blank]);
    values
}

fn json_of(value: &Value) -> Json {
    if *value == Value::Masked { Json::Null } else { value.for_json() }
}

/// Says what a difference comes to.
fn verdict(difference: Estimate) -> &'static str {
    match difference {
        _ if difference.is_open() => NO_DIFFERENCE,
        Estimate { mean: 1.., .. } => "more",
        _ => "less",
    }
}

/// Says the mean of the season as it is, or the difference of a scenario, with half the interval.
fn told(pair: Pair<'_>, measure: &Measure) -> Value {
    let estimate = if pair.is_first() { measure.mean(pair) } else { measure.difference(pair) };
    measure.in_table(estimate, !pair.is_first())
}

/// Writes hundredths with one decimal.
fn tenths(hundredths: i64) -> String {
    let tenths = (hundredths.abs() + 5) / 10;
    let sign = if hundredths < 0 && tenths > 0 { "-" } else { "" };
    format!("{sign}{}.{}", grouped(tenths / 10), tenths % 10)
}

pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
