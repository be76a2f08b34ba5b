//! Pictures of scenarios: differences of those of their own, lines or fields of grids.

use feriematch_plan::scenario::{Axis as GridAxis, Grid, ScenarioFile};
use feriematch_plan::study::{Figure, FigureKey};
use feriematch_report::picture::{
    Axis, Bar, BarGroup, DifferenceRow, Differences, GroupedBars, HeatMap, Line, LineChart, LinePoint, PictureError, Unit,
};

use super::account::{Account, Measure, capitalised};
use super::estimate::Pair;
use super::levels::Level;
use crate::exit_code::Failure;
use crate::season::did_you_mean;

/// The word for the scenarios that are in no grid.
const SCENARIOS: &str = "scenarios";
/// The most scenarios of a picture of differences.
const MOST_ROWS: usize = 100;
/// The most lines that can be told apart; of more levels the picture is a field.
const MOST_LINES: usize = 8;

/// What is drawn.
#[derive(Debug, Clone, Copy)]
pub(super) enum Subject {
    /// The scenarios of their own.
    Scenarios,
    /// A grid, by its number in the file.
    Grid(usize),
}

impl Subject {
    /// Finds what is called so, by default the first grid. What cannot be drawn is refused, before anything is played.
    pub(super) fn named(name: Option<&str>, file: &ScenarioFile) -> Result<Self, Failure> {
        let name = name.or(file.grids.first().map(|grid| &*grid.name)).unwrap_or(SCENARIOS);
        let (subject, rows) = if name == SCENARIOS {
            (Self::Scenarios, file.scenarios.len())
        } else if let Some(row) = file.grids.iter().position(|grid| grid.name == name) {
            (Self::Grid(row), rows_drawn(&file.grids[row]))
        } else {
            let names = file.grids.iter().map(|grid| &*grid.name).chain([SCENARIOS]);
            return Err(Failure::Usage {
                message: format!("there is no grid called {name}"),
                help: feriematch_ingest::nearest(name, names)
                    .map_or_else(|| "name a grid, or `scenarios`".to_owned(), did_you_mean),
            });
        };
        match rows {
            0 => Err(Failure::Usage {
                message: "the file has no scenario of its own to draw".to_owned(),
                help: "name a grid with --picture-of".to_owned(),
            }),
            1..=MOST_ROWS => Ok(subject),
            _ => Err(Failure::Usage {
                message: format!("`{name}` has {rows} rows, and a picture at most {MOST_ROWS}"),
                help: "leave --picture out, or draw another with --picture-of; --format csv has everything".to_owned(),
            }),
        }
    }
}

/// Returns how many rows a picture of a grid has, at least one; one where it is lines or a field.
fn rows_drawn(grid: &Grid) -> usize {
    match &*grid.axes {
        [only] if only.numbers().is_none() => only.levels.len(),
        [_] | [_, _] => 1,
        axes => axes.iter().map(|axis| axis.levels.len()).sum(),
    }
}

impl Account<'_> {
    /// Draws a grid, or the scenarios of their own, with one figure.
    pub(super) fn picture(&self, of: Subject, key: Option<&FigureKey>) -> Result<Result<String, PictureError>, Failure> {
        let hired = Figure::Hired.into();
        let key = key.unwrap_or(&hired);
        if self.masked.hides_figure(key) {
            return Err(Failure::Usage {
                message: format!(
                    "{} is of few, one of whom has a protected identity: there is no picture of it",
                    self.figure_in_words(key)
                ),
                help: "name another figure with --figure".to_owned(),
            });
        }
        let picture = match of {
            Subject::Scenarios => self.differences(&(0..self.file.scenarios.len()).collect::<Vec<_>>(), key),
            Subject::Grid(row) => self.grid(row, key),
        };
        picture.ok_or_else(|| Failure::Usage {
            message: format!("{} is not known of all scenarios, so there is no picture of it", self.figure_in_words(key)),
            help: "name another figure with --figure; --format csv has everything".to_owned(),
        })
    }

    /// Draws how much more or less scenarios give; nothing if there are none, or too many.
    pub(super) fn differences(&self, plans: &[usize], key: &FigureKey) -> Option<Result<String, PictureError>> {
        if plans.is_empty() || plans.len() > MOST_ROWS {
            return None;
        }
        let scale = Scale::of(key.figure);
        let row = |&plan: &usize| {
            let pair = self.pair(plan);
            let difference = pair.difference(key)?.in_units(scale.unit);
            Some(DifferenceRow { name: pair.cell.name.clone(), value: difference.mean, interval: difference.ends() })
        };
        let rows = plans.iter().filter_map(row).collect();
        let title = format!("{}: more or less than as it is", capitalised(&self.figure_in_words(key)));
        let description = "Mean differences from the season as it is";
        Some(self.difference_picture(key, title, description, rows))
    }

    fn difference_picture(
        &self,
        key: &FigureKey,
        title: String,
        description: &str,
        rows: Vec<DifferenceRow>,
    ) -> Result<String, PictureError> {
        let label = format!("{}, difference from the season as it is", capitalised(&self.figure_in_words(key)));
        let description = format!(
            "{description} over {} seasons, with 95 % intervals; hollow where zero is in the interval.",
            self.part.played()
        );
        Differences { title, description, axis: Axis { label, unit: Scale::of(key.figure).shown }, rows }.to_svg()
    }

    /// Draws a grid; nothing if the figure is not known of all its scenarios, or there are too many to draw.
    pub(super) fn grid(&self, row: usize, key: &FigureKey) -> Option<Result<String, PictureError>> {
        let grid = &self.file.grids[row];
        let view = GridView { account: self, grid, first_plan: self.first_plan(row), key, scale: Scale::of(key.figure) };
        match &*grid.axes {
            _ if !view.is_known() => None,
            [only] => Some(match only.numbers() {
                Some(numbers) => view.lines(&numbers, &only.label(), &[(String::new(), (0..numbers.len()).collect())]),
                None => return view.bars(only),
            }),
            [outer, inner] => {
                let [rows, columns] = [outer, inner].map(|axis| axis.levels.len());
                let by_inner = |level: usize| (0..columns).map(|column| level * columns + column).collect::<Vec<_>>();
                let by_outer = |level: usize| (0..rows).map(|row| row * columns + level).collect::<Vec<_>>();
                let named = |axis: &GridAxis, of: &dyn Fn(usize) -> Vec<usize>| {
                    let lines = axis.levels.iter().enumerate();
                    lines.map(|(level, scenario)| (format!("{} {}", axis.name, scenario.name), of(level))).collect::<Vec<_>>()
                };
                Some(match (inner.numbers(), outer.numbers()) {
                    (Some(numbers), _) if rows <= MOST_LINES => view.lines(&numbers, &inner.label(), &named(outer, &by_inner)),
                    (_, Some(numbers)) if columns <= MOST_LINES => view.lines(&numbers, &outer.label(), &named(inner, &by_outer)),
                    _ => view.field(outer, inner),
                })
            }
            _ => self.level_picture(row, key),
        }
    }

    /// Draws how much more or less each level gives; nothing if that is not known of all.
    fn level_picture(&self, row: usize, key: &FigureKey) -> Option<Result<String, PictureError>> {
        let measure = Measure::Figure(key.clone());
        let unit = Scale::of(key.figure).unit;
        let level = |level: Level<'_>| {
            let difference = level.difference(&measure)?.in_units(unit);
            Some(DifferenceRow { name: level.names.join(" "), value: difference.mean, interval: difference.ends() })
        };
        let rows: Vec<DifferenceRow> = self.levels(row).into_iter().map(level).collect::<Option<_>>()?;
        let title = format!("{}: {}, level by level", capitalised(&self.figure_in_words(key)), self.file.grids[row].name);
        let description = "Mean differences from the season as it is, averaged over all other axes";
        (rows.len() <= MOST_ROWS).then(|| self.difference_picture(key, title, description, rows))
    }
}

/// How a figure is drawn.
#[derive(Debug, Clone, Copy)]
struct Scale {
    /// How many hundredths make what is drawn as 1.
    unit: i64,
    shown: Unit,
}

impl Scale {
    /// Whole thousands of kronor of amounts, and hundredths of all else.
    const fn of(figure: Figure) -> Self {
        if figure.is_money() {
            Self { unit: 100 * figure.unit(), shown: Unit::Count }
        } else {
            Self { unit: 1, shown: Unit::Hundredths }
        }
    }

    /// Returns a number as it is drawn; pictures begin at zero.
    fn drawn(self, hundredths: i64) -> u32 {
        u32::try_from((hundredths + self.unit / 2).div_euclid(self.unit).max(0)).unwrap_or(u32::MAX)
    }
}

/// A grid, and the figure that is drawn.
struct GridView<'v, 'a> {
    account: &'v Account<'a>,
    grid: &'v Grid,
    /// The number of its first scenario in the file.
    first_plan: usize,
    key: &'v FigureKey,
    scale: Scale,
}

impl<'a> GridView<'_, 'a> {
    fn pair(&self, number: usize) -> Pair<'a> {
        self.account.pair(self.first_plan + number)
    }

    /// Returns whether the figure is known of every scenario.
    fn is_known(&self) -> bool {
        (0..self.grid.len()).all(|number| self.pair(number).mean(self.key).is_some())
    }

    fn title(&self) -> String {
        format!("{}: {}", capitalised(&self.account.figure_in_words(self.key)), self.grid.name)
    }

    fn axis(&self) -> Axis {
        Axis { label: format!("{}, mean", capitalised(&self.account.figure_in_words(self.key))), unit: self.scale.shown }
    }

    /// Returns the mean of a scenario, and what ninety of a hundred seasons give.
    fn drawn(&self, number: usize) -> (u32, Option<(u32, u32)>) {
        let pair = self.pair(number);
        let of = pair.figure(self.key);
        let mean = pair.mean(self.key).map_or(0, |mean| self.scale.drawn(mean.mean));
        let end = |p| Some(self.scale.drawn(of?.percentile(p)? * of?.unit() * 100));
        (mean, end(5).zip(end(95)))
    }

    fn band_in_words(&self) -> String {
        format!("Means over {} seasons; bands and whiskers are what 90 of 100 seasons give.", self.account.part.played())
    }

    /// Draws lines over numbers: of each its name, and the scenarios along it. A band is drawn where there is one line.
    fn lines(&self, numbers: &[u32], label: &str, lines: &[(String, Vec<usize>)]) -> Result<String, PictureError> {
        let point = |(&x, &number): (&u32, &usize)| {
            let (y, band) = self.drawn(number);
            LinePoint { x, y, band: if lines.len() == 1 { band } else { None } }
        };
        let line = |(name, along): &(String, Vec<usize>)| {
            let name = if name.is_empty() { self.grid.name.clone() } else { name.clone() };
            Line { name, points: numbers.iter().zip(along).map(point).collect() }
        };
        let description =
            if lines.len() == 1 { self.band_in_words() } else { format!("Means over {} seasons.", self.account.part.played()) };
        let x = Axis { label: label.to_owned(), unit: Unit::Count };
        LineChart { title: self.title(), description, x, y: self.axis(), lines: lines.iter().map(line).collect() }.to_svg()
    }

    /// Draws a bar a level.
    fn bars(&self, axis: &GridAxis) -> Option<Result<String, PictureError>> {
        let group = |(number, level): (usize, &feriematch_plan::scenario::Scenario)| {
            let (value, interval) = self.drawn(number);
            BarGroup { name: level.name.clone(), bars: vec![Some(Bar { value, interval })] }
        };
        (axis.levels.len() <= MOST_ROWS).then(|| {
            GroupedBars {
                title: self.title(),
                description: self.band_in_words(),
                axis: self.axis(),
                series: vec!["mean".to_owned()],
                groups: axis.levels.iter().enumerate().map(group).collect(),
                mark: None,
            }
            .to_svg()
        })
    }

    /// Draws a field of numbers.
    fn field(&self, rows: &GridAxis, columns: &GridAxis) -> Result<String, PictureError> {
        let names = |axis: &GridAxis| (axis.name.clone(), axis.levels.iter().map(|level| level.name.clone()).collect());
        HeatMap {
            title: self.title(),
            description: format!("Means over {} seasons.", self.account.part.played()),
            columns: names(columns),
            rows: names(rows),
            unit: self.scale.shown,
            values: (0..self.grid.len()).map(|number| self.drawn(number).0).collect(),
        }
        .to_svg()
    }
}
