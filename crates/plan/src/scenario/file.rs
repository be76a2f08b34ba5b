//! What a file of scenarios says, and the scenarios that follow from it.

use std::iter;

use feriematch_ingest::Span;

use crate::scenario::Change;

/// What a file of scenarios says.
#[derive(Debug, Clone)]
pub struct ScenarioFile {
    /// The scenarios, in the order of the file.
    pub scenarios: Vec<Scenario>,
    /// The grids, in the order of the file.
    pub grids: Vec<Grid>,
}

/// Something with a name and changes: a scenario, or a level of an axis.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// The name.
    pub name: String,
    /// Where it stands.
    pub at: Span,
    /// The changes, in the order in which they are made.
    pub changes: Vec<Stated>,
}

/// A change, and where it stands.
#[derive(Debug, Clone)]
pub struct Stated {
    /// The change.
    pub change: Change,
    /// Where it stands.
    pub at: Span,
}

/// Axes of which every combination of levels is a scenario.
#[derive(Debug, Clone)]
pub struct Grid {
    /// The name.
    pub name: String,
    /// Where it stands.
    pub at: Span,
    /// The axes; the last varies fastest.
    pub axes: Vec<Axis>,
}

/// An axis of a grid.
#[derive(Debug, Clone)]
pub struct Axis {
    /// What is varied.
    pub name: String,
    /// The levels.
    pub levels: Vec<Scenario>,
}

impl Axis {
    /// Returns the numbers that the levels are, if all their names are ascending whole numbers, or all such numbers with ` %`.
    pub fn numbers(&self) -> Option<Vec<u32>> {
        let number = |level: &Scenario| {
            let name = if self.is_percent() { level.name.strip_suffix(PERCENT)? } else { &level.name };
            name.parse().ok()
        };
        let numbers: Vec<u32> = self.levels.iter().map(number).collect::<Option<_>>()?;
        numbers.is_sorted_by(|a, b| a < b).then_some(numbers)
    }

    /// Returns what stands beside an axis of [`numbers`](Self::numbers): the name, and the unit.
    pub fn label(&self) -> String {
        if self.is_percent() { format!("{},{PERCENT}", self.name) } else { self.name.clone() }
    }

    fn is_percent(&self) -> bool {
        self.levels.first().is_some_and(|level| level.name.ends_with(PERCENT))
    }
}

/// How a level of per cent ends.
const PERCENT: &str = " %";

impl Grid {
    /// Returns how many scenarios it has; `usize::MAX` where they are more than can be counted.
    pub fn len(&self) -> usize {
        self.axes.iter().try_fold(1_usize, |cells, axis| cells.checked_mul(axis.levels.len())).unwrap_or(usize::MAX)
    }

    /// Returns whether it has no scenario, which the reader refuses.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the levels of a scenario by its number, from 0; the last axis varies fastest.
    pub fn levels(&self, mut number: usize) -> Vec<usize> {
        let mut levels: Vec<usize> = self
            .axes
            .iter()
            .rev()
            .map(|axis| {
                let level = number % axis.levels.len();
                number /= axis.levels.len();
                level
            })
            .collect();
        levels.reverse();
        levels
    }
}

/// A scenario to be played, with where it comes from.
#[derive(Debug, Clone)]
pub struct CellPlan<'f> {
    /// The name: the scenario's, or the grid's with the levels.
    pub name: String,
    /// Where it stands.
    pub at: &'f Span,
    /// Which grid, and which of the levels of its axes; `None` for a scenario of its own.
    pub of_grid: Option<(usize, Vec<usize>)>,
    /// The changes, in the order in which they are made.
    pub changes: Vec<&'f Change>,
}

/// What the first cell is called: the season as it is.
pub(crate) const AS_IT_IS: &str = "as it is";

impl ScenarioFile {
    /// Returns how many scenarios there are.
    pub fn len(&self) -> usize {
        self.grids.iter().fold(self.scenarios.len(), |cells, grid| cells.saturating_add(grid.len()))
    }

    /// Returns whether there is no scenario, which the reader refuses.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Lists the scenarios: those of their own, and those of the grids. The season as it is is not among them.
    pub fn cells(&self) -> impl Iterator<Item = CellPlan<'_>> {
        let single = self.scenarios.iter().map(|scenario| CellPlan {
            name: scenario.name.clone(),
            at: &scenario.at,
            of_grid: None,
            changes: in_turn(iter::once(scenario)),
        });
        let of_grids = self.grids.iter().enumerate().flat_map(|(row, grid)| {
            (0..grid.len()).map(move |number| {
                let levels = grid.levels(number);
                let chosen = || grid.axes.iter().zip(&levels).map(|(axis, &level)| &axis.levels[level]);
                let words = grid.axes.iter().zip(chosen()).map(|(axis, level)| format!("{} {}", axis.name, level.name));
                let name = format!("{}: {}", grid.name, words.collect::<Vec<_>>().join(", "));
                CellPlan { name, at: &grid.at, changes: in_turn(chosen()), of_grid: Some((row, levels)) }
            })
        });
        single.chain(of_grids)
    }
}

/// Returns the changes of scenarios in the order in which they are made.
fn in_turn<'f>(scenarios: impl Iterator<Item = &'f Scenario>) -> Vec<&'f Change> {
    let mut changes: Vec<&Change> = scenarios.flat_map(|scenario| &scenario.changes).map(|stated| &stated.change).collect();
    changes.sort_by_key(|change| change.turn());
    changes
}
