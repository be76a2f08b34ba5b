//! The rounds of a season, one after the other, and of another season after that, with memory that is kept.
//!
//! [`fill`](crate::fill) answers for one round and forgets everything; whoever plays thousands of seasons works out the same arcs and free places again
//! and again. Here what stays is worked out once, in a [`RoundPlan`] that threads share, and [`Rounds`] keeps what changes. The places given are the same,
//! down to the choice between placements of equal cost.

use feriematch_model::{ApplicantIx, JobIx, Mechanism, Payer, PlacementRule, StreamIx};
use feriematch_solver::{Left, PoolSolver, RowPool};

use crate::locks::{LockedPlace, Room, place_locks};
use crate::market::Market;
use crate::mechanism::Solver;
use crate::round::{Standing, fill_open};
use crate::run::RunError;
use crate::{Preparation, Ranking, RunOptions};

/// A place that somebody is given in a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GivenPlace {
    /// Who.
    pub applicant: ApplicantIx,
    /// Of which job.
    pub job: JobIx,
    /// Who pays.
    pub stream: StreamIx,
}

/// What all rounds of all seasons have in common.
#[derive(Debug)]
pub struct RoundPlan<'p, 's> {
    preparation: &'p Preparation<'s>,
    options: RunOptions,
    /// What is left of every capacity once everybody has the place that was given them by hand, and these places.
    room: Room,
    by_hand: Vec<GivenPlace>,
    /// The stages, one a stream; none where the mechanism has no short way.
    stages: Vec<Stage>,
}

/// What a stage has in all rounds.
#[derive(Debug)]
struct Stage {
    /// Everybody, with all jobs that the stream may pay for.
    pool: RowPool,
    columns: Vec<JobIx>,
    /// Where the caps of the groups and of the row groups are in the room.
    groups: Vec<Cap>,
    homes: Vec<usize>,
}

/// A cap above jobs.
#[derive(Debug, Clone, Copy)]
enum Cap {
    Stream,
    Department(usize),
}

/// A season in progress.
#[derive(Debug)]
pub struct Rounds<'a> {
    plan: &'a RoundPlan<'a, 'a>,
    solvers: Vec<PoolSolver<'a>>,
    ranking: Option<Ranking>,
    room: Room,
    standings: Vec<Standing>,
    /// Those who wait, in the order of the ranking.
    waiting: Vec<ApplicantIx>,
    is_first: bool,
    /// Whether each job can be offered in the round, whether it has a free place besides, and whether a job of each set has.
    is_offered: Vec<bool>,
    is_open: Vec<bool>,
    set_is_open: Vec<bool>,
    rows: Vec<u32>,
    capacities: [Vec<u32>; 3],
}

impl<'p, 's> RoundPlan<'p, 's> {
    /// Works out what stays.
    ///
    /// # Errors
    ///
    /// Returns which place given by hand cannot stand, which soft targets cannot be served, or why the solver cannot take a stage's problem.
    ///
    /// # Complexity
    ///
    /// That of setting up each stage's problem for everybody; memory likewise.
    pub fn new(preparation: &'p Preparation<'s>, options: &RunOptions) -> Result<Self, RunError> {
        let season = preparation.season();
        options.balance.check(options.mechanism, options.placement, &season.settings().rank_costs)?;
        let mut room = Room::new(season);
        let (locked, problems) = place_locks(preparation.eligibility(), season, &mut room, |_| true);
        if let Some(&(row, problem)) = problems.first() {
            return Err(RunError::Lock { row, problem });
        }
        let given = |&LockedPlace { applicant, job, stream, .. }: &LockedPlace| GivenPlace { applicant, job, stream };
        let streams = (0..season.settings().streams.len()).map(StreamIx::new);
        let stages =
            if has_short_way(options) { streams.map(|stream| Stage::new(preparation, stream)).collect() } else { Ok(Vec::new()) };
        Ok(Self { preparation, options: options.clone(), room, by_hand: locked.iter().map(given).collect(), stages: stages? })
    }

    /// Returns the preparation of the season.
    pub const fn preparation(&self) -> &'p Preparation<'s> {
        self.preparation
    }
}

/// Returns whether all that decides is who comes before whom, what ranks cost, and what is free.
fn has_short_way(options: &RunOptions) -> bool {
    options.mechanism == Mechanism::Priority
        && options.placement == PlacementRule::LeastTotalRank
        && options.solver == Solver::Sparse
        && options.balance.is_none()
}

impl Stage {
    fn new(preparation: &Preparation<'_>, stream: StreamIx) -> Result<Self, RunError> {
        let season = preparation.season();
        let settings = season.settings();
        let room = Room::new(season);
        let everybody = (0..season.applicants().len()).map(ApplicantIx::new).collect();
        let market = Market::new(preparation, everybody, stream, &room).with_a_class_for_each_set();
        let made = market.problem(|rank| i64::from(settings.rank_costs.cost(rank)));
        let made = made.map_err(|source| RunError::Solver { stream: settings.streams[stream.get()].id.to_string(), source })?;
        let mut groups: Vec<(u32, Cap)> = made.departments.iter().map(|(d, &group)| (group, Cap::Department(d.get()))).collect();
        groups.extend(made.stream.map(|group| (group, Cap::Stream)));
        groups.sort_unstable_by_key(|&(group, _)| group);
        let homes = made.homes.iter().enumerate().filter_map(|(home, group)| group.map(|_| home));
        Ok(Self {
            columns: (0..made.problem.column_count() as u32).map(|column| market.job(column)).collect(),
            groups: groups.into_iter().map(|(_, cap)| cap).collect(),
            homes: homes.collect(),
            pool: RowPool::new(made.problem),
        })
    }
}

impl<'a> Rounds<'a> {
    /// Sets up the memory.
    pub fn new(plan: &'a RoundPlan<'a, 'a>) -> Self {
        let season = plan.preparation.season();
        Self {
            plan,
            solvers: plan.stages.iter().map(|stage| PoolSolver::new(&stage.pool)).collect(),
            ranking: None,
            room: plan.room.clone(),
            standings: vec![Standing::HasLeft; season.applicants().len()],
            waiting: Vec::new(),
            is_first: true,
            is_offered: Vec::new(),
            is_open: Vec::new(),
            set_is_open: Vec::new(),
            rows: Vec::new(),
            capacities: Default::default(),
        }
    }

    /// Begins a season in which those in a ranking take part. Whoever has a place given by hand must be among them.
    pub fn begin(&mut self, ranking: Ranking) {
        self.room.clone_from(&self.plan.room);
        self.standings.fill(Standing::HasLeft);
        self.waiting.clear();
        self.waiting.extend_from_slice(ranking.order());
        for applicant in &self.waiting {
            self.standings[applicant.get()] = Standing::Waits;
        }
        self.is_first = true;
        self.ranking = Some(ranking);
    }

    /// Gives the free places of some jobs to those who wait, nobody being moved, and returns who got which; nothing before a season has begun.
    ///
    /// # Errors
    ///
    /// Returns why the solver could not take a stage's problem.
    ///
    /// # Complexity
    ///
    /// That of the stages' selections and placements, for those who wait and could take something that is free.
    pub fn fill(&mut self, is_open: impl Fn(JobIx) -> bool) -> Result<Vec<GivenPlace>, RunError> {
        let Some(ranking) = &self.ranking else { return Ok(Vec::new()) };
        let season = self.plan.preparation.season();
        let places = if self.plan.stages.is_empty() {
            let places = fill_open(self.plan.preparation, ranking, &self.plan.options, &self.standings, is_open)?;
            let given =
                places.into_iter().map(|place| GivenPlace { applicant: place.applicant, job: place.job, stream: place.stream });
            let given: Vec<GivenPlace> = given.collect();
            for place in &given {
                self.standings[place.applicant.get()] = Standing::Holds(place.job, place.stream);
            }
            given
        } else {
            let by_hand: &[GivenPlace] = if self.is_first { &self.plan.by_hand } else { &[] };
            let mut places = by_hand.to_vec();
            for place in &places {
                self.standings[place.applicant.get()] = Standing::Holds(place.job, place.stream);
            }
            self.note_what_is_open(is_open);
            self.rows.clear();
            let waiting = self.waiting.iter().filter(|applicant| self.standings[applicant.get()] == Standing::Waits);
            let mut rows = std::mem::take(&mut self.rows);
            rows.extend(waiting.filter(|&&applicant| self.can_take(applicant)).map(|applicant| applicant.get() as u32));
            for stream in (0..season.settings().streams.len()).map(StreamIx::new) {
                self.serve(stream, &mut rows, &mut places)?;
            }
            self.rows = rows;
            places
        };
        self.is_first = false;
        let standings = &self.standings;
        self.waiting.retain(|applicant| standings[applicant.get()] == Standing::Waits);
        Ok(places)
    }

    /// Lets somebody go who has a place or waits.
    pub fn leave(&mut self, applicant: ApplicantIx) {
        let was = std::mem::replace(&mut self.standings[applicant.get()], Standing::HasLeft);
        if let Standing::Holds(job, stream) = was
            && !self.plan.stages.is_empty()
        {
            self.room.give_back(self.plan.preparation.season(), applicant, job, stream);
        }
    }

    /// Notes of which jobs and sets of jobs a place is free that can be given.
    fn note_what_is_open(&mut self, is_open: impl Fn(JobIx) -> bool) {
        let season = self.plan.preparation.season();
        let jobs = (0..season.jobs().len()).map(JobIx::new);
        self.is_offered.clear();
        self.is_offered.extend(jobs.clone().map(is_open));
        self.is_open.clear();
        self.is_open.extend(jobs.zip(&self.is_offered).map(|(job, &is_offered)| is_offered && self.room.has_place(season, job)));
        self.set_is_open.clear();
        let sets = self.plan.preparation.job_sets().iter();
        self.set_is_open.extend(sets.map(|set| set.jobs.iter().any(|job| self.is_open[job.get()])));
    }

    /// Returns whether an applicant would take anything that is open.
    fn can_take(&self, applicant: ApplicantIx) -> bool {
        let preparation = self.plan.preparation;
        preparation.single(applicant).iter().any(|acceptable| self.is_open[acceptable.job.get()])
            || preparation.shared(applicant).iter().any(|wish| self.set_is_open[wish.set as usize])
    }

    /// Serves a stream, and takes those who are placed out of the rows.
    fn serve(&mut self, stream: StreamIx, rows: &mut Vec<u32>, places: &mut Vec<GivenPlace>) -> Result<(), RunError> {
        let season = self.plan.preparation.season();
        let settings = season.settings();
        if !self.is_paid_for(rows, stream) {
            return Ok(());
        }
        let stage = &self.plan.stages[stream.get()];
        let [columns, groups, row_groups] = &mut self.capacities;
        columns.clear();
        columns.extend(stage.columns.iter().map(|&job| if self.is_offered[job.get()] { self.room.job(job) } else { 0 }));
        groups.clear();
        groups.extend(stage.groups.iter().map(|&cap| match cap {
            Cap::Stream => self.room.stream(stream).unwrap_or(u32::MAX),
            Cap::Department(department) => self.room.departments()[department].unwrap_or(u32::MAX),
        }));
        row_groups.clear();
        row_groups.extend(stage.homes.iter().map(|&home| self.room.homes()[home].unwrap_or(u32::MAX)));
        let left = Left { columns, groups, row_groups };
        let solved = self.solvers[stream.get()].solve(rows, left);
        let solved =
            solved.map_err(|source| RunError::Solver { stream: settings.streams[stream.get()].id.to_string(), source })?;
        let mut columns = solved.iter();
        rows.retain(|&row| {
            let Some(&Some(column)) = columns.next() else { return true };
            let (applicant, job) = (ApplicantIx::new(row as usize), stage.columns[column as usize]);
            self.room.take(season, applicant, job, stream);
            self.standings[row as usize] = Standing::Holds(job, stream);
            places.push(GivenPlace { applicant, job, stream });
            false
        });
        Ok(())
    }

    /// Returns whether a stream could pay for anybody.
    fn is_paid_for(&self, rows: &[u32], stream: StreamIx) -> bool {
        let season = self.plan.preparation.season();
        if self.room.stream(stream) == Some(0) {
            return false;
        }
        let at_home = season.settings().streams[stream.get()].payer == Payer::HomeDistrict;
        !at_home
            || rows.iter().any(|&row| {
                let applicant = season.applicant(ApplicantIx::new(row as usize));
                !self.room.is_home_full(season, applicant.home_district, stream)
            })
    }
}
