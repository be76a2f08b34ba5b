//! Prices that prove a placement the cheapest, as potentials of its network (Bellman and Ford).

use std::collections::BTreeMap;

use feriematch_model::Season;

use crate::reference::{Reference, Rest};

/// Something for each limit: prices, or whether it has had one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Limits {
    pub(crate) jobs: BTreeMap<usize, i64>,
    pub(crate) departments: BTreeMap<usize, i64>,
    pub(crate) stream: i64,
    pub(crate) homes: BTreeMap<usize, i64>,
}

type ById = BTreeMap<String, i64>;

impl Limits {
    /// Marks what has a price.
    pub(crate) fn add(&mut self, prices: &Self) {
        self.jobs.extend(&prices.jobs);
        self.departments.extend(&prices.departments);
        self.homes.extend(&prices.homes);
        self.stream |= prices.stream;
    }

    /// Returns what a place costs an applicant beside its rank.
    pub(crate) fn of_place(&self, reference: &Reference<'_>, applicant: usize, job: usize) -> i64 {
        let of = |prices: &BTreeMap<usize, i64>, row: usize| prices.get(&row).copied().unwrap_or(0);
        let department = reference.department(job).map_or(0, |d| of(&self.departments, d));
        of(&self.jobs, job) + department + self.stream + of(&self.homes, reference.home(applicant))
    }

    /// Returns the prices as evidence states them.
    pub(crate) fn by_id(&self, season: &Season) -> (ById, ById, i64, ById) {
        let s = season.settings();
        let jobs = self.jobs.iter().map(|(&j, &price)| (season.jobs()[j].id.to_string(), price));
        let departments = self.departments.iter().map(|(&d, &price)| (s.departments[d].id.to_string(), price));
        let homes = self.homes.iter().map(|(&h, &price)| (s.districts[h].id.to_string(), price));
        (jobs.collect(), departments.collect(), self.stream, homes.collect())
    }
}

/// An arc of the network with what it carries: `least` to `most` may flow.
struct Arc {
    tail: usize,
    head: usize,
    cost: i64,
    flow: u32,
    least: u32,
    most: u32,
}

/// Returns prices at which a cheapest placement is seen to be one. Players are the only ones who take part; they stay out at the cost
/// that `out` says, if they may. What is marked has to stay as full as it is.
#[allow(clippy::too_many_arguments, reason = "a network has as many parts")]
pub(crate) fn prices(
    reference: &Reference<'_>,
    rest: &Rest,
    players: &[usize],
    options: &[Vec<usize>],
    places: &[(usize, usize)],
    cost: &dyn Fn(usize, usize) -> i64,
    out: Option<&dyn Fn(usize) -> Option<i64>>,
    marked: &Limits,
) -> Limits {
    let (homes, jobs, departments) = (rest.homes.len(), rest.jobs.len(), rest.departments.len());
    // The origin, which all flow returns to; the stream; homes, jobs, departments, players.
    let (origin, stream) = (0, 1);
    let (first_job, first_department) = (2 + homes, 2 + homes + jobs);
    let first_player = first_department + departments;
    let used = |is: &dyn Fn(usize, usize) -> bool| places.iter().filter(|&&(a, j)| is(a, j)).count() as u32;
    let mut arcs = Vec::new();
    let mut limit = |tail, head, flow: u32, most: Option<u32>, is_marked: bool| {
        let most = most.unwrap_or(u32::MAX);
        arcs.push(Arc { tail, head, cost: 0, flow, least: if is_marked { flow } else { 0 }, most });
    };
    limit(stream, origin, places.len() as u32, rest.stream, marked.stream != 0);
    for h in 0..homes {
        let cap = rest.homes[h].filter(|_| out.is_some());
        limit(origin, 2 + h, used(&|a, _| reference.home(a) == h), cap, marked.homes.contains_key(&h));
    }
    for j in 0..jobs {
        let above = reference.department(j).map_or(stream, |d| first_department + d);
        limit(first_job + j, above, used(&|_, job| job == j), Some(rest.jobs[j]), marked.jobs.contains_key(&j));
    }
    for d in 0..departments {
        let in_it = used(&|_, j| reference.department(j) == Some(d));
        limit(first_department + d, stream, in_it, rest.departments[d], marked.departments.contains_key(&d));
    }
    let limits = arcs.len();
    for (row, &a) in players.iter().enumerate() {
        let place = places.iter().find(|(b, _)| a == *b).map(|&(_, job)| job);
        let out = out.and_then(|out| out(a));
        let (tail, head) = (2 + reference.home(a), first_player + row);
        // Whoever may not stay out has to have a place.
        arcs.push(Arc {
            tail,
            head,
            cost: -out.unwrap_or(0),
            flow: u32::from(place.is_some()),
            least: u32::from(out.is_none()),
            most: 1,
        });
        for &j in &options[a] {
            let (tail, head) = (first_player + row, first_job + j);
            arcs.push(Arc { tail, head, cost: cost(a, j), flow: u32::from(place == Some(j)), least: 0, most: 1 });
        }
    }
    let potentials = potentials(first_player + players.len(), &arcs);
    let mut found = Limits::default();
    for (row, arc) in arcs[..limits].iter().enumerate() {
        let gain = potentials[arc.head] - potentials[arc.tail] - arc.cost;
        let price = if arc.least == arc.flow && arc.flow > 0 { gain } else { gain.max(0) };
        match row {
            _ if price == 0 => {}
            0 => found.stream = price,
            row if row <= homes => _ = found.homes.insert(row - 1, price),
            row if row <= homes + jobs => _ = found.jobs.insert(row - 1 - homes, price),
            row => _ = found.departments.insert(row - 1 - homes - jobs, price),
        }
    }
    found
}

/// Returns potentials such that no change of the flow along an arc is worth it.
fn potentials(nodes: usize, arcs: &[Arc]) -> Vec<i64> {
    let mut potentials = vec![0_i64; nodes];
    for _ in 0..=nodes {
        let mut changed = false;
        for arc in arcs {
            if arc.flow < arc.most && potentials[arc.head] > potentials[arc.tail] + arc.cost {
                potentials[arc.head] = potentials[arc.tail] + arc.cost;
                changed = true;
            }
            if arc.flow > arc.least && potentials[arc.tail] > potentials[arc.head] - arc.cost {
                potentials[arc.tail] = potentials[arc.head] - arc.cost;
                changed = true;
            }
        }
        if !changed {
            return potentials;
        }
    }
    panic!("the placement is not the cheapest");
}
