//! How many threads a call uses.

use std::num::NonZeroUsize;

use pyo3::prelude::*;

use crate::fault::Fault;

/// Works with Python's global lock released, on so many threads, or on those that all calls share.
///
/// # Errors
///
/// Returns what the work does, or that there cannot be so many threads.
pub(crate) fn work<T: Send>(
    py: Python<'_>,
    threads: Option<NonZeroUsize>,
    work: impl FnOnce() -> Result<T, Fault> + Send,
) -> PyResult<T> {
    let done = py.detach(|| match threads {
        None => work(),
        Some(threads) => {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.get()).build();
            pool.map_err(|error| Fault::usage(error.to_string(), "use fewer threads"))?.install(work)
        }
    });
    Ok(done?)
}
