//! How many applicants could be placed at all, by maximum flow.

use feriematch_model::{ApplicantIx, JobIx, Outcome, PlacedBy, Season, StreamIx};

use crate::acceptable::{Acceptable, Choice};
use crate::audit::locked_places;
use crate::claims::Claims;
use crate::decisions;
use crate::findings::Findings;
use crate::flow::{Arcs, Network, UNBOUNDED};
use crate::lottery::Ranking;
use crate::refutation::Refutation;
use crate::stage::{Entrant, Seat, Stage, UNLIMITED};

/// The largest numbers of applicants that could be placed, whatever the ranking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maxima {
    /// Over all streams at once, locks kept, within eligibility and the jobs' capacities, but with no cap of a home
    /// district, department or stream.
    pub all_streams_without_caps: u32,
    /// Stage by stage, locks and the outcome's earlier stages kept.
    pub stages: Vec<StageMaximum>,
}

/// The largest numbers of applicants that one stage could place by the mechanism.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageMaximum {
    /// The stream.
    pub stream: String,
    /// How many the outcome places.
    pub placed: u32,
    /// How many could be placed within every limit that the stage has.
    pub with_caps: u32,
    /// How many could be placed if only the jobs' capacities limited them.
    pub without_caps: u32,
}

/// Finds the largest numbers of applicants that could be placed in a season, and in each stage of an outcome.
///
/// In a single stage all limits form one network: home districts' caps ahead of the applicants, capacities and the caps of
/// departments and of the stream behind them. Over several streams they do not, since a department's cap counts all streams
/// and a home district's cap some of them; there only capacities are kept, and the number is an upper bound for what any
/// order of streams and any ranking could place.
///
/// # Errors
///
/// Returns what is wrong where the outcome's decisions are not one an applicant, or do not name jobs and streams of the
/// season, or exceed limits.
///
/// # Complexity
///
/// One maximum flow over all choices for the season, and two that share a network for each stage.
pub fn maxima(season: &Season, outcome: &Outcome) -> Result<Maxima, Vec<Refutation>> {
    let mut findings = Findings::default();
    let seats = decisions::read(season, outcome, &mut findings);
    let mut findings = findings.settle()?;
    decisions::check_limits(season, &seats, &mut findings);
    findings.settle()?;

    let ranking = Ranking::draw(season, &outcome.seed);
    // How many could be placed has nothing to do with who had a place before.
    let claims = Claims::none(outcome);
    let acceptable = Acceptable::of(season);
    let mut given = locked_places(season, &seats);
    let locked: u32 = given.streams.iter().sum();
    let free: Vec<u32> = season.jobs().iter().zip(&given.jobs).map(|(job, &n)| job.capacity.saturating_sub(n)).collect();
    let without_lock = |&applicant: &ApplicantIx| seats[applicant.get()].is_none_or(|seat| !seat.by.is_before_stages());
    let players = ranking.order().iter().copied().filter(without_lock);
    let all_streams_without_caps = locked + place_all(&acceptable, &free, players);

    let mut stages = Vec::new();
    for row in 0..season.settings().streams.len() {
        let stream = StreamIx::new(row);
        let stage = Stage::new(&acceptable, &ranking, &seats, &given, stream, &claims);
        let (with_caps, without_caps) = place_in_stage(&stage);
        let chosen: Vec<(ApplicantIx, JobIx)> = stage.entrants.iter().filter_map(|e| Some((e.applicant, e.job?))).collect();
        stages.push(StageMaximum { stream: stage.id(), placed: chosen.len() as u32, with_caps, without_caps });
        for (applicant, job) in chosen {
            given.add(season, applicant, Seat { job, stream, by: PlacedBy::Ranking });
        }
    }
    Ok(Maxima { all_streams_without_caps, stages })
}

/// Returns how many applicants can be placed within the free places of jobs.
fn place_all(acceptable: &Acceptable<'_>, free: &[u32], applicants: impl Iterator<Item = ApplicantIx>) -> u32 {
    let mut layout = Layout::new(acceptable, 2);
    for applicant in applicants {
        let node = layout.add_node();
        layout.arcs.add(Layout::SOURCE, node, 1);
        layout.add_choices(node, acceptable.choices(applicant).iter().copied());
    }
    layout.add_lists(acceptable, |_| true);
    for (job, &places) in free.iter().enumerate() {
        layout.arcs.add(layout.job(job), Layout::SINK, places);
    }
    layout.build().maximise(Layout::SOURCE, Layout::SINK)
}

/// Returns how many entrants of a stage can be placed within all limits, and within the free places of jobs alone.
fn place_in_stage(stage: &Stage<'_>) -> (u32, u32) {
    let bound = |limit: u64| if limit >= UNLIMITED { UNBOUNDED } else { limit as u32 };
    let homes = stage.homes.len();
    let departments = stage.room.departments.len();
    // Source, sink, the stream, home districts, departments; then what every layout has.
    let (top, first_home) = (2, 3);
    let first_department = first_home + homes;
    let mut layout = Layout::new(stage.acceptable, first_department + departments);
    let mut caps = vec![layout.arcs.add(top, Layout::SINK, bound(stage.room.stream))];
    for (home, &cap) in stage.homes.iter().enumerate() {
        caps.push(layout.arcs.add(Layout::SOURCE, first_home + home, bound(cap)));
    }
    for (department, &cap) in stage.room.departments.iter().enumerate() {
        caps.push(layout.arcs.add(first_department + department, top, bound(cap)));
    }
    let can_take_part = |entrant: &&Entrant| stage.choices(entrant).next().is_some();
    for entrant in stage.entrants.iter().filter(can_take_part) {
        let node = layout.add_node();
        layout.arcs.add(first_home + stage.home_of(entrant), node, 1);
        layout.add_choices(node, stage.choices(entrant));
    }
    layout.add_lists(stage.acceptable, |job| stage.funded[job.get()]);
    for (job, (&places, &department)) in stage.room.jobs.iter().zip(&stage.room.department_of).enumerate() {
        if stage.funded[job] {
            layout.arcs.add(layout.job(job), first_department + department as usize, bound(places));
        }
    }
    let mut network = layout.build();
    let with_caps = network.maximise(Layout::SOURCE, Layout::SINK);
    for cap in caps {
        network.lift(cap);
    }
    (with_caps, with_caps + network.maximise(Layout::SOURCE, Layout::SINK))
}

/// A network in the making: nodes of one's own, then targets (jobs and lists), kinds, applicants.
struct Layout {
    arcs: Arcs,
    first_target: usize,
    first_kind: usize,
    nodes: usize,
}

impl Layout {
    const SOURCE: usize = 0;
    const SINK: usize = 1;

    /// Starts with so many nodes of one's own, source and sink among them.
    fn new(acceptable: &Acceptable<'_>, own: usize) -> Self {
        let first_kind = own + acceptable.target_count();
        Self { arcs: Arcs::default(), first_target: own, first_kind, nodes: first_kind + acceptable.kinds().len() }
    }

    fn job(&self, job: usize) -> usize {
        self.first_target + job
    }

    fn add_node(&mut self) -> usize {
        self.nodes += 1;
        self.nodes - 1
    }

    fn add_choices(&mut self, applicant: usize, choices: impl Iterator<Item = Choice>) {
        for choice in choices {
            self.arcs.add(applicant, self.first_target + choice.target as usize, 1);
        }
    }

    /// Joins lists to their kinds and kinds to those of their jobs that take part.
    fn add_lists(&mut self, acceptable: &Acceptable<'_>, takes_part: impl Fn(JobIx) -> bool) {
        for target in 0..acceptable.target_count() as u32 {
            if let Err(kinds) = acceptable.resolve(target) {
                for &kind in kinds {
                    self.arcs.add(self.first_target + target as usize, self.first_kind + kind as usize, UNBOUNDED);
                }
            }
        }
        for (row, kind) in acceptable.kinds().iter().enumerate() {
            for &job in kind.jobs.iter().filter(|&&job| takes_part(job)) {
                self.arcs.add(self.first_kind + row, self.first_target + job.get(), UNBOUNDED);
            }
        }
    }

    fn build(self) -> Network {
        self.arcs.build(self.nodes)
    }
}
