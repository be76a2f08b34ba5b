//! Everything about scenarios on one page.

use feriematch_model::Fingerprint;
use feriematch_plan::scenario::Scenario;
use feriematch_plan::study::{Figure, FigureKey};
use feriematch_report::page::{Page, PageSection};
use feriematch_report::{Table, Value};

use super::account::{Account, Measure};
use super::estimate::Pair;
use super::levels::is_manifold;
use crate::commands::plan::capacity::account::assumptions;
use crate::exit_code::Failure;

impl Account<'_> {
    /// Lays out the page.
    pub(super) fn page(&self) -> Result<Page, Failure> {
        let figures = self.figures_on_page();
        let mut sections = vec![self.overview_section()];
        let own: Vec<usize> = (0..self.file.scenarios.len()).collect();
        sections.push(PageSection {
            pictures: drawn(figures.iter().filter_map(|key| self.differences(&own, key)))?,
            ..PageSection::new("Scenario by scenario")
        });
        for (row, grid) in self.file.grids.iter().enumerate() {
            let pictures = drawn(figures.iter().filter_map(|key| self.grid(row, key)))?;
            let tables = if is_manifold(grid) { self.by_level(row, None).into_iter().collect() } else { Vec::new() };
            sections.push(PageSection { pictures, tables, ..PageSection::new(&format!("Grid: {}", grid.name)) });
        }
        sections.retain(|section| *section != PageSection { heading: section.heading.clone(), ..PageSection::default() });
        sections.push(PageSection {
            paragraphs: vec![
                "Means over the seasons, and what 90 of 100 seasons give; the difference from the season as it is, season by season, with its 95 % interval; its standard error, and what it would \
                 be if lotteries and answers were drawn apart for each scenario."
                    .to_owned(),
            ],
            tables: figures.iter().map(|key| self.of_figure(key)).collect(),
            ..PageSection::new("Figure by figure")
        });
        sections.push(PageSection { terms: self.changes(), ..PageSection::new("What the scenarios change") });
        sections.push(PageSection { paragraphs: self.remarks(), ..PageSection::new("How to read it") });
        Ok(Page { title: self.title(), lead: vec![self.heading(), Self::meaning()], facts: self.facts(), sections })
    }

    fn title(&self) -> String {
        format!("{}: what if?", self.season.settings().name)
    }

    /// Returns the figures that have pictures and tables of their own.
    fn figures_on_page(&self) -> Vec<FigureKey> {
        let mut figures: Vec<FigureKey> = [Figure::Hired, Figure::Offered, Figure::Unplaced].map(FigureKey::from).into();
        if self.has_costs() {
            figures.push(Figure::Cost.into());
            figures.push(Figure::UnderBudget.into());
        }
        figures.retain(|key| self.first().figure(key).is_some());
        figures
    }

    fn overview_section(&self) -> PageSection {
        PageSection { tables: vec![self.means()], cross_tables: vec![self.by_class()], ..PageSection::new("Overview") }
    }

    /// Lays out the means of every scenario as numbers, which can be sorted, each with how much more or less it is.
    fn means(&self) -> Table {
        let measures = self.measures();
        let of = |pair: Pair<'_>, measure: &Measure| {
            let (mean, difference, unit) = (measure.mean(pair), measure.difference(pair), measure.unit());
            let difference = difference.map(|difference| difference.in_units(unit));
            [
                mean.map_or(Value::Blank, |mean| Value::Hundredths(mean.in_units(unit).mean)),
                match difference {
                    None => Value::Blank,
                    Some(open) if open.is_open() => Value::from("no difference"),
                    Some(difference) => Value::Change(Box::new(Value::Hundredths(difference.mean))),
                },
            ]
        };
        let row = |pair: Pair<'_>| {
            let named = [Value::from(&*pair.cell.name), Value::from(pair.cell.facts.places)];
            named.into_iter().chain(measures.iter().flat_map(|(measure, _, _)| of(pair, measure))).collect()
        };
        let columns = [("scenario", "Scenario"), ("places", "Places")];
        let pairs = measures.iter().flat_map(|(_, name, heading)| [(*name, *heading), ("difference", "\u{394}")]);
        Table {
            name: "scenarios",
            title: "Means, and how much more or less than as it is (\u{394})".to_owned(),
            columns: columns.into_iter().chain(pairs).collect(),
            rows: self.pairs().map(row).collect(),
        }
    }

    fn facts(&self) -> Vec<(String, String)> {
        let facts = &self.first().facts;
        let (seasons, seed) = (self.part.played(), &self.part.seed);
        let Fingerprint { settings, applicants, jobs, overrides } = Fingerprint::of(self.season);
        let named = [
            ("Season", facts.season.clone()),
            ("Seasons played", format!("{seasons} of each scenario")),
            ("Seeds", format!("\"{seed} 1\" to \"{seed} {seasons}\"")),
            ("Mechanism", facts.mechanism.to_string()),
            ("Assumed", assumptions(self.first()).join(" ")),
            ("Study", self.part.study.clone()),
            ("Fingerprint of settings", settings),
            ("of applicants", applicants),
            ("of jobs", jobs),
            ("of overrides", overrides),
            ("Program", format!("feriematch {}", env!("CARGO_PKG_VERSION"))),
        ];
        named.map(|(name, value)| (name.to_owned(), value)).into()
    }

    /// Says what every scenario, and every level of a grid, changes.
    fn changes(&self) -> Vec<(String, String)> {
        let told = |scenario: &Scenario| {
            let words = scenario.changes.iter().map(|stated| stated.change.in_words(self.season));
            let words = words.collect::<Vec<_>>().join("; ");
            if words.is_empty() { "as it is".to_owned() } else { words }
        };
        let own = self.file.scenarios.iter().map(|scenario| (scenario.name.clone(), told(scenario)));
        let levels = self.file.grids.iter().flat_map(|grid| {
            grid.axes.iter().flat_map(move |axis| {
                let name = move |level: &Scenario| format!("{}: {} {}", grid.name, axis.name, level.name);
                axis.levels.iter().map(move |level| (name(level), told(level)))
            })
        });
        own.chain(levels).collect()
    }
}

/// Returns pictures, or why one could not be drawn.
fn drawn(
    pictures: impl Iterator<Item = Result<String, feriematch_report::picture::PictureError>>,
) -> Result<Vec<String>, Failure> {
    pictures.map(|picture| picture.map_err(|error| anyhow::Error::from(error).into())).collect()
}
