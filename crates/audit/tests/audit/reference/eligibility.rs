//! Who may take what (docs/mechanisms.md, section 1).

use feriematch_model::{Override, OverrideKind, Rule, Season};

/// Returns whether a stream's conditions admit an applicant.
pub(crate) fn admits(season: &Season, stream: usize, applicant: usize) -> bool {
    condition(season, stream, applicant).is_none()
}

fn condition(season: &Season, stream: usize, applicant: usize) -> Option<Rule> {
    let stream = &season.settings().streams[stream];
    let applicant = &season.applicants()[applicant];
    let class = stream.classes.is_empty() || stream.classes.contains(applicant.class);
    let cohort = stream.cohorts.is_empty() || stream.cohorts.contains(&applicant.birth_date.year());
    let home = stream.home_districts.is_empty() || stream.home_districts.contains(applicant.home_district);
    [(class, Rule::FundingClass), (cohort, Rule::FundingCohort), (home, Rule::FundingDistrict)]
        .into_iter()
        .find_map(|(met, rule)| (!met).then_some(rule))
}

/// Section 1, for seasons whose jobs say nothing about ages, hours and extracts.
pub(crate) fn refusal(season: &Season, applicant: usize, job: usize) -> Option<Rule> {
    let (a, j) = (&season.applicants()[applicant], &season.jobs()[job]);
    if !season.settings().cohorts.contains(&a.birth_date.year()) {
        return Some(Rule::Cohort);
    }
    if !j.requires.is_subset(a.qualifications) {
        return Some(Rule::Qualification);
    }
    if !j.open_to.is_empty() && !j.open_to.contains(a.home_district) {
        return Some(Rule::HomeDistrict);
    }
    let mut funding = j.streams.rows().map(|s| condition(season, s, applicant)).collect::<Vec<_>>().into_iter();
    let first = funding.next().flatten();
    if first.is_some() && funding.all(|failed| failed.is_some()) {
        return first;
    }
    let forbids = |o: &&Override| o.kind == OverrideKind::Forbid && o.applicant.get() == applicant && o.job.get() == job;
    season.overrides().iter().find(forbids).map(|_| Rule::Forbidden)
}
