//! Seconds and peak memory of each step of a run.

use std::fs;
use std::time::Instant;

use serde_json::{Map, Value, json};

/// The steps, in the order in which they are printed.
const STEPS: [&str; 8] = ["read", "market", "validate", "select", "place", "evidence", "baseline", "write"];

/// Measures steps. A step may be entered several times; its seconds add up and its peak is the greatest.
pub(crate) struct Timings {
    current: Option<(&'static str, Instant)>,
    measured: Vec<(&'static str, f64, Option<u64>)>,
    started: Instant,
}

impl Timings {
    pub(crate) fn start() -> Self {
        Self { current: None, measured: Vec::new(), started: Instant::now() }
    }

    /// Ends the step before, if any, and begins another.
    pub(crate) fn enter(&mut self, step: &'static str) {
        debug_assert!(STEPS.contains(&step));
        self.leave();
        reset_peak();
        self.current = Some((step, Instant::now()));
    }

    /// Ends the current step.
    fn leave(&mut self) {
        let Some((step, began)) = self.current.take() else { return };
        let (seconds, peak) = (began.elapsed().as_secs_f64(), peak_kib());
        match self.measured.iter_mut().find(|(known, ..)| *known == step) {
            Some((_, sum, greatest)) => {
                *sum += seconds;
                *greatest = (*greatest).max(peak);
            }
            None => self.measured.push((step, seconds, peak)),
        }
    }

    /// Returns one JSON object: for each step `seconds` and `peak_mib` (null where the system does not tell), and the total seconds.
    pub(crate) fn finish(mut self) -> Value {
        self.leave();
        let rounded = |seconds: f64| (seconds * 1e6).round() / 1e6;
        let mut steps = Map::new();
        for name in STEPS {
            if let Some((_, seconds, peak)) = self.measured.iter().find(|(known, ..)| *known == name) {
                steps.insert(name.to_owned(), json!({ "seconds": rounded(*seconds), "peak_mib": peak.map(|kib| kib / 1024) }));
            }
        }
        json!({ "total_seconds": rounded(self.started.elapsed().as_secs_f64()), "steps": steps })
    }
}

/// Makes the system count the peak of resident memory from now on. Linux only; elsewhere, and where it is not permitted, peaks are not told or count from the start.
fn reset_peak() {
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// Returns the peak of resident memory in KiB, on Linux.
fn peak_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
