//! `feriematch retire`: personal data goes, and what the next years need stays.

use std::path::Path;

use feriematch_ledger::{Ledger, LedgerError, Location};
use feriematch_rounds::{Holding, State};

use crate::cli::privacy::RetireArgs;
use crate::cli::rounds::LedgerArgs;
use crate::commands::counted;
use crate::exit_code::{Failure, print};
use crate::kept::{self, Kept, Retiring};
use crate::record::{self, Record};
use crate::removal::{self, Removal};
use crate::{key_file, new_folder, season};

pub(crate) fn run(args: &RetireArgs) -> Result<(), Failure> {
    let dir = &args.season.dir;
    let folder = args.out.clone().unwrap_or_else(|| dir.join("retired"));
    let at = record::location(dir, &args.at)?;
    key_file::refuse_inside(&args.key, dir)?;
    key_file::refuse_inside(&args.key, &folder)?;
    // Once what is kept has its name, nothing is worked out anew: what it was worked out from may be gone.
    if !folder.join(kept::SUMMARY).exists() {
        keep(args, &folder, &at)?;
    }
    let key = key_file::read(&args.key)?;
    let kept = Kept::read(&folder, dir, &key)?;
    refuse_unconfirmed(args, &kept.summary.season)?;
    refuse_other_ledger(&kept, &at)?;
    kept.removal.check(&key, &folder)?;

    let head = kept.summary.ledger.head().ok_or_else(|| Failure::File {
        message: format!("{} names no event of a ledger", folder.join(kept::SUMMARY).display()),
        help: "nothing was removed".to_owned(),
    })?;
    Ledger::destroy(&at, head).map_err(|error| match error {
        LedgerError::Conflict { .. } => Failure::Conflict {
            message: format!("the ledger has gone on since {} was written", folder.display()),
            help: format!("nothing was removed; remove {} and retire the season anew", folder.display()),
        },
        error => error.into(),
    })?;
    let removed = kept.removal.remove()?;
    print(&told(args, &folder, &kept, &at, removed)?)
}

/// Writes what is kept, unless the season is not over.
fn keep(args: &RetireArgs, folder: &Path, at: &Location) -> Result<(), Failure> {
    let dir = &args.season.dir;
    new_folder::refuse_filled(folder)?;
    // All of it, not a snapshot: it is read for the last time.
    let record = Record::open_whole(&LedgerArgs { dir: dir.clone(), at: args.at.clone() })?;
    let (loaded, persons) = season::load_persons(&args.season)?;
    refuse_unconfirmed(args, &loaded.season.settings().name)?;
    refuse_other_season(record.state(), &loaded.season.settings().name)?;
    if !args.unfinished {
        refuse_unfinished(record.state())?;
    }
    let key = if args.new_key { key_file::create(&args.key)? } else { key_file::read(&args.key)? };
    let removal = Removal::find(dir, &key)?;
    if goes_away(folder, dir) {
        return Err(Failure::Usage {
            message: format!("{} lies in what is removed", folder.display()),
            help: "name another folder with --out".to_owned(),
        });
    }
    let state = record.state();
    let retiring =
        Retiring { season: &loaded.season, persons: &persons, state, key: &key, removal: &removal, day: record::today() };
    retiring.write(folder, kept::Record::new(place(at), record.head()))
}

/// Returns whether a folder lies where files are removed.
fn goes_away(folder: &Path, dir: &Path) -> bool {
    let first = folder.strip_prefix(dir).ok().and_then(|inner| inner.components().next());
    first.is_some_and(|first| Removal::has_folder(&first.as_os_str().to_string_lossy()))
}

fn refuse_unconfirmed(args: &RetireArgs, name: &str) -> Result<(), Failure> {
    if args.confirm == name {
        return Ok(());
    }
    Err(Failure::Usage {
        message: format!("the season is not called {:?}: nothing was removed", args.confirm),
        help: format!("--confirm takes the name as it is in season.toml: {name:?}"),
    })
}

fn refuse_other_season(state: &State, name: &str) -> Result<(), Failure> {
    match state.season() {
        Some(recorded) if recorded != name => Err(Failure::Conflict {
            message: format!("the ledger is of {recorded:?}, and the files of {name:?}"),
            help: "name the ledger of this season with --ledger".to_owned(),
        }),
        _ => Ok(()),
    }
}

/// Refuses a season in which somebody has yet to answer or to sign.
fn refuse_unfinished(state: &State) -> Result<(), Failure> {
    let count = |holding: Holding| {
        state.lives().filter_map(|(_, life)| life.place.as_ref()).filter(|place| place.holding == holding).count()
    };
    let (offered, accepted) = (count(Holding::Offered), count(Holding::Accepted));
    if offered + accepted == 0 {
        return Ok(());
    }
    Err(Failure::Conflict {
        message: format!(
            "the season is not over: {} not answered, {} accepted and not signed",
            counted(offered, "offer"),
            counted(accepted, "place")
        ),
        help: "record what became of them, or retire with --unfinished: then they count as without a job".to_owned(),
    })
}

/// Returns where a ledger is, in a form that does not depend on where the program is run.
fn place(at: &Location) -> String {
    match at {
        Location::Sqlite(path) => {
            let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
            match (parent.canonicalize(), path.file_name()) {
                (Ok(parent), Some(name)) => parent.join(name).display().to_string(),
                _ => path.display().to_string(),
            }
        }
        Location::Postgres(url) => url.to_string(),
    }
}

fn refuse_other_ledger(kept: &Kept, at: &Location) -> Result<(), Failure> {
    let was = &kept.summary.ledger.location;
    if *was == place(at) {
        return Ok(());
    }
    Err(Failure::Usage {
        message: format!("the ledger of the season is {was}, not {at}"),
        help: "name it with --ledger; where its folder was moved, move it back first".to_owned(),
    })
}

fn told(args: &RetireArgs, folder: &Path, kept: &Kept, at: &Location, removed: usize) -> Result<String, Failure> {
    let mut text = format!("Retired {}: {}.\n", kept.summary.season, kept.told());
    text.push_str(&format!("Kept in {}: history.csv, summary.json, summary.csv, removed.csv.\n", folder.display()));
    text.push_str(&format!(
        "Removed: the ledger {at} ({}) and {}{}.\n",
        counted(kept.summary.ledger.events as usize, "event"),
        counted(kept.removal.len(), "file"),
        if removed == kept.removal.len() { String::new() } else { format!(", {removed} of them by this run") },
    ));
    let strangers: Vec<String> =
        removal::strangers(&args.season.dir)?.into_iter().filter(|name| args.season.dir.join(name) != *folder).collect();
    if !strangers.is_empty() {
        text.push_str(&format!(
            "Left alone, since the program does not know what is in them: {}. Look whether they hold personal data.\n",
            strangers.join(", ")
        ));
    }
    text.push_str(
        "\nThis cannot reach backups, exports and copies elsewhere, letters that were sent or printed, outcomes written to other folders, or blocks that\n\
         a disk or a snapshot has kept: delete those where they are. history.csv is still personal data for whoever has the key: keep them apart.\n",
    );
    Ok(text)
}
