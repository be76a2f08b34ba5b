//! Reads a season, and finds in it what a command names.

use feriematch_ingest::{
    Diagnostic, Encoding, Loaded, Persons, ReadError, ReadOptions, Severity, nearest, read_persons, read_season,
};
use feriematch_model::{ApplicantIx, JobIx, Season};
pub(crate) use feriematch_report::examine;

use crate::cli::{EncodingArg, SeasonArgs};
use crate::exit_code::Failure;

/// Reads a season folder.
pub(crate) fn load(args: &SeasonArgs) -> Result<Loaded, Failure> {
    read_season(&args.dir, options(args.encoding)).map_err(unreadable)
}

/// Reads a season folder, and whom the personal numbers name.
pub(crate) fn load_persons(args: &SeasonArgs) -> Result<(Loaded, Persons), Failure> {
    read_persons(&args.dir, options(args.encoding)).map_err(unreadable)
}

/// Returns how files are to be read.
pub(crate) fn options(encoding: Option<EncodingArg>) -> ReadOptions {
    let encoding = encoding.map(|encoding| match encoding {
        EncodingArg::Utf8 => Encoding::Utf8,
        EncodingArg::Windows1252 => Encoding::Windows1252,
    });
    ReadOptions { encoding }
}

/// Returns how a command ends that could not read its files.
pub(crate) fn unreadable(error: ReadError) -> Failure {
    match error {
        ReadError::Invalid(problems) => Failure::Input(problems),
        fault => Failure::Internal(fault.into()),
    }
}

/// Returns the applicant of this id, or says which was likely meant.
pub(crate) fn applicant(season: &Season, id: &str) -> Result<ApplicantIx, Failure> {
    season.find_applicant(id).ok_or_else(|| Failure::Usage {
        message: format!("there is no applicant {id} in the files"),
        help: meant_applicant(season, id).map_or_else(|| "name the applicant by the id".to_owned(), did_you_mean),
    })
}

/// Returns the applicant's id that was likely meant.
pub(crate) fn meant_applicant<'s>(season: &'s Season, id: &str) -> Option<&'s str> {
    nearest(id, season.applicants().iter().map(|applicant| &*applicant.id))
}

/// Returns the job of this id, or says which was likely meant.
pub(crate) fn job(season: &Season, id: &str) -> Result<JobIx, Failure> {
    season.find_job(id).ok_or_else(|| Failure::Usage {
        message: format!("there is no job {id} in the files"),
        help: nearest(id, season.jobs().iter().map(|job| &*job.id))
            .map_or_else(|| "name a job of jobs.csv; a new job is written there first".to_owned(), did_you_mean),
    })
}

/// Asks whether something else was meant.
pub(crate) fn did_you_mean(id: &str) -> String {
    format!("did you mean `{id}`?")
}

/// Fails if there is an error among the problems.
pub(crate) fn refuse_errors(diagnostics: Vec<Diagnostic>) -> Result<Vec<Diagnostic>, Failure> {
    if diagnostics.iter().any(|d| d.severity() == Severity::Error) { Err(Failure::Input(diagnostics)) } else { Ok(diagnostics) }
}

/// Returns the seed of the lottery: the one that was asked for, or the season's own.
pub(crate) fn seed(asked: Option<&str>, season: &Season) -> Result<String, Failure> {
    asked.or(season.settings().seed.as_deref()).map(str::to_owned).ok_or_else(|| Failure::Usage {
        message: "there is no seed for the lottery".to_owned(),
        help: "state where it will come from before it is known, then give it with --seed or as `seed` under [lottery] in season.toml"
            .to_owned(),
    })
}
