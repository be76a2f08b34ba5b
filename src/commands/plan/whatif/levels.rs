//! Grids of three and more axes, of which nobody can read the scenarios one by one: what each level gives, averaged over all other axes.

use feriematch_plan::scenario::Grid;
use feriematch_plan::study::FigureKey;
use feriematch_report::{Table, Value};

use super::account::{Account, Measure};
use super::estimate::{Estimate, Pair};

/// The scenarios of a grid at one level of an axis.
pub(super) struct Level<'a> {
    /// The axis and the level.
    pub(super) names: [&'a str; 2],
    pairs: Vec<Pair<'a>>,
}

impl Level<'_> {
    /// Returns the mean difference from the season as it is; nothing if that of a scenario is not known.
    pub(super) fn difference(&self, measure: &Measure) -> Option<Estimate> {
        let differences: Option<Vec<Estimate>> = self.pairs.iter().map(|&pair| measure.difference(pair)).collect();
        Estimate::mean_of(&differences?)
    }
}

impl<'a> Account<'a> {
    /// Returns the numbers of the grids of three and more axes.
    pub(super) fn manifold_grids(&self) -> impl Iterator<Item = usize> {
        (0..self.file.grids.len()).filter(|&row| is_manifold(&self.file.grids[row]))
    }

    /// Returns the number in the file of a grid's first scenario.
    pub(super) fn first_plan(&self, row: usize) -> usize {
        self.file.scenarios.len() + self.file.grids[..row].iter().map(Grid::len).sum::<usize>()
    }

    /// Returns every level of every axis of a grid.
    pub(super) fn levels(&self, row: usize) -> Vec<Level<'a>> {
        let grid = &self.file.grids[row];
        let first = self.first_plan(row);
        let mut levels = Vec::new();
        let mut stride = grid.len();
        for axis in &grid.axes {
            stride /= axis.levels.len();
            for (number, level) in axis.levels.iter().enumerate() {
                let at_level = (0..grid.len()).filter(|scenario| scenario / stride % axis.levels.len() == number);
                let pairs = at_level.map(|scenario| self.pair(first + scenario)).collect();
                levels.push(Level { names: [&axis.name, &level.name], pairs });
            }
        }
        levels
    }

    /// Lays out what each level gives, or of one figure; nothing of one that is not told.
    pub(super) fn by_level(&self, row: usize, only: Option<&FigureKey>) -> Option<Table> {
        let measures = match only {
            None => self.measures(),
            Some(key) if self.masked.hides_figure(key) => return None,
            Some(key) => vec![(Measure::Figure(key.clone()), "difference", "Difference")],
        };
        let mut before = "";
        let level = |level: Level<'a>| {
            let [axis, name] = level.names;
            let named = [Value::from(if axis == before { "" } else { axis }), Value::from(name)];
            before = axis;
            let told = measures.iter().map(|(measure, _, _)| measure.in_table(level.difference(measure), true));
            named.into_iter().chain(told).collect()
        };
        Some(Table {
            name: "levels",
            title: format!(
                "{}: each level averaged over all other axes, how much more or less than as it is",
                self.file.grids[row].name
            ),
            rows: self.levels(row).into_iter().map(level).collect(),
            columns: [("axis", "Axis"), ("level", "Level")]
                .into_iter()
                .chain(measures.iter().map(|(_, name, heading)| (*name, *heading)))
                .collect(),
        })
    }
}

/// Returns whether a grid has more axes than a picture can show beside each other.
pub(super) fn is_manifold(grid: &Grid) -> bool {
    grid.axes.len() > 2
}
