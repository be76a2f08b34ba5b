//! Runs one kernel once, for a profiler: `cargo run --release --example kernel -- KERNEL SIZE`.
//!
//! `benches/instructions.py` counts the instructions within [`measured`].

use std::hint::black_box;
use std::process::ExitCode;

use feriematch_solver::{Standing, deferred_acceptance, place, rematch, select};
use instances::{Extras, Instance, after_declines, size};

#[path = "../benches/instances/mod.rs"]
mod instances;

/// Does what is to be measured; all else prepares it.
#[inline(never)]
fn measured<T>(kernel: impl FnOnce() -> T) -> T {
    black_box(kernel())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [kernel, size_name] = &arguments[..] else { return usage() };
    let Some(size) = size(size_name) else { return usage() };
    let instance = Instance::new(size, Extras::default());
    let problem = &instance.problem;
    match kernel.as_str() {
        "select" => drop(measured(|| select(problem))),
        "place" => {
            let selection = select(problem);
            drop(measured(|| place(problem, &selection)));
        }
        "deferred-acceptance" => {
            drop(measured(|| deferred_acceptance(problem, |row, column| instance.priority(row, column))));
        }
        "rematch" => {
            let placement = place(problem, &select(problem)).expect("the selection is of this problem");
            let standings = after_declines(&placement, Standing::Locked);
            drop(measured(|| rematch(problem, &standings, None)));
        }
        _ => return usage(),
    }
    ExitCode::SUCCESS
}

fn usage() -> ExitCode {
    eprintln!("usage: kernel select|place|deferred-acceptance|rematch SIZE");
    ExitCode::FAILURE
}
