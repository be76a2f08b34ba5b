//! Claims of those who had a place before and may be moved (docs/mechanisms.md, section 8).

use feriematch_model::{
    ApplicantIx, JobIx, LotteryOrder, Mechanism, MoveRule, Outcome, PlacedBy, Season, StageReason, StreamIx, Verdict,
};

use crate::acceptable::Acceptable;
use crate::decisions;
use crate::eligibility::condition_failed;
use crate::findings::Findings;
use crate::refutation::Refutation;
use crate::stage::{Seat, Tally};

/// Who has a claim on what, and what they may be moved for.
pub(crate) struct Claims<'o> {
    outcome: &'o Outcome,
    /// The place of each applicant who has a claim; empty where nobody has.
    seats: Vec<Option<Seat>>,
}

impl<'o> Claims<'o> {
    /// Reads the claims of an outcome and checks that each is on a place that its holder could have, that they fit together, and
    /// that everybody who has one keeps a place of the same stream.
    pub(crate) fn read(
        acceptable: &Acceptable<'_>,
        outcome: &'o Outcome,
        seats: &[Option<Seat>],
        findings: &mut Findings,
    ) -> Self {
        let season = acceptable.season();
        let mut claims = Self { outcome, seats: Vec::new() };
        let Some(rematch) = &outcome.rematch else { return claims };
        if matches!(rematch.rule, MoveRule::FewestMoves { .. }) && outcome.mechanism != Mechanism::Priority {
            findings.push(Refutation::MovesByOther { mechanism: outcome.mechanism });
        }
        claims.seats = vec![None; season.applicants().len()];
        let mut before: Vec<Option<Seat>> = seats.iter().map(|seat| seat.filter(|seat| seat.by.is_before_stages())).collect();
        for claim in &rematch.claims {
            let invalid = || Refutation::Claim { applicant: claim.applicant.clone(), job: claim.job.clone() };
            let applicant = season.find_applicant(&claim.applicant);
            let place = season.find_job(&claim.job).zip(season.settings().find_stream(&claim.stream));
            let Some((applicant, (job, stream))) = applicant.zip(place) else {
                findings.push(invalid());
                continue;
            };
            let terms = &season.settings().streams[stream.get()];
            let could_have = acceptable.rank_of(applicant, job).is_some()
                && season.job(job).streams.contains(stream)
                && condition_failed(terms, season.applicant(applicant)).is_none();
            if !could_have || before[applicant.get()].is_some() {
                findings.push(invalid());
                continue;
            }
            let seat = Seat { job, stream, by: PlacedBy::Ranking };
            before[applicant.get()] = Some(seat);
            claims.seats[applicant.get()] = Some(seat);
            let kept = seats[applicant.get()].filter(|kept| kept.by == PlacedBy::Ranking && kept.stream == stream);
            let is_down = |kept: Seat| {
                let rank = |job| acceptable.rank_of(applicant, job);
                matches!(rematch.rule, MoveRule::Upgrade { .. }) && kept.job != job && rank(kept.job) >= rank(job)
            };
            match kept {
                None => findings.push(Refutation::ClaimLost { applicant: claim.applicant.clone(), job: claim.job.clone() }),
                Some(kept) if is_down(kept) => {
                    let to = season.job(kept.job).id.to_string();
                    findings.push(Refutation::MovedDown { applicant: claim.applicant.clone(), job: claim.job.clone(), to });
                }
                Some(_) => {}
            }
        }
        decisions::check_limits(season, &before, findings);
        claims
    }

    /// Returns the claims of an outcome in which nobody is moved.
    pub(crate) fn none(outcome: &'o Outcome) -> Self {
        Self { outcome, seats: Vec::new() }
    }

    /// Returns the place on which an applicant has a claim.
    pub(crate) fn of(&self, applicant: ApplicantIx) -> Option<Seat> {
        *self.seats.get(applicant.get())?
    }

    /// Returns the job on which an applicant has a claim that a stream pays for.
    pub(crate) fn in_stage(&self, applicant: ApplicantIx, stream: StreamIx) -> Option<JobIx> {
        self.of(applicant).filter(|seat| seat.stream == stream).map(|seat| seat.job)
    }

    /// Returns whether somebody has a claim that a stream pays for.
    pub(crate) fn are_in(&self, stream: StreamIx) -> bool {
        self.seats.iter().flatten().any(|seat| seat.stream == stream)
    }

    /// Counts the places on which there are claims paid by streams that have not had their turn, since nobody else can get them.
    pub(crate) fn reserve(&self, season: &Season, stream: StreamIx, given: &mut Tally) {
        for (row, seat) in self.seats.iter().enumerate() {
            if let Some(seat) = seat.filter(|seat| seat.stream > stream) {
                given.add(season, ApplicantIx::new(row), seat);
            }
        }
    }

    /// Returns whether there is a limit on moves that can matter to a stream.
    pub(crate) fn are_limited_in(&self, stream: StreamIx) -> bool {
        matches!(self.outcome.rematch.as_ref().map(|rematch| rematch.rule), Some(MoveRule::FewestMoves { max_moves: Some(_) }))
            && self.are_in(stream)
    }

    /// Returns whether the outcome says of an applicant that the limit on moves stood in the way.
    pub(crate) fn says_move_limit(&self, applicant: ApplicantIx, stream: StreamIx) -> bool {
        let says = |verdict: &Verdict| match verdict {
            Verdict::Waiting { reasons } => reasons.get(stream.get()) == Some(&StageReason::MoveLimit),
            _ => false,
        };
        says(&self.outcome.decisions[applicant.get()].verdict)
    }

    /// Returns which lottery numbers come first.
    pub(crate) fn lottery(&self) -> LotteryOrder {
        match self.outcome.rematch.as_ref().map(|rematch| rematch.rule) {
            Some(MoveRule::Upgrade { lottery }) => lottery,
            _ => LotteryOrder::Same,
        }
    }

    /// Returns whether there is a round in which people may be moved, whether or not somebody is there who may.
    pub(crate) fn may_move(&self) -> bool {
        self.outcome.rematch.is_some()
    }

    /// Returns whether those who have a claim are moved for their own sake.
    pub(crate) fn are_upgraded(&self) -> bool {
        matches!(self.outcome.rematch.as_ref().map(|rematch| rematch.rule), Some(MoveRule::Upgrade { .. }))
    }

    /// Checks that no more people are moved than the outcome says may be.
    pub(crate) fn check_moves(&self, seats: &[Option<Seat>], findings: &mut Findings) -> u32 {
        let is_moved = |(claim, seat): &(&Option<Seat>, &Option<Seat>)| {
            claim.is_some_and(|claim| seat.is_some_and(|seat| seat.job != claim.job))
        };
        let moves = self.seats.iter().zip(seats).filter(is_moved).count() as u32;
        if let Some(MoveRule::FewestMoves { max_moves: Some(most) }) = self.outcome.rematch.as_ref().map(|rematch| rematch.rule)
            && moves > most
        {
            findings.push(Refutation::TooManyMoves { moves, most });
        }
        moves
    }
}
