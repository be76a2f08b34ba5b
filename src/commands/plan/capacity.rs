//! `feriematch plan capacity`: a season simulated a thousand times.

pub(super) mod account;

use std::path::Path;

use feriematch_plan::study::{Cell, Shard, Study, StudyPart};

use crate::cli::TableFormat;
use crate::cli::plan::capacity::CapacityArgs;
use crate::exit_code::{Failure, print};
use crate::planned::{self, Planned, failed};
use crate::{diagnostics, picture_file, progress, whole_file};
use account::Account;

pub(crate) fn run(args: &CapacityArgs) -> Result<(), Failure> {
    let planned = Planned::read(&args.season, &args.method)?;
    let (assumptions, mut warnings) = planned::assumptions(&args.season.dir, args.assumptions.as_deref(), &planned.season)?;
    warnings.extend(planned.prepare()?.1);
    let cell = Cell { name: "season".to_owned(), season: &planned.season, options: planned.options.clone(), assumptions };
    let study = Study { cells: vec![cell], seed: args.seed.clone(), seasons: args.seasons };
    let shard = args.shard.unwrap_or(Shard::WHOLE);
    let bar = progress::bar(shard.len(args.seasons).into(), "playing seasons");
    let played = match args.precision {
        Some(half_width) => study.play_until(half_width, &|| progress::next(&bar)),
        None => study.play(shard, &|| progress::next(&bar)),
    };
    let played = played.map_err(failed)?;
    bar.finish_and_clear();
    diagnostics::print_to_stderr(&warnings);
    if let Some(file) = &args.out {
        write_part(file, &played)?;
    }
    if args.shard.is_some() {
        return Ok(());
    }
    show(&played, args.precision, args.format, args.picture.as_deref())
}

/// Writes what came out, whole or not at all.
pub(super) fn write_part(file: &Path, part: &StudyPart) -> Result<(), Failure> {
    let mut json = serde_json::to_vec(part).map_err(anyhow::Error::from)?;
    json.push(b'\n');
    whole_file::replace(file, &json)
}

/// Prints a study of one cell, and draws its picture.
pub(super) fn show(part: &StudyPart, precision: Option<u64>, format: TableFormat, picture: Option<&Path>) -> Result<(), Failure> {
    let Some(account) = Account::new(part, precision) else {
        return Err(anyhow::anyhow!("a study has no cell").into());
    };
    if let Some(file) = picture {
        picture_file::write(file, account.picture())?;
    }
    print(&match format {
        TableFormat::Text => account.to_text(),
        TableFormat::Csv => account.to_csv(),
        TableFormat::Json => account.to_json(),
    })
}
