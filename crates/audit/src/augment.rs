//! Whether one more applicant can be placed together with those placed so far: augmenting paths through a tree of limits.
//!
//! A job takes applicants up to its places, a department up to its cap, the stream up to its own. A search from a new
//! applicant goes forward to acceptable jobs, up from a job with a free place to its department, down from a department
//! whose cap is used up to its jobs, and from a job to its holders, who may be able to move. It succeeds at a job with a
//! free place in a department with room. Where it fails, nothing that it reached can ever lead to room again, since every
//! later path keeps clear of what this one reached: all of it is dead (a Hall violator), and no later search enters it. So
//! all failing searches together take time linear in the choices. Once the stream's cap is used up, every search fails.
//!
//! The same search decides `priority`, where everybody before has to stay in, `serial-dictatorship`, where everybody
//! before has to stay at their rank, and whether a placement in ranking order could be better for somebody, where others have to stay in
//! or at their rank. Those whom an outcome selects need no search as long as everybody is where the outcome
//! has them, for its places are known to be within the limits; [`Packing::seat`] puts them there.

use feriematch_model::JobIx;

use crate::stage::Stage;

/// Marks a node that no later search enters.
const DEAD: u32 = u32::MAX;

/// Returns whether somebody bound to a rank, if to one, may have another.
fn is_bound_to(bound: Option<u16>, rank: u16) -> bool {
    bound.is_none_or(|bound| bound == rank)
}

/// From where a search came to a job.
#[derive(Debug, Clone, Copy)]
enum Via {
    /// From the entrant who could take it.
    Entrant(u32),
    /// From its department, of whose cap it uses a part.
    Department,
}

/// A growing set of entrants who can be placed at once.
pub(crate) struct Packing<'a> {
    stage: &'a Stage<'a>,
    /// The entrants of each job.
    holders: Vec<Vec<u32>>,
    /// The job of each entrant, and the rank to which the entrant is bound, if to one.
    held: Vec<Option<(u32, Option<u16>)>>,
    /// How many places are used, by department row and in all.
    in_department: Vec<u64>,
    in_all: u64,
    /// The jobs of each department row.
    jobs_of: Vec<Vec<u32>>,
    /// The search that last reached a node, or [`DEAD`].
    job_seen: Vec<u32>,
    department_seen: Vec<u32>,
    /// The same for targets: whether their jobs have all been reached.
    target_seen: Vec<u32>,
    job_via: Vec<Via>,
    /// The job with a free place from which a search came to a department.
    department_via: Vec<u32>,
    search: u32,
    /// What the present search has reached: jobs, and departments numbered after them.
    reached: Vec<u32>,
    targets_reached: Vec<u32>,
}

impl<'a> Packing<'a> {
    /// Starts with nobody.
    pub(crate) fn new(stage: &'a Stage<'a>) -> Self {
        let (jobs, departments) = (stage.room.jobs.len(), stage.room.departments.len());
        let mut jobs_of = vec![Vec::new(); departments];
        for (job, &department) in (0_u32..).zip(&stage.room.department_of) {
            jobs_of[department as usize].push(job);
        }
        Self {
            stage,
            holders: vec![Vec::new(); jobs],
            held: vec![None; stage.entrants.len()],
            in_department: vec![0; departments],
            in_all: 0,
            jobs_of,
            job_seen: vec![0; jobs],
            department_seen: vec![0; departments],
            target_seen: vec![0; stage.acceptable.target_count()],
            job_via: vec![Via::Department; jobs],
            department_via: vec![0; departments],
            search: 0,
            reached: Vec::new(),
            targets_reached: Vec::new(),
        }
    }

    /// Adds an entrant, at one rank if one is given, provided that everybody before can stay, at the rank they are bound to.
    ///
    /// Returns whether that was possible. A refused entrant leaves no trace but dead jobs.
    pub(crate) fn add(&mut self, entrant: usize, rank: Option<u16>) -> bool {
        if self.in_all >= self.stage.room.stream {
            return false;
        }
        self.start_search();
        let room_in = self.expand_entrant(entrant as u32, |other| is_bound_to(rank, other)).or_else(|| self.expand_reached());
        match room_in {
            Some(department) => self.shift_along_path(department, entrant as u32, rank),
            None => self.bury(),
        }
        room_in.is_some()
    }

    /// Returns the best rank below a given one at which an entrant who has a place could have one, while everybody else keeps a place, at
    /// the rank that they are bound to. Whether or not there is one, everybody stays where they are.
    pub(crate) fn better_rank(&mut self, entrant: usize, rank: u16) -> Option<u16> {
        let (job, bound) = self.held[entrant].take()?;
        self.leave(entrant, job);
        // One search tells whether there is any such rank; it is asked for each only if so.
        let mut better = None;
        if self.finds_room(entrant, |other| other < rank) {
            let ranks = self.stage.choices(&self.stage.entrants[entrant]).map(|choice| choice.rank);
            better = ranks.take_while(|&other| other < rank).find(|&this| self.finds_room(entrant, |other| other == this));
        }
        self.seat(entrant, JobIx::new(job as usize), bound);
        better
    }

    /// Binds an entrant to the rank of their place.
    pub(crate) fn bind(&mut self, entrant: usize, rank: u16) {
        if let Some((_, bound)) = &mut self.held[entrant] {
            *bound = Some(rank);
        }
    }

    /// Returns whether room can be made for an entrant at one of some ranks.
    fn finds_room(&mut self, entrant: usize, ranks: impl Fn(u16) -> bool) -> bool {
        self.start_search();
        self.expand_entrant(entrant as u32, ranks).or_else(|| self.expand_reached()).is_some()
    }

    fn leave(&mut self, entrant: usize, job: u32) {
        self.holders[job as usize].retain(|&holder| holder as usize != entrant);
        self.in_department[self.stage.room.department_of[job as usize] as usize] -= 1;
        self.in_all -= 1;
    }

    fn start_search(&mut self) {
        self.search += 1;
        self.reached.clear();
        self.targets_reached.clear();
    }

    /// Expands jobs and departments in the order in which they were reached, until a department with room is.
    fn expand_reached(&mut self) -> Option<usize> {
        let mut next = 0;
        while let Some(&node) = self.reached.get(next) {
            next += 1;
            let found = match (node as usize).checked_sub(self.holders.len()) {
                None => self.expand_job(node as usize),
                Some(department) => self.expand_department(department),
            };
            if found.is_some() {
                return found;
            }
        }
        None
    }

    fn expand_entrant(&mut self, entrant: u32, ranks: impl Fn(u16) -> bool) -> Option<usize> {
        let stage = self.stage;
        for choice in stage.choices(&stage.entrants[entrant as usize]) {
            let seen = self.target_seen[choice.target as usize];
            if !ranks(choice.rank) || seen == self.search || seen == DEAD {
                continue;
            }
            self.target_seen[choice.target as usize] = self.search;
            self.targets_reached.push(choice.target);
            for job in stage.acceptable.jobs_of(choice.target).filter(|job| stage.funded[job.get()]) {
                let found = self.reach_job(job.get(), Via::Entrant(entrant));
                if found.is_some() {
                    return found;
                }
            }
        }
        None
    }

    fn expand_job(&mut self, job: usize) -> Option<usize> {
        (0..self.holders[job].len()).find_map(|row| {
            let holder = self.holders[job][row];
            let rank = self.held[holder as usize].and_then(|(_, rank)| rank);
            self.expand_entrant(holder, |other| is_bound_to(rank, other))
        })
    }

    fn expand_department(&mut self, department: usize) -> Option<usize> {
        (0..self.jobs_of[department].len()).find_map(|row| {
            let job = self.jobs_of[department][row] as usize;
            if self.holders[job].is_empty() { None } else { self.reach_job(job, Via::Department) }
        })
    }

    /// Reaches a job; returns its department if both have room.
    fn reach_job(&mut self, job: usize, via: Via) -> Option<usize> {
        if self.job_seen[job] == self.search || self.job_seen[job] == DEAD {
            return None;
        }
        self.job_seen[job] = self.search;
        self.job_via[job] = via;
        self.reached.push(job as u32);
        let room = &self.stage.room;
        let department = room.department_of[job] as usize;
        let seen = self.department_seen[department];
        if self.holders[job].len() as u64 >= room.jobs[job] || seen == self.search || seen == DEAD {
            return None;
        }
        self.department_seen[department] = self.search;
        self.department_via[department] = job as u32;
        self.reached.push((self.holders.len() + department) as u32);
        (self.in_department[department] < room.departments[department]).then_some(department)
    }

    /// Walks back from a department with room to the new entrant and moves everybody on the way.
    fn shift_along_path(&mut self, department: usize, entrant: u32, rank: Option<u16>) {
        self.in_all += 1;
        self.in_department[department] += 1;
        let mut job = self.department_via[department] as usize;
        loop {
            match self.job_via[job] {
                // The holder who left `job` made room in its department for the job from which the search came there.
                Via::Department => job = self.department_via[self.stage.room.department_of[job] as usize] as usize,
                Via::Entrant(mover) => {
                    self.holders[job].push(mover);
                    if mover == entrant {
                        self.held[mover as usize] = Some((job as u32, rank));
                        return;
                    }
                    let Some((held, _)) = self.held[mover as usize].as_mut() else { return };
                    let left = std::mem::replace(held, job as u32) as usize;
                    self.holders[left].retain(|&holder| holder != mover);
                    job = left;
                }
            }
        }
    }

    /// Marks everything that the present search reached as dead.
    fn bury(&mut self) {
        for &node in &self.reached {
            match (node as usize).checked_sub(self.holders.len()) {
                None => self.job_seen[node as usize] = DEAD,
                Some(department) => self.department_seen[department] = DEAD,
            }
        }
        for &target in &self.targets_reached {
            self.target_seen[target as usize] = DEAD;
        }
    }

    /// Adds an entrant at a job without moving anybody; returns whether there was room.
    pub(crate) fn seat(&mut self, entrant: usize, job: JobIx, rank: Option<u16>) -> bool {
        let room = &self.stage.room;
        let department = room.department_of[job.get()] as usize;
        let has_room = (self.holders[job.get()].len() as u64) < room.jobs[job.get()]
            && self.in_department[department] < room.departments[department]
            && self.in_all < room.stream;
        if has_room {
            self.holders[job.get()].push(entrant as u32);
            self.held[entrant] = Some((job.get() as u32, rank));
            self.in_department[department] += 1;
            self.in_all += 1;
        }
        has_room
    }
}
