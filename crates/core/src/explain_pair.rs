//! Why one applicant did not get one job, in numbers that name nobody else.

use feriematch_model::{
    ApplicantIx, Decision, JobIx, LotteryNumber, Mechanism, Outcome, PlacedBy, Rule, StageReason, StreamIx, Target, Verdict,
};

use crate::explain::Holders;
use crate::what_if::{Given, WhatIf};
use crate::{Change, Cutoff, LockProblem, Preparation, RunError, WhatIfError};

/// What can be said about one applicant and one job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairExplanation {
    /// Whom it is about.
    pub applicant: ApplicantIx,
    /// The job.
    pub job: JobIx,
    /// The applicant's position in the whole order.
    pub position: u32,
    /// The applicant's lottery number.
    pub lottery: LotteryNumber,
    /// How places were assigned.
    pub mechanism: Mechanism,
    /// Whether people with a place moved up, to what they ranked higher.
    pub moves_up: bool,
    /// The rank at which the applicant wished for it.
    pub rank: Option<u16>,
    /// The rule that refuses the pair.
    pub refused: Option<Rule>,
    /// What the applicant has.
    pub has: Option<OwnPlace>,
    /// How many places somebody has of the job.
    pub taken: u32,
    /// The last in the order who got one of them by ranking.
    pub cutoff: Option<Cutoff>,
    /// For somebody without a place who may take the job, what each stream that could pay for it says, in the order served.
    pub reasons: Vec<(StreamIx, StageReason)>,
    /// Whether a wish for this job, after all others on the list, would have given a place, of whatever job; only for somebody without
    /// a place who may take it and did not wish for it.
    pub enough_as_wish: Option<bool>,
    /// What it would have cost others to give the applicant the job, where it was wished for, may be taken, and is better than what they
    /// have by the ranking.
    pub price: Option<Result<Price, LockProblem>>,
}

/// The first answer to the question why somebody does not have a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// They have it.
    HasIt,
    /// A rule refuses the pair.
    NotEligible,
    /// They did not wish for it.
    NotWished,
    /// Somebody decided by hand that they have, or keep, another place.
    HeldElsewhere,
    /// They have a job that they ranked as high or higher.
    HasAsGood,
    /// They have a job that they ranked lower.
    HasLess,
    /// They have no place.
    Waits,
}

impl Answer {
    /// Returns the code, as programs read it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::HasIt => "has-it",
            Self::NotEligible => "not-eligible",
            Self::NotWished => "not-wished",
            Self::HeldElsewhere => "held-elsewhere",
            Self::HasAsGood => "has-as-good",
            Self::HasLess => "has-less",
            Self::Waits => "waits",
        }
    }
}

impl PairExplanation {
    /// Returns the first answer.
    pub fn answer(&self) -> Answer {
        match (self.has, self.refused, self.rank) {
            (Some(place), ..) if place.job == self.job => Answer::HasIt,
            (_, Some(_), _) => Answer::NotEligible,
            (_, _, None) => Answer::NotWished,
            (Some(place), ..) if place.by.is_before_stages() => Answer::HeldElsewhere,
            (Some(place), _, Some(rank)) if place.rank.is_some_and(|own| own <= rank) => Answer::HasAsGood,
            (Some(_), ..) => Answer::HasLess,
            (None, ..) => Answer::Waits,
        }
    }
}

/// A place that the applicant has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnPlace {
    /// Of which job.
    pub job: JobIx,
    /// The rank of the wish that it meets.
    pub rank: Option<u16>,
    /// How it was given.
    pub by: PlacedBy,
}

/// What it would have cost others to give somebody a job: the season solved again with the pair locked, beside the outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// Others who would have lost their place.
    pub lose: u32,
    /// Those of them who come before the applicant in the order.
    pub lose_ahead: u32,
    /// Others who would have got a place and have none.
    pub gain: u32,
    /// By how much the rank costs of all others with a place would have risen in sum; only where the same people would have a place,
    /// and there are no targets that ranks are weighed against.
    pub costs: Option<i64>,
}

/// Explains why an applicant did not get a job, or that they have it. `outcome` must be one of this season.
///
/// Returns `None` where the outcome has no decision on the applicant. `at` is told each time the season is about to be solved again.
///
/// # Errors
///
/// As [`counterfactuals`](crate::counterfactuals).
///
/// # Complexity
///
/// At most three runs of the season.
pub fn explain_pair(
    preparation: &Preparation<'_>,
    outcome: &Outcome,
    applicant: ApplicantIx,
    job: JobIx,
    at: &mut dyn FnMut(),
) -> Result<Option<PairExplanation>, WhatIfError> {
    let season = preparation.season();
    let Some(decision) = outcome.decisions.get(applicant.get()) else { return Ok(None) };
    let Decision { position, lottery, .. } = *decision;
    let holders = Holders::new(season, outcome);
    let rank = preparation.rank(applicant, job);
    let refused = preparation.eligibility().check(applicant, job).err();
    let has = match &decision.verdict {
        Verdict::Placed(placed) => season.find_job(&placed.job).map(|job| OwnPlace { job, rank: placed.rank, by: placed.by }),
        _ => None,
    };
    let mut explained = PairExplanation {
        applicant,
        job,
        position,
        lottery,
        mechanism: outcome.mechanism,
        moves_up: outcome.moves_up(),
        rank,
        refused,
        has,
        taken: holders.count(job),
        cutoff: holders.cutoff(job),
        reasons: Vec::new(),
        enough_as_wish: None,
        price: None,
    };
    if refused.is_some() || has.is_some_and(|place| place.job == job) {
        return Ok(Some(explained));
    }
    if let Verdict::Waiting { reasons } = &decision.verdict {
        let of = season.applicant(applicant);
        let pays =
            |stream: &StreamIx| season.job(job).streams.contains(*stream) && preparation.eligibility().stream_admits(*stream, of);
        let said = reasons.iter().enumerate().map(|(row, &reason)| (StreamIx::new(row), reason));
        explained.reasons = said.filter(|(stream, _)| pays(stream)).collect();
    }
    let mut what_if = WhatIf::new(preparation, outcome, applicant, at)?;
    if rank.is_none() {
        if has.is_none() {
            explained.enough_as_wish = Some(what_if.has_place_after(Change::Wish(Target::Job(job)))?);
        }
    } else if matches!(explained.answer(), Answer::HasLess | Answer::Waits) {
        explained.price = match what_if.places_with_lock(job) {
            Ok(instead) => Some(Ok(price(preparation, outcome, applicant, &instead))),
            // Nothing but caps and capacities can stand in the way of the one lock that is new.
            Err(WhatIfError::Run(RunError::Lock { problem, .. })) => Some(Err(problem)),
            // Nor can it take a place on which somebody has a claim.
            Err(WhatIfError::Run(RunError::Claim { .. })) => Some(Err(LockProblem::JobFull)),
            Err(error) => return Err(error),
        };
    }
    Ok(Some(explained))
}

/// Sets what others would have beside what they have.
fn price(preparation: &Preparation<'_>, outcome: &Outcome, applicant: ApplicantIx, instead: &[Given]) -> Price {
    let position = outcome.decisions[applicant.get()].position;
    let cost = |rank: Option<u16>| rank.map_or(0, |rank| i64::from(outcome.rank_costs.cost(rank)));
    let mut price = Price { lose: 0, lose_ahead: 0, gain: 0, costs: None };
    let mut costs = 0;
    let season = preparation.season();
    for (row, (decision, instead)) in outcome.decisions.iter().zip(instead).enumerate() {
        if row == applicant.get() {
            continue;
        }
        let now: Given = match &decision.verdict {
            Verdict::Placed(placed) => season.find_job(&placed.job).map(|job| (job, placed.rank)),
            _ => None,
        };
        match (now, instead) {
            (Some(_), None) => {
                price.lose += 1;
                price.lose_ahead += u32::from(decision.position < position);
            }
            (None, Some(_)) => price.gain += 1,
            (Some((_, now)), Some((_, instead))) => costs += cost(*instead) - cost(now),
            (None, None) => {}
        }
    }
    // Where targets are weighed against ranks, ranks may be met differently without a reason in them.
    price.costs = (price.lose == 0 && price.gain == 0 && outcome.balance.is_none()).then_some(costs);
    price
}
