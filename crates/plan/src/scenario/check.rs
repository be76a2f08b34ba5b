//! What is wrong with scenarios, beyond what can be read in each key.

use std::collections::BTreeSet;

use feriematch_ingest::{Code, Diagnostic, Span};
use rayon::prelude::*;

use crate::scenario::file::AS_IT_IS;
use crate::scenario::subject::{Subject, common};
use crate::scenario::{Base, CellPlan, Grid, Scenario, ScenarioFile, Stated};

impl ScenarioFile {
    /// Finds names that are not unique, changes that contradict each other, that cannot be made, or that change nothing.
    ///
    /// # Complexity
    ///
    /// That of making every scenario's season once, on the threads of the current pool.
    pub(crate) fn problems(&self, base: &Base<'_>) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        self.check_names(&mut problems);
        for scenario in self.each() {
            for (at, stated) in scenario.changes.iter().enumerate() {
                contradictions(base, &scenario.changes[..at], stated, &mut problems);
            }
            scenario.changes.iter().for_each(|stated| check_alone(base, stated, &mut problems));
        }
        self.grids.iter().for_each(|grid| check_axes(base, grid, &mut problems));
        // Of a grid whose parts are wrong the whole is not looked at.
        if problems.iter().all(|problem| problem.code() == Code::ChangeOfNothing) {
            self.check_together(base, &mut problems);
        }
        problems
    }

    /// Returns the scenarios and the levels of the axes.
    fn each(&self) -> impl Iterator<Item = &Scenario> {
        let levels = self.grids.iter().flat_map(|grid| &grid.axes).flat_map(|axis| &axis.levels);
        self.scenarios.iter().chain(levels)
    }

    fn check_names(&self, problems: &mut Vec<Diagnostic>) {
        let mut names: BTreeSet<&str> = [AS_IT_IS].into();
        let own = self.scenarios.iter().map(|scenario| (&*scenario.name, &scenario.at));
        let mut unique = |names: &mut BTreeSet<&'_ str>, name: &'_ str, at: &Span| {
            let is_new = !names.contains(name);
            if !is_new {
                let message = format!("there are two scenarios called `{name}`");
                problems.push(Diagnostic::new(Code::DuplicateId, at.clone(), message));
            }
            is_new
        };
        for (name, at) in own.chain(self.grids.iter().map(|grid| (&*grid.name, &grid.at))) {
            if unique(&mut names, name, at) {
                names.insert(name);
            }
        }
        for axis in self.grids.iter().flat_map(|grid| &grid.axes) {
            let mut levels = BTreeSet::new();
            for level in &axis.levels {
                if unique(&mut levels, &level.name, &level.at) {
                    levels.insert(&*level.name);
                }
            }
        }
    }

    /// Makes every scenario, and reports the first of each grid, or scenario of its own, that cannot be.
    fn check_together(&self, base: &Base<'_>, problems: &mut Vec<Diagnostic>) {
        let cells: Vec<CellPlan<'_>> = self.cells().filter(|cell| cell.changes.len() > 1).collect();
        let found: Vec<_> = cells.par_iter().map(|cell| base.vary(cell.changes.iter().copied()).err()).collect();
        let mut reported = BTreeSet::new();
        for (cell, problem) in cells.iter().zip(found) {
            let grid = cell.of_grid.as_ref().map(|(row, _)| *row);
            let Some(problem) = problem.filter(|_| grid.is_none_or(|row| reported.insert(row))) else { continue };
            let message = format!("the scenario `{}` cannot be: {problem}", cell.name);
            problems.push(Diagnostic::new(Code::ImpossibleChange, cell.at.clone(), message));
        }
    }
}

/// Reports that a change is of something that an earlier one of the scenario is of.
fn contradictions(base: &Base<'_>, before: &[Stated], stated: &Stated, problems: &mut Vec<Diagnostic>) {
    let subjects = stated.change.subjects(base.season);
    let clash = before.iter().find_map(|other| Some((other, common(&other.change.subjects(base.season), &subjects)?)));
    if let Some((other, subject)) = clash {
        let message = format!("{} is changed twice", subject.in_words(base.season));
        let help = format!("the other change is at {}; keep one of them", other.at);
        problems.push(Diagnostic::new(Code::ContradictingChanges, stated.at.clone(), message).with_help(help));
    }
}

/// Reports a change that cannot be made, or that changes nothing.
fn check_alone(base: &Base<'_>, stated: &Stated, problems: &mut Vec<Diagnostic>) {
    match base.vary([&stated.change]) {
        Err(problem) => {
            let message = format!("the change cannot be made: {problem}");
            problems.push(Diagnostic::new(Code::ImpossibleChange, stated.at.clone(), message));
        }
        Ok(variant) => {
            let is_as_before =
                variant.season == *base.season && variant.options == base.options && variant.assumptions == base.assumptions;
            if is_as_before && !stated.change.is_nothing() {
                let message = format!("nothing changes: {} already", stated.change.in_words(base.season));
                let help = "leave it out, or mend what it names".to_owned();
                problems.push(Diagnostic::new(Code::ChangeOfNothing, stated.at.clone(), message).with_help(help));
            }
        }
    }
}

/// Reports levels of two axes that are of the same thing: one pair of levels for each two axes.
fn check_axes(base: &Base<'_>, grid: &Grid, problems: &mut Vec<Diagnostic>) {
    let subjects = |level: &Scenario| {
        let mut all: Vec<Subject> = level.changes.iter().flat_map(|stated| stated.change.subjects(base.season)).collect();
        all.sort_unstable();
        all
    };
    let axes: Vec<Vec<Vec<Subject>>> = grid.axes.iter().map(|axis| axis.levels.iter().map(subjects).collect()).collect();
    for (second, theirs) in axes.iter().enumerate() {
        for (first, others) in axes[..second].iter().enumerate() {
            let pairs = || theirs.iter().enumerate().flat_map(|(level, of)| others.iter().map(move |other| (level, of, other)));
            let clash = pairs().find_map(|(level, of, other)| Some((level, common(of, other)?)));
            if let Some((level, subject)) = clash {
                let [other, own] = [first, second].map(|axis| &grid.axes[axis]);
                let message = format!("{} is changed by the axis `{}` too", subject.in_words(base.season), other.name);
                let help = "put what belongs together on one axis".to_owned();
                problems.push(Diagnostic::new(Code::ContradictingChanges, own.levels[level].at.clone(), message).with_help(help));
            }
        }
    }
}
