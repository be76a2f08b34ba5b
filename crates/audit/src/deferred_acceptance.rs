//! Decides a stage by deferred acceptance (docs/mechanisms.md, section 5.4).
//!
//! Everyone proposes down the own list; whoever is refused proposes again. A proposal goes up the tree of limits: where the job, its
//! department or the stream has room for no more, the last of those it holds goes, at the first of these that is full. That keeps the
//! best of all proposals at every level (a laminar matroid), so that the order in which people propose does not matter.

use std::collections::BTreeSet;

use feriematch_model::JobIx;

use crate::job_priorities::Standing;
use crate::menus::Menus;
use crate::stage::{Stage, UNLIMITED};

/// Returns the job of each entrant of a stage, by row.
///
/// # Complexity
///
/// At most one proposal for each applicant and acceptable job; each takes time logarithmic in those who are held.
pub(crate) fn decide(stage: &Stage<'_>) -> Vec<Option<JobIx>> {
    let takes_part = |row: &usize| stage.choices(&stage.entrants[*row]).next().is_some();
    let menus = Menus::of(stage);
    let mut market = Market::new(stage, &menus);
    // Those who are to propose, the first in the ranking last; and those who have to wait until somebody else is refused everywhere.
    let mut proposers = Vec::new();
    let mut outside = vec![Vec::new(); stage.homes.len()];
    let mut room = stage.homes.clone();
    for row in (0..stage.entrants.len()).filter(takes_part) {
        let home = stage.home_of(&stage.entrants[row]);
        if room[home] > 0 {
            room[home] -= 1;
            proposers.push(row);
        } else {
            outside[home].push(row);
        }
    }
    proposers.reverse();
    for rows in &mut outside {
        rows.reverse();
    }
    while let Some(row) = proposers.pop() {
        match market.propose(row) {
            Answer::Held => {}
            Answer::HeldInsteadOf(refused) => proposers.push(refused),
            Answer::RefusedEverywhere => proposers.extend(outside[stage.home_of(&stage.entrants[row])].pop()),
        }
    }
    market.held
}

/// What comes of somebody's proposals.
enum Answer {
    /// A place.
    Held,
    /// A place, which costs the entrant in a row theirs.
    HeldInsteadOf(usize),
    /// Nothing.
    RefusedEverywhere,
}

/// The places that are held.
struct Market<'a> {
    stage: &'a Stage<'a>,
    menus: &'a Menus,
    /// The job that each entrant holds, by row.
    held: Vec<Option<JobIx>>,
    /// The choice and the job among those tied with it to which each entrant proposes next.
    next: Vec<(usize, usize)>,
    jobs: Vec<Holders>,
    departments: Vec<Holders>,
    all: Holders,
}

/// Those who are held under one limit.
struct Holders {
    room: u64,
    /// Empty where there is no limit.
    by_standing: BTreeSet<Standing>,
}

impl Holders {
    fn new(room: u64) -> Self {
        Self { room, by_standing: BTreeSet::new() }
    }

    fn is_full(&self) -> bool {
        self.by_standing.len() as u64 >= self.room
    }

    fn hold(&mut self, standing: Standing) {
        if self.room < UNLIMITED {
            self.by_standing.insert(standing);
        }
    }
}

impl<'a> Market<'a> {
    fn new(stage: &'a Stage<'a>, menus: &'a Menus) -> Self {
        let holders = |room: &Vec<u64>| room.iter().map(|&room| Holders::new(room)).collect();
        Self {
            stage,
            menus,
            held: vec![None; stage.entrants.len()],
            next: vec![(0, 0); stage.entrants.len()],
            jobs: holders(&stage.room.jobs),
            departments: holders(&stage.room.departments),
            all: Holders::new(stage.room.stream),
        }
    }

    /// Lets an entrant propose from where they were refused last.
    fn propose(&mut self, row: usize) -> Answer {
        let (menus, choices) = (self.menus, self.stage.all_choices(&self.stage.entrants[row]));
        let (mut first, mut at) = self.next[row];
        while let Some(choice) = choices.get(first) {
            let tied = choices[first..].iter().take_while(|other| other.rank == choice.rank).count();
            let jobs = menus.tied(&choices[first..first + tied]);
            while let Some(&job) = jobs.get(at) {
                at += 1;
                let job = JobIx::new(job as usize);
                let standing = Standing::at_job(self.stage, row, job);
                // Who has to go, if anybody; where there is no place at all, nobody can.
                let goes = self.first_full(job).map(|full| full.by_standing.last().copied());
                if goes.is_some_and(|last| last.is_none_or(|last| last < standing)) {
                    continue;
                }
                self.next[row] = (first, at);
                self.change(standing, job, Holders::hold);
                self.held[row] = Some(job);
                return goes.flatten().map_or(Answer::Held, |last| self.refuse(last));
            }
            (first, at) = (first + tied, 0);
        }
        self.next[row] = (first, 0);
        Answer::RefusedEverywhere
    }

    /// Returns the first limit on the way up from a job that has no room.
    fn first_full(&self, job: JobIx) -> Option<&Holders> {
        let department = self.stage.room.department_of[job.get()] as usize;
        let limits = [&self.jobs[job.get()], &self.departments[department], &self.all];
        limits.into_iter().find(|holders| holders.is_full())
    }

    fn refuse(&mut self, last: Standing) -> Answer {
        let row = last.row as usize;
        if let Some(job) = self.held[row].take() {
            self.change(last, job, |holders, standing| _ = holders.by_standing.remove(&standing));
        }
        Answer::HeldInsteadOf(row)
    }

    /// Changes who is held at a job and under every limit above it.
    fn change(&mut self, standing: Standing, job: JobIx, change: impl Fn(&mut Holders, Standing)) {
        change(&mut self.jobs[job.get()], standing);
        change(&mut self.departments[self.stage.room.department_of[job.get()] as usize], standing);
        change(&mut self.all, standing);
    }
}
