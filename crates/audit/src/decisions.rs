//! Reads an outcome's statements against the season: what must hold before anything can be judged, and what each applicant's
//! decision must say.

use feriematch_model::{
    ApplicantIx, FORMAT, Fingerprint, Mechanism, MoveRule, Outcome, OverrideKind, PlacedBy, RankCosts, Season, StageReason,
    StreamIx, Verdict,
};

use crate::acceptable::Acceptable;
use crate::eligibility::{condition_failed, payers, refusal};
use crate::findings::Findings;
use crate::refutation::Refutation;
use crate::stage::{Seat, Tally};
use crate::subject::SeasonPart;

/// Checks that the outcome is one of this season, in a form that can be read.
pub(crate) fn check_header(season: &Season, outcome: &Outcome, findings: &mut Findings) {
    check_method(outcome, findings);
    let name = &*season.settings().name;
    if outcome.season != name {
        findings.push(Refutation::SeasonName { found: outcome.season.clone(), expected: name.to_owned() });
    }
    let (made_from, is) = (&outcome.fingerprint, Fingerprint::of(season));
    for (part, same) in [
        (SeasonPart::Settings, made_from.settings == is.settings),
        (SeasonPart::Applicants, made_from.applicants == is.applicants),
        (SeasonPart::Jobs, made_from.jobs == is.jobs),
        (SeasonPart::Overrides, made_from.overrides == is.overrides),
    ] {
        if !same {
            findings.push(Refutation::SeasonChanged { part });
        }
    }
}

/// Checks that the outcome has a form that can be read, and that what it says of the method goes together.
pub(crate) fn check_method(outcome: &Outcome, findings: &mut Findings) {
    if outcome.format != FORMAT {
        findings.push(Refutation::Format { found: outcome.format, expected: FORMAT });
    }
    if let RankCosts::Table(costs) = &outcome.rank_costs
        && (costs.is_empty() || !costs.is_sorted())
    {
        findings.push(Refutation::RankCosts);
    }
    let (mechanism, placement, balance) = (outcome.mechanism, outcome.placement, &outcome.balance);
    let makes_room = matches!(outcome.rematch.as_ref().map(|rematch| rematch.rule), Some(MoveRule::FewestMoves { .. }));
    if !placement.is_default() && (mechanism != Mechanism::Priority || makes_room) {
        findings.push(Refutation::PlacementRule { mechanism, placement });
    }
    let problem = balance.check(mechanism, placement, &outcome.rank_costs).err();
    if problem.is_some() || (outcome.rematch.is_some() && !balance.is_none()) {
        findings.push(Refutation::Balance { problem });
    }
}

/// Checks that there is one decision on each applicant, in order, and one stage for each stream, in order; returns the
/// places given, by applicant.
pub(crate) fn read(season: &Season, outcome: &Outcome, findings: &mut Findings) -> Vec<Option<Seat>> {
    let streams = &season.settings().streams;
    for stage in 0..streams.len().max(outcome.stages.len()) {
        let expected = streams.get(stage).map(|stream| stream.id.to_string());
        let found = outcome.stages.get(stage).map(|stage| stage.stream.clone());
        if expected != found {
            findings.push(Refutation::StageOrder { stage: stage + 1, expected, found });
        }
    }
    for pair in outcome.decisions.windows(2) {
        if pair[1].applicant < pair[0].applicant {
            let (applicant, after) = (pair[1].applicant.clone(), pair[0].applicant.clone());
            findings.push(Refutation::UnsortedDecisions { applicant, after });
        }
    }
    let mut seats = vec![None; season.applicants().len()];
    let mut decided = vec![false; seats.len()];
    for decision in &outcome.decisions {
        let Some(applicant) = season.find_applicant(&decision.applicant) else {
            findings.push(Refutation::UnknownApplicant { applicant: decision.applicant.clone() });
            continue;
        };
        if std::mem::replace(&mut decided[applicant.get()], true) {
            findings.push(Refutation::RepeatedApplicant { applicant: decision.applicant.clone() });
        }
        let Verdict::Placed(placed) = &decision.verdict else { continue };
        let job = season.find_job(&placed.job);
        if job.is_none() {
            findings.push(Refutation::UnknownJob { applicant: decision.applicant.clone(), job: placed.job.clone() });
        }
        let stream = season.settings().find_stream(&placed.stream);
        if stream.is_none() {
            findings.push(Refutation::UnknownStream { applicant: decision.applicant.clone(), stream: placed.stream.clone() });
        }
        seats[applicant.get()] = job.zip(stream).map(|(job, stream)| Seat { job, stream, by: placed.by });
    }
    for (row, _) in decided.iter().enumerate().filter(|(_, decided)| !**decided) {
        findings.push(Refutation::MissingApplicant { applicant: season.applicants()[row].id.to_string() });
    }
    seats
}

/// Checks every place by itself: the pair, the stream, the stated rank, locks.
pub(crate) fn check_places(acceptable: &Acceptable<'_>, outcome: &Outcome, seats: &[Option<Seat>], findings: &mut Findings) {
    let season = acceptable.season();
    let settings = season.settings();
    for (row, (decision, seat)) in outcome.decisions.iter().zip(seats).enumerate() {
        let index = ApplicantIx::new(row);
        let applicant = season.applicant(index);
        let id = || decision.applicant.clone();
        let lock = season.overrides_on(index).iter().find(|o| o.kind.gives_place());
        if let Some(lock) = lock
            && let by = if lock.kind == OverrideKind::Hold { PlacedBy::Hold } else { PlacedBy::Lock }
            && !seat.is_some_and(|seat| (seat.job, seat.by) == (lock.job, by))
        {
            let found = seat.map(|seat| season.job(seat.job).id.to_string());
            findings.push(Refutation::LockIgnored { applicant: id(), job: season.job(lock.job).id.to_string(), found });
        }
        let (Some(seat), Verdict::Placed(placed)) = (seat, &decision.verdict) else { continue };
        let job = season.job(seat.job);
        let (job_id, stream_id) = (|| placed.job.clone(), || placed.stream.clone());
        if seat.by.is_before_stages() && lock.is_none() {
            findings.push(Refutation::NoLock { applicant: id(), job: job_id() });
        }
        let expected = acceptable.rank_of(index, seat.job);
        if let Some(rule) = refusal(season, index, seat.job) {
            findings.push(Refutation::Ineligible { applicant: id(), job: job_id(), rule });
        } else if expected.is_none() && seat.by == PlacedBy::Ranking {
            findings.push(Refutation::NotWished { applicant: id(), job: job_id() });
        } else if expected != placed.rank {
            findings.push(Refutation::Rank { applicant: id(), job: job_id(), expected, found: placed.rank });
        }
        if !job.streams.contains(seat.stream) {
            findings.push(Refutation::StreamNotOfJob { applicant: id(), job: job_id(), stream: stream_id() });
        }
        if let Some(rule) = condition_failed(&settings.streams[seat.stream.get()], applicant) {
            findings.push(Refutation::StreamNotForApplicant { applicant: id(), stream: stream_id(), rule });
        }
        if seat.by.is_before_stages()
            && let stated = lock.and_then(|lock| lock.stream)
            && let Some(payer) = stated.or_else(|| payers(season, applicant, job).next())
            && payer != seat.stream
        {
            let expected = settings.streams[payer.get()].id.to_string();
            findings.push(Refutation::LockStream { applicant: id(), job: job_id(), expected, found: stream_id() });
        }
    }
}

/// Checks that all places together keep within capacities and caps; returns the counts.
pub(crate) fn check_limits(season: &Season, seats: &[Option<Seat>], findings: &mut Findings) -> Tally {
    let mut given = Tally::new(season);
    for (row, seat) in seats.iter().enumerate() {
        if let Some(seat) = *seat {
            given.add(season, ApplicantIx::new(row), seat);
        }
    }
    let settings = season.settings();
    for (job, &placed) in season.jobs().iter().zip(&given.jobs) {
        if placed > job.capacity {
            findings.push(Refutation::OverCapacity { job: job.id.to_string(), capacity: job.capacity, placed });
        }
    }
    let over = |cap: Option<u32>, placed: u32| cap.filter(|&cap| placed > cap);
    for (department, &placed) in settings.departments.iter().zip(&given.departments) {
        if let Some(cap) = over(department.cap, placed) {
            findings.push(Refutation::OverDepartmentCap { department: department.id.to_string(), cap, placed });
        }
    }
    for (stream, &placed) in settings.streams.iter().zip(&given.streams) {
        if let Some(cap) = over(stream.cap, placed) {
            findings.push(Refutation::OverStreamCap { stream: stream.id.to_string(), cap, placed });
        }
    }
    for (row, (district, &placed)) in settings.districts.iter().zip(&given.homes).enumerate() {
        if let Some(cap) = over(season.home_cap(feriematch_model::DistrictIx::new(row)), placed) {
            findings.push(Refutation::OverHomeCap { district: district.id.to_string(), cap, placed });
        }
    }
    given
}

/// Checks who is called waiting and who ineligible, and the rules that are given for the latter.
pub(crate) fn check_verdicts(acceptable: &Acceptable<'_>, outcome: &Outcome, findings: &mut Findings) {
    let season = acceptable.season();
    for (row, decision) in outcome.decisions.iter().enumerate() {
        let index = ApplicantIx::new(row);
        let applicant = decision.applicant.clone();
        let choice = acceptable.choices(index).first();
        match (&decision.verdict, choice) {
            (Verdict::Waiting { .. }, None) => findings.push(Refutation::NothingAcceptable { applicant }),
            (Verdict::Waiting { reasons }, Some(_)) if reasons.len() != season.settings().streams.len() => {
                let (expected, found) = (season.settings().streams.len(), reasons.len());
                findings.push(Refutation::ReasonCount { applicant, expected, found });
            }
            (Verdict::Ineligible { .. }, Some(choice)) => {
                let job = acceptable.jobs_of(choice.target).next();
                let job = job.map(|job| season.job(job).id.to_string()).unwrap_or_default();
                findings.push(Refutation::NotIneligible { applicant, job });
            }
            (Verdict::Ineligible { rules }, None) => {
                let expected = acceptable.refused_by(index);
                if *rules != expected {
                    findings.push(Refutation::IneligibleRules { applicant, expected, found: rules.clone() });
                }
            }
            (Verdict::Placed(_) | Verdict::Waiting { .. }, _) => {}
        }
    }
}

/// Compares a waiting applicant's reason for one stage with the one that holds.
pub(crate) fn check_reason(
    season: &Season,
    outcome: &Outcome,
    applicant: ApplicantIx,
    stream: StreamIx,
    expected: StageReason,
    findings: &mut Findings,
) {
    let decision = &outcome.decisions[applicant.get()];
    if let Verdict::Waiting { reasons } = &decision.verdict
        && let Some(&found) = reasons.get(stream.get())
        && found != expected
    {
        let stream = season.settings().streams[stream.get()].id.to_string();
        findings.push(Refutation::Reason { applicant: decision.applicant.clone(), stream, expected, found });
    }
}
