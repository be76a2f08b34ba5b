//! Why one applicant got what they got, in numbers that name nobody else.

use std::collections::BTreeMap;

use feriematch_model::{
    ApplicantIx, ClassIx, Decision, DepartmentIx, Employer, JobIx, LotteryNumber, Mechanism, Outcome, PlacedBy, Rule, Season,
    StageReason, StreamIx, Target, Verdict, Wish,
};

use crate::Preparation;

/// What can be said to one applicant about the outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation<'o> {
    /// Whom it is about.
    pub applicant: ApplicantIx,
    /// The decision.
    pub decision: &'o Decision,
    /// How places were assigned.
    pub mechanism: Mechanism,
    /// How many applied.
    pub applicants: u32,
    /// How many of the same priority class applied.
    pub class_size: u32,
    /// How many of the same class come before the applicant.
    pub ahead_in_class: u32,
    /// The place on the waiting list, from 1, of somebody who is on it.
    pub waiting_place: Option<u32>,
    /// Each wish, in order.
    pub wishes: Vec<WishExplanation>,
    /// For somebody on the waiting list, each funding stream, in the order served.
    pub stages: Vec<StageExplanation>,
}

/// What became of one wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WishExplanation {
    /// Its place on the list.
    pub rank: u16,
    /// What it names.
    pub target: Target,
    /// How many jobs it names.
    pub jobs: u32,
    /// The rules that refuse some of them, and how many each.
    pub refused: Vec<(Rule, u32)>,
    /// The places of the jobs that it names and the applicant may take.
    pub places: u32,
    /// How many of these places somebody has.
    pub taken: u32,
    /// The last in the order who got one of them by ranking.
    pub cutoff: Option<Cutoff>,
}

/// The last in the order who got a place of some jobs by ranking, told so that nobody is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cutoff {
    /// The position in the whole order.
    pub position: u32,
    /// The lottery number.
    pub lottery: LotteryNumber,
    /// The priority class, unless the identity is protected.
    pub class: Option<ClassIx>,
}

/// Why a funding stream gave no place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageExplanation {
    /// The stream.
    pub stream: StreamIx,
    /// The reason.
    pub reason: StageReason,
    /// Where the reason is that everything is full, who holds it.
    pub bottleneck: Option<Bottleneck>,
}

/// A deficient set, as seen from one applicant: the jobs whose places would have to be freed, directly or along a chain, and the
/// applicants ahead who hold them and could take no other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bottleneck {
    /// How many jobs it spans.
    pub jobs: u32,
    /// The applicants ahead who hold places of these jobs and have nowhere else to go.
    pub held_ahead: u32,
    /// The places of these jobs that locks or earlier funding streams had given.
    pub held_before: u32,
    /// The departments whose cap, not their places, is used up.
    pub departments: Vec<DepartmentIx>,
    /// Whether the stream's cap is used up.
    pub stream_cap: bool,
}

/// Explains the outcome of one applicant. `outcome` must be one of this season, with every decision in place, as the crate `audit` checks.
///
/// Returns `None` where the outcome has no decision on the applicant.
///
/// # Complexity
///
/// Linear in applicants, and in the jobs and wishes that the bottleneck reaches.
pub fn explain<'o>(preparation: &Preparation<'_>, outcome: &'o Outcome, applicant: ApplicantIx) -> Option<Explanation<'o>> {
    let season = preparation.season();
    let of = season.applicant(applicant);
    let row = outcome.decisions.binary_search_by(|d| (*d.applicant).cmp(&of.id)).ok()?;
    let decision = &outcome.decisions[row];
    let holders = Holders::new(season, outcome);
    let reasons: &[StageReason] = match &decision.verdict {
        Verdict::Waiting { reasons } => reasons,
        _ => &[],
    };
    let stages = reasons.iter().enumerate().map(|(row, &reason)| {
        let stream = StreamIx::new(row);
        // Where people could be moved, it is not those ahead in the ranking alone who are in the way.
        let traced = reason == StageReason::Full && outcome.mechanism == Mechanism::Priority && outcome.rematch.is_none();
        let bottleneck = traced.then(|| holders.bottleneck(preparation, applicant, stream));
        StageExplanation { stream, reason, bottleneck }
    });
    let waiting_ahead = |d: &&Decision| matches!(d.verdict, Verdict::Waiting { .. }) && d.position <= decision.position;
    let waiting_place = matches!(decision.verdict, Verdict::Waiting { .. })
        .then(|| outcome.decisions.iter().filter(waiting_ahead).count() as u32);
    let same_class = season.applicants().iter().zip(&outcome.decisions).filter(|(a, _)| a.class == of.class);
    Some(Explanation {
        applicant,
        decision,
        mechanism: outcome.mechanism,
        applicants: season.applicants().len() as u32,
        class_size: same_class.clone().count() as u32,
        ahead_in_class: same_class.filter(|(_, d)| d.position < decision.position).count() as u32,
        waiting_place,
        wishes: explain_wishes(preparation, &holders, applicant),
        stages: stages.collect(),
    })
}

/// Says what became of each wish.
fn explain_wishes(preparation: &Preparation<'_>, holders: &Holders<'_>, applicant: ApplicantIx) -> Vec<WishExplanation> {
    let season = preparation.season();
    let explain_wish = |wish: &Wish| {
        let named = preparation.named_by(&wish.target);
        let mut refused: BTreeMap<Rule, u32> = BTreeMap::new();
        let mut explained = WishExplanation {
            rank: wish.rank,
            target: wish.target,
            jobs: named.len() as u32,
            refused: Vec::new(),
            places: 0,
            taken: 0,
            cutoff: None,
        };
        for &job in named {
            if let Err(rule) = preparation.eligibility().check(applicant, job) {
                *refused.entry(rule).or_default() += 1;
                continue;
            }
            let held = &holders.of_job[job.get()];
            explained.places += season.job(job).capacity;
            explained.taken += held.len() as u32;
            let last = explained.cutoff.into_iter().chain(holders.cutoff(job));
            explained.cutoff = last.max_by_key(|cutoff| cutoff.position);
        }
        explained.refused = refused.into_iter().collect();
        explained
    };
    season.applicant(applicant).wishes.iter().map(explain_wish).collect()
}

/// Somebody who holds a place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Holder {
    applicant: ApplicantIx,
    position: u32,
    lottery: LotteryNumber,
    stream: StreamIx,
    by: PlacedBy,
}

/// Who holds the places of each job.
pub(crate) struct Holders<'s> {
    season: &'s Season,
    of_job: Vec<Vec<Holder>>,
}

impl<'s> Holders<'s> {
    /// Returns how many hold places of a job.
    pub(crate) fn count(&self, job: JobIx) -> u32 {
        self.of_job[job.get()].len() as u32
    }

    /// Returns the last in the order who got a place of a job by ranking.
    pub(crate) fn cutoff(&self, job: JobIx) -> Option<Cutoff> {
        let by_ranking = self.of_job[job.get()].iter().filter(|holder| holder.by == PlacedBy::Ranking);
        let last = by_ranking.max_by_key(|holder| holder.position)?;
        let applicant = self.season.applicant(last.applicant);
        let class = (!applicant.protected).then_some(applicant.class);
        Some(Cutoff { position: last.position, lottery: last.lottery, class })
    }

    pub(crate) fn new(season: &'s Season, outcome: &Outcome) -> Self {
        let mut of_job = vec![Vec::new(); season.jobs().len()];
        for (row, decision) in outcome.decisions.iter().enumerate() {
            if let Verdict::Placed(placed) = &decision.verdict
                && let Some(job) = season.find_job(&placed.job)
                && let Some(stream) = season.settings().find_stream(&placed.stream)
            {
                let applicant = ApplicantIx::new(row);
                let Decision { position, lottery, .. } = *decision;
                of_job[job.get()].push(Holder { applicant, position, lottery, stream, by: placed.by });
            }
        }
        Self { season, of_job }
    }

    /// Follows, from the jobs that an applicant could take in a stage, who holds them and what else these could take, until
    /// nothing new is found. Since everyone in the stage was placed at once, a free place on the way would have been used.
    fn bottleneck(&self, preparation: &Preparation<'_>, applicant: ApplicantIx, stream: StreamIx) -> Bottleneck {
        let mut found = Bottleneck::default();
        let mut reached = vec![false; self.of_job.len()];
        let mut queue: Vec<JobIx> = Vec::new();
        let reach = |jobs: &mut dyn Iterator<Item = JobIx>, reached: &mut Vec<bool>, queue: &mut Vec<JobIx>| {
            queue.extend(jobs.filter(|job| !std::mem::replace(&mut reached[job.get()], true)));
        };
        let funded = |job: &JobIx| self.season.job(*job).streams.contains(stream);
        // Many may wish for the same class of jobs: its jobs are gone through once.
        let mut sets_reached = vec![false; preparation.job_sets().len()];
        let mut reach_from = |applicant, reached: &mut Vec<bool>, queue: &mut Vec<JobIx>| {
            let single = preparation.single(applicant).iter().map(|acceptable| acceptable.job);
            reach(&mut single.filter(funded), reached, queue);
            for wish in preparation.shared(applicant) {
                if !std::mem::replace(&mut sets_reached[wish.set as usize], true) {
                    let jobs = preparation.job_sets()[wish.set as usize].jobs.iter().copied();
                    reach(&mut jobs.filter(funded), reached, queue);
                }
            }
        };
        reach_from(applicant, &mut reached, &mut queue);
        while let Some(job) = queue.pop() {
            found.jobs += 1;
            let mut held = 0;
            for holder in self.held_at(job, stream) {
                held += 1;
                if placed_in(stream, holder) {
                    found.held_ahead += 1;
                    reach_from(holder.applicant, &mut reached, &mut queue);
                } else {
                    found.held_before += 1;
                }
            }
            if held < self.season.job(job).capacity {
                // A free place that could not be used: the cap of the department or of the stream is what is full, and every
                // job under it with somebody of this stage is part of the bottleneck.
                if let Some(department) = self.full_department(job, stream) {
                    if !found.departments.contains(&department) {
                        found.departments.push(department);
                    }
                    let under = |job: &JobIx| self.season.job(*job).employer == Employer::Department(department);
                    reach(&mut self.served_in(stream).filter(under), &mut reached, &mut queue);
                } else {
                    found.stream_cap = true;
                    reach(&mut self.served_in(stream), &mut reached, &mut queue);
                }
            }
        }
        found.departments.sort_unstable();
        found
    }

    /// Returns those who held places of a job when a stage was over: locks, earlier stages and the stage itself.
    fn held_at(&self, job: JobIx, stream: StreamIx) -> impl Iterator<Item = &Holder> {
        self.of_job[job.get()].iter().filter(move |holder| holder.by.is_before_stages() || holder.stream <= stream)
    }

    /// Returns the jobs of which a stage gave places.
    fn served_in(&self, stream: StreamIx) -> impl Iterator<Item = JobIx> {
        let served = move |held: &Vec<Holder>| held.iter().any(|holder| placed_in(stream, holder));
        self.of_job.iter().enumerate().filter(move |(_, held)| served(held)).map(|(row, _)| JobIx::new(row))
    }

    /// Returns the department of a job if its cap was used up when a stage was over.
    fn full_department(&self, job: JobIx, stream: StreamIx) -> Option<DepartmentIx> {
        let Employer::Department(department) = self.season.job(job).employer else { return None };
        let cap = self.season.settings().departments[department.get()].cap?;
        let jobs = self.season.jobs().iter().enumerate().filter(|(_, job)| job.employer == Employer::Department(department));
        let held: usize = jobs.map(|(row, _)| self.held_at(JobIx::new(row), stream).count()).sum();
        (held as u32 >= cap).then_some(department)
    }
}

/// Returns whether a holder got the place by ranking in a stage.
fn placed_in(stream: StreamIx, holder: &Holder) -> bool {
    holder.stream == stream && holder.by == PlacedBy::Ranking
}
