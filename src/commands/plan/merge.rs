//! `feriematch plan merge`: the parts of a study put together.

use std::fs;
use std::path::{Path, PathBuf};

use feriematch_plan::study::{MergeError, StudyPart};

use super::capacity;
use crate::cli::plan::merge::MergeArgs;
use crate::exit_code::Failure;

pub(crate) fn run(args: &MergeArgs) -> Result<(), Failure> {
    let merged = put_together(&args.parts)?;
    if let Some(file) = &args.out {
        capacity::write_part(file, &merged)?;
    }
    if merged.cells.len() > 1 {
        return Err(Failure::Usage {
            message: "the parts are of scenarios that are compared with each other".to_owned(),
            help: "print them with `feriematch plan whatif DIR SCENARIOS --parts FILE`, once for each part".to_owned(),
        });
    }
    capacity::show(&merged, None, args.format, args.picture.as_deref())
}

/// Reads the parts of a study, and puts them together; refuses them where one is missing.
pub(super) fn put_together(files: &[PathBuf]) -> Result<StudyPart, Failure> {
    let parts = files.iter().map(|file| read(file)).collect::<Result<_, _>>()?;
    let merged = StudyPart::merge(parts).map_err(|error| refused(files, &error))?;
    let missing = merged.missing();
    if !missing.is_empty() {
        let missing: Vec<String> = missing.iter().map(ToString::to_string).collect();
        return Err(Failure::File {
            message: format!("parts of the study are missing: {}", missing.join(", ")),
            help: format!("play each with `--shard {} --out FILE` and the options of the others, and name all files", missing[0]),
        });
    }
    Ok(merged)
}

fn read(file: &Path) -> Result<StudyPart, Failure> {
    let bytes = fs::read(file).map_err(|source| Failure::system(format!("cannot read {}", file.display()), source))?;
    serde_json::from_slice(&bytes).map_err(|error| Failure::File {
        message: format!("{} is no part of a study: {error}", file.display()),
        help: "name files that `feriematch plan capacity --out FILE` wrote".to_owned(),
    })
}

/// Says which file cannot be merged, and why.
fn refused(files: &[PathBuf], error: &MergeError) -> Failure {
    let name = |part: usize| files.get(part - 1).map(|file| file.display().to_string()).unwrap_or_default();
    let (part, help) = match error {
        MergeError::Format { part, .. } | MergeError::Changed { part } => {
            (*part, "play that part again with this version of the program")
        }
        MergeError::AnotherStudy { part, .. } => {
            (*part, "parts must be played with the same files, assumptions, seed, --seasons and version of the program")
        }
        MergeError::AnotherSplit { part, .. } => (*part, "all parts are played with --shard I/N of the same N"),
        MergeError::Overlap { part, .. } => (*part, "leave one of the two out"),
        _ => (1, "name the parts"),
    };
    Failure::File { message: format!("{}: {error}", name(part)), help: help.to_owned() }
}
