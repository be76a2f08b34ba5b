//! Writes the instances of the comparison with other solvers, and times them with feriematch and with Rust peers.
//!
//! `feriematch-peers write SIZE FOLDER` writes `SIZE.all` (every applicant) and `SIZE.selected` (what stage 1 keeps).
//! `feriematch-peers SOLVER FILE TIMES` times a file and prints what it took.

mod generate;
mod instance;
mod solve;
mod stopwatch;

use std::env;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use feriematch_solver::{SolveError, select};
use serde_json::{Value, json};

use crate::generate::{SIZES, generate};
use crate::instance::Instance;

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("usage: feriematch-peers write SIZE FOLDER | feriematch-peers SOLVER FILE TIMES")]
    Usage,
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Solve(#[from] SolveError),
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(report) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<Value, Error> {
    match *arguments {
        ["write", size, folder] => write(size, Path::new(folder)),
        [solver, file, times] => {
            let solve = match solver {
                "feriematch" => solve::feriematch,
                "deferred-acceptance" => solve::stable,
                "kuhn-munkres" => solve::pathfinding,
                _ => return Err(Error::Usage),
            };
            let times = times.parse().map_err(|_| Error::Usage)?;
            let base_kb = stopwatch::peak_kb()?;
            let instance = Instance::read(Path::new(file))?;
            stopwatch::measure(times, base_kb, |stopwatch| solve(&instance, stopwatch))
        }
        _ => Err(Error::Usage),
    }
}

/// Writes the files of an instance and returns its figures.
fn write(name: &str, folder: &Path) -> Result<Value, Error> {
    let size = SIZES.iter().find(|size| size.name == name).ok_or(Error::Usage)?;
    let instance = generate(size);
    let selection = select(&solve::problem(&instance)?);
    let selected = instance.with_rows(selection.kept());
    instance.write(&folder.join(format!("{name}.all")))?;
    selected.write(&folder.join(format!("{name}.selected")))?;
    Ok(json!({
        "applicants": instance.row_count(),
        "jobs": instance.capacity.len(),
        "places": instance.capacity.iter().sum::<u32>(),
        "choices": instance.arc_column.len(),
        "selected": selected.row_count(),
        "selected_choices": selected.arc_column.len(),
    }))
}
