//! An outcome, with the season that it is of: of a run, or of a round that was published.

use std::{fs, io};

use feriematch_model::{Outcome, Season};

use crate::cli::OutcomeArgs;
use crate::exit_code::Failure;
use crate::record::{self, Published};
use crate::{outcome_folder, round_season, season};

/// An outcome with the season that it is of, and what the record says otherwise.
pub(crate) struct Subject {
    pub(crate) season: Season,
    pub(crate) outcome: Outcome,
    /// How the outcome of a round differs from what was recorded when it was published.
    pub(crate) against_record: Vec<(&'static str, String)>,
}

/// Reads an outcome, and makes sure that it is one of its season as it is now.
pub(crate) fn read(args: &OutcomeArgs) -> Result<Subject, Failure> {
    let subject = read_unchecked(args)?;
    let wrong = |problem: String, help: String| Failure::File {
        message: format!("{}: {problem}", outcome_folder::path(args).display()),
        help,
    };
    if let Some((_, problem)) = subject.against_record.first() {
        return Err(wrong(problem.clone(), "bring back the folder of the round as it was published".to_owned()));
    }
    subject.outcome.check_is_of(&subject.season).map_err(|mismatch| {
        let help = match args.round {
            None => format!("run `feriematch match {}` again", args.season.dir.display()),
            Some(_) => "look at the round with the files as they were then".to_owned(),
        };
        wrong(mismatch.to_string(), help)
    })?;
    Ok(subject)
}

/// Reads an outcome that may be of another season.
pub(crate) fn read_unchecked(args: &OutcomeArgs) -> Result<Subject, Failure> {
    let published = args.round.map(|round| record::published(&args.season.dir, &args.ledger_at(), round)).transpose()?;
    let season = season::load(&args.season)?.season;
    let path = outcome_folder::path(args);
    let bytes = fs::read(&path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => Failure::Usage {
            message: format!("there is no outcome: {} is not there", path.display()),
            help: match args.round {
                None => format!("run `feriematch match {}` first, or name another with --outcome", args.season.dir.display()),
                Some(_) => "a round leaves its folder where it was published".to_owned(),
            },
        },
        _ => Failure::system(format!("cannot read {}", path.display()), source),
    })?;
    let outcome: Outcome = serde_json::from_slice(&bytes).map_err(|error| Failure::File {
        message: format!("{} is not an outcome: {error}", path.display()),
        help: "it must be an outcome.json as `feriematch match` writes it".to_owned(),
    })?;
    match published {
        None => Ok(Subject { season, outcome, against_record: Vec::new() }),
        Some(published) => of_round(&published, &season, outcome, &bytes),
    }
}

/// Sets the outcome of a round beside the record.
fn of_round(published: &Published, season: &Season, outcome: Outcome, bytes: &[u8]) -> Result<Subject, Failure> {
    let before = &published.before;
    let rule = outcome.rematch.as_ref().map(|rematch| rematch.rule);
    let applicants = outcome.decisions.iter().map(|decision| decision.applicant.as_str()).collect();
    let (season, rematch) = round_season::round_of(season, before, rule, &applicants)?;
    let mut against_record = Vec::new();
    let mut differs = |code, message: &str| against_record.push((code, message.to_owned()));
    if published.outcome.as_ref().is_some_and(|recorded| *recorded != hash(bytes)) {
        differs("outcome-hash", "the outcome is not the one whose hash was recorded when the round was published");
    }
    if rematch != outcome.rematch {
        differs("claims", "those who may be moved are not those who, by the record, had a place and could be moved");
    }
    if before.seed() != Some(&outcome.seed) {
        differs("seed", "the seed is not the one that was drawn");
    }
    let (offers, moves) = round_season::given(&outcome, before);
    if offers != published.offers || moves != published.moves {
        differs("offers", "the offers and moves are not those that were recorded when the round was published");
    }
    Ok(Subject { season, outcome, against_record })
}

/// Returns the hash by which a record knows an outcome.
pub(crate) fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}
