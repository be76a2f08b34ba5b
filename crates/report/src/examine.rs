//! What only the rules of eligibility can tell about a season's files, as diagnostics beside those of the reader.

use feriematch_core::{Finding, LockProblem, Preparation, findings};
use feriematch_ingest::{Code, Diagnostic, Sources};
use feriematch_model::{Rule, Season};

/// Returns what is impossible or odd about a season, with where it stands, after the warnings of the reader.
pub fn examine(preparation: &Preparation<'_>, sources: &Sources, warnings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut diagnostics = warnings;
    diagnostics.extend(findings(preparation).iter().map(|finding| diagnose(preparation.season(), sources, finding)));
    Diagnostic::sort(&mut diagnostics);
    diagnostics
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
