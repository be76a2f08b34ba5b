//! A planner's questions: seasons simulated thousands of times, in parts that can be played anywhere.

use std::fs;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use feriematch_core::RunOptions;
use feriematch_ingest as ingest;
use feriematch_plan::PlanError;
use feriematch_plan::scenario::{Base, ScenarioFile, ScenarioStudy};
use feriematch_plan::study::{self, Cell, MergeError, Shard, Study, StudyPart};
use pyo3::prelude::*;

use crate::diagnostic::Diagnostic;
use crate::fault::Fault;
use crate::figure_tables;
use crate::season::Season;
use crate::table::Table;
use crate::threads::{Wanted, work, work_while_wanted};

/// What nobody knows yet about a season, and a planner assumes.
#[pyclass(frozen, eq, module = "feriematch.plan")]
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Assumptions {
    assumptions: study::Assumptions,
    warnings: Vec<ingest::Diagnostic>,
}

impl Assumptions {
    /// Reads what a file assumes.
    fn of_file(path: &Path, season: &Season) -> Result<Self, Fault> {
        let (assumptions, warnings) = study::Assumptions::read(path, season.model())?;
        Ok(Self { assumptions, warnings })
    }

    /// Returns what is given, or what planning.toml in the season's folder says.
    fn or_of(given: Option<&Self>, season: &Season) -> Result<Self, Fault> {
        let own = season.path.join("planning.toml");
        match given {
            Some(given) => Ok(given.clone()),
            None if own.exists() => Self::of_file(&own, season),
            None => Err(Fault::usage(
                format!("nothing says how many offers are declined: {} is not there", own.display()),
                "write planning.toml with `[[answers]]` and `declined = \"22 of 198\"` or a percentage, or give assumptions: docs/planning/capacity.md",
            )),
        }
    }
}

#[pymethods]
impl Assumptions {
    /// Reads what a file assumes about a season: docs/planning/capacity.md describes it.
    ///
    /// Raises InvalidInput with every problem of the file.
    #[staticmethod]
    fn read(py: Python<'_>, path: PathBuf, season: &Season) -> PyResult<Self> {
        work(py, || Self::of_file(&path, season))
    }

    /// What may not be what was meant.
    #[getter]
    fn warnings(&self) -> Vec<Diagnostic> {
        self.warnings.iter().cloned().map(Diagnostic::from).collect()
    }
}

/// What came out of a study's seasons, or of those of some shards: whole numbers, which merge exactly.
#[pyclass(frozen, eq, module = "feriematch.plan")]
#[derive(Debug, PartialEq)]
pub(crate) struct Part {
    part: StudyPart,
}

impl From<StudyPart> for Part {
    fn from(part: StudyPart) -> Self {
        Self { part }
    }
}

#[pymethods]
impl Part {
    /// Reads a part's file.
    #[staticmethod]
    fn read(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        work(py, || {
            let bytes = fs::read(&path).map_err(Fault::reading(&path))?;
            parse(&bytes).map_err(|error| not_a_part(&path.display().to_string(), &error))
        })
    }

    /// Reads a part from the text of its file.
    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        work(py, || parse(text.as_bytes()).map_err(|error| not_a_part("this", &error)))
    }

    /// Returns the text of the part's file: the same bytes that the command line writes.
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        work(py, || {
            let json = serde_json::to_string(&self.part).map_err(|error| Fault::Internal(error.to_string()))?;
            Ok(json + "\n")
        })
    }

    /// Sends a part to another process.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        Ok((py.get_type::<Self>().getattr("from_json")?, (self.to_json(py)?,)))
    }

    /// The hash of everything that decides what comes out.
    #[getter]
    fn study(&self) -> &str {
        &self.part.study
    }

    /// The seed; that of a season is this text and its number.
    #[getter]
    fn seed(&self) -> &str {
        &self.part.seed
    }

    /// How many seasons the study has.
    #[getter]
    fn seasons(&self) -> u32 {
        self.part.seasons
    }

    /// How many of them were played.
    #[getter]
    fn played(&self) -> u32 {
        self.part.played()
    }

    /// Which shards are in, such as "2/8".
    #[getter]
    fn shards(&self) -> Vec<String> {
        self.part.shards().map(|shard| shard.to_string()).collect()
    }

    /// Which shards are not in.
    #[getter]
    fn missing(&self) -> Vec<String> {
        self.part.missing().iter().map(ToString::to_string).collect()
    }

    /// The names of the scenarios; the first is the one that the others are compared with.
    #[getter]
    fn scenarios(&self) -> Vec<String> {
        self.part.cells.iter().map(|cell| cell.name.clone()).collect()
    }

    /// How every figure is distributed over the seasons, for each scenario.
    #[getter]
    fn figures(&self, py: Python<'_>) -> PyResult<Table> {
        work(py, || Ok(Table::from(figure_tables::figures(&self.part)?)))
    }

    /// By how much every figure is more than in the first scenario, season by season.
    #[getter]
    fn differences(&self, py: Python<'_>) -> PyResult<Table> {
        work(py, || Ok(Table::from(figure_tables::differences(&self.part)?)))
    }

    fn __repr__(&self) -> String {
        let Self { part } = self;
        let cells = part.cells.len();
        let scenarios = if cells == 1 { String::new() } else { format!(", {cells} scenarios") };
        format!("<Part: {} of {} seasons, seed {:?}{scenarios}>", part.played(), part.seasons, part.seed)
    }
}

/// What a planner would change: scenarios of a file, and every combination of its grids' levels.
#[pyclass(frozen, module = "feriematch.plan")]
#[derive(Debug)]
pub(crate) struct Scenarios {
    /// The season that is changed.
    #[pyo3(get)]
    season: Season,
    options: RunOptions,
    assumptions: Assumptions,
    file: ScenarioFile,
    warnings: Vec<ingest::Diagnostic>,
}

impl Scenarios {
    fn study(&self, seed: String, seasons: u32) -> ScenarioStudy<'_> {
        let Self { season, options, assumptions, file, .. } = self;
        let base = Base { season: season.model(), options: options.clone(), assumptions: assumptions.assumptions.clone() };
        ScenarioStudy { base, file, seed, seasons }
    }
}

#[pymethods]
impl Scenarios {
    /// Reads a file of scenarios of a season: docs/planning/whatif.md describes it.
    ///
    /// Raises InvalidInput with every problem of the file.
    #[staticmethod]
    #[pyo3(signature = (path, season, assumptions=None, *, mechanism=None, placement=None, balance=true))]
    fn read(
        py: Python<'_>,
        path: PathBuf,
        season: &Season,
        assumptions: Option<&Assumptions>,
        mechanism: Option<&str>,
        placement: Option<&str>,
        balance: bool,
    ) -> PyResult<Self> {
        let options = season.choose(mechanism, placement, balance)?;
        work(py, || {
            season.prepare()?;
            let assumptions = Assumptions::or_of(assumptions, season)?;
            let base = Base { season: season.model(), options: options.clone(), assumptions: assumptions.assumptions.clone() };
            let (file, warnings) = ScenarioFile::read(&path, &base)?;
            Ok(Self { season: season.clone(), options, assumptions, file, warnings })
        })
    }

    /// The names, in the order in which they are played; the season as it is comes before them.
    #[getter]
    fn names(&self) -> Vec<String> {
        self.file.cells().map(|cell| cell.name).collect()
    }

    /// In how many batches they are played, each beside the season as it is: so that few are in memory at once.
    #[getter]
    fn batches(&self) -> usize {
        self.study(String::new(), 0).batches()
    }

    /// What may not be what was meant.
    #[getter]
    fn warnings(&self) -> Vec<Diagnostic> {
        self.warnings.iter().cloned().map(Diagnostic::from).collect()
    }

    fn __len__(&self) -> usize {
        self.file.len()
    }

    fn __repr__(&self) -> String {
        format!("<Scenarios of {:?}: {}>", self.season.model().settings().name, self.file.len())
    }
}

/// Plays a season thousands of times under assumptions, or those of a shard of the times.
///
/// Assumptions that are left out are read from planning.toml in the season's folder. `progress` is called with the number of seasons that
/// are played and of those to be played, from any thread.
#[pyfunction]
#[pyo3(signature = (season, assumptions=None, *, seasons, seed, shard="1/1", mechanism=None, placement=None, balance=true, threads=None, progress=None))]
#[expect(clippy::too_many_arguments, reason = "keyword arguments")]
pub(crate) fn capacity(
    py: Python<'_>,
    season: &Season,
    assumptions: Option<&Assumptions>,
    seasons: u32,
    seed: String,
    shard: &str,
    mechanism: Option<&str>,
    placement: Option<&str>,
    balance: bool,
    threads: Option<NonZeroUsize>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Part> {
    let options = season.choose(mechanism, placement, balance)?;
    let shard = parse_shard(shard)?;
    work_while_wanted(py, threads, |wanted| {
        season.prepare()?;
        let assumptions = Assumptions::or_of(assumptions, season)?.assumptions;
        let cell = Cell { name: "season".to_owned(), season: season.model(), options, assumptions };
        let study = Study { cells: vec![cell], seed, seasons };
        let progress = Progress::new(progress, shard.len(seasons) as usize);
        Ok(Part::from(study.play(shard, &|| progress.step(wanted))?))
    })
}

/// Plays scenarios beside the season as it is, thousands of times, or those of a shard of the times.
///
/// They are played in batches, of which there are `scenarios.batches`; one alone with `batch`, from 1, and `side_by_side` makes of all what comes of
/// the whole. `progress` is called with the number of seasons that are played, in all batches, and of those to be played, from any thread.
#[pyfunction]
#[pyo3(signature = (scenarios, *, seasons, seed, shard="1/1", batch=None, threads=None, progress=None))]
#[expect(clippy::too_many_arguments, reason = "keyword arguments")]
pub(crate) fn whatif(
    py: Python<'_>,
    scenarios: &Scenarios,
    seasons: u32,
    seed: String,
    shard: &str,
    batch: Option<NonZeroUsize>,
    threads: Option<NonZeroUsize>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Part> {
    let shard = parse_shard(shard)?;
    work_while_wanted(py, threads, |wanted| {
        let study = scenarios.study(seed, seasons);
        let batches = study.batches();
        let progress = Progress::new(progress, shard.len(seasons) as usize * batch.map_or(batches, |_| 1));
        Ok(Part::from(match batch.map(NonZeroUsize::get) {
            None => study.play(shard, &|| progress.step(wanted))?,
            Some(batch) if batch <= batches => study.play_batch(batch - 1, shard, &|| progress.step(wanted))?,
            Some(batch) => return Err(Fault::usage(format!("there is no batch {batch}"), format!("there are {batches}"))),
        }))
    })
}

/// Puts all batches of a study beside each other, in order: the result is that of a study played in one piece.
///
/// Raises Mismatch for parts of other seasons, and for those that compare with something else.
#[pyfunction]
pub(crate) fn side_by_side(py: Python<'_>, parts: Vec<PyRef<'_, Part>>) -> PyResult<Part> {
    let parts: Vec<StudyPart> = parts.iter().map(|part| part.part.clone()).collect();
    work(py, || Ok(Part::from(StudyPart::side_by_side(parts)?)))
}

/// Puts parts of a study together, in any order: the result is that of a study played in one piece.
///
/// Raises Mismatch for parts of different studies, and for seasons that are there twice.
#[pyfunction]
pub(crate) fn merge(py: Python<'_>, parts: Vec<PyRef<'_, Part>>) -> PyResult<Part> {
    let parts: Vec<StudyPart> = parts.iter().map(|part| part.part.clone()).collect();
    work(py, || Ok(Part::from(StudyPart::merge(parts)?)))
}

/// Tells Python how far a study is.
struct Progress {
    report: Option<Py<PyAny>>,
    played: AtomicUsize,
    all: usize,
}

impl Progress {
    const fn new(report: Option<Py<PyAny>>, all: usize) -> Self {
        Self { report, played: AtomicUsize::new(0), all }
    }

    /// Counts another season, and says whether to go on.
    fn step(&self, wanted: &Wanted) -> ControlFlow<()> {
        let played = self.played.fetch_add(1, Ordering::Relaxed) + 1;
        let Some(report) = &self.report else { return wanted.go_on() };
        Python::attach(|py| {
            // What a report of progress raises is shown: it is no reason to lose the study.
            if let Err(error) = report.call1(py, (played, self.all)) {
                error.write_unraisable(py, Some(report.bind(py)));
            }
        });
        wanted.go_on()
    }
}

fn parse_shard(text: &str) -> Result<Shard, Fault> {
    text.parse().map_err(|error: study::ParseShardError| Fault::usage(error.to_string(), ""))
}

fn parse(bytes: &[u8]) -> serde_json::Result<Part> {
    serde_json::from_slice::<StudyPart>(bytes).map(Part::from)
}

fn not_a_part(what: &str, error: &serde_json::Error) -> Fault {
    Fault::usage(
        format!("{what} is not a part of a study: {error}"),
        "it must be what `feriematch plan` or `Part.to_json` writes",
    )
}

impl From<PlanError> for Fault {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::Run(error) => error.into(),
            PlanError::Round { .. } => Self::Infeasible {
                message: error.to_string(),
                help: "use lower rank costs, or fewer wishes for whole classes of jobs".to_owned(),
            },
            PlanError::Calendar | PlanError::Scenario { .. } => {
                Self::Infeasible { message: error.to_string(), help: String::new() }
            }
            error => Self::Internal(error.to_string()),
        }
    }
}

impl From<MergeError> for Fault {
    fn from(error: MergeError) -> Self {
        let help = match error {
            MergeError::Nothing => "give at least one part",
            MergeError::Overlap { .. } => "give each part once",
            _ => "give parts of one study: the same files, scenarios, assumptions, seed, number of seasons and version",
        };
        Self::Mismatch { message: error.to_string(), help: help.to_owned() }
    }
}
