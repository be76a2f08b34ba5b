//! What a run took: CPU seconds and wall seconds of each stage, and memory.

use std::fs;
use std::io;
use std::time::Instant;

use feriematch_solver::SolveError;
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Map, Value, json};

use crate::Error;

/// No further solve is begun after so many seconds.
const ENOUGH_SECONDS: f64 = 1.0;

/// What the stages of one solve took.
#[derive(Default)]
pub struct Stopwatch {
    stages: Map<String, Value>,
}

impl Stopwatch {
    /// Runs a stage and notes what it took.
    pub fn stage<T>(&mut self, name: &str, work: impl FnOnce() -> T) -> T {
        let (cpu, wall) = (cpu_seconds(), Instant::now());
        let answer = work();
        let took = json!({ "cpu": cpu_seconds() - cpu, "wall": wall.elapsed().as_secs_f64() });
        self.stages.insert(name.to_owned(), took);
        answer
    }
}

/// Solves the same instance at most the given number of times, and returns the report of the process.
pub fn measure(
    times: usize,
    base_kb: u64,
    mut solve: impl FnMut(&mut Stopwatch) -> Result<Value, SolveError>,
) -> Result<Value, Error> {
    let start = Instant::now();
    let mut attempts = Vec::new();
    let mut answer = Value::Null;
    while attempts.is_empty() || (attempts.len() < times && start.elapsed().as_secs_f64() < ENOUGH_SECONDS) {
        let mut stopwatch = Stopwatch::default();
        answer = solve(&mut stopwatch)?;
        attempts.push(Value::Object(stopwatch.stages));
    }
    Ok(json!({ "attempts": attempts, "answer": answer, "base_kb": base_kb, "peak_kb": peak_kb()? }))
}

/// Returns the most memory the process has held so far.
pub fn peak_kb() -> io::Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.ok_or_else(|| io::Error::other("the kernel does not state the peak memory"))
}

fn cpu_seconds() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    #[expect(clippy::cast_precision_loss, reason = "a process does not run for years")]
    let (seconds, nanoseconds) = (time.tv_sec as f64, time.tv_nsec as f64);
    seconds + nanoseconds * 1e-9
}
