//! `feriematch plan whatif`: scenarios beside the season as it is.

mod account;
mod estimate;
mod levels;
mod page;
mod pictures;

use feriematch_plan::scenario::{Base, ScenarioFile, ScenarioStudy};
use feriematch_plan::study::{Shard, StudyPart};

use super::{capacity, merge};
use crate::cli::TableFormat;
use crate::cli::plan::whatif::WhatifArgs;
use crate::exit_code::{Failure, print};
use crate::planned::{self, Planned, failed};
use crate::{diagnostics, picture_file, progress, season, whole_file};
use account::Account;
use pictures::Subject;

pub(crate) fn run(args: &WhatifArgs) -> Result<(), Failure> {
    let planned = Planned::read(&args.season, &args.method)?;
    let (assumptions, mut warnings) = planned::assumptions(&args.season.dir, args.assumptions.as_deref(), &planned.season)?;
    warnings.extend(planned.prepare()?.1);
    let base = Base { season: &planned.season, options: planned.options.clone(), assumptions };
    let (file, found) = ScenarioFile::read(&args.scenarios, &base).map_err(season::unreadable)?;
    warnings.extend(found);
    let drawn = match &args.picture {
        Some(path) => Some((path, Subject::named(args.picture_of.as_deref(), &file)?)),
        None => None,
    };
    let part = if args.parts.is_empty() { play(args, &base, &file)? } else { put_together(args, &base, &file)? };
    diagnostics::print_to_stderr(&warnings);
    if let Some(out) = &args.out {
        capacity::write_part(out, &part)?;
    }
    if args.shard.is_some() {
        return Ok(());
    }
    let account = Account::new(&planned.season, &file, &part);
    if let Some(key) = &args.figure {
        account.refuse_unknown(key)?;
    }
    if let Some((path, subject)) = drawn {
        picture_file::write(path, account.picture(subject, args.figure.as_ref())?)?;
    }
    if let Some(path) = &args.page {
        let html = account.page()?.to_html().map_err(anyhow::Error::from)?;
        whole_file::replace(path, html.as_bytes())?;
    }
    print(&match args.format {
        TableFormat::Text => account.to_text(args.figure.as_ref()),
        TableFormat::Csv => account.to_csv(args.figure.as_ref()),
        TableFormat::Json => account.to_json(args.figure.as_ref()),
    })
}

fn play(args: &WhatifArgs, base: &Base<'_>, file: &ScenarioFile) -> Result<StudyPart, Failure> {
    let study = ScenarioStudy { base: base.clone(), file, seed: args.seed.clone(), seasons: args.seasons };
    let shard = args.shard.unwrap_or(Shard::WHOLE);
    let bar = progress::bar(u64::from(shard.len(args.seasons)) * study.batches() as u64, "playing seasons");
    let part = study.play(shard, &|| progress::next(&bar)).map_err(failed);
    bar.finish_and_clear();
    part
}

/// Puts the parts of a study together, which must be of this season and these scenarios.
fn put_together(args: &WhatifArgs, base: &Base<'_>, file: &ScenarioFile) -> Result<StudyPart, Failure> {
    let part = merge::put_together(&args.parts)?;
    let study = ScenarioStudy { base: base.clone(), file, seed: part.seed.clone(), seasons: part.seasons };
    if study.identity().map_err(failed)? != part.study {
        return Err(Failure::File {
            message: "the parts are of another study: of other files, scenarios, assumptions or another mechanism".to_owned(),
            help: "name the season, the scenarios and the assumptions with which the parts were played".to_owned(),
        });
    }
    Ok(part)
}
