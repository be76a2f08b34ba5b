//! Decides a stage by top trading cycles (docs/mechanisms.md, section 5.5).
//!
//! All jobs that one district employs in come to applicants in the same order, and everything else, caps among them, in that of the
//! ranking. Owners with the same order always point to the same applicant, since all of them look again as soon as that one is gone. So it is enough to know
//! to whom each *order* points: a round is a walk over as many nodes as there are districts, and one.
//!
//! Who comes first in the order of a district is either the first of all, or the first of those who live there, if that is no later class.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use feriematch_model::{DistrictIx, JobIx};

use crate::job_priorities::{Standing, district_of};
use crate::menus::Menus;
use crate::stage::{Stage, UNLIMITED};

/// Returns the job of each entrant of a stage, by row.
///
/// # Complexity
///
/// Time is linear in the choices and in what lists hold, plus for each place given the number of districts and a logarithm.
pub(crate) fn decide(stage: &Stage<'_>) -> Vec<Option<JobIx>> {
    let mut market = Market::new(stage);
    market.open();
    loop {
        market.point();
        let cycles = market.on_cycles();
        if cycles.is_empty() {
            return market.taken;
        }
        let full = market.trade(&cycles);
        market.let_go(&full);
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
    /// The order of each job: that of the ranking is 0, and then come those of the districts.
    order_of: Vec<usize>,
    /// The jobs of each department row.
    jobs_of: Vec<Vec<u32>>,
    /// To whom each order points.
    points_to: Vec<Option<usize>>,
    /// Those who take part, by row, and whoever has gone since: all, and those who live in each district.
    first_of_all: BinaryHeap<Reverse<usize>>,
    first_at_home: Vec<BinaryHeap<Reverse<usize>>>,
    /// Those who have not taken part, the first in the ranking last, by home district.
    outside: Vec<Vec<usize>>,
    /// The best job with room left of each who takes part.
    best: Vec<Option<JobIx>>,
    /// Who has each job for their best.
    drawn_to: Vec<Vec<usize>>,
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
        let mut jobs_of = vec![Vec::new(); room.departments.len()];
        for (job, &department) in (0_u32..).zip(&room.department_of) {
            jobs_of[department as usize].push(job);
        }
        Self {
            stage,
            menus: Menus::of(stage),
            jobs: room.jobs.clone(),
            departments: room.departments.clone(),
            all: room.stream,
            exhausted: vec![0; stage.acceptable.target_count()],
            order_of: (0..room.jobs.len()).map(order).collect(),
            jobs_of,
            points_to: vec![None; stage.homes.len() + 1],
            first_of_all: BinaryHeap::new(),
            first_at_home: vec![BinaryHeap::new(); stage.homes.len()],
            outside: vec![Vec::new(); stage.homes.len()],
            best: vec![None; stage.entrants.len()],
            drawn_to: vec![Vec::new(); room.jobs.len()],
            taken: vec![None; stage.entrants.len()],
        }
    }

    /// Lets in as many of each home district as its cap has room for.
    fn open(&mut self) {
        let stage = self.stage;
        for row in (0..stage.entrants.len()).rev().filter(|&row| stage.choices(&stage.entrants[row]).next().is_some()) {
            self.outside[stage.home_of(&stage.entrants[row])].push(row);
        }
        for home in 0..stage.homes.len() {
            let room = usize::try_from(stage.homes[home]).unwrap_or(usize::MAX);
            for _ in 0..room.min(self.outside[home].len()) {
                self.let_in(home);
            }
        }
    }

    /// Lets in the next of a home district who has an acceptable job with room left; those before leave as they come.
    fn let_in(&mut self, home: usize) {
        while let Some(row) = self.outside[home].pop() {
            if self.look(row) {
                self.first_of_all.push(Reverse(row));
                self.first_at_home[home].push(Reverse(row));
                return;
            }
        }
    }

    /// Lets an entrant look for the best job with room left; returns whether there is one.
    fn look(&mut self, row: usize) -> bool {
        let choices = self.stage.all_choices(&self.stage.entrants[row]);
        let best = choices
            .chunk_by(|a, b| a.rank == b.rank)
            .find_map(|tied| tied.iter().filter_map(|choice| self.first_with_room(choice.target)).min());
        self.best[row] = best;
        if let Some(job) = best {
            self.drawn_to[job.get()].push(row);
        }
        best.is_some()
    }

    /// Returns the first job of a target that has room.
    fn first_with_room(&mut self, target: u32) -> Option<JobIx> {
        let jobs = &self.menus.jobs(target)[self.exhausted[target as usize] as usize..];
        let department_of = &self.stage.room.department_of;
        let has_room = |&job: &u32| {
            self.jobs[job as usize] > 0 && self.departments[department_of[job as usize] as usize] > 0 && self.all > 0
        };
        let full = jobs.iter().take_while(|job| !has_room(job)).count();
        let job = jobs.get(full).map(|&job| JobIx::new(job as usize));
        // What is full once stays so.
        self.exhausted[target as usize] += full as u32;
        job
    }

    /// Points every order whose applicant has gone to the first in it.
    fn point(&mut self) {
        for order in 0..self.points_to.len() {
            if self.points_to[order].is_none_or(|row| self.best[row].is_none()) {
                self.points_to[order] = self.first_in(order);
            }
        }
    }

    fn first_in(&mut self, order: usize) -> Option<usize> {
        let of_all = first_who_takes_part(&mut self.first_of_all, &self.best)?;
        let Some(home) = order.checked_sub(1) else { return Some(of_all) };
        let at_home = first_who_takes_part(&mut self.first_at_home[home], &self.best);
        let standing = |&row: &usize| Standing::at(self.stage, row, Some(DistrictIx::new(home)));
        [of_all].into_iter().chain(at_home).min_by_key(standing)
    }

    /// Returns who is on a cycle.
    fn on_cycles(&self) -> Vec<usize> {
        let next = |order: usize| {
            let row = self.points_to[order]?;
            Some((row, self.order_of[self.best[row]?.get()]))
        };
        // The walk that came to an order first.
        let mut walked: Vec<Option<usize>> = vec![None; self.points_to.len()];
        let mut found = Vec::new();
        for start in 0..self.points_to.len() {
            let mut order = start;
            while walked[order].is_none() {
                walked[order] = Some(start);
                let Some((_, after)) = next(order) else { break };
                order = after;
            }
            let (end, mut at) = (order, order);
            let is_new = walked[end] == Some(start) && next(end).is_some();
            while let Some((row, after)) = next(at).filter(|_| is_new) {
                found.push(row);
                at = after;
                if at == end {
                    break;
                }
            }
        }
        found
    }

    /// Gives everyone on a cycle the job that they point to; returns the jobs that have no room left now.
    fn trade(&mut self, cycles: &[usize]) -> BTreeSet<u32> {
        let mut full = BTreeSet::new();
        for &row in cycles {
            let Some(job) = self.best[row].take() else { continue };
            let department = self.stage.room.department_of[job.get()] as usize;
            self.taken[row] = Some(job);
            self.jobs[job.get()] -= 1;
            self.departments[department] -= 1;
            self.all -= 1;
            if self.jobs[job.get()] == 0 {
                full.insert(job.get() as u32);
            }
            if self.departments[department] == 0 {
                full.extend(&self.jobs_of[department]);
            }
            if self.all == 0 {
                full.extend(0..self.jobs.len() as u32);
            }
        }
        full
    }

    /// Lets everyone whose best job is full look for another; whoever finds none leaves to the next of the home district.
    fn let_go(&mut self, full: &BTreeSet<u32>) {
        for &job in full {
            for row in std::mem::take(&mut self.drawn_to[job as usize]) {
                if self.best[row].is_some() && !self.look(row) {
                    self.let_in(self.stage.home_of(&self.stage.entrants[row]));
                }
            }
        }
    }
}

/// Returns the first row of those that take part.
fn first_who_takes_part(rows: &mut BinaryHeap<Reverse<usize>>, best: &[Option<JobIx>]) -> Option<usize> {
    while let Some(&Reverse(row)) = rows.peek() {
        if best[row].is_some() {
            return Some(row);
        }
        rows.pop();
    }
    None
}
