//! Replays the mechanisms whose result is unique, in ranks or in places (docs/mechanisms.md, sections 5.2, 5.4, 5.5 and 5.7).

use feriematch_model::{ApplicantIx, JobIx, Payer, PlacedBy, StageReason, StreamIx};

use crate::acceptable::Acceptable;
use crate::augment::Packing;
use crate::eligibility::payers;
use crate::findings::Findings;
use crate::lottery::Ranking;
use crate::refutation::Refutation;
use crate::stage::{Seat, Stage, Tally, department_row};
use crate::subject::PaidPlace;

/// Replays a stage of the serial dictatorship and compares ranks, up to the first applicant who has another.
///
/// Ranks are all that the mechanism fixes: where wishes tie, any placement that keeps everybody's rank will do, and the
/// outcome's own is a witness that one exists.
pub(crate) fn check_serial_dictatorship(stage: &Stage<'_>, refusals: &[Option<StageReason>], findings: &mut Findings) {
    let mut packing = Packing::new(stage);
    for (row, (entrant, &refusal)) in stage.entrants.iter().zip(refusals).enumerate() {
        let found = entrant.job.and_then(|job| Some((job, stage.acceptable.rank_of(entrant.applicant, job)?)));
        let expected = match refusal {
            None | Some(StageReason::Full) => add_at_best_rank(&mut packing, stage, row, found),
            Some(StageReason::NoEligibleJob | StageReason::HomeCap | StageReason::MoveLimit) => None,
        };
        let found = found.map(|(_, rank)| rank);
        if expected != found {
            let applicant = stage.id_of(entrant);
            findings.push(Refutation::ReplayedRank { stream: stage.id(), applicant, expected, found });
            return;
        }
    }
}

/// Adds an entrant at the best rank that is possible, and returns it; at the rank that the outcome gives, the entrant takes
/// the outcome's job.
fn add_at_best_rank(packing: &mut Packing<'_>, stage: &Stage<'_>, row: usize, found: Option<(JobIx, u16)>) -> Option<u16> {
    let mut tried = None;
    for choice in stage.choices(&stage.entrants[row]) {
        if tried == Some(choice.rank) {
            continue;
        }
        tried = Some(choice.rank);
        let as_in_outcome = found.filter(|&(_, rank)| rank == choice.rank);
        if as_in_outcome.is_some_and(|(job, _)| packing.seat(row, job, tried)) || packing.add(row, tried) {
            return tried;
        }
    }
    None
}

/// Compares the places of a stage with those of a replay, by entrant, up to the first in the ranking who has another.
pub(crate) fn check_places(stage: &Stage<'_>, replayed: &[Option<JobIx>], findings: &mut Findings) {
    let differing = stage.entrants.iter().zip(replayed).find(|(entrant, expected)| entrant.job != **expected);
    if let Some((entrant, &expected)) = differing {
        let paid = |job: JobIx| PaidPlace { job: stage.season().job(job).id.to_string(), stream: stage.id() };
        let (expected, found) = (expected.map(paid), entrant.job.map(paid));
        findings.push(Refutation::ReplayedPlace { applicant: stage.id_of(entrant), expected, found });
    }
}

/// Replays the paper lottery and compares places, up to the first applicant who has another.
///
/// Returns the reasons of everyone without a place, one a stream.
pub(crate) fn check_paper_lottery(
    acceptable: &Acceptable<'_>,
    ranking: &Ranking,
    seats: &[Option<Seat>],
    locked: Tally,
    findings: &mut Findings,
) -> Vec<(ApplicantIx, Vec<StageReason>)> {
    let season = acceptable.season();
    let mut list = PaperList { acceptable, given: locked, next_free: vec![0; acceptable.kinds().len()] };
    let funded_by: Vec<Vec<bool>> = (0..season.settings().streams.len())
        .map(|stream| acceptable.fold_targets(StreamIx::new(stream), |_| (), |(), ()| ()).iter().map(Option::is_some).collect())
        .collect();
    let mut reasons = Vec::new();
    for &applicant in ranking.order() {
        let found = seats[applicant.get()];
        if found.is_some_and(|seat| seat.by.is_before_stages()) {
            continue;
        }
        let expected = list.first_free(applicant);
        if expected != found {
            let paid = |seat: Seat| PaidPlace {
                job: season.job(seat.job).id.to_string(),
                stream: season.settings().streams[seat.stream.get()].id.to_string(),
            };
            let id = season.applicant(applicant).id.to_string();
            findings.push(Refutation::ReplayedPlace { applicant: id, expected: expected.map(paid), found: found.map(paid) });
            return Vec::new();
        }
        match expected {
            Some(seat) => list.given.add(season, applicant, seat),
            None => reasons.push((applicant, list.reasons(applicant, &funded_by))),
        }
    }
    reasons
}

/// What the team's list looks like when it is somebody's turn.
struct PaperList<'a> {
    acceptable: &'a Acceptable<'a>,
    given: Tally,
    /// How many jobs at the head of each kind are full.
    next_free: Vec<u32>,
}

impl PaperList<'_> {
    /// Returns the first wish with a free place that some stream pays for; among jobs of the same rank the first id.
    fn first_free(&mut self, applicant: ApplicantIx) -> Option<Seat> {
        let acceptable = self.acceptable;
        acceptable.choices(applicant).chunk_by(|a, b| a.rank == b.rank).find_map(|tied| {
            let jobs = tied.iter().filter_map(|choice| match acceptable.resolve(choice.target) {
                Ok(job) => self.payer(applicant, job).map(|_| job),
                Err(kinds) => kinds.iter().filter_map(|&kind| self.first_of_kind(applicant, kind as usize)).min(),
            });
            let job = jobs.min()?;
            self.payer(applicant, job).map(|stream| Seat { job, stream, by: PlacedBy::Ranking })
        })
    }

    /// Returns the first job of a kind with a free place, if the applicant can have it.
    fn first_of_kind(&mut self, applicant: ApplicantIx, kind: usize) -> Option<JobIx> {
        let jobs = &self.acceptable.kinds()[kind].jobs;
        let full = jobs[self.next_free[kind] as usize..].iter().take_while(|&&job| !self.has_place(job)).count();
        self.next_free[kind] += full as u32;
        // The jobs of a kind have department and streams in common, so what stops one stops all.
        let job = *jobs.get(self.next_free[kind] as usize)?;
        self.payer(applicant, job).map(|_| job)
    }

    fn has_place(&self, job: JobIx) -> bool {
        self.given.jobs[job.get()] < self.acceptable.season().job(job).capacity
    }

    /// Returns the first stream that pays for an applicant in a job, if that has a free place.
    fn payer(&self, applicant: ApplicantIx, job: JobIx) -> Option<StreamIx> {
        let season = self.acceptable.season();
        let department = department_row(season, job);
        let cap = season.settings().departments.get(department).and_then(|d| d.cap);
        if !self.has_place(job) || cap.is_some_and(|cap| self.given.departments[department] >= cap) {
            return None;
        }
        let affordable = |&stream: &StreamIx| {
            let cap = season.settings().streams[stream.get()].cap;
            cap.is_none_or(|cap| self.given.streams[stream.get()] < cap) && !self.home_is_full(applicant, stream)
        };
        payers(season, season.applicant(applicant), season.job(job)).find(affordable)
    }

    fn home_is_full(&self, applicant: ApplicantIx, stream: StreamIx) -> bool {
        let season = self.acceptable.season();
        let home = season.applicant(applicant).home_district;
        season.settings().streams[stream.get()].payer == Payer::HomeDistrict
            && season.home_cap(home).is_some_and(|cap| self.given.homes[home.get()] >= cap)
    }

    /// Returns why each stream gave an applicant nothing, now that it is the applicant's turn.
    fn reasons(&self, applicant: ApplicantIx, funded_by: &[Vec<bool>]) -> Vec<StageReason> {
        let season = self.acceptable.season();
        let reason = |(row, funded): (usize, &Vec<bool>)| {
            let terms = &season.settings().streams[row];
            let admitted = crate::eligibility::condition_failed(terms, season.applicant(applicant)).is_none();
            if !admitted || !self.acceptable.choices(applicant).iter().any(|choice| funded[choice.target as usize]) {
                StageReason::NoEligibleJob
            } else if self.home_is_full(applicant, StreamIx::new(row)) {
                StageReason::HomeCap
            } else {
                StageReason::Full
            }
        };
        funded_by.iter().enumerate().map(reason).collect()
    }
}
