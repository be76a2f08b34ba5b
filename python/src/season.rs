//! Seasons.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use feriematch_core::{Preparation, Ranking, RunOptions, run};
use feriematch_ingest::{self as ingest, Encoding, Loaded, ReadError, ReadOptions, Severity, read_season};
use feriematch_model::{self as model, Mechanism, PlacementRule};
use feriematch_report::examine;
use pyo3::prelude::*;

use crate::diagnostic::Diagnostic;
use crate::fault::Fault;
use crate::outcome::Outcome;
use crate::threads::{work, work_while_wanted};

/// A season: who applies, what jobs there are, and by which rules places are given. It cannot be changed.
#[pyclass(frozen, module = "feriematch")]
#[derive(Debug, Clone)]
pub(crate) struct Season {
    pub(crate) loaded: Arc<Loaded>,
    /// The folder that it was read from.
    #[pyo3(get)]
    pub(crate) path: PathBuf,
}

impl Season {
    pub(crate) fn model(&self) -> &model::Season {
        &self.loaded.season
    }

    /// Works out who may take what, and refuses a season with errors.
    pub(crate) fn prepare(&self) -> Result<Preparation<'_>, Fault> {
        let preparation = Preparation::new(self.model());
        let problems = self.examine(&preparation);
        if problems.iter().any(|problem| problem.severity() == Severity::Error) {
            return Err(Fault::Invalid(problems));
        }
        Ok(preparation)
    }

    fn examine(&self, preparation: &Preparation<'_>) -> Vec<ingest::Diagnostic> {
        examine(preparation, &self.loaded.sources, self.loaded.warnings.clone())
    }
}

#[pymethods]
impl Season {
    /// Reads a season folder: season.toml, applicants, jobs and, where it is there, overrides.
    ///
    /// Raises InvalidInput with every problem of every file if there is an error among them.
    #[staticmethod]
    #[pyo3(signature = (path, *, encoding=None))]
    fn read(py: Python<'_>, path: PathBuf, encoding: Option<&str>) -> PyResult<Self> {
        let options = options(encoding)?;
        work(py, || {
            let loaded = Arc::new(read_season(&path, options)?);
            Ok(Self { loaded, path })
        })
    }

    /// Returns every problem of the season: those of its files, and what only the rules of eligibility can tell.
    fn check(&self, py: Python<'_>) -> PyResult<Vec<Diagnostic>> {
        work(py, || {
            let problems = self.examine(&Preparation::new(self.model()));
            Ok(problems.into_iter().map(Diagnostic::from).collect())
        })
    }

    /// Draws the lottery and gives places, as `feriematch match` does.
    ///
    /// What is left out is as season.toml says. The outcome is the same for any number of threads.
    #[pyo3(signature = (seed=None, *, mechanism=None, placement=None, balance=true, threads=None))]
    fn r#match(
        &self,
        py: Python<'_>,
        seed: Option<String>,
        mechanism: Option<&str>,
        placement: Option<&str>,
        balance: bool,
        threads: Option<NonZeroUsize>,
    ) -> PyResult<Outcome> {
        let options = self.choose(mechanism, placement, balance)?;
        let seed = self.seed_or(seed)?;
        work_while_wanted(py, threads, |_| {
            let preparation = self.prepare()?;
            let ranking = Ranking::draw(self.model(), &seed);
            let outcome = run(&preparation, &ranking, &options, &mut |_| {})?;
            Ok(Outcome::new(self.clone(), outcome))
        })
    }

    /// The season's name.
    #[getter]
    fn name(&self) -> &str {
        &self.model().settings().name
    }

    /// The calendar year.
    #[getter]
    fn year(&self) -> i16 {
        self.model().settings().year
    }

    /// The birth years that may apply.
    #[getter]
    fn cohorts(&self) -> Vec<i16> {
        self.model().settings().cohorts.clone()
    }

    /// The seed of the lottery, if season.toml names one.
    #[getter]
    fn seed(&self) -> Option<&str> {
        self.model().settings().seed.as_deref()
    }

    /// How places are assigned.
    #[getter]
    fn mechanism(&self) -> &'static str {
        self.model().settings().mechanism.name()
    }

    /// Which placement of those selected is taken, by the mechanism "priority".
    #[getter]
    fn placement(&self) -> &'static str {
        self.model().settings().placement.name()
    }

    /// How many applicants there are.
    #[getter]
    fn applicants(&self) -> usize {
        self.model().applicants().len()
    }

    /// How many jobs there are.
    #[getter]
    fn jobs(&self) -> usize {
        self.model().jobs().len()
    }

    /// How many places the jobs have together.
    #[getter]
    fn places(&self) -> u64 {
        self.model().jobs().iter().map(|job| u64::from(job.capacity)).sum()
    }

    fn __repr__(&self) -> String {
        format!("<Season {:?}: {} applicants, {} jobs, {} places>", self.name(), self.applicants(), self.jobs(), self.places())
    }
}

impl Season {
    /// Returns how the season is run, where that is not left to season.toml.
    pub(crate) fn choose(&self, mechanism: Option<&str>, placement: Option<&str>, balance: bool) -> Result<RunOptions, Fault> {
        let mechanism = mechanism.map(|name| {
            let known = Mechanism::ALL.map(Mechanism::name);
            Mechanism::ALL.into_iter().find(|m| m.name() == name).ok_or_else(|| Fault::unknown("mechanism", name, &known))
        });
        let placement = placement.map(|name| {
            let known = PlacementRule::ALL.map(PlacementRule::name);
            let named = PlacementRule::ALL.into_iter().find(|rule| rule.name() == name);
            named.ok_or_else(|| Fault::unknown("rule of placement", name, &known))
        });
        Ok(RunOptions::choose(self.model(), mechanism.transpose()?, placement.transpose()?, balance)?)
    }

    fn seed_or(&self, asked: Option<String>) -> Result<String, Fault> {
        asked.or_else(|| self.seed().map(str::to_owned)).ok_or_else(|| {
            Fault::usage(
                "there is no seed for the lottery",
                "state where it will come from before it is known, then give it with seed= or under [lottery] in season.toml",
            )
        })
    }
}

/// Returns every problem of a season folder, whether or not it can be read as a season.
#[pyfunction]
#[pyo3(signature = (path, *, encoding=None))]
pub(crate) fn check(py: Python<'_>, path: PathBuf, encoding: Option<&str>) -> PyResult<Vec<Diagnostic>> {
    let options = options(encoding)?;
    work(py, || {
        let problems = match read_season(&path, options) {
            Ok(loaded) => examine(&Preparation::new(&loaded.season), &loaded.sources, loaded.warnings.clone()),
            Err(ReadError::Invalid(problems)) => problems,
            Err(fault) => return Err(fault.into()),
        };
        Ok(problems.into_iter().map(Diagnostic::from).collect())
    })
}

/// Returns how files are to be read.
fn options(encoding: Option<&str>) -> Result<ReadOptions, Fault> {
    let encoding = match encoding {
        None => None,
        Some("utf-8") => Some(Encoding::Utf8),
        Some("windows-1252") => Some(Encoding::Windows1252),
        Some(other) => return Err(Fault::unknown("encoding", other, &["utf-8", "windows-1252"])),
    };
    Ok(ReadOptions { encoding })
}
