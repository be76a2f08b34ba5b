//! Reads a season and adds what only the rules of eligibility can tell.

use feriematch_core::{Finding, LockProblem, Preparation, findings};
use feriematch_ingest::{
    Code, Diagnostic, Encoding, Loaded, Persons, ReadError, ReadOptions, Severity, Sources, nearest, read_persons, read_season,
};
use feriematch_model::{ApplicantIx, JobIx, Rule, Season};

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

/// Returns what is impossible or odd about a season, with where it stands, after the warnings of the reader.
pub(crate) fn examine(preparation: &Preparation<'_>, sources: &Sources, warnings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut diagnostics = warnings;
    diagnostics.extend(findings(preparation).iter().map(|finding| diagnose(preparation.season(), sources, finding)));
    Diagnostic::sort(&mut diagnostics);
    diagnostics
}

/// Fails if there is an error among the problems.
pub(crate) fn refuse_errors(diagnostics: Vec<Diagnostic>) -> Result<Vec<Diagnostic>, Failure> {
    if diagnostics.iter().any(|d| d.severity() == Severity::Error) { Err(Failure::Input(diagnostics)) } else { Ok(diagnostics) }
}

fn diagnose(season: &Season, sources: &Sources, finding: &Finding) -> Diagnostic {
    match finding {
        Finding::Lock { row, problem } => {
            let lock = &season.overrides()[*row];
            let (applicant, job) = (&season.applicant(lock.applicant).id, &season.job(lock.job).id);
            let code = match problem {
                LockProblem::Ineligible(_) => Code::LockIneligible,
                LockProblem::Stream => Code::LockStream,
                _ => Code::LockOverCap,
            };
            let message = if season.applicant(lock.applicant).protected && matches!(problem, LockProblem::Ineligible(_)) {
                format!("`{applicant}` cannot be locked to `{job}`; the rule is not shown, since the identity is protected")
            } else {
                format!("`{applicant}` cannot be locked to `{job}`: {problem}")
            };
            Diagnostic::new(code, sources.override_row(*row), message)
                .with_help("take the lock away, or mend what stands in its way".to_owned())
        }
        Finding::JobNobodyMayTake(job) => {
            let id = &season.job(*job).id;
            Diagnostic::new(Code::JobNobodyCanTake, sources.job(*job), format!("none of the applicants may take job `{id}`"))
                .with_help("look at its ages, period, hours, requirements and `open_to`".to_owned())
        }
        Finding::JobNobodyWishes(job) => {
            let id = &season.job(*job).id;
            Diagnostic::new(Code::JobNobodyWishes, sources.job(*job), format!("nobody who may take job `{id}` wishes for it"))
                .with_help("its places stay empty unless somebody adds it, its area or `any` to the wishes".to_owned())
        }
        Finding::NoEligibleWish { applicant, rules } => {
            let id = &season.applicant(*applicant).id;
            let why = match rules.as_slice() {
                _ if season.applicant(*applicant).protected => "why is not shown, since the identity is protected".to_owned(),
                [] => "they name no job at all".to_owned(),
                rules => listed(rules),
            };
            Diagnostic::new(
                Code::NoEligibleWish,
                sources.applicant(*applicant),
                format!("`{id}` may take none of the jobs wished for: {why}"),
            )
        }
        Finding::LikelyDuplicate { first, second } => {
            let (a, b) = (&season.applicant(*first).id, &season.applicant(*second).id);
            Diagnostic::new(
                Code::LikelyDuplicate,
                sources.applicant(*second),
                format!(
                    "`{a}` and `{b}` look like one person: the same birth date, and the same or nearly the same name or wishes"
                ),
            )
            .with_help(format!("`{a}` is at {}; take one of them away if it is one person", sources.applicant(*first)))
        }
        other => unreachable!("a finding without a diagnostic: {other:?}"),
    }
}

fn listed(rules: &[Rule]) -> String {
    let codes: Vec<&str> = rules.iter().map(|rule| rule.code()).collect();
    codes.join(", ")
}

/// Returns the seed of the lottery: the one that was asked for, or the season's own.
pub(crate) fn seed(asked: Option<&str>, season: &Season) -> Result<String, Failure> {
    asked.or(season.settings().seed.as_deref()).map(str::to_owned).ok_or_else(|| Failure::Usage {
        message: "there is no seed for the lottery".to_owned(),
        help: "state where it will come from before it is known, then give it with --seed or as `seed` under [lottery] in season.toml"
            .to_owned(),
    })
}
