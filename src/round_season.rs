//! The season as a round finds it: those who have a place keep it, those who left are gone.

use std::collections::BTreeMap;

use feriematch_core::{Finding, Preparation, findings};
use feriematch_model::{ApplicantIx, JobIx, Override, OverrideKind, Season, SeasonDraft};
use feriematch_rounds::State;

use crate::exit_code::Failure;

/// Who decided on the locks that stand for what the record says.
const BY: &str = "ledger";

/// Returns the season of the next round: with the places that jobs have by now, without those who left, and with everybody
/// who has a place locked to it.
pub(crate) fn next_round(season: &Season, state: &State) -> Result<Season, Failure> {
    refuse_unknown(season, state)?;
    let has_left = |id: &str| state.life(id).is_some_and(|life| life.left.is_some());
    let mut index_of = BTreeMap::new();
    let mut applicants = Vec::with_capacity(season.applicants().len());
    for (at, applicant) in season.applicants().iter().enumerate().filter(|(_, applicant)| !has_left(&applicant.id)) {
        index_of.insert(ApplicantIx::new(at), ApplicantIx::new(applicants.len()));
        applicants.push(applicant.clone());
    }
    let jobs = season.jobs().iter().cloned().map(|mut job| {
        job.capacity = state.places(&job.id).unwrap_or(job.capacity);
        job
    });
    let mut overrides = Vec::new();
    for decision in season.overrides() {
        let Some(&applicant) = index_of.get(&decision.applicant) else { continue };
        // What the record says of somebody's place goes before what the files decide on it.
        let place = state.place_of(&season.applicant(decision.applicant).id);
        let is_superseded =
            place.is_some_and(|place| decision.kind == OverrideKind::Lock || season.job(decision.job).id.as_ref() == place.job);
        if !is_superseded {
            overrides.push(Override { applicant, ..decision.clone() });
        }
    }
    for (id, place) in state.lives().filter_map(|(id, life)| Some((id, life.place.as_ref()?))) {
        let applicant = season.find_applicant(id).and_then(|index| index_of.get(&index));
        let (Some(&applicant), Some(job)) = (applicant, season.find_job(&place.job)) else { continue };
        overrides.push(Override {
            kind: OverrideKind::Lock,
            applicant,
            job,
            stream: season.settings().find_stream(&place.stream),
            reason: format!("{}, round {}", place.holding, place.round).into(),
            by: BY.into(),
        });
    }
    overrides.sort_by_key(|decision| (decision.applicant, decision.job));
    let draft = SeasonDraft { settings: season.settings().clone(), applicants, jobs: jobs.collect(), overrides };
    Season::new(draft).map_err(|error| Failure::Internal(error.into()))
}

/// Refuses a round in which somebody could not keep their place.
pub(crate) fn refuse_impossible(preparation: &Preparation<'_>) -> Result<(), Failure> {
    let season = preparation.season();
    let mut problems = Vec::new();
    for finding in findings(preparation) {
        if let Finding::Lock { row, problem } = finding {
            let Override { applicant, job, reason, .. } = &season.overrides()[row];
            let (applicant, job) = (&season.applicant(*applicant).id, &season.job(*job).id);
            problems.push(format!("{applicant} cannot keep the place of {job} ({reason}): {problem}"));
        }
    }
    if problems.is_empty() {
        return Ok(());
    }
    Err(Failure::File {
        message: format!("the files no longer allow what the ledger says:\n  {}", problems.join("\n  ")),
        help: "put back what has changed, or take the place away by an answer, `feriematch places` or `feriematch undo`"
            .to_owned(),
    })
}

/// Refuses files that lack somebody or something that the record knows.
fn refuse_unknown(season: &Season, state: &State) -> Result<(), Failure> {
    let mut missing = Vec::new();
    for (id, life) in state.lives() {
        if season.find_applicant(id).is_none() {
            missing.push(format!("applicant {id}"));
        } else if let Some(place) = &life.place {
            if season.find_job(&place.job).is_none() {
                missing.push(format!("job {} of {id}", place.job));
            }
            if season.settings().find_stream(&place.stream).is_none() {
                missing.push(format!("funding stream {} of {id}", place.stream));
            }
        }
    }
    let jobs = state.jobs().filter(|&(job, places, _)| places > 0 && season.find_job(job).is_none());
    missing.extend(jobs.map(|(job, places, _)| format!("job {job} with {places} places")));
    let unrecorded = season.jobs().iter().filter(|job| job.capacity > 0 && state.places(&job.id).is_none());
    let unrecorded: Vec<&str> = unrecorded.map(|job| &*job.id).collect();
    if let Some(first) = missing.first() {
        return Err(Failure::File {
            message: format!("the files no longer have {first}{}, which the ledger knows", and_more(missing.len())),
            help: "put it back: what is in the record stays in the season; places are taken away with `feriematch places`"
                .to_owned(),
        });
    }
    if let Some(first) = unrecorded.first() {
        return Err(Failure::File {
            message: format!("the files have a new job, {first}{}, which the ledger does not know", and_more(unrecorded.len())),
            help: "record its places with `feriematch places`".to_owned(),
        });
    }
    Ok(())
}

fn and_more(count: usize) -> String {
    if count > 1 { format!(" and {} more", count - 1) } else { String::new() }
}

/// Returns the job of this id, or says which was likely meant.
pub(crate) fn job(season: &Season, id: &str) -> Result<JobIx, Failure> {
    season.find_job(id).ok_or_else(|| Failure::Usage {
        message: format!("there is no job {id} in the files"),
        help: "name a job of jobs.csv; a new job is written there first".to_owned(),
    })
}
