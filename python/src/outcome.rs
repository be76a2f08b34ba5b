//! Outcomes of a season.

use std::fs;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use feriematch_core::{PaperDraw, Preparation, Ranking};
use feriematch_model::{self as model, Verdict};
use feriematch_report::lists::Rows;
use feriematch_report::outcome_folder::{self, OUTCOME_FILE};
use feriematch_report::{Overview, export, summary};
use pyo3::prelude::*;

use crate::fault::Fault;
use crate::list_tables;
use crate::season::Season;
use crate::table::Table;
use crate::threads::{work, work_while_wanted};
use crate::verification::Verification;

/// What a run decided on every applicant, with the evidence, beside the season that it is of.
#[pyclass(frozen, module = "feriematch")]
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The season.
    #[pyo3(get)]
    season: Season,
    outcome: Arc<model::Outcome>,
}

impl Outcome {
    pub(crate) fn new(season: Season, outcome: model::Outcome) -> Self {
        Self { season, outcome: Arc::new(outcome) }
    }

    /// Returns a table of an outcome that is one of the season.
    fn table(&self, py: Python<'_>, of: impl FnOnce(&Rows<'_>) -> Result<RecordBatch, ArrowError> + Send) -> PyResult<Table> {
        work(py, || {
            self.outcome.check_is_of(self.season.model())?;
            Ok(Table::from(of(&Rows::new(self.season.model(), &self.outcome))?))
        })
    }

    fn count(&self, is: impl Fn(&Verdict) -> bool) -> usize {
        self.outcome.decisions.iter().filter(|decision| is(&decision.verdict)).count()
    }
}

#[pymethods]
impl Outcome {
    /// Reads an outcome of a season: outcome.json, or the folder that it is in.
    ///
    /// It is not checked here; `verify` does that, and tables are made only of an outcome that is one of the season.
    #[staticmethod]
    fn read(py: Python<'_>, path: PathBuf, season: &Season) -> PyResult<Self> {
        work(py, || {
            let file = if path.is_dir() { path.join(OUTCOME_FILE) } else { path };
            let bytes = fs::read(&file).map_err(Fault::reading(&file))?;
            parse(&bytes, season).map_err(|error| {
                Fault::usage(
                    format!("{} is not an outcome: {error}", file.display()),
                    "it must be an outcome.json as `feriematch match` or `Outcome.write` writes it",
                )
            })
        })
    }

    /// Reads an outcome of a season from the text of an outcome.json.
    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str, season: &Season) -> PyResult<Self> {
        work(py, || {
            parse(text.as_bytes(), season).map_err(|error| {
                Fault::usage(format!("this is not an outcome: {error}"), "it must be what an outcome.json holds")
            })
        })
    }

    /// Returns what outcome.json holds: every decision, and the evidence that others check. It is not masked: docs/privacy.md.
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        work(py, || {
            let mut bytes = Vec::new();
            export::write_outcome(&self.outcome, &mut bytes).map_err(|error| Fault::Internal(error.to_string()))?;
            String::from_utf8(bytes).map_err(|error| Fault::Internal(error.to_string()))
        })
    }

    /// Writes the folder that `feriematch match` writes: the lists and outcome.json, whole or not at all.
    ///
    /// An outcome that is there already is replaced; a folder that holds anything else is refused.
    fn write(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        work(py, || {
            self.outcome.check_is_of(self.season.model())?;
            Ok(outcome_folder::write(&path, &Preparation::new(self.season.model()), &self.outcome)?)
        })
    }

    /// Checks every decision with code that shares nothing with the engine, from the season's files and the outcome alone.
    #[pyo3(signature = (season=None, *, threads=None))]
    fn verify(&self, py: Python<'_>, season: Option<&Season>, threads: Option<NonZeroUsize>) -> PyResult<Verification> {
        let season = season.unwrap_or(&self.season);
        work_while_wanted(py, threads, |_| Ok(Verification::of(season.model(), &self.outcome)))
    }

    /// Returns the summary that `feriematch match` prints, beside what a paper lottery would have given.
    fn summary(&self, py: Python<'_>) -> PyResult<String> {
        work(py, || {
            self.outcome.check_is_of(self.season.model())?;
            let preparation = Preparation::new(self.season.model());
            let paper = PaperDraw::new(&preparation, &Ranking::draw(self.season.model(), &self.outcome.seed));
            Ok(summary(&self.outcome, &Overview::new(&preparation, &self.outcome, &paper)))
        })
    }

    /// Who gets which place, in ranking order: offers.csv.
    #[getter]
    fn offers(&self, py: Python<'_>) -> PyResult<Table> {
        self.table(py, list_tables::offers)
    }

    /// Who is next, in ranking order: waiting-list.csv.
    #[getter]
    fn waiting_list(&self, py: Python<'_>) -> PyResult<Table> {
        self.table(py, list_tables::waiting_list)
    }

    /// Each place, and who has it: jobs.csv, which goes to employers.
    #[getter]
    fn jobs(&self, py: Python<'_>) -> PyResult<Table> {
        self.table(py, list_tables::jobs)
    }

    /// Who may take no job wished for, and by which rules: not-eligible.csv.
    #[getter]
    fn not_eligible(&self, py: Python<'_>) -> PyResult<Table> {
        self.table(py, |rows| list_tables::not_eligible(rows, &Preparation::new(rows.season())))
    }

    /// What was decided on each applicant, by id.
    #[getter]
    fn decisions(&self, py: Python<'_>) -> PyResult<Table> {
        self.table(py, list_tables::decisions)
    }

    /// The seed of the lottery.
    #[getter]
    fn seed(&self) -> &str {
        &self.outcome.seed
    }

    /// How places were assigned.
    #[getter]
    fn mechanism(&self) -> &'static str {
        self.outcome.mechanism.name()
    }

    /// Which placement of those selected was taken.
    #[getter]
    fn placement(&self) -> &'static str {
        self.outcome.placement.name()
    }

    /// How many have a place.
    #[getter]
    fn placed(&self) -> usize {
        self.count(|verdict| matches!(verdict, Verdict::Placed(_)))
    }

    /// How many wait for one.
    #[getter]
    fn waiting(&self) -> usize {
        self.count(|verdict| matches!(verdict, Verdict::Waiting { .. }))
    }

    /// How many may take no job wished for.
    #[getter]
    fn ineligible(&self) -> usize {
        self.count(|verdict| matches!(verdict, Verdict::Ineligible { .. }))
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.outcome == other.outcome
    }

    fn __repr__(&self) -> String {
        format!(
            "<Outcome of {:?} by {}, seed {:?}: {} placed, {} waiting, {} not eligible>",
            self.outcome.season,
            self.outcome.method(),
            self.outcome.seed,
            self.placed(),
            self.waiting(),
            self.ineligible()
        )
    }
}

fn parse(bytes: &[u8], season: &Season) -> serde_json::Result<Outcome> {
    serde_json::from_slice(bytes).map(|outcome| Outcome::new(season.clone(), outcome))
}
