//! `feriematch plan calibrate`: assumptions from published figures, and how well districts predict each other.

mod account;
mod figures;
mod hold_out;

use std::path::PathBuf;

use feriematch_ingest::nearest;

use crate::cli::plan::calibrate::CalibrateArgs;
use crate::commands::plan::learned::Learned;
use crate::commands::report::read_published;
use crate::exit_code::{Failure, print};
use crate::{picture_file, season, whole_file};
use account::Account;
use figures::Figures;
use hold_out::Held;

pub(crate) fn run(args: &CalibrateArgs) -> Result<(), Failure> {
    let loaded = season::load(&args.season)?;
    let published = published(args)?;
    let sources: Vec<PathBuf> = published.iter().chain(&args.learn.learn).cloned().collect();
    let learned = Learned::read(&sources)?;
    let table = published.as_deref().map(read_published).transpose()?.unwrap_or_default();
    let figures = Figures::new(&loaded.season, &learned, &table)?;
    let held = Held::all(&figures, &which(args, &figures)?, args.risk);
    let account = Account { args, season: &loaded.season, learned: &learned, figures: &figures, held: &held };
    // Nothing is written if something cannot be.
    let picture = args.picture.as_ref().map(|file| (file, account.to_svg()));
    if let Some(file) = &args.out {
        if file.exists() && !args.replace {
            return Err(Failure::Usage {
                message: format!("{} is there already", file.display()),
                help: "name another file, or add --replace".to_owned(),
            });
        }
        whole_file::replace(file, account.to_toml()?.as_bytes())?;
    }
    if let Some((file, picture)) = picture {
        picture_file::write(file, picture)?;
    }
    print(&account.print(args.format))
}

/// Returns the published table that is asked for, or the one in the folder if nothing else is.
fn published(args: &CalibrateArgs) -> Result<Option<PathBuf>, Failure> {
    if args.published.is_some() || !args.learn.learn.is_empty() {
        return Ok(args.published.clone());
    }
    let file = args.season.dir.join("published.csv");
    if file.exists() {
        return Ok(Some(file));
    }
    Err(Failure::Usage {
        message: format!("there are no figures to go by: {} is not there", file.display()),
        help: "name a published table with --published, or an earlier season with --learn".to_owned(),
    })
}

/// Returns the rows of the districts that are to be predicted from the others.
fn which(args: &CalibrateArgs, figures: &Figures) -> Result<Vec<usize>, Failure> {
    let districts = &figures.districts;
    if args.hold_out == "each" {
        return Ok(if districts.len() > 1 { (0..districts.len()).collect() } else { Vec::new() });
    }
    let Some(row) = districts.iter().position(|district| district.id == args.hold_out) else {
        let help = nearest(&args.hold_out, districts.iter().map(|district| &*district.id));
        return Err(Failure::Usage {
            message: format!("nothing is known of the offers to a district `{}`", args.hold_out),
            help: help.map_or_else(|| "name a district of the figures, or `each`".to_owned(), season::did_you_mean),
        });
    };
    if districts.len() == 1 {
        return Err(Failure::Usage {
            message: format!("there is no other district than `{}` to predict it from", args.hold_out),
            help: "add another season's figures with --learn".to_owned(),
        });
    }
    Ok(vec![row])
}
