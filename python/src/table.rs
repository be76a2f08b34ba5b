//! Tables that other libraries read without a copy.

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{RecordBatch, RecordBatchIterator};
use arrow_schema::ffi::FFI_ArrowSchema;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyTuple};

use crate::fault::Fault;

/// A table in Arrow's columnar form, which pyarrow, pandas, polars, DuckDB and others read without a copy.
#[pyclass(frozen, module = "feriematch")]
#[derive(Debug)]
pub(crate) struct Table {
    batch: RecordBatch,
}

impl From<RecordBatch> for Table {
    fn from(batch: RecordBatch) -> Self {
        Self { batch }
    }
}

#[pymethods]
impl Table {
    /// Gives the table through Arrow's PyCapsule interface.
    ///
    /// The interface lets a producer return its own schema where another is requested.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema;
        let batches = RecordBatchIterator::new([Ok(self.batch.clone())], self.batch.schema());
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(batches)), c"arrow_array_stream")
    }

    /// Gives the names and types of the columns through Arrow's PyCapsule interface.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(self.batch.schema().as_ref()).map_err(Fault::from)?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }

    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }

    fn __repr__(&self) -> String {
        format!("<Table of {} rows: {}>", self.batch.num_rows(), self.names().collect::<Vec<_>>().join(", "))
    }

    /// The names of the columns.
    #[getter]
    fn column_names<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.names().collect::<Vec<_>>())
    }

    /// Returns the table as a pyarrow.Table, without a copy.
    fn to_arrow(slf: Bound<'_, Self>) -> PyResult<Bound<'_, PyAny>> {
        convert("to_arrow", slf)
    }

    /// Returns the table as a pandas.DataFrame.
    fn to_pandas(slf: Bound<'_, Self>) -> PyResult<Bound<'_, PyAny>> {
        convert("to_pandas", slf)
    }

    /// Returns the table as a polars.DataFrame, without a copy.
    fn to_polars(slf: Bound<'_, Self>) -> PyResult<Bound<'_, PyAny>> {
        convert("to_polars", slf)
    }
}

impl Table {
    fn names(&self) -> impl Iterator<Item = &str> {
        self.batch.schema_ref().fields().iter().map(|field| field.name().as_str())
    }
}

/// Hands a table to another library, which the package knows how to ask for.
fn convert<'py>(how: &str, table: Bound<'py, Table>) -> PyResult<Bound<'py, PyAny>> {
    let py = table.py();
    py.import("feriematch._convert")?.getattr(how)?.call((table,), None::<&Bound<'py, PyDict>>)
}
