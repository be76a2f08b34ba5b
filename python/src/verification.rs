//! What an audit found.

use feriematch_audit::{audit, maxima};
use feriematch_model as model;
use feriematch_report::verified;
use pyo3::prelude::*;

/// What an audit found: that every decision is right, or everything that is not.
#[pyclass(frozen, module = "feriematch")]
#[derive(Debug)]
pub(crate) struct Verification {
    /// What is wrong; empty where nothing is.
    #[pyo3(get)]
    refutations: Vec<Refutation>,
    /// What was found right, as `feriematch verify --format json` prints it.
    report: Option<String>,
}

/// One thing that is wrong with an outcome, said so precisely that a person can check it by hand.
#[pyclass(frozen, eq, hash, module = "feriematch")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Refutation {
    /// The code.
    #[pyo3(get)]
    code: &'static str,
    /// What is wrong, and with whom.
    #[pyo3(get)]
    message: String,
}

impl Verification {
    /// Audits an outcome.
    pub(crate) fn of(season: &model::Season, outcome: &model::Outcome) -> Self {
        let audited = audit(season, outcome).and_then(|certificate| Ok((certificate, maxima(season, outcome)?)));
        match audited {
            Ok((certificate, maxima)) => {
                Self { refutations: Vec::new(), report: Some(verified(&certificate, Some(&maxima)).to_string()) }
            }
            Err(refutations) => {
                let refutation =
                    |found: &feriematch_audit::Refutation| Refutation { code: found.code(), message: found.to_string() };
                Self { refutations: refutations.iter().map(refutation).collect(), report: None }
            }
        }
    }
}

#[pymethods]
impl Verification {
    /// Whether nothing is wrong.
    #[getter]
    fn ok(&self) -> bool {
        self.refutations.is_empty()
    }

    /// What was found right, as a dict: counts of applicants, places, reasons and stages. None where something is wrong.
    #[getter]
    fn certificate<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let loads = |report| py.import("json")?.getattr("loads")?.call1((report,));
        self.report.as_deref().map(loads).transpose()
    }

    fn __bool__(&self) -> bool {
        self.ok()
    }

    fn __repr__(&self) -> String {
        if self.ok() {
            "<Verification: ok>".to_owned()
        } else {
            format!("<Verification: {} refutations>", self.refutations.len())
        }
    }
}

#[pymethods]
impl Refutation {
    fn __str__(&self) -> String {
        format!("refuted[{}]: {}", self.code, self.message)
    }

    fn __repr__(&self) -> String {
        format!("<Refutation {}: {}>", self.code, self.message)
    }
}
