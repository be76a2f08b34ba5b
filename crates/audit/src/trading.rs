// LEAD: docs/mechanisms.md 5.5 has changed on origin/engine (11:24): no phases but ROUNDS (with common orders it is a serial dictatorship). Rebase, read it again, and follow that. Then delete this line.
//! Decides a stage by top trading cycles (docs/mechanisms.md, section 5.5).
//!
//! All jobs that one district employs in come to applicants in the same order, so they have the same owner, as long as no cap
//! holds them together; everything else belongs to whoever comes first in the ranking. An owner takes part in one cycle only, so
//! places under one cap never go two at a time, and it is enough to know for each order who comes first in it.

use feriematch_model::{DistrictIx, JobIx};

use crate::job_priorities::{Standing, district_of};
use crate::menus::Menus;
use crate::stage::{Stage, UNLIMITED};

/// Returns the job of each entrant of a stage, by row.
///
/// # Complexity
///
/// Time is linear in the choices and in what lists hold, apart from sorting those who take part by the priorities of each district.
pub(crate) fn decide(stage: &Stage<'_>) -> Vec<Option<JobIx>> {
    let mut market = Market::new(stage);
    let mut homes = stage.homes.clone();
    let mut outside: Vec<usize> = (0..stage.entrants.len()).collect();
    outside.retain(|&row| stage.choices(&stage.entrants[row]).next().is_some());
    loop {
        let mut room = homes.clone();
        let (entering, rest): (Vec<usize>, Vec<usize>) = outside.into_iter().partition(|&row| {
            let room = &mut room[stage.home_of(&stage.entrants[row])];
            let enters = *room > 0;
            *room = room.saturating_sub(1);
            enters
        });
        if entering.is_empty() {
            return market.taken;
        }
        market.trade(&entering);
        for &row in entering.iter().filter(|&&row| market.taken[row].is_some()) {
            homes[stage.home_of(&stage.entrants[row])] -= 1;
        }
        outside = rest;
    }
}

/// What is left, and who is there to trade it.
struct Market<'a> {
    stage: &'a Stage<'a>,
    menus: Menus,
    /// How many places are left of each limit.
    jobs: Vec<u64>,
    departments: Vec<u64>,
    all: u64,
    /// How many jobs at the head of each target's have no room left.
    exhausted: Vec<u32>,
    /// The order of each job: 0 for the ranking, and then those of the districts.
    order_of: Vec<usize>,
    /// Those who take part in this phase, by order, and how many at the head of each have left.
    orders: Vec<Vec<u32>>,
    gone: Vec<usize>,
    takes_part: Vec<bool>,
    /// Where on the path that is being followed each entrant is.
    on_path: Vec<Option<usize>>,
    taken: Vec<Option<JobIx>>,
}

impl<'a> Market<'a> {
    fn new(stage: &'a Stage<'a>) -> Self {
        let room = &stage.room;
        let order = |job: usize| {
            let is_capped = room.stream < UNLIMITED || room.departments[room.department_of[job] as usize] < UNLIMITED;
            let district = district_of(stage, JobIx::new(job)).filter(|_| !is_capped);
            district.map_or(0, |district| district.get() + 1)
        };
        let orders = stage.homes.len() + 1;
        Self {
            stage,
            menus: Menus::of(stage),
            jobs: room.jobs.clone(),
            departments: room.departments.clone(),
            all: room.stream,
            exhausted: vec![0; stage.acceptable.target_count()],
            order_of: (0..room.jobs.len()).map(order).collect(),
            orders: vec![Vec::new(); orders],
            gone: vec![0; orders],
            takes_part: vec![false; stage.entrants.len()],
            on_path: vec![None; stage.entrants.len()],
            taken: vec![None; stage.entrants.len()],
        }
    }

    /// Lets entrants, given in ranking order, trade until all have left.
    fn trade(&mut self, entering: &[usize]) {
        entering.iter().for_each(|&row| self.takes_part[row] = true);
        for (order, rows) in self.orders.iter_mut().enumerate() {
            *rows = entering.iter().map(|&row| row as u32).collect();
            if let Some(district) = order.checked_sub(1).map(DistrictIx::new) {
                rows.sort_by_key(|&row| Standing::at(self.stage, row as usize, Some(district)));
            }
        }
        self.gone.fill(0);
        for &row in entering {
            self.follow(row);
        }
    }

    /// Follows from an entrant who points to what and who owns it, and carries out the cycles met, until the entrant has left.
    fn follow(&mut self, start: usize) {
        if !self.takes_part[start] {
            return;
        }
        let mut path: Vec<(usize, JobIx)> = Vec::new();
        let mut next = Some(start);
        while let Some(row) = next {
            if let Some(job) = self.best(row) {
                self.on_path[row] = Some(path.len());
                path.push((row, job));
                let owner = self.owner(self.order_of[job.get()]);
                let Some(first) = self.on_path[owner] else {
                    next = Some(owner);
                    continue;
                };
                for (row, job) in path.drain(first..) {
                    self.take(row, job);
                }
            } else {
                self.takes_part[row] = false;
            }
            // Whoever pointed to what has lost its owner looks again.
            next = path.pop().map(|(row, _)| row);
            next.into_iter().for_each(|row| self.on_path[row] = None);
        }
    }

    /// Returns the best acceptable job with room left; among tied ones that with the lowest id.
    fn best(&mut self, row: usize) -> Option<JobIx> {
        let choices = self.stage.all_choices(&self.stage.entrants[row]);
        choices
            .chunk_by(|a, b| a.rank == b.rank)
            .find_map(|tied| tied.iter().filter_map(|choice| self.first(choice.target)).min())
    }

    /// Returns the first job of a target that has room.
    fn first(&mut self, target: u32) -> Option<JobIx> {
        let jobs = &self.menus.jobs(target)[self.exhausted[target as usize] as usize..];
        let room = &self.stage.room;
        let has_room = |&&job: &&u32| {
            let department = room.department_of[job as usize] as usize;
            self.jobs[job as usize] > 0 && self.departments[department] > 0 && self.all > 0
        };
        let full = jobs.iter().take_while(|job| !has_room(job)).count();
        let job = jobs.get(full).map(|&job| JobIx::new(job as usize));
        // What is full once stays so.
        self.exhausted[target as usize] += full as u32;
        job
    }

    /// Returns who comes first in an order of those who have not left; somebody has not.
    fn owner(&mut self, order: usize) -> usize {
        let rows = &self.orders[order];
        while !self.takes_part[rows[self.gone[order]] as usize] {
            self.gone[order] += 1;
        }
        rows[self.gone[order]] as usize
    }

    fn take(&mut self, row: usize, job: JobIx) {
        self.taken[row] = Some(job);
        self.takes_part[row] = false;
        self.on_path[row] = None;
        self.jobs[job.get()] -= 1;
        self.departments[self.stage.room.department_of[job.get()] as usize] -= 1;
        self.all -= 1;
    }
}
