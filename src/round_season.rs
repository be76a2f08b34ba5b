//! The season as a round finds it: those who have a place keep it or have a claim on it, those who left are gone.

use std::collections::{BTreeMap, BTreeSet};

use feriematch_core::{LockProblem, lock_problems};
use feriematch_model::{
    ApplicantIx, Claim, Decision, JobIx, MoveRule, Outcome, Override, OverrideKind, Placed, Rematch, Season, SeasonDraft, Verdict,
};
use feriematch_rounds::{DecisionKind, Holding, Move, Offer, Place, State};

use crate::exit_code::Failure;

/// Who stands for what the record says, where an override has to name somebody.
const BY: &str = "ledger";

/// Returns the season of the next round, and who has a claim in it if people may be moved.
///
/// Jobs have the places that the record says, those who left are missing, those whose place was taken back come first, and
/// whatever was decided by hand in the record stands beside the overrides of the files. Everybody who has a place and no claim is held
/// to it.
pub(crate) fn next_round(season: &Season, state: &State, rule: Option<MoveRule>) -> Result<(Season, Option<Rematch>), Failure> {
    refuse_unknown(season, state)?;
    let held = with_everybody_held(season, state)?;
    refuse_impossible(&held)?;
    let Some(rule) = rule else { return Ok((held, None)) };
    let claims = claims(&held, state, rule);
    let claimants: BTreeSet<&str> = claims.iter().map(|claim| claim.applicant.as_str()).collect();
    let keeps_hold = |o: &&Override| o.kind != OverrideKind::Hold || !claimants.contains(&*held.applicant(o.applicant).id);
    let draft = SeasonDraft {
        settings: held.settings().clone(),
        applicants: held.applicants().to_vec(),
        jobs: held.jobs().to_vec(),
        overrides: held.overrides().iter().filter(keeps_hold).cloned().collect(),
    };
    let open = Season::new(draft).map_err(|error| Failure::Internal(error.into()))?;
    Ok((open, Some(Rematch { rule, claims })))
}

/// Returns the season of an earlier round, of which only these applicants were part, if the files still hold it.
pub(crate) fn round_of(
    season: &Season,
    state: &State,
    rule: Option<MoveRule>,
    applicants: &BTreeSet<&str>,
) -> Result<(Season, Option<Rematch>), Failure> {
    let mut index_of = BTreeMap::new();
    let mut kept = Vec::with_capacity(applicants.len());
    for (at, applicant) in season.applicants().iter().enumerate() {
        // Whoever left before was no part of it, and is known by the record.
        if applicants.contains(&*applicant.id) || state.life(&applicant.id).is_some() {
            index_of.insert(ApplicantIx::new(at), ApplicantIx::new(kept.len()));
            kept.push(applicant.clone());
        }
    }
    let overrides = season.overrides().iter();
    let overrides = overrides.filter_map(|o| Some(Override { applicant: *index_of.get(&o.applicant)?, ..o.clone() }));
    let draft = SeasonDraft {
        settings: season.settings().clone(),
        applicants: kept,
        jobs: season.jobs().to_vec(),
        overrides: overrides.collect(),
    };
    let then = Season::new(draft).map_err(|error| Failure::Internal(error.into()))?;
    next_round(&then, state, rule)
}

/// Returns what an outcome gives: places to those who had none, and other places to those who had one.
pub(crate) fn given(outcome: &Outcome, before: &State) -> (Vec<Offer>, Vec<Move>) {
    let agreed = matches!(outcome.rematch.as_ref().map(|rematch| rematch.rule), Some(MoveRule::Upgrade { .. }));
    let (mut offers, mut moves) = (Vec::new(), Vec::new());
    for Decision { applicant, verdict, .. } in &outcome.decisions {
        let Verdict::Placed(Placed { job, stream, rank, .. }) = verdict else { continue };
        let (applicant, job, stream) = (applicant.clone(), job.clone(), stream.clone());
        match (before.place_of(&applicant), rank) {
            (None, _) => offers.push(Offer { applicant, job, stream, rank: *rank }),
            (Some(place), Some(rank)) if *place.job != *job => moves.push(Move { applicant, job, stream, rank: *rank, agreed }),
            // Whoever is moved has wished for it.
            (Some(_), _) => {}
        }
    }
    (offers, moves)
}

/// Returns whether the rule moves somebody who has this place.
fn is_movable(place: &Place, rule: MoveRule) -> bool {
    match rule {
        MoveRule::FewestMoves { .. } => place.holding != Holding::Signed,
        MoveRule::Upgrade { .. } => place.holding == Holding::Accepted && place.or_better,
    }
}

/// Returns the claims of those whom a rule may move: on places that the ranking could have given them.
fn claims(season: &Season, state: &State, rule: MoveRule) -> Vec<Claim> {
    let places = state.lives().filter_map(|(id, life)| Some((id, life.place.as_ref()?)));
    let movable = places.filter(|(_, place)| is_movable(place, rule)).filter(|(id, place)| {
        let pair = season.find_applicant(id).zip(season.find_job(&place.job));
        let is_wished = |(applicant, job)| season.wished_rank(applicant, job).is_some();
        // What somebody got by hand stays.
        pair.is_some_and(is_wished) && !is_locked(state, season, id, &place.job)
    });
    movable
        .map(|(id, place)| Claim { applicant: id.to_owned(), job: place.job.to_string(), stream: place.stream.to_string() })
        .collect()
}

/// Returns whether a pair was locked by hand, in the files or the record.
pub(crate) fn is_locked(state: &State, season: &Season, applicant: &str, job: &str) -> bool {
    let in_record = state.decision(applicant, job).is_some_and(|decision| matches!(decision.kind, DecisionKind::Lock { .. }));
    let in_files = season.find_applicant(applicant).is_some_and(|index| {
        season.overrides_on(index).iter().any(|o| o.kind == OverrideKind::Lock && *season.job(o.job).id == *job)
    });
    in_record || in_files
}

/// Returns the season in which everybody who has a place is held to it.
fn with_everybody_held(season: &Season, state: &State) -> Result<Season, Failure> {
    let mut index_of = BTreeMap::new();
    let mut applicants = Vec::with_capacity(season.applicants().len());
    for (at, applicant) in season.applicants().iter().enumerate() {
        let life = state.life(&applicant.id);
        if life.is_some_and(|life| life.left.is_some()) {
            continue;
        }
        index_of.insert(ApplicantIx::new(at), ApplicantIx::new(applicants.len()));
        let mut applicant = applicant.clone();
        applicant.displaced = life.is_some_and(|life| life.displaced.is_some());
        applicants.push(applicant);
    }
    let jobs = season.jobs().iter().cloned().map(|mut job| {
        job.capacity = state.places(&job.id).unwrap_or(job.capacity);
        job
    });
    let overrides = overrides(season, state, &index_of)?;
    let draft = SeasonDraft { settings: season.settings().clone(), applicants, jobs: jobs.collect(), overrides };
    Season::new(draft).map_err(|error| Failure::Internal(error.into()))
}

/// Returns what holds of the pairs of the next round: places that people have, then decisions of the files and of the record.
fn overrides(season: &Season, state: &State, index_of: &BTreeMap<ApplicantIx, ApplicantIx>) -> Result<Vec<Override>, Failure> {
    let mut by_hand: Vec<Override> = season.overrides().to_vec();
    let mut twice = Vec::new();
    for (id, job_id, decision) in state.decisions() {
        let (Some(applicant), Some(job)) = (season.find_applicant(id), season.find_job(job_id)) else { continue };
        let (kind, stream) = match &decision.kind {
            DecisionKind::Lock { stream } => {
                (OverrideKind::Lock, stream.as_deref().and_then(|stream| season.settings().find_stream(stream)))
            }
            DecisionKind::Forbid => (OverrideKind::Forbid, None),
        };
        let is_lock = kind == OverrideKind::Lock;
        let in_files = season.overrides_on(applicant).iter();
        if in_files.clone().any(|o| o.job == job || (is_lock && o.kind == OverrideKind::Lock)) {
            twice.push(format!("{id} and {job_id}"));
        }
        let (reason, by) = (decision.because.as_str().into(), decision.by.as_str().into());
        by_hand.push(Override { kind, applicant, job, stream, reason, by });
    }
    if !twice.is_empty() {
        return Err(Failure::File {
            message: format!("decided by hand both in the files and in the record: {}", twice.join(", ")),
            help: "take the row out of the overrides, or take back what the record says with `feriematch release`".to_owned(),
        });
    }
    let mut overrides = Vec::new();
    for decision in &by_hand {
        let Some(&applicant) = index_of.get(&decision.applicant) else { continue };
        // What the record says of somebody's place goes before what was decided on it.
        let place = state.place_of(&season.applicant(decision.applicant).id);
        let is_superseded =
            place.is_some_and(|place| decision.kind == OverrideKind::Lock || *season.job(decision.job).id == *place.job);
        if !is_superseded {
            overrides.push(Override { applicant, ..decision.clone() });
        }
    }
    let locks: BTreeMap<(ApplicantIx, JobIx), &Override> = by_hand
        .iter()
        .filter(|decision| decision.kind == OverrideKind::Lock)
        .map(|decision| ((decision.applicant, decision.job), decision))
        .collect();
    for (id, place) in state.lives().filter_map(|(id, life)| Some((id, life.place.as_ref()?))) {
        let Some(index) = season.find_applicant(id) else { continue };
        let applicant = index_of.get(&index);
        let (Some(&applicant), Some(job)) = (applicant, season.find_job(&place.job)) else { continue };
        let stream = season.settings().find_stream(&place.stream);
        overrides.push(match locks.get(&(index, job)) {
            // What somebody got by hand stays so.
            Some(&lock) => Override { applicant, stream, ..lock.clone() },
            None => Override {
                kind: OverrideKind::Hold,
                applicant,
                job,
                stream,
                reason: format!("{}, round {}", place.holding, place.round).into(),
                by: BY.into(),
            },
        });
    }
    overrides.sort_by_key(|decision| (decision.applicant, decision.job));
    Ok(overrides)
}

/// Refuses a round in which somebody could not keep their place, or get the one to which they are locked.
fn refuse_impossible(season: &Season) -> Result<(), Failure> {
    let problems = impossible(season);
    if problems.is_empty() {
        return Ok(());
    }
    Err(Failure::File {
        message: format!("the files no longer allow what the ledger says:\n  {}", problems.join("\n  ")),
        help: "put back what has changed, or take the place away by an answer, `feriematch places`, `release` or `undo`"
            .to_owned(),
    })
}

/// Refuses a lock that could not stand in the next round.
pub(crate) fn refuse_lock(season: &Season, state: &State) -> Result<(), Failure> {
    let held = with_everybody_held(season, state)?;
    let problems = impossible(&held);
    if problems.is_empty() {
        return Ok(());
    }
    Err(Failure::Conflict {
        message: problems.join("\n  "),
        help: "nothing was recorded; `feriematch why` says what the rules say of the applicant".to_owned(),
    })
}

/// Returns which places people cannot keep, or get, and why.
fn impossible(season: &Season) -> Vec<String> {
    let told = |(row, problem): (usize, LockProblem)| {
        let Override { kind, applicant, job, reason, .. } = &season.overrides()[row];
        let what = if *kind == OverrideKind::Hold { "keep the place" } else { "be locked to a place" };
        let (applicant, job) = (season.applicant(*applicant), &season.job(*job).id);
        let why = match problem {
            LockProblem::Ineligible(_) if applicant.protected => {
                "the rule is not shown, since the identity is protected".to_owned()
            }
            problem => problem.to_string(),
        };
        format!("{} cannot {what} of {job} ({reason}): {why}", applicant.id)
    };
    lock_problems(season).into_iter().map(told).collect()
}

/// Refuses files that lack somebody or something that the record knows.
pub(crate) fn refuse_unknown(season: &Season, state: &State) -> Result<(), Failure> {
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
