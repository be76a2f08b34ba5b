//! Which threads a call uses, and how Python interrupts it.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use pyo3::prelude::*;

use crate::fault::Fault;

/// How often Python is asked whether somebody pressed Ctrl-C, which it knows on its own thread alone.
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// Whether the result of a call is still wanted.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    is_interrupted: AtomicBool,
}

impl Wanted {
    /// Returns whether to go on.
    pub(crate) fn go_on(&self) -> ControlFlow<()> {
        if self.is_interrupted.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Works with Python's global lock released.
///
/// # Errors
///
/// Returns what the work does, or that it was interrupted.
pub(crate) fn work<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T, Fault> + Send) -> PyResult<T> {
    work_while_wanted(py, None, |_| work())
}

/// Works with Python's global lock released, on so many threads, or on those that all calls share. Work that takes long asks whether it is still
/// wanted; when it is not, what it returns is dropped.
///
/// # Errors
///
/// Returns what the work does, that there cannot be so many threads, or what a handler of Python's signals raises: `KeyboardInterrupt`.
pub(crate) fn work_while_wanted<T: Send>(
    py: Python<'_>,
    threads: Option<NonZeroUsize>,
    work: impl FnOnce(&Wanted) -> Result<T, Fault> + Send,
) -> PyResult<T> {
    let wanted = Wanted::default();
    let on_threads = || match threads {
        None => work(&wanted),
        Some(threads) => {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.get()).build();
            pool.map_err(|error| Fault::usage(error.to_string(), "use fewer threads"))?.install(|| work(&wanted))
        }
    };
    thread::scope(|scope| {
        let (is_done, mut done) = mpsc::channel::<()>();
        let worker = scope.spawn(move || {
            // Dropped at the end, and in a panic too: that ends the wait.
            let _is_done = is_done;
            on_threads()
        });
        let mut interrupt = None;
        let mut waits = || {
            let done = &mut done;
            py.detach(move || done.recv_timeout(BETWEEN_LOOKS)) == Err(RecvTimeoutError::Timeout)
        };
        while waits() {
            if let Err(raised) = py.check_signals() {
                wanted.is_interrupted.store(true, Ordering::Relaxed);
                interrupt.get_or_insert(raised);
            }
        }
        let result = py.detach(|| worker.join()).unwrap_or_else(|panicked| panic::resume_unwind(panicked));
        match interrupt {
            Some(raised) => Err(raised),
            None => Ok(result?),
        }
    })
}
