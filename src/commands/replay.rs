//! `feriematch replay`: a season played through, a thousand times.

mod account;
pub(crate) mod published;

use std::path::PathBuf;

use feriematch_core::Preparation;
use feriematch_model::{DistrictIx, Season};
use feriematch_plan::{Player, Replays, with_ceilings};

use crate::cli::TableFormat;
use crate::cli::questions::ReplayArgs;
use crate::exit_code::{Failure, print};
use crate::planned::failed;
use crate::progress;
use crate::{diagnostics, season, whole_file};
use account::Account;
use published::PublishedSeason;

/// One way to play the season: what each home district may hire at most, and what came out.
struct Scenario {
    /// The name that programs use.
    name: &'static str,
    ceilings: Vec<Option<u32>>,
    replays: Replays,
}

pub(crate) fn run(args: &ReplayArgs) -> Result<(), Failure> {
    let loaded = season::load(&args.season)?;
    let preparation = Preparation::new(&loaded.season);
    let warnings = season::refuse_errors(season::examine(&preparation, &loaded.sources, loaded.warnings))?;
    let published = PublishedSeason::read(&published_path(args)?, &loaded.season)?;
    let seeds: Vec<String> = (1..=args.seeds.get()).map(|number| format!("{} {number}", args.seed)).collect();
    let options = args.method.options(&loaded.season)?;

    let as_published =
        published.ceilings().map(|ceilings| with_ceilings(&loaded.season, &ceilings)).transpose().map_err(failed)?;
    let ways = 1 + u64::from(as_published.is_some());
    let bar = progress::bar(seeds.len() as u64 * ways, "playing seasons");
    let play = |name, season: &Season, preparation: &Preparation<'_>| {
        let player = Player::new(preparation, options.clone(), published.rates().to_vec()).map_err(failed)?;
        let replays = player.play_all(&seeds, &|| bar.inc(1)).map_err(failed)?;
        let districts = (0..season.settings().districts.len()).map(DistrictIx::new);
        Ok::<_, Failure>(Scenario { name, ceilings: districts.map(|district| season.home_cap(district)).collect(), replays })
    };
    let mut scenarios = vec![play("season", &loaded.season, &preparation)?];
    if let Some(season) = &as_published {
        scenarios.push(play("published", season, &Preparation::new(season))?);
    }
    bar.finish_and_clear();

    diagnostics::print_to_stderr(&warnings);
    let account =
        Account { args, season: &loaded.season, mechanism: options.mechanism, published: &published, scenarios: &scenarios };
    if let Some(file) = &args.picture {
        whole_file::replace(file, account.to_svg().as_bytes())?;
    }
    print(&match args.format {
        TableFormat::Text => account.to_text(),
        TableFormat::Csv => account.to_csv(),
        TableFormat::Json => account.to_json(),
    })
}

/// Returns where the published table is.
fn published_path(args: &ReplayArgs) -> Result<PathBuf, Failure> {
    if let Some(file) = &args.published {
        return Ok(file.clone());
    }
    let file = args.season.dir.join("published.csv");
    if file.exists() {
        return Ok(file);
    }
    Err(Failure::Usage {
        message: format!("there is no published table: {} is not there", file.display()),
        help:
            "name one with --published: its columns are group,key,measure,value, with `offered` and `declined` of each district"
                .to_owned(),
    })
}
