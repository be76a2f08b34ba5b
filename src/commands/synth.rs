//! `feriematch synth`: a season from a seed.

use std::fs;
use std::path::Path;

use feriematch_synth::{Margins, Recipe, SynthError};

use crate::cli::SynthArgs;
use crate::exit_code::{Failure, print};
use crate::progress;

pub(crate) fn run(args: &SynthArgs) -> Result<(), Failure> {
    let (applicants, written) = match &args.margins {
        Some(file) => from_margins(args, file)?,
        None => from_recipe(args),
    };
    written.map_err(failure)?;
    let dir = args.dir.display();
    print(&format!("Wrote a season of {applicants} invented applicants to {dir}.\n\nNext:\n  feriematch match {dir}\n"))
}

/// Draws to the totals of a file. Returns how many applicants there are, and whether they could be written.
fn from_margins(args: &SynthArgs, file: &Path) -> Result<(u64, Result<(), SynthError>), Failure> {
    let text = fs::read_to_string(file).map_err(|e| Failure::system(format!("cannot read {}", file.display()), e))?;
    let margins = Margins::from_toml(&text).map_err(|error| Failure::File {
        message: format!("{}: {error}", file.display()),
        help: "data/stockholm-2015/margins.toml is a commented example".to_owned(),
    })?;
    let margins = match args.seed {
        Some(seed) => margins.with_seed(seed),
        None => margins,
    };
    let bar = progress::bar(margins.applicants(), "drawing applicants");
    let written = margins.write_to(&args.dir, &|done| bar.set_position(done));
    bar.finish_and_clear();
    Ok((margins.applicants(), written))
}

/// Draws by the recipe. Returns how many applicants there are, and whether they could be written.
fn from_recipe(args: &SynthArgs) -> (u64, Result<(), SynthError>) {
    let &SynthArgs { applicants, jobs, places, choices, .. } = args;
    let mut recipe = Recipe { applicants, jobs, places, choices, ..Recipe::default() };
    recipe.seed = args.seed.unwrap_or(recipe.seed);
    let bar = progress::bar(u64::from(applicants), "drawing applicants");
    let written = recipe.write_to(&args.dir, &|done| bar.set_position(done));
    bar.finish_and_clear();
    (u64::from(applicants), written)
}

fn failure(error: SynthError) -> Failure {
    match error {
        SynthError::OutOfRange { .. } => {
            Failure::Usage { message: error.to_string(), help: "see `feriematch synth --help`".to_owned() }
        }
        SynthError::Exists { .. } => {
            Failure::Usage { message: error.to_string(), help: "name a new folder; nothing is overwritten".to_owned() }
        }
        SynthError::Margins(error) => Failure::File { message: error.to_string(), help: String::new() },
        SynthError::Write { path, source } => Failure::system(format!("cannot write {}", path.display()), source),
        other => Failure::Internal(other.into()),
    }
}
